//! All tests of what the crate promises, one file for each capability; tests of private parts are beside their code.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr,
    missing_docs,
    reason = "a test that panics has done its work"
)]

mod asks;
mod bridge;
mod exhaustive;
mod laws;
mod lints;
mod reference;
mod shares;
mod strategies;

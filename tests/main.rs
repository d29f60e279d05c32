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

mod bridge;
mod changes;
mod dice;
mod exhaustive;
mod grant_policy;
mod laws;
mod laws_admin;
mod leak;
mod lints;
mod model;
mod projection;
mod reference;
mod refusals;
mod request_worlds;
mod requests;
mod shares;
mod strategies;

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

mod allocations;
mod asks;
mod bridge;
mod changes;
mod check;
mod conformance;
mod data;
mod dice;
mod drafts;
mod errors;
mod exhaustive;
mod explain;
mod format;
mod golden;
mod grant_policy;
mod hostile;
mod inputs;
mod json_page;
mod laws;
mod laws_admin;
mod leak;
mod lints;
mod model;
mod owned;
mod projection;
mod reference;
mod refusals;
mod request_worlds;
mod requests;
mod shares;
mod shown;
mod strategies;
mod structure;

/// The example that answers questions from a file; its own `main` is not needed here.
#[allow(
    dead_code,
    reason = "only what it does is tested, not how it is started"
)]
#[path = "../examples/check.rs"]
mod check_example;

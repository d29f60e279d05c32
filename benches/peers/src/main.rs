//! Other authorization engines on the reference workload: the same answers first, then side by side.
//!
//! - `cargo run --release -- table [--quick]` times every contestant, prints the table and, unless quick, writes it
//!   into the guide, as Markdown and as a plot.
//! - `cargo run --release -- agree [--decisions N] [--seed N]` compares decisions of Cedar and rolegate on random
//!   workspaces and fails if one differs.

mod agree;
mod allocation;
mod cells;
mod clock;
mod contestant;
mod contestants;
mod naive;
mod names;
mod runner;
mod table;
mod translate;
mod workload;

use std::process::ExitCode;
use std::time::UNIX_EPOCH;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["table"] => report(table::run(false)),
        ["table", "--quick"] => report(table::run(true)),
        ["agree", ref options @ ..] => match numbers(options) {
            Some((decisions, seed)) => agree::run(decisions, seed),
            None => usage(),
        },
        _ => usage(),
    }
}

/// The values of `--decisions` and `--seed`. Without a seed, the time gives one.
fn numbers(options: &[&str]) -> Option<(u64, u64)> {
    let mut decisions = 10_000_000;
    let mut seed = None;
    for option in options.chunks(2) {
        match *option {
            ["--decisions", number] => decisions = number.parse().ok()?,
            ["--seed", number] => seed = Some(number.parse().ok()?),
            _ => return None,
        }
    }
    let now = || UNIX_EPOCH.elapsed().map_or(0, |time| time.as_secs());
    Some((decisions, seed.unwrap_or_else(now)))
}

fn usage() -> ExitCode {
    eprintln!("usage: peers table [--quick] | peers agree [--decisions N] [--seed N]");
    ExitCode::from(2)
}

fn report(result: std::io::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

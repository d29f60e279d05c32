//! How do the figures of a run stand to each other? Criterion prints times; what counts are the ratios.

use std::path::PathBuf;

use serde_json::Value;

/// Prints the time of each bench of a group, and how it stands to the one that `base` names. `per` is how many answers one
/// iteration gives.
pub fn print(group: &str, base: &str, per: u32, benches: &[&str]) {
    let time = |bench: &str| median(group, bench).map(|time| time / f64::from(per));
    let Some(base_time) = time(base) else {
        return; // It was left out of this run, or nothing was measured.
    };
    println!("\n{group:<60} {:>12} {:>8}", "ns each", "ratio");
    for bench in benches {
        if let Some(time) = time(bench) {
            println!("{bench:<60} {time:>12.2} {:>7.2}×", time / base_time);
        }
    }
}

/// The median of one iteration in nanoseconds, from what criterion has kept of the bench.
pub fn median(group: &str, bench: &str) -> Option<f64> {
    let path = home()?.join(group).join(bench).join("new/estimates.json");
    let text = std::fs::read_to_string(path).ok()?;
    let estimates: Value = serde_json::from_str(&text).ok()?;
    estimates["median"]["point_estimate"].as_f64()
}

/// Where criterion keeps its measurements: beside the folder that the bench was built in.
fn home() -> Option<PathBuf> {
    if let Some(home) = std::env::var_os("CRITERION_HOME") {
        return Some(home.into());
    }
    let program = std::env::current_exe().ok()?;
    program
        .ancestors()
        .nth(3)
        .map(|target| target.join("criterion"))
}

//! The table as Markdown.

use std::fmt::{self, Write as _};

use super::{QUESTIONS, Row};
use crate::contestant::Label;
use crate::workload::Shape;

const MAPS: &str = "hand-written maps";

/// Renders the table, the comparison of the best, and what was measured where.
///
/// `left_out` says who could not run.
pub fn render(rows: &[Row], left_out: Option<&str>, rounds: u32) -> String {
    let mut out = String::new();
    write_table(&mut out, rows, left_out)
        .and_then(|()| write_best(&mut out, rows))
        .and_then(|()| write_caption(&mut out, rounds))
        .expect("writing to a string succeeds");
    out
}

fn write_table(out: &mut String, rows: &[Row], left_out: Option<&str>) -> fmt::Result {
    let rolegate = best(rows, "rolegate").map(|row| row.nanoseconds);
    // The last of them has the standard hasher.
    let maps = rows
        .iter()
        .rfind(|row| row.label.engine == MAPS)
        .map(|row| row.nanoseconds);
    writeln!(
        out,
        "| contestant | encoding | asked by | ns per check | × rolegate's best | × hand-written maps | \
         allocations per check | load | memory | agrees with the oracle |"
    )?;
    writeln!(out, "|---|---|---|--:|--:|--:|--:|--:|--:|---|")?;
    for row in rows {
        let ratio =
            |to: Option<f64>| to.map_or(String::from("–"), |to| figure(row.nanoseconds / to));
        writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {} | {} ms | {} | {} |",
            versioned(row.label.engine),
            row.label.encoding,
            row.label.asked,
            figure(row.nanoseconds),
            ratio(rolegate),
            ratio(maps),
            row.allocations.map_or(String::from("not counted"), figure),
            figure(row.cost.time.as_secs_f64() * 1e3),
            bytes(row.cost.bytes),
            agreement(row),
        )?;
    }
    match left_out {
        None => Ok(()),
        Some(reason) => writeln!(out, "| {reason} | | | | | | | | | |"),
    }
}

/// How many times as long as rolegate the fastest encoding of each other takes that gives no wrong answer.
fn write_best(out: &mut String, rows: &[Row]) -> fmt::Result {
    let ours: Vec<_> = rows
        .iter()
        .filter(|row| row.label.engine == "rolegate")
        .collect();
    let headings: Vec<_> = ours.iter().map(|row| row.label.encoding).collect();
    writeln!(out, "\n| the best of | × {} |", headings.join(" | × "))?;
    writeln!(out, "|---|{}", "--:|".repeat(ours.len()))?;
    let mut engines: Vec<_> = rows.iter().map(|row| row.label.engine).collect();
    engines.dedup();
    for theirs in engines
        .into_iter()
        .skip(1)
        .filter_map(|engine| best(rows, engine))
    {
        let ratios: Vec<_> = ours
            .iter()
            .map(|our| figure(theirs.nanoseconds / our.nanoseconds))
            .collect();
        let Label {
            engine, encoding, ..
        } = theirs.label;
        writeln!(out, "| {engine}: {encoding} | {} |", ratios.join(" | "))?;
    }
    Ok(())
}

fn write_caption(out: &mut String, rounds: u32) -> fmt::Result {
    let Shape {
        roles,
        objects,
        fields,
        members,
        ..
    } = Shape::SMALL;
    writeln!(
        out,
        "\nProcessor time, the median of {rounds} interleaved rounds on {}. The workload: {roles} roles, {objects} \
         objects of {fields} fields, {} members; {} random questions, half of them about a field, or as many of them \
         as a contestant answers in its turn. Load is from plain data to ready to answer; memory is what stays allocated.",
        processor(),
        grouped(members as f64),
        grouped(QUESTIONS as f64),
    )
}

/// The fastest encoding of an engine that gave no wrong answer.
fn best<'r>(rows: &'r [Row], engine: &str) -> Option<&'r Row> {
    let agreeing = rows
        .iter()
        .filter(|row| row.label.engine == engine && row.agreement.wrong == 0);
    agreeing.min_by(|a, b| a.nanoseconds.total_cmp(&b.nanoseconds))
}

/// The engine with its version, where a lock file knows it.
fn versioned(name: &str) -> String {
    let version = match name {
        "CASL" => between(
            include_str!("../../casl/package-lock.json"),
            "\"@casl/ability\": \"",
            "\"",
        ),
        _ => between(
            include_str!("../../Cargo.lock"),
            &format!("name = \"{name}\"\nversion = \""),
            "\"",
        ),
    };
    version.map_or_else(|| String::from(name), |version| format!("{name} {version}"))
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found)
}

fn processor() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    name.map_or_else(
        || String::from("an unknown processor"),
        |(_, name)| String::from(name.trim()),
    )
}

fn agreement(row: &Row) -> String {
    let compared = grouped(row.agreement.compared as f64);
    match row.agreement.wrong {
        0 => format!("yes, {compared} answers"),
        wrong => format!(
            "**no**, {} of {compared} answers are wrong",
            grouped(wrong as f64)
        ),
    }
}

/// A number with about three digits that matter.
fn figure(value: f64) -> String {
    match value {
        0.0 => String::from("0"),
        ..0.095 => format!("{value:.3}"),
        ..9.95 => format!("{value:.2}"),
        ..99.5 => format!("{value:.1}"),
        _ => grouped(value),
    }
}

fn bytes(value: i64) -> String {
    match value as f64 {
        value @ ..1e6 => format!("{} kB", figure(value / 1e3)),
        value => format!("{} MB", figure(value / 1e6)),
    }
}

/// A whole number with a comma between groups of three digits.
fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

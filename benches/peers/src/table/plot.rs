//! The table as a plot: one bar for each contestant on a logarithmic scale.

use std::error::Error;
use std::path::Path;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::Row;

const WIDTH: u32 = 1_000;
const BAR: u32 = 26;
const LABELS: u32 = 430;

/// Draws the bars, the fastest on top.
///
/// # Errors
///
/// Fails if the file cannot be written.
pub fn draw(rows: &[Row], file: &Path) -> Result<(), Box<dyn Error + Send + Sync>> {
    let mut rows: Vec<_> = rows.iter().collect();
    rows.sort_by(|a, b| b.nanoseconds.total_cmp(&a.nanoseconds));
    let height = BAR * u32::try_from(rows.len())? + 80;
    let end = rows.first().map_or(1.0, |row| row.nanoseconds) * 10.0;

    let area = SVGBackend::new(file, (WIDTH, height)).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .margin(12)
        .x_label_area_size(45)
        .y_label_area_size(LABELS)
        .build_cartesian_2d((0.5..end).log_scale(), 0.0..rows.len() as f64)?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .disable_y_axis()
        .light_line_style(TRANSPARENT)
        .x_desc("time of one check, logarithmic; pale: gave wrong answers")
        .x_label_formatter(&|nanoseconds| axis(*nanoseconds))
        .draw()?;

    let text = ("sans-serif", 13).into_font();
    for (i, row) in rows.iter().enumerate() {
        let (low, high) = (i as f64 + 0.18, i as f64 + 0.82);
        let bar = Rectangle::new([(0.5, low), (row.nanoseconds, high)], colour(row).filled());
        chart.draw_series([bar])?;
        let value = Text::new(
            value(row.nanoseconds),
            (row.nanoseconds * 1.15, i as f64 + 0.7),
            text.clone(),
        );
        chart.draw_series([value])?;
        let name = format!(
            "{}: {}",
            row.label.engine,
            row.label.encoding.replace('`', "")
        );
        let (_, y) = chart.backend_coord(&(1.0, i as f64 + 0.5));
        let right = text
            .clone()
            .into_text_style(&area)
            .pos(Pos::new(HPos::Right, VPos::Center));
        area.draw(&Text::new(name, (i32::try_from(LABELS)?, y), right))?;
    }
    area.present()?;
    Ok(())
}

/// rolegate stands out; who gives wrong answers is pale.
fn colour(row: &Row) -> RGBColor {
    match row.label.engine {
        _ if row.agreement.wrong > 0 => RGBColor(225, 190, 190),
        "rolegate" => RGBColor(25, 110, 70),
        "bit table" => RGBColor(150, 150, 150),
        _ => RGBColor(95, 140, 190),
    }
}

/// The text beside a bar.
fn value(nanoseconds: f64) -> String {
    match nanoseconds {
        ..10.0 => format!("{nanoseconds:.1} ns"),
        ..1e3 => format!("{nanoseconds:.0} ns"),
        ..1e6 => format!("{:.1} µs", nanoseconds / 1e3),
        _ => format!("{:.1} ms", nanoseconds / 1e6),
    }
}

/// The text below a power of ten.
fn axis(nanoseconds: f64) -> String {
    match nanoseconds {
        ..1e3 => format!("{nanoseconds} ns"),
        ..1e6 => format!("{} µs", nanoseconds / 1e3),
        _ => format!("{} ms", nanoseconds / 1e6),
    }
}

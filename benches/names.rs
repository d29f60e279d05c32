//! How long does it take to find a name? Our own table beside an ordered map with the fastest hasher.
//!
//! The names are the objects and fields of the reference workload. The table and the map are compiled from the sources of
//! the library, which keeps both to itself.
#![allow(
    clippy::expect_used,
    clippy::incompatible_msrv,
    clippy::indexing_slicing,
    clippy::print_stdout,
    dead_code,
    missing_docs,
    unreachable_pub,
    unused_imports,
    reason = "a bench prints, includes what it uses a part of, and one that panics has said what is wrong"
)]

extern crate alloc;

use std::collections::BTreeSet;
use std::hint::black_box;

use criterion::{Criterion, Throughput};
use support::name_table::NameTable;
use support::ordered_map::OrderedMap;
use workload::{Question, Shape};

#[path = "../src/support"]
mod support {
    pub(crate) mod limits;
    pub(crate) mod name_placement;
    pub(crate) mod name_table;
    pub(crate) mod ordered_map;
}
#[path = "peers/src/workload.rs"]
mod workload;

/// So many that the processor cannot learn the answers by heart.
const QUESTIONS: usize = 100_000;

fn main() {
    let mut criterion = Criterion::default().sample_size(30).configure_from_args();
    let workload = Shape::SMALL.generate(1);
    let questions = workload.questions(QUESTIONS, 2);

    let objects: Vec<&str> = (workload.objects.iter())
        .map(|object| object.name.as_str())
        .collect();
    let asked: Vec<&str> = (questions.iter())
        .map(|asked| asked.object_name.as_str())
        .collect();
    compare(&mut criterion, "objects", &objects, &asked);

    // As the schema does: all objects share one table of the names of their fields.
    let fields: BTreeSet<&str> = (workload.objects.iter())
        .flat_map(|object| object.fields.iter().map(String::as_str))
        .collect();
    let fields: Vec<&str> = fields.into_iter().collect();
    let asked: Vec<&str> = (questions.iter())
        .filter_map(|asked| asked.field_name.as_deref())
        .collect();
    compare(&mut criterion, "fields", &fields, &asked);
    criterion.final_summary();
}

/// Both ways to find the names that are asked, and as many that are unknown.
fn compare(criterion: &mut Criterion, what: &str, known: &[&str], asked: &[&str]) {
    let table = NameTable::new(known.iter().copied());
    let map: OrderedMap<Box<str>, ()> = known.iter().map(|name| (Box::from(*name), ())).collect();
    // As long as the known ones, and different in the last letter only.
    let unknown: Vec<String> = asked
        .iter()
        .map(|name| format!("{}~", name.get(..name.len() - 1).unwrap_or_default()))
        .collect();
    let unknown: Vec<&str> = unknown.iter().map(String::as_str).collect();
    for (kind, asked) in [("known", asked), ("unknown", &unknown)] {
        for name in asked {
            assert_eq!(table.find(name), map.index_of(*name), "{name}");
        }
        let mut group = criterion.benchmark_group(format!("{kind} {what}"));
        group.throughput(Throughput::Elements(asked.len() as u64));
        group.bench_function("table of our own", |bencher| {
            bencher.iter(|| {
                asked
                    .iter()
                    .filter_map(|name| table.find(black_box(name)))
                    .sum::<usize>()
            });
        });
        group.bench_function("ordered map, foldhash", |bencher| {
            bencher.iter(|| {
                let found = asked
                    .iter()
                    .filter_map(|name| map.index_of(black_box(*name)));
                found.sum::<usize>()
            });
        });
        group.finish();
    }
}

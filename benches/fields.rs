//! How long does it take to know all fields of an object at once, and why an answer is as it is?
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

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use rolegate::{Action, FieldSet};

use contestant::Contestant;
use reference::{QUESTION_SEED, Resolved, Shape, WORKSPACE_SEED};

#[path = "peers/src/contestants/bits.rs"]
mod bits;
#[path = "peers/src/cells.rs"]
mod cells;
#[path = "peers/src/contestant.rs"]
mod contestant;
#[path = "peers/src/naive.rs"]
mod naive;
#[path = "peers/src/names.rs"]
mod names;
mod ratios;
mod reference;
#[path = "peers/src/workload.rs"]
mod workload;

const QUESTIONS: u32 = 10_000;

const BIT: &str = "one bit of a table, by index";
const FIELDS: [&str; 5] = [
    BIT,
    "40 fields as a set, by handle",
    "40 fields as a set, by name",
    "40 fields as a set, chain of two, by handle",
    "the keys of the fields in the set",
];
const EXPLAIN: [&str; 3] = ["explain", "explain, as text", "explain a permission"];

fn main() {
    let mut criterion = Criterion::default().sample_size(30).configure_from_args();
    let workload = Shape::SMALL.generate(WORKSPACE_SEED);
    let questions = workload.questions(QUESTIONS as usize, QUESTION_SEED);
    let policy = reference::workspace(&workload).compile();
    let resolved = Resolved::new(&policy, &workload);

    let mut group = criterion.benchmark_group("fields");
    group.throughput(Throughput::Elements(QUESTIONS.into()));
    let [bit, set, set_by_name, set_of_chain, keys] = FIELDS;
    let mut table = bits::ByIndex::load(&workload);
    let indices: Vec<_> = questions
        .iter()
        .map(|asked| table.prepare(&workload, asked))
        .collect();
    group.bench_function(bit, |bencher| {
        bencher.iter(|| {
            indices
                .iter()
                .filter(|asked| table.ask(black_box(asked)))
                .count()
        });
    });
    let handles: Vec<_> = questions
        .iter()
        .map(|asked| resolved.handles(asked))
        .collect();
    let all = |set: FieldSet<'_>| set.words().fold(0, |all, word| all ^ word);
    group.bench_function(set, |bencher| {
        bencher.iter(|| {
            handles.iter().fold(0, |sum, (access, _, field)| {
                sum ^ all(access.fields(Action::See, black_box(field).object()))
            })
        });
    });
    let named: Vec<_> = questions
        .iter()
        .map(|asked| resolved.named(asked))
        .collect();
    group.bench_function(set_by_name, |bencher| {
        bencher.iter(|| {
            named.iter().fold(0, |sum, (access, _, object, _)| {
                sum ^ all(access.fields(Action::See, black_box(object)))
            })
        });
    });
    let chains = resolved.chains();
    group.bench_function(set_of_chain, |bencher| {
        bencher.iter(|| {
            handles
                .iter()
                .zip(&questions)
                .fold(0, |sum, ((_, _, field), asked)| {
                    let access = &chains[asked.member];
                    sum ^ all(access.fields(Action::See, black_box(field).object()))
                })
        });
    });
    group.bench_function(keys, |bencher| {
        bencher.iter(|| {
            handles.iter().fold(0, |sum, (access, _, field)| {
                let fields = access.fields(Action::See, black_box(field).object());
                sum + fields.iter().map(str::len).sum::<usize>()
            })
        });
    });
    group.finish();

    let mut group = criterion.benchmark_group("explain");
    group.throughput(Throughput::Elements(QUESTIONS.into()));
    let [explain, text, permission] = EXPLAIN;
    group.bench_function(explain, |bencher| {
        bencher.iter(|| {
            for (access, action, object, field) in &named {
                black_box(access.explain(*action, object, field.as_deref()));
            }
        });
    });
    group.bench_function(text, |bencher| {
        bencher.iter(|| {
            for (access, action, object, field) in &named {
                black_box(
                    access
                        .explain(*action, object, field.as_deref())
                        .to_string(),
                );
            }
        });
    });
    group.bench_function(permission, |bencher| {
        bencher.iter(|| {
            for (access, ..) in &named {
                black_box(access.explain_use(black_box("trigger_workflows")));
            }
        });
    });
    group.finish();

    criterion.final_summary();
    ratios::print("fields", BIT, QUESTIONS, &FIELDS);
    ratios::print("explain", EXPLAIN[0], QUESTIONS, &EXPLAIN);
}

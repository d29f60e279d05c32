//! What does it take to have a policy, and how does a check fare when the workspace grows?
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "a bench prints, includes what it uses a part of, and one that panics has said what is wrong"
)]

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use rolegate::{Document, Workspace};

use reference::{QUESTION_SEED, Resolved, Shape, WORKSPACE_SEED};

mod ratios;
mod reference;
#[path = "peers/src/workload.rs"]
mod workload;

const CRM: &str = include_str!("../examples/data/crm.json");
const QUESTIONS: u32 = 100_000;

const COMPILE: [&str; 3] = [
    "small: 20 roles, 50 objects of 40 fields",
    "large: 1000 roles, 500 objects of 100 fields",
    "read and check the document of the examples",
];

fn main() {
    let mut criterion = Criterion::default().sample_size(10).configure_from_args();
    compile(&mut criterion);
    let growth: Vec<(String, Shape)> = [("small".to_owned(), Shape::SMALL)]
        .into_iter()
        .chain(Shape::growth().map(|shape| (format!("{} roles", shape.roles), shape)))
        .chain([("large".to_owned(), Shape::LARGE)])
        .collect();
    for (name, shape) in &growth {
        grow(&mut criterion, name, *shape);
    }
    criterion.final_summary();
    ratios::print("compile", COMPILE[0], 1, &COMPILE);
    let names: Vec<&str> = growth.iter().map(|(name, _)| name.as_str()).collect();
    for group in ["check by handle", "check by name, principal included"] {
        ratios::print(group, "small", QUESTIONS, &names);
    }
}

fn compile(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("compile");
    let [small, large, read] = COMPILE;
    for (name, shape) in [(small, Shape::SMALL), (large, Shape::LARGE)] {
        let workspace = reference::workspace(&shape.generate(WORKSPACE_SEED));
        let memory = allocation_counter::measure(|| {
            black_box(std::mem::ManuallyDrop::new(workspace.compile()));
        });
        println!(
            "compile/{name}: the policy takes {} kB beside its workspace",
            memory.bytes_current / 1_000
        );
        group.bench_function(name, |bencher| bencher.iter(|| workspace.compile()));
    }
    group.bench_function(read, |bencher| {
        bencher.iter(|| {
            let document: Document = serde_json::from_str(CRM).expect("it is JSON");
            Workspace::try_from(document).expect("it is valid")
        });
    });
    group.finish();
}

/// Benches checks on a workspace of that shape.
fn grow(criterion: &mut Criterion, name: &str, shape: Shape) {
    let workload = shape.generate(WORKSPACE_SEED);
    let questions = workload.questions(QUESTIONS as usize, QUESTION_SEED);
    let policy = reference::workspace(&workload).compile();
    let resolved = Resolved::new(&policy, &workload);
    let handles: Vec<_> = questions
        .iter()
        .map(|asked| resolved.handles(asked))
        .collect();
    let named: Vec<_> = questions
        .iter()
        .map(|asked| resolved.named(asked))
        .collect();

    let mut group = criterion.benchmark_group("check by handle");
    group.throughput(Throughput::Elements(QUESTIONS.into()));
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            let yes = handles.iter().filter(|asked| {
                let (access, action, field) = black_box(asked);
                access.can(*action, field.object(), *field)
            });
            yes.count()
        });
    });
    group.finish();

    let mut group = criterion.benchmark_group("check by name, principal included");
    group.throughput(Throughput::Elements(QUESTIONS.into()));
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            let yes = questions.iter().zip(&named).filter(|(asked, named)| {
                let (_, action, object, field) = black_box(named);
                let principal = &resolved.principals[asked.member];
                policy.can(principal, *action, object, field.as_deref())
            });
            yes.count()
        });
    });
    group.finish();
}

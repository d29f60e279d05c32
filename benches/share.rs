//! What does a decision cost when threads share a policy, by how each of them comes to it?
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
use std::sync::{Arc, Barrier, Mutex, RwLock};
use std::time::{Duration, Instant};

use criterion::{BenchmarkGroup, Criterion, measurement::WallTime};
use rolegate::{Action, FieldId, Policy, Principal};

use reference::{Resolved, Shape, WORKSPACE_SEED};

mod ratios;
mod reference;
#[path = "peers/src/workload.rs"]
mod workload;

/// The machines of the published figures have two processors.
const THREADS: usize = 2;

const WAYS: [&str; 5] = [
    "an access held for the request",
    "a policy held for the request",
    "an `Arc` cloned for each decision",
    "a lock for reading taken for each decision",
    "a mutex taken for each decision",
];

fn main() {
    let mut criterion = Criterion::default().sample_size(20).configure_from_args();
    let workload = Shape::SMALL.generate(WORKSPACE_SEED);
    let policy = Arc::new(reference::workspace(&workload).compile());
    let resolved = Resolved::new(&policy, &workload);
    let field = resolved.fields[3][4];
    let principal = &resolved.principals[5];
    let ask = |policy: &Policy| can(policy, principal, field);

    let mut group = criterion.benchmark_group("share");
    let [access, held, cloned, read, locked] = WAYS;
    let (lock, mutex) = (
        RwLock::new(Arc::clone(&policy)),
        Mutex::new(Arc::clone(&policy)),
    );
    bench(&mut group, access, |decisions| {
        let access = policy.access(principal);
        (0..decisions)
            .filter(|_| access.can(Action::Edit, black_box(field).object(), field))
            .count()
    });
    bench(&mut group, held, |decisions| {
        let policy = Arc::clone(&policy);
        (0..decisions).filter(|_| ask(&policy)).count()
    });
    bench(&mut group, cloned, |decisions| {
        (0..decisions).filter(|_| ask(&Arc::clone(&policy))).count()
    });
    bench(&mut group, read, |decisions| {
        let ask = || ask(&lock.read().expect("nobody panicked"));
        (0..decisions).filter(|_| ask()).count()
    });
    bench(&mut group, locked, |decisions| {
        let ask = || ask(&mutex.lock().expect("nobody panicked"));
        (0..decisions).filter(|_| ask()).count()
    });
    group.finish();
    criterion.final_summary();
    ratios::print("share", held, 1, &WAYS);
}

fn can(policy: &Policy, principal: &Principal, field: FieldId) -> bool {
    policy.can(black_box(principal), Action::Edit, field.object(), field)
}

/// Benches so many decisions in each thread at the same time.
fn bench(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    decide: impl Fn(u64) -> usize + Sync,
) {
    group.bench_function(name, |bencher| {
        bencher.iter_custom(|decisions| {
            let start = Barrier::new(THREADS);
            let work = || {
                start.wait();
                let started = Instant::now();
                black_box(decide(decisions));
                started.elapsed()
            };
            std::thread::scope(|scope| {
                let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
                let times = threads
                    .into_iter()
                    .map(|thread| thread.join().expect("it ends"));
                times.max().unwrap_or(Duration::ZERO)
            })
        });
    });
}

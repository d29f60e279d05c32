//! How long does one check take? On the reference workload, beside a bare table of bits and maps written by hand.
//!
//! Once with as many questions under way as the processor likes, and once with each question waiting for the answer before.
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

use std::hash::RandomState;
use std::hint::black_box;
use std::sync::Arc;

use criterion::{BenchmarkGroup, Criterion, Throughput, measurement::WallTime};
use rolegate::{Access, Action, FieldId, OwnedAccess, Principal};

use contestant::Contestant;
use reference::{QUESTION_SEED, Question, Resolved, Shape, WORKSPACE_SEED, Workload};

#[path = "peers/src/contestants/bits.rs"]
mod bits;
#[path = "peers/src/cells.rs"]
mod cells;
#[path = "peers/src/contestant.rs"]
mod contestant;
#[path = "peers/src/contestants/maps.rs"]
mod maps;
#[path = "peers/src/naive.rs"]
mod naive;
#[path = "peers/src/names.rs"]
mod names;
mod ratios;
mod reference;
#[path = "peers/src/workload.rs"]
mod workload;

/// So many that the processor cannot learn the answers by heart.
const QUESTIONS: u32 = 100_000;

const BITS: &str = "bit table, by index";
const MAPS: &str = "maps written by hand, std hasher";

const THROUGHPUT: [&str; 14] = [
    BITS,
    "access, by handle, one request after the other",
    "access, by handle, a thousand requests at once",
    "owned access, by handle, one request after the other",
    "owned access, by handle, a thousand requests at once",
    "access, by name",
    "access, unknown object",
    "access, unknown field",
    "policy, by name",
    "policy, unknown principal",
    "chain of two, by handle, one request after the other",
    "bit table behind three map look-ups, foldhash",
    "maps written by hand, foldhash",
    MAPS,
];

const LATENCY: [&str; 4] = [
    BITS,
    "access, by handle",
    "access, by name",
    "policy, by name",
];

/// What a host resolves beforehand, for each question.
type Handles<'a> = (&'a Access<'a>, Action, FieldId);

fn main() {
    let mut criterion = Criterion::default().sample_size(30).configure_from_args();
    let workload = Shape::SMALL.generate(WORKSPACE_SEED);
    let questions = workload.questions(QUESTIONS as usize, QUESTION_SEED);
    throughput(&mut criterion, &workload, &questions);
    latency(&mut criterion, &workload, &questions);
    criterion.final_summary();
    ratios::print("throughput", BITS, QUESTIONS, &THROUGHPUT);
    ratios::print("throughput", MAPS, QUESTIONS, &THROUGHPUT);
    ratios::print("latency", BITS, QUESTIONS, &LATENCY);
}

/// All questions, one after the other, as fast as they go.
#[allow(clippy::too_many_lines, reason = "a list of what is compared")]
fn throughput(criterion: &mut Criterion, workload: &Workload, questions: &[Question]) {
    let mut group = criterion.benchmark_group("throughput");
    group.throughput(Throughput::Elements(QUESTIONS.into()));
    let [
        bits,
        request,
        requests,
        owned_request,
        owned_requests,
        by_name,
        unknown_object,
        unknown_field,
        policy_by_name,
        unknown_principal,
        chain,
        map_bits,
        fold_maps,
        maps,
    ] = THROUGHPUT;
    contestant::<bits::ByIndex>(&mut group, bits, workload, questions);

    let policy = reference::workspace(workload).compile();
    let resolved = Resolved::new(&policy, workload);
    let handles: Vec<Handles<'_>> = questions
        .iter()
        .map(|asked| resolved.handles(asked))
        .collect();
    ask(&mut group, requests, &handles, |(access, action, field)| {
        access.can(*action, field.object(), *field)
    });
    serve(
        &mut group,
        request,
        &resolved.accesses,
        &resolved,
        questions,
    );
    serve(&mut group, chain, &resolved.chains(), &resolved, questions);

    let shared = Arc::new(policy.clone());
    let owned: Vec<OwnedAccess> = resolved
        .principals
        .iter()
        .map(|principal| shared.owned_access(principal))
        .collect();
    let owned_handles: Vec<Handles<'_>> = questions
        .iter()
        .map(|asked| {
            let (_, action, field) = resolved.handles(asked);
            (&owned[asked.member], action, field)
        })
        .collect();
    ask(
        &mut group,
        owned_requests,
        &owned_handles,
        |(access, action, field)| access.can(*action, field.object(), *field),
    );
    serve(&mut group, owned_request, &owned, &resolved, questions);

    let named: Vec<_> = questions
        .iter()
        .map(|asked| resolved.named(asked))
        .collect();
    ask(
        &mut group,
        by_name,
        &named,
        |(access, action, object, field)| access.can(*action, object, field.as_deref()),
    );
    ask(
        &mut group,
        unknown_object,
        &named,
        |(access, action, object, field)| {
            access.can(*action, object.get(1..).unwrap_or(""), field.as_deref())
        },
    );
    ask(
        &mut group,
        unknown_field,
        &named,
        |(access, action, object, _)| access.can(*action, object, "created_by"),
    );

    let spelled: Vec<_> = questions
        .iter()
        .zip(named)
        .map(|(asked, (_, action, object, field))| {
            let principal = Principal::member(asked.member_name.as_str());
            (principal, action, object, field)
        })
        .collect();
    ask(
        &mut group,
        policy_by_name,
        &spelled,
        |(principal, action, object, field)| {
            policy.can(principal, *action, object, field.as_deref())
        },
    );
    let stranger = Principal::member("nobody_here");
    ask(
        &mut group,
        unknown_principal,
        &spelled,
        |(_, action, object, field)| policy.can(&stranger, *action, object, field.as_deref()),
    );

    contestant::<bits::ByName>(&mut group, map_bits, workload, questions);
    contestant::<maps::Maps<foldhash::fast::RandomState>>(
        &mut group, fold_maps, workload, questions,
    );
    contestant::<maps::Maps<RandomState>>(&mut group, maps, workload, questions);
    group.finish();
}

/// Benches a contestant of the other package, which has to be right first.
fn contestant<C: Contestant>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    workload: &Workload,
    questions: &[Question],
) {
    let mut contestant = C::load(workload);
    let prepared: Vec<_> = questions
        .iter()
        .map(|question| contestant.prepare(workload, question))
        .collect();
    for (question, prepared) in questions.iter().zip(&prepared) {
        assert_eq!(
            contestant.ask(prepared),
            naive::answer(workload, question),
            "{question}"
        );
    }
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            prepared
                .iter()
                .filter(|question| contestant.ask(black_box(question)))
                .count()
        });
    });
}

/// Benches asking all questions once, counting the yeses so that no answer is optimised away.
fn ask<Q>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    questions: &[Q],
    can: impl Fn(&Q) -> bool,
) {
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            questions
                .iter()
                .filter(|question| can(black_box(question)))
                .count()
        });
    });
}

/// Benches asking all questions as requests do: each has one access, and about a hundred questions.
fn serve(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    accesses: &[Access<'_>],
    resolved: &Resolved<'_>,
    questions: &[Question],
) {
    let mut requests: Vec<(&Access<'_>, Vec<(Action, FieldId)>)> =
        accesses.iter().map(|access| (access, Vec::new())).collect();
    for asked in questions {
        let (_, action, field) = resolved.handles(asked);
        requests[asked.member].1.push((action, field));
    }
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            let served = requests.iter().map(|(access, questions)| {
                let yes = questions.iter().filter(|question| {
                    let (action, field) = black_box(question);
                    access.can(*action, field.object(), *field)
                });
                yes.count()
            });
            served.sum::<usize>()
        });
    });
}

/// The same questions, but which one is next depends on the answer.
fn latency(criterion: &mut Criterion, workload: &Workload, questions: &[Question]) {
    let mut group = criterion.benchmark_group("latency");
    group.throughput(Throughput::Elements(QUESTIONS.into()));
    let [bits, by_handle, by_name, policy_by_name] = LATENCY;

    let mut table = bits::ByIndex::load(workload);
    let indices: Vec<_> = questions
        .iter()
        .map(|asked| table.prepare(workload, asked))
        .collect();
    wait(&mut group, bits, |question| table.ask(&indices[question]));

    let policy = reference::workspace(workload).compile();
    let resolved = Resolved::new(&policy, workload);
    let handles: Vec<Handles<'_>> = questions
        .iter()
        .map(|asked| resolved.handles(asked))
        .collect();
    wait(&mut group, by_handle, |question| {
        let (access, action, field) = handles[question];
        access.can(action, field.object(), field)
    });
    let named: Vec<_> = questions
        .iter()
        .map(|asked| resolved.named(asked))
        .collect();
    wait(&mut group, by_name, |question| {
        let (access, action, object, field) = &named[question];
        access.can(*action, object, field.as_deref())
    });
    wait(&mut group, policy_by_name, |question| {
        let (_, action, object, field) = &named[question];
        let principal = &resolved.principals[questions[question].member];
        policy.can(principal, *action, object, field.as_deref())
    });
    group.finish();
}

/// Benches as many answers as there are questions, each of which must be known to know the next question.
fn wait(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, mut can: impl FnMut(usize) -> bool) {
    group.bench_function(name, |bencher| {
        let questions = QUESTIONS as usize;
        bencher.iter(|| {
            let step = |question: usize, _| {
                let next = question + 1 + usize::from(can(question));
                if next < questions { next } else { 0 }
            };
            (0..questions).fold(0, step)
        });
    });
}

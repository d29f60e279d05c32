//! How long one answer takes, on the realistic workspace of the examples.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a bench that panics has done its work"
)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use rolegate::{Action, Document, Principal, Workspace};

const CRM: &str = include_str!("../examples/data/crm.json");

fn crm() -> Workspace {
    let document: Document = serde_json::from_str(CRM).unwrap();
    Workspace::try_from(document).unwrap()
}

/// From a principal and names to an answer: what a host asks that keeps nothing.
fn policy(criterion: &mut Criterion) {
    let policy = crm().compile();
    let lena = Principal::member("lena");
    let nobody = Principal::member("nobody");
    let amount = policy.field("opportunities", "amount").unwrap();
    let mut group = criterion.benchmark_group("policy");
    group.bench_function("can, record by name", |bencher| {
        bencher.iter(|| {
            policy.can(
                black_box(&lena),
                Action::Edit,
                black_box("opportunities"),
                None,
            )
        });
    });
    group.bench_function("can, field by name", |bencher| {
        bencher.iter(|| {
            let (object, field) = black_box(("opportunities", "amount"));
            policy.can(black_box(&lena), Action::Edit, object, field)
        });
    });
    group.bench_function("can, field by handle", |bencher| {
        bencher.iter(|| {
            let field = black_box(amount);
            policy.can(black_box(&lena), Action::Edit, field.object(), field)
        });
    });
    group.bench_function("can, unknown principal", |bencher| {
        bencher.iter(|| {
            let (object, field) = black_box(("opportunities", "amount"));
            policy.can(black_box(&nobody), Action::Edit, object, field)
        });
    });
    group.bench_function("access", |bencher| {
        bencher.iter(|| policy.access(black_box(&lena)));
    });
    group.finish();
}

/// From names or handles to an answer: what a request handler asks, which knows its principal.
fn access(criterion: &mut Criterion) {
    let policy = crm().compile();
    let lena = policy.access(&Principal::member("lena"));
    let helpdesk = policy.access(&Principal::agent("helpdesk"));
    let chain = helpdesk.on_behalf_of(&Principal::member("lena"));
    let amount = policy.field("opportunities", "amount").unwrap();
    let mut group = criterion.benchmark_group("access");
    group.bench_function("can, record by name", |bencher| {
        bencher.iter(|| lena.can(Action::Edit, black_box("opportunities"), None));
    });
    group.bench_function("can, field by name", |bencher| {
        bencher.iter(|| {
            let (object, field) = black_box(("opportunities", "amount"));
            lena.can(Action::Edit, object, field)
        });
    });
    group.bench_function("can, unknown field", |bencher| {
        bencher.iter(|| {
            let (object, field) = black_box(("opportunities", "amonut"));
            lena.can(Action::Edit, object, field)
        });
    });
    group.bench_function("can, record by handle", |bencher| {
        bencher.iter(|| lena.can(Action::Edit, black_box(amount.object()), None));
    });
    group.bench_function("can, field by handle", |bencher| {
        bencher.iter(|| {
            let field = black_box(amount);
            lena.can(Action::Edit, field.object(), field)
        });
    });
    group.bench_function("can, field by handle, chain of two", |bencher| {
        bencher.iter(|| {
            let field = black_box(amount);
            chain.can(Action::Edit, field.object(), field)
        });
    });
    group.bench_function("can_use", |bencher| {
        bencher.iter(|| lena.can_use(black_box("trigger_workflows")));
    });
    group.finish();
}

/// All fields of an object at once: which columns a query selects.
fn fields(criterion: &mut Criterion) {
    let policy = crm().compile();
    let lena = policy.access(&Principal::member("lena"));
    let people = policy.object("people").unwrap();
    let mut group = criterion.benchmark_group("fields");
    group.bench_function("words, by handle", |bencher| {
        bencher.iter(|| {
            let fields = lena.fields(Action::See, black_box(people));
            fields.words().fold(0, |all, word| all ^ word)
        });
    });
    group.bench_function("names, by name", |bencher| {
        bencher.iter(|| {
            let fields = lena.fields(Action::See, black_box("people"));
            fields.iter().map(str::len).sum::<usize>()
        });
    });
    group.finish();
}

/// The cold path: why.
fn explain(criterion: &mut Criterion) {
    let policy = crm().compile();
    let lena = policy.access(&Principal::member("lena"));
    let mut group = criterion.benchmark_group("explain");
    group.bench_function("explain", |bencher| {
        bencher.iter(|| lena.explain(Action::Edit, black_box("opportunities"), "margin"));
    });
    group.bench_function("explain and render", |bencher| {
        bencher.iter(|| {
            let explanation = lena.explain(Action::Edit, black_box("opportunities"), "margin");
            explanation.to_string()
        });
    });
    group.bench_function("explain_use", |bencher| {
        bencher.iter(|| lena.explain_use(black_box("trigger_workflows")));
    });
    group.finish();
}

/// What comes before the first answer.
fn load(criterion: &mut Criterion) {
    let workspace = crm();
    let mut group = criterion.benchmark_group("load");
    group.bench_function("read and check", |bencher| bencher.iter(crm));
    group.bench_function("compile", |bencher| bencher.iter(|| workspace.compile()));
    group.finish();
}

criterion_group!(benches, policy, access, fields, explain, load);
criterion_main!(benches);

//! What it costs to make one change and publish the result: one role edit, and one reassignment, by size of the workspace.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a benchmark that panics has said what is wrong"
)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use rolegate::{Action, Cell, Change, Effect, ObjectRule, Principal, Role, Schema, Workspace};

/// A workspace with that many roles, over 50 objects of 40 fields, and that many members.
fn workspace(roles: usize, members: usize) -> Workspace {
    let mut schema = Schema::builder();
    for object in 0..50 {
        let fields = (0..40).map(|field| format!("field_{field}"));
        schema = schema.object(format!("object_{object}"), fields);
    }
    let mut builder = Workspace::builder(schema.build().expect("the schema is valid"))
        .role(Role::admin("Admin"))
        .default_role("role 1")
        .member("admin", "Admin");
    for role in 1..roles {
        let mut new = Role::new(format!("role {role}")).allow(Action::See);
        for object in (role % 3..50).step_by(3) {
            let rule = ObjectRule::new().allow(Action::Edit);
            new = new.rule(format!("object_{object}"), rule);
        }
        builder = builder.role(new);
    }
    for member in 0..members {
        let role = format!("role {}", 1 + member % (roles - 1));
        builder = builder.member(format!("member_{member}"), role);
    }
    builder.build().expect("the workspace is valid")
}

fn publish(criterion: &mut Criterion) {
    for (name, changes) in [
        (
            "edit one role and publish",
            [Effect::Allow, Effect::Deny].map(|effect| {
                Change::set_effect("role 2", Cell::object("object_7", Action::Edit), effect)
            }),
        ),
        (
            "reassign one member and publish",
            ["role 3", "role 2"]
                .map(|role| Change::assign_role(Principal::member("member_2"), role)),
        ),
    ] {
        let mut group = criterion.benchmark_group(name);
        for roles in [10, 100, 1_000] {
            for members in [100, 10_000, 100_000] {
                let mut workspace = workspace(roles, members);
                let mut policy = workspace.compile();
                let mut turn = 0;
                let id = BenchmarkId::from_parameter(format!("{roles} roles, {members} members"));
                group.bench_function(id, |bencher| {
                    bencher.iter(|| {
                        let change = changes[turn % 2].clone();
                        turn += 1;
                        // The very first change may be a repetition; every other one changes something.
                        let _ = black_box(workspace.apply(change));
                        policy = workspace.recompile(&policy);
                        black_box(&policy);
                    });
                });
            }
        }
        group.finish();
    }
}

criterion_group!(benches, publish);
criterion_main!(benches);

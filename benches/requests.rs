//! What do whole requests and projections cost?
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "a bench that panics has failed"
)]

use core::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use rolegate::request::{Read, Write};
use rolegate::{Action, Field, FieldRule, ObjectRule, Policy, Principal, Role, Schema, Workspace};
use serde::Serialize;

#[derive(Serialize)]
struct Person {
    id: u64,
    name: String,
    email: String,
    phone: String,
    address: String,
    city: String,
    job_title: String,
    score: f64,
    created_at: String,
    company: Company,
}

#[derive(Serialize)]
struct Company {
    id: u64,
    name: String,
    revenue: u64,
}

fn people() -> Vec<Person> {
    let person = |id: u64| Person {
        id,
        name: format!("Person {id}"),
        email: format!("person{id}@example.com"),
        phone: "+49 30 1234567".to_owned(),
        address: "1 Main Street".to_owned(),
        city: "Berlin".to_owned(),
        job_title: "Engineer".to_owned(),
        score: 0.5,
        created_at: "2026-01-01T00:00:00Z".to_owned(),
        company: Company {
            id,
            name: format!("Company {id}"),
            revenue: 1_000 * id,
        },
    };
    (0..100).map(person).collect()
}

/// Forty columns and more; an editor for whom nothing is hidden, and an intern for whom some is.
fn policy() -> Policy {
    let columns = [
        "id",
        "name",
        "email",
        "phone",
        "address",
        "city",
        "job_title",
        "score",
        "created_at",
    ];
    let more = (0..40).map(|number| format!("field_{number}"));
    let schema = Schema::builder()
        .object("people", columns)
        .field("people", Field::new("company").with_relation("companies"))
        .object("companies", ["id", "name", "revenue"]);
    let schema = more.fold(schema, |schema, field| schema.field("people", field));
    Workspace::builder(schema.build().unwrap())
        .role(Role::admin("Admin"))
        .role(Role::new("Editor").allow(Action::See).allow(Action::Edit))
        .role(
            Role::new("Intern").allow(Action::See).rule(
                "people",
                ObjectRule::new()
                    .field("email", FieldRule::NO_ACCESS)
                    .field("address", FieldRule::NO_ACCESS),
            ),
        )
        .default_role("Intern")
        .member("ada", "Admin")
        .member("eda", "Editor")
        .member("tim", "Intern")
        .build()
        .unwrap()
        .compile()
}

fn requests(criterion: &mut Criterion) {
    let policy = policy();
    let eda = policy.access(&Principal::member("eda"));
    let names: Vec<String> = (0..40).map(|number| format!("field_{number}")).collect();
    let read = Read::new("people").select(&names);
    let write = Write::update("people").fields(&names);
    criterion.bench_function("check_read, 40 fields", |bench| {
        bench.iter(|| black_box(&eda).check_read(black_box(&read)).is_allowed());
    });
    criterion.bench_function("forty single checks", |bench| {
        bench.iter(|| {
            let names = black_box(&names).iter();
            names
                .filter(|name| black_box(&eda).can(Action::See, "people", *name))
                .count()
        });
    });
    criterion.bench_function("describe a read of 40 fields", |bench| {
        bench.iter(|| Read::new("people").select(black_box(&names)));
    });
    criterion.bench_function("check_write, 40 fields", |bench| {
        bench.iter(|| black_box(&eda).check_write(black_box(&write)).is_allowed());
    });
    let path = Read::new("people").filter(["company.name"]);
    criterion.bench_function("check_read, 1 path", |bench| {
        bench.iter(|| black_box(&eda).check_read(black_box(&path)).is_allowed());
    });
}

fn projection(criterion: &mut Criterion) {
    let policy = policy();
    let people = people();
    let mut buffer = Vec::new();
    let mut group = criterion.benchmark_group("100 people to JSON");
    group.bench_function("plain", |bench| {
        bench.iter(|| {
            buffer.clear();
            serde_json::to_writer(&mut buffer, black_box(&people)).unwrap();
            buffer.len()
        });
    });
    for (what, id) in [
        ("visible, all of it", "eda"),
        ("visible, some of it", "tim"),
    ] {
        let access = policy.access(&Principal::member(id));
        group.bench_function(what, |bench| {
            bench.iter(|| {
                buffer.clear();
                let visible = access.visible("people", black_box(&people));
                serde_json::to_writer(&mut buffer, &visible).unwrap();
                buffer.len()
            });
        });
    }
    group.bench_function("serialized whole, then pruned", |bench| {
        let access = policy.access(&Principal::member("tim"));
        bench.iter(|| {
            buffer.clear();
            let mut all = serde_json::to_value(black_box(&people)).unwrap();
            for person in all.as_array_mut().into_iter().flatten() {
                if let Some(person) = person.as_object_mut() {
                    person.retain(|key, _| access.can(Action::See, "people", key));
                }
            }
            serde_json::to_writer(&mut buffer, &all).unwrap();
            buffer.len()
        });
    });
    group.finish();
}

criterion_group!(benches, requests, projection);
criterion_main!(benches);

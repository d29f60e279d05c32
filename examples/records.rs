//! The same query and the same patch under three roles: what a back end sends to each, and what it refuses.
//!
//! Run with `cargo run --example records`.
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use rolegate::{
    Access, Action, Field, FieldRule, ObjectRule, Policy, Principal, Role, Schema, Workspace,
};

use rolegate::request::{FieldNames, Read};
use serde::Serialize;

/// A record as the back end has it, with all its columns.
#[derive(Serialize)]
struct Person {
    id: u32,
    name: &'static str,
    email: &'static str,
    salary: u32,
    company: Company,
    deleted_at: Option<&'static str>,
    /// No field of the schema: nobody is ever sent this.
    password_hash: &'static str,
}

#[derive(Serialize)]
struct Company {
    name: &'static str,
    revenue: u64,
}

/// What a client sends to change a record: only what it wants to change.
#[derive(Serialize)]
struct Patch {
    email: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    salary: Option<u32>,
    deleted_at: &'static str,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let policy = policy()?;
    let people = [
        Person {
            id: 1,
            name: "Eve",
            email: "eve@acme.example",
            salary: 70_000,
            company: Company {
                name: "Acme",
                revenue: 9_000_000,
            },
            deleted_at: None,
            password_hash: "$argon2id$v=19$…",
        },
        Person {
            id: 2,
            name: "Bob",
            email: "bob@brew.example",
            salary: 50_000,
            company: Company {
                name: "Brew",
                revenue: 400_000,
            },
            deleted_at: None,
            password_hash: "$argon2id$v=19$…",
        },
    ];
    let patch = Patch {
        email: "eve@new.example",
        salary: None,
        deleted_at: "2026-01-01",
    };
    // "Names, salaries and companies, the best paid first."
    let read = Read::new("people").select(["id", "name", "salary", "company.name"]);
    let sorted = read.clone().sort(["salary"]);

    for id in ["ada", "rita", "tim"] {
        let access = policy.access(&Principal::member(id));
        println!("== {id}\n");
        show_query("as asked", &access, &sorted);
        show_query("without the order", &access, &read);
        let json = serde_json::to_string(&access.visible("people", &people))?;
        println!("sends: {json}");
        show_patch(&access, &patch)?;
        println!();
    }
    Ok(())
}

/// What a request handler does before it builds its SQL.
fn show_query(what: &str, access: &Access<'_>, read: &Read<'_>) {
    match access.check_read(read).trimmed_select() {
        Ok(columns) => println!("{what}: select {}", columns.collect::<Vec<_>>().join(", ")),
        Err(denied) => println!("{what}: refused: {denied}"),
    }
}

/// What it does before it writes.
fn show_patch(access: &Access<'_>, patch: &Patch) -> Result<(), Box<dyn std::error::Error>> {
    let keys = FieldNames::of(patch)?;
    let verdict = access.check_patch("people", &keys);
    match verdict.require() {
        Ok(()) => println!("patch: applied"),
        Err(denied) => println!("patch: refused:\n{denied}"),
    }
    // An importer would rather keep what it can.
    if let Ok(kept) = verdict.kept_fields() {
        println!("import: writes {}", kept.collect::<Vec<_>>().join(", "));
    }
    // What a form offers to edit, and what it would be as bits, for a host that keeps columns in this order.
    let editable = access.fields(Action::Edit, "people");
    println!(
        "form: edits {editable:?}, bits {:b}",
        editable.words().next().unwrap_or(0)
    );
    Ok(())
}

/// Admin may do everything but write ids. Recruiters do not see what others earn. Interns only look, and not at revenues.
fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
    let schema = Schema::builder()
        .object("people", [Field::new("id").system()])
        .field("people", "name")
        .field("people", "email")
        .field("people", "salary")
        .field("people", Field::new("company").with_relation("companies"))
        .field(
            "people",
            Field::new("deleted_at").bound_to_action(Action::Delete),
        )
        .object("companies", ["name", "revenue"])
        .build()?;
    let recruiter = Role::new("Recruiter")
        .allow(Action::See)
        .allow(Action::Edit)
        .rule(
            "people",
            ObjectRule::new().field("salary", FieldRule::NO_ACCESS),
        );
    let intern = Role::new("Intern")
        .allow(Action::See)
        .rule(
            "people",
            ObjectRule::new()
                .field("salary", FieldRule::NO_ACCESS)
                .field("email", FieldRule::NO_ACCESS),
        )
        .rule(
            "companies",
            ObjectRule::new().field("revenue", FieldRule::NO_ACCESS),
        );
    let workspace = Workspace::builder(schema)
        .role(Role::admin("Admin"))
        .role(recruiter)
        .role(intern)
        .default_role("Intern")
        .member("ada", "Admin")
        .member("rita", "Recruiter")
        .member("tim", "Intern")
        .build()?;
    Ok(workspace.compile())
}

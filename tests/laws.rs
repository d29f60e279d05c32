//! Does every law hold? One file for each part of the laws; a test carries the number of its law.

use rolegate::{
    Action, FieldRule, InvalidWorkspace, ObjectRule, Policy, Principal, Role, Schema, Workspace,
    WorkspaceBuilder,
};

mod chains;
mod explained;
mod gates;
mod holders;
mod inheritance;
mod permissions;
mod records;
mod roles;
mod sentences;
mod stored;
mod sufficient;
mod unknown;
mod ways;

/// The Intern of the documentation, word for word.
fn intern() -> Role {
    Role::new("Intern")
        .allow(Action::See)
        .rule("opportunities", ObjectRule::new().deny(Action::See))
        .rule(
            "people",
            ObjectRule::new()
                .allow(Action::Edit)
                .field("email", FieldRule::SEE_ONLY)
                .field("address", FieldRule::NO_ACCESS),
        )
}

fn office_schema() -> Schema {
    Schema::builder()
        .object("people", ["name", "email", "address"])
        .object("companies", ["name"])
        .object("opportunities", ["name", "amount"])
        .build()
        .expect("the schema is valid")
}

/// Admin, held by `ada`, and the default role `Member`, which allows nothing and which nobody holds.
fn office() -> WorkspaceBuilder {
    Workspace::builder(office_schema())
        .role(Role::admin("Admin"))
        .role(Role::new("Member"))
        .default_role("Member")
        .member("ada", "Admin")
}

#[track_caller]
fn compile(builder: WorkspaceBuilder) -> Policy {
    match builder.build() {
        Ok(workspace) => workspace.compile(),
        Err(invalid) => panic!("a valid workspace was refused:\n{invalid}"),
    }
}

/// The office in which `tim` holds that role.
#[track_caller]
fn with_tim(role: Role) -> Policy {
    let name = role.name().clone();
    compile(office().role(role).member("tim", name))
}

fn tim() -> Principal {
    Principal::member("tim")
}

/// What is asked about, as `object` or `object.field`.
fn place(path: &str) -> (&str, Option<&str>) {
    match path.split_once('.') {
        Some((object, field)) => (object, Some(field)),
        None => (path, None),
    }
}

/// Asserts what a principal may do.
#[track_caller]
fn answers(policy: &Policy, principal: &Principal, facts: &[(Action, &str, bool)]) {
    for &(action, path, expected) in facts {
        let (object, field) = place(path);
        let answer = policy.can(principal, action, object, field);
        assert_eq!(answer, expected, "{principal}: {action} {path}");
    }
}

/// Asserts that a gate refuses with just these problems, one a line.
#[track_caller]
fn refused(gate: Result<Workspace, InvalidWorkspace>, problems: &str) {
    let invalid = gate.expect_err("it is to be refused");
    assert_eq!(invalid.to_string(), problems);
}

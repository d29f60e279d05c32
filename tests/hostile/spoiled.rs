//! Values that were written by the library and then spoiled in one place, read back.

use std::collections::BTreeSet;
use std::fmt::Debug;

use rolegate::request::Read;
use rolegate::workspace::{GrantPolicy, KeysWithoutRole};
use rolegate::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{comes_back, is_bounded, is_invalid, twins};
use crate::data::sample;

/// The value with one part replaced, taken out, doubled, or beside a key that nobody knows: each part in turn.
fn spoiled(value: &Value, by: &Value) -> Vec<Value> {
    let mut found = vec![by.clone()];
    match value {
        Value::Array(items) => {
            for at in 0..items.len() {
                let (before, after) = (&items[..at], &items[at + 1..]);
                let item = std::slice::from_ref(&items[at]);
                found.push([before, after].concat().into());
                found.push([before, item, item, after].concat().into());
                for part in spoiled(&items[at], by) {
                    found.push([before, &[part], after].concat().into());
                }
            }
        }
        Value::Object(map) => {
            let with = |key: &str, part: Value| {
                let mut map = map.clone();
                map.insert(key.to_owned(), part);
                Value::Object(map)
            };
            found.push(with("unknown", by.clone()));
            for (key, part) in map {
                let mut fewer = map.clone();
                fewer.remove(key);
                found.push(fewer.into());
                found.extend(spoiled(part, by).into_iter().map(|part| with(key, part)));
            }
        }
        _ => {}
    }
    found
}

/// What there may be in the place of anything.
fn spoilers() -> [Value; 7] {
    [
        Value::Null,
        json!(true),
        json!(-1),
        json!(1.5),
        json!(""),
        json!([["x"]]),
        json!({"x": {"x": []}}),
    ]
}

/// Whatever is made of it is an error or comes back.
#[track_caller]
fn spoil<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let written = serde_json::to_value(value).unwrap();
    assert_eq!(
        serde_json::from_value::<T>(written.clone()).unwrap(),
        *value
    );
    let mut refused = 0;
    for by in &spoilers() {
        for spoiled in spoiled(&written, by) {
            match serde_json::from_value::<T>(spoiled) {
                Ok(read) => assert_eq!(comes_back(&read), read),
                Err(error) => {
                    refused += 1;
                    assert!(error.to_string().len() < 16_000);
                }
            }
        }
    }
    assert!(refused > 0, "{written}");
}

#[test]
fn what_was_spoiled_in_one_place_is_refused_or_comes_back() {
    let mut workspace = sample();
    let tim = Principal::member("tim");
    let rule = ObjectRule::new()
        .deny(Action::Delete)
        .field("email", FieldRule::new().set_edit(Effect::Deny));
    let role = Role::new("Some")
        .with_description("One")
        .allow(Action::See)
        .rule("people", rule)
        .grant("send_email")
        .grant_all(PermissionClass::Settings)
        .with_holder_kinds([PrincipalKind::Member]);
    let mut edited = role.clone();
    for cell in [
        Cell::baseline(Action::See),
        Cell::object("people", Action::See),
        Cell::field("people", "email", Action::See),
        Cell::permission("send_email"),
        Cell::all_access(PermissionClass::Actions),
    ] {
        spoil(&cell);
        edited = edited.set(&cell, Effect::Allow).unwrap();
    }
    for change in &edited.changes_since(&role) {
        spoil(change);
    }
    let field = Field::new("salary")
        .with_label("Salary")
        .with_relation("people")
        .bound_to_action(Action::Delete)
        .bound_to_permission("roles");
    let changes = [
        Change::create_role(role.clone()),
        Change::save_role(role, edited),
        Change::assign_role(tim.clone(), "Some"),
        Change::set_holder_kinds("Some", [PrincipalKind::Member]),
        Change::join("eve", ["staff"]),
        Change::set_group_mappings([
            GroupMapping::new("staff", "Some"),
            GroupMapping::to_admin("x"),
        ]),
        Change::set_keys_without_role(KeysWithoutRole::Denied),
        Change::set_grant_policy(GrantPolicy::WithinOwnAccess),
        Change::add_field("people", field),
        Change::add_permission(Permission::action("merge").with_requirement("roles")),
        Change::remove_permission("merge"),
        Change::remove_field("people", "email"),
    ];
    for change in changes {
        spoil(&change);
        match workspace.apply(change) {
            Ok(events) => events.iter().for_each(spoil),
            Err(error) => is_bounded(&error),
        }
    }
    let policy = workspace.compile();
    let access = policy.access(&tim).on_behalf_of(&Principal::member("ada"));
    for explanation in [
        access.explain(Action::Edit, "people", "salary"),
        access.explain(Action::Edit, "people", "email"),
        access.explain(Action::Destroy, "people", None),
        access.explain_use("trigger_workflows"),
    ] {
        spoil(&explanation);
        spoil(&explanation.record(7));
        explanation.remedies().iter().for_each(spoil);
    }
    let read = Read::new("people").select(["salary", "salary", "name.x", "x"]);
    access
        .check_read(&read)
        .denials()
        .for_each(|denial| spoil(&denial));
    for lint in &twins().lints()[..3] {
        spoil(lint);
    }
}

/// A document that was spoiled is read, and its workspace is refused or comes back.
#[test]
fn a_document_that_was_spoiled_in_one_place_is_refused_or_comes_back() {
    let written = serde_json::to_value(Document::from(&sample())).unwrap();
    let mut seen = BTreeSet::new();
    for by in &spoilers() {
        for spoiled in spoiled(&written, by) {
            let document: Document = serde_json::from_value(spoiled).unwrap();
            assert_eq!(comes_back(&document), document);
            match Workspace::try_from(document) {
                Ok(workspace) => {
                    let again = comes_back(&Document::from(&workspace));
                    assert_eq!(Workspace::try_from(again).unwrap(), workspace);
                }
                Err(invalid) => {
                    is_invalid(&invalid);
                    seen.insert(invalid.problems()[0].path().to_owned());
                }
            }
        }
    }
    assert!(seen.len() > 50, "{seen:?}");
}

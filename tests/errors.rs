//! What does an error tell a program, and what does it print?

use std::fmt::{Debug, Display};

use rolegate::explanation::ReasonKind;
use rolegate::request::{self, RequestDeniedKind};
use rolegate::workspace::{ChangeErrorKind, InvalidWorkspaceKind};
use rolegate::{Action, Cell, Change, Document, Effect, Principal, Schema, Workspace};
use serde::Serialize;
use serde_json::{Value, json};

use crate::data::{sample, who};

/// It is sent with its code and its sentence, and prints the sentence wherever it is printed.
#[track_caller]
pub(crate) fn is_sent(error: &(impl Debug + Display + Serialize), code: &str, message: &str) {
    let sent = serde_json::to_value(error).unwrap();
    assert_eq!(
        (&sent["code"], &sent["message"]),
        (&json!(code), &json!(message))
    );
    assert_eq!(error.to_string(), message);
    assert_eq!(format!("{error:?}"), message);
}

/// The codes that hosts and front ends know: a new kind is added here, and none of these ever changes.
#[test]
fn the_codes_of_refused_changes_are_stable() {
    let known = [
        "unknown",
        "taken",
        "invalid",
        "invalid_cell",
        "nothing_changes",
        "admin_is_fixed",
        "last_admin",
        "default_role_in_use",
        "default_is_admin",
        "default_not_for_members",
        "mapped_role",
        "mapped_not_for_members",
        "may_not_hold",
        "member_needs_role",
        "conflict",
        "renamed_while_editing",
        "required_by",
        "bound_to",
        "class_is_fixed",
        "not_permitted",
        "admin_only",
        "gives_guard",
        "own_assignment",
        "own_role",
        "own_roles_permission",
        "exceeds_own_access",
        "removes_beyond_own_access",
    ];
    assert_eq!(ChangeErrorKind::ALL.map(ChangeErrorKind::as_str), known);
}

#[test]
fn a_refused_change_is_sent_with_what_it_is_about() {
    let mut workspace = sample();
    let last = workspace
        .apply(Change::remove(who("member:ada")))
        .unwrap_err();
    let message = "no member would hold the Admin role `Admin`; at least one must";
    is_sent(&last, "last_admin", message);
    assert_eq!(last.kind(), ChangeErrorKind::LastAdmin);
    assert_eq!(serde_json::to_value(&last).unwrap()["role"], "Admin");

    let edit = Change::set_effect("Intern", Cell::object("people", Action::See), Effect::Deny);
    let invalid = workspace.apply(edit).unwrap_err();
    assert_eq!(invalid.code(), "invalid");
    let sent = serde_json::to_value(&invalid).unwrap();
    assert_eq!(sent["problems"][0]["code"], "contradiction");
    assert_eq!(sent["problems"][0]["path"], "objects.people");

    let unknown = Change::assign_role(who("member:tim"), "Interm");
    let batch = workspace
        .apply_all([Change::delete_role("Intern"), unknown])
        .unwrap_err();
    assert_eq!(
        (batch.kind(), batch.code()),
        (ChangeErrorKind::Unknown, "unknown")
    );
    let sent = serde_json::to_value(&batch).unwrap();
    assert_eq!(
        (&sent["position"], &sent["name"]),
        (&json!(1), &json!("Interm"))
    );
    assert_eq!(format!("{batch:?}"), batch.to_string());
    assert_eq!(sent["message"], batch.error.to_string());
}

#[test]
fn a_denial_is_sent_with_its_explanation() {
    let policy = sample().compile();
    let ask = |principal: &str, object: &str, field: Option<&str>| {
        let access = policy.access(&who(principal));
        access.require(Action::Edit, object, field).unwrap_err()
    };
    for (denied, kind) in [
        (
            ask("member:nobody", "people", None),
            ReasonKind::UnknownPrincipal,
        ),
        (ask("member:tim", "peeple", None), ReasonKind::UnknownObject),
        (
            ask("member:tim", "people", Some("emial")),
            ReasonKind::UnknownField,
        ),
        (ask("agent:idle", "people", None), ReasonKind::NoRole),
        (
            ask("member:tim", "people", Some("email")),
            ReasonKind::Decided,
        ),
    ] {
        assert_eq!(denied.kind(), kind);
        is_sent(&denied, kind.as_str(), &denied.to_string());
        let sent: Value = serde_json::to_value(&denied).unwrap();
        let explained = serde_json::to_value(denied.explanation()).unwrap();
        assert_eq!(sent["explanation"], explained);
        // The stored form of a reason has the same word.
        assert_eq!(explained["first"]["reason"]["because"], denied.code());
    }
    let tim = policy.access(&Principal::member("tim"));
    let used = tim.require_use("roles").unwrap_err();
    assert_eq!(
        (used.kind(), used.code()),
        (ReasonKind::NotGranted, "not_granted")
    );
}

#[test]
fn a_denied_request_tells_a_mistake_from_a_denial() {
    let policy = sample().compile();
    let ada = policy.access(&Principal::member("ada"));
    let tim = policy.access(&Principal::member("tim"));
    let twice = request::Read::new("people").select(["name", "name"]);
    let hidden = request::Read::new("people").select(["name", "name", "address"]);
    let malformed = ada.check_read(&twice).require().unwrap_err();
    assert_eq!(malformed.kind(), RequestDeniedKind::Malformed);
    is_sent(&malformed, "malformed", &malformed.to_string());
    let denied = tim.check_read(&hidden).require().unwrap_err();
    assert_eq!(denied.kind(), RequestDeniedKind::Denied);
    is_sent(&denied, "denied", &denied.to_string());
    let sent = serde_json::to_value(&denied).unwrap();
    assert_eq!(
        sent["denied"].as_array().map(Vec::len),
        Some(denied.denials().len())
    );
    assert_eq!(sent["unlisted"], 0);

    // What is past the list may be anything: it is not called malformed.
    let many = request::Read::new("people").select(["name"; 200]);
    let many = ada.check_read(&many).require().unwrap_err();
    assert_eq!(many.kind(), RequestDeniedKind::Denied);
    assert_eq!(serde_json::to_value(&many).unwrap()["unlisted"], 99);
}

#[test]
fn an_invalid_workspace_is_sent_with_its_problems() {
    let load = |json: &str| {
        let document: Document = serde_json::from_str(json).unwrap();
        Workspace::try_from(document).unwrap_err()
    };
    let newer = load(r#"{ "version": 9 }"#);
    assert_eq!(newer.kind(), InvalidWorkspaceKind::UnknownVersion);
    is_sent(&newer, "unknown_version", &newer.to_string());
    let wrong = load(r#"{ "version": 1, "schema": {}, "roles": [], "default_role": "x" }"#);
    assert_eq!(wrong.kind(), InvalidWorkspaceKind::Invalid);
    is_sent(&wrong, "invalid", &wrong.to_string());
    let sent = serde_json::to_value(&wrong).unwrap();
    assert_eq!(sent["count"], wrong.count());
    assert_eq!(
        sent["problems"].as_array().map(Vec::len),
        Some(wrong.problems().len())
    );
    for (sent, problem) in sent["problems"]
        .as_array()
        .unwrap()
        .iter()
        .zip(wrong.problems())
    {
        let expected = json!({
            "path": problem.path(),
            "code": problem.code(),
            "message": problem.kind().to_string(),
        });
        assert_eq!(*sent, expected);
    }
    let schema = Schema::builder()
        .object("a", ["b", "b"])
        .build()
        .unwrap_err();
    is_sent(&schema, "invalid", &schema.to_string());
}

//! What nests as deep as it may, and one level deeper.

use rolegate::limits::{MAX_DEPTH, MAX_PATH_FIELDS};
use rolegate::request::{DenialReason, Malformed, Read, Write};
use rolegate::*;
use serde_json::{Value, json};

use super::{comes_back, document, is_invalid};
use crate::data::workspace;

/// Companies that have a parent, and permissions of which each requires the next.
fn towers(permissions: usize) -> Workspace {
    let company = Object::new("companies")
        .field("name")
        .field(Field::new("parent").with_relation("companies"));
    let required = (0..permissions).map(|number| {
        let permission = Permission::action(format!("p{number}"));
        match number + 1 {
            next if next < permissions => permission.with_requirement(format!("p{next}")),
            _ => permission,
        }
    });
    let schema = Schema::builder()
        .add_object(company)
        .only_permissions(required)
        .build()
        .unwrap();
    let mut workspace = Workspace::new(schema, "ada").unwrap();
    let changes = [
        Change::create_role(Role::new("All").grant_all(PermissionClass::Actions)),
        Change::create_role(
            (1..permissions).fold(Role::new("All but one"), |role, number| {
                role.grant(format!("p{}", number - 1))
            }),
        ),
        Change::add(Principal::member("all")),
        Change::assign_role(Principal::member("all"), "All"),
        Change::add(Principal::member("most")),
        Change::assign_role(Principal::member("most"), "All but one"),
    ];
    workspace.apply_all(changes).unwrap();
    workspace
}

#[test]
fn a_path_has_as_many_names_as_it_may_and_no_more() {
    let policy = towers(2).compile();
    let access = policy.access(&Principal::member("ada"));
    let longest = ["parent"; MAX_PATH_FIELDS].join(".");
    let read = Read::new("companies").select([&longest]);
    let read = read.filter([&longest]).search([&longest]);
    assert!(access.check_read(&read).is_allowed());
    let longer = format!("{longest}.name");
    let read = Read::new("companies").sort([&longer]);
    let verdict = access.check_read(&read);
    let denial = verdict.denials().next().unwrap();
    assert_eq!(
        *denial.reason(),
        DenialReason::Malformed(Malformed::PathTooLong)
    );
    let write = Write::update("companies").fields(["name"]);
    assert!(
        access
            .check_write(write.clone().returning([&longest]))
            .is_allowed()
    );
    assert!(!access.check_write(write.returning([&longer])).is_allowed());
}

/// As deep as JSON is read: of each record in a record, what may be seen is shown.
#[test]
fn records_nest_in_records() {
    let policy = towers(2).compile();
    let access = policy.access(&Principal::member("ada"));
    let record = |inner: Value, secret: bool| {
        let mut record = json!({"name": "x", "parent": inner});
        if secret {
            record["secret"] = json!("x");
        }
        record
    };
    let nested = |secret| (0..120).fold(Value::Null, |inner, _| record(inner, secret));
    let record = nested(true);
    let shown = serde_json::to_value(access.visible("companies", &record)).unwrap();
    assert_eq!(shown, nested(false));
}

#[test]
fn a_permission_may_require_another_at_two_thousand_removes() {
    let count = 2_000;
    let workspace = towers(count);
    let policy = workspace.compile();
    for (id, is_allowed) in [("ada", true), ("all", true), ("most", false)] {
        let access = policy.access(&Principal::member(id));
        assert_eq!(access.can_use("p0"), is_allowed, "{id}");
        let why = access.explain_use("p0");
        assert_eq!(why.is_allowed(), is_allowed);
        assert_eq!(comes_back(&why), why);
        assert!(why.sentence().to_string().len() < 16_000);
    }
    let saved = Document::from(&workspace);
    assert_eq!(Workspace::try_from(comes_back(&saved)).unwrap(), workspace);
}

/// A document needs seven levels: itself, the roles, a role, its rules, a rule, its field rules, a field rule.
#[test]
fn a_document_nests_as_deep_as_the_format_needs() {
    let object = r#"{"key":"people","fields":[{"key":"name","bound_to_actions":["edit"]}]}"#;
    let rules = r#""objects":{"people":{"fields":{"name":{"see":"allow"}}}}"#;
    let json = document(object, "").replace(
        r#"{"name":"Member"}"#,
        &format!(r#"{{"name":"Member",{rules}}}"#),
    );
    let loaded = workspace(&json);
    let rule = &loaded.role("Member").unwrap().rules()["people"].fields()["name"];
    assert_eq!(rule.effect(Action::See), Effect::Allow);
    assert_eq!(depth(&serde_json::from_str(&json).unwrap()), 7);
}

/// What is in a map or a list is one level deeper; a text or a number has no level of its own.
fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        Value::Object(map) => 1 + map.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

/// What nests to the limit is read, comes back, and is refused for what it is: wherever it stands.
#[test]
fn values_that_nest_to_the_limit_are_read_and_those_beyond_are_not() {
    let lists = |depth| (0..depth).fold(json!(1), |inner, _| json!([inner]));
    let maps = |depth| (0..depth).fold(json!(1), |inner, _| json!({"fields": inner}));
    let valid: Value = serde_json::from_str(&document("", "")).unwrap();
    let nests: [fn(usize) -> Value; 2] = [lists, maps];
    for key in ["schema", "roles", "members", "options"] {
        for nested in nests {
            let with = |depth: usize| {
                let mut document = valid.clone();
                document[key] = nested(depth - 1);
                serde_json::from_value::<Document>(document)
            };
            let deepest = with(MAX_DEPTH).unwrap();
            assert_eq!(comes_back(&deepest), deepest);
            is_invalid(&Workspace::try_from(deepest).unwrap_err());
            let message = with(MAX_DEPTH + 1).unwrap_err().to_string();
            assert!(
                message.starts_with("lists and maps nest deeper"),
                "{message}"
            );
        }
    }
}

//! What a saved workspace looks like, and that it comes back as it was. The wrong documents are in `golden`.

use crate::data::{crm, files, place, sample, text, workspace};
use rolegate::limits::{MAX_FIELDS, MAX_NAME_BYTES, MAX_OBJECTS, MAX_PERMISSIONS, MAX_PROBLEMS};
use rolegate::workspace::KeysWithoutRole;
use rolegate::{
    Action, Document, Effect, Field, FieldRule, InvalidSchema, InvalidWorkspace, Object,
    ObjectRule, Permission, PermissionClass, Principal, PrincipalKind, Revision, Role, Schema,
    Workspace,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fmt::Debug;

fn json(workspace: &Workspace) -> String {
    serde_json::to_string_pretty(&Document::from(workspace)).unwrap() + "\n"
}

#[track_caller]
fn refused(json: &str) -> InvalidWorkspace {
    Workspace::try_from(serde_json::from_str::<Document>(json).unwrap()).unwrap_err()
}

fn people() -> Schema {
    Schema::builder()
        .object("people", ["name", "email"])
        .build()
        .unwrap()
}

#[test]
fn the_sample_is_saved_as_it_always_was() {
    assert_eq!(json(&sample()), text("tests/golden/sample.json"));
}

#[test]
fn what_was_saved_loads_as_what_it_was_and_is_saved_as_before() {
    let mut documents = files("tests/golden", ".json");
    documents.push(place("examples/data/crm.json"));
    for path in documents {
        let first = workspace(&text(&path));
        let saved = json(&first);
        let second = workspace(&saved);
        assert_eq!(second, first, "{}", path.display());
        assert_eq!(json(&second), saved, "{}", path.display());
    }
}

#[test]
fn equal_workspaces_are_saved_byte_for_byte_alike() {
    let rule = |first: bool| {
        let (name, email) = (FieldRule::SEE_ONLY, FieldRule::NO_ACCESS);
        if first {
            let rule = ObjectRule::new().field("name", name).field("email", email);
            rule.deny(Action::Delete).allow(Action::Edit)
        } else {
            let rule = ObjectRule::new().allow(Action::Edit).deny(Action::Delete);
            rule.field("email", email).field("name", name)
        }
    };
    let role = |first: bool| {
        let role = Role::new("Member");
        if first {
            role.allow(Action::See)
                .allow(Action::Edit)
                .rule("people", rule(first))
                .rule("notes", ObjectRule::new().deny(Action::See))
                .grant("send_email")
                .grant("import_csv")
                .grant_all(PermissionClass::Settings)
                .grant_all(PermissionClass::Actions)
                .with_holder_kinds([PrincipalKind::Member, PrincipalKind::Agent])
        } else {
            role.with_holder_kinds([PrincipalKind::Agent, PrincipalKind::Member])
                .grant_all(PermissionClass::Actions)
                .grant_all(PermissionClass::Settings)
                .grant("import_csv")
                .grant("send_email")
                .grant("send_email")
                .rule("notes", ObjectRule::new().deny(Action::See))
                .rule("people", ObjectRule::new())
                .rule("people", rule(first))
                .allow(Action::Edit)
                .allow(Action::See)
        }
    };
    let built = |first: bool| {
        let schema = Schema::builder()
            .object("people", ["name", "email"])
            .object("notes", ["body"])
            .permission(
                [["workspace", "roles"], ["roles", "workspace"]][usize::from(first)]
                    .into_iter()
                    .fold(
                        Permission::settings("billing"),
                        Permission::with_requirement,
                    ),
            )
            .build()
            .unwrap();
        let builder = Workspace::builder(schema)
            .role(Role::admin("Admin"))
            .role(role(first))
            .default_role("Member");
        let mut holders: Vec<(Principal, Option<&str>)> = (0..200)
            .flat_map(|number| {
                [
                    (Principal::member(format!("m{number}")), Some("Admin")),
                    (Principal::api_key(format!("k{number}")), None),
                    (Principal::agent(format!("a{number}")), Some("Member")),
                ]
            })
            .collect();
        if !first {
            holders.reverse();
        }
        holders
            .into_iter()
            .fold(builder, |builder, (who, role)| {
                builder.holder(who, role.map(Into::into))
            })
            .build()
            .unwrap()
    };
    let (one, other) = (built(true), built(false));
    assert_eq!(one, other);
    assert_eq!(json(&one), json(&other));

    let saved = json(&one);
    let members: Vec<&str> = saved
        .lines()
        .filter(|line| line.starts_with("    \"m"))
        .collect();
    assert_eq!(members.len(), 200);
    assert!(members.is_sorted(), "{members:?}");
}

#[test]
fn what_has_its_default_is_not_written() {
    let smallest = r#"{
  "version": 1,
  "schema": {
    "objects": [
      {
        "key": "people",
        "fields": [
          "name"
        ]
      }
    ]
  },
  "roles": [
    {
      "name": "Admin",
      "admin": true
    },
    {
      "name": "Member"
    }
  ],
  "default_role": "Member",
  "members": {
    "ada": "Admin"
  }
}
"#;
    let wordy = r#"{
  "options": { "api_keys_without_role": "default_role" },
  "agents": {}, "api_keys": {}, "members": { "ada": "Admin" },
  "default_role": "  Member ",
  "roles": [
    { "name": "Admin", "admin": true },
    { "name": "Member", "admin": false, "allow": [], "objects": {}, "all_access": [], "permissions": [],
      "held_by": ["agent", "api_key", "member"] }
  ],
  "schema": {
    "permissions": [
      { "key": "api_keys", "class": "settings", "requires": [] },
      { "key": "workspace", "class": "settings" },
      { "key": "roles", "class": "settings" },
      { "key": "data_model", "class": "settings" },
      { "key": "security", "class": "settings" },
      { "key": "workflows", "class": "settings" },
      { "key": "workspace_members", "class": "settings" },
      { "key": "send_email", "class": "actions" },
      { "key": "import_csv", "class": "actions" },
      { "key": "export_csv", "class": "actions" },
      { "key": "trigger_workflows", "class": "actions", "requires": ["workflows"] }
    ],
    "objects": [{ "key": "people", "fields": [{ "key": "name" }] }]
  },
  "revision": 0,
  "version": 1
}"#;
    assert_eq!(json(&workspace(wordy)), smallest);
}

#[test]
fn a_document_may_name_its_json_schema_which_is_not_saved() {
    let plain = text("tests/golden/sample.json");
    let named = plain.replacen(
        '{',
        r#"{ "$schema": "https://example.org/rolegate.json","#,
        1,
    );
    assert_eq!(json(&workspace(&named)), plain);
    for (value, found) in [("1", "`1`"), ("null", "nothing"), ("{}", "a map")] {
        let wrong = plain.replacen('{', &format!(r#"{{ "$schema": {value},"#), 1);
        assert_eq!(
            refused(&wrong).to_string(),
            format!("`$schema`: expected text, found {found}")
        );
    }
    let twice = plain.replacen('{', r#"{ "$schema": "a", "$schema": "b","#, 1);
    assert_eq!(refused(&twice).problems().len(), 1);
    let inner = plain.replacen(r#""schema": {"#, r#""schema": { "$schema": "a","#, 1);
    assert_eq!(refused(&inner).problems().len(), 1);
}

#[test]
fn what_has_another_value_is_kept() {
    let schema = Schema::builder()
        .add_object(Object::new("people").with_label("Leute").field("name"))
        .field(
            "people",
            Field::new("boss")
                .with_label("Chef")
                .with_relation("people"),
        )
        .only_permissions([Permission::action("fly")
            .with_label("Fliegen")
            .with_requirement("fly_low")])
        .permission(Permission::settings("fly_low"))
        .build()
        .unwrap();
    let saved = Workspace::builder(schema)
        .role(Role::admin("Boss").with_description("all of it"))
        .role(
            Role::new("Member")
                .with_description("")
                .allow(Action::See)
                .rule(
                    "people",
                    ObjectRule::new()
                        .set(Action::Edit, Effect::Deny)
                        .field("name", FieldRule::EDIT)
                        .field("boss", FieldRule::new().set_edit(Effect::Allow)),
                )
                .grant("fly")
                .grant_all(PermissionClass::Actions)
                .with_holder_kinds([PrincipalKind::Member]),
        )
        .default_role("Member")
        .member("ada", "Boss")
        .principal_without_role(Principal::api_key("legacy"))
        .keys_without_role(KeysWithoutRole::Denied)
        .revision(Revision::new(u64::MAX))
        .build()
        .unwrap();
    assert_eq!(
        serde_json::to_string(&Document::from(&saved)).unwrap(),
        concat!(
            r#"{"version":1,"revision":18446744073709551615,"schema":{"objects":[{"key":"people","label":"Leute","#,
            r#""fields":["name",{"key":"boss","label":"Chef","relation":"people"}]}],"permissions":[{"key":"fly","#,
            r#""class":"actions","label":"Fliegen","requires":["fly_low"]},{"key":"fly_low","class":"settings"}]},"#,
            r#""roles":[{"name":"Boss","admin":true,"description":"all of it"},{"name":"Member","description":"","#,
            r#""allow":["see"],"objects":{"people":{"edit":"deny","fields":{"boss":{"edit":"allow"},"name":"edit"}}},"#,
            r#""all_access":["actions"],"permissions":["fly"],"held_by":["member"]}],"default_role":"Member","#,
            r#""members":{"ada":"Boss"},"api_keys":{"legacy":""},"options":{"api_keys_without_role":"denied"}}"#,
        )
    );
    assert_eq!(workspace(&json(&saved)), saved);
}

#[test]
fn toml_holds_the_whole_of_the_realistic_workspace() {
    let crm = crm();
    let saved = toml::to_string(&Document::from(&crm)).unwrap();
    let loaded: Document = toml::from_str(&saved).unwrap();
    let loaded = Workspace::try_from(loaded).unwrap();
    assert_eq!(loaded, crm);
    assert_eq!(toml::to_string(&Document::from(&loaded)).unwrap(), saved);
    assert_eq!(json(&loaded), json(&crm));
}

#[test]
fn toml_written_by_hand_is_the_same_workspace() {
    let document: Document = toml::from_str(&text("tests/golden/sample.toml")).unwrap();
    assert_eq!(Workspace::try_from(document).unwrap(), sample());
}

#[test]
fn toml_has_the_same_problems() {
    let document: Document = toml::from_str(
        r#"
        version = 1
        default_role = 2026-01-01
        revision = 1.5
        [schema]
        objects = [{ key = "people", fields = ["name"] }]
        [[roles]]
        name = "Admin"
        admin = true
        [[roles]]
        name = "Member"
        alow = ["see"]
        objects.people.fields.nam = "see_only"
        [members]
        "ada@example.com" = "Admn"
        "#,
    )
    .unwrap();
    assert_eq!(
        Workspace::try_from(document).unwrap_err().to_string(),
        "\
`revision`: expected a whole number from 0 to 2^64 - 1, found `1.5`
`roles[1]`: unknown key `alow`; did you mean `allow`?
`default_role`: expected text, found a map
`roles[1].objects.people.fields.nam`: unknown field `nam`; did you mean `name`?
`members.ada@example.com`: unknown role `Admn`; did you mean `Admin`?
`members`: no member holds the Admin role `Admin`; at least one must"
    );
}

#[test]
fn each_part_of_a_document_is_stored_by_itself_in_the_same_form() {
    #[track_caller]
    fn stored<T: Serialize + DeserializeOwned + PartialEq + Debug>(part: T, json: &str) {
        assert_eq!(serde_json::to_string(&part).unwrap(), json);
        assert_eq!(serde_json::from_str::<T>(json).unwrap(), part);
        let toml = toml::to_string(&std::collections::BTreeMap::from([("part", &part)])).unwrap();
        let mut loaded: std::collections::BTreeMap<String, T> = toml::from_str(&toml).unwrap();
        assert_eq!(loaded.remove("part"), Some(part));
    }
    stored(FieldRule::NO_ACCESS, r#""no_access""#);
    stored(
        FieldRule::new().set_see(Effect::Allow),
        r#"{"see":"allow"}"#,
    );
    stored(FieldRule::new(), "{}");
    stored(
        ObjectRule::new()
            .deny(Action::Destroy)
            .field("name", FieldRule::SEE_ONLY),
        r#"{"destroy":"deny","fields":{"name":"see_only"}}"#,
    );
    stored(Field::new("name"), r#""name""#);
    stored(
        Field::new("company").with_relation("companies"),
        r#"{"key":"company","relation":"companies"}"#,
    );
    stored(
        Object::new("people").field("name"),
        r#"{"key":"people","fields":["name"]}"#,
    );
    stored(
        Permission::action("fly").with_requirement("roles"),
        r#"{"key":"fly","class":"actions","requires":["roles"]}"#,
    );
    stored(
        Role::new("Intern").allow(Action::See).grant("fly"),
        r#"{"name":"Intern","allow":["see"],"permissions":["fly"]}"#,
    );
    stored(Role::admin("Admin"), r#"{"name":"Admin","admin":true}"#);
}

#[test]
fn the_problems_of_a_part_are_told_in_one_line() {
    let error = serde_json::from_str::<Role>(
        r#"{ "admin": 1, "allow": ["sea"], "objects": { "people": { "fields": { "name": "hide" } } } }"#,
    )
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "key `name` is missing; `admin`: expected `true` or `false`, found `1`; \
         `allow[0]`: unknown action `sea`; it is one of `see`, `edit`, `delete`, `destroy`; \
         `objects.people.fields.name`: unknown level of a field rule `hide`; it is one of `see_only`, `edit`, `no_access`"
    );
}

#[test]
fn a_problem_has_a_path_and_a_kind() {
    let invalid = refused(r#"{ "version": 3 }"#);
    assert_eq!(invalid.count(), 1);
    let problem = &invalid.problems()[0];
    assert_eq!(problem.path(), "version");
    assert_eq!(
        problem.kind(),
        &rolegate::problem::ProblemKind::UnknownVersion("3".to_owned())
    );
}

#[test]
fn a_hundred_problems_are_listed_and_the_rest_is_counted() {
    let wrong = |count: usize| {
        let rules: Vec<String> = (0..count)
            .map(|number| format!(r#""object_{number:03}": {{}}"#))
            .collect();
        refused(&format!(
            r#"{{ "version": 1, "schema": {{}}, "default_role": "Member", "members": {{ "ada": "Admin" }},
                 "roles": [{{ "name": "Admin", "admin": true }}, {{ "name": "Member", "objects": {{ {} }} }}] }}"#,
            rules.join(", ")
        ))
    };
    for (count, last_line) in [
        (
            1,
            "`roles[1].objects.object_000`: unknown object `object_000`",
        ),
        (
            MAX_PROBLEMS,
            "`roles[1].objects.object_099`: unknown object `object_099`",
        ),
        (MAX_PROBLEMS + 1, "and 1 more"),
        (1_000, "and 900 more"),
    ] {
        let invalid = wrong(count);
        assert_eq!(invalid.count(), count);
        assert_eq!(invalid.problems().len(), count.min(MAX_PROBLEMS));
        assert_eq!(invalid.to_string().lines().last(), Some(last_line));
    }
}

#[test]
fn what_follows_from_a_problem_is_not_counted_also_if_that_is_not_listed() {
    let wrong = |default_role: &str| {
        let fields: Vec<String> = (0..120).map(|number| format!("\"a b{number}\"")).collect();
        refused(&format!(
            r#"{{ "version": 1, "roles": [{{ "name": "Admin", "admin": true }}, {{ "name": "Member" }}],
                 "schema": {{ "objects": [{{ "key": "people", "fields": [{}] }}] }},
                 "members": {{ "ada": "Admin" }}, "default_role": {default_role} }}"#,
            fields.join(", ")
        ))
    };
    assert_eq!(wrong("\"Member\"").count(), 120);
    assert_eq!(wrong("5").count(), 121);
    let fields: Vec<String> = (0..120).map(|number| format!("\"a{number}\": 5")).collect();
    let invalid = refused(&format!(
        r#"{{ "version": 1, "schema": {{}}, "roles": [{{ "name": "Admin", "admin": true, "description": {{}} }}, {{ "name": "Member",
             "description": 1 }}], "api_keys": {{ {} }}, "members": 5, "default_role": 5, "options": 1 }}"#,
        fields.join(", ")
    ));
    assert_eq!(invalid.count(), 125, "{invalid}");
}

/// Every document that has `wrong` in the place of one of its values.
fn each_with(wrong: &Value, document: &Value) -> Vec<Value> {
    let mut all = vec![wrong.clone()];
    match document {
        Value::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                all.extend(each_with(wrong, item).into_iter().map(|item| {
                    let mut items = items.clone();
                    items[position] = item;
                    Value::Array(items)
                }));
            }
        }
        Value::Object(entries) => {
            for (key, value) in entries {
                all.extend(each_with(wrong, value).into_iter().map(|value| {
                    let mut entries = entries.clone();
                    entries[key] = value;
                    Value::Object(entries)
                }));
            }
        }
        _ => {}
    }
    all
}

#[test]
fn a_value_that_cannot_be_read_is_one_problem_wherever_it_is() {
    let mut documents = files("tests/golden", ".json");
    documents.push(place("examples/data/crm.json"));
    for path in documents {
        let document = serde_json::from_str(&text(&path)).unwrap();
        for wrong in each_with(&json!(1.5), &document) {
            let invalid = refused(&wrong.to_string());
            assert_eq!(
                invalid.count(),
                1,
                "{}\n{wrong:#}\n{invalid}",
                path.display()
            );
        }
    }
}

#[test]
fn names_that_stand_in_for_others_are_refused_where_they_are_written() {
    for (key, name) in [
        (r"\u0000schema.objects[0]", "Member"),
        ("people", r"\u0000roles[1]"),
    ] {
        for (more, count) in [("", 1), (r#""x": 1,"#, 2)] {
            let invalid = refused(&format!(
                r#"{{ "version": 1, {more} "roles": [{{ "name": "Admin", "admin": true }}, {{ "name": "{name}" }}],
                     "schema": {{ "objects": [{{ "key": "{key}", "fields": [] }}] }},
                     "members": {{ "ada": "Admin" }}, "default_role": "{name}" }}"#,
            ));
            assert_eq!(invalid.count(), count, "{invalid}");
        }
    }
    let schema = Schema::builder()
        .object("a b", ["x"])
        .object("\0schema.objects[1]", ["y"]);
    assert_eq!(schema.build().unwrap_err().count(), 2);
}

#[test]
fn what_does_not_follow_from_what_was_not_read_is_told() {
    let of = |root: &str, roles: &str, members: &str| {
        refused(&format!(
            r#"{{ {root} "version": 1, "schema": {{ "objects": [{{ "key": "people", "fields": ["name"] }}] }},
                 "roles": [{{ "name": "Admin", "admin": true }}, {{ "name": "Member" }}, {roles}], "default_role": "Member",
                 "members": {members} }}"#
        ))
        .to_string()
    };
    let no_admin = "`members`: no member holds the Admin role `Admin`; at least one must";
    for members in ["{}", r#"{ "ada": "Member" }"#] {
        let told = of("", "5", members);
        assert_eq!(
            told,
            format!("`roles[2]`: expected a map, found `5`\n{no_admin}")
        );
    }
    // Ada may hold the role that was not read, and that role may be the only Admin.
    let told = of("", "5", r#"{ "ada": "Boss" }"#);
    assert_eq!(told, "`roles[2]`: expected a map, found `5`");
    // A key that reads like a place is none.
    let rule = r#"{ "name": "Intern", "objects": { "poeple": { "see": "deny" } } }"#;
    let root = r#""schema.objects": 1, "schema.objects": 2,"#;
    let told = of(root, rule, r#"{ "ada": "Admin" }"#);
    assert!(told.contains("unknown object `poeple`"), "{told}");
}

#[test]
fn what_follows_from_a_repeated_name_is_no_problem() {
    let valid = r#"{ "version": 1, "schema": { "objects": [{ "key": "people", "fields": [{ "key": "boss", "relation": "people" }] }],
        "permissions": [{ "key": "fax", "class": "actions" }] }, "roles": [{ "name": "Admin", "admin": true }, { "name": "Member",
        "permissions": ["fax"], "objects": { "people": { "fields": { "boss": "see_only" } } } }], "default_role": "Member",
        "members": { "ada": "Admin" } }"#;
    assert!(Workspace::try_from(serde_json::from_str::<Document>(valid).unwrap()).is_ok());
    for (one, two) in [
        (
            r#""name": "Member""#,
            r#""name": "Members", "name": "Member""#,
        ),
        (r#""name": "Admin""#, r#""name": "Boss", "name": "Admin""#),
        (r#""key": "people""#, r#""key": "person", "key": "people""#),
        (r#""key": "boss""#, r#""key": "chief", "key": "boss""#),
        (r#""key": "fax""#, r#""key": "telex", "key": "fax""#),
        (r#""ada": "Admin""#, r#""ada": "Member", "ada": "Admin""#),
    ] {
        let invalid = refused(&valid.replace(one, two));
        assert_eq!(invalid.count(), 1, "{two}\n{invalid}");
    }
}

/// `serde_json` hands numbers over as maps with such a key if its feature `arbitrary_precision` is on.
#[test]
fn a_holder_may_be_called_as_serde_json_calls_its_numbers() {
    let name = "$serde_json::private::Number";
    for role in ["5", "1e3", "nan", "inf"] {
        for kind in PrincipalKind::ALL {
            let holder = Principal::new(kind, name);
            let builder = Workspace::builder(people())
                .role(Role::admin("Admin"))
                .role(Role::new(role))
                .default_role(role)
                .member("ada", "Admin");
            let workspace = match kind {
                PrincipalKind::Member => builder.member(name, role),
                PrincipalKind::ApiKey => builder.api_key(name, role),
                PrincipalKind::Agent => builder.agent(name, role),
            };
            let workspace = workspace.build().unwrap();
            assert!(workspace.role_of(&holder).is_some());
            let document = Document::from(&workspace);
            let text = serde_json::to_string(&document).unwrap();
            let toml = toml::to_string(&document).unwrap();
            let mut read = vec![
                serde_json::from_str(&text).unwrap(),
                serde_json::from_reader(text.as_bytes()).unwrap(),
                toml::from_str(&toml).unwrap(),
            ];
            // With the feature on, a `Value` itself takes such a map for a number, or refuses it.
            let value = serde_json::from_str::<Value>(&text).ok();
            if let Some(value) = value.filter(|value| *value == json!(document)) {
                read.push(Document::deserialize(&value).unwrap());
                read.push(serde_json::from_value(value).unwrap());
            }
            for read in read {
                assert_eq!(Workspace::try_from(read).as_ref(), Ok(&workspace), "{text}");
            }
        }
    }
}

#[test]
fn lists_and_maps_nest_thirty_two_levels_deep_at_most() {
    // In a document, the outermost map is the first of them.
    let nested = |levels: usize| {
        let (open, close) = ("[".repeat(levels), "]".repeat(levels));
        serde_json::from_str::<Document>(&format!(r#"{{ "version": {open}{close} }}"#))
    };
    assert!(nested(31).is_ok());
    let error = nested(32).unwrap_err();
    assert_eq!(
        error.to_string(),
        "lists and maps nest deeper than 32 levels at line 1 column 46"
    );
    assert!(nested(100_000).is_err());
}

#[test]
fn names_as_long_as_they_may_be_are_taken_and_shown_whole() {
    // Two bytes each.
    let long = "é".repeat(MAX_NAME_BYTES / 2) + "x";
    assert_eq!(long.len(), MAX_NAME_BYTES);
    let built = |name: &str, field: &str| {
        let schema = Schema::builder().object(name, [field, "name"]).build()?;
        Workspace::builder(schema)
            .role(Role::admin(name))
            .role(Role::new("Member").rule(name, ObjectRule::new()))
            .default_role("Member")
            .member(name, name)
            .build()
    };
    let taken = built(&long, &long).unwrap();
    assert_eq!(workspace(&json(&taken)), taken);

    let too_long = format!("{long}x");
    let invalid: InvalidWorkspace = built(&too_long, &too_long).unwrap_err();
    assert_eq!(
        invalid.to_string(),
        format!(
            "\
`schema.objects[0].key`: `{too_long}` is no key; a key has 1 to 255 bytes without white space, control characters or dots
`schema.objects[0].fields[0].key`: `{too_long}` is no key; a key has 1 to 255 bytes without white space, control characters or dots"
        )
    );
}

#[test]
fn of_an_enormous_name_only_the_start_is_shown() {
    let enormous = "a\n".repeat(1_000_000);
    let start = r"a\n".repeat(127) + "a…";
    let document = serde_json::json!({
        "version": 1,
        "schema": {},
        "roles": [
            { "name": "Admin", "admin": true },
            { "name": "Member", "allow": [&enormous], "objects": { &enormous: {} } }
        ],
        "default_role": "Member",
        "members": { "ada": "Admin" },
    });
    assert_eq!(
        refused(&document.to_string()).to_string(),
        format!(
            "\
`roles[1].allow[0]`: unknown action `{start}`; it is one of `see`, `edit`, `delete`, `destroy`
`roles[1].objects.{start}`: unknown object `{start}`"
        )
    );
}

/// What is wrong with a schema, as text.
#[track_caller]
fn wrong(schema: Result<Schema, InvalidSchema>) -> String {
    schema.unwrap_err().to_string()
}

#[test]
fn a_schema_built_in_code_has_the_problems_of_one_that_is_loaded() {
    let schema = Schema::builder()
        .object("people", ["name", "e mail", "name"])
        .object("people", ["x"])
        .object("x.y", Vec::<&str>::new())
        .field("peeple", "name")
        .field("people", Field::new("company").with_relation("companies"))
        .permission(Permission::settings("roles"))
        .permission(Permission::settings("billing").with_requirement("workspaces"))
        .permission(Permission::action("a").with_requirement("b"))
        .permission(Permission::action("b").with_requirement("a"))
        .permission(Permission::action("c").with_requirement("a"))
        .build();
    assert_eq!(schema.as_ref().unwrap_err().count(), 10);
    assert_eq!(
        wrong(schema),
        "\
`schema.objects[1].key`: object `people` is there already; each may appear once
`schema.objects[2].key`: `x.y` is no key; a key has 1 to 255 bytes without white space, control characters or dots
`schema.objects`: unknown object `peeple`; did you mean `people`?
`schema.objects[0].fields[3].relation`: unknown object `companies`
`schema.objects[0].fields[1].key`: `e mail` is no key; a key has 1 to 255 bytes without white space, control characters or dots
`schema.objects[0].fields[2].key`: field `name` is there already; each may appear once
`schema.permissions[11].key`: workspace permission `roles` is there already; each may appear once
`schema.permissions[12].requires`: unknown workspace permission `workspaces`; did you mean `workspace`?
`schema.permissions[13].requires`: workspace permission `a` requires itself in the end; remove one of the requirements
`schema.permissions[14].requires`: workspace permission `b` requires itself in the end; remove one of the requirements"
    );
}

#[test]
fn circles_of_as_many_permissions_as_there_may_be_are_found() {
    // Two circles, and a way from the first to the second, which is on neither.
    let (half, way) = (20_000, MAX_PERMISSIONS - 40_000);
    let next = |number: usize| match number {
        number if number < half => vec![(number + 1) % half, 2 * half],
        number if number < 2 * half => vec![half + (number + 1) % half],
        number if number + 1 < MAX_PERMISSIONS => vec![number + 1, half],
        _ => vec![half],
    };
    let permissions = (0..MAX_PERMISSIONS).map(|number| {
        let permission = Permission::action(format!("p{number}"));
        let required = next(number).into_iter().map(|next| format!("p{next}"));
        required.fold(permission, Permission::with_requirement)
    });
    let invalid = Schema::builder().only_permissions(permissions).build();
    assert_eq!(invalid.unwrap_err().count(), MAX_PERMISSIONS - way);
}

#[test]
fn a_schema_has_a_limit_to_everything() {
    let none = Vec::<&str>::new;
    let objects = |count: usize| {
        (0..count)
            .fold(Schema::builder(), |builder, number| {
                builder.object(format!("o{number}"), none())
            })
            .build()
    };
    let fields = |count: usize| {
        Schema::builder()
            .object("people", (0..count).map(|number| format!("f{number}")))
            .build()
    };
    let permissions = |count: usize| {
        Schema::builder()
            .only_permissions((0..count).map(|number| Permission::action(format!("p{number}"))))
            .build()
    };
    assert!(objects(MAX_OBJECTS).is_ok());
    assert!(fields(MAX_FIELDS).is_ok());
    assert!(permissions(MAX_PERMISSIONS).is_ok());
    for (schema, expected) in [
        (
            objects(65_536),
            "`schema.objects`: 65536 objects are too many; a schema has at most 65535",
        ),
        (
            fields(65_536),
            "`schema.objects[0].fields`: 65536 fields are too many; an object has at most 65535",
        ),
        (
            permissions(65_536),
            "`schema.permissions`: 65536 workspace permissions are too many; a schema has at most 65535",
        ),
    ] {
        assert_eq!(wrong(schema), expected);
    }
}

#[test]
fn what_is_past_a_limit_is_not_unknown() {
    let objects = (0..=MAX_OBJECTS).fold(Schema::builder(), |builder, number| {
        builder.object(
            format!("o{number}"),
            [Field::new("it").with_relation("o65535")],
        )
    });
    assert_eq!(objects.build().unwrap_err().count(), 1);
    let permissions = (0..=MAX_PERMISSIONS)
        .map(|number| Permission::action(format!("p{number}")))
        .map(|permission| match permission.key().as_str() {
            "p0" => permission.with_requirement("p65535"),
            _ => permission,
        });
    let schema = Schema::builder().only_permissions(permissions).build();
    assert_eq!(schema.unwrap_err().count(), 1);
}

#[test]
fn the_last_of_as_many_objects_and_fields_as_there_may_be_is_answered_for() {
    let schema = (0..MAX_OBJECTS)
        .fold(Schema::builder(), |builder, number| {
            builder.object(format!("o{number}"), Vec::<&str>::new())
        })
        .field("o65534", "first")
        .build()
        .unwrap();
    let schema = schema
        .objects()
        .iter()
        .fold(Schema::builder(), |builder, object| {
            let fields: Vec<String> = if object.key() == "o65534" {
                (0..MAX_FIELDS).map(|number| format!("f{number}")).collect()
            } else {
                Vec::new()
            };
            builder.object(object.key(), fields)
        });
    let policy = Workspace::builder(schema.build().unwrap())
        .role(Role::admin("Admin"))
        .role(Role::new("Member").rule(
            "o65534",
            ObjectRule::new().field("f65534", FieldRule::SEE_ONLY),
        ))
        .default_role("Member")
        .member("ada", "Admin")
        .member("tim", "Member")
        .build()
        .unwrap()
        .compile();
    let tim = policy.access(&Principal::member("tim"));
    let last = policy.field("o65534", "f65534").unwrap();
    assert!(tim.can(Action::See, "o65534", "f65534"));
    assert!(tim.can(Action::See, last.object(), last));
    assert!(!tim.can(Action::Edit, "o65534", "f65534"));
    assert!(!tim.can(Action::See, "o65534", "f65533"));
    assert!(!tim.can(Action::See, "o65534", None));
    assert!(tim.fields(Action::See, "o65534").iter().eq(["f65534"]));
    assert_eq!(tim.fields(Action::See, "o65534").len(), 1);
    let ada = policy.access(&Principal::member("ada"));
    assert_eq!(ada.fields(Action::Edit, "o65534").len(), MAX_FIELDS);
    assert!(ada.can(Action::Destroy, "o65533", None));
}

#[test]
fn a_workspace_built_in_code_has_the_problems_of_one_that_is_loaded() {
    let invalid = Workspace::builder(people())
        .role(Role::new(" \n"))
        .role(Role::new("Member").allow(Action::Delete).grant("fly"))
        .role(
            Role::new("Member").rule(
                "people",
                ObjectRule::new()
                    .deny(Action::See)
                    .allow(Action::Destroy)
                    .field("nmae", FieldRule::EDIT),
            ),
        )
        .default_role("Menber")
        .member("ada", "Admin")
        .member("ada", "Member")
        .principal_without_role(Principal::member("tim"))
        .agent("\u{1b}[31m", "Member")
        .build()
        .unwrap_err();
    assert_eq!(
        invalid.to_string(),
        "\
`roles[0].name`: malformed role name ``; it has 1 to 255 bytes without control characters
`roles[1].allow`: `see` is denied but `delete` is allowed; allow `see` as well, or do not allow the rest
`roles[1].permissions`: unknown workspace permission `fly`
`roles[2].objects.people`: `see` is denied but `destroy` is allowed; allow `see` as well, or do not allow the rest
`roles[2].objects.people.fields.nmae`: unknown field `nmae`; did you mean `name`?
`roles[2].name`: role `Member` is there already; each may appear once
`roles`: no role is Admin; exactly one role has `admin` set
`default_role`: unknown role `Menber`; did you mean `Member`?
`members.ada`: unknown role `Admin`
`members.ada`: member `ada` is there already; each may appear once
`members.tim`: a member has exactly one role; name it
`agents.\\u{1b}[31m`: malformed agent name `\\u{1b}[31m`; it has 1 to 255 bytes without control characters"
    );
}

#[test]
fn a_new_workspace_needs_a_first_admin_with_a_name() {
    assert_eq!(
        Workspace::new(people(), "").unwrap_err().to_string(),
        "`members.`: malformed member name ``; it has 1 to 255 bytes without control characters"
    );
    let new = Workspace::new(people(), "ada").unwrap();
    assert!(new.role_of(&Principal::member("ada")).unwrap().is_admin());
}

#[test]
fn a_document_is_written_as_it_was_read_whatever_is_in_it() {
    let json = r#"{"version":1,"numbers":[-7,7,18446744073709551615,-9223372036854775808,1.5,-0.0,1.0],"truth":[true,null]}"#;
    let document: Document = serde_json::from_str(json).unwrap();
    assert_eq!(serde_json::to_string(&document).unwrap(), json);
    let text = "version = 1\nnumbers = [-7, 7, 1.5, 2.0]\n";
    let document: Document = toml::from_str(text).unwrap();
    assert_eq!(toml::to_string(&document).unwrap(), text);
}

#[test]
fn a_number_where_text_belongs_is_refused_also_after_it_is_written_again() {
    let json = r#"{ "version": 1, "roles": [{ "name": "Admin", "admin": true }, { "name": "Member" }],
        "schema": { "objects": [{ "key": "people", "label": 1.5, "fields": [] }] },
        "default_role": "Member", "members": { "ada": "Admin" } }"#;
    let document: Document = serde_json::from_str(json).unwrap();
    let written = serde_json::to_string(&document).unwrap();
    assert_eq!(
        serde_json::from_str::<Document>(&written).unwrap(),
        document
    );
    for json in [json, &written] {
        assert_eq!(
            refused(json).to_string(),
            "`schema.objects[0].label`: expected text, found `1.5`"
        );
    }
}

#[test]
fn a_number_that_json_lacks_is_not_written_as_nothing() {
    for number in ["nan", "inf", "-inf"] {
        let text = format!("version = 1\napi_keys = {{ website = {number} }}\n");
        let document: Document = toml::from_str(&text).unwrap();
        assert_eq!(document, document.clone());
        let error = serde_json::to_string(&document).unwrap_err().to_string();
        let number = number.replace("nan", "NaN");
        assert_eq!(
            error,
            format!("`{number}` is no number that every format has")
        );
    }
}

#[test]
fn what_no_document_holds_is_named() {
    use serde::de::value::{BytesDeserializer, Error};
    let bytes = BytesDeserializer::<Error>::new(b"version");
    let error = <Document as Deserialize>::deserialize(bytes).unwrap_err();
    assert_eq!(
        error.to_string(),
        "invalid type: byte array, expected text, a number, true, false, a list or a map"
    );
}

#[test]
fn a_principal_may_be_named_by_as_much_as_any_name() {
    let longest = "x".repeat(MAX_NAME_BYTES);
    let workspace = Workspace::new(people(), longest.as_str()).unwrap();
    assert!(workspace.role_of(&Principal::member(longest)).is_some());
}

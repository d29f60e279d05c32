//! Is a whole request allowed exactly when each of its parts is (L35, L36, L38), and is a guarded field guarded (L37)?

use core::cell::Cell;
use core::fmt::Debug;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rolegate::explanation::Reason;
use rolegate::request::{
    DenialReason, DeniedPart, FieldNames, FieldNamesError, Malformed, Read, Usage, Write,
};
use rolegate::role::Level;
use rolegate::schema::{SchemaBuilder, Writing};
use rolegate::{
    Access, Action, Document, Field, FieldRule, Object, ObjectRule, Policy, Principal, Role,
    Schema, Workspace,
};
use serde_json::{Value, json};

use crate::reference::{self, Because, ReadModel, Who, World, WriteKind, WriteModel};
use crate::request_worlds::{self as worlds, OBJECTS};

// ---- Facts ----

/// People of companies with owners. A clerk edits, deletes and exports, and sees no revenue, phone or account; a reader sees.
fn office() -> Policy {
    let schema = Schema::builder()
        .add_object(
            Object::new("people")
                .field(Field::new("id").system())
                .field(Field::new("score").read_only())
                .field("name")
                .field("phone")
                .field(Field::new("deleted_at").bound_to_action(Action::Delete))
                .field(Field::new("erased").bound_to_action(Action::Destroy))
                .field(Field::new("company").with_relation("companies"))
                .field(Field::new("account").with_relation("accounts")),
        )
        .object("companies", ["name", "revenue"])
        .field("companies", Field::new("parent").with_relation("companies"))
        .object("accounts", ["name"])
        .field("accounts", Field::new("role").bound_to_permission("roles"));
    let clerk = Role::new("Clerk")
        .allow(Action::See)
        .allow(Action::Edit)
        .allow(Action::Delete)
        .grant("export_csv")
        .rule(
            "people",
            ObjectRule::new().field("phone", FieldRule::NO_ACCESS),
        )
        .rule(
            "companies",
            ObjectRule::new().field("revenue", FieldRule::NO_ACCESS),
        )
        .rule("accounts", ObjectRule::new().deny(Action::See));
    let reader = Role::new("Reader")
        .allow(Action::See)
        .rule("people", ObjectRule::new().field("name", FieldRule::EDIT));
    let editor = Role::new("Editor")
        .allow(Action::See)
        .allow(Action::Edit)
        .grant("import_csv");
    Workspace::builder(schema.build().unwrap())
        .role(Role::admin("Admin"))
        .role(clerk)
        .role(reader)
        .role(editor)
        .role(
            Role::new("Head")
                .allow(Action::See)
                .allow(Action::Edit)
                .grant("roles"),
        )
        .default_role("Reader")
        .member("ada", "Admin")
        .member("cleo", "Clerk")
        .member("ray", "Reader")
        .member("eda", "Editor")
        .member("hal", "Head")
        .build()
        .unwrap()
        .compile()
}

fn member<'p>(policy: &'p Policy, id: &str) -> Access<'p> {
    policy.access(&Principal::member(id))
}

fn words(denials: impl Iterator<Item = DeniedPart>) -> Vec<String> {
    denials
        .map(|denial| format!("{} {}", denial.usage(), denial.name()))
        .collect()
}

#[track_caller]
fn reads(who: &str, read: &Read<'_>, denied: &[&str]) {
    let policy = office();
    let access = member(&policy, who);
    let verdict = access.check_read(read);
    assert_eq!(words(verdict.denials()), denied);
    assert_eq!(verdict.is_allowed(), denied.is_empty());
    assert_eq!(verdict.require().is_ok(), denied.is_empty());
}

#[track_caller]
fn writes(who: &str, write: &Write<'_>, denied: &[&str]) {
    let policy = office();
    let access = member(&policy, who);
    let verdict = access.check_write(write);
    assert_eq!(words(verdict.denials()), denied);
    assert_eq!(verdict.is_allowed(), denied.is_empty());
    assert_eq!(verdict.require().is_ok(), denied.is_empty());
}

#[test]
fn l38_every_use_of_a_hidden_field_is_denied_and_only_a_selection_is_trimmed() {
    let people = || Read::new("people").select(["name"]);
    reads("cleo", &people(), &[]);
    reads("cleo", &people().select(["phone"]), &["select phone"]);
    let uses = [
        ("filter", people().filter(["phone"])),
        ("sort", people().sort(["phone"])),
        ("group", people().group(["phone"])),
        ("aggregate", people().aggregate(["phone"])),
        ("search", people().search(["phone"])),
    ];
    let policy = office();
    let cleo = member(&policy, "cleo");
    for (word, read) in uses {
        reads("cleo", &read, &[&format!("{word} phone")]);
        assert!(cleo.check_read(&read).trimmed_select().is_err(), "{word}");
        assert!(member(&policy, "ada").check_read(&read).is_allowed());
    }
    let read = people().select(["phone", "company", "id"]);
    let verdict = cleo.check_read(&read);
    let trimmed: Vec<&str> = verdict.trimmed_select().unwrap().collect();
    assert_eq!(trimmed, ["name", "company", "id"]);
    let only = Read::new("people").select(["phone"]);
    assert_eq!(cleo.check_read(&only).trimmed_select().unwrap().count(), 0);
    let denied = cleo
        .check_read(read.filter(["phone"]))
        .require()
        .unwrap_err();
    assert_eq!(denied.denials().len(), 2);
    assert_eq!(
        denied.to_string(),
        "cannot select `phone`: `member:cleo` may not `see` `people.phone`: the field rule of role `Clerk` for \
         `people.phone` denies `see`, although the baseline allows it\n\
         cannot filter by `phone`: `member:cleo` may not `see` `people.phone`: the field rule of role `Clerk` for \
         `people.phone` denies `see`, although the baseline allows it"
    );
}

#[test]
fn a_path_needs_every_field_and_the_records_it_enters() {
    let people = |path| Read::new("people").filter([path]);
    reads("cleo", &people("company.name"), &[]);
    reads("cleo", &people("company.parent.parent.name"), &[]);
    reads(
        "cleo",
        &people("company.revenue"),
        &["filter company.revenue"],
    );
    // The relation is a field like any other; the records behind it are hidden, and so are their fields: two denials.
    reads("cleo", &people("account"), &[]);
    reads(
        "cleo",
        &people("account.name"),
        &["filter account.name", "filter account.name"],
    );
    reads("ray", &people("account.name"), &[]);
    let eight = [
        "company", "parent", "parent", "parent", "parent", "parent", "parent", "name",
    ];
    let joined = eight.join(".");
    reads("ray", &people(&joined), &[]);
    let nine = format!("company.parent.{}", eight[1..].join("."));
    reads("ada", &people(&nine), &[&format!("filter {nine}")]);
}

#[test]
fn records_and_permissions_are_parts_as_well() {
    reads("cleo", &Read::new("accounts"), &["records accounts"]);
    reads("cleo", &Read::new("people").exporting(), &[]);
    reads(
        "eda",
        &Read::new("people").exporting(),
        &["permission export_csv"],
    );
    writes("eda", &Write::create("people").importing(), &[]);
    writes(
        "cleo",
        &Write::create("people").importing(),
        &["permission import_csv"],
    );
}

#[test]
fn l36_each_kind_of_write_needs_what_the_law_says() {
    writes("eda", &Write::create("people").fields(["name"]), &[]);
    writes("eda", &Write::upsert("people").fields(["name"]), &[]);
    writes("eda", &Write::update("people"), &[]);
    // A reader may edit one field and no record.
    writes("ray", &Write::update("people").fields(["name"]), &[]);
    writes("ray", &Write::update("people"), &["records people"]);
    writes(
        "ray",
        &Write::create("people").fields(["name"]),
        &["records people"],
    );
    writes(
        "ray",
        &Write::upsert("people").fields(["name"]),
        &["records people"],
    );
    for write in [Write::delete("people"), Write::restore("people")] {
        writes("cleo", &write, &[]);
        writes("eda", &write, &["records people"]);
        let with_field = write.fields(["phone"]);
        writes("cleo", &with_field, &["write phone"]);
    }
    writes("cleo", &Write::destroy("people"), &["records people"]);
    writes("ada", &Write::destroy("people"), &[]);
    writes(
        "cleo",
        &Write::delete("accounts"),
        &["records accounts", "records accounts"],
    );
    let returning = Write::update("people")
        .fields(["name"])
        .returning(["phone", "company.name"]);
    writes("cleo", &returning, &["return phone"]);
}

#[test]
fn an_edit_cannot_smuggle_in_a_delete_nor_grant_a_role() {
    let patch = |object, field| Write::update(object).fields([field]);
    writes("cleo", &patch("people", "deleted_at"), &[]);
    writes("eda", &patch("people", "deleted_at"), &["write deleted_at"]);
    writes("cleo", &patch("people", "erased"), &["write erased"]);
    writes("eda", &patch("accounts", "role"), &["write role"]);
    writes("hal", &patch("accounts", "role"), &[]);
    writes("ada", &patch("accounts", "role"), &[]);
    for who in ["cleo", "hal", "ada"] {
        writes(who, &patch("people", "id"), &["write id"]);
        writes(who, &patch("people", "score"), &["write score"]);
        reads(who, &Read::new("people").select(["id", "score"]), &[]);
    }
}

#[test]
fn guarded_fields_are_explained_with_what_would_help() {
    let policy = office();
    let text = |who, field| {
        member(&policy, who)
            .explain(Action::Edit, "people", field)
            .to_string()
    };
    assert_eq!(
        text("eda", "deleted_at"),
        "denied: `member:eda` may not `edit` `people.deleted_at`: writing the field needs to `delete` `people` as well, and \
         the baseline of role `Editor` does not allow `delete`\n  \
           `member:eda` has role `Editor`\n    \
             `edit`: baseline allow (decides), object rule inherit, field rule inherit\n    \
             `see`: baseline allow (decides), object rule inherit, field rule inherit\n    \
             the field is bound to `delete` `people`:\n      \
               `delete`: baseline deny (decides), object rule inherit\n      \
               `see`: baseline allow (decides), object rule inherit\n  \
           to allow it: set `delete` to allow in the object rule of role `Editor` for `people`"
    );
    assert_eq!(
        text("ada", "id"),
        "denied: `member:ada` may not `edit` `people.id`: the field is the system's, and nobody writes it\n  \
           `member:ada` has role `Admin`\n  \
           to allow it: leave the field out of what is written; no role can allow it"
    );
    assert_eq!(
        text("ray", "deleted_at").matches(": set `").count(),
        2,
        "to edit the field, and to delete the record"
    );
    let role = member(&policy, "eda").explain(Action::Edit, "accounts", "role");
    assert_eq!(role.reason(), &Reason::Bound);
    assert_eq!(
        role.sentence().to_string(),
        "`member:eda` may not `edit` `accounts.role`: writing the field needs to use `roles` as well, and role `Editor` does \
         not grant it"
    );
    assert_eq!(
        member(&policy, "cleo")
            .explain(Action::Edit, "people", "score")
            .reason(),
        &Reason::ReadOnly
    );
    let saved = serde_json::to_string(&role).unwrap();
    assert_eq!(
        serde_json::from_str::<rolegate::Explanation>(&saved).unwrap(),
        role
    );
}

#[test]
fn malformed_requests_get_a_clear_denial() {
    let policy = office();
    let ada = member(&policy, "ada");
    let causes = |read: &Read<'_>| -> Vec<String> {
        let verdict = ada.check_read(read);
        let denials = verdict.denials().map(|denial| denial.to_string());
        denials.collect()
    };
    let people = |path| Read::new("people").filter([path]);
    assert_eq!(
        causes(&people("name.first")),
        [
            "cannot filter by `name.first`: `people.name` is not a relation; a path leads only through relations"
        ]
    );
    assert_eq!(
        causes(&people("company.")),
        [
            "cannot filter by `company.`: `member:ada` may not `see` `companies.`: the field `` of `companies` is unknown"
        ]
    );
    let long = "company".to_owned() + &".parent".repeat(9_999);
    let [denial] = &causes(&people(&long))[..] else {
        panic!("one denial");
    };
    assert!(
        denial.ends_with("…`: a path has at most 8 fields"),
        "{denial}"
    );
    let twice = Read::new("people")
        .select(["name", "id", "name"])
        .sort(["name", "name"]);
    assert_eq!(
        causes(&twice),
        ["cannot select `name`: it is listed more than once; list it once"]
    );
    assert_eq!(ada.check_read(&twice).trimmed_select().unwrap().count(), 2);
    let denial = ada.check_read(&twice).denials().next().unwrap();
    assert_eq!(
        denial.reason(),
        &DenialReason::Malformed(Malformed::Repeated)
    );
    let write = Write::update("people").fields(["name"]).fields(["name"]);
    assert_eq!(words(ada.check_write(&write).denials()), ["write name"]);
    for odd in [
        "",
        ".",
        "..",
        ".name",
        "name.",
        "company..name",
        "people",
        "Name",
        "\u{0}",
        "company name",
    ] {
        assert!(!ada.check_read(people(odd)).is_allowed(), "{odd:?}");
        assert_eq!(ada.check_read(people(odd)).denials().count(), 1, "{odd:?}");
        assert!(
            !ada.check_write(Write::update("people").fields([odd]))
                .is_allowed()
        );
    }
    let unknown = Read::new("poeple").select(["name"]);
    assert_eq!(
        words(ada.check_read(&unknown).denials()),
        ["records poeple", "select name"]
    );
    assert!(
        !ada.check_write(Write::update("people").fields(["company.name"]))
            .is_allowed()
    );
    let many = (0..5_000).map(|number| format!("f{number}"));
    let denied = ada
        .check_read(Read::new("people").filter(many))
        .require()
        .unwrap_err();
    assert_eq!(denied.denials().len(), 100);
    assert!(denied.to_string().ends_with("\nand 4900 more"));
}

#[test]
fn requests_are_plain_data() {
    let read = Read::new("people")
        .select(["name", "company.name"])
        .filter(["id"])
        .sort(["name"])
        .group(["company"])
        .aggregate(["score"])
        .search(["name"])
        .exporting();
    let saved = json!({
        "object": "people", "select": ["name", "company.name"], "filter": ["id"], "sort": ["name"],
        "group": ["company"], "aggregate": ["score"], "search": ["name"], "export": true,
    });
    assert_eq!(serde_json::to_value(&read).unwrap(), saved);
    let text = saved.to_string();
    assert_eq!(serde_json::from_str::<Read<'_>>(&text).unwrap(), read);
    let write = Write::upsert("people")
        .fields(["name"])
        .returning(["id"])
        .importing();
    let saved = json!({
        "kind": "upsert", "object": "people", "fields": ["name"], "returning": ["id"], "import": true,
    });
    assert_eq!(serde_json::to_value(&write).unwrap(), saved);
    let text = saved.to_string();
    assert_eq!(serde_json::from_str::<Write<'_>>(&text).unwrap(), write);
    for odd in [
        r#"{ "object": "people", "where": ["name"] }"#,
        r#"{ "select": ["name"] }"#,
        r#"{ "object": "people", "select": [1] }"#,
        r#"{ "object": "people", "select": ["id"], "select": ["name"] }"#,
    ] {
        assert!(serde_json::from_str::<Read<'_>>(odd).is_err(), "{odd}");
    }
    assert!(
        serde_json::from_str::<Write<'_>>(r#"{ "kind": "drop", "object": "people" }"#).is_err()
    );
    // What was repeated in the text is repeated in the request.
    let twice = r#"{ "object": "people", "select": ["name", "name"] }"#;
    reads(
        "ada",
        &serde_json::from_str(twice).unwrap(),
        &["select name"],
    );
}

#[test]
fn an_importer_keeps_what_is_allowed_and_reports_the_rest() {
    let policy = office();
    let keys = ["id", "name", "phone", "nickname", "name"];
    let cleo = member(&policy, "cleo");
    let verdict = cleo.check_patch("people", keys);
    assert!(verdict.kept_fields().unwrap().eq(["name"]));
    assert_eq!(
        words(verdict.denials()),
        ["write id", "write phone", "write nickname", "write name"]
    );
    // With nothing left, an update needs to edit the record, which a reader may not.
    let ray = member(&policy, "ray");
    assert!(ray.check_patch("people", ["name"]).kept_fields().is_ok());
    assert!(ray.check_patch("people", ["phone"]).kept_fields().is_err());
    let hidden = cleo.check_patch("accounts", ["name"]);
    assert!(hidden.kept_fields().is_err());
    let row = Write::create("people")
        .fields(["name", "phone"])
        .importing();
    let eda = member(&policy, "eda");
    assert!(
        eda.check_write(&row)
            .kept_fields()
            .unwrap()
            .eq(["name", "phone"])
    );
    assert!(cleo.check_write(&row).kept_fields().is_err());
}

#[test]
fn what_may_be_used_outlives_the_request_and_its_verdict() {
    let policy = office();
    let given = ["name", "phone"].map(str::to_owned);
    let columns = {
        let cleo = member(&policy, "cleo");
        let read = Read::new("people").select(given.iter().map(String::as_str));
        let borrowed = cleo.check_read(&read).into_trimmed_select().unwrap();
        assert_eq!(borrowed, ["name"]);
        cleo.check_read(read).into_trimmed_select().unwrap()
    };
    assert_eq!(columns, ["name"]);
    // The name is the one that was given, not a copy of it.
    assert!(core::ptr::eq(&raw const *columns[0], &raw const *given[0]));
    let kept = {
        let row = Write::update(String::from("people")).fields(given);
        member(&policy, "cleo").check_write(row).into_kept_fields()
    };
    assert_eq!(kept.unwrap(), ["name"]);
}

#[test]
fn a_request_is_read_back_as_it_was_described() {
    let read = Read::new("people").select(["b"]).select(["a", "b"]);
    let read = read.filter(["c"]).sort(["d"]).group(["e"]);
    let read = read.aggregate(["f"]).search(["g"]);
    assert!(read.selected().eq(["b", "a", "b"]) && read.filtered().eq(["c"]));
    assert!(read.sorted().eq(["d"]) && read.grouped().eq(["e"]));
    assert!(read.aggregated().eq(["f"]) && read.searched().eq(["g"]));
    assert!(!read.is_export() && read.clone().exporting().is_export());
    assert_eq!(read.object(), "people");
    let write = Write::upsert("people").fields(["a"]).returning(["b", "c"]);
    assert!(write.written().eq(["a"]) && write.returned().eq(["b", "c"]));
    assert!(!write.is_import() && write.clone().importing().is_import());
    assert_eq!(
        (write.kind().as_str(), write.object()),
        ("upsert", "people")
    );
}

#[test]
fn the_keys_of_a_patch_are_those_it_is_serialized_with() {
    #[derive(serde::Serialize)]
    struct Patch {
        name: Option<&'static str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        phone: Option<&'static str>,
        #[serde(rename = "deleted_at")]
        deleted: Value,
        #[serde(flatten)]
        custom: std::collections::BTreeMap<u8, bool>,
    }
    #[derive(serde::Serialize)]
    enum Odd {
        Unit,
        New(u8),
        Struct { a: u8 },
        Tuple(u8, u8),
    }
    let keys = |keys: Result<FieldNames, FieldNamesError>| -> Vec<String> {
        keys.unwrap().iter().map(str::to_owned).collect()
    };
    let patch = Patch {
        name: None,
        phone: None,
        deleted: json!({ "not": "a key" }),
        custom: [(1, true)].into(),
    };
    assert_eq!(keys(FieldNames::of(&patch)), ["name", "deleted_at", "1"]);
    assert_eq!(
        keys(FieldNames::of(&Some(&patch))),
        ["name", "deleted_at", "1"]
    );
    assert_eq!(
        keys(FieldNames::of(&json!({ "b": 1, "a": { "c": 2 } }))),
        ["a", "b"]
    );
    assert_eq!(keys(FieldNames::of(&Odd::New(1))), ["New"]);
    assert_eq!(keys(FieldNames::of(&Odd::Struct { a: 1 })), ["Struct"]);
    assert_eq!(keys(FieldNames::of(&Odd::Tuple(1, 2))), ["Tuple"]);
    assert_eq!(FieldNames::of(&Odd::Unit), Err(FieldNamesError::NotAMap));
    assert_eq!(FieldNames::of(&[1]), Err(FieldNamesError::NotAMap));
    assert_eq!(FieldNames::of(&None::<Odd>), Err(FieldNamesError::NotAMap));
    let pairs = std::collections::BTreeMap::from([((1, 2), 3)]);
    assert_eq!(FieldNames::of(&pairs), Err(FieldNamesError::NotText));
    let policy = office();
    let denied = words(
        member(&policy, "ada")
            .check_patch("people", &FieldNames::of(&patch).unwrap())
            .denials(),
    );
    assert_eq!(denied, ["write 1"]);
}

#[test]
fn column_lists_feed_a_select_list() {
    let policy = office();
    let cleo = member(&policy, "cleo");
    let columns: Vec<&str> = cleo.fields(Action::See, "people").iter().collect();
    assert_eq!(
        columns,
        [
            "id",
            "score",
            "name",
            "deleted_at",
            "erased",
            "company",
            "account"
        ]
    );
    assert!(
        cleo.check_read(Read::new("people").select(columns))
            .is_allowed()
    );
    let editable: Vec<&str> = cleo.fields(Action::Edit, "people").iter().collect();
    assert_eq!(editable, ["name", "deleted_at", "company", "account"]);
    assert!(
        cleo.fields(Action::Edit, "people")
            .words()
            .eq([0b1101_0100])
    );
    assert!(cleo.check_patch("people", editable).is_allowed());
}

// ---- Guarded fields in schemas and documents ----

#[test]
fn a_schema_refuses_a_field_bound_to_see_or_to_what_is_unknown() {
    let problems = |field: Field| {
        let schema = Schema::builder()
            .object("people", ["name"])
            .field("people", field);
        schema.build().map_err(|invalid| invalid.to_string())
    };
    assert_eq!(
        problems(Field::new("a").bound_to_action(Action::See)).unwrap_err(),
        "`schema.objects[0].fields[1].bound_to_actions`: a field cannot be bound to `see`; writing it may need `edit`, \
         `delete` or `destroy` on the record"
    );
    assert_eq!(
        problems(Field::new("a").bound_to_permission("rolls")).unwrap_err(),
        "`schema.objects[0].fields[1].bound_to_permissions`: unknown workspace permission `rolls`; did you mean `roles`?"
    );
    assert!(problems(Field::new("a").bound_to_action(Action::Edit).read_only()).is_ok());
}

#[test]
fn guarded_fields_are_stored() {
    let json = json!({
        "version": 1,
        "schema": { "objects": [{ "key": "people", "fields": [
            "name",
            { "key": "id", "writing": "system" },
            { "key": "score", "label": "Score", "writing": "read_only" },
            { "key": "gone", "bound_to_actions": ["delete", "destroy"], "bound_to_permissions": ["roles", "security"] },
        ] }] },
        "roles": [{ "name": "Admin", "admin": true }, { "name": "Member" }],
        "default_role": "Member",
        "members": { "ada": "Admin" },
    });
    let load = |json: &Value| {
        let document: Document = serde_json::from_value(json.clone()).unwrap();
        Workspace::try_from(document)
    };
    let workspace = load(&json).unwrap();
    assert_eq!(
        serde_json::to_value(Document::from(&workspace)).unwrap(),
        json
    );
    let gone = workspace.schema().field("people", "gone").unwrap();
    assert!(
        gone.bound_actions()
            .iter()
            .eq([Action::Delete, Action::Destroy])
    );
    assert_eq!(gone.bound_permissions().len(), 2);
    assert_eq!(gone.writing(), Writing::Free);
    let problems = |field: Value| {
        let mut json = json.clone();
        json["schema"]["objects"][0]["fields"][3] = field;
        load(&json).unwrap_err().to_string()
    };
    let place = "`schema.objects[0].fields[3]";
    assert_eq!(
        problems(json!({ "key": "a", "writing": "never" })),
        format!(
            "{place}.writing`: unknown writing of a field `never`; it is one of `free`, `read_only`, `system`"
        )
    );
    assert_eq!(
        problems(json!({ "key": "a", "bound_to_actions": ["see"] })),
        format!(
            "{place}.bound_to_actions`: a field cannot be bound to `see`; writing it may need `edit`, `delete` or \
                 `destroy` on the record"
        )
    );
    assert_eq!(
        problems(json!({ "key": "a", "bound_to_permissions": ["roles", "roles"] })),
        format!(
            "{place}.bound_to_permissions[1]`: item `roles` is there already; each may appear once"
        )
    );
    assert_eq!(
        problems(json!({ "key": "a", "bound_to_permissions": ["fly"] })),
        format!("{place}.bound_to_permissions`: unknown workspace permission `fly`")
    );
}

#[test]
fn handles_stay_good_when_only_the_writing_of_a_field_changes() {
    let schema = |field: Field| -> SchemaBuilder {
        Schema::builder().add_object(Object::new("a").field(field))
    };
    let policy = |field: Field| {
        let schema = schema(field).build().unwrap();
        Workspace::new(schema, "ada").unwrap().compile()
    };
    let free = policy(Field::new("b"));
    let closed = policy(Field::new("b").read_only());
    assert_ne!(free.schema(), closed.schema());
    let (object, field) = (free.object("a").unwrap(), free.field("a", "b").unwrap());
    let ada = Principal::member("ada");
    assert!(free.can(&ada, Action::Edit, object, field));
    assert!(closed.can(&ada, Action::See, object, field));
    assert!(!closed.can(&ada, Action::Edit, object, field));
}

// ---- Properties ----

fn runner() -> TestRunner {
    let config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
}

/// How often a property met each of two answers.
#[derive(Default)]
struct Shares([Cell<u32>; 2]);

impl Shares {
    fn count(&self, answer: bool) {
        let cell = &self.0[usize::from(answer)];
        cell.set(cell.get() + 1);
    }

    /// A property that meets one answer only would go quiet unnoticed.
    #[track_caller]
    fn are_fair(&self) {
        let [no, yes] = [&self.0[0], &self.0[1]].map(Cell::get);
        assert!(
            no * 10 > yes && yes * 10 > no,
            "{no} times no, {yes} times yes"
        );
    }
}

/// One by one, through the single checks of the library.
fn sees(access: &Access<'_>, object: &str, path: &str) -> bool {
    let Some((name, rest)) = path.split_once('.') else {
        return access.can(Action::See, object, path);
    };
    let field = access.policy().schema().field(object, name);
    let related = field.and_then(|field| field.relation());
    access.can(Action::See, object, name)
        && related.is_some_and(|related| {
            let related = related.as_str();
            access.can(Action::See, related, None) && sees(access, related, rest)
        })
}

#[test]
fn a_read_is_allowed_if_and_only_if_each_part_is() {
    holds_in_all_worlds(worlds::reads(), read_law);
}

#[test]
fn l36_a_write_is_allowed_if_and_only_if_each_part_is() {
    holds_in_all_worlds(worlds::writes(), write_law);
}

/// Holds a law in many worlds, about many chains and models of requests. It gives two answers about each, of which neither
/// may be rare.
fn holds_in_all_worlds<M: Debug>(
    models: BoxedStrategy<M>,
    law: impl Fn(&World, &[Who], &Access<'_>, &M) -> Result<[bool; 2], TestCaseError>,
) {
    let shares = [Shares::default(), Shares::default()];
    let inputs = (
        worlds::worlds(),
        worlds::chains(),
        proptest::collection::vec(models, 12),
    );
    let all = |(world, chain, models): (World, Vec<Who>, Vec<M>)| {
        let policy = worlds::policy(&world);
        let access = worlds::access(&policy, &chain);
        for model in &models {
            let answers = law(&world, &chain, &access, model)?;
            for (share, answer) in shares.iter().zip(answers) {
                share.count(answer);
            }
        }
        Ok(())
    };
    runner().run(&inputs, all).unwrap();
    shares.iter().for_each(Shares::are_fair);
}

/// L35, L38: a read and all that its verdict tells; whether it is allowed, and whether it is with less selected.
pub(crate) fn read_law(
    world: &World,
    chain: &[Who],
    access: &Access<'_>,
    model: &ReadModel,
) -> Result<[bool; 2], TestCaseError> {
    let read = worlds::read(model);
    let verdict = access.check_read(&read);
    prop_assert_eq!(
        verdict.is_allowed(),
        reference::may_read(world, chain, model)
    );
    let trimmed = verdict
        .trimmed_select()
        .ok()
        .map(Iterator::collect::<Vec<_>>);
    let is_trimmable = trimmed.is_some();
    let visible = reference::visible_select(world, chain, model);
    let some = reference::may_read_some(world, chain, model);
    prop_assert_eq!(
        &trimmed,
        &some.then(|| visible.iter().map(String::as_str).collect())
    );
    if let Some(trimmed) = trimmed {
        let mut rest = model.clone();
        rest.select = trimmed.iter().map(|&name| name.to_owned()).collect();
        prop_assert!(access.check_read(worlds::read(&rest)).is_allowed());
    }
    for answer in verdict.answers() {
        let one = match answer.usage {
            Usage::Records => access.can(Action::See, &model.object, None),
            Usage::Permission => access.can_use(answer.name),
            _ => answer.name.split('.').count() <= 8 && sees(access, &model.object, answer.name),
        };
        let repeats = model
            .select
            .iter()
            .filter(|name| *name == answer.name)
            .count();
        prop_assert!(
            one == answer.is_allowed || (answer.usage == Usage::Select && repeats > 1),
            "{:?}",
            answer
        );
    }
    let answers = verdict.answers().count();
    let parts = 1 + usize::from(model.export) + model.select.len();
    prop_assert_eq!(
        answers,
        parts + model.uses.iter().map(Vec::len).sum::<usize>()
    );
    prop_assert_eq!(
        verdict.answers().all(|answer| answer.is_allowed),
        verdict.is_allowed()
    );
    let denials: Vec<DeniedPart> = verdict.denials().collect();
    explains(&denials)?;
    let denied = verdict.answers().filter(|answer| !answer.is_allowed);
    let denied: Vec<_> = denied
        .map(|answer| (answer.usage, answer.name.to_owned()))
        .collect();
    let mut named: Vec<_> = denials
        .iter()
        .map(|denial| (denial.usage(), denial.name().to_owned()))
        .collect();
    named.dedup();
    let mut denied_once = denied;
    denied_once.dedup();
    prop_assert_eq!(named, denied_once);
    Ok([verdict.is_allowed(), is_trimmable])
}

/// L36, L38: a write and all that its verdict tells; whether it is allowed, and whether it is with fewer fields.
pub(crate) fn write_law(
    world: &World,
    chain: &[Who],
    access: &Access<'_>,
    model: &WriteModel,
) -> Result<[bool; 2], TestCaseError> {
    let write = worlds::write(model);
    let verdict = access.check_write(&write);
    prop_assert_eq!(
        verdict.is_allowed(),
        reference::may_write(world, chain, model)
    );
    prop_assert_eq!(
        verdict.answers().all(|answer| answer.is_allowed),
        verdict.is_allowed()
    );
    let denials: Vec<DeniedPart> = verdict.denials().collect();
    prop_assert_eq!(denials.is_empty(), verdict.is_allowed());
    explains(&denials)?;
    let kept = verdict
        .kept_fields()
        .ok()
        .map(|kept| kept.map(str::to_owned).collect::<Vec<_>>());
    prop_assert_eq!(&kept, &reference::kept(world, chain, model));
    let keeps_some = kept.is_some();
    if let Some(fields) = kept {
        let rest = WriteModel {
            fields,
            ..model.clone()
        };
        prop_assert!(access.check_write(worlds::write(&rest)).is_allowed());
    }
    if model.kind == WriteKind::Update && !model.import && model.returning.is_empty() {
        let patch = access.check_patch(&model.object, &model.fields);
        prop_assert_eq!(patch.is_allowed(), verdict.is_allowed());
        prop_assert!(patch.denials().eq(verdict.denials()));
    }
    Ok([verdict.is_allowed(), keeps_some])
}

/// Each denial is a flaw of the name, or holds an explanation that says no.
fn explains(denials: &[DeniedPart]) -> Result<(), TestCaseError> {
    for denial in denials {
        match denial.reason() {
            DenialReason::Denied(explanation) => prop_assert!(!explanation.is_allowed()),
            DenialReason::Malformed(_) => {}
            _ => prop_assert!(false, "an unknown cause"),
        }
        let saved = serde_json::to_string(denial).unwrap();
        prop_assert_eq!(&serde_json::from_str::<DeniedPart>(&saved).unwrap(), denial);
    }
    Ok(())
}

/// L9, L32, L37: every way of asking about a guarded field gives the answer of the definition, with its reason.
#[test]
fn guarded_fields_are_answered_alike_in_every_way() {
    let bound = Shares::default();
    let inputs = (worlds::worlds(), worlds::chains());
    let law = |(world, chain): (World, Vec<Who>)| {
        let policy = worlds::policy(&world);
        let access = worlds::access(&policy, &chain);
        for (object, fields) in OBJECTS {
            let mut editable = Vec::new();
            for &field in fields {
                for action in Action::ALL {
                    let model = match action {
                        Action::See => reference::Action::See,
                        Action::Edit => reference::Action::Edit,
                        Action::Delete => reference::Action::Delete,
                        Action::Destroy => reference::Action::Destroy,
                    };
                    let expected = reference::can(&world, &chain, model, object, Some(field));
                    prop_assert_eq!(access.can(action, object, field), expected);
                    let handles = (
                        policy.object(object).unwrap(),
                        policy.field(object, field).unwrap(),
                    );
                    prop_assert_eq!(access.can(action, handles.0, handles.1), expected);
                    prop_assert_eq!(access.fields(action, object).contains(field), expected);
                    let why = access.explain(action, object, field);
                    prop_assert_eq!(why.is_allowed(), expected);
                    prop_assert_eq!(why.remedies().is_empty(), expected, "{}", why);
                    for (link, who) in why.links().zip(&chain) {
                        let because = reference::why(&world, who, model, object, Some(field));
                        prop_assert_eq!(link.reason(), &reason(because, action), "{}", why);
                        bound.count(because == Because::Bound);
                    }
                    if action == Action::Edit && expected {
                        editable.push(field);
                    }
                }
            }
            prop_assert!(access.fields(Action::Edit, object).iter().eq(editable));
        }
        Ok(())
    };
    runner().run(&inputs, law).unwrap();
    let [_, met] = bound.0;
    assert!(met.get() > 20, "a binding decided {} times", met.get());
}

fn reason(because: Because, asked: Action) -> Reason {
    match because {
        Because::UnknownPrincipal => Reason::UnknownPrincipal,
        Because::NoRole => Reason::NoRole,
        Because::FieldsHaveTwoActions => Reason::FieldsHaveTwoActions { action: asked },
        Because::ReadOnly => Reason::ReadOnly,
        Because::System => Reason::System,
        Because::Bound => Reason::Bound,
        Because::Admin => Reason::Admin,
        Because::Decided { action, level } => Reason::Decided {
            action: worlds::actions(action),
            level: match level {
                reference::Level::Baseline => Level::Baseline,
                reference::Level::ObjectRule => Level::ObjectRule,
                reference::Level::FieldRule => Level::FieldRule,
            },
        },
        Because::UnknownObject | Because::UnknownField => panic!("every name is known"),
    }
}

/// L33: without the rules that an explanation does not cite, the answer about a guarded field stays the same.
#[test]
fn explanations_of_guarded_fields_are_sufficient() {
    let bound = Shares::default();
    let law = |world: World| {
        let policy = worlds::policy(&world);
        let who = Who {
            kind: reference::Kind::Member,
            id: "m1".to_owned(),
        };
        let chain = [who];
        let access = worlds::access(&policy, &chain);
        for (object, field) in world.guards.keys() {
            let why = access.explain(Action::Edit, object, field);
            let link = why.deciding_link();
            bound.count(why.is_allowed() || why.reason() == &Reason::Bound);
            let mut bare = world.clone();
            let role = &mut bare.roles[1];
            let cites = |level, action: usize| {
                link.cited()
                    .any(|cited| cited.level == level && cited.action == Action::ALL[action])
            };
            role.objects.retain(|known, _| known == object);
            if let Some(rule) = role.objects.get_mut(object) {
                rule.fields.retain(|known, _| known == field);
                for (action, effect) in rule.effects.iter_mut().enumerate() {
                    if !cites(Level::ObjectRule, action) {
                        *effect = reference::Effect::Inherit;
                    }
                }
                for rule in rule.fields.values_mut() {
                    if !cites(Level::FieldRule, 0) {
                        rule.see = reference::Effect::Inherit;
                    }
                    if !cites(Level::FieldRule, 1) {
                        rule.edit = reference::Effect::Inherit;
                    }
                }
            }
            for (action, allowed) in role.baseline.iter_mut().enumerate() {
                *allowed &= cites(Level::Baseline, action);
            }
            let granted = link
                .bound()
                .iter()
                .filter(|bound| bound.answer.is_allowed());
            let granted: Vec<String> = granted
                .flat_map(|bound| bound.answer.grants())
                .map(|grant| grant.permission.clone())
                .collect();
            role.permissions.retain(|key| granted.contains(key));
            // Taking a baseline's See away may leave a contradiction, which the definition answers all the same.
            let answer =
                reference::can(&bare, &chain, reference::Action::Edit, object, Some(field));
            prop_assert_eq!(answer, why.is_allowed(), "{}", why);
        }
        Ok(())
    };
    runner().run(&worlds::worlds(), law).unwrap();
    bound.are_fair();
}

// ---- Memory ----

#[test]
fn an_allowed_check_of_forty_fields_allocates_nothing() {
    let names: Vec<String> = (0..40).map(|number| format!("field_{number}")).collect();
    let schema = Schema::builder()
        .object("people", names.iter().map(String::as_str))
        .field("people", Field::new("company").with_relation("companies"))
        .object("companies", ["name"]);
    let workspace = Workspace::builder(schema.build().unwrap())
        .role(Role::admin("Admin"))
        .role(
            Role::new("Member")
                .allow(Action::See)
                .allow(Action::Edit)
                .grant("export_csv"),
        )
        .default_role("Member")
        .member("ada", "Admin")
        .member("tim", "Member")
        .build();
    let policy = workspace.unwrap().compile();
    let tim = member(&policy, "tim");
    let chain = member(&policy, "ada").on_behalf_of(&Principal::member("tim"));
    let read = Read::new("people")
        .select(&names)
        .filter(["company.name"])
        .sort(["field_7", "field_8"])
        .exporting();
    let write = Write::upsert("people")
        .fields(&names)
        .returning(["company.name"]);
    for access in [&tim, &chain] {
        let allocations = allocation_counter::measure(|| {
            let verdict = access.check_read(&read);
            assert!(verdict.is_allowed() && verdict.require().is_ok());
            assert_eq!(verdict.trimmed_select().map_or(0, Iterator::count), 40);
            assert!(verdict.answers().all(|answer| answer.is_allowed));
            assert_eq!(verdict.denials().count(), 0);
            let verdict = access.check_write(&write);
            assert!(verdict.is_allowed() && verdict.require().is_ok());
            assert_eq!(verdict.kept_fields().map_or(0, Iterator::count), 40);
        });
        assert_eq!(allocations.count_total, 0);
    }
}

#[test]
fn a_select_list_that_cannot_be_trimmed_says_what_else_is_denied() {
    let policy = office();
    let cleo = member(&policy, "cleo");
    let read = Read::new("people")
        .select(["name", "phone"])
        .filter(["phone", "name"])
        .sort(["phone"]);
    let verdict = cleo.check_read(&read);
    let denied = verdict.trimmed_select().map(Iterator::count).unwrap_err();
    assert_eq!(
        words(denied.denials().iter().cloned()),
        ["filter phone", "sort phone"]
    );
}

#[test]
fn a_name_that_is_no_text_is_said_to_be_none() {
    let odd = r#"{ "object": "people", "select": [1] }"#;
    let error = serde_json::from_str::<Read<'_>>(odd).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("invalid type: integer `1`, expected the name of a field"),
        "{error}"
    );
}

/// L32, L33, L37: several things that a field is bound to.
#[test]
fn what_a_field_is_bound_to_is_cited_if_it_refused_and_what_would_help_is_said_once() {
    let schema = Schema::builder().add_object(
        Object::new("people").field("name").field(
            Field::new("merged")
                .bound_to_action(Action::Edit)
                .bound_to_action(Action::Delete)
                .bound_to_action(Action::Destroy),
        ),
    );
    let schema = schema.build().unwrap();
    let explained = |rule: ObjectRule| {
        let role = Role::new("Clerk").allow(Action::See).rule("people", rule);
        let policy = Workspace::builder(schema.clone())
            .role(Role::admin("Admin"))
            .role(role)
            .default_role("Clerk")
            .member("ada", "Admin")
            .member("cleo", "Clerk")
            .build()
            .unwrap()
            .compile();
        member(&policy, "cleo").explain(Action::Edit, "people", "merged")
    };
    let cited = |explanation: &rolegate::Explanation| {
        let cited = explanation.deciding_link().cited();
        let cited = cited.map(|cited| format!("{} {:?}", cited.action, cited.level));
        cited.collect::<Vec<_>>()
    };
    let help = |explanation: &rolegate::Explanation| {
        let text = explanation.to_string();
        let (_, help) = text.split_once("to allow it: ").unwrap();
        help.to_owned()
    };

    // What is bound allows one and refuses two.
    let bound = explained(ObjectRule::new().allow(Action::Edit));
    assert_eq!(bound.reason(), &Reason::Bound);
    assert_eq!(cited(&bound), ["delete Baseline", "destroy Baseline"]);
    assert_eq!(
        help(&bound),
        "set `delete` to allow in the object rule of role `Clerk` for `people`\n  \
         and: set `destroy` to allow in the object rule of role `Clerk` for `people`"
    );

    // All are refused for one and the same See, and so is the field by its own.
    let blind = explained(ObjectRule::new().deny(Action::See).field(
        "merged",
        FieldRule::NO_ACCESS.set_edit(rolegate::Effect::Inherit),
    ));
    let two = explained(
        ObjectRule::new()
            .deny(Action::See)
            .field("merged", FieldRule::EDIT),
    );
    assert_eq!(two.reason(), &Reason::Bound);
    assert_eq!(help(&two).matches("set `see` to allow").count(), 1, "{two}");
    assert_eq!(
        cited(&blind),
        ["edit Baseline"],
        "the field's own levels decide"
    );
    assert_eq!(
        help(&blind).matches("set `see` to allow").count(),
        2,
        "of the field, and of the record: {blind}"
    );

    // A yes rests on all.
    let yes = explained(
        ObjectRule::new()
            .allow(Action::Edit)
            .allow(Action::Delete)
            .allow(Action::Destroy),
    );
    assert!(yes.is_allowed());
    assert_eq!(cited(&yes).len(), 8, "{:?}", cited(&yes));
}

#[test]
fn each_permission_that_a_field_is_bound_to_and_that_is_missing_would_help() {
    let schema = Schema::builder().add_object(
        Object::new("people").field("name").field(
            Field::new("merged")
                .bound_to_action(Action::Delete)
                .bound_to_permission("workflows")
                .bound_to_permission("trigger_workflows")
                .bound_to_permission("import_csv"),
        ),
    );
    let clerk = Role::new("Clerk").allow(Action::See).allow(Action::Edit);
    let policy = Workspace::builder(schema.build().unwrap())
        .role(Role::admin("Admin"))
        .role(clerk)
        .default_role("Clerk")
        .member("ada", "Admin")
        .member("cleo", "Clerk")
        .build()
        .unwrap()
        .compile();
    let text = member(&policy, "cleo")
        .explain(Action::Edit, "people", "merged")
        .to_string();
    let (_, help) = text.split_once("to allow it: ").unwrap();
    for once in [
        "`delete`",
        "grant `workflows`",
        "grant `trigger_workflows`",
        "grant `import_csv`",
    ] {
        assert_eq!(help.matches(once).count(), 1, "{once}: {help}");
    }
}

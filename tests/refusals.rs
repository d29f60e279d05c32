//! What is said when a change is refused and when one is made, and how both are stored?

use rolegate::{
    Action, Cell, Change, ChangeError, Effect, Field, FieldRule, GroupMapping, Object, ObjectRule,
    Permission, Principal, PrincipalKind, Role, Workspace,
};

use rolegate::workspace::{BatchError, GrantPolicy, KeysWithoutRole};
use serde_json::{Value, json};

fn office() -> Workspace {
    rolegate::sample::workspace().unwrap()
}

fn after(changes: impl IntoIterator<Item = Change>) -> Workspace {
    let mut workspace = office();
    workspace.apply_all(changes).unwrap();
    workspace
}

fn member(id: &str) -> Principal {
    Principal::member(id)
}

fn save(saved: Role, edited: Role) -> Change {
    let [saved, edited] = [saved, edited].map(Box::new);
    Change::SaveRole { saved, edited }
}

fn role(name: &str) -> Role {
    office().role(name).unwrap().clone()
}

/// Makes the member an acting one who holds a role that has `permissions`.
fn acting_with(permissions: &[&str]) -> Workspace {
    let officer = permissions.iter().fold(
        Role::new("Officer").allow(Action::See),
        |role, permission| role.grant(*permission),
    );
    after([
        Change::create_role(officer),
        Change::assign_role(member("tim"), "Officer"),
    ])
}

// ---- Refusals ----

#[track_caller]
fn refused(mut workspace: Workspace, change: Change, text: &str) -> ChangeError {
    let before = workspace.clone();
    let error = workspace.apply(change).unwrap_err();
    assert_eq!(error.to_string(), text);
    assert_eq!(workspace, before);
    crate::errors::is_sent(&error, error.code(), text);
    error
}

#[track_caller]
fn refused_to_tim(mut workspace: Workspace, change: Change, text: &str) -> ChangeError {
    let before = workspace.clone();
    let error = workspace.acting(&member("tim")).apply(change).unwrap_err();
    assert_eq!(error.to_string(), text);
    assert_eq!(workspace, before);
    error
}

#[test]
fn what_is_unknown_is_named_with_the_nearest_name() {
    let table = [
        (
            Change::delete_role("Interm"),
            "unknown role `Interm`; did you mean `Intern`?",
        ),
        (Change::delete_role("Astronaut"), "unknown role `Astronaut`"),
        (
            Change::assign_role(member("tam"), "Intern"),
            "unknown member `tam`; did you mean `tim`?",
        ),
        (
            Change::clear_role(Principal::api_key("legaci")),
            "unknown API key `legaci`; did you mean `legacy`?",
        ),
        (
            Change::remove(Principal::agent("nobody")),
            "unknown agent `nobody`",
        ),
        (
            Change::remove_object("poeple"),
            "unknown object `poeple`; did you mean `people`?",
        ),
        (
            Change::remove_field("people", "emall"),
            "unknown field `emall`; did you mean `email`?",
        ),
        (
            Change::RemovePermission {
                permission: "send_mail".into(),
            },
            "unknown workspace permission `send_mail`; did you mean `send_email`?",
        ),
    ];
    for (change, text) in table {
        let error = refused(office(), change, text);
        assert!(matches!(error, ChangeError::Unknown { .. }));
    }
}

#[test]
fn what_is_taken_is_named() {
    let table = [
        (
            Change::create_role(Role::new(" Intern ")),
            "role `Intern` exists already; choose another name",
        ),
        (
            Change::add(Principal::agent("idle")),
            "agent `idle` exists already; choose another name",
        ),
        (
            Change::join("tim", [""; 0]),
            "member `tim` exists already; choose another name",
        ),
        (
            Change::add_object(Object::new("people")),
            "object `people` exists already; choose another name",
        ),
        (
            Change::add_field("people", "email"),
            "field `email` exists already; choose another name",
        ),
        (
            Change::AddPermission {
                permission: Permission::settings("send_email"),
            },
            "workspace permission `send_email` exists already; choose another name",
        ),
    ];
    for (change, text) in table {
        let error = refused(office(), change, text);
        assert!(matches!(error, ChangeError::Taken { .. }));
    }
}

#[test]
fn what_is_wrong_with_a_new_thing_is_said_with_its_place() {
    let odd = Role::new("Odd")
        .allow(Action::Edit)
        .rule("poeple", ObjectRule::new())
        .grant("teleport");
    let table = [
        (
            Change::create_role(odd),
            "`allow`: `see` is denied but `edit` is allowed; allow `see` as well, or do not allow the rest; \
             `objects.poeple`: unknown object `poeple`; did you mean `people`?; \
             `permissions`: unknown workspace permission `teleport`",
        ),
        (
            Change::rename_role("Intern", "  "),
            "`name`: malformed role name ``; it has 1 to 255 bytes without control characters",
        ),
        (
            Change::add(member("a\nb")),
            "malformed member name `a\\nb`; it has 1 to 255 bytes without control characters",
        ),
        (
            Change::set_group_mappings([
                GroupMapping::new("owners", "Admin"),
                GroupMapping::new("owners", "Intern"),
            ]),
            "`group_mappings[0].role`: `Admin` is the Admin role; a mapping to it says `admin` instead of `role`; \
             `group_mappings[1].group`: group `owners` is there already; each may appear once",
        ),
        (
            Change::add_field("people", Field::new("boss").with_relation("humans")),
            "`schema.objects[0].fields[4].relation`: unknown object `humans`",
        ),
        (
            Change::AddPermission {
                permission: Permission::action("fly").with_requirement("fly"),
            },
            "`schema.permissions[11].requires`: workspace permission `fly` requires itself in the end; \
             remove one of the requirements",
        ),
    ];
    for (change, text) in table {
        let error = refused(office(), change, text);
        assert!(matches!(error, ChangeError::Invalid(_)));
    }
}

#[test]
fn a_cell_that_cannot_have_an_effect_is_named() {
    let set = |cell, effect| Change::set_effect("Intern", cell, effect);
    let table = [
        (
            set(Cell::baseline(Action::See), Effect::Inherit),
            "`see` on all objects has nothing to inherit from; allow or deny it",
        ),
        (
            set(Cell::permission("send_email"), Effect::Inherit),
            "permission `send_email` has nothing to inherit from; allow or deny it",
        ),
        (
            set(
                Cell::field("people", "email", Action::Destroy),
                Effect::Deny,
            ),
            "`destroy` on `people.email` does not exist; a field can be seen and edited",
        ),
    ];
    for (change, text) in table {
        let error = refused(office(), change, text);
        assert!(matches!(error, ChangeError::InvalidCell(_)));
    }
}

#[test]
fn what_changes_nothing_is_refused() {
    let mut people = office().schema().object("people").unwrap().clone();
    people = people.with_label("People");
    let changes = [
        Change::rename_role("Intern", " Intern"),
        Change::DescribeRole {
            role: "Intern".into(),
            description: None,
        },
        Change::set_effect("Intern", Cell::baseline(Action::See), Effect::Allow),
        save(role("Intern"), role("Intern")),
        Change::set_holder_kinds("Intern", PrincipalKind::ALL),
        Change::assign_role(member("tim"), "Intern"),
        Change::clear_role(Principal::agent("idle")),
        Change::set_default_role("Member"),
        Change::set_group_mappings([]),
        Change::SetKeysWithoutRole {
            access: KeysWithoutRole::DefaultRole,
        },
        Change::SetGrantPolicy {
            policy: GrantPolicy::Anything,
        },
        Change::LabelObject {
            object: people.key().clone(),
            label: None,
        },
        Change::UpdateField {
            object: "people".into(),
            field: Field::new("email"),
        },
        Change::UpdatePermission {
            permission: Permission::action("send_email"),
        },
    ];
    for change in changes {
        let error = refused(
            office(),
            change,
            "nothing would change; leave the change out",
        );
        assert_eq!(error, ChangeError::NothingChanges);
    }
}

#[test]
fn each_other_refusal_says_what_to_do() {
    let mapped = || {
        after([Change::set_group_mappings([GroupMapping::new(
            "interns", "Intern",
        )])])
    };
    let kinds = |role, kinds: &[PrincipalKind]| Change::set_holder_kinds(role, kinds.to_vec());
    let table = [
        (
            office(),
            Change::delete_role("Admin"),
            "the Admin role `Admin` is fixed; it cannot be edited, renamed, copied or deleted",
        ),
        (
            office(),
            Change::assign_role(member("ada"), "Member"),
            "no member would hold the Admin role `Admin`; at least one must",
        ),
        (
            office(),
            Change::delete_role("Member"),
            "role `Member` is the default role; choose another default role before deleting it",
        ),
        (
            office(),
            Change::set_default_role("Admin"),
            "the Admin role `Admin` cannot be the default role; choose one that newcomers may have",
        ),
        (
            after([Change::create_role(
                Role::new("Bot").with_holder_kinds([PrincipalKind::Agent]),
            )]),
            Change::set_default_role("Bot"),
            "the default role `Bot` must be one that members may hold",
        ),
        (
            mapped(),
            Change::delete_role("Intern"),
            "role `Intern` is what group `interns` is mapped to; change the mapping before deleting it",
        ),
        (
            after([
                Change::set_group_mappings([GroupMapping::new("interns", "Intern")]),
                Change::assign_role(member("tim"), "Member"),
            ]),
            kinds("Intern", &[PrincipalKind::Agent]),
            "role `Intern` is what group `interns` is mapped to; it must be one that members may hold",
        ),
        (
            office(),
            Change::assign_role(Principal::agent("idle"), "Admin"),
            "role `Admin` may not be held by a principal of kind `agent`",
        ),
        (
            office(),
            kinds("Intern", &[PrincipalKind::ApiKey]),
            "role `Intern` may not be held by a principal of kind `member`",
        ),
        (
            office(),
            Change::clear_role(member("tim")),
            "`member:tim` is a member and always has a role; assign another one",
        ),
        (
            after([Change::describe_role("Intern", "Learns")]),
            save(role("Intern"), role("Intern").allow(Action::Edit)),
            "role `Intern` has changed since it was opened; look at it again before saving",
        ),
        (
            office(),
            save(role("Intern"), role("Intern").with_name("Trainee")),
            "the edited role is named `Trainee` and the saved one `Intern`; rename it by a change of its own",
        ),
        (
            office(),
            Change::RemovePermission {
                permission: "workflows".into(),
            },
            "workspace permission `workflows` is required by `trigger_workflows`; remove that requirement first",
        ),
        (
            after([Change::add_field(
                "people",
                Field::new("salary").bound_to_permission("export_csv"),
            )]),
            Change::RemovePermission {
                permission: "export_csv".into(),
            },
            "field `people.salary` is bound to workspace permission `export_csv`; change the field first",
        ),
        (
            office(),
            Change::UpdatePermission {
                permission: Permission::settings("send_email"),
            },
            "the class of workspace permission `send_email` is fixed; remove it and add it anew",
        ),
    ];
    for (workspace, change, text) in table {
        refused(workspace, change, text);
    }
}

#[test]
fn each_refusal_to_an_acting_principal_says_who_and_why() {
    let within = || {
        let mut workspace = acting_with(&["roles", "api_keys"]);
        let policy = GrantPolicy::WithinOwnAccess;
        workspace.apply(Change::SetGrantPolicy { policy }).unwrap();
        workspace
    };
    let table = [
        (
            office(),
            Change::delete_role("Intern"),
            "`member:tim` may not do this; it needs the workspace permission `roles`",
        ),
        (
            acting_with(&["roles"]),
            Change::assign_role(member("grace"), "Admin"),
            "`member:tim` may not do this; only who holds Admin makes another one Admin or changes the grant policy",
        ),
        (
            acting_with(&["roles"]),
            Change::assign_role(member("tim"), "Member"),
            "`member:tim` may not change its own role assignment; another admin must",
        ),
        (
            acting_with(&["roles"]),
            Change::delete_role("Officer"),
            "`member:tim` acts under role `Officer` and may not delete it",
        ),
        (
            acting_with(&["roles"]),
            Change::set_effect("Officer", Cell::permission("roles"), Effect::Deny),
            "`member:tim` would lose the workspace permission `roles` that it has; another admin must take it",
        ),
        (
            within(),
            Change::set_effect(
                "Intern",
                Cell::object("companies", Action::Edit),
                Effect::Allow,
            ),
            "`member:tim` would hand out more than it holds: `edit` on `companies`, `edit` on `companies.name`, \
             `edit` on `companies.revenue`",
        ),
        (
            within(),
            Change::assign_role(member("ada"), "Member"),
            "no member would hold the Admin role `Admin`; at least one must",
        ),
        (
            within(),
            Change::add(Principal::api_key("new")),
            "`member:tim` would hand out more than it holds: `edit` on `companies`, `edit` on `opportunities`, \
             `edit` on `people`, `edit` on `companies.name`, `edit` on `companies.revenue`, `edit` on `opportunities.amount`, \
             `edit` on `opportunities.name`, `edit` on `people.address` and 4 more",
        ),
    ];
    for (workspace, change, text) in table {
        refused_to_tim(workspace, change, text);
    }
}

#[test]
fn a_refused_batch_says_which_change_or_that_it_is_the_whole() {
    let refuse = |changes: Vec<Change>| -> BatchError {
        let mut workspace = office();
        let error = workspace.apply_all(changes).unwrap_err();
        assert_eq!(workspace, office());
        assert_eq!(
            std::error::Error::source(&error).unwrap().to_string(),
            error.error.to_string()
        );
        error
    };
    let third = refuse(vec![
        Change::describe_role("Intern", "Learns"),
        Change::delete_role("Intern"),
        Change::delete_role("Intern"),
    ]);
    assert_eq!(third.position, Some(2));
    assert_eq!(
        third.to_string(),
        "change 2 of the batch: unknown role `Intern`"
    );
    let whole = refuse(vec![
        Change::assign_role(member("ada"), "Intern"),
        Change::assign_role(member("tim"), "Member"),
    ]);
    assert_eq!(whole.position, None);
    assert_eq!(
        whole.to_string(),
        "the batch as a whole: no member would hold the Admin role `Admin`; at least one must"
    );
}

// ---- Events ----

#[track_caller]
fn tells(workspace: &mut Workspace, change: Change, texts: &[&str]) {
    let events = workspace.apply(change).unwrap();
    let told: Vec<String> = events.iter().map(ToString::to_string).collect();
    assert_eq!(told, texts);
    for event in events {
        round_trips(&event);
    }
}

#[track_caller]
fn round_trips<T>(data: &T)
where
    T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + core::fmt::Debug,
{
    let text = serde_json::to_string(data).unwrap();
    let from_text: T = serde_json::from_str(&text).unwrap();
    assert_eq!(from_text, *data);
    let value = serde_json::to_value(data).unwrap();
    let from_value: T = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(from_value, *data);
    for key in value.as_object().unwrap().keys() {
        let mut value = value.clone();
        value.as_object_mut().unwrap().remove(key);
        let error = serde_json::from_value::<T>(value).unwrap_err().to_string();
        // A cell's own error goes on with its right forms.
        let (error, _) = error
            .split_once("; a cell is one of")
            .unwrap_or((&error, ""));
        assert_eq!(error, format!("missing field `{key}`"), "{text}");
    }
}

#[test]
fn each_event_about_a_role_reads_as_one_sentence() {
    let mut crm = office();
    let sales = Role::new("Sales")
        .with_description("Sells")
        .allow(Action::See);
    let edited = sales
        .clone()
        .allow(Action::Edit)
        .with_description("Sells more")
        .rule("people", ObjectRule::new().field("name", FieldRule::EDIT))
        .grant("send_email")
        .with_holder_kinds([PrincipalKind::Member]);
    let table: Vec<(Change, &[&str])> = vec![
        (
            Change::create_role(sales.clone()),
            &["created role `Sales`"],
        ),
        (
            save(sales, edited),
            &[
                "changed role `Sales`; `edit` on all objects from deny to allow; `see` on `people.name` from inherit to allow; \
                 `edit` on `people.name` from inherit to allow; permission `send_email` from deny to allow; \
                 description from `Sells` to `Sells more`; who may hold it from `member, api_key, agent` to `member`",
            ],
        ),
        (
            Change::rename_role("Sales", "Closers"),
            &["renamed role `Sales` to `Closers`"],
        ),
        (
            Change::DescribeRole {
                role: "Closers".into(),
                description: None,
            },
            &["changed role `Closers`; description from `Sells more` to none"],
        ),
    ];
    for (change, texts) in table {
        round_trips(&change);
        tells(&mut crm, change, texts);
    }
}

#[test]
fn each_event_about_who_holds_what_reads_as_one_sentence() {
    let mut crm = after([Change::create_role(Role::new("Closers"))]);
    let table: Vec<(Change, &[&str])> = vec![
        (
            Change::assign_role(member("tim"), "Closers"),
            &["changed the role of `member:tim` from `Intern` to `Closers`"],
        ),
        (
            Change::clear_role(Principal::api_key("website")),
            &["changed the role of `api_key:website` from `Member` to none"],
        ),
        (
            Change::set_default_role("Closers"),
            &["changed the default role from `Member` to `Closers`"],
        ),
        (
            Change::add(member("kim")),
            &["added `member:kim` with role `Closers`"],
        ),
        (
            Change::add(Principal::agent("scout")),
            &["added `agent:scout` without a role"],
        ),
        (
            Change::set_group_mappings([
                GroupMapping::new("crm-members", "Member"),
                GroupMapping::to_admin("crm-owners"),
            ]),
            &[
                "changed the mappings of groups from none to `crm-members → Member, crm-owners → Admin`",
            ],
        ),
        (
            Change::join("mia", ["crm-owners", "crm-members"]),
            &["added `member:mia` with role `Member` for its group `crm-members`"],
        ),
        (
            Change::remove(Principal::agent("writer")),
            &["removed `agent:writer` with role `Member`"],
        ),
        (
            Change::SetKeysWithoutRole {
                access: KeysWithoutRole::Denied,
            },
            &["changed the access of API keys without a role from `default_role` to `denied`"],
        ),
        (
            Change::SetGrantPolicy {
                policy: GrantPolicy::WithinOwnAccess,
            },
            &["changed the grant policy from `anything` to `within_own_access`"],
        ),
        (Change::delete_role("Intern"), &["deleted role `Intern`"]),
        (
            Change::duplicate_role("Closers", "Openers"),
            &["created role `Openers`"],
        ),
        (
            Change::assign_role(member("kim"), "Openers"),
            &["changed the role of `member:kim` from `Closers` to `Openers`"],
        ),
        (
            Change::delete_role("Openers"),
            &[
                "changed the role of `member:kim` from `Openers` to `Closers`",
                "deleted role `Openers`",
            ],
        ),
    ];
    for (change, texts) in table {
        round_trips(&change);
        tells(&mut crm, change, texts);
    }
}

#[test]
fn each_event_of_the_schema_reads_as_one_sentence() {
    let mut crm = office();
    let table: Vec<(Change, &[&str])> = vec![
        (
            Change::add_object(Object::new("tasks").with_label("Tasks").field("title")),
            &["added object `tasks`"],
        ),
        (
            Change::LabelObject {
                object: "tasks".into(),
                label: Some("To do".into()),
            },
            &["changed the label of object `tasks` from `Tasks` to `To do`"],
        ),
        (
            Change::add_field("tasks", Field::new("about").with_relation("people")),
            &["added field `tasks.about`"],
        ),
        (
            Change::UpdateField {
                object: "tasks".into(),
                field: Field::new("about")
                    .with_label("About")
                    .with_relation("companies")
                    .read_only()
                    .bound_to_action(Action::Delete)
                    .bound_to_permission("send_email"),
            },
            &[
                "changed field `tasks.about`; label from none to `About`; relation from `people` to `companies`; \
                 writing from `free` to `read_only`; bound to from none to `delete, send_email`",
            ],
        ),
        (
            Change::remove_field("people", "address"),
            &[
                "dropped the rule of role `Intern` for `people.address`",
                "removed field `people.address`",
            ],
        ),
        (
            Change::remove_object("companies"),
            &[
                "changed field `people.company`; relation from `companies` to none",
                "changed field `tasks.about`; relation from `companies` to none",
                "removed object `companies`",
            ],
        ),
        (
            Change::remove_object("people"),
            &[
                "dropped the rule of role `Intern` for `people`",
                "removed object `people`",
            ],
        ),
        (
            Change::AddPermission {
                permission: Permission::settings("billing"),
            },
            &["added workspace permission `billing`"],
        ),
        (
            Change::UpdatePermission {
                permission: Permission::settings("billing")
                    .with_label("Billing")
                    .with_requirement("workspace"),
            },
            &[
                "changed workspace permission `billing`; label from none to `Billing`; requirements from none to `workspace`",
            ],
        ),
        (
            Change::remove_field("tasks", "about"),
            &["removed field `tasks.about`"],
        ),
        (
            Change::RemovePermission {
                permission: "send_email".into(),
            },
            &[
                "dropped the grant of `send_email` of role `Member`",
                "removed workspace permission `send_email`",
            ],
        ),
    ];
    for (change, texts) in table {
        round_trips(&change);
        tells(&mut crm, change, texts);
    }
}

// ---- Stored ----

#[track_caller]
fn stored_as(change: &Change, json: &Value) {
    assert_eq!(serde_json::to_value(change).unwrap(), *json);
    let read: Change = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(read, *change);
}

#[test]
fn changes_are_stored_in_the_form_of_the_document() {
    stored_as(
        &Change::create_role(Role::new("Sales").allow(Action::See).rule(
            "people",
            ObjectRule::new().field("email", FieldRule::SEE_ONLY),
        )),
        &json!({
            "change": "create_role",
            "role": {
                "name": "Sales",
                "allow": ["see"],
                "objects": { "people": { "fields": { "email": "see_only" } } },
            },
        }),
    );
    stored_as(
        &Change::set_effect(
            "Sales",
            Cell::field("people", "email", Action::See),
            Effect::Inherit,
        ),
        &json!({
            "change": "set_effect",
            "role": "Sales",
            "cell": { "field": { "object": "people", "field": "email", "action": "see" } },
            "effect": "inherit",
        }),
    );
    stored_as(
        &Change::assign_role(Principal::api_key("web:1"), "Sales"),
        &json!({ "change": "assign_role", "principal": "api_key:web:1", "role": "Sales" }),
    );
    stored_as(
        &Change::set_group_mappings([
            GroupMapping::new("crm-sales", "Sales"),
            GroupMapping::to_admin("crm-owners"),
        ]),
        &json!({
            "change": "set_group_mappings",
            "mappings": [
                { "group": "crm-sales", "role": "Sales" },
                { "group": "crm-owners", "admin": true },
            ],
        }),
    );
    let event = &office().apply(Change::remove(member("tim"))).unwrap()[0];
    assert_eq!(
        serde_json::to_value(event).unwrap(),
        json!({ "event": "principal_removed", "principal": "member:tim", "role": "Intern" }),
    );
}

#[track_caller]
fn unreadable(json: &str, text: &str) {
    let error = serde_json::from_str::<Change>(json).unwrap_err();
    assert!(error.to_string().contains(text), "{error}");
}

#[test]
fn what_is_unknown_repeated_or_missing_in_a_stored_change_is_an_error() {
    let table = [
        (
            r#"{ "change": "delete_role", "role": "Sales", "force": true }"#,
            "unknown field `force`",
        ),
        (
            r#"{ "change": "drop_role", "role": "Sales" }"#,
            "unknown variant `drop_role`",
        ),
        (r#"{ "role": "Sales" }"#, "missing field `change`"),
        (r#"{ "change": "delete_role" }"#, "missing field `role`"),
        (
            r#"{ "change": "describe_role", "role": "Sales" }"#,
            "missing field `description`",
        ),
        (
            r#"{ "change": "label_object", "object": "people" }"#,
            "missing field `label`",
        ),
        (
            r#"{ "change": "delete_role", "role": "Sales", "role": "Guest" }"#,
            "duplicate field `role`",
        ),
        (
            r#"{ "change": "delete_role", "change": "create_role", "role": "Sales" }"#,
            "duplicate field `change`",
        ),
        (
            r#"{ "change": "create_role", "role": { "name": "Sales", "alow": ["see"] } }"#,
            "unknown key `alow`; did you mean `allow`?",
        ),
        (
            r#"{ "change": "create_role", "role": { "name": "Sales", "allow": ["see"], "allow": ["edit"] } }"#,
            "key `allow` is there already",
        ),
        (
            r#"{ "change": "create_role", "role": { "name": "Sales", "objects": { "people": {}, "people": {} } } }"#,
            "`objects`: key `people` is there already",
        ),
        (
            r#"{ "change": "create_role", "role": { "name": "Sales", "objects": { "people": { "see": "allow", "see": "deny" } } } }"#,
            "`objects.people`: key `see` is there already",
        ),
        (
            r#"{ "change": "create_role", "role": { "name": "Sales", "objects": { "people": { "fields": { "a": "edit", "a": "edit" } } } } }"#,
            "`objects.people.fields`: key `a` is there already",
        ),
        (
            r#"{ "change": "set_effect", "role": "Sales", "cell": { "baseline": { "action": "see", "field": "x" } }, "effect": "allow" }"#,
            "unknown field `field`",
        ),
        (
            r#"{ "change": "set_effect", "role": "Sales", "cell": { "baseline": { "action": "see" } }, "effect": "alow" }"#,
            "unknown effect `alow`",
        ),
        (
            r#"{ "change": "add_principal", "principal": "tim" }"#,
            "`tim` names no principal",
        ),
        (
            r#"{ "change": "set_group_mappings", "mappings": [{ "group": "a", "role": "Sales", "admin": true }] }"#,
            "`role`: a mapping with `admin` set names no role",
        ),
    ];
    for (json, text) in table {
        unreadable(json, text);
    }
}

#[test]
fn every_change_and_event_is_stored_and_read_back_as_it_was() {
    use crate::dice::{CHANGES, Dice, office};
    let mut events = std::collections::BTreeSet::new();
    for (steps, kind) in crate::changes::fixed_steps(40)
        .take(CHANGES * 8)
        .zip((0..CHANGES).cycle())
    {
        let mut model = office();
        let mut workspace = model.build();
        for bytes in steps {
            let mut dice = Dice::new(&bytes);
            let chosen = if dice.roll(2) == 0 {
                kind
            } else {
                dice.roll(CHANGES)
            };
            let change = dice.change_of(chosen, &model);
            round_trips(&change);
            for event in workspace.apply(change).unwrap_or_default() {
                round_trips(&event);
                let stored = serde_json::to_value(&event).unwrap();
                events.insert(stored["event"].as_str().unwrap().to_owned());
            }
            model = crate::model::Model::of(&workspace);
        }
    }
    assert_eq!(events.len(), 23, "{events:?}");
}

#[test]
fn an_event_is_one_line_whatever_is_described() {
    let change = Change::describe_role("Intern", "one\ntwo\u{202e}");
    let events = office().apply(change).unwrap();
    let told: Vec<String> = events.iter().map(ToString::to_string).collect();
    let [told] = told.as_slice() else {
        panic!("{told:?}");
    };
    assert!(
        told.starts_with("changed role `Intern`; description from "),
        "{told}"
    );
    assert!(told.ends_with(r" to `one\ntwo\u{202e}`"), "{told}");
    let change = Change::label_object("people", "one\rtwo");
    let events = office().apply(change).unwrap();
    assert!(events[0].to_string().ends_with(r" to `one\rtwo`"));
}

#[test]
fn a_refusal_is_one_line_and_cuts_names_short_that_no_name_can_have() {
    let mut office = office();
    let ada = Principal::member("x\nada: ok");
    let refused = office.acting(&ada).apply(Change::delete_role("Intern"));
    assert_eq!(
        refused.unwrap_err().to_string(),
        "`member:x\\nada: ok` may not do this; it needs the workspace permission `roles`",
    );
    for (disturbing, shown) in [
        ('\u{2028}', r"\u{2028}"),
        ('\u{2029}', r"\u{2029}"),
        ('\u{202a}', r"\u{202a}"),
        ('\u{202e}', r"\u{202e}"),
        ('\u{2066}', r"\u{2066}"),
        ('\u{2069}', r"\u{2069}"),
        ('\u{202f}', "\u{202f}"),
    ] {
        let who = Principal::agent(format!("a{disturbing}b"));
        let refused = office.acting(&who).apply(Change::delete_role("Intern"));
        assert_eq!(
            refused.unwrap_err().to_string(),
            format!("`agent:a{shown}b` may not do this; it needs the workspace permission `roles`"),
        );
    }
    let cell = Cell::field("a\nb", "c\u{1b}", Action::Delete);
    let refused = office.apply(Change::set_effect("Intern", cell, Effect::Allow));
    assert_eq!(
        refused.unwrap_err().to_string(),
        "`delete` on `a\\nb.c\\u{1b}` does not exist; a field can be seen and edited",
    );
    let long = "x".repeat(100_000);
    for change in [
        Change::create_role(Role::admin(&*long)),
        Change::delete_role(&*long),
        Change::remove(Principal::agent(&*long)),
        Change::remove_object(&*long),
        Change::set_effect("Intern", Cell::permission(&*long), Effect::Allow),
        Change::set_effect("Intern", Cell::object(&*long, Action::See), Effect::Allow),
    ] {
        let message = office.apply(change).unwrap_err().to_string();
        assert!(message.len() < 1_000, "{message}");
    }
}

//! Whatever is passed in, nothing panics and what is unknown is denied: every public function with hostile input.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::hint::black_box;

use rolegate::administration::{CellState, Inherited, Preview};
use rolegate::explanation::ReasonKind;
use rolegate::explanation::{
    Binding, ConsultedGrant, ConsultedLevel, GrantSource, LinkExplanation, Question, Reason, Remedy,
};
use rolegate::limits::{MAX_DEPTH, MAX_PROBLEMS, MAX_VALUES};
use rolegate::principal::PrincipalKinds;
use rolegate::problem::ProblemKind;
use rolegate::request::RequestDeniedKind;
use rolegate::request::{
    DenialReason, DeniedPart, FieldNames, Malformed, Read, Usage, Write, WriteKind,
};
use rolegate::role::{CellChange, Level};
use rolegate::schema::{PermissionClasses, Writing};
use rolegate::workspace::{ChangeErrorKind, InvalidWorkspaceKind};
use rolegate::workspace::{GrantPolicy, HolderCounts, KeysWithoutRole};
use rolegate::*;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::data::crm;

mod named;
mod nested;
mod spoiled;

/// Names that nobody has, many of which look like one that somebody has.
fn names() -> Vec<String> {
    let mut names: Vec<String> = [
        "",
        " ",
        ".",
        "..",
        ":",
        "member:",
        "\0",
        "\u{7f}",
        "\u{85}",
        "a\nb",
        "\u{1b}[31m",
        "a.b",
        "people.name",
        "People",
        "PEOPLE",
        " people",
        "people ",
        "people\t",
        "people\u{200b}",
        "\u{feff}people",
        "\u{202e}people",
        "\u{440}\u{435}ople",
        "peop\u{131}e",
        "people\u{301}",
        "caf\u{e9}",
        "cafe\u{301}",
        "null",
        "true",
        "0",
        "-1",
        "__proto__",
        "*",
        "%",
        "' or 1=1 --",
        "${people}",
        "../people",
        "\u{1f600}",
        "\u{10ffff}",
        "Admin",
        "admin",
    ]
    .map(str::to_owned)
    .to_vec();
    names.extend([254, 255, 256, 1 << 20].map(|length| "x".repeat(length)));
    names.push("\u{1f600}".repeat(1 << 18));
    names.push("people.".repeat(1 << 17));
    names
}

/// Objects, fields, roles and permissions that are told apart by bytes alone.
const TWINS: [&str; 7] = [
    "people",
    "People",
    "\u{440}\u{435}ople",
    "people\u{200b}",
    "people\u{301}",
    "caf\u{e9}",
    "cafe\u{301}",
];

/// Each of the twins, of which a role allows the first only.
fn twins() -> Workspace {
    let schema = TWINS.iter().fold(Schema::builder(), |schema, name| {
        schema
            .object(*name, TWINS)
            .permission(Permission::settings(*name))
    });
    let mut builder = Workspace::builder(schema.build().unwrap()).role(Role::admin("Admin"));
    for name in TWINS {
        let rule = ObjectRule::new()
            .allow(Action::See)
            .field(name, FieldRule::EDIT);
        builder = builder
            .role(Role::new(name).rule(name, rule).grant(name))
            .member(name, name);
    }
    let builder = builder.member("ada", "Admin").default_role("people");
    builder.build().unwrap()
}

// ---- Asking ----

#[test]
fn l06_unknown_names_are_denied_in_every_way_of_asking() {
    let policy = crm().compile();
    let ada = policy.access(&Principal::member("ada"));
    assert!(ada.can(Action::Destroy, "people", None));
    for name in names() {
        let name = name.as_str();
        for action in Action::ALL {
            for (object, field) in [
                (name, None),
                (name, Some("name")),
                ("people", Some(name)),
                (name, Some(name)),
            ] {
                assert!(!ada.can(action, object, field), "{name:.40}");
                assert!(!policy.can(&Principal::member("ada"), action, object, field));
                let denied = ada.require(action, object, field).unwrap_err();
                let why = ada.explain(action, object, field);
                assert!(!why.is_allowed());
                assert_eq!(denied.explanation(), &why);
                is_bounded(&denied);
                is_bounded(&why);
                is_explained(&why);
            }
            let fields = ada.fields(action, name);
            assert!(fields.is_empty() && !fields.contains("name"));
            assert_eq!((fields.len(), fields.iter().count()), (0, 0));
            assert!(fields.words().all(|word| word == 0));
            assert!(!ada.fields(action, "people").contains(name));
        }
        assert!(!ada.can_use(name));
        is_bounded(&ada.require_use(name).unwrap_err());
        is_explained(&ada.explain_use(name));
        assert_eq!(policy.object(name), None);
        assert_eq!(policy.field(name, "name"), None);
        assert_eq!(policy.field("people", name), None);
        let schema = policy.schema();
        assert!(schema.object(name).is_none() && schema.object_id(name).is_none());
        assert!(schema.field("people", name).is_none() && schema.field_id(name, name).is_none());
        assert!(schema.permission(name).is_none());
    }
}

/// Everything that an explanation tells.
fn is_explained(why: &Explanation) {
    assert!(!why.is_allowed() && !why.deciding_link().is_allowed());
    let record = why.record("now");
    assert!(!record.allowed);
    is_bounded(&record);
    black_box((why.reason(), why.revision(), why.remedies(), why.question()));
    is_bounded(&why.sentence());
    for link in why.links() {
        black_box((
            link.principal(),
            link.role(),
            link.is_by_default(),
            link.reason(),
        ));
        black_box((
            link.levels(),
            link.grants(),
            link.bound(),
            link.cited().count(),
        ));
    }
}

/// A name may be enormous: a message is not.
#[track_caller]
fn is_bounded(message: &impl std::fmt::Display) {
    let text = message.to_string();
    assert!(!text.is_empty() && text.len() < 16_000, "{}", text.len());
    let is_printed = |letter: char| !letter.is_control() || letter == '\n';
    assert!(text.chars().all(is_printed), "{text}");
}

#[test]
fn l06_unknown_principals_are_denied_and_ids_are_compared_byte_for_byte() {
    let policy = crm().compile();
    for name in names() {
        for kind in PrincipalKind::ALL {
            let who = Principal::new(kind, name.as_str());
            assert_eq!((who.kind(), who.id()), (kind, name.as_str()));
            let access = policy.access(&who);
            assert!(!access.can(Action::See, "people", None));
            assert!(!policy.can(&who, Action::See, "people", "name"));
            is_bounded(&access.require(Action::See, "people", None).unwrap_err());
            let known = policy.access(&Principal::member("ada"));
            let both = known.clone().on_behalf_of(&who);
            assert!(!both.can(Action::See, "people", None));
            assert_eq!(both.principals().count(), 2);
            is_explained(&both.explain(Action::See, "people", None));
            let chain = (0..300).fold(access, |access, _| access.on_behalf_of(&who));
            assert!(!chain.can(Action::See, "people", None));
            assert_eq!(chain.policy().revision(), policy.revision());
        }
        let texts = [name.clone(), format!("member:{name}"), format!(":{name}")];
        for text in texts {
            match text.parse::<Principal>() {
                Ok(who) => {
                    assert_eq!(who.to_string(), text);
                    assert_eq!(comes_back(&who), who);
                }
                Err(error) => is_bounded(&error),
            }
        }
    }
    for id in ["Ada", "ada ", "ad\u{430}", "ada\u{200b}"] {
        for who in [
            Principal::member(id),
            Principal::api_key(id),
            Principal::agent(id),
        ] {
            assert!(!policy.can(&who, Action::See, "people", None), "{id}");
        }
    }
}

#[test]
fn l20_names_that_look_alike_are_different_names() {
    let workspace = twins();
    let policy = workspace.compile();
    for (at, name) in TWINS.into_iter().enumerate() {
        let who = Principal::member(name);
        assert_eq!(workspace.role_of(&who).unwrap().name(), &name);
        assert!(workspace.contains(&who));
        let access = policy.access(&who);
        for (other_at, other) in TWINS.into_iter().enumerate() {
            assert_eq!(access.can(Action::See, other, None), at == other_at);
            assert_eq!(access.can(Action::Edit, name, other), at == other_at);
            assert_eq!(access.can_use(other), at == other_at);
            assert_eq!(
                workspace.role(other).unwrap().name() == name,
                at == other_at
            );
        }
    }
    // They are reported, each once: three pairs of which nothing tells them apart but bytes.
    let mut lints: Vec<Lint> = workspace.lints();
    lints.retain(|lint| matches!(lint, Lint::RolesLookAlike { .. }));
    assert_eq!(lints.len(), 5);
    let found = |is: fn(&Lint) -> bool| workspace.lints().iter().filter(|lint| is(lint)).count();
    assert_eq!(
        found(|lint| matches!(lint, Lint::ObjectsLookAlike { .. })),
        5
    );
    assert_eq!(
        found(|lint| matches!(lint, Lint::FieldsLookAlike { .. })),
        35
    );
    assert_eq!(
        found(|lint| matches!(lint, Lint::PermissionsLookAlike { .. })),
        5
    );
    assert_eq!(
        lints[1].to_string(),
        "role `\u{440}\u{435}ople` looks like role `people`, which is another one; rename one of them"
    );
    assert_eq!(comes_back(&lints[1]), lints[1]);
    let of_role = workspace.role("people").unwrap().lints(workspace.schema());
    assert!(of_role.is_empty());
}

/// Through JSON and back.
fn comes_back<T: serde::Serialize + DeserializeOwned>(value: &T) -> T {
    serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()
}

#[test]
fn l28_handles_of_another_workspace_are_denied() {
    let (one, other) = (crm().compile(), twins().compile());
    let admin = Principal::member("ada");
    let (object, field) = (
        one.object("people").unwrap(),
        one.field("people", "name").unwrap(),
    );
    let (twin, twin_field) = (
        other.object("people").unwrap(),
        other.field("people", "people").unwrap(),
    );
    assert!(other.can(&admin, Action::See, twin, twin_field));
    assert!(one.can(&admin, Action::See, object, field));
    for action in Action::ALL {
        for policy in [&one, &other] {
            let access = policy.access(&admin);
            let (object, field) = if std::ptr::eq(policy, &raw const one) {
                (twin, twin_field)
            } else {
                (object, field)
            };
            assert!(!policy.can(&admin, action, object, None));
            assert!(!policy.can(&admin, action, object, field));
            assert!(!policy.can(&admin, action, "people", field));
            assert!(!access.can(action, field.object(), field));
            assert!(access.fields(action, object).is_empty());
            is_explained(&access.explain(action, object, field));
            let record = json!({ "name": "x" });
            let visible = access.visible(object, &record);
            assert_eq!(serde_json::to_string(&visible).unwrap(), "{}");
        }
    }
    // A handle of a field is good with its own object only.
    let companies = one.object("companies").unwrap();
    assert!(!one.can(&admin, Action::See, companies, field));
}

#[test]
fn l35_hostile_requests_are_denied() {
    let policy = crm().compile();
    let ada = policy.access(&Principal::member("ada"));
    for name in names() {
        let name = name.as_str();
        let reads = [
            Read::new(name).select(["name"]),
            Read::new("people").select([name]),
            Read::new("people").filter([name]),
            Read::new("people").sort([name]).exporting(),
            Read::new("people").group([name]),
            Read::new("people").aggregate([name]),
            Read::new("people").search([format!("{name}.{name}")]),
        ];
        for read in &reads {
            let verdict = ada.check_read(read);
            assert!(!verdict.is_allowed(), "{name:.40}");
            assert!(verdict.answers().any(|answer| !answer.is_allowed));
            assert!(verdict.denials().count() > 0);
            let is_selected = read.object() == "people"
                && verdict
                    .denials()
                    .all(|denial| denial.usage() == Usage::Select);
            assert_eq!(
                verdict.trimmed_select().map_or(usize::MAX, Iterator::count) == 0,
                is_selected
            );
            let denied = verdict.require().unwrap_err();
            is_bounded(&denied);
            for denial in denied.denials() {
                is_bounded(denial);
                black_box((denial.name(), denial.reason(), denial.explanation()));
            }
        }
        let writes = [
            Write::create(name),
            Write::update(name).fields(["name"]),
            Write::upsert(name).importing(),
            Write::delete(name),
            Write::restore(name),
            Write::destroy(name),
            Write::new(WriteKind::Update, "people").fields([name]),
            Write::update("people").returning([name]),
        ];
        for write in &writes {
            let verdict = ada.check_write(write);
            assert!(!verdict.is_allowed());
            assert!(verdict.answers().any(|answer| !answer.is_allowed));
            assert!(verdict.denials().count() > 0);
            is_bounded(&verdict.require().unwrap_err());
            let kept = verdict.kept_fields();
            assert!(kept.is_err() || kept.is_ok_and(|mut kept| kept.all(|kept| kept != name)));
            black_box((write.kind(), write.object()));
        }
        assert!(!ada.check_patch("people", [name]).is_allowed());
        assert!(!ada.check_patch(name, ["name"]).is_allowed());
        let record: Value = [(name.to_owned(), json!("secret"))].into_iter().collect();
        assert_eq!(
            serde_json::to_string(&ada.visible("people", &record)).unwrap(),
            "{}"
        );
        assert_eq!(
            serde_json::to_string(&ada.visible(name, &record)).unwrap(),
            "{}"
        );
        assert!(FieldNames::of(&record).unwrap().iter().eq([name]));
        assert!(FieldNames::of(&name).is_err());
    }
    let many: Vec<String> = (0..100_000).map(|number| format!("f{number}")).collect();
    let read = Read::new("people").select(&many).filter(&many);
    is_listed(&ada.check_read(&read).require().unwrap_err());
    let patch = ada.check_patch("people", &many);
    is_listed(&patch.require().unwrap_err());
    let same = vec!["name"; 100_000];
    assert!(!ada.check_patch("people", same).is_allowed());
}

fn is_listed(denied: &RequestDenied) {
    assert_eq!(denied.denials().len(), MAX_PROBLEMS);
}

// ---- Building ----

/// All problems that there are, in a message that can be read.
#[track_caller]
fn is_invalid(invalid: &InvalidWorkspace) {
    assert!((1..=MAX_PROBLEMS).contains(&invalid.problems().len()));
    assert!(invalid.count() >= invalid.problems().len());
    for problem in invalid.problems() {
        black_box((problem.path(), problem.kind()));
        let text = problem.to_string();
        assert!(text.len() < 8_000, "{}", text.len());
    }
}

/// A role that says everything about that name.
fn role_about(name: &str) -> Role {
    let rule = ObjectRule::new()
        .allow(Action::See)
        .deny(Action::Edit)
        .set(Action::Delete, Effect::Inherit)
        .field(
            name,
            FieldRule::new()
                .set_see(Effect::Allow)
                .set_edit(Effect::Deny),
        );
    black_box((rule.effect(Action::See), rule.fields().len()));
    black_box(FieldRule::EDIT.effect(Action::Destroy));
    let role = Role::new(name)
        .with_description(name)
        .allow(Action::Destroy)
        .rule(name, rule)
        .grant(name)
        .grant_all(PermissionClass::Settings)
        .with_holder_kinds([]);
    black_box((
        role.name(),
        role.is_admin(),
        role.description(),
        role.baseline(),
    ));
    black_box((
        role.rules(),
        role.permissions(),
        role.holder_kinds(),
        role.all_access(),
    ));
    role.clone().with_name(name)
}

#[test]
fn l26_what_is_built_of_hostile_names_is_refused_or_valid() {
    for name in names() {
        let name = name.as_str();
        let field = Field::new(name)
            .with_label(name)
            .with_relation(name)
            .bound_to_action(Action::Destroy)
            .bound_to_permission(name)
            .with_writing(Writing::Free);
        black_box((
            field.key().as_str(),
            field.label(),
            field.relation(),
            field.writing(),
        ));
        black_box((field.bound_actions(), field.bound_permissions()));
        let _ = black_box((field.clone().read_only(), field.clone().system()));
        let object = Object::new(name)
            .with_label(name)
            .field(field.clone())
            .field(field.clone());
        black_box((object.key(), object.label(), object.fields()));
        let permission = Permission::new(PermissionClass::Settings, name)
            .with_label(name)
            .with_requirement(name);
        black_box((
            permission.key(),
            permission.class(),
            permission.label(),
            permission.requirements(),
        ));
        let invalid = Schema::builder()
            .add_object(object)
            .object(name, [name, name])
            .field(name, field)
            .permission(permission)
            .only_permissions([Permission::action(name), Permission::settings(name)])
            .build()
            .unwrap_err();
        assert!(invalid.count() >= invalid.problems().len());
        is_invalid(&invalid.into());

        let schema = crm().schema().to_builder().build().unwrap();
        let objects = schema.objects().len();
        assert_eq!(
            (objects, schema.permissions().len()),
            (
                crm().schema().objects().len(),
                crm().schema().permissions().len()
            )
        );
        if let Err(invalid) = Workspace::new(schema.clone(), name) {
            is_invalid(&invalid);
        }
        let invalid = Workspace::builder(schema)
            .role(Role::admin(name))
            .role(role_about(name))
            .default_role(name)
            .member(name, name)
            .api_key(name, name)
            .agent(name, name)
            .principal_without_role(Principal::member(name))
            .holder(Principal::agent(name), Some(name.into()))
            .group_mapping(GroupMapping::new(name, name))
            .group_mapping(GroupMapping::to_admin(name))
            .keys_without_role(KeysWithoutRole::Denied)
            .grant_policy(GrantPolicy::WithinOwnAccess)
            .revision(Revision::new(u64::MAX))
            .build()
            .unwrap_err();
        is_invalid(&invalid);
    }
    assert!(sample::workspace().is_ok());
    assert_eq!(Permission::documented().len(), 11);
}

#[test]
fn l24_changes_with_hostile_names_are_refused_whole() {
    let before = crm();
    let mut workspace = before.clone();
    let ada = Principal::member("ada");
    for name in names() {
        let name = name.as_str();
        let who = Principal::member(name);
        let cell = Cell::field(name, name, Action::Destroy);
        let changes = [
            Change::create_role(role_about(name)),
            Change::rename_role(name, name),
            Change::describe_role(name, name),
            Change::set_effect(name, cell, Effect::Allow),
            Change::duplicate_role(name, name),
            Change::delete_role(name),
            Change::set_holder_kinds(name, []),
            Change::assign_role(who.clone(), name),
            Change::clear_role(who.clone()),
            Change::set_default_role(name),
            Change::remove(who.clone()),
            Change::set_group_mappings([GroupMapping::new(name, name)]),
            Change::add_object(Object::new(name).field(name).field(name)),
            Change::remove_object(name),
            Change::add_field(name, name),
            Change::remove_field("people", name),
            Change::save_role(role_about(name), role_about(name)),
            Change::label_object(name, name),
            Change::update_field("people", name),
            Change::add_permission(Permission::settings(name).with_requirement(name)),
            Change::update_permission(Permission::action(name)),
            Change::remove_permission(name),
        ];
        for change in changes {
            assert!(!Acting::guard(&change).is_empty());
            assert!(workspace.apply(change.clone()).is_err(), "{name:.40}");
            let refused = workspace.apply_all([change.clone()]).unwrap_err();
            // Only the result tells that Admin cannot be the default role.
            assert!(refused.position == Some(0) || name == "Admin", "{name:.40}");
            for actor in [&ada, &who] {
                let mut acting = workspace.acting(actor).on_behalf_of(&who);
                assert!(acting.apply(change.clone()).is_err());
                assert!(acting.apply_all([change.clone()]).is_err());
            }
            assert_eq!(workspace, before);
        }
        for change in [Change::add(who.clone()), Change::join(name, [name, name])] {
            let mut copy = before.clone();
            match copy.apply(change) {
                Ok(events) => {
                    events.iter().for_each(is_bounded);
                    assert_eq!(copy.revision().number(), before.revision().number() + 1);
                    assert!(
                        copy.compile()
                            .access(&who)
                            .explain(Action::See, name, None)
                            .revision()
                            == copy.revision()
                    );
                }
                Err(error) => assert!(error.to_string().len() < 8_000),
            }
        }
        views_know_nothing_of(&before, name);
    }
}

#[test]
fn what_a_workspace_lists_are_its_own_roles() {
    let (crm, twins) = (crm(), twins());
    // Of another workspace nothing is taken over.
    let policy = twins.recompile(&crm.compile());
    assert!(policy.object("companies").is_none());
    for workspace in [&crm, &twins] {
        assert!(workspace.admin_role().unwrap().is_admin());
        for kind in PrincipalKind::ALL {
            assert!(
                workspace
                    .assignable_to(kind)
                    .all(|role| role.holder_kinds().contains(kind))
            );
        }
        let held: usize = workspace
            .role_summaries()
            .map(|summary| summary.holders.total())
            .sum();
        let kinds = PrincipalKind::ALL.map(|kind| workspace.principals(kind).len());
        assert!(held <= kinds.iter().sum() && workspace.roles().count() > 2);
    }
}

/// What a settings page asks.
fn views_know_nothing_of(workspace: &Workspace, name: &str) {
    if name != "Admin" {
        assert!(workspace.role(name).is_none());
        assert_eq!(workspace.holders_of(name), []);
    }
    assert!(!workspace.contains(&Principal::agent(name)));
    assert!(workspace.role_of(&Principal::agent(name)).is_none());
    let groups = BTreeSet::from([name.to_owned()]);
    assert_eq!(workspace.role_for_groups(&groups), workspace.default_role());
    assert!(
        workspace
            .group_mappings()
            .all(|mapping| mapping.group != name)
    );
}

#[test]
fn l29_drafts_of_hostile_names_change_nothing() {
    let workspace = crm();
    let schema = workspace.schema();
    for name in names() {
        let name = name.as_str();
        assert!(Draft::open(&workspace, name).is_err(), "{name:.40}");
        let mut draft = Draft::new(name);
        let cells = [
            Cell::baseline(Action::Edit),
            Cell::object(name, Action::Edit),
            Cell::field(name, name, Action::Edit),
            Cell::permission(name),
            Cell::all_access(PermissionClass::Actions),
        ];
        for cell in &cells {
            draft.set(cell, Effect::Allow).unwrap();
            draft.turn_off(cell, schema).unwrap();
            draft.turn_on(cell, schema).unwrap();
            draft.undo();
            draft.redo();
            assert!(draft.can_undo() && !draft.can_redo());
            let state = draft.cell(cell, schema);
            let is_setting = matches!(cell, Cell::Baseline { .. } | Cell::AllAccess { .. });
            assert_eq!(state.is_allowed, is_setting, "{name:.40}");
        }
        assert!(
            draft
                .set(&Cell::field(name, name, Action::Delete), Effect::Allow)
                .is_err()
        );
        assert!(!draft.problems(schema).is_empty());
        let preview = draft.preview(schema);
        assert!(preview.lost.is_empty());
        // Every cell that there is, and of the unknown names those in which something is set.
        let cells_of = |draft: &Draft| draft.cells(schema).into_iter().map(|state| state.cell);
        let known: BTreeSet<Cell> = cells_of(&Draft::new("other")).collect();
        let shown: BTreeSet<Cell> = cells_of(&draft).collect();
        assert!(shown.is_superset(&known));
        assert!(draft.is_dirty() && draft.saved().is_none() && !draft.changes().is_empty());
        assert!(workspace.clone().apply(draft.to_change()).is_err());
        let changes = draft.role().changes_since(&Role::new(name));
        assert_eq!(changes, draft.changes());
        assert!(changes.len() >= cells.len());
        assert_eq!(draft.role().effect(&cells[1]), Effect::Allow);
        assert!(
            draft
                .role()
                .clone()
                .set(&cells[0], Effect::Inherit)
                .is_err()
        );
        draft.revert(&cells[1]).unwrap();
        draft.remove_field_rule(name, name);
        draft.remove_object_rule(name);
        assert!(draft.role().rules().is_empty());
        assert!(draft.rebase(&workspace).is_err());
        draft.mark_saved();
        assert!(!draft.is_dirty());
    }
}

#[test]
fn l29_removing_a_field_rule_that_is_not_there_is_no_edit() {
    let mut workspace = crm();
    let role = Role::new("Empty").rule("people", ObjectRule::new());
    workspace.apply(Change::create_role(role)).unwrap();
    let mut draft = Draft::open(&workspace, "Empty").unwrap();
    draft.remove_field_rule("people", "email");
    assert!(!draft.can_undo() && !draft.is_dirty());
}

#[test]
fn what_is_read_of_hostile_text_is_an_error_or_comes_back() {
    fn read<T: serde::Serialize + DeserializeOwned + PartialEq + Debug>(json: &str) {
        if let Ok(value) = serde_json::from_str::<T>(json) {
            assert_eq!(comes_back(&value), value);
        }
    }
    for name in names() {
        let word = serde_json::to_string(&name).unwrap();
        let texts = [
            word.clone(),
            format!("[{word}]"),
            format!("{{{word}:{word}}}"),
            format!(
                r#"{{"key":{word},"class":{word},"fields":[{word}],"group":{word},"role":{word}}}"#
            ),
            format!(r#"{{"change":"delete_role","role":{word}}}"#),
            format!(r#"{{"name":{word},"objects":{{{word}:{{"fields":{{{word}:{{}}}}}}}}}}"#),
            format!(r#"{{"object":{word},"select":[{word}],"kind":{word}}}"#),
            "[".repeat(100_000),
            r#"{"fields":"#.repeat(100_000),
        ];
        for json in &texts {
            read::<Action>(json);
            read::<ActionSet>(json);
            read::<AuditRecord<u64>>(json);
            read::<Binding>(json);
            read::<DenialReason>(json);
            read::<Cell>(json);
            read::<CellChange>(json);
            read::<CellState>(json);
            read::<Change>(json);
            read::<ChangeErrorKind>(json);
            read::<InvalidWorkspaceKind>(json);
            read::<ReasonKind>(json);
            read::<RequestDeniedKind>(json);
            read::<ConsultedGrant>(json);
            read::<ConsultedLevel>(json);
            read::<DeniedPart>(json);
            read::<Document>(json);
            read::<Effect>(json);
            read::<Event>(json);
            read::<Explanation>(json);
            read::<Field>(json);
            read::<FieldKey>(json);
            read::<FieldRule>(json);
            read::<Malformed>(json);
            read::<GrantPolicy>(json);
            read::<GrantSource>(json);
            read::<GroupMapping>(json);
            read::<HolderCounts>(json);
            read::<Inherited>(json);
            read::<KeysWithoutRole>(json);
            read::<Level>(json);
            read::<LinkExplanation>(json);
            read::<Lint>(json);
            read::<Object>(json);
            read::<ObjectKey>(json);
            read::<ObjectRule>(json);
            read::<Permission>(json);
            read::<PermissionClass>(json);
            read::<PermissionClasses>(json);
            read::<PermissionKey>(json);
            read::<Preview>(json);
            read::<Principal>(json);
            read::<PrincipalKind>(json);
            read::<PrincipalKinds>(json);
            read::<Question>(json);
            read::<Reason>(json);
            read::<Remedy>(json);
            read::<Revision>(json);
            read::<Role>(json);
            read::<RoleName>(json);
            read::<Schema>(json);
            read::<Usage>(json);
            read::<WriteKind>(json);
            read::<Writing>(json);
            if let Ok(read) = serde_json::from_str::<Read<'_>>(json) {
                let again = serde_json::to_string(&read).unwrap();
                assert_eq!(serde_json::from_str::<Read<'_>>(&again).unwrap(), read);
            }
            if let Ok(write) = serde_json::from_str::<Write<'_>>(json) {
                let again = serde_json::to_string(&write).unwrap();
                assert_eq!(serde_json::from_str::<Write<'_>>(&again).unwrap(), write);
            }
        }
    }
}

// ---- Enormous documents ----

/// What reading a text takes at most, as the page on the format promises: for each byte, and for each value.
const BYTES_PER_BYTE: u64 = 8;
const BYTES_PER_VALUE: u64 = 128;

/// Reads a document; the memory that it takes is bounded.
#[track_caller]
fn loads_in_bounds(what: &str, json: &str) -> Result<Workspace, String> {
    let mut loaded = Err(String::new());
    let allocated = allocation_counter::measure(|| {
        loaded = match serde_json::from_str::<Document>(json) {
            Ok(document) => Workspace::try_from(document).map_err(|invalid| invalid.to_string()),
            Err(error) => Err(error.to_string()),
        };
    });
    // There are at most as many values as there are commas, colons and brackets.
    let values = json
        .bytes()
        .filter(|byte| b",:[{".contains(byte))
        .count()
        .min(MAX_VALUES);
    let bound = json.len() as u64 * BYTES_PER_BYTE + values as u64 * BYTES_PER_VALUE + 65_536;
    println!(
        "{what}: {} bytes, {values} values: {} bytes at most, of {bound}",
        json.len(),
        allocated.bytes_max
    );
    assert!(
        allocated.bytes_max <= bound,
        "{what}: {allocated:?}, more than {bound}"
    );
    loaded
}

/// A document around one list, one map or one name.
fn document(objects: &str, members: &str) -> String {
    format!(
        r#"{{"version":1,"schema":{{"objects":[{objects}]}},"roles":[{{"name":"Admin","admin":true}},{{"name":"Member"}}],"default_role":"Member","members":{{"ada":"Admin"{members}}}}}"#
    )
}

const HUNDRED_MEGABYTES: usize = 100_000_000;

#[test]
fn a_document_of_a_few_enormous_values_is_refused_in_bounded_memory() {
    let name = "x".repeat(HUNDRED_MEGABYTES);
    for (what, json) in [
        (
            "a key",
            document(&format!(r#"{{"key":"{name}","fields":[]}}"#), ""),
        ),
        ("an id", document("", &format!(r#","{name}":"Member""#))),
        ("a text", format!("\"{name}\"")),
    ] {
        let message = loads_in_bounds(what, &json).unwrap_err();
        assert!(message.len() < 2_000, "{what}: {}", message.len());
    }
    // A label may be as long as it likes.
    let label = format!(r#"{{"key":"people","label":"{name}","fields":[]}}"#);
    let workspace = loads_in_bounds("a label", &document(&label, "")).unwrap();
    assert_eq!(
        workspace.schema().objects()[0].label().map(str::len),
        Some(HUNDRED_MEGABYTES)
    );
}

#[test]
fn a_document_of_too_many_values_is_refused_in_bounded_memory() {
    let ones = "1,".repeat(HUNDRED_MEGABYTES / 2);
    let json = format!(r#"{{"version":1,"schema":[{ones}1]}}"#);
    let message = loads_in_bounds("numbers", &json).unwrap_err();
    assert!(
        message.starts_with("there are more than 8000000 values"),
        "{message}"
    );
}

#[test]
fn a_document_of_many_values_is_read_in_bounded_memory() {
    let ids = (0..200_000).map(|number| format!(r#","member_{number:06}":"Member""#));
    let ids: String = ids.collect::<Vec<_>>().concat();
    let workspace = loads_in_bounds("members", &document("", &ids)).unwrap();
    assert_eq!(workspace.principals(PrincipalKind::Member).len(), 200_001);
    let unknown = (0..1_000_000).map(|number| format!(r#","{number}":[]"#));
    let unknown: String = unknown.collect::<Vec<_>>().concat();
    assert!(loads_in_bounds("wrong values", &document("", &unknown)).is_err());
    let same = r#","ada":"""#.repeat(1_000_000);
    assert!(loads_in_bounds("one key again and again", &document("", &same)).is_err());
    let objects = "{},".repeat(500_000) + "{}";
    assert!(loads_in_bounds("objects", &document(&objects, "")).is_err());
}

#[test]
fn brackets_that_nest_without_end_are_refused_in_bounded_memory() {
    for open in ["[", r#"{"objects":"#, r#"{"a":["#] {
        let json = open.repeat(100_000);
        let message = loads_in_bounds(open, &json).unwrap_err();
        assert!(
            message.starts_with("lists and maps nest deeper than 32 levels"),
            "{message}"
        );
        let closed = format!("{}1{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
        assert!(loads_in_bounds("closed", &closed).is_err());
    }
    let toml = format!("version = {}", "[".repeat(100_000));
    assert!(toml::from_str::<Document>(&toml).is_err());
}

/// L25: whatever the gates let in can be saved and loaded again.
#[test]
fn l25_no_workspace_has_more_values_than_its_document_can_have() {
    let fields: Vec<String> = (0..60_000).map(|number| format!("f{number}")).collect();
    let rule = |field: FieldRule| {
        let fields = fields.iter();
        fields.fold(ObjectRule::new(), |rule, name| {
            rule.field(name.as_str(), field)
        })
    };
    let schema = Schema::builder()
        .object("people", fields.iter().map(String::as_str))
        .build()
        .unwrap();
    // Three values each: a map, and two effects in it.
    let long = rule(
        FieldRule::new()
            .set_see(Effect::Inherit)
            .set_edit(Effect::Deny),
    );
    let mut workspace = Workspace::new(schema.clone(), "ada").unwrap();
    let role = |number: usize| Role::new(format!("r{number}")).rule("people", long.clone());
    let mut accepted = 0;
    let refused = loop {
        match workspace.apply(Change::create_role(role(accepted))) {
            Ok(_) => accepted += 1,
            Err(error) => break error,
        }
        assert!(accepted < 100);
    };
    assert_eq!(accepted, 44);
    let message = "8160";
    assert!(refused.to_string().starts_with(message), "{refused}");
    assert!(
        refused
            .to_string()
            .ends_with("values are too many; a workspace has at most 8000000, as its document has")
    );
    // Exactly as many are let in, and not one more.
    let left = MAX_VALUES - counted_values(&workspace) - counted_values_of_a_rule();
    let full = fields.iter().take(left / 3 + left % 3).enumerate();
    let full = full.fold(ObjectRule::new(), |rule, (position, name)| {
        let is_long = position < left / 3;
        let field = if is_long {
            FieldRule::new()
                .set_see(Effect::Inherit)
                .set_edit(Effect::Deny)
        } else {
            FieldRule::NO_ACCESS
        };
        rule.field(name.as_str(), field)
    });
    let mut brim = workspace.clone();
    brim.apply(Change::create_role(Role::new("full").rule("people", full)))
        .unwrap();
    assert_eq!(counted_values(&brim), MAX_VALUES);
    let more = Change::describe_role("full", "one more");
    assert!(brim.apply(more).is_err());
    // As many as before are there after others are gone.
    workspace.apply(Change::delete_role("r0")).unwrap();
    workspace.apply(Change::create_role(role(0))).unwrap();
    let before = workspace.clone();
    assert!(
        workspace
            .apply(Change::duplicate_role("r0", "again"))
            .is_err()
    );
    assert_eq!(workspace, before);
    // The gate for what is built says the same.
    let mut builder = Workspace::builder(schema).role(Role::admin("Admin"));
    for number in 0..=accepted {
        builder = builder.role(role(number));
    }
    let builder = builder.member("ada", "Admin").default_role("r0");
    let invalid = builder.build().unwrap_err();
    assert!(matches!(
        invalid.problems()[0].kind(),
        ProblemKind::TooManyValues(8_000_001..)
    ));
}

/// How many values a role has that has one object rule, with fields that are not counted: the map, its name, the kinds of
/// holders, the rules, the rule, its four effects, and its fields.
const fn counted_values_of_a_rule() -> usize {
    1 + 1 + 4 + 1 + 1 + 4 + 1
}

/// How many values a workspace counts; it shows the number to who debugs, and to nobody else.
fn counted_values(workspace: &Workspace) -> usize {
    let shown = format!("{workspace:?}");
    let (_, after) = shown.rsplit_once("values: ").unwrap();
    let digits = after.split(|character: char| !character.is_ascii_digit());
    digits.into_iter().next().unwrap().parse().unwrap()
}

/// How many values its document has, and as many as it could have where it says nothing: the kinds of holders of a role for
/// all, and the revision of a new workspace.
fn written_values(workspace: &Workspace) -> usize {
    fn count(value: &Value) -> usize {
        match value {
            Value::Array(items) => 1 + items.iter().map(count).sum::<usize>(),
            Value::Object(map) => 1 + map.values().map(count).sum::<usize>(),
            _ => 1,
        }
    }
    let document = serde_json::to_value(Document::from(workspace)).unwrap();
    let roles = document["roles"].as_array().unwrap();
    let for_all = |role: &&Value| role["held_by"].is_null() && role["admin"].is_null();
    let unwritten = 4 * roles.iter().filter(for_all).count();
    count(&document) + unwritten + usize::from(document["revision"].is_null())
}

/// A workspace in which everything is there that is written even when it is empty, and some roles more.
fn small(schema: &Schema, roles: &[Role]) -> Workspace {
    let start = Workspace::builder(schema.clone())
        .role(Role::admin("Admin"))
        .role(Role::new("plain"))
        .default_role("plain")
        .member("ada", "Admin")
        .member("tim", "plain")
        .api_key("key", "plain")
        .agent("agent", "plain")
        .group_mapping(GroupMapping::to_admin("owners"))
        .group_mapping(GroupMapping::to_admin("founders"))
        .keys_without_role(KeysWithoutRole::Denied)
        .grant_policy(GrantPolicy::WithinOwnAccess);
    let with_roles = roles.iter().cloned().fold(start, WorkspaceBuilder::role);
    with_roles.build().unwrap()
}

/// L25: what is counted is what is written, with each thing that can be in a workspace and without it.
#[test]
#[allow(
    clippy::too_many_lines,
    reason = "a table of changes, one for each kind of value"
)]
fn l25_a_workspace_counts_the_values_of_its_document() {
    let field = || Field::new("b");
    let fields: [fn(Field) -> Field; 6] = [
        |field| field,
        |field| field.with_label("B"),
        |field| field.with_relation("people"),
        Field::read_only,
        |field| {
            field
                .bound_to_action(Action::Delete)
                .bound_to_action(Action::Destroy)
        },
        |field| {
            field
                .bound_to_permission("roles")
                .bound_to_permission("security")
                .with_label("B")
        },
    ];
    let permissions: [fn(Permission) -> Permission; 4] = [
        |permission| permission,
        |permission| permission.with_label("Merge"),
        |permission| permission.with_requirement("roles"),
        |permission| {
            permission
                .with_label("Merge")
                .with_requirement("roles")
                .with_requirement("security")
        },
    ];
    let all = |effect| {
        Action::ALL
            .into_iter()
            .fold(ObjectRule::new(), |rule, action| rule.set(action, effect))
    };
    let rules = [
        None,
        Some(all(Effect::Deny)),
        Some(all(Effect::Deny).field("a", FieldRule::NO_ACCESS)),
        Some(
            all(Effect::Allow).field("a", FieldRule::SEE_ONLY).field(
                "b",
                FieldRule::new()
                    .set_see(Effect::Deny)
                    .set_edit(Effect::Deny),
            ),
        ),
    ];
    let roles: [fn(Role) -> Role; 6] = [
        |role| role,
        |role| role.with_description("A role"),
        |role| role.allow(Action::See).allow(Action::Edit),
        |role| role.grant("roles").grant("security"),
        |role| role.grant_all(PermissionClass::Actions),
        |role| {
            role.with_holder_kinds([PrincipalKind::Member])
                .with_description("For members")
        },
    ];
    let mut compared = 0;
    for (label, (with_field, (with_permission, (rule, with_role)))) in [None, Some("People")]
        .into_iter()
        .flat_map(|label| fields.map(move |field| (label, field)))
        .flat_map(|(label, field)| permissions.map(move |permission| (label, (field, permission))))
        .flat_map(|(label, (field, permission))| {
            rules
                .clone()
                .map(move |rule| (label, (field, (permission, rule))))
        })
        .flat_map(|(label, (field, (permission, rule)))| {
            roles.map(|role| (label, (field, (permission, (rule.clone(), role)))))
        })
    {
        let mut people = Object::new("people").field("a").field(with_field(field()));
        if let Some(label) = label {
            people = people.with_label(label);
        }
        let schema = Schema::builder()
            .add_object(people)
            .permission(with_permission(Permission::action("merge")))
            .build()
            .unwrap();
        let mut role = with_role(Role::new("some"));
        if let Some(rule) = rule.clone() {
            role = role.rule("people", rule);
        }
        let built = small(&schema, std::slice::from_ref(&role));
        assert_eq!(
            counted_values(&built),
            written_values(&built),
            "{role:?} {schema:?}"
        );
        // Counting only what changed comes to the same.
        let mut changed = small(&schema, &[]);
        changed.apply(Change::create_role(role)).unwrap();
        assert_eq!(counted_values(&changed), counted_values(&built));
        changed.apply(Change::delete_role("some")).unwrap();
        changed.apply(Change::join("eve", ["nobody"])).unwrap();
        changed
            .apply(Change::add_object(Object::new("notes").field("text")))
            .unwrap();
        assert_eq!(counted_values(&changed), written_values(&changed));
        compared += 1;
    }
    assert_eq!(compared, 2 * 6 * 4 * 4 * 6);
}

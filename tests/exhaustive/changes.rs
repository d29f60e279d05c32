//! Does every ordered pair of changes do what the model says, one by one and as a batch? L24, L25, L26.
//!
//! The list has every kind of change, most of them accepted and refused, and every reason to refuse that does not depend on
//! who acts: 132 changes, 17,424 pairs, each as a batch. One by one comes the second where the first is accepted: where it
//! is refused, the workspace is as it was, in which each change comes first as well.

use std::collections::{BTreeMap, BTreeSet};

use rolegate::{
    Action, Cell, Change, Effect, Field, FieldRule, GroupMapping, Object, ObjectRule, Permission,
    PermissionClass, Policy, Principal, PrincipalKind, Role, Workspace,
};

use rolegate::workspace::{GrantPolicy, KeysWithoutRole};

use crate::changes::{REASONS, answers, expected_answers, kind_of, replay, why};
use crate::dice::CHANGES;
use crate::model::{Answers, Model, Why};
use crate::reference::World;

/// Two objects, four roles, two holders of each kind and one more member.
fn office() -> Model {
    Model::of(&workspace())
}

fn intern() -> Role {
    Role::new("Intern").allow(Action::See).rule(
        "people",
        ObjectRule::new()
            .allow(Action::Edit)
            .field("email", FieldRule::NO_ACCESS),
    )
}

fn workspace() -> Workspace {
    let schema = rolegate::Schema::builder()
        .only_permissions([
            Permission::settings("roles"),
            Permission::settings("workflows"),
            Permission::action("trigger_workflows").with_requirement("workflows"),
            Permission::action("send_email"),
        ])
        .add_object(
            Object::new("people")
                .field("name")
                .field(Field::new("email").bound_to_permission("send_email")),
        )
        .add_object(Object::new("companies").field(Field::new("owner").with_relation("people")))
        .build()
        .unwrap();
    let member = Role::new("Member")
        .allow(Action::See)
        .allow(Action::Edit)
        .grant("trigger_workflows")
        .grant("workflows");
    let bot = Role::new("Bot")
        .allow(Action::See)
        .rule("companies", ObjectRule::new().allow(Action::Delete))
        .grant_all(PermissionClass::Actions)
        .with_holder_kinds([PrincipalKind::ApiKey, PrincipalKind::Agent]);
    Workspace::builder(schema)
        .role(Role::admin("Admin"))
        .role(member)
        .role(intern())
        .role(bot)
        .default_role("Member")
        .member("ada", "Admin")
        .member("ben", "Member")
        .member("cleo", "Intern")
        .api_key("sync", "Bot")
        .principal_without_role(Principal::api_key("legacy"))
        .agent("writer", "Intern")
        .principal_without_role(Principal::agent("idle"))
        .group_mapping(GroupMapping::new("trainees", "Intern"))
        .build()
        .unwrap()
}

fn member(id: &str) -> Principal {
    Principal::member(id)
}

fn key(id: &str) -> Principal {
    Principal::api_key(id)
}

fn agent(id: &str) -> Principal {
    Principal::agent(id)
}

/// Every change of the list: of roles, of holders, of the whole, of the schema.
fn changes() -> Vec<Change> {
    let mut changes = changes_of_roles();
    changes.extend(changes_of_settings());
    changes.extend(changes_of_holders());
    changes.extend(changes_of_schema());
    changes
}

fn changes_of_roles() -> Vec<Change> {
    let blind = Role::new("Blind").allow(Action::Edit);
    let lost = Role::new("Lost").rule("tasks", ObjectRule::new().allow(Action::See));
    let sales = Role::new("Sales")
        .allow(Action::See)
        .rule("companies", ObjectRule::new().allow(Action::Edit))
        .grant("send_email");
    let wider = intern().allow(Action::Edit).grant("workflows");
    let contradiction = ObjectRule::new().deny(Action::See).allow(Action::Edit);
    vec![
        Change::create_role(sales),
        Change::create_role(Role::new("Intern")),
        Change::create_role(Role::admin("Root")),
        Change::create_role(blind),
        Change::create_role(lost),
        Change::create_role(Role::new("")),
        Change::rename_role("Intern", "Trainee"),
        Change::rename_role("Member", "Sales"),
        Change::rename_role("Bot", "Member"),
        Change::rename_role("Bot", "Bot"),
        Change::rename_role("Admin", "Owner"),
        Change::rename_role("Nobody", "Somebody"),
        Change::describe_role("Intern", "Sees nearly everything"),
        Change::describe_role("Admin", "All"),
        Change::describe_role("Sales", "Sells"),
        Change::DescribeRole {
            role: "Intern".into(),
            description: None,
        },
        Change::save_role(intern(), wider.clone()),
        Change::save_role(wider.clone(), intern()),
        Change::save_role(intern(), intern()),
        Change::save_role(intern(), wider.with_name("Trainee")),
        Change::save_role(intern(), intern().rule("companies", contradiction)),
        Change::save_role(Role::admin("Admin"), Role::admin("Admin")),
        Change::duplicate_role("Intern", "Sales"),
        Change::duplicate_role("Intern", "Member"),
        Change::duplicate_role("Admin", "Owner"),
        Change::delete_role("Bot"),
        Change::delete_role("Intern"),
        Change::delete_role("Member"),
        Change::delete_role("Admin"),
        Change::delete_role("Sales"),
        Change::set_holder_kinds("Bot", PrincipalKind::ALL),
        Change::set_holder_kinds("Bot", [PrincipalKind::Agent]),
        Change::set_holder_kinds("Intern", [PrincipalKind::Member]),
        Change::set_holder_kinds("Intern", [PrincipalKind::Agent]),
        Change::set_holder_kinds("Member", [PrincipalKind::Member]),
        Change::set_holder_kinds("Member", []),
        Change::set_holder_kinds("Admin", PrincipalKind::ALL),
    ]
}

fn changes_of_settings() -> Vec<Change> {
    use Action::{Delete, Edit, See};
    use Effect::{Allow, Deny, Inherit};
    vec![
        Change::set_effect("Intern", Cell::baseline(Edit), Allow),
        Change::set_effect("Member", Cell::baseline(See), Deny),
        Change::set_effect("Intern", Cell::baseline(See), Inherit),
        Change::set_effect("Intern", Cell::object("people", Edit), Inherit),
        Change::set_effect("Member", Cell::object("companies", See), Deny),
        Change::set_effect("Bot", Cell::object("tasks", See), Deny),
        Change::set_effect("Intern", Cell::field("people", "email", Edit), Allow),
        Change::set_effect("Intern", Cell::field("people", "email", See), Allow),
        Change::set_effect("Bot", Cell::field("people", "phone", See), Deny),
        Change::set_effect("Bot", Cell::field("people", "name", Delete), Deny),
        Change::set_effect("Intern", Cell::permission("send_email"), Allow),
        Change::set_effect("Member", Cell::permission("workflows"), Deny),
        Change::set_effect("Bot", Cell::permission("audit"), Allow),
        Change::set_effect("Bot", Cell::all_access(PermissionClass::Settings), Allow),
        Change::set_effect("Bot", Cell::all_access(PermissionClass::Actions), Deny),
        Change::set_effect("Bot", Cell::all_access(PermissionClass::Actions), Inherit),
        Change::set_effect("Admin", Cell::baseline(See), Deny),
    ]
}

fn changes_of_holders() -> Vec<Change> {
    vec![
        Change::assign_role(member("ben"), "Admin"),
        Change::assign_role(member("ben"), "Intern"),
        Change::assign_role(member("ada"), "Member"),
        Change::assign_role(member("cleo"), "Bot"),
        Change::assign_role(member("cleo"), "Member"),
        Change::assign_role(agent("idle"), "Bot"),
        Change::assign_role(agent("idle"), "Admin"),
        Change::assign_role(key("legacy"), "Intern"),
        Change::assign_role(key("sync"), "Bot"),
        Change::assign_role(member("dan"), "Intern"),
        Change::assign_role(member("ben"), "Sales"),
        Change::clear_role(key("sync")),
        Change::clear_role(agent("writer")),
        Change::clear_role(agent("idle")),
        Change::clear_role(member("ben")),
        Change::clear_role(key("other")),
        Change::set_default_role("Intern"),
        Change::set_default_role("Member"),
        Change::set_default_role("Bot"),
        Change::set_default_role("Admin"),
        Change::set_default_role("Sales"),
        Change::add(member("dan")),
        Change::add(key("other")),
        Change::add(agent("writer")),
        Change::add(member("")),
        Change::join("dan", ["trainees"]),
        Change::join("eve", ["owners", "nothing"]),
        Change::join("ben", ["trainees"]),
        Change::remove(member("ben")),
        Change::remove(member("ada")),
        Change::remove(key("legacy")),
        Change::remove(agent("writer")),
        Change::remove(member("dan")),
        Change::set_group_mappings([]),
        Change::set_group_mappings([
            GroupMapping::to_admin("owners"),
            GroupMapping::new("trainees", "Intern"),
        ]),
        Change::set_group_mappings([GroupMapping::new("trainees", "Intern")]),
        Change::set_group_mappings([GroupMapping::new("robots", "Bot")]),
        Change::set_group_mappings([GroupMapping::new("sellers", "Sales")]),
        Change::set_keys_without_role(KeysWithoutRole::Denied),
        Change::set_keys_without_role(KeysWithoutRole::DefaultRole),
        Change::set_grant_policy(GrantPolicy::WithinOwnAccess),
        Change::set_grant_policy(GrantPolicy::Anything),
    ]
}

fn changes_of_schema() -> Vec<Change> {
    let email = || Field::new("email").bound_to_permission("send_email");
    let circle = Permission::settings("workflows").with_requirement("trigger_workflows");
    vec![
        Change::add_object(Object::new("tasks").field("name")),
        Change::add_object(Object::new("people")),
        Change::add_object(Object::new("deals").field(Field::new("task").with_relation("tasks"))),
        Change::add_object(Object::new("no key")),
        Change::label_object("people", "People"),
        Change::LabelObject {
            object: "companies".into(),
            label: None,
        },
        Change::label_object("tasks", "Tasks"),
        Change::remove_object("people"),
        Change::remove_object("companies"),
        Change::remove_object("tasks"),
        Change::add_field("people", "phone"),
        Change::add_field("people", "name"),
        Change::add_field("tasks", "title"),
        Change::add_field("companies", Field::new("gone").bound_to_action(Action::See)),
        Change::update_field("people", email().with_label("E-mail")),
        Change::update_field("people", Field::new("email").system()),
        Change::update_field("people", Field::new("name").bound_to_permission("audit")),
        Change::update_field("companies", "owner"),
        Change::update_field("people", "phone"),
        Change::update_field("people", "name"),
        Change::remove_field("people", "email"),
        Change::remove_field("companies", "owner"),
        Change::remove_field("people", "phone"),
        Change::add_permission(Permission::settings("audit").with_requirement("roles")),
        Change::add_permission(Permission::action("refund").with_requirement("billing")),
        Change::add_permission(Permission::settings("send_email")),
        Change::update_permission(Permission::action("trigger_workflows")),
        Change::update_permission(Permission::settings("trigger_workflows")),
        Change::update_permission(circle),
        Change::update_permission(Permission::settings("audit")),
        Change::update_permission(Permission::settings("roles").with_label("Roles")),
        Change::remove_permission("trigger_workflows"),
        Change::remove_permission("workflows"),
        Change::remove_permission("send_email"),
        Change::remove_permission("audit"),
        Change::remove_permission("roles"),
    ]
}

/// What happened so far: the library and the model, side by side.
struct State {
    workspace: Workspace,
    model: Model,
    policy: Policy,
}

/// The answers of the reference for each state that was met; many pairs come to the same one.
#[derive(Default)]
struct Known(BTreeMap<String, (World, Vec<bool>)>);

impl Known {
    fn of(&mut self, model: &Model) -> &(World, Vec<bool>) {
        // Revisions change no answer.
        let plain = Model {
            revision: 0,
            ..model.clone()
        };
        let name = format!("{plain:?}");
        self.0.entry(name).or_insert_with(|| {
            let answers = expected_answers(&Answers::of(model));
            (model.world(), answers)
        })
    }
}

/// What came of a change or a batch: nothing new, and why, or the next state.
fn outcome(
    before: &State,
    changes: &[Change],
    known: &mut Known,
) -> Result<State, (Option<usize>, Why)> {
    let mut workspace = before.workspace.clone();
    let done = match changes {
        [change] => (workspace.apply(change.clone())).map_err(|error| (Some(0), error)),
        _ => (workspace.apply_all(changes.to_vec()))
            .map_err(|refused| (refused.position, refused.error)),
    };
    // The laws that only the whole can tell are told of a single change as of a batch.
    let single = |at: Option<usize>| if changes.len() == 1 { Some(0) } else { at };
    match (done, before.model.after_all(changes)) {
        (Ok(events), Ok(after)) => {
            assert_eq!(Model::of(&workspace), after, "{changes:?}");
            assert_eq!(
                after.revision,
                before.model.revision + u64::try_from(changes.len()).unwrap()
            );
            assert!(events.len() >= changes.len(), "{events:?}");
            replay(before.model.clone(), &events, &after);
            let (world, expected) = known.of(&after);
            let policy = workspace.recompile(&before.policy);
            for policy in [&policy, &workspace.compile()] {
                assert_eq!(policy.revision(), workspace.revision());
                assert_eq!(answers(policy, world), *expected, "{changes:?}");
            }
            Ok(State {
                workspace,
                model: after,
                policy,
            })
        }
        (Err((position, error)), Err((expected, reasons))) => {
            let reason = why(&error);
            assert!(reasons.contains(reason), "{error} {reasons:?} {changes:?}");
            assert_eq!(position, single(expected), "{error} {changes:?}");
            assert_eq!(workspace, before.workspace, "{changes:?}");
            Err((position, reason))
        }
        (Ok(_), Err((_, reasons))) => panic!("not refused for {reasons:?}: {changes:?}"),
        (Err((_, error)), Ok(_)) => panic!("{error}: {changes:?}"),
    }
}

#[test]
fn l24_l25_every_pair_of_changes_does_what_the_model_says() {
    let changes = changes();
    let kinds: BTreeSet<String> = changes.iter().map(kind_of).collect();
    assert_eq!(kinds.len(), CHANGES, "{kinds:?}");
    let workspace = workspace();
    let start = State {
        policy: workspace.compile(),
        model: office(),
        workspace,
    };
    assert_eq!(start.model.build(), start.workspace);
    let mut known = Known::default();
    let mut met: BTreeSet<Why> = BTreeSet::new();
    let (mut singles, mut both, mut batches) = (0, 0, 0);
    for first in &changes {
        let after = outcome(&start, core::slice::from_ref(first), &mut known);
        singles += usize::from(after.is_ok());
        for second in &changes {
            let pair = [first.clone(), second.clone()];
            let together = outcome(&start, &pair, &mut known);
            batches += usize::from(together.is_ok());
            met.extend(together.as_ref().err().map(|(_, reason)| *reason));
            let Ok(after) = &after else { continue };
            let one_by_one = outcome(after, &pair[1..], &mut known);
            both += usize::from(one_by_one.is_ok());
            if let Ok(last) = one_by_one {
                // What holds after each holds at the end: a batch of them is accepted, and comes to the same.
                let together = together.ok().map(|together| together.workspace);
                assert_eq!(together, Some(last.workspace), "{pair:?}");
            }
        }
    }
    assert_eq!(met, REASONS.into());
    assert_eq!((changes.len(), changes.len().pow(2)), (132, 17_424));
    // Accepted alone, both one by one, both as a batch.
    assert_eq!((singles, both, batches), (51, 2_549, 2_567));
}

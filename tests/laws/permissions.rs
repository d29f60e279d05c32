//! Who may use which workspace permission? L11 and L12.

use proptest::prop_assert;
use rolegate::PermissionClass::{Actions, Settings};
use rolegate::{Permission, PermissionClass, Policy, Role, Schema, Workspace};

use super::{refused, tim, with_tim};
use crate::asks::worlds_and_uses;
use crate::bridge::{access, policy};
use crate::reference;
use crate::strategies::for_all;

/// Asserts which of all permissions that there are `tim` may use.
#[track_caller]
fn uses(policy: &Policy, expected: &[&str]) {
    let access = policy.access(&tim());
    let known = policy.schema().permissions().iter();
    let used: Vec<&str> = known
        .map(|known| known.key().as_str())
        .filter(|key| access.can_use(*key))
        .collect();
    assert_eq!(used, expected);
}

fn clerk() -> Role {
    Role::new("Clerk")
}

#[test]
fn l11_a_permission_is_had_by_the_switch_of_its_class_or_one_by_one() {
    let settings = [
        "api_keys",
        "workspace",
        "roles",
        "data_model",
        "security",
        "workflows",
        "workspace_members",
    ];
    let actions = ["send_email", "import_csv", "export_csv"];
    uses(&with_tim(clerk()), &[]);
    uses(&with_tim(clerk().grant("roles")), &["roles"]);
    uses(&with_tim(clerk().grant("send_email")), &["send_email"]);
    uses(
        &with_tim(clerk().grant("export_csv").grant("roles")),
        &["roles", "export_csv"],
    );
    uses(&with_tim(clerk().grant_all(Settings)), &settings);
    uses(&with_tim(clerk().grant_all(Actions)), &actions);
    uses(
        &with_tim(clerk().grant_all(Actions).grant("roles")),
        &["roles", "send_email", "import_csv", "export_csv"],
    );
    let all = [&settings[..], &actions, &["trigger_workflows"]].concat();
    uses(
        &with_tim(clerk().grant_all(Actions).grant_all(Settings)),
        &all,
    );
}

#[test]
fn l11_a_permission_is_none_to_records_and_records_are_none_to_permissions() {
    let all = rolegate::Action::ALL.into_iter();
    uses(&with_tim(all.fold(clerk(), Role::allow)), &[]);
    let policy = with_tim(clerk().grant_all(Actions).grant_all(Settings));
    assert!(!policy.can(&tim(), rolegate::Action::See, "people", None));
}

#[test]
fn l11_a_switch_covers_what_the_workspace_registers_itself() {
    let own = |class| Permission::new(class, "own");
    for (class, switch, expected) in [
        (Settings, Settings, true),
        (Actions, Actions, true),
        (Settings, Actions, false),
        (Actions, Settings, false),
    ] {
        let policy = in_schema(&[own(class)], clerk().grant_all(switch));
        assert_eq!(
            policy.access(&tim()).can_use("own"),
            expected,
            "{class} {switch}"
        );
    }
}

/// A policy in which these are all the permissions that there are, and `tim` holds the role.
#[track_caller]
fn in_schema(permissions: &[Permission], role: Role) -> Policy {
    let schema = Schema::builder()
        .only_permissions(permissions.to_vec())
        .build();
    let name = role.name().clone();
    super::compile(
        Workspace::builder(schema.unwrap())
            .role(Role::admin("Admin"))
            .role(role)
            .default_role(name.clone())
            .member("ada", "Admin")
            .member("tim", name),
    )
}

#[test]
fn l11_l12_every_use_is_that_of_the_reference() {
    for_all(worlds_and_uses(), |(world, uses)| {
        let policy = policy(&world);
        for (chain, permission) in uses {
            let answer = access(&policy, &chain).can_use(&permission);
            let expected = reference::can_use(&world, &chain, &permission);
            prop_assert!(answer == expected, "{chain:?} {permission}");
        }
        Ok(())
    });
}

#[test]
fn l12_triggering_workflows_requires_managing_them() {
    let trigger = || clerk().grant("trigger_workflows");
    let cases = [
        (trigger(), false),
        (clerk().grant("workflows"), false),
        (trigger().grant("workflows"), true),
        (trigger().grant_all(Settings), true),
        (clerk().grant_all(Actions), false),
        (clerk().grant_all(Actions).grant("workflows"), true),
    ];
    for (role, expected) in cases {
        let policy = with_tim(role.clone());
        let access = policy.access(&tim());
        assert_eq!(access.can_use("trigger_workflows"), expected, "{role:?}");
    }
    let policy = with_tim(trigger());
    assert_eq!(
        policy
            .access(&tim())
            .explain_use("trigger_workflows")
            .sentence()
            .to_string(),
        "`member:tim` may not use `trigger_workflows`: it requires `workflows`, which role `Clerk` does not grant",
    );
}

#[test]
fn l12_a_workspace_can_drop_the_requirement() {
    let role = || clerk().grant("trigger_workflows");
    let workflows = Permission::settings("workflows");
    let trigger = Permission::action("trigger_workflows");
    let policy = in_schema(&[workflows.clone(), trigger.clone()], role());
    uses(&policy, &["trigger_workflows"]);
    let policy = in_schema(&[workflows, trigger.with_requirement("workflows")], role());
    uses(&policy, &[]);
}

#[test]
fn l12_what_is_required_may_require_more_and_stand_anywhere() {
    let replay = Permission::action("replay")
        .with_requirement("trigger")
        .with_requirement("export");
    let trigger = Permission::action("trigger").with_requirement("workflows");
    let export = Permission::action("export");
    let workflows = Permission::settings("workflows");
    let mut schema = [replay, trigger, export, workflows];
    for _ in 0..2 {
        let may = |granted: &[&str]| {
            let role = granted.iter().fold(clerk(), |role, key| role.grant(*key));
            in_schema(&schema, role).access(&tim()).can_use("replay")
        };
        assert!(may(&["replay", "trigger", "export", "workflows"]));
        assert!(!may(&["replay", "trigger", "export"]));
        assert!(!may(&["replay", "trigger", "workflows"]));
        assert!(!may(&["replay", "export", "workflows"]));
        assert!(!may(&["trigger", "export", "workflows"]));
        schema.reverse();
    }
}

#[test]
fn l12_nothing_requires_itself() {
    let own = |key: &str, requires: &str| Permission::action(key).with_requirement(requires);
    let schema = Schema::builder().only_permissions([
        own("a", "b"),
        own("b", "c"),
        own("c", "a"),
        own("d", "d"),
        Permission::action("e"),
    ]);
    assert_eq!(
        schema.build().unwrap_err().to_string(),
        "`schema.permissions[0].requires`: workspace permission `a` requires itself in the end; \
         remove one of the requirements\n\
         `schema.permissions[1].requires`: workspace permission `b` requires itself in the end; \
         remove one of the requirements\n\
         `schema.permissions[2].requires`: workspace permission `c` requires itself in the end; \
         remove one of the requirements\n\
         `schema.permissions[3].requires`: workspace permission `d` requires itself in the end; \
         remove one of the requirements",
    );
}

#[test]
fn l12_the_documented_permissions_are_there() {
    let documented = Permission::documented();
    let of = |class: PermissionClass| -> Vec<&str> {
        let known = documented.iter().filter(|known| known.class() == class);
        known.map(|known| known.key().as_str()).collect()
    };
    assert_eq!(
        of(Settings),
        [
            "api_keys",
            "workspace",
            "roles",
            "data_model",
            "security",
            "workflows",
            "workspace_members",
        ],
    );
    assert_eq!(
        of(Actions),
        [
            "send_email",
            "import_csv",
            "export_csv",
            "trigger_workflows"
        ],
    );
    for known in &documented {
        let required = known.requirements().iter().map(ToString::to_string);
        let required: Vec<String> = required.collect();
        if *known.key() == "trigger_workflows" {
            assert_eq!(required, ["workflows"]);
        } else {
            assert!(required.is_empty(), "{known:?}");
        }
    }
    assert_eq!(Schema::builder().build().unwrap().permissions(), documented);
}

#[test]
fn l06_a_role_may_not_list_what_its_schema_dropped() {
    let schema = Schema::builder().only_permissions([]).build().unwrap();
    let workspace = Workspace::builder(schema)
        .role(Role::admin("Admin"))
        .role(clerk().grant("send_email"))
        .default_role("Clerk")
        .member("ada", "Admin");
    refused(
        workspace.build(),
        "`roles[1].permissions`: unknown workspace permission `send_email`",
    );
}

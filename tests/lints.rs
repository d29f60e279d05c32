//! What is reported about a workspace that may stand? The lints of the reference, and what each says.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rolegate::Action::{Delete, Destroy, Edit, See};
use rolegate::{
    Effect, FieldRule, Lint, ObjectRule, Permission, PermissionClass, Principal, Role, Schema,
    Workspace,
};

use crate::bridge;
use crate::reference::{self, World};
use crate::strategies::{for_all, worlds};

/// A lint of the reference, as the library reports it.
pub(crate) fn same(world: &World, lint: reference::Lint) -> Lint {
    let name = |role: usize| world.roles[role].name.as_str().into();
    match lint {
        reference::Lint::RuleChangesNothing {
            role,
            object,
            field,
        } => Lint::RuleChangesNothing {
            role: name(role),
            object: object.into(),
            field: field.map(Into::into),
        },
        reference::Lint::GrantUnderHiddenObject {
            role,
            object,
            field,
        } => Lint::GrantUnderHiddenObject {
            role: name(role),
            object: object.into(),
            field: field.into(),
        },
        reference::Lint::DormantWrite {
            role,
            object,
            field,
            action,
        } => Lint::DormantWrite {
            role: name(role),
            object: object.into(),
            field: field.map(Into::into),
            action: action.into(),
        },
        reference::Lint::KeyWithoutRole { key } => Lint::KeyWithoutRole {
            key: Principal::api_key(key),
        },
    }
}

/// What a role grants without something that it requires (L12), of which the reference has no lint.
fn dormant_permissions(world: &World) -> Vec<Lint> {
    let mut found = Vec::new();
    for role in world.roles.iter().filter(|role| !role.admin) {
        let has = |key: &String| {
            let known = world.permissions.iter().find(|known| known.key == *key);
            role.permissions.contains(key) || role.all_access.contains(&known.unwrap().class)
        };
        for granted in world.permissions.iter().filter(|known| has(&known.key)) {
            for required in granted.requires.iter().filter(|key| !has(key)) {
                found.push(Lint::DormantPermission {
                    role: role.name.as_str().into(),
                    permission: granted.key.as_str().into(),
                    requires: required.as_str().into(),
                });
            }
        }
    }
    found
}

/// Objects and fields that differ in case only: in these worlds nothing else looks alike, and the reference has no lint of it.
fn names_that_look_alike(world: &World) -> Vec<Lint> {
    fn alike(names: &[String]) -> Vec<(&str, &str)> {
        let pair = |(at, second): (usize, &'_ String)| {
            let mut before = names[..at].iter();
            before.position(|first| first.eq_ignore_ascii_case(second))
        };
        let firsts = names.iter().enumerate().map(pair).zip(names);
        firsts
            .filter_map(|(first, second)| Some((names[first?].as_str(), second.as_str())))
            .collect()
    }
    let objects: Vec<String> = world
        .objects
        .iter()
        .map(|(object, _)| object.clone())
        .collect();
    let mut found = Vec::new();
    for (first, second) in alike(&objects) {
        found.push(Lint::ObjectsLookAlike {
            first: first.into(),
            second: second.into(),
        });
    }
    for (object, fields) in &world.objects {
        for (first, second) in alike(fields) {
            found.push(Lint::FieldsLookAlike {
                object: object.as_str().into(),
                first: first.into(),
                second: second.into(),
            });
        }
    }
    found
}

#[test]
fn the_lints_of_every_world_are_those_of_the_reference() {
    for_all(worlds(), |world| {
        let found = bridge::workspace(&world).lints();
        let expected = reference::lints(&world).into_iter();
        let expected: BTreeSet<Lint> = expected
            .map(|lint| same(&world, lint))
            .chain(dormant_permissions(&world))
            .chain(names_that_look_alike(&world))
            .collect();
        let once: BTreeSet<Lint> = found.iter().cloned().collect();
        prop_assert_eq!(&once, &expected);
        prop_assert_eq!(found.len(), expected.len(), "each is reported once");
        Ok(())
    });
}

#[test]
fn a_role_reports_the_lints_that_its_workspace_reports_about_it() {
    for_all(worlds(), |world| {
        let workspace = bridge::workspace(&world);
        let of_roles = workspace
            .roles()
            .flat_map(|role| role.lints(workspace.schema()));
        let mut all = workspace.lints();
        let is_of_workspace = |lint: &Lint| {
            matches!(
                lint,
                Lint::KeyWithoutRole { .. }
                    | Lint::FieldsLookAlike { .. }
                    | Lint::ObjectsLookAlike { .. }
            )
        };
        all.retain(|lint| !is_of_workspace(lint));
        prop_assert_eq!(of_roles.collect::<Vec<_>>(), all);
        Ok(())
    });
}

fn schema() -> Schema {
    Schema::builder()
        .object("people", ["name", "email"])
        .object("companies", ["name"])
        .build()
        .unwrap()
}

/// Asserts the lints of a role, one a line.
#[track_caller]
fn lints(role: &Role, expected: &[&str]) {
    let lints = role.lints(&schema());
    let lints: Vec<String> = lints.iter().map(ToString::to_string).collect();
    assert_eq!(lints, expected);
}

fn clerk() -> Role {
    Role::new("Clerk").allow(See)
}

#[test]
fn a_rule_that_says_what_holds_without_it_is_reported() {
    for idle in [
        ObjectRule::new(),
        ObjectRule::new().allow(See),
        ObjectRule::new()
            .allow(See)
            .deny(Edit)
            .deny(Delete)
            .deny(Destroy),
    ] {
        lints(
            &clerk().rule("people", idle),
            &[
                "role `Clerk`: the object rule for `people` changes nothing; remove it, or set what it should change",
            ],
        );
    }
    for idle in [
        FieldRule::new(),
        FieldRule::SEE_ONLY,
        FieldRule::new().set_edit(Effect::Deny),
    ] {
        lints(
            &clerk().rule("people", ObjectRule::new().field("email", idle)),
            &[
                "role `Clerk`: the field rule for `people.email` changes nothing; remove it, or set what it should change",
            ],
        );
    }
    lints(&clerk().rule("people", ObjectRule::new().allow(Edit)), &[]);
    lints(
        &clerk().rule(
            "people",
            ObjectRule::new().field("email", FieldRule::NO_ACCESS),
        ),
        &[],
    );
}

#[test]
fn a_field_that_is_shown_under_a_hidden_object_is_reported() {
    let rule = ObjectRule::new()
        .deny(See)
        .field("email", FieldRule::SEE_ONLY);
    let reported = "role `Clerk`: the field rule for `people.email` allows `see` although records of `people` are \
                    hidden; allow `see` on `people`, or remove the grant";
    lints(&clerk().rule("people", rule), &[reported]);
    let hidden_by_baseline = ObjectRule::new().field("email", FieldRule::SEE_ONLY);
    lints(
        &Role::new("Clerk").rule("people", hidden_by_baseline),
        &[reported],
    );
}

#[test]
fn a_change_that_is_held_back_by_see_is_reported() {
    let reported = |action: &str, place: &str| {
        format!(
            "role `Clerk`: `{action}` on `{place}` has no effect while `see` is denied there; deny `{action}` too, or \
             allow `see`"
        )
    };
    let everything = clerk().allow(Edit).allow(Delete).allow(Destroy);
    let [edit, delete, destroy] =
        ["edit", "delete", "destroy"].map(|action| reported(action, "people"));
    lints(
        &everything.rule("people", ObjectRule::new().deny(See)),
        &[&edit, &delete, &destroy],
    );
    lints(
        &Role::new("Clerk").rule("people", ObjectRule::new().allow(Delete)),
        &[&delete],
    );
    let hidden = FieldRule::new().set_see(Effect::Deny);
    let rule = ObjectRule::new().field("email", hidden);
    lints(
        &clerk().allow(Edit).rule("people", rule.clone()),
        &[&reported("edit", "people.email")],
    );
    lints(&clerk().rule("people", rule), &[]);
}

#[test]
fn a_permission_without_what_it_requires_is_reported() {
    let reported = "role `Clerk`: `trigger_workflows` has no effect without `workflows`; grant `workflows` too, or \
                    withdraw `trigger_workflows`";
    lints(&clerk().grant("trigger_workflows"), &[reported]);
    lints(&clerk().grant_all(PermissionClass::Actions), &[reported]);
    lints(&clerk().grant("trigger_workflows").grant("workflows"), &[]);
    lints(&clerk().grant("workflows"), &[]);
    assert!(Permission::documented().len() == schema().permissions().len());
}

#[test]
fn an_api_key_without_a_role_is_reported() {
    let workspace = Workspace::builder(schema())
        .role(Role::admin("Admin"))
        .role(clerk())
        .default_role("Clerk")
        .member("ada", "Admin")
        .api_key("website", "Clerk")
        .principal_without_role(Principal::api_key("legacy"))
        .principal_without_role(Principal::agent("idle"));
    let lints = workspace.build().unwrap().lints();
    let lints: Vec<String> = lints.iter().map(ToString::to_string).collect();
    assert_eq!(
        lints,
        [
            "API key `legacy` has no role, so that the workspace decides what it may do; assign a role to it"
        ],
    );
}

#[test]
fn nothing_is_reported_about_admin_and_the_intern_of_the_documentation() {
    lints(&Role::admin("Admin"), &[]);
    let sample = rolegate::sample::workspace().unwrap();
    let intern = sample.role("Intern").unwrap();
    assert_eq!(intern.lints(sample.schema()), []);
}

//! What is refused at the gates? L4 and L26.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use rolegate::Action::{Delete, Destroy, Edit, See};
use rolegate::Effect::{Allow, Deny, Inherit};
use rolegate::{FieldRule, ObjectRule, Role};

use super::{office, refused};
use crate::bridge::{build, contradictions_found, contradictory, document, load, schema};
use crate::reference::{
    Class, Effect, FieldRuleModel, ObjectRuleModel, Permission, RoleModel, World, valid,
};
use crate::strategies::{effects, for_all, worlds};

#[test]
fn l04_what_denies_see_and_allows_something_else_is_refused() {
    let clerk = || Role::new("Clerk");
    let people = |rule| clerk().allow(See).rule("people", rule);
    let email = |rule| people(ObjectRule::new().field("email", rule));
    let rule = ObjectRule::new;
    let cases = [
        (clerk().allow(Edit), "allow", "`edit` is"),
        (
            clerk().allow(Delete).allow(Destroy),
            "allow",
            "`delete`, `destroy` are",
        ),
        (
            people(rule().deny(See).allow(Edit)),
            "objects.people",
            "`edit` is",
        ),
        (
            people(rule().deny(See).allow(Destroy).deny(Edit)),
            "objects.people",
            "`destroy` is",
        ),
        (
            people(rule().deny(See).allow(Edit).allow(Delete).allow(Destroy)),
            "objects.people",
            "`edit`, `delete`, `destroy` are",
        ),
        (
            email(FieldRule::new().set_see(Deny).set_edit(Allow)),
            "objects.people.fields.email",
            "`edit` is",
        ),
    ];
    for (role, path, allowed) in cases {
        refused(
            office().role(role).build(),
            &format!(
                "`roles[2].{path}`: `see` is denied but {allowed} allowed; allow `see` as well, or do not allow the rest"
            ),
        );
    }
}

#[test]
fn l04_levels_may_contradict_each_other() {
    let clerk = || Role::new("Clerk").allow(See).allow(Edit);
    let rule = ObjectRule::new;
    let email = |field| rule().field("email", field);
    for role in [
        // What the baseline allows is not allowed by the rule itself.
        clerk().rule("people", rule().deny(See)),
        clerk().rule("people", rule().deny(See).deny(Edit)),
        clerk().rule("people", email(FieldRule::new().set_see(Deny))),
        clerk().rule("people", email(FieldRule::NO_ACCESS)),
        Role::new("Clerk").rule("people", rule().allow(Edit)),
        Role::new("Clerk").rule("people", email(FieldRule::new().set_edit(Allow))),
        clerk().rule("people", rule().deny(See).field("email", FieldRule::EDIT)),
        clerk().rule("people", rule().set(See, Inherit).allow(Delete)),
    ] {
        assert!(office().role(role.clone()).build().is_ok(), "{role:?}");
    }
}

#[test]
fn l04_all_contradictions_of_a_role_are_reported_at_once_at_both_gates() {
    let picks = [any::<Index>(), any::<Index>(), any::<Index>()];
    let rule = (
        [effects(), effects(), effects(), effects()],
        [effects(), effects()],
    );
    let cases = (worlds(), any::<[bool; 4]>(), vec((picks, rule), 0..4));
    for_all(cases, |(mut world, baseline, rules)| {
        let ordinary = ordinary(&world);
        for ([role, object, field], (effects, [see, edit])) in rules {
            let role = *role.get(&ordinary);
            world.roles[role].baseline = baseline;
            if world.objects.is_empty() {
                continue;
            }
            let (object, fields) = object.get(&world.objects);
            let rules = &mut world.roles[role].objects;
            let rule = rules.entry(object.clone()).or_default();
            rule.effects = effects;
            if !fields.is_empty() {
                let rule_of_field = FieldRuleModel { see, edit };
                rule.fields.insert(field.get(fields).clone(), rule_of_field);
            }
        }
        let expected = contradictory(&world);
        prop_assert_eq!(contradictions_found(build(&world)), expected.clone());
        let stored = document(&world).to_string();
        prop_assert_eq!(contradictions_found(load(&stored)), expected);
        Ok(())
    });
}

/// The roles that are not Admin.
fn ordinary(world: &World) -> Vec<usize> {
    let roles = 0..world.roles.len();
    roles.filter(|&role| !world.roles[role].admin).collect()
}

#[test]
fn l26_a_valid_workspace_passes_both_gates() {
    for_all(worlds(), |world| {
        prop_assert_eq!(valid(&world), [""; 0]);
        let built = build(&world);
        prop_assert!(built.is_ok(), "{built:?}");
        let loaded = load(&document(&world).to_string());
        prop_assert_eq!(loaded, built);
        Ok(())
    });
}

#[test]
fn l26_what_breaks_a_law_is_refused_by_both_gates_with_the_same_problems() {
    let breaks = vec((0..BREAKS.len(), any::<Index>(), any::<Index>()), 0..=2);
    for_all((worlds(), breaks), |(mut world, breaks)| {
        for (kind, one, other) in breaks {
            let (_, break_it) = BREAKS[kind];
            break_it(&mut world, one, other);
        }
        let laws = valid(&world);
        let (built, loaded) = (build(&world), load(&document(&world).to_string()));
        prop_assert!(built.is_ok() == laws.is_empty(), "{laws:?} {built:?}");
        prop_assert!(loaded.is_ok() == laws.is_empty(), "{laws:?} {loaded:?}");
        if schema(&world).build().is_ok() {
            prop_assert_eq!(built, loaded);
        }
        Ok(())
    });
}

#[test]
fn l26_each_break_breaks_its_law_in_most_worlds() {
    for (law, break_it) in BREAKS {
        let (broken, all) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
        for_all(
            (worlds(), any::<Index>(), any::<Index>()),
            |(mut world, one, other)| {
                break_it(&mut world, one, other);
                all.set(all.get() + 1);
                broken.set(broken.get() + u32::from(valid(&world).contains(&law)));
                Ok(())
            },
        );
        assert!(2 * broken.get() > all.get(), "{law}: {broken:?} of {all:?}");
    }
}

type Break = fn(&mut World, Index, Index);

/// A way to break each law of a valid workspace; some worlds lack what it needs.
const BREAKS: [(&str, Break); 22] = [
    ("L4", |world, role, _| {
        some_role(world, role).baseline = [false, true, false, false];
    }),
    ("L4", |world, role, object| {
        if let Some((object, _)) = some_object(world, object) {
            let effects = [
                Effect::Deny,
                Effect::Inherit,
                Effect::Allow,
                Effect::Inherit,
            ];
            let rule = ObjectRuleModel {
                effects,
                fields: BTreeMap::new(),
            };
            some_role(world, role).objects.insert(object, rule);
        }
    }),
    ("L4", |world, role, object| {
        if let Some((object, Some(field))) = some_object(world, object) {
            let rule = FieldRuleModel {
                see: Effect::Deny,
                edit: Effect::Allow,
            };
            field_rule(world, role, object, field, rule);
        }
    }),
    ("L6", |world, role, _| {
        let rules = &mut some_role(world, role).objects;
        rules.insert("invoices".to_owned(), ObjectRuleModel::default());
    }),
    ("L6", |world, role, object| {
        if let Some((object, _)) = some_object(world, object) {
            let rule = FieldRuleModel::default();
            field_rule(world, role, object, "phone".to_owned(), rule);
        }
    }),
    ("L6", |world, role, _| {
        some_role(world, role)
            .permissions
            .insert("teleport".to_owned());
    }),
    ("L6", |world, object, _| {
        if !world.objects.is_empty() {
            let again = object.get(&world.objects).clone();
            world.objects.push(again);
        }
    }),
    ("L6", |world, object, _| {
        if let Some((object, Some(field))) = some_object(world, object) {
            let mut objects = world.objects.iter_mut();
            let found = objects.find(|(key, _)| *key == object);
            found.unwrap().1.push(field);
        }
    }),
    ("L6", |world, permission, _| {
        world.permissions.push(own("own", &["own_too"]));
        world.permissions.push(own("own_too", &[]));
        let again = permission.get(&world.permissions).clone();
        world.permissions.push(again);
    }),
    ("L6", |world, _, _| {
        world.permissions.push(own("fax", &["telephone"]));
    }),
    ("L12", |world, _, _| {
        world.permissions.push(own("fax", &["fax"]));
    }),
    ("L12", |world, _, _| {
        world.permissions.push(own("fax", &["telephone"]));
        world.permissions.push(own("telephone", &["fax"]));
    }),
    ("L13", |world, _, _| {
        world.roles.push(RoleModel::admin("Root"));
    }),
    ("L13", |world, _, _| {
        for role in &mut world.roles {
            role.admin = false;
        }
    }),
    ("L14", |world, _, _| {
        let default = world.default_role;
        world.members.values_mut().for_each(|role| *role = default);
    }),
    ("L15", |world, _, _| {
        let admin = world.roles.iter().position(|role| role.admin);
        world.default_role = admin.unwrap_or(1_000);
    }),
    ("L15", |world, _, _| world.default_role = 1_000),
    ("L18", |world, _, _| {
        world.members.insert("lost".to_owned(), 1_000);
    }),
    ("L18", |world, _, _| {
        world.api_keys.insert("lost".to_owned(), Some(1_000));
    }),
    ("L19", |world, _, _| {
        let admin = world.roles.iter().position(|role| role.admin);
        world.agents.insert("mighty".to_owned(), admin);
    }),
    ("L19", |world, role, _| {
        let role = *role.get(&ordinary(world));
        world.roles[role].held_by = BTreeSet::new();
        world.members.insert("left_over".to_owned(), role);
    }),
    ("L20", |world, role, other| {
        let name = world.roles[other.index(world.roles.len())].name.clone();
        world.roles.push(RoleModel::new(&name.replace(' ', "\t ")));
        some_role(world, role).name = String::from(" \n");
    }),
];

fn own(key: &str, requires: &[&str]) -> Permission {
    Permission {
        key: key.to_owned(),
        class: Class::Actions,
        requires: requires.iter().map(ToString::to_string).collect(),
    }
}

fn some_role(world: &mut World, role: Index) -> &mut RoleModel {
    let role = *role.get(&ordinary(world));
    &mut world.roles[role]
}

/// An object and, if it has one, a field of it.
fn some_object(world: &World, object: Index) -> Option<(String, Option<String>)> {
    let count = world.objects.len();
    let (key, fields) = (count > 0).then(|| object.get(&world.objects))?;
    Some((key.clone(), fields.first().cloned()))
}

fn field_rule(world: &mut World, role: Index, object: String, field: String, rule: FieldRuleModel) {
    let rules = &mut some_role(world, role).objects;
    rules.entry(object).or_default().fields.insert(field, rule);
}

#[test]
fn l26_every_problem_is_reported_at_once_in_the_order_of_the_document() {
    let clerk = Role::new(" ").allow(Edit).grant("teleport");
    let clerk = clerk.rule("invoices", ObjectRule::new().deny(See).allow(Delete));
    let workspace = super::Workspace::builder(super::office_schema())
        .role(clerk)
        .default_role("Clerk")
        .member("ada", "Admin")
        .principal_without_role(rolegate::Principal::member("tim"));
    refused(
        workspace.build(),
        "`roles[0].name`: malformed role name ``; it has 1 to 255 bytes without control characters\n\
         `roles[0].allow`: `see` is denied but `edit` is allowed; allow `see` as well, or do not allow the rest\n\
         `roles[0].objects.invoices`: `see` is denied but `delete` is allowed; allow `see` as well, or do not allow the rest\n\
         `roles[0].objects.invoices`: unknown object `invoices`\n\
         `roles[0].permissions`: unknown workspace permission `teleport`\n\
         `roles`: no role is Admin; exactly one role has `admin` set\n\
         `default_role`: unknown role `Clerk`\n\
         `members.ada`: unknown role `Admin`\n\
         `members.tim`: a member has exactly one role; name it",
    );
}

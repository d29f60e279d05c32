//! Does Admin do everything that exists, and nobody write past a guard? Every guard beside every role (L13, L37).
//!
//! 9 baselines and 62 object rules do not contradict themselves: 558 workspaces, each with Admin and with two more roles, one
//! of which has the permission that fields are bound to. An object has a field for each of 48 guards: 3 ways to be closed or
//! not, 8 sets of actions and 2 of permissions that it is bound to.

use std::collections::BTreeMap;

use super::{baselines, object_rules, role, world};
use crate::asks::ACTIONS;
use crate::bridge::{self, can_by_handle};
use crate::reference::{
    Action, Class, Closed, FieldRuleModel, Guard, Kind, Permission, Who, World, can, can_use,
    contradictions, fields,
};

/// Every guard, each with the name of the field that it guards.
fn guards() -> Vec<(String, Guard)> {
    let mut guards = Vec::new();
    for (word, closed) in [
        ("free", None),
        ("read_only", Some(Closed::ReadOnly)),
        ("system", Some(Closed::System)),
    ] {
        for bits in 0..8 {
            let actions = [Action::Edit, Action::Delete, Action::Destroy];
            let actions = actions.into_iter().zip([1, 2, 4]);
            let actions = actions.filter(|(_, bit)| bits & bit != 0);
            let guard = Guard {
                closed,
                actions: actions.map(|(action, _)| action).collect(),
                permissions: [].into(),
            };
            let bound = Guard {
                permissions: ["security".to_owned()].into(),
                ..guard.clone()
            };
            guards.push((format!("{word}_{bits}"), guard));
            guards.push((format!("{word}_{bits}_bound"), bound));
        }
    }
    guards
}

fn guarded(mut world: World) -> World {
    let guards = guards();
    let people = &mut world.objects[0].1;
    people.extend(guards.iter().map(|(field, _)| field.clone()));
    let place = |field| ("people".to_owned(), field);
    world.guards = guards
        .into_iter()
        .map(|(field, guard)| (place(field), guard))
        .collect();
    world.permissions = vec![
        Permission {
            key: "security".to_owned(),
            class: Class::Settings,
            requires: [].into(),
        },
        Permission {
            key: "export_csv".to_owned(),
            class: Class::Actions,
            requires: ["security".to_owned()].into(),
        },
    ];
    world.api_keys = BTreeMap::from([("root".to_owned(), Some(0))]);
    world
}

/// Two Admins, and the members with each of the two other roles.
const ASKING: [(Kind, &str); 4] = [
    (Kind::Member, "ada"),
    (Kind::ApiKey, "root"),
    (Kind::Member, "2"),
    (Kind::Member, "3"),
];

#[test]
fn l13_l37_admin_does_everything_and_nobody_writes_past_a_guard() {
    let (mut worlds, mut questions) = (0, 0);
    for baseline in baselines() {
        for effects in object_rules() {
            let none = [FieldRuleModel::default(); 2];
            let plain = role("Plain", baseline, effects, none);
            let mut trusted = role("Trusted", baseline, effects, none);
            trusted.permissions.insert("security".to_owned());
            if !contradictions(&plain).is_empty() {
                continue;
            }
            worlds += 1;
            questions += same_answers(&guarded(world([plain, trusted])));
        }
    }
    // 48 guarded fields, two others, one that is unknown; the record; another object and its field; one that is unknown.
    assert_eq!((worlds, questions), (558, 558 * 4 * (55 * 4 + 3)));
}

fn same_answers(world: &World) -> usize {
    let policy = bridge::policy(world);
    let mut places = vec![
        ("people", None),
        ("people", Some("phone")),
        ("invoices", None),
    ];
    for (object, known) in &world.objects {
        places.extend(
            known
                .iter()
                .map(|field| (object.as_str(), Some(field.as_str()))),
        );
    }
    places.push(("companies", None));
    let mut questions = 0;
    for (kind, id) in ASKING {
        let who = Who {
            kind,
            id: id.to_owned(),
        };
        let chain = core::slice::from_ref(&who);
        let access = bridge::access(&policy, chain);
        for &(object, field) in &places {
            for action in ACTIONS {
                let expected = can(world, chain, action, object, field);
                if matches!(id, "ada" | "root") {
                    assert_eq!(expected, admin_may(world, action, object, field));
                }
                let asked = action.into();
                let answers = [
                    access.can(asked, object, field),
                    can_by_handle(&access, asked, object, field),
                    access.require(asked, object, field).is_ok(),
                ];
                assert_eq!(
                    answers, [expected; 3],
                    "{id} {asked} {object} {field:?}: {:?}",
                    world.roles
                );
                questions += 1;
            }
        }
        for action in ACTIONS {
            let expected = fields(world, chain, action, "people");
            let given = access.fields(action.into(), "people");
            assert!(given.iter().eq(&expected), "{id} {action:?}");
        }
        for permission in ["security", "export_csv", "teleport"] {
            let expected = can_use(world, chain, permission);
            assert_eq!(access.can_use(permission), expected, "{id} {permission}");
            questions += 1;
        }
    }
    questions
}

/// What the laws say of Admin outright: everything that exists (L6, L13), but no field is deleted (L5) and what is closed is
/// not written (L37). What it is bound to Admin has.
fn admin_may(world: &World, action: Action, object: &str, field: Option<&str>) -> bool {
    let known = world.objects.iter().find(|(key, _)| key == object);
    let Some(field) = field else {
        return known.is_some();
    };
    let is_closed = field.starts_with("read_only") || field.starts_with("system");
    known.is_some_and(|(_, fields)| fields.iter().any(|key| key == field))
        && match action {
            Action::See => true,
            Action::Edit => !is_closed,
            Action::Delete | Action::Destroy => false,
        }
}

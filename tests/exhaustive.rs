//! Is every answer about one object with two fields that of the reference? All of them, not a sample.
//!
//! There are 16 baselines, 81 object rules, and 9 rules for each of the two fields: 104,976 roles.

use std::collections::BTreeMap;

use rolegate::{Access, Policy, Principal};

use crate::asks::ACTIONS;
use crate::bridge::{
    self, contradictions_found, contradictory, document, every_way, load, reason, save,
};
use crate::reference::{
    Effect, FieldRuleModel, Kind, ObjectRuleModel, RoleModel, Who, World, can, contradictions, why,
};

mod admin;
mod chains;
mod changes;
mod holders;
mod permissions;

const EFFECTS: [Effect; 3] = [Effect::Inherit, Effect::Allow, Effect::Deny];

fn baselines() -> impl Iterator<Item = [bool; 4]> {
    (0..16).map(|bits| [1, 2, 4, 8].map(|bit| bits & bit != 0))
}

fn object_rules() -> impl Iterator<Item = [Effect; 4]> {
    (0..81).map(|number| [27, 9, 3, 1].map(|place| EFFECTS[number / place % 3]))
}

fn field_rules() -> impl Iterator<Item = FieldRuleModel> {
    let rule = |see| EFFECTS.map(move |edit| FieldRuleModel { see, edit });
    EFFECTS.into_iter().flat_map(rule)
}

fn role(
    name: &str,
    baseline: [bool; 4],
    effects: [Effect; 4],
    fields: [FieldRuleModel; 2],
) -> RoleModel {
    let fields = ["name", "email"].map(str::to_owned).into_iter().zip(fields);
    let rule = ObjectRuleModel {
        effects,
        fields: fields.collect(),
    };
    RoleModel {
        baseline,
        objects: BTreeMap::from([("people".to_owned(), rule)]),
        ..RoleModel::new(name)
    }
}

/// A world with those roles after Admin and the default role; each is held by the member of its number.
fn world(roles: impl IntoIterator<Item = RoleModel>) -> World {
    let mut world = World {
        objects: vec![
            object("people", &["name", "email"]),
            object("companies", &["name"]),
        ],
        relations: BTreeMap::new(),
        guards: BTreeMap::new(),
        permissions: Vec::new(),
        roles: vec![RoleModel::admin("Admin"), RoleModel::new("Member")],
        default_role: 1,
        members: BTreeMap::from([("ada".to_owned(), 0)]),
        api_keys: BTreeMap::new(),
        agents: BTreeMap::new(),
        keys_without_role: crate::reference::KeysWithoutRole::Denied,
    };
    world.roles.extend(roles);
    let held = 2..world.roles.len();
    world
        .members
        .extend(held.map(|role| (role.to_string(), role)));
    world
}

fn object(key: &str, fields: &[&str]) -> (String, Vec<String>) {
    let fields = fields.iter().map(ToString::to_string);
    (key.to_owned(), fields.collect())
}

#[test]
fn every_role_that_contradicts_itself_is_refused_exactly_there() {
    let (mut all, mut legal) = (0, 0);
    for baseline in baselines() {
        for effects in object_rules() {
            for name in field_rules() {
                let role =
                    |(at, email)| role(&format!("role {at}"), baseline, effects, [name, email]);
                let world = world(field_rules().enumerate().map(role));
                let expected = contradictory(&world);
                assert_eq!(
                    contradictions_found(bridge::build(&world)),
                    expected,
                    "{world:?}"
                );
                let stored = document(&world).to_string();
                assert_eq!(contradictions_found(load(&stored)), expected, "{stored}");
                let roles = world.roles.iter().skip(2);
                all += roles.len();
                legal += roles.filter(|role| contradictions(role).is_empty()).count();
            }
        }
    }
    assert_eq!((all, legal), (104_976, 35_712));
}

/// The object with rules, its fields, and what has no rule or is not there at all.
const PLACES: [(&str, Option<&str>); 7] = [
    ("people", None),
    ("people", Some("name")),
    ("people", Some("email")),
    ("people", Some("phone")),
    ("companies", None),
    ("companies", Some("name")),
    ("invoices", None),
];

#[test]
fn every_way_of_asking_every_legal_role_gives_the_answer_and_the_reason_of_the_reference() {
    let (mut roles, mut questions) = (0, 0);
    for baseline in baselines() {
        for effects in object_rules() {
            let pairs =
                field_rules().flat_map(|name| field_rules().map(move |email| [name, email]));
            let numbered = pairs.enumerate();
            let all =
                numbered.map(|(at, fields)| role(&format!("role {at}"), baseline, effects, fields));
            let world = world(all.filter(|role| contradictions(role).is_empty()));
            if world.roles.len() == 2 {
                continue;
            }
            let policy = bridge::policy(&world);
            let loaded = load(&save(&bridge::workspace(&world)));
            let loaded = loaded.expect("what was saved can be loaded").compile();
            for number in 2..world.roles.len() {
                roles += 1;
                questions += same_answers(&world, &policy, &loaded, &number.to_string());
            }
        }
    }
    assert_eq!((roles, questions), (35_712, 35_712 * 28));
}

/// Asks everything about one member, and returns how many questions that is.
fn same_answers(world: &World, policy: &Policy, loaded: &Policy, id: &str) -> usize {
    let who = Who {
        kind: Kind::Member,
        id: id.to_owned(),
    };
    let member = Principal::member(id);
    let access = policy.access(&member);
    for (object, field) in PLACES {
        for action in ACTIONS {
            let chain = core::slice::from_ref(&who);
            let expected = can(world, chain, action, object, field);
            let because = why(world, &who, action, object, field);
            let because = reason(because, action, object, field);
            let asked = rolegate::Action::from(action);
            let at_policy =
                [policy, loaded].map(|policy| policy.can(&member, asked, object, field));
            assert_eq!(
                at_policy, [expected; 2],
                "{asked} {object} {field:?}: {world:?}"
            );
            for (way, answer) in every_way(&access, asked, object, field) {
                assert_eq!(
                    answer, expected,
                    "{way}: {asked} {object} {field:?}: {world:?}"
                );
            }
            let given = access.explain(asked, object, field);
            assert_eq!(
                *given.reason(),
                because,
                "{asked} {object} {field:?}: {world:?}"
            );
        }
    }
    same_fields(world, &who, &access);
    PLACES.len() * ACTIONS.len()
}

fn same_fields(world: &World, who: &Who, access: &Access<'_>) {
    for object in ["people", "companies", "invoices"] {
        for action in ACTIONS {
            let chain = core::slice::from_ref(who);
            let expected = crate::reference::fields(world, chain, action, object);
            let fields = access.fields(action.into(), object);
            assert!(
                fields.iter().eq(&expected),
                "{action:?} {object}: {world:?}"
            );
            assert_eq!(fields.len(), expected.len());
        }
    }
}

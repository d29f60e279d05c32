//! May links together do exactly what each of them may do? Every ordered pair and triple of links, L23.
//!
//! - See and Edit of a record and of its fields: 3 baselines, 8 object rules and 8 field rules come to 192 roles;
//! - Delete and Destroy of a record: 5 baselines and 22 object rules come to 110 roles;
//! - three links in a row: of the 192 roles, one for each of the 9 ways to answer about a record and its field;
//! - the use of permissions: 4 ways to set the switches and 4 to list two permissions come to 16 roles.
//!
//! To the members that hold one of these roles come six other links: see [`with_others`].

use std::collections::BTreeSet;

use super::{EFFECTS, field_rules, role, world};
use crate::asks::ACTIONS;
use crate::bridge::{self, can_by_handle};
use crate::reference::{
    self, Class, Effect, FieldRuleModel, KeysWithoutRole, Kind, Permission, RoleModel, Who, World,
    contradictions,
};

/// What no holder of one of the numbered roles is: Admin as a member and as an API key, a key by default role, an agent
/// without a role, and two that are unknown, one of them known under another kind.
fn with_others(roles: impl IntoIterator<Item = RoleModel>) -> (World, Vec<Who>) {
    let mut world = world(roles);
    world.roles[1].baseline = [true, true, false, false];
    world.keys_without_role = KeysWithoutRole::DefaultRole;
    world.api_keys = [("root".to_owned(), Some(0)), ("legacy".to_owned(), None)].into();
    world.agents = [("idle".to_owned(), None)].into();
    let link = |kind, id: &str| Who {
        kind,
        id: id.to_owned(),
    };
    let members = world.members.keys();
    let mut links: Vec<Who> = members.map(|id| link(Kind::Member, id)).collect();
    links.extend([
        link(Kind::ApiKey, "root"),
        link(Kind::ApiKey, "legacy"),
        link(Kind::Agent, "idle"),
        link(Kind::Agent, "ada"),
        link(Kind::Member, "nobody"),
    ]);
    (world, links)
}

/// Every chain of that length, in every order, a link with itself among them.
fn chains(links: &[Who], length: usize) -> Vec<Vec<Who>> {
    let mut chains = vec![Vec::new()];
    for _ in 0..length {
        let longer = chains.iter().flat_map(|chain| {
            links.iter().map(move |link| {
                let link = [link.clone()];
                chain.iter().cloned().chain(link).collect()
            })
        });
        chains = longer.collect();
    }
    chains
}

/// Asks every chain everything about these places; returns how many chains and how many questions that is.
fn same_answers(
    world: &World,
    chains: &[Vec<Who>],
    places: &[(&str, Option<&str>)],
) -> (usize, usize) {
    let policy = bridge::policy(world);
    let mut questions = 0;
    for chain in chains {
        let access = bridge::access(&policy, chain);
        for &(object, field) in places {
            for action in ACTIONS {
                let expected = reference::can(world, chain, action, object, field);
                let asked = action.into();
                let answers = [
                    access.can(asked, object, field),
                    can_by_handle(&access, asked, object, field),
                    access.require(asked, object, field).is_ok(),
                    access.explain(asked, object, field).is_allowed(),
                ];
                assert_eq!(
                    answers, [expected; 4],
                    "{chain:?}: {asked} {object} {field:?}"
                );
                questions += 1;
            }
        }
        for action in ACTIONS {
            let expected = reference::fields(world, chain, action, "people");
            let fields = access.fields(action.into(), "people");
            assert!(fields.iter().eq(&expected), "{chain:?}: {action:?}");
            assert_eq!(fields.len(), expected.len());
        }
    }
    (chains.len(), questions)
}

/// The record, the field that has a rule, one that has none, and what is unknown.
const PLACES: [(&str, Option<&str>); 5] = [
    ("people", None),
    ("people", Some("name")),
    ("people", Some("email")),
    ("people", Some("phone")),
    ("invoices", None),
];

/// Every role that See and Edit tell apart in its settings.
fn roles_that_see_and_edit() -> Vec<RoleModel> {
    let mut roles = Vec::new();
    for [see, edit] in [[false, false], [true, false], [true, true]] {
        for by_object in field_rules() {
            for by_field in field_rules() {
                let effects = [
                    by_object.see,
                    by_object.edit,
                    Effect::Inherit,
                    Effect::Inherit,
                ];
                let fields = [by_field, FieldRuleModel::default()];
                let name = format!("role {}", roles.len());
                let role = role(&name, [see, edit, false, false], effects, fields);
                if contradictions(&role).is_empty() {
                    roles.push(role);
                }
            }
        }
    }
    roles
}

#[test]
fn l23_every_pair_of_links_sees_and_edits_what_both_may() {
    let roles = roles_that_see_and_edit();
    assert_eq!(roles.len(), 192);
    let (world, links) = with_others(roles);
    let (pairs, questions) = same_answers(&world, &chains(&links, 2), &PLACES);
    assert_eq!((pairs, questions), (198 * 198, 784_080));
}

#[test]
fn l23_every_triple_of_links_sees_and_edits_what_all_may() {
    let (all, links) = with_others(roles_that_see_and_edit());
    let mut met = BTreeSet::new();
    let mut roles = Vec::new();
    for who in links
        .iter()
        .filter(|who| all.members.get(&who.id) > Some(&1))
    {
        let answers: Vec<bool> = PLACES
            .iter()
            .flat_map(|(object, field)| {
                let chain = core::slice::from_ref(who);
                ACTIONS.map(|action| reference::can(&all, chain, action, object, *field))
            })
            .collect();
        if met.insert(answers) {
            roles.push(all.roles[all.members[&who.id]].clone());
        }
    }
    assert_eq!(roles.len(), 9);
    let (world, links) = with_others(roles);
    let (triples, questions) = same_answers(&world, &chains(&links, 3), &PLACES);
    assert_eq!((triples, questions), (15 * 15 * 15, 67_500));
}

#[test]
fn l23_every_pair_of_links_deletes_and_destroys_what_both_may() {
    let mut roles = Vec::new();
    for baseline in super::baselines().filter(|[_, edit, ..]| !edit) {
        for see in EFFECTS {
            for delete in EFFECTS {
                for destroy in EFFECTS {
                    let effects = [see, Effect::Inherit, delete, destroy];
                    let name = format!("role {}", roles.len());
                    let role = role(&name, baseline, effects, [FieldRuleModel::default(); 2]);
                    if contradictions(&role).is_empty() {
                        roles.push(role);
                    }
                }
            }
        }
    }
    assert_eq!(roles.len(), 110);
    let (world, links) = with_others(roles);
    let places = [("people", None), ("companies", None)];
    let (pairs, questions) = same_answers(&world, &chains(&links, 2), &places);
    assert_eq!((pairs, questions), (116 * 116, 107_648));
}

#[test]
fn l23_every_pair_of_links_uses_the_permissions_that_both_may_use() {
    let permission = |key: &str, class, requires: &[&str]| Permission {
        key: key.to_owned(),
        class,
        requires: requires.iter().map(ToString::to_string).collect(),
    };
    let permissions = [
        permission("workflows", Class::Settings, &[]),
        permission("trigger_workflows", Class::Actions, &["workflows"]),
    ];
    let mut roles = Vec::new();
    for number in 0..16 {
        let bit = |bit: u32| number >> bit & 1 == 1;
        let mut role = RoleModel::new(&format!("role {number}"));
        let classes = [Class::Settings, Class::Actions].into_iter().zip([0, 1]);
        let listed = permissions.iter().zip([2, 3]);
        role.all_access = classes
            .filter(|(_, at)| bit(*at))
            .map(|(class, _)| class)
            .collect();
        role.permissions = listed
            .filter(|(_, at)| bit(*at))
            .map(|(known, _)| known.key.clone())
            .collect::<BTreeSet<_>>();
        roles.push(role);
    }
    let (mut world, links) = with_others(roles);
    world.permissions = permissions.into();
    let policy = bridge::policy(&world);
    let mut questions = 0;
    for pair in chains(&links, 2) {
        let access = bridge::access(&policy, &pair);
        for permission in ["workflows", "trigger_workflows", "teleport"] {
            let expected = reference::can_use(&world, &pair, permission);
            let answers = [
                access.can_use(permission),
                access.require_use(permission).is_ok(),
                access.explain_use(permission).is_allowed(),
            ];
            assert_eq!(answers, [expected; 3], "{pair:?}: {permission}");
            questions += 1;
        }
    }
    assert_eq!(questions, 22 * 22 * 3);
}

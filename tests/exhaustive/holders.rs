//! What may who holds no role, the default role, another role, or is unknown? Every such holder (L18, L19, L21, L22).
//!
//! There are 3 kinds of principal, 4 things that one can hold, 8 sets of kinds that may hold the default role, and 2 ways to
//! treat API keys without a role: 192 workspaces, of which the gates let in 80.

use super::{PLACES, world};
use crate::asks::ACTIONS;
use crate::bridge::{self, document, every_way, load, reason};
use crate::reference::{
    Action, KeysWithoutRole, Kind, Lint, Permission, RoleModel, Who, World, can, can_use, lints,
    valid, why,
};
use crate::strategies::KINDS;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    Nothing,
    Role(usize),
    /// It is unknown.
    Missing,
}

/// What `who` is in the world: the default role sees and sends e-mail, the other one deletes companies.
fn place(world: &mut World, kind: Kind, holds: Holds) {
    let role = match holds {
        Holds::Missing => return,
        Holds::Nothing => None,
        Holds::Role(role) => Some(role),
    };
    match (kind, role) {
        (Kind::Member, Some(role)) => {
            world.members.insert("who".to_owned(), role);
        }
        // A world cannot say that: see `without_role`.
        (Kind::Member, None) => {}
        (Kind::ApiKey, role) => {
            world.api_keys.insert("who".to_owned(), role);
        }
        (Kind::Agent, role) => {
            world.agents.insert("who".to_owned(), role);
        }
    }
}

fn office(held_by: &[Kind], keys_without_role: KeysWithoutRole) -> World {
    let mut other = RoleModel::new("Other");
    other.baseline = [true, false, true, false];
    let mut world = world([other]);
    world.permissions = vec![Permission {
        key: "send_email".to_owned(),
        class: crate::reference::Class::Actions,
        requires: [].into(),
    }];
    world.roles[1].baseline = [true, true, false, false];
    world.roles[1].permissions = ["send_email".to_owned()].into();
    world.roles[1].held_by = held_by.iter().copied().collect();
    world.keys_without_role = keys_without_role;
    world
}

/// L18: a member without a role, as only a document can say it.
fn without_role(world: &World) -> String {
    let mut document = document(world);
    document["members"]["who"] = "".into();
    document.to_string()
}

#[test]
fn every_holder_with_and_without_a_role_may_do_what_the_laws_say() {
    let (mut worlds, mut accepted, mut questions) = (0, 0, 0);
    for bits in 0..8 {
        let held_by = KINDS.into_iter().zip([1, 2, 4]);
        let held_by = held_by.filter(|(_, bit)| bits & bit != 0);
        let held_by: Vec<Kind> = held_by.map(|(kind, _)| kind).collect();
        for keys_without_role in [KeysWithoutRole::DefaultRole, KeysWithoutRole::Denied] {
            for kind in KINDS {
                for holds in [
                    Holds::Nothing,
                    Holds::Role(1),
                    Holds::Role(2),
                    Holds::Missing,
                ] {
                    let mut world = office(&held_by, keys_without_role);
                    place(&mut world, kind, holds);
                    worlds += 1;
                    let is_roleless_member = kind == Kind::Member && holds == Holds::Nothing;
                    if is_roleless_member {
                        assert!(load(&without_role(&world)).is_err(), "L18");
                        continue;
                    }
                    let is_valid = valid(&world).is_empty();
                    let built = bridge::build(&world);
                    assert_eq!(built.is_ok(), is_valid, "{world:?}");
                    let loaded = load(&document(&world).to_string());
                    assert_eq!(loaded.is_ok(), is_valid, "{world:?}");
                    if let (Ok(built), Ok(loaded)) = (built, loaded) {
                        assert_eq!(built, loaded);
                        accepted += 1;
                        questions += same_answers(&world, kind, &built);
                    }
                }
            }
        }
    }
    assert_eq!((worlds, accepted, questions), (192, 80, 80 * 30));
}

fn same_answers(world: &World, kind: Kind, workspace: &rolegate::Workspace) -> usize {
    let who = Who {
        kind,
        id: "who".to_owned(),
    };
    let chain = core::slice::from_ref(&who);
    let policy = workspace.compile();
    let access = bridge::access(&policy, chain);
    let mut questions = 0;
    for (object, field) in PLACES {
        for action in ACTIONS {
            let expected = can(world, chain, action, object, field);
            for (way, answer) in every_way(&access, action.into(), object, field) {
                assert_eq!(
                    answer, expected,
                    "{way}: {action:?} {object} {field:?}: {world:?}"
                );
            }
            let given = access.explain(action.into(), object, field);
            let because = why(world, &who, action, object, field);
            let because = reason(because, action, object, field);
            assert_eq!(
                *given.reason(),
                because,
                "{action:?} {object} {field:?}: {world:?}"
            );
            questions += 1;
        }
    }
    for permission in ["send_email", "teleport"] {
        let expected = can_use(world, chain, permission);
        assert_eq!(access.can_use(permission), expected, "{world:?}");
        questions += 1;
    }
    let is_keyless = |lint: &Lint| matches!(lint, Lint::KeyWithoutRole { .. });
    let is_reported = |lint: &rolegate::Lint| matches!(lint, rolegate::Lint::KeyWithoutRole { .. });
    assert_eq!(
        workspace.lints().iter().any(is_reported),
        lints(world).iter().any(is_keyless),
        "{world:?}"
    );
    // What the laws say outright, so that the reference is not alone in saying it.
    let may_see = can(world, chain, Action::See, "people", None);
    if kind == Kind::Agent && world.agents.get("who") == Some(&None) {
        assert!(!may_see, "L22");
    }
    if kind == Kind::ApiKey && world.api_keys.get("who") == Some(&None) {
        let is_lent = world.keys_without_role == KeysWithoutRole::DefaultRole
            && world.roles[1].held_by.contains(&Kind::ApiKey);
        assert_eq!(may_see, is_lent, "L21");
    }
    questions
}

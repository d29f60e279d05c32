//! Does every role use exactly the permissions that its switches and its list give it? Every combination (L11, L12).
//!
//! Three permissions have 8 ways to be of two classes and 512 ways to require each other: 4,096 schemas, of which the 200
//! without a circle are let in. A role has 4 ways to set its switches and 8 ways to list the permissions: 32 roles for each.

use std::collections::BTreeSet;

use super::world;
use crate::bridge::{self, document, load};
use crate::reference::{Class, Kind, Permission, RoleModel, Who, can_use, valid};

const KEYS: [&str; 3] = ["export", "audit", "billing"];

/// Which of these a number names, bit by bit.
fn chosen<T: Copy + Ord>(number: usize, of: &[T]) -> BTreeSet<T> {
    let numbered = of.iter().enumerate();
    let chosen = numbered.filter(|(at, _)| number >> at & 1 == 1);
    chosen.map(|(_, item)| *item).collect()
}

fn keys(number: usize) -> BTreeSet<String> {
    chosen(number, &KEYS)
        .into_iter()
        .map(str::to_owned)
        .collect()
}

fn permissions(classes: usize, requirements: usize) -> Vec<Permission> {
    let numbered = KEYS.iter().enumerate();
    let permissions = numbered.map(|(at, key)| Permission {
        key: (*key).to_owned(),
        class: match classes >> at & 1 {
            0 => Class::Settings,
            _ => Class::Actions,
        },
        requires: keys(requirements >> (3 * at)),
    });
    permissions.collect()
}

fn roles() -> impl Iterator<Item = RoleModel> {
    (0..32).map(|number| RoleModel {
        all_access: chosen(number >> 3, &[Class::Settings, Class::Actions]),
        permissions: keys(number),
        ..RoleModel::new(&format!("role {number}"))
    })
}

#[test]
fn l11_l12_every_role_uses_what_it_has_with_all_that_it_requires() {
    let (mut schemas, mut legal, mut questions) = (0, 0, 0);
    for classes in 0..8 {
        for requirements in 0..512 {
            schemas += 1;
            let mut world = world([]);
            world.permissions = permissions(classes, requirements);
            let is_valid = valid(&world).is_empty();
            assert_eq!(bridge::build(&world).is_ok(), is_valid, "{world:?}");
            if !is_valid {
                let stored = document(&world).to_string();
                assert!(load(&stored).is_err(), "{stored}");
                continue;
            }
            legal += 1;
            let mut world = super::world(roles());
            world.permissions = permissions(classes, requirements);
            questions += same_answers(&world);
        }
    }
    assert_eq!((schemas, legal, questions), (4_096, 200, 200 * 32 * 4));
}

fn same_answers(world: &crate::reference::World) -> usize {
    let built = bridge::workspace(world);
    let loaded = load(&document(world).to_string()).expect("the document is valid");
    assert_eq!(built, loaded);
    let policy = built.compile();
    let mut questions = 0;
    for id in world.members.keys().filter(|id| *id != "ada") {
        let who = Who {
            kind: Kind::Member,
            id: id.clone(),
        };
        let chain = core::slice::from_ref(&who);
        let access = bridge::access(&policy, chain);
        for permission in KEYS.into_iter().chain(["teleport"]) {
            let expected = can_use(world, chain, permission);
            let answers = [
                access.can_use(permission),
                access.require_use(permission).is_ok(),
                access.explain_use(permission).is_allowed(),
            ];
            assert_eq!(answers, [expected; 3], "{id} {permission}: {world:?}");
            questions += 1;
        }
    }
    questions
}

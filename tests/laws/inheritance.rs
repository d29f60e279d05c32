//! How far does a setting reach? L2 and L7.

use proptest::prelude::*;
use proptest::sample::Index;
use rolegate::{Action, Policy, Principal, Role};

use super::{answers, office, tim, with_tim};
use crate::asks::{ACTIONS, everybody, places};
use crate::bridge::{build, policy};
use crate::reference::{Who, World, role_of};
use crate::strategies::{baselines, field_rules, for_all, rules, worlds};

type Place<'a> = (&'a str, Option<&'a str>);

/// The first answer that is another one after a change, among those that the change is not about.
fn moved(
    world: &World,
    [before, after]: [&Policy; 2],
    concerns: impl Fn(&Who, Place<'_>) -> bool,
) -> Option<String> {
    for who in everybody(world) {
        let principal = Principal::from(&who);
        for place in places(world) {
            if concerns(&who, place) {
                continue;
            }
            for action in ACTIONS {
                let can = |policy: &Policy| policy.can(&principal, action.into(), place.0, place.1);
                if can(before) != can(after) {
                    return Some(format!("{who:?} {action:?} {place:?}"));
                }
            }
        }
    }
    None
}

/// A world with an object and a field that has it, and a role that is not Admin; none, if it lacks them.
fn pick(world: &World, [role, object, field]: [Index; 3]) -> Option<(usize, String, String)> {
    let ordinary: Vec<usize> = (0..world.roles.len())
        .filter(|&role| !world.roles[role].admin)
        .collect();
    let with_fields = world.objects.iter();
    let with_fields: Vec<_> = with_fields
        .filter(|(_, fields)| !fields.is_empty())
        .collect();
    let (object, fields) = with_fields.get(object.index(with_fields.len().max(1)))?;
    Some((
        *role.get(&ordinary),
        object.clone(),
        field.get(fields).clone(),
    ))
}

fn is_role_of(world: &World, who: &Who, role: usize) -> bool {
    role_of(world, who).is_some_and(|held| held.name == world.roles[role].name)
}

#[test]
fn l02_an_object_rule_changes_no_answer_about_another_role_or_object() {
    let picks = [any::<Index>(), any::<Index>(), any::<Index>()];
    for_all((worlds(), picks, rules()), |(world, picks, rule)| {
        let Some((role, object, _)) = pick(&world, picks) else {
            return Ok(());
        };
        let mut changed = world.clone();
        let (_, fields) = world
            .objects
            .iter()
            .find(|(key, _)| *key == object)
            .unwrap();
        changed.roles[role]
            .objects
            .insert(object.clone(), rule.on(fields));
        let moved = moved(
            &world,
            [&policy(&world), &policy(&changed)],
            |who, place| is_role_of(&world, who, role) && place.0 == object,
        );
        prop_assert_eq!(moved, None, "{:?}", changed.roles[role]);
        Ok(())
    });
}

#[test]
fn l02_a_field_rule_changes_no_answer_about_another_field_or_the_record() {
    let picks = [any::<Index>(), any::<Index>(), any::<Index>()];
    for_all((worlds(), picks, field_rules()), |(world, picks, rule)| {
        let Some((role, object, field)) = pick(&world, picks) else {
            return Ok(());
        };
        let mut changed = world.clone();
        let rules = &mut changed.roles[role].objects;
        let fields = &mut rules.entry(object.clone()).or_default().fields;
        fields.insert(field.clone(), rule);
        let about = (object.as_str(), Some(field.as_str()));
        let moved = moved(
            &world,
            [&policy(&world), &policy(&changed)],
            |who, place| is_role_of(&world, who, role) && place == about,
        );
        prop_assert_eq!(moved, None, "{:?}", changed.roles[role]);
        Ok(())
    });
}

#[test]
fn l02_a_baseline_changes_no_answer_about_another_role() {
    let picks = [any::<Index>(), any::<Index>(), any::<Index>()];
    for_all(
        (worlds(), picks, baselines()),
        |(world, picks, baseline)| {
            let Some((role, ..)) = pick(&world, picks) else {
                return Ok(());
            };
            let mut changed = world.clone();
            changed.roles[role].baseline = baseline;
            let moved = moved(&world, [&policy(&world), &policy(&changed)], |who, _| {
                is_role_of(&world, who, role)
            });
            prop_assert_eq!(moved, None, "{:?}", changed.roles[role]);
            Ok(())
        },
    );
}

#[test]
fn l07_a_new_role_allows_nothing() {
    let policy = with_tim(Role::new("Clerk"));
    let access = policy.access(&tim());
    for object in policy.schema().objects() {
        for action in Action::ALL {
            assert!(!access.can(action, object.key(), None));
            assert!(access.fields(action, object.key()).is_empty());
        }
    }
    for permission in policy.schema().permissions() {
        assert!(!access.can_use(permission.key().as_str()), "{permission:?}");
    }
}

#[test]
fn l07_the_default_role_of_a_new_workspace_allows_nothing() {
    let workspace = rolegate::Workspace::new(super::office_schema(), "ada").unwrap();
    let default = workspace.default_role().unwrap();
    assert_eq!(default, &Role::new("Member"));
    let key = Principal::api_key("website");
    let policy = super::compile(office().principal_without_role(key.clone()));
    answers(&policy, &key, &[(Action::See, "people", false)]);
}

#[test]
fn l07_a_new_field_inherits() {
    let at = (any::<Index>(), any::<Index>());
    for_all((worlds(), at), |(world, (object, position))| {
        if world.objects.is_empty() {
            return Ok(());
        }
        let mut larger = world.clone();
        let object = object.index(world.objects.len());
        let (key, _) = &world.objects[object];
        let (_, fields) = &mut larger.objects[object];
        fields.insert(position.index(fields.len() + 1), "new".to_owned());
        let (before, after) = (policy(&world), policy(&larger));
        for who in everybody(&world) {
            let principal = Principal::from(&who);
            for action in [Action::See, Action::Edit] {
                let can = |field| after.can(&principal, action, key, field);
                prop_assert!(can(Some("new")) == can(None), "{who:?} {action}");
            }
        }
        prop_assert_eq!(moved(&world, [&before, &after], |_, _| false), None);
        Ok(())
    });
}

#[test]
fn l07_a_new_object_takes_the_baseline() {
    for_all((worlds(), any::<Index>()), |(world, position)| {
        let mut larger = world.clone();
        let position = position.index(world.objects.len() + 1);
        let new = ("new".to_owned(), vec!["name".to_owned()]);
        larger.objects.insert(position, new);
        let (before, after) = (policy(&world), policy(&larger));
        for who in everybody(&world) {
            let role = role_of(&world, &who);
            let baseline = role.map_or([false; 4], |role| {
                if role.admin { [true; 4] } else { role.baseline }
            });
            let principal = Principal::from(&who);
            for (action, allowed) in Action::ALL.into_iter().zip(baseline) {
                let can = |field| after.can(&principal, action, "new", field);
                let has_field = matches!(action, Action::See | Action::Edit);
                prop_assert!(can(None) == allowed, "{who:?} {action}");
                prop_assert!(
                    can(Some("name")) == (allowed && has_field),
                    "{who:?} {action}"
                );
            }
        }
        prop_assert_eq!(moved(&world, [&before, &after], |_, _| false), None);
        Ok(())
    });
}

#[test]
fn l07_what_is_new_is_no_reason_to_refuse_a_workspace() {
    for_all(worlds(), |mut world| {
        world.objects.push(("new".to_owned(), Vec::new()));
        prop_assert!(build(&world).is_ok());
        Ok(())
    });
}

//! Is an explanation true and complete, and does what it proposes help? L32.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rolegate::explanation::{GrantSource, LinkExplanation, Reason, Remedy};
use rolegate::role::Level;
use rolegate::{Effect, Explanation, Policy, Principal};

use crate::asks::{Ask, worlds_and_asks, worlds_and_uses};
use crate::bridge::{access, policy, reason};
use crate::reference::{
    self, Action, Because, Class, Kind, RoleModel, Who, World, can, can_use, role_of, why,
};
use crate::strategies::for_all;

pub(super) fn explain(policy: &Policy, ask: &Ask) -> Explanation {
    access(policy, &ask.chain).explain(ask.action.into(), &ask.object, ask.field.as_deref())
}

/// What each level of a role says about an action, from general to specific, and which one decides (L1).
fn said(
    role: &RoleModel,
    action: Action,
    ask: &Ask,
) -> Vec<(Level, rolegate::Action, Effect, bool)> {
    let at = action as usize;
    let baseline = [reference::Effect::Deny, reference::Effect::Allow];
    let rule = role.objects.get(&ask.object).cloned().unwrap_or_default();
    let mut said = vec![
        (Level::Baseline, baseline[usize::from(role.baseline[at])]),
        (Level::ObjectRule, rule.effects[at]),
    ];
    if let Some(field) = &ask.field {
        let rule = rule.fields.get(field).copied().unwrap_or_default();
        said.push((Level::FieldRule, [rule.see, rule.edit][at]));
    }
    let speaks = |(_, effect): &(Level, reference::Effect)| *effect != reference::Effect::Inherit;
    let decides = said.iter().rposition(speaks);
    let said = said.into_iter().enumerate();
    said.map(|(at, (level, effect))| (level, action.into(), effect.into(), Some(at) == decides))
        .collect()
}

/// The levels that are to be named for one link (L32): those of the action, then those of See if that is another.
fn consulted(world: &World, who: &Who, ask: &Ask) -> Vec<(Level, rolegate::Action, Effect, bool)> {
    let because = why(world, who, ask.action, &ask.object, ask.field.as_deref());
    match (because, role_of(world, who)) {
        (Because::Decided { .. }, Some(role)) if ask.action == Action::See => {
            said(role, Action::See, ask)
        }
        (Because::Decided { .. }, Some(role)) => {
            [said(role, ask.action, ask), said(role, Action::See, ask)].concat()
        }
        _ => Vec::new(),
    }
}

#[test]
fn l32_an_explanation_gives_the_answer_the_levels_and_the_reason() {
    for_all(worlds_and_asks(), |(world, asks)| {
        let policy = policy(&world);
        for ask in asks {
            let (object, field) = (ask.object.as_str(), ask.field.as_deref());
            let explanation = explain(&policy, &ask);
            let expected = can(&world, &ask.chain, ask.action, object, field);
            prop_assert!(explanation.is_allowed() == expected, "{ask:?}");
            let links: Vec<&LinkExplanation> = explanation.links().collect();
            prop_assert_eq!(links.len(), ask.chain.len());
            for (who, link) in ask.chain.iter().zip(links) {
                prop_assert_eq!(link.principal(), &Principal::from(who));
                let may = can(
                    &world,
                    core::slice::from_ref(who),
                    ask.action,
                    object,
                    field,
                );
                prop_assert!(link.is_allowed() == may, "{link:?}");
                let because = why(&world, who, ask.action, object, field);
                let because = reason(because, ask.action, object, field);
                prop_assert_eq!(link.reason(), &because);
                let role = role_of(&world, who).map(|role| role.name.as_str());
                prop_assert_eq!(link.role().map(rolegate::RoleName::as_str), role);
                let has_none =
                    who.kind == Kind::ApiKey && world.api_keys.get(&who.id) == Some(&None);
                prop_assert_eq!(link.is_by_default(), has_none && role.is_some());
                let levels = link.levels().iter();
                let levels = levels.map(|it| (it.level, it.action, it.effect, it.decides));
                prop_assert_eq!(levels.collect::<Vec<_>>(), consulted(&world, who, &ask));
                prop_assert!(link.grants().is_empty());
            }
        }
        Ok(())
    });
}

#[test]
fn l32_the_first_link_that_refuses_decides() {
    for_all(worlds_and_asks(), |(world, asks)| {
        let policy = policy(&world);
        for ask in asks {
            let explanation = explain(&policy, &ask);
            let field = ask.field.as_deref();
            let refuses = |who: &&Who| {
                !can(
                    &world,
                    core::slice::from_ref(*who),
                    ask.action,
                    &ask.object,
                    field,
                )
            };
            let decides = ask.chain.iter().find(refuses).unwrap_or(&ask.chain[0]);
            let link = explanation.deciding_link();
            prop_assert_eq!(link.principal(), &Principal::from(decides));
            prop_assert_eq!(explanation.reason(), link.reason());
            let text = explanation.to_string();
            let answer = if explanation.is_allowed() {
                "allowed: "
            } else {
                "denied: "
            };
            prop_assert!(text.starts_with(answer) && text.contains(&link.principal().to_string()));
        }
        Ok(())
    });
}

#[test]
fn l32_an_explanation_by_handle_is_that_by_name() {
    for_all(worlds_and_asks(), |(world, asks)| {
        let policy = policy(&world);
        for ask in asks {
            let access = access(&policy, &ask.chain);
            let action = ask.action.into();
            let by_handle = match (policy.object(&ask.object), &ask.field) {
                (Some(object), None) => access.explain(action, object, None),
                (Some(object), Some(field)) => match policy.field(&ask.object, field) {
                    Some(field) => access.explain(action, object, field),
                    None => continue,
                },
                (None, _) => continue,
            };
            prop_assert_eq!(by_handle, explain(&policy, &ask));
        }
        Ok(())
    });
}

/// A permission and all that it requires (L12).
fn needed(world: &World, permission: &str) -> BTreeSet<String> {
    let mut needed = BTreeSet::from([permission.to_owned()]);
    loop {
        let known = world.permissions.iter();
        let known = known.filter(|known| needed.contains(&known.key));
        let more: BTreeSet<String> = known.flat_map(|known| known.requires.clone()).collect();
        if more.is_subset(&needed) {
            return needed;
        }
        needed.extend(more);
    }
}

pub(super) fn class(world: &World, permission: &str) -> Class {
    let mut known = world.permissions.iter();
    known.find(|known| known.key == permission).unwrap().class
}

fn source(world: &World, role: &RoleModel, permission: &str) -> GrantSource {
    if role.all_access.contains(&class(world, permission)) {
        GrantSource::AllAccess
    } else if role.permissions.contains(permission) {
        GrantSource::Listed
    } else {
        GrantSource::None
    }
}

#[test]
fn l32_an_explanation_of_a_permission_names_all_that_is_required() {
    for_all(worlds_and_uses(), |(world, uses)| {
        let policy = policy(&world);
        for (chain, permission) in uses {
            let explanation = access(&policy, &chain).explain_use(&permission);
            prop_assert_eq!(
                explanation.is_allowed(),
                can_use(&world, &chain, &permission)
            );
            for (who, link) in chain.iter().zip(explanation.links()) {
                let may = can_use(&world, core::slice::from_ref(who), &permission);
                prop_assert_eq!(link.is_allowed(), may);
                let is_known = world
                    .permissions
                    .iter()
                    .any(|known| known.key == permission);
                let role = role_of(&world, who).filter(|role| is_known && !role.admin);
                let Some(role) = role else {
                    prop_assert!(link.grants().is_empty() && link.levels().is_empty());
                    continue;
                };
                let consulted = link.grants().iter();
                let consulted: Vec<_> = consulted
                    .map(|grant| (grant.permission.clone(), grant.source))
                    .collect();
                prop_assert_eq!(&consulted[0].0, &permission);
                let needed = needed(&world, &permission).into_iter();
                let sourced = needed.map(|key| (key.clone(), source(&world, role, &key)));
                let mut sorted = consulted.clone();
                sorted.sort_by(|(one, _), (other, _)| one.cmp(other));
                prop_assert_eq!(sorted, sourced.collect::<Vec<_>>());
                let missing = consulted.iter();
                let mut missing = missing.filter(|(_, source)| *source == GrantSource::None);
                let expected = match (missing.next(), consulted[0].1) {
                    (Some((key, _)), _) => Reason::NotGranted {
                        permission: key.clone(),
                    },
                    (None, GrantSource::AllAccess) => Reason::AllAccess {
                        class: class(&world, &permission).into(),
                    },
                    (None, _) => Reason::Granted,
                };
                prop_assert_eq!(link.reason(), &expected);
            }
        }
        Ok(())
    });
}

/// Follows what an explanation of a denial proposes; no, if it proposes more than to change a role.
fn follow(world: &mut World, ask: &Ask, remedies: &[Remedy]) -> bool {
    remedies.iter().all(|remedy| match remedy {
        Remedy::Allow {
            role,
            level,
            action,
            ..
        } => {
            let mut roles = world.roles.iter_mut();
            let role = roles.find(|known| *role == *known.name).unwrap();
            let at = *action as usize;
            let allow = reference::Effect::Allow;
            let rules = &mut role.objects;
            match (level, &ask.field) {
                (Level::Baseline, _) => role.baseline[at] = true,
                (Level::FieldRule, Some(field)) => {
                    let rule = rules.entry(ask.object.clone()).or_default();
                    let rule = rule.fields.entry(field.clone()).or_default();
                    *[&mut rule.see, &mut rule.edit][at] = allow;
                }
                _ => rules.entry(ask.object.clone()).or_default().effects[at] = allow,
            }
            true
        }
        _ => false,
    })
}

#[test]
fn l32_what_would_have_to_be_different_makes_the_answer_yes_and_is_accepted() {
    for_all(worlds_and_asks(), |(world, asks)| {
        let before = policy(&world);
        for ask in asks {
            let explanation = explain(&before, &ask);
            let remedies = explanation.remedies();
            prop_assert_eq!(remedies.is_empty(), explanation.is_allowed());
            let mut changed = world.clone();
            if follow(&mut changed, &ask, &remedies) {
                let after = crate::bridge::build(&changed);
                prop_assert!(after.is_ok(), "{explanation}\n{}", after.unwrap_err());
                let after = explain(&after.unwrap().compile(), &ask);
                prop_assert!(after.is_allowed(), "{explanation}\n{after}");
            }
        }
        Ok(())
    });
}

//! Is what an explanation cites enough? L33.

use proptest::prelude::*;
use rolegate::Action::{Edit, See};
use rolegate::explanation::{ConsultedLevel, GrantSource, LinkExplanation};
use rolegate::role::Level;
use rolegate::{Effect, Explanation};

use super::explained::{class, explain};
use super::place;
use super::with_tim;
use crate::asks::{Ask, worlds_and_asks, worlds_and_uses};
use crate::bridge::{access, policy};
use crate::reference::{self, RoleModel, World};
use crate::strategies::for_all;

/// What was removed from a world but the rules that were cited; `rest` is what the baseline says where it is not cited.
fn cited_rules(world: &World, ask: &Ask, explanation: &Explanation, rest: bool) -> World {
    let mut kept = world.clone();
    for role in kept.roles.iter_mut().filter(|role| !role.admin) {
        let bare = RoleModel::new(&role.name);
        *role = RoleModel {
            held_by: role.held_by.clone(),
            baseline: [rest; 4],
            ..bare
        };
    }
    let is_cited = |link: &&LinkExplanation| explanation.is_allowed() || !link.is_allowed();
    let decide = explanation.links().filter(is_cited);
    // One refusal suffices.
    let most = if explanation.is_allowed() {
        usize::MAX
    } else {
        1
    };
    for link in decide.take(most) {
        for cited in link.cited() {
            let role = link.role().expect("rules are those of a role").as_str();
            let at = world.roles.iter().position(|known| known.name == role);
            keep(&mut kept.roles[at.unwrap()], ask, *cited);
        }
    }
    for role in kept.roles.iter_mut().filter(|role| !role.admin) {
        // Where See was removed and a change is cited, the baseline must not contradict itself (L4).
        let cites_see =
            |cited: &&ConsultedLevel| cited.level == Level::Baseline && cited.action == See;
        let links = explanation
            .links()
            .filter(|link| link.role().is_some_and(|name| *name == *role.name));
        let see_is_cited = links
            .flat_map(LinkExplanation::cited)
            .any(|cited| cites_see(&cited));
        let [see, edit, delete, destroy] = role.baseline;
        role.baseline = if see_is_cited && !see {
            [false; 4]
        } else {
            [see || edit || delete || destroy, edit, delete, destroy]
        };
    }
    kept
}

/// Puts one level of the question back into a role.
fn keep(role: &mut RoleModel, ask: &Ask, cited: ConsultedLevel) {
    let effect = match cited.effect {
        Effect::Inherit => reference::Effect::Inherit,
        Effect::Allow => reference::Effect::Allow,
        Effect::Deny => reference::Effect::Deny,
    };
    let at = cited.action as usize;
    if cited.level == Level::Baseline {
        role.baseline[at] = cited.effect == Effect::Allow;
        return;
    }
    let rule = role.objects.entry(ask.object.clone()).or_default();
    match (cited.level, &ask.field) {
        (Level::FieldRule, Some(field)) => {
            let rule = rule.fields.entry(field.clone()).or_default();
            *[&mut rule.see, &mut rule.edit][at] = effect;
        }
        _ => rule.effects[at] = effect,
    }
}

#[test]
fn l33_without_every_rule_that_is_not_cited_the_answer_is_the_same() {
    for_all(worlds_and_asks(), |(world, asks)| {
        let before = policy(&world);
        for ask in asks {
            let explanation = explain(&before, &ask);
            for rest in [false, true] {
                let kept = cited_rules(&world, &ask, &explanation, rest);
                let after = explain(&policy(&kept), &ask);
                prop_assert!(
                    after.is_allowed() == explanation.is_allowed(),
                    "{ask:?}\n{explanation}\n{after}",
                );
            }
        }
        Ok(())
    });
}

#[test]
fn l33_without_every_grant_that_is_not_cited_the_answer_is_the_same() {
    for_all(worlds_and_uses(), |(world, uses)| {
        let before = policy(&world);
        for (chain, permission) in uses {
            let explanation = access(&before, &chain).explain_use(&permission);
            let mut kept = world.clone();
            for role in kept.roles.iter_mut().filter(|role| !role.admin) {
                let bare = RoleModel::new(&role.name);
                *role = RoleModel {
                    held_by: role.held_by.clone(),
                    ..bare
                };
                let links = explanation.links();
                let links =
                    links.filter(|link| link.role().is_some_and(|name| *name == *role.name));
                for grant in links.flat_map(LinkExplanation::grants) {
                    match grant.source {
                        GrantSource::AllAccess => {
                            role.all_access.insert(class(&world, &grant.permission));
                        }
                        GrantSource::Listed => {
                            role.permissions.insert(grant.permission.clone());
                        }
                        _ => {}
                    }
                }
            }
            let after = access(&policy(&kept), &chain).can_use(&permission);
            prop_assert!(after == explanation.is_allowed(), "{explanation}");
        }
        Ok(())
    });
}

#[test]
fn l33_the_intern_is_refused_by_what_is_cited() {
    let policy = with_tim(super::intern());
    let tim = policy.access(&super::tim());
    let cited = |action, path| -> Vec<(Level, rolegate::Action)> {
        let (object, field) = place(path);
        let explanation = tim.explain(action, object, field);
        let cited = explanation.deciding_link().cited();
        cited.map(|cited| (cited.level, cited.action)).collect()
    };
    assert_eq!(
        cited(Edit, "people"),
        [(Level::ObjectRule, Edit), (Level::Baseline, See)]
    );
    assert_eq!(cited(Edit, "people.email"), [(Level::FieldRule, Edit)]);
    assert_eq!(cited(See, "opportunities"), [(Level::ObjectRule, See)]);
    assert_eq!(cited(Edit, "companies"), [(Level::Baseline, Edit)]);
}

//! What may be done to records and fields? L1, L3, L5, L8.

use proptest::prop_assert;
use rolegate::Action::{Delete, Destroy, Edit, See};
use rolegate::Effect::{Allow, Deny, Inherit};
use rolegate::explanation::Reason;
use rolegate::role::Level;
use rolegate::{Action, Effect, FieldRule, ObjectRule, Role};

use super::{answers, intern, tim, with_tim};
use crate::asks::{ACTIONS, everybody, places, worlds_and_asks};
use crate::bridge::{access, policy};
use crate::reference;
use crate::strategies::{for_all, worlds};

/// The baseline, the object rule, the field rule; what results for a record and for a field of it.
const CASCADE: [(Effect, Effect, Effect, bool, bool); 18] = [
    (Deny, Inherit, Inherit, false, false),
    (Deny, Inherit, Allow, false, true),
    (Deny, Inherit, Deny, false, false),
    (Deny, Allow, Inherit, true, true),
    (Deny, Allow, Allow, true, true),
    (Deny, Allow, Deny, true, false),
    (Deny, Deny, Inherit, false, false),
    (Deny, Deny, Allow, false, true),
    (Deny, Deny, Deny, false, false),
    (Allow, Inherit, Inherit, true, true),
    (Allow, Inherit, Allow, true, true),
    (Allow, Inherit, Deny, true, false),
    (Allow, Allow, Inherit, true, true),
    (Allow, Allow, Allow, true, true),
    (Allow, Allow, Deny, true, false),
    (Allow, Deny, Inherit, false, false),
    (Allow, Deny, Allow, false, true),
    (Allow, Deny, Deny, false, false),
];

#[test]
fn l01_the_most_specific_level_that_does_not_inherit_decides_see() {
    for (baseline, object, field, record_is_seen, field_is_seen) in CASCADE {
        let rule = ObjectRule::new().set(See, object);
        let rule = rule.field("email", FieldRule::new().set_see(field));
        let role = [See].into_iter().filter(|_| baseline == Allow);
        let role = role.fold(Role::new("Clerk"), Role::allow);
        answers(
            &with_tim(role.rule("people", rule)),
            &tim(),
            &[
                (See, "people", record_is_seen),
                (See, "people.name", record_is_seen),
                (See, "people.email", field_is_seen),
                (See, "companies", baseline == Allow),
                (See, "companies.name", baseline == Allow),
            ],
        );
    }
}

#[test]
fn l01_the_most_specific_level_that_does_not_inherit_decides_changes_of_what_is_seen() {
    for (baseline, object, field, record_changes, field_changes) in CASCADE {
        for action in [Edit, Delete, Destroy] {
            let rule = ObjectRule::new().set(action, object);
            let rule = rule.field("email", FieldRule::new().set_edit(field));
            let actions = [See, action].into_iter();
            let role = actions.filter(|action| *action == See || baseline == Allow);
            let role = role.fold(Role::new("Clerk"), Role::allow);
            answers(
                &with_tim(role.rule("people", rule)),
                &tim(),
                &[
                    (action, "people", record_changes),
                    (action, "people.name", action == Edit && record_changes),
                    (action, "people.email", action == Edit && field_changes),
                    (action, "companies", baseline == Allow),
                ],
            );
        }
    }
}

#[test]
fn l01_the_intern_of_the_documentation_sees_and_edits_as_documented() {
    answers(
        &with_tim(intern()),
        &tim(),
        &[
            // "An intern should be able to see all objects but not edit them by default."
            (See, "companies", true),
            (Edit, "companies", false),
            (Delete, "companies", false),
            (Destroy, "companies", false),
            // "Intern cannot see the Opportunities object at all."
            (See, "opportunities", false),
            (See, "opportunities.amount", false),
            // "Intern can edit People records (but not other objects)."
            (See, "people", true),
            (Edit, "people", true),
            (Edit, "people.name", true),
            // "See Field only (cannot edit)."
            (See, "people.email", true),
            (Edit, "people.email", false),
            // "No Access (completely hidden)."
            (See, "people.address", false),
            (Edit, "people.address", false),
        ],
    );
}

#[test]
fn l01_every_answer_is_that_of_the_reference() {
    for_all(worlds_and_asks(), |(world, asks)| {
        let policy = policy(&world);
        for ask in asks {
            let (object, field) = (ask.object.as_str(), ask.field.as_deref());
            let answer = access(&policy, &ask.chain).can(ask.action.into(), object, field);
            let expected = reference::can(&world, &ask.chain, ask.action, object, field);
            prop_assert!(answer == expected, "{expected} is right: {ask:?}");
        }
        Ok(())
    });
}

/// Sees and changes everything, but not opportunities, of which only the amount is shown, and not e-mail addresses.
fn broker() -> Role {
    Action::ALL
        .into_iter()
        .fold(Role::new("Broker"), Role::allow)
        .rule(
            "opportunities",
            ObjectRule::new()
                .deny(See)
                .field("amount", FieldRule::new().set_see(Allow)),
        )
        .rule(
            "people",
            ObjectRule::new().field("email", FieldRule::new().set_see(Deny)),
        )
}

#[test]
fn l03_see_first_for_whoever_wants_to_change_a_record() {
    answers(
        &with_tim(broker()),
        &tim(),
        &[
            (Edit, "opportunities", false),
            (Delete, "opportunities", false),
            (Destroy, "opportunities", false),
            (Edit, "companies", true),
            (Delete, "companies", true),
            (Destroy, "companies", true),
        ],
    );
}

#[test]
fn l03_see_first_counts_for_a_field_by_itself() {
    answers(
        &with_tim(broker()),
        &tim(),
        &[
            // The field is hidden, its record is not.
            (Edit, "people.email", false),
            (Edit, "people.name", true),
            (Edit, "people", true),
            (Delete, "people", true),
            // The field is shown, its record is not.
            (Edit, "opportunities.amount", true),
            (Edit, "opportunities.name", false),
            (Edit, "opportunities", false),
        ],
    );
}

#[test]
fn l03_see_first_holds_when_the_baseline_changes_later() {
    let rule = || {
        ObjectRule::new()
            .allow(Edit)
            .allow(Delete)
            .field("email", FieldRule::new().set_edit(Allow))
    };
    let before = Role::new("Clerk").allow(See).rule("people", rule());
    let later = Role::new("Clerk").rule("people", rule());
    for (role, may) in [(before, true), (later, false)] {
        answers(
            &with_tim(role),
            &tim(),
            &[
                (Edit, "people", may),
                (Delete, "people", may),
                (Edit, "people.name", may),
                (Edit, "people.email", may),
            ],
        );
    }
}

#[test]
fn l03_see_first_leaves_no_blind_change_in_any_world() {
    for_all(worlds(), |world| {
        let policy = policy(&world);
        for who in everybody(&world) {
            let access = policy.access(&(&who).into());
            for (object, field) in places(&world) {
                let writes = [Edit, Delete, Destroy].into_iter();
                let mut blind = writes.filter(|action| {
                    access.can(*action, object, field) && !access.can(See, object, field)
                });
                prop_assert!(blind.next().is_none(), "{who:?} {object} {field:?}");
            }
        }
        Ok(())
    });
}

#[test]
fn l05_a_field_is_never_deleted_or_destroyed() {
    let policy = with_tim(broker());
    for principal in [tim(), rolegate::Principal::member("ada")] {
        let access = policy.access(&principal);
        for action in [Delete, Destroy] {
            assert!(access.can(action, "people", None));
            assert!(!access.can(action, "people", "name"));
            assert!(access.fields(action, "people").is_empty());
            let explanation = access.explain(action, "people", "name");
            assert_eq!(
                explanation.reason(),
                &Reason::FieldsHaveTwoActions { action }
            );
        }
    }
}

#[test]
fn l05_a_field_is_never_deleted_or_destroyed_in_any_world() {
    for_all(worlds(), |world| {
        let policy = policy(&world);
        for who in everybody(&world) {
            let access = policy.access(&(&who).into());
            for action in [Delete, Destroy] {
                for (object, field) in places(&world) {
                    let deleted = field.is_some() && access.can(action, object, field);
                    prop_assert!(!deleted, "{who:?} {object} {field:?}");
                    let fields = access.fields(action, object);
                    prop_assert!(fields.is_empty() && fields.iter().next().is_none());
                }
            }
        }
        Ok(())
    });
}

#[test]
fn l05_a_field_rule_says_nothing_about_deleting() {
    for action in [Delete, Destroy] {
        assert_eq!(FieldRule::EDIT.effect(action), Inherit);
        assert_eq!(FieldRule::NO_ACCESS.effect(action), Inherit);
    }
}

#[test]
fn l08_a_field_can_be_shown_while_its_record_is_hidden() {
    let policy = with_tim(broker());
    answers(
        &policy,
        &tim(),
        &[
            (See, "opportunities", false),
            (See, "opportunities.amount", true),
            (See, "opportunities.name", false),
        ],
    );
    let access = policy.access(&tim());
    let fields = access.fields(See, "opportunities");
    assert!(fields.iter().eq(["amount"]));
    assert_eq!(
        access.explain(See, "opportunities", "amount").reason(),
        &Reason::Decided {
            action: See,
            level: Level::FieldRule
        },
    );
    let lints = broker().lints(policy.schema());
    let reported = |lint: &rolegate::Lint| {
        matches!(lint, rolegate::Lint::GrantUnderHiddenObject { object, field, .. }
            if *object == "opportunities" && *field == "amount")
    };
    assert!(lints.iter().any(reported), "{lints:?}");
}

#[test]
fn l08_no_record_is_shown_by_a_rule_for_its_field() {
    for_all(worlds(), |world| {
        let mut without = world.clone();
        for role in &mut without.roles {
            for rule in role.objects.values_mut() {
                rule.fields.clear();
            }
        }
        let (with, without) = (policy(&world), policy(&without));
        for who in everybody(&world) {
            let principal = (&who).into();
            for (object, _) in &world.objects {
                for action in ACTIONS {
                    let answer = |policy: &rolegate::Policy| {
                        policy.can(&principal, action.into(), object, None)
                    };
                    prop_assert!(
                        answer(&with) == answer(&without),
                        "{who:?} {action:?} {object}"
                    );
                }
            }
        }
        Ok(())
    });
}

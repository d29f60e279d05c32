//! What may be done for someone else? L23.

use proptest::prelude::*;
use rolegate::Action::{Delete, Edit, See};
use rolegate::explanation::Reason;
use rolegate::{Access, Action, FieldRule, ObjectRule, Policy, Principal, Role};

use super::{compile, intern, office, place};
use crate::asks::{Ask, worlds_and_asks, worlds_and_uses};
use crate::bridge::{access, policy};
use crate::reference::{self, Who};
use crate::strategies::for_all;

/// `tim` is an Intern; `writer` sees, edits and deletes everything but e-mail addresses, and sends e-mail; `ada` is Admin.
fn agency() -> Policy {
    let writer = Role::new("Writer")
        .allow(See)
        .allow(Edit)
        .allow(Delete)
        .grant("send_email")
        .rule(
            "people",
            ObjectRule::new().field("email", FieldRule::NO_ACCESS),
        );
    compile(
        office()
            .role(intern().grant("export_csv"))
            .role(writer)
            .member("tim", "Intern")
            .agent("writer", "Writer")
            .principal_without_role(Principal::agent("idle")),
    )
}

fn writer(policy: &Policy) -> Access<'_> {
    policy.access(&Principal::agent("writer"))
}

#[track_caller]
fn may(access: &Access<'_>, facts: &[(Action, &str, bool)]) {
    for &(action, path, expected) in facts {
        let (object, field) = place(path);
        assert_eq!(
            access.can(action, object, field),
            expected,
            "{action} {path}"
        );
    }
}

#[test]
fn l23_a_chain_may_do_what_both_may_do() {
    let policy = agency();
    let for_tim = writer(&policy).on_behalf_of(&super::tim());
    may(
        &for_tim,
        &[
            (See, "companies", true),
            (Edit, "people", true),
            (Edit, "people.name", true),
            // The writer may, tim may not.
            (Edit, "companies", false),
            (Delete, "people", false),
            (See, "opportunities", false),
            (See, "people.address", false),
            // tim may, the writer may not.
            (See, "people.email", false),
        ],
    );
    assert!(for_tim.fields(See, "people").iter().eq(["name"]));
    assert!(!for_tim.can_use("send_email") && !for_tim.can_use("export_csv"));
    let for_ada = writer(&policy).on_behalf_of(&Principal::member("ada"));
    may(
        &for_ada,
        &[(Edit, "companies", true), (See, "people.email", false)],
    );
    assert!(for_ada.can_use("send_email"));
}

#[test]
fn l23_a_chain_with_a_link_that_is_unknown_or_has_no_role_may_do_nothing() {
    let policy = agency();
    for (link, reason) in [
        (Principal::member("nobody"), Reason::UnknownPrincipal),
        (Principal::agent("tim"), Reason::UnknownPrincipal),
        (Principal::agent("idle"), Reason::NoRole),
    ] {
        let ada = Principal::member("ada");
        for chain in [
            policy.access(&ada).on_behalf_of(&link),
            policy.access(&link).on_behalf_of(&ada),
            policy.access(&ada).on_behalf_of(&link).on_behalf_of(&ada),
        ] {
            may(
                &chain,
                &[(See, "people", false), (See, "people.name", false)],
            );
            assert!(chain.fields(See, "people").is_empty());
            assert!(!chain.can_use("send_email"));
            let explanation = chain.explain(See, "people", None);
            assert_eq!(explanation.reason(), &reason);
            assert_eq!(explanation.deciding_link().principal(), &link);
        }
    }
}

#[test]
fn l23_there_is_no_empty_chain() {
    let policy = agency();
    let chain = writer(&policy).on_behalf_of(&super::tim());
    let principals: Vec<String> = chain.principals().map(ToString::to_string).collect();
    assert_eq!(principals, ["agent:writer", "member:tim"]);
    assert_eq!(writer(&policy).principals().count(), 1);
}

/// What a chain answers to one question, and which fields it may act on.
fn answer<'p>(policy: &'p Policy, chain: &[Who], ask: &Ask) -> (bool, Vec<String>) {
    let access: Access<'p> = access(policy, chain);
    let action = ask.action.into();
    let fields = access.fields(action, &ask.object);
    let fields = fields.iter().map(str::to_owned).collect();
    (
        access.can(action, &ask.object, ask.field.as_deref()),
        fields,
    )
}

#[test]
fn l23_a_chain_is_the_intersection_of_its_links() {
    for_all(worlds_and_asks(), |(world, asks)| {
        let policy = policy(&world);
        for ask in asks {
            let links = ask.chain.iter();
            let alone = links.map(|link| answer(&policy, core::slice::from_ref(link), &ask));
            let alone: Vec<_> = alone.collect();
            let (may, fields) = answer(&policy, &ask.chain, &ask);
            prop_assert!(may == alone.iter().all(|(may, _)| *may), "{ask:?}");
            let (_, mut common) = alone[0].clone();
            common.retain(|field| alone.iter().all(|(_, fields)| fields.contains(field)));
            prop_assert_eq!(&fields, &common, "{:?}", ask);
            let expected = reference::fields(&world, &ask.chain, ask.action, &ask.object);
            prop_assert_eq!(fields, expected, "{:?}", ask);
        }
        Ok(())
    });
}

#[test]
fn l23_order_and_repetition_change_nothing_and_a_further_link_never_adds() {
    for_all(worlds_and_asks(), |(world, asks)| {
        let policy = policy(&world);
        let people: Vec<Who> = asks.iter().map(|ask| ask.chain[0].clone()).collect();
        for (ask, further) in asks.iter().zip(people.iter().rev()) {
            let plain = answer(&policy, &ask.chain, ask);
            let mut chain = ask.chain.clone();
            chain.reverse();
            prop_assert_eq!(&answer(&policy, &chain, ask), &plain, "{:?}", ask);
            chain.rotate_left(1);
            prop_assert_eq!(&answer(&policy, &chain, ask), &plain, "{:?}", ask);
            chain.push(chain[0].clone());
            prop_assert_eq!(&answer(&policy, &chain, ask), &plain, "{:?}", ask);
            chain.push(further.clone());
            let (may, fields) = answer(&policy, &chain, ask);
            prop_assert!(plain.0 || !may, "{ask:?} {further:?}");
            prop_assert!(fields.iter().all(|field| plain.1.contains(field)));
        }
        Ok(())
    });
}

#[test]
fn l23_a_chain_uses_the_permissions_that_all_its_links_may_use() {
    for_all(worlds_and_uses(), |(world, uses)| {
        let policy = policy(&world);
        for (chain, permission) in uses {
            let may = |chain: &[Who]| access(&policy, chain).can_use(&permission);
            let all = chain.iter().all(|link| may(core::slice::from_ref(link)));
            prop_assert!(may(&chain) == all, "{chain:?} {permission}");
            let reversed: Vec<Who> = chain.iter().rev().cloned().collect();
            prop_assert!(may(&reversed) == all, "{reversed:?} {permission}");
        }
        Ok(())
    });
}

//! With which role does a principal ask? L18, L21, L22.

use proptest::prelude::*;
use rolegate::Action::{Edit, See};
use rolegate::explanation::Reason;
use rolegate::workspace::KeysWithoutRole;
use rolegate::{Lint, Principal, PrincipalKind, Role, RoleName, Workspace};

use super::{answers, compile, office, refused};
use crate::asks::worlds_and_asks;
use crate::bridge::{access, policy};
use crate::reference::{self, Kind};
use crate::strategies::{for_all, worlds};

#[test]
fn l18_a_member_has_exactly_one_role() {
    let role = || office().role(Role::new("Clerk"));
    refused(
        role()
            .principal_without_role(Principal::member("tim"))
            .build(),
        "`members.tim`: a member has exactly one role; name it",
    );
    refused(
        role()
            .member("tim", "Clerk")
            .member("tim", "Member")
            .build(),
        "`members.tim`: member `tim` is there already; each may appear once",
    );
    refused(
        role().member("tim", "Clark").build(),
        "`members.tim`: unknown role `Clark`; did you mean `Clerk`?",
    );
    let workspace = role().member("tim", "Clerk").build().unwrap();
    let role = workspace.role_of(&super::tim()).unwrap();
    assert_eq!(role.name(), &RoleName::from("Clerk"));
}

#[test]
fn l18_an_api_key_or_agent_has_one_role_or_none() {
    for (kind, section, what) in [
        (PrincipalKind::ApiKey, "api_keys", "API key"),
        (PrincipalKind::Agent, "agents", "agent"),
    ] {
        let it = || Principal::new(kind, "it");
        let workspace = office().principal_without_role(it()).build().unwrap();
        assert!(workspace.contains(&it()));
        assert_eq!(workspace.role_of(&it()), None);
        let workspace = office()
            .holder(it(), Some("Member".into()))
            .build()
            .unwrap();
        assert_eq!(workspace.role_of(&it()), Some(&Role::new("Member")));
        refused(
            office()
                .principal_without_role(it())
                .holder(it(), Some("Member".into()))
                .build(),
            &format!("`{section}.it`: {what} `it` is there already; each may appear once"),
        );
        refused(
            office().holder(it(), Some("Nobody".into())).build(),
            &format!("`{section}.it`: unknown role `Nobody`"),
        );
    }
}

#[test]
fn l18_the_same_id_under_another_kind_is_another_principal() {
    let policy = compile(
        office()
            .role(Role::new("Viewer").allow(See))
            .member("tim", "Member")
            .api_key("tim", "Viewer")
            .principal_without_role(Principal::agent("tim")),
    );
    answers(
        &policy,
        &Principal::member("tim"),
        &[(See, "people", false)],
    );
    answers(
        &policy,
        &Principal::api_key("tim"),
        &[(See, "people", true)],
    );
    answers(&policy, &Principal::agent("tim"), &[(See, "people", false)]);
}

#[test]
fn l18_every_principal_of_any_world_has_the_role_that_it_was_given() {
    for_all(worlds(), |world| {
        let workspace = crate::bridge::workspace(&world);
        let name = |role: &usize| world.roles[*role].name.clone();
        let given = |kind| {
            let principals = workspace.principals(kind).into_iter();
            let given = principals.map(|(principal, role)| {
                let role = role.map(|role| role.name().to_string());
                (principal.id().to_owned(), role)
            });
            given.collect::<Vec<_>>()
        };
        let members = world.members.iter();
        let members = members.map(|(id, role)| (id.clone(), Some(name(role))));
        prop_assert_eq!(given(PrincipalKind::Member), members.collect::<Vec<_>>());
        for (kind, holders) in [
            (PrincipalKind::ApiKey, &world.api_keys),
            (PrincipalKind::Agent, &world.agents),
        ] {
            let holders = holders.iter();
            let holders = holders.map(|(id, role)| (id.clone(), role.as_ref().map(name)));
            prop_assert_eq!(given(kind), holders.collect::<Vec<_>>());
        }
        Ok(())
    });
}

/// The office in which API keys without a role ask, and the default role sees all.
fn with_keys(access: KeysWithoutRole, default: Role) -> Workspace {
    let name = default.name().clone();
    let workspace = office()
        .role(default.allow(See).grant("send_email"))
        .role(Role::new("Writer").allow(See).allow(Edit))
        .default_role(name)
        .api_key("website", "Writer")
        .principal_without_role(Principal::api_key("legacy"))
        .keys_without_role(access);
    workspace.build().unwrap()
}

#[test]
fn l21_an_api_key_has_the_access_of_its_role_and_nothing_else() {
    let policy = with_keys(KeysWithoutRole::DefaultRole, Role::new("Viewer")).compile();
    let website = Principal::api_key("website");
    answers(
        &policy,
        &website,
        &[(See, "people", true), (Edit, "people", true)],
    );
    // Not what the default role allows besides.
    assert!(!policy.access(&website).can_use("send_email"));
}

#[test]
fn l21_an_api_key_without_a_role_has_the_access_of_the_default_role() {
    let workspace = with_keys(KeysWithoutRole::DefaultRole, Role::new("Viewer"));
    let (policy, legacy) = (workspace.compile(), Principal::api_key("legacy"));
    answers(
        &policy,
        &legacy,
        &[(See, "people", true), (Edit, "people", false)],
    );
    assert!(policy.access(&legacy).can_use("send_email"));
    let explanation = policy.access(&legacy).explain(See, "people", None);
    let link = explanation.deciding_link();
    assert!(link.is_by_default() && link.role().is_some_and(|role| *role == "Viewer"));
    assert_eq!(workspace.lints(), [Lint::KeyWithoutRole { key: legacy }]);
}

#[test]
fn l21_an_api_key_without_a_role_has_no_access_where_that_is_denied() {
    let for_members =
        Role::new("Viewer").with_holder_kinds([PrincipalKind::Member, PrincipalKind::Agent]);
    for workspace in [
        with_keys(KeysWithoutRole::Denied, Role::new("Viewer")),
        with_keys(KeysWithoutRole::DefaultRole, for_members),
    ] {
        let (policy, legacy) = (workspace.compile(), Principal::api_key("legacy"));
        answers(
            &policy,
            &legacy,
            &[(See, "people", false), (See, "people.name", false)],
        );
        assert!(!policy.access(&legacy).can_use("send_email"));
        let explanation = policy.access(&legacy).explain(See, "people", None);
        assert_eq!(explanation.reason(), &Reason::NoRole);
        answers(
            &policy,
            &Principal::api_key("website"),
            &[(Edit, "people", true)],
        );
    }
}

#[test]
fn l22_an_agent_has_the_access_of_its_role_and_without_one_none() {
    let policy = compile(
        office()
            .role(Role::new("Viewer").allow(See).grant("send_email"))
            .default_role("Viewer")
            .agent("writer", "Viewer")
            .principal_without_role(Principal::agent("idle")),
    );
    let (writer, idle) = (Principal::agent("writer"), Principal::agent("idle"));
    answers(
        &policy,
        &writer,
        &[(See, "people", true), (Edit, "people", false)],
    );
    assert!(policy.access(&writer).can_use("send_email"));
    // The default role is for members and API keys.
    answers(
        &policy,
        &idle,
        &[(See, "people", false), (See, "people.name", false)],
    );
    assert!(!policy.access(&idle).can_use("send_email"));
    let explanation = policy.access(&idle).explain(See, "people", None);
    assert_eq!(explanation.reason(), &Reason::NoRole);
}

#[test]
fn l21_l22_every_answer_to_a_key_or_agent_is_that_of_the_reference() {
    for_all(worlds_and_asks(), |(world, asks)| {
        let policy = policy(&world);
        for ask in asks {
            let (object, field) = (ask.object.as_str(), ask.field.as_deref());
            for who in ask.chain.iter().filter(|who| who.kind != Kind::Member) {
                let link = core::slice::from_ref(who);
                let answer = access(&policy, link).can(ask.action.into(), object, field);
                let expected = reference::can(&world, link, ask.action, object, field);
                prop_assert!(answer == expected, "{who:?} {ask:?}");
            }
        }
        Ok(())
    });
}

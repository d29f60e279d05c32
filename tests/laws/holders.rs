//! With which role does a principal ask? L13, L18, L20, L21, L22.

use proptest::prelude::*;
use rolegate::Action::{Edit, See};
use rolegate::{
    Action, KeysWithoutRole, Lint, ObjectRule, Permission, PermissionClass, Policy, Principal,
    PrincipalKind, Reason, Role, RoleName, Schema, Workspace,
};

use super::{answers, compile, intern, office, refused, with_tim};
use crate::bridge::{access, policy};
use crate::reference::{self, Kind};
use crate::strategies::{for_all, worlds, worlds_and_asks};

fn ada() -> Principal {
    Principal::member("ada")
}

#[track_caller]
fn may_do_everything(policy: &Policy, principal: &Principal) {
    let access = policy.access(principal);
    for object in policy.schema().objects() {
        for action in Action::ALL {
            assert!(
                access.can(action, object.key(), None),
                "{action} {object:?}"
            );
        }
        for action in [See, Edit] {
            let all = object.fields().len();
            assert_eq!(
                access.fields(action, object.key()).len(),
                all,
                "{action} {object:?}"
            );
        }
    }
    for permission in policy.schema().permissions() {
        assert!(access.can_use(permission.key().as_str()), "{permission:?}");
    }
}

#[test]
fn l13_admin_allows_everything_in_the_schema() {
    let policy = with_tim(intern());
    may_do_everything(&policy, &ada());
    let explanation = policy
        .access(&ada())
        .explain(Action::Destroy, "people", None);
    assert_eq!(explanation.reason(), &Reason::Admin);
    let explanation = policy.access(&ada()).explain_use("roles");
    assert_eq!(explanation.reason(), &Reason::Admin);
}

#[test]
fn l13_admin_allows_what_is_added_later() {
    let schema = Schema::builder()
        .object("people", (0..130).map(|number| format!("field_{number}")))
        .object("invoices", ["total"])
        .permission(Permission::settings("billing").requires("trigger_workflows"))
        .build()
        .unwrap();
    let policy = Workspace::new(schema, "ada").unwrap().compile();
    may_do_everything(&policy, &ada());
}

#[test]
fn l13_admin_allows_everything_in_any_world() {
    for_all(worlds(), |world| {
        let policy = policy(&world);
        let access = policy.access(&Principal::member("p0"));
        for (object, fields) in &world.objects {
            let mut actions = Action::ALL.into_iter();
            prop_assert!(actions.all(|action| access.can(action, object, None)));
            prop_assert_eq!(access.fields(See, object).len(), fields.len());
            prop_assert_eq!(access.fields(Edit, object).len(), fields.len());
        }
        let mut permissions = world.permissions.iter();
        prop_assert!(permissions.all(|known| access.can_use(&known.key)));
        Ok(())
    });
}

#[test]
fn l13_admin_is_recognised_by_what_it_is_not_by_its_name() {
    let workspace = Workspace::builder(super::office_schema())
        .role(Role::new("Admin"))
        .role(Role::admin("Owner"))
        .default_role("Admin")
        .member("ada", "Owner")
        .member("tim", "Admin")
        .build()
        .unwrap();
    assert_eq!(
        workspace.admin_role().unwrap().name(),
        &RoleName::from("Owner")
    );
    let policy = workspace.compile();
    may_do_everything(&policy, &ada());
    answers(&policy, &super::tim(), &[(See, "people", false)]);
}

#[test]
fn l13_exactly_one_role_is_admin() {
    refused(
        office().role(Role::admin("Root")).build(),
        "`roles[2].admin`: role `Root` is a second Admin; exactly one role has `admin` set",
    );
    let none = Workspace::builder(super::office_schema()).role(Role::new("Admin"));
    refused(
        none.default_role("Admin").member("ada", "Admin").build(),
        "`roles`: no role is Admin; exactly one role has `admin` set",
    );
}

#[test]
fn l13_admin_has_no_settings_of_its_own() {
    let admin = || Role::admin("Admin");
    let edited = [
        ("allow", admin().allow(See)),
        ("objects", admin().rule("people", ObjectRule::new())),
        ("all_access", admin().grant_all(PermissionClass::Actions)),
        ("permissions", admin().grant("roles")),
        ("held_by", admin().held_by(PrincipalKind::ALL)),
    ];
    for (key, admin) in edited {
        let workspace = Workspace::builder(super::office_schema())
            .role(admin)
            .role(Role::new("Member"))
            .default_role("Member")
            .member("ada", "Admin");
        refused(
            workspace.build(),
            &format!(
                "`roles[0].{key}`: `{key}` cannot be set for the Admin role; it allows everything, so only its name \
                 and description are its own"
            ),
        );
    }
}

#[test]
fn l18_a_member_has_exactly_one_role() {
    let role = || office().role(Role::new("Clerk"));
    refused(
        role().without_role(Principal::member("tim")).build(),
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
        let workspace = office().without_role(it()).build().unwrap();
        assert!(workspace.contains(&it()));
        assert_eq!(workspace.role_of(&it()), None);
        let workspace = office()
            .holder(it(), Some("Member".into()))
            .build()
            .unwrap();
        assert_eq!(workspace.role_of(&it()), Some(&Role::new("Member")));
        refused(
            office()
                .without_role(it())
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
            .without_role(Principal::agent("tim")),
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

#[test]
fn l20_role_names_are_trimmed_and_their_white_space_is_collapsed() {
    for (written, name) in [
        ("Finance auditor", "Finance auditor"),
        ("  Finance \t auditor\n", "Finance auditor"),
        ("\u{a0}Finance\u{2003}auditor", "Finance auditor"),
        ("Intern", "Intern"),
        (" \t\n", ""),
    ] {
        assert_eq!(RoleName::from(written), name, "{written:?}");
    }
    let workspace = office()
        .role(Role::new(" Finance \t auditor "))
        .build()
        .unwrap();
    assert!(workspace.role("Finance auditor").is_some());
    assert!(workspace.role("Finance  auditor ").is_some());
    assert!(workspace.role("finance auditor").is_none());
}

#[test]
fn l20_role_names_are_unique_and_not_empty() {
    let with = |name: &str| {
        office()
            .role(Role::new("Finance auditor"))
            .role(Role::new(name))
            .build()
    };
    for unused in [
        "finance auditor",
        "Financeauditor",
        "Finance-auditor",
        "Auditor",
    ] {
        assert!(with(unused).is_ok(), "{unused}");
    }
    for repeated in [
        "Finance auditor",
        " Finance   auditor",
        "Finance\tauditor\n",
    ] {
        refused(
            with(repeated),
            "`roles[3].name`: role `Finance auditor` is there already; each may appear once",
        );
    }
    for empty in ["", "  ", "\t\n"] {
        refused(
            with(empty),
            "`roles[3].name`: malformed role name ``; it has 1 to 255 bytes without control characters",
        );
    }
    // Neither may another role take the name of Admin.
    refused(
        with("Admin "),
        "`roles[3].name`: role `Admin` is there already; each may appear once",
    );
}

#[test]
fn l20_two_names_are_one_if_their_words_are_the_same() {
    let names = || "[aA]{0,1}[ \t\u{a0}]{0,2}[aA]{0,1}[ ]{0,1}";
    for_all((names(), names()), |(one, other)| {
        let words = |name: &str| {
            name.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let fit =
            !one.trim().is_empty() && !other.trim().is_empty() && words(&one) != words(&other);
        let both = office()
            .role(Role::new(&one))
            .role(Role::new(&other))
            .build();
        prop_assert_eq!(both.is_ok(), fit);
        prop_assert_eq!(
            RoleName::from(&one) == RoleName::from(&other),
            words(&one) == words(&other)
        );
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
        .without_role(Principal::api_key("legacy"))
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
    let for_members = Role::new("Viewer").held_by([PrincipalKind::Member, PrincipalKind::Agent]);
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
            .without_role(Principal::agent("idle")),
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

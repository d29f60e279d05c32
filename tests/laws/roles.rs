//! Which roles may there be, and what is special about Admin? L13 to L15, L19, L20.

use proptest::prelude::*;
use rolegate::Action::{Edit, See};
use rolegate::explanation::Reason;
use rolegate::{
    Action, ObjectRule, Permission, PermissionClass, Policy, Principal, PrincipalKind, Role,
    RoleName, Schema, Workspace, WorkspaceBuilder,
};

use super::{answers, intern, office, refused, with_tim};
use crate::bridge::policy;
use crate::strategies::{for_all, worlds};

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
        .permission(Permission::settings("billing").with_requirement("trigger_workflows"))
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
        ("held_by", admin().with_holder_kinds(PrincipalKind::ALL)),
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

/// The office with a role for members and one for API keys.
fn with_kinds() -> WorkspaceBuilder {
    office()
        .role(Role::new("Staff").with_holder_kinds([PrincipalKind::Member, PrincipalKind::Agent]))
        .role(Role::new("Machine").with_holder_kinds([PrincipalKind::ApiKey]))
        .role(Role::new("Nobody").with_holder_kinds([]))
}

#[test]
fn l14_a_member_holds_admin() {
    let without = || {
        Workspace::builder(super::office_schema())
            .role(Role::admin("Owner"))
            .role(Role::new("Member"))
            .default_role("Member")
    };
    let problem = "`members`: no member holds the Admin role `Owner`; at least one must";
    refused(without().build(), problem);
    refused(without().member("tim", "Member").build(), problem);
    // An API key that holds it is no member.
    refused(without().api_key("website", "Owner").build(), problem);
    assert!(without().member("tim", "Owner").build().is_ok());
}

#[test]
fn l15_exactly_one_default_role_exists() {
    let chosen = |name: &str| with_kinds().default_role(name).build();
    assert!(chosen("Staff").is_ok());
    refused(
        chosen("Stuff"),
        "`default_role`: unknown role `Stuff`; did you mean `Staff`?",
    );
    // Else whoever joins would be an administrator.
    refused(
        chosen("Admin"),
        "`default_role`: the Admin role `Admin` cannot be the default role; choose one that newcomers may have",
    );
    refused(
        Workspace::builder(super::office_schema())
            .role(Role::admin("Admin"))
            .member("ada", "Admin")
            .build(),
        "`default_role`: no default role is chosen; name the role that new members get",
    );
}

#[test]
fn l19_a_role_is_held_by_the_kinds_that_it_is_for() {
    let tim =
        |kind, role: &str| with_kinds().holder(Principal::new(kind, "tim"), Some(role.into()));
    let (member, api_key, agent) = (
        PrincipalKind::Member,
        PrincipalKind::ApiKey,
        PrincipalKind::Agent,
    );
    for (kind, role) in [
        (member, "Staff"),
        (agent, "Staff"),
        (api_key, "Machine"),
        (member, "Admin"),
        (api_key, "Admin"),
        (member, "Member"),
        (api_key, "Member"),
        (agent, "Member"),
    ] {
        assert!(tim(kind, role).build().is_ok(), "{kind} {role}");
    }
    for (kind, role, problem) in [
        (
            api_key,
            "Staff",
            "`api_keys.tim`: role `Staff` may not be held by a principal of kind `api_key`; it is for `member`, `agent`",
        ),
        (
            member,
            "Machine",
            "`members.tim`: role `Machine` may not be held by a principal of kind `member`; it is for `api_key`",
        ),
        (
            agent,
            "Admin",
            "`agents.tim`: role `Admin` may not be held by a principal of kind `agent`; it is for `member`, `api_key`",
        ),
        (
            member,
            "Nobody",
            "`members.tim`: role `Nobody` may not be held by a principal of kind `member`; it is for nobody",
        ),
    ] {
        refused(tim(kind, role).build(), problem);
    }
    refused(
        with_kinds().default_role("Machine").build(),
        "`default_role`: the default role `Machine` must be one that members may hold; add `member` to its `held_by`",
    );
}

//! What about names that nobody knows? L6 and L10.

use proptest::prelude::*;
use rolegate::explanation::Reason;
use rolegate::{Action, FieldRule, ObjectRule, Permission, Principal, PrincipalKind, Role, Schema};

use super::{answers, office, refused, tim, with_tim};
use crate::strategies::for_all;

fn ada() -> Principal {
    Principal::member("ada")
}

fn everything() -> Role {
    let role = Role::new("Everything");
    Action::ALL.into_iter().fold(role, Role::allow)
}

#[test]
fn l06_an_unknown_name_is_denied_even_where_everything_is_allowed() {
    let policy = with_tim(everything());
    for principal in [tim(), ada()] {
        answers(
            &policy,
            &principal,
            &[
                (Action::See, "people", true),
                (Action::See, "people.name", true),
                (Action::See, "invoices", false),
                (Action::See, "invoices.name", false),
                (Action::See, "People", false),
                (Action::See, "people ", false),
                (Action::See, "", false),
                (Action::See, "people.amount", false),
                (Action::See, "people.Name", false),
                (Action::See, "people.", false),
                (Action::Edit, "people.phone", false),
            ],
        );
        let access = policy.access(&principal);
        assert!(!access.can_use("teleport") && !access.can_use(""));
        assert!(access.fields(Action::See, "invoices").is_empty());
        assert!(!access.fields(Action::See, "people").contains("amount"));
    }
}

#[test]
fn l06_an_unknown_principal_is_denied_everything() {
    let policy = with_tim(everything().grant("send_email"));
    let strangers = [
        Principal::member("nobody"),
        Principal::member("Tim"),
        Principal::member(""),
        // Another kind is another principal.
        Principal::api_key("tim"),
        Principal::agent("ada"),
    ];
    for stranger in strangers {
        answers(
            &policy,
            &stranger,
            &[
                (Action::See, "people", false),
                (Action::See, "people.name", false),
            ],
        );
        let access = policy.access(&stranger);
        assert!(!access.can_use("send_email"));
        assert!(access.fields(Action::See, "people").is_empty());
        let reason = access.explain(Action::See, "people", None);
        assert_eq!(reason.reason(), &Reason::UnknownPrincipal);
        let reason = access.explain_use("send_email");
        assert_eq!(reason.reason(), &Reason::UnknownPrincipal);
    }
}

#[test]
fn l06_the_reason_says_which_name_is_unknown() {
    let policy = with_tim(everything());
    let access = policy.access(&tim());
    let explained = [
        (
            access.explain(Action::See, "invoices", None),
            "`member:tim` may not `see` `invoices`: the object `invoices` is unknown",
        ),
        (
            access.explain(Action::Edit, "people", "phone"),
            "`member:tim` may not `edit` `people.phone`: the field `phone` of `people` is unknown",
        ),
        (
            access.explain_use("teleport"),
            "`member:tim` may not use `teleport`: the workspace permission `teleport` is unknown",
        ),
        (
            policy
                .access(&Principal::agent("writer"))
                .explain(Action::See, "people", None),
            "`agent:writer` may not `see` `people`: the principal `agent:writer` is unknown",
        ),
    ];
    for (explanation, sentence) in explained {
        assert!(!explanation.is_allowed());
        assert_eq!(explanation.sentence().to_string(), sentence);
    }
}

#[test]
fn l06_a_rule_that_names_something_unknown_is_refused() {
    let rule = || ObjectRule::new().deny(Action::See);
    let cases = [
        (
            Role::new("Clerk").rule("poeple", rule()),
            "`roles[2].objects.poeple`: unknown object `poeple`; did you mean `people`?",
        ),
        (
            Role::new("Clerk").rule("people", rule().field("emal", FieldRule::NO_ACCESS)),
            "`roles[2].objects.people.fields.emal`: unknown field `emal`; did you mean `email`?",
        ),
        (
            // A field of another object is unknown to this one.
            Role::new("Clerk").rule("people", rule().field("amount", FieldRule::NO_ACCESS)),
            "`roles[2].objects.people.fields.amount`: unknown field `amount`",
        ),
        (
            Role::new("Clerk").grant("teleport"),
            "`roles[2].permissions`: unknown workspace permission `teleport`",
        ),
    ];
    for (role, problem) in cases {
        refused(office().role(role).build(), problem);
    }
}

#[test]
fn l06_a_rule_that_inherits_everything_is_refused_too_if_it_names_something_unknown() {
    let rule = ObjectRule::new().field("phone", FieldRule::new());
    refused(
        office()
            .role(Role::new("Clerk").rule("people", rule))
            .build(),
        "`roles[2].objects.people.fields.phone`: unknown field `phone`",
    );
}

#[test]
fn l06_a_schema_that_names_something_unknown_is_refused() {
    let schema =
        Schema::builder().permission(Permission::action("fax").with_requirement("telephone"));
    assert_eq!(
        schema.build().unwrap_err().to_string(),
        "`schema.permissions[11].requires`: unknown workspace permission `telephone`",
    );
}

#[test]
fn l06_no_two_things_have_one_name() {
    let schema = Schema::builder()
        .object("people", ["name", "email", "name"])
        .object("people", ["name"])
        .permission(Permission::settings("send_email"));
    assert_eq!(
        schema.build().unwrap_err().to_string(),
        "`schema.objects[1].key`: object `people` is there already; each may appear once\n\
         `schema.objects[0].fields[2].key`: field `name` is there already; each may appear once\n\
         `schema.permissions[11].key`: workspace permission `send_email` is there already; each may appear once",
    );
}

/// Text of all kinds: short, enormous, with control characters, and names that exist.
fn texts() -> BoxedStrategy<String> {
    prop_oneof![
        4 => any::<String>(),
        2 => "[a-z.\\x00\\x01\\x02 ]{0,12}",
        1 => any::<char>().prop_map(|letter| letter.to_string().repeat(100_000)),
        2 => proptest::sample::select(vec!["people", "name", "tim", "send_email"])
            .prop_map(str::to_owned),
    ]
    .boxed()
}

#[test]
fn l10_asking_answers_whatever_is_asked() {
    let policy = with_tim(everything().grant("send_email"));
    let kinds = proptest::sample::select(PrincipalKind::ALL.to_vec());
    let chain = proptest::collection::vec((kinds, texts()), 0..4);
    for_all((chain, texts(), texts()), |(chain, object, field)| {
        let links = chain.iter();
        let links: Vec<_> = links
            .map(|(kind, id)| Principal::new(*kind, id.as_str()))
            .collect();
        let access = links.iter().fold(policy.access(&tim()), |access, link| {
            access.on_behalf_of(link)
        });
        let all_known = links.iter().all(|link| *link == tim());
        for action in Action::ALL {
            let record = object == "people";
            let value = record && field == "name" && matches!(action, Action::See | Action::Edit);
            // Every check is a plain `bool`: there is no error to mistake for a yes.
            let answer: bool = access.can(action, &object, None);
            prop_assert_eq!(answer, all_known && record);
            prop_assert_eq!(access.can(action, &object, &field), all_known && value);
            prop_assert_eq!(
                access.fields(action, &object).contains(&field),
                all_known && value
            );
            let explanation = access.explain(action, &object, &field);
            prop_assert_eq!(explanation.is_allowed(), all_known && value);
            prop_assert!(!explanation.to_string().is_empty());
        }
        let answer: bool = access.can_use(&object);
        prop_assert_eq!(answer, all_known && object == "send_email");
        prop_assert!(!access.explain_use(&field).to_string().is_empty());
        Ok(())
    });
}

#[test]
fn l10_a_workspace_without_objects_answers_too() {
    let schema = Schema::builder().only_permissions([]).build().unwrap();
    let workspace = rolegate::Workspace::new(schema, "ada").unwrap();
    let policy = workspace.compile();
    answers(&policy, &ada(), &[(Action::See, "people", false)]);
    assert!(!policy.access(&ada()).can_use("send_email"));
    assert_eq!(policy.object("people"), None);
}

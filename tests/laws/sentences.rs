//! What does an explanation say to people? L32, in words.

use rolegate::{Action, ObjectRule, PermissionClass, Policy, Principal, Role};

use super::{compile, intern, office, place};

/// `tim` is an Intern who may export and trigger workflows, `writer` has all actions and sees everything.
fn explained() -> Policy {
    let writer = Role::new("Writer")
        .allow(Action::See)
        .allow(Action::Edit)
        .grant_all(PermissionClass::Actions)
        .rule("companies", ObjectRule::new().deny(Action::See));
    compile(
        office()
            .role(intern().grant("export_csv").grant("trigger_workflows"))
            .role(writer)
            .default_role("Intern")
            .member("tim", "Intern")
            .agent("writer", "Writer")
            .principal_without_role(Principal::agent("idle"))
            .principal_without_role(Principal::api_key("legacy")),
    )
}

/// Asserts what is said to each of those who ask, on behalf of each other from the first to the last.
#[track_caller]
fn says(chain: &[&str], question: &str, sentence: &str) {
    let policy = explained();
    let mut links = chain.iter().map(|link| link.parse::<Principal>().unwrap());
    let first = policy.access(&links.next().unwrap());
    let access = links.fold(first, |access, link| access.on_behalf_of(&link));
    let explanation = match question.split_once(' ') {
        Some(("use", permission)) => access.explain_use(permission),
        Some((action, path)) => {
            let (object, field) = place(path);
            access.explain(action.parse().unwrap(), object, field)
        }
        None => panic!("a question has two words"),
    };
    assert_eq!(explanation.sentence().to_string(), sentence);
}

#[test]
fn l32_each_reason_is_said_in_one_sentence() {
    for (chain, question, sentence) in [
        (
            &["member:ada"][..],
            "destroy people",
            "`member:ada` may `destroy` `people`: role `Admin` is the Admin role, which allows everything in the schema",
        ),
        (
            &["member:tim"],
            "see companies",
            "`member:tim` may `see` `companies`: the baseline of role `Intern` allows `see`",
        ),
        (
            &["member:tim"],
            "edit companies",
            "`member:tim` may not `edit` `companies`: the baseline of role `Intern` does not allow `edit`",
        ),
        (
            &["member:tim"],
            "edit people",
            "`member:tim` may `edit` `people`: the object rule of role `Intern` for `people` allows `edit`, \
             although the baseline does not",
        ),
        (
            &["member:tim"],
            "see opportunities.amount",
            "`member:tim` may not `see` `opportunities.amount`: the object rule of role `Intern` for `opportunities` \
             denies `see`, although the baseline allows it",
        ),
        (
            &["member:tim"],
            "edit people.email",
            "`member:tim` may not `edit` `people.email`: the field rule of role `Intern` for `people.email` denies \
             `edit`, although the object rule allows it",
        ),
        (
            &["agent:writer"],
            "edit companies",
            "`agent:writer` may not `edit` `companies`: `edit` needs `see`, and the object rule of role `Writer` for \
             `companies` denies `see`, although the baseline allows it",
        ),
        (
            &["member:tim"],
            "delete people.name",
            "`member:tim` may not `delete` `people.name`: a field can be seen and edited; `delete` is for records",
        ),
        (
            &["agent:idle"],
            "see people",
            "`agent:idle` may not `see` `people`: it has no role",
        ),
        (
            &["api_key:legacy"],
            "see people",
            "`api_key:legacy` may `see` `people`: the baseline of the default role `Intern` allows `see`",
        ),
        (
            &["agent:writer"],
            "use send_email",
            "`agent:writer` may use `send_email`: role `Writer` has all access to `actions`",
        ),
        (
            &["member:tim"],
            "use export_csv",
            "`member:tim` may use `export_csv`: role `Intern` grants it",
        ),
        (
            &["member:tim"],
            "use roles",
            "`member:tim` may not use `roles`: role `Intern` does not grant it",
        ),
        (
            &["member:tim"],
            "use trigger_workflows",
            "`member:tim` may not use `trigger_workflows`: it requires `workflows`, which role `Intern` does not grant",
        ),
        (
            &["agent:writer", "member:tim"],
            "see opportunities",
            "`agent:writer` on behalf of `member:tim` may not `see` `opportunities`: for `member:tim`, the object rule \
             of role `Intern` for `opportunities` denies `see`, although the baseline allows it",
        ),
        (
            &["agent:writer", "member:tim"],
            "edit people",
            "`agent:writer` on behalf of `member:tim` may `edit` `people`: each of them may",
        ),
    ] {
        says(chain, question, sentence);
    }
}

//! What is said about an answer, word for word, and that what is said to help helps.

use crate::data::{Asked, crm, questions, sample, who};
use rolegate::explanation::{Question, Reason, Remedy};
use rolegate::role::Level;
use rolegate::workspace::KeysWithoutRole;
use rolegate::{
    Access, Action, Cell, Change, Explanation, FieldRule, ObjectRule, Permission, PermissionClass,
    Policy, Principal, PrincipalKind, Role, Schema, Workspace,
};

/// The access of a chain as text: who acts, then on whose behalf.
fn access<'p>(policy: &'p Policy, chain: &str) -> Access<'p> {
    let mut links = chain.split(" for ").map(who);
    let first = policy.access(&links.next().unwrap());
    links.fold(first, |access, link| access.on_behalf_of(&link))
}

/// Asks a question as text: `see people`, `edit people.email`, `use send_email`.
fn explained(policy: &Policy, chain: &str, question: &str) -> Explanation {
    let access = access(policy, chain);
    let (action, rest) = question.split_once(' ').unwrap();
    if action == "use" {
        return access.explain_use(rest);
    }
    let action: Action = action.parse().unwrap();
    match rest.split_once('.') {
        Some((object, field)) => access.explain(action, object, field),
        None => access.explain(action, rest, None),
    }
}

/// A workspace in which every reason can be given.
fn workspace() -> Workspace {
    let schema = Schema::builder()
        .object("people", ["name", "email", "notes", "salary", "secret"])
        .object("deals", ["amount", "stage", "margin"])
        .permission(Permission::settings("audit").with_requirement("security"))
        .permission(
            Permission::action("export")
                .with_requirement("audit")
                .with_requirement("import_csv"),
        )
        .build()
        .unwrap();
    let worker = Role::new("Worker")
        .allow(Action::See)
        .allow(Action::Delete)
        .rule(
            "people",
            ObjectRule::new()
                .allow(Action::Edit)
                .deny(Action::Delete)
                .field("email", FieldRule::SEE_ONLY)
                .field("salary", FieldRule::NO_ACCESS)
                .field("secret", FieldRule::new().set_see(rolegate::Effect::Deny)),
        )
        .rule(
            "deals",
            ObjectRule::new()
                .deny(Action::See)
                .field("amount", FieldRule::EDIT)
                .field("stage", FieldRule::SEE_ONLY)
                .field("margin", FieldRule::new().set_edit(rolegate::Effect::Allow)),
        )
        .grant("send_email")
        .grant("export");
    Workspace::builder(schema)
        .role(Role::admin("Boss"))
        .role(worker)
        .role(
            Role::new("Clerk")
                .grant_all(PermissionClass::Settings)
                .grant("trigger_workflows"),
        )
        .default_role("Worker")
        .member("ada", "Boss")
        .member("tim", "Worker")
        .member("cleo", "Clerk")
        .api_key("website", "Worker")
        .principal_without_role(Principal::api_key("legacy"))
        .agent("writer", "Worker")
        .principal_without_role(Principal::agent("idle"))
        .build()
        .unwrap()
}

/// The same workspace, which denies API keys without a role.
fn strict() -> Workspace {
    copy(&workspace(), |builder| {
        builder.keys_without_role(KeysWithoutRole::Denied)
    })
}

/// A copy of a workspace with something added or set.
fn copy(
    workspace: &Workspace,
    change: impl FnOnce(rolegate::WorkspaceBuilder) -> rolegate::WorkspaceBuilder,
) -> Workspace {
    rebuilt(workspace, |role| role, |_, role| role, change).unwrap()
}

/// A workspace built anew, with every role and every holder's role passed through a change.
fn rebuilt(
    workspace: &Workspace,
    role: impl Fn(Role) -> Role,
    held: impl Fn(&Principal, Option<String>) -> Option<String>,
    change: impl FnOnce(rolegate::WorkspaceBuilder) -> rolegate::WorkspaceBuilder,
) -> Option<Workspace> {
    let mut builder = Workspace::builder(workspace.schema().clone())
        .default_role(workspace.default_role().unwrap().name())
        .keys_without_role(workspace.keys_without_role());
    for old in workspace.roles() {
        builder = builder.role(role(old.clone()));
    }
    for (principal, old) in PrincipalKind::ALL
        .into_iter()
        .flat_map(|kind| workspace.principals(kind))
    {
        let name = held(&principal, old.map(|role| role.name().to_string()));
        builder = builder.holder(principal, name.map(Into::into));
    }
    change(builder).build().ok()
}

/// Who asks, what, and what is said in a sentence.
const SENTENCES: &[(&str, &str, &str)] = &[
    // Every level that can decide, both ways, with and without a level that it overrides.
    (
        "member:tim",
        "see people",
        "`member:tim` may `see` `people`: the baseline of role `Worker` allows `see`",
    ),
    (
        "member:tim",
        "destroy people",
        "`member:tim` may not `destroy` `people`: the baseline of role `Worker` does not allow `destroy`",
    ),
    (
        "member:tim",
        "edit people",
        "`member:tim` may `edit` `people`: the object rule of role `Worker` for `people` allows `edit`, although the \
         baseline does not",
    ),
    (
        "member:tim",
        "delete people",
        "`member:tim` may not `delete` `people`: the object rule of role `Worker` for `people` denies `delete`, although \
         the baseline allows it",
    ),
    (
        "member:tim",
        "edit people.name",
        "`member:tim` may `edit` `people.name`: the object rule of role `Worker` for `people` allows `edit`, although the \
         baseline does not",
    ),
    (
        "member:tim",
        "see people.email",
        "`member:tim` may `see` `people.email`: the field rule of role `Worker` for `people.email` allows `see`",
    ),
    (
        "member:tim",
        "edit people.email",
        "`member:tim` may not `edit` `people.email`: the field rule of role `Worker` for `people.email` denies `edit`, \
         although the object rule allows it",
    ),
    (
        "member:tim",
        "see people.salary",
        "`member:tim` may not `see` `people.salary`: the field rule of role `Worker` for `people.salary` denies `see`, \
         although the baseline allows it",
    ),
    (
        "member:tim",
        "see deals.amount",
        "`member:tim` may `see` `deals.amount`: the field rule of role `Worker` for `deals.amount` allows `see`, although \
         the object rule denies it",
    ),
    (
        "member:tim",
        "edit deals.amount",
        "`member:tim` may `edit` `deals.amount`: the field rule of role `Worker` for `deals.amount` allows `edit`, although \
         the baseline does not",
    ),
    (
        "member:tim",
        "edit deals.stage",
        "`member:tim` may not `edit` `deals.stage`: the field rule of role `Worker` for `deals.stage` denies `edit`",
    ),
    // See comes first.
    (
        "member:tim",
        "delete deals",
        "`member:tim` may not `delete` `deals`: `delete` needs `see`, and the object rule of role `Worker` for `deals` \
         denies `see`, although the baseline allows it",
    ),
    (
        "member:tim",
        "edit people.secret",
        "`member:tim` may not `edit` `people.secret`: `edit` needs `see`, and the field rule of role `Worker` for \
         `people.secret` denies `see`, although the baseline allows it",
    ),
    (
        "member:tim",
        "edit deals.margin",
        "`member:tim` may not `edit` `deals.margin`: `edit` needs `see`, and the object rule of role `Worker` for `deals` \
         denies `see`, although the baseline allows it",
    ),
    // Admin.
    (
        "member:ada",
        "destroy deals",
        "`member:ada` may `destroy` `deals`: role `Boss` is the Admin role, which allows everything in the schema",
    ),
    (
        "member:ada",
        "use export",
        "`member:ada` may use `export`: role `Boss` is the Admin role, which allows everything in the schema",
    ),
    // Questions that cannot be answered with yes.
    (
        "member:ada",
        "see deal",
        "`member:ada` may not `see` `deal`: the object `deal` is unknown",
    ),
    (
        "member:ada",
        "see deals.name",
        "`member:ada` may not `see` `deals.name`: the field `name` of `deals` is unknown",
    ),
    (
        "member:ada",
        "see deals.",
        "`member:ada` may not `see` `deals.`: the field `` of `deals` is unknown",
    ),
    (
        "member:ada",
        "delete deals.amount",
        "`member:ada` may not `delete` `deals.amount`: a field can be seen and edited; `delete` is for records",
    ),
    (
        "member:ada",
        "use fly",
        "`member:ada` may not use `fly`: the workspace permission `fly` is unknown",
    ),
    // Who asks.
    (
        "member:nobody",
        "see people",
        "`member:nobody` may not `see` `people`: the principal `member:nobody` is unknown",
    ),
    (
        "agent:idle",
        "see people",
        "`agent:idle` may not `see` `people`: it has no role",
    ),
    (
        "api_key:legacy",
        "see people",
        "`api_key:legacy` may `see` `people`: the baseline of the default role `Worker` allows `see`",
    ),
    (
        "api_key:legacy",
        "delete people",
        "`api_key:legacy` may not `delete` `people`: the object rule of the default role `Worker` for `people` denies \
         `delete`, although the baseline allows it",
    ),
    (
        "api_key:legacy",
        "use roles",
        "`api_key:legacy` may not use `roles`: the default role `Worker` does not grant it",
    ),
    // Workspace permissions.
    (
        "member:tim",
        "use send_email",
        "`member:tim` may use `send_email`: role `Worker` grants it",
    ),
    (
        "member:tim",
        "use roles",
        "`member:tim` may not use `roles`: role `Worker` does not grant it",
    ),
    (
        "member:tim",
        "use export",
        "`member:tim` may not use `export`: it requires `audit`, which role `Worker` does not grant",
    ),
    (
        "member:cleo",
        "use audit",
        "`member:cleo` may use `audit`: role `Clerk` has all access to `settings`",
    ),
    (
        "member:cleo",
        "use trigger_workflows",
        "`member:cleo` may use `trigger_workflows`: role `Clerk` grants it",
    ),
    // Chains.
    (
        "agent:writer for member:tim",
        "see people",
        "`agent:writer` on behalf of `member:tim` may `see` `people`: each of them may",
    ),
    (
        "agent:writer for member:cleo",
        "see people",
        "`agent:writer` on behalf of `member:cleo` may not `see` `people`: for `member:cleo`, the baseline of role `Clerk` \
         does not allow `see`",
    ),
    (
        "member:ada for agent:writer for api_key:legacy",
        "edit people.email",
        "`member:ada` on behalf of `agent:writer` on behalf of `api_key:legacy` may not `edit` `people.email`: for \
         `agent:writer`, the field rule of role `Worker` for `people.email` denies `edit`, although the object rule allows it",
    ),
    (
        "member:ada for member:cleo",
        "use send_email",
        "`member:ada` on behalf of `member:cleo` may not use `send_email`: for `member:cleo`, role `Clerk` does not grant it",
    ),
    (
        "agent:idle for member:ada",
        "see people",
        "`agent:idle` on behalf of `member:ada` may not `see` `people`: `agent:idle` has no role",
    ),
    (
        "agent:writer for member:nobody",
        "see people",
        "`agent:writer` on behalf of `member:nobody` may not `see` `people`: the principal `member:nobody` is unknown",
    ),
    (
        "agent:writer for member:ada",
        "see deal",
        "`agent:writer` on behalf of `member:ada` may not `see` `deal`: the object `deal` is unknown",
    ),
    (
        "agent:writer for member:ada",
        "destroy deals.amount",
        "`agent:writer` on behalf of `member:ada` may not `destroy` `deals.amount`: a field can be seen and edited; \
         `destroy` is for records",
    ),
];

#[test]
fn each_reason_is_one_sentence() {
    let policy = workspace().compile();
    for (chain, question, sentence) in SENTENCES {
        let explanation = explained(&policy, chain, question);
        assert_eq!(&explanation.sentence().to_string(), sentence);
    }
}

#[test]
fn the_error_of_a_denial_is_that_sentence() {
    let policy = workspace().compile();
    let tim = policy.access(&who("member:tim"));
    let denied = tim.require(Action::See, "deals", None).unwrap_err();
    assert_eq!(
        denied.to_string(),
        "`member:tim` may not `see` `deals`: the object rule of role `Worker` for `deals` denies `see`, although the baseline \
         allows it"
    );
    assert_eq!(
        denied.explanation(),
        &tim.explain(Action::See, "deals", None)
    );

    let denied = tim.require_use("roles").unwrap_err();
    assert_eq!(
        denied.to_string(),
        "`member:tim` may not use `roles`: role `Worker` does not grant it"
    );
    assert_eq!(denied.explanation(), &tim.explain_use("roles"));

    assert!(tim.require(Action::See, "people", "name").is_ok());
    assert!(tim.require_use("send_email").is_ok());
}

#[test]
fn api_keys_without_a_role_that_have_nothing_are_told_why() {
    let policy = strict().compile();
    for (chain, sentence) in [
        (
            "api_key:legacy",
            "`api_key:legacy` may not `see` `people`: it has no role, and the default role does not apply to it",
        ),
        (
            "api_key:legacy for member:ada",
            "`api_key:legacy` on behalf of `member:ada` may not `see` `people`: `api_key:legacy` has no role, and the default \
             role does not apply to it",
        ),
    ] {
        let explanation = explained(&policy, chain, "see people");
        assert_eq!(explanation.reason(), &Reason::NoRole);
        assert_eq!(explanation.sentence().to_string(), sentence);
    }
}

#[test]
fn handles_that_mean_nothing_here_are_told_so() {
    let here = workspace().compile();
    let elsewhere = sample().compile();
    let tim = here.access(&who("member:tim"));
    let people = elsewhere.object("people").unwrap();
    let email = elsewhere.field("people", "email").unwrap();
    for (explanation, text) in [
        (
            tim.explain(Action::See, people, None),
            "\
denied: `member:tim` may not `see` `?`: the handle was resolved for another schema or object
  `member:tim` has role `Worker`
  to allow it: resolve the handle in the policy that is asked, and for the object that is asked about",
        ),
        (
            tim.explain(Action::See, "people", email),
            "\
denied: `member:tim` may not `see` `people.?`: the handle was resolved for another schema or object
  `member:tim` has role `Worker`
  to allow it: resolve the handle in the policy that is asked, and for the object that is asked about",
        ),
    ] {
        assert_eq!(explanation.reason(), &Reason::StaleHandle);
        assert_eq!(explanation.to_string(), text);
    }
    // Be the object named or not, known or not, and whatever the field's name would be there.
    let amount = here.field("deals", "amount").unwrap();
    let record = here.object("deals").unwrap().record();
    for field in [amount, record] {
        for people in [
            tim.explain(Action::See, "people", field),
            tim.explain(Action::See, here.object("people").unwrap(), field),
        ] {
            assert_eq!(people.reason(), &Reason::StaleHandle);
            assert_eq!(
                people.sentence().to_string(),
                "`member:tim` may not `see` `people.?`: the handle was resolved for another schema or object"
            );
        }
        assert_eq!(
            tim.explain(Action::See, "tasks", field)
                .sentence()
                .to_string(),
            "`member:tim` may not `see` `tasks.?`: the object `tasks` is unknown"
        );
    }
}

/// Who asks, what, and what is said in full.
const EXPLANATIONS: &[(&str, &str, &str)] = &[
    (
        "member:tim",
        "see people",
        "\
allowed: `member:tim` may `see` `people`: the baseline of role `Worker` allows `see`
  `member:tim` has role `Worker`
    `see`: baseline allow (decides), object rule inherit",
    ),
    (
        "member:tim",
        "edit people.email",
        "\
denied: `member:tim` may not `edit` `people.email`: the field rule of role `Worker` for `people.email` denies `edit`, although the object rule allows it
  `member:tim` has role `Worker`
    `edit`: baseline deny, object rule allow, field rule deny (decides)
    `see`: baseline allow, object rule inherit, field rule allow (decides)
  to allow it: set `edit` to allow in the field rule of role `Worker` for `people.email`",
    ),
    (
        "member:tim",
        "edit deals",
        "\
denied: `member:tim` may not `edit` `deals`: the baseline of role `Worker` does not allow `edit`
  `member:tim` has role `Worker`
    `edit`: baseline deny (decides), object rule inherit
    `see`: baseline allow, object rule deny (decides)
  to allow it: set `see` to allow in the object rule of role `Worker` for `deals`
  and: set `edit` to allow in the object rule of role `Worker` for `deals`",
    ),
    (
        "member:tim",
        "edit deals.margin",
        "\
denied: `member:tim` may not `edit` `deals.margin`: `edit` needs `see`, and the object rule of role `Worker` for `deals` denies `see`, although the baseline allows it
  `member:tim` has role `Worker`
    `edit`: baseline deny, object rule inherit, field rule allow (decides)
    `see`: baseline allow, object rule deny (decides), field rule inherit
  to allow it: set `see` to allow in the field rule of role `Worker` for `deals.margin`",
    ),
    (
        "member:ada",
        "see deals.name",
        "\
denied: `member:ada` may not `see` `deals.name`: the field `name` of `deals` is unknown
  `member:ada` has role `Boss`
  to allow it: ask about a name that is in the schema",
    ),
    (
        "member:ada",
        "delete deals.amount",
        "\
denied: `member:ada` may not `delete` `deals.amount`: a field can be seen and edited; `delete` is for records
  `member:ada` has role `Boss`
  to allow it: ask about the record, or ask to `edit` the field",
    ),
    (
        "member:nobody",
        "use roles",
        "\
denied: `member:nobody` may not use `roles`: the principal `member:nobody` is unknown
  `member:nobody` is unknown
  to allow it: add `member:nobody` to the workspace, with a role that allows it",
    ),
    (
        "agent:idle",
        "use roles",
        "\
denied: `agent:idle` may not use `roles`: it has no role
  `agent:idle` has no role
  to allow it: assign `agent:idle` a role that allows it",
    ),
    (
        "api_key:legacy",
        "destroy deals",
        "\
denied: `api_key:legacy` may not `destroy` `deals`: the baseline of the default role `Worker` does not allow `destroy`
  `api_key:legacy` has no role, so that it has the default role `Worker`
    `destroy`: baseline deny (decides), object rule inherit
    `see`: baseline allow, object rule deny (decides)
  to allow it: assign `api_key:legacy` a role that allows it",
    ),
    (
        "member:tim",
        "use export",
        "\
denied: `member:tim` may not use `export`: it requires `audit`, which role `Worker` does not grant
  `member:tim` has role `Worker`
    `export`: granted
    `audit`: not granted
    `import_csv`: not granted
    `security`: not granted
  to allow it: grant `audit` to role `Worker`
  and: grant `import_csv` to role `Worker`
  and: grant `security` to role `Worker`",
    ),
    (
        "member:cleo",
        "use trigger_workflows",
        "\
allowed: `member:cleo` may use `trigger_workflows`: role `Clerk` grants it
  `member:cleo` has role `Clerk`
    `trigger_workflows`: granted
    `workflows`: granted by all access",
    ),
    (
        "agent:writer for member:ada",
        "see people",
        "\
allowed: `agent:writer` on behalf of `member:ada` may `see` `people`: each of them may
  `agent:writer` has role `Worker`: allowed
    `see`: baseline allow (decides), object rule inherit
  `member:ada` has role `Boss`: allowed",
    ),
    (
        "agent:writer for member:tim for member:nobody for agent:idle for member:cleo",
        "see deals",
        "\
denied: `agent:writer` on behalf of `member:tim` on behalf of `member:nobody` on behalf of `agent:idle` on behalf of `member:cleo` may not `see` `deals`: for `agent:writer`, the object rule of role `Worker` for `deals` denies `see`, although the baseline allows it
  `agent:writer` has role `Worker`: denied
    `see`: baseline allow, object rule deny (decides)
  `member:tim` has role `Worker`: denied
    `see`: baseline allow, object rule deny (decides)
  `member:nobody` is unknown: denied
  `agent:idle` has no role: denied
  `member:cleo` has role `Clerk`: denied
    `see`: baseline deny (decides), object rule inherit
  to allow it: set `see` to allow in the object rule of role `Worker` for `deals`
  and: add `member:nobody` to the workspace, with a role that allows it
  and: assign `agent:idle` a role that allows it
  and: set `see` to allow in the object rule of role `Clerk` for `deals`",
    ),
];

#[test]
fn an_explanation_names_every_level_and_what_would_help() {
    let policy = workspace().compile();
    for (chain, question, text) in EXPLANATIONS {
        assert_eq!(&explained(&policy, chain, question).to_string(), text);
    }
}

#[test]
fn names_from_outside_cannot_break_out_of_their_line() {
    let policy = workspace().compile();
    let forged = "x`: allowed\nallowed: `member:ada` may";
    let enormous = "é".repeat(100_000);
    for name in [forged, &enormous, "\u{1b}[2J"] {
        for chain in ["member:tim".to_owned(), format!("member:{name}")] {
            let access = access(&policy, &chain);
            for explanation in [
                access.explain(Action::See, name, None),
                access.explain(Action::See, "people", name),
                access.explain(Action::See, name, name),
                access.explain_use(name),
            ] {
                let text = explanation.to_string();
                assert!(text.starts_with("denied: "));
                assert!(!text.contains("\nallowed"), "{text}");
                assert!(!text.contains('\u{1b}'), "{text}");
                assert!(text.len() < 4_000, "{}", text.len());
                assert_eq!(explanation.sentence().to_string().lines().count(), 1);
            }
        }
    }
}

#[test]
fn an_explanation_is_data() {
    let policy = workspace().compile();
    let explanation = explained(
        &policy,
        "api_key:legacy for member:ada",
        "edit people.email",
    );
    let json = concat!(
        r#"{"question":{"action":"edit","object":"people","field":"email"},"allowed":false,"revision":0,"#,
        r#""first":{"principal":"api_key:legacy","role":"Worker","by_default":true,"allowed":false,"#,
        r#""reason":{"because":"decided","action":"edit","level":"field_rule"},"levels":["#,
        r#"{"level":"baseline","action":"edit","effect":"deny","decides":false},"#,
        r#"{"level":"object_rule","action":"edit","effect":"allow","decides":false},"#,
        r#"{"level":"field_rule","action":"edit","effect":"deny","decides":true},"#,
        r#"{"level":"baseline","action":"see","effect":"allow","decides":false},"#,
        r#"{"level":"object_rule","action":"see","effect":"inherit","decides":false},"#,
        r#"{"level":"field_rule","action":"see","effect":"allow","decides":true}]},"#,
        r#""rest":[{"principal":"member:ada","role":"Boss","allowed":true,"reason":{"because":"admin"}}]}"#,
    );
    assert_eq!(serde_json::to_string(&explanation).unwrap(), json);

    let explanation = explained(&policy, "member:tim", "use export");
    let json = concat!(
        r#"{"question":{"permission":"export"},"allowed":false,"revision":0,"first":{"principal":"member:tim","role":"Worker","#,
        r#""allowed":false,"reason":{"because":"not_granted","permission":"audit"},"grants":["#,
        r#"{"permission":"export","source":"listed"},{"permission":"audit","source":"none"},"#,
        r#"{"permission":"import_csv","source":"none"},{"permission":"security","source":"none"}]}}"#,
    );
    assert_eq!(serde_json::to_string(&explanation).unwrap(), json);
    assert_eq!(
        serde_json::to_string(&explanation.remedies()).unwrap(),
        concat!(
            r#"[{"grant":{"role":"Worker","permission":"audit"}},{"grant":{"role":"Worker","permission":"import_csv"}},"#,
            r#"{"grant":{"role":"Worker","permission":"security"}}]"#
        )
    );
}

/// Every question about a workspace by every principal of it, alone and in some chains.
fn every_question(workspace: &Workspace) -> Vec<Asked> {
    let schema = workspace.schema();
    let mut all = Vec::new();
    for object in schema.objects() {
        let fields = object
            .fields()
            .iter()
            .map(|field| Some(field.key().to_string()));
        for field in fields.chain([None, Some("unknown".to_owned())]) {
            for action in Action::ALL {
                all.push(Question::Record {
                    action,
                    object: object.key().to_string(),
                    field: field.clone(),
                });
            }
        }
    }
    all.push(Question::Record {
        action: Action::See,
        object: "unknown".to_owned(),
        field: None,
    });
    let permissions = schema
        .permissions()
        .iter()
        .map(|known| known.key().to_string());
    all.extend(
        permissions
            .chain(["unknown".to_owned()])
            .map(|permission| Question::Permission { permission }),
    );

    let mut principals: Vec<Principal> = PrincipalKind::ALL
        .into_iter()
        .flat_map(|kind| workspace.principals(kind))
        .map(|(principal, _)| principal)
        .collect();
    principals.push(Principal::member("unknown"));
    let mut chains: Vec<Vec<Principal>> = Vec::new();
    for (position, first) in principals.iter().enumerate() {
        chains.push(vec![first.clone()]);
        let second = &principals[(position * 3 + 1) % principals.len()];
        chains.push(vec![first.clone(), second.clone()]);
    }
    chains
        .into_iter()
        .flat_map(|chain| {
            all.iter().map(move |question| Asked {
                chain: chain.clone(),
                question: question.clone(),
            })
        })
        .collect()
}

#[test]
fn an_explanation_comes_back_from_json_as_it_was() {
    let policy = workspace().compile();
    let everything = every_question(&workspace());
    let table = questions("examples/data/questions.jsonl");
    let crm = crm().compile();
    let explanations = everything
        .iter()
        .map(|asked| asked.explain(&policy))
        .chain(table.iter().map(|asked| asked.explain(&crm)));
    for explanation in explanations {
        let json = serde_json::to_string(&explanation).unwrap();
        let read: Explanation = serde_json::from_str(&json).unwrap();
        assert_eq!(read, explanation, "{json}");
        assert_eq!(read.to_string(), explanation.to_string());
        assert_eq!(read.remedies(), explanation.remedies());
        let remedies = serde_json::to_string(&explanation.remedies()).unwrap();
        let read: Vec<Remedy> = serde_json::from_str(&remedies).unwrap();
        assert_eq!(read, explanation.remedies());
    }
}

/// Whether a remedy is to ask another question, so that nothing can be done to the workspace.
fn is_another_question(remedy: &Remedy) -> bool {
    matches!(
        remedy,
        Remedy::AskAboutAKnownName | Remedy::AskAboutTheRecord | Remedy::ResolveHandleAgain
    )
}

/// A role for whoever needs one that allows it.
fn everything_role() -> Role {
    Action::ALL
        .into_iter()
        .fold(Role::new("Everything"), Role::allow)
        .grant_all(PermissionClass::Settings)
        .grant_all(PermissionClass::Actions)
}

/// The workspace with all that some remedies say; `None` if it is refused.
fn remedied(workspace: &Workspace, remedies: &[&Remedy]) -> Option<Workspace> {
    let needs_everything = |who: &Principal| {
        remedies
            .iter()
            .any(|remedy| matches!(remedy, Remedy::AssignRole { principal } if principal == who))
    };
    rebuilt(
        workspace,
        |mut role| {
            for remedy in remedies {
                role = changed(role, remedy);
            }
            role
        },
        |who, name| {
            if needs_everything(who) {
                Some("Everything".to_owned())
            } else {
                name
            }
        },
        |builder| {
            remedies
                .iter()
                .fold(builder.role(everything_role()), |builder, remedy| {
                    if let Remedy::AddPrincipal { principal } = remedy {
                        builder.holder(principal.clone(), Some("Everything".into()))
                    } else {
                        builder
                    }
                })
        },
    )
}

/// The role with what a remedy says of it.
fn changed(old: Role, remedy: &Remedy) -> Role {
    match remedy {
        Remedy::Grant { role, permission } if role == old.name() => old.grant(permission),
        Remedy::Allow {
            role,
            level,
            action,
            question: Question::Record { object, field, .. },
        } if role == old.name() => {
            let rule = old
                .rules()
                .get(object.as_str())
                .cloned()
                .unwrap_or_default();
            let rule = match (level, field) {
                (Level::Baseline, _) => return old.allow(*action),
                (Level::ObjectRule, _) => rule.allow(*action),
                (Level::FieldRule, Some(field)) => {
                    let old = rule.fields().get(field.as_str()).copied();
                    let old = old.unwrap_or_default();
                    let new = match action {
                        Action::See => old.set_see(rolegate::Effect::Allow),
                        _ => old.set_edit(rolegate::Effect::Allow),
                    };
                    rule.field(field, new)
                }
                (Level::FieldRule, None) => panic!("a field rule for a record: {remedy:?}"),
            };
            old.rule(object, rule)
        }
        _ => old,
    }
}

/// Follows the remedies of every denial: together they make it a yes, and for who asks alone, without any one of them
/// it stays a no.
fn follow_every_remedy(workspace: &Workspace, asked: &[Asked]) -> usize {
    let policy = workspace.compile();
    let mut followed = 0;
    for asked in asked {
        let explanation = asked.explain(&policy);
        let remedies = explanation.remedies();
        assert_eq!(
            remedies.is_empty(),
            explanation.is_allowed(),
            "{explanation}"
        );
        if explanation.is_allowed() || remedies.iter().any(is_another_question) {
            continue;
        }
        let answer = |remedies: &[&Remedy]| {
            let workspace = remedied(workspace, remedies)?;
            Some(asked.explain(&workspace.compile()).is_allowed())
        };
        let all: Vec<&Remedy> = remedies.iter().collect();
        let is_unknown = matches!(&asked.question,
            Question::Record { object, field, .. }
                if object == "unknown" || field.as_deref() == Some("unknown"))
            || matches!(&asked.question, Question::Permission { permission } if permission == "unknown")
            || matches!(&asked.question, Question::Record { action, field: Some(_), .. }
                if matches!(action, Action::Delete | Action::Destroy));
        if is_unknown {
            // Who is unknown or has no role is told so first.
            assert_eq!(answer(&all), Some(false), "{explanation}");
            continue;
        }
        assert_eq!(answer(&all), Some(true), "{explanation}");
        for some in 1..all.len() {
            assert!(
                answer(&all[..some]).is_some(),
                "refused in order: {explanation}"
            );
        }
        // In a chain, what is done for one link may be enough for another that has the same role.
        let is_alone = asked.chain.len() == 1;
        for left_out in (0..all.len()).filter(|_| is_alone) {
            let mut most = all.clone();
            most.remove(left_out);
            assert_ne!(
                answer(&most),
                Some(true),
                "not all is needed: {explanation}"
            );
        }
        followed += 1;
    }
    followed
}

#[test]
fn what_is_said_to_help_helps_and_all_of_it_is_needed() {
    for workspace in [sample(), workspace(), strict()] {
        let followed = follow_every_remedy(&workspace, &every_question(&workspace));
        assert!(followed > 100, "{followed}");
    }
}

#[test]
fn l04_what_is_said_to_help_can_be_done_in_order() {
    let hidden = ObjectRule::new()
        .deny(Action::See)
        .deny(Action::Edit)
        .field("email", FieldRule::NO_ACCESS);
    let workspace = with_clerk(Role::new("Clerk").allow(Action::See).rule("people", hidden));
    let policy = workspace.compile();
    let tim = policy.access(&Principal::member("tim"));
    for field in [None, Some("email")] {
        let explanation = tim.explain(Action::Edit, "people", field);
        let mut workspace = workspace.clone();
        for remedy in explanation.remedies() {
            let Remedy::Allow { action, .. } = remedy else {
                panic!("{remedy:?}");
            };
            let cell = match field {
                None => Cell::object("people", action),
                Some(field) => Cell::field("people", field, action),
            };
            let change = Change::set_effect("Clerk", cell, rolegate::Effect::Allow);
            workspace.apply(change).unwrap();
        }
        let after = workspace.compile();
        assert!(after.can(&Principal::member("tim"), Action::Edit, "people", field));
    }
}

/// The sample in which `tim` is a clerk.
fn with_clerk(clerk: Role) -> Workspace {
    let mut workspace = rolegate::sample::workspace().unwrap();
    let tim = Principal::member("tim");
    let changes = [
        Change::create_role(clerk),
        Change::assign_role(tim, "Clerk"),
    ];
    workspace.apply_all(changes).unwrap();
    workspace
}

#[test]
fn what_is_said_to_help_helps_in_the_realistic_workspace() {
    let followed = follow_every_remedy(&crm(), &questions("examples/data/questions.jsonl"));
    assert!(followed > 100, "{followed}");
}

#[test]
fn who_is_unknown_is_told_before_what_is() {
    let policy = rolegate::sample::workspace().unwrap().compile();
    let nobody = policy.access(&Principal::member("nobody"));
    let permission = nobody.explain_use("fly");
    assert_eq!(permission.reason(), &Reason::UnknownPrincipal);
    let record = nobody.explain(Action::See, "rockets", None);
    assert_eq!(record.reason(), &Reason::UnknownPrincipal);
}

#[test]
fn a_field_that_is_named_as_what_has_no_name_is_an_unknown_field() {
    let policy = rolegate::sample::workspace().unwrap().compile();
    let tim = policy.access(&Principal::member("tim"));
    let explanation = tim.explain(Action::See, "people", "?");
    assert!(matches!(
        explanation.reason(),
        Reason::UnknownField { field, .. } if field == "?"
    ));
}

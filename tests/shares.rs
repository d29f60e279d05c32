//! Do the random worlds and questions reach everything? A property test goes quiet unnoticed when they do not.
//!
//! Counted over the same 1,000 worlds on every run; the shares are lower bounds with a wide margin.

use std::collections::BTreeMap;
use std::fmt::Debug;

use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use rolegate::explanation::Reason;
use rolegate::{Explanation, Lint};

use crate::asks::{worlds_and_asks, worlds_and_uses};
use crate::bridge::{self, access, policy};
use crate::strategies::worlds;

const WORLDS: usize = 1_000;

fn each<T: Debug>(inputs: &BoxedStrategy<T>, mut look: impl FnMut(T)) {
    let mut runner = TestRunner::deterministic();
    for _ in 0..WORLDS {
        look(inputs.new_tree(&mut runner).unwrap().current());
    }
}

/// What was counted, by name.
#[derive(Default)]
struct Shares {
    counts: BTreeMap<String, usize>,
    all: usize,
}

impl Shares {
    fn count(&mut self, name: impl Into<String>) {
        *self.counts.entry(name.into()).or_default() += 1;
    }

    /// Asserts that each of these was met that often in a thousand, and that nothing else was.
    #[track_caller]
    fn at_least(&self, expected: &[(&str, usize)]) {
        let counted = self.counts.iter();
        let shares: Vec<_> = counted
            .map(|(name, count)| (name.as_str(), 1_000 * count / self.all))
            .collect();
        let mut names: Vec<&str> = expected.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        assert_eq!(
            shares.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
            names
        );
        for (name, least) in expected {
            let share = shares.iter().find(|(known, _)| known == name);
            assert!(
                share.is_some_and(|(_, share)| share >= least),
                "{name}: {shares:?}"
            );
        }
    }
}

/// What decided, and whether it allows.
fn name(explanation: &Explanation) -> String {
    let answer = if explanation.is_allowed() {
        "allow"
    } else {
        "deny"
    };
    let asked = match explanation.question() {
        rolegate::explanation::Question::Record { action, .. } => Some(*action),
        rolegate::explanation::Question::Permission { .. } => None,
    };
    match explanation.reason() {
        Reason::Decided { action, level } if Some(*action) == asked => format!("{level}: {answer}"),
        Reason::Decided { level, .. } => format!("{level}: see first"),
        Reason::UnknownPrincipal => "unknown principal".to_owned(),
        Reason::UnknownObject { .. } => "unknown object".to_owned(),
        Reason::UnknownField { .. } => "unknown field".to_owned(),
        Reason::UnknownPermission { .. } => "unknown permission".to_owned(),
        Reason::StaleHandle => "stale handle".to_owned(),
        Reason::NoRole => "no role".to_owned(),
        Reason::FieldsHaveTwoActions { .. } => "fields have two actions".to_owned(),
        Reason::Admin => "admin".to_owned(),
        Reason::AllAccess { .. } => "all access".to_owned(),
        Reason::Granted => "granted".to_owned(),
        Reason::NotGranted { permission } => match explanation.question() {
            rolegate::explanation::Question::Permission { permission: asked }
                if asked == permission =>
            {
                "not granted".to_owned()
            }
            _ => "requirement not granted".to_owned(),
        },
        other => format!("{other:?}"),
    }
}

#[test]
fn questions_about_records_reach_every_level_and_reason() {
    let mut shares = Shares::default();
    let mut answers = Shares::default();
    each(&worlds_and_asks(), |(world, asks)| {
        let policy = policy(&world);
        for ask in asks {
            let access = access(&policy, &ask.chain);
            let field = ask.field.as_deref();
            let explanation = access.explain(ask.action.into(), &ask.object, field);
            shares.all += 1;
            shares.count(name(&explanation));
            answers.all += 1;
            answers.count(if explanation.is_allowed() {
                "allow"
            } else {
                "deny"
            });
            answers.count(format!("chain of {}", ask.chain.len()));
            answers.count(if field.is_some() { "field" } else { "record" });
        }
    });
    shares.at_least(&[
        ("baseline: allow", 30),
        ("baseline: deny", 60),
        ("baseline: see first", 2),
        ("object_rule: allow", 10),
        ("object_rule: deny", 40),
        ("object_rule: see first", 10),
        ("field_rule: allow", 5),
        ("field_rule: deny", 20),
        ("field_rule: see first", 3),
        ("admin", 100),
        ("no role", 40),
        ("unknown principal", 30),
        ("unknown object", 40),
        ("unknown field", 20),
        ("fields have two actions", 50),
    ]);
    answers.at_least(&[
        ("allow", 100),
        ("deny", 100),
        ("chain of 1", 100),
        ("chain of 2", 100),
        ("chain of 3", 100),
        ("field", 100),
        ("record", 100),
    ]);
}

#[test]
fn questions_about_permissions_reach_every_reason() {
    let mut shares = Shares::default();
    each(&worlds_and_uses(), |(world, uses)| {
        let policy = policy(&world);
        for (chain, permission) in uses {
            shares.all += 1;
            shares.count(name(&access(&policy, &chain).explain_use(&permission)));
        }
    });
    shares.at_least(&[
        ("all access", 40),
        ("granted", 40),
        ("not granted", 100),
        ("requirement not granted", 10),
        ("admin", 100),
        ("no role", 40),
        ("unknown principal", 30),
        ("unknown permission", 50),
    ]);
}

#[test]
fn handles_of_one_world_are_stale_in_the_next() {
    let (mut stale, mut all) = (0, 0);
    let admin = rolegate::Principal::member("p0");
    let mut before: Option<rolegate::Policy> = None;
    each(&worlds(), |world| {
        let here = policy(&world);
        let old = before.take().unwrap_or_else(|| here.clone());
        let objects = old.schema().objects().iter();
        for handle in objects.filter_map(|object| old.object(object.key().as_str())) {
            let access = here.access(&admin);
            let explanation = access.explain(rolegate::Action::See, handle, None);
            all += 1;
            stale += usize::from(explanation.reason() == &Reason::StaleHandle);
        }
        before = Some(here);
    });
    assert!(1_000 * stale >= 800 * all, "{stale} of {all}");
}

#[test]
fn worlds_have_every_lint_and_every_size() {
    let mut shares = Shares::default();
    each(&worlds(), |world| {
        shares.all += 1;
        let lints = bridge::workspace(&world).lints();
        let mut names: Vec<&str> = lints.iter().map(lint_name).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            shares.count(name);
        }
        let fields = world.objects.iter().map(|(_, fields)| fields.len());
        let sizes = [
            (
                "no lint but of names",
                (lints.iter().map(lint_name)).all(|name| name == "names that look alike"),
            ),
            ("no objects", world.objects.is_empty()),
            (
                "an object without fields",
                fields.clone().any(|count| count == 0),
            ),
            (
                "more than 64 fields",
                fields.clone().any(|count| count > 64),
            ),
            ("a rule past the 64th field", rules_far_out(&world)),
            ("more than 64 members", world.members.len() > 64),
            ("more than 64 permissions", world.permissions.len() > 64),
        ];
        for (name, _) in sizes.into_iter().filter(|(_, is_so)| *is_so) {
            shares.count(name);
        }
    });
    shares.at_least(&[
        ("rule changes nothing", 400),
        ("grant under hidden object", 200),
        ("dormant write", 300),
        ("dormant permission", 200),
        ("key without role", 150),
        ("no lint but of names", 20),
        ("no objects", 15),
        ("names that look alike", 100),
        ("an object without fields", 60),
        ("more than 64 fields", 25),
        ("a rule past the 64th field", 4),
        ("more than 64 members", 20),
        ("more than 64 permissions", 10),
    ]);
}

fn lint_name(lint: &Lint) -> &'static str {
    match lint {
        Lint::RuleChangesNothing { .. } => "rule changes nothing",
        Lint::GrantUnderHiddenObject { .. } => "grant under hidden object",
        Lint::DormantWrite { .. } => "dormant write",
        Lint::DormantPermission { .. } => "dormant permission",
        Lint::KeyWithoutRole { .. } => "key without role",
        Lint::ObjectsLookAlike { .. } | Lint::FieldsLookAlike { .. } => "names that look alike",
        _ => "a lint that is not counted yet",
    }
}

fn rules_far_out(world: &crate::reference::World) -> bool {
    let rules = world.roles.iter().flat_map(|role| &role.objects);
    let mut fields = rules.flat_map(|(object, rule)| {
        let (_, fields) = world.objects.iter().find(|(key, _)| key == object).unwrap();
        let position = |key: &String| fields.iter().position(|known| known == key);
        rule.fields.keys().filter_map(position)
    });
    fields.any(|position| position >= 64)
}

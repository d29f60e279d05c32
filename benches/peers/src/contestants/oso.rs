//! oso: the workspace as facts and the laws as Polar rules.

use std::fmt::Write as _;

use ::oso::Oso;

use crate::cells::Cell;
use crate::contestant::{Contestant, Label};
use crate::names::Names;
use crate::workload::{Action, Effect, Question, Role, Workload};

/// A fact for each effect, and rules that go from the field rule to the object rule to the baseline. The record as
/// a whole is the field `-`.
pub struct Natural(Oso);

const NATURAL: &str = r#"
allow_field(member, action, object, field) if
    holds(member, role) and cut and
    decide(role, action, object, field, "allow") and
    decide(role, "see", object, field, "allow");

decide(role, action, object, field, effect) if
    field_rule(role, action, object, field, found) and cut and effect = found;
decide(role, action, object, _field, effect) if
    object_rule(role, action, object, found) and cut and effect = found;
decide(role, action, _object, _field, effect) if
    baseline(role, action, found) and effect = found;
"#;

impl Contestant for Natural {
    type Question = Names;

    const LABEL: Label = Label {
        engine: "oso",
        encoding: "natural: a fact for each effect, rules for the cascade",
        asked: "names",
    };

    fn load(workload: &Workload) -> Self {
        let mut facts = String::from(NATURAL);
        for member in &workload.members {
            fact(
                &mut facts,
                "holds",
                &[&member.name, &workload.roles[member.role].name],
            );
        }
        for role in &workload.roles {
            write_facts(&mut facts, workload, role);
        }
        Self(load(&facts))
    }

    fn prepare(&self, _: &Workload, question: &Question) -> Names {
        question.into()
    }

    fn ask(&mut self, question: &Names) -> bool {
        let Names {
            member,
            action,
            object,
            field,
        } = question;
        let field = field.as_deref().unwrap_or("-");
        query(
            &self.0,
            "allow_field",
            (member.as_str(), action.name(), object.as_str(), field),
        )
    }
}

fn write_facts(out: &mut String, workload: &Workload, role: &Role) {
    for action in Action::ALL {
        let name = action.name();
        for rule in &role.rules {
            let object = &workload.objects[rule.object];
            if let Some(effect) = decided(rule.effect(action)) {
                fact(
                    out,
                    "object_rule",
                    &[&role.name, name, &object.name, effect],
                );
            }
            for rule in &rule.fields {
                if let Some(effect) = decided(rule.effect(action)) {
                    fact(
                        out,
                        "field_rule",
                        &[
                            &role.name,
                            name,
                            &object.name,
                            &object.fields[rule.field],
                            effect,
                        ],
                    );
                }
            }
        }
        let baseline = if role.baseline[action.index()] {
            "allow"
        } else {
            "deny"
        };
        fact(out, "baseline", &[&role.name, name, baseline]);
    }
}

const fn decided(effect: Effect) -> Option<&'static str> {
    match effect {
        Effect::Inherit => None,
        Effect::Allow => Some("allow"),
        Effect::Deny => Some("deny"),
    }
}

/// A fact for each granted cell. A question is a role, an action and a resource.
pub struct Grants(Oso);

impl Contestant for Grants {
    type Question = (String, Action, String);

    const LABEL: Label = Label {
        engine: "oso",
        encoding: "a fact for each granted cell",
        asked: "prebuilt text, role resolved",
    };

    fn load(workload: &Workload) -> Self {
        let mut facts = String::new();
        for role in &workload.roles {
            for cell in Cell::granted(workload, role) {
                let resource = cell.resource(workload).to_string();
                fact(
                    &mut facts,
                    "allow",
                    &[&role.name, cell.action.name(), &resource],
                );
            }
        }
        Self(load(&facts))
    }

    fn prepare(&self, workload: &Workload, question: &Question) -> Self::Question {
        let role = &workload.roles[workload.members[question.member].role];
        let resource = Cell::from(question).resource(workload).to_string();
        (role.name.clone(), question.action, resource)
    }

    fn ask(&mut self, (role, action, resource): &Self::Question) -> bool {
        query(
            &self.0,
            "allow",
            (role.as_str(), action.name(), resource.as_str()),
        )
    }
}

fn fact(out: &mut String, name: &str, arguments: &[&str]) {
    let arguments: Vec<_> = arguments
        .iter()
        .map(|argument| format!("{argument:?}"))
        .collect();
    writeln!(out, "{name}({});", arguments.join(", ")).expect("writing to a string succeeds");
}

fn load(policy: &str) -> Oso {
    let mut oso = Oso::new();
    oso.load_str(policy).expect("the policy is valid");
    oso
}

fn query(oso: &Oso, rule: &str, arguments: impl ::oso::ToPolarList) -> bool {
    let mut results = oso.query_rule(rule, arguments).expect("the query is valid");
    results.next().is_some_and(|result| result.is_ok())
}

//! regorus: the workspace as data and the laws as Rego, interpreted or compiled for its bytecode machine.

use std::sync::Arc;

use ::regorus::languages::rego::compiler::Compiler;
use ::regorus::rvm::vm::RegoVM;
use ::regorus::{Engine, Value};
use serde_json::{Map, json};

use crate::cells::Cell;
use crate::contestant::{Contestant, Label};
use crate::workload::{Action, Effect, Question, Role, Workload};

const ENTRY: &str = "data.crm.allow";

/// The cascade as an `else` chain.
const NATURAL: &str = r#"
package crm
import rego.v1

default allow := false

role := data.roles[data.members[input.member]]

object_rule := role.objects[input.object]

effect(action) := found if {
    found := object_rule.fields[input.field][action]
} else := found if {
    found := object_rule.effects[action]
} else := found if {
    found := role.baseline[action]
}

allow if {
    effect(input.action) == "allow"
    effect("see") == "allow"
}
"#;

/// Rules as data, walked by the interpreter.
pub struct Natural(Engine);

impl Contestant for Natural {
    type Question = Value;

    const LABEL: Label = Label {
        engine: "regorus",
        encoding: "natural: `else` chain over the rules, interpreted",
        asked: "prebuilt input",
    };

    fn load(workload: &Workload) -> Self {
        Self(engine(NATURAL, rules(workload)))
    }

    fn prepare(&self, _: &Workload, question: &Question) -> Value {
        names(question)
    }

    fn ask(&mut self, question: &Value) -> bool {
        self.0.set_input(question.clone());
        self.0.eval_rule(ENTRY.into()).expect("the rule evaluates") == Value::Bool(true)
    }
}

/// The same policy on the bytecode machine.
pub struct NaturalCompiled(RegoVM);

impl Contestant for NaturalCompiled {
    type Question = Value;

    const LABEL: Label = Label {
        engine: "regorus",
        encoding: "natural: `else` chain over the rules, compiled to bytecode",
        asked: "prebuilt input",
    };

    fn load(workload: &Workload) -> Self {
        Self(machine(NATURAL, rules(workload)))
    }

    fn prepare(&self, _: &Workload, question: &Question) -> Value {
        names(question)
    }

    fn ask(&mut self, question: &Value) -> bool {
        run(&mut self.0, question)
    }
}

/// Granted cells on the bytecode machine, a machine for each role, without an `else`. A question is a cell.
pub struct Grants(Vec<RegoVM>);

const GRANTS: &str = r"
package crm
import rego.v1

allow := data.granted[input]
";

impl Contestant for Grants {
    /// The index of the role, and the cell.
    type Question = (usize, Value);

    const LABEL: Label = Label {
        engine: "regorus",
        encoding: "granted sets, compiled to bytecode, a machine for each role",
        asked: "prebuilt input, role resolved",
    };

    fn load(workload: &Workload) -> Self {
        let machine = |role: &Role| {
            let cells =
                Cell::granted(workload, role).map(|cell| (cell.path(workload), true.into()));
            machine(GRANTS, json!({ "granted": cells.collect::<Map<_, _>>() }))
        };
        Self(workload.roles.iter().map(machine).collect())
    }

    fn prepare(&self, workload: &Workload, question: &Question) -> Self::Question {
        let cell = Cell::from(question).path(workload);
        (workload.members[question.member].role, cell.into())
    }

    fn ask(&mut self, (role, cell): &Self::Question) -> bool {
        run(&mut self.0[*role], cell)
    }
}

fn engine(policy: &str, data: serde_json::Value) -> Engine {
    let mut engine = Engine::new();
    engine
        .add_policy("crm.rego".into(), policy.into())
        .expect("the policy is valid");
    engine.add_data(data.into()).expect("the data is an object");
    engine
}

fn machine(policy: &str, data: serde_json::Value) -> RegoVM {
    let mut engine = engine(policy, data);
    let compiled = engine
        .compile_with_entrypoint(&ENTRY.into())
        .expect("the policy compiles");
    let program = Compiler::compile_from_policy(&compiled, &[ENTRY])
        .expect("the policy compiles to bytecode");
    let mut machine = RegoVM::new_with_policy(compiled);
    machine.load_program(Arc::clone(&program));
    machine
        .set_data(engine.get_data())
        .expect("rules and data do not overlap");
    machine
}

fn run(machine: &mut RegoVM, question: &Value) -> bool {
    machine.set_input(question.clone());
    machine.execute().expect("the program runs") == Value::Bool(true)
}

fn names(question: &Question) -> Value {
    json!({
        "member": question.member_name,
        "action": question.action.name(),
        "object": question.object_name,
        "field": question.field_name,
    })
    .into()
}

/// Members, baselines and rules as data; what a rule inherits is left out.
fn rules(workload: &Workload) -> serde_json::Value {
    let members = workload.members.iter();
    let members: Map<_, _> = members
        .map(|member| {
            (
                member.name.clone(),
                workload.roles[member.role].name.clone().into(),
            )
        })
        .collect();
    let roles: Map<_, _> = workload
        .roles
        .iter()
        .map(|role| (role.name.clone(), role_as_data(workload, role)))
        .collect();
    json!({ "members": members, "roles": roles })
}

fn role_as_data(workload: &Workload, role: &Role) -> serde_json::Value {
    let objects = role.rules.iter().map(|rule| {
        let object = &workload.objects[rule.object];
        let fields = rule.fields.iter();
        let fields: Map<_, _> = fields
            .map(|rule| (object.fields[rule.field].clone(), effects(&rule.effects)))
            .collect();
        (
            object.name.clone(),
            json!({ "effects": effects(&rule.effects), "fields": fields }),
        )
    });
    let baseline = role
        .baseline
        .map(|allowed| if allowed { Effect::Allow } else { Effect::Deny });
    json!({ "baseline": effects(&baseline), "objects": objects.collect::<Map<_, _>>() })
}

fn effects(effects: &[Effect]) -> serde_json::Value {
    let effects = Action::ALL
        .iter()
        .zip(effects)
        .filter_map(|(action, effect)| match effect {
            Effect::Inherit => None,
            Effect::Allow => Some((action.name().into(), "allow".into())),
            Effect::Deny => Some((action.name().into(), "deny".into())),
        });
    effects.collect::<Map<_, _>>().into()
}

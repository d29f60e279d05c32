//! CASL: the JavaScript library, run by node in a process of its own that times itself.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::cells::Cell;
use crate::contestant::Label;
use crate::runner::{Cost, Runner};
use crate::workload::{Action, Effect, Question, Role, Workload};

/// Every encoding: its name in `run.mjs`, what it is, and how it is asked.
const ENCODINGS: [(&str, &str, &str); 4] = [
    (
        "natural",
        "natural: `can` and `cannot` for each rule",
        NAMES,
    ),
    (
        "sentinel",
        "natural, with a sentinel for \"no field\"",
        NAMES,
    ),
    ("lists", "granted fields and the sentinel, as lists", NAMES),
    (
        "subjects",
        "a subject for each granted object and field",
        "prebuilt text, principal resolved",
    ),
];
const NAMES: &str = "names, principal resolved";

/// Starts a process for each encoding.
///
/// # Errors
///
/// Says what is missing where node or the library cannot be run.
pub fn all(workload: &Workload, questions: &[Question]) -> Result<Vec<Box<dyn Runner>>, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("casl");
    if !folder.join("node_modules").exists() {
        let installed = Command::new("npm")
            .args(["ci", "--silent"])
            .current_dir(&folder)
            .status();
        if !installed.is_ok_and(|status| status.success()) {
            return Err(String::from("CASL is left out: `npm ci` did not succeed"));
        }
    }
    let load = json!({
        "workload": workspace(workload),
        "questions": questions.iter().map(|question| asked(workload, question)).collect::<Vec<_>>(),
    });
    ENCODINGS
        .map(|(name, encoding, asked)| {
            let label = Label {
                engine: "CASL",
                encoding,
                asked,
            };
            Node::start(&folder, name, label, &load)
        })
        .into_iter()
        .map(|node| node.map(|node| Box::new(node) as Box<dyn Runner>))
        .collect()
}

struct Node {
    label: Label,
    process: Child,
    requests: ChildStdin,
    replies: BufReader<ChildStdout>,
    cost: Cost,
}

impl Node {
    fn start(folder: &Path, name: &str, label: Label, load: &Value) -> Result<Self, String> {
        let mut process = Command::new("node")
            .args(["--expose-gc", "run.mjs", name])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("CASL is left out: node does not run: {error}"))?;
        let requests = process.stdin.take().expect("standard input is piped");
        let replies = BufReader::new(process.stdout.take().expect("standard output is piped"));
        let cost = Cost {
            time: Duration::ZERO,
            bytes: 0,
        };
        let mut node = Self {
            label,
            process,
            requests,
            replies,
            cost,
        };
        let reply = node.request(load);
        node.cost = Cost {
            time: nanoseconds(&reply),
            bytes: reply["bytes"].as_i64().unwrap_or_default(),
        };
        Ok(node)
    }

    fn request(&mut self, request: &Value) -> Value {
        writeln!(self.requests, "{request}").expect("node reads its input");
        let mut reply = String::new();
        self.replies.read_line(&mut reply).expect("node replies");
        serde_json::from_str(&reply).expect("node replies in JSON")
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // The process may have ended by itself; either way it is gone afterwards.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Runner for Node {
    fn label(&self) -> Label {
        self.label
    }

    fn cost(&self) -> Cost {
        self.cost
    }

    fn answers(&mut self, count: usize) -> Vec<bool> {
        let reply = self.request(&json!({ "ask": "answers", "count": count }));
        serde_json::from_value(reply).expect("answers are booleans")
    }

    fn time(&mut self, count: usize, passes: u32) -> Duration {
        nanoseconds(&self.request(&json!({ "ask": "time", "count": count, "passes": passes })))
    }

    fn allocations(&mut self, _: usize) -> Option<u64> {
        None
    }
}

fn nanoseconds(reply: &Value) -> Duration {
    Duration::from_nanos(
        reply["nanoseconds"]
            .as_u64()
            .expect("node replies with a time"),
    )
}

fn asked(workload: &Workload, question: &Question) -> Value {
    json!({
        "role": workload.members[question.member].role,
        "action": question.action.name(),
        "object": question.object_name,
        "field": question.field_name,
    })
}

fn workspace(workload: &Workload) -> Value {
    let objects = workload.objects.iter();
    let objects: Vec<_> = objects
        .map(|object| json!({ "name": object.name, "fields": object.fields }))
        .collect();
    let roles: Vec<_> = workload
        .roles
        .iter()
        .map(|role| role_as_data(workload, role))
        .collect();
    json!({ "objects": objects, "roles": roles })
}

/// The rules of a role for the encodings that walk them, and its granted cells for those that do not.
fn role_as_data(workload: &Workload, role: &Role) -> Value {
    let rules = role.rules.iter().map(|rule| {
        let fields = rule.fields.iter();
        let fields: Vec<_> = fields
            .map(|rule| json!({ "field": rule.field, "effects": effects(&rule.effects) }))
            .collect();
        json!({ "object": rule.object, "effects": effects(&rule.effects), "fields": fields })
    });
    let mut granted = vec![Action::ALL.map(|_| (false, Vec::new())); workload.objects.len()];
    for Cell {
        action,
        object,
        field,
    } in Cell::granted(workload, role)
    {
        let (record, fields) = &mut granted[object][action.index()];
        match field {
            None => *record = true,
            Some(field) => fields.push(field),
        }
    }
    let grants = granted.iter().enumerate().flat_map(|(object, actions)| {
        Action::ALL.iter().zip(actions).map(move |(action, (record, fields))| {
            json!({ "action": action.name(), "object": object, "record": record, "fields": fields })
        })
    });
    json!({
        "baseline": role.baseline,
        "rules": rules.collect::<Vec<_>>(),
        "grants": grants.collect::<Vec<_>>(),
    })
}

fn effects(effects: &[Effect]) -> Vec<&'static str> {
    let name = |effect: &Effect| match effect {
        Effect::Inherit => "inherit",
        Effect::Allow => "allow",
        Effect::Deny => "deny",
    };
    effects.iter().map(name).collect()
}

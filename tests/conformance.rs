//! Does another implementation answer the same? The cases of `tests/golden/conformance.jsonl`, which the reference answers.
//!
//! The guide's page on conformance says what is in a line. After a change of the cases,
//! `ROLEGATE_REWRITE=1 cargo test conformance` writes the file anew; the difference is then reviewed as any other.

use std::collections::BTreeMap;

use rolegate::{Access, Document, Policy, Principal, Workspace};

use rolegate::explanation::Question;

use rolegate::request::{Read, Write};
use serde_json::{Value, json};

use self::lines::Lines;
use crate::data::{place, text};

mod documents;
mod holders;
mod lines;
mod records;
mod requests;
mod worlds;

const FILE: &str = "tests/golden/conformance.jsonl";

/// Every law that has an answer which a line can hold.
const LAWS: [&str; 24] = [
    "L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8", "L9", "L11", "L12", "L13", "L14", "L15", "L18",
    "L19", "L20", "L21", "L22", "L23", "L35", "L36", "L37", "L38",
];

/// What the file should be.
fn written() -> String {
    let mut lines = Lines::new(worlds::world(&[], []));
    records::write(&mut lines);
    holders::write(&mut lines);
    requests::write(&mut lines);
    documents::write(&mut lines);
    lines.text()
}

fn values() -> Vec<Value> {
    let text = text(FILE);
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn the_file_holds_what_the_reference_answers() {
    let written = written();
    if std::env::var_os("ROLEGATE_REWRITE").is_some() {
        std::fs::write(place(FILE), &written).unwrap();
    }
    let kept = std::fs::read_to_string(place(FILE)).unwrap_or_default();
    for (number, (kept, written)) in kept.lines().zip(written.lines()).enumerate() {
        assert_eq!(kept, written, "{FILE}:{}", number + 1);
    }
    assert!(kept == written, "{FILE} is shorter or longer");
}

#[test]
fn every_case_is_answered_so() {
    let mut policies: BTreeMap<String, Policy> = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut cases = 0;
    for line in values().iter().skip(1) {
        if line["case"].is_null() {
            let name = line["workspace"].as_str().unwrap().to_owned();
            let workspace = load(&line["document"]).unwrap_or_else(|error| panic!("{error}"));
            let before = policies.insert(name, workspace.compile());
            assert!(before.is_none(), "{line}");
            continue;
        }
        cases += 1;
        assert_eq!(line["case"], cases);
        let given = match line["workspace"].as_str() {
            Some(workspace) => answer(&policies[workspace], line),
            None => json!({"valid": load(&line["document"]).is_ok()}),
        };
        let given = given.as_object().unwrap();
        if given.iter().any(|(key, given)| line[key] != *given) {
            wrong.push(format!("{given:?}, but not {line}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} cases:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn load(document: &Value) -> Result<Workspace, rolegate::InvalidWorkspace> {
    let document: Document = serde_json::from_value(document.clone()).unwrap();
    Workspace::try_from(document)
}

/// What the crate answers to a line.
fn answer(policy: &Policy, line: &Value) -> Value {
    let chain: Vec<Principal> = serde_json::from_value(line["chain"].clone()).unwrap();
    let (first, rest) = chain.split_first().unwrap();
    let access = rest.iter().fold(policy.access(first), Access::on_behalf_of);
    let question = &line["question"];
    if let Some(action) = question.get("fields_to") {
        let action = serde_json::from_value(action.clone()).unwrap();
        let fields = access.fields(action, question["object"].as_str().unwrap());
        return json!({"fields": fields.iter().collect::<Vec<_>>()});
    }
    if let Some(read) = question.get("read") {
        let read = read.to_string();
        let read: Read<'_> = serde_json::from_str(&read).unwrap();
        let verdict = access.check_read(&read);
        let trimmed = verdict
            .trimmed_select()
            .ok()
            .map(Iterator::collect::<Vec<_>>);
        let answer = json!({"allowed": verdict.is_allowed(), "trimmed": trimmed});
        let owned = access.check_read(read.clone().into_owned());
        assert_eq!(json!(owned.into_trimmed_select().ok()), answer["trimmed"]);
        return answer;
    }
    if let Some(write) = question.get("write") {
        let write = write.to_string();
        let write: Write<'_> = serde_json::from_str(&write).unwrap();
        let verdict = access.check_write(&write);
        let kept = verdict.kept_fields().ok().map(Iterator::collect::<Vec<_>>);
        let answer = json!({"allowed": verdict.is_allowed(), "kept": kept});
        let owned = access.check_write(write.clone().into_owned());
        assert_eq!(json!(owned.into_kept_fields().ok()), answer["kept"]);
        return answer;
    }
    let allowed = match serde_json::from_value(question.clone()).unwrap() {
        Question::Record {
            action,
            object,
            field,
        } => access.can(action, &object, field.as_deref()),
        Question::Permission { permission } => access.can_use(&permission),
    };
    json!({"allowed": allowed})
}

#[test]
fn the_file_is_whole_and_has_cases_of_every_law_both_ways() {
    let values = values();
    let (head, lines) = values.split_first().unwrap();
    let cases: Vec<&Value> = lines
        .iter()
        .filter(|line| !line["case"].is_null())
        .collect();
    assert_eq!(
        *head,
        json!({"conformance": 1, "workspaces": lines.len() - cases.len(), "cases": cases.len()})
    );
    assert!(cases.len() >= 500);
    let workspaces = lines.iter().filter(|line| line["case"].is_null());
    let workspaces: BTreeMap<&str, &Value> = workspaces
        .map(|line| (line["workspace"].as_str().unwrap(), &line["document"]))
        .collect();
    let mut laws: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for case in cases {
        let [no, yes] = match (&case["allowed"], &case["valid"]) {
            (Value::Bool(answer), _) | (_, Value::Bool(answer)) => [!answer, *answer],
            _ => {
                let document = workspaces[case["workspace"].as_str().unwrap()];
                no_and_yes_of_a_list(case, document)
            }
        };
        let law = laws.entry(case["law"].as_str().unwrap()).or_default();
        law[0] += usize::from(no);
        law[1] += usize::from(yes);
    }
    for law in LAWS {
        let [no, yes] = laws.remove(law).unwrap_or_default();
        assert!(no >= 1 && yes >= 1, "{law}: {no} denied, {yes} allowed");
    }
    assert!(laws.is_empty(), "{laws:?}");
    assert!(text(FILE).len() < 500_000);
}

/// A list of fields is a no if it leaves out a field that the object has, and a yes if there is a field in it.
fn no_and_yes_of_a_list(case: &Value, document: &Value) -> [bool; 2] {
    let listed = case["fields"].as_array().unwrap();
    let objects = document["schema"]["objects"].as_array().unwrap();
    let asked = &case["question"]["object"];
    let object = objects.iter().find(|object| object["key"] == *asked);
    let mut fields = object
        .into_iter()
        .flat_map(|object| object["fields"].as_array().unwrap());
    let left_out = fields.any(|field| {
        let key = field.get("key").unwrap_or(field);
        !listed.contains(key)
    });
    [left_out, !listed.is_empty()]
}

#[test]
fn the_lines_that_the_guide_shows_are_in_the_file() {
    let (file, guide) = (text(FILE), text("src/guide/conformance.md"));
    let blocks = guide.split("```json\n").skip(1);
    let shown: Vec<&str> = blocks
        .flat_map(|block| block.split("```").next().unwrap().lines())
        .collect();
    assert!(shown.len() >= 6);
    for line in shown {
        assert!(file.lines().any(|known| known == line), "{line}");
    }
}

//! The JSON that a host stores and sends: each line of the page about it is read, and written again as it stands there.

use std::collections::BTreeSet;
use std::fmt::Debug;

use rolegate::administration::{CellState, Inherited, Preview};
use rolegate::explanation::{Question, Reason, Remedy};
use rolegate::request;
use rolegate::workspace::HolderCounts;
use rolegate::{
    Action, AuditRecord, Cell, Change, Document, Draft, Effect, Event, Explanation, Schema,
    Workspace,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::data::{crm, place, sample, text, who};
use crate::structure::code;

/// The lines of the JSON blocks under a heading of the page.
#[track_caller]
fn examples(heading: &str) -> Vec<String> {
    let page = text("src/guide/json.md");
    let (_, section) = page
        .split_once(&format!("\n## {heading}\n"))
        .or_else(|| page.split_once(&format!("\n## `{heading}`\n")))
        .unwrap();
    let section = section.split("\n## ").next().unwrap();
    let blocks = section.split("```json\n").skip(1);
    let lines = blocks.flat_map(|block| block.split("\n```").next().unwrap().lines());
    lines.map(str::to_owned).collect()
}

fn first_word(text: &str) -> String {
    text.chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect()
}

/// Reads each example under the heading, writes it again, and compares. Returns the variants that there are examples of.
#[track_caller]
fn read<T: Serialize + DeserializeOwned + Debug>(heading: &str) -> BTreeSet<String> {
    let lines = examples(heading);
    assert!(!lines.is_empty(), "{heading}");
    let read = lines.iter().map(|line| {
        let value: T = serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        let written = serde_json::to_value(&value).unwrap();
        let expected: Value = serde_json::from_str(line).unwrap();
        assert_eq!(written, expected, "{heading}");
        first_word(&format!("{value:?}"))
    });
    read.collect()
}

/// The variants of an enum, as its source lists them.
fn variants(file: &str, name: &str) -> BTreeSet<String> {
    let source = code(&place(file));
    let (_, body) = source
        .split_once(&format!("\npub enum {name} {{\n"))
        .unwrap();
    let lines = body.split("\n}").next().unwrap().lines();
    let variants = lines.filter_map(|line| line.strip_prefix("    "));
    let variants = variants.filter(|line| line.starts_with(char::is_uppercase));
    variants.map(first_word).collect()
}

#[test]
fn the_page_has_an_example_of_each_variant() {
    let folder = "src/policy/explanation";
    for (name, file, shown) in [
        ("Cell", "src/model/role/cell.rs", read::<Cell>("Cell")),
        (
            "Change",
            "src/workspace/change.rs",
            read::<Change>("Change"),
        ),
        ("Event", "src/workspace/event.rs", read::<Event>("Event")),
        (
            "Question",
            &format!("{folder}/question.rs"),
            read::<Question>("Question"),
        ),
        (
            "Reason",
            &format!("{folder}/reason.rs"),
            read::<Reason>("Reason"),
        ),
        (
            "Remedy",
            &format!("{folder}/remedy.rs"),
            read::<Remedy>("Remedy"),
        ),
    ] {
        let known = variants(file, name);
        assert!(known.len() > 1, "{name}");
        assert_eq!(
            shown, known,
            "{name}: write an example of each in src/guide/json.md"
        );
    }
    read::<Explanation>("Explanation");
    read::<AuditRecord<u64>>("AuditRecord");
    read::<CellState>("CellState");
    read::<Preview>("Preview");
}

/// What an error or an answer of the sample is on the page.
#[track_caller]
fn says(heading: &str, values: &[String]) {
    let lines = examples(heading);
    assert_eq!(lines, values, "{heading}:\n{}\n", values.join("\n"));
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

#[test]
fn the_answers_on_the_page_are_the_ones_of_the_sample() {
    let workspace = sample();
    let policy = workspace.compile();
    let tim = policy.access(&who("member:tim"));
    let explanation = tim.explain(Action::Edit, "people", "email");
    says("Explanation", &[json(&explanation)]);

    let writer = policy.access(&who("agent:writer"));
    let chain = writer.on_behalf_of(&who("member:tim"));
    let denied = chain.explain(Action::See, "opportunities", None);
    says("AuditRecord", &[json(&denied.record(1_700_000_000_u64))]);

    let schema = workspace.schema();
    let mut draft = Draft::open(&workspace, "Intern").unwrap();
    let cells = [
        Cell::baseline(Action::See),
        Cell::object("companies", Action::Edit),
        Cell::field("people", "address", Action::See),
        Cell::field("people", "name", Action::Edit),
    ];
    let states = cells.iter().map(|cell| json(&draft.cell(cell, schema)));
    says("CellState", &states.collect::<Vec<_>>());
    draft
        .set(&Cell::object("people", Action::Edit), Effect::Deny)
        .unwrap();
    draft
        .set(&Cell::permission("send_email"), Effect::Allow)
        .unwrap();
    says("Preview", &[json(&draft.preview(schema))]);
    let summaries = workspace.role_summaries();
    let summaries: Vec<String> = summaries.map(|summary| json(&summary)).collect();
    says("RoleSummary", &summaries);
}

#[test]
fn the_errors_on_the_page_are_the_ones_of_the_sample() {
    let mut workspace = sample();
    let policy = workspace.compile();
    let tim = policy.access(&who("member:tim"));
    let denied = tim.require_use("send_email").unwrap_err();
    let read = request::Read::new("people").select(["name", "nmae", "company.name.first"]);
    let request_denied = tim.check_read(&read).require().unwrap_err();
    let refused = [
        Change::remove(who("member:ada")),
        Change::assign_role(who("member:tim"), "Interm"),
        Change::delete_role("Member"),
        Change::set_effect("Intern", Cell::object("people", Action::See), Effect::Deny),
    ]
    .map(|change| json(&workspace.apply(change).unwrap_err()));
    let batch = [Change::delete_role("Intern"), Change::delete_role("Intern")];
    let batch = workspace.apply_all(batch).unwrap_err();
    let wrong = r#"{ "version": 1, "schema": {}, "roles": [{ "name": "Admin", "admin": true, "alow": [] }], "members": {} }"#;
    let document: Document = serde_json::from_str(wrong).unwrap();
    let invalid = Workspace::try_from(document).unwrap_err();
    let mut lines = vec![json(&denied), json(&request_denied)];
    lines.extend(refused);
    lines.extend([json(&batch), json(&invalid)]);
    says("Errors", &lines);
}

// ---- What comes back ----

#[track_caller]
fn comes_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    assert_eq!(&serde_json::from_str::<T>(&json(value)).unwrap(), value);
    // No key of a value is ignored.
    let mut more = serde_json::to_value(value).unwrap();
    more.as_object_mut()
        .unwrap()
        .insert("more".to_owned(), Value::Null);
    assert!(serde_json::from_value::<T>(more).is_err());
}

#[test]
fn what_a_role_page_shows_comes_back() {
    for workspace in [sample(), crm()] {
        let schema = workspace.schema();
        comes_back::<Schema>(schema);
        let document = serde_json::to_value(Document::from(&workspace)).unwrap();
        assert_eq!(serde_json::to_value(schema).unwrap(), document["schema"]);
        for summary in workspace.role_summaries() {
            comes_back::<HolderCounts>(&summary.holders);
            let sent = serde_json::to_value(summary).unwrap();
            assert_eq!(sent["role"], serde_json::to_value(summary.role).unwrap());
            assert_eq!(sent["default"], summary.is_default);
            if summary.role.is_admin() {
                continue;
            }
            let mut draft = Draft::open(&workspace, summary.role.name()).unwrap();
            for state in draft.cells(schema) {
                comes_back::<CellState>(&state);
                if let Some(inherited) = &state.inherited {
                    comes_back::<Inherited>(inherited);
                }
            }
            draft
                .set(&Cell::baseline(Action::Edit), Effect::Deny)
                .unwrap();
            draft
                .set(&Cell::baseline(Action::See), Effect::Allow)
                .unwrap();
            comes_back::<Preview>(&draft.preview(schema));
        }
    }
}

#[test]
fn a_wrong_schema_is_told_with_all_its_problems() {
    let json = r#"{"objects":[{"key":"a b","fields":["x","x"]}],"permisions":[]}"#;
    let error = serde_json::from_str::<Schema>(json)
        .unwrap_err()
        .to_string();
    for place in [
        "`schema`: ",
        "`schema.objects[0].key`: ",
        "`schema.objects[0].fields[1].key`: ",
    ] {
        assert!(error.contains(place), "{error}");
    }
    assert_eq!(error.lines().count(), 1);
    assert!(serde_json::from_str::<Schema>("[]").is_err());
    assert_eq!(
        serde_json::from_str::<Schema>("{}").unwrap(),
        Schema::builder().build().unwrap()
    );
}

#[test]
fn the_answer_to_a_part_is_sent_with_the_keys_of_a_denied_part() {
    let policy = sample().compile();
    let tim = policy.access(&who("member:tim"));
    let read = request::Read::new("people").select(["address"]).exporting();
    let verdict = tim.check_read(&read);
    let answers: Vec<String> = verdict.answers().map(|answer| json(&answer)).collect();
    assert_eq!(
        answers,
        [
            r#"{"use":"records","action":"see","name":"people","allowed":true}"#,
            r#"{"use":"permission","action":null,"name":"export_csv","allowed":false}"#,
            r#"{"use":"select","action":"see","name":"address","allowed":false}"#,
        ]
    );
}

#[test]
fn a_wrong_cell_is_told_with_the_right_forms() {
    let forms = "a cell is one of `{\"baseline\":{\"action\":\"see\"}}`, \
                 `{\"object\":{\"object\":\"people\",\"action\":\"edit\"}}`, \
                 `{\"field\":{\"object\":\"people\",\"field\":\"email\",\"action\":\"see\"}}`, \
                 `{\"permission\":{\"permission\":\"send_email\"}}`, `{\"all_access\":{\"class\":\"settings\"}}`";
    let long = format!(r#"{{"{}":{{}}}}"#, "x".repeat(100_000));
    for wrong in [
        "null",
        "1",
        "[]",
        "{}",
        r#""baseline""#,
        r#"{"baseline":"see"}"#,
        r#"{"baseline":{"action":"read"}}"#,
        r#"{"baseline":{"action":"see","object":"people"}}"#,
        r#"{"object":{"object":"people"}}"#,
        r#"{"object":"people","action":"edit"}"#,
        r#"{"cell at line 7\nsecond line":{}}"#,
        &long,
    ] {
        let error = serde_json::from_str::<Cell>(wrong).unwrap_err();
        let message = error.to_string();
        let (problem, end) = message
            .split_once(forms)
            .unwrap_or_else(|| panic!("{message}"));
        assert!(
            problem.ends_with("; ") && message.len() < 2_000,
            "{message}"
        );
        assert_eq!(message.lines().count(), 1, "{message}");
        // The place in the text is told once, and kept as a place.
        let place = format!(" at line {} column {}", error.line(), error.column());
        assert!(end.is_empty() || end == place, "{message}");
        let message = serde_json::from_value::<Cell>(serde_json::from_str(wrong).unwrap())
            .unwrap_err()
            .to_string();
        assert!(message.ends_with(forms), "{message}");
    }
    let toml = toml::from_str::<std::collections::BTreeMap<String, Cell>>("cell = 1").unwrap_err();
    assert!(toml.message().ends_with(forms), "{toml}");
    let change =
        r#"{"change":"set_effect","role":"Intern","cell":{"object":"people"},"effect":"allow"}"#;
    let error = serde_json::from_str::<Change>(change).unwrap_err();
    assert!(error.to_string().contains(forms), "{error}");
}

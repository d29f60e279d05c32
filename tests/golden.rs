//! Documents and decision tables as data: a bug report becomes a file in `tests/golden`, and stays there for ever.
//!
//! - `name.json`, a document, with `name.jsonl`, questions about it that all say what they expect;
//! - `wrong/name.json`, a document that is refused, with `wrong/name.txt`, the exact text of the error.

use crate::check_example;
use crate::data::{files, place, text};
use rolegate::{Document, Workspace};
use std::collections::BTreeSet;
use std::path::Path;

/// Asks the questions of a file with the example that does that.
#[track_caller]
fn answers(document: &Path, questions: &Path) -> Vec<serde_json::Value> {
    let arguments = [document, questions].map(|path| path.to_str().unwrap().to_owned());
    let (mut answers, mut findings) = (Vec::new(), Vec::new());
    let nothing: &[u8] = &[];
    let status = check_example::run(&arguments, nothing, &mut answers, &mut findings).unwrap();
    assert_eq!(status, 0, "{}", String::from_utf8_lossy(&findings));
    String::from_utf8(answers)
        .unwrap()
        .lines()
        .map(|answer| serde_json::from_str(answer).unwrap())
        .collect()
}

#[test]
fn every_document_answers_as_its_table_says() {
    let documents = files("tests/golden", ".json");
    assert!(documents.len() >= 7, "the folder of documents is not there");
    for document in documents {
        let questions = document.with_extension("jsonl");
        let answers = answers(&document, &questions);
        assert!(!answers.is_empty(), "{}", questions.display());
        for answer in answers {
            assert!(
                answer["question"]["expect"].is_boolean(),
                "{} asks and expects nothing: {answer}",
                questions.display()
            );
        }
    }
}

#[test]
fn the_realistic_workspace_answers_as_its_table_says() {
    let data = place("examples/data");
    let answers = answers(&data.join("crm.json"), &data.join("questions.jsonl"));
    assert!(answers.len() >= 80);
    for law in [1, 2, 3, 5, 6, 7, 8, 11, 12, 13, 18, 21, 22, 23] {
        let law = format!("L{law}");
        let is_named = |answer: &serde_json::Value| {
            let note = answer["question"]["note"].as_str().unwrap_or_default();
            note.split(' ').any(|word| word == law)
        };
        assert!(answers.iter().any(is_named), "no question is about {law}");
    }
}

#[test]
fn every_wrong_document_is_refused_with_the_text_beside_it() {
    let documents = files("tests/golden/wrong", ".json");
    assert!(
        documents.len() >= 25,
        "the folder of documents is not there"
    );
    for path in documents {
        let expected = text(path.with_extension("txt"));
        let refused = match serde_json::from_str::<Document>(&text(&path)) {
            Ok(document) => Workspace::try_from(document).unwrap_err().to_string(),
            Err(error) => error.to_string(),
        };
        assert_eq!(
            refused,
            expected.trim_end_matches('\n'),
            "{}",
            path.display()
        );
    }
}

/// Kinds that take 65,536 of something; [`format`](crate::format) has them.
const TOO_MANY: [&str; 4] = [
    "TooManyObjects",
    "TooManyFields",
    "TooManyPermissions",
    "TooManyValues",
];

#[test]
fn the_wrong_documents_have_every_kind_of_problem() {
    let shown: BTreeSet<String> = files("tests/golden/wrong", ".json")
        .into_iter()
        .filter_map(|path| serde_json::from_str::<Document>(&text(path)).ok())
        .flat_map(|document| {
            Workspace::try_from(document)
                .unwrap_err()
                .problems()
                .to_vec()
        })
        .map(|problem| {
            let kind = format!("{:?}", problem.kind());
            kind.split(|letter: char| !letter.is_alphanumeric())
                .next()
                .unwrap()
                .to_owned()
        })
        .collect();
    let source = text("src/model/problem.rs");
    let (_, kinds) = source.split_once("pub enum ProblemKind {\n").unwrap();
    let (kinds, _) = kinds.split_once("\n}\n").unwrap();
    let kinds: BTreeSet<String> = kinds
        .lines()
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with(char::is_uppercase))
        .map(|line| line.split(['(', ' ', ',']).next().unwrap().to_owned())
        .filter(|kind| !TOO_MANY.contains(&kind.as_str()))
        .collect();
    assert!(kinds.len() > 15, "the kinds were not found");
    assert_eq!(shown, kinds);
}

#[test]
fn no_file_is_without_its_other_half() {
    let names = |folder, ending| -> BTreeSet<_> {
        let files = files(folder, ending).into_iter();
        files.map(|path| path.with_extension("")).collect()
    };
    let mut questions = names("tests/golden", ".jsonl");
    // It has its documents in itself; see [`conformance`](crate::conformance).
    questions.remove(&place("tests/golden/conformance"));
    assert_eq!(names("tests/golden", ".json"), questions);
    assert_eq!(
        names("tests/golden/wrong", ".json"),
        names("tests/golden/wrong", ".txt")
    );
}

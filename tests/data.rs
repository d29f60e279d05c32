//! The files of tests and examples, read.

use rolegate::{Access, Document, Explanation, Policy, Principal, Workspace};

use rolegate::explanation::Question;
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};

/// A place in the repository.
pub(crate) fn place(path: impl AsRef<Path>) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The files of a folder whose names end so, sorted.
pub(crate) fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(place(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_str().unwrap().ends_with(ending))
        .collect();
    files.sort();
    files
}

pub(crate) fn text(path: impl AsRef<Path>) -> String {
    let path = place(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The workspace of a document in JSON that has nothing wrong.
#[track_caller]
pub(crate) fn workspace(json: &str) -> Workspace {
    let document: Document = serde_json::from_str(json).unwrap();
    Workspace::try_from(document).unwrap_or_else(|invalid| panic!("{invalid}"))
}

/// The realistic workspace of the examples.
pub(crate) fn crm() -> Workspace {
    workspace(&text("examples/data/crm.json"))
}

pub(crate) fn sample() -> Workspace {
    rolegate::sample::workspace().unwrap()
}

/// A principal as text, such as `member:tim`; also one with an id that no principal can have.
#[track_caller]
pub(crate) fn who(text: &str) -> Principal {
    serde_json::from_value(text.into()).unwrap()
}

/// What is asked, and by whom.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) chain: Vec<Principal>,
    pub(crate) question: Question,
}

impl Asked {
    pub(crate) fn access<'p>(&self, policy: &'p Policy) -> Access<'p> {
        let (first, rest) = self.chain.split_first().unwrap();
        rest.iter().fold(policy.access(first), Access::on_behalf_of)
    }

    pub(crate) fn explain(&self, policy: &Policy) -> Explanation {
        let access = self.access(policy);
        match &self.question {
            Question::Record {
                action,
                object,
                field,
            } => access.explain(*action, object, field.as_deref()),
            Question::Permission { permission } => access.explain_use(permission),
        }
    }
}

/// The questions of a file, one a line.
pub(crate) fn questions(path: &str) -> Vec<Asked> {
    #[derive(Deserialize)]
    struct Line {
        principal: Principal,
        #[serde(default)]
        on_behalf_of: serde_json::Value,
        #[serde(flatten)]
        rest: serde_json::Map<String, serde_json::Value>,
    }
    text(path)
        .lines()
        .map(|line| {
            let line: Line = serde_json::from_str(line).unwrap();
            let mut rest = line.rest;
            rest.retain(|key, _| key != "expect" && key != "note");
            let mut chain = vec![line.principal];
            match line.on_behalf_of {
                serde_json::Value::Null => {}
                serde_json::Value::String(one) => chain.push(who(&one)),
                list => chain.extend(serde_json::from_value::<Vec<Principal>>(list).unwrap()),
            }
            Asked {
                chain,
                question: serde_json::from_value(rest.into()).unwrap(),
            }
        })
        .collect()
}

//! Any bytes as a document: what loads is valid, answers as the laws say, and is saved as what it is.

use rolegate::{Access, Document, InvalidWorkspace, Workspace};

use rolegate::limits::MAX_PROBLEMS;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::changes::{asking, permissions, targets};
use crate::model::{ACTIONS, Answers, Model, principal};
use crate::reference::{self, Kind, Who};

pub(crate) fn check(bytes: &[u8]) {
    let Some(document) = read::<Document>(bytes) else {
        return;
    };
    match Workspace::try_from(document) {
        Ok(workspace) => {
            let document: Value = read(bytes).expect("what loads can be read");
            is_what_is_written(&workspace, &Model::stored(&document));
        }
        Err(invalid) => says_why(&invalid),
    }
}

/// JSON or TOML.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    if let Ok(document) = serde_json::from_slice(bytes) {
        return Some(document);
    }
    // Only what starts like it, since it takes long to tell that something is no TOML.
    let is_toml = bytes.starts_with(b"version");
    let text = std::str::from_utf8(bytes).ok().filter(|_| is_toml)?;
    toml::from_str(text).ok()
}

fn says_why(invalid: &InvalidWorkspace) {
    let listed = invalid.problems().len();
    assert!((1..=MAX_PROBLEMS).contains(&listed));
    assert!(listed == invalid.count() || listed == MAX_PROBLEMS);
    // Each name is cut short, wherever it is mentioned.
    assert!(invalid.to_string().len() < 20_000 * listed);
}

/// The workspace says what the model says, which was read from the same document without the library.
fn is_what_is_written(workspace: &Workspace, model: &Model) {
    assert_eq!(Model::of(workspace), *model);
    // L26
    assert!(model.is_sound(), "{model:?}");
    let answers = Answers::of(model);
    assert_eq!(reference::valid(&answers.world), [""; 0]);
    assert!(model.broken_laws().is_empty());
    comes_back(workspace);
    answers_by_the_laws(workspace, &answers);
    for lint in workspace.lints() {
        assert!(!lint.to_string().is_empty());
    }
}

/// L25: loading the saved result gives an equal workspace, and it is saved alike.
fn comes_back(workspace: &Workspace) {
    let saved = serde_json::to_vec(&Document::from(workspace)).unwrap();
    let document: Document = serde_json::from_slice(&saved).unwrap();
    let again = Workspace::try_from(document).unwrap();
    assert_eq!(again, *workspace);
    assert_eq!(serde_json::to_vec(&Document::from(&again)).unwrap(), saved);
}

/// All that there is to ask, by the first two of each kind and by one whom nobody knows.
fn answers_by_the_laws(workspace: &Workspace, answers: &Answers) {
    let policy = workspace.compile();
    let everybody = asking(&answers.world);
    for kind in [Kind::Member, Kind::ApiKey, Kind::Agent] {
        let of_kind: Vec<&Who> = everybody.iter().filter(|who| who.kind == kind).collect();
        let unknown = of_kind.iter().skip(2).next_back();
        for who in of_kind.iter().take(2).chain(unknown) {
            answers_one_by_the_laws(&policy.access(&principal(who.kind, &who.id)), who, answers);
        }
    }
}

fn answers_one_by_the_laws(access: &Access<'_>, who: &Who, answers: &Answers) {
    for (object, field) in targets(&answers.world) {
        for (asked, action) in ACTIONS {
            let expected = answers.can(who, asked, object, field);
            assert_eq!(
                access.can(action, object, field),
                expected,
                "{who:?} {action} {object} {field:?}"
            );
        }
    }
    for (object, fields) in &answers.world.objects {
        for (asked, action) in ACTIONS {
            let can = |field: &&String| answers.can(who, asked, object, Some(field));
            let expected = fields.iter().filter(can);
            assert!(access.fields(action, object).iter().eq(expected));
        }
    }
    for key in permissions(&answers.world) {
        assert_eq!(access.can_use(key), answers.can_use(who, key), "{key}");
    }
}

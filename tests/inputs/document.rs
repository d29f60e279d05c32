//! Any bytes as a document: what loads is valid, answers as the laws say, and is saved as what it is.

use rolegate::{Document, InvalidWorkspace, MAX_PROBLEMS, Workspace};

use crate::changes::{asking, permissions, targets};
use crate::model::{ACTIONS, Answers, Model, principal};
use crate::reference;

pub(crate) fn check(bytes: &[u8]) {
    let document = match serde_json::from_slice::<Document>(bytes) {
        Ok(document) => document,
        // Only what starts like it, since it takes long to tell that something is no TOML.
        Err(_) if bytes.starts_with(b"version") => {
            let text = std::str::from_utf8(bytes).unwrap_or_default();
            match toml::from_str(text) {
                Ok(document) => document,
                Err(_) => return,
            }
        }
        Err(_) => return,
    };
    match Workspace::try_from(document) {
        Ok(workspace) => is_valid(&workspace),
        Err(invalid) => says_why(&invalid),
    }
}

fn says_why(invalid: &InvalidWorkspace) {
    let listed = invalid.problems().len();
    assert!((1..=MAX_PROBLEMS).contains(&listed));
    assert!(listed == invalid.count() || listed == MAX_PROBLEMS);
    // Each name is cut short, wherever it is mentioned.
    assert!(invalid.to_string().len() < 20_000 * listed);
}

fn is_valid(workspace: &Workspace) {
    let model = Model::of(workspace);
    // L26
    assert!(model.is_sound(), "{model:?}");
    let answers = Answers::of(&model);
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

/// The first of the questions that there are; the answers do not depend on what is asked besides.
fn answers_by_the_laws(workspace: &Workspace, answers: &Answers) {
    let policy = workspace.compile();
    for who in asking(&answers.world).iter().take(6) {
        let access = policy.access(&principal(who.kind, &who.id));
        for (object, field) in targets(&answers.world).into_iter().take(12) {
            for (asked, action) in ACTIONS {
                let expected = answers.can(who, asked, object, field);
                assert_eq!(
                    access.can(action, object, field),
                    expected,
                    "{who:?} {action} {object} {field:?}"
                );
            }
        }
        for key in permissions(&answers.world).take(12) {
            assert_eq!(access.can_use(key), answers.can_use(who, key), "{key}");
        }
    }
}

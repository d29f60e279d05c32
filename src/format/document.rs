//! How a workspace is stored: a version first, then a document of that version.

use alloc::string::ToString;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::format::tree::Tree;
use crate::format::v1;
use crate::model::problem::{EntityKind, ProblemKind};
use crate::model::problem_list::Problems;
use crate::workspace::{InvalidWorkspace, Workspace};

/// The version that is written.
pub(super) const VERSION: i128 = 1;

/// The stored form of a workspace, of any version, as it was read.
///
/// It may be wrong in every way but syntax; `Workspace::try_from` is the gate, and reports every problem with its place.
/// The [format](crate::guide::format) is the same in every self-describing serde format.
///
/// ```
/// use rolegate::{Document, Workspace};
///
/// let json = r#"{
///   "version": 1,
///   "schema": { "objects": [{ "key": "people", "fields": ["name"] }] },
///   "roles": [{ "name": "Admin", "admin": true }, { "name": "Member", "alow": ["see"] }],
///   "default_role": "Membre",
///   "members": { "ada": "Admin" }
/// }"#;
/// let document: Document = serde_json::from_str(json)?;
/// let invalid = Workspace::try_from(document).unwrap_err();
/// assert_eq!(invalid.to_string(), "\
/// `roles[1]`: unknown key `alow`; did you mean `allow`?
/// `default_role`: unknown role `Membre`; did you mean `Member`?");
///
/// let json = json.replace("alow", "allow").replace("Membre", "Member");
/// let workspace = Workspace::try_from(serde_json::from_str::<Document>(&json)?)?;
/// let saved = serde_json::to_string(&Document::from(&workspace))?;
/// assert_eq!(Workspace::try_from(serde_json::from_str::<Document>(&saved)?)?, workspace);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document(Tree);

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Tree::deserialize(deserializer).map(Self)
    }
}

impl From<&Workspace> for Document {
    fn from(workspace: &Workspace) -> Self {
        Self(v1::write(workspace))
    }
}

impl TryFrom<Document> for Workspace {
    type Error = InvalidWorkspace;

    /// Checks everything and makes the workspace.
    ///
    /// # Errors
    ///
    /// All problems at once, each with its place: an unknown version (alone, since nothing else can be read then), values of
    /// a wrong type, missing, unknown and repeated keys, unknown names, and whatever a
    /// [`WorkspaceBuilder`](crate::WorkspaceBuilder) refuses.
    fn try_from(document: Document) -> Result<Self, Self::Error> {
        let mut problems = Problems::default();
        let workspace = match version(&document.0) {
            Ok(VERSION) => v1::read(document.0, &mut problems),
            Ok(other) => {
                problems.add("version", ProblemKind::UnknownVersion(other.to_string()));
                None
            }
            Err((path, problem)) => {
                problems.add(path, problem);
                None
            }
        };
        workspace
            .filter(|_| problems.is_empty())
            .ok_or(InvalidWorkspace(problems))
    }
}

/// The version, read before anything else.
fn version(tree: &Tree) -> Result<i128, (&'static str, ProblemKind)> {
    let wrong_type = |expected, tree: &Tree| ProblemKind::WrongType {
        expected,
        found: tree.describe(),
    };
    let Tree::Map(entries) = tree else {
        return Err(("", wrong_type("a map", tree)));
    };
    let mut versions = entries.iter().filter(|(key, _)| key == "version");
    match (versions.next(), versions.next()) {
        (None, _) => Err(("", ProblemKind::Missing("version"))),
        (Some(_), Some(_)) => Err((
            "",
            ProblemKind::Repeated {
                what: EntityKind::Key,
                name: "version".to_string(),
            },
        )),
        (Some((_, Tree::Integer(version))), None) => Ok(*version),
        (Some((_, other)), None) => Err(("version", wrong_type("a whole number", other))),
    }
}

//! How a workspace is stored: a version first, then a document of that version.

use alloc::format;
use alloc::string::{String, ToString};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use self::tree::Tree;
use crate::problem::{Named, ProblemKind, Problems};
use crate::role::{FieldRule, ObjectRule, Role};
use crate::schema::{Field, Object, Permission};
use crate::workspace::{GroupMapping, InvalidWorkspace, Workspace};

mod reader;
mod tree;
mod v1;

/// The version that is written.
const VERSION: i128 = 1;

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
                what: Named::Key,
                name: "version".to_string(),
            },
        )),
        (Some((_, Tree::Integer(version))), None) => Ok(*version),
        (Some((_, other)), None) => Err(("version", wrong_type("a whole number", other))),
    }
}

/// Gives a part of the document serde of its own, in the same form and with the same checks of that form.
macro_rules! stored {
    ($($part:ty: $write:path, $read:path;)+) => {
        $(impl Serialize for $part {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $write(self).serialize(serializer)
            }
        }

        impl<'de> Deserialize<'de> for $part {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let tree = Tree::deserialize(deserializer)?;
                let mut problems = Problems::default();
                let part = $read(tree, "", &mut problems);
                part.filter(|_| problems.is_empty())
                    .ok_or_else(|| serde::de::Error::custom(one_line(&problems)))
            }
        })+
    };
}

stored! {
    Role: v1::write_role, v1::read_role;
    ObjectRule: v1::write_object_rule, v1::read_object_rule;
    FieldRule: v1::write_field_rule, v1::read_field_rule;
    Object: v1::write_object, v1::read_object;
    Field: v1::write_field, v1::read_field;
    Permission: v1::write_permission, v1::read_permission;
    GroupMapping: v1::write_mapping, v1::read_mapping;
}

fn one_line(problems: &Problems) -> String {
    format!("{problems}").replace('\n', "; ")
}

//! The parts of a document by themselves, in the same form and with the same checks.

use alloc::format;
use alloc::string::{String, ToString};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::format::tree::Tree;
use crate::format::v1;
use crate::model::problem_list::Problems;
use crate::model::role::{FieldRule, ObjectRule, Role};
use crate::model::schema::{Field, Object, Permission, Schema};
use crate::workspace::GroupMapping;

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
    Schema: v1::write_schema, read_schema;
}

/// Reads a schema by itself. Its problems have the places of a document, as the ones that a builder reports have.
#[expect(
    clippy::unnecessary_wraps,
    reason = "the other parts, which are read alike, may be missing something"
)]
fn read_schema(tree: Tree, _: &str, problems: &mut Problems) -> Option<Schema> {
    Some(v1::read_schema(
        Some((tree, "schema".to_string())),
        problems,
    ))
}

fn one_line(problems: &Problems) -> String {
    format!("{problems}").replace('\n', "; ")
}

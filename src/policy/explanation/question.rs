//! What was asked.

use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::model::action::Action;
use crate::support::escape::Escaped;

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
#[expect(
    clippy::exhaustive_enums,
    reason = "there are two kinds of questions: about records, and about the workspace"
)]
pub enum Question {
    /// An action on the records of an object, or on a field.
    Record {
        /// What is to be done.
        action: Action,
        /// The object, as it was named.
        object: String,
        /// The field, as it was named; none for the record as a whole.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        field: Option<String>,
    },
    /// The use of a workspace permission.
    Permission {
        /// The permission, as it was named.
        permission: String,
    },
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Record {
                action,
                object,
                field: None,
            } => write!(f, "`{action}` `{}`", Escaped(object)),
            Self::Record {
                action,
                object,
                field: Some(field),
            } => write!(f, "`{action}` `{}.{}`", Escaped(object), Escaped(field)),
            Self::Permission { permission } => write!(f, "use `{}`", Escaped(permission)),
        }
    }
}

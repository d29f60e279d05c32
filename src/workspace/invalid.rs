//! The error of building or loading a workspace.

use alloc::string::String;
use core::fmt;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::model::principal::PrincipalKind;
use crate::model::problem::{Problem, ProblemKind};
use crate::model::problem_list::Problems;
use crate::support::word_set::string_enum;

/// The error of building or loading a workspace: everything that is wrong with it.
#[derive(Clone, PartialEq, Eq)]
pub struct InvalidWorkspace(pub(crate) Problems);

impl InvalidWorkspace {
    /// The problems, at most [`MAX_PROBLEMS`](crate::limits::MAX_PROBLEMS) of them: what cannot be read first, then what does not
    /// hold, each in the order of the [document](crate::guide::format).
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        self.0.listed()
    }

    /// How many problems there are, also those that are not listed.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.count()
    }
}

impl fmt::Display for InvalidWorkspace {
    /// One problem a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl core::error::Error for InvalidWorkspace {}

/// The key of the map in a document that holds the principals of a kind.
pub(crate) const fn section(kind: PrincipalKind) -> &'static str {
    match kind {
        PrincipalKind::Member => "members",
        PrincipalKind::ApiKey => "api_keys",
        PrincipalKind::Agent => "agents",
    }
}

/// The place of a principal in a document.
pub(crate) fn holder_path(kind: PrincipalKind, id: &str) -> String {
    alloc::format!("{}.{}", section(kind), crate::support::escape::Escaped(id))
}

impl From<crate::model::schema::InvalidSchema> for InvalidWorkspace {
    fn from(invalid: crate::model::schema::InvalidSchema) -> Self {
        Self(invalid.into_problems())
    }
}

crate::support::debug_is_display::debug_is_display!(InvalidWorkspace);

/// What is wrong with a workspace, roughly: for a host that treats a newer format otherwise than a mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum InvalidWorkspaceKind {
    /// The document has a version that this release cannot read: a newer release may have written it.
    UnknownVersion,
    /// Something in it is wrong.
    Invalid,
}

string_enum!(InvalidWorkspaceKind, "kind of invalid workspace", {
    UnknownVersion => "unknown_version",
    Invalid => "invalid",
});

impl InvalidWorkspace {
    /// What is wrong, roughly.
    ///
    /// # Examples
    ///
    /// ```
    /// use rolegate::{Document, Workspace};
    /// use rolegate::workspace::InvalidWorkspaceKind;
    ///
    /// let document: Document = serde_json::from_str(r#"{ "version": 2 }"#)?;
    /// let invalid = Workspace::try_from(document).unwrap_err();
    /// assert_eq!(invalid.kind(), InvalidWorkspaceKind::UnknownVersion);
    /// assert_eq!(invalid.code(), "unknown_version");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn kind(&self) -> InvalidWorkspaceKind {
        let is_version =
            |problem: &Problem| matches!(problem.kind(), ProblemKind::UnknownVersion(_));
        if self.problems().iter().any(is_version) {
            InvalidWorkspaceKind::UnknownVersion
        } else {
            InvalidWorkspaceKind::Invalid
        }
    }

    /// The stable code of the [`kind`](InvalidWorkspace::kind), such as `unknown_version`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind().as_str()
    }
}

impl Serialize for InvalidWorkspace {
    /// A map of `code`, `message`, the `problems`, and their `count`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("code", self.code())?;
        map.serialize_entry("message", &format_args!("{self}"))?;
        map.serialize_entry("problems", self.problems())?;
        map.serialize_entry("count", &self.count())?;
        map.end()
    }
}

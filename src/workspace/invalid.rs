//! The error of building or loading a workspace.

use alloc::string::String;
use core::fmt;

use crate::model::principal::PrincipalKind;
use crate::model::problem::Problem;
use crate::model::problem_list::Problems;

/// The error of building or loading a workspace: everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
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

//! Why a request is denied: every part of it that is, each with its explanation.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use crate::policy::explanation::Explanation;
use crate::request::Usage;
use crate::support::escape::Escaped;
use crate::support::limits::MAX_PATH_FIELDS;
use crate::support::limits::MAX_PROBLEMS;
use crate::support::word_set::string_enum;

/// One part of a request that is denied: how it uses which name, and why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeniedPart {
    #[serde(rename = "use")]
    pub(super) usage: Usage,
    pub(super) name: String,
    pub(super) reason: DenialReason,
}

/// Why a part of a request is denied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DenialReason {
    /// The answer to a question that it needs is no. For a path, it is the question about one step of it.
    Denied(Box<Explanation>),
    /// It makes no sense, whoever asks.
    Malformed(Malformed),
}

/// What makes no sense about a name in a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Malformed {
    /// It is selected, written or returned more than once.
    Repeated,
    /// It is a path through a field that points to no record.
    NotARelation {
        /// The object.
        object: String,
        /// The field of the object.
        field: String,
    },
    /// It is a path of more than [`MAX_PATH_FIELDS`] fields.
    PathTooLong,
}

impl DeniedPart {
    /// How the request uses the name.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.usage
    }

    /// What is used, as the request names it: a field, a path, the object for its records, or a workspace permission.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Why it is denied.
    #[must_use]
    pub fn reason(&self) -> &DenialReason {
        &self.reason
    }

    /// The whole explanation, unless the name itself makes no sense.
    #[must_use]
    pub fn explanation(&self) -> Option<&Explanation> {
        match &self.reason {
            DenialReason::Denied(explanation) => Some(explanation),
            DenialReason::Malformed(_) => None,
        }
    }
}

impl fmt::Display for DeniedPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match self.usage {
            Usage::Records | Usage::Permission => None,
            Usage::Select => Some("select"),
            Usage::Filter => Some("filter by"),
            Usage::Sort => Some("sort by"),
            Usage::Group => Some("group by"),
            Usage::Aggregate => Some("aggregate"),
            Usage::Search => Some("search"),
            Usage::Write => Some("write"),
            Usage::Return => Some("return"),
        };
        if let Some(verb) = verb {
            write!(f, "cannot {verb} `{}`: ", Escaped(&self.name))?;
        }
        match &self.reason {
            DenialReason::Denied(explanation) => explanation.sentence().fmt(f),
            DenialReason::Malformed(flaw) => flaw.fmt(f),
        }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Repeated => f.write_str("it is there more than once; name it once"),
            Self::NotARelation { object, field } => write!(
                f,
                "`{object}.{field}` is no relation, so that no path leads through it"
            ),
            Self::PathTooLong => {
                write!(f, "a path has at most {MAX_PATH_FIELDS} fields")
            }
        }
    }
}

/// The error of a denied request: all that is denied, a line each.
///
/// It is built only when the answer is no. At most [`MAX_PROBLEMS`] denials are kept, the others are counted.
#[derive(Clone, PartialEq, Eq)]
pub struct RequestDenied {
    denials: Vec<DeniedPart>,
    unlisted: usize,
}

impl RequestDenied {
    pub(super) fn new(mut denials: impl Iterator<Item = DeniedPart>) -> Self {
        Self {
            denials: denials.by_ref().take(MAX_PROBLEMS).collect(),
            unlisted: denials.count(),
        }
    }

    /// The denials, in the order of the request.
    #[must_use]
    pub fn denials(&self) -> &[DeniedPart] {
        &self.denials
    }
}

/// Whether a request is denied to this principal, or makes no sense to any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RequestDeniedKind {
    /// The answer to at least one part is no.
    Denied,
    /// Every part that is denied makes no sense, whoever asks: the request itself is to be mended.
    Malformed,
}

string_enum!(RequestDeniedKind, "kind of denied request", {
    Denied => "denied",
    Malformed => "malformed",
});

impl RequestDenied {
    /// Tells a denied request from a malformed one.
    ///
    /// # Examples
    ///
    /// ```
    /// # let policy = rolegate::sample::workspace()?.compile();
    /// use rolegate::Principal;
    /// use rolegate::request::{self, RequestDeniedKind};
    ///
    /// let ada = policy.access(&Principal::member("ada"));
    /// let twice = request::Read::new("people").select(["name", "name"]);
    /// let denied = ada.check_read(&twice).require().unwrap_err();
    /// assert_eq!((denied.kind(), denied.code()), (RequestDeniedKind::Malformed, "malformed"));
    /// # Ok::<(), rolegate::InvalidWorkspace>(())
    /// ```
    #[must_use]
    pub fn kind(&self) -> RequestDeniedKind {
        let is_malformed =
            |denied: &DeniedPart| matches!(denied.reason(), DenialReason::Malformed(_));
        // What is not listed may be anything.
        if self.unlisted == 0 && self.denials.iter().all(is_malformed) {
            RequestDeniedKind::Malformed
        } else {
            RequestDeniedKind::Denied
        }
    }

    /// The stable code of the [`kind`](RequestDenied::kind): `denied` or `malformed`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind().as_str()
    }
}

impl Serialize for RequestDenied {
    /// A map of `code`, `message`, the `denied` parts, and how many more are `unlisted`: for logs and administrators.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("code", self.code())?;
        map.serialize_entry("message", &format_args!("{self}"))?;
        map.serialize_entry("denied", &self.denials)?;
        map.serialize_entry("unlisted", &self.unlisted)?;
        map.end()
    }
}

impl fmt::Display for RequestDenied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, denial) in self.denials.iter().enumerate() {
            let separator = if position > 0 { "\n" } else { "" };
            write!(f, "{separator}{denial}")?;
        }
        if self.unlisted > 0 {
            write!(f, "\nand {} more", self.unlisted)?;
        }
        Ok(())
    }
}

impl core::error::Error for RequestDenied {}

crate::support::debug_is_display::debug_is_display!(RequestDenied);

//! The error of a denied request. It lists each denied part and its explanation.

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

/// A denied part of a request: the name, how the request uses it, and why that is denied.
///
/// # Examples
///
/// ```
/// # let policy = rolegate::sample::workspace()?.compile();
/// use rolegate::Principal;
/// use rolegate::request::{self, Usage};
///
/// let tim = policy.access(&Principal::member("tim"));
/// let read = request::Read::new("people").select(["name"]).sort(["address", "name.first"]);
/// let denied = tim.check_read(&read).require().unwrap_err();
/// let [address, path] = denied.denials() else { panic!("two parts are denied") };
/// assert_eq!((address.usage(), address.name()), (Usage::Sort, "address"));
/// assert!(address.explanation().is_some_and(|explanation| !explanation.is_allowed()));
/// assert_eq!(
///     path.to_string(),
///     "cannot sort by `name.first`: `people.name` is not a relation; a path leads only through relations",
/// );
/// # Ok::<(), rolegate::InvalidWorkspace>(())
/// ```
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
    /// The principal may not do what the part needs. For a path, the explanation is about one step of the path.
    Denied(Box<Explanation>),
    /// The part makes no sense for any principal.
    Malformed(Malformed),
}

/// Why a name in a request makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Malformed {
    /// The request selects, sets or returns it more than once.
    Repeated,
    /// It is a path that goes on after a field that is not a relation.
    NotARelation {
        /// The key of the object that has the field.
        object: String,
        /// The key of the field.
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

    /// The name in the words of the request: a field, a path, an object or a workspace permission.
    ///
    /// It is the object if the records are denied.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Why the part is denied.
    #[must_use]
    pub fn reason(&self) -> &DenialReason {
        &self.reason
    }

    /// The whole explanation. There is none if the name makes no sense for any principal.
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
            Self::Repeated => f.write_str("it is listed more than once; list it once"),
            Self::NotARelation { object, field } => write!(
                f,
                "`{object}.{field}` is not a relation; a path leads only through relations"
            ),
            Self::PathTooLong => {
                write!(f, "a path has at most {MAX_PATH_FIELDS} fields")
            }
        }
    }
}

/// The error of a denied request. It lists every denied part, each on a line of its own.
///
/// It keeps the first [`MAX_PROBLEMS`] denials and counts the rest. An allowed request does not pay for it: it is built only
/// when the answer is no.
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

    /// The denied parts, in the order of the request: at most [`MAX_PROBLEMS`].
    #[must_use]
    pub fn denials(&self) -> &[DeniedPart] {
        &self.denials
    }
}

/// The kind of a [`RequestDenied`]: the principal may not do this, or the request makes no sense for any principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RequestDeniedKind {
    /// The principal may not do at least one of the denied parts. Another principal may be allowed to.
    Denied,
    /// Every denied part makes no sense for any principal. The client must correct the request.
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
        // The parts that are only counted may be of either kind. `Denied` is the safe answer then.
        if self.unlisted == 0 && self.denials.iter().all(is_malformed) {
            RequestDeniedKind::Malformed
        } else {
            RequestDeniedKind::Denied
        }
    }

    /// The stable code of the [`kind`](RequestDenied::kind), for clients: `denied` or `malformed`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind().as_str()
    }
}

impl Serialize for RequestDenied {
    /// Serializes as a map of `code`, `message`, `denied` (the parts) and `unlisted` (how many parts more).
    ///
    /// The message and the parts name roles and rules. They are for logs and administrators.
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

//! Who asks: a member, an API key or an AI agent.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::model::id::is_name;
use crate::support::escape::Escaped;
use crate::support::limits::MAX_NAME_BYTES;
use crate::support::word_set::{UnknownWord, enum_set, string_enum};

/// The kinds of principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a host's match should break when a kind is added"
)]
pub enum PrincipalKind {
    /// A person of the workspace; has exactly one role (L18).
    Member,
    /// A key that a program calls with; has one role or none (L21).
    ApiKey,
    /// An AI agent; has one role or none (L22).
    Agent,
}

string_enum!(PrincipalKind, "kind of principal", {
    Member => "member",
    ApiKey => "api_key",
    Agent => "agent",
});

enum_set! {
    /// A set of kinds of principal, such as those that may hold a role (L19).
    PrincipalKinds of PrincipalKind
}

/// Who asks: one member, API key or agent, by kind and id.
///
/// The id is the host's own, compared byte for byte; the same id under another kind is another principal. A principal is
/// only a name: whether it exists is for the [`Policy`](crate::Policy) to say. Cloning one does not allocate.
///
/// As text, and in documents, it is its kind, a colon and its id. `FromStr` and `TryFrom` check the id, which has 1 to
/// [`MAX_NAME_BYTES`] bytes and no control characters. [`Principal::new`] and serde take any id: a principal that cannot exist
/// may do nothing, no workspace takes it, and the audit record of its question can be stored and read again.
///
/// # Examples
///
/// ```
/// use rolegate::{Principal, PrincipalKind};
///
/// let tim = Principal::member("tim");
/// assert_eq!(tim.to_string(), "member:tim");
/// assert_eq!("member:tim".parse(), Ok(tim));
/// assert_eq!(Principal::api_key("tim").kind(), PrincipalKind::ApiKey);
///
/// let error = Principal::try_from("member:").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "`member:` has a malformed id; an id has 1 to 255 bytes without control characters",
/// );
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Principal {
    kind: PrincipalKind,
    id: Arc<str>,
}

impl Principal {
    /// The principal of that kind and id.
    pub fn new(kind: PrincipalKind, id: impl Into<Arc<str>>) -> Self {
        Self {
            kind,
            id: id.into(),
        }
    }

    /// The member with that id.
    pub fn member(id: impl Into<Arc<str>>) -> Self {
        Self::new(PrincipalKind::Member, id)
    }

    /// The API key with that id: its name or number, never the secret itself.
    pub fn api_key(id: impl Into<Arc<str>>) -> Self {
        Self::new(PrincipalKind::ApiKey, id)
    }

    /// The AI agent with that id.
    pub fn agent(id: impl Into<Arc<str>>) -> Self {
        Self::new(PrincipalKind::Agent, id)
    }

    /// Which kind it is.
    #[must_use]
    pub fn kind(&self) -> PrincipalKind {
        self.kind
    }

    /// The host's id of it, unique within its kind.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.id)
    }
}

/// Renders a principal that anybody may have named, as an [`Escaped`].
pub(crate) struct EscapedPrincipal<'p>(pub(crate) &'p Principal);

impl fmt::Display for EscapedPrincipal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}:{}`", self.0.kind, Escaped(&self.0.id))
    }
}

impl fmt::Debug for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The id may be of any form, and a log has one line for each entry.
        write!(f, "Principal({}:{})", self.kind, Escaped(&self.id))
    }
}

impl Principal {
    /// Reads `kind:id` and takes the id as it is.
    fn with_any_id(text: &str) -> Result<Self, InvalidPrincipal> {
        let (kind, id) = text
            .split_once(':')
            .ok_or_else(|| InvalidPrincipal::NoKind(text.to_string()))?;
        Ok(Self::new(kind.parse()?, id))
    }
}

impl FromStr for Principal {
    type Err = InvalidPrincipal;

    /// Reads `kind:id`; the id may itself have colons.
    ///
    /// # Errors
    ///
    /// When there is no colon, when the kind is unknown, or when the id is malformed.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let principal = Self::with_any_id(text)?;
        if is_name(principal.id()) {
            Ok(principal)
        } else {
            let (kind, id) = (principal.kind, principal.id.to_string());
            Err(InvalidPrincipal::MalformedId { kind, id })
        }
    }
}

impl TryFrom<&str> for Principal {
    type Error = InvalidPrincipal;

    /// Reads `kind:id`, as [`from_str`](Self::from_str) does.
    fn try_from(text: &str) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl TryFrom<String> for Principal {
    type Error = InvalidPrincipal;

    /// Reads `kind:id`, as [`from_str`](Self::from_str) does.
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl Serialize for Principal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Principal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A stored audit record may name a principal that cannot exist, and must come back.
        Self::with_any_id(&Cow::<'de, str>::deserialize(deserializer)?)
            .map_err(serde::de::Error::custom)
    }
}

/// The error of reading a principal from text.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidPrincipal {
    /// There is no colon in it.
    #[error(
        "`{}` names no principal; write its kind, a colon and its id, such as `member:tim`",
        Escaped(.0)
    )]
    NoKind(String),
    /// What is before the colon is not a kind.
    #[error(transparent)]
    UnknownKind(#[from] UnknownWord),
    /// What is after the colon is not a well formed id.
    #[error(
        "`{kind}:{}` has a malformed id; an id has 1 to {MAX_NAME_BYTES} bytes without control characters",
        Escaped(id)
    )]
    MalformedId {
        /// The kind, which is known.
        kind: PrincipalKind,
        /// The id as written.
        id: String,
    },
}

crate::support::debug_is_display::debug_is_display!(InvalidPrincipal);

//! What can be wrong with what a person wrote: one problem, its place, and what is allowed instead.

use alloc::string::String;
use core::fmt;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::model::action::ActionSet;
use crate::model::id::RoleName;
use crate::model::principal::PrincipalKind;
use crate::support::escape::Escaped;
use crate::support::limits::{
    MAX_FIELDS, MAX_NAME_BYTES, MAX_OBJECTS, MAX_PERMISSIONS, MAX_VALUES,
};
use crate::support::nearest::Nearest;

pub use crate::support::word_set::UnknownWord;

/// One thing that is wrong, and where.
///
/// The place is a path in the [document format](crate::guide::format), such as
/// `roles[2].objects.people.fields.email`, also when the thing was built in code. It is empty for the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    path: String,
    kind: ProblemKind,
}

impl Problem {
    pub(crate) fn new(path: impl Into<String>, kind: ProblemKind) -> Self {
        Self {
            path: path.into(),
            kind,
        }
    }

    /// Where it is; empty for the whole document.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What it is.
    #[must_use]
    pub fn kind(&self) -> &ProblemKind {
        &self.kind
    }
}

impl Problem {
    /// The stable code of what is wrong, such as `unknown`: the name of its [`ProblemKind`].
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }
}

impl Serialize for Problem {
    /// A map of `path`, `code` and `message`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("path", &self.path)?;
        map.serialize_entry("code", self.code())?;
        map.serialize_entry("message", &format_args!("{}", self.kind))?;
        map.end()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            write!(f, "{}", self.kind)
        } else {
            write!(f, "`{}`: {}", self.path, self.kind)
        }
    }
}

/// What a name is the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EntityKind {
    /// An object of the schema.
    Object,
    /// A field of an object.
    Field,
    /// A workspace permission.
    Permission,
    /// A role of the workspace.
    Role,
    /// A member.
    Member,
    /// An API key.
    ApiKey,
    /// An AI agent.
    Agent,
    /// A group of the identity provider.
    Group,
    /// A key of a map in a document.
    Key,
    /// An item of a list in a document.
    Item,
}

impl EntityKind {
    /// Where the things of such a name are written, if it is one place.
    pub(super) fn place(self) -> Option<&'static str> {
        match self {
            Self::Object => Some("schema.objects"),
            Self::Permission => Some("schema.permissions"),
            Self::Role => Some("roles"),
            _ => None,
        }
    }

    pub(crate) fn of(kind: PrincipalKind) -> Self {
        match kind {
            PrincipalKind::Member => Self::Member,
            PrincipalKind::ApiKey => Self::ApiKey,
            PrincipalKind::Agent => Self::Agent,
        }
    }
}

impl fmt::Display for EntityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Object => "object",
            Self::Field => "field",
            Self::Permission => "workspace permission",
            Self::Role => "role",
            Self::Member => "member",
            Self::ApiKey => "API key",
            Self::Agent => "agent",
            Self::Group => "group",
            Self::Key => "key",
            Self::Item => "item",
        })
    }
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProblemKind {
    /// A name that does not exist (L6).
    #[error("unknown {what} `{}`{}", Escaped(name), Nearest(nearest.as_deref()))]
    Unknown {
        /// What it should be the name of.
        what: EntityKind,
        /// The name as written.
        name: String,
        /// The most similar name that exists, if one is similar.
        nearest: Option<String>,
    },
    /// A name that is there already.
    #[error("{what} `{}` is there already; each may appear once", Escaped(name))]
    Repeated {
        /// What it is the name of.
        what: EntityKind,
        /// The name as written.
        name: String,
    },
    /// A key that must be there and is not.
    #[error("key `{0}` is missing")]
    Missing(&'static str),
    /// A value of another type than the format says.
    #[error("expected {expected}, found {found}")]
    WrongType {
        /// What the format says.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// A word that is not one of the few that are known.
    #[error(transparent)]
    UnknownWord(#[from] UnknownWord),
    /// A version of the format that this release cannot read.
    #[error("unknown version `{0}`; this release reads version `1`")]
    UnknownVersion(String),
    /// A key of an object, field or workspace permission that is malformed.
    #[error(
        "`{}` is no key; a key has 1 to {MAX_NAME_BYTES} bytes without white space, control characters or dots",
        Escaped(.0)
    )]
    MalformedKey(String),
    /// A role name or principal id that is malformed.
    #[error(
        "malformed {what} name `{}`; it has 1 to {MAX_NAME_BYTES} bytes without control characters",
        Escaped(name)
    )]
    MalformedName {
        /// What it should be the name of.
        what: EntityKind,
        /// The name as written.
        name: String,
    },
    /// More objects than a schema can have.
    #[error("{0} objects are too many; a schema has at most {MAX_OBJECTS}")]
    TooManyObjects(usize),
    /// More fields than an object can have.
    #[error("{0} fields are too many; an object has at most {MAX_FIELDS}")]
    TooManyFields(usize),
    /// More workspace permissions than a schema can have.
    #[error("{0} workspace permissions are too many; a schema has at most {MAX_PERMISSIONS}")]
    TooManyPermissions(usize),
    /// More values than a document can hold, so that the workspace could not be loaded again (L25).
    #[error("{0} values are too many; a workspace has at most {MAX_VALUES}, as its document has")]
    TooManyValues(usize),
    /// A field that is bound to See, which is no write (L37).
    #[error(
        "a field cannot be bound to `see`; writing it may need `edit`, `delete` or `destroy` on the record"
    )]
    BoundToSee,
    /// A workspace permission that requires itself, directly or through others.
    #[error(
        "workspace permission `{}` requires itself in the end; remove one of the requirements",
        Escaped(.0)
    )]
    CircularRequirement(String),
    /// A baseline, object rule or field rule that denies See and allows something else (L4).
    #[error("`see` is denied but {} allowed; allow `see` as well, or do not allow the rest", Words(*.0))]
    Contradiction(ActionSet),
    /// There is no Admin role (L13).
    #[error("no role is Admin; exactly one role has `admin` set")]
    NoAdmin,
    /// There is more than one Admin role (L13).
    #[error("role `{}` is a second Admin; exactly one role has `admin` set", Escaped(.0.as_str()))]
    SecondAdmin(RoleName),
    /// The Admin role is given settings of its own (L13).
    #[error(
        "`{0}` cannot be set for the Admin role; it allows everything, so only its name and description are its own"
    )]
    AdminIsFixed(String),
    /// No member holds Admin (L14).
    #[error("no member holds the Admin role `{}`; at least one must", Escaped(.0.as_str()))]
    NoAdminMember(RoleName),
    /// No default role is chosen (L15).
    #[error("no default role is chosen; name the role that new members get")]
    NoDefaultRole,
    /// The default role is Admin, so that whoever joins would be one.
    #[error(
        "the Admin role `{}` cannot be the default role; choose one that newcomers may have",
        Escaped(.0.as_str())
    )]
    DefaultIsAdmin(RoleName),
    /// The default role may not be held by members (L19).
    #[error(
        "the default role `{}` must be one that members may hold; add `member` to its `held_by`",
        Escaped(.0.as_str())
    )]
    DefaultNotForMembers(RoleName),
    /// A mapping of a group names Admin without saying so explicitly (L16).
    #[error(
        "`{}` is the Admin role; a mapping to it says `admin` instead of `role`",
        Escaped(.0.as_str())
    )]
    MappingNamesAdmin(RoleName),
    /// A mapping to Admin that names a role as well.
    #[error("a mapping with `admin` set names no role; leave one of the two out")]
    RoleBesideAdmin,
    /// A mapping of a group names a role that members may not hold (L19).
    #[error(
        "role `{}` may not be held by members, who are who arrives with groups",
        Escaped(.0.as_str())
    )]
    MappingNotForMembers(RoleName),
    /// A role is held by a kind of principal that may not hold it (L19).
    #[error(
        "role `{}` may not be held by a principal of kind `{kind}`; it is for {}",
        Escaped(role.as_str()),
        Kinds(allowed)
    )]
    MayNotHold {
        /// The role.
        role: RoleName,
        /// The kind of the holder.
        kind: PrincipalKind,
        /// The kinds that may hold it.
        allowed: crate::model::principal::PrincipalKinds,
    },
    /// A member without a role (L18).
    #[error("a member has exactly one role; name it")]
    MemberWithoutRole,
}

impl ProblemKind {
    /// The stable code of the kind, such as `unknown`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "unknown",
            Self::Repeated { .. } => "repeated",
            Self::Missing(..) => "missing",
            Self::WrongType { .. } => "wrong_type",
            Self::UnknownWord(..) => "unknown_word",
            Self::UnknownVersion(..) => "unknown_version",
            Self::MalformedKey(..) => "malformed_key",
            Self::MalformedName { .. } => "malformed_name",
            Self::TooManyObjects(..) => "too_many_objects",
            Self::TooManyFields(..) => "too_many_fields",
            Self::TooManyPermissions(..) => "too_many_permissions",
            Self::TooManyValues(..) => "too_many_values",
            Self::BoundToSee => "bound_to_see",
            Self::CircularRequirement(..) => "circular_requirement",
            Self::Contradiction(..) => "contradiction",
            Self::NoAdmin => "no_admin",
            Self::SecondAdmin(..) => "second_admin",
            Self::AdminIsFixed(..) => "admin_is_fixed",
            Self::NoAdminMember(..) => "no_admin_member",
            Self::NoDefaultRole => "no_default_role",
            Self::DefaultIsAdmin(..) => "default_is_admin",
            Self::DefaultNotForMembers(..) => "default_not_for_members",
            Self::MappingNamesAdmin(..) => "mapping_names_admin",
            Self::RoleBesideAdmin => "role_beside_admin",
            Self::MappingNotForMembers(..) => "mapping_not_for_members",
            Self::MayNotHold { .. } => "may_not_hold",
            Self::MemberWithoutRole => "member_without_role",
        }
    }
}

/// Renders actions: `edit` is, `edit`, `delete` are.
struct Words(ActionSet);

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut count = 0;
        for action in self.0.iter() {
            let separator = if count > 0 { ", " } else { "" };
            write!(f, "{separator}`{action}`")?;
            count += 1;
        }
        f.write_str(if count == 1 { " is" } else { " are" })
    }
}

/// Renders the kinds that may hold a role.
struct Kinds<'a>(&'a crate::model::principal::PrincipalKinds);

impl fmt::Display for Kinds<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("nobody");
        }
        for (position, kind) in self.0.iter().enumerate() {
            let separator = if position > 0 { ", " } else { "" };
            write!(f, "{separator}`{kind}`")?;
        }
        Ok(())
    }
}

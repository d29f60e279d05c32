//! What decided an answer.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::model::action::Action;
use crate::model::role::Level;
use crate::model::schema::PermissionClass;
use crate::support::word_set::string_enum;

/// What decided an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "because", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Reason {
    /// There is no such principal (L6).
    UnknownPrincipal,
    /// There is no such object (L6).
    UnknownObject {
        /// The name as asked.
        object: String,
    },
    /// The object has no such field (L6).
    UnknownField {
        /// The object.
        object: String,
        /// The name as asked.
        field: String,
    },
    /// There is no such workspace permission (L6).
    UnknownPermission {
        /// The name as asked.
        permission: String,
    },
    /// The handle was resolved in another schema, or for a field of another object (L28).
    StaleHandle,
    /// The principal has no role, and so nothing (L21, L22).
    NoRole,
    /// Fields can be seen and edited, not deleted or destroyed (L5).
    FieldsHaveTwoActions {
        /// What was asked.
        action: Action,
    },
    /// Nobody writes the field, since its value comes from elsewhere (L37).
    ReadOnly,
    /// Nobody writes the field, since the host itself keeps it (L37).
    System,
    /// The cascade allows it, but writing the field needs something else that is denied (L37): see
    /// [`bound`](crate::explanation::LinkExplanation::bound).
    Bound,
    /// The role is Admin, which allows everything in the schema (L13).
    Admin,
    /// A level of the cascade (L1). If the answer is no and the action is See though another was asked, See came first (L3).
    Decided {
        /// The action that the level decided.
        action: Action,
        /// The level.
        level: Level,
    },
    /// The *all access* switch of the permission's class is on (L11).
    AllAccess {
        /// The class.
        class: PermissionClass,
    },
    /// The permission is granted one by one (L11).
    Granted,
    /// A permission is not granted (L11).
    NotGranted {
        /// The one that is missing: the one that was asked about, or one that it requires (L12).
        permission: String,
    },
}

/// What decided an answer, without what it is about: for a `match`, and as a code that stays the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ReasonKind {
    /// The kind of [`Reason::UnknownPrincipal`].
    UnknownPrincipal,
    /// The kind of [`Reason::UnknownObject`].
    UnknownObject,
    /// The kind of [`Reason::UnknownField`].
    UnknownField,
    /// The kind of [`Reason::UnknownPermission`].
    UnknownPermission,
    /// The kind of [`Reason::StaleHandle`].
    StaleHandle,
    /// The kind of [`Reason::NoRole`].
    NoRole,
    /// The kind of [`Reason::FieldsHaveTwoActions`].
    FieldsHaveTwoActions,
    /// The kind of [`Reason::ReadOnly`].
    ReadOnly,
    /// The kind of [`Reason::System`].
    System,
    /// The kind of [`Reason::Bound`].
    Bound,
    /// The kind of [`Reason::Admin`].
    Admin,
    /// The kind of [`Reason::Decided`].
    Decided,
    /// The kind of [`Reason::AllAccess`].
    AllAccess,
    /// The kind of [`Reason::Granted`].
    Granted,
    /// The kind of [`Reason::NotGranted`].
    NotGranted,
}

// The words are those of the stored form of a reason.
string_enum!(ReasonKind, "kind of reason", {
    UnknownPrincipal => "unknown_principal",
    UnknownObject => "unknown_object",
    UnknownField => "unknown_field",
    UnknownPermission => "unknown_permission",
    StaleHandle => "stale_handle",
    NoRole => "no_role",
    FieldsHaveTwoActions => "fields_have_two_actions",
    ReadOnly => "read_only",
    System => "system",
    Bound => "bound",
    Admin => "admin",
    Decided => "decided",
    AllAccess => "all_access",
    Granted => "granted",
    NotGranted => "not_granted",
});

impl Reason {
    /// What decided, without what it is about.
    #[must_use]
    pub fn kind(&self) -> ReasonKind {
        match self {
            Self::UnknownPrincipal => ReasonKind::UnknownPrincipal,
            Self::UnknownObject { .. } => ReasonKind::UnknownObject,
            Self::UnknownField { .. } => ReasonKind::UnknownField,
            Self::UnknownPermission { .. } => ReasonKind::UnknownPermission,
            Self::StaleHandle => ReasonKind::StaleHandle,
            Self::NoRole => ReasonKind::NoRole,
            Self::FieldsHaveTwoActions { .. } => ReasonKind::FieldsHaveTwoActions,
            Self::ReadOnly => ReasonKind::ReadOnly,
            Self::System => ReasonKind::System,
            Self::Bound => ReasonKind::Bound,
            Self::Admin => ReasonKind::Admin,
            Self::Decided { .. } => ReasonKind::Decided,
            Self::AllAccess { .. } => ReasonKind::AllAccess,
            Self::Granted => ReasonKind::Granted,
            Self::NotGranted { .. } => ReasonKind::NotGranted,
        }
    }
}

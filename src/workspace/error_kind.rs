//! The kind of a refused change, with a stable code, and the form in which the error is sent.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::support::word_set::string_enum;
use crate::workspace::{BatchError, ChangeError};

/// Why a change was refused, without what it is about: for a `match`, and as a code that stays the same.
///
/// # Examples
///
/// ```
/// use rolegate::{Change, Principal};
/// use rolegate::workspace::ChangeErrorKind;
///
/// let mut workspace = rolegate::sample::workspace()?;
/// let refused = workspace.apply(Change::remove(Principal::member("ada"))).unwrap_err();
/// assert_eq!(refused.kind(), ChangeErrorKind::LastAdmin);
/// assert_eq!(refused.code(), "last_admin");
/// # Ok::<(), rolegate::InvalidWorkspace>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ChangeErrorKind {
    /// The kind of [`ChangeError::Unknown`].
    Unknown,
    /// The kind of [`ChangeError::Taken`].
    Taken,
    /// The kind of [`ChangeError::Invalid`].
    Invalid,
    /// The kind of [`ChangeError::InvalidCell`].
    InvalidCell,
    /// The kind of [`ChangeError::NothingChanges`].
    NothingChanges,
    /// The kind of [`ChangeError::AdminIsFixed`].
    AdminIsFixed,
    /// The kind of [`ChangeError::LastAdmin`].
    LastAdmin,
    /// The kind of [`ChangeError::DefaultRoleInUse`].
    DefaultRoleInUse,
    /// The kind of [`ChangeError::DefaultIsAdmin`].
    DefaultIsAdmin,
    /// The kind of [`ChangeError::DefaultNotForMembers`].
    DefaultNotForMembers,
    /// The kind of [`ChangeError::MappedRole`].
    MappedRole,
    /// The kind of [`ChangeError::MappedNotForMembers`].
    MappedNotForMembers,
    /// The kind of [`ChangeError::MayNotHold`].
    MayNotHold,
    /// The kind of [`ChangeError::MemberNeedsRole`].
    MemberNeedsRole,
    /// The kind of [`ChangeError::Conflict`].
    Conflict,
    /// The kind of [`ChangeError::RenamedWhileEditing`].
    RenamedWhileEditing,
    /// The kind of [`ChangeError::RequiredBy`].
    RequiredBy,
    /// The kind of [`ChangeError::BoundTo`].
    BoundTo,
    /// The kind of [`ChangeError::ClassIsFixed`].
    ClassIsFixed,
    /// The kind of [`ChangeError::NotPermitted`].
    NotPermitted,
    /// The kind of [`ChangeError::AdminOnly`].
    AdminOnly,
    /// The kind of [`ChangeError::GivesGuard`].
    GivesGuard,
    /// The kind of [`ChangeError::OwnAssignment`].
    OwnAssignment,
    /// The kind of [`ChangeError::OwnRole`].
    OwnRole,
    /// The kind of [`ChangeError::OwnRolesPermission`].
    OwnRolesPermission,
    /// The kind of [`ChangeError::ExceedsOwnAccess`].
    ExceedsOwnAccess,
    /// The kind of [`ChangeError::RemovesBeyondOwnAccess`].
    RemovesBeyondOwnAccess,
}

string_enum!(ChangeErrorKind, "kind of refused change", {
    Unknown => "unknown",
    Taken => "taken",
    Invalid => "invalid",
    InvalidCell => "invalid_cell",
    NothingChanges => "nothing_changes",
    AdminIsFixed => "admin_is_fixed",
    LastAdmin => "last_admin",
    DefaultRoleInUse => "default_role_in_use",
    DefaultIsAdmin => "default_is_admin",
    DefaultNotForMembers => "default_not_for_members",
    MappedRole => "mapped_role",
    MappedNotForMembers => "mapped_not_for_members",
    MayNotHold => "may_not_hold",
    MemberNeedsRole => "member_needs_role",
    Conflict => "conflict",
    RenamedWhileEditing => "renamed_while_editing",
    RequiredBy => "required_by",
    BoundTo => "bound_to",
    ClassIsFixed => "class_is_fixed",
    NotPermitted => "not_permitted",
    AdminOnly => "admin_only",
    GivesGuard => "gives_guard",
    OwnAssignment => "own_assignment",
    OwnRole => "own_role",
    OwnRolesPermission => "own_roles_permission",
    ExceedsOwnAccess => "exceeds_own_access",
    RemovesBeyondOwnAccess => "removes_beyond_own_access",
});

impl ChangeError {
    /// Why the change was refused, without what it is about.
    #[must_use]
    pub fn kind(&self) -> ChangeErrorKind {
        match self {
            Self::Unknown { .. } => ChangeErrorKind::Unknown,
            Self::Taken { .. } => ChangeErrorKind::Taken,
            Self::Invalid(..) => ChangeErrorKind::Invalid,
            Self::InvalidCell(..) => ChangeErrorKind::InvalidCell,
            Self::NothingChanges => ChangeErrorKind::NothingChanges,
            Self::AdminIsFixed(..) => ChangeErrorKind::AdminIsFixed,
            Self::LastAdmin(..) => ChangeErrorKind::LastAdmin,
            Self::DefaultRoleInUse(..) => ChangeErrorKind::DefaultRoleInUse,
            Self::DefaultIsAdmin(..) => ChangeErrorKind::DefaultIsAdmin,
            Self::DefaultNotForMembers(..) => ChangeErrorKind::DefaultNotForMembers,
            Self::MappedRole { .. } => ChangeErrorKind::MappedRole,
            Self::MappedNotForMembers { .. } => ChangeErrorKind::MappedNotForMembers,
            Self::MayNotHold { .. } => ChangeErrorKind::MayNotHold,
            Self::MemberNeedsRole(..) => ChangeErrorKind::MemberNeedsRole,
            Self::Conflict(..) => ChangeErrorKind::Conflict,
            Self::RenamedWhileEditing { .. } => ChangeErrorKind::RenamedWhileEditing,
            Self::RequiredBy { .. } => ChangeErrorKind::RequiredBy,
            Self::BoundTo { .. } => ChangeErrorKind::BoundTo,
            Self::ClassIsFixed(..) => ChangeErrorKind::ClassIsFixed,
            Self::NotPermitted { .. } => ChangeErrorKind::NotPermitted,
            Self::AdminOnly { .. } => ChangeErrorKind::AdminOnly,
            Self::GivesGuard { .. } => ChangeErrorKind::GivesGuard,
            Self::OwnAssignment(..) => ChangeErrorKind::OwnAssignment,
            Self::OwnRole { .. } => ChangeErrorKind::OwnRole,
            Self::OwnRolesPermission { .. } => ChangeErrorKind::OwnRolesPermission,
            Self::ExceedsOwnAccess { .. } => ChangeErrorKind::ExceedsOwnAccess,
            Self::RemovesBeyondOwnAccess { .. } => ChangeErrorKind::RemovesBeyondOwnAccess,
        }
    }

    /// The stable code of the [`kind`](ChangeError::kind), such as `last_admin`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind().as_str()
    }

    /// Writes the code, the sentence, and what the error is about.
    fn serialize_into<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("code", self.code())?;
        map.serialize_entry("message", &format_args!("{self}"))?;
        match self {
            Self::Unknown {
                what,
                name,
                nearest,
            } => {
                map.serialize_entry("what", what)?;
                map.serialize_entry("name", name)?;
                map.serialize_entry("nearest", nearest)?;
            }
            Self::Taken { what, name } => {
                map.serialize_entry("what", what)?;
                map.serialize_entry("name", name)?;
            }
            Self::Invalid(invalid) => map.serialize_entry("problems", invalid.problems())?,
            Self::InvalidCell(_) | Self::NothingChanges => {}
            Self::AdminIsFixed(role)
            | Self::LastAdmin(role)
            | Self::DefaultRoleInUse(role)
            | Self::DefaultIsAdmin(role)
            | Self::DefaultNotForMembers(role)
            | Self::Conflict(role) => map.serialize_entry("role", role)?,
            Self::MappedRole { role, group } | Self::MappedNotForMembers { role, group } => {
                map.serialize_entry("role", role)?;
                map.serialize_entry("group", group)?;
            }
            Self::MayNotHold { role, kind } => {
                map.serialize_entry("role", role)?;
                map.serialize_entry("kind", kind)?;
            }
            Self::MemberNeedsRole(principal)
            | Self::OwnAssignment(principal)
            | Self::AdminOnly { principal }
            | Self::OwnRolesPermission { principal } => {
                map.serialize_entry("principal", principal)?;
            }
            Self::RenamedWhileEditing { saved, edited } => {
                map.serialize_entry("saved", saved)?;
                map.serialize_entry("edited", edited)?;
            }
            Self::RequiredBy { permission, by } => {
                map.serialize_entry("permission", permission)?;
                map.serialize_entry("by", by)?;
            }
            Self::BoundTo {
                permission,
                object,
                field,
            } => {
                map.serialize_entry("permission", permission)?;
                map.serialize_entry("object", object)?;
                map.serialize_entry("field", field)?;
            }
            Self::ClassIsFixed(permission) => map.serialize_entry("permission", permission)?,
            Self::NotPermitted {
                principal,
                permission,
            }
            | Self::GivesGuard {
                principal,
                permission,
            } => {
                map.serialize_entry("principal", principal)?;
                map.serialize_entry("permission", permission)?;
            }
            Self::OwnRole { principal, role } => {
                map.serialize_entry("principal", principal)?;
                map.serialize_entry("role", role)?;
            }
            Self::ExceedsOwnAccess {
                principal,
                cells,
                more,
            }
            | Self::RemovesBeyondOwnAccess {
                principal,
                cells,
                more,
            } => {
                map.serialize_entry("principal", principal)?;
                map.serialize_entry("cells", cells)?;
                map.serialize_entry("more", more)?;
            }
        }
        Ok(())
    }
}

impl Serialize for ChangeError {
    /// A map of `code`, `message` and what the error is about, such as `role`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.serialize_into(&mut map)?;
        map.end()
    }
}

impl BatchError {
    /// Why the batch was refused, without what it is about.
    #[must_use]
    pub fn kind(&self) -> ChangeErrorKind {
        self.error.kind()
    }

    /// The stable code of the [`kind`](BatchError::kind), such as `last_admin`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.error.code()
    }
}

impl Serialize for BatchError {
    /// As the [`ChangeError`] in it, with the `position` of the change that was refused, if it was one.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("position", &self.position)?;
        self.error.serialize_into(&mut map)?;
        map.end()
    }
}

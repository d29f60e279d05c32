//! Why a change was refused.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::model::id::{FieldKey, ObjectKey, PermissionKey, RoleName};
use crate::model::principal::{EscapedPrincipal, Principal, PrincipalKind};
use crate::model::problem::EntityKind;
use crate::model::problem_list::Problems;
use crate::model::role::{Cell, InvalidCell};
use crate::support::escape::Escaped;
use crate::support::nearest::{Nearest, nearest};
use crate::workspace::InvalidWorkspace;

/// The error of a change that was refused. The workspace is as it was (L24).
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeError {
    /// It names something that does not exist.
    #[error("unknown {what} `{}`{}", Escaped(name), Nearest(nearest.as_deref()))]
    Unknown {
        /// What the name should be the name of.
        what: EntityKind,
        /// The name.
        name: String,
        /// The most similar name that exists, if one is similar.
        nearest: Option<String>,
    },
    /// It names something new as something that exists.
    #[error("{what} `{}` exists already; choose another name", Escaped(name))]
    Taken {
        /// What it is the name of.
        what: EntityKind,
        /// The name.
        name: String,
    },
    /// The role, schema or mapping that it makes has problems of its own (L4, L6).
    #[error("{}", one_line(.0))]
    Invalid(InvalidWorkspace),
    /// A cell cannot have that effect.
    #[error(transparent)]
    InvalidCell(#[from] InvalidCell),
    /// Everything is as it says already.
    #[error("nothing would change; leave the change out")]
    NothingChanges,
    /// Admin cannot be edited, renamed, copied or deleted (L13).
    #[error("the Admin role `{}` is fixed; it cannot be edited, renamed, copied or deleted", Escaped(.0.as_str()))]
    AdminIsFixed(RoleName),
    /// No member would hold Admin any more (L14).
    #[error("no member would hold the Admin role `{}`; at least one must", Escaped(.0.as_str()))]
    LastAdmin(RoleName),
    /// The default role cannot be deleted (L15).
    #[error("role `{}` is the default role; choose another default role before deleting it", Escaped(.0.as_str()))]
    DefaultRoleInUse(RoleName),
    /// Admin cannot be the default role.
    #[error("the Admin role `{}` cannot be the default role; choose one that newcomers may have", Escaped(.0.as_str()))]
    DefaultIsAdmin(RoleName),
    /// The default role may always be held by members (L19).
    #[error("the default role `{}` must be one that members may hold", Escaped(.0.as_str()))]
    DefaultNotForMembers(RoleName),
    /// A mapping names the role (L17).
    #[error("role `{}` is what group `{}` is mapped to; change the mapping before deleting it", Escaped(role.as_str()), Escaped(group))]
    MappedRole {
        /// The role.
        role: RoleName,
        /// The group.
        group: String,
    },
    /// A mapping names the role, and only members arrive with groups (L16, L19).
    #[error("role `{}` is what group `{}` is mapped to; it must be one that members may hold", Escaped(role.as_str()), Escaped(group))]
    MappedNotForMembers {
        /// The role.
        role: RoleName,
        /// The group.
        group: String,
    },
    /// A role would be held by a kind that may not hold it (L19).
    #[error("role `{}` may not be held by a principal of kind `{kind}`", Escaped(role.as_str()))]
    MayNotHold {
        /// The role.
        role: RoleName,
        /// The kind.
        kind: PrincipalKind,
    },
    /// A member always has a role (L18).
    #[error("{} is a member and always has a role; assign another one", EscapedPrincipal(.0))]
    MemberNeedsRole(Principal),
    /// The role has changed since editing began (L30).
    #[error("role `{}` has changed since it was opened; look at it again before saving", Escaped(.0.as_str()))]
    Conflict(RoleName),
    /// An edited role was saved under another name.
    #[error("the edited role is named `{}` and the saved one `{}`; rename it by a change of its own", Escaped(edited.as_str()), Escaped(saved.as_str()))]
    RenamedWhileEditing {
        /// The name of the saved role.
        saved: RoleName,
        /// The name of the edited role.
        edited: RoleName,
    },
    /// A permission that is required by another cannot be removed: the other would be wider than before.
    #[error("workspace permission `{}` is required by `{}`; remove that requirement first", Escaped(permission.as_str()), Escaped(by.as_str()))]
    RequiredBy {
        /// The permission.
        permission: PermissionKey,
        /// One that requires it.
        by: PermissionKey,
    },
    /// A permission that a field is bound to cannot be removed: writing the field would need less than before (L37).
    #[error("field `{}.{}` is bound to workspace permission `{}`; change the field first", Escaped(object.as_str()), Escaped(field.as_str()), Escaped(permission.as_str()))]
    BoundTo {
        /// The permission.
        permission: PermissionKey,
        /// The object of a field that is bound to it.
        object: ObjectKey,
        /// The field.
        field: FieldKey,
    },
    /// The class of a permission is fixed.
    #[error("the class of workspace permission `{}` is fixed; remove it and add it anew", Escaped(.0.as_str()))]
    ClassIsFixed(PermissionKey),
    /// The acting principal lacks the permission that guards the change (L27).
    #[error("{} may not do this; it needs the workspace permission `{}`", EscapedPrincipal(principal), Escaped(permission.as_str()))]
    NotPermitted {
        /// Who acts.
        principal: Principal,
        /// What it lacks.
        permission: PermissionKey,
    },
    /// Only who holds Admin makes another one Admin (L27) or changes the grant policy.
    #[error(
        "{} may not do this; only who holds Admin makes another one Admin or changes the grant policy",
        EscapedPrincipal(principal)
    )]
    AdminOnly {
        /// Who acts.
        principal: Principal,
    },
    /// A change of the schema would give some role a permission that guards changes (L27).
    #[error("{} may not change the schema so that a role comes to the workspace permission `{}`; \
         only who holds Admin may", EscapedPrincipal(principal), Escaped(permission.as_str()))]
    GivesGuard {
        /// Who acts.
        principal: Principal,
        /// The first such permission.
        permission: PermissionKey,
    },
    /// One may not change one's own role assignment (L27).
    #[error("{} may not change its own role assignment; another admin must", EscapedPrincipal(.0))]
    OwnAssignment(Principal),
    /// One may not delete the role that one acts under (L27).
    #[error("{} acts under role `{}` and may not delete it", EscapedPrincipal(principal), Escaped(role.as_str()))]
    OwnRole {
        /// Who acts.
        principal: Principal,
        /// The role.
        role: RoleName,
    },
    /// One may not take `roles` away from the role that one acts under (L27).
    #[error(
        "{} would lose the workspace permission `roles` that it has; another admin must take it",
        EscapedPrincipal(principal)
    )]
    OwnRolesPermission {
        /// Who acts.
        principal: Principal,
    },
    /// Somebody would get more than who acts has.
    #[error("{} would hand out more than it holds: {}", EscapedPrincipal(principal), Cells(cells, *more))]
    ExceedsOwnAccess {
        /// Who acts.
        principal: Principal,
        /// The first cells that it does not hold, sorted, at most [`MAX_CELLS`](crate::limits::MAX_CELLS).
        cells: Vec<Cell>,
        /// How many more there are.
        more: usize,
    },
    /// Who acts would remove from the schema what it does not hold, and could add it anew without the rules about it.
    #[error("{} would remove what it does not hold: {}", EscapedPrincipal(principal), Cells(cells, *more))]
    RemovesBeyondOwnAccess {
        /// Who acts.
        principal: Principal,
        /// The first cells that it does not hold, sorted, at most [`MAX_CELLS`](crate::limits::MAX_CELLS).
        cells: Vec<Cell>,
        /// How many more there are.
        more: usize,
    },
}

impl ChangeError {
    pub(crate) fn unknown<'a>(
        what: EntityKind,
        name: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self::Unknown {
            what,
            name: name.into(),
            nearest: nearest(name, known).map(ToString::to_string),
        }
    }

    pub(crate) fn taken(what: EntityKind, name: &str) -> Self {
        let name = name.into();
        Self::Taken { what, name }
    }

    /// Nothing, or what is wrong.
    pub(crate) fn unless_empty(problems: Problems) -> Result<(), Self> {
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Self::Invalid(InvalidWorkspace(problems)))
        }
    }
}

/// The error of a batch of changes, none of which was applied (L24).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BatchError {
    /// Which change was refused, counted from 0; none if it is what they come to together that is refused.
    pub position: Option<usize>,
    /// Why.
    pub error: ChangeError,
}

impl fmt::Display for BatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some(position) => write!(f, "change {position} of the batch: {}", self.error),
            None => write!(f, "the batch as a whole: {}", self.error),
        }
    }
}

impl core::error::Error for BatchError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        Some(&self.error)
    }
}

fn one_line(invalid: &InvalidWorkspace) -> String {
    invalid.to_string().replace('\n', "; ")
}

struct Cells<'a>(&'a [Cell], usize);

impl fmt::Display for Cells<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, cell) in self.0.iter().enumerate() {
            let separator = if position > 0 { ", " } else { "" };
            write!(f, "{separator}{cell}")?;
        }
        if self.1 > 0 {
            write!(f, " and {} more", self.1)?;
        }
        Ok(())
    }
}

crate::support::debug_is_display::debug_is_display!(BatchError, ChangeError);

//! Where the role of a principal comes from.

use crate::model::principal::{Principal, PrincipalKind};
use crate::workspace::{KeysWithoutRole, RoleSlot, Workspace};

/// How a principal comes to its access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RoleSource {
    /// Through the role it was given.
    Given(RoleSlot),
    /// Through the default role, being an API key without a role (L21).
    Default(RoleSlot),
    /// It has no role, and no access.
    NoRole,
    /// It is unknown (L6).
    Unknown,
}

impl RoleSource {
    /// The role, if there is one.
    pub(crate) fn slot(self) -> Option<RoleSlot> {
        match self {
            Self::Given(slot) | Self::Default(slot) => Some(slot),
            Self::NoRole | Self::Unknown => None,
        }
    }
}

/// How a principal of a workspace comes to its access.
pub(crate) fn role_source(workspace: &Workspace, principal: &Principal) -> RoleSource {
    role_source_of(
        principal.kind(),
        workspace.holders.find(principal),
        key_default(workspace),
    )
}

#[inline]
#[expect(
    clippy::option_option,
    reason = "unknown, and known without a role, are different answers"
)]
pub(super) fn role_source_of(
    kind: PrincipalKind,
    role: Option<Option<RoleSlot>>,
    key_default: Option<RoleSlot>,
) -> RoleSource {
    match role {
        None => RoleSource::Unknown,
        Some(Some(slot)) => RoleSource::Given(slot),
        Some(None) if kind == PrincipalKind::ApiKey => {
            key_default.map_or(RoleSource::NoRole, RoleSource::Default)
        }
        Some(None) => RoleSource::NoRole,
    }
}

/// The role of API keys that have none: the default role, unless it is not for keys or the workspace denies it (L21).
pub(super) fn key_default(workspace: &Workspace) -> Option<RoleSlot> {
    match workspace.keys_without_role {
        KeysWithoutRole::Denied => None,
        KeysWithoutRole::DefaultRole => workspace
            .default_role()
            .filter(|role| role.holder_kinds().contains(PrincipalKind::ApiKey))
            .map(|_| workspace.default_role),
    }
}

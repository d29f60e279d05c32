//! Which role a newcomer gets for a group of the identity provider.

use alloc::string::String;

use crate::model::id::RoleName;

/// A mapping of a group of the identity provider (SSO) to a role (L16).
///
/// Mappings are tried in order; the first whose group a newcomer has decides. The Admin role is given only by a mapping that
/// says so, never by one that happens to name it.
///
/// ```
/// use rolegate::{GroupMapping, RoleName};
/// use rolegate::workspace::GroupTarget;
///
/// let sales = GroupMapping::new("crm-sales", "Sales");
/// assert_eq!(sales.target, GroupTarget::Role(RoleName::from("Sales")));
/// assert_eq!(GroupMapping::to_admin("crm-owners").target, GroupTarget::Admin);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct GroupMapping {
    /// The group, as the identity provider names it, compared byte for byte.
    pub group: String,
    /// What members of the group get.
    pub target: GroupTarget,
}

/// What a mapping gives.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum GroupTarget {
    /// An ordinary role.
    Role(RoleName),
    /// The Admin role, said explicitly.
    Admin,
}

impl GroupMapping {
    /// The mapping of a group to an ordinary role.
    pub fn new(group: impl Into<String>, role: impl Into<RoleName>) -> Self {
        Self {
            group: group.into(),
            target: GroupTarget::Role(role.into()),
        }
    }

    /// The mapping of a group to the Admin role.
    pub fn to_admin(group: impl Into<String>) -> Self {
        Self {
            group: group.into(),
            target: GroupTarget::Admin,
        }
    }
}

impl core::fmt::Display for GroupMapping {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match &self.target {
            GroupTarget::Role(role) => write!(f, "{} → {role}", self.group),
            GroupTarget::Admin => write!(f, "{} → Admin", self.group),
        }
    }
}

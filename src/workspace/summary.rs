//! What a settings page shows of roles and their holders.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use crate::model::id::RoleName;
use crate::model::principal::{Principal, PrincipalKind};
use crate::model::role::Role;
use crate::workspace::{GroupMapping, GroupTarget, HolderCounts, Workspace};

/// A role in the list of all roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RoleSummary<'w> {
    /// The role.
    pub role: &'w Role,
    /// How many principals hold it.
    pub holders: HolderCounts,
    /// Whether new members get it.
    #[serde(rename = "default")]
    pub is_default: bool,
}

impl Workspace {
    /// All roles, in order, with how many principals hold each.
    ///
    /// ```
    /// let workspace = rolegate::sample::workspace()?;
    /// let counts: Vec<_> = workspace
    ///     .role_summaries()
    ///     .map(|summary| (summary.role.name().as_str(), summary.holders.members))
    ///     .collect();
    /// assert_eq!(counts, [("Admin", 1), ("Member", 1), ("Intern", 1)]);
    /// # Ok::<(), rolegate::InvalidWorkspace>(())
    /// ```
    pub fn role_summaries(&self) -> impl Iterator<Item = RoleSummary<'_>> {
        self.roles.iter().map(|(slot, role)| RoleSummary {
            role,
            holders: self.holders.counts(slot),
            is_default: slot == self.default_role,
        })
    }

    /// Who holds a role: members, API keys, then agents, each sorted by id. Nobody holds an unknown role.
    pub fn holders_of(&self, role: impl Into<RoleName>) -> Vec<Principal> {
        let Some(slot) = self.roles.slot(&role.into()) else {
            return Vec::new();
        };
        let counts = self.holders.counts(slot);
        PrincipalKind::ALL
            .into_iter()
            .filter(|kind| counts.of(*kind) != 0)
            .flat_map(|kind| {
                let holders = self.holders.sorted(kind).into_iter();
                holders
                    .filter(move |(_, role)| *role == Some(slot))
                    .map(move |(id, _)| Principal::new(kind, id))
            })
            .collect()
    }

    /// The roles that a kind of principal may hold, in order (L19).
    pub fn assignable_to(&self, kind: PrincipalKind) -> impl Iterator<Item = &Role> {
        self.roles()
            .filter(move |role| role.holder_kinds().contains(kind))
    }

    /// The mappings of groups of the identity provider to roles, in the order in which they are tried (L16).
    ///
    /// They are copies, ready to be edited and handed back to [`Change::set_group_mappings`](crate::Change::set_group_mappings).
    ///
    /// ```
    /// use rolegate::{Change, GroupMapping};
    ///
    /// let mut workspace = rolegate::sample::workspace()?;
    /// let mut mappings: Vec<_> = workspace.group_mappings().collect();
    /// mappings.push(GroupMapping::new("crm-interns", "Intern"));
    /// workspace.apply(Change::set_group_mappings(mappings))?;
    /// assert_eq!(workspace.group_mappings().len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn group_mappings(&self) -> impl ExactSizeIterator<Item = GroupMapping> {
        self.group_mappings.iter().map(to_mapping)
    }

    /// The role that a newcomer with those groups gets: that of the first mapping that matches, else the default role (L16).
    #[must_use]
    pub fn role_for_groups(&self, groups: &BTreeSet<String>) -> Option<&Role> {
        match self.mapping_for(groups).map(|mapping| mapping.target) {
            Some(GroupTarget::Admin) => self.admin_role(),
            Some(GroupTarget::Role(name)) => self.role(name),
            None => self.default_role(),
        }
    }

    /// The first mapping whose group is among `groups`.
    pub(crate) fn mapping_for(&self, groups: &BTreeSet<String>) -> Option<GroupMapping> {
        let mappings = &self.group_mappings;
        let mapped = groups.iter().filter_map(|group| mappings.index_of(group));
        mappings.get_index(mapped.min()?).map(to_mapping)
    }
}

fn to_mapping((group, target): (&String, &GroupTarget)) -> GroupMapping {
    GroupMapping {
        group: group.clone(),
        target: target.clone(),
    }
}

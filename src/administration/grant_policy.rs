//! The check of changes within own access: who gains what, and from whom.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use crate::administration::actor::Actor;
use crate::model::principal::{Principal, PrincipalKind};
use crate::model::role::{Cell, Role};
use crate::policy::{RoleAnswers, cells, role_source};
use crate::support::limits::MAX_CELLS;
use crate::workspace::{ChangeError, Event, GroupTarget, RoleSlot, Workspace};

impl Actor<'_> {
    /// Whether everything that somebody gains is held by the acting principal, cell by cell.
    pub(super) fn check_within_own_access(
        &self,
        after: &Workspace,
        events: &[Event],
    ) -> Result<(), ChangeError> {
        let mut exceeding = BTreeSet::new();
        let own = Across::of(self.role, self.before, after);
        for (from, to) in self.gains(after, events) {
            let from = Across::of(from, self.before, after);
            let to = RoleAnswers::of(to, &after.schema);
            let gained = cells(&after.schema)
                .filter(|cell| to.allow(cell) && !from.allow(cell) && !own.allow(cell));
            exceeding.extend(gained);
        }
        let Some((cells, more)) = first(exceeding) else {
            return Ok(());
        };
        Err(ChangeError::ExceedsOwnAccess {
            principal: self.principal.clone(),
            cells,
            more,
        })
    }

    /// Whether what is gone from the schema is wholly held by the acting principal. Else it could remove what a rule hides
    /// from it, and add it anew without the rule.
    pub(super) fn check_removed(&self, after: &Workspace) -> Result<(), ChangeError> {
        let own = RoleAnswers::of(self.role, &self.before.schema);
        let nothing = RoleAnswers::of(None, &after.schema);
        let lacking = cells(&self.before.schema)
            .filter(|cell| nothing.find(cell).is_none() && !own.allow(cell));
        let Some((cells, more)) = first(lacking.collect()) else {
            return Ok(());
        };
        Err(ChangeError::RemovesBeyondOwnAccess {
            principal: self.principal.clone(),
            cells,
            more,
        })
    }

    /// Each role that somebody has or may get now, with the one that it takes the place of.
    fn gains<'a>(
        &'a self,
        after: &'a Workspace,
        events: &'a [Event],
    ) -> Vec<(Option<&'a Role>, Option<&'a Role>)> {
        let mut gains: BTreeMap<(Option<RoleSlot>, Option<RoleSlot>), _> = BTreeMap::new();
        let mut add = |from: Option<RoleSlot>, to: Option<RoleSlot>| {
            let role = |workspace: &'a Workspace, slot: Option<RoleSlot>| {
                slot.and_then(|slot| workspace.roles.get(slot))
            };
            gains.insert((from, to), (role(self.before, from), role(after, to)));
        };
        // Roles: a new one is handed out as a whole, since anybody may come to hold it.
        let kept: BTreeSet<RoleSlot> = kept_roles(self.before, after, events).collect();
        for (slot, _) in after.roles.iter() {
            add(kept.contains(&slot).then_some(slot), Some(slot));
        }
        // Whom another role was given, or who lives by the default role.
        let mut holders: BTreeSet<&Principal> = touched(events);
        let keys = after.principals(PrincipalKind::ApiKey);
        let keys: Vec<Principal> = keys.into_iter().map(|(key, _)| key).collect();
        holders.extend(&keys);
        for principal in holders {
            let from = role_source(self.before, principal).slot();
            let to = role_source(after, principal).slot();
            if from != to {
                add(from, to);
            }
        }
        // Whom newcomers will be.
        for slot in newly_given(self.before, after) {
            add(None, Some(slot));
        }
        gains.into_values().collect()
    }
}

/// The first [`MAX_CELLS`] of some cells, and how many more there are; `None` if there are none.
pub(super) fn first(cells: BTreeSet<Cell>) -> Option<(Vec<Cell>, usize)> {
    let more = cells.len().saturating_sub(MAX_CELLS);
    let first: Vec<Cell> = cells.into_iter().take(MAX_CELLS).collect();
    (!first.is_empty()).then_some((first, more))
}

/// The roles that have been there all the time. A slot that was freed and filled anew is another role.
pub(super) fn kept_roles<'a>(
    before: &'a Workspace,
    after: &'a Workspace,
    events: &'a [Event],
) -> impl Iterator<Item = RoleSlot> + 'a {
    let mut names: BTreeMap<RoleSlot, crate::model::id::RoleName> = before
        .roles
        .iter()
        .map(|(slot, role)| (slot, role.name().clone()))
        .collect();
    for event in events {
        match event {
            Event::RoleDeleted { role } => names.retain(|_, name| name != role.name()),
            Event::RoleRenamed { from, to } => {
                if let Some(name) = names.values_mut().find(|name| *name == from) {
                    *name = to.clone();
                }
            }
            _ => {}
        }
    }
    names
        .into_keys()
        .filter(|slot| after.roles.get(*slot).is_some())
}

/// The roles that some newcomer is given now who, with the same groups, was given another one before (L16).
pub(super) fn newly_given(before: &Workspace, after: &Workspace) -> BTreeSet<RoleSlot> {
    let from: Vec<_> = ways_in(before).collect();
    let mut earlier = BTreeSet::new();
    let mut new = BTreeSet::new();
    for (group, role) in ways_in(after) {
        // Who comes this way has the group and none of the earlier ones: which ways could that have been?
        let last = from
            .iter()
            .position(|(of, _)| of.is_none() || *of == group)
            .unwrap_or(from.len());
        let mut possible = from
            .iter()
            .take(last + 1)
            .filter(|(of, _)| of.is_none_or(|of| !earlier.contains(of)));
        if possible.any(|(_, given)| *given != role) {
            new.insert(role);
        }
        earlier.extend(group);
    }
    new
}

/// The groups that are mapped, in order, each with its role; at last nobody's group, with the default role.
fn ways_in(workspace: &Workspace) -> impl Iterator<Item = (Option<&str>, RoleSlot)> {
    let roles = &workspace.roles;
    let mapped = workspace
        .group_mappings
        .iter()
        .filter_map(|(group, target)| {
            let slot = match target {
                GroupTarget::Admin => Some(roles.admin()),
                GroupTarget::Role(name) => roles.slot(name),
            };
            Some((Some(group.as_str()), slot?))
        });
    mapped.chain([(None, workspace.default_role)])
}

/// The principals that events say were added or given another role.
pub(super) fn touched(events: &[Event]) -> BTreeSet<&Principal> {
    events
        .iter()
        .filter_map(|event| match event {
            Event::RoleAssigned { principal, .. } | Event::PrincipalAdded { principal, .. } => {
                Some(principal)
            }
            _ => None,
        })
        .collect()
}

/// The answers of a role where a cell is of the schema before, and of the schema after for what is new.
pub(super) struct Across<'a> {
    before: RoleAnswers<'a>,
    after: RoleAnswers<'a>,
}

impl<'a> Across<'a> {
    /// The answers of a role as it was before; nothing without a role.
    fn of(role: Option<&Role>, before: &'a Workspace, after: &'a Workspace) -> Self {
        Self {
            before: RoleAnswers::of(role, &before.schema),
            after: RoleAnswers::of(role, &after.schema),
        }
    }

    fn allow(&self, cell: &Cell) -> bool {
        let before = self.before.find(cell);
        before.unwrap_or_else(|| self.after.allow(cell))
    }
}

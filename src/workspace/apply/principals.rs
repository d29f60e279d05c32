//! Changes of principals: what each does, and which events it yields.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::model::id::{RoleName, is_name};
use crate::model::principal::{Principal, PrincipalKind};
use crate::model::problem::{EntityKind, ProblemKind};
use crate::model::problem_list::Problems;
use crate::workspace::apply::done::{Done, unless_same};
use crate::workspace::apply::roles::role_slot;
use crate::workspace::{ChangeError, Event, GroupMapping, GroupTarget, RoleSlot, Workspace};

pub(super) fn role_name(workspace: &Workspace, slot: Option<RoleSlot>) -> Option<RoleName> {
    let role = workspace.roles.get(slot?)?;
    Some(role.name().clone())
}

pub(super) fn known(
    workspace: &Workspace,
    principal: &Principal,
) -> Result<Option<RoleSlot>, ChangeError> {
    workspace.holders.find(principal).ok_or_else(|| {
        let known = workspace.holders.sorted(principal.kind());
        ChangeError::unknown(
            EntityKind::of(principal.kind()),
            principal.id(),
            known.into_iter().map(|(id, _)| id),
        )
    })
}

/// Gives a principal a role, or none.
pub(super) fn assign(
    workspace: &mut Workspace,
    principal: &Principal,
    to: Option<RoleSlot>,
) -> Done {
    let from = known(workspace, principal)?;
    let event = Event::RoleAssigned {
        principal: principal.clone(),
        from: role_name(workspace, from),
        to: role_name(workspace, to),
    };
    if from != to {
        workspace.holders.set(principal, to);
    }
    unless_same(from == to, event)
}

pub(super) fn clear_role(workspace: &mut Workspace, principal: &Principal) -> Done {
    known(workspace, principal)?;
    if principal.kind() == PrincipalKind::Member {
        return Err(ChangeError::MemberNeedsRole(principal.clone()));
    }
    assign(workspace, principal, None)
}

pub(super) fn add_principal(
    workspace: &mut Workspace,
    principal: Principal,
    role: Option<RoleSlot>,
    group: Option<String>,
) -> Done {
    let what = EntityKind::of(principal.kind());
    if workspace.contains(&principal) {
        return Err(ChangeError::taken(what, principal.id()));
    }
    if !is_name(principal.id()) {
        let mut problems = Problems::default();
        let name = principal.id().to_string();
        problems.add("", ProblemKind::MalformedName { what, name });
        return ChangeError::unless_empty(problems).map(|()| Vec::new());
    }
    workspace.holders.set(&principal, role);
    Ok(alloc::vec![Event::PrincipalAdded {
        role: role_name(workspace, role),
        principal,
        group,
    }])
}

/// The role of the first mapping that matches, else the default role (L16).
pub(super) fn join(workspace: &mut Workspace, member: String, groups: &BTreeSet<String>) -> Done {
    let mapping = workspace.mapping_for(groups);
    let (role, group) = match mapping {
        Some(GroupMapping { group, target }) => {
            let slot = match target {
                GroupTarget::Admin => workspace.roles.admin(),
                GroupTarget::Role(name) => role_slot(workspace, &name)?,
            };
            (slot, Some(group))
        }
        None => (workspace.default_role, None),
    };
    add_principal(workspace, Principal::member(member), Some(role), group)
}

pub(super) fn remove_principal(workspace: &mut Workspace, principal: Principal) -> Done {
    let role = known(workspace, &principal)?;
    workspace.holders.remove(&principal);
    Ok(alloc::vec![Event::PrincipalRemoved {
        role: role_name(workspace, role),
        principal,
    }])
}

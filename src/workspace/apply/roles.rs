//! Changes of roles: what each does, and which events it yields.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::model::id::RoleName;
use crate::model::principal::PrincipalKind;
use crate::model::problem::EntityKind;
use crate::model::problem_list::Problems;
use crate::model::role::{self, Role};
use crate::workspace::apply::done::{Done, unless_same};
use crate::workspace::apply::principals::assign;
use crate::workspace::{ChangeError, Event, GroupTarget, RoleSlot, Roles, Workspace};

pub(super) fn role_slot(workspace: &Workspace, name: &RoleName) -> Result<RoleSlot, ChangeError> {
    let roles = &workspace.roles;
    roles
        .slot(name)
        .ok_or_else(|| ChangeError::unknown(EntityKind::Role, name.as_str(), roles.names()))
}

/// The slot of a role that is not Admin, and the role (L13).
pub(super) fn ordinary_role(
    workspace: &Workspace,
    name: &RoleName,
) -> Result<(RoleSlot, Role), ChangeError> {
    let slot = role_slot(workspace, name)?;
    match workspace.roles.get(slot) {
        Some(role) if !role.is_admin() => Ok((slot, role.clone())),
        _ => Err(ChangeError::AdminIsFixed(name.clone())),
    }
}

/// Whether a role can stand under a name that nobody else has (L4, L6, L20).
pub(super) fn check_role(workspace: &Workspace, role: &Role) -> Result<(), ChangeError> {
    let mut problems = Problems::default();
    role::check::check(role, &workspace.schema, "", &mut problems);
    ChangeError::unless_empty(problems)
}

pub(super) fn check_is_free(workspace: &Workspace, name: &RoleName) -> Result<(), ChangeError> {
    match workspace.roles.slot(name) {
        Some(_) => Err(ChangeError::taken(EntityKind::Role, name.as_str())),
        None => Ok(()),
    }
}

pub(super) fn roles_mut(workspace: &mut Workspace) -> &mut Roles {
    Arc::make_mut(&mut workspace.roles)
}

pub(super) fn create_role(workspace: &mut Workspace, role: Role) -> Done {
    if role.is_admin() {
        return Err(ChangeError::AdminIsFixed(role.name().clone()));
    }
    check_role(workspace, &role)?;
    check_is_free(workspace, role.name())?;
    let event = Event::RoleCreated {
        role: Box::new(role.clone()),
    };
    roles_mut(workspace).add(role);
    Ok(alloc::vec![event])
}

pub(super) fn rename_role(workspace: &mut Workspace, name: &RoleName, to: RoleName) -> Done {
    let (slot, role) = ordinary_role(workspace, name)?;
    if *name == to {
        return Err(ChangeError::NothingChanges);
    }
    check_is_free(workspace, &to)?;
    let renamed = role.with_name(to.clone());
    check_role(workspace, &renamed)?;
    roles_mut(workspace).replace(slot, renamed);
    // Mappings name roles, and follow them.
    for target in Arc::make_mut(&mut workspace.group_mappings).values_mut() {
        if *target == GroupTarget::Role(name.clone()) {
            *target = GroupTarget::Role(to.clone());
        }
    }
    let from = name.clone();
    Ok(alloc::vec![Event::RoleRenamed { from, to }])
}

/// Puts an edited role in its place, under the same name.
pub(super) fn edit_role(
    workspace: &mut Workspace,
    name: &RoleName,
    edit: impl FnOnce(Role) -> Result<Role, ChangeError>,
) -> Done {
    let (slot, from) = ordinary_role(workspace, name)?;
    let to = edit(from.clone())?;
    if from == to {
        return Err(ChangeError::NothingChanges);
    }
    check_role(workspace, &to)?;
    roles_mut(workspace).replace(slot, to.clone());
    Ok(alloc::vec![Event::RoleChanged {
        from: Box::new(from),
        to: Box::new(to),
    }])
}

pub(super) fn save_role(workspace: &mut Workspace, saved: &Role, edited: Role) -> Done {
    if saved.name() != edited.name() {
        return Err(ChangeError::RenamedWhileEditing {
            saved: saved.name().clone(),
            edited: edited.name().clone(),
        });
    }
    if edited.is_admin() {
        return Err(ChangeError::AdminIsFixed(edited.name().clone()));
    }
    // A role that was renamed or deleted meanwhile has changed too.
    if workspace.role(saved.name()) != Some(saved) {
        return Err(ChangeError::Conflict(saved.name().clone()));
    }
    edit_role(workspace, saved.name(), |_| Ok(edited))
}

pub(super) fn duplicate_role(workspace: &mut Workspace, name: &RoleName, to: RoleName) -> Done {
    let (_, role) = ordinary_role(workspace, name)?;
    create_role(workspace, role.with_name(to))
}

pub(super) fn delete_role(workspace: &mut Workspace, name: &RoleName) -> Done {
    let (slot, role) = ordinary_role(workspace, name)?;
    if slot == workspace.default_role {
        return Err(ChangeError::DefaultRoleInUse(name.clone()));
    }
    let target = GroupTarget::Role(name.clone());
    let mapped = workspace.group_mappings.iter();
    let group = mapped
        .filter(|(_, mapped)| **mapped == target)
        .map(|(group, _)| group)
        .next();
    if let Some(group) = group {
        return Err(ChangeError::MappedRole {
            role: name.clone(),
            group: group.clone(),
        });
    }
    let mut events = Vec::new();
    for principal in workspace.holders_of(name) {
        // Only members move: an automation could become wider than anybody meant.
        let to = (principal.kind() == PrincipalKind::Member).then_some(workspace.default_role);
        events.extend(assign(workspace, &principal, to)?);
    }
    roles_mut(workspace).remove(slot);
    events.push(Event::RoleDeleted {
        role: Box::new(role),
    });
    Ok(events)
}

pub(super) fn set_default_role(workspace: &mut Workspace, name: &RoleName) -> Done {
    let to = role_slot(workspace, name)?;
    let from = core::mem::replace(&mut workspace.default_role, to);
    let from_name = workspace.roles.get(from).map(|role| role.name().clone());
    unless_same(
        from == to,
        Event::DefaultRoleChanged {
            from: from_name.unwrap_or_else(|| RoleName::from("")),
            to: name.clone(),
        },
    )
}

//! Which function each kind of change is for.

use crate::model::principal::PrincipalKind;
use crate::workspace::apply::done::{Done, unless_same};
use crate::workspace::apply::objects::{
    add_field, add_object, label_object, remove_field, remove_object, update_field,
};
use crate::workspace::apply::options::set_group_mappings;
use crate::workspace::apply::permissions::{add_permission, remove_permission, update_permission};
use crate::workspace::apply::principals::{
    add_principal, assign, clear_role, join, remove_principal,
};
use crate::workspace::apply::roles::{
    create_role, delete_role, duplicate_role, edit_role, rename_role, role_slot, save_role,
    set_default_role,
};
use crate::workspace::{Change, Event, Workspace};

/// Does one change. What must hold of the result as a whole is checked afterwards, by `invariants`.
pub(in crate::workspace) fn apply_to(workspace: &mut Workspace, change: Change) -> Done {
    match change {
        Change::CreateRole { role } => create_role(workspace, role),
        Change::RenameRole { role, to } => rename_role(workspace, &role, to),
        Change::DescribeRole { role, description } => {
            edit_role(workspace, &role, |role| Ok(role.described(description)))
        }
        Change::SetEffect { role, cell, effect } => {
            edit_role(workspace, &role, |role| Ok(role.set(&cell, effect)?))
        }
        Change::SaveRole { saved, edited } => save_role(workspace, &saved, *edited),
        Change::DuplicateRole { role, to } => duplicate_role(workspace, &role, to),
        Change::DeleteRole { role } => delete_role(workspace, &role),
        Change::SetHolderKinds { role, kinds } => edit_role(workspace, &role, |role| {
            Ok(role.with_holder_kinds(kinds.iter()))
        }),
        Change::AssignRole { principal, role } => {
            let slot = role_slot(workspace, &role)?;
            assign(workspace, &principal, Some(slot))
        }
        Change::ClearRole { principal } => clear_role(workspace, &principal),
        Change::SetDefaultRole { role } => set_default_role(workspace, &role),
        Change::AddPrincipal { principal } => {
            let role =
                (principal.kind() == PrincipalKind::Member).then_some(workspace.default_role);
            add_principal(workspace, principal, role, None)
        }
        Change::Join { member, groups } => join(workspace, member, &groups),
        Change::RemovePrincipal { principal } => remove_principal(workspace, principal),
        Change::SetGroupMappings { mappings } => set_group_mappings(workspace, mappings),
        Change::SetKeysWithoutRole { access } => {
            let from = core::mem::replace(&mut workspace.keys_without_role, access);
            unless_same(
                from == access,
                Event::KeysWithoutRoleChanged { from, to: access },
            )
        }
        Change::SetGrantPolicy { policy } => {
            let from = core::mem::replace(&mut workspace.grant_policy, policy);
            unless_same(
                from == policy,
                Event::GrantPolicyChanged { from, to: policy },
            )
        }
        Change::AddObject { object } => add_object(workspace, object),
        Change::LabelObject { object, label } => label_object(workspace, &object, label),
        Change::RemoveObject { object } => remove_object(workspace, &object),
        Change::AddField { object, field } => add_field(workspace, object, field),
        Change::UpdateField { object, field } => update_field(workspace, object, field),
        Change::RemoveField { object, field } => remove_field(workspace, &object, &field),
        Change::AddPermission { permission } => add_permission(workspace, permission),
        Change::UpdatePermission { permission } => update_permission(workspace, permission),
        Change::RemovePermission { permission } => remove_permission(workspace, permission),
    }
}

//! Changes of workspace permissions: what each does, and which events it yields.

use alloc::vec::Vec;

use crate::model::id::PermissionKey;
use crate::model::problem::EntityKind;
use crate::model::schema::Permission;
use crate::workspace::apply::done::{Done, unless_same};
use crate::workspace::apply::schema::{drop_rules, known_permission, set_schema};
use crate::workspace::{ChangeError, Event, Workspace};

pub(super) fn add_permission(workspace: &mut Workspace, permission: Permission) -> Done {
    if known_permission(workspace, permission.key()).is_ok() {
        return Err(ChangeError::taken(
            EntityKind::Permission,
            permission.key().as_str(),
        ));
    }
    let builder = workspace.schema.to_builder().permission(permission.clone());
    set_schema(workspace, builder)?;
    Ok(alloc::vec![Event::PermissionAdded { permission }])
}

pub(super) fn update_permission(workspace: &mut Workspace, to: Permission) -> Done {
    let from = known_permission(workspace, to.key())?.clone();
    if from.class() != to.class() {
        return Err(ChangeError::ClassIsFixed(to.key().clone()));
    }
    let mut builder = workspace.schema.to_builder();
    builder.replace_permission(to.clone());
    set_schema(workspace, builder)?;
    unless_same(from == to, Event::PermissionChanged { from, to })
}

/// Whether no field is bound to a permission (L37).
pub(super) fn check_is_unbound(
    workspace: &Workspace,
    key: &PermissionKey,
) -> Result<(), ChangeError> {
    for object in workspace.schema.objects() {
        let mut fields = object.fields().iter();
        if let Some(field) = fields.find(|field| field.bound_permissions().contains(key)) {
            return Err(ChangeError::BoundTo {
                permission: key.clone(),
                object: object.key().clone(),
                field: field.key().clone(),
            });
        }
    }
    Ok(())
}

pub(super) fn remove_permission(workspace: &mut Workspace, key: PermissionKey) -> Done {
    let permission = known_permission(workspace, &key)?.clone();
    let mut permissions = workspace.schema.permissions().iter();
    if let Some(by) = permissions.find(|other| other.requirements().contains(&key)) {
        return Err(ChangeError::RequiredBy {
            permission: key,
            by: by.key().clone(),
        });
    }
    check_is_unbound(workspace, &key)?;
    let mut builder = workspace.schema.to_builder();
    builder.remove_permission(&key);
    let mut events = Vec::new();
    drop_rules(workspace, &mut events, |role| {
        role.permissions().contains(&key).then(|| {
            let event = Event::GrantDropped {
                role: role.name().clone(),
                permission: key.clone(),
            };
            (role.clone().without_permission(&key), event)
        })
    });
    set_schema(workspace, builder)?;
    events.push(Event::PermissionRemoved { permission });
    Ok(events)
}

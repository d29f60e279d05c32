//! What changes of the schema share: finding things, putting a schema in place, dropping rules.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::model::id::{FieldKey, ObjectKey, PermissionKey};
use crate::model::problem::EntityKind;
use crate::model::problem_list::Problems;
use crate::model::role::Role;
use crate::model::schema::{Field, Object, Permission, SchemaBuilder};
use crate::workspace::apply::roles::roles_mut;
use crate::workspace::{ChangeError, Event, RoleSlot, Workspace};

/// Puts a changed schema in place, if it is valid.
pub(super) fn set_schema(
    workspace: &mut Workspace,
    builder: SchemaBuilder,
) -> Result<(), ChangeError> {
    let mut problems = Problems::default();
    let schema = builder.check(&mut problems);
    ChangeError::unless_empty(problems)?;
    workspace.schema = Arc::new(schema);
    Ok(())
}

pub(super) fn unknown_object(workspace: &Workspace, key: &ObjectKey) -> ChangeError {
    let known = workspace.schema.objects().iter();
    ChangeError::unknown(
        EntityKind::Object,
        key.as_str(),
        known.map(|object| object.key().as_str()),
    )
}

pub(super) fn known_object<'w>(
    workspace: &'w Workspace,
    key: &ObjectKey,
) -> Result<&'w Object, ChangeError> {
    let object = workspace.schema.object(key.as_str());
    object.ok_or_else(|| unknown_object(workspace, key))
}

pub(super) fn known_field<'w>(
    workspace: &'w Workspace,
    object: &ObjectKey,
    key: &FieldKey,
) -> Result<&'w Field, ChangeError> {
    let object = known_object(workspace, object)?;
    let field = object.fields().iter().find(|field| field.key() == key);
    field.ok_or_else(|| {
        let known = object.fields().iter().map(|field| field.key().as_str());
        ChangeError::unknown(EntityKind::Field, key.as_str(), known)
    })
}

pub(super) fn known_permission<'w>(
    workspace: &'w Workspace,
    key: &PermissionKey,
) -> Result<&'w Permission, ChangeError> {
    let schema = &workspace.schema;
    schema.permission(key.as_str()).ok_or_else(|| {
        let known = schema.permissions().iter();
        ChangeError::unknown(
            EntityKind::Permission,
            key.as_str(),
            known.map(|permission| permission.key().as_str()),
        )
    })
}

/// Replaces each role for which `without` gives another, with an event each.
pub(super) fn drop_rules(
    workspace: &mut Workspace,
    events: &mut Vec<Event>,
    without: impl Fn(&Role) -> Option<(Role, Event)>,
) {
    let edited: Vec<(RoleSlot, Role, Event)> = workspace
        .roles
        .iter()
        .filter_map(|(slot, role)| without(role).map(|(role, event)| (slot, role, event)))
        .collect();
    if edited.is_empty() {
        return;
    }
    let roles = roles_mut(workspace);
    for (slot, role, event) in edited {
        roles.replace(slot, role);
        events.push(event);
    }
}

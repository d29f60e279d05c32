//! What each change does to a copy of the workspace, and which events it yields.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::id::{FieldKey, ObjectKey, PermissionKey, RoleName, is_name};
use crate::principal::{Principal, PrincipalKind};
use crate::problem::{Named, ProblemKind, Problems};
use crate::role::{self, Role};
use crate::schema::{Field, Object, Permission, SchemaBuilder};
use crate::workspace::builder::check_mappings;
use crate::workspace::{
    Change, ChangeError, Event, GroupMapping, GroupTarget, RoleSlot, Roles, Workspace,
};

type Done = Result<Vec<Event>, ChangeError>;

/// Does one change. What must hold of the result as a whole is checked afterwards, by `invariant`.
pub(super) fn perform(workspace: &mut Workspace, change: Change) -> Done {
    match change {
        Change::CreateRole { role } => create_role(workspace, role),
        Change::RenameRole { role, to } => rename_role(workspace, &role, to),
        Change::DescribeRole { role, description } => {
            edit_role(workspace, &role, |role| Ok(role.described(description)))
        }
        Change::SetEffect { role, cell, effect } => {
            edit_role(workspace, &role, |role| Ok(role.with(&cell, effect)?))
        }
        Change::SaveRole { saved, edited } => save_role(workspace, &saved, *edited),
        Change::DuplicateRole { role, to } => duplicate_role(workspace, &role, to),
        Change::DeleteRole { role } => delete_role(workspace, &role),
        Change::SetHolderKinds { role, kinds } => {
            edit_role(workspace, &role, |role| Ok(role.held_by(kinds.iter())))
        }
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

fn unless_same(is_same: bool, event: Event) -> Done {
    if is_same {
        Err(ChangeError::NothingChanges)
    } else {
        Ok(alloc::vec![event])
    }
}

// Roles

fn role_slot(workspace: &Workspace, name: &RoleName) -> Result<RoleSlot, ChangeError> {
    let roles = &workspace.roles;
    roles
        .slot(name)
        .ok_or_else(|| ChangeError::unknown(Named::Role, name.as_str(), roles.names()))
}

/// The slot of a role that is not Admin, and the role (L13).
fn ordinary_role(workspace: &Workspace, name: &RoleName) -> Result<(RoleSlot, Role), ChangeError> {
    let slot = role_slot(workspace, name)?;
    match workspace.roles.get(slot) {
        Some(role) if !role.is_admin() => Ok((slot, role.clone())),
        _ => Err(ChangeError::AdminIsFixed(name.clone())),
    }
}

/// Whether a role can stand under a name that nobody else has (L4, L6, L20).
fn check_role(workspace: &Workspace, role: &Role) -> Result<(), ChangeError> {
    let mut problems = Problems::default();
    role::check::check(role, &workspace.schema, "", &mut problems);
    ChangeError::unless_empty(problems)
}

fn check_is_free(workspace: &Workspace, name: &RoleName) -> Result<(), ChangeError> {
    match workspace.roles.slot(name) {
        Some(_) => Err(ChangeError::taken(Named::Role, name.as_str())),
        None => Ok(()),
    }
}

fn roles_mut(workspace: &mut Workspace) -> &mut Roles {
    Arc::make_mut(&mut workspace.roles)
}

fn create_role(workspace: &mut Workspace, role: Role) -> Done {
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

fn rename_role(workspace: &mut Workspace, name: &RoleName, to: RoleName) -> Done {
    let (slot, role) = ordinary_role(workspace, name)?;
    if *name == to {
        return Err(ChangeError::NothingChanges);
    }
    check_is_free(workspace, &to)?;
    let renamed = role.renamed(to.clone());
    check_role(workspace, &renamed)?;
    roles_mut(workspace).replace(slot, renamed);
    // Mappings name roles, and follow them.
    for mapping in Arc::make_mut(&mut workspace.group_mappings) {
        if mapping.target == GroupTarget::Role(name.clone()) {
            mapping.target = GroupTarget::Role(to.clone());
        }
    }
    let from = name.clone();
    Ok(alloc::vec![Event::RoleRenamed { from, to }])
}

/// Puts an edited role in its place, under the same name.
fn edit_role(
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

fn save_role(workspace: &mut Workspace, saved: &Role, edited: Role) -> Done {
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

fn duplicate_role(workspace: &mut Workspace, name: &RoleName, to: RoleName) -> Done {
    let (_, role) = ordinary_role(workspace, name)?;
    create_role(workspace, role.renamed(to))
}

fn delete_role(workspace: &mut Workspace, name: &RoleName) -> Done {
    let (slot, role) = ordinary_role(workspace, name)?;
    if slot == workspace.default_role {
        return Err(ChangeError::DefaultRoleInUse(name.clone()));
    }
    let target = GroupTarget::Role(name.clone());
    if let Some(mapping) = workspace
        .group_mappings
        .iter()
        .find(|mapping| mapping.target == target)
    {
        return Err(ChangeError::MappedRole {
            role: name.clone(),
            group: mapping.group.clone(),
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

fn set_default_role(workspace: &mut Workspace, name: &RoleName) -> Done {
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

// Principals

fn role_name(workspace: &Workspace, slot: Option<RoleSlot>) -> Option<RoleName> {
    let role = workspace.roles.get(slot?)?;
    Some(role.name().clone())
}

fn known(workspace: &Workspace, principal: &Principal) -> Result<Option<RoleSlot>, ChangeError> {
    workspace.holders.find(principal).ok_or_else(|| {
        let known = workspace.holders.sorted(principal.kind());
        ChangeError::unknown(
            Named::of(principal.kind()),
            principal.id(),
            known.into_iter().map(|(id, _)| id),
        )
    })
}

/// Gives a principal a role, or none.
fn assign(workspace: &mut Workspace, principal: &Principal, to: Option<RoleSlot>) -> Done {
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

fn clear_role(workspace: &mut Workspace, principal: &Principal) -> Done {
    known(workspace, principal)?;
    if principal.kind() == PrincipalKind::Member {
        return Err(ChangeError::MemberNeedsRole(principal.clone()));
    }
    assign(workspace, principal, None)
}

fn add_principal(
    workspace: &mut Workspace,
    principal: Principal,
    role: Option<RoleSlot>,
    group: Option<String>,
) -> Done {
    let what = Named::of(principal.kind());
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
fn join(workspace: &mut Workspace, member: String, groups: &BTreeSet<String>) -> Done {
    let mapping = workspace.mapping_for(groups).cloned();
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

fn remove_principal(workspace: &mut Workspace, principal: Principal) -> Done {
    let role = known(workspace, &principal)?;
    workspace.holders.remove(&principal);
    Ok(alloc::vec![Event::PrincipalRemoved {
        role: role_name(workspace, role),
        principal,
    }])
}

fn set_group_mappings(workspace: &mut Workspace, mappings: Vec<GroupMapping>) -> Done {
    let mut problems = Problems::default();
    check_mappings(
        &mappings,
        |name| workspace.role(name),
        || workspace.roles.names(),
        &mut problems,
    );
    ChangeError::unless_empty(problems)?;
    let from = core::mem::replace(&mut workspace.group_mappings, Arc::new(mappings.clone()));
    unless_same(
        *from == mappings,
        Event::GroupMappingsChanged {
            from: (*from).clone(),
            to: mappings,
        },
    )
}

// Schema

/// Puts a changed schema in place, if it is valid.
fn set_schema(workspace: &mut Workspace, builder: SchemaBuilder) -> Result<(), ChangeError> {
    let mut problems = Problems::default();
    let schema = builder.check(&mut problems);
    ChangeError::unless_empty(problems)?;
    workspace.schema = Arc::new(schema);
    Ok(())
}

fn unknown_object(workspace: &Workspace, key: &ObjectKey) -> ChangeError {
    let known = workspace.schema.objects().iter();
    ChangeError::unknown(
        Named::Object,
        key.as_str(),
        known.map(|object| object.key().as_str()),
    )
}

fn known_object<'w>(workspace: &'w Workspace, key: &ObjectKey) -> Result<&'w Object, ChangeError> {
    let object = workspace.schema.object(key.as_str());
    object.ok_or_else(|| unknown_object(workspace, key))
}

fn known_field<'w>(
    workspace: &'w Workspace,
    object: &ObjectKey,
    key: &FieldKey,
) -> Result<&'w Field, ChangeError> {
    let object = known_object(workspace, object)?;
    let field = object.fields().iter().find(|field| field.key() == key);
    field.ok_or_else(|| {
        let known = object.fields().iter().map(|field| field.key().as_str());
        ChangeError::unknown(Named::Field, key.as_str(), known)
    })
}

fn known_permission<'w>(
    workspace: &'w Workspace,
    key: &PermissionKey,
) -> Result<&'w Permission, ChangeError> {
    let schema = &workspace.schema;
    schema.permission(key.as_str()).ok_or_else(|| {
        let known = schema.permissions().iter();
        ChangeError::unknown(
            Named::Permission,
            key.as_str(),
            known.map(|permission| permission.key().as_str()),
        )
    })
}

fn add_object(workspace: &mut Workspace, object: Object) -> Done {
    if workspace.schema.object(object.key().as_str()).is_some() {
        return Err(ChangeError::taken(Named::Object, object.key().as_str()));
    }
    let builder = workspace.schema.to_builder().add_object(object.clone());
    set_schema(workspace, builder)?;
    Ok(alloc::vec![Event::ObjectAdded { object }])
}

fn label_object(workspace: &mut Workspace, key: &ObjectKey, label: Option<String>) -> Done {
    let from = known_object(workspace, key)?.label_text().map(String::from);
    let mut builder = workspace.schema.to_builder();
    builder.edit_object(key, |object| object.labelled(label.clone()));
    set_schema(workspace, builder)?;
    unless_same(
        from == label,
        Event::ObjectLabelled {
            object: key.clone(),
            from,
            to: label,
        },
    )
}

fn remove_object(workspace: &mut Workspace, key: &ObjectKey) -> Done {
    let removed = known_object(workspace, key)?.clone();
    let mut events = Vec::new();
    let mut builder = workspace.schema.to_builder();
    builder.remove_object(key);
    for object in workspace.schema.objects() {
        let relations = object.fields().iter();
        for from in relations.filter(|field| field.relation_object() == Some(key)) {
            if object.key() == key {
                continue;
            }
            let to = from.clone().unrelated();
            builder.edit_object(object.key(), |object| object.with_field(to.clone()));
            events.push(Event::FieldChanged {
                object: object.key().clone(),
                from: from.clone(),
                to,
            });
        }
    }
    drop_rules(workspace, &mut events, |role| {
        let rule = role.rules().get(key)?.clone();
        let event = Event::ObjectRuleDropped {
            role: role.name().clone(),
            object: key.clone(),
            rule,
        };
        Some((role.clone().without_rule(key), event))
    });
    set_schema(workspace, builder)?;
    events.push(Event::ObjectRemoved { object: removed });
    Ok(events)
}

/// Replaces each role for which `without` gives another, with an event each.
fn drop_rules(
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

fn add_field(workspace: &mut Workspace, object: ObjectKey, field: Field) -> Done {
    known_object(workspace, &object)?;
    if known_field(workspace, &object, field.key()).is_ok() {
        return Err(ChangeError::taken(Named::Field, field.key().as_str()));
    }
    let builder = workspace.schema.to_builder().field(&object, field.clone());
    set_schema(workspace, builder)?;
    Ok(alloc::vec![Event::FieldAdded { object, field }])
}

fn update_field(workspace: &mut Workspace, object: ObjectKey, to: Field) -> Done {
    let from = known_field(workspace, &object, to.key())?.clone();
    let mut builder = workspace.schema.to_builder();
    builder.edit_object(&object, |object| object.with_field(to.clone()));
    set_schema(workspace, builder)?;
    unless_same(from == to, Event::FieldChanged { object, from, to })
}

fn remove_field(workspace: &mut Workspace, object: &ObjectKey, key: &FieldKey) -> Done {
    let field = known_field(workspace, object, key)?.clone();
    let mut builder = workspace.schema.to_builder();
    builder.edit_object(object, |object| object.without_field(key));
    let mut events = Vec::new();
    drop_rules(workspace, &mut events, |role| {
        let rule = role.rules().get(object)?;
        let field_rule = *rule.fields().get(key)?;
        let event = Event::FieldRuleDropped {
            role: role.name().clone(),
            object: object.clone(),
            field: key.clone(),
            rule: field_rule,
        };
        let rule = rule.clone().without_field(key);
        Some((role.clone().with_rule(object, rule), event))
    });
    set_schema(workspace, builder)?;
    events.push(Event::FieldRemoved {
        object: object.clone(),
        field,
    });
    Ok(events)
}

fn add_permission(workspace: &mut Workspace, permission: Permission) -> Done {
    if known_permission(workspace, permission.key()).is_ok() {
        return Err(ChangeError::taken(
            Named::Permission,
            permission.key().as_str(),
        ));
    }
    let builder = workspace.schema.to_builder().permission(permission.clone());
    set_schema(workspace, builder)?;
    Ok(alloc::vec![Event::PermissionAdded { permission }])
}

fn update_permission(workspace: &mut Workspace, to: Permission) -> Done {
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
fn check_is_unbound(workspace: &Workspace, key: &PermissionKey) -> Result<(), ChangeError> {
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

fn remove_permission(workspace: &mut Workspace, key: PermissionKey) -> Done {
    let permission = known_permission(workspace, &key)?.clone();
    let mut permissions = workspace.schema.permissions().iter();
    if let Some(by) = permissions.find(|other| other.required().contains(&key)) {
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

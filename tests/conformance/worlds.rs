//! How is a workspace of the file put together? Small steps, each of which says what it adds.

use std::collections::BTreeMap;

use crate::reference::{
    Action, Class, Effect, FieldRuleModel, Guard, KeysWithoutRole, Permission, RoleModel, World,
};

/// Admin, held by `ada`, then these roles, of which the first is the default role.
pub(super) fn world(
    objects: &[(&str, &[&str])],
    roles: impl IntoIterator<Item = RoleModel>,
) -> World {
    let objects = objects.iter().map(|(object, fields)| {
        let fields = fields.iter().map(ToString::to_string);
        ((*object).to_owned(), fields.collect())
    });
    let mut world = World {
        objects: objects.collect(),
        relations: BTreeMap::new(),
        guards: BTreeMap::new(),
        permissions: Vec::new(),
        roles: vec![RoleModel::admin("Admin")],
        default_role: 1,
        members: BTreeMap::from([("ada".to_owned(), 0)]),
        api_keys: BTreeMap::new(),
        agents: BTreeMap::new(),
        keys_without_role: KeysWithoutRole::DefaultRole,
    };
    world.roles.extend(roles);
    world
}

/// A role that allows these actions on all objects.
pub(super) fn role(name: &str, allow: &[Action]) -> RoleModel {
    let baseline =
        [Action::See, Action::Edit, Action::Delete, Action::Destroy].map(|it| allow.contains(&it));
    RoleModel {
        baseline,
        ..RoleModel::new(name)
    }
}

/// Sets the effects of an object rule, See first.
pub(super) fn on(role: &mut RoleModel, object: &str, effects: [Effect; 4]) {
    role.objects.entry(object.to_owned()).or_default().effects = effects;
}

pub(super) fn on_field(role: &mut RoleModel, object: &str, field: &str, see: Effect, edit: Effect) {
    let fields = &mut role.objects.entry(object.to_owned()).or_default().fields;
    fields.insert(field.to_owned(), FieldRuleModel { see, edit });
}

pub(super) fn grant(role: &mut RoleModel, permissions: &[&str]) {
    let permissions = permissions.iter().map(ToString::to_string);
    role.permissions.extend(permissions);
}

pub(super) fn permission(key: &str, class: Class, requires: &[&str]) -> Permission {
    Permission {
        key: key.to_owned(),
        class,
        requires: requires.iter().map(ToString::to_string).collect(),
    }
}

/// Each member with the number of its role.
pub(super) fn members(world: &mut World, members: &[(&str, usize)]) {
    let members = members.iter().map(|(id, role)| ((*id).to_owned(), *role));
    world.members.extend(members);
}

pub(super) fn api_keys(world: &mut World, keys: &[(&str, Option<usize>)]) {
    let keys = keys.iter().map(|(id, role)| ((*id).to_owned(), *role));
    world.api_keys.extend(keys);
}

pub(super) fn agents(world: &mut World, agents: &[(&str, Option<usize>)]) {
    let agents = agents.iter().map(|(id, role)| ((*id).to_owned(), *role));
    world.agents.extend(agents);
}

pub(super) fn points(world: &mut World, object: &str, field: &str, to: &str) {
    let place = (object.to_owned(), field.to_owned());
    world.relations.insert(place, to.to_owned());
}

pub(super) fn guard(world: &mut World, object: &str, field: &str, guard: Guard) {
    let place = (object.to_owned(), field.to_owned());
    world.guards.insert(place, guard);
}

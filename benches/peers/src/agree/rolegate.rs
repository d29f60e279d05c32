//! A sample as a rolegate workspace.

use rolegate::{
    Access, Permission, PermissionClass, Policy, Principal, PrincipalKind, Role, Schema, Workspace,
};

use rolegate::workspace::KeysWithoutRole;

use super::sample::{self, Class, Kind, Sample, Thing};
use crate::translate;

/// Compiles a sample.
pub fn compile(sample: &Sample) -> Policy {
    let keys = match sample.keys_without_role {
        sample::KeysWithoutRole::DefaultRole => KeysWithoutRole::DefaultRole,
        sample::KeysWithoutRole::Denied => KeysWithoutRole::Denied,
    };
    let mut workspace = Workspace::builder(schema(sample)).keys_without_role(keys);
    for plain in &sample.roles {
        workspace = workspace.role(role(sample, plain));
    }
    for (holder, role) in &sample.holders {
        let role = role.map(|role| sample.roles[role].records.name.as_str().into());
        workspace = workspace.holder(principal(holder), role);
    }
    let default = sample.roles[sample.default_role].records.name.as_str();
    workspace
        .default_role(default)
        .build()
        .expect("the sample is a valid workspace")
        .compile()
}

pub fn principal(plain: &sample::Principal) -> Principal {
    Principal::new(kind(plain.kind), plain.id.as_str())
}

/// Whether a principal, or a chain of them, may do a thing.
pub fn may(access: &Access<'_>, thing: &Thing) -> bool {
    match thing {
        Thing::Records {
            action,
            object,
            field,
        } => access.can(translate::action(*action), object, field.as_deref()),
        Thing::Permission(name) => access.can_use(name),
    }
}

fn schema(sample: &Sample) -> Schema {
    let schema = sample
        .objects
        .iter()
        .fold(Schema::builder(), |schema, object| {
            schema.object(
                object.name.as_str(),
                object.fields.iter().map(String::as_str),
            )
        });
    let permissions = sample.permissions.iter().map(|plain| {
        let required = plain
            .requires
            .iter()
            .map(|&index| sample.permissions[index].name.as_str());
        required.fold(
            Permission::new(class(plain.class), plain.name.as_str()),
            Permission::with_requirement,
        )
    });
    schema
        .only_permissions(permissions)
        .build()
        .expect("the sample has a valid schema")
}

fn role(sample: &Sample, plain: &sample::Role) -> Role {
    if plain.admin {
        return Role::admin(plain.records.name.as_str());
    }
    let role = translate::role(&sample.objects, &plain.records);
    let role = role.with_holder_kinds(plain.held_by.iter().copied().map(kind));
    let listed = plain
        .permissions
        .iter()
        .map(|&index| sample.permissions[index].name.as_str());
    let role = listed.fold(role, Role::grant);
    let switches = [
        (plain.all_settings, Class::Settings),
        (plain.all_actions, Class::Actions),
    ];
    let on = switches
        .into_iter()
        .filter_map(|(on, of)| on.then_some(class(of)));
    on.fold(role, Role::grant_all)
}

fn kind(kind: Kind) -> PrincipalKind {
    match kind {
        Kind::Member => PrincipalKind::Member,
        Kind::ApiKey => PrincipalKind::ApiKey,
        Kind::Agent => PrincipalKind::Agent,
    }
}

fn class(class: Class) -> PermissionClass {
    match class {
        Class::Settings => PermissionClass::Settings,
        Class::Actions => PermissionClass::Actions,
    }
}

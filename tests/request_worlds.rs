//! Which worlds have related objects and guarded fields, and which requests are made in them? Random ones.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use rolegate::request::{Read, Write};
use rolegate::{
    Access, FieldRule, Object, ObjectRule, Permission, Policy, Principal, Role, Schema, Workspace,
};

use crate::bridge;
use crate::reference::{
    Action, Closed, Effect, FieldRuleModel, Guard, KeysWithoutRole, Kind, ObjectRuleModel,
    ReadModel, RoleModel, Who, World, WriteKind, WriteModel,
};

/// People, companies and accounts, which point to each other and to themselves.
pub(crate) const OBJECTS: [(&str, &[&str]); 3] = [
    (
        "people",
        &["name", "email", "company", "friend", "deleted_at"],
    ),
    ("companies", &["name", "revenue", "owner", "parent"]),
    ("accounts", &["role", "person", "id"]),
];
pub(crate) const RELATIONS: [(&str, &str, &str); 5] = [
    ("people", "company", "companies"),
    ("people", "friend", "people"),
    ("companies", "owner", "accounts"),
    ("companies", "parent", "companies"),
    ("accounts", "person", "people"),
];
pub(crate) const PERMISSIONS: [&str; 4] = ["import_csv", "export_csv", "roles", "security"];

/// Names that no object and no field has.
pub(crate) const UNKNOWN: [&str; 4] = ["", "Name", "phone", "name "];

pub(crate) fn worlds() -> BoxedStrategy<World> {
    let guards = vec((any::<Index>(), guards()), 0..=4);
    let roles = vec(roles(), 1..=3);
    (roles, guards)
        .prop_map(|(roles, guards)| {
            let places = places();
            let guards = guards.into_iter();
            let guards = guards.map(|(place, guard)| (place.get(&places).clone(), guard));
            world(roles, guards.collect())
        })
        .boxed()
}

/// Every field with its object.
pub(crate) fn places() -> Vec<(String, String)> {
    let of = |(object, fields): (&str, &[&str])| -> Vec<(String, String)> {
        let fields = fields.iter();
        fields
            .map(|&field| (object.to_owned(), field.to_owned()))
            .collect()
    };
    OBJECTS.into_iter().flat_map(of).collect()
}

/// The world of some roles, each of which a member holds: `m1` and so on.
pub(crate) fn world(roles: Vec<RoleModel>, guards: BTreeMap<(String, String), Guard>) -> World {
    let objects = OBJECTS.map(|(object, fields)| {
        let fields = fields.iter().map(|&field| field.to_owned());
        (object.to_owned(), fields.collect::<Vec<String>>())
    });
    let relations =
        RELATIONS.map(|(object, field, to)| ((object.to_owned(), field.to_owned()), to.to_owned()));
    let mut world = World {
        objects: objects.into(),
        relations: relations.into(),
        guards,
        permissions: PERMISSIONS
            .map(|key| crate::reference::Permission {
                key: key.to_owned(),
                class: crate::reference::Class::Actions,
                requires: BTreeSet::new(),
            })
            .into(),
        roles: vec![RoleModel::admin("Admin")],
        default_role: 1,
        members: BTreeMap::from([("m0".to_owned(), 0)]),
        api_keys: BTreeMap::new(),
        agents: BTreeMap::from([("idle".to_owned(), None)]),
        keys_without_role: KeysWithoutRole::Denied,
    };
    for (at, role) in (1..).zip(roles) {
        world.roles.push(RoleModel {
            name: format!("role {at}"),
            ..role
        });
        world.members.insert(format!("m{at}"), at);
    }
    world
}

fn guards() -> BoxedStrategy<Guard> {
    let closed = prop_oneof![
        6 => Just(None),
        1 => Just(Some(Closed::ReadOnly)),
        1 => Just(Some(Closed::System)),
    ];
    let actions = vec![Action::Edit, Action::Delete, Action::Destroy];
    let permissions = PERMISSIONS.map(str::to_owned).to_vec();
    (
        closed,
        subsequence(actions, 0..=2),
        subsequence(permissions, 0..=2),
    )
        .prop_map(|(closed, actions, permissions)| Guard {
            closed,
            actions: actions.into_iter().collect(),
            permissions: permissions.into_iter().collect(),
        })
        .boxed()
}

fn roles() -> BoxedStrategy<RoleModel> {
    let writes = [prop::bool::weighted(0.7); 3];
    let rules = OBJECTS.map(|(object, fields)| {
        let rules = fields.iter().map(|&field| {
            let rule = prop::option::weighted(0.3, (effects(), effects()));
            rule.prop_map(move |rule| (field, rule)).boxed()
        });
        let effects = [effects(), effects(), effects(), effects()];
        let rule = (effects, rules.collect::<Vec<_>>());
        prop::option::weighted(0.7, rule)
            .prop_map(move |rule| (object, rule))
            .boxed()
    });
    let permissions = subsequence(PERMISSIONS.map(str::to_owned).to_vec(), 0..=4);
    (
        prop::bool::weighted(0.8),
        writes,
        rules.to_vec(),
        permissions,
    )
        .prop_map(|(see, writes, rules, permissions)| {
            let [edit, delete, destroy] = writes.map(|write| see && write);
            let mut role = RoleModel::new("");
            role.baseline = [see, edit, delete, destroy];
            role.permissions = permissions.into_iter().collect();
            for (object, rule) in rules {
                let Some(([see, edit, delete, destroy], fields)) = rule else {
                    continue;
                };
                let [edit, delete, destroy] =
                    [edit, delete, destroy].map(|write| under(see, write));
                let fields = fields.into_iter().filter_map(|(field, rule)| {
                    let (see, edit) = rule?;
                    let edit = under(see, edit);
                    Some((field.to_owned(), FieldRuleModel { see, edit }))
                });
                let rule = ObjectRuleModel {
                    effects: [see, edit, delete, destroy],
                    fields: fields.collect(),
                };
                role.objects.insert(object.to_owned(), rule);
            }
            role
        })
        .boxed()
}

fn effects() -> BoxedStrategy<Effect> {
    prop_oneof![
        4 => Just(Effect::Inherit),
        3 => Just(Effect::Allow),
        1 => Just(Effect::Deny),
    ]
    .boxed()
}

/// L4: what denies See allows no change.
pub(crate) fn under(see: Effect, write: Effect) -> Effect {
    match (see, write) {
        (Effect::Deny, Effect::Allow) => Effect::Inherit,
        _ => write,
    }
}

/// One to three links; seldom one that is unknown or has no role.
pub(crate) fn chains() -> BoxedStrategy<Vec<Who>> {
    let who = prop_oneof![
        1 => Just((Kind::Member, "m0")),
        8 => Just((Kind::Member, "m1")),
        4 => Just((Kind::Member, "m2")),
        1 => Just((Kind::Agent, "idle")),
    ];
    let who = who.prop_map(|(kind, id)| Who {
        kind,
        id: id.to_owned(),
    });
    prop_oneof![4 => vec(who.clone(), 1), 1 => vec(who, 2..=3)].boxed()
}

/// Mostly one that is known.
fn object_names() -> BoxedStrategy<String> {
    let known = OBJECTS.map(|(object, _)| object);
    prop_oneof![20 => select(known.to_vec()), 1 => select(UNKNOWN.to_vec())]
        .prop_map(str::to_owned)
        .boxed()
}

/// Names of fields of that object; mostly known ones.
fn field_names(object: &str, most: usize) -> BoxedStrategy<Vec<String>> {
    let name = prop_oneof![
        30 => known_fields(object),
        1 => select(UNKNOWN.to_vec()).prop_map(str::to_owned).boxed(),
    ];
    vec(name, 0..=most).boxed()
}

fn known_fields(object: &str) -> BoxedStrategy<String> {
    let object = OBJECTS.into_iter().find(|(known, _)| *known == object);
    let fields = object.map_or(&["name"][..], |(_, fields)| fields);
    select(fields.to_vec()).prop_map(str::to_owned).boxed()
}

/// Paths from that object: by relations, mostly, and seldom through what is none or too far.
pub(crate) fn paths(object: &str, most: usize) -> BoxedStrategy<Vec<String>> {
    let object = object.to_owned();
    let hops = prop_oneof![30 => 0..=3_usize, 1 => 6..=9_usize];
    let path = (vec(any::<Index>(), 12), hops, any::<Index>(), any::<u8>());
    let path = path.prop_map(move |(picks, hops, last, odd)| {
        let mut object = object.as_str();
        let mut names = Vec::new();
        for pick in picks.iter().take(hops) {
            let from = RELATIONS.iter().filter(|(from, ..)| *from == object);
            let from: Vec<&(&str, &str, &'static str)> = from.collect();
            if from.is_empty() {
                break;
            }
            let (_, field, to) = **pick.get(&from);
            names.push(field);
            object = to;
        }
        let fields = OBJECTS.into_iter().find(|(known, _)| *known == object);
        names.push(*last.get(fields.map_or(&["name"][..], |(_, fields)| fields)));
        match odd {
            0..=3 => names.push("name"),
            4..=7 => names.insert(0, *last.get(&UNKNOWN)),
            _ => {}
        }
        names.join(".")
    });
    vec(path, 0..=most).boxed()
}

pub(crate) fn reads() -> BoxedStrategy<ReadModel> {
    object_names()
        .prop_flat_map(|object| {
            let use_ = || paths(&object, 1);
            let uses = [use_(), use_(), use_(), use_(), use_()];
            let export = prop::bool::weighted(0.2);
            (paths(&object, 4), uses, export).prop_map(move |(select, uses, export)| ReadModel {
                object: object.clone(),
                select,
                uses,
                export,
            })
        })
        .boxed()
}

pub(crate) fn writes() -> BoxedStrategy<WriteModel> {
    let kinds = vec![
        WriteKind::Create,
        WriteKind::Update,
        WriteKind::Update,
        WriteKind::Upsert,
        WriteKind::Delete,
        WriteKind::Restore,
        WriteKind::Destroy,
    ];
    (object_names(), select(kinds))
        .prop_flat_map(|(object, kind)| {
            let returning = paths(&object, 1);
            let import = prop::bool::weighted(0.2);
            (field_names(&object, 3), returning, import).prop_map(
                move |(fields, returning, import)| WriteModel {
                    kind,
                    object: object.clone(),
                    fields,
                    returning,
                    import,
                },
            )
        })
        .boxed()
}

// ---- For the library ----

pub(crate) fn policy(world: &World) -> Policy {
    workspace(world).compile()
}

pub(crate) fn workspace(world: &World) -> Workspace {
    let mut schema = Schema::builder().only_permissions(
        world
            .permissions
            .iter()
            .map(|known| Permission::action(&known.key)),
    );
    for (object, fields) in &world.objects {
        let fields = fields
            .iter()
            .map(|field| bridge::field(world, object, field));
        schema = schema.add_object(fields.fold(Object::new(object), Object::field));
    }
    let schema = schema.build().expect("the schema is valid");
    let mut builder = Workspace::builder(schema).default_role(&world.roles[1].name);
    for model in &world.roles {
        builder = builder.role(role(model));
    }
    for (id, role) in &world.members {
        builder = builder.member(id.as_str(), &world.roles[*role].name);
    }
    let builder = builder.principal_without_role(Principal::agent("idle"));
    builder.build().expect("the world is valid")
}

fn role(model: &RoleModel) -> Role {
    if model.admin {
        return Role::admin(&model.name);
    }
    let mut role = Role::new(&model.name);
    for (action, allowed) in rolegate::Action::ALL.into_iter().zip(model.baseline) {
        if allowed {
            role = role.allow(action);
        }
    }
    for (object, by_object) in &model.objects {
        let mut rule = ObjectRule::new();
        for (action, effect) in rolegate::Action::ALL.into_iter().zip(by_object.effects) {
            rule = rule.set(action, effect_of(effect));
        }
        for (field, by_field) in &by_object.fields {
            let see = effect_of(by_field.see);
            rule = rule.field(
                field,
                FieldRule::new()
                    .set_see(see)
                    .set_edit(effect_of(by_field.edit)),
            );
        }
        role = role.rule(object, rule);
    }
    model.permissions.iter().fold(role, Role::grant)
}

pub(crate) fn actions(action: Action) -> rolegate::Action {
    match action {
        Action::See => rolegate::Action::See,
        Action::Edit => rolegate::Action::Edit,
        Action::Delete => rolegate::Action::Delete,
        Action::Destroy => rolegate::Action::Destroy,
    }
}

fn effect_of(effect: Effect) -> rolegate::Effect {
    match effect {
        Effect::Inherit => rolegate::Effect::Inherit,
        Effect::Allow => rolegate::Effect::Allow,
        Effect::Deny => rolegate::Effect::Deny,
    }
}

pub(crate) fn access<'p>(policy: &'p Policy, chain: &[Who]) -> Access<'p> {
    let mut principals = chain.iter().map(|who| match who.kind {
        Kind::Member => Principal::member(who.id.as_str()),
        Kind::ApiKey => Principal::api_key(who.id.as_str()),
        Kind::Agent => Principal::agent(who.id.as_str()),
    });
    let first = policy.access(&principals.next().expect("a chain has a link"));
    principals.fold(first, |access, principal| access.on_behalf_of(&principal))
}

pub(crate) fn read(model: &ReadModel) -> Read<'_> {
    let [filter, sort, group, aggregate, search] = &model.uses;
    let read = Read::new(&model.object)
        .select(&model.select)
        .filter(filter)
        .sort(sort)
        .group(group)
        .aggregate(aggregate)
        .search(search);
    if model.export { read.exporting() } else { read }
}

pub(crate) fn write(model: &WriteModel) -> Write<'_> {
    let kind = match model.kind {
        WriteKind::Create => rolegate::request::WriteKind::Create,
        WriteKind::Update => rolegate::request::WriteKind::Update,
        WriteKind::Upsert => rolegate::request::WriteKind::Upsert,
        WriteKind::Delete => rolegate::request::WriteKind::Delete,
        WriteKind::Restore => rolegate::request::WriteKind::Restore,
        WriteKind::Destroy => rolegate::request::WriteKind::Destroy,
    };
    let write = Write::new(kind, &model.object)
        .fields(&model.fields)
        .returning(&model.returning);
    if model.import {
        write.importing()
    } else {
        write
    }
}

//! A sample as Cedar entities, asked under the laws written as Cedar policies.

use std::collections::HashSet;
use std::sync::LazyLock;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid,
    PolicySet, Request, RestrictedExpression,
};

use super::sample::{Class, KeysWithoutRole, Kind, Permission, Principal, Role, Sample, Thing};
use crate::workload::{Action, Effect};

static LAWS: LazyLock<PolicySet> = LazyLock::new(|| {
    include_str!("laws.cedar")
        .parse()
        .expect("the laws are valid policies")
});

/// The types of the entities; parsing their names takes longer than a decision.
struct Types {
    member: EntityTypeName,
    api_key: EntityTypeName,
    agent: EntityTypeName,
    role: EntityTypeName,
    object: EntityTypeName,
    field: EntityTypeName,
    permission: EntityTypeName,
    action: EntityTypeName,
}

static TYPES: LazyLock<Types> = LazyLock::new(|| {
    let name = |name: &str| name.parse().expect("the name is an identifier");
    Types {
        member: name("Member"),
        api_key: name("ApiKey"),
        agent: name("Agent"),
        role: name("Role"),
        object: name("Object"),
        field: name("Field"),
        permission: name("Permission"),
        action: name("Action"),
    }
});

/// A sample that answers through Cedar.
pub struct Workspace {
    authorizer: Authorizer,
    entities: Entities,
}

impl Workspace {
    pub fn new(sample: &Sample) -> Self {
        let mut entities = Vec::new();
        for object in &sample.objects {
            let this = uid(&TYPES.object, &object.name);
            entities.push(thing(this.clone(), &this));
            let fields = object
                .fields
                .iter()
                .map(|field| thing(field_uid(&object.name, field), &this));
            entities.extend(fields);
        }
        entities.extend((0..sample.permissions.len()).map(|index| permission(sample, index)));
        entities.extend(sample.roles.iter().map(|role| role_entity(sample, role)));
        entities.extend(
            sample
                .holders
                .iter()
                .map(|(principal, role)| holder(sample, principal, *role)),
        );
        let entities = Entities::from_entities(entities, None).expect("the entities are unique");
        Self {
            authorizer: Authorizer::new(),
            entities,
        }
    }

    pub fn may(&self, principal: &EntityUid, (action, resource): &(EntityUid, EntityUid)) -> bool {
        let request = Request::new(
            principal.clone(),
            action.clone(),
            resource.clone(),
            Context::empty(),
            None,
        )
        .expect("without a schema, any request is valid");
        self.authorizer
            .is_authorized(&request, &LAWS, &self.entities)
            .decision()
            == Decision::Allow
    }
}

/// A principal as it stands in a request.
pub fn principal_uid(principal: &Principal) -> EntityUid {
    let kind = match principal.kind {
        Kind::Member => &TYPES.member,
        Kind::ApiKey => &TYPES.api_key,
        Kind::Agent => &TYPES.agent,
    };
    uid(kind, &principal.id)
}

/// A thing as it stands in a request: the action and the resource.
pub fn asked(thing: &Thing) -> (EntityUid, EntityUid) {
    match thing {
        Thing::Records {
            action,
            object,
            field: None,
        } => (action_uid(action.name()), uid(&TYPES.object, object)),
        Thing::Records {
            action,
            object,
            field: Some(field),
        } => (action_uid(action.name()), field_uid(object, field)),
        Thing::Permission(name) => (action_uid("use"), uid(&TYPES.permission, name)),
    }
}

/// An object, or a field of it.
fn thing(this: EntityUid, object: &EntityUid) -> Entity {
    let object = RestrictedExpression::new_entity_uid(object.clone());
    entity(
        this,
        [
            ("known", RestrictedExpression::new_bool(true)),
            ("object", object),
        ],
    )
}

/// A permission with itself and everything that it requires, directly or not, by class.
fn permission(sample: &Sample, index: usize) -> Entity {
    let mut needed = vec![index];
    let mut done = 0;
    while let Some(&next) = needed.get(done) {
        needed.extend(&sample.permissions[next].requires);
        done += 1;
    }
    let of_class = |class| {
        let needed = needed.iter().map(|&index| &sample.permissions[index]);
        permissions(needed.filter(|permission| permission.class == class))
    };
    entity(
        uid(&TYPES.permission, &sample.permissions[index].name),
        [
            ("known", RestrictedExpression::new_bool(true)),
            ("needs_settings", of_class(Class::Settings)),
            ("needs_actions", of_class(Class::Actions)),
        ],
    )
}

fn role_entity(sample: &Sample, role: &Role) -> Entity {
    let listed = role
        .permissions
        .iter()
        .map(|&index| &sample.permissions[index]);
    let flag = RestrictedExpression::new_bool;
    let attributes = [
        ("admin", flag(role.admin)),
        ("all_settings", flag(role.all_settings)),
        ("all_actions", flag(role.all_actions)),
        ("permissions", permissions(listed)),
    ];
    let actions = Action::ALL.map(|action| (action.name(), effects(sample, role, action)));
    entity(
        uid(&TYPES.role, &role.records.name),
        attributes.into_iter().chain(actions),
    )
}

/// What a role says about an action: on all objects, and where its rules allow or deny it.
fn effects(sample: &Sample, role: &Role, action: Action) -> RestrictedExpression {
    let mut allow = Vec::new();
    let mut deny = Vec::new();
    let mut add = |effect, resource| match effect {
        Effect::Inherit => {}
        Effect::Allow => allow.push(RestrictedExpression::new_entity_uid(resource)),
        Effect::Deny => deny.push(RestrictedExpression::new_entity_uid(resource)),
    };
    for rule in &role.records.rules {
        let object = &sample.objects[rule.object];
        add(rule.effect(action), uid(&TYPES.object, &object.name));
        for field in &rule.fields {
            add(
                field.effect(action),
                field_uid(&object.name, &object.fields[field.field]),
            );
        }
    }
    let all = RestrictedExpression::new_bool(role.records.baseline[action.index()]);
    let sets = [("allow", allow), ("deny", deny)]
        .map(|(name, set)| (name, RestrictedExpression::new_set(set)));
    let fields = sets
        .into_iter()
        .chain([("all", all)])
        .map(|(name, value)| (name.to_owned(), value));
    RestrictedExpression::new_record(fields).expect("the attributes are unique")
}

/// A principal with the role that it has: its own, or for an API key without one that of the default role, unless the
/// workspace denies it or the role is not for API keys.
fn holder(sample: &Sample, principal: &Principal, role: Option<usize>) -> Entity {
    let default = &sample.roles[sample.default_role];
    let has_default = principal.kind == Kind::ApiKey
        && sample.keys_without_role == KeysWithoutRole::DefaultRole
        && default.held_by.contains(&Kind::ApiKey);
    let role = role
        .map(|role| &sample.roles[role])
        .or(has_default.then_some(default));
    let role = role.map(|role| {
        let role = uid(&TYPES.role, &role.records.name);
        ("role", RestrictedExpression::new_entity_uid(role))
    });
    entity(principal_uid(principal), role)
}

fn permissions<'s>(permissions: impl Iterator<Item = &'s Permission>) -> RestrictedExpression {
    RestrictedExpression::new_set(permissions.map(|permission| {
        RestrictedExpression::new_entity_uid(uid(&TYPES.permission, &permission.name))
    }))
}

fn entity(
    uid: EntityUid,
    attributes: impl IntoIterator<Item = (&'static str, RestrictedExpression)>,
) -> Entity {
    let attributes = attributes
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value));
    Entity::new(uid, attributes.collect(), HashSet::new()).expect("the attributes are values")
}

fn uid(kind: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id))
}

fn field_uid(object: &str, field: &str) -> EntityUid {
    uid(&TYPES.field, &format!("{object}/{field}"))
}

fn action_uid(name: &str) -> EntityUid {
    uid(&TYPES.action, name)
}

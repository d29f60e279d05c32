//! How is a world of the reference told to the library, and an answer asked for? One function for each kind of thing.

use std::collections::{BTreeMap, BTreeSet};

use rolegate::{
    Access, Document, Field, FieldRule, InvalidWorkspace, Object, ObjectRule, Permission, Policy,
    Principal, Role, Schema, Workspace,
};

use rolegate::problem::{Problem, ProblemKind};
use serde_json::{Map, Value, json};

use crate::reference::{self as model, Because, FieldRuleModel, ObjectRuleModel, RoleModel, World};

/// Gives each word of the reference its word of the library.
macro_rules! same_words {
    ($($word:ident as $same:path: $($variant:ident),+;)+) => {
        $(impl From<model::$word> for $same {
            fn from(word: model::$word) -> Self {
                match word {
                    $(model::$word::$variant => Self::$variant,)+
                }
            }
        })+
    };
}

same_words! {
    Action as rolegate::Action: See, Edit, Delete, Destroy;
    Effect as rolegate::Effect: Inherit, Allow, Deny;
    Level as rolegate::role::Level: Baseline, ObjectRule, FieldRule;
    Kind as rolegate::PrincipalKind: Member, ApiKey, Agent;
    Class as rolegate::PermissionClass: Settings, Actions;
    KeysWithoutRole as rolegate::workspace::KeysWithoutRole: DefaultRole, Denied;
}

impl From<&model::Who> for Principal {
    fn from(who: &model::Who) -> Self {
        Self::new(who.kind.into(), who.id.as_str())
    }
}

/// The workspace of a valid world.
#[track_caller]
pub(crate) fn workspace(world: &World) -> Workspace {
    match build(world) {
        Ok(workspace) => workspace,
        Err(invalid) => panic!("a valid world was refused:\n{invalid}"),
    }
}

#[track_caller]
pub(crate) fn policy(world: &World) -> Policy {
    workspace(world).compile()
}

/// The gate for what is built in code.
pub(crate) fn build(world: &World) -> Result<Workspace, InvalidWorkspace> {
    let mut builder = Workspace::builder(schema(world).build()?)
        .default_role(role_name(world, world.default_role))
        .keys_without_role(world.keys_without_role.into());
    for model in &world.roles {
        builder = builder.role(role(model));
    }
    for (id, &role) in &world.members {
        builder = builder.member(id.as_str(), role_name(world, role));
    }
    let keyed = world.api_keys.iter();
    let keyed = keyed.map(|(id, role)| (Principal::api_key(id.as_str()), role));
    let agents = world.agents.iter();
    let agents = agents.map(|(id, role)| (Principal::agent(id.as_str()), role));
    for (principal, role) in keyed.chain(agents) {
        builder = builder.holder(principal, role.map(|role| role_name(world, role).into()));
    }
    builder.build()
}

pub(crate) fn schema(world: &World) -> rolegate::schema::SchemaBuilder {
    let permissions = world.permissions.iter().map(|known| {
        let permission = Permission::new(known.class.into(), &known.key);
        known
            .requires
            .iter()
            .fold(permission, Permission::with_requirement)
    });
    let builder = Schema::builder().only_permissions(permissions);
    let objects = world.objects.iter();
    objects.fold(builder, |builder, (object, fields)| {
        let fields = fields.iter().map(|key| field(world, object, key));
        builder.add_object(fields.fold(Object::new(object), Object::field))
    })
}

/// A field with what it points to and what guards it.
pub(crate) fn field(world: &World, object: &str, key: &str) -> Field {
    let place = (object.to_owned(), key.to_owned());
    let mut field = Field::new(key);
    if let Some(related) = world.relations.get(&place) {
        field = field.with_relation(related);
    }
    let Some(guard) = world.guards.get(&place) else {
        return field;
    };
    field = match guard.closed {
        None => field,
        Some(model::Closed::ReadOnly) => field.read_only(),
        Some(model::Closed::System) => field.system(),
    };
    for &action in &guard.actions {
        field = field.bound_to_action(action.into());
    }
    let permissions = guard.permissions.iter();
    permissions.fold(field, Field::bound_to_permission)
}

pub(crate) fn role(model: &RoleModel) -> Role {
    if model.admin {
        return Role::admin(&model.name);
    }
    let mut role =
        Role::new(&model.name).with_holder_kinds(model.held_by.iter().map(|&kind| kind.into()));
    for (action, allowed) in rolegate::Action::ALL.into_iter().zip(model.baseline) {
        if allowed {
            role = role.allow(action);
        }
    }
    for (object, rule) in &model.objects {
        role = role.rule(object, object_rule(rule));
    }
    for &class in &model.all_access {
        role = role.grant_all(class.into());
    }
    model.permissions.iter().fold(role, Role::grant)
}

pub(crate) fn object_rule(model: &ObjectRuleModel) -> ObjectRule {
    let effects = rolegate::Action::ALL.into_iter().zip(model.effects);
    let rule = effects.fold(ObjectRule::new(), |rule, (action, effect)| {
        rule.set(action, effect.into())
    });
    let fields = model.fields.iter();
    fields.fold(rule, |rule, (field, model)| {
        rule.field(field, field_rule(*model))
    })
}

pub(crate) fn field_rule(model: FieldRuleModel) -> FieldRule {
    FieldRule::new()
        .set_see(model.see.into())
        .set_edit(model.edit.into())
}

/// Also of a role that does not exist.
pub(crate) fn role_name(world: &World, role: usize) -> String {
    let known = world.roles.get(role).map(|role| role.name.clone());
    known.unwrap_or_else(|| format!("no role {role}"))
}

// ---- Documents, written from the page on the format alone ----

/// The gate for what is stored.
pub(crate) fn load(json: &str) -> Result<Workspace, InvalidWorkspace> {
    let document: Document = serde_json::from_str(json).expect("it is JSON");
    Workspace::try_from(document)
}

pub(crate) fn save(workspace: &Workspace) -> String {
    serde_json::to_string(&Document::from(workspace)).expect("a document can be written")
}

/// What `save` should mean, with every default written out.
pub(crate) fn document(world: &World) -> Value {
    let permissions = world.permissions.iter().map(|known| {
        let class: rolegate::PermissionClass = known.class.into();
        json!({"key": known.key, "class": class, "requires": known.requires})
    });
    let objects = world.objects.iter();
    let objects = objects.map(|(key, fields)| {
        let fields = fields.iter();
        let fields = fields.map(|field| field_in_document(world, key, field));
        json!({"key": key, "fields": fields.collect::<Vec<_>>()})
    });
    let keyless: rolegate::workspace::KeysWithoutRole = world.keys_without_role.into();
    let name = |role: usize| role_name(world, role);
    let or_none = |holders: &BTreeMap<String, Option<usize>>| -> BTreeMap<String, String> {
        let names = holders.iter();
        let names = names.map(|(id, role)| (id.clone(), role.map(name).unwrap_or_default()));
        names.collect()
    };
    let members = world.members.iter();
    let members = members.map(|(id, &role)| (id.clone(), name(role)));
    json!({
        "version": 1,
        "schema": {
            "objects": objects.collect::<Vec<_>>(),
            "permissions": permissions.collect::<Vec<_>>(),
        },
        "roles": world.roles.iter().map(role_in_document).collect::<Vec<_>>(),
        "default_role": name(world.default_role),
        "members": members.collect::<BTreeMap<_, _>>(),
        "api_keys": or_none(&world.api_keys),
        "agents": or_none(&world.agents),
        "options": {"api_keys_without_role": keyless},
    })
}

fn field_in_document(world: &World, object: &str, key: &str) -> Value {
    let place = (object.to_owned(), key.to_owned());
    let guard = world.guards.get(&place).cloned().unwrap_or_default();
    let actions = guard.actions.iter();
    let mut field = json!({
        "key": key,
        "writing": match guard.closed {
            None => "free",
            Some(model::Closed::ReadOnly) => "read_only",
            Some(model::Closed::System) => "system",
        },
        "bound_to_actions": actions.map(|&action| action.into()).collect::<Vec<rolegate::Action>>(),
        "bound_to_permissions": guard.permissions,
    });
    if let Some(related) = world.relations.get(&place) {
        field["relation"] = json!(related);
    }
    field
}

fn role_in_document(model: &RoleModel) -> Value {
    if model.admin {
        return json!({"name": model.name, "admin": true});
    }
    let words = rolegate::Action::ALL.map(rolegate::Action::as_str);
    let baseline = words.into_iter().zip(model.baseline);
    let allow = baseline.filter_map(|(word, allowed)| allowed.then_some(word));
    let effect = |effect: model::Effect| json!(rolegate::Effect::from(effect));
    let rules = model.objects.iter().map(|(object, by_object)| {
        let effects = words.into_iter().zip(by_object.effects);
        let mut rule: Map<String, Value> = effects
            .map(|(word, said)| (word.to_owned(), effect(said)))
            .collect();
        let fields = by_object.fields.iter().map(|(field, by_field)| {
            let rule = json!({"see": effect(by_field.see), "edit": effect(by_field.edit)});
            (field.clone(), rule)
        });
        rule.insert("fields".to_owned(), fields.collect());
        (object.clone(), Value::Object(rule))
    });
    let classes = model.all_access.iter();
    let kinds = model.held_by.iter();
    json!({
        "name": model.name,
        "admin": false,
        "allow": allow.collect::<Vec<_>>(),
        "objects": rules.collect::<Map<_, _>>(),
        "all_access": classes.map(|&class| class.into()).collect::<Vec<rolegate::PermissionClass>>(),
        "permissions": model.permissions,
        "held_by": kinds.map(|&kind| kind.into()).collect::<Vec<rolegate::PrincipalKind>>(),
    })
}

// ---- Problems ----

/// Where a gate says that rules contradict themselves (L4), and nothing else is wrong: nowhere, if it lets them pass.
pub(crate) fn contradictions_found(gate: Result<Workspace, InvalidWorkspace>) -> BTreeSet<String> {
    let Err(invalid) = gate else {
        return BTreeSet::new();
    };
    assert_eq!(invalid.count(), invalid.problems().len(), "all are listed");
    let path = |problem: &Problem| {
        let kind = problem.kind();
        assert!(matches!(kind, ProblemKind::Contradiction(_)), "{problem}");
        problem.path().to_owned()
    };
    invalid.problems().iter().map(path).collect()
}

/// Where the reference says so.
pub(crate) fn contradictory(world: &World) -> BTreeSet<String> {
    let roles = world.roles.iter().enumerate();
    let paths = roles.flat_map(|(at, role)| {
        let inside = move |path: String| match path.as_str() {
            "baseline" => format!("roles[{at}].allow"),
            _ => format!("roles[{at}].{path}"),
        };
        model::contradictions(role).into_iter().map(inside)
    });
    paths.collect()
}

// ---- Questions ----

/// The access of a chain, which has a link.
pub(crate) fn access<'p>(policy: &'p Policy, chain: &[model::Who]) -> Access<'p> {
    let [first, rest @ ..] = chain else {
        panic!("there is no empty chain");
    };
    let first = policy.access(&first.into());
    rest.iter().fold(first, |access, who| {
        access.on_behalf_of(&Principal::from(who))
    })
}

/// Asks by handle. What has no handle cannot be asked about, so that the answer is no.
pub(crate) fn can_by_handle(
    access: &Access<'_>,
    action: rolegate::Action,
    object: &str,
    field: Option<&str>,
) -> bool {
    let policy = access.policy();
    let id = policy.object(object);
    match field {
        None => id.is_some_and(|id| access.can(action, id, None)),
        Some(field) => id
            .zip(policy.field(object, field))
            .is_some_and(|(id, field)| access.can(action, id, field)),
    }
}

/// Every way in which one question about records can be asked, with the answer to each.
pub(crate) fn every_way(
    access: &Access<'_>,
    action: rolegate::Action,
    object: &str,
    field: Option<&str>,
) -> impl Iterator<Item = (&'static str, bool)> {
    let policy = access.policy();
    let explanation = access.explain(action, object, field);
    let fields = access.fields(action, object);
    let place = field.and_then(|field| policy.field(object, field));
    let by_id = |object| access.explain(action, object, None).is_allowed();
    let of_record = [
        ("Access::can", access.can(action, object, field)),
        ("by handle", can_by_handle(access, action, object, field)),
        ("explain", explanation.is_allowed()),
        ("require", access.require(action, object, field).is_ok()),
    ];
    let of_field = field.map(|field| {
        [
            ("Some(field)", access.can(action, object, Some(field))),
            ("field", access.can(action, object, field)),
            ("fields().contains", fields.contains(field)),
            ("fields().iter", fields.iter().any(|known| known == field)),
        ]
    });
    let of_field_id = place.map(|place| {
        [
            ("field handle", access.can(action, object, place)),
            (
                "explain by handle",
                access.explain(action, place.object(), place).is_allowed(),
            ),
        ]
    });
    let of_object_id = policy
        .object(object)
        .filter(|_| field.is_none())
        .map(|object| [("explain by handle", by_id(object))]);
    of_record
        .into_iter()
        .chain(of_field.into_iter().flatten())
        .chain(of_field_id.into_iter().flatten())
        .chain(of_object_id.into_iter().flatten())
}

/// The reason that the library gives for what the reference says about a record or field.
pub(crate) fn reason(
    because: Because,
    action: model::Action,
    object: &str,
    field: Option<&str>,
) -> rolegate::explanation::Reason {
    use rolegate::explanation::Reason;
    let object = object.to_owned();
    match because {
        Because::UnknownPrincipal => Reason::UnknownPrincipal,
        Because::NoRole => Reason::NoRole,
        Because::UnknownObject => Reason::UnknownObject { object },
        Because::UnknownField => Reason::UnknownField {
            object,
            field: field.unwrap_or_default().to_owned(),
        },
        Because::FieldsHaveTwoActions => Reason::FieldsHaveTwoActions {
            action: action.into(),
        },
        Because::ReadOnly => Reason::ReadOnly,
        Because::System => Reason::System,
        Because::Bound => Reason::Bound,
        Because::Admin => Reason::Admin,
        Because::Decided { action, level } => Reason::Decided {
            action: action.into(),
            level: level.into(),
        },
    }
}

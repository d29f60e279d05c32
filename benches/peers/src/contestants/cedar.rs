//! Cedar: the workspace as policies and entities, in the encoding of its documentation and in faster ones.
//!
//! All requests are built beforehand.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid,
    PolicySet, Request, RestrictedExpression,
};

use crate::cells::Cell;
use crate::contestant::{Contestant, Label};
use crate::workload::{Action, Effect, Question, Role, Workload};

/// A policy set and the entities that it is asked about.
struct Engine {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
}

impl Engine {
    fn new(policies: &str, entities: Vec<Entity>) -> Self {
        Self {
            authorizer: Authorizer::new(),
            policies: policies.parse().expect("the generated policies are valid"),
            entities: Entities::from_entities(entities, None)
                .expect("the generated entities are valid"),
        }
    }

    fn allows(&self, request: &Request) -> bool {
        self.authorizer
            .is_authorized(request, &self.policies, &self.entities)
            .decision()
            == Decision::Allow
    }
}

/// One policy for each rule: members in roles, fields in objects, `unless` for what a more specific rule decides.
/// See-first is a second request.
pub struct Natural(Engine);

impl Contestant for Natural {
    /// The request, and that of see-first unless it is the same.
    type Question = (Request, Option<Request>);

    const LABEL: Label = Label {
        engine: "cedar-policy",
        encoding: "natural: a policy for each rule, `unless` for the exceptions",
        asked: "prebuilt request",
    };

    fn load(workload: &Workload) -> Self {
        let mut policies = String::new();
        for role in &workload.roles {
            for action in Action::ALL {
                write_policies(&mut policies, workload, role, action);
            }
        }
        let members = workload.members.iter().map(|member| {
            let role = uid("Role", &workload.roles[member.role].name);
            Entity::new_no_attrs(uid("Member", &member.name), HashSet::from([role]))
        });
        let objects = workload.objects.iter().map(|object| {
            Entity::new_no_attrs(
                uid("Object", &object.name),
                HashSet::from([uid("Workspace", "crm")]),
            )
        });
        let fields = workload.objects.iter().flat_map(|object| {
            object.fields.iter().map(|field| {
                let field = uid("Field", &format!("{}/{field}", object.name));
                Entity::new_no_attrs(field, HashSet::from([uid("Object", &object.name)]))
            })
        });
        Self(Engine::new(
            &policies,
            members.chain(objects).chain(fields).collect(),
        ))
    }

    fn prepare(&self, _: &Workload, question: &Question) -> Self::Question {
        let resource = match &question.field_name {
            None => uid("Object", &question.object_name),
            Some(field) => uid("Field", &format!("{}/{field}", question.object_name)),
        };
        let asked = |action: Action| {
            request(
                uid("Member", &question.member_name),
                uid("Action", action.name()),
                resource.clone(),
            )
        };
        (
            asked(question.action),
            (question.action != Action::See).then(|| asked(Action::See)),
        )
    }

    fn ask(&mut self, (request, see): &Self::Question) -> bool {
        self.0.allows(request) && see.as_ref().is_none_or(|see| self.0.allows(see))
    }
}

/// The policies of one role for one action: of its baseline, of its object rules, of its field rules.
fn write_policies(out: &mut String, workload: &Workload, role: &Role, action: Action) {
    let mut exceptions = Vec::new();
    let mut of_rules = String::new();
    let scope = format!(
        "principal in Role::{:?}, action == Action::{:?}",
        role.name,
        action.name()
    );
    let kind = if Action::OF_FIELDS.contains(&action) {
        "resource"
    } else {
        "resource is Object"
    };
    for rule in &role.rules {
        let object = &workload.objects[rule.object];
        let mut fields = Vec::new();
        for field in &rule.fields {
            let name = format!("Field::\"{}/{}\"", object.name, object.fields[field.field]);
            match field.effect(action) {
                Effect::Inherit => continue,
                Effect::Allow => {
                    permit(&mut of_rules, &format!("{scope}, resource == {name}"), &[]);
                }
                Effect::Deny => {}
            }
            fields.push(name);
        }
        let name = format!("Object::{:?}", object.name);
        match rule.effect(action) {
            Effect::Inherit => exceptions.append(&mut fields),
            Effect::Allow => permit(
                &mut of_rules,
                &format!("{scope}, {kind} in {name}"),
                &fields,
            ),
            Effect::Deny => {}
        }
        if rule.effect(action) != Effect::Inherit {
            exceptions.push(name);
        }
    }
    if role.baseline[action.index()] {
        permit(
            out,
            &format!("{scope}, {kind} in Workspace::\"crm\""),
            &exceptions,
        );
    }
    out.push_str(&of_rules);
}

fn permit(out: &mut String, scope: &str, exceptions: &[String]) {
    let written = if exceptions.is_empty() {
        writeln!(out, "permit({scope});")
    } else {
        writeln!(
            out,
            "permit({scope}) unless {{ resource in [{}] }};",
            exceptions.join(", ")
        )
    };
    written.expect("writing to a string succeeds");
}

/// Grants as attributes: a role has the set of resources for each action. One policy for a role and action.
pub struct PolicyPerRole(Engine);

impl Contestant for PolicyPerRole {
    type Question = Request;

    const LABEL: Label = Label {
        engine: "cedar-policy",
        encoding: "granted sets, a policy for each role and action",
        asked: "prebuilt request, role resolved",
    };

    fn load(workload: &Workload) -> Self {
        let mut policies = String::new();
        for role in &workload.roles {
            for action in Action::ALL.map(Action::name) {
                writeln!(
                    policies,
                    "permit(principal == Role::{:?}, action == Action::{action:?}, resource) \
                     when {{ principal.{action}.contains(resource) }};",
                    role.name
                )
                .expect("writing to a string succeeds");
            }
        }
        Self(Engine::new(&policies, roles_with_grants(workload)))
    }

    fn prepare(&self, workload: &Workload, question: &Question) -> Request {
        request_of_role(workload, question)
    }

    fn ask(&mut self, request: &Request) -> bool {
        self.0.allows(request)
    }
}

/// The same sets with one policy for an action, whatever the role.
pub struct PolicyPerAction(Engine);

impl Contestant for PolicyPerAction {
    type Question = Request;

    const LABEL: Label = Label {
        engine: "cedar-policy",
        encoding: "granted sets, a policy for each action",
        asked: "prebuilt request, role resolved",
    };

    fn load(workload: &Workload) -> Self {
        let policies = Action::ALL.map(Action::name).map(|action| {
            format!(
                "permit(principal, action == Action::{action:?}, resource) \
                 when {{ principal.{action}.contains(resource) }};"
            )
        });
        Self(Engine::new(&policies.concat(), roles_with_grants(workload)))
    }

    fn prepare(&self, workload: &Workload, question: &Question) -> Request {
        request_of_role(workload, question)
    }

    fn ask(&mut self, request: &Request) -> bool {
        self.0.allows(request)
    }
}

/// Each role as an entity with the set of its granted resources for each action.
fn roles_with_grants(workload: &Workload) -> Vec<Entity> {
    let entity = |role: &Role| {
        let mut granted = Action::ALL.map(|_| Vec::new());
        for cell in Cell::granted(workload, role) {
            let resource = uid("Resource", &cell.resource(workload).to_string());
            granted[cell.action.index()].push(RestrictedExpression::new_entity_uid(resource));
        }
        let attributes = Action::ALL.map(Action::name).into_iter().map(String::from);
        let attributes: HashMap<_, _> = attributes
            .zip(granted.map(RestrictedExpression::new_set))
            .collect();
        Entity::new(uid("Role", &role.name), attributes, HashSet::new())
            .expect("sets of entities are values")
    };
    workload.roles.iter().map(entity).collect()
}

fn request_of_role(workload: &Workload, question: &Question) -> Request {
    request(
        uid(
            "Role",
            &workload.roles[workload.members[question.member].role].name,
        ),
        uid("Action", question.action.name()),
        uid(
            "Resource",
            &Cell::from(question).resource(workload).to_string(),
        ),
    )
}

/// Grants as a hierarchy: a role is in every cell that it may use, and there is a single policy.
pub struct Hierarchy(Engine);

impl Contestant for Hierarchy {
    type Question = Request;

    const LABEL: Label = Label {
        engine: "cedar-policy",
        encoding: "grants as ancestors of the role, one policy",
        asked: "prebuilt request, role resolved",
    };

    fn load(workload: &Workload) -> Self {
        let entity = |role: &Role| {
            let cells = Cell::granted(workload, role).map(|cell| uid("Cell", &cell.path(workload)));
            Entity::new_no_attrs(uid("Role", &role.name), cells.collect())
        };
        let policy = "permit(principal, action, resource) when { principal in resource };";
        Self(Engine::new(
            policy,
            workload.roles.iter().map(entity).collect(),
        ))
    }

    fn prepare(&self, workload: &Workload, question: &Question) -> Request {
        request(
            uid(
                "Role",
                &workload.roles[workload.members[question.member].role].name,
            ),
            uid("Action", "use"),
            uid("Cell", &Cell::from(question).path(workload)),
        )
    }

    fn ask(&mut self, request: &Request) -> bool {
        self.0.allows(request)
    }
}

fn uid(kind: &str, id: &str) -> EntityUid {
    let kind: EntityTypeName = kind.parse().expect("kinds are identifiers");
    EntityUid::from_type_name_and_id(kind, EntityId::new(id))
}

fn request(principal: EntityUid, action: EntityUid, resource: EntityUid) -> Request {
    Request::new(principal, action, resource, Context::empty(), None)
        .expect("without a schema, any request is valid")
}

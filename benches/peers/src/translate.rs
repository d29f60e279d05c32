//! The plain data of a workload as rolegate's own types.

use rolegate::{FieldRule, ObjectRule, Role, Schema, Workspace, WorkspaceBuilder};

use crate::workload::{self, Action, Effect, Object, Workload};

pub fn action(action: Action) -> rolegate::Action {
    match action {
        Action::See => rolegate::Action::See,
        Action::Edit => rolegate::Action::Edit,
        Action::Delete => rolegate::Action::Delete,
        Action::Destroy => rolegate::Action::Destroy,
    }
}

/// What a role says about records.
pub fn role(objects: &[Object], plain: &workload::Role) -> Role {
    let allowed = Action::ALL
        .into_iter()
        .filter(|action| plain.baseline[action.index()]);
    let role = allowed
        .map(action)
        .fold(Role::new(plain.name.as_str()), Role::allow);
    plain.rules.iter().fold(role, |role, rule| {
        let object = &objects[rule.object];
        role.rule(object.name.as_str(), object_rule(object, rule))
    })
}

fn object_rule(object: &Object, plain: &workload::ObjectRule) -> ObjectRule {
    let effects = Action::ALL.into_iter().zip(plain.effects);
    let rule = effects.fold(ObjectRule::new(), |rule, (of, to)| {
        rule.set(action(of), effect(to))
    });
    plain.fields.iter().fold(rule, |rule, plain| {
        let [see, edit] = plain.effects.map(effect);
        rule.field(
            object.fields[plain.field].as_str(),
            FieldRule::new().set_see(see).set_edit(edit),
        )
    })
}

fn effect(effect: Effect) -> rolegate::Effect {
    match effect {
        Effect::Inherit => rolegate::Effect::Inherit,
        Effect::Allow => rolegate::Effect::Allow,
        Effect::Deny => rolegate::Effect::Deny,
    }
}

/// The workload as a workspace. Admin and the one member that must hold it take no part.
pub fn workspace(workload: &Workload) -> Workspace {
    let objects = workload.objects.iter();
    let schema = objects.fold(Schema::builder(), |schema, object| {
        let fields = object.fields.iter().map(String::as_str);
        schema.object(object.name.as_str(), fields)
    });
    let schema = schema.build().expect("the workload has a valid schema");
    let roles = workload
        .roles
        .iter()
        .map(|plain| role(&workload.objects, plain));
    let builder = Workspace::builder(schema)
        .role(Role::admin("Admin"))
        .member("admin", "Admin")
        .default_role(workload.roles[0].name.as_str());
    let builder = roles.fold(builder, WorkspaceBuilder::role);
    let members = workload.members.iter();
    members
        .fold(builder, |builder, member| {
            let role = workload.roles[member.role].name.as_str();
            builder.member(member.name.as_str(), role)
        })
        .build()
        .expect("the workload is a valid workspace")
}

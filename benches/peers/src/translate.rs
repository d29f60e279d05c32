//! The plain data of a workload as rolegate's own types.

use rolegate::{FieldRule, ObjectRule, Role};

use crate::workload::{self, Action, Effect, Object};

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
            FieldRule::new().see(see).edit(edit),
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

//! The oracle: what is the right answer to a question about the reference workload?
//!
//! Written straight from the laws, without any thought of speed; every contestant is checked against it before it
//! is timed.

use crate::workload::{Action, Effect, Question, Role, Workload};

/// The answer to a question asked by name. An unknown member, object or field is denied (closed world).
pub fn answer(workload: &Workload, question: &Question) -> bool {
    let Some(member) = workload
        .members
        .iter()
        .find(|member| member.name == question.member_name)
    else {
        return false;
    };
    let Some(object) = workload
        .objects
        .iter()
        .position(|object| object.name == question.object_name)
    else {
        return false;
    };
    let role = &workload.roles[member.role];
    match &question.field_name {
        None => may(role, question.action, object, None),
        Some(name) => workload.objects[object]
            .fields
            .iter()
            .position(|field| field == name)
            .is_some_and(|field| may(role, question.action, object, Some(field))),
    }
}

/// May a role do this to a record (`None`) or to a field of an object?
///
/// Nobody changes what they may not see, and fields have only the actions `See` and `Edit`.
pub fn may(role: &Role, action: Action, object: usize, field: Option<usize>) -> bool {
    if field.is_some() && !Action::OF_FIELDS.contains(&action) {
        return false;
    }
    cascade(role, action, object, field) && cascade(role, Action::See, object, field)
}

/// The effect of the most specific level that does not inherit: the field rule, the object rule, the baseline.
fn cascade(role: &Role, action: Action, object: usize, field: Option<usize>) -> bool {
    let object_rule = role.rules.iter().find(|rule| rule.object == object);
    let field_rule = object_rule
        .zip(field)
        .and_then(|(rule, field)| rule.fields.iter().find(|rule| rule.field == field));
    let levels = [
        field_rule.map(|rule| rule.effect(action)),
        object_rule.map(|rule| rule.effect(action)),
    ];
    for effect in levels.into_iter().flatten() {
        match effect {
            Effect::Inherit => {}
            Effect::Allow => return true,
            Effect::Deny => return false,
        }
    }
    role.baseline[action.index()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::{FieldRule, Member, Object, ObjectRule, Shape};

    /// The documented intern: sees everything but opportunities, edits people but not their e-mail address, and does
    /// not see where they live.
    fn interns() -> Workload {
        use Effect::{Allow, Deny, Inherit};
        let object = |name: &str, fields: &[&str]| Object {
            name: name.into(),
            fields: fields.iter().copied().map(String::from).collect(),
        };
        let people = ObjectRule {
            object: 0,
            effects: [Inherit, Allow, Inherit, Inherit],
            fields: vec![
                FieldRule {
                    field: 1,
                    effects: [Allow, Deny],
                },
                FieldRule {
                    field: 2,
                    effects: [Deny, Deny],
                },
            ],
        };
        let opportunities = ObjectRule {
            object: 1,
            effects: [Deny, Inherit, Inherit, Inherit],
            fields: vec![FieldRule {
                field: 0,
                effects: [Allow, Allow],
            }],
        };
        let intern = Role {
            name: "Intern".into(),
            baseline: [true, false, false, true],
            rules: vec![people, opportunities],
        };
        Workload {
            objects: vec![
                object("people", &["name", "email", "address"]),
                object("opportunities", &["name", "amount"]),
                object("notes", &["body"]),
            ],
            roles: vec![intern],
            members: vec![Member {
                name: "tim".into(),
                role: 0,
            }],
        }
    }

    #[track_caller]
    fn assert_tim(expected: bool, action: Action, object: &str, field: Option<&str>) {
        let question = Question {
            member: 0,
            action,
            object: 0,
            field: None,
            member_name: "tim".into(),
            object_name: object.into(),
            field_name: field.map(String::from),
        };
        assert_eq!(answer(&interns(), &question), expected, "{question}");
    }

    #[test]
    fn the_most_specific_level_decides() {
        assert_tim(true, Action::See, "notes", None);
        assert_tim(false, Action::Edit, "notes", None);
        assert_tim(true, Action::Edit, "people", None);
        assert_tim(true, Action::Edit, "people", Some("name"));
        assert_tim(false, Action::Edit, "people", Some("email"));
        assert_tim(false, Action::See, "people", Some("address"));
        assert_tim(false, Action::See, "opportunities", Some("amount"));
        assert_tim(true, Action::Edit, "opportunities", Some("name"));
    }

    #[test]
    fn what_is_hidden_cannot_be_changed() {
        assert_tim(true, Action::Destroy, "notes", None);
        assert_tim(false, Action::Destroy, "opportunities", None);
    }

    #[test]
    fn fields_are_not_destroyed() {
        assert_tim(false, Action::Destroy, "notes", Some("body"));
    }

    #[test]
    fn unknown_names_are_denied() {
        assert_tim(false, Action::See, "nothing", None);
        assert_tim(false, Action::See, "people", Some("amount"));
    }

    #[test]
    fn the_large_workload_has_half_a_million_field_rules() {
        let large = Shape::LARGE.generate(1);
        let rules = large.roles.iter().flat_map(|role| &role.rules);
        let field_rules: usize = rules.map(|rule| rule.fields.len()).sum();
        assert!((490_000..510_000).contains(&field_rules), "{field_rules}");
    }
}

//! Changes of objects and fields: what each does, and which events it yields.

use alloc::string::String;
use alloc::vec::Vec;

use crate::model::id::{FieldKey, ObjectKey};
use crate::model::problem::EntityKind;
use crate::model::schema::{Field, Object};
use crate::workspace::apply::done::{Done, unless_same};
use crate::workspace::apply::schema::{drop_rules, known_field, known_object, set_schema};
use crate::workspace::{ChangeError, Event, Workspace};

pub(super) fn add_object(workspace: &mut Workspace, object: Object) -> Done {
    if workspace.schema.object(object.key().as_str()).is_some() {
        return Err(ChangeError::taken(
            EntityKind::Object,
            object.key().as_str(),
        ));
    }
    let builder = workspace.schema.to_builder().add_object(object.clone());
    set_schema(workspace, builder)?;
    Ok(alloc::vec![Event::ObjectAdded { object }])
}

pub(super) fn label_object(
    workspace: &mut Workspace,
    key: &ObjectKey,
    label: Option<String>,
) -> Done {
    let from = known_object(workspace, key)?.label().map(String::from);
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

pub(super) fn remove_object(workspace: &mut Workspace, key: &ObjectKey) -> Done {
    let removed = known_object(workspace, key)?.clone();
    let mut events = Vec::new();
    let mut builder = workspace.schema.to_builder();
    builder.remove_object(key);
    for object in workspace.schema.objects() {
        let relations = object.fields().iter();
        for from in relations.filter(|field| field.relation() == Some(key)) {
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

pub(super) fn add_field(workspace: &mut Workspace, object: ObjectKey, field: Field) -> Done {
    known_object(workspace, &object)?;
    if known_field(workspace, &object, field.key()).is_ok() {
        return Err(ChangeError::taken(EntityKind::Field, field.key().as_str()));
    }
    let builder = workspace.schema.to_builder().field(&object, field.clone());
    set_schema(workspace, builder)?;
    Ok(alloc::vec![Event::FieldAdded { object, field }])
}

pub(super) fn update_field(workspace: &mut Workspace, object: ObjectKey, to: Field) -> Done {
    let from = known_field(workspace, &object, to.key())?.clone();
    let mut builder = workspace.schema.to_builder();
    builder.edit_object(&object, |object| object.with_field(to.clone()));
    set_schema(workspace, builder)?;
    unless_same(from == to, Event::FieldChanged { object, from, to })
}

pub(super) fn remove_field(workspace: &mut Workspace, object: &ObjectKey, key: &FieldKey) -> Done {
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

//! Which rules that say nothing a draft keeps. A role may have such rules, and no cell tells one from none.

use alloc::collections::BTreeSet;

use crate::model::id::{FieldKey, ObjectKey};
use crate::model::role::{Cell, FieldRule, ObjectRule, Role};

/// The role after an edit of a cell: the cell's rules are the saved ones if they say the same.
pub(super) fn settled(role: Role, cell: &Cell, saved: Option<&Role>) -> Role {
    let (object, field) = match cell {
        Cell::Object { object, .. } => (object, None),
        Cell::Field { object, field, .. } => (object, Some(field)),
        Cell::Baseline { .. } | Cell::Permission { .. } | Cell::AllAccess { .. } => return role,
    };
    let was = saved.and_then(|saved| saved.rules().get(object));
    let mut rule = role.rules().get(object).cloned().unwrap_or_default();
    if let Some(field) = field {
        let was = was.and_then(|was| was.fields().get(field));
        if was == Some(&FieldRule::new()) && !rule.fields().contains_key(field) {
            rule = rule.field(field, FieldRule::new());
        }
    }
    match was {
        Some(was) if said(was) == said(&rule) => role.rule(object, was.clone()),
        None if said(&rule) == ObjectRule::new() => role.without_rule(object),
        _ => role.with_rule(object, rule),
    }
}

/// The rule without the field rules that say nothing.
fn said(rule: &ObjectRule) -> ObjectRule {
    let silent = rule.fields().iter();
    let silent = silent.filter(|(_, rule)| **rule == FieldRule::new());
    silent.fold(rule.clone(), |said, (field, _)| said.without_field(field))
}

/// The role to which the changed cells of a draft were moved, with the rules that say nothing: added or removed where the
/// draft did so, as in the workspace where it did not.
pub(super) fn moved(mut role: Role, saved: &Role, edited: &Role, current: &Role) -> Role {
    let roles = [saved, edited, current];
    let objects = roles.into_iter().flat_map(|role| role.rules().keys());
    let objects: BTreeSet<&ObjectKey> = objects.collect();
    for object in objects {
        let rules = roles.map(|role| role.rules().get(object));
        let fields = rules.into_iter().flatten();
        let fields: BTreeSet<&FieldKey> = fields.flat_map(|rule| rule.fields().keys()).collect();
        let mut rule = role.rules().get(object).cloned().unwrap_or_default();
        for field in fields {
            let says = rule.fields().get(field).copied().unwrap_or_default();
            if says == FieldRule::new() {
                let has = |rule: &ObjectRule| rule.fields().contains_key(field);
                rule = if stays(rules.map(|rule| rule.is_some_and(has))) {
                    rule.field(field, says)
                } else {
                    rule.without_field(field)
                };
            }
        }
        role = if stays(rules.map(|rule| rule.is_some())) {
            role.rule(object, rule)
        } else {
            role.with_rule(object, rule)
        };
    }
    role
}

/// Whether a rule that says nothing is there after the move: as in the draft if that is other than saved.
fn stays([saved, edited, current]: [bool; 3]) -> bool {
    if edited == saved { current } else { edited }
}

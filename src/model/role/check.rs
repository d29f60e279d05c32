//! Whether a role can stand in a workspace with a given schema.

use alloc::string::String;
use core::fmt::Display;

use crate::model::action::{Action, ActionSet};
use crate::model::id::{FieldKey, ObjectKey, is_name};
use crate::model::problem::{EntityKind, ProblemKind};
use crate::model::problem_list::Problems;
use crate::model::role::{FieldRule, ObjectRule, Role};
use crate::model::schema::{Object, Schema, fields_path};
use crate::support::escape::Escaped;

/// Adds every problem of the role by itself; `path` is where it stands.
pub(crate) fn check(role: &Role, schema: &Schema, path: &str, problems: &mut Problems) {
    let name = role.name.as_str();
    if !is_name(name) && !problems.is_stand_in(name, path) {
        problems.add(
            inside(path, "name"),
            ProblemKind::MalformedName {
                what: EntityKind::Role,
                name: name.into(),
            },
        );
    }
    if role.is_admin {
        check_admin(role, path, problems);
        return;
    }
    if !role.baseline.contains(Action::See) {
        add_contradiction(role.baseline, inside(path, "allow"), problems);
    }
    for (key, rule) in &role.rules {
        check_rule(key, rule, schema, path, problems);
    }
    for permission in &role.permissions {
        if schema.permission(permission.as_str()).is_none() {
            problems.add_unknown(
                inside(path, "permissions"),
                EntityKind::Permission,
                permission.as_str(),
                schema
                    .permissions()
                    .iter()
                    .map(|known| known.key().as_str()),
            );
        }
    }
}

/// The Admin role has nothing of its own but its name and description (L13).
fn check_admin(role: &Role, path: &str, problems: &mut Problems) {
    let plain = Role::admin(role.name.clone());
    let settings = [
        ("allow", role.baseline == plain.baseline),
        ("objects", role.rules == plain.rules),
        ("all_access", role.all_access == plain.all_access),
        ("permissions", role.permissions == plain.permissions),
        ("held_by", role.holder_kinds == plain.holder_kinds),
    ];
    for (key, is_plain) in settings {
        if !is_plain {
            problems.add(inside(path, key), ProblemKind::AdminIsFixed(key.into()));
        }
    }
}

fn check_rule(
    key: &ObjectKey,
    rule: &ObjectRule,
    schema: &Schema,
    path: &str,
    problems: &mut Problems,
) {
    let objects = inside(path, "objects");
    let path = alloc::format!("{objects}.{}", Escaped(key.as_str()));
    add_contradiction(rule.contradiction(), &path, problems);
    match schema.object(key.as_str()) {
        Some(object) => {
            for (field, rule) in rule.fields() {
                check_field(field, *rule, object, schema, &path, problems);
            }
        }
        None => problems.add_unknown(
            &path,
            EntityKind::Object,
            key.as_str(),
            schema.objects().iter().map(|known| known.key().as_str()),
        ),
    }
}

fn check_field(
    key: &FieldKey,
    rule: FieldRule,
    object: &Object,
    schema: &Schema,
    path: &str,
    problems: &mut Problems,
) {
    let path = alloc::format!("{path}.fields.{}", Escaped(key.as_str()));
    let path = path.as_str();
    add_contradiction(rule.contradiction(), path, problems);
    let is_read = || {
        let position = schema.object_index(object.key().as_str());
        position.is_none_or(|position| !problems.is_unread(&fields_path(position)))
    };
    if schema.field(object.key().as_str(), key.as_str()).is_none() && is_read() {
        problems.add_unknown(
            path,
            EntityKind::Field,
            key.as_str(),
            object.fields().iter().map(|known| known.key().as_str()),
        );
    }
}

/// The place of a part of the role; a role that stands by itself has none of its own.
fn inside(path: &str, part: &str) -> String {
    if path.is_empty() {
        part.into()
    } else {
        alloc::format!("{path}.{part}")
    }
}

fn add_contradiction(allowed: ActionSet, path: impl Display, problems: &mut Problems) {
    if !allowed.is_empty() {
        problems.add(path, ProblemKind::Contradiction(allowed));
    }
}

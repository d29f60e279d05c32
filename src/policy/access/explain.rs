//! Which levels an answer rests on, read from the rules; the answer itself is the check's (L32).

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use smallvec::SmallVec;

use crate::model::action::Action;
use crate::model::effect::Effect;
use crate::model::role::{Level, Role};
use crate::model::schema::{Field, Permission, Schema, Writing};
use crate::policy::RoleSource;
use crate::policy::access::access::{Access, LinkView};
use crate::policy::explanation::{
    Binding, ConsultedGrant, ConsultedLevel, Explanation, GrantSource, LinkExplanation, Question,
    Reason,
};
use crate::policy::layout::Column;
use crate::policy::target::{AsField, AsObject, AsPermission, TargetName, column, object_index};

/// How a handle that names nothing here is shown.
const STALE: &str = "?";

/// Explains the answer about a record or a field.
pub(super) fn records(
    access: &Access<'_>,
    action: Action,
    object: impl AsObject,
    field: impl AsField,
) -> Explanation {
    let schema = access.policy().schema();
    let asked_object = object.asked(schema);
    let index = object_index(object, schema);
    let asked_field = field.asked(schema, index);
    let target = index.map(|object| (object, column(field, schema, object)));
    let is_stale_object = asked_object == TargetName::Stale;
    let is_stale_field = asked_field == Some(TargetName::Stale);
    let object_name = shown(asked_object);
    let field_name = asked_field.map(shown);

    let unknown = match target {
        None if is_stale_object => Some(Reason::StaleHandle),
        None => Some(Reason::UnknownObject {
            object: object_name.clone(),
        }),
        Some((_, None)) if is_stale_field => Some(Reason::StaleHandle),
        Some((_, None)) => Some(Reason::UnknownField {
            object: object_name.clone(),
            field: field_name.clone().unwrap_or_default(),
        }),
        Some((_, Some(column))) if !column.has(action) => {
            Some(Reason::FieldsHaveTwoActions { action })
        }
        Some(_) => None,
    };
    let known = target.and_then(|(object, column)| Some((object, column?)));
    explain(
        access,
        access.can(action, object, field),
        Question::Record {
            action,
            object: object_name,
            field: field_name,
        },
        |link| match (known, &unknown) {
            (Some((object, column)), None) => record_link(access, link, action, object, column),
            (_, unknown) => {
                let role = access.policy().role(link.role_source);
                let mut explained = start(link, role, false);
                // Whatever else is wrong, an unknown name is what to say (L6), but for who is unknown itself.
                if let (true, Some(unknown)) = (link.role_source != RoleSource::Unknown, unknown) {
                    explained.reason = unknown.clone();
                }
                explained
            }
        },
    )
}

/// Explains what one link is answered about a record or field that exists and has the action.
fn record_link(
    access: &Access<'_>,
    link: LinkView<'_>,
    action: Action,
    object: usize,
    column: Column,
) -> LinkExplanation {
    let allowed = link.table.allows(object, column, action);
    let role = access.policy().role(link.role_source);
    let mut explained = start(link, role, allowed);
    let schema = access.policy().schema();
    let (Some(role), Some(described)) = (role, schema.objects().get(object)) else {
        return explained;
    };
    let field = column.field_in(schema, object);
    match field.map(Field::writing) {
        Some(Writing::ReadOnly) if action == Action::Edit => {
            explained.reason = Reason::ReadOnly;
            return explained;
        }
        Some(Writing::System) if action == Action::Edit => {
            explained.reason = Reason::System;
            return explained;
        }
        _ => {}
    }
    if role.is_admin() {
        explained.reason = Reason::Admin;
        return explained;
    }
    let key = described.key().as_str();
    explained.levels = levels(role, action, key, field.map(|field| field.key().as_str()));
    explained.reason = decision(&explained.levels, action, allowed);
    if let Some(field) = field.filter(|_| action == Action::Edit) {
        explained.bound = bound(access, link, object, field);
        // What the cascade allows and See does not refuse, only a binding can.
        let is_refused = |level: &ConsultedLevel| level.decides && level.effect == Effect::Deny;
        if !allowed && !explained.levels.iter().any(is_refused) {
            explained.reason = Reason::Bound;
        }
    }
    explained
}

/// Explains what else writing a field needs (L37).
fn bound(access: &Access<'_>, link: LinkView<'_>, object: usize, field: &Field) -> Vec<Binding> {
    let schema = access.policy().schema();
    let name = schema
        .objects()
        .get(object)
        .map_or("", |object| object.key().as_str());
    let actions = field.bound_actions().iter().map(|action| Binding {
        question: Question::Record {
            action,
            object: name.to_string(),
            field: None,
        },
        answer: record_link(access, link, action, object, Column::RECORD),
    });
    let permissions = field.bound_permissions().iter().map(|key| Binding {
        question: Question::Permission {
            permission: key.as_str().to_string(),
        },
        answer: permission_link(
            access,
            link,
            schema.permission_index(key.as_str()),
            &Reason::UnknownPermission {
                permission: key.as_str().to_string(),
            },
        ),
    });
    actions.chain(permissions).collect()
}

/// Explains the answer about a workspace permission.
pub(super) fn permission(access: &Access<'_>, permission: impl AsPermission) -> Explanation {
    let schema = access.policy().schema();
    let index = permission.index(schema);
    let asked = permission.asked(schema);
    let key = shown(asked.clone());
    let unknown = match asked {
        TargetName::Stale => Reason::StaleHandle,
        TargetName::Name(permission) => Reason::UnknownPermission { permission },
    };
    explain(
        access,
        access.can_use(permission),
        Question::Permission { permission: key },
        |link| permission_link(access, link, index, &unknown),
    )
}

/// Explains what one link is answered about the workspace permission with that index; `unknown` is what to say without one.
fn permission_link(
    access: &Access<'_>,
    link: LinkView<'_>,
    index: Option<usize>,
    unknown: &Reason,
) -> LinkExplanation {
    let schema = access.policy().schema();
    let allowed = index.is_some_and(|index| link.table.grants(index));
    let role = access.policy().role(link.role_source);
    let mut explained = start(link, role, allowed);
    let permission = index.and_then(|index| schema.permissions().get(index));
    match (role, permission) {
        _ if link.role_source == RoleSource::Unknown => {}
        (_, None) => explained.reason = unknown.clone(),
        (None, Some(_)) => {}
        (Some(role), Some(_)) if role.is_admin() => explained.reason = Reason::Admin,
        (Some(role), Some(permission)) => {
            explained.grants = grants(role, permission, schema);
            explained.reason = grant_reason(&explained.grants, permission);
        }
    }
    explained
}

/// Explains each link of the chain.
fn explain(
    access: &Access<'_>,
    allowed: bool,
    question: Question,
    link: impl Fn(LinkView<'_>) -> LinkExplanation,
) -> Explanation {
    Explanation {
        question,
        allowed,
        revision: access.policy().revision(),
        first: link(access.first()),
        rest: access.rest().map(&link).collect(),
    }
}

/// What can be said of a link before its rules are read.
fn start(link: LinkView<'_>, role: Option<&Role>, allowed: bool) -> LinkExplanation {
    LinkExplanation {
        principal: link.principal.clone(),
        role: role.map(|role| role.name().clone()),
        by_default: matches!(link.role_source, RoleSource::Default(_)),
        allowed,
        reason: match link.role_source {
            RoleSource::Unknown => Reason::UnknownPrincipal,
            _ => Reason::NoRole,
        },
        levels: SmallVec::new(),
        grants: Vec::new(),
        bound: Vec::new(),
    }
}

fn shown(asked: TargetName) -> String {
    match asked {
        TargetName::Name(name) => name,
        TargetName::Stale => STALE.to_string(),
    }
}

/// The levels of the action, and of See if that is another.
fn levels(
    role: &Role,
    action: Action,
    object: &str,
    field: Option<&str>,
) -> SmallVec<[ConsultedLevel; 6]> {
    let mut levels = SmallVec::new();
    push_levels(&mut levels, role, action, object, field);
    if action != Action::See {
        push_levels(&mut levels, role, Action::See, object, field);
    }
    levels
}

fn push_levels(
    levels: &mut SmallVec<[ConsultedLevel; 6]>,
    role: &Role,
    action: Action,
    object: &str,
    field: Option<&str>,
) {
    let baseline = if role.baseline().contains(action) {
        Effect::Allow
    } else {
        Effect::Deny
    };
    let rule = role.rules().get(object);
    let object_effect = rule.map_or(Effect::Inherit, |rule| rule.effect(action));
    let start = levels.len();
    let mut push = |level, effect| {
        levels.push(ConsultedLevel {
            level,
            action,
            effect,
            decides: false,
        });
    };
    push(Level::Baseline, baseline);
    push(Level::ObjectRule, object_effect);
    if let Some(field) = field {
        let field_rule = rule.and_then(|rule| rule.fields().get(field));
        let effect = field_rule.map_or(Effect::Inherit, |rule| rule.effect(action));
        push(Level::FieldRule, effect);
    }
    let decides = levels
        .iter_mut()
        .skip(start)
        .rev()
        .find(|level| level.effect != Effect::Inherit);
    if let Some(level) = decides {
        level.decides = true;
    }
}

/// The deciding level: that of the action, unless the cascade allows it and See is refused, which comes first (L3).
fn decision(levels: &[ConsultedLevel], action: Action, allowed: bool) -> Reason {
    let deciding = |action| {
        levels
            .iter()
            .find(move |level| level.action == action && level.decides)
    };
    let by_action = deciding(action);
    let is_refused_by_see =
        !allowed && by_action.is_some_and(|level| level.effect == Effect::Allow);
    let decides = if is_refused_by_see {
        deciding(Action::See)
    } else {
        by_action
    };
    // The baseline never inherits, so that some level always decides.
    decides.map_or(Reason::NoRole, |level| Reason::Decided {
        action: level.action,
        level: level.level,
    })
}

/// The permission and all that it requires, each once, the permission first.
fn grants(role: &Role, permission: &Permission, schema: &Schema) -> Vec<ConsultedGrant> {
    let mut wanted = alloc::vec![permission];
    let mut next = 0;
    while let Some(permission) = wanted.get(next).copied() {
        for required in permission.requirements() {
            let is_new = wanted.iter().all(|known| known.key() != required);
            let required = schema.permission(required.as_str());
            wanted.extend(required.filter(|_| is_new));
        }
        next += 1;
    }
    let grant = |permission: &Permission| ConsultedGrant {
        permission: permission.key().as_str().to_string(),
        source: if role.all_access().contains(permission.class()) {
            GrantSource::AllAccess
        } else if role.permissions().contains(permission.key()) {
            GrantSource::Listed
        } else {
            GrantSource::None
        },
    };
    wanted.into_iter().map(grant).collect()
}

fn grant_reason(grants: &[ConsultedGrant], permission: &Permission) -> Reason {
    let missing = grants
        .iter()
        .find(|grant| grant.source == GrantSource::None);
    match (grants.first().map(|grant| grant.source), missing) {
        (Some(GrantSource::AllAccess), None) => Reason::AllAccess {
            class: permission.class(),
        },
        (Some(GrantSource::Listed), None) => Reason::Granted,
        _ => Reason::NotGranted {
            permission: missing.map_or_else(String::new, |grant| grant.permission.clone()),
        },
    }
}

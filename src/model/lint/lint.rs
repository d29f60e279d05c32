//! What is allowed to stand but is probably not what somebody meant.

use alloc::vec::Vec;
use core::fmt::{self, Write as _};

use serde::{Deserialize, Serialize};

use crate::model::action::Action;
use crate::model::effect::Effect;
use crate::model::id::{FieldKey, ObjectKey, PermissionKey, RoleName};
use crate::model::lint::confusable;
use crate::model::principal::Principal;
use crate::model::role::{ObjectRule, Role};
use crate::model::schema::Schema;
use crate::support::escape::OneLine;

/// A finding about a valid workspace. It changes no answer; it says where to look and what to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "lint", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Lint {
    /// An object rule or a field rule that says what holds without it.
    RuleChangesNothing {
        /// The role that has the rule.
        role: RoleName,
        /// The object of the rule.
        object: ObjectKey,
        /// The field, when it is a field rule.
        field: Option<FieldKey>,
    },
    /// A field rule that shows a field of an object whose records are hidden (L8).
    GrantUnderHiddenObject {
        /// The role that has the rule.
        role: RoleName,
        /// The object whose records are hidden.
        object: ObjectKey,
        /// The field that is shown.
        field: FieldKey,
    },
    /// A write that the cascade allows and that is denied for want of See (L3).
    ///
    /// That is said of the record, or of the field alone. A field that is shown although its record is hidden (a lint of
    /// its own) inherits Edit all the same, so that to deny it changes what is answered about that field.
    DormantWrite {
        /// The role that has the rule.
        role: RoleName,
        /// The object of the rule.
        object: ObjectKey,
        /// The field, when it is a field that is hidden.
        field: Option<FieldKey>,
        /// What would be allowed if See were.
        action: Action,
    },
    /// A role that grants a workspace permission without one that it requires (L12).
    DormantPermission {
        /// The role that grants it.
        role: RoleName,
        /// The permission that is granted in vain.
        permission: PermissionKey,
        /// The permission that is missing.
        requires: PermissionKey,
    },
    /// A role whose name people can take for that of another, although the two differ (L20).
    RolesLookAlike {
        /// The role that is before it.
        first: RoleName,
        /// The role that looks like it.
        second: RoleName,
    },
    /// An object whose key people can take for that of another, although the two differ (L6).
    ObjectsLookAlike {
        /// The object that is before it.
        first: ObjectKey,
        /// The object that looks like it.
        second: ObjectKey,
    },
    /// A field whose key people can take for that of another of the same object, although the two differ (L6).
    FieldsLookAlike {
        /// The object of both.
        object: ObjectKey,
        /// The field that is before it.
        first: FieldKey,
        /// The field that looks like it.
        second: FieldKey,
    },
    /// A workspace permission whose key people can take for that of another, although the two differ (L6).
    PermissionsLookAlike {
        /// The permission that is before it.
        first: PermissionKey,
        /// The permission that looks like it.
        second: PermissionKey,
    },
    /// An API key without a role: what it may do is decided for all such keys at once (L21).
    KeyWithoutRole {
        /// The API key.
        key: Principal,
    },
}

impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A role that no workspace has taken may have any name.
        let f = &mut OneLine(f);
        match self {
            Self::RuleChangesNothing {
                role,
                object,
                field,
            } => write!(
                f,
                "role `{role}`: the {} changes nothing; remove it, or set what it should change",
                RuleOf(object, field.as_ref())
            ),
            Self::GrantUnderHiddenObject {
                role,
                object,
                field,
            } => write!(
                f,
                "role `{role}`: the field rule for `{object}.{field}` allows `see` although records of `{object}` are hidden; \
                 allow `see` on `{object}`, or remove the grant"
            ),
            Self::DormantWrite {
                role,
                object,
                field,
                action,
            } => write!(
                f,
                "role `{role}`: `{action}` on {} has no effect while `see` is denied there; deny `{action}` too, or allow `see`",
                Place(object, field.as_ref())
            ),
            Self::DormantPermission {
                role,
                permission,
                requires,
            } => write!(
                f,
                "role `{role}`: `{permission}` has no effect without `{requires}`; grant `{requires}` too, or withdraw `{permission}`"
            ),
            Self::RolesLookAlike { first, second } => write!(
                f,
                "role `{second}` looks like role `{first}`, which is another one; rename one of them"
            ),
            Self::ObjectsLookAlike { first, second } => write!(
                f,
                "object `{second}` looks like object `{first}`, which is another one; give one of them another key"
            ),
            Self::FieldsLookAlike {
                object,
                first,
                second,
            } => write!(
                f,
                "field `{object}.{second}` looks like field `{object}.{first}`, which is another one; give one of them another key"
            ),
            Self::PermissionsLookAlike { first, second } => write!(
                f,
                "workspace permission `{second}` looks like `{first}`, which is another one; give one of them another key"
            ),
            Self::KeyWithoutRole { key } => write!(
                f,
                "API key `{}` has no role, so that the workspace decides what it may do; assign a role to it",
                key.id()
            ),
        }
    }
}

struct RuleOf<'a>(&'a ObjectKey, Option<&'a FieldKey>);

impl fmt::Display for RuleOf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self(object, None) => write!(f, "object rule for `{object}`"),
            Self(object, Some(field)) => write!(f, "field rule for `{object}.{field}`"),
        }
    }
}

/// An object or a field, as messages name it.
pub(crate) struct Place<'a>(pub(crate) &'a ObjectKey, pub(crate) Option<&'a FieldKey>);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self(object, None) => write!(f, "`{object}`"),
            Self(object, Some(field)) => write!(f, "`{object}.{field}`"),
        }
    }
}

impl Role {
    /// What in this role is probably not what somebody meant, in the order of its rules; nothing for Admin.
    ///
    /// `schema` is that of the role's workspace.
    ///
    /// ```
    /// use rolegate::{Action, ObjectRule, Role, Schema};
    ///
    /// let schema = Schema::builder().object("people", ["name"]).build()?;
    /// let role = Role::new("Viewer")
    ///     .allow(Action::See)
    ///     .rule("people", ObjectRule::new().allow(Action::See));
    /// assert_eq!(
    ///     role.lints(&schema).first().map(ToString::to_string).as_deref(),
    ///     Some("role `Viewer`: the object rule for `people` changes nothing; remove it, or set what it should change"),
    /// );
    /// # Ok::<(), rolegate::InvalidSchema>(())
    /// ```
    #[must_use]
    pub fn lints(&self, schema: &Schema) -> Vec<Lint> {
        let mut lints = Vec::new();
        if self.is_admin() {
            return lints;
        }
        for (object, rule) in self.rules() {
            object_rule_lints(self, object, rule, &mut lints);
        }
        permission_lints(self, schema, &mut lints);
        lints
    }
}

/// Names that are compared byte for byte and read by people: of roles, objects, fields and workspace permissions.
pub(crate) fn name_lints<'a>(
    roles: impl Iterator<Item = &'a RoleName>,
    schema: &Schema,
    lints: &mut Vec<Lint>,
) {
    let alike = confusable::confusables(roles.map(RoleName::as_str)).into_iter();
    lints.extend(alike.map(|(first, second)| Lint::RolesLookAlike {
        first: first.into(),
        second: second.into(),
    }));
    let objects = schema.objects().iter();
    let alike = confusable::confusables(objects.clone().map(|object| object.key().as_str()));
    lints.extend(
        alike
            .into_iter()
            .map(|(first, second)| Lint::ObjectsLookAlike {
                first: first.into(),
                second: second.into(),
            }),
    );
    for object in objects {
        let fields = object.fields().iter();
        let alike = confusable::confusables(fields.map(|field| field.key().as_str()));
        lints.extend(
            alike
                .into_iter()
                .map(|(first, second)| Lint::FieldsLookAlike {
                    object: object.key().clone(),
                    first: first.into(),
                    second: second.into(),
                }),
        );
    }
    let permissions = schema.permissions().iter();
    let alike = confusable::confusables(permissions.map(|permission| permission.key().as_str()));
    lints.extend(
        alike
            .into_iter()
            .map(|(first, second)| Lint::PermissionsLookAlike {
                first: first.into(),
                second: second.into(),
            }),
    );
}

fn object_rule_lints(role: &Role, object: &ObjectKey, rule: &ObjectRule, lints: &mut Vec<Lint>) {
    let record = |action| rule.effect(action).over(role.baseline().contains(action));
    let changes = |action| record(action) != role.baseline().contains(action);
    if rule.fields().is_empty() && !Action::ALL.into_iter().any(changes) {
        lints.push(Lint::RuleChangesNothing {
            role: role.name().clone(),
            object: object.clone(),
            field: None,
        });
    }
    let is_hidden = !record(Action::See);
    if is_hidden {
        let writes = [Action::Edit, Action::Delete, Action::Destroy];
        for action in writes.into_iter().filter(|action| record(*action)) {
            lints.push(Lint::DormantWrite {
                role: role.name().clone(),
                object: object.clone(),
                field: None,
                action,
            });
        }
    }
    for (field, field_rule) in rule.fields() {
        let value = |action| field_rule.effect(action).over(record(action));
        if [Action::See, Action::Edit]
            .into_iter()
            .all(|action| value(action) == record(action))
        {
            lints.push(Lint::RuleChangesNothing {
                role: role.name().clone(),
                object: object.clone(),
                field: Some(field.clone()),
            });
        }
        if is_hidden && field_rule.effect(Action::See) == Effect::Allow {
            lints.push(Lint::GrantUnderHiddenObject {
                role: role.name().clone(),
                object: object.clone(),
                field: field.clone(),
            });
        }
        if value(Action::Edit) && !value(Action::See) {
            lints.push(Lint::DormantWrite {
                role: role.name().clone(),
                object: object.clone(),
                field: Some(field.clone()),
                action: Action::Edit,
            });
        }
    }
}

fn permission_lints(role: &Role, schema: &Schema, lints: &mut Vec<Lint>) {
    for permission in schema.permissions() {
        if !role.has(permission) {
            continue;
        }
        for required in permission.requirements() {
            if schema
                .permission(required.as_str())
                .is_some_and(|required| !role.has(required))
            {
                lints.push(Lint::DormantPermission {
                    role: role.name().clone(),
                    permission: permission.key().clone(),
                    requires: required.clone(),
                });
            }
        }
    }
}

//! What an accepted change did, as data, and how a person reads it.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Write as _};

use serde::{Deserialize, Serialize};

use crate::model::id::{FieldKey, ObjectKey, PermissionKey, RoleName};
use crate::model::principal::Principal;
use crate::model::role::{FieldRule, ObjectRule, Role};
use crate::model::schema::{Field, Object, Permission};
use crate::support::escape::OneLine;
use crate::workspace::{GrantPolicy, GroupMapping, KeysWithoutRole};

/// What happened: from what, to what (L25). `Display` says it in one sentence, on one line.
///
/// In its stored form no key of its own may be left out: that there is no role, text or group is said by `null`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Event {
    /// A role was created.
    RoleCreated {
        /// The role as created.
        role: Box<Role>,
    },
    /// A role got another name.
    RoleRenamed {
        /// The name before.
        from: RoleName,
        /// The name after.
        to: RoleName,
    },
    /// A role changed otherwise: its description, baseline, rules, permissions, or who may hold it.
    RoleChanged {
        /// The role before.
        from: Box<Role>,
        /// The role after.
        to: Box<Role>,
    },
    /// A role was deleted.
    RoleDeleted {
        /// The role as it was.
        role: Box<Role>,
    },
    /// A principal got another role, or lost it.
    RoleAssigned {
        /// Who.
        principal: Principal,
        /// The role before, if any.
        #[serde(deserialize_with = "Option::deserialize")]
        from: Option<RoleName>,
        /// The role after, if any.
        #[serde(deserialize_with = "Option::deserialize")]
        to: Option<RoleName>,
    },
    /// Another role became the default one.
    DefaultRoleChanged {
        /// The default role before.
        from: RoleName,
        /// The default role after.
        to: RoleName,
    },
    /// A principal was added.
    PrincipalAdded {
        /// Who.
        principal: Principal,
        /// The role that it got, if any.
        #[serde(deserialize_with = "Option::deserialize")]
        role: Option<RoleName>,
        /// The group that brought it that role, if one did.
        #[serde(deserialize_with = "Option::deserialize")]
        group: Option<String>,
    },
    /// A principal was removed.
    PrincipalRemoved {
        /// Who.
        principal: Principal,
        /// The role that it had, if any.
        #[serde(deserialize_with = "Option::deserialize")]
        role: Option<RoleName>,
    },
    /// The mappings of groups to roles changed.
    GroupMappingsChanged {
        /// The mappings before.
        from: Vec<GroupMapping>,
        /// The mappings after.
        to: Vec<GroupMapping>,
    },
    /// What an API key without a role may do changed.
    KeysWithoutRoleChanged {
        /// The access before.
        from: KeysWithoutRole,
        /// The access after.
        to: KeysWithoutRole,
    },
    /// Whether one may hand out more than one holds changed.
    GrantPolicyChanged {
        /// The policy before.
        from: GrantPolicy,
        /// The policy after.
        to: GrantPolicy,
    },
    /// An object was added.
    ObjectAdded {
        /// The object as added.
        object: Object,
    },
    /// The label of an object changed.
    ObjectLabelled {
        /// The object.
        object: ObjectKey,
        /// The label before, if any.
        #[serde(deserialize_with = "Option::deserialize")]
        from: Option<String>,
        /// The label after, if any.
        #[serde(deserialize_with = "Option::deserialize")]
        to: Option<String>,
    },
    /// An object was removed.
    ObjectRemoved {
        /// The object as it was.
        object: Object,
    },
    /// A field was added.
    FieldAdded {
        /// The object.
        object: ObjectKey,
        /// The field as added.
        field: Field,
    },
    /// The description of a field changed, or its relation was dropped with the object that it pointed to.
    FieldChanged {
        /// The object.
        object: ObjectKey,
        /// The field before.
        from: Field,
        /// The field after.
        to: Field,
    },
    /// A field was removed.
    FieldRemoved {
        /// The object.
        object: ObjectKey,
        /// The field as it was.
        field: Field,
    },
    /// A workspace permission was registered.
    PermissionAdded {
        /// The permission as registered.
        permission: Permission,
    },
    /// The description of a workspace permission changed.
    PermissionChanged {
        /// The permission before.
        from: Permission,
        /// The permission after.
        to: Permission,
    },
    /// A workspace permission was removed.
    PermissionRemoved {
        /// The permission as it was.
        permission: Permission,
    },
    /// An object rule was dropped with its object.
    ObjectRuleDropped {
        /// The role that had it.
        role: RoleName,
        /// The object.
        object: ObjectKey,
        /// The rule as it was.
        rule: ObjectRule,
    },
    /// A field rule was dropped with its field.
    FieldRuleDropped {
        /// The role that had it.
        role: RoleName,
        /// The object.
        object: ObjectKey,
        /// The field.
        field: FieldKey,
        /// The rule as it was.
        rule: FieldRule,
    },
    /// The grant of a workspace permission was dropped with the permission.
    GrantDropped {
        /// The role that had it.
        role: RoleName,
        /// The permission.
        permission: PermissionKey,
    },
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Descriptions and labels may have more lines than one, and an event is one in a log.
        let f = &mut OneLine(f);
        match self {
            Self::RoleCreated { role } => write!(f, "created role `{}`", role.name()),
            Self::RoleRenamed { from, to } => write!(f, "renamed role `{from}` to `{to}`"),
            Self::RoleChanged { from, to } => write_role_change(f, from, to),
            Self::RoleDeleted { role } => write!(f, "deleted role `{}`", role.name()),
            Self::RoleAssigned {
                principal,
                from,
                to,
            } => write!(
                f,
                "changed the role of `{principal}` from {} to {}",
                Quoted(from.as_ref()),
                Quoted(to.as_ref())
            ),
            Self::DefaultRoleChanged { from, to } => {
                write!(f, "changed the default role from `{from}` to `{to}`")
            }
            Self::PrincipalAdded {
                principal,
                role,
                group: None,
            } => write!(f, "added `{principal}`{}", WithRole(role.as_ref())),
            Self::PrincipalAdded {
                principal,
                role,
                group: Some(group),
            } => write!(
                f,
                "added `{principal}`{} for its group `{group}`",
                WithRole(role.as_ref())
            ),
            Self::PrincipalRemoved { principal, role } => {
                write!(f, "removed `{principal}`{}", WithRole(role.as_ref()))
            }
            Self::GroupMappingsChanged { from, to } => write!(
                f,
                "changed the mappings of groups from {} to {}",
                Quoted(listed(from).as_ref()),
                Quoted(listed(to).as_ref())
            ),
            Self::KeysWithoutRoleChanged { from, to } => write!(
                f,
                "changed the access of API keys without a role from `{from}` to `{to}`"
            ),
            Self::GrantPolicyChanged { from, to } => {
                write!(f, "changed the grant policy from `{from}` to `{to}`")
            }
            Self::ObjectAdded { .. }
            | Self::ObjectLabelled { .. }
            | Self::ObjectRemoved { .. }
            | Self::FieldAdded { .. }
            | Self::FieldChanged { .. }
            | Self::FieldRemoved { .. }
            | Self::PermissionAdded { .. }
            | Self::PermissionChanged { .. }
            | Self::PermissionRemoved { .. } => write_schema_event(f, self),
            Self::ObjectRuleDropped { role, object, .. } => {
                write!(f, "dropped the rule of role `{role}` for `{object}`")
            }
            Self::FieldRuleDropped {
                role,
                object,
                field,
                ..
            } => write!(
                f,
                "dropped the rule of role `{role}` for `{object}.{field}`"
            ),
            Self::GrantDropped { role, permission } => {
                write!(f, "dropped the grant of `{permission}` of role `{role}`")
            }
        }
    }
}

/// Renders what happened to the schema.
fn write_schema_event(f: &mut impl fmt::Write, event: &Event) -> fmt::Result {
    match event {
        Event::ObjectAdded { object } => write!(f, "added object `{}`", object.key()),
        Event::ObjectLabelled { object, from, to } => write!(
            f,
            "changed the label of object `{object}` from {} to {}",
            Quoted(from.as_ref()),
            Quoted(to.as_ref())
        ),
        Event::ObjectRemoved { object } => write!(f, "removed object `{}`", object.key()),
        Event::FieldAdded { object, field } => {
            write!(f, "added field `{object}.{}`", field.key())
        }
        Event::FieldChanged { object, from, to } => {
            write!(f, "changed field `{object}.{}`", to.key())?;
            write_difference(f, "label", from.label(), to.label())?;
            let (relation, new) = (from.relation(), to.relation());
            write_difference(f, "relation", relation, new)?;
            write_difference(f, "writing", Some(from.writing()), Some(to.writing()))?;
            write_difference(f, "bound to", bindings(from), bindings(to))
        }
        Event::FieldRemoved { object, field } => {
            write!(f, "removed field `{object}.{}`", field.key())
        }
        Event::PermissionAdded { permission } => {
            write!(f, "added workspace permission `{}`", permission.key())
        }
        Event::PermissionChanged { from, to } => {
            write!(f, "changed workspace permission `{}`", to.key())?;
            write_difference(f, "label", from.label(), to.label())?;
            let requirements = |permission: &Permission| listed(permission.requirements());
            write_difference(f, "requirements", requirements(from), requirements(to))
        }
        Event::PermissionRemoved { permission } => {
            write!(f, "removed workspace permission `{}`", permission.key())
        }
        // The caller renders the rest.
        _ => Ok(()),
    }
}

fn write_role_change(f: &mut impl fmt::Write, from: &Role, to: &Role) -> fmt::Result {
    write!(f, "changed role `{}`", to.name())?;
    for change in to.changes_since(from) {
        write!(f, "; {change}")?;
    }
    write_difference(f, "description", from.description(), to.description())?;
    let kinds = |role: &Role| listed(role.holder_kinds().iter());
    write_difference(f, "who may hold it", kinds(from), kinds(to))
}

/// Renders what of a thing changed, if it did.
fn write_difference<T: fmt::Display + PartialEq>(
    f: &mut impl fmt::Write,
    what: &str,
    from: Option<T>,
    to: Option<T>,
) -> fmt::Result {
    if from == to {
        return Ok(());
    }
    let (from, to) = (Quoted(from), Quoted(to));
    write!(f, "; {what} from {from} to {to}")
}

/// What a field is bound to, actions first; nothing if it is not bound.
fn bindings(field: &Field) -> Option<String> {
    let actions = field
        .bound_actions()
        .iter()
        .map(|action| action.to_string());
    let permissions = field.bound_permissions().iter().map(ToString::to_string);
    listed(actions.chain(permissions))
}

/// Several things as one text; nothing if there are none.
fn listed<T: fmt::Display>(items: impl IntoIterator<Item = T>) -> Option<String> {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    (!items.is_empty()).then(|| items.join(", "))
}

/// Renders a text in backticks, or `none`.
struct Quoted<T>(Option<T>);

impl<T: fmt::Display> fmt::Display for Quoted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(text) => write!(f, "`{text}`"),
            None => f.write_str("none"),
        }
    }
}

/// Renders the role that a principal came or went with.
struct WithRole<'a>(Option<&'a RoleName>);

impl fmt::Display for WithRole<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(role) => write!(f, " with role `{role}`"),
            None => f.write_str(" without a role"),
        }
    }
}

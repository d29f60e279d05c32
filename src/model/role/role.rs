//! What a role says: a baseline for all objects, exceptions for some, and workspace permissions.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;

use crate::model::action::{Action, ActionSet};
use crate::model::id::{ObjectKey, PermissionKey, RoleName};
use crate::model::principal::{PrincipalKind, PrincipalKinds};
use crate::model::role::ObjectRule;
use crate::model::schema::{Permission, PermissionClass, PermissionClasses};

/// A role, as plain data.
///
/// A new role allows nothing (L7) and may be held by every kind of principal (L19). It is checked when a
/// [`Workspace`](crate::Workspace) takes it: names must exist in the schema, and no baseline or rule may deny See and
/// allow something else (L4).
///
/// ```
/// use rolegate::{Action, FieldRule, ObjectRule, Role};
///
/// let intern = Role::new("Intern")
///     .allow(Action::See)
///     .rule("opportunities", ObjectRule::new().deny(Action::See))
///     .rule("people", ObjectRule::new()
///         .allow(Action::Edit)
///         .field("email", FieldRule::SEE_ONLY)
///         .field("address", FieldRule::NO_ACCESS));
/// assert!(intern.baseline().contains(Action::See));
/// assert_eq!(intern.rules().len(), 2);
/// ```
#[must_use = "it is plain data, and changes nothing until a workspace takes it"]
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Role {
    pub(super) name: RoleName,
    pub(super) is_admin: bool,
    description: Option<String>,
    pub(super) baseline: ActionSet,
    pub(super) rules: BTreeMap<ObjectKey, ObjectRule>,
    pub(super) all_access: PermissionClasses,
    pub(super) permissions: BTreeSet<PermissionKey>,
    pub(super) holder_kinds: PrincipalKinds,
}

impl Role {
    /// A role of that name that allows nothing.
    pub fn new(name: impl Into<RoleName>) -> Self {
        Self {
            name: name.into(),
            is_admin: false,
            description: None,
            baseline: ActionSet::EMPTY,
            rules: BTreeMap::new(),
            all_access: PermissionClasses::EMPTY,
            permissions: BTreeSet::new(),
            holder_kinds: PrincipalKinds::ALL,
        }
    }

    /// The Admin role, under that name.
    ///
    /// It allows everything in the schema, also what is added later, and may be held by members and API keys (L13, L19).
    /// Nothing but its name and description can be set: a workspace refuses an Admin role with settings of its own.
    pub fn admin(name: impl Into<RoleName>) -> Self {
        Self {
            is_admin: true,
            holder_kinds: PrincipalKinds::EMPTY
                .with(PrincipalKind::Member)
                .with(PrincipalKind::ApiKey),
            ..Self::new(name)
        }
    }

    /// Sets the text that tells people what the role is for. Defaults to none.
    pub fn with_description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Allows an action on all objects that have no rule about it.
    pub fn allow(mut self, action: Action) -> Self {
        self.baseline = self.baseline.with(action);
        self
    }

    /// Sets the rule for an object, replacing the one it had.
    pub fn rule(mut self, object: impl Into<ObjectKey>, rule: ObjectRule) -> Self {
        self.rules.insert(object.into(), rule);
        self
    }

    /// Grants a workspace permission.
    pub fn grant(mut self, permission: impl Into<PermissionKey>) -> Self {
        self.permissions.insert(permission.into());
        self
    }

    /// Turns the *all access* switch of a class on: every permission of the class, also one that is added later (L11).
    pub fn grant_all(mut self, class: PermissionClass) -> Self {
        self.all_access = self.all_access.with(class);
        self
    }

    /// Says which kinds of principal may hold the role (L19). Defaults to all three.
    pub fn with_holder_kinds(mut self, kinds: impl IntoIterator<Item = PrincipalKind>) -> Self {
        self.holder_kinds = kinds.into_iter().collect();
        self
    }

    /// The name, which is the role's identity in its workspace.
    #[must_use]
    pub fn name(&self) -> &RoleName {
        &self.name
    }

    /// Whether it is the Admin role (L13). Its name does not matter for that.
    #[must_use]
    pub fn is_admin(&self) -> bool {
        self.is_admin
    }

    /// The text that tells people what the role is for.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// The actions allowed on all objects that have no rule about them.
    #[must_use]
    pub fn baseline(&self) -> ActionSet {
        self.baseline
    }

    /// The rules for single objects, sorted by key.
    #[must_use]
    pub fn rules(&self) -> &BTreeMap<ObjectKey, ObjectRule> {
        &self.rules
    }

    /// The classes whose *all access* switch is on.
    #[must_use]
    pub fn all_access(&self) -> PermissionClasses {
        self.all_access
    }

    /// The workspace permissions granted one by one, sorted by key.
    #[must_use]
    pub fn permissions(&self) -> &BTreeSet<PermissionKey> {
        &self.permissions
    }

    /// The same role under another name.
    pub fn with_name(mut self, name: impl Into<RoleName>) -> Self {
        self.name = name.into();
        self
    }

    /// The same role with another description, or none.
    pub(crate) fn described(mut self, description: Option<String>) -> Self {
        self.description = description;
        self
    }

    /// The same role without its rule for an object.
    pub(crate) fn without_rule(mut self, object: &ObjectKey) -> Self {
        self.rules.remove(object);
        self
    }

    /// The same role without a permission.
    pub(crate) fn without_permission(mut self, permission: &PermissionKey) -> Self {
        self.permissions.remove(permission);
        self
    }

    /// Whether the role itself gives a permission, by a switch or one by one (L11); what it requires is left out.
    pub(crate) fn has(&self, permission: &Permission) -> bool {
        self.is_admin
            || self.all_access.contains(permission.class())
            || self.permissions.contains(permission.key())
    }

    /// The kinds of principal that may hold the role.
    #[must_use]
    pub fn holder_kinds(&self) -> PrincipalKinds {
        self.holder_kinds
    }
}

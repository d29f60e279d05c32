//! One acting principal: what it may change, and what it may not come to.

use crate::administration::Acting;
use crate::administration::grant_policy::{newly_given, touched};
use crate::administration::guard::GUARDS;
use crate::model::id::PermissionKey;
use crate::model::principal::Principal;
use crate::model::role::{Cell, Role};
use crate::model::schema::PermissionClass;
use crate::policy::{RoleAnswers, RoleSource, role_source};
use crate::workspace::{Change, ChangeError, Event, GrantPolicy, Workspace};

/// One acting principal, as it was before the changes.
pub(super) struct Actor<'w> {
    pub(super) before: &'w Workspace,
    pub(super) principal: &'w Principal,
    pub(super) role_source: RoleSource,
    /// Its role; none if it is unknown or has none.
    pub(super) role: Option<&'w Role>,
}

impl<'w> Actor<'w> {
    pub(super) fn new(before: &'w Workspace, principal: &'w Principal) -> Self {
        let role_source = role_source(before, principal);
        Self {
            before,
            principal,
            role_source,
            role: role_source.slot().and_then(|slot| before.roles.get(slot)),
        }
    }

    pub(super) fn is_admin(&self) -> bool {
        self.role.is_some_and(Role::is_admin)
    }

    /// Whether its role, as it stands in a workspace, gives the settings permission of that name there.
    fn has(&self, workspace: &Workspace, permission: &str) -> bool {
        let known = workspace.schema.permission(permission);
        let role = self
            .role_source
            .slot()
            .and_then(|slot| workspace.roles.get(slot));
        known.is_some_and(|known| known.class() == PermissionClass::Settings)
            && RoleAnswers::of(role, &workspace.schema).allow(&Cell::permission(permission))
    }

    /// What can be said of a change by itself; `copy` is what the changes before it came to.
    pub(super) fn check_change(
        &self,
        copy: &Workspace,
        change: &Change,
    ) -> Result<(), ChangeError> {
        let guard = Acting::guard(change);
        if !self.is_admin() && !self.has(self.before, guard) {
            return Err(ChangeError::NotPermitted {
                principal: self.principal.clone(),
                permission: PermissionKey::from(guard),
            });
        }
        match change {
            Change::AssignRole { principal, .. }
            | Change::ClearRole { principal }
            | Change::RemovePrincipal { principal }
                if principal == self.principal =>
            {
                Err(ChangeError::OwnAssignment(self.principal.clone()))
            }
            Change::DeleteRole { role }
                if copy.roles.slot(role).is_some()
                    && copy.roles.slot(role) == self.role_source.slot() =>
            {
                Err(ChangeError::OwnRole {
                    principal: self.principal.clone(),
                    role: role.clone(),
                })
            }
            // Else it could be switched off to get round it.
            Change::SetGrantPolicy { .. } if !self.is_admin() => Err(self.admin_only()),
            _ => Ok(()),
        }
    }

    /// What can only be said of the result: it covers each indirect way round the guards.
    pub(super) fn check_result(
        &self,
        after: &Workspace,
        events: &[Event],
    ) -> Result<(), ChangeError> {
        if role_source(after, self.principal) != self.role_source {
            return Err(ChangeError::OwnAssignment(self.principal.clone()));
        }
        // Who holds Admin needs no permission, and so loses nothing by one.
        if self.is_admin() {
            return Ok(());
        }
        if self.has(self.before, "roles") && !self.has(after, "roles") {
            return Err(ChangeError::OwnRolesPermission {
                principal: self.principal.clone(),
            });
        }
        let makes_admin = touched(events).into_iter().any(|principal| {
            let holds =
                |workspace: &Workspace| workspace.role_of(principal).is_some_and(Role::is_admin);
            holds(after) && !holds(self.before)
        });
        let admin = self.before.roles.admin();
        if makes_admin || newly_given(self.before, after).contains(&admin) {
            return Err(self.admin_only());
        }
        if let Some(permission) = guard_given_by_schema(self.before, after) {
            return Err(ChangeError::GivesGuard {
                principal: self.principal.clone(),
                permission,
            });
        }
        if self.before.grant_policy == GrantPolicy::WithinOwnAccess {
            self.check_within_own_access(after, events)?;
            self.check_removed(after)?;
        }
        Ok(())
    }

    fn admin_only(&self) -> ChangeError {
        ChangeError::AdminOnly {
            principal: self.principal.clone(),
        }
    }
}

/// A permission that guards changes and that some role comes to by a change of the schema alone: since it is there now, of
/// another class, or requires less.
fn guard_given_by_schema(before: &Workspace, after: &Workspace) -> Option<PermissionKey> {
    if before.schema.permissions() == after.schema.permissions() {
        return None;
    }
    let roles = before.roles.iter().filter(|(_, role)| !role.is_admin());
    let mut given = roles.flat_map(|(_, role)| {
        let had = RoleAnswers::of(Some(role), &before.schema);
        let has = RoleAnswers::of(Some(role), &after.schema);
        GUARDS.into_iter().filter(move |guard| {
            let cell = Cell::permission(*guard);
            has.allow(&cell) && !had.allow(&cell)
        })
    });
    given.next().map(PermissionKey::from)
}

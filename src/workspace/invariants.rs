//! What holds of every workspace as a whole, checked on the result of each change or batch.

use crate::model::principal::PrincipalKind;
use crate::model::role::Role;
use crate::workspace::{ChangeError, GroupTarget, Workspace};

/// The first law that the workspace breaks, if any.
///
/// Names and rules are checked where they change; here is what can only be said of the whole: who holds Admin (L14), the
/// default role (L15), who may hold what (L19), and that a mapped role is for members (L16).
pub(super) fn check(workspace: &Workspace) -> Result<(), ChangeError> {
    let admin = workspace.roles.admin();
    if let Some(role) = workspace.roles.get(admin) {
        if workspace.holders.counts(admin).members == 0 {
            return Err(ChangeError::LastAdmin(role.name().clone()));
        }
    }
    if let Some(default) = workspace.default_role() {
        check_default(default)?;
    }
    for (slot, role) in workspace.roles.iter() {
        let counts = workspace.holders.counts(slot);
        for kind in PrincipalKind::ALL {
            if counts.of(kind) > 0 && !role.holder_kinds().contains(kind) {
                return Err(ChangeError::MayNotHold {
                    role: role.name().clone(),
                    kind,
                });
            }
        }
    }
    check_mappings(workspace)
}

fn check_mappings(workspace: &Workspace) -> Result<(), ChangeError> {
    for (group, target) in workspace.group_mappings.iter() {
        let GroupTarget::Role(name) = target else {
            continue;
        };
        let is_for_members = |role: &Role| role.holder_kinds().contains(PrincipalKind::Member);
        if !workspace.role(name).is_some_and(is_for_members) {
            return Err(ChangeError::MappedNotForMembers {
                role: name.clone(),
                group: group.clone(),
            });
        }
    }
    Ok(())
}

fn check_default(role: &Role) -> Result<(), ChangeError> {
    if role.is_admin() {
        return Err(ChangeError::DefaultIsAdmin(role.name().clone()));
    }
    if !role.holder_kinds().contains(PrincipalKind::Member) {
        return Err(ChangeError::DefaultNotForMembers(role.name().clone()));
    }
    Ok(())
}

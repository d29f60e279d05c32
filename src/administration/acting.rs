//! Who may change what: changes in the name of an acting principal (L27).

use alloc::vec::Vec;

use crate::administration::actor::Actor;
use crate::model::principal::Principal;
use crate::workspace::{BatchError, Change, ChangeError, Event, Workspace};

/// A workspace in the hands of an acting principal: it takes the changes that this principal may make (L27).
///
/// - Each kind of change is guarded by a settings permission, see [`guard`](Acting::guard). Who holds Admin has them all.
/// - Nobody changes their own role assignment, deletes the role they act under, or takes `roles` away from it.
/// - Only who holds Admin makes another one Admin, maps a group to Admin, or changes the grant policy.
/// - Only who holds Admin changes the schema so that a role comes to a permission that guards changes.
/// - With [`GrantPolicy::WithinOwnAccess`](crate::workspace::GrantPolicy::WithinOwnAccess), nobody else hands out an answer that is not theirs, nor removes from the schema
///   what is not wholly theirs.
///
/// All of it is checked for each change and, where a batch could go round it, on the result.
///
/// ```
/// use rolegate::{Change, Principal};
///
/// let mut workspace = rolegate::sample::workspace()?;
/// let tim = Principal::member("tim");
/// let refused = workspace.acting(&tim).apply(Change::delete_role("Intern")).unwrap_err();
/// assert_eq!(
///     refused.to_string(),
///     "`member:tim` may not do this; it needs the workspace permission `roles`",
/// );
/// let ada = Principal::member("ada");
/// workspace.acting(&ada).apply(Change::delete_role("Intern"))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Acting<'w> {
    workspace: &'w mut Workspace,
    principals: Vec<Principal>,
}

impl Workspace {
    /// The workspace in the hands of a principal, which makes the changes and must be allowed to (L27).
    pub fn acting(&mut self, principal: &Principal) -> Acting<'_> {
        Acting {
            workspace: self,
            principals: alloc::vec![principal.clone()],
        }
    }
}

impl Acting<'_> {
    /// The same, acting for another principal: what both may change (L23).
    #[must_use]
    pub fn on_behalf_of(mut self, principal: &Principal) -> Self {
        self.principals.push(principal.clone());
        self
    }

    /// Applies a change as [`Workspace::apply`] does, if every acting principal may make it.
    ///
    /// # Errors
    ///
    /// As [`Workspace::apply`], and when an acting principal may not make the change. The workspace is as it was.
    pub fn apply(&mut self, change: Change) -> Result<Vec<Event>, ChangeError> {
        self.apply_all([change]).map_err(|refused| refused.error)
    }

    /// Applies changes as [`Workspace::apply_all`] does, if every acting principal may make them all.
    ///
    /// What a principal may change, and holds, is what it was before the batch.
    ///
    /// # Errors
    ///
    /// As [`Workspace::apply_all`], and when an acting principal may not make one of the changes, or what they come to. The
    /// workspace is as it was.
    pub fn apply_all(
        &mut self,
        changes: impl IntoIterator<Item = Change>,
    ) -> Result<Vec<Event>, BatchError> {
        let before = &*self.workspace;
        let actors: Vec<Actor<'_>> = self
            .principals
            .iter()
            .map(|principal| Actor::new(before, principal))
            .collect();
        let (after, events) = before.changed(changes, |copy, change| {
            actors
                .iter()
                .try_for_each(|actor| actor.check_change(copy, change))
        })?;
        actors
            .iter()
            .try_for_each(|actor| actor.check_result(&after, &events))
            .map_err(|error| BatchError {
                position: None,
                error,
            })?;
        *self.workspace = after;
        Ok(events)
    }
}

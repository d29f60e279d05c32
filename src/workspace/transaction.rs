//! The gate of change: a copy is changed, checked as a whole, and only then takes the place of the workspace.

use alloc::vec::Vec;

use crate::workspace::apply::apply_to;
use crate::workspace::{BatchError, Change, ChangeError, Event, Revision, Workspace, invariants};

impl Workspace {
    /// Applies a change, wholly or not at all (L24), and tells what happened.
    ///
    /// The revision grows by one.
    ///
    /// # Errors
    ///
    /// When the change names something unknown, would break a law, or would change nothing. The workspace is as it was.
    ///
    /// ```
    /// use rolegate::{Change, Principal};
    ///
    /// let mut workspace = rolegate::sample::workspace()?;
    /// let before = workspace.clone();
    /// let refused = workspace.apply(Change::remove(Principal::member("ada"))).unwrap_err();
    /// assert_eq!(refused.to_string(), "no member would hold the Admin role `Admin`; at least one must");
    /// assert_eq!(workspace, before);
    /// # Ok::<(), rolegate::InvalidWorkspace>(())
    /// ```
    pub fn apply(&mut self, change: Change) -> Result<Vec<Event>, ChangeError> {
        self.apply_all([change]).map_err(|refused| refused.error)
    }

    /// Applies changes in order, all or none (L24), and tells what happened.
    ///
    /// What must hold of the workspace as a whole is checked once, on the result, so that two Admins can swap roles with two
    /// others in one batch. The revision grows by one for each change.
    ///
    /// # Errors
    ///
    /// When one of the changes is refused, or what they come to breaks a law. The workspace is as it was.
    ///
    /// ```
    /// use rolegate::{Change, Principal};
    ///
    /// let mut workspace = rolegate::sample::workspace()?;
    /// workspace.apply_all([
    ///     Change::assign_role(Principal::member("ada"), "Member"), // for a moment, nobody is Admin
    ///     Change::assign_role(Principal::member("grace"), "Admin"),
    /// ])?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn apply_all(
        &mut self,
        changes: impl IntoIterator<Item = Change>,
    ) -> Result<Vec<Event>, BatchError> {
        let (changed, events) = self.changed(changes, |_, _| Ok(()))?;
        *self = changed;
        Ok(events)
    }

    /// The workspace after some changes, each of which `guard` lets through, with the events.
    pub(crate) fn changed(
        &self,
        changes: impl IntoIterator<Item = Change>,
        guard: impl Fn(&Self, &Change) -> Result<(), ChangeError>,
    ) -> Result<(Self, Vec<Event>), BatchError> {
        // A copy shares what is large.
        let mut copy = self.clone();
        let mut events = Vec::new();
        for (position, change) in changes.into_iter().enumerate() {
            let done = guard(&copy, &change)
                .and_then(|()| apply_to(&mut copy, change))
                .map_err(|error| BatchError {
                    position: Some(position),
                    error,
                })?;
            events.extend(done);
            copy.revision = Revision::new(copy.revision.number().saturating_add(1));
        }
        invariants::check(&copy)
            .and_then(|()| copy.recount_values(self))
            .map_err(|error| BatchError {
                position: None,
                error,
            })?;
        Ok((copy, events))
    }
}

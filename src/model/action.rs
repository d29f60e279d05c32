//! What can be done to records.

use crate::support::word_set::{enum_set, string_enum};

/// What is done to a record or a field.
///
/// Creating a record needs [`Edit`](Action::Edit), restoring a deleted one needs [`Delete`](Action::Delete); there is no
/// separate action for either. Fields have two actions only, See and Edit (L5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a host's match should break when an action is added"
)]
pub enum Action {
    /// View a record in lists and on its page, or the value of a field.
    See,
    /// Create a record, or modify a record or a field.
    Edit,
    /// Delete a record so that it can be restored, or restore it.
    Delete,
    /// Delete a record for ever.
    Destroy,
}

string_enum!(Action, "action", {
    See => "see",
    Edit => "edit",
    Delete => "delete",
    Destroy => "destroy",
});

enum_set! {
    /// A set of actions, such as the baseline of a role.
    ///
    /// `|` joins actions and sets. The actions of a set come in the order of [`Action`], whatever order they were put in.
    ///
    /// # Examples
    ///
    /// ```
    /// use rolegate::{Action, ActionSet};
    ///
    /// let mut baseline = Action::Edit | Action::See;
    /// assert!(baseline.contains(Action::See) && !baseline.contains(Action::Destroy));
    /// assert!(baseline.into_iter().eq([Action::See, Action::Edit]));
    ///
    /// baseline |= Action::Delete;
    /// assert_eq!(baseline | Action::Destroy, ActionSet::ALL);
    /// assert_eq!(ActionSet::from(Action::See), ActionSet::EMPTY.with(Action::See));
    /// ```
    ActionSet of Action
}

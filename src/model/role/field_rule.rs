//! The exception of a role for one field of an object.

use crate::model::action::{Action, ActionSet};
use crate::model::effect::Effect;

/// A role's exception for one field: an effect for See and one for Edit (L5).
///
/// Defaults to [`Inherit`](Effect::Inherit) for both, which changes nothing. The three levels that a settings page
/// shows are constants.
///
/// ```
/// use rolegate::{Action, Effect, FieldRule};
///
/// assert_eq!(FieldRule::SEE_ONLY, FieldRule::new().set_see(Effect::Allow).set_edit(Effect::Deny));
/// assert_eq!(FieldRule::NO_ACCESS.effect(Action::See), Effect::Deny);
/// ```
#[must_use = "it is plain data, and changes nothing until a workspace takes it"]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FieldRule {
    see: Effect,
    edit: Effect,
}

impl FieldRule {
    /// *See Field*: the value can be seen and not edited.
    pub const SEE_ONLY: Self = Self::new().set_see(Effect::Allow).set_edit(Effect::Deny);

    /// *Edit Field*: the value can be seen and edited.
    pub const EDIT: Self = Self::new().set_see(Effect::Allow).set_edit(Effect::Allow);

    /// *No Access*: the field is completely hidden.
    pub const NO_ACCESS: Self = Self::new().set_see(Effect::Deny).set_edit(Effect::Deny);

    /// The rule that inherits both.
    pub const fn new() -> Self {
        Self {
            see: Effect::Inherit,
            edit: Effect::Inherit,
        }
    }

    /// Sets the effect of See.
    pub const fn set_see(mut self, effect: Effect) -> Self {
        self.see = effect;
        self
    }

    /// Sets the effect of Edit.
    pub const fn set_edit(mut self, effect: Effect) -> Self {
        self.edit = effect;
        self
    }

    /// What the rule says about an action on the field; [`Inherit`](Effect::Inherit) about Delete and Destroy, which
    /// fields do not have (L5).
    #[must_use]
    pub fn effect(self, action: Action) -> Effect {
        match action {
            Action::See => self.see,
            Action::Edit => self.edit,
            Action::Delete | Action::Destroy => Effect::Inherit,
        }
    }

    /// What is allowed although the rule itself denies See (L4): empty in a rule without a contradiction.
    pub(crate) fn contradiction(self) -> ActionSet {
        match (self.see, self.edit) {
            (Effect::Deny, Effect::Allow) => ActionSet::EMPTY.with(Action::Edit),
            _ => ActionSet::EMPTY,
        }
    }
}

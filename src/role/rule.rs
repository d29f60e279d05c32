//! What a role says about one object, and about one field of it.

use alloc::collections::BTreeMap;

use crate::action::{Action, ActionSet};
use crate::effect::Effect;
use crate::id::FieldKey;

/// A role's exception for one object: an effect for each action, and field rules inside.
///
/// Defaults to [`Inherit`](Effect::Inherit) for every action and no field rules, which changes nothing.
///
/// ```
/// use rolegate::{Action, Effect, FieldRule, ObjectRule};
///
/// let people = ObjectRule::new()
///     .allow(Action::Edit)
///     .field("email", FieldRule::SEE_ONLY)
///     .field("address", FieldRule::NO_ACCESS);
/// assert_eq!(people.effect(Action::Edit), Effect::Allow);
/// assert_eq!(people.effect(Action::See), Effect::Inherit);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ObjectRule {
    see: Effect,
    edit: Effect,
    delete: Effect,
    destroy: Effect,
    fields: BTreeMap<FieldKey, FieldRule>,
}

impl ObjectRule {
    /// The rule that inherits everything.
    pub fn new() -> Self {
        Self::default()
    }

    /// Allows an action on the records of the object.
    pub fn allow(self, action: Action) -> Self {
        self.set(action, Effect::Allow)
    }

    /// Denies an action on the records of the object.
    pub fn deny(self, action: Action) -> Self {
        self.set(action, Effect::Deny)
    }

    /// Sets the effect of an action.
    pub fn set(mut self, action: Action, effect: Effect) -> Self {
        *self.effect_mut(action) = effect;
        self
    }

    /// Sets the rule of a field, replacing the one it had.
    pub fn field(mut self, field: impl Into<FieldKey>, rule: FieldRule) -> Self {
        self.fields.insert(field.into(), rule);
        self
    }

    /// The rule without that of a field.
    pub(crate) fn without_field(mut self, field: &FieldKey) -> Self {
        self.fields.remove(field);
        self
    }

    /// What the rule says about an action on a record.
    pub fn effect(&self, action: Action) -> Effect {
        match action {
            Action::See => self.see,
            Action::Edit => self.edit,
            Action::Delete => self.delete,
            Action::Destroy => self.destroy,
        }
    }

    /// The rules for single fields, sorted by key.
    pub fn fields(&self) -> &BTreeMap<FieldKey, FieldRule> {
        &self.fields
    }

    /// What is allowed although the rule itself denies See (L4): empty in a rule without a contradiction.
    pub(crate) fn contradiction(&self) -> ActionSet {
        if self.see != Effect::Deny {
            return ActionSet::EMPTY;
        }
        Action::ALL
            .into_iter()
            .filter(|action| self.effect(*action) == Effect::Allow)
            .collect()
    }

    fn effect_mut(&mut self, action: Action) -> &mut Effect {
        match action {
            Action::See => &mut self.see,
            Action::Edit => &mut self.edit,
            Action::Delete => &mut self.delete,
            Action::Destroy => &mut self.destroy,
        }
    }
}

/// A role's exception for one field: an effect for See and one for Edit (L5).
///
/// Defaults to [`Inherit`](Effect::Inherit) for both, which changes nothing. The three levels that a settings page
/// shows are constants.
///
/// ```
/// use rolegate::{Action, Effect, FieldRule};
///
/// assert_eq!(FieldRule::SEE_ONLY, FieldRule::new().see(Effect::Allow).edit(Effect::Deny));
/// assert_eq!(FieldRule::NO_ACCESS.effect(Action::See), Effect::Deny);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FieldRule {
    see: Effect,
    edit: Effect,
}

impl FieldRule {
    /// *See Field*: the value can be seen and not edited.
    pub const SEE_ONLY: Self = Self::new().see(Effect::Allow).edit(Effect::Deny);

    /// *Edit Field*: the value can be seen and edited.
    pub const EDIT: Self = Self::new().see(Effect::Allow).edit(Effect::Allow);

    /// *No Access*: the field is completely hidden.
    pub const NO_ACCESS: Self = Self::new().see(Effect::Deny).edit(Effect::Deny);

    /// The rule that inherits both.
    pub const fn new() -> Self {
        Self {
            see: Effect::Inherit,
            edit: Effect::Inherit,
        }
    }

    /// Sets the effect of See.
    pub const fn see(mut self, effect: Effect) -> Self {
        self.see = effect;
        self
    }

    /// Sets the effect of Edit.
    pub const fn edit(mut self, effect: Effect) -> Self {
        self.edit = effect;
        self
    }

    /// What the rule says about an action on the field; [`Inherit`](Effect::Inherit) about Delete and Destroy, which
    /// fields do not have (L5).
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

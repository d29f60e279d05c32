//! What a role says about one object, and about one field of it.

use alloc::collections::BTreeMap;

use crate::model::action::{Action, ActionSet};
use crate::model::effect::Effect;
use crate::model::id::FieldKey;
use crate::model::role::FieldRule;

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
#[must_use = "it is plain data, and changes nothing until a workspace takes it"]
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
    #[must_use]
    pub fn effect(&self, action: Action) -> Effect {
        match action {
            Action::See => self.see,
            Action::Edit => self.edit,
            Action::Delete => self.delete,
            Action::Destroy => self.destroy,
        }
    }

    /// The rules for single fields, sorted by key.
    #[must_use]
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

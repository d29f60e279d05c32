//! What one role answers, as bits: the cascade (L1) and see-first (L3) are applied already.

use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::action::{Action, ActionSet};
use crate::effect::Effect;
use crate::role::{FieldRule, ObjectRule, Role};
use crate::schema::Schema;

/// All answers of one role.
///
/// Each object has an entry in `words`; objects without a rule share the first one. An entry is a word with a bit for each
/// record action, then for each 64 fields a word of those that can be seen and a word of those that can be edited.
#[derive(Debug, Clone)]
pub(crate) struct RoleTable {
    /// Where the entry of each object starts.
    entries: Box<[u32]>,
    words: Box<[u64]>,
    /// A bit for each workspace permission, requirements applied (L12).
    permissions: Box<[u64]>,
}

impl RoleTable {
    /// The table that denies everything.
    pub(crate) fn nothing(schema: &Schema) -> Self {
        Self::of(&Role::new(""), schema)
    }

    /// The table of a role that is valid in the schema.
    pub(crate) fn of(role: &Role, schema: &Schema) -> Self {
        let baseline = if role.is_admin() {
            ActionSet::ALL
        } else {
            role.baseline()
        };
        let widest = schema.objects().iter().map(|object| object.fields().len());
        let mut words = Vec::new();
        push_entry(&mut words, baseline, widest.max().unwrap_or(0));
        let mut entries = alloc::vec![0; schema.objects().len()];
        for (key, rule) in role.rules() {
            let Some(index) = schema.object_index(key.as_str()) else {
                continue;
            };
            let (Some(entry), Some(object)) = (entries.get_mut(index), schema.objects().get(index))
            else {
                continue;
            };
            // More words than 2³² would be an enormous role; its further rules would deny.
            *entry = u32::try_from(words.len()).unwrap_or(u32::MAX);
            push_rule(&mut words, baseline, rule, object.fields().len(), |field| {
                schema.field_index(index, field)
            });
        }
        Self {
            entries: entries.into(),
            words: words.into(),
            permissions: granted(role, schema),
        }
    }

    /// Whether the action is allowed on records of the object with that index.
    #[inline]
    pub(crate) fn allows_record(&self, object: usize, action: Action) -> bool {
        self.word(object, 0) >> (action as u32) & 1 != 0
    }

    /// Whether the action is allowed on the field with that index; never for Delete and Destroy (L5).
    #[inline]
    pub(crate) fn allows_field(&self, object: usize, field: usize, action: Action) -> bool {
        match action {
            Action::See | Action::Edit => {
                self.fields_word(object, field / 64, action) >> (field % 64) & 1 != 0
            }
            Action::Delete | Action::Destroy => false,
        }
    }

    /// The answers for 64 fields, from the field with index `64 × part` on. The bits past the last field mean nothing.
    #[inline]
    pub(crate) fn fields_word(&self, object: usize, part: usize, action: Action) -> u64 {
        match action {
            Action::See => self.word(object, 1 + 2 * part),
            Action::Edit => self.word(object, 2 + 2 * part),
            Action::Delete | Action::Destroy => 0,
        }
    }

    /// Whether the workspace permission with that index is granted.
    #[inline]
    pub(crate) fn grants(&self, permission: usize) -> bool {
        self.permissions
            .get(permission / 64)
            .is_some_and(|word| word >> (permission % 64) & 1 != 0)
    }

    #[inline]
    fn word(&self, object: usize, offset: usize) -> u64 {
        let word = self
            .entries
            .get(object)
            .and_then(|entry| self.words.get(*entry as usize + offset));
        word.copied().unwrap_or(0)
    }
}

/// What is left of some allowed actions on a record or field when See comes first (L3).
fn see_first(allowed: ActionSet) -> ActionSet {
    if allowed.contains(Action::See) {
        allowed
    } else {
        ActionSet::EMPTY
    }
}

fn bits(allowed: ActionSet) -> u64 {
    allowed
        .iter()
        .fold(0, |bits, action| bits | 1 << (action as u32))
}

/// Adds the entry of objects in which every field is as the record.
fn push_entry(words: &mut Vec<u64>, record: ActionSet, fields: usize) {
    let record = see_first(record);
    let all = |action| if record.contains(action) { u64::MAX } else { 0 };
    words.push(bits(record));
    for _ in 0..fields.div_ceil(64) {
        words.push(all(Action::See));
        words.push(all(Action::Edit));
    }
}

/// Adds the entry of an object that has a rule.
fn push_rule<'r>(
    words: &mut Vec<u64>,
    baseline: ActionSet,
    rule: &'r ObjectRule,
    fields: usize,
    index: impl Fn(&'r str) -> Option<usize>,
) {
    let cascade: ActionSet = Action::ALL
        .into_iter()
        .filter(|action| rule.effect(*action).over(baseline.contains(*action)))
        .collect();
    let start = words.len();
    push_entry(words, cascade, fields);
    for (key, field_rule) in rule.fields() {
        let Some(field) = index(key.as_str()) else {
            continue;
        };
        let allowed = field_cascade(cascade, *field_rule);
        for (offset, action) in [(1, Action::See), (2, Action::Edit)] {
            if let Some(word) = words.get_mut(start + offset + 2 * (field / 64)) {
                let bit = 1 << (field % 64);
                *word = if allowed.contains(action) {
                    *word | bit
                } else {
                    *word & !bit
                };
            }
        }
    }
}

/// What a field rule makes of what its object came to, before see-first on the record (L1, L8).
fn field_cascade(record: ActionSet, rule: FieldRule) -> ActionSet {
    let allowed = [Action::See, Action::Edit]
        .into_iter()
        .filter(|action| {
            let effect: Effect = rule.effect(*action);
            effect.over(record.contains(*action))
        })
        .collect();
    see_first(allowed)
}

/// The permissions that the role gives and whose requirements it gives too (L11, L12).
fn granted(role: &Role, schema: &Schema) -> Box<[u64]> {
    let mut granted = alloc::vec![0_u64; schema.permissions().len().div_ceil(64)];
    let is_granted = |granted: &[u64], index: usize| {
        granted
            .get(index / 64)
            .is_some_and(|word| word >> (index % 64) & 1 != 0)
    };
    for index in schema.permission_order() {
        let Some(permission) = schema.permissions().get(*index) else {
            continue;
        };
        let has_required = permission.required().iter().all(|key| {
            schema
                .permission_index(key.as_str())
                .is_some_and(|required| is_granted(&granted, required))
        });
        if has_required && role.has(permission) {
            if let Some(word) = granted.get_mut(index / 64) {
                *word |= 1 << (index % 64);
            }
        }
    }
    granted.into()
}

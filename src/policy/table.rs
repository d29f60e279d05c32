//! What one role answers, as bits: the cascade (L1), see-first (L3) and bound fields (L37) are applied already.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::action::{Action, ActionSet};
use crate::effect::Effect;
use crate::role::{FieldRule, ObjectRule, Role};
use crate::schema::{Field, Schema, Writing};

/// All answers of one role.
///
/// Each object has an entry in `words`. Objects without a rule share the first one, or, if the role may edit them, one for
/// those of which the same fields are closed to its writing (L37). An entry is a word with a bit for each
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
        let permissions = granted(role, schema);
        let widest = schema.objects().iter().map(|object| object.fields().len());
        let mut words = Vec::new();
        push_entry(&mut words, baseline, widest.max().unwrap_or(0));
        let mut entries = alloc::vec![0; schema.objects().len()];
        let mut shared = BTreeMap::new();
        for ((index, object), entry) in schema.objects().iter().enumerate().zip(&mut entries) {
            let rule = role.rules().get(object.key());
            let record = record_cascade(baseline, rule);
            let closed = closed_fields(record, &permissions, schema, index);
            let fields = object.fields().len();
            // More words than 2³² would be an enormous role; its further objects would deny.
            let start = u32::try_from(words.len()).unwrap_or(u32::MAX);
            match rule {
                Some(rule) => {
                    *entry = start;
                    push_rule(&mut words, record, rule, fields, |field| {
                        schema.field_index(index, field)
                    });
                    close(&mut words, start, &closed);
                }
                None if closed.is_empty() || !see_first(record).contains(Action::Edit) => {}
                None => {
                    *entry = *shared
                        .entry((fields.div_ceil(64), closed))
                        .or_insert_with_key(|(_, closed)| {
                            push_entry(&mut words, record, fields);
                            close(&mut words, start, closed);
                            start
                        });
                }
            }
        }
        Self {
            entries: entries.into(),
            words: words.into(),
            permissions,
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
        has_bit(&self.permissions, permission)
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

/// What the baseline and the object rule come to, before see-first (L1).
fn record_cascade(baseline: ActionSet, rule: Option<&ObjectRule>) -> ActionSet {
    let Some(rule) = rule else {
        return baseline;
    };
    Action::ALL
        .into_iter()
        .filter(|action| rule.effect(*action).over(baseline.contains(*action)))
        .collect()
}

/// The indices of the fields of an object that the schema closes to the writing of a role (L37), where the cascade came to
/// `record`.
fn closed_fields(
    record: ActionSet,
    permissions: &[u64],
    schema: &Schema,
    object: usize,
) -> Vec<usize> {
    let allowed = see_first(record);
    let is_open = |field: &Field| {
        field.writing() == Writing::Free
            && field
                .bound_actions()
                .iter()
                .all(|action| allowed.contains(action))
            && field.bound_permissions().iter().all(|key| {
                let index = schema.permission_index(key.as_str());
                index.is_some_and(|index| has_bit(permissions, index))
            })
    };
    schema
        .guarded_fields(object)
        .filter(|(_, field)| !is_open(field))
        .map(|(index, _)| index)
        .collect()
}

/// Takes the editing of some fields out of the entry that starts there.
fn close(words: &mut [u64], start: u32, fields: &[usize]) {
    for field in fields {
        if let Some(word) = words.get_mut(start as usize + 2 + 2 * (field / 64)) {
            *word &= !(1 << (field % 64));
        }
    }
}

/// Adds the entry of an object that has a rule; `cascade` is what it and the baseline come to.
fn push_rule<'r>(
    words: &mut Vec<u64>,
    cascade: ActionSet,
    rule: &'r ObjectRule,
    fields: usize,
    index: impl Fn(&'r str) -> Option<usize>,
) {
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

fn has_bit(words: &[u64], index: usize) -> bool {
    let word = words.get(index / 64);
    word.is_some_and(|word| word >> (index % 64) & 1 != 0)
}

/// The permissions that the role gives and whose requirements it gives too (L11, L12).
fn granted(role: &Role, schema: &Schema) -> Box<[u64]> {
    let mut granted = alloc::vec![0_u64; schema.permissions().len().div_ceil(64)];
    for index in schema.permission_order() {
        let Some(permission) = schema.permissions().get(*index) else {
            continue;
        };
        let has_required = permission.required().iter().all(|key| {
            schema
                .permission_index(key.as_str())
                .is_some_and(|required| has_bit(&granted, required))
        });
        if has_required && role.has(permission) {
            if let Some(word) = granted.get_mut(index / 64) {
                *word |= 1 << (index % 64);
            }
        }
    }
    granted.into()
}

//! What one role answers, as bits: the cascade (L1), see-first (L3) and bound fields (L37) are applied already.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::model::action::{Action, ActionSet};
use crate::model::effect::Effect;
use crate::model::role::{FieldRule, ObjectRule, Role};
use crate::model::schema::{Field, Schema, Writing};
use crate::policy::layout::Column;
use crate::support::place::WORD_BITS;

/// All answers of one role.
#[derive(Debug, Clone)]
pub(crate) struct RoleTable {
    /// First where the bits of the workspace permissions start, then where the entry of each object starts.
    ///
    /// An entry is laid out as [`Column`] says. Objects without a rule share one: the first, or, if the role may edit them,
    /// one for those of which the same fields are closed to its writing (L37).
    words: Arc<[u32]>,
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
        let objects = schema.objects();
        let permissions = granted(role, schema);
        let mut words = alloc::vec![0; 1 + objects.len()];
        let permissions_start = start(&words);
        words.extend_from_slice(&permissions);
        let shared_start = start(&words);
        let widest = objects.iter().map(|object| object.fields().len()).max();
        push_entry(&mut words, baseline, widest.unwrap_or(0));
        let mut starts = alloc::vec![permissions_start];
        let mut shared = BTreeMap::new();
        for (index, object) in objects.iter().enumerate() {
            let rule = role.rules().get(object.key());
            let record = record_cascade(baseline, rule);
            let closed = closed_fields(record, &permissions, schema, index);
            let fields = object.fields().len();
            starts.push(match rule {
                Some(rule) => {
                    let start = push_entry(&mut words, record, fields);
                    set_rules(&mut words, start, record, rule, |field| {
                        schema.field_index(index, field)
                    });
                    close(&mut words, start, &closed);
                    start
                }
                None if closed.is_empty() || !see_first(record).contains(Action::Edit) => {
                    shared_start
                }
                None => *shared.entry((fields, closed)).or_insert_with_key(|key| {
                    let (fields, closed) = key;
                    let start = push_entry(&mut words, record, *fields);
                    close(&mut words, start, closed);
                    start
                }),
            });
        }
        for (word, start) in words.iter_mut().zip(starts) {
            *word = start;
        }
        words.truncate(u32::MAX as usize);
        Self {
            words: words.into(),
        }
    }

    /// The table to ask.
    #[inline]
    pub(crate) fn view(&self) -> TableView<'_> {
        TableView { words: &self.words }
    }
}

/// Where the next entry starts. More words than 2³² would be an enormous role; what is past them denies.
fn start(words: &[u32]) -> u32 {
    u32::try_from(words.len()).unwrap_or(u32::MAX)
}

/// The [`RoleTable`] of a link, without the way to it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TableView<'t> {
    words: &'t [u32],
}

impl TableView<'_> {
    /// Whether the action is allowed on the record or a field of the object with that index.
    #[inline]
    pub(crate) fn allows(self, object: usize, column: Column, action: Action) -> bool {
        self.has_bit(1 + object, column.bit(action))
    }

    /// The answers for the fields of the object with that index, from the field with index `64 × part` on, which is one of
    /// the last `left` fields. All bits past the last field are zero.
    #[inline]
    pub(crate) fn fields_word(
        self,
        object: usize,
        part: usize,
        left: usize,
        action: Action,
    ) -> u64 {
        Column::fields_word(part, left, action, |word| self.word(1 + object, word))
    }

    /// Whether the workspace permission with that index is granted.
    #[inline]
    pub(crate) fn grants(self, permission: usize) -> bool {
        self.has_bit(0, permission)
    }

    #[inline]
    fn has_bit(self, entry: usize, bit: usize) -> bool {
        self.word(entry, bit / WORD_BITS) >> (bit % WORD_BITS) & 1 != 0
    }

    /// A word of an entry; there is nothing in one that is not there.
    #[inline]
    fn word(self, entry: usize, offset: usize) -> u32 {
        let word = self
            .words
            .get(entry)
            .and_then(|start| self.words.get(*start as usize + offset));
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

/// Adds the entry of an object in which every field is as the record, and says where it starts.
fn push_entry(words: &mut Vec<u32>, record: ActionSet, fields: usize) -> u32 {
    let start = start(words);
    let record = see_first(record);
    words.resize(words.len() + Column::words(fields), 0);
    for action in record.iter() {
        set(words, start, Column::RECORD, action, true);
    }
    for field in 0..fields {
        set_field(words, start, field, record);
    }
    start
}

/// Sets the answers about a field in the entry that starts there.
fn set_field(words: &mut [u32], start: u32, field: usize, allowed: ActionSet) {
    for action in [Action::See, Action::Edit] {
        let is_allowed = allowed.contains(action);
        set(words, start, Column::field(field), action, is_allowed);
    }
}

/// Sets one answer in the entry that starts there.
fn set(words: &mut [u32], start: u32, column: Column, action: Action, is_allowed: bool) {
    let bit = column.bit(action);
    if let Some(word) = words.get_mut(start as usize + bit / WORD_BITS) {
        let bit = 1 << (bit % WORD_BITS);
        *word = if is_allowed {
            *word | bit
        } else {
            *word & !bit
        };
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
    permissions: &[u32],
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
fn close(words: &mut [u32], start: u32, fields: &[usize]) {
    for field in fields {
        set(words, start, Column::field(*field), Action::Edit, false);
    }
}

/// Sets what the field rules of an object say in its entry; `record` is what the object and the baseline come to.
fn set_rules<'r>(
    words: &mut [u32],
    start: u32,
    record: ActionSet,
    rule: &'r ObjectRule,
    index: impl Fn(&'r str) -> Option<usize>,
) {
    for (key, field_rule) in rule.fields() {
        let Some(field) = index(key.as_str()) else {
            continue;
        };
        set_field(words, start, field, field_cascade(record, *field_rule));
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

fn has_bit(words: &[u32], index: usize) -> bool {
    let word = words.get(index / WORD_BITS);
    word.is_some_and(|word| word >> (index % WORD_BITS) & 1 != 0)
}

/// The permissions that the role gives and whose requirements it gives too (L11, L12).
fn granted(role: &Role, schema: &Schema) -> Vec<u32> {
    let mut granted = alloc::vec![0; schema.permissions().len().div_ceil(WORD_BITS)];
    for index in schema.permission_order() {
        let Some(permission) = schema.permissions().get(*index) else {
            continue;
        };
        let has_required = permission.requirements().iter().all(|key| {
            schema
                .permission_index(key.as_str())
                .is_some_and(|required| has_bit(&granted, required))
        });
        if has_required && role.has(permission) {
            if let Some(word) = granted.get_mut(index / WORD_BITS) {
                *word |= 1 << (index % WORD_BITS);
            }
        }
    }
    granted
}

#[cfg(test)]
mod tests {
    use alloc::boxed::Box;
    use core::error::Error;

    use crate::model::action::Action;
    use crate::model::role::Role;
    use crate::model::schema::Schema;

    use super::RoleTable;

    #[test]
    fn objects_without_a_rule_share_one_entry() -> Result<(), Box<dyn Error>> {
        let schema = Schema::builder()
            .object("people", ["name", "email"])
            .object("companies", ["name"])
            .build()?;
        for role in [
            Role::new("Reader").allow(Action::See),
            Role::new("Clerk").allow(Action::See).allow(Action::Edit),
        ] {
            let table = RoleTable::of(&role, &schema);
            let starts = table.words.get(1..3).unwrap_or_default();
            assert!(
                matches!(starts, [first, second] if first == second),
                "{starts:?}"
            );
        }
        Ok(())
    }
}

//! Where the answers about a record or a field are in a table: as numbers, so that nothing is left to decide when asked.

use crate::model::action::Action;
use crate::model::schema::{Field, Schema};
use crate::support::limits::MAX_FIELDS;
use crate::support::place::{Place, WORD_BITS};

/// How many words are about the same columns: one for each action.
const FACTS: usize = Action::ALL.len();

/// The record of an object as a whole, or one of its fields, as a column of the object's entry in a table.
///
/// An entry is made of words of 32 bits. The first four are about the first 32 columns: one for See, then one for Edit, for
/// Delete and for Destroy. The next four are about the next 32 columns. The first column is the record. Fields have bits
/// for Delete and Destroy too, because then everything is found in the same way. Those bits are never set (L5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    unnameable_types,
    reason = "only the sealed traits of targets speak of it"
)]
pub struct Column(Place);

impl Column {
    /// The record as a whole.
    pub(crate) const RECORD: Self = Self(Place::FIRST);

    /// The record or field at a place, as handles keep it.
    #[inline]
    pub(crate) fn at(place: Place) -> Self {
        Self(place)
    }

    /// The field with that index.
    #[inline]
    pub(crate) fn field(index: usize) -> Self {
        // One past the last is a field that no object has.
        Self(Place::of(1 + index.min(MAX_FIELDS), FACTS))
    }

    /// The field with that key of the object with that index.
    #[inline]
    pub(crate) fn of(schema: &Schema, object: usize, key: &str) -> Option<Self> {
        schema.field_index(object, key).map(Self::field)
    }

    /// The field of an object with that index; none for the record.
    pub(crate) fn field_in(self, schema: &Schema, object: usize) -> Option<&Field> {
        schema
            .objects()
            .get(object)?
            .fields()
            .get(self.field_index()?)
    }

    /// The index of the field; none for the record.
    pub(crate) fn field_index(self) -> Option<usize> {
        self.0.index(FACTS).checked_sub(1)
    }

    /// Whether there is that action on the record or field (L5).
    pub(crate) fn has(self, action: Action) -> bool {
        self == Self::RECORD || matches!(action, Action::See | Action::Edit)
    }

    /// Which bit of the entry says whether the action is allowed.
    #[inline]
    pub(crate) fn bit(self, action: Action) -> usize {
        self.0.bit(action as usize)
    }

    /// How many words the entry of an object with that many fields has.
    pub(crate) fn words(fields: usize) -> usize {
        (1 + fields).div_ceil(WORD_BITS) * FACTS
    }

    /// The answers for the fields from that with index `64 × part` on, which is one of the last `left` fields; `read` is
    /// what reads a word of the entry. All bits past the last field are zero.
    #[inline]
    pub(crate) fn fields_word(
        part: usize,
        left: usize,
        action: Action,
        read: impl Fn(usize) -> u32,
    ) -> u64 {
        // Their columns start one later, so that 64 of them are in three words.
        let columns = |place| u64::from(read((2 * part + place) * FACTS + action as usize));
        let bits = (columns(0) | columns(1) << WORD_BITS) >> 1;
        if left < 64 {
            bits & ((1 << left) - 1)
        } else {
            bits | columns(2) << (2 * WORD_BITS - 1)
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;

    use super::{Column, WORD_BITS};
    use crate::model::action::Action;

    #[test]
    fn every_column_and_action_has_a_bit_of_its_own() {
        let mut seen = BTreeSet::new();
        for fields in 0..200_usize {
            let column = fields.checked_sub(1).map_or(Column::RECORD, Column::field);
            assert_eq!(column.field_index(), fields.checked_sub(1));
            for action in Action::ALL {
                assert!(column.bit(action) / WORD_BITS < Column::words(fields));
                assert!(seen.insert(column.bit(action)));
            }
        }
    }

    #[test]
    fn a_word_has_the_bit_of_each_field_that_there_is() {
        for fields in [1, 30, 31, 32, 62, 63, 64, 65, 127, 128, 192] {
            for (action, field) in Action::ALL
                .into_iter()
                .flat_map(|action| (0..fields + 70).map(move |field| (action, field)))
            {
                let bit = Column::field(field).bit(action);
                let cell = |cell| u32::from(cell == bit / WORD_BITS) << (bit % WORD_BITS);
                for asked in Action::ALL {
                    for part in 0..fields.div_ceil(64) {
                        let is_there = field < fields && asked == action && part == field / 64;
                        let expected = u64::from(is_there) << (field % 64);
                        let word = Column::fields_word(part, fields - 64 * part, asked, cell);
                        assert_eq!(word, expected);
                    }
                }
            }
        }
    }
}

//! On which fields of an object an action is allowed.

use core::fmt;

use crate::model::action::Action;
use crate::model::schema::{Field, Object};
use crate::policy::access::access::{Access, Link};
use crate::policy::layout::Column;

/// The fields of one object on which one action is allowed, in schema order.
///
/// It answers from the table of the policy and allocates nothing.
#[must_use = "an answer that is not looked at stops nothing"]
#[derive(Clone, Copy)]
pub struct FieldSet<'a> {
    access: &'a Access<'a>,
    action: Action,
    /// The index of the object; none if it is unknown.
    object: Option<usize>,
    /// All fields of the object.
    fields: &'a [Field],
}

impl<'a> FieldSet<'a> {
    #[inline]
    pub(crate) fn new(access: &'a Access<'a>, action: Action, object: Option<usize>) -> Self {
        let objects = access.policy().schema().objects();
        let described = object.and_then(|object| objects.get(object));
        Self {
            access,
            action,
            object,
            fields: described.map_or(&[], Object::fields),
        }
    }

    /// Whether the action is allowed on that field. An unknown one is not.
    #[must_use]
    pub fn contains(&self, field: &str) -> bool {
        self.object.is_some_and(|object| {
            let schema = self.access.policy().schema();
            Column::of(schema, object, field)
                .is_some_and(|column| self.access.can_at(self.action, object, column))
        })
    }

    /// How many fields there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words().all(|word| word == 0)
    }

    /// The keys of the fields, in schema order.
    pub fn iter(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let words = self.fields.chunks(64).zip(self.words());
        words.flat_map(|(fields, word)| {
            fields
                .iter()
                .enumerate()
                .filter(move |(index, _)| word >> index & 1 != 0)
                .map(|(_, field)| field.key().as_str())
        })
    }

    /// The set as bits, for hosts that keep columns in schema order: bit `i % 64` of word `i / 64` is set if the field
    /// with index `i` is in the set. All other bits are zero.
    #[inline]
    pub fn words(&self) -> impl Iterator<Item = u64> + use<'a> {
        let set = *self;
        (0..self.fields.len().div_ceil(64)).map(move |part| set.word(part))
    }

    /// What every link of the chain allows of the fields from that with index `64 × part` on.
    #[inline]
    fn word(&self, part: usize) -> u64 {
        let Some(object) = self.object else {
            return 0;
        };
        let left = self.fields.len() - 64 * part;
        let of = |link: &Link<'_>| link.table.fields_word(object, part, left, self.action);
        let rest = self.access.rest().iter();
        rest.fold(of(&self.access.first), |both, link| both & of(link))
    }
}

impl PartialEq for FieldSet<'_> {
    /// Whether both are of equal objects and have the same fields.
    fn eq(&self, other: &Self) -> bool {
        let key = |set: &Self| {
            let objects = set.access.policy().schema().objects();
            Some(objects.get(set.object?)?.key().clone())
        };
        key(self) == key(other) && self.iter().eq(other.iter())
    }
}

impl Eq for FieldSet<'_> {}

impl fmt::Debug for FieldSet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

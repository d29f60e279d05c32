//! On which fields of an object an action is allowed.

use core::fmt;

use crate::access::{Access, Link};
use crate::action::Action;
use crate::schema::Object;

/// The fields of one object on which one action is allowed, in schema order.
///
/// It answers from the table of the policy and allocates nothing.
#[derive(Clone, Copy)]
pub struct FieldSet<'a> {
    access: &'a Access<'a>,
    action: Action,
    /// The object and its index; none if it is unknown.
    object: Option<(usize, &'a Object)>,
}

impl<'a> FieldSet<'a> {
    #[inline]
    pub(crate) fn new(access: &'a Access<'a>, action: Action, object: Option<usize>) -> Self {
        let object = object.and_then(|index| {
            let object = access.policy().schema().objects().get(index)?;
            Some((index, object))
        });
        Self {
            access,
            action,
            object,
        }
    }

    /// Whether the action is allowed on that field. An unknown one is not.
    pub fn contains(&self, field: &str) -> bool {
        self.object.is_some_and(|(object, _)| {
            let schema = self.access.policy().schema();
            schema
                .column(object, field)
                .is_some_and(|column| self.access.can_at(self.action, object, column))
        })
    }

    /// How many fields there are.
    pub fn len(&self) -> usize {
        self.words().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.words().all(|word| word == 0)
    }

    /// The keys of the fields, in schema order.
    pub fn iter(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let fields = self.object.map_or(&[][..], |(_, object)| object.fields());
        let words = fields.chunks(64).zip(self.words());
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
        let fields = self.object.map_or(0, |(_, object)| object.fields().len());
        (0..fields.div_ceil(64)).map(move |part| {
            let left = fields - 64 * part;
            let used = if left >= 64 {
                u64::MAX
            } else {
                (1 << left) - 1
            };
            set.word(part) & used
        })
    }

    /// What every link of the chain allows of the fields from that with index `64 × part` on.
    #[inline]
    fn word(&self, part: usize) -> u64 {
        let Some((object, _)) = self.object else {
            return 0;
        };
        let of = |link: &Link<'_>| link.table.fields_word(object, part, self.action);
        let rest = self.access.rest().iter();
        rest.fold(of(&self.access.first), |both, link| both & of(link))
    }
}

impl PartialEq for FieldSet<'_> {
    /// Whether both are of equal objects and have the same fields.
    fn eq(&self, other: &Self) -> bool {
        let keys = |set: &Self| set.object.map(|(_, object)| object.key().clone());
        keys(self) == keys(other) && self.iter().eq(other.iter())
    }
}

impl Eq for FieldSet<'_> {}

impl fmt::Debug for FieldSet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

//! On which fields of an object an action is allowed.

use core::fmt;

use serde::{Serialize, Serializer};

use crate::model::action::Action;
use crate::model::schema::{Field, Object};
use crate::policy::access::access::{Access, LinkView};
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
    ///
    /// # Examples
    ///
    /// ```
    /// # let policy = rolegate::sample::workspace()?.compile();
    /// use rolegate::{Action, Principal};
    ///
    /// let tim = policy.access(&Principal::member("tim"));
    /// let columns: Vec<&str> = tim.fields(Action::See, "people").iter().collect();
    /// assert_eq!(columns, ["name", "email", "company"]);
    /// # Ok::<(), rolegate::InvalidWorkspace>(())
    /// ```
    pub fn iter(&self) -> FieldSetIter<'a> {
        FieldSetIter {
            set: *self,
            part: 0,
            left: if self.fields.is_empty() {
                0
            } else {
                self.word(0)
            },
        }
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
        let of = |link: LinkView<'_>| link.table.fields_word(object, part, left, self.action);
        let rest = self.access.rest();
        rest.fold(of(self.access.first()), |both, link| both & of(link))
    }
}

impl<'a> IntoIterator for FieldSet<'a> {
    type Item = &'a str;
    type IntoIter = FieldSetIter<'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a> IntoIterator for &FieldSet<'a> {
    type Item = &'a str;
    type IntoIter = FieldSetIter<'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Serialize for FieldSet<'_> {
    /// A list of the keys, in schema order.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

/// The keys of the fields in a [`FieldSet`], in schema order.
#[derive(Debug, Clone)]
#[must_use = "an iterator does nothing until it is asked"]
pub struct FieldSetIter<'a> {
    set: FieldSet<'a>,
    /// Which 64 fields are being gone through.
    part: usize,
    /// Of these, the ones that are still to come.
    left: u64,
}

impl<'a> Iterator for FieldSetIter<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        while self.left == 0 {
            self.part += 1;
            if 64 * self.part >= self.set.fields.len() {
                // However often it is asked again.
                self.part = self.set.fields.len().div_ceil(64);
                return None;
            }
            self.left = self.set.word(self.part);
        }
        let index = 64 * self.part + self.left.trailing_zeros() as usize;
        // Clears the lowest bit that is set.
        self.left &= self.left - 1;
        self.set.fields.get(index).map(|field| field.key().as_str())
    }
}

impl core::iter::FusedIterator for FieldSetIter<'_> {}

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

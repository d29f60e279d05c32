//! Which object or field is meant, without its name: handles resolved beforehand.

use crate::column::Column;

/// A handle of an object, resolved once and then asked about without looking up a name.
///
/// It is good for every policy whose schema has the same objects and fields in the same order as the one that it was
/// resolved in. In any other it denies; it never answers for another object (L28). So resolve handles anew after a change
/// of the schema, from the new policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    mark: u64,
    index: u32,
}

impl ObjectId {
    pub(crate) fn new(mark: u64, index: u32) -> Self {
        Self { mark, index }
    }

    /// The handle of the record as a whole, where a question takes a field: it asks what `None` asks.
    ///
    /// So a host that keeps what it is going to ask about can keep one [`FieldId`] for each question, be it about a field or
    /// about a record.
    ///
    /// ```
    /// # let policy = rolegate::sample::workspace()?.compile();
    /// use rolegate::{Action, FieldId, Principal};
    ///
    /// let people = policy.object("people").expect("the schema has people");
    /// let email = policy.field("people", "email").expect("people have an e-mail address");
    /// let tim = policy.access(&Principal::member("tim"));
    /// let asked: [FieldId; 2] = [people.record(), email];
    /// assert_eq!(asked.map(|field| tim.can(Action::Edit, field.object(), field)), [true, false]);
    /// # Ok::<(), rolegate::InvalidWorkspace>(())
    /// ```
    #[inline]
    pub fn record(self) -> FieldId {
        FieldId {
            mark: self.mark,
            object: self.index,
            column: Column::RECORD,
        }
    }

    /// The index in the schema with that mark; none in another schema.
    #[inline]
    pub(crate) fn index_in(self, mark: u64) -> Option<usize> {
        (self.mark == mark).then_some(self.index as usize)
    }
}

/// A handle of a field of an object, resolved once and then asked about without looking up a name.
///
/// It is good for the same policies as an [`ObjectId`] is, and only together with its own object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldId {
    mark: u64,
    object: u32,
    column: Column,
}

impl FieldId {
    pub(crate) fn new(mark: u64, object: u32, column: Column) -> Self {
        Self {
            mark,
            object,
            column,
        }
    }

    /// The handle of the object that the field belongs to.
    #[inline]
    pub fn object(self) -> ObjectId {
        ObjectId::new(self.mark, self.object)
    }

    /// What of that object is meant, in the schema with that mark; none elsewhere.
    #[inline]
    pub(crate) fn column_in(self, mark: u64, object: usize) -> Option<Column> {
        (self.mark == mark && self.object as usize == object).then_some(self.column)
    }
}

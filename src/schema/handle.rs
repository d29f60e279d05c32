//! Which object or field is meant, without its name: handles resolved beforehand.

/// A handle of an object, resolved once and then asked about without looking up a name.
///
/// It is good for every policy whose schema has the same objects and fields in the same order as the one that it was
/// resolved in. In any other it denies; it never answers for another object (L28). So resolve handles anew after a change
/// of the schema, from the new policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    mark: u64,
    index: u16,
}

impl ObjectId {
    pub(crate) fn new(mark: u64, index: u16) -> Self {
        Self { mark, index }
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
    object: u16,
    index: u16,
}

impl FieldId {
    pub(crate) fn new(mark: u64, object: u16, index: u16) -> Self {
        Self {
            mark,
            object,
            index,
        }
    }

    /// The handle of the object that the field belongs to.
    pub fn object(self) -> ObjectId {
        ObjectId::new(self.mark, self.object)
    }

    /// The index among the fields of that object in the schema with that mark; none elsewhere.
    #[inline]
    pub(crate) fn index_in(self, mark: u64, object: usize) -> Option<usize> {
        (self.mark == mark && self.object as usize == object).then_some(self.index as usize)
    }
}

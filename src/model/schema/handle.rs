//! Which object or field is meant, without its name: handles resolved beforehand.

/// A handle of an object, resolved once and then asked about without looking up a name.
///
/// It is good for every policy whose schema has the same objects and fields in the same order as the one that it was
/// resolved in. In any other it denies; it never answers for another object (L28). So resolve handles anew after a change
/// of the schema, from the new policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    fingerprint: u64,
    index: u32,
}

impl ObjectId {
    pub(crate) fn new(fingerprint: u64, index: u32) -> Self {
        Self { fingerprint, index }
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
    #[must_use]
    pub fn record(self) -> FieldId {
        FieldId {
            fingerprint: self.fingerprint,
            object: self.index,
            place: RECORD,
        }
    }

    /// The index in the schema with that fingerprint; none in another schema.
    #[inline]
    pub(crate) fn index_in(self, fingerprint: u64) -> Option<usize> {
        (self.fingerprint == fingerprint).then_some(self.index as usize)
    }
}

/// A handle of a field of an object, resolved once and then asked about without looking up a name.
///
/// It is good for the same policies as an [`ObjectId`] is, and only together with its own object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldId {
    fingerprint: u64,
    object: u32,
    /// [`RECORD`], or one more than the index of the field.
    place: u32,
}

/// The place of the record as a whole among the things of an object that can be asked about; its fields come after it.
const RECORD: u32 = 0;

impl FieldId {
    pub(crate) fn new(fingerprint: u64, object: u32, field: usize) -> Self {
        // An object has far fewer fields.
        let field = u32::try_from(field).unwrap_or(u32::MAX);
        Self {
            fingerprint,
            object,
            place: field.saturating_add(1),
        }
    }

    /// The handle of the object that the field belongs to.
    #[inline]
    #[must_use]
    pub fn object(self) -> ObjectId {
        ObjectId::new(self.fingerprint, self.object)
    }

    /// What of that object is meant, in the schema with that fingerprint: 0 for the record, one more than its index for a field;
    /// none elsewhere.
    #[inline]
    pub(crate) fn place_in(self, fingerprint: u64, object: usize) -> Option<u32> {
        (self.fingerprint == fingerprint && self.object as usize == object).then_some(self.place)
    }
}

//! Which object or field is meant, without its name: handles resolved beforehand.

use crate::model::action::Action;
use crate::support::place::Place;

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
            place: Place::FIRST,
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
    /// The first is that of the record as a whole; fields come after it.
    place: Place,
}

impl FieldId {
    pub(crate) fn new(fingerprint: u64, object: u32, field: usize) -> Self {
        Self {
            fingerprint,
            object,
            // Kept as tables need it, so that nothing is left to compute when asked.
            place: Place::of(1 + field, Action::ALL.len()),
        }
    }

    /// The handle of the object that the field belongs to.
    #[inline]
    #[must_use]
    pub fn object(self) -> ObjectId {
        ObjectId::new(self.fingerprint, self.object)
    }

    /// What of that object is meant, in the schema with that fingerprint; none elsewhere.
    #[inline]
    pub(crate) fn place_in(self, fingerprint: u64, object: usize) -> Option<Place> {
        (self.fingerprint == fingerprint && self.object as usize == object).then_some(self.place)
    }
}

/// A handle of a workspace permission, resolved once and then asked about without looking up a name.
///
/// It is good for every policy whose schema has the same workspace permissions in the same order as the schema that it was
/// resolved in. In any other it denies; it never answers for another permission (L28).
///
/// # Examples
///
/// ```
/// # let policy = rolegate::sample::workspace()?.compile();
/// use rolegate::{PermissionId, Principal};
///
/// let send_email: PermissionId = policy.permission("send_email").expect("it is a documented permission");
/// assert!(policy.access(&Principal::member("grace")).can_use(send_email));
/// assert!(!policy.access(&Principal::member("tim")).can_use(send_email));
/// # Ok::<(), rolegate::InvalidWorkspace>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PermissionId {
    fingerprint: u64,
    index: u32,
}

impl PermissionId {
    pub(crate) fn new(fingerprint: u64, index: u32) -> Self {
        Self { fingerprint, index }
    }

    /// The index in the schema whose permissions have that fingerprint; none in another schema.
    #[inline]
    pub(crate) fn index_in(self, fingerprint: u64) -> Option<usize> {
        (self.fingerprint == fingerprint).then_some(self.index as usize)
    }
}

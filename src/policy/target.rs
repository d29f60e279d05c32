//! What is asked about: objects and fields, by name or by handle.

use alloc::string::String;

use crate::model::id::{FieldKey, ObjectKey};
use crate::model::schema::{FieldId, ObjectId, Schema};
use crate::policy::layout::Column;

/// How a question names an object: as text (`&str`, `&String`, [`&ObjectKey`](ObjectKey)) or as an [`ObjectId`].
///
/// The trait is sealed.
pub trait AsObject: Copy + sealed::Object {}

/// How a question names a field: as text (`&str`, `&String`, [`&FieldKey`](FieldKey), `Option<&str>`), as a [`FieldId`], or
/// as `None` for the record as a whole.
///
/// The trait is sealed.
///
/// ```
/// # let policy = rolegate::sample::workspace()?.compile();
/// # let tim = policy.access(&rolegate::Principal::member("tim"));
/// use rolegate::Action;
///
/// let from_a_request = String::from("email");
/// assert!(tim.can(Action::See, "people", "email"));
/// assert!(tim.can(Action::See, "people", &from_a_request));
/// assert!(tim.can(Action::See, "people", Some("email")));
/// assert!(tim.can(Action::See, "people", None)); // the record
/// # Ok::<(), rolegate::InvalidWorkspace>(())
/// ```
pub trait AsField: Copy + sealed::Field {}

impl<T: Copy + sealed::Object> AsObject for T {}
impl<T: Copy + sealed::Field> AsField for T {}

pub(crate) use self::sealed::Asked;

#[expect(
    unnameable_types,
    reason = "the traits are sealed: hosts use them through `AsObject` and `AsField`"
)]
pub(crate) mod sealed {
    use alloc::string::String;

    use crate::model::schema::Schema;
    use crate::policy::layout::Column;

    /// What a question names, as text for an explanation.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Asked {
        Name(String),
        /// A handle of another schema or object.
        Stale,
    }

    pub trait Object {
        /// The index of the object, if it is known.
        fn index(self, schema: &Schema) -> Option<usize>;
        fn asked(self, schema: &Schema) -> Asked;
    }

    pub trait Field {
        /// What of the object with that index is meant, if it is known.
        fn column(self, schema: &Schema, object: usize) -> Option<Column>;
        /// The name of the field of the object with that index; `None` for the record.
        fn asked(self, schema: &Schema, object: Option<usize>) -> Option<Asked>;
    }
}

impl sealed::Object for &str {
    #[inline]
    fn index(self, schema: &Schema) -> Option<usize> {
        schema.object_index(self)
    }

    fn asked(self, _: &Schema) -> Asked {
        Asked::Name(self.into())
    }
}

impl sealed::Object for ObjectId {
    #[inline]
    fn index(self, schema: &Schema) -> Option<usize> {
        self.index_in(schema.fingerprint())
    }

    fn asked(self, schema: &Schema) -> Asked {
        let object = self
            .index_in(schema.fingerprint())
            .and_then(|index| schema.objects().get(index));
        object.map_or(Asked::Stale, |object| {
            Asked::Name(object.key().as_str().into())
        })
    }
}

impl sealed::Field for Option<&str> {
    #[inline]
    fn column(self, schema: &Schema, object: usize) -> Option<Column> {
        match self {
            None => Some(Column::RECORD),
            Some(name) => name.column(schema, object),
        }
    }

    fn asked(self, _: &Schema, _: Option<usize>) -> Option<Asked> {
        self.map(|name| Asked::Name(name.into()))
    }
}

impl sealed::Field for &str {
    #[inline]
    fn column(self, schema: &Schema, object: usize) -> Option<Column> {
        Column::of(schema, object, self)
    }

    fn asked(self, _: &Schema, _: Option<usize>) -> Option<Asked> {
        Some(Asked::Name(self.into()))
    }
}

impl sealed::Field for FieldId {
    #[inline]
    fn column(self, schema: &Schema, object: usize) -> Option<Column> {
        self.place_in(schema.fingerprint(), object).map(Column::at)
    }

    fn asked(self, schema: &Schema, object: Option<usize>) -> Option<Asked> {
        let column = object.and_then(|object| Some((object, self.column(schema, object)?)));
        match column {
            Some((_, Column::RECORD)) => None,
            Some((object, column)) => {
                let field = column.field_in(schema, object);
                Some(field.map_or(Asked::Stale, |field| {
                    Asked::Name(field.key().as_str().into())
                }))
            }
            None => Some(Asked::Stale),
        }
    }
}

/// Lets further kinds of text name what `&str` names.
macro_rules! as_text {
    ($($object:ty),* ; $($field:ty),*) => {
        $(impl sealed::Object for $object {
            #[inline]
            fn index(self, schema: &Schema) -> Option<usize> {
                sealed::Object::index(AsRef::<str>::as_ref(self), schema)
            }

            fn asked(self, schema: &Schema) -> Asked {
                sealed::Object::asked(AsRef::<str>::as_ref(self), schema)
            }
        })*

        $(impl sealed::Field for $field {
            #[inline]
            fn column(self, schema: &Schema, object: usize) -> Option<Column> {
                sealed::Field::column(AsRef::<str>::as_ref(self), schema, object)
            }

            fn asked(self, schema: &Schema, object: Option<usize>) -> Option<Asked> {
                sealed::Field::asked(AsRef::<str>::as_ref(self), schema, object)
            }
        })*
    };
}

as_text!(&String, &ObjectKey; &String, &FieldKey);

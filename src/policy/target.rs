//! What is asked about: objects and fields, by name or by handle.

use alloc::string::String;

use crate::model::id::{FieldKey, ObjectKey, PermissionKey};
use crate::model::schema::{FieldId, ObjectId, PermissionId, Schema};
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

/// How a question names a workspace permission: as text (`&str`, `&String`, [`&PermissionKey`](PermissionKey)) or as a
/// [`PermissionId`].
///
/// The trait is sealed.
///
/// ```
/// # let policy = rolegate::sample::workspace()?.compile();
/// # let grace = policy.access(&rolegate::Principal::member("grace"));
/// use rolegate::PermissionKey;
///
/// assert!(grace.can_use("send_email"));
/// assert!(grace.can_use(&PermissionKey::from("send_email")));
/// # Ok::<(), rolegate::InvalidWorkspace>(())
/// ```
pub trait AsPermission: Copy + sealed::Permission {}

impl<T: Copy + sealed::Object> AsObject for T {}
impl<T: Copy + sealed::Field> AsField for T {}
impl<T: Copy + sealed::Permission> AsPermission for T {}

pub(crate) use self::sealed::TargetName;

#[expect(
    unnameable_types,
    reason = "the traits are sealed: hosts use them through `AsObject`, `AsField` and `AsPermission`"
)]
pub(crate) mod sealed {
    use alloc::string::String;

    use crate::model::schema::Schema;
    use crate::policy::layout::Column;

    /// What a question names, as text for an explanation.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum TargetName {
        Name(String),
        /// A handle of another schema or object.
        Stale,
    }

    pub trait Object {
        /// The index of the object, if it is known in the schema with that fingerprint.
        ///
        /// Handles need the fingerprint alone, and the way to the schema costs as much as the rest of a check.
        fn index<'s>(self, fingerprint: u64, schema: impl FnOnce() -> &'s Schema) -> Option<usize>;
        fn asked(self, schema: &Schema) -> TargetName;
    }

    pub trait Field {
        /// What of the object with that index is meant, if it is known in the schema with that fingerprint.
        fn column<'s>(
            self,
            fingerprint: u64,
            schema: impl FnOnce() -> &'s Schema,
            object: usize,
        ) -> Option<Column>;
        /// The name of the field of the object with that index; `None` for the record.
        fn asked(self, schema: &Schema, object: Option<usize>) -> Option<TargetName>;
    }

    pub trait Permission {
        /// The index of the workspace permission, if it is known.
        fn index(self, schema: &Schema) -> Option<usize>;
        fn asked(self, schema: &Schema) -> TargetName;
    }
}

impl sealed::Object for &str {
    #[inline]
    fn index<'s>(self, _: u64, schema: impl FnOnce() -> &'s Schema) -> Option<usize> {
        schema().object_index(self)
    }

    fn asked(self, _: &Schema) -> TargetName {
        TargetName::Name(self.into())
    }
}

impl sealed::Object for ObjectId {
    #[inline]
    fn index<'s>(self, fingerprint: u64, _: impl FnOnce() -> &'s Schema) -> Option<usize> {
        self.index_in(fingerprint)
    }

    fn asked(self, schema: &Schema) -> TargetName {
        let object = self
            .index_in(schema.fingerprint())
            .and_then(|index| schema.objects().get(index));
        object.map_or(TargetName::Stale, |object| {
            TargetName::Name(object.key().as_str().into())
        })
    }
}

impl sealed::Field for Option<&str> {
    #[inline]
    fn column<'s>(
        self,
        _: u64,
        schema: impl FnOnce() -> &'s Schema,
        object: usize,
    ) -> Option<Column> {
        match self {
            None => Some(Column::RECORD),
            Some(name) => Column::of(schema(), object, name),
        }
    }

    fn asked(self, _: &Schema, _: Option<usize>) -> Option<TargetName> {
        self.map(|name| TargetName::Name(name.into()))
    }
}

impl sealed::Field for &str {
    #[inline]
    fn column<'s>(
        self,
        _: u64,
        schema: impl FnOnce() -> &'s Schema,
        object: usize,
    ) -> Option<Column> {
        Column::of(schema(), object, self)
    }

    fn asked(self, _: &Schema, _: Option<usize>) -> Option<TargetName> {
        Some(TargetName::Name(self.into()))
    }
}

impl sealed::Field for FieldId {
    #[inline]
    fn column<'s>(
        self,
        fingerprint: u64,
        _: impl FnOnce() -> &'s Schema,
        object: usize,
    ) -> Option<Column> {
        self.place_in(fingerprint, object).map(Column::at)
    }

    fn asked(self, schema: &Schema, object: Option<usize>) -> Option<TargetName> {
        let column = object.and_then(|object| {
            Some((
                object,
                self.place_in(schema.fingerprint(), object)
                    .map(Column::at)?,
            ))
        });
        match column {
            Some((_, Column::RECORD)) => None,
            Some((object, column)) => {
                let field = column.field_in(schema, object);
                Some(field.map_or(TargetName::Stale, |field| {
                    TargetName::Name(field.key().as_str().into())
                }))
            }
            None => Some(TargetName::Stale),
        }
    }
}

impl sealed::Permission for &str {
    #[inline]
    fn index(self, schema: &Schema) -> Option<usize> {
        schema.permission_index(self)
    }

    fn asked(self, _: &Schema) -> TargetName {
        TargetName::Name(self.into())
    }
}

impl sealed::Permission for PermissionId {
    #[inline]
    fn index(self, schema: &Schema) -> Option<usize> {
        self.index_in(schema.permission_fingerprint())
    }

    fn asked(self, schema: &Schema) -> TargetName {
        let index = sealed::Permission::index(self, schema);
        let permission = index.and_then(|index| schema.permissions().get(index));
        permission.map_or(TargetName::Stale, |permission| {
            TargetName::Name(permission.key().as_str().into())
        })
    }
}

/// Lets further kinds of text name what `&str` names.
macro_rules! as_text {
    ($($object:ty),* ; $($field:ty),* ; $($permission:ty),*) => {
        $(impl sealed::Object for $object {
            #[inline]
            fn index<'s>(
                self,
                fingerprint: u64,
                schema: impl FnOnce() -> &'s Schema,
            ) -> Option<usize> {
                sealed::Object::index(AsRef::<str>::as_ref(self), fingerprint, schema)
            }

            fn asked(self, schema: &Schema) -> TargetName {
                sealed::Object::asked(AsRef::<str>::as_ref(self), schema)
            }
        })*

        $(impl sealed::Field for $field {
            #[inline]
            fn column<'s>(
                self,
                fingerprint: u64,
                schema: impl FnOnce() -> &'s Schema,
                object: usize,
            ) -> Option<Column> {
                sealed::Field::column(AsRef::<str>::as_ref(self), fingerprint, schema, object)
            }

            fn asked(self, schema: &Schema, object: Option<usize>) -> Option<TargetName> {
                sealed::Field::asked(AsRef::<str>::as_ref(self), schema, object)
            }
        })*

        $(impl sealed::Permission for $permission {
            #[inline]
            fn index(self, schema: &Schema) -> Option<usize> {
                sealed::Permission::index(AsRef::<str>::as_ref(self), schema)
            }

            fn asked(self, schema: &Schema) -> TargetName {
                sealed::Permission::asked(AsRef::<str>::as_ref(self), schema)
            }
        })*
    };
}

as_text!(&String, &ObjectKey; &String, &FieldKey; &String, &PermissionKey);

/// The index of an object in a schema, if it is known there.
#[inline]
pub(crate) fn object_index(object: impl AsObject, schema: &Schema) -> Option<usize> {
    object.index(schema.fingerprint(), || schema)
}

/// What of an object is meant, if it is known in a schema.
#[inline]
pub(crate) fn column(field: impl AsField, schema: &Schema, object: usize) -> Option<Column> {
    field.column(schema.fingerprint(), || schema, object)
}

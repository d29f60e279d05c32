//! What of a record somebody sees, while it is being serialized: hidden fields are left out, and nothing is copied.

use core::fmt;

use serde::ser::{Error, Serialize, Serializer};

use crate::model::action::Action;
use crate::policy::access::Access;
use crate::policy::layout::Column;
use crate::policy::target::{AsObject, object_index};
use crate::request::projection::filter::{Filter, Value};
use crate::support::limits::MAX_NESTING;

impl Access<'_> {
    /// The visible part of a record of an object, or of a list of such records: it serializes as the value does, without what
    /// is hidden.
    ///
    /// - A *record* is a struct or a map. Of its keys, those of fields that can be seen are kept. A key that the schema does
    ///   not know is left out. If records of the object are hidden, or the object is unknown, nothing is kept.
    /// - An option, a newtype struct, and the elements of a list or tuple are looked through: each is a record, or a list of
    ///   such. A list of hidden records is empty.
    /// - The value of a field is shown as it is, whatever it is made of. But where the field is a relation, records in it
    ///   are records of the related object. If those are hidden, a field with records in it is left out, and with it a list
    ///   that is empty; an id is shown, since it is the field's own value.
    /// - An enum variant that has content is a map with one key, its name, as it is in JSON. No field is called so: nothing
    ///   is kept. (Internally tagged and untagged enums are plain records.)
    /// - What is no record where one should be, such as a number, is shown as nothing (`null` in JSON).
    /// - What a format writes without looking into it, such as the `RawValue` of `serde_json`, counts as a record without
    ///   fields: records could be in it. The value of a field that is no relation may be one.
    ///
    /// A record is written as a map of unknown length, since what is kept is known only at its end. An error of the value or
    /// of the format passes through unchanged, and records, lists and options that nest deeper than
    /// [`MAX_NESTING`](crate::limits::MAX_NESTING) levels are an error. Nothing is copied.
    ///
    /// ```
    /// # let policy = rolegate::sample::workspace()?.compile();
    /// use rolegate::Principal;
    /// use serde::Serialize;
    ///
    /// #[derive(Serialize)]
    /// struct Person {
    ///     name: &'static str,
    ///     address: &'static str,
    ///     password_hash: &'static str,
    ///     company: Company,
    /// }
    ///
    /// #[derive(Serialize)]
    /// struct Company {
    ///     name: &'static str,
    /// }
    ///
    /// let eve = Person {
    ///     name: "Eve",
    ///     address: "1 Main St",
    ///     password_hash: "$argon2id$…",
    ///     company: Company { name: "Acme" },
    /// };
    /// let tim = policy.access(&Principal::member("tim"));
    /// assert_eq!(
    ///     serde_json::to_string(&tim.visible("people", &eve))?,
    ///     r#"{"name":"Eve","company":{"name":"Acme"}}"#,
    /// );
    /// assert_eq!(serde_json::to_string(&tim.visible("opportunities", &[eve]))?, "[]");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn visible<'a, T: Serialize + ?Sized>(
        &'a self,
        object: impl AsObject,
        value: &'a T,
    ) -> Visible<'a, T> {
        let object = object_index(object, self.policy().schema());
        Visible {
            scope: Scope {
                access: self,
                object: object.filter(|object| self.can_at(Action::See, *object, Column::RECORD)),
                is_value: false,
                depth: 0,
            },
            value,
        }
    }
}

/// The visible part of a value; see [`Access::visible`].
pub struct Visible<'a, T: ?Sized> {
    pub(super) scope: Scope<'a>,
    pub(super) value: &'a T,
}

impl<T: ?Sized> Clone for Visible<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Visible<'_, T> {}

impl<T: ?Sized> fmt::Debug for Visible<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Visible")
            .field("access", self.scope.access)
            .finish_non_exhaustive()
    }
}

impl<T: Serialize + ?Sized> Serialize for Visible<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.scope.depth > MAX_NESTING {
            // Else the stack would have an end.
            return Err(S::Error::custom(format_args!(
                "records nest deeper than {MAX_NESTING} levels"
            )));
        }
        self.value.serialize(Filter {
            scope: self.scope,
            inner: serializer,
        })
    }
}

/// What a value is taken for.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) access: &'a Access<'a>,
    /// The object that records are of; none if its records are hidden.
    pub(super) object: Option<usize>,
    /// Whether it is the value of a field, so that what is no record is shown.
    pub(super) is_value: bool,
    /// In how many others it is.
    pub(super) depth: usize,
}

impl<'a> Scope<'a> {
    /// What is visible of a value inside.
    pub(super) fn over<T: ?Sized>(self, value: &'a T) -> Visible<'a, T> {
        let scope = Self {
            depth: self.depth + 1,
            ..self
        };
        Visible { scope, value }
    }

    /// Whether a list is emptied.
    pub(super) fn hides_lists(self) -> bool {
        self.object.is_none() && !self.is_value
    }

    /// A key as the schema has it.
    pub(super) fn known_key(self, key: &str) -> Option<&'a str> {
        let schema = self.access.policy().schema();
        let object = self.object?;
        let field = schema.field_index(object, key)?;
        let field = schema.objects().get(object)?.fields().get(field)?;
        Some(field.key().as_str())
    }

    /// What becomes of the value under a key.
    pub(super) fn value(self, key: &str) -> Value<'a> {
        let schema = self.access.policy().schema();
        let field = self.object.and_then(|object| {
            let field = schema.field_index(object, key)?;
            let is_visible = self
                .access
                .can_at(Action::See, object, Column::field(field));
            is_visible.then_some((object, field))
        });
        let Some((object, field)) = field else {
            return Value::LeftOut;
        };
        match schema.relation_index(object, field) {
            None => Value::Shown,
            Some(related) => {
                let is_visible = self.access.can_at(Action::See, related, Column::RECORD);
                let scope = Self {
                    access: self.access,
                    object: is_visible.then_some(related),
                    is_value: true,
                    depth: self.depth,
                };
                Value::Related(scope)
            }
        }
    }
}

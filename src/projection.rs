//! What of a record somebody sees, while it is being serialized: hidden fields are left out, and nothing is copied.

use core::fmt;

use serde::ser::{
    Error, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant,
    SerializeTuple, SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use crate::access::Access;
use crate::action::Action;
use crate::column::Column;
use crate::keys::{NoKeys, with_text};
use crate::limits::MAX_NESTING;
use crate::question::ObjectName;
use crate::serializer::NUMBER;

mod shape;

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
    /// [`MAX_NESTING`](crate::MAX_NESTING) levels are an error. Nothing is copied.
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
        object: impl ObjectName,
        value: &'a T,
    ) -> Visible<'a, T> {
        let object = object.index(self.policy().schema());
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
    scope: Scope<'a>,
    value: &'a T,
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
struct Scope<'a> {
    access: &'a Access<'a>,
    /// The object that records are of; none if its records are hidden.
    object: Option<usize>,
    /// Whether it is the value of a field, so that what is no record is shown.
    is_value: bool,
    /// In how many others it is.
    depth: usize,
}

impl<'a> Scope<'a> {
    /// What is visible of a value inside.
    fn over<T: ?Sized>(self, value: &'a T) -> Visible<'a, T> {
        let scope = Self {
            depth: self.depth + 1,
            ..self
        };
        Visible { scope, value }
    }

    /// Whether a list is emptied.
    fn hides_lists(self) -> bool {
        self.object.is_none() && !self.is_value
    }

    /// A key as the schema has it.
    fn known_key(self, key: &str) -> Option<&'a str> {
        let schema = self.access.policy().schema();
        let object = self.object?;
        let field = schema.field_index(object, key)?;
        let field = schema.objects().get(object)?.fields().get(field)?;
        Some(field.key().as_str())
    }

    /// What becomes of the value under a key.
    fn value(self, key: &str) -> Value<'a> {
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

/// What becomes of the value under a key.
#[derive(Clone, Copy)]
enum Value<'a> {
    LeftOut,
    Shown,
    /// Records in it are of a related object.
    Related(Scope<'a>),
}

/// A serializer that leaves out what is hidden.
struct Filter<'a, S> {
    scope: Scope<'a>,
    inner: S,
}

/// Passes on what is no record, where that is shown.
macro_rules! pass_on {
    ($($method:ident($($name:ident: $type:ty),*);)+) => {
        $(fn $method(self, $($name: $type),*) -> Result<S::Ok, S::Error> {
            if self.scope.is_value {
                self.inner.$method($($name),*)
            } else {
                self.inner.serialize_unit()
            }
        })+
    };
}

impl<'a, S: Serializer> Serializer for Filter<'a, S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = List<'a, S::SerializeSeq>;
    type SerializeTuple = List<'a, S::SerializeTuple>;
    type SerializeTupleStruct = List<'a, S::SerializeTupleStruct>;
    type SerializeTupleVariant = Nothing<S::SerializeMap>;
    type SerializeMap = Record<'a, S::SerializeMap>;
    type SerializeStruct = Struct<'a, S>;
    type SerializeStructVariant = Nothing<S::SerializeMap>;

    pass_on! {
        serialize_bool(value: bool);
        serialize_i8(value: i8);
        serialize_i16(value: i16);
        serialize_i32(value: i32);
        serialize_i64(value: i64);
        serialize_i128(value: i128);
        serialize_u8(value: u8);
        serialize_u16(value: u16);
        serialize_u32(value: u32);
        serialize_u64(value: u64);
        serialize_u128(value: u128);
        serialize_f32(value: f32);
        serialize_f64(value: f64);
        serialize_char(value: char);
        serialize_str(value: &str);
        serialize_bytes(value: &[u8]);
        serialize_unit_struct(name: &'static str);
        serialize_unit_variant(name: &'static str, index: u32, variant: &'static str);
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        if self.scope.is_value {
            self.inner.collect_str(value)
        } else {
            self.inner.serialize_unit()
        }
    }

    fn serialize_unit(self) -> Result<S::Ok, S::Error> {
        self.inner.serialize_unit()
    }

    fn serialize_none(self) -> Result<S::Ok, S::Error> {
        self.inner.serialize_none()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.inner.serialize_some(&self.scope.over(value))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        self.inner
            .serialize_newtype_struct(name, &self.scope.over(value))
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<S::Ok, S::Error> {
        self.inner.serialize_map(Some(0))?.end()
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Self::SerializeSeq, S::Error> {
        let length = if self.scope.hides_lists() {
            Some(0)
        } else {
            length
        };
        Ok(List {
            scope: self.scope,
            inner: self.inner.serialize_seq(length)?,
        })
    }

    fn serialize_tuple(self, length: usize) -> Result<Self::SerializeTuple, S::Error> {
        let length = if self.scope.hides_lists() { 0 } else { length };
        Ok(List {
            scope: self.scope,
            inner: self.inner.serialize_tuple(length)?,
        })
    }

    fn serialize_tuple_struct(
        self,
        name: &'static str,
        length: usize,
    ) -> Result<Self::SerializeTupleStruct, S::Error> {
        let length = if self.scope.hides_lists() { 0 } else { length };
        Ok(List {
            scope: self.scope,
            inner: self.inner.serialize_tuple_struct(name, length)?,
        })
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, S::Error> {
        self.inner.serialize_map(Some(0)).map(Nothing)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, S::Error> {
        Ok(Record {
            scope: self.scope,
            is_human_readable: self.inner.is_human_readable(),
            inner: self.inner.serialize_map(None)?,
            next: Next::LeftOut,
        })
    }

    fn serialize_struct(
        self,
        name: &'static str,
        length: usize,
    ) -> Result<Self::SerializeStruct, S::Error> {
        match (name, self.scope.is_value) {
            (NUMBER, true) => self
                .inner
                .serialize_struct(name, length)
                .map(Struct::Number),
            (NUMBER, false) => Ok(Struct::NoRecord(self.inner)),
            _ => self.serialize_map(None).map(Struct::Record),
        }
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, S::Error> {
        self.inner.serialize_map(Some(0)).map(Nothing)
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

/// A list, each element of which is taken for what the list is taken for.
struct List<'a, L> {
    scope: Scope<'a>,
    inner: L,
}

/// Serializes the elements of a list.
macro_rules! list {
    ($trait:ident, $method:ident) => {
        impl<L: $trait> $trait for List<'_, L> {
            type Ok = L::Ok;
            type Error = L::Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), L::Error> {
                if self.scope.hides_lists() {
                    return Ok(());
                }
                self.inner.$method(&self.scope.over(value))
            }

            fn end(self) -> Result<L::Ok, L::Error> {
                self.inner.end()
            }
        }
    };
}

list!(SerializeSeq, serialize_element);
list!(SerializeTuple, serialize_element);
list!(SerializeTupleStruct, serialize_field);

/// A record, of which visible fields are kept.
struct Record<'a, M> {
    scope: Scope<'a>,
    /// Whether the format is one for people, since values may have another shape in others.
    is_human_readable: bool,
    inner: M,
    /// What becomes of the next value, where keys and values come one by one.
    next: Next<'a>,
}

/// What becomes of the value after a key.
enum Next<'a> {
    LeftOut,
    Shown,
    Related(Scope<'a>),
    /// The key waits until it is known whether there are hidden records in the value.
    Waiting(&'a str, Scope<'a>),
}

impl<'a, M: SerializeMap> Record<'a, M> {
    fn entry<K: Serialize + ?Sized, T: Serialize + ?Sized>(
        &mut self,
        key: &K,
        value: &T,
        becomes: Value<'a>,
    ) -> Result<(), M::Error> {
        match becomes {
            Value::LeftOut => Ok(()),
            Value::Shown => self.inner.serialize_entry(key, value),
            Value::Related(scope)
                if scope.object.is_none()
                    && shape::has_records(value, self.is_human_readable, scope.depth + 1) =>
            {
                Ok(())
            }
            Value::Related(scope) => self.inner.serialize_entry(key, &scope.over(value)),
        }
    }

    /// What a function makes of the text of a key; nothing if the key is not text.
    fn read<K: Serialize + ?Sized, R>(
        &mut self,
        key: &K,
        read: impl FnOnce(&str) -> R,
    ) -> Result<Option<R>, M::Error> {
        match with_text(key, read) {
            Ok(read) => Ok(Some(read)),
            Err(NoKeys::NotText | NoKeys::NotAMap) => Ok(None),
            Err(failed @ NoKeys::Failed(_)) => {
                // The format's own error, if it has one: that is the error of the value.
                self.inner.serialize_key(key)?;
                Err(M::Error::custom(failed))
            }
        }
    }
}

impl<M: SerializeMap> SerializeMap for Record<'_, M> {
    type Ok = M::Ok;
    type Error = M::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), M::Error> {
        let scope = self.scope;
        let next = self.read(key, |key| match scope.value(key) {
            Value::LeftOut => Next::LeftOut,
            Value::Shown => Next::Shown,
            Value::Related(related) if related.object.is_none() => scope
                .known_key(key)
                .map_or(Next::LeftOut, |key| Next::Waiting(key, related)),
            Value::Related(related) => Next::Related(related),
        })?;
        self.next = next.unwrap_or(Next::LeftOut);
        match self.next {
            Next::LeftOut | Next::Waiting(..) => Ok(()),
            Next::Shown | Next::Related(_) => self.inner.serialize_key(key),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), M::Error> {
        match core::mem::replace(&mut self.next, Next::LeftOut) {
            Next::LeftOut => Ok(()),
            Next::Shown => self.inner.serialize_value(value),
            Next::Related(scope) => self.inner.serialize_value(&scope.over(value)),
            Next::Waiting(key, scope) => self.entry(key, value, Value::Related(scope)),
        }
    }

    fn serialize_entry<K: Serialize + ?Sized, T: Serialize + ?Sized>(
        &mut self,
        key: &K,
        value: &T,
    ) -> Result<(), M::Error> {
        let scope = self.scope;
        let becomes = self.read(key, |key| scope.value(key))?;
        self.entry(key, value, becomes.unwrap_or(Value::LeftOut))
    }

    fn end(self) -> Result<M::Ok, M::Error> {
        self.inner.end()
    }
}

/// What is written as a struct.
enum Struct<'a, S: Serializer> {
    Record(Record<'a, S::SerializeMap>),
    /// The number of a field, which is shown.
    Number(S::SerializeStruct),
    /// A number where a record should be.
    NoRecord(S),
}

impl<S: Serializer> SerializeStruct for Struct<'_, S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), S::Error> {
        match self {
            Self::Record(record) => {
                let becomes = record.scope.value(key);
                record.entry(key, value, becomes)
            }
            // Whatever else is called a number has no digits, and nothing of it is shown.
            Self::Number(number) if key == NUMBER => {
                with_text(value, |digits| number.serialize_field(key, digits)).unwrap_or(Ok(()))
            }
            Self::Number(_) | Self::NoRecord(_) => Ok(()),
        }
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        match self {
            Self::Record(record) => record.end(),
            Self::Number(number) => number.end(),
            Self::NoRecord(inner) => inner.serialize_unit(),
        }
    }
}

/// An enum variant with content, of which nothing is kept.
struct Nothing<M>(M);

impl<M: SerializeMap> SerializeTupleVariant for Nothing<M> {
    type Ok = M::Ok;
    type Error = M::Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, _: &T) -> Result<(), M::Error> {
        Ok(())
    }

    fn end(self) -> Result<M::Ok, M::Error> {
        self.0.end()
    }
}

impl<M: SerializeMap> SerializeStructVariant for Nothing<M> {
    type Ok = M::Ok;
    type Error = M::Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        _: &'static str,
        _: &T,
    ) -> Result<(), M::Error> {
        Ok(())
    }

    fn end(self) -> Result<M::Ok, M::Error> {
        self.0.end()
    }
}

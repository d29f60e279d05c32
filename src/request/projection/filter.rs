//! A serializer that leaves out what is hidden.

use core::fmt;

use serde::ser::{
    Error, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant,
    SerializeTuple, SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use crate::request::field_names::{FieldNamesError, with_text};
use crate::request::projection::shape;
use crate::request::projection::visible::Scope;
use crate::support::serializer::NUMBER;

/// What becomes of the value under a key.
#[derive(Clone, Copy)]
pub(super) enum Value<'a> {
    LeftOut,
    Shown,
    /// Records in it are of a related object.
    Related(Scope<'a>),
}

/// A serializer that leaves out what is hidden.
pub(super) struct Filter<'a, S> {
    pub(super) scope: Scope<'a>,
    pub(super) inner: S,
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
pub(super) struct List<'a, L> {
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
pub(super) struct Record<'a, M> {
    scope: Scope<'a>,
    /// Whether the format is one for people, since values may have another shape in others.
    is_human_readable: bool,
    inner: M,
    /// What becomes of the next value, where keys and values come one by one.
    next: Next<'a>,
}

/// What becomes of the value after a key.
pub(super) enum Next<'a> {
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
            Err(FieldNamesError::NotText | FieldNamesError::NotAMap) => Ok(None),
            Err(failed @ FieldNamesError::Failed(_)) => {
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
pub(super) enum Struct<'a, S: Serializer> {
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
pub(super) struct Nothing<M>(M);

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

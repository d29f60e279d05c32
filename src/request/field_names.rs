//! The keys of a value, taken from how it serializes. The values under the keys are not read.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::ser::{
    Error, Impossible, Serialize, SerializeMap, SerializeStruct, SerializeStructVariant,
    SerializeTupleVariant, Serializer,
};

use crate::support::serializer::{NUMBER, each_list, each_map, each_of, each_scalar, no_compounds};

/// The keys of a struct or a map, in their order: the names of the fields that a patch sets.
///
/// # Examples
///
/// ```
/// use rolegate::request::FieldNames;
/// use serde::Serialize;
///
/// #[derive(Serialize)]
/// struct Patch {
///     name: &'static str,
///     #[serde(skip_serializing_if = "Option::is_none")]
///     email: Option<&'static str>,
/// }
///
/// let keys = FieldNames::of(&Patch { name: "Tim", email: None })?;
/// assert!(keys.iter().eq(["name"]));
/// assert!(FieldNames::of(&["name"]).is_err());
/// # Ok::<(), rolegate::request::FieldNamesError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldNames(Vec<String>);

impl FieldNames {
    /// Takes the keys of a value. It does not look at the values under them.
    ///
    /// A key may also be a whole number, a `bool` or a `char`. Then its text counts. An enum variant with content is a map
    /// with one key, the name of the variant, as in JSON.
    ///
    /// # Errors
    ///
    /// - [`NotAMap`](FieldNamesError::NotAMap), if the value is not a struct or a map.
    /// - [`NotText`](FieldNamesError::NotText), if a key is not text and cannot be written as text.
    /// - [`Failed`](FieldNamesError::Failed), if the value itself fails to serialize.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, FieldNamesError> {
        value.serialize(KeyCollector).map(Self)
    }

    /// The keys, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl<'a> IntoIterator for &'a FieldNames {
    type Item = &'a str;
    type IntoIter = core::iter::Map<core::slice::Iter<'a, String>, fn(&'a String) -> &'a str>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(String::as_str)
    }
}

/// The error of [`FieldNames::of`]: the value has no usable keys.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldNamesError {
    /// The value is not a struct or a map.
    NotAMap,
    /// A key is not text and cannot be written as text.
    NotText,
    /// The value fails to serialize, for this reason.
    Failed(String),
}

impl fmt::Display for FieldNamesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAMap => f.write_str("the value has no keys; only a struct or a map has keys"),
            Self::NotText => f.write_str("a key is not text; a field is named by text"),
            Self::Failed(reason) => write!(f, "the value cannot be serialized: {reason}"),
        }
    }
}

impl core::error::Error for FieldNamesError {}

impl Error for FieldNamesError {
    fn custom<T: fmt::Display>(reason: T) -> Self {
        Self::Failed(reason.to_string())
    }
}

/// Calls a function with the text of a key.
pub(crate) fn with_text<R>(
    key: &(impl Serialize + ?Sized),
    read: impl FnOnce(&str) -> R,
) -> Result<R, FieldNamesError> {
    key.serialize(KeyText(read))
}

/// Reads a key as text. It takes the same types as formats such as JSON, in which each key is text.
struct KeyText<F>(F);

impl<R, F: FnOnce(&str) -> R> Serializer for KeyText<F> {
    no_compounds!(R, FieldNamesError);
    each_list!(|_| Err(FieldNamesError::NotText));
    each_map!(|_| Err(FieldNamesError::NotText));

    fn serialize_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<R, FieldNamesError>, FieldNamesError> {
        Err(FieldNamesError::NotText)
    }

    fn serialize_str(self, text: &str) -> Result<R, FieldNamesError> {
        Ok((self.0)(text))
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<R, FieldNamesError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<R, FieldNamesError> {
        value.serialize(self)
    }

    each_of! {
        serialize_bool(bool), serialize_char(char), serialize_i8(i8), serialize_i16(i16), serialize_i32(i32),
        serialize_i64(i64), serialize_i128(i128), serialize_u8(u8), serialize_u16(u16), serialize_u32(u32),
        serialize_u64(u64), serialize_u128(u128):
        |this, value| this.serialize_str(&value.to_string())
    }

    // The key of a field has no dot. So a number with a fraction cannot name a field.
    each_of! {
        serialize_f32(f32), serialize_f64(f64), serialize_bytes(&[u8]), serialize_unit_struct(&'static str):
        |_this, _value| Err(FieldNamesError::NotText)
    }

    fn serialize_unit(self) -> Result<R, FieldNamesError> {
        Err(FieldNamesError::NotText)
    }

    fn serialize_none(self) -> Result<R, FieldNamesError> {
        Err(FieldNamesError::NotText)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<R, FieldNamesError> {
        Err(FieldNamesError::NotText)
    }
}

/// Collects the keys of the first struct or map that it meets.
struct KeyCollector;

impl Serializer for KeyCollector {
    type Ok = Vec<String>;
    type Error = FieldNamesError;
    type SerializeSeq = Impossible<Self::Ok, FieldNamesError>;
    type SerializeTuple = Impossible<Self::Ok, FieldNamesError>;
    type SerializeTupleStruct = Impossible<Self::Ok, FieldNamesError>;
    type SerializeTupleVariant = Collected;
    type SerializeMap = Collected;
    type SerializeStruct = Collected;
    type SerializeStructVariant = Collected;

    each_scalar!(|_| Err(FieldNamesError::NotAMap));
    each_list!(|_| Err(FieldNamesError::NotAMap));

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Self::Ok, FieldNamesError> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Self::Ok, FieldNamesError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: &T,
    ) -> Result<Self::Ok, FieldNamesError> {
        Ok(alloc::vec![variant.to_string()])
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Collected, FieldNamesError> {
        Ok(Collected(alloc::vec![variant.to_string()]))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Collected, FieldNamesError> {
        Ok(Collected(Vec::new()))
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Collected, FieldNamesError> {
        if name == NUMBER {
            return Err(FieldNamesError::NotAMap);
        }
        Ok(Collected(Vec::new()))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Collected, FieldNamesError> {
        Ok(Collected(alloc::vec![variant.to_string()]))
    }
}

/// The keys so far.
struct Collected(Vec<String>);

impl SerializeMap for Collected {
    type Ok = Vec<String>;
    type Error = FieldNamesError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), FieldNamesError> {
        self.0.push(with_text(key, ToString::to_string)?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, _: &T) -> Result<(), FieldNamesError> {
        Ok(())
    }

    fn end(self) -> Result<Self::Ok, FieldNamesError> {
        Ok(self.0)
    }
}

impl SerializeStruct for Collected {
    type Ok = Vec<String>;
    type Error = FieldNamesError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        _: &T,
    ) -> Result<(), FieldNamesError> {
        self.0.push(key.to_string());
        Ok(())
    }

    fn end(self) -> Result<Self::Ok, FieldNamesError> {
        Ok(self.0)
    }
}

impl SerializeStructVariant for Collected {
    type Ok = Vec<String>;
    type Error = FieldNamesError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        _: &'static str,
        _: &T,
    ) -> Result<(), FieldNamesError> {
        Ok(())
    }

    fn end(self) -> Result<Self::Ok, FieldNamesError> {
        Ok(self.0)
    }
}

impl SerializeTupleVariant for Collected {
    type Ok = Vec<String>;
    type Error = FieldNamesError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, _: &T) -> Result<(), FieldNamesError> {
        Ok(())
    }

    fn end(self) -> Result<Self::Ok, FieldNamesError> {
        Ok(self.0)
    }
}

crate::support::debug_is_display::debug_is_display!(FieldNamesError);

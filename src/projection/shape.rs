//! Whether there are records in a value, without serializing it anywhere.

use core::fmt;

use serde::ser::{
    Error, Impossible, Serialize, SerializeSeq, SerializeStruct, SerializeTuple,
    SerializeTupleStruct, Serializer,
};

use crate::serializer::{NUMBER, each_list, each_map, each_scalar};

/// Whether a value has structs or maps in it, in the form that it has for people or for machines. An empty list counts as
/// one that had some.
pub(super) fn has_records<T: Serialize + ?Sized>(value: &T, is_human_readable: bool) -> bool {
    match value.serialize(Shape { is_human_readable }) {
        Err(Stop::Record) => true,
        // Whatever is wrong with the value will be said when it is serialized.
        Ok(()) | Err(Stop::Failed) => false,
    }
}

#[derive(Debug)]
enum Stop {
    /// There is a record.
    Record,
    /// The value cannot be serialized.
    Failed,
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value is not looked at further")
    }
}

impl core::error::Error for Stop {}

impl Error for Stop {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::Failed
    }
}

#[derive(Clone, Copy)]
struct Shape {
    /// As the format says, since a value may have another shape for machines.
    is_human_readable: bool,
}

impl Serializer for Shape {
    type Ok = ();
    type Error = Stop;
    type SerializeSeq = Elements;
    type SerializeTuple = Elements;
    type SerializeTupleStruct = Elements;
    type SerializeTupleVariant = Impossible<(), Stop>;
    type SerializeMap = Impossible<(), Stop>;
    type SerializeStruct = Number;
    type SerializeStructVariant = Impossible<(), Stop>;

    each_scalar!(|_| Ok(()));
    each_list!(|shape| Ok(Elements {
        shape,
        is_empty: true
    }));
    each_map!(|_| Err(Stop::Record));

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Number, Stop> {
        if name == NUMBER {
            Ok(Number)
        } else {
            Err(Stop::Record)
        }
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Stop> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Stop> {
        value.serialize(self)
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, _: &T) -> Result<(), Stop> {
        Ok(())
    }

    fn is_human_readable(&self) -> bool {
        self.is_human_readable
    }
}

/// A number that is written as a struct.
struct Number;

impl SerializeStruct for Number {
    type Ok = ();
    type Error = Stop;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        _: &'static str,
        _: &T,
    ) -> Result<(), Stop> {
        Ok(())
    }

    fn end(self) -> Result<(), Stop> {
        Ok(())
    }
}

/// A list that is looked through.
struct Elements {
    shape: Shape,
    is_empty: bool,
}

/// Looks at the elements of a list.
macro_rules! elements {
    ($trait:ident, $method:ident) => {
        impl $trait for Elements {
            type Ok = ();
            type Error = Stop;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Stop> {
                self.is_empty = false;
                value.serialize(self.shape)
            }

            fn end(self) -> Result<(), Stop> {
                if self.is_empty {
                    Err(Stop::Record)
                } else {
                    Ok(())
                }
            }
        }
    };
}

elements!(SerializeSeq, serialize_element);
elements!(SerializeTuple, serialize_element);
elements!(SerializeTupleStruct, serialize_field);

//! Whether there are records in a value, without serializing it anywhere.

use core::cell::Cell;
use core::fmt;

use serde::ser::{
    Error, Impossible, Serialize, SerializeSeq, SerializeStruct, SerializeTuple,
    SerializeTupleStruct, Serializer,
};

use crate::request::field_names::with_text;
use crate::support::limits::MAX_NESTING;
use crate::support::serializer::{NUMBER, each_list, each_map, each_scalar};

/// Whether a value has structs or maps in it, in the form that it has for people or for machines. An empty list counts as
/// one that had some, and so does what nests too deep to be looked through.
pub(super) fn has_records<T: Serialize + ?Sized>(
    value: &T,
    is_human_readable: bool,
    depth: usize,
) -> bool {
    let found = Cell::new(false);
    // It ends with an error where a record was found, which the value may have made another one of. Whatever else is wrong
    // with the value will be said when it is serialized.
    let _ = value.serialize(Shape {
        is_human_readable,
        depth,
        found: &found,
    });
    found.get()
}

/// The value is not looked at further.
#[derive(Debug)]
struct Stop;

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value is not looked at further")
    }
}

impl core::error::Error for Stop {}

impl Error for Stop {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

#[derive(Clone, Copy)]
struct Shape<'f> {
    /// As the format says, since a value may have another shape for machines.
    is_human_readable: bool,
    depth: usize,
    found: &'f Cell<bool>,
}

impl Shape<'_> {
    /// Notes that there is a record.
    fn stop<T>(self) -> Result<T, Stop> {
        self.found.set(true);
        Err(Stop)
    }

    /// Looks at a value inside.
    fn inside<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Stop> {
        if self.depth >= MAX_NESTING {
            return self.stop();
        }
        value.serialize(Self {
            depth: self.depth + 1,
            ..self
        })
    }
}

impl<'f> Serializer for Shape<'f> {
    type Ok = ();
    type Error = Stop;
    type SerializeSeq = Elements<'f>;
    type SerializeTuple = Elements<'f>;
    type SerializeTupleStruct = Elements<'f>;
    type SerializeTupleVariant = Impossible<(), Stop>;
    type SerializeMap = Impossible<(), Stop>;
    type SerializeStruct = Number<'f>;
    type SerializeStructVariant = Impossible<(), Stop>;

    each_scalar!(|_| Ok(()));
    each_list!(|shape| Ok(Elements {
        shape,
        is_empty: true
    }));
    each_map!(|shape| shape.stop());

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Number<'f>, Stop> {
        if name == NUMBER {
            Ok(Number(self))
        } else {
            self.stop()
        }
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Stop> {
        self.inside(value)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Stop> {
        self.inside(value)
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, _: &T) -> Result<(), Stop> {
        Ok(())
    }

    fn is_human_readable(&self) -> bool {
        self.is_human_readable
    }
}

/// A number that is written as a struct, with digits and nothing else in it.
struct Number<'f>(Shape<'f>);

impl SerializeStruct for Number<'_> {
    type Ok = ();
    type Error = Stop;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Stop> {
        if key == NUMBER && with_text(value, |_| ()).is_ok() {
            Ok(())
        } else {
            self.0.stop()
        }
    }

    fn end(self) -> Result<(), Stop> {
        Ok(())
    }
}

/// A list that is looked through.
struct Elements<'f> {
    shape: Shape<'f>,
    is_empty: bool,
}

/// Looks at the elements of a list.
macro_rules! elements {
    ($trait:ident, $method:ident) => {
        impl $trait for Elements<'_> {
            type Ok = ();
            type Error = Stop;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Stop> {
                self.is_empty = false;
                self.shape.inside(value)
            }

            fn end(self) -> Result<(), Stop> {
                if self.is_empty {
                    self.shape.stop()
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

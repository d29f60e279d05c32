//! How a serializer is filled that treats many kinds of values alike.

/// The struct that is a number: `serde_json` with its feature `arbitrary_precision` writes and reads numbers as if they were
/// a struct of this name, with one field of this name that holds their digits (see `Number` in its source).
pub(crate) const NUMBER: &str = "$serde_json::private::Number";

/// The same body for several methods that take one value.
macro_rules! each_of {
    ($($method:ident($type:ty)),+ : |$this:ident, $value:ident| $body:expr) => {
        $(fn $method(self, $value: $type) -> Result<Self::Ok, Self::Error> {
            let $this = self;
            $body
        })+
    };
}

/// The same body for every value that has no values inside.
macro_rules! each_scalar {
    (|$this:pat_param| $body:expr) => {
        crate::support::serializer::each_scalar! {
            @ |$this| $body;
            serialize_bool(bool) serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64)
            serialize_i128(i128) serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64)
            serialize_u128(u128) serialize_f32(f32) serialize_f64(f64) serialize_char(char) serialize_str(&str)
            serialize_bytes(&[u8]) serialize_unit_struct(&'static str)
        }

        fn serialize_unit(self) -> Result<Self::Ok, Self::Error> {
            let $this = self;
            $body
        }

        fn serialize_none(self) -> Result<Self::Ok, Self::Error> {
            let $this = self;
            $body
        }

        fn serialize_unit_variant(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
        ) -> Result<Self::Ok, Self::Error> {
            let $this = self;
            $body
        }
    };
    (@ |$this:pat_param| $body:expr; $first:ident($first_type:ty) $($method:ident($type:ty))*) => {
        fn $first(self, _: $first_type) -> Result<Self::Ok, Self::Error> {
            let $this = self;
            $body
        }

        crate::support::serializer::each_scalar!(@ |$this| $body; $($method($type))*);
    };
    (@ |$this:pat_param| $body:expr;) => {};
}

/// The same body for lists of every kind.
macro_rules! each_list {
    (|$this:pat_param| $body:expr) => {
        fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Self::Error> {
            let $this = self;
            $body
        }

        fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Self::Error> {
            let $this = self;
            $body
        }

        fn serialize_tuple_struct(
            self,
            _: &'static str,
            _: usize,
        ) -> Result<Self::SerializeTupleStruct, Self::Error> {
            let $this = self;
            $body
        }
    };
}

/// The same body for all that has keys, but for structs: maps, and enum variants with content.
macro_rules! each_map {
    (|$this:pat_param| $body:expr) => {
        fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Self::Error> {
            let $this = self;
            $body
        }

        fn serialize_newtype_variant<T: Serialize + ?Sized>(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: &T,
        ) -> Result<Self::Ok, Self::Error> {
            let $this = self;
            $body
        }

        fn serialize_tuple_variant(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: usize,
        ) -> Result<Self::SerializeTupleVariant, Self::Error> {
            let $this = self;
            $body
        }

        fn serialize_struct_variant(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: usize,
        ) -> Result<Self::SerializeStructVariant, Self::Error> {
            let $this = self;
            $body
        }
    };
}

/// The types of a serializer that takes no value with values inside.
macro_rules! no_compounds {
    ($ok:ty, $error:ty) => {
        type Ok = $ok;
        type Error = $error;
        type SerializeSeq = Impossible<$ok, $error>;
        type SerializeTuple = Impossible<$ok, $error>;
        type SerializeTupleStruct = Impossible<$ok, $error>;
        type SerializeTupleVariant = Impossible<$ok, $error>;
        type SerializeMap = Impossible<$ok, $error>;
        type SerializeStruct = Impossible<$ok, $error>;
        type SerializeStructVariant = Impossible<$ok, $error>;
    };
}

pub(crate) use {each_list, each_map, each_of, each_scalar, no_compounds};

//! How much there may be.

/// The longest key, role name or principal id, in bytes.
pub const MAX_NAME_BYTES: usize = 255;
/// The most objects that a schema can have.
pub const MAX_OBJECTS: usize = 65_535;
/// The most fields that one object can have.
pub const MAX_FIELDS: usize = 65_535;
/// The most workspace permissions that a schema can have.
pub const MAX_PERMISSIONS: usize = 65_535;
/// The most values that a document can have, counting maps, lists and what is in them; a workspace with more is refused.
pub const MAX_VALUES: usize = 8_000_000;
/// How deep the lists and maps of a document may nest; the format needs 7.
pub const MAX_DEPTH: usize = 32;
/// How deep the records, lists and options may nest of which [`Access::visible`](crate::Access::visible) shows a part; as
/// deep as `serde_json` reads JSON unless told otherwise.
pub const MAX_NESTING: usize = 128;
/// How many problems are listed one by one; the rest is counted.
pub const MAX_PROBLEMS: usize = 100;
/// How many fields a path such as `company.owner.email` may have.
pub const MAX_PATH_FIELDS: usize = 8;
/// How many cells of too much access are named one by one.
pub const MAX_CELLS: usize = 8;

//! The objects, fields and workspace permissions that exist.
//!
//! You need this module to describe what your CRM stores. An [`Object`] is a kind of record, a [`Field`] is one column of it, and
//! a [`Permission`] is a right that is not about records. A [`SchemaBuilder`] puts them together and checks all of it at once.
//! [`ObjectId`] and [`FieldId`] are handles: with them you ask without looking up a name.

mod builder;
mod field;
mod field_table;
mod handle;
mod object;
mod permission;
mod permission_order;
mod schema;

pub(crate) use self::builder::fields_path;
pub use self::builder::{InvalidSchema, SchemaBuilder};
pub use self::field::{Field, Writing};
pub use self::handle::{FieldId, ObjectId, PermissionId};
pub use self::object::Object;
pub use self::permission::{Permission, PermissionClass, PermissionClasses};
pub use self::schema::Schema;

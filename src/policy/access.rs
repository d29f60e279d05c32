//! What one principal may do, or a chain of them.

mod access;
mod explain;
mod field_set;

pub use self::access::{Access, OwnedAccess};
pub use self::field_set::{FieldSet, FieldSetIter};

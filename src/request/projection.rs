//! What of a record a principal sees, while the record is being serialized.

mod filter;
mod shape;
mod visible;

pub use self::visible::Visible;

//! The stored form of a workspace, in any self-describing serde format.

mod document;
mod map;
mod parts;
mod reader;
mod tree;
mod v1;

pub use self::document::Document;

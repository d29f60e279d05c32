//! What a role says: a baseline for all objects, exceptions for some of them, and workspace permissions.
//!
//! You need this module to write roles in code, or to show them on a settings page. A [`Role`] has an [`ObjectRule`] for each
//! object that is an exception. Inside it, a [`FieldRule`] stands for each field that is an exception. A [`Cell`] is one place of
//! a role where an effect is set.

mod cell;
pub(crate) mod check;
mod field_rule;
mod level;
mod object_rule;
mod role;

pub use self::cell::{Cell, CellChange, InvalidCell};
pub use self::field_rule::FieldRule;
pub use self::level::Level;
pub use self::object_rule::ObjectRule;
pub use self::role::Role;

//! What needs answers to judge a change: acting principals, and edits that are not saved yet.
//!
//! You need this module for the pages on which people edit roles. [`Acting`] lets a principal make only the changes that it
//! may make. A [`Draft`] holds unsaved edits of one role.

mod acting;
mod actor;
mod draft;
mod grant_policy;
mod guard;

pub use self::acting::Acting;
pub use self::draft::{CellState, Draft, Inherited, Preview};

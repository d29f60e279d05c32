//! Edits of one role that are not saved yet, as on a settings page.

mod draft;
mod history;
mod silent;
mod state;

pub use self::draft::{Draft, Preview};
pub use self::state::{CellState, Inherited};

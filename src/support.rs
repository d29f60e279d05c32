//! Words and helpers that know nothing of authorization.

pub(crate) mod debug_is_display;
pub(crate) mod escape;
pub mod limits;
pub(crate) mod name_placement;
pub(crate) mod name_table;
pub(crate) mod nearest;
pub(crate) mod ordered_map;
pub(crate) mod place;
pub(crate) mod serializer;
pub(crate) mod word_set;

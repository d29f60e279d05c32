//! What is allowed to stand but is probably a mistake.

mod confusable;
mod lint;

pub use self::lint::Lint;
pub(crate) use self::lint::name_lints;

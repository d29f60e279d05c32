//! The number of changes that a workspace has accepted.

use core::fmt;

/// How many changes a workspace has accepted.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    serde::Serialize,
    serde::Deserialize,
)]
pub struct Revision(u64);

impl Revision {
    /// The revision after that many changes.
    #[must_use]
    pub const fn new(changes: u64) -> Self {
        Self(changes)
    }

    /// How many changes there have been.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

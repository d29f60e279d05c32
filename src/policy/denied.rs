//! The error of a denied question.

use alloc::boxed::Box;
use core::fmt;

use crate::policy::explanation::Explanation;

/// The error of a denied question: one sentence, with the whole [`Explanation`] inside.
///
/// It is built only when the answer is no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denied(Box<Explanation>);

impl Denied {
    pub(crate) fn new(explanation: Explanation) -> Self {
        Self(Box::new(explanation))
    }

    /// Why it was denied.
    #[must_use]
    pub fn explanation(&self) -> &Explanation {
        &self.0
    }
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.sentence().fmt(f)
    }
}

impl core::error::Error for Denied {}

//! The error of a denied question.

use alloc::boxed::Box;
use core::fmt;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::policy::explanation::{Explanation, ReasonKind};

/// The error of a denied question: one sentence, with the whole [`Explanation`] inside.
///
/// It is built only when the answer is no.
#[derive(Clone, PartialEq, Eq)]
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

impl Denied {
    /// What decided, without what it is about.
    ///
    /// # Examples
    ///
    /// ```
    /// # let policy = rolegate::sample::workspace()?.compile();
    /// use rolegate::explanation::ReasonKind;
    /// use rolegate::{Action, Principal};
    ///
    /// let stranger = policy.access(&Principal::member("stranger"));
    /// let denied = stranger.require(Action::See, "people", None).unwrap_err();
    /// assert_eq!(denied.kind(), ReasonKind::UnknownPrincipal);
    /// assert_eq!(denied.code(), "unknown_principal");
    /// # Ok::<(), rolegate::InvalidWorkspace>(())
    /// ```
    #[must_use]
    pub fn kind(&self) -> ReasonKind {
        self.0.reason().kind()
    }

    /// The stable code of the [`kind`](Denied::kind), such as `unknown_principal`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind().as_str()
    }
}

impl Serialize for Denied {
    /// A map of `code`, `message` and the whole `explanation`: for logs and administrators.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("code", self.code())?;
        map.serialize_entry("message", &format_args!("{self}"))?;
        map.serialize_entry("explanation", self.explanation())?;
        map.end()
    }
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.sentence().fmt(f)
    }
}

impl core::error::Error for Denied {}

crate::support::debug_is_display::debug_is_display!(Denied);

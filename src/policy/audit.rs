//! What is kept of an answer: who asked, for whom, what, and why the answer was what it was (L34).

use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::model::principal::Principal;
use crate::policy::explanation::{Explanation, LinkExplanation, Question, Sentence};
use crate::workspace::Revision;

/// A record of one answer, for the host's log (L34).
///
/// It is made from an [`Explanation`] after the check, so that checks do not pay for it. The time is the host's, of any type,
/// and is kept as given. `Display` renders it in one line.
///
/// ```
/// # let policy = rolegate::sample::workspace()?.compile();
/// use rolegate::{Action, Principal};
///
/// let writer = policy.access(&Principal::agent("writer"));
/// let writer = writer.on_behalf_of(&Principal::member("tim"));
/// let record = writer
///     .explain(Action::See, "opportunities", None)
///     .record("2026-11-21T18:44:55Z");
/// assert_eq!(
///     record.to_string(),
///     "2026-11-21T18:44:55Z revision 0: `agent:writer` on behalf of `member:tim` may not `see` `opportunities`: for \
///      `member:tim`, the object rule of role `Intern` for `opportunities` denies `see`, although the baseline allows it",
/// );
/// # Ok::<(), rolegate::InvalidWorkspace>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct AuditRecord<T> {
    /// When it was asked, as the host says.
    pub at: T,
    /// The revision of the workspace that answered.
    pub revision: Revision,
    /// Who asked.
    pub principal: Principal,
    /// On whose behalf, in the order of the chain; empty if on nobody's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_behalf_of: Vec<Principal>,
    /// What was asked.
    pub question: Question,
    /// The answer.
    pub allowed: bool,
    /// What decided, of the link of the chain that did.
    pub deciding: LinkExplanation,
}

impl Explanation {
    /// The record of this answer, with the host's time.
    pub fn record<T>(&self, at: T) -> AuditRecord<T> {
        AuditRecord {
            at,
            revision: self.revision(),
            principal: self.first.principal().clone(),
            on_behalf_of: self
                .rest
                .iter()
                .map(|link| link.principal().clone())
                .collect(),
            question: self.question().clone(),
            allowed: self.is_allowed(),
            deciding: self.deciding_link().clone(),
        }
    }
}

impl<T: fmt::Display> fmt::Display for AuditRecord<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentence = Sentence {
            principal: &self.principal,
            on_behalf_of: || self.on_behalf_of.iter(),
            question: &self.question,
            allowed: self.allowed,
            deciding: &self.deciding,
        };
        write!(f, "{} revision {}: {sentence}", self.at, self.revision)
    }
}

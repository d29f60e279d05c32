//! Why an answer is what it is, as data, and how a person reads it.

use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::policy::explanation::{LinkExplanation, Question, Reason, Remedy, Sentence};
use crate::workspace::Revision;

/// Why an answer is what it is: the question, and what each principal of the chain came to.
///
/// It gives the same answer as the check (L32), and what it [cites](LinkExplanation::cited) is sufficient for that answer
/// (L33). `Display` renders it for people, in several lines.
///
/// ```
/// # let policy = rolegate::sample::workspace()?.compile();
/// use rolegate::{Action, Principal};
/// use rolegate::explanation::Reason;
/// use rolegate::role::Level;
///
/// let tim = policy.access(&Principal::member("tim"));
/// let why = tim.explain(Action::Edit, "people", "email");
/// assert!(!why.is_allowed());
/// assert_eq!(
///     why.reason(),
///     &Reason::Decided { action: Action::Edit, level: Level::FieldRule },
/// );
/// assert_eq!(why.to_string(), "\
/// denied: `member:tim` may not `edit` `people.email`: the field rule of role `Intern` for `people.email` denies `edit`, \
/// although the object rule allows it
///   `member:tim` has role `Intern`
///     `edit`: baseline deny, object rule allow, field rule deny (decides)
///     `see`: baseline allow, object rule inherit, field rule allow (decides)
///   to allow it: set `edit` to allow in the field rule of role `Intern` for `people.email`");
/// # Ok::<(), rolegate::InvalidWorkspace>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explanation {
    pub(crate) question: Question,
    pub(crate) allowed: bool,
    pub(crate) revision: Revision,
    pub(crate) first: LinkExplanation,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) rest: Vec<LinkExplanation>,
}

impl Explanation {
    /// What was asked.
    #[must_use]
    pub fn question(&self) -> &Question {
        &self.question
    }

    /// The answer.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.allowed
    }

    /// The revision of the workspace that answered.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// What each principal of the chain came to: who acts first, then on whose behalf.
    pub fn links(&self) -> impl Iterator<Item = &LinkExplanation> {
        core::iter::once(&self.first).chain(&self.rest)
    }

    /// The link that decided: the first that refuses, else the first.
    #[must_use]
    pub fn deciding_link(&self) -> &LinkExplanation {
        self.links()
            .find(|link| !link.allowed)
            .unwrap_or(&self.first)
    }

    /// The reason of the link that decided.
    #[must_use]
    pub fn reason(&self) -> &Reason {
        &self.deciding_link().reason
    }

    /// What would have to be different for the answer to be yes, for every link that refuses; empty if it is yes.
    ///
    /// Together they are enough, and where one principal asks alone, of a field that is bound to nothing (L37), each of them
    /// is needed. Roles are changed at the most specific level that the question has, so that as little else as possible
    /// changes with it; in this order no rule contradicts itself on the way (L4). Where the question itself cannot be answered
    /// with yes, as one about an unknown field, the remedy is to ask another one; who is unknown is told that first, and who
    /// has no role may need one besides.
    #[must_use]
    pub fn remedies(&self) -> Vec<Remedy> {
        let mut remedies = Vec::new();
        for link in self.links().filter(|link| !link.allowed) {
            for remedy in link.remedies(&self.question) {
                if !remedies.contains(&remedy) {
                    remedies.push(remedy);
                }
            }
        }
        remedies
    }

    /// The answer and its reason in one sentence.
    #[must_use]
    pub fn sentence(&self) -> impl fmt::Display {
        Sentence {
            principal: &self.first.principal,
            on_behalf_of: || self.rest.iter().map(|link| &link.principal),
            question: &self.question,
            allowed: self.allowed,
            deciding: self.deciding_link(),
        }
    }
}

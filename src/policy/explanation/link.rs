//! What one principal of a chain came to, and on what that rests.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::model::action::Action;
use crate::model::effect::Effect;
use crate::model::id::RoleName;
use crate::model::principal::Principal;
use crate::model::role::Level;
use crate::policy::explanation::{Question, Reason};

/// What one principal of a chain came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkExplanation {
    pub(crate) principal: Principal,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) role: Option<RoleName>,
    /// Whether the role is the default one, for want of an own (L21).
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub(crate) by_default: bool,
    pub(crate) allowed: bool,
    pub(crate) reason: Reason,
    /// At most one for each level, for the action and for See: the usual case needs no allocation.
    #[serde(default, skip_serializing_if = "SmallVec::is_empty")]
    pub(crate) levels: SmallVec<[ConsultedLevel; 6]>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) grants: Vec<ConsultedGrant>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) bound: Vec<Binding>,
}

impl LinkExplanation {
    /// Who asks.
    #[must_use]
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// The role with which it asks, if it has one.
    #[must_use]
    pub fn role(&self) -> Option<&RoleName> {
        self.role.as_ref()
    }

    /// Whether the role is the workspace's default one, the principal being an API key without a role of its own (L21).
    #[must_use]
    pub fn is_by_default(&self) -> bool {
        self.by_default
    }

    /// What this principal alone would be answered.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.allowed
    }

    /// What decided for this principal.
    #[must_use]
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    /// Every level that was consulted: those of the action from general to specific, then those of See if it is another
    /// action. Empty where no level counts, as for Admin and for unknown names.
    #[must_use]
    pub fn levels(&self) -> &[ConsultedLevel] {
        &self.levels
    }

    /// The workspace permission that was consulted and those that it requires, for a question about one.
    #[must_use]
    pub fn grants(&self) -> &[ConsultedGrant] {
        &self.grants
    }

    /// What else was consulted, since the field that was to be written is bound to it (L37).
    #[must_use]
    pub fn bound(&self) -> &[Binding] {
        &self.bound
    }

    /// The levels that this answer rests on, those of what the field is bound to included: were all other rules removed, it
    /// would be the same (L33).
    pub fn cited(&self) -> impl Iterator<Item = &ConsultedLevel> {
        let decided = self.reason != Reason::Bound;
        let own = self.cited_levels().filter(move |_| decided);
        let bound = self.bound.iter().map(|bound| &bound.answer);
        // A refusal rests on what refused, an answer of yes on everything.
        let counts = move |answer: &&Self| self.allowed || (!decided && !answer.allowed);
        own.chain(bound.filter(counts).flat_map(Self::cited_levels))
    }

    fn cited_levels(&self) -> impl Iterator<Item = &ConsultedLevel> {
        let refused = match self.reason {
            Reason::Decided { action, .. } if !self.allowed => Some(action),
            _ => None,
        };
        self.levels.iter().filter(move |level| {
            level.decides && refused.is_none_or(|action| level.action == action)
        })
    }
}

/// What one level said about one action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ConsultedLevel {
    /// The level.
    pub level: Level,
    /// The action: the one that was asked about, or See, which comes first (L3).
    pub action: Action,
    /// What the level says; Inherit also where there is no rule.
    pub effect: Effect,
    /// Whether it is the most specific level that does not inherit (L1).
    pub decides: bool,
}

/// Something else that writing a field needs, since the schema binds the field to it (L37).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Binding {
    /// What is needed: an action on the record, or a workspace permission.
    pub question: Question,
    /// What the same principal is answered about that.
    pub answer: LinkExplanation,
}

/// Whether and how a role gives one workspace permission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ConsultedGrant {
    /// The permission that was asked about, or one that it requires (L12).
    pub permission: String,
    /// How the role gives it.
    pub source: GrantSource,
}

/// How a role gives a workspace permission (L11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum GrantSource {
    /// By its *all access* switch for the class.
    AllAccess,
    /// One by one.
    Listed,
    /// Not at all.
    None,
}

//! What would have to be different for a denied question to be allowed.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::model::action::Action;
use crate::model::effect::Effect;
use crate::model::id::RoleName;
use crate::model::principal::{EscapedPrincipal, Principal};
use crate::model::role::Level;
use crate::policy::explanation::render::write_about;
use crate::policy::explanation::{ConsultedLevel, GrantSource, LinkExplanation, Question, Reason};
use crate::support::escape::Escaped;

/// One thing that would have to be different for a denied question to be allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Remedy {
    /// Add the principal to the workspace, with a role that allows it.
    AddPrincipal {
        /// Who is unknown.
        principal: Principal,
    },
    /// Assign a role that allows it.
    AssignRole {
        /// Who has none of its own.
        principal: Principal,
    },
    /// Ask about something that the schema knows.
    AskAboutAKnownName,
    /// Resolve the handle in the policy that is asked, and for the object that is asked about.
    ResolveHandleAgain,
    /// Ask to delete the record, or to edit the field.
    AskAboutTheRecord,
    /// Do not write the field; no role can allow it.
    LeaveTheFieldOut,
    /// Set an effect to Allow.
    Allow {
        /// The role.
        role: RoleName,
        /// The level at which to set it: the most specific one of the question, where a rule may have to be added.
        level: Level,
        /// The action to allow.
        action: Action,
        /// What it is about.
        question: Question,
    },
    /// Grant a workspace permission.
    Grant {
        /// The role.
        role: RoleName,
        /// The permission.
        permission: String,
    },
}

impl Remedy {
    /// Whether both are the same change of one role, though it may be about different questions.
    fn is_same_as(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Allow { level, action, .. },
                Self::Allow {
                    level: other_level,
                    action: other_action,
                    ..
                },
            ) => level == other_level && action == other_action,
            _ => self == other,
        }
    }
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AddPrincipal { principal } => write!(
                f,
                "add {} to the workspace, with a role that allows it",
                EscapedPrincipal(principal)
            ),
            Self::AssignRole { principal } => {
                write!(
                    f,
                    "assign {} a role that allows it",
                    EscapedPrincipal(principal)
                )
            }
            Self::AskAboutAKnownName => f.write_str("ask about a name that is in the schema"),
            Self::ResolveHandleAgain => {
                f.write_str("resolve the handle in the policy that is asked, and for the object that is asked about")
            }
            Self::AskAboutTheRecord => {
                f.write_str("ask about the record, or ask to `edit` the field")
            }
            Self::LeaveTheFieldOut => {
                f.write_str("leave the field out of what is written; no role can allow it")
            }
            Self::Allow {
                role,
                level,
                action,
                question,
            } => {
                let role = Escaped(role.as_str());
                let level_name = level.in_words();
                write!(
                    f,
                    "set `{action}` to allow in the {level_name} of role `{role}`"
                )?;
                write_about(f, *level, question)
            }
            Self::Grant { role, permission } => {
                let (role, permission) = (Escaped(role.as_str()), Escaped(permission));
                write!(f, "grant `{permission}` to role `{role}`")
            }
        }
    }
}

impl LinkExplanation {
    pub(super) fn remedies(&self, question: &Question) -> Vec<Remedy> {
        match &self.reason {
            Reason::UnknownPrincipal => alloc::vec![Remedy::AddPrincipal {
                principal: self.principal.clone(),
            }],
            Reason::UnknownObject { .. }
            | Reason::UnknownField { .. }
            | Reason::UnknownPermission { .. } => alloc::vec![Remedy::AskAboutAKnownName],
            Reason::StaleHandle => alloc::vec![Remedy::ResolveHandleAgain],
            Reason::FieldsHaveTwoActions { .. } => alloc::vec![Remedy::AskAboutTheRecord],
            Reason::NoRole => alloc::vec![self.assign_role()],
            // The default role is everybody's; this is about one key.
            Reason::Decided { .. } | Reason::NotGranted { .. } | Reason::Bound
                if self.by_default =>
            {
                alloc::vec![self.assign_role()]
            }
            Reason::Decided { .. } | Reason::Bound => self.effects_to_allow(question),
            Reason::NotGranted { .. } => self.permissions_to_grant(),
            Reason::ReadOnly | Reason::System => alloc::vec![Remedy::LeaveTheFieldOut],
            Reason::Admin | Reason::AllAccess { .. } | Reason::Granted => Vec::new(),
        }
    }

    fn assign_role(&self) -> Remedy {
        Remedy::AssignRole {
            principal: self.principal.clone(),
        }
    }

    /// What the levels lack, and then what the field is bound to lacks (L37), each once.
    fn effects_to_allow(&self, question: &Question) -> Vec<Remedy> {
        let mut remedies = self.levels_to_allow(question);
        for bound in self.bound.iter().filter(|bound| !bound.answer.allowed) {
            for remedy in bound.answer.remedies(&bound.question) {
                if !remedies.iter().any(|known| known.is_same_as(&remedy)) {
                    remedies.push(remedy);
                }
            }
        }
        remedies
    }

    /// For each action that is denied, the most specific level that was consulted, allowing it; See first, since a rule that
    /// denies it can allow nothing else (L4).
    fn levels_to_allow(&self, question: &Question) -> Vec<Remedy> {
        let most_specific = self.levels.iter().map(|consulted| consulted.level).max();
        let denies =
            |consulted: &&ConsultedLevel| consulted.decides && consulted.effect == Effect::Deny;
        let mut denying: Vec<&ConsultedLevel> = self.levels.iter().filter(denies).collect();
        denying.sort_by_key(|consulted| consulted.action != Action::See);
        denying
            .into_iter()
            .filter_map(|consulted| {
                Some(Remedy::Allow {
                    role: self.role.clone()?,
                    level: most_specific?,
                    action: consulted.action,
                    question: question.clone(),
                })
            })
            .collect()
    }

    fn permissions_to_grant(&self) -> Vec<Remedy> {
        self.grants
            .iter()
            .filter(|grant| grant.source == GrantSource::None)
            .filter_map(|grant| {
                Some(Remedy::Grant {
                    role: self.role.clone()?,
                    permission: grant.permission.clone(),
                })
            })
            .collect()
    }
}

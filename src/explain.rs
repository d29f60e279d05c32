//! Why an answer is what it is, as data, and how a person reads it.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::effect::Effect;
use crate::id::RoleName;
use crate::principal::{Principal, PrincipalKind};
use crate::role::Level;
use crate::schema::PermissionClass;

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
#[expect(
    clippy::exhaustive_enums,
    reason = "there are two kinds of questions: about records, and about the workspace"
)]
pub enum Question {
    /// An action on the records of an object, or on a field.
    Record {
        /// What is to be done.
        action: Action,
        /// The object, as it was named.
        object: String,
        /// The field, as it was named; none for the record as a whole.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        field: Option<String>,
    },
    /// The use of a workspace permission.
    Permission {
        /// The permission, as it was named.
        permission: String,
    },
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Record {
                action,
                object,
                field: None,
            } => write!(f, "`{action}` `{object}`"),
            Self::Record {
                action,
                object,
                field: Some(field),
            } => write!(f, "`{action}` `{object}.{field}`"),
            Self::Permission { permission } => write!(f, "use `{permission}`"),
        }
    }
}

/// Why an answer is what it is: the question, and what each principal of the chain came to.
///
/// It gives the same answer as the check (L32), and what it [cites](LinkExplanation::cited) is sufficient for that answer
/// (L33). `Display` renders it for people, in several lines.
///
/// ```
/// # let policy = rolegate::sample::workspace()?.compile();
/// use rolegate::{Action, Level, Principal, Reason};
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
    pub(crate) first: LinkExplanation,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) rest: Vec<LinkExplanation>,
}

impl Explanation {
    /// What was asked.
    pub fn question(&self) -> &Question {
        &self.question
    }

    /// The answer.
    pub fn is_allowed(&self) -> bool {
        self.allowed
    }

    /// What each principal of the chain came to: who acts first, then on whose behalf.
    pub fn links(&self) -> impl Iterator<Item = &LinkExplanation> {
        core::iter::once(&self.first).chain(&self.rest)
    }

    /// The link that decided: the first that refuses, else the first.
    pub fn deciding_link(&self) -> &LinkExplanation {
        self.links()
            .find(|link| !link.allowed)
            .unwrap_or(&self.first)
    }

    /// The reason of the link that decided.
    pub fn reason(&self) -> &Reason {
        &self.deciding_link().reason
    }

    /// What would have to be different for the answer to be yes, for every link that refuses; empty if it is yes.
    pub fn remedies(&self) -> Vec<Remedy> {
        self.links()
            .filter(|link| !link.allowed)
            .flat_map(|link| link.remedies(&self.question))
            .collect()
    }

    /// The answer and its reason in one sentence.
    pub fn sentence(&self) -> impl fmt::Display {
        Sentence(self)
    }
}

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
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) levels: Vec<ConsultedLevel>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) grants: Vec<ConsultedGrant>,
}

impl LinkExplanation {
    /// Who asks.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// The role with which it asks, if it has one.
    pub fn role(&self) -> Option<&RoleName> {
        self.role.as_ref()
    }

    /// Whether the role is the workspace's default one, the principal being an API key without a role of its own (L21).
    pub fn is_by_default(&self) -> bool {
        self.by_default
    }

    /// What this principal alone would be answered.
    pub fn is_allowed(&self) -> bool {
        self.allowed
    }

    /// What decided for this principal.
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    /// Every level that was consulted: those of the action from general to specific, then those of See if it is another
    /// action. Empty where no level counts, as for Admin and for unknown names.
    pub fn levels(&self) -> &[ConsultedLevel] {
        &self.levels
    }

    /// The workspace permission that was consulted and those that it requires, for a question about one.
    pub fn grants(&self) -> &[ConsultedGrant] {
        &self.grants
    }

    /// The levels that this answer rests on: were all other rules removed, it would be the same (L33).
    pub fn cited(&self) -> impl Iterator<Item = &ConsultedLevel> {
        let refused = match self.reason {
            Reason::Decided { action, .. } if !self.allowed => Some(action),
            _ => None,
        };
        self.levels.iter().filter(move |level| {
            level.decides && refused.is_none_or(|action| level.action == action)
        })
    }

    fn deciding_level(&self, action: Action) -> Option<Level> {
        self.levels
            .iter()
            .find(|level| level.decides && level.action == action)
            .map(|level| level.level)
    }

    fn remedies(&self, question: &Question) -> Vec<Remedy> {
        let Some(role) = &self.role else {
            return alloc::vec![match self.reason {
                Reason::UnknownPrincipal => Remedy::AddPrincipal {
                    principal: self.principal.clone(),
                },
                _ => Remedy::AssignRole {
                    principal: self.principal.clone(),
                },
            }];
        };
        match &self.reason {
            Reason::UnknownPrincipal => alloc::vec![Remedy::AddPrincipal {
                principal: self.principal.clone(),
            }],
            Reason::UnknownObject { .. }
            | Reason::UnknownField { .. }
            | Reason::UnknownPermission { .. } => alloc::vec![Remedy::AskAboutAKnownName],
            Reason::StaleHandle => alloc::vec![Remedy::ResolveHandleAnew],
            Reason::FieldsHaveTwoActions { .. } => alloc::vec![Remedy::AskAboutTheRecord],
            Reason::NotGranted { .. } => self
                .grants
                .iter()
                .filter(|grant| grant.source == GrantSource::None)
                .map(|grant| Remedy::Grant {
                    role: role.clone(),
                    permission: grant.permission.clone(),
                })
                .collect(),
            Reason::Decided { .. } => {
                let see = self.deciding_level(Action::See);
                self.levels
                    .iter()
                    .filter(|level| level.decides && level.effect == Effect::Deny)
                    .map(|level| Remedy::Allow {
                        role: role.clone(),
                        // Where See is allowed only further in, so must be the rest (L4).
                        level: see.map_or(level.level, |see| level.level.max(see)),
                        action: level.action,
                        question: question.clone(),
                    })
                    .collect()
            }
            Reason::NoRole | Reason::Admin | Reason::AllAccess { .. } | Reason::Granted => {
                Vec::new()
            }
        }
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

/// What decided an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "because", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Reason {
    /// There is no such principal (L6).
    UnknownPrincipal,
    /// There is no such object (L6).
    UnknownObject {
        /// The name as asked.
        object: String,
    },
    /// The object has no such field (L6).
    UnknownField {
        /// The object.
        object: String,
        /// The name as asked.
        field: String,
    },
    /// There is no such workspace permission (L6).
    UnknownPermission {
        /// The name as asked.
        permission: String,
    },
    /// The handle was resolved in another schema, or for a field of another object (L28).
    StaleHandle,
    /// The principal has no role, and so nothing (L21, L22).
    NoRole,
    /// Fields can be seen and edited, not deleted or destroyed (L5).
    FieldsHaveTwoActions {
        /// What was asked.
        action: Action,
    },
    /// The role is Admin, which allows everything in the schema (L13).
    Admin,
    /// A level of the cascade (L1). If the answer is no and the action is See though another was asked, See came first (L3).
    Decided {
        /// The action that the level decided.
        action: Action,
        /// The level.
        level: Level,
    },
    /// The *all access* switch of the permission's class is on (L11).
    AllAccess {
        /// The class.
        class: PermissionClass,
    },
    /// The permission is granted one by one (L11).
    Granted,
    /// A permission is not granted (L11).
    NotGranted {
        /// The one that is missing: the one that was asked about, or one that it requires (L12).
        permission: String,
    },
}

/// One thing that would have to be different for a denied question to be allowed.
///
/// Where several are given, all of them are needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Remedy {
    /// Add the principal to the workspace.
    AddPrincipal {
        /// Who is unknown.
        principal: Principal,
    },
    /// Assign a role that allows it.
    AssignRole {
        /// Who has none.
        principal: Principal,
    },
    /// Ask about something that the schema knows.
    AskAboutAKnownName,
    /// Resolve the handle in the policy that is asked.
    ResolveHandleAnew,
    /// Ask to delete the record, or to edit the field.
    AskAboutTheRecord,
    /// Set an effect to Allow.
    Allow {
        /// The role.
        role: RoleName,
        /// The level to set it at: the one that denies now, or a more specific one that allows See.
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

/// Renders an answer and its reason in one sentence.
struct Sentence<'a>(&'a Explanation);

impl fmt::Display for Sentence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(explanation) = self;
        let may = if explanation.allowed {
            "may"
        } else {
            "may not"
        };
        let link = explanation.deciding_link();
        write!(f, "{} {may} {}: ", Chain(explanation), explanation.question)?;
        if !explanation.rest.is_empty() && !explanation.allowed {
            write!(f, "for `{}`, ", link.principal)?;
        }
        if !explanation.rest.is_empty() && explanation.allowed {
            return f.write_str("each of them may");
        }
        write_reason(f, link, &explanation.question)
    }
}

struct Chain<'a>(&'a Explanation);

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0.first.principal)?;
        for link in &self.0.rest {
            write!(f, " on behalf of `{}`", link.principal)?;
        }
        Ok(())
    }
}

fn write_reason(
    f: &mut fmt::Formatter<'_>,
    link: &LinkExplanation,
    question: &Question,
) -> fmt::Result {
    let role = Role(link);
    match &link.reason {
        Reason::UnknownPrincipal => write!(f, "the principal `{}` is unknown", link.principal),
        Reason::UnknownObject { object } => write!(f, "the object `{object}` is unknown"),
        Reason::UnknownField { object, field } => {
            write!(f, "the field `{field}` of `{object}` is unknown")
        }
        Reason::UnknownPermission { permission } => {
            write!(f, "the workspace permission `{permission}` is unknown")
        }
        Reason::StaleHandle => f.write_str("its handle was resolved for another schema or object"),
        Reason::NoRole if link.principal.kind() == PrincipalKind::ApiKey => {
            f.write_str("it has no role, and the default role is not for it")
        }
        Reason::NoRole => f.write_str("it has no role"),
        Reason::FieldsHaveTwoActions { action } => {
            write!(
                f,
                "a field can be seen and edited; `{action}` is for records"
            )
        }
        Reason::Admin => write!(f, "{role} is Admin, which allows everything in the schema"),
        Reason::Decided { action, level } => {
            if let Question::Record { action: asked, .. } = question {
                if asked != action && !link.allowed {
                    write!(f, "`{asked}` needs `see`, and ")?;
                }
            }
            write_decision(f, link, question, *action, *level)
        }
        Reason::AllAccess { class } => {
            write!(f, "{role} has all access to the class `{class}`")
        }
        Reason::Granted => write!(f, "{role} grants it"),
        Reason::NotGranted { permission } => match question {
            Question::Permission { permission: asked } if asked != permission => {
                write!(f, "it requires `{permission}`, which {role} does not grant")
            }
            _ => write!(f, "{role} does not grant it"),
        },
    }
}

fn write_decision(
    f: &mut fmt::Formatter<'_>,
    link: &LinkExplanation,
    question: &Question,
    action: Action,
    level: Level,
) -> fmt::Result {
    let effect = if link.allowed {
        Effect::Allow
    } else {
        Effect::Deny
    };
    let verb = match (link.allowed, level) {
        (true, _) => "allows",
        (false, Level::Baseline) => "does not allow",
        (false, _) => "denies",
    };
    write!(f, "{} {verb} `{action}`", Place(level, link, question))?;
    // The next more general level that says the opposite is what makes people ask.
    let overridden = link.levels.iter().rev().find(|consulted| {
        consulted.action == action
            && consulted.level < level
            && consulted.effect != effect
            && consulted.effect != Effect::Inherit
    });
    match overridden {
        Some(ConsultedLevel { level, .. }) if link.allowed => {
            write!(f, ", although the {level} does not")
        }
        Some(ConsultedLevel { level, .. }) => write!(f, ", although the {level} allows it"),
        None => Ok(()),
    }
}

/// Renders the role of a link.
struct Role<'a>(&'a LinkExplanation);

impl fmt::Display for Role<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by_default = if self.0.by_default { "default " } else { "" };
        match &self.0.role {
            Some(name) => write!(f, "{by_default}role `{name}`"),
            None => f.write_str("no role"),
        }
    }
}

/// Renders where a level of a role stands.
struct Place<'a>(Level, &'a LinkExplanation, &'a Question);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(level, link, question) = self;
        write!(f, "the {level} of {}", Role(link))?;
        write_about(f, *level, question)
    }
}

fn write_about(f: &mut fmt::Formatter<'_>, level: Level, question: &Question) -> fmt::Result {
    match (level, question) {
        (Level::ObjectRule, Question::Record { object, .. }) => write!(f, " for `{object}`"),
        (
            Level::FieldRule,
            Question::Record {
                object,
                field: Some(field),
                ..
            },
        ) => write!(f, " for `{object}.{field}`"),
        _ => Ok(()),
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answer = if self.allowed { "allowed" } else { "denied" };
        write!(f, "{answer}: {}", Sentence(self))?;
        for link in self.links() {
            write_link(f, link)?;
        }
        for remedy in self.remedies() {
            write!(f, "\n  to allow it: {remedy}")?;
        }
        Ok(())
    }
}

fn write_link(f: &mut fmt::Formatter<'_>, link: &LinkExplanation) -> fmt::Result {
    write!(f, "\n  `{}` has {}", link.principal, Role(link))?;
    let mut action = None;
    for consulted in &link.levels {
        if action == Some(consulted.action) {
            f.write_str(", ")?;
        } else {
            write!(f, "\n    `{}`: ", consulted.action)?;
            action = Some(consulted.action);
        }
        write!(f, "{} {}", consulted.level, consulted.effect)?;
        if consulted.decides {
            f.write_str(" (decides)")?;
        }
    }
    for ConsultedGrant { permission, source } in &link.grants {
        let how = match source {
            GrantSource::AllAccess => "by all access",
            GrantSource::Listed => "granted",
            GrantSource::None => "not granted",
        };
        write!(f, "\n    `{permission}`: {how}")?;
    }
    Ok(())
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AddPrincipal { principal } => write!(f, "add `{principal}` to the workspace"),
            Self::AssignRole { principal } => {
                write!(f, "assign a role that allows it to `{principal}`")
            }
            Self::AskAboutAKnownName => f.write_str("ask about a name that the schema has"),
            Self::ResolveHandleAnew => f.write_str("resolve the handle in this policy"),
            Self::AskAboutTheRecord => {
                f.write_str("ask about the record, or ask to `edit` the field")
            }
            Self::Allow {
                role,
                level,
                action,
                question,
            } => {
                write!(f, "set `{action}` to allow in the {level} of role `{role}`")?;
                write_about(f, *level, question)
            }
            Self::Grant { role, permission } => write!(f, "grant `{permission}` to role `{role}`"),
        }
    }
}

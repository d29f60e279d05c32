//! Why an answer is what it is, as data, and how a person reads it.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::effect::Effect;
use crate::excerpt::Excerpt;
use crate::id::RoleName;
use crate::principal::{Principal, PrincipalExcerpt, PrincipalKind};
use crate::role::Level;
use crate::schema::PermissionClass;
use crate::workspace::Revision;

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
            } => write!(f, "`{action}` `{}`", Excerpt(object)),
            Self::Record {
                action,
                object,
                field: Some(field),
            } => write!(f, "`{action}` `{}.{}`", Excerpt(object), Excerpt(field)),
            Self::Permission { permission } => write!(f, "use `{}`", Excerpt(permission)),
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
    pub(crate) revision: Revision,
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

    /// The revision of the workspace that answered.
    pub fn revision(&self) -> Revision {
        self.revision
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
    ///
    /// Together they are enough, and where one principal asks alone, of a field that is bound to nothing (L37), each of them
    /// is needed. Roles are changed at the most specific level that the question has, so that as little else as possible
    /// changes with it; in this order no rule contradicts itself on the way (L4). Where the question itself cannot be answered
    /// with yes, as one about an unknown field, the remedy is to ask another one; who is unknown is told that first, and who
    /// has no role may need one besides.
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
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) bound: Vec<Bound>,
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

    /// What else was consulted, since the field that was to be written is bound to it (L37).
    pub fn bound(&self) -> &[Bound] {
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

    fn remedies(&self, question: &Question) -> Vec<Remedy> {
        match &self.reason {
            Reason::UnknownPrincipal => alloc::vec![Remedy::AddPrincipal {
                principal: self.principal.clone(),
            }],
            Reason::UnknownObject { .. }
            | Reason::UnknownField { .. }
            | Reason::UnknownPermission { .. } => alloc::vec![Remedy::AskAboutAKnownName],
            Reason::StaleHandle => alloc::vec![Remedy::ResolveHandleAnew],
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
pub struct Bound {
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
    /// Nobody writes the field, since its value comes from elsewhere (L37).
    ReadOnly,
    /// Nobody writes the field, since the host itself keeps it (L37).
    System,
    /// The cascade allows it, but writing the field needs something else that is denied (L37): see
    /// [`bound`](LinkExplanation::bound).
    Bound,
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
    ResolveHandleAnew,
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
pub(crate) struct Sentence<'a, F> {
    pub(crate) principal: &'a Principal,
    /// The further principals of the chain.
    pub(crate) on_behalf_of: F,
    pub(crate) question: &'a Question,
    pub(crate) allowed: bool,
    /// What the deciding link of the chain came to.
    pub(crate) deciding: &'a LinkExplanation,
}

impl<'a, F, I> fmt::Display for Sentence<'a, F>
where
    F: Fn() -> I,
    I: Iterator<Item = &'a Principal>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        PrincipalExcerpt(self.principal).fmt(f)?;
        for principal in (self.on_behalf_of)() {
            write!(f, " on behalf of {}", PrincipalExcerpt(principal))?;
        }
        let may = if self.allowed { "may" } else { "may not" };
        write!(f, " {may} {}: ", self.question)?;
        let is_chain = (self.on_behalf_of)().next().is_some();
        if is_chain && self.allowed {
            return f.write_str("each of them may");
        }
        match &self.deciding.reason {
            Reason::NoRole => write_no_role(f, self.deciding, is_chain),
            reason => {
                if is_chain && is_about_the_role(reason) {
                    write!(f, "for {}, ", PrincipalExcerpt(&self.deciding.principal))?;
                }
                write_reason(f, self.deciding, self.question)
            }
        }
    }
}

/// Whether a reason is about the role of one link of a chain, and not about the question or the principal.
fn is_about_the_role(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::Decided { .. } | Reason::Bound | Reason::NotGranted { .. } | Reason::NoRole
    )
}

fn write_no_role(
    f: &mut fmt::Formatter<'_>,
    link: &LinkExplanation,
    is_chain: bool,
) -> fmt::Result {
    if is_chain {
        write!(f, "{} has no role", PrincipalExcerpt(&link.principal))?;
    } else {
        f.write_str("it has no role")?;
    }
    if link.principal.kind() == PrincipalKind::ApiKey {
        f.write_str(", and the default role does not apply to it")?;
    }
    Ok(())
}

fn write_reason(
    f: &mut fmt::Formatter<'_>,
    link: &LinkExplanation,
    question: &Question,
) -> fmt::Result {
    let role = Role(link);
    match &link.reason {
        Reason::UnknownPrincipal => write!(
            f,
            "the principal {} is unknown",
            PrincipalExcerpt(&link.principal)
        ),
        Reason::UnknownObject { object } => {
            write!(f, "the object `{}` is unknown", Excerpt(object))
        }
        Reason::UnknownField { object, field } => {
            let (object, field) = (Excerpt(object), Excerpt(field));
            write!(f, "the field `{field}` of `{object}` is unknown")
        }
        Reason::UnknownPermission { permission } => {
            let permission = Excerpt(permission);
            write!(f, "the workspace permission `{permission}` is unknown")
        }
        Reason::StaleHandle => f.write_str("the handle was resolved for another schema or object"),
        Reason::NoRole => write_no_role(f, link, false),
        Reason::FieldsHaveTwoActions { action } => {
            write!(
                f,
                "a field can be seen and edited; `{action}` is for records"
            )
        }
        Reason::ReadOnly => f.write_str("the field is read-only, and nobody writes it"),
        Reason::System => f.write_str("the field is the system's, and nobody writes it"),
        Reason::Bound => {
            let refusing = link.bound.iter().find(|bound| !bound.answer.allowed);
            let Some(Bound { question, answer }) = refusing else {
                return f.write_str("the field is bound to something that is denied");
            };
            write!(f, "writing the field needs to {question} as well, and ")?;
            write_reason(f, answer, question)
        }
        Reason::Admin => write!(
            f,
            "{role} is the Admin role, which allows everything in the schema"
        ),
        Reason::Decided { action, level } => {
            if let Question::Record { action: asked, .. } = question {
                if asked != action && !link.allowed {
                    write!(f, "`{asked}` needs `{action}`, and ")?;
                }
            }
            write_decision(f, link, question, *action, *level)
        }
        Reason::AllAccess { class } => write!(f, "{role} has all access to `{class}`"),
        Reason::Granted => write!(f, "{role} grants it"),
        Reason::NotGranted { permission } => match question {
            Question::Permission { permission: asked } if asked != permission => {
                let permission = Excerpt(permission);
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
    let verb = match (link.allowed, level) {
        (true, _) => "allows",
        (false, Level::Baseline) => "does not allow",
        (false, _) => "denies",
    };
    write!(f, "the {} of {}", level.in_words(), Role(link))?;
    write_about(f, level, question)?;
    write!(f, " {verb} `{action}`")?;
    // The next more general level that says the opposite is what makes people ask. More specific ones say nothing.
    let opposite = if link.allowed {
        Effect::Deny
    } else {
        Effect::Allow
    };
    let overridden = link
        .levels
        .iter()
        .rev()
        .find(|consulted| consulted.action == action && consulted.effect == opposite);
    match overridden.map(|consulted| consulted.level) {
        None => Ok(()),
        Some(Level::Baseline) if link.allowed => f.write_str(", although the baseline does not"),
        Some(level) => {
            let verb = if link.allowed { "denies" } else { "allows" };
            write!(f, ", although the {} {verb} it", level.in_words())
        }
    }
}

/// Renders the role of a link.
struct Role<'a>(&'a LinkExplanation);

impl fmt::Display for Role<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let which = if self.0.by_default {
            "the default role"
        } else {
            "role"
        };
        match &self.0.role {
            Some(name) => write!(f, "{which} `{}`", Excerpt(name.as_str())),
            None => f.write_str("no role"),
        }
    }
}

/// Renders what a rule is about; nothing for the baseline, which is about everything.
fn write_about(f: &mut fmt::Formatter<'_>, level: Level, question: &Question) -> fmt::Result {
    match (level, question) {
        (Level::ObjectRule, Question::Record { object, .. }) => {
            write!(f, " for `{}`", Excerpt(object))
        }
        (
            Level::FieldRule,
            Question::Record {
                object,
                field: Some(field),
                ..
            },
        ) => write!(f, " for `{}.{}`", Excerpt(object), Excerpt(field)),
        _ => Ok(()),
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", answer(self.allowed), self.sentence())?;
        let is_chain = !self.rest.is_empty();
        for link in self.links() {
            write_link(f, link, is_chain)?;
        }
        for (position, remedy) in self.remedies().iter().enumerate() {
            let lead = if position == 0 { "to allow it" } else { "and" };
            write!(f, "\n  {lead}: {remedy}")?;
        }
        Ok(())
    }
}

fn answer(allowed: bool) -> &'static str {
    if allowed { "allowed" } else { "denied" }
}

fn write_link(f: &mut fmt::Formatter<'_>, link: &LinkExplanation, is_chain: bool) -> fmt::Result {
    write!(f, "\n  {}", PrincipalExcerpt(&link.principal))?;
    match &link.role {
        _ if link.reason == Reason::UnknownPrincipal => f.write_str(" is unknown")?,
        Some(_) if link.by_default => write!(f, " has no role, so that it has {}", Role(link))?,
        _ => write!(f, " has {}", Role(link))?,
    }
    if is_chain {
        write!(f, ": {}", answer(link.allowed))?;
    }
    write_consulted(f, link, "\n    ")?;
    for Bound { question, answer } in &link.bound {
        write!(f, "\n    the field is bound to {question}:")?;
        write_consulted(f, answer, "\n      ")?;
    }
    Ok(())
}

/// Writes what was consulted, each on a line that starts with `start`.
fn write_consulted(f: &mut fmt::Formatter<'_>, link: &LinkExplanation, start: &str) -> fmt::Result {
    let mut action = None;
    for consulted in &link.levels {
        if action == Some(consulted.action) {
            f.write_str(", ")?;
        } else {
            write!(f, "{start}`{}`: ", consulted.action)?;
            action = Some(consulted.action);
        }
        write!(f, "{} {}", consulted.level.in_words(), consulted.effect)?;
        if consulted.decides {
            f.write_str(" (decides)")?;
        }
    }
    for ConsultedGrant { permission, source } in &link.grants {
        let how = match source {
            GrantSource::AllAccess => "granted by all access",
            GrantSource::Listed => "granted",
            GrantSource::None => "not granted",
        };
        write!(f, "{start}`{}`: {how}", Excerpt(permission))?;
    }
    Ok(())
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AddPrincipal { principal } => write!(
                f,
                "add {} to the workspace, with a role that allows it",
                PrincipalExcerpt(principal)
            ),
            Self::AssignRole { principal } => {
                write!(
                    f,
                    "assign {} a role that allows it",
                    PrincipalExcerpt(principal)
                )
            }
            Self::AskAboutAKnownName => f.write_str("ask about a name that is in the schema"),
            Self::ResolveHandleAnew => {
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
                let role = Excerpt(role.as_str());
                let level_name = level.in_words();
                write!(
                    f,
                    "set `{action}` to allow in the {level_name} of role `{role}`"
                )?;
                write_about(f, *level, question)
            }
            Self::Grant { role, permission } => {
                let (role, permission) = (Excerpt(role.as_str()), Excerpt(permission));
                write!(f, "grant `{permission}` to role `{role}`")
            }
        }
    }
}

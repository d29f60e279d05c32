//! How people read an explanation: one sentence, or all of it in several lines.

use core::fmt;

use crate::model::action::Action;
use crate::model::effect::Effect;
use crate::model::principal::{EscapedPrincipal, Principal, PrincipalKind};
use crate::model::role::Level;
use crate::policy::explanation::{
    Binding, ConsultedGrant, Explanation, GrantSource, LinkExplanation, Question, Reason,
};
use crate::support::escape::Escaped;

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
        EscapedPrincipal(self.principal).fmt(f)?;
        for principal in (self.on_behalf_of)() {
            write!(f, " on behalf of {}", EscapedPrincipal(principal))?;
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
                    write!(f, "for {}, ", EscapedPrincipal(&self.deciding.principal))?;
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
        write!(f, "{} has no role", EscapedPrincipal(&link.principal))?;
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
            EscapedPrincipal(&link.principal)
        ),
        Reason::UnknownObject { object } => {
            write!(f, "the object `{}` is unknown", Escaped(object))
        }
        Reason::UnknownField { object, field } => {
            let (object, field) = (Escaped(object), Escaped(field));
            write!(f, "the field `{field}` of `{object}` is unknown")
        }
        Reason::UnknownPermission { permission } => {
            let permission = Escaped(permission);
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
            let Some(Binding { question, answer }) = refusing else {
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
                let permission = Escaped(permission);
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
            Some(name) => write!(f, "{which} `{}`", Escaped(name.as_str())),
            None => f.write_str("no role"),
        }
    }
}

/// Renders what a rule is about; nothing for the baseline, which is about everything.
pub(super) fn write_about(
    f: &mut fmt::Formatter<'_>,
    level: Level,
    question: &Question,
) -> fmt::Result {
    match (level, question) {
        (Level::ObjectRule, Question::Record { object, .. }) => {
            write!(f, " for `{}`", Escaped(object))
        }
        (
            Level::FieldRule,
            Question::Record {
                object,
                field: Some(field),
                ..
            },
        ) => write!(f, " for `{}.{}`", Escaped(object), Escaped(field)),
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
    write!(f, "\n  {}", EscapedPrincipal(&link.principal))?;
    match &link.role {
        _ if link.reason == Reason::UnknownPrincipal => f.write_str(" is unknown")?,
        Some(_) if link.by_default => write!(f, " has no role, so that it has {}", Role(link))?,
        _ => write!(f, " has {}", Role(link))?,
    }
    if is_chain {
        write!(f, ": {}", answer(link.allowed))?;
    }
    write_consulted(f, link, "\n    ")?;
    for Binding { question, answer } in &link.bound {
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
        write!(f, "{start}`{}`: {how}", Escaped(permission))?;
    }
    Ok(())
}

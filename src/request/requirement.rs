//! What a request comes down to: parts, each of which is allowed or not by itself (L38).

use alloc::boxed::Box;
use alloc::string::ToString;
use alloc::vec::Vec;

use serde::Serialize;

use crate::model::action::Action;
use crate::policy::access::Access;
use crate::policy::explanation::Explanation;
use crate::policy::layout::Column;
use crate::request::Usage;
use crate::request::denial::{DenialReason, DeniedPart, Malformed};
use crate::request::name_list::Names;
use crate::request::path::{Step, Walk};

/// One part of a request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Requirement<'a> {
    pub(super) usage: Usage,
    pub(super) need: RequirementKind<'a>,
    /// Whether the name is there before, where it may be there once.
    is_repeated: bool,
}

/// What one part needs.
#[derive(Debug, Clone, Copy)]
pub(super) enum RequirementKind<'a> {
    /// An action on the records of the object.
    Record(Action),
    /// A workspace permission.
    Permission(&'static str),
    /// See on every step of a path.
    Path(&'a str),
    /// Edit on a field.
    Field(&'a str),
}

/// The answer to one part of a request.
///
/// It serializes with the same keys as a [`DeniedPart`]: `use` and `name`; `action` is `null` for a workspace permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PartAnswer<'a> {
    /// How the request uses the name.
    #[serde(rename = "use")]
    pub usage: Usage,
    /// What is done with it; none for a workspace permission.
    pub action: Option<Action>,
    /// What is used, as the request names it: a field, a path, the object for its records, or a workspace permission.
    pub name: &'a str,
    /// The answer.
    #[serde(rename = "allowed")]
    pub is_allowed: bool,
}

impl<'a> Requirement<'a> {
    pub(super) fn record(action: Action) -> Self {
        Self {
            usage: Usage::Records,
            need: RequirementKind::Record(action),
            is_repeated: false,
        }
    }

    pub(super) fn permission(key: &'static str) -> Self {
        Self {
            usage: Usage::Permission,
            need: RequirementKind::Permission(key),
            is_repeated: false,
        }
    }

    /// The parts for the names of a list that is used in that way.
    pub(super) fn list(usage: Usage, names: &'a Names<'a>) -> impl Iterator<Item = Self> {
        names.iter().map(move |(name, is_repeated)| Self {
            usage,
            need: match usage {
                Usage::Write => RequirementKind::Field(name),
                _ => RequirementKind::Path(name),
            },
            // To filter twice by one field is common; to select or write it twice makes no sense.
            is_repeated: is_repeated
                && matches!(usage, Usage::Select | Usage::Write | Usage::Return),
        })
    }
}

/// A request about an object, with who asks.
#[derive(Debug, Clone, Copy)]
pub(super) struct RequestTarget<'a> {
    access: &'a Access<'a>,
    object: &'a str,
    /// None for an unknown object.
    index: Option<usize>,
}

impl<'a> RequestTarget<'a> {
    pub(super) fn new(access: &'a Access<'a>, object: &'a str) -> Self {
        Self {
            access,
            object,
            index: access.policy().schema().object_index(object),
        }
    }

    /// Whether a part is allowed.
    #[inline]
    pub(super) fn allows(&self, requirement: &Requirement<'_>) -> bool {
        let schema = self.access.policy().schema();
        !requirement.is_repeated
            && match (requirement.need, self.index) {
                (RequirementKind::Permission(key), _) => self.access.can_use(key),
                (_, None) => false,
                (RequirementKind::Record(action), Some(object)) => {
                    self.access.can_at(action, object, Column::RECORD)
                }
                (RequirementKind::Field(name), Some(object)) => Column::of(schema, object, name)
                    .is_some_and(|column| self.access.can_at(Action::Edit, object, column)),
                (RequirementKind::Path(path), Some(object)) => {
                    Walk::new(schema, object, path).all(|step| self.allows_step(step))
                }
            }
    }

    /// The answer to a requirement.
    pub(super) fn answer(&self, requirement: &Requirement<'a>) -> PartAnswer<'a> {
        PartAnswer {
            usage: requirement.usage,
            action: match requirement.need {
                RequirementKind::Record(action) => Some(action),
                RequirementKind::Path(_) => Some(Action::See),
                RequirementKind::Field(_) => Some(Action::Edit),
                RequirementKind::Permission(_) => None,
            },
            name: self.name(requirement),
            is_allowed: self.allows(requirement),
        }
    }

    /// Why a part is denied; nothing if it is allowed.
    pub(super) fn denials(&self, requirement: &Requirement<'a>) -> Vec<DeniedPart> {
        if self.allows(requirement) {
            return Vec::new();
        }
        let mut reasons = Vec::new();
        let denied = |explanation: Explanation| DenialReason::Denied(Box::new(explanation));
        if requirement.is_repeated {
            reasons.push(DenialReason::Malformed(Malformed::Repeated));
        }
        let access = self.access;
        match (requirement.need, self.index) {
            (RequirementKind::Permission(key), _) => reasons.push(denied(access.explain_use(key))),
            (RequirementKind::Record(action), _) => {
                reasons.push(denied(access.explain(action, self.object, None)));
            }
            (RequirementKind::Field(name), _) => {
                reasons.push(denied(access.explain(Action::Edit, self.object, name)));
            }
            (RequirementKind::Path(path), None) => {
                reasons.push(denied(access.explain(Action::See, self.object, path)));
            }
            (RequirementKind::Path(path), Some(object)) => {
                let steps = Walk::new(access.policy().schema(), object, path);
                let refused = steps.filter(|step| !self.allows_step(*step));
                reasons.extend(refused.map(|step| self.refused(step)));
            }
        }
        let counts = |reason: &DenialReason| match reason {
            DenialReason::Denied(explanation) => !explanation.is_allowed(),
            DenialReason::Malformed(_) => true,
        };
        reasons.retain(counts);
        let denial = |reason| DeniedPart {
            usage: requirement.usage,
            name: self.name(requirement).to_string(),
            reason,
        };
        reasons.into_iter().map(denial).collect()
    }

    fn name(&self, requirement: &Requirement<'a>) -> &'a str {
        match requirement.need {
            RequirementKind::Record(_) => self.object,
            RequirementKind::Permission(key) => key,
            RequirementKind::Path(name) | RequirementKind::Field(name) => name,
        }
    }

    #[inline]
    fn allows_step(&self, step: Step<'_>) -> bool {
        match step {
            Step::Field { object, field, .. } => field.is_some_and(|field| {
                self.access
                    .can_at(Action::See, object, Column::field(field))
            }),
            Step::Record { object } => self.access.can_at(Action::See, object, Column::RECORD),
            Step::NotARelation { .. } | Step::TooDeep => false,
        }
    }

    /// Why a step is refused.
    fn refused(&self, step: Step<'_>) -> DenialReason {
        let key = |object: usize| {
            let objects = self.access.policy().schema().objects();
            objects
                .get(object)
                .map_or("", |object| object.key().as_str())
        };
        match step {
            Step::Field { object, name, .. } => DenialReason::Denied(Box::new(
                self.access.explain(Action::See, key(object), name),
            )),
            Step::Record { object } => DenialReason::Denied(Box::new(self.access.explain(
                Action::See,
                key(object),
                None,
            ))),
            Step::NotARelation { object, name } => {
                DenialReason::Malformed(Malformed::NotARelation {
                    object: key(object).to_string(),
                    field: name.to_string(),
                })
            }
            Step::TooDeep => DenialReason::Malformed(Malformed::PathTooLong),
        }
    }
}

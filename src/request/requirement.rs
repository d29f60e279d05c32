//! The parts of a request. Each part is allowed or denied by itself (L38).

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
    /// `true` if the list has the name already, and it is a list that names each field once.
    is_repeated: bool,
}

/// What one part needs.
#[derive(Debug, Clone, Copy)]
pub(super) enum RequirementKind<'a> {
    /// An action on the records of the object.
    Record(Action),
    /// A workspace permission.
    Permission(&'static str),
    /// See on every step of a path. A plain field is a path with one step.
    Path(&'a str),
    /// Edit on a field.
    Field(&'a str),
}

/// The answer to one part of a request.
///
/// It serializes with the keys `use`, `action`, `name` and `allowed`. A [`DeniedPart`] uses `use` and `name` in the same
/// way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PartAnswer<'a> {
    /// How the request uses the name.
    #[serde(rename = "use")]
    pub usage: Usage,
    /// The action that the part needs. `None` (in JSON `null`) for a workspace permission.
    pub action: Option<Action>,
    /// The name in the words of the request: a field, a path, an object (for its records) or a workspace permission.
    pub name: &'a str,
    /// `true` if the part is allowed.
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

    /// The parts for a list of names, all used in the same way.
    pub(super) fn list(usage: Usage, names: &'a Names<'a>) -> impl Iterator<Item = Self> {
        names.iter().map(move |(name, is_repeated)| Self {
            usage,
            need: match usage {
                Usage::Write => RequirementKind::Field(name),
                _ => RequirementKind::Path(name),
            },
            // To filter by a field twice is common. To select or set it twice is a slip, or means two values for one field.
            is_repeated: is_repeated
                && matches!(usage, Usage::Select | Usage::Write | Usage::Return),
        })
    }
}

/// The object that a request is about, and the access that answers.
#[derive(Debug, Clone, Copy)]
pub(super) struct RequestTarget<'a> {
    access: &'a Access<'a>,
    object: &'a str,
    /// `None` if the schema does not know the object.
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

    /// Tells if a part is allowed. This is the fast way: it stops at the first no and explains nothing.
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

    /// The answer to a part, with what it is about.
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

    /// Why a part is denied. The list is empty if the part is allowed.
    ///
    /// A path can be denied at several steps. Then there is a denial for each of these steps.
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
        // A repeated name denies the part, although the principal may be allowed to use the name itself.
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

    /// The name in the words of the request.
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

    /// Why a step of a path is refused.
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

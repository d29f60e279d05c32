//! What a request comes down to: parts, each of which is allowed or not by itself (L38).

use alloc::boxed::Box;
use alloc::string::ToString;
use alloc::vec::Vec;

use crate::access::Access;
use crate::action::Action;
use crate::column::Column;
use crate::explain::Explanation;
use crate::request::denial::{Cause, Denial, Flaw};
use crate::request::name::{Names, Step, Walk};
use crate::set::words;

/// How a request uses something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Use {
    /// It reads or writes records of its object at all.
    Records,
    /// It takes part in what a workspace permission is for, such as an export.
    Permission,
    /// The value is in the result.
    Select,
    /// Which records are in the result depends on the value.
    Filter,
    /// The order of the result depends on the value.
    Sort,
    /// Records with the same value are taken together.
    Group,
    /// The value goes into a sum, an average, a count and the like.
    Aggregate,
    /// The value is searched for text.
    Search,
    /// The value is set.
    Write,
    /// The value is in what a write returns.
    Return,
}

words!(Use, "use", {
    Records => "records",
    Permission => "permission",
    Select => "select",
    Filter => "filter",
    Sort => "sort",
    Group => "group",
    Aggregate => "aggregate",
    Search => "search",
    Write => "write",
    Return => "return",
});

/// One part of a request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) usage: Use,
    pub(super) need: Need<'a>,
    /// Whether the name is there before, where it may be there once.
    is_repeated: bool,
}

/// What one part needs.
#[derive(Debug, Clone, Copy)]
pub(super) enum Need<'a> {
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer<'a> {
    /// How the request uses the name.
    pub usage: Use,
    /// What is done with it; none for a workspace permission.
    pub action: Option<Action>,
    /// What is used, as the request names it: a field, a path, the object for its records, or a workspace permission.
    pub name: &'a str,
    /// The answer.
    pub is_allowed: bool,
}

impl<'a> Part<'a> {
    pub(super) fn record(action: Action) -> Self {
        Self {
            usage: Use::Records,
            need: Need::Record(action),
            is_repeated: false,
        }
    }

    pub(super) fn permission(key: &'static str) -> Self {
        Self {
            usage: Use::Permission,
            need: Need::Permission(key),
            is_repeated: false,
        }
    }

    /// The parts for the names of a list that is used in that way.
    pub(super) fn list(usage: Use, names: &'a Names<'a>) -> impl Iterator<Item = Self> {
        names.iter().map(move |(name, is_repeated)| Self {
            usage,
            need: match usage {
                Use::Write => Need::Field(name),
                _ => Need::Path(name),
            },
            // To filter twice by one field is common; to select or write it twice makes no sense.
            is_repeated: is_repeated && matches!(usage, Use::Select | Use::Write | Use::Return),
        })
    }
}

/// A request about an object, with who asks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    access: &'a Access<'a>,
    object: &'a str,
    /// None for an unknown object.
    index: Option<usize>,
}

impl<'a> Asked<'a> {
    pub(super) fn new(access: &'a Access<'a>, object: &'a str) -> Self {
        Self {
            access,
            object,
            index: access.policy().schema().object_index(object),
        }
    }

    /// Whether a part is allowed.
    #[inline]
    pub(super) fn allows(&self, part: &Part<'_>) -> bool {
        let schema = self.access.policy().schema();
        !part.is_repeated
            && match (part.need, self.index) {
                (Need::Permission(key), _) => self.access.can_use(key),
                (_, None) => false,
                (Need::Record(action), Some(object)) => {
                    self.access.can_at(action, object, Column::RECORD)
                }
                (Need::Field(name), Some(object)) => schema
                    .column(object, name)
                    .is_some_and(|column| self.access.can_at(Action::Edit, object, column)),
                (Need::Path(path), Some(object)) => {
                    Walk::new(schema, object, path).all(|step| self.allows_step(step))
                }
            }
    }

    /// The answer to a part.
    pub(super) fn answer(&self, part: &Part<'a>) -> Answer<'a> {
        Answer {
            usage: part.usage,
            action: match part.need {
                Need::Record(action) => Some(action),
                Need::Path(_) => Some(Action::See),
                Need::Field(_) => Some(Action::Edit),
                Need::Permission(_) => None,
            },
            name: self.name(part),
            is_allowed: self.allows(part),
        }
    }

    /// Why a part is denied; nothing if it is allowed.
    pub(super) fn denials(&self, part: &Part<'a>) -> Vec<Denial> {
        if self.allows(part) {
            return Vec::new();
        }
        let mut causes = Vec::new();
        let denied = |explanation: Explanation| Cause::Denied(Box::new(explanation));
        if part.is_repeated {
            causes.push(Cause::Malformed(Flaw::Repeated));
        }
        let access = self.access;
        match (part.need, self.index) {
            (Need::Permission(key), _) => causes.push(denied(access.explain_use(key))),
            (Need::Record(action), _) => {
                causes.push(denied(access.explain(action, self.object, None)));
            }
            (Need::Field(name), _) => {
                causes.push(denied(access.explain(Action::Edit, self.object, name)));
            }
            (Need::Path(path), None) => {
                causes.push(denied(access.explain(Action::See, self.object, path)));
            }
            (Need::Path(path), Some(object)) => {
                let steps = Walk::new(access.policy().schema(), object, path);
                let refused = steps.filter(|step| !self.allows_step(*step));
                causes.extend(refused.map(|step| self.cause(step)));
            }
        }
        let counts = |cause: &Cause| match cause {
            Cause::Denied(explanation) => !explanation.is_allowed(),
            Cause::Malformed(_) => true,
        };
        causes.retain(counts);
        let denial = |cause| Denial {
            usage: part.usage,
            name: self.name(part).to_string(),
            cause,
        };
        causes.into_iter().map(denial).collect()
    }

    fn name(&self, part: &Part<'a>) -> &'a str {
        match part.need {
            Need::Record(_) => self.object,
            Need::Permission(key) => key,
            Need::Path(name) | Need::Field(name) => name,
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
    fn cause(&self, step: Step<'_>) -> Cause {
        let key = |object: usize| {
            let objects = self.access.policy().schema().objects();
            objects
                .get(object)
                .map_or("", |object| object.key().as_str())
        };
        match step {
            Step::Field { object, name, .. } => Cause::Denied(Box::new(self.access.explain(
                Action::See,
                key(object),
                name,
            ))),
            Step::Record { object } => Cause::Denied(Box::new(self.access.explain(
                Action::See,
                key(object),
                None,
            ))),
            Step::NotARelation { object, name } => Cause::Malformed(Flaw::NotARelation {
                object: key(object).to_string(),
                field: name.to_string(),
            }),
            Step::TooDeep => Cause::Malformed(Flaw::PathTooLong),
        }
    }
}

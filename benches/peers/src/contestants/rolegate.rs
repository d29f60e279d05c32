//! rolegate: by handle and by name, with the principal resolved for a request or for each check.

use std::cell::OnceCell;

use rolegate::{Access, FieldId, Policy, Principal};

use crate::contestant::{Contestant, Label};
use crate::names::Names;
use crate::translate;
use crate::workload::{Question, Workload};

/// A policy that lives as long as the program, so that whatever borrows from it can be kept beside it.
fn compile(workload: &Workload) -> &'static Policy {
    Box::leak(Box::new(translate::workspace(workload).compile()))
}

/// A policy, and the access of each member as a request handler holds it.
struct Resolved {
    policy: &'static Policy,
    accesses: OnceCell<&'static [Access<'static>]>,
}

impl Resolved {
    fn new(workload: &Workload) -> Self {
        Self {
            policy: compile(workload),
            accesses: OnceCell::new(),
        }
    }

    fn access(&self, workload: &Workload, question: &Question) -> &'static Access<'static> {
        let accesses = self.accesses.get_or_init(|| {
            let members = workload.members.iter();
            members
                .map(|member| self.policy.access(&Principal::member(member.name.as_str())))
                .collect::<Vec<_>>()
                .leak()
        });
        &accesses[question.member]
    }
}

/// Everything resolved beforehand.
pub struct ByHandle(Resolved);

impl Contestant for ByHandle {
    type Question = (&'static Access<'static>, rolegate::Action, FieldId);

    const LABEL: Label = Label {
        engine: "rolegate",
        encoding: "`Access::can` by handle, a thousand requests at once",
        asked: "handles",
    };

    fn load(workload: &Workload) -> Self {
        Self(Resolved::new(workload))
    }

    fn prepare(&self, workload: &Workload, question: &Question) -> Self::Question {
        let policy = self.0.policy;
        let object = policy
            .object(&question.object_name)
            .expect("the object is in the schema");
        let field = question.field_name.as_ref();
        let field = field.map_or(object.record(), |name| {
            policy
                .field(&question.object_name, name)
                .expect("the field is in the schema")
        });
        (
            self.0.access(workload, question),
            translate::action(question.action),
            field,
        )
    }

    #[inline]
    fn ask(&mut self, (access, action, field): &Self::Question) -> bool {
        access.can(*action, field.object(), *field)
    }
}

/// The principal resolved once for a request, object and field by name.
pub struct ByName(Resolved);

impl Contestant for ByName {
    type Question = (
        &'static Access<'static>,
        rolegate::Action,
        String,
        Option<String>,
    );

    const LABEL: Label = Label {
        engine: "rolegate",
        encoding: "`Access::can` by name, principal resolved",
        asked: "names, principal resolved",
    };

    fn load(workload: &Workload) -> Self {
        Self(Resolved::new(workload))
    }

    fn prepare(&self, workload: &Workload, question: &Question) -> Self::Question {
        let Names { object, field, .. } = question.into();
        (
            self.0.access(workload, question),
            translate::action(question.action),
            object,
            field,
        )
    }

    fn ask(&mut self, (access, action, object, field): &Self::Question) -> bool {
        access.can(*action, object, field.as_deref())
    }
}

/// Everything by name.
pub struct ThroughPolicy(&'static Policy);

impl Contestant for ThroughPolicy {
    type Question = (Principal, rolegate::Action, String, Option<String>);

    const LABEL: Label = Label {
        engine: "rolegate",
        encoding: "`Policy::can` by name, principal included",
        asked: "names",
    };

    fn load(workload: &Workload) -> Self {
        Self(compile(workload))
    }

    fn prepare(&self, _: &Workload, question: &Question) -> Self::Question {
        let Names {
            member,
            object,
            field,
            ..
        } = question.into();
        (
            Principal::member(member),
            translate::action(question.action),
            object,
            field,
        )
    }

    fn ask(&mut self, (principal, action, object, field): &Self::Question) -> bool {
        self.0.can(principal, *action, object, field.as_deref())
    }
}

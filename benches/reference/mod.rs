//! What do the benches share? The reference workload in rolegate's own types, and the questions asked of it.

use rolegate::{Access, Action, FieldId, ObjectId, Policy, Principal};

#[path = "../peers/src/translate.rs"]
pub mod translate;
pub use self::translate::workspace;
pub use crate::workload::{Question, Shape, Workload};

/// The seed of the workspaces.
pub const WORKSPACE_SEED: u64 = 1;
/// The seed of the questions.
pub const QUESTION_SEED: u64 = 2;

/// A policy with everything resolved that a host resolves beforehand.
pub struct Resolved<'p> {
    pub policy: &'p Policy,
    pub principals: Vec<Principal>,
    pub accesses: Vec<Access<'p>>,
    pub objects: Vec<ObjectId>,
    pub fields: Vec<Vec<FieldId>>,
}

impl<'p> Resolved<'p> {
    pub fn new(policy: &'p Policy, workload: &Workload) -> Self {
        let member = |member: &crate::workload::Member| Principal::member(member.name.as_str());
        let principals: Vec<Principal> = workload.members.iter().map(member).collect();
        let objects = policy.schema().objects();
        Self {
            policy,
            accesses: principals
                .iter()
                .map(|member| policy.access(member))
                .collect(),
            principals,
            objects: objects
                .iter()
                .map(|object| policy.object(object.key().as_str()).expect("it is there"))
                .collect(),
            fields: objects
                .iter()
                .map(|object| {
                    let fields = object.fields().iter();
                    let field = |field: &rolegate::Field| {
                        policy.field(object.key().as_str(), field.key().as_str())
                    };
                    fields.map(|key| field(key).expect("it is there")).collect()
                })
                .collect(),
        }
    }

    /// A question with everything resolved; the record has a handle too.
    pub fn handles(&self, question: &Question) -> (&Access<'p>, Action, FieldId) {
        let field = question.field;
        (
            &self.accesses[question.member],
            translate::action(question.action),
            field.map_or(self.objects[question.object].record(), |field| {
                self.fields[question.object][field]
            }),
        )
    }

    /// A question with its principal resolved, and names as a handler has them.
    pub fn named(&self, question: &Question) -> (&Access<'p>, Action, String, Option<String>) {
        (
            &self.accesses[question.member],
            translate::action(question.action),
            question.object_name.clone(),
            question.field_name.clone(),
        )
    }

    /// For each member, its access on behalf of another one.
    pub fn chains(&self) -> Vec<Access<'p>> {
        self.accesses
            .iter()
            .zip(self.principals.iter().rev())
            .map(|(access, other)| access.clone().on_behalf_of(other))
            .collect()
    }
}

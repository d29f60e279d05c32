//! The decision space of a role, cell by cell: what an engine is given whose fastest encoding is a list of grants.

use std::fmt;

use crate::naive;
use crate::workload::{Action, Object, Question, Role, Workload};

/// One action on the records of an object, or on one of its fields.
#[derive(Debug, Clone, Copy)]
pub struct Cell {
    pub action: Action,
    pub object: usize,
    pub field: Option<usize>,
}

impl Cell {
    /// Every cell of a workspace: four actions on records, two on fields.
    pub fn all(workload: &Workload) -> impl Iterator<Item = Self> {
        workload
            .objects
            .iter()
            .enumerate()
            .flat_map(|(object, Object { fields, .. })| {
                let records = Action::ALL.map(|action| Self {
                    action,
                    object,
                    field: None,
                });
                let fields = (0..fields.len()).flat_map(move |field| {
                    Action::OF_FIELDS.map(|action| Self {
                        action,
                        object,
                        field: Some(field),
                    })
                });
                records.into_iter().chain(fields)
            })
    }

    /// Every cell that a role may use, after the cascade and after see-first.
    pub fn granted(workload: &Workload, role: &Role) -> impl Iterator<Item = Self> {
        Self::all(workload).filter(|cell| naive::may(role, cell.action, cell.object, cell.field))
    }

    /// The object and the field of this cell as one text: `people_1/email_1`, and `people_1/` for the record.
    pub fn resource(self, workload: &Workload) -> impl fmt::Display {
        let object = &workload.objects[self.object];
        let field = self.field.map_or("", |field| &object.fields[field]);
        fmt::from_fn(move |f| write!(f, "{}/{field}", object.name))
    }

    /// The whole cell as one text: `see/people_1/email_1`, and `see/people_1/` for the record.
    pub fn path(self, workload: &Workload) -> String {
        format!("{}/{}", self.action.name(), self.resource(workload))
    }
}

impl From<&Question> for Cell {
    fn from(question: &Question) -> Self {
        Self {
            action: question.action,
            object: question.object,
            field: question.field,
        }
    }
}

//! What does a check cost at the floor of the machine: one bit of a table, with and without resolving the names?

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::cells::Cell;
use crate::contestant::{Contestant, Label};
use crate::names::Names;
use crate::workload::{Action, Question, Workload};

/// A bit for each role, object, field (and one more for the record as a whole) and action.
struct Table {
    bits: Vec<u64>,
    objects: usize,
    slots: usize,
}

impl Table {
    fn new(workload: &Workload) -> Self {
        let objects = workload.objects.len();
        let slots = workload
            .objects
            .iter()
            .map(|object| object.fields.len())
            .max()
            .unwrap_or(0)
            + 1;
        let cells = workload.roles.len() * objects * slots * Action::ALL.len();
        let mut table = Self {
            bits: vec![0; cells.div_ceil(64)],
            objects,
            slots,
        };
        for (index, role) in workload.roles.iter().enumerate() {
            for cell in Cell::granted(workload, role) {
                let bit = table.bit(index, cell.action, cell.object, slot(cell.field));
                table.bits[bit / 64] |= 1 << (bit % 64);
            }
        }
        table
    }

    #[inline]
    const fn bit(&self, role: usize, action: Action, object: usize, slot: usize) -> usize {
        ((role * self.objects + object) * self.slots + slot) * Action::ALL.len() + action.index()
    }

    #[inline]
    fn get(&self, role: usize, action: Action, object: usize, slot: usize) -> bool {
        let bit = self.bit(role, action, object, slot);
        self.bits
            .get(bit / 64)
            .is_some_and(|word| word >> (bit % 64) & 1 == 1)
    }
}

/// The record as a whole has the slot before those of the fields.
fn slot(field: Option<usize>) -> usize {
    field.map_or(0, |field| field + 1)
}

/// The table asked by index.
pub struct ByIndex(Table);

/// Everything resolved beforehand.
pub struct Indices {
    role: u32,
    object: u32,
    slot: u32,
    action: Action,
}

impl Contestant for ByIndex {
    type Question = Indices;

    const LABEL: Label = Label {
        engine: "bit table",
        encoding: "by index, everything resolved beforehand",
        asked: "indices",
    };

    fn load(workload: &Workload) -> Self {
        Self(Table::new(workload))
    }

    fn prepare(&self, workload: &Workload, question: &Question) -> Indices {
        let index = |index: usize| u32::try_from(index).expect("the workload is small");
        Indices {
            role: index(workload.members[question.member].role),
            object: index(question.object),
            slot: index(slot(question.field)),
            action: question.action,
        }
    }

    #[inline]
    fn ask(&mut self, question: &Indices) -> bool {
        self.0.get(
            question.role as usize,
            question.action,
            question.object as usize,
            question.slot as usize,
        )
    }
}

/// The table behind three map look-ups: of the member, the object and the field.
pub struct ByName {
    members: HashMap<String, usize, RandomState>,
    objects: HashMap<String, Object, RandomState>,
    table: Table,
}

struct Object {
    index: usize,
    /// The slot of each field.
    fields: HashMap<String, usize, RandomState>,
}

impl Contestant for ByName {
    type Question = Names;

    const LABEL: Label = Label {
        engine: "bit table",
        encoding: "behind three map look-ups with foldhash",
        asked: "names",
    };

    fn load(workload: &Workload) -> Self {
        let objects = workload.objects.iter().enumerate().map(|(index, object)| {
            let fields = object.fields.iter().enumerate();
            let fields = fields
                .map(|(field, name)| (name.clone(), slot(Some(field))))
                .collect();
            (object.name.clone(), Object { index, fields })
        });
        Self {
            members: workload
                .members
                .iter()
                .map(|member| (member.name.clone(), member.role))
                .collect(),
            objects: objects.collect(),
            table: Table::new(workload),
        }
    }

    fn prepare(&self, _: &Workload, question: &Question) -> Names {
        question.into()
    }

    fn ask(&mut self, question: &Names) -> bool {
        let Some(&role) = self.members.get(&question.member) else {
            return false;
        };
        let Some(object) = self.objects.get(&question.object) else {
            return false;
        };
        let slot = match &question.field {
            None => Some(slot(None)),
            Some(field) => object.fields.get(field).copied(),
        };
        slot.is_some_and(|slot| self.table.get(role, question.action, object.index, slot))
    }
}

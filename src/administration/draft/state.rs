//! What a settings page shows of one cell (L31).

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::model::action::Action;
use crate::model::effect::Effect;
use crate::model::role::{Cell, Role};
use crate::model::schema::{PermissionClass, Schema};
use crate::policy::{RoleAnswers, cells};

/// One cell as a settings page shows it: what is set, what would be inherited and from where, and what results (L31).
///
/// A cell that does not exist, because the schema does not know its object, field or permission (L6) or because it is
/// Delete or Destroy of a field (L5), inherits nothing, is not allowed and not dormant, whatever is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct CellState {
    /// The cell.
    pub cell: Cell,
    /// What is set in the cell itself.
    pub own: Effect,
    /// What holds if nothing is set in the cell itself; `None` in a baseline and a switch, which inherit from nothing, and in a
    /// cell that does not exist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inherited: Option<Inherited>,
    /// What results: the answer that a check gives. In a baseline and a switch, what is set.
    #[serde(rename = "allowed")]
    pub is_allowed: bool,
    /// Whether what is set or inherited allows and the answer is no all the same: for want of See (L3), of a permission that is
    /// required (L12), or of what the field is bound to (L37).
    #[serde(rename = "dormant")]
    pub is_dormant: bool,
}

/// What a cell inherits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Inherited {
    /// Whether it is allowed there.
    #[serde(rename = "allowed")]
    pub is_allowed: bool,
    /// The cell that says so, the next more general one that does not inherit itself.
    pub source: Cell,
}

/// What a cell would inherit if nothing were set in it; nothing if there is no such cell.
pub(super) fn inherited(role: &Role, cell: &Cell, schema: &Schema) -> Option<Inherited> {
    let source = match cell {
        Cell::Object { object, action } => {
            schema.object(object.as_str())?;
            Cell::baseline(*action)
        }
        Cell::Field {
            object,
            field,
            action: action @ (Action::See | Action::Edit),
        } => {
            schema.field(object.as_str(), field.as_str())?;
            let record = Cell::object(object, *action);
            if role.effect(&record) == Effect::Inherit {
                Cell::baseline(*action)
            } else {
                record
            }
        }
        Cell::Permission { permission } => {
            Cell::all_access(schema.permission(permission.as_str())?.class())
        }
        // The most general ones, and Delete and Destroy of a field.
        Cell::Baseline { .. } | Cell::AllAccess { .. } | Cell::Field { .. } => return None,
    };
    Some(Inherited {
        is_allowed: role.effect(&source) == Effect::Allow,
        source,
    })
}

/// What a cell comes to by the cascade, before see-first and requirements.
pub(super) fn cascade(role: &Role, cell: &Cell, schema: &Schema) -> bool {
    let inherited = inherited(role, cell, schema).is_some_and(|inherited| inherited.is_allowed);
    match cell {
        // A permission that is not granted one by one is what its switch says.
        Cell::Permission { .. } => inherited || role.effect(cell) == Effect::Allow,
        _ => role.effect(cell).over(inherited),
    }
}

/// The state of a cell; `answers` are those of the role.
pub(super) fn state(
    role: &Role,
    cell: Cell,
    schema: &Schema,
    answers: &RoleAnswers<'_>,
) -> CellState {
    let cascade = cascade(role, &cell, schema);
    let answer = answers.find(&cell);
    let is_allowed = answer.unwrap_or(match cell {
        Cell::Baseline { .. } | Cell::AllAccess { .. } => cascade,
        _ => false,
    });
    CellState {
        own: role.effect(&cell),
        inherited: inherited(role, &cell, schema),
        is_allowed,
        // A cell without an answer has none that could be held back.
        is_dormant: cascade && answer == Some(false),
        cell,
    }
}

/// All cells of a role: the baseline, then each object with its fields, then switches and workspace permissions.
pub(super) fn all(role: &Role, schema: &Schema) -> Vec<CellState> {
    let answers = RoleAnswers::of(Some(role), schema);
    let baseline = Action::ALL.map(Cell::baseline);
    let switches = PermissionClass::ALL.map(Cell::all_access);
    baseline
        .into_iter()
        .chain(switches)
        .chain(cells(schema))
        .map(|cell| state(role, cell, schema, &answers))
        .collect()
}

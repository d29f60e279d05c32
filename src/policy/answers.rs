//! What a role answers in each cell of a schema.

use crate::model::action::Action;
use crate::model::role::{Cell, Role};
use crate::model::schema::Schema;
use crate::policy::RoleTable;
use crate::policy::layout::Column;

/// The answers of one role in one schema.
pub(crate) struct RoleAnswers<'s> {
    schema: &'s Schema,
    table: RoleTable,
}

impl<'s> RoleAnswers<'s> {
    /// The answers of a role, which need not be valid; nothing is allowed without one.
    pub(crate) fn of(role: Option<&Role>, schema: &'s Schema) -> Self {
        Self {
            schema,
            table: role.map_or_else(
                || RoleTable::nothing(schema),
                |role| RoleTable::of(role, schema),
            ),
        }
    }

    /// Whether a cell is allowed; `None` if the schema does not know it, or if it is a setting without an answer.
    pub(crate) fn find(&self, cell: &Cell) -> Option<bool> {
        let table = self.table.view();
        match cell {
            Cell::Object { object, action } => {
                let object = self.schema.object_index(object.as_str())?;
                Some(table.allows(object, Column::RECORD, *action))
            }
            Cell::Field {
                object,
                field,
                action,
            } => {
                let object = self.schema.object_index(object.as_str())?;
                let column = Column::of(self.schema, object, field.as_str())?;
                Some(table.allows(object, column, *action))
            }
            Cell::Permission { permission } => {
                let permission = self.schema.permission_index(permission.as_str())?;
                Some(table.grants(permission))
            }
            Cell::Baseline { .. } | Cell::AllAccess { .. } => None,
        }
    }

    /// Whether a cell is known and allowed.
    pub(crate) fn allow(&self, cell: &Cell) -> bool {
        self.find(cell).unwrap_or(false)
    }
}

/// Every cell that has an answer: by object, each record and then its fields; then workspace permissions.
pub(crate) fn cells(schema: &Schema) -> impl Iterator<Item = Cell> {
    let records = schema.objects().iter().flat_map(|object| {
        let record = Action::ALL.map(|action| Cell::object(object.key(), action));
        let fields = object.fields().iter().flat_map(|field| {
            [Action::See, Action::Edit].map(|action| Cell::field(object.key(), field.key(), action))
        });
        record.into_iter().chain(fields)
    });
    let permissions = schema.permissions().iter();
    records.chain(permissions.map(|permission| Cell::permission(permission.key())))
}

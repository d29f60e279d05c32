//! Edits of one role that are not saved yet, as on a settings page.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::administration::draft::history::History;
use crate::administration::draft::silent;
use crate::administration::draft::state::{self, CellState};
use crate::model::action::Action;
use crate::model::effect::Effect;
use crate::model::id::{FieldKey, ObjectKey, RoleName};
use crate::model::problem::{EntityKind, Problem};
use crate::model::problem_list::Problems;
use crate::model::role::{self, Cell, CellChange, InvalidCell, Role};
use crate::model::schema::Schema;
use crate::policy::{RoleAnswers, cells};
use crate::workspace::{Change, ChangeError, Workspace};

/// Unsaved edits of one role, with undo and redo.
///
/// A draft changes nothing until it is [saved](Draft::to_change) and the change is applied (L29). It is a value of its own: the
/// workspace can change meanwhile, and if the role does, saving is refused as a conflict and the draft keeps everything
/// (L30).
///
/// ```
/// use rolegate::{Action, Cell, Draft, Effect, Role};
///
/// let mut workspace = rolegate::sample::workspace()?;
/// let mut draft = Draft::open(&workspace, "Intern")?;
/// draft.set(&Cell::object("companies", Action::Edit), Effect::Allow)?;
/// draft.set(&Cell::field("people", "email", Action::Edit), Effect::Allow)?;
/// draft.undo();
/// assert_eq!(draft.changes().len(), 1);
///
/// let preview = draft.preview(workspace.schema());
/// assert_eq!(preview.gained.first(), Some(&Cell::object("companies", Action::Edit)));
///
/// workspace.apply(draft.to_change())?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The role as it was when editing began; none for a role that is to be created.
    saved: Option<Role>,
    edited: History<Role>,
}

/// What a draft would change, as answers: cells of objects, fields and workspace permissions.
///
/// Both lists are in the order of the schema.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Preview {
    /// What would be allowed and is not.
    pub gained: Vec<Cell>,
    /// What would not be allowed any more.
    pub lost: Vec<Cell>,
}

impl Draft {
    /// Starts a draft of a role that does not exist yet. Saving it creates the role.
    pub fn new(name: impl Into<RoleName>) -> Self {
        Self {
            saved: None,
            edited: History::new(Role::new(name)),
        }
    }

    /// Starts a draft of a role of the workspace.
    ///
    /// # Errors
    ///
    /// When there is no such role, or it is Admin, which is fixed (L13).
    pub fn open(workspace: &Workspace, role: impl Into<RoleName>) -> Result<Self, ChangeError> {
        let role = saved_role(workspace, &role.into())?;
        Ok(Self {
            saved: Some(role.clone()),
            edited: History::new(role),
        })
    }

    /// The role as edited.
    pub fn role(&self) -> &Role {
        self.edited.present()
    }

    /// The role as it was when editing began; none if it is to be created.
    #[must_use]
    pub fn saved(&self) -> Option<&Role> {
        self.saved.as_ref()
    }

    /// Sets the effect of one cell; [`Effect::Inherit`] removes an override. It is no edit if the cell has that effect already.
    ///
    /// A rule that comes to say what the saved one says is the saved one again, also if that inherits everything.
    ///
    /// It may leave a contradiction (L4), as clicks one after the other do; see [`problems`](Draft::problems).
    ///
    /// # Errors
    ///
    /// When the cell cannot have that effect.
    pub fn set(&mut self, cell: &Cell, effect: Effect) -> Result<(), InvalidCell> {
        let role = self.role().clone().set(cell, effect)?;
        self.edit(role, cell);
        Ok(())
    }

    /// Allows a cell as a settings page does: turning Edit, Delete or Destroy on turns See on at the same level, unless it is
    /// already. One undo takes back all of it.
    ///
    /// # Errors
    ///
    /// When there is no such cell: Delete or Destroy of a field (L5).
    pub fn turn_on(&mut self, cell: &Cell, schema: &Schema) -> Result<(), InvalidCell> {
        let mut role = self.role().clone().set(cell, Effect::Allow)?;
        if let Some(see) = beside(cell, Action::See) {
            if !state::cascade(&role, &see, schema) {
                role = role.set(&see, Effect::Allow)?;
            }
        }
        self.edit(role, cell);
        Ok(())
    }

    /// Denies a cell as a settings page does: turning See off turns Edit, Delete and Destroy off at the same level, unless they
    /// are already. One undo takes back all of it.
    ///
    /// # Errors
    ///
    /// When there is no such cell: Delete or Destroy of a field (L5).
    pub fn turn_off(&mut self, cell: &Cell, schema: &Schema) -> Result<(), InvalidCell> {
        let mut role = self.role().clone().set(cell, Effect::Deny)?;
        if beside(cell, Action::See).as_ref() == Some(cell) {
            for write in [Action::Edit, Action::Delete, Action::Destroy] {
                if let Some(write) = beside(cell, write) {
                    if state::cascade(&role, &write, schema) {
                        role = role.set(&write, Effect::Deny)?;
                    }
                }
            }
        }
        self.edit(role, cell);
        Ok(())
    }

    /// Puts one cell back to what is saved; what a role that is to be created starts with. It is no edit if the cell is so.
    ///
    /// Once all changed cells of a rule are reverted, the rule is as it was saved, also if that inherits everything.
    ///
    /// # Errors
    ///
    /// When there is no such cell: Delete or Destroy of a field (L5).
    pub fn revert(&mut self, cell: &Cell) -> Result<(), InvalidCell> {
        let effect = self.base().effect(cell);
        self.set(cell, effect)
    }

    /// Removes the object rule for an object with all its field rules.
    pub fn remove_object_rule(&mut self, object: impl Into<ObjectKey>) {
        let role = self.role().clone().without_rule(&object.into());
        self.edited.edit(role);
    }

    /// Removes the field rule for a field, and an object rule that then inherits everything, unless just that is saved.
    pub fn remove_field_rule(&mut self, object: impl Into<ObjectKey>, field: impl Into<FieldKey>) {
        let (object, field) = (object.into(), field.into());
        let rule = self.role().rules().get(&object);
        let rule = rule.filter(|rule| rule.fields().contains_key(&field));
        if let Some(rule) = rule.cloned() {
            let rule = rule.without_field(&field);
            let saved = self.saved.as_ref();
            let saved = saved.and_then(|saved| saved.rules().get(&object));
            let role = self.role().clone();
            let role = if saved == Some(&rule) {
                role.rule(object, rule)
            } else {
                role.with_rule(&object, rule)
            };
            self.edited.edit(role);
        }
    }

    /// Whether there is an edit to undo.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        self.edited.can_undo()
    }

    /// Whether there is an undone edit to redo.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        self.edited.can_redo()
    }

    /// Takes the last edit back (L29). Nothing happens if there is none.
    pub fn undo(&mut self) {
        self.edited.undo();
    }

    /// Makes the last undone edit again (L29). Nothing happens if there is none, or if there was an edit since.
    pub fn redo(&mut self) {
        self.edited.redo();
    }

    /// Whether saving would change something.
    #[must_use]
    pub fn is_dirty(&self) -> bool {
        self.saved.as_ref() != Some(self.role())
    }

    /// The cells that are set otherwise than saved, from what to what, sorted.
    ///
    /// A rule that inherits everything changes no cell: after its removal there may be none, and yet something to save.
    #[must_use]
    pub fn changes(&self) -> Vec<CellChange> {
        self.role().changes_since(&self.base())
    }

    /// One cell as a settings page shows it (L31).
    #[must_use]
    pub fn cell(&self, cell: &Cell, schema: &Schema) -> CellState {
        let answers = RoleAnswers::of(Some(self.role()), schema);
        state::state(self.role(), cell.clone(), schema, &answers)
    }

    /// All cells as a settings page shows them (L31): the baseline and the switches, then each object with its fields, then
    /// the workspace permissions.
    #[must_use]
    pub fn cells(&self, schema: &Schema) -> Vec<CellState> {
        state::all(self.role(), schema)
    }

    /// The answers that saving would change.
    #[must_use]
    pub fn preview(&self, schema: &Schema) -> Preview {
        let before = RoleAnswers::of(self.saved.as_ref(), schema);
        let after = RoleAnswers::of(Some(self.role()), schema);
        let mut preview = Preview::default();
        for cell in cells(schema) {
            match (before.allow(&cell), after.allow(&cell)) {
                (false, true) => preview.gained.push(cell),
                (true, false) => preview.lost.push(cell),
                _ => {}
            }
        }
        preview
    }

    /// What would make the workspace refuse the role: contradictions (L4) and unknown names (L6).
    #[must_use]
    pub fn problems(&self, schema: &Schema) -> Vec<Problem> {
        let mut problems = Problems::default();
        role::check::check(self.role(), schema, "", &mut problems);
        problems.listed().to_vec()
    }

    /// The change that saves the draft: it creates the role, or puts it in the place of the saved one.
    ///
    /// Applying it is refused as a [conflict](ChangeError::Conflict) if the role has changed since the draft was opened
    /// (L30), and if nothing was edited. The draft stays as it is; after success, [`mark_saved`](Draft::mark_saved) says so.
    #[must_use]
    pub fn to_change(&self) -> Change {
        match &self.saved {
            Some(saved) => Change::SaveRole {
                saved: saved.clone().into(),
                edited: self.role().clone().into(),
            },
            None => Change::create_role(self.role().clone()),
        }
    }

    /// Says that the draft as it is now has been saved. What was done can still be undone, and then saved again.
    pub fn mark_saved(&mut self) {
        self.saved = Some(self.role().clone());
    }

    /// Moves the edits to the role as it is in the workspace now, after a conflict. The history starts anew.
    ///
    /// Cells that the draft changed are as in the draft, all others as in the workspace. A rule that inherits everything and
    /// was removed in the draft stays removed, unless it says something in the workspace now: then it is as there.
    ///
    /// # Errors
    ///
    /// When the role has been deleted or renamed. The draft is as it was.
    pub fn rebase(&mut self, workspace: &Workspace) -> Result<(), ChangeError> {
        let current = saved_role(workspace, self.role().name())?;
        let mut edited = current.clone();
        for change in self.changes() {
            edited = edited.set(&change.cell, change.to)?;
        }
        let edited = silent::moved(edited, &self.base(), self.role(), &current);
        self.saved = Some(current);
        self.edited = History::new(edited);
        Ok(())
    }

    /// Takes over the role with other effects in a cell and beside it, if any is other.
    fn edit(&mut self, role: Role, cell: &Cell) {
        if role != *self.role() {
            self.edited
                .edit(silent::settled(role, cell, self.saved.as_ref()));
        }
    }

    /// What the edits started from.
    fn base(&self) -> Role {
        let name = self.role().name();
        self.saved.clone().unwrap_or_else(|| Role::new(name))
    }
}

/// The cell of another action at the same level and place; none for permissions and switches.
fn beside(cell: &Cell, action: Action) -> Option<Cell> {
    match cell {
        Cell::Baseline { .. } => Some(Cell::baseline(action)),
        Cell::Object { object, .. } => Some(Cell::object(object, action)),
        Cell::Field { object, field, .. } => match action {
            Action::See | Action::Edit => Some(Cell::field(object, field, action)),
            Action::Delete | Action::Destroy => None,
        },
        Cell::Permission { .. } | Cell::AllAccess { .. } => None,
    }
}

fn saved_role(workspace: &Workspace, name: &RoleName) -> Result<Role, ChangeError> {
    match workspace.role(name) {
        Some(role) if role.is_admin() => Err(ChangeError::AdminIsFixed(name.clone())),
        Some(role) => Ok(role.clone()),
        None => Err(ChangeError::unknown(
            EntityKind::Role,
            name.as_str(),
            workspace.roles().map(|role| role.name().as_str()),
        )),
    }
}

//! Any sequence of edits of a role, with changes of the workspace in between: each draft is what a naive list of roles says.

use std::collections::{BTreeMap, BTreeSet};

use rolegate::{Action, Cell, Change, Draft, Effect, FieldRule, ObjectRule, PermissionClass, Role};

use rolegate::administration::{CellState, Inherited};

use crate::changes::Walk;
use crate::dice::Dice;
use crate::model::{
    self, ACTIONS, Answers, Model, RoleState, as_saved, cell_takes, drop_field_rule, set_cell,
};
use crate::reference::{self, FieldRuleModel, Kind, ObjectRuleModel, RoleModel, Who};

/// So that no input takes long.
const MOST_STEPS: usize = 32;
const NEW: [&str; 4] = ["Broker", "Auditor", "Sales", "bell\u{7}"];

pub(crate) fn check(bytes: &[u8]) {
    let mut dice = Dice::new(bytes);
    let mut walk = Walk::checking_every(10);
    walk.step(with_silent_rules(&walk.model)).unwrap();
    let draft = Draft::open(&walk.workspace, "Intern").unwrap();
    let mut editing = Editing::of(draft, walk.model.role("Intern").cloned());
    for step in 0..MOST_STEPS {
        if dice.is_spent() {
            break;
        }
        editing.step(&mut dice, &mut walk);
        editing.check(&walk);
        if step % 4 == 3 {
            editing.check_shown(&walk, step);
        }
    }
    editing.check_shown(&walk, 0);
}

/// Gives two roles rules that say nothing, as documents may have them.
fn with_silent_rules(model: &Model) -> Vec<Change> {
    let [intern, sales] = ["Intern", "Sales"].map(|name| model.role(name).unwrap().build());
    let silent = |rule: ObjectRule| rule.field("name", FieldRule::new());
    let people = silent(intern.rules()["people"].clone());
    let edited = intern.clone().rule("people", people);
    let edited = edited.rule("companies", ObjectRule::new());
    let other = sales.clone().rule("people", ObjectRule::new());
    let other = other.rule("companies", silent(ObjectRule::new()));
    vec![
        Change::save_role(intern, edited),
        Change::save_role(sales, other),
    ]
}

/// A draft and its model, side by side.
struct Editing {
    draft: Draft,
    saved: Option<RoleState>,
    /// Every state of the role since the draft was opened, and which of them is the present one.
    states: Vec<RoleState>,
    at: usize,
}

impl Editing {
    fn of(draft: Draft, saved: Option<RoleState>) -> Self {
        let states = vec![RoleState::of(draft.role())];
        Self {
            draft,
            saved,
            states,
            at: 0,
        }
    }

    fn present(&self) -> &RoleState {
        &self.states[self.at]
    }

    /// What the edits started from.
    fn base(&self) -> RoleState {
        let new = || RoleState::of(&Role::new(&self.present().is.name));
        self.saved.clone().unwrap_or_else(new)
    }

    /// An edit that changes nothing is none.
    fn edit(&mut self, new: RoleState) {
        if new != *self.present() {
            self.states.truncate(self.at + 1);
            self.states.push(new);
            self.at += 1;
        }
    }

    /// Some cells set, or nothing done where one of them cannot be so.
    fn set(&mut self, cells: &[(Cell, Effect)]) -> bool {
        let mut new = self.present().clone();
        let can_be = cells.iter().all(|(cell, effect)| cell_takes(cell, *effect));
        if can_be {
            for (cell, effect) in cells {
                set_cell(&mut new.is, cell, *effect);
            }
            if let Some((cell, _)) = cells.first().filter(|_| new != *self.present()) {
                as_saved(
                    &mut new.is,
                    self.saved.as_ref().map(|saved| &saved.is),
                    cell,
                );
            }
            self.edit(new);
        }
        can_be
    }

    fn step(&mut self, dice: &mut Dice<'_>, walk: &mut Walk) {
        let before = walk.workspace.clone();
        match dice.roll(16) {
            0 => self.open(dice, walk),
            1 => *self = Self::of(Draft::new(dice.pick(&NEW)), None),
            2..=5 => {
                let cell = dice.cell(&walk.model);
                let effect = dice.pick(&[Effect::Allow, Effect::Deny, Effect::Inherit]);
                let done = self.draft.set(&cell, effect);
                assert_eq!(done.is_ok(), self.set(&[(cell, effect)]));
            }
            6 => self.turn_on(&dice.cell(&walk.model), walk),
            7 => self.turn_off(&dice.cell(&walk.model), walk),
            8 => {
                let cell = dice.cell(&walk.model);
                let effect = effect_in(&self.base(), &cell);
                let done = self.draft.revert(&cell);
                assert_eq!(done.is_ok(), self.set(&[(cell, effect)]));
            }
            9 => self.remove_rule(dice, walk),
            10 => {
                self.draft.undo();
                self.at = self.at.saturating_sub(1);
            }
            11 => {
                self.draft.redo();
                self.at = (self.at + 1).min(self.states.len() - 1);
            }
            12 => self.save(walk),
            13 => self.rebase(walk),
            // L29: until here the workspace was only looked at, but for saving.
            _ => {
                let _ = walk.step(vec![dice.change(&walk.model)]);
                return;
            }
        }
        if walk.model.revision == before.revision().number() {
            assert_eq!(walk.workspace, before);
        }
    }

    fn open(&mut self, dice: &mut Dice<'_>, walk: &Walk) {
        let name = dice.role(&walk.model);
        let state = walk.model.role(&name).filter(|role| !role.is.admin);
        let draft = Draft::open(&walk.workspace, &name);
        assert_eq!(draft.is_ok(), state.is_some());
        if let (Ok(draft), Some(state)) = (draft, state) {
            *self = Self::of(draft, Some(state.clone()));
        }
    }

    /// Who may change a thing sees it: See comes on with the rest, at the same level.
    fn turn_on(&mut self, cell: &Cell, walk: &Walk) {
        let done = self.draft.turn_on(cell, walk.workspace.schema());
        let mut cells = vec![(cell.clone(), Effect::Allow)];
        let mut with = self.present().clone();
        if cell_takes(cell, Effect::Allow) {
            set_cell(&mut with.is, cell, Effect::Allow);
            let see = beside(cell, Action::See);
            cells.extend(
                see.filter(|see| !cascade(&with, see, &walk.model))
                    .map(|see| (see, Effect::Allow)),
            );
        }
        assert_eq!(done.is_ok(), self.set(&cells));
    }

    /// With See goes all that needs it, at the same level.
    fn turn_off(&mut self, cell: &Cell, walk: &Walk) {
        let done = self.draft.turn_off(cell, walk.workspace.schema());
        let mut cells = vec![(cell.clone(), Effect::Deny)];
        let mut with = self.present().clone();
        if cell_takes(cell, Effect::Deny) {
            set_cell(&mut with.is, cell, Effect::Deny);
            if beside(cell, Action::See).as_ref() == Some(cell) {
                let writes = [Action::Edit, Action::Delete, Action::Destroy];
                let writes = writes.into_iter().filter_map(|write| beside(cell, write));
                let allowed = writes.filter(|write| cascade(&with, write, &walk.model));
                cells.extend(allowed.map(|write| (write, Effect::Deny)));
            }
        }
        assert_eq!(done.is_ok(), self.set(&cells));
    }

    fn remove_rule(&mut self, dice: &mut Dice<'_>, walk: &Walk) {
        let object = dice.object(&walk.model);
        let mut new = self.present().clone();
        if dice.roll(2) == 0 {
            self.draft.remove_object_rule(&object);
            new.is.objects.remove(&object);
        } else {
            let field = dice.field_of(&walk.model, &object);
            self.draft.remove_field_rule(&object, &field);
            drop_field_rule(&mut new.is, &object, &field);
            // What is saved as a rule that says nothing is one still.
            if self.base().is.objects.get(&object) == Some(&ObjectRuleModel::default())
                && self.present().is.objects.contains_key(&object)
            {
                new.is.objects.entry(object).or_default();
            }
        }
        self.edit(new);
    }

    /// L30: what is saved is valid, and the draft keeps everything if it is refused.
    fn save(&mut self, walk: &mut Walk) {
        let preview = self.draft.preview(walk.workspace.schema());
        let before = answers_of(self.saved.as_ref(), &walk.model);
        let is_current = self.saved.as_ref() == walk.model.role(&self.base().is.name);
        if walk.step(vec![self.draft.to_change()]).is_err() {
            return;
        }
        assert!(self.draft.is_dirty() && is_current);
        assert_eq!(self.draft.problems(walk.workspace.schema()), []);
        // The preview is what has come to be.
        let name = &self.present().is.name;
        assert_eq!(walk.model.role(name), Some(self.present()));
        let after = answers_of(walk.model.role(name), &walk.model);
        let gained = differing(&before, &after, true);
        assert!(preview.gained.iter().eq(&gained));
        assert!(preview.lost.iter().eq(&differing(&before, &after, false)));
        self.draft.mark_saved();
        self.saved = Some(self.present().clone());
        assert!(!self.draft.is_dirty());
    }

    /// The cells that were edited are as edited, all others as in the workspace. So are rules that say nothing.
    fn rebase(&mut self, walk: &Walk) {
        let current = walk.model.role(&self.present().is.name);
        let current = current.filter(|role| !role.is.admin);
        let done = self.draft.rebase(&walk.workspace);
        assert_eq!(done.is_ok(), current.is_some());
        if let Some(current) = current {
            let mut edited = current.clone();
            for (cell, _, to) in self.edits() {
                set_cell(&mut edited.is, &cell, to);
            }
            let roles = [&self.base(), self.present(), current];
            edited.is.objects = from_entries(&merged(&roles.map(|role| entries(&role.is))));
            self.saved = Some(current.clone());
            self.states = vec![edited];
            self.at = 0;
        }
    }

    /// The cells that differ from what is saved, sorted.
    fn edits(&self) -> Vec<(Cell, Effect, Effect)> {
        let (base, present) = (self.base(), self.present());
        let cells: BTreeSet<Cell> = [&base, present].into_iter().flat_map(cells_of).collect();
        let effects = cells.into_iter().map(|cell| {
            let (from, to) = (effect_in(&base, &cell), effect_in(present, &cell));
            (cell, from, to)
        });
        effects.filter(|(_, from, to)| from != to).collect()
    }

    /// What holds of every draft.
    fn check(&self, walk: &Walk) {
        let (draft, model, schema) = (&self.draft, &walk.model, walk.workspace.schema());
        assert_eq!(RoleState::of(draft.role()), *self.present());
        assert_eq!(draft.saved().map(RoleState::of), self.saved);
        assert_eq!(
            draft.is_dirty(),
            self.saved.as_ref() != Some(self.present())
        );
        let changes = draft.changes().into_iter();
        assert!(
            changes
                .map(|change| (change.cell, change.from, change.to))
                .eq(self.edits())
        );
        self.goes_back_and_forth();
        let takes = model.takes(self.present());
        assert_eq!(draft.problems(schema).is_empty(), takes);
    }

    /// L31: what a settings page shows, and what saving would change.
    fn check_shown(&self, walk: &Walk, one: usize) {
        let (draft, model, schema) = (&self.draft, &walk.model, walk.workspace.schema());
        let answers = answers_of(Some(self.present()), model);
        let settings = Action::ALL.map(Cell::baseline).into_iter();
        let settings = settings.chain(PermissionClass::ALL.map(Cell::all_access));
        let cells = settings.chain(answers.iter().map(|(cell, _)| cell.clone()));
        let states = draft.cells(schema);
        assert!(states.iter().map(|state| state.cell.clone()).eq(cells));
        for state in &states {
            self.shows(state, &answers, model);
        }
        let state = &states[one % states.len()];
        assert_eq!(draft.cell(&state.cell, schema), *state);
        let before = answers_of(self.saved.as_ref(), model);
        let preview = draft.preview(schema);
        assert!(
            preview
                .gained
                .iter()
                .eq(&differing(&before, &answers, true))
        );
        assert!(preview.lost.iter().eq(&differing(&before, &answers, false)));
    }

    /// L29: undo restores the draft exactly, and redo the edit.
    fn goes_back_and_forth(&self) {
        let draft = &self.draft;
        assert_eq!(draft.can_undo(), self.at > 0);
        assert_eq!(draft.can_redo(), self.at + 1 < self.states.len());
        let mut there = draft.clone();
        there.undo();
        if draft.can_undo() {
            assert_eq!(RoleState::of(there.role()), self.states[self.at - 1]);
            there.redo();
        }
        assert_eq!(there, *draft);
        there.redo();
        if draft.can_redo() {
            assert_eq!(RoleState::of(there.role()), self.states[self.at + 1]);
            there.undo();
        }
        assert_eq!(there, *draft);
    }

    /// L31: its own effect, what it would inherit and from where, and what results.
    fn shows(&self, state: &CellState, answers: &[(Cell, bool)], model: &Model) {
        let (role, cell) = (self.present(), &state.cell);
        assert_eq!(state.own, effect_in(role, cell));
        let source = source(role, cell, model);
        let inherited = source.as_ref().map(|source| {
            let allows = effect_in(role, source) == Effect::Allow;
            (allows, source)
        });
        let shown = |it: &Inherited| (it.is_allowed, it.source.clone());
        assert_eq!(
            state.inherited.as_ref().map(shown),
            inherited.map(|(allows, source)| (allows, source.clone()))
        );
        let answer = answers.iter().find(|(known, _)| known == cell);
        let cascade = cascade(role, cell, model);
        let is_allowed = answer.map_or(cascade, |(_, answer)| *answer);
        assert_eq!(state.is_allowed, is_allowed, "{cell}");
        assert_eq!(state.is_dormant, cascade && !is_allowed, "{cell}");
    }
}

// ---- Rules, whether they say something or not ----

/// Every rule of a role as one of many: an object, a field of it or none, and the effects.
type Entries = BTreeMap<(String, Option<String>), [reference::Effect; 4]>;

fn entries(role: &RoleModel) -> Entries {
    let mut entries = Entries::new();
    for (object, rule) in &role.objects {
        entries.insert((object.clone(), None), rule.effects);
        for (field, rule) in &rule.fields {
            let inherit = reference::Effect::Inherit;
            let effects = [rule.see, rule.edit, inherit, inherit];
            entries.insert((object.clone(), Some(field.clone())), effects);
        }
    }
    entries
}

fn from_entries(entries: &Entries) -> BTreeMap<String, ObjectRuleModel> {
    let mut rules = BTreeMap::<String, ObjectRuleModel>::new();
    for ((object, field), effects) in entries {
        let rule = rules.entry(object.clone()).or_default();
        let [see, edit, ..] = *effects;
        match field {
            None => rule.effects = *effects,
            Some(field) => {
                let field_rule = FieldRuleModel { see, edit };
                rule.fields.insert(field.clone(), field_rule);
            }
        }
    }
    rules
}

/// What was edited from the first to the second, done to the third: effect by effect, and rule by rule.
fn merged(roles: &[Entries; 3]) -> Entries {
    fn of<T: Copy + PartialEq>([saved, edited, current]: [T; 3]) -> T {
        if edited == saved { current } else { edited }
    }
    let inherit = [reference::Effect::Inherit; 4];
    let mut merged = Entries::new();
    for key in roles.iter().flat_map(Entries::keys) {
        let rules = roles.each_ref().map(|role| role.get(key));
        let effects = rules.map(|rule| *rule.unwrap_or(&inherit));
        let effects = [0, 1, 2, 3].map(|at| of(effects.map(|effects| effects[at])));
        if effects != inherit || of(rules.map(|rule| rule.is_some())) {
            merged.insert(key.clone(), effects);
        }
    }
    merged
}

// ---- What a role says ----

fn effect_in(role: &RoleState, cell: &Cell) -> Effect {
    model::effect_in(&role.is, cell).into()
}

fn class_of(class: PermissionClass) -> reference::Class {
    match class {
        PermissionClass::Settings => reference::Class::Settings,
        PermissionClass::Actions => reference::Class::Actions,
    }
}

/// Every cell that a role says something in.
fn cells_of(role: &RoleState) -> Vec<Cell> {
    let mut cells = Action::ALL.map(Cell::baseline).to_vec();
    cells.extend(PermissionClass::ALL.map(Cell::all_access));
    cells.extend(role.is.permissions.iter().map(Cell::permission));
    for (object, rule) in &role.is.objects {
        cells.extend(Action::ALL.map(|action| Cell::object(object, action)));
        for field in rule.fields.keys() {
            let actions = [Action::See, Action::Edit];
            cells.extend(actions.map(|action| Cell::field(object, field, action)));
        }
    }
    cells
}

/// L1: the cell from which another would inherit.
fn source(role: &RoleState, cell: &Cell, model: &Model) -> Option<Cell> {
    match cell {
        Cell::Baseline { .. } | Cell::AllAccess { .. } => None,
        Cell::Object { object, action } => {
            model.object(object.as_str())?;
            Some(Cell::baseline(*action))
        }
        Cell::Field {
            object,
            field,
            action,
        } => {
            let fields = &model.object(object.as_str())?.fields;
            fields.iter().find(|known| *field == *known.key)?;
            let record = Cell::object(object, *action);
            let inherits = effect_in(role, &record) == Effect::Inherit;
            Some(if inherits {
                Cell::baseline(*action)
            } else {
                record
            })
        }
        Cell::Permission { permission } => {
            let known = model.permission(permission.as_str())?;
            let classes = PermissionClass::ALL.into_iter();
            let mut classes = classes.filter(|class| class_of(*class) == known.is.class);
            classes.next().map(Cell::all_access)
        }
    }
}

/// L1, L11: what a cell comes to before See, requirements and bindings are asked for.
fn cascade(role: &RoleState, cell: &Cell, model: &Model) -> bool {
    let source = source(role, cell, model);
    let inherited = source.is_some_and(|source| effect_in(role, &source) == Effect::Allow);
    match (cell, effect_in(role, cell)) {
        (_, Effect::Allow) => true,
        (Cell::Permission { .. }, _) | (_, Effect::Inherit) => inherited,
        (_, Effect::Deny) => false,
    }
}

/// The cell of another action at the same place.
fn beside(cell: &Cell, action: Action) -> Option<Cell> {
    match cell {
        Cell::Baseline { .. } => Some(Cell::baseline(action)),
        Cell::Object { object, .. } => Some(Cell::object(object, action)),
        Cell::Field { object, field, .. } => {
            let cell = Cell::field(object, field, action);
            cell_takes(&cell, Effect::Allow).then_some(cell)
        }
        Cell::Permission { .. } | Cell::AllAccess { .. } => None,
    }
}

/// Every answer of a role by the laws, in the order of the schema; of none, no to everything.
fn answers_of(role: Option<&RoleState>, model: &Model) -> Vec<(Cell, bool)> {
    let mut model = model.clone();
    let who = Who {
        kind: Kind::Agent,
        id: "whoever".to_owned(),
    };
    let name = role.map(|role| {
        let mut role = role.clone();
        "whatever".clone_into(&mut role.is.name);
        model.roles.push(role);
        "whatever".to_owned()
    });
    model.holders.insert((who.kind, who.id.clone()), name);
    let of = Answers::of(&model);
    let mut answers = Vec::new();
    for object in &model.objects {
        for (asked, action) in ACTIONS {
            let cell = Cell::object(&object.key, action);
            answers.push((cell, of.can(&who, asked, &object.key, None)));
        }
        for field in &object.fields {
            for (asked, action) in &ACTIONS[..2] {
                let cell = Cell::field(&object.key, &field.key, *action);
                let answer = of.can(&who, *asked, &object.key, Some(&field.key));
                answers.push((cell, answer));
            }
        }
    }
    for permission in &model.permissions {
        let key = &permission.is.key;
        answers.push((Cell::permission(key), of.can_use(&who, key)));
    }
    answers
}

/// The cells that have become allowed, or that are so no more.
fn differing(before: &[(Cell, bool)], after: &[(Cell, bool)], to: bool) -> Vec<Cell> {
    let pairs = before.iter().zip(after);
    pairs
        .filter(|((_, before), (_, after))| before != after && *after == to)
        .map(|(_, (cell, _))| cell.clone())
        .collect()
}

//! Does a draft do what a settings page needs (L29, L30, L31)?

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use rolegate::Action::{Delete, Destroy, Edit, See};
use rolegate::administration::Inherited;
use rolegate::{
    Action, Cell, Change, ChangeError, Draft, Effect, Field, FieldRule, ObjectRule,
    PermissionClass, Principal, Role, Schema, Workspace,
};

use crate::bridge;
use crate::model::{as_saved, cell_takes, drop_field_rule, effect_in, set_cell};
use crate::reference::{
    self, Effect as E, FieldRuleModel, Kind, ObjectRuleModel, RoleModel, Who, World, may_hold,
};
use crate::strategies::{for_all, worlds};

// ---- Facts ----

fn office() -> Workspace {
    rolegate::sample::workspace().unwrap()
}

fn open(workspace: &Workspace, role: &str) -> Draft {
    Draft::open(workspace, role).unwrap()
}

fn intern() -> Draft {
    open(&office(), "Intern")
}

fn people(action: Action) -> Cell {
    Cell::object("people", action)
}

fn email(action: Action) -> Cell {
    Cell::field("people", "email", action)
}

/// What a draft changed, one cell a line.
fn changes(draft: &Draft) -> Vec<String> {
    draft.changes().iter().map(ToString::to_string).collect()
}

#[test]
fn l29_a_draft_changes_nothing_until_it_is_saved() {
    let mut workspace = office();
    let before = workspace.clone();
    let mut draft = open(&workspace, "Intern");
    assert!(!draft.is_dirty());
    draft.set(&people(Delete), Effect::Allow).unwrap();
    assert!(draft.is_dirty());
    assert_eq!(draft.saved(), before.role("Intern"));
    assert_eq!(workspace, before);
    workspace.apply(draft.to_change()).unwrap();
    assert_eq!(workspace.role("Intern"), Some(draft.role()));
    assert!(draft.is_dirty(), "nobody said that it was saved");
    draft.mark_saved();
    assert!(!draft.is_dirty());
    assert_eq!(draft.saved(), Some(draft.role()));
    draft.undo();
    workspace.apply(draft.to_change()).unwrap();
    assert_eq!(workspace.role("Intern"), before.role("Intern"));
}

#[test]
fn l29_a_draft_of_a_new_role_creates_it() {
    let mut workspace = office();
    let mut draft = Draft::new("Sales");
    assert_eq!(draft.saved(), None);
    assert!(draft.is_dirty(), "the role is still to be created");
    draft.set(&Cell::baseline(See), Effect::Allow).unwrap();
    draft.revert(&Cell::baseline(See)).unwrap();
    assert_eq!(draft.role(), &Role::new("Sales"));
    draft.turn_on(&people(Edit), workspace.schema()).unwrap();
    assert_eq!(
        changes(&draft),
        [
            "`see` on `people` from inherit to allow",
            "`edit` on `people` from inherit to allow"
        ]
    );
    workspace.apply(draft.to_change()).unwrap();
    assert_eq!(workspace.role("Sales"), Some(draft.role()));
}

#[test]
fn l13_admin_cannot_be_opened_and_what_is_unknown_is_named() {
    let refused = |role: &str| Draft::open(&office(), role).unwrap_err();
    assert!(matches!(refused("Admin"), ChangeError::AdminIsFixed(name) if name == "Admin"));
    assert_eq!(
        refused("Interm").to_string(),
        "unknown role `Interm`; did you mean `Intern`?"
    );
}

#[test]
fn turning_on_turns_see_on_beside_it_and_turning_off_turns_the_rest_off() {
    let schema = office().schema().clone();
    let on = |cell: &Cell| {
        let mut draft = intern();
        draft.turn_on(cell, &schema).unwrap();
        let now = changes(&draft);
        draft.undo();
        assert_eq!(draft, {
            let mut other = intern();
            other.turn_on(cell, &schema).unwrap();
            other.undo();
            other
        });
        assert!(!draft.is_dirty() && !draft.can_undo(), "it was one edit");
        now
    };
    let off = |cell: &Cell| {
        let mut draft = intern();
        draft.turn_off(cell, &schema).unwrap();
        changes(&draft)
    };
    assert_eq!(
        on(&Cell::object("opportunities", Edit)),
        [
            "`see` on `opportunities` from deny to allow",
            "`edit` on `opportunities` from inherit to allow"
        ]
    );
    assert_eq!(
        on(&Cell::object("companies", Destroy)),
        ["`destroy` on `companies` from inherit to allow"],
        "companies are seen already"
    );
    assert_eq!(
        on(&Cell::baseline(Edit)),
        ["`edit` on all objects from deny to allow"]
    );
    assert_eq!(
        on(&Cell::field("people", "address", Edit)),
        [
            "`see` on `people.address` from deny to allow",
            "`edit` on `people.address` from deny to allow"
        ]
    );
    assert_eq!(
        on(&Cell::permission("send_email")),
        ["permission `send_email` from deny to allow"]
    );
    assert_eq!(
        off(&people(See)),
        [
            "`see` on `people` from inherit to deny",
            "`edit` on `people` from allow to deny"
        ]
    );
    assert_eq!(
        off(&people(Edit)),
        ["`edit` on `people` from allow to deny"]
    );
    assert_eq!(
        off(&Cell::field("people", "name", See)),
        [
            "`see` on `people.name` from inherit to deny",
            "`edit` on `people.name` from inherit to deny"
        ]
    );
    assert_eq!(
        off(&Cell::baseline(See)),
        ["`see` on all objects from allow to deny"]
    );
    let mut draft = intern();
    assert!(draft.turn_on(&email(Delete), &schema).is_err());
    assert!(draft.turn_off(&email(Destroy), &schema).is_err());
    assert!(draft.set(&email(Delete), Effect::Inherit).is_err());
    assert!(draft.revert(&email(Delete)).is_err());
    assert_eq!(draft, intern());
}

#[test]
fn rules_are_removed_whole() {
    let mut draft = intern();
    draft.remove_field_rule("people", "email");
    assert_eq!(
        changes(&draft),
        [
            "`see` on `people.email` from allow to inherit",
            "`edit` on `people.email` from deny to inherit"
        ]
    );
    draft.remove_object_rule("people");
    assert!(!draft.role().rules().contains_key("people"));
    draft.undo();
    draft.undo();
    assert!(!draft.is_dirty());
    draft.remove_field_rule("companies", "name");
    assert!(!draft.is_dirty());
    // A rule that says nothing without its only field rule goes with it.
    let mut draft = Draft::new("Sales");
    draft.set(&email(See), Effect::Allow).unwrap();
    draft.remove_field_rule("people", "email");
    assert_eq!(draft.role(), &Role::new("Sales"));
}

#[test]
fn l30_a_conflict_loses_nothing_and_the_edits_can_be_moved() {
    let mut workspace = office();
    let mut draft = open(&workspace, "Intern");
    let mut other = open(&workspace, "Intern");
    draft.set(&people(Delete), Effect::Allow).unwrap();
    other
        .set(&Cell::object("companies", Edit), Effect::Allow)
        .unwrap();
    workspace.apply(other.to_change()).unwrap();

    let kept = draft.clone();
    let conflict = workspace.apply(draft.to_change()).unwrap_err();
    assert!(matches!(conflict, ChangeError::Conflict(_)), "{conflict}");
    assert_eq!(draft, kept);

    draft.rebase(&workspace).unwrap();
    assert_eq!(draft.saved(), workspace.role("Intern"));
    assert_eq!(
        changes(&draft),
        ["`delete` on `people` from inherit to allow"]
    );
    assert!(!draft.can_undo(), "the history starts anew");
    workspace.apply(draft.to_change()).unwrap();
    let saved = workspace.role("Intern").unwrap();
    assert_eq!(saved.effect(&people(Delete)), Effect::Allow);
    assert_eq!(
        saved.effect(&Cell::object("companies", Edit)),
        Effect::Allow
    );

    workspace
        .apply(Change::rename_role("Intern", "Trainee"))
        .unwrap();
    let kept = draft.clone();
    assert!(draft.rebase(&workspace).is_err());
    assert_eq!(draft, kept);
}

/// The sample with a role that has rules which say nothing, as documents may.
fn with_silent_rules() -> Workspace {
    let mut workspace = office();
    let people = ObjectRule::new()
        .allow(Edit)
        .field("email", FieldRule::new());
    let opportunities = ObjectRule::new().field("name", FieldRule::new());
    let role = Role::new("Silent")
        .allow(See)
        .rule("companies", ObjectRule::new())
        .rule("people", people)
        .rule("opportunities", opportunities);
    workspace.apply(Change::create_role(role)).unwrap();
    workspace
}

#[test]
fn to_set_what_is_set_changes_nothing_of_rules_that_say_nothing() {
    let workspace = with_silent_rules();
    let role = workspace.role("Silent").unwrap();
    for cell in workspace.schema().objects().iter().flat_map(|object| {
        let records = Action::ALL.map(|action| Cell::object(object.key(), action));
        let fields = object.fields().iter().flat_map(|field| {
            [See, Edit].map(|action| Cell::field(object.key(), field.key(), action))
        });
        records.into_iter().chain(fields)
    }) {
        let effect = role.effect(&cell);
        assert_eq!(role.clone().set(&cell, effect).unwrap(), *role, "{cell}");
        let change = Change::set_effect("Silent", cell, effect);
        let refused = workspace.clone().apply(change);
        assert_eq!(refused, Err(ChangeError::NothingChanges));
    }
}

fn silent() -> Draft {
    open(&with_silent_rules(), "Silent")
}

#[test]
fn what_a_cell_is_already_is_no_edit() {
    for cell in [
        Cell::object("companies", See),
        Cell::field("companies", "name", Edit),
        Cell::object("opportunities", Destroy),
        Cell::field("opportunities", "name", See),
        people(Edit),
        email(See),
        Cell::permission("send_email"),
        Cell::baseline(See),
    ] {
        let mut draft = silent();
        draft.revert(&cell).unwrap();
        draft.set(&cell, draft.role().effect(&cell)).unwrap();
        assert_eq!(draft, silent(), "{cell}");
        assert!(!draft.is_dirty() && !draft.can_undo(), "{cell}");
    }
    let mut draft = silent();
    draft.remove_object_rule("companies");
    let removed = draft.clone();
    draft.revert(&Cell::object("companies", See)).unwrap();
    assert_eq!(draft, removed, "the cell is as it was saved");
    // Also where the rule is not as it was saved.
    let mut draft = silent();
    let see = Cell::object("companies", See);
    draft.set(&see, Effect::Allow).unwrap();
    draft.mark_saved();
    draft.undo();
    let undone = draft.clone();
    draft.set(&see, Effect::Inherit).unwrap();
    assert_eq!(draft, undone);
}

#[test]
fn l29_a_rule_of_which_all_cells_are_reverted_is_as_it_was_saved() {
    let name = |object: &str, action| Cell::field(object, "name", action);
    for cells in [
        vec![Cell::object("companies", See)],
        vec![name("companies", See), name("companies", Edit)],
        vec![
            Cell::object("companies", See),
            Cell::object("companies", Edit),
            name("companies", See),
        ],
        vec![name("opportunities", See), name("opportunities", Edit)],
        vec![
            name("opportunities", See),
            Cell::object("opportunities", See),
        ],
        vec![people(Edit), email(See), people(Delete), email(Edit)],
    ] {
        for effect in [Effect::Allow, Effect::Deny] {
            for by_hand in [false, true] {
                let mut draft = silent();
                let saved = draft.role().clone();
                for cell in &cells {
                    draft.set(cell, effect).unwrap();
                }
                assert!(!draft.changes().is_empty());
                let mut steps = vec![draft.clone()];
                for cell in &cells {
                    if by_hand {
                        draft.set(cell, saved.effect(cell)).unwrap();
                    } else {
                        draft.revert(cell).unwrap();
                    }
                    if draft.role() != steps.last().unwrap().role() {
                        steps.push(draft.clone());
                    }
                }
                assert_eq!(draft.role(), &saved, "{cells:?}");
                assert!(!draft.is_dirty());
                assert!(matches!(
                    with_silent_rules().apply(draft.to_change()),
                    Err(ChangeError::NothingChanges)
                ));
                for step in steps.iter().rev().skip(1) {
                    draft.undo();
                    assert_eq!(draft.role(), step.role());
                }
                for step in steps.iter().skip(1) {
                    draft.redo();
                    assert_eq!(draft.role(), step.role());
                }
                assert_eq!(draft.role(), &saved);
            }
        }
    }
}

#[test]
fn where_no_rule_is_saved_there_is_none_after_its_cells_are_reverted() {
    let mut draft = silent();
    let amount = Cell::field("opportunities", "amount", See);
    draft.remove_object_rule("opportunities");
    draft.mark_saved();
    draft.undo();
    draft.set(&amount, Effect::Allow).unwrap();
    draft.revert(&amount).unwrap();
    assert!(!draft.role().rules().contains_key("opportunities"));
    assert!(!draft.is_dirty());
}

#[test]
fn one_field_is_reverted_without_the_rest_of_its_rule() {
    let mut draft = silent();
    draft.set(&people(Delete), Effect::Allow).unwrap();
    draft.set(&email(See), Effect::Deny).unwrap();
    draft.set(&email(Edit), Effect::Deny).unwrap();
    draft.revert(&email(See)).unwrap();
    draft.revert(&email(Edit)).unwrap();
    let rule = &draft.role().rules()["people"];
    assert_eq!(rule.fields()["email"], FieldRule::new());
    assert_eq!(
        changes(&draft),
        ["`delete` on `people` from inherit to allow"]
    );
}

/// One click on a page, and back: also where it sets several cells.
#[test]
fn a_switch_that_is_turned_on_and_reverted_leaves_a_rule_as_it_was_saved() {
    let schema = office().schema().clone();
    let mut draft = silent();
    let write = Cell::field("companies", "name", Edit);
    draft.turn_off(&write, &schema).unwrap();
    draft.turn_on(&write, &schema).unwrap();
    draft.revert(&write).unwrap();
    assert!(!draft.is_dirty());
    let see = Cell::object("opportunities", See);
    draft.turn_off(&see, &schema).unwrap();
    draft.turn_on(&see, &schema).unwrap();
    draft.revert(&see).unwrap();
    assert!(!draft.is_dirty());
}

#[test]
fn removing_a_rule_that_says_nothing_is_an_edit() {
    let mut workspace = with_silent_rules();
    let mut draft = silent();
    draft.remove_object_rule("companies");
    assert!(draft.is_dirty() && draft.can_undo());
    assert_eq!(draft.changes(), []);
    draft.remove_field_rule("people", "email");
    draft.remove_field_rule("opportunities", "name");
    assert_eq!(
        draft.role(),
        &Role::new("Silent")
            .allow(See)
            .rule("people", ObjectRule::new().allow(Edit))
    );
    workspace.apply(draft.to_change()).unwrap();
    // A field rule that is not saved leaves no trace.
    let mut draft = silent();
    draft
        .set(&Cell::field("companies", "name", See), Effect::Allow)
        .unwrap();
    draft.remove_field_rule("companies", "name");
    assert!(!draft.is_dirty());
}

#[test]
fn l30_removing_a_rule_that_says_nothing_is_moved_too() {
    let removed = || {
        let mut draft = silent();
        draft.remove_object_rule("companies");
        draft.remove_field_rule("people", "email");
        draft.remove_object_rule("opportunities");
        draft
    };
    let mut workspace = with_silent_rules();
    workspace
        .apply(Change::describe_role("Silent", "says little"))
        .unwrap();
    let mut draft = removed();
    draft.rebase(&workspace).unwrap();
    let rule = ObjectRule::new().allow(Edit);
    let expected = Role::new("Silent")
        .with_description("says little")
        .allow(See);
    assert_eq!(draft.role(), &expected.rule("people", rule));
    assert!(draft.is_dirty());

    // It stays where it says something now, or something else was added to it.
    let set = |cell: Cell| Change::set_effect("Silent", cell, Effect::Deny);
    workspace.apply(set(email(Edit))).unwrap();
    workspace
        .apply(set(Cell::object("companies", Destroy)))
        .unwrap();
    let mut draft = removed();
    draft.rebase(&workspace).unwrap();
    let current = workspace.role("Silent").unwrap().clone();
    let rules = current.rules();
    assert_eq!(draft.role().rules()["people"], rules["people"]);
    assert_eq!(draft.role().rules()["companies"], rules["companies"]);
    assert!(!draft.role().rules().contains_key("opportunities"));
    let rule = ObjectRule::new()
        .field("name", FieldRule::new())
        .field("amount", FieldRule::new());
    let edited = current.clone().rule("opportunities", rule);
    workspace.apply(Change::save_role(current, edited)).unwrap();
    let mut draft = removed();
    draft.rebase(&workspace).unwrap();
    assert_eq!(
        draft.role().rules()["opportunities"],
        ObjectRule::new().field("amount", FieldRule::new())
    );
}

#[test]
fn l30_rules_that_say_nothing_and_were_not_edited_are_as_in_the_workspace() {
    let mut workspace = office();
    let role = Role::new("Silent");
    workspace.apply(Change::create_role(role.clone())).unwrap();
    let mut draft = open(&workspace, "Silent");
    draft.set(&people(See), Effect::Allow).unwrap();
    draft.mark_saved();
    draft.set(&people(See), Effect::Inherit).unwrap();
    // What the draft drops, somebody else keeps in another way.
    let edited = role.clone().rule("companies", ObjectRule::new());
    workspace.apply(Change::save_role(role, edited)).unwrap();
    draft.rebase(&workspace).unwrap();
    assert_eq!(draft.role(), workspace.role("Silent").unwrap());

    // A rule that was there again after an undo is an edit as well, and so is one whose cells were saved and then undone.
    let removed = |draft: &mut Draft| {
        draft.remove_object_rule("companies");
        draft.remove_field_rule("people", "email");
    };
    let allowed = |draft: &mut Draft| {
        let companies = Cell::object("companies", See);
        draft.set(&companies, Effect::Allow).unwrap();
        draft.set(&email(See), Effect::Allow).unwrap();
    };
    for edit in [removed as fn(&mut Draft), allowed] {
        let mut workspace = with_silent_rules();
        let mut draft = silent();
        edit(&mut draft);
        workspace.apply(draft.to_change()).unwrap();
        draft.mark_saved();
        draft.undo();
        draft.undo();
        let described = Change::describe_role("Silent", "says little");
        workspace.apply(described).unwrap();
        draft.rebase(&workspace).unwrap();
        assert_eq!(draft.role().rules(), silent().role().rules());
    }
}

#[test]
fn what_a_workspace_would_refuse_is_told_before_it_is_saved() {
    let workspace = office();
    let mut draft = intern();
    assert_eq!(draft.problems(workspace.schema()), []);
    draft.set(&people(See), Effect::Deny).unwrap();
    draft
        .set(&Cell::object("peeple", See), Effect::Allow)
        .unwrap();
    let mut refused = workspace.clone();
    let error = refused.apply(draft.to_change()).unwrap_err();
    let ChangeError::Invalid(refused) = &error else {
        panic!("{error}");
    };
    assert_eq!(draft.problems(workspace.schema()), refused.problems());
    assert_eq!(refused.count(), 2);
}

/// L12, L37: what is set or inherited allows, and the answer is no.
#[test]
fn l31_a_dormant_cell_is_told() {
    let schema = Schema::builder()
        .object("people", ["name"])
        .field("people", Field::new("id").read_only())
        .build()
        .unwrap();
    let role = Role::new("Sales")
        .rule("people", ObjectRule::new().allow(Edit))
        .grant("trigger_workflows")
        .grant("send_email");
    let workspace = Workspace::builder(schema.clone())
        .role(Role::admin("Admin"))
        .role(role)
        .default_role("Sales")
        .member("ada", "Admin")
        .build()
        .unwrap();
    let mut draft = open(&workspace, "Sales");
    let shown = |draft: &Draft, cell: Cell| {
        let state = draft.cell(&cell, &schema);
        (state.is_allowed, state.is_dormant)
    };
    let name = |action| Cell::field("people", "name", action);
    assert_eq!(shown(&draft, people(Edit)), (false, true));
    assert_eq!(shown(&draft, people(Delete)), (false, false));
    assert_eq!(
        shown(&draft, Cell::permission("trigger_workflows")),
        (false, true)
    );
    assert_eq!(shown(&draft, Cell::permission("send_email")), (true, false));
    draft.turn_on(&people(Edit), &schema).unwrap();
    assert_eq!(shown(&draft, people(Edit)), (true, false));
    assert_eq!(shown(&draft, name(Edit)), (true, false));
    let id = Cell::field("people", "id", Edit);
    assert_eq!(shown(&draft, id), (false, true));
    assert_eq!(shown(&draft, Cell::baseline(See)), (false, false));
}

#[test]
fn l6_a_cell_that_does_not_exist_inherits_nothing_and_is_neither_allowed_nor_dormant() {
    let workspace = office();
    let schema = workspace.schema();
    let mut draft = intern();
    for action in Action::ALL {
        draft.set(&Cell::baseline(action), Effect::Allow).unwrap();
        draft.set(&people(action), Effect::Allow).unwrap();
    }
    for class in PermissionClass::ALL {
        draft.set(&Cell::all_access(class), Effect::Allow).unwrap();
    }
    let unknown = [
        Cell::object("peeple", Edit),
        Cell::field("peeple", "email", See),
        Cell::field("people", "emall", Edit),
        Cell::permission("fly"),
    ];
    // L5: nor has a field these.
    let never = [email(Delete), email(Destroy)];
    let shows_nothing = |draft: &Draft, cell: &Cell| {
        let state = draft.cell(cell, schema);
        assert_eq!(state.own, draft.role().effect(cell), "{cell}");
        assert_eq!(state.inherited, None, "{cell}");
        assert!(!state.is_allowed && !state.is_dormant, "{cell}");
    };
    for cell in unknown.iter().chain(&never) {
        shows_nothing(&draft, cell);
    }
    for cell in &unknown {
        draft.set(cell, Effect::Allow).unwrap();
        shows_nothing(&draft, cell);
    }
    assert!(draft.cell(&email(Edit), schema).inherited.is_some());
}

#[test]
fn a_preview_lists_the_answers_that_saving_would_change() {
    let workspace = office();
    let mut draft = intern();
    let preview = draft.preview(workspace.schema());
    assert_eq!((preview.gained, preview.lost), (vec![], vec![]));
    draft
        .set(&Cell::object("opportunities", See), Effect::Inherit)
        .unwrap();
    draft.set(&email(See), Effect::Deny).unwrap();
    draft
        .set(&Cell::permission("send_email"), Effect::Allow)
        .unwrap();
    let preview = draft.preview(workspace.schema());
    assert_eq!(
        preview.gained,
        [
            Cell::object("opportunities", See),
            Cell::field("opportunities", "name", See),
            Cell::field("opportunities", "amount", See),
            Cell::permission("send_email"),
        ]
    );
    assert_eq!(preview.lost, [email(See)]);
    let mut draft = Draft::new("Sales");
    draft.set(&people(See), Effect::Allow).unwrap();
    let rule = ObjectRule::new().field("email", FieldRule::NO_ACCESS);
    assert_eq!(Role::new("Sales").rule("people", rule).rules().len(), 1);
    let preview = draft.preview(workspace.schema());
    assert_eq!(preview.gained.first(), Some(&people(See)));
    assert_eq!(preview.lost, []);
}

// ---- Random edits against a naive page ----

#[derive(Clone, Copy, Debug)]
enum Click {
    Set(E),
    TurnOn,
    TurnOff,
    Revert,
    RemoveRule,
    Undo,
    Redo,
    MarkSaved,
}

fn clicks() -> BoxedStrategy<Vec<(Click, Index, bool)>> {
    let click = prop_oneof![
        3 => select(vec![E::Inherit, E::Allow, E::Deny]).prop_map(Click::Set),
        3 => Just(Click::TurnOn),
        3 => Just(Click::TurnOff),
        1 => Just(Click::Revert),
        1 => Just(Click::RemoveRule),
        4 => Just(Click::Undo),
        2 => Just(Click::Redo),
        1 => Just(Click::MarkSaved),
    ];
    vec((click, any::<Index>(), any::<bool>()), 1..=24).boxed()
}

/// A settings page written from the laws alone: every state that the role was in, and the one that is shown.
struct Page {
    saved: RoleModel,
    states: Vec<RoleModel>,
    shown: usize,
}

impl Page {
    fn role(&self) -> &RoleModel {
        &self.states[self.shown]
    }

    fn edit(&mut self, edited: RoleModel) {
        if &edited != self.role() {
            self.shown += 1;
            self.states.truncate(self.shown);
            self.states.push(edited);
        }
    }

    /// Whether the page can do that.
    fn click(&mut self, click: Click, cell: &Cell) -> bool {
        let mut role = self.role().clone();
        let is_of_cells = !matches!(click, Click::RemoveRule);
        let done = match click {
            Click::Set(effect) => set(&mut role, cell, effect),
            Click::TurnOn => {
                let done = set(&mut role, cell, E::Allow);
                if let Some(see) = beside(cell, See).filter(|see| done && !comes_to(&role, see)) {
                    set(&mut role, &see, E::Allow);
                }
                done
            }
            Click::TurnOff => {
                let done = set(&mut role, cell, E::Deny);
                if beside(cell, See).as_ref() == Some(cell) {
                    for write in [Edit, Delete, Destroy] {
                        let write = beside(cell, write);
                        if let Some(write) = write.filter(|write| comes_to(&role, write)) {
                            set(&mut role, &write, E::Deny);
                        }
                    }
                }
                done
            }
            Click::Revert => {
                let effect = effect_in(&self.saved, cell);
                set(&mut role, cell, effect)
            }
            Click::RemoveRule => {
                match cell {
                    Cell::Object { object, .. } => {
                        role.objects.remove(object.as_str());
                    }
                    Cell::Field { object, field, .. } => {
                        let saved = self.saved.objects.get(object.as_str());
                        drop_field_rule(&mut role, object.as_str(), field.as_str());
                        // What is saved as a rule that says nothing is one still.
                        if saved == Some(&ObjectRuleModel::default())
                            && self.role().objects.contains_key(object.as_str())
                        {
                            role.objects.entry(object.to_string()).or_default();
                        }
                    }
                    _ => {}
                }
                true
            }
            Click::Undo => {
                self.shown = self.shown.saturating_sub(1);
                return true;
            }
            Click::Redo => {
                self.shown = (self.shown + 1).min(self.states.len() - 1);
                return true;
            }
            Click::MarkSaved => {
                self.saved = role;
                return true;
            }
        };
        if done && &role != self.role() {
            if is_of_cells {
                as_saved(&mut role, Some(&self.saved), cell);
            }
            self.edit(role);
        }
        done
    }
}

/// Does that to a draft; whether it could be done.
fn click(draft: &mut Draft, schema: &Schema, click: Click, cell: &Cell) -> bool {
    match click {
        Click::Set(effect) => draft.set(cell, effect.into()).is_ok(),
        Click::TurnOn => draft.turn_on(cell, schema).is_ok(),
        Click::TurnOff => draft.turn_off(cell, schema).is_ok(),
        Click::Revert => draft.revert(cell).is_ok(),
        Click::RemoveRule => {
            match cell {
                Cell::Object { object, .. } => draft.remove_object_rule(object),
                Cell::Field { object, field, .. } => draft.remove_field_rule(object, field),
                _ => {}
            }
            true
        }
        Click::Undo => {
            draft.undo();
            true
        }
        Click::Redo => {
            draft.redo();
            true
        }
        Click::MarkSaved => {
            draft.mark_saved();
            true
        }
    }
}

fn at(action: Action) -> usize {
    Action::ALL
        .iter()
        .position(|known| *known == action)
        .unwrap()
}

/// Whether the cell can be set to that.
fn set(role: &mut RoleModel, cell: &Cell, effect: E) -> bool {
    let can_be = cell_takes(cell, effect.into());
    if can_be {
        set_cell(role, cell, effect.into());
    }
    can_be
}

fn beside(cell: &Cell, action: Action) -> Option<Cell> {
    match cell {
        Cell::Baseline { .. } => Some(Cell::baseline(action)),
        Cell::Object { object, .. } => Some(Cell::object(object, action)),
        Cell::Field { object, field, .. } if matches!(action, See | Edit) => {
            Some(Cell::field(object, field, action))
        }
        _ => None,
    }
}

/// The cells from which a cell of records inherits, the nearest first.
fn above(cell: &Cell) -> Vec<Cell> {
    match cell {
        Cell::Object { action, .. } => vec![Cell::baseline(*action)],
        Cell::Field { object, action, .. } => {
            vec![Cell::object(object, *action), Cell::baseline(*action)]
        }
        _ => vec![],
    }
}

/// Whether the cascade allows a cell of records (L1).
fn comes_to(role: &RoleModel, cell: &Cell) -> bool {
    let effects = [cell.clone()].into_iter().chain(above(cell));
    let mut said = effects.map(|cell| effect_in(role, &cell));
    said.find(|effect| *effect != E::Inherit) == Some(E::Allow)
}

/// Every cell of a world, also those that fields have not.
fn every_cell(world: &World) -> Vec<Cell> {
    let records = world.objects.iter().flat_map(|(object, fields)| {
        let fields = fields.iter().take(5).flat_map(move |field| {
            Action::ALL.map(|action| Cell::field(object.as_str(), field.as_str(), action))
        });
        let record = Action::ALL.map(|action| Cell::object(object.as_str(), action));
        record.into_iter().chain(fields)
    });
    let permissions = world.permissions.iter().take(12);
    let permissions = permissions.map(|known| Cell::permission(known.key.as_str()));
    Action::ALL
        .map(Cell::baseline)
        .into_iter()
        .chain(PermissionClass::ALL.map(Cell::all_access))
        .chain(permissions)
        .chain(records)
        .collect()
}

/// A world, and one of its roles that is not Admin. Often that role has rules and field rules that say nothing.
fn worlds_and_roles() -> impl Strategy<Value = (World, usize)> {
    let silent = (any::<Index>(), any::<bool>(), vec(any::<Index>(), 0..=2));
    let parts = (worlds(), any::<Index>(), vec(silent, 0..=2));
    parts.prop_map(|(mut world, role, silent)| {
        let roles = world.roles.iter().enumerate();
        let editable: Vec<usize> = roles
            .filter(|(_, role)| !role.admin)
            .map(|(at, _)| at)
            .collect();
        let role = *role.get(&editable);
        let silent = silent.iter().filter(|_| !world.objects.is_empty());
        for (object, says_more, fields) in silent {
            let (object, known) = object.get(&world.objects);
            let rules = &mut world.roles[role].objects;
            if !says_more {
                rules.remove(object);
            }
            let rule = rules.entry(object.clone()).or_default();
            for field in fields.iter().filter(|_| !known.is_empty()) {
                let field = field.get(known).clone();
                rule.fields.insert(field, FieldRuleModel::default());
            }
        }
        (world, role)
    })
}

#[test]
fn l29_a_draft_is_the_page_that_the_laws_describe() {
    for_all(
        (worlds_and_roles(), clicks()),
        |((world, role), done_before)| {
            let workspace = bridge::workspace(&world);
            let schema = workspace.schema();
            let saved = world.roles[role].clone();
            let mut draft = open(&workspace, &saved.name);
            let cells = every_cell(&world);
            let mut page = Page {
                states: vec![saved.clone()],
                shown: 0,
                saved,
            };
            let mut last = cells[0].clone();
            for (what, place, again) in done_before {
                // Often the same cell again.
                let cell = if again {
                    last
                } else {
                    place.get(&cells).clone()
                };
                let expected = page.click(what, &cell);
                let done = click(&mut draft, schema, what, &cell);
                prop_assert_eq!(done, expected, "{:?} {}", what, cell);
                prop_assert_eq!(
                    draft.role(),
                    &bridge::role(page.role()),
                    "{:?} {}",
                    what,
                    cell
                );
                prop_assert_eq!(draft.saved(), Some(&bridge::role(&page.saved)));
                prop_assert_eq!(draft.is_dirty(), page.role() != &page.saved);
                prop_assert_eq!(draft.can_undo(), page.shown > 0);
                prop_assert_eq!(draft.can_redo(), page.shown + 1 < page.states.len());
                last = cell;
            }
            let changed = draft.changes();
            for cell in cells {
                let change = changed.iter().find(|change| change.cell == cell);
                let told = change.map(|change| (change.from, change.to));
                let (from, to) = (effect_in(&page.saved, &cell), effect_in(page.role(), &cell));
                let expected = (from != to).then(|| (from.into(), to.into()));
                prop_assert_eq!(told, expected, "{}", cell);
            }
            Ok(())
        },
    );
}

/// The answer of a check about a cell, by somebody who holds the role.
fn answer(world: &World, who: &Who, cell: &Cell) -> Option<bool> {
    let chain = std::slice::from_ref(who);
    let can = |action: Action, object, field| {
        let action = crate::asks::ACTIONS[at(action)];
        reference::can(world, chain, action, object, field)
    };
    match cell {
        Cell::Object { object, action } => Some(can(*action, object.as_str(), None)),
        Cell::Field {
            object,
            field,
            action,
        } => Some(can(*action, object.as_str(), Some(field.as_str()))),
        Cell::Permission { permission } => {
            Some(reference::can_use(world, chain, permission.as_str()))
        }
        Cell::Baseline { .. } | Cell::AllAccess { .. } => None,
    }
}

#[test]
fn l31_each_cell_tells_what_is_set_what_is_inherited_from_where_and_the_answer() {
    for_all(worlds_and_roles(), |(mut world, role)| {
        world.roles[role].held_by.insert(Kind::Member);
        prop_assert!(may_hold(&world, Kind::Member, role));
        world.members.insert("probe".to_owned(), role);
        let probe = Who {
            kind: Kind::Member,
            id: "probe".to_owned(),
        };
        let workspace = bridge::workspace(&world);
        let schema = workspace.schema();
        let model = &world.roles[role];
        let draft = open(&workspace, &model.name);
        let cells = draft.cells(schema);
        let fields = world.objects.iter().map(|(_, fields)| 4 + 2 * fields.len());
        let expected = 4 + 2 + fields.sum::<usize>() + world.permissions.len();
        prop_assert_eq!(cells.len(), expected, "every cell is shown");
        for state in &cells {
            let cell = &state.cell;
            prop_assert_eq!(&draft.cell(cell, schema), state);
            prop_assert_eq!(state.own, effect_in(model, cell).into(), "{}", cell);
            let source = match cell {
                Cell::Permission { permission } => {
                    let mut known = world.permissions.iter();
                    let known = known.find(|known| permission.as_str() == known.key);
                    Some(Cell::all_access(known.unwrap().class.into()))
                }
                _ => above(cell)
                    .into_iter()
                    .find(|above| effect_in(model, above) != E::Inherit),
            };
            let told = state.inherited.as_ref();
            let told = told.map(
                |Inherited {
                     is_allowed, source, ..
                 }| (*is_allowed, source.clone()),
            );
            let inherits = source
                .as_ref()
                .is_some_and(|source| effect_in(model, source) == E::Allow);
            prop_assert_eq!(told, source.map(|source| (inherits, source)), "{}", cell);
            let comes_to = match cell {
                Cell::Permission { .. } => inherits || effect_in(model, cell) == E::Allow,
                _ => comes_to(model, cell),
            };
            let allowed = answer(&world, &probe, cell).unwrap_or(comes_to);
            prop_assert_eq!(state.is_allowed, allowed, "{}", cell);
            prop_assert_eq!(state.is_dormant, comes_to && !allowed, "{}", cell);
        }
        Ok(())
    });
}

/// What is previewed are the answers that differ after saving.
#[test]
fn l31_a_preview_tells_which_checks_answer_otherwise_after_saving() {
    let edits = vec(
        (any::<Index>(), select(vec![E::Inherit, E::Allow, E::Deny])),
        1..=6,
    );
    for_all((worlds_and_roles(), edits), |((mut world, role), edits)| {
        world.roles[role].held_by.insert(Kind::Member);
        world.members.insert("probe".to_owned(), role);
        let mut workspace = bridge::workspace(&world);
        let before = workspace.compile();
        let mut draft = open(&workspace, &world.roles[role].name);
        let cells = every_cell(&world);
        for (place, effect) in edits {
            let _ = draft.set(place.get(&cells), effect.into());
        }
        let preview = draft.preview(workspace.schema());
        if workspace.apply(draft.to_change()).is_err() {
            // Nothing was edited, or it contradicts itself.
            prop_assert!(!draft.is_dirty() || !draft.problems(workspace.schema()).is_empty());
            return Ok(());
        }
        let after = workspace.compile();
        let probe = Principal::member("probe");
        let mut told = Vec::new();
        for state in draft.cells(workspace.schema()) {
            let allowed = |policy: &rolegate::Policy| match &state.cell {
                Cell::Object { object, action } => {
                    policy.can(&probe, *action, object.as_str(), None)
                }
                Cell::Field {
                    object,
                    field,
                    action,
                } => policy.can(&probe, *action, object.as_str(), field.as_str()),
                Cell::Permission { permission } => {
                    policy.access(&probe).can_use(permission.as_str())
                }
                _ => false,
            };
            match (allowed(&before), allowed(&after)) {
                (false, true) => prop_assert!(preview.gained.contains(&state.cell)),
                (true, false) => prop_assert!(preview.lost.contains(&state.cell)),
                _ => continue,
            }
            told.push(state.cell);
        }
        prop_assert_eq!(preview.gained.len() + preview.lost.len(), told.len());
        Ok(())
    });
}

//! Which changes are tried? Random ones, legal and not, about what a model has and about what it has not.
//!
//! A change is made of a handful of bytes, each of which picks one of a few things; no bytes left picks the first.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use rolegate::schema::Writing;
use rolegate::workspace::{GrantPolicy, KeysWithoutRole};
use rolegate::{
    Cell, Change, Effect, GroupMapping, Permission, PermissionClass, Principal, PrincipalKind, Role,
};

use crate::model::{
    FieldModel, Guard, Model, ObjectModel, PermissionModel, RoleState, principal, principal_kind,
};
use crate::reference::{
    self, Class, Effect as E, FieldRuleModel, KeysWithoutRole as Keys, Kind, ObjectRuleModel,
    RoleModel,
};

const ROLES: [&str; 7] = [
    "Sales", "Guest", "Broker", "Auditor", "Intern", "Member", "Admin",
];
const OBJECTS: [&str; 4] = ["people", "companies", "deals", "tasks"];
const FIELDS: [&str; 3] = ["name", "email", "owner"];
const PERMISSIONS: [&str; 13] = [
    "roles",
    "api_keys",
    "workspace",
    "workspace_members",
    "data_model",
    "security",
    "workflows",
    "trigger_workflows",
    "export_csv",
    "billing",
    "audit",
    "send_email",
    "import_csv",
];
const IDS: [&str; 4] = ["ada", "ben", "cleo", "dan"];
pub(crate) const GROUPS: [&str; 3] = ["sales", "owners", "staff"];
const MALFORMED: [&str; 3] = ["", "bell\u{7}", "a\nb"];
const TEXTS: [&str; 3] = ["first", "second", ""];

/// How many kinds of change there are.
pub(crate) const CHANGES: usize = 26;

/// Bytes for some steps.
pub(crate) fn steps(most: usize) -> impl Strategy<Value = Vec<Vec<u8>>> {
    vec(vec(any::<u8>(), 96), 1..most)
}

/// The workspace that everything starts from.
pub(crate) fn office() -> Model {
    let field = |key: &str, relation: Option<&str>| FieldModel {
        key: key.to_owned(),
        label: None,
        relation: relation.map(str::to_owned),
        guard: Guard::default(),
    };
    let object = |key: &str, fields: Vec<FieldModel>| ObjectModel {
        key: key.to_owned(),
        label: None,
        fields,
    };
    let mut intern = RoleModel::new("Intern");
    intern.baseline = [true, false, false, false];
    let people = ObjectRuleModel {
        effects: [E::Inherit, E::Allow, E::Inherit, E::Inherit],
        fields: [(
            "email".to_owned(),
            FieldRuleModel {
                see: E::Deny,
                edit: E::Deny,
            },
        )]
        .into(),
    };
    intern.objects = [("people".to_owned(), people)].into();
    let mut member = RoleModel::new("Member");
    member.baseline = [true, true, false, false];
    member.permissions = ["export_csv".to_owned()].into();
    let mut manager = RoleModel::new("Sales");
    manager.baseline = [true, true, true, false];
    manager.all_access = [Class::Settings].into();
    let permissions = PERMISSIONS[..9].iter().map(|key| PermissionModel {
        is: reference::Permission {
            key: (*key).to_owned(),
            class: match *key {
                "export_csv" | "trigger_workflows" => Class::Actions,
                _ => Class::Settings,
            },
            requires: match *key {
                "trigger_workflows" => ["workflows".to_owned()].into(),
                _ => BTreeSet::new(),
            },
        },
        label: None,
    });
    let holders = [
        (Kind::Member, "ada", Some("Admin")),
        (Kind::Member, "ben", Some("Member")),
        (Kind::Member, "cleo", Some("Sales")),
        (Kind::ApiKey, "ada", Some("Sales")),
        (Kind::ApiKey, "ben", None),
        (Kind::Agent, "ada", Some("Intern")),
        (Kind::Agent, "ben", None),
    ];
    let roles = [RoleModel::admin("Admin"), member, intern, manager];
    Model {
        objects: vec![
            object("people", vec![field("name", None), field("email", None)]),
            object(
                "companies",
                vec![field("name", None), field("owner", Some("people"))],
            ),
        ],
        permissions: permissions.collect(),
        roles: roles
            .map(|is| RoleState {
                is,
                description: None,
            })
            .into(),
        default_role: "Member".to_owned(),
        holders: (holders.into_iter())
            .map(|(kind, id, role)| ((kind, id.to_owned()), role.map(str::to_owned)))
            .collect(),
        mappings: [("sales", "Sales"), ("staff", "Intern")]
            .map(|(group, role)| (group.to_owned(), Some(role.to_owned())))
            .into(),
        keys_without_role: Keys::DefaultRole,
        within_own_access: false,
        revision: 0,
    }
}

/// What picks.
pub(crate) struct Dice<'d>(&'d [u8]);

impl<'d> Dice<'d> {
    pub(crate) fn new(bytes: &'d [u8]) -> Self {
        Self(bytes)
    }

    /// Whether no byte is left.
    pub(crate) fn is_spent(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        usize::from(*first) % sides
    }

    pub(crate) fn once_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == sides - 1
    }

    pub(crate) fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        let index = self.roll(of.len());
        of[index].clone()
    }

    pub(crate) fn subset<T: Clone>(&mut self, of: &[T]) -> Vec<T> {
        let chosen = of.iter().filter(|_| self.once_in(3));
        chosen.cloned().collect()
    }

    /// Mostly one of `known`, else one of `all`.
    fn name(&mut self, known: &[&str], all: &[&str]) -> String {
        if known.is_empty() || self.once_in(5) {
            self.pick(all).to_owned()
        } else {
            self.pick(known).to_owned()
        }
    }

    /// One of `all`, seldom one that is no name at all.
    fn new_name(&mut self, all: &[&str]) -> String {
        if self.once_in(12) {
            self.pick(&MALFORMED).to_owned()
        } else {
            self.pick(all).to_owned()
        }
    }

    fn text(&mut self) -> Option<String> {
        (!self.once_in(3)).then(|| self.pick(&TEXTS).to_owned())
    }

    pub(crate) fn role(&mut self, model: &Model) -> String {
        let known: Vec<&str> = model.roles.iter().map(|it| it.is.name.as_str()).collect();
        self.name(&known, &ROLES)
    }

    pub(crate) fn object(&mut self, model: &Model) -> String {
        let known: Vec<&str> = model.objects.iter().map(|it| it.key.as_str()).collect();
        self.name(&known, &OBJECTS)
    }

    pub(crate) fn field_of(&mut self, model: &Model, object: &str) -> String {
        let object = model.object(object);
        let known = object.iter().flat_map(|it| &it.fields);
        let known: Vec<&str> = known.map(|it| it.key.as_str()).collect();
        self.name(&known, &FIELDS)
    }

    fn permission(&mut self, model: &Model) -> String {
        let known = model.permissions.iter().map(|it| it.is.key.as_str());
        self.name(&known.collect::<Vec<_>>(), &PERMISSIONS)
    }

    pub(crate) fn principal(&mut self, model: &Model) -> Principal {
        if self.once_in(5) {
            let kind = self.pick(&PrincipalKind::ALL);
            return Principal::new(kind, self.pick(&IDS));
        }
        let known = model.everybody();
        if known.is_empty() {
            return Principal::member("ada");
        }
        let who = self.pick(&known);
        principal(who.kind, &who.id)
    }

    fn kinds(&mut self) -> Vec<PrincipalKind> {
        let kinds = PrincipalKind::ALL.into_iter();
        kinds.filter(|_| self.roll(4) != 3).collect()
    }

    fn effects(&mut self) -> [E; 4] {
        let mut effects = [(); 4].map(|()| self.pick(&[E::Inherit, E::Allow, E::Deny]));
        if effects[0] == E::Deny && !self.once_in(6) {
            effects[1..].fill(E::Inherit);
        }
        effects
    }

    /// A role of that name; seldom one with a contradiction or an unknown name in it.
    pub(crate) fn role_state(&mut self, model: &Model, name: &str) -> RoleState {
        let mut role = RoleModel::new(name);
        role.baseline = [(); 4].map(|()| self.roll(2) == 1);
        role.baseline[0] |= !self.once_in(8);
        for _ in 0..self.roll(3) {
            let object = self.object(model);
            let mut effects = self.effects();
            let mut fields = std::collections::BTreeMap::new();
            // Now and then the field rules say nothing, and seldom the rule does not either.
            let roll = self.roll(24);
            if roll >= 21 {
                effects = [E::Inherit; 4];
            }
            for _ in 0..roll % 3 {
                let [see, edit, ..] = self.effects();
                let field = self.field_of(model, &object);
                let rule = FieldRuleModel { see, edit };
                fields.insert(field, if roll >= 18 { <_>::default() } else { rule });
            }
            role.objects
                .insert(object, ObjectRuleModel { effects, fields });
        }
        for _ in 0..self.roll(4) {
            role.permissions.insert(self.permission(model));
        }
        role.all_access = self
            .subset(&[Class::Settings, Class::Actions])
            .into_iter()
            .collect();
        role.held_by = [Kind::Member, Kind::ApiKey, Kind::Agent]
            .into_iter()
            .filter(|_| !self.once_in(6))
            .collect();
        if self.once_in(20) {
            role = RoleModel::admin(name);
        }
        RoleState {
            is: role,
            description: self.text(),
        }
    }

    pub(crate) fn cell(&mut self, model: &Model) -> Cell {
        let action = self.pick(&rolegate::Action::ALL);
        match self.roll(8) {
            0 => Cell::baseline(action),
            1 => Cell::permission(self.permission(model)),
            2 => Cell::all_access(self.pick(&PermissionClass::ALL)),
            3 | 4 => Cell::object(self.object(model), action),
            _ => {
                let object = self.object(model);
                let field = self.field_of(model, &object);
                let few = [rolegate::Action::See, rolegate::Action::Edit, action];
                Cell::field(object, field, self.pick(&few))
            }
        }
    }

    fn new_field(&mut self, model: &Model, key: String) -> FieldModel {
        FieldModel {
            key,
            label: self.text(),
            relation: self.once_in(3).then(|| self.object(model)),
            guard: self.guard(model),
        }
    }

    fn guard(&mut self, model: &Model) -> Guard {
        use reference::Action::{Delete, Destroy, Edit, See};
        let mut guard = Guard::default();
        match self.roll(12) {
            9 => guard.writing = Writing::System,
            10 => guard.writing = Writing::ReadOnly,
            _ => {}
        }
        if self.once_in(4) {
            let actions = self.subset(&[Delete, Edit, Destroy]);
            guard.actions = actions.into_iter().collect();
        }
        if self.once_in(20) {
            guard.actions.insert(See);
        }
        if self.once_in(4) {
            guard.permissions.insert(self.permission(model));
        }
        guard
    }

    fn new_permission(&mut self, model: &Model, key: &str) -> Permission {
        let old = model.permission(key);
        let classes = [Class::Settings, Class::Actions];
        let class = match old {
            Some(old) if !self.once_in(4) => old.is.class,
            _ => self.pick(&classes),
        };
        let mut requires = BTreeSet::new();
        for _ in 0..self.roll(3) {
            requires.insert(self.permission(model));
        }
        PermissionModel {
            is: reference::Permission {
                key: key.to_owned(),
                class,
                requires,
            },
            label: self.text(),
        }
        .build()
    }

    fn mappings(&mut self, model: &Model) -> Vec<GroupMapping> {
        let count = self.roll(4);
        (0..count)
            .map(|_| {
                let group = self.new_name(&GROUPS);
                match self.roll(4) {
                    3 => GroupMapping::to_admin(group),
                    _ => GroupMapping::new(group, self.role(model)),
                }
            })
            .collect()
    }

    /// A change of any kind.
    pub(crate) fn change(&mut self, model: &Model) -> Change {
        let kind = self.roll(CHANGES);
        self.change_of(kind, model)
    }

    pub(crate) fn change_of(&mut self, kind: usize, model: &Model) -> Change {
        let role = self.role(model);
        match kind {
            0 => {
                let name = self.new_name(&ROLES);
                Change::create_role(self.role_state(model, &name).build())
            }
            1 => Change::rename_role(role, self.new_name(&ROLES)),
            2 => Change::DescribeRole {
                role: role.into(),
                description: self.text(),
            },
            3 => {
                let effect = self.pick(&[Effect::Allow, Effect::Deny, Effect::Inherit]);
                Change::set_effect(role, self.cell(model), effect)
            }
            4 => self.save_role(model, &role),
            5 => Change::duplicate_role(role, self.new_name(&ROLES)),
            6 => Change::delete_role(role),
            7 => Change::set_holder_kinds(role, self.kinds()),
            8 => Change::assign_role(self.principal(model), role),
            9 => Change::clear_role(self.principal(model)),
            10 => Change::set_default_role(role),
            11 => {
                let kind = self.pick(&[Kind::Member, Kind::ApiKey, Kind::Agent]);
                let id = self.new_name(&IDS);
                Change::add(Principal::new(principal_kind(kind), id))
            }
            12 => {
                let groups = self.subset(&GROUPS);
                Change::join(self.new_name(&IDS), groups)
            }
            13 => Change::remove(self.principal(model)),
            14 => Change::set_group_mappings(self.mappings(model)),
            15 => Change::SetKeysWithoutRole {
                access: self.pick(&KeysWithoutRole::ALL),
            },
            16 => Change::SetGrantPolicy {
                policy: self.pick(&GrantPolicy::ALL),
            },
            _ => self.change_of_schema(kind, model),
        }
    }

    fn save_role(&mut self, model: &Model, name: &str) -> Change {
        let saved = match model.role(name) {
            Some(role) if !self.once_in(5) => role.build(),
            _ => Role::new(name),
        };
        let edited = match self.roll(8) {
            0 => saved.clone(),
            1 => {
                let name = self.new_name(&ROLES);
                self.role_state(model, &name).build()
            }
            _ => self.role_state(model, name).build(),
        };
        let [saved, edited] = [saved, edited].map(Box::new);
        Change::SaveRole { saved, edited }
    }

    fn change_of_schema(&mut self, kind: usize, model: &Model) -> Change {
        let object = self.object(model);
        match kind {
            17 => {
                let key = self.new_name(&OBJECTS);
                let fields = self.subset(&FIELDS);
                let new = ObjectModel {
                    key,
                    label: self.text(),
                    fields: (fields.into_iter())
                        .map(|key| self.new_field(model, key.to_owned()))
                        .collect(),
                };
                Change::add_object(new.build())
            }
            18 => Change::LabelObject {
                object: object.into(),
                label: self.text(),
            },
            19 => Change::remove_object(object),
            20 => {
                let key = self.new_name(&FIELDS);
                Change::add_field(object, self.new_field(model, key).build())
            }
            21 => {
                let key = self.field_of(model, &object);
                Change::UpdateField {
                    field: self.new_field(model, key).build(),
                    object: object.into(),
                }
            }
            22 => {
                let field = self.field_of(model, &object);
                Change::remove_field(object, field)
            }
            23 => {
                let key = self.new_name(&PERMISSIONS[7..]);
                Change::AddPermission {
                    permission: self.new_permission(model, &key),
                }
            }
            24 => {
                let key = self.permission(model);
                Change::UpdatePermission {
                    permission: self.new_permission(model, &key),
                }
            }
            _ => Change::RemovePermission {
                permission: self.permission(model).into(),
            },
        }
    }

    /// A change of a kind that can give somebody more.
    pub(crate) fn change_that_gives(&mut self, model: &Model) -> Change {
        let kind = self.pick(&[0, 3, 3, 4, 5, 6, 8, 8, 10, 11, 12, 14, 15, 24]);
        self.change_of(kind, model)
    }

    /// One change, or a few that build on each other.
    pub(crate) fn batch(&mut self, model: &Model) -> Vec<Change> {
        let count = match self.roll(3) {
            0 => 1 + self.roll(4),
            _ => 1,
        };
        let mut model = model.clone();
        (0..count)
            .map(|_| {
                let change = self.change(&model);
                if let Ok(after) = model.after(&change) {
                    model = after;
                }
                change
            })
            .collect()
    }
}

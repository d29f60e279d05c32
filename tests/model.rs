//! What does a change do? A naive workspace of maps and sets, and what each change makes of it.
//!
//! Names are plain text, every change looks at everything, and nothing is shared with the library but
//! the data that goes in: the changes. Answers and laws are those of the [`reference`](crate::reference).

use std::collections::{BTreeMap, BTreeSet};
use std::slice::from_ref;

use rolegate::{
    Cell, Change, Field, GroupMapping, Object, ObjectRule, Permission, PermissionClass, Principal,
    PrincipalKind, Role, Schema, Workspace,
};

use rolegate::schema::Writing;

use rolegate::workspace::{GrantPolicy, GroupTarget};

use crate::reference::{
    self, Class, Effect, FieldRuleModel, KeysWithoutRole, Kind, ObjectRuleModel, RoleModel, Who,
    World,
};

mod stored;

/// A workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Model {
    pub(crate) objects: Vec<ObjectModel>,
    pub(crate) permissions: Vec<PermissionModel>,
    pub(crate) roles: Vec<RoleState>,
    pub(crate) default_role: String,
    pub(crate) holders: BTreeMap<(Kind, String), Option<String>>,
    /// Each group with its role; none for a mapping to Admin.
    pub(crate) mappings: Vec<(String, Option<String>)>,
    pub(crate) keys_without_role: KeysWithoutRole,
    pub(crate) within_own_access: bool,
    pub(crate) revision: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ObjectModel {
    pub(crate) key: String,
    pub(crate) label: Option<String>,
    pub(crate) fields: Vec<FieldModel>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldModel {
    pub(crate) key: String,
    pub(crate) label: Option<String>,
    pub(crate) relation: Option<String>,
    pub(crate) guard: Guard,
}

/// What the schema asks of who writes a field, besides what roles say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Guard {
    pub(crate) writing: Writing,
    pub(crate) actions: BTreeSet<reference::Action>,
    pub(crate) permissions: BTreeSet<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PermissionModel {
    pub(crate) is: reference::Permission,
    pub(crate) label: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RoleState {
    pub(crate) is: RoleModel,
    pub(crate) description: Option<String>,
}

/// Why a change is refused: the names of the library's reasons.
pub(crate) type Why = &'static str;

// ---- Changes ----

impl Model {
    /// The model after a change, or every reason why there is none.
    pub(crate) fn after(&self, change: &Change) -> Result<Self, BTreeSet<Why>> {
        let mut reasons = self.reasons(change);
        if !reasons.is_empty() {
            return Err(reasons);
        }
        let mut after = self.clone();
        after.make(change);
        if after == *self {
            reasons.insert("NothingChanges");
        }
        if !after.is_sound() {
            reasons.insert("Invalid");
        }
        if !reasons.is_empty() {
            return Err(reasons);
        }
        after.revision += 1;
        Ok(after)
    }

    /// The model after all changes of a batch, or where it is refused (nowhere: as a whole) and why.
    pub(crate) fn after_all(
        &self,
        changes: &[Change],
    ) -> Result<Self, (Option<usize>, BTreeSet<Why>)> {
        let mut after = self.clone();
        for (position, change) in changes.iter().enumerate() {
            after = after
                .after(change)
                .map_err(|reasons| (Some(position), reasons))?;
        }
        let reasons = after.broken_laws();
        if reasons.is_empty() {
            Ok(after)
        } else {
            Err((None, reasons))
        }
    }

    /// Why a change cannot be made, as far as its names and the things that they name tell.
    fn reasons(&self, change: &Change) -> BTreeSet<Why> {
        let role = |name: &rolegate::RoleName| self.role(name.as_str());
        let is_admin = |name: &rolegate::RoleName| role(name).is_some_and(|role| role.is.admin);
        let holder = |principal| self.holders.contains_key(&key_of(principal));
        let facts: Vec<(bool, Why)> = match change {
            Change::CreateRole { role: new } => vec![
                (new.is_admin(), "AdminIsFixed"),
                (!self.takes(&RoleState::of(new)), "Invalid"),
                (role(new.name()).is_some(), "Taken"),
            ],
            Change::RenameRole { role: name, to } => vec![
                (role(name).is_none(), "Unknown"),
                (is_admin(name), "AdminIsFixed"),
                (name != to && role(to).is_some(), "Taken"),
            ],
            Change::DescribeRole { role: name, .. } | Change::SetHolderKinds { role: name, .. } => {
                vec![
                    (role(name).is_none(), "Unknown"),
                    (is_admin(name), "AdminIsFixed"),
                ]
            }
            Change::SetEffect {
                role: name,
                cell,
                effect,
            } => vec![
                (role(name).is_none(), "Unknown"),
                (is_admin(name), "AdminIsFixed"),
                (!cell_takes(cell, *effect), "InvalidCell"),
            ],
            Change::SaveRole { saved, edited } => vec![
                (saved.name() != edited.name(), "RenamedWhileEditing"),
                (edited.is_admin() || is_admin(saved.name()), "AdminIsFixed"),
                (
                    role(saved.name()) != Some(&RoleState::of(saved)),
                    "Conflict",
                ),
            ],
            Change::DuplicateRole { role: name, to } => vec![
                (role(name).is_none(), "Unknown"),
                (is_admin(name), "AdminIsFixed"),
                (role(to).is_some(), "Taken"),
            ],
            Change::DeleteRole { role: name } => vec![
                (role(name).is_none(), "Unknown"),
                (is_admin(name), "AdminIsFixed"),
                (*name == *self.default_role, "DefaultRoleInUse"),
                (self.maps_to(name.as_str()), "MappedRole"),
            ],
            Change::AssignRole {
                principal,
                role: name,
            } => vec![
                (role(name).is_none(), "Unknown"),
                (!holder(principal), "Unknown"),
            ],
            Change::ClearRole { principal } => vec![
                (!holder(principal), "Unknown"),
                (principal.kind() == PrincipalKind::Member, "MemberNeedsRole"),
            ],
            Change::SetDefaultRole { role: name } => vec![(role(name).is_none(), "Unknown")],
            Change::AddPrincipal { principal } => vec![(holder(principal), "Taken")],
            Change::Join { member, .. } => {
                vec![(holder(&Principal::member(member.as_str())), "Taken")]
            }
            Change::RemovePrincipal { principal } => vec![(!holder(principal), "Unknown")],
            Change::SetGroupMappings { mappings } => vec![(
                mappings.iter().any(|it| match &it.target {
                    GroupTarget::Role(name) => {
                        role(name).is_some_and(|role| !role.is.held_by.contains(&Kind::Member))
                    }
                    _ => false,
                }),
                "Invalid",
            )],
            _ => self.reasons_in_schema(change),
        };
        let hold = facts.into_iter().filter(|(holds, _)| *holds);
        hold.map(|(_, why)| why).collect()
    }

    fn reasons_in_schema(&self, change: &Change) -> Vec<(bool, Why)> {
        let object = |key: &rolegate::ObjectKey| self.object(key.as_str());
        let field = |object: &rolegate::ObjectKey, key: &rolegate::FieldKey| {
            self.field(object.as_str(), key.as_str())
        };
        let permission = |key: &rolegate::PermissionKey| self.permission(key.as_str());
        match change {
            Change::AddObject { object: new } => vec![(object(new.key()).is_some(), "Taken")],
            Change::LabelObject { object: key, .. } | Change::RemoveObject { object: key } => {
                vec![(object(key).is_none(), "Unknown")]
            }
            Change::AddField {
                object: of,
                field: new,
            } => vec![
                (object(of).is_none(), "Unknown"),
                (field(of, new.key()).is_some(), "Taken"),
            ],
            Change::UpdateField {
                object: of,
                field: new,
            } => vec![(field(of, new.key()).is_none(), "Unknown")],
            Change::RemoveField {
                object: of,
                field: key,
            } => vec![(field(of, key).is_none(), "Unknown")],
            Change::AddPermission { permission: new } => {
                vec![(permission(new.key()).is_some(), "Taken")]
            }
            Change::UpdatePermission { permission: new } => vec![
                (permission(new.key()).is_none(), "Unknown"),
                (
                    permission(new.key()).is_some_and(|old| old.is.class != class(new.class())),
                    "ClassIsFixed",
                ),
            ],
            Change::RemovePermission { permission: key } => vec![
                (permission(key).is_none(), "Unknown"),
                (
                    (self.permissions.iter()).any(|it| it.is.requires.contains(key.as_str())),
                    "RequiredBy",
                ),
                (
                    (self.objects.iter().flat_map(|it| &it.fields))
                        .any(|it| it.guard.permissions.contains(key.as_str())),
                    "BoundTo",
                ),
            ],
            _ => vec![],
        }
    }

    /// Makes a change that names what exists.
    fn make(&mut self, change: &Change) {
        match change {
            Change::CreateRole { role } => self.roles.push(RoleState::of(role)),
            Change::RenameRole { role, to } => self.rename(role.as_str(), to.as_str()),
            Change::DescribeRole { role, description } => {
                self.edit(role.as_str(), |it| it.description.clone_from(description));
            }
            Change::SetEffect { role, cell, effect } => {
                self.edit(role.as_str(), |it| set_cell(&mut it.is, cell, *effect));
            }
            Change::SaveRole { edited, .. } => {
                self.edit(edited.name().as_str(), |it| *it = RoleState::of(edited));
            }
            Change::DuplicateRole { role, to } => {
                let mut copy = self.role(role.as_str()).unwrap().clone();
                to.as_str().clone_into(&mut copy.is.name);
                self.roles.push(copy);
            }
            Change::DeleteRole { role } => {
                self.roles.retain(|it| *role != *it.is.name);
                let default = self.default_role.clone();
                for ((kind, _), held) in &mut self.holders {
                    if held.as_deref() == Some(role.as_str()) {
                        *held = (*kind == Kind::Member).then(|| default.clone());
                    }
                }
            }
            Change::SetHolderKinds { role, kinds } => {
                self.edit(role.as_str(), |it| {
                    it.is.held_by = kinds.iter().map(kind).collect();
                });
            }
            Change::AssignRole { principal, role } => {
                let role = Some(role.as_str().to_owned());
                self.holders.insert(key_of(principal), role);
            }
            Change::ClearRole { principal } => {
                self.holders.insert(key_of(principal), None);
            }
            Change::SetDefaultRole { role } => role.as_str().clone_into(&mut self.default_role),
            Change::AddPrincipal { principal } => {
                let is_member = principal.kind() == PrincipalKind::Member;
                let role = is_member.then(|| self.default_role.clone());
                self.holders.insert(key_of(principal), role);
            }
            Change::Join { member, groups } => {
                let role = self.role_for(groups);
                self.holders
                    .insert((Kind::Member, member.clone()), Some(role));
            }
            Change::RemovePrincipal { principal } => {
                self.holders.remove(&key_of(principal));
            }
            Change::SetGroupMappings { mappings } => {
                self.mappings = mappings.iter().map(mapping).collect();
            }
            Change::SetKeysWithoutRole { access } => {
                self.keys_without_role = keys_without_role(*access);
            }
            Change::SetGrantPolicy { policy } => {
                self.within_own_access = *policy == GrantPolicy::WithinOwnAccess;
            }
            _ => self.make_in_schema(change),
        }
    }

    fn make_in_schema(&mut self, change: &Change) {
        match change {
            Change::AddObject { object } => self.objects.push(ObjectModel::of(object)),
            Change::LabelObject { object, label } => {
                let known = |it: &&mut ObjectModel| *object == *it.key;
                let object = self.objects.iter_mut().find(known).unwrap();
                object.label.clone_from(label);
            }
            Change::RemoveObject { object } => {
                self.objects.retain(|it| *object != *it.key);
                for field in self.objects.iter_mut().flat_map(|it| &mut it.fields) {
                    if field.relation.as_deref() == Some(object.as_str()) {
                        field.relation = None;
                    }
                }
                for role in &mut self.roles {
                    role.is.objects.remove(object.as_str());
                }
            }
            Change::AddField { object, field } => {
                self.fields(object.as_str()).push(FieldModel::of(field));
            }
            Change::UpdateField { object, field } => {
                let new = FieldModel::of(field);
                let fields = self.fields(object.as_str());
                let old = fields.iter_mut().find(|it| it.key == new.key);
                *old.unwrap() = new;
            }
            Change::RemoveField { object, field } => {
                self.fields(object.as_str()).retain(|it| *field != *it.key);
                for role in &mut self.roles {
                    drop_field_rule(&mut role.is, object.as_str(), field.as_str());
                }
            }
            Change::AddPermission { permission } => {
                self.permissions.push(PermissionModel::of(permission));
            }
            Change::UpdatePermission { permission } => {
                let new = PermissionModel::of(permission);
                let mut permissions = self.permissions.iter_mut();
                let old = permissions.find(|it| it.is.key == new.is.key);
                *old.unwrap() = new;
            }
            Change::RemovePermission { permission } => {
                self.permissions.retain(|it| *permission != *it.is.key);
                for role in &mut self.roles {
                    role.is.permissions.remove(permission.as_str());
                }
            }
            other => panic!("the model does not know {other:?}"),
        }
    }

    /// Gives a role another name, everywhere.
    pub(crate) fn rename(&mut self, from: &str, to: &str) {
        let held = self.holders.values_mut().flatten();
        let mapped = self
            .mappings
            .iter_mut()
            .filter_map(|(_, role)| role.as_mut());
        let names = self.roles.iter_mut().map(|role| &mut role.is.name);
        let all = held
            .chain(mapped)
            .chain(names)
            .chain([&mut self.default_role]);
        for name in all.filter(|name| *name == from) {
            to.clone_into(name);
        }
    }

    pub(crate) fn edit(&mut self, role: &str, edit: impl FnOnce(&mut RoleState)) {
        let known = |it: &&mut RoleState| it.is.name == role;
        edit(self.roles.iter_mut().find(known).unwrap());
    }

    pub(crate) fn fields(&mut self, object: &str) -> &mut Vec<FieldModel> {
        let known = |it: &&mut ObjectModel| it.key == object;
        &mut self.objects.iter_mut().find(known).unwrap().fields
    }

    /// L16: the role that a newcomer gets.
    pub(crate) fn role_for(&self, groups: &BTreeSet<String>) -> String {
        let mut matching = (self.mappings.iter()).filter(|(group, _)| groups.contains(group));
        match matching.next() {
            Some((_, Some(role))) => role.clone(),
            Some((_, None)) => self.admin().is.name.clone(),
            None => self.default_role.clone(),
        }
    }
}

/// Whether a cell can have that effect.
pub(crate) fn cell_takes(cell: &Cell, effect: rolegate::Effect) -> bool {
    use rolegate::Action::{Delete, Destroy, Edit, See};
    match cell {
        Cell::Object { .. } => true,
        Cell::Field { action, .. } => match action {
            See | Edit => true,
            Delete | Destroy => false,
        },
        Cell::Baseline { .. } | Cell::Permission { .. } | Cell::AllAccess { .. } => {
            effect != rolegate::Effect::Inherit
        }
    }
}

/// What a role itself says in a cell.
pub(crate) fn effect_in(role: &RoleModel, cell: &Cell) -> Effect {
    let given = |is_given| {
        if is_given {
            Effect::Allow
        } else {
            Effect::Deny
        }
    };
    match cell {
        Cell::Baseline { action } => given(role.baseline[*action as usize]),
        Cell::Object { object, action } => {
            let rule = role.objects.get(object.as_str());
            rule.map_or(Effect::Inherit, |rule| rule.effects[*action as usize])
        }
        Cell::Field {
            object,
            field,
            action,
        } => {
            let rule = role.objects.get(object.as_str());
            let rule = rule.and_then(|rule| rule.fields.get(field.as_str()));
            let rule = rule.copied().unwrap_or_default();
            match action {
                rolegate::Action::See => rule.see,
                rolegate::Action::Edit => rule.edit,
                rolegate::Action::Delete | rolegate::Action::Destroy => Effect::Inherit,
            }
        }
        Cell::Permission { permission } => given(role.permissions.contains(permission.as_str())),
        Cell::AllAccess { class: of } => given(role.all_access.contains(&class(*of))),
    }
}

/// Sets a cell that can be so. What is so already leaves rules that say nothing where they are.
pub(crate) fn set_cell(role: &mut RoleModel, cell: &Cell, to: rolegate::Effect) {
    if effect_in(role, cell) == effect(to) {
        return;
    }
    let is_allowed = to == rolegate::Effect::Allow;
    match cell {
        Cell::Baseline { action } => role.baseline[*action as usize] = is_allowed,
        Cell::Object { object, action } => {
            let rule = role.objects.entry(object.to_string()).or_default();
            rule.effects[*action as usize] = effect(to);
            drop_if_empty(role, object.as_str());
        }
        Cell::Field {
            object,
            field,
            action,
        } => {
            let rule = role.objects.entry(object.to_string()).or_default();
            let field_rule = rule.fields.entry(field.to_string()).or_default();
            match action {
                rolegate::Action::See => field_rule.see = effect(to),
                _ => field_rule.edit = effect(to),
            }
            if *field_rule == FieldRuleModel::default() {
                rule.fields.remove(field.as_str());
            }
            drop_if_empty(role, object.as_str());
        }
        Cell::Permission { permission } => {
            put(&mut role.permissions, permission.to_string(), is_allowed);
        }
        Cell::AllAccess { class: of } => put(&mut role.all_access, class(*of), is_allowed),
    }
}

fn put<T: Ord>(set: &mut BTreeSet<T>, item: T, is_in: bool) {
    if is_in {
        set.insert(item);
    } else {
        set.remove(&item);
    }
}

/// Drops the rule of a field, and with it that of its object if it says nothing more.
pub(crate) fn drop_field_rule(role: &mut RoleModel, object: &str, field: &str) {
    let rule = role.objects.get_mut(object);
    if rule.and_then(|rule| rule.fields.remove(field)).is_some() {
        drop_if_empty(role, object);
    }
}

/// What a draft does after an edit of a cell: where its rules say the same as the saved ones, they are those.
pub(crate) fn as_saved(role: &mut RoleModel, saved: Option<&RoleModel>, cell: &Cell) {
    let (object, field) = match cell {
        Cell::Object { object, .. } => (object.as_str(), None),
        Cell::Field { object, field, .. } => (object.as_str(), Some(field.as_str())),
        _ => return,
    };
    let saved = saved.and_then(|saved| saved.objects.get(object));
    let silent = FieldRuleModel::default();
    let is_silent = |field: &&str| saved.and_then(|rule| rule.fields.get(*field)) == Some(&silent);
    if let Some(field) = field.filter(is_silent) {
        let rule = role.objects.entry(object.to_owned()).or_default();
        rule.fields.entry(field.to_owned()).or_default();
    }
    let said = |rule: Option<&ObjectRuleModel>| {
        let mut rule = rule.cloned().unwrap_or_default();
        rule.fields.retain(|_, rule| *rule != silent);
        rule
    };
    if said(role.objects.get(object)) == said(saved) {
        role.objects.remove(object);
        let saved = saved.map(|rule| (object.to_owned(), rule.clone()));
        role.objects.extend(saved);
    } else {
        drop_if_empty(role, object);
    }
}

fn drop_if_empty(role: &mut RoleModel, object: &str) {
    if role.objects.get(object) == Some(&ObjectRuleModel::default()) {
        role.objects.remove(object);
    }
}

// ---- What must hold ----

impl Model {
    /// What only the whole can tell: the laws that a finished change or batch must keep.
    pub(crate) fn broken_laws(&self) -> BTreeSet<Why> {
        let may = |kind, role: &str| {
            let role = self.role(role).unwrap();
            role.is.held_by.contains(&kind)
        };
        let admins = self.holders_of(&self.admin().is.name);
        let mut held = self.holders.iter();
        let mut mapped = self.mappings.iter().filter_map(|(_, role)| role.as_ref());
        let facts = [
            (
                !admins.iter().any(|who| who.kind == Kind::Member),
                "LastAdmin",
            ),
            (self.admin().is.name == self.default_role, "DefaultIsAdmin"),
            (
                !may(Kind::Member, &self.default_role),
                "DefaultNotForMembers",
            ),
            (
                held.any(|((kind, _), role)| role.iter().any(|role| !may(*kind, role))),
                "MayNotHold",
            ),
            (
                mapped.any(|role| !may(Kind::Member, role)),
                "MappedNotForMembers",
            ),
        ];
        let broken = facts.into_iter().filter(|(holds, _)| *holds);
        broken.map(|(_, why)| why).collect()
    }

    /// Whether all names are well formed and known, and no rule contradicts itself.
    pub(crate) fn is_sound(&self) -> bool {
        let objects: Vec<&str> = self.objects.iter().map(|it| it.key.as_str()).collect();
        let mut fields = self.objects.iter().flat_map(|it| &it.fields);
        let permissions = self.permissions.iter().map(|it| it.is.key.as_str());
        let mut groups = self.mappings.iter().map(|(group, _)| group);
        let mut mapped = self.mappings.iter().filter_map(|(_, role)| role.as_ref());
        let distinct: BTreeSet<&String> = groups.clone().collect();
        let broken = reference::valid(&self.world());
        !["L4", "L6", "L12", "L20"]
            .iter()
            .any(|law| broken.contains(law))
            && objects.iter().copied().chain(permissions).all(is_key)
            && fields.all(|it| {
                let mut relation = it.relation.iter();
                let mut bound = it.guard.permissions.iter();
                is_key(&it.key)
                    && relation.all(|key| objects.contains(&key.as_str()))
                    && bound.all(|key| self.permission(key).is_some())
                    && !it.guard.actions.contains(&reference::Action::See)
            })
            && self.roles.iter().all(|it| is_name(&it.is.name))
            && self.holders.keys().all(|(_, id)| is_name(id))
            && distinct.len() == self.mappings.len()
            && groups.all(|group| is_name(group))
            && mapped.all(|name| self.role(name).is_some_and(|role| !role.is.admin))
    }

    /// Whether a role could stand here, if its name is free.
    pub(crate) fn takes(&self, role: &RoleState) -> bool {
        let mut with = self.clone();
        with.roles.retain(|it| it.is.name != role.is.name);
        with.roles.push(role.clone());
        with.is_sound()
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= 255 && !name.contains(char::is_control)
}

fn is_key(key: &str) -> bool {
    is_name(key) && !key.contains(|char: char| char.is_whitespace() || char == '.')
}

// ---- Views ----

impl Model {
    pub(crate) fn role(&self, name: &str) -> Option<&RoleState> {
        self.roles.iter().find(|role| role.is.name == name)
    }

    pub(crate) fn admin(&self) -> &RoleState {
        self.roles.iter().find(|role| role.is.admin).unwrap()
    }

    pub(crate) fn object(&self, key: &str) -> Option<&ObjectModel> {
        self.objects.iter().find(|object| object.key == key)
    }

    pub(crate) fn field(&self, object: &str, key: &str) -> Option<&FieldModel> {
        let object = self.object(object)?;
        object.fields.iter().find(|field| field.key == key)
    }

    pub(crate) fn permission(&self, key: &str) -> Option<&PermissionModel> {
        self.permissions.iter().find(|it| it.is.key == key)
    }

    fn maps_to(&self, role: &str) -> bool {
        let mut mapped = self.mappings.iter().filter_map(|(_, role)| role.as_ref());
        mapped.any(|name| name == role)
    }

    /// Members, API keys, then agents, each sorted by id.
    pub(crate) fn holders_of(&self, role: &str) -> Vec<Who> {
        let held = self.holders.iter();
        held.filter(|(_, held)| held.as_deref() == Some(role))
            .map(|((kind, id), _)| Who {
                kind: *kind,
                id: id.clone(),
            })
            .collect()
    }

    pub(crate) fn everybody(&self) -> Vec<Who> {
        let who = |(kind, id): &(Kind, String)| Who {
            kind: *kind,
            id: id.clone(),
        };
        self.holders.keys().map(who).collect()
    }

    /// The world of the reference, which answers.
    pub(crate) fn world(&self) -> World {
        let index = |name: &String| {
            let position = self.roles.iter().position(|role| role.is.name == *name);
            position.unwrap_or(usize::MAX)
        };
        let of = |kind: Kind| {
            let held = self.holders.iter().filter(move |((it, _), _)| *it == kind);
            held.map(|((_, id), role)| (id.clone(), role.as_ref().map(index)))
        };
        World {
            objects: (self.objects.iter())
                .map(|it| {
                    let fields = it.fields.iter().map(|field| field.key.clone());
                    (it.key.clone(), fields.collect())
                })
                .collect(),
            relations: BTreeMap::new(),
            guards: BTreeMap::new(),
            permissions: self.permissions.iter().map(|it| it.is.clone()).collect(),
            roles: self.roles.iter().map(|it| it.is.clone()).collect(),
            default_role: index(&self.default_role),
            members: of(Kind::Member)
                .map(|(id, role)| (id, role.unwrap_or(usize::MAX)))
                .collect(),
            api_keys: of(Kind::ApiKey).collect(),
            agents: of(Kind::Agent).collect(),
            keys_without_role: self.keys_without_role,
        }
    }
}

/// A world of the reference, which answers, and what guards its fields.
#[derive(Clone, Debug)]
pub(crate) struct Answers {
    pub(crate) world: World,
    pub(crate) guards: BTreeMap<(String, String), Guard>,
}

impl Answers {
    pub(crate) fn of(model: &Model) -> Self {
        let mut guards = BTreeMap::new();
        for object in &model.objects {
            for field in &object.fields {
                let path = (object.key.clone(), field.key.clone());
                guards.insert(path, field.guard.clone());
            }
        }
        Self {
            world: model.world(),
            guards,
        }
    }

    /// As the reference answers; and to write a field, also what its guard asks (L37).
    pub(crate) fn can(
        &self,
        who: &Who,
        action: reference::Action,
        object: &str,
        field: Option<&str>,
    ) -> bool {
        let can = |action, field| reference::can(&self.world, from_ref(who), action, object, field);
        let passes = |guard: &Guard| {
            guard.writing == Writing::Free
                && guard.actions.iter().all(|action| can(*action, None))
                && guard.permissions.iter().all(|key| self.can_use(who, key))
        };
        let path = field.map(|field| (object.to_owned(), field.to_owned()));
        let guard = path.and_then(|path| self.guards.get(&path));
        can(action, field) && (action != reference::Action::Edit || guard.is_none_or(passes))
    }

    pub(crate) fn can_use(&self, who: &Who, permission: &str) -> bool {
        reference::can_use(&self.world, from_ref(who), permission)
    }
}

pub(crate) const ACTIONS: [(reference::Action, rolegate::Action); 4] = [
    (reference::Action::See, rolegate::Action::See),
    (reference::Action::Edit, rolegate::Action::Edit),
    (reference::Action::Delete, rolegate::Action::Delete),
    (reference::Action::Destroy, rolegate::Action::Destroy),
];

// ---- From the library, through what it shows, and back ----

impl Model {
    /// What a workspace shows.
    pub(crate) fn of(workspace: &Workspace) -> Self {
        let schema = workspace.schema();
        let holders = PrincipalKind::ALL.map(|kind| workspace.principals(kind));
        Self {
            objects: schema.objects().iter().map(ObjectModel::of).collect(),
            permissions: (schema.permissions().iter())
                .map(PermissionModel::of)
                .collect(),
            roles: workspace.roles().map(RoleState::of).collect(),
            default_role: workspace.default_role().unwrap().name().to_string(),
            holders: (holders.into_iter().flatten())
                .map(|(principal, role)| {
                    let role = role.map(|role| role.name().to_string());
                    (key_of(&principal), role)
                })
                .collect(),
            mappings: (workspace.group_mappings())
                .map(|mapped| mapping(&mapped))
                .collect(),
            keys_without_role: keys_without_role(workspace.keys_without_role()),
            within_own_access: workspace.grant_policy() == GrantPolicy::WithinOwnAccess,
            revision: workspace.revision().number(),
        }
    }

    /// The workspace, through the gate for what is built in code.
    pub(crate) fn build(&self) -> Workspace {
        let permissions = self.permissions.iter().map(PermissionModel::build);
        let mut schema = Schema::builder().only_permissions(permissions);
        for object in &self.objects {
            schema = schema.add_object(object.build());
        }
        let mut builder = Workspace::builder(schema.build().unwrap())
            .default_role(&self.default_role)
            .keys_without_role(match self.keys_without_role {
                KeysWithoutRole::DefaultRole => rolegate::workspace::KeysWithoutRole::DefaultRole,
                KeysWithoutRole::Denied => rolegate::workspace::KeysWithoutRole::Denied,
            })
            .grant_policy(if self.within_own_access {
                GrantPolicy::WithinOwnAccess
            } else {
                GrantPolicy::Anything
            })
            .revision(rolegate::Revision::new(self.revision));
        for role in &self.roles {
            builder = builder.role(role.build());
        }
        for ((kind, id), role) in &self.holders {
            let principal = principal(*kind, id);
            builder = builder.holder(principal, role.as_ref().map(Into::into));
        }
        for (group, role) in &self.mappings {
            builder = builder.group_mapping(match role {
                Some(role) => GroupMapping::new(group, role),
                None => GroupMapping::to_admin(group),
            });
        }
        builder.build().unwrap()
    }
}

impl ObjectModel {
    pub(crate) fn of(object: &Object) -> Self {
        Self {
            key: object.key().to_string(),
            label: object.label().map(str::to_owned),
            fields: object.fields().iter().map(FieldModel::of).collect(),
        }
    }

    pub(crate) fn build(&self) -> Object {
        let mut object = Object::new(&self.key);
        if let Some(label) = &self.label {
            object = object.with_label(label);
        }
        let fields = self.fields.iter().map(FieldModel::build);
        fields.fold(object, Object::field)
    }
}

impl FieldModel {
    pub(crate) fn of(field: &Field) -> Self {
        Self {
            key: field.key().to_string(),
            label: field.label().map(str::to_owned),
            relation: field.relation().map(ToString::to_string),
            guard: Guard {
                writing: field.writing(),
                actions: ACTIONS
                    .into_iter()
                    .filter(|(_, action)| field.bound_actions().contains(*action))
                    .map(|(asked, _)| asked)
                    .collect(),
                permissions: (field.bound_permissions().iter())
                    .map(ToString::to_string)
                    .collect(),
            },
        }
    }

    pub(crate) fn build(&self) -> Field {
        let mut field = Field::new(&self.key);
        if let Some(label) = &self.label {
            field = field.with_label(label);
        }
        if let Some(object) = &self.relation {
            field = field.with_relation(object);
        }
        for (asked, action) in ACTIONS {
            if self.guard.actions.contains(&asked) {
                field = field.bound_to_action(action);
            }
        }
        let permissions = self.guard.permissions.iter();
        permissions.fold(
            field.with_writing(self.guard.writing),
            Field::bound_to_permission,
        )
    }
}

impl PermissionModel {
    pub(crate) fn of(permission: &Permission) -> Self {
        let requires = permission.requirements().iter();
        Self {
            is: reference::Permission {
                key: permission.key().to_string(),
                class: class(permission.class()),
                requires: requires.map(ToString::to_string).collect(),
            },
            label: permission.label().map(str::to_owned),
        }
    }

    pub(crate) fn build(&self) -> Permission {
        let class = match self.is.class {
            Class::Settings => PermissionClass::Settings,
            Class::Actions => PermissionClass::Actions,
        };
        let mut permission = Permission::new(class, &self.is.key);
        if let Some(label) = &self.label {
            permission = permission.with_label(label);
        }
        let requires = self.is.requires.iter();
        requires.fold(permission, Permission::with_requirement)
    }
}

impl RoleState {
    pub(crate) fn of(role: &Role) -> Self {
        let effects = |rule: &ObjectRule| rolegate::Action::ALL.map(|it| effect(rule.effect(it)));
        let rules = role.rules().iter().map(|(object, rule)| {
            let fields = rule.fields().iter();
            let fields = fields.map(|(field, rule)| (field.to_string(), field_rule(*rule)));
            let by_object = ObjectRuleModel {
                effects: effects(rule),
                fields: fields.collect(),
            };
            (object.to_string(), by_object)
        });
        Self {
            is: RoleModel {
                name: role.name().to_string(),
                admin: role.is_admin(),
                baseline: rolegate::Action::ALL.map(|it| role.baseline().contains(it)),
                objects: rules.collect(),
                all_access: role.all_access().iter().map(class).collect(),
                permissions: role.permissions().iter().map(ToString::to_string).collect(),
                held_by: role.holder_kinds().iter().map(kind).collect(),
            },
            description: role.description().map(str::to_owned),
        }
    }

    pub(crate) fn build(&self) -> Role {
        use rolegate::Action;
        let mut role = if self.is.admin {
            Role::admin(&self.is.name)
        } else {
            let kinds = self.is.held_by.iter().map(|kind| principal_kind(*kind));
            Role::new(&self.is.name).with_holder_kinds(kinds)
        };
        if let Some(description) = &self.description {
            role = role.with_description(description);
        }
        for action in Action::ALL {
            if self.is.baseline[action as usize] {
                role = role.allow(action);
            }
        }
        for (object, by_object) in &self.is.objects {
            let mut rule = ObjectRule::new();
            for action in Action::ALL {
                rule = rule.set(action, effect_of(by_object.effects[action as usize]));
            }
            for (field, it) in &by_object.fields {
                let by_field = rolegate::FieldRule::new()
                    .set_see(effect_of(it.see))
                    .set_edit(effect_of(it.edit));
                rule = rule.field(field, by_field);
            }
            role = role.rule(object, rule);
        }
        for class in &self.is.all_access {
            role = role.grant_all(match class {
                Class::Settings => PermissionClass::Settings,
                Class::Actions => PermissionClass::Actions,
            });
        }
        self.is.permissions.iter().fold(role, Role::grant)
    }
}

pub(crate) fn field_rule(rule: rolegate::FieldRule) -> FieldRuleModel {
    FieldRuleModel {
        see: effect(rule.effect(rolegate::Action::See)),
        edit: effect(rule.effect(rolegate::Action::Edit)),
    }
}

pub(crate) fn mapping(mapping: &GroupMapping) -> (String, Option<String>) {
    let role = match &mapping.target {
        GroupTarget::Role(role) => Some(role.to_string()),
        GroupTarget::Admin => None,
        other => panic!("the model does not know {other:?}"),
    };
    (mapping.group.clone(), role)
}

pub(crate) fn keys_without_role(access: rolegate::workspace::KeysWithoutRole) -> KeysWithoutRole {
    match access {
        rolegate::workspace::KeysWithoutRole::DefaultRole => KeysWithoutRole::DefaultRole,
        rolegate::workspace::KeysWithoutRole::Denied => KeysWithoutRole::Denied,
        other => panic!("the model does not know {other:?}"),
    }
}

pub(crate) fn key_of(principal: &Principal) -> (Kind, String) {
    (kind(principal.kind()), principal.id().to_owned())
}

pub(crate) fn principal(kind: Kind, id: &str) -> Principal {
    Principal::new(principal_kind(kind), id)
}

pub(crate) fn principal_kind(kind: Kind) -> PrincipalKind {
    match kind {
        Kind::Member => PrincipalKind::Member,
        Kind::ApiKey => PrincipalKind::ApiKey,
        Kind::Agent => PrincipalKind::Agent,
    }
}

fn kind(kind: PrincipalKind) -> Kind {
    match kind {
        PrincipalKind::Member => Kind::Member,
        PrincipalKind::ApiKey => Kind::ApiKey,
        PrincipalKind::Agent => Kind::Agent,
    }
}

fn class(class: PermissionClass) -> Class {
    match class {
        PermissionClass::Settings => Class::Settings,
        PermissionClass::Actions => Class::Actions,
    }
}

fn effect(effect: rolegate::Effect) -> Effect {
    match effect {
        rolegate::Effect::Inherit => Effect::Inherit,
        rolegate::Effect::Allow => Effect::Allow,
        rolegate::Effect::Deny => Effect::Deny,
    }
}

fn effect_of(effect: Effect) -> rolegate::Effect {
    match effect {
        Effect::Inherit => rolegate::Effect::Inherit,
        Effect::Allow => rolegate::Effect::Allow,
        Effect::Deny => rolegate::Effect::Deny,
    }
}

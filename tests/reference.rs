//! What do the laws answer? The naive reference that the library is compared with.
//!
//! Written from the laws of the semantics guide alone: plain data, one small function for each
//! law, nothing shared with the library. The answers are meant for worlds that are [`valid`].

#![allow(clippy::std_instead_of_alloc, reason = "tests run where `std` is")]

use self::Action::{Delete, Destroy, Edit, See};
use self::Effect::{Allow, Deny, Inherit};
use std::collections::{BTreeMap, BTreeSet};

mod facts;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Action {
    See,
    Edit,
    Delete,
    Destroy,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Effect {
    #[default]
    Inherit,
    Allow,
    Deny,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Member,
    ApiKey,
    Agent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    Settings,
    Actions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeysWithoutRole {
    DefaultRole,
    Denied,
}

/// One workspace. Roles are named by their index in `roles`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct World {
    /// Each object with its fields, in schema order.
    pub(crate) objects: Vec<(String, Vec<String>)>,
    /// To which object's records a field of an object points.
    pub(crate) relations: BTreeMap<(String, String), String>,
    /// What writing a field of an object needs besides.
    pub(crate) guards: BTreeMap<(String, String), Guard>,
    pub(crate) permissions: Vec<Permission>,
    pub(crate) roles: Vec<RoleModel>,
    pub(crate) default_role: usize,
    pub(crate) members: BTreeMap<String, usize>,
    pub(crate) api_keys: BTreeMap<String, Option<usize>>,
    pub(crate) agents: BTreeMap<String, Option<usize>>,
    pub(crate) keys_without_role: KeysWithoutRole,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Permission {
    pub(crate) key: String,
    pub(crate) class: Class,
    pub(crate) requires: BTreeSet<String>,
}

/// What the schema asks of who writes a field (L37).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Guard {
    pub(crate) closed: Option<Closed>,
    pub(crate) actions: BTreeSet<Action>,
    pub(crate) permissions: BTreeSet<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closed {
    ReadOnly,
    System,
}

/// One role. What an Admin role may do does not depend on its other settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RoleModel {
    pub(crate) name: String,
    pub(crate) admin: bool,
    /// Allowed or not, for See, Edit, Delete and Destroy.
    pub(crate) baseline: [bool; 4],
    pub(crate) objects: BTreeMap<String, ObjectRuleModel>,
    pub(crate) all_access: BTreeSet<Class>,
    pub(crate) permissions: BTreeSet<String>,
    pub(crate) held_by: BTreeSet<Kind>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ObjectRuleModel {
    /// For See, Edit, Delete and Destroy.
    pub(crate) effects: [Effect; 4],
    pub(crate) fields: BTreeMap<String, FieldRuleModel>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FieldRuleModel {
    pub(crate) see: Effect,
    pub(crate) edit: Effect,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Who {
    pub(crate) kind: Kind,
    pub(crate) id: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Baseline,
    ObjectRule,
    FieldRule,
}

/// What decided an answer about one principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Because {
    UnknownPrincipal,
    NoRole,
    UnknownObject,
    UnknownField,
    FieldsHaveTwoActions,
    ReadOnly,
    System,
    Bound,
    Admin,
    /// What `level` says about `action`: the action asked about, or the See that it needs.
    Decided {
        action: Action,
        level: Level,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lint {
    RuleChangesNothing {
        role: usize,
        object: String,
        field: Option<String>,
    },
    GrantUnderHiddenObject {
        role: usize,
        object: String,
        field: String,
    },
    DormantWrite {
        role: usize,
        object: String,
        field: Option<String>,
        action: Action,
    },
    KeyWithoutRole {
        key: String,
    },
}

impl RoleModel {
    /// L7, L19: nothing allowed, and held by all three kinds.
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            admin: false,
            baseline: [false; 4],
            objects: BTreeMap::new(),
            all_access: BTreeSet::new(),
            permissions: BTreeSet::new(),
            held_by: BTreeSet::from([Kind::Member, Kind::ApiKey, Kind::Agent]),
        }
    }

    /// L13, L19: the one fixed role, held by members and API keys.
    pub(crate) fn admin(name: &str) -> Self {
        Self {
            admin: true,
            held_by: BTreeSet::from([Kind::Member, Kind::ApiKey]),
            ..Self::new(name)
        }
    }
}

// ---- Records and fields ----

/// L23: every link of the chain may, and there is a link.
pub(crate) fn can(
    world: &World,
    chain: &[Who],
    action: Action,
    object: &str,
    field: Option<&str>,
) -> bool {
    let may = |who| one_can(world, who, action, object, field);
    !chain.is_empty() && chain.iter().all(may)
}

/// L3, L5, L6, L13, L37: what exists and has the action, and then Admin, or who may see and do it;
/// and who may not write a field that the schema guards does not edit it.
fn one_can(world: &World, who: &Who, action: Action, object: &str, field: Option<&str>) -> bool {
    let by_rules = |role| allows(role, See, object, field) && allows(role, action, object, field);
    knows_object(world, object)
        && field.is_none_or(|field| knows_field(world, object, field) && fields_have(action))
        && role_of(world, who).is_some_and(|role| role.admin || by_rules(role))
        && (action != Edit || field.is_none_or(|field| passes_guard(world, who, object, field)))
}

/// L37: nobody writes what is closed; what is bound needs what it is bound to.
fn passes_guard(world: &World, who: &Who, object: &str, field: &str) -> bool {
    let place = (object.to_owned(), field.to_owned());
    world.guards.get(&place).is_none_or(|guard| {
        let mut actions = guard.actions.iter();
        let mut permissions = guard.permissions.iter();
        guard.closed.is_none()
            && actions.all(|&action| one_can(world, who, action, object, None))
            && permissions.all(|permission| one_can_use(world, who, permission))
    })
}

/// L32: what decided the answer about one principal. See comes in after the cascade (L3): it
/// decides only where the action itself came out allowed.
pub(crate) fn why(
    world: &World,
    who: &Who,
    action: Action,
    object: &str,
    field: Option<&str>,
) -> Because {
    if !knows_principal(world, who) {
        return Because::UnknownPrincipal;
    }
    if !knows_object(world, object) {
        return Because::UnknownObject;
    }
    if field.is_some_and(|field| !knows_field(world, object, field)) {
        return Because::UnknownField;
    }
    if field.is_some() && !fields_have(action) {
        return Because::FieldsHaveTwoActions;
    }
    let Some(role) = role_of(world, who) else {
        return Because::NoRole;
    };
    let place = (object.to_owned(), field.unwrap_or_default().to_owned());
    match world.guards.get(&place).and_then(|guard| guard.closed) {
        Some(Closed::ReadOnly) if action == Edit && field.is_some() => return Because::ReadOnly,
        Some(Closed::System) if action == Edit && field.is_some() => return Because::System,
        _ => {}
    }
    if role.admin {
        return Because::Admin;
    }
    let by_rules = allows(role, action, object, field) && allows(role, See, object, field);
    if by_rules && !one_can(world, who, action, object, field) {
        return Because::Bound;
    }
    let blind = allows(role, action, object, field) && !allows(role, See, object, field);
    let action = if blind { See } else { action };
    let (level, _) = cascade(role, action, object, field);
    Because::Decided { action, level }
}

/// The fields of `object` on which the chain may do `action`, in schema order.
pub(crate) fn fields(world: &World, chain: &[Who], action: Action, object: &str) -> Vec<String> {
    let mut fields = fields_of(world, object).unwrap_or(&[]).to_vec();
    fields.retain(|field| can(world, chain, action, object, Some(field)));
    fields
}

/// L1, L7: the most specific level that does not say Inherit, and whether it allows. What has no
/// rule inherits.
fn cascade(role: &RoleModel, action: Action, object: &str, field: Option<&str>) -> (Level, bool) {
    let by_object = role.objects.get(object);
    let by_field = by_object.and_then(|object| object.fields.get(field?));
    let object_effect = by_object.map_or(Inherit, |object| of(object.effects, action));
    let field_effect = by_field.map_or(Inherit, |field| of_field(*field, action));
    match (field_effect, object_effect) {
        (Allow, _) => (Level::FieldRule, true),
        (Deny, _) => (Level::FieldRule, false),
        (Inherit, Allow) => (Level::ObjectRule, true),
        (Inherit, Deny) => (Level::ObjectRule, false),
        (Inherit, Inherit) => (Level::Baseline, of(role.baseline, action)),
    }
}

fn allows(role: &RoleModel, action: Action, object: &str, field: Option<&str>) -> bool {
    let (_, allowed) = cascade(role, action, object, field);
    allowed
}

/// L5: fields are seen and edited, never deleted.
fn fields_have(action: Action) -> bool {
    matches!(action, See | Edit)
}

fn of<T>([see, edit, delete, destroy]: [T; 4], action: Action) -> T {
    match action {
        See => see,
        Edit => edit,
        Delete => delete,
        Destroy => destroy,
    }
}

fn of_field(field: FieldRuleModel, action: Action) -> Effect {
    of([field.see, field.edit, Inherit, Inherit], action)
}

/// L6
fn knows_object(world: &World, object: &str) -> bool {
    fields_of(world, object).is_some()
}

/// L6
fn knows_field(world: &World, object: &str, field: &str) -> bool {
    fields_of(world, object).is_some_and(|fields| fields.iter().any(|known| known == field))
}

fn fields_of<'w>(world: &'w World, object: &str) -> Option<&'w [String]> {
    let (_, fields) = world.objects.iter().find(|(known, _)| known == object)?;
    Some(fields)
}

// ---- Whole requests ----

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ReadModel {
    pub(crate) object: String,
    pub(crate) select: Vec<String>,
    /// For filter, sort, group, aggregate and search.
    pub(crate) uses: [Vec<String>; 5],
    pub(crate) export: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WriteKind {
    Create,
    Update,
    Upsert,
    Delete,
    Restore,
    Destroy,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WriteModel {
    pub(crate) kind: WriteKind,
    pub(crate) object: String,
    pub(crate) fields: Vec<String>,
    pub(crate) returning: Vec<String>,
    pub(crate) import: bool,
}

/// L35, L36: whether all but the select list is allowed. The select list can be trimmed.
pub(crate) fn may_read_some(world: &World, chain: &[Who], read: &ReadModel) -> bool {
    let mut used = read.uses.iter().flatten();
    can(world, chain, See, &read.object, None)
        && used.all(|path| sees(world, chain, &read.object, path))
        && (!read.export || can_use(world, chain, "export_csv"))
}

/// L35, L38
pub(crate) fn may_read(world: &World, chain: &[Who], read: &ReadModel) -> bool {
    may_read_some(world, chain, read) && visible_select(world, chain, read) == read.select
}

/// L38: what is visible of the select list, in the order asked. Each name is there once.
pub(crate) fn visible_select(world: &World, chain: &[Who], read: &ReadModel) -> Vec<String> {
    let mut names = once_each(&read.select);
    names.retain(|path| sees(world, chain, &read.object, path));
    names
}

/// L35: See on each field of the path, and on the records of each object that it enters.
fn sees(world: &World, chain: &[Who], object: &str, path: &str) -> bool {
    let names: Vec<&str> = path.split('.').collect();
    let mut object = object.to_owned();
    let last = names.len() - 1;
    for (position, name) in names.iter().enumerate() {
        if !can(world, chain, See, &object, Some(name)) {
            return false;
        }
        if position < last {
            let place = (object.clone(), (*name).to_owned());
            let Some(related) = world.relations.get(&place) else {
                return false;
            };
            object.clone_from(related);
            if !can(world, chain, See, &object, None) {
                return false;
            }
        }
    }
    names.len() <= 8
}

/// L36
pub(crate) fn may_write(world: &World, chain: &[Who], write: &WriteModel) -> bool {
    let may = |action| can(world, chain, action, &write.object, None);
    let on_record = match write.kind {
        WriteKind::Create => may(Edit),
        WriteKind::Update => may(See) && (!write.fields.is_empty() || may(Edit)),
        WriteKind::Upsert => may(See) && may(Edit),
        WriteKind::Delete | WriteKind::Restore => may(See) && may(Delete),
        WriteKind::Destroy => may(See) && may(Destroy),
    };
    let edits = |field: &String| can(world, chain, Edit, &write.object, Some(field));
    let returns = |path: &String| sees(world, chain, &write.object, path);
    on_record
        && write.fields.iter().all(edits)
        && write.returning.iter().all(returns)
        && (!write.import || can_use(world, chain, "import_csv"))
        && once_each(&write.fields) == write.fields
        && once_each(&write.returning) == write.returning
}

/// L36: the fields that may be written, each once, if with them alone the write is allowed.
pub(crate) fn kept(world: &World, chain: &[Who], write: &WriteModel) -> Option<Vec<String>> {
    let mut write = write.clone();
    write.fields = once_each(&write.fields);
    write
        .fields
        .retain(|field| can(world, chain, Edit, &write.object, Some(field)));
    may_write(world, chain, &write).then_some(write.fields)
}

fn once_each(names: &[String]) -> Vec<String> {
    let mut met = BTreeSet::new();
    let mut names = names.to_vec();
    names.retain(|name| met.insert(name.clone()));
    names
}

// ---- Principals ----

/// L6
fn knows_principal(world: &World, who: &Who) -> bool {
    match who.kind {
        Kind::Member => world.members.contains_key(&who.id),
        Kind::ApiKey => world.api_keys.contains_key(&who.id),
        Kind::Agent => world.agents.contains_key(&who.id),
    }
}

/// L18, L21, L22: the role whose access the principal has.
pub(crate) fn role_of<'w>(world: &'w World, who: &Who) -> Option<&'w RoleModel> {
    let role = match who.kind {
        Kind::Member => Some(*world.members.get(&who.id)?),
        Kind::ApiKey => world.api_keys.get(&who.id)?.or(role_without_one(world)),
        Kind::Agent => *world.agents.get(&who.id)?,
    };
    world.roles.get(role?)
}

/// L21: API keys without a role have the default role's access, if the workspace lets them and
/// they may hold it.
fn role_without_one(world: &World) -> Option<usize> {
    let lets = world.keys_without_role == KeysWithoutRole::DefaultRole;
    let fits = may_hold(world, Kind::ApiKey, world.default_role);
    (lets && fits).then_some(world.default_role)
}

/// L19: whether principals of this kind may hold the role. The kinds of Admin are fixed.
pub(crate) fn may_hold(world: &World, kind: Kind, role: usize) -> bool {
    match world.roles.get(role) {
        Some(role) if role.admin => matches!(kind, Kind::Member | Kind::ApiKey),
        Some(role) => role.held_by.contains(&kind),
        None => false,
    }
}

// ---- Workspace permissions ----

/// L23: every link of the chain may use the permission, and there is a link.
pub(crate) fn can_use(world: &World, chain: &[Who], permission: &str) -> bool {
    !chain.is_empty() && chain.iter().all(|who| one_can_use(world, who, permission))
}

/// L6, L12, L13: the permission exists, and then Admin, or who has it and all that it requires.
fn one_can_use(world: &World, who: &Who, permission: &str) -> bool {
    let needed = with_requirements(world, permission);
    let by_rules = |role| needed.iter().all(|key| has(world, role, key));
    permission_of(world, permission).is_some()
        && role_of(world, who).is_some_and(|role| role.admin || by_rules(role))
}

/// L11: all access for its class, or listed.
fn has(world: &World, role: &RoleModel, permission: &str) -> bool {
    permission_of(world, permission).is_some_and(|known| {
        role.all_access.contains(&known.class) || role.permissions.contains(permission)
    })
}

/// L12: the permission, what it requires, and what that requires in turn; each is visited once.
fn with_requirements(world: &World, permission: &str) -> BTreeSet<String> {
    let mut needed = BTreeSet::new();
    let mut to_visit = vec![permission.to_owned()];
    while let Some(key) = to_visit.pop() {
        if needed.insert(key.clone()) {
            let known = permission_of(world, &key);
            to_visit.extend(known.into_iter().flat_map(|known| known.requires.clone()));
        }
    }
    needed
}

fn permission_of<'w>(world: &'w World, key: &str) -> Option<&'w Permission> {
    world.permissions.iter().find(|known| known.key == key)
}

// ---- What makes a world valid ----

type Law = fn(&World) -> bool;

/// L26: the laws that the world breaks, in their order. None, if it may exist.
pub(crate) fn valid(world: &World) -> Vec<&'static str> {
    let laws: [(&'static str, Law); 10] = [
        ("L4", rules_do_not_contradict_themselves),
        ("L6", every_name_is_known_once),
        ("L12", nothing_requires_itself),
        ("L13", one_role_is_admin),
        ("L14", a_member_holds_admin),
        ("L15", the_default_role_exists),
        ("L18", every_held_role_exists),
        ("L19", every_holder_is_of_a_kind_that_may),
        ("L20", role_names_are_unique),
        ("L37", no_field_is_bound_to_see),
    ];
    let broken = laws.into_iter().filter(|(_, kept)| !kept(world));
    broken.map(|(law, _)| law).collect()
}

/// L4: the rules of a role that themselves deny See and allow something else, as paths.
pub(crate) fn contradictions(role: &RoleModel) -> Vec<String> {
    let mut found = Vec::new();
    let [see, edit, delete, destroy] = role.baseline;
    if !see && (edit || delete || destroy) {
        found.push("baseline".to_owned());
    }
    for (object, by_object) in &role.objects {
        let [see, edit, delete, destroy] = by_object.effects;
        if see == Deny && [edit, delete, destroy].contains(&Allow) {
            found.push(format!("objects.{object}"));
        }
        for (field, by_field) in &by_object.fields {
            if by_field.see == Deny && by_field.edit == Allow {
                found.push(format!("objects.{object}.fields.{field}"));
            }
        }
    }
    found
}

/// L4
fn rules_do_not_contradict_themselves(world: &World) -> bool {
    let mut found = world.roles.iter().flat_map(contradictions);
    found.next().is_none()
}

/// L6: what rules, roles and requirements name is in the schema, and no two things have one name.
fn every_name_is_known_once(world: &World) -> bool {
    let mut names_are_known = true;
    for role in &world.roles {
        for (object, by_object) in &role.objects {
            names_are_known &= knows_object(world, object);
            for field in by_object.fields.keys() {
                names_are_known &= knows_field(world, object, field);
            }
        }
    }
    for (object, field) in world.relations.keys().chain(world.guards.keys()) {
        names_are_known &= knows_field(world, object, field);
    }
    for object in world.relations.values() {
        names_are_known &= knows_object(world, object);
    }
    let listed = world.roles.iter().flat_map(|role| &role.permissions);
    let bound = world.guards.values().flat_map(|guard| &guard.permissions);
    let listed = listed.chain(bound);
    let required = world.permissions.iter().flat_map(|known| &known.requires);
    let mut permissions = listed.chain(required);
    names_are_known
        && permissions.all(|key| permission_of(world, key).is_some())
        && differ(world.objects.iter().map(|(object, _)| object))
        && world.objects.iter().all(|(_, fields)| differ(fields))
        && differ(world.permissions.iter().map(|known| &known.key))
}

/// L12: a permission that required itself, at however many removes, would have no first step.
fn nothing_requires_itself(world: &World) -> bool {
    let leads_to = |from: &str, to: &str| with_requirements(world, from).contains(to);
    let is_sound = |known: &Permission| !known.requires.iter().any(|it| leads_to(it, &known.key));
    world.permissions.iter().all(is_sound)
}

/// L13
fn one_role_is_admin(world: &World) -> bool {
    world.roles.iter().filter(|role| role.admin).count() == 1
}

/// L14
fn a_member_holds_admin(world: &World) -> bool {
    world.members.values().any(|&role| is_admin(world, role))
}

/// L15, and the default role is never Admin: joining must not make anyone an administrator.
fn the_default_role_exists(world: &World) -> bool {
    world.default_role < world.roles.len() && !is_admin(world, world.default_role)
}

/// L18
fn every_held_role_exists(world: &World) -> bool {
    let exists = |(_, role)| role < world.roles.len();
    held(world).into_iter().all(exists)
}

/// L19, and members may hold the default role.
fn every_holder_is_of_a_kind_that_may(world: &World) -> bool {
    let fits = |(kind, role)| may_hold(world, kind, role);
    held(world).into_iter().all(fits) && fits((Kind::Member, world.default_role))
}

/// L20: trimmed and with white space collapsed, role names differ and none is empty.
fn role_names_are_unique(world: &World) -> bool {
    let names = world.roles.iter().map(|role| normalised(&role.name));
    let names: Vec<String> = names.collect();
    differ(&names) && !names.contains(&String::new())
}

/// L20: the role that a name means, once white space is trimmed and collapsed in both.
pub(crate) fn role_named(world: &World, name: &str) -> Option<usize> {
    let name = normalised(name);
    let mut roles = world.roles.iter();
    roles.position(|role| normalised(&role.name) == name)
}

/// L18: the principal holds the role of this name. The empty name is none, and a member needs one; what no role is
/// named stands as the index of none.
pub(crate) fn give(world: &mut World, who: &Who, name: &str) {
    let id = who.id.clone();
    let role = role_named(world, name).unwrap_or(world.roles.len());
    let or_none = (!name.is_empty()).then_some(role);
    match who.kind {
        Kind::Member => drop(world.members.insert(id, role)),
        Kind::ApiKey => drop(world.api_keys.insert(id, or_none)),
        Kind::Agent => drop(world.agents.insert(id, or_none)),
    }
}

/// What Unicode calls white space, as the page on the format lists it.
pub(crate) const WHITE_SPACE: [char; 25] = [
    '\u{9}', '\u{a}', '\u{b}', '\u{c}', '\u{d}', '\u{20}', '\u{85}', '\u{a0}', '\u{1680}',
    '\u{2000}', '\u{2001}', '\u{2002}', '\u{2003}', '\u{2004}', '\u{2005}', '\u{2006}', '\u{2007}',
    '\u{2008}', '\u{2009}', '\u{200a}', '\u{2028}', '\u{2029}', '\u{202f}', '\u{205f}', '\u{3000}',
];

/// L20: trimmed, and with white space collapsed.
pub(crate) fn normalised(name: &str) -> String {
    let words = name.split(WHITE_SPACE).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// L37: a guard is about writing, so that See, which is not guarded, guards nothing.
fn no_field_is_bound_to_see(world: &World) -> bool {
    let mut guards = world.guards.values();
    guards.all(|guard| !guard.actions.contains(&See))
}

fn is_admin(world: &World, role: usize) -> bool {
    world.roles.get(role).is_some_and(|role| role.admin)
}

/// Every role that somebody holds, with the kind of the holder.
fn held(world: &World) -> Vec<(Kind, usize)> {
    let mut held = Vec::new();
    held.extend(world.members.values().map(|&role| (Kind::Member, role)));
    let (api_keys, agents) = (world.api_keys.values(), world.agents.values());
    held.extend(api_keys.flatten().map(|&role| (Kind::ApiKey, role)));
    held.extend(agents.flatten().map(|&role| (Kind::Agent, role)));
    held
}

fn differ<T: Ord>(names: impl IntoIterator<Item = T>) -> bool {
    let mut met = BTreeSet::new();
    names.into_iter().all(|name| met.insert(name))
}

// ---- Lints ----

/// L4, L8, L21: what may exist and deserves a second look.
pub(crate) fn lints(world: &World) -> BTreeSet<Lint> {
    let mut found = BTreeSet::new();
    let roles = world.roles.iter().enumerate();
    for (role, model) in roles.filter(|(_, model)| !model.admin) {
        found.extend(rules_that_change_nothing(role, model));
        found.extend(grants_under_hidden_objects(role, model));
        found.extend(dormant_writes(role, model));
    }
    for (key, _) in world.api_keys.iter().filter(|(_, role)| role.is_none()) {
        found.insert(Lint::KeyWithoutRole { key: key.clone() });
    }
    found
}

/// L1: a rule of which each effect says only what holds without the rule.
fn rules_that_change_nothing(role: usize, model: &RoleModel) -> Vec<Lint> {
    let mut found = Vec::new();
    for (object, by_object) in &model.objects {
        let differs = |action| changes(of(by_object.effects, action), of(model.baseline, action));
        if by_object.fields.is_empty() && ![See, Edit, Delete, Destroy].into_iter().any(differs) {
            found.push((object.clone(), None));
        }
        for (field, by_field) in &by_object.fields {
            let without = |action| allows(model, action, object, None);
            if !changes(by_field.see, without(See)) && !changes(by_field.edit, without(Edit)) {
                found.push((object.clone(), Some(field.clone())));
            }
        }
    }
    let lint = |(object, field)| Lint::RuleChangesNothing {
        role,
        object,
        field,
    };
    found.into_iter().map(lint).collect()
}

/// L8: a field rule that allows See where the record is hidden.
fn grants_under_hidden_objects(role: usize, model: &RoleModel) -> Vec<Lint> {
    let mut found = Vec::new();
    for (object, by_object) in &model.objects {
        for (field, by_field) in &by_object.fields {
            if by_field.see == Allow && !allows(model, See, object, None) {
                let (object, field) = (object.clone(), field.clone());
                found.push(Lint::GrantUnderHiddenObject {
                    role,
                    object,
                    field,
                });
            }
        }
    }
    found
}

/// L3, L4: at an object or field with a rule, a change that the cascade allows and a denied See
/// holds back. A field without a rule of its own is covered by its record.
fn dormant_writes(role: usize, model: &RoleModel) -> Vec<Lint> {
    let mut found = Vec::new();
    for (object, by_object) in &model.objects {
        let mut writes = vec![(None, Edit), (None, Delete), (None, Destroy)];
        writes.extend(
            by_object
                .fields
                .keys()
                .map(|field| (Some(field.as_str()), Edit)),
        );
        for (field, action) in writes {
            if allows(model, action, object, field) && !allows(model, See, object, field) {
                found.push(Lint::DormantWrite {
                    role,
                    object: object.clone(),
                    field: field.map(str::to_owned),
                    action,
                });
            }
        }
    }
    found
}

/// Whether an effect says something else than what holds without it.
fn changes(effect: Effect, without: bool) -> bool {
    match effect {
        Inherit => false,
        Allow => !without,
        Deny => without,
    }
}

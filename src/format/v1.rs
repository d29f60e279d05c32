//! Version 1 of the document: what each key means, both ways.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::action::Action;
use crate::effect::Effect;
use crate::format::reader::{self, Fields, inside};
use crate::format::tree::Tree;
use crate::id::RoleName;
use crate::principal::{Principal, PrincipalKind};
use crate::problem::{ProblemKind, Problems};
use crate::role::{FieldRule, ObjectRule, Role};
use crate::schema::{Field, Object, Permission, PermissionClass, Schema, SchemaBuilder, Writing};
use crate::workspace::{
    GrantPolicy, GroupMapping, GroupTarget, KeysWithoutRole, Revision, Workspace, WorkspaceBuilder,
    section,
};

/// The words for the three levels of a field rule that a settings page shows.
const PRESETS: [(&str, FieldRule); 3] = [
    ("see_only", FieldRule::SEE_ONLY),
    ("edit", FieldRule::EDIT),
    ("no_access", FieldRule::NO_ACCESS),
];

/// Reads a document; adds all problems, and without any makes the workspace.
pub(super) fn read(tree: Tree, problems: &mut Problems) -> Option<Workspace> {
    let known = [
        "version",
        "revision",
        "schema",
        "roles",
        "default_role",
        "members",
        "api_keys",
        "agents",
        "group_mappings",
        "options",
    ];
    let mut document = Fields::read(tree, "", &known, problems)?;
    document.take("version");
    let revision = document
        .take("revision")
        .and_then(|(tree, path)| reader::whole_number(&tree, &path, problems));
    let schema = read_schema(document.require("schema", problems), problems);
    let mut builder = Workspace::builder(schema).revision(Revision::new(revision.unwrap_or(0)));
    match document.require("roles", problems) {
        Some((roles, path)) => {
            builder.roles = reader::list(
                roles,
                &path,
                problems,
                reader::in_place(read_role, |place| Role::new(place)),
            );
        }
        None => problems.note_unread("roles"),
    }
    if let Some((tree, path)) = document.take("default_role") {
        match reader::text(tree, &path, problems) {
            Some(name) => builder.default_role = Some(RoleName::from(name)),
            None => problems.note_unread(path),
        }
    }
    for kind in PrincipalKind::ALL {
        if let Some((tree, path)) = document.take(section(kind)) {
            read_holders(tree, &path, kind, &mut builder.holders, problems);
        }
    }
    builder.group_mappings = document.take_list(
        "group_mappings",
        problems,
        reader::in_place(read_mapping, |place| GroupMapping::to_admin(place)),
    );
    if let Some((tree, path)) = document.take("options") {
        builder = read_options(tree, &path, builder, problems);
    }
    builder.check(problems)
}

/// Writes a workspace.
pub(super) fn write(workspace: &Workspace) -> Tree {
    let mut document = Map::default();
    document.put("version", Tree::Integer(super::VERSION));
    if workspace.revision() != Revision::default() {
        document.put(
            "revision",
            Tree::Integer(workspace.revision().number().into()),
        );
    }
    document.put("schema", write_schema(workspace.schema()));
    document.put("roles", workspace.roles().map(write_role).collect());
    if let Some(role) = workspace.default_role() {
        document.put("default_role", Tree::text(role.name().as_str()));
    }
    for kind in PrincipalKind::ALL {
        let holders = workspace.names_of_holders(kind);
        let holders = holders.into_iter().map(|(id, role)| {
            let role = role.map_or("", RoleName::as_str);
            (id.to_string(), Tree::text(role))
        });
        document.put_some(section(kind), Map(holders.collect()));
    }
    let mappings = workspace.group_mappings().iter();
    document.put_list("group_mappings", mappings.map(write_mapping));
    let mut options = Map::default();
    if workspace.keys_without_role() != KeysWithoutRole::default() {
        let access = workspace.keys_without_role().as_str();
        options.put("api_keys_without_role", Tree::text(access));
    }
    if workspace.grant_policy() != GrantPolicy::default() {
        let policy = workspace.grant_policy().as_str();
        options.put("grant_policy", Tree::text(policy));
    }
    document.put_some("options", options);
    document.into()
}

fn read_schema(schema: Option<(Tree, String)>, problems: &mut Problems) -> Schema {
    let mut builder = SchemaBuilder::default();
    let fields = schema
        .and_then(|(tree, path)| Fields::read(tree, &path, &["objects", "permissions"], problems));
    if fields.is_none() || problems.is_unread("schema") {
        problems.note_unread("schema.objects");
        problems.note_unread("schema.permissions");
    }
    if let Some(mut schema) = fields {
        for object in schema.take_list(
            "objects",
            problems,
            reader::in_place(read_object, |place| Object::new(place)),
        ) {
            builder = builder.add_object(object);
        }
        if let Some((permissions, path)) = schema.take("permissions") {
            let permissions = reader::list(
                permissions,
                &path,
                problems,
                reader::in_place(read_permission, |place| Permission::settings(place)),
            );
            builder = builder.permissions(permissions);
        }
    }
    builder.check(problems)
}

fn write_schema(schema: &Schema) -> Tree {
    let mut map = Map::default();
    if !schema.objects().is_empty() {
        map.put(
            "objects",
            schema.objects().iter().map(write_object).collect(),
        );
    }
    if schema.permissions() != Permission::documented() {
        let permissions = schema.permissions().iter().map(write_permission);
        map.put("permissions", permissions.collect());
    }
    map.into()
}

pub(super) fn read_object(tree: Tree, path: &str, problems: &mut Problems) -> Option<Object> {
    let mut map = Fields::read(tree, path, &["key", "label", "fields"], problems)?;
    let mut object = Object::new(map.take_name("key", problems));
    if let Some(label) = map.take_text("label", problems) {
        object = object.label(label);
    }
    let fields = map.take_list(
        "fields",
        problems,
        reader::in_place(read_field, |place| Field::new(place)),
    );
    Some(fields.into_iter().fold(object, Object::field))
}

pub(super) fn write_object(object: &Object) -> Tree {
    let mut map = Map::default();
    map.put("key", Tree::text(object.key().as_str()));
    map.put_text("label", object.label_text());
    map.put("fields", object.fields().iter().map(write_field).collect());
    map.into()
}

pub(super) fn read_field(tree: Tree, path: &str, problems: &mut Problems) -> Option<Field> {
    if let Tree::Text(key) = tree {
        return Some(Field::new(key));
    }
    if !reader::is_map(&tree, path, problems) {
        return None;
    }
    let known = [
        "key",
        "label",
        "relation",
        "writing",
        "bound_to_actions",
        "bound_to_permissions",
    ];
    let mut map = Fields::read(tree, path, &known, problems)?;
    let mut field = Field::new(map.take_name("key", problems));
    if let Some(label) = map.take_text("label", problems) {
        field = field.label(label);
    }
    if let Some(object) = map.take_text("relation", problems) {
        field = field.relation(object);
    }
    if let Some((writing, path)) = map.take("writing") {
        if let Some(writing) = reader::word(writing, &path, problems) {
            field = field.written(writing);
        }
    }
    for action in map.take_distinct("bound_to_actions", problems, reader::word) {
        field = field.bound_to_action(action);
    }
    let permissions = map.take_distinct("bound_to_permissions", problems, reader::text);
    Some(
        permissions
            .into_iter()
            .fold(field, Field::bound_to_permission),
    )
}

pub(super) fn write_field(field: &Field) -> Tree {
    let mut map = Map::default();
    map.put_text("label", field.label_text());
    map.put_text("relation", field.relation_object().map(AsRef::as_ref));
    if field.writing() != Writing::Free {
        map.put("writing", Tree::text(field.writing().as_str()));
    }
    let actions = field.bound_actions();
    map.put_list(
        "bound_to_actions",
        actions.iter().map(|action| Tree::text(action.as_str())),
    );
    let permissions = field.bound_permissions().iter();
    map.put_list(
        "bound_to_permissions",
        permissions.map(|key| Tree::text(key.as_str())),
    );
    if map.0.is_empty() {
        return Tree::text(field.key().as_str());
    }
    map.0
        .insert(0, ("key".to_string(), Tree::text(field.key().as_str())));
    map.into()
}

pub(super) fn read_permission(
    tree: Tree,
    path: &str,
    problems: &mut Problems,
) -> Option<Permission> {
    let known = ["key", "class", "label", "requires"];
    let mut map = Fields::read(tree, path, &known, problems)?;
    let key = map.take_name("key", problems);
    let class = map
        .require("class", problems)
        .and_then(|(tree, path)| reader::word(tree, &path, problems));
    let mut permission = Permission::new(class.unwrap_or(PermissionClass::Settings), key);
    if let Some(label) = map.take_text("label", problems) {
        permission = permission.label(label);
    }
    let required = map.take_distinct("requires", problems, reader::text);
    Some(required.into_iter().fold(permission, Permission::requires))
}

pub(super) fn write_permission(permission: &Permission) -> Tree {
    let mut map = Map::default();
    map.put("key", Tree::text(permission.key().as_str()));
    map.put("class", Tree::text(permission.class().as_str()));
    map.put_text("label", permission.label_text());
    let required = permission.required().iter();
    map.put_list("requires", required.map(|key| Tree::text(key.as_str())));
    map.into()
}

pub(super) fn read_role(tree: Tree, path: &str, problems: &mut Problems) -> Option<Role> {
    let known = [
        "name",
        "admin",
        "description",
        "allow",
        "objects",
        "all_access",
        "permissions",
        "held_by",
    ];
    let mut map = Fields::read(tree, path, &known, problems)?;
    let name = map.take_name("name", problems);
    let is_admin = map.take_boolean("admin", problems);
    let mut role = if is_admin == Some(true) {
        Role::admin(name)
    } else {
        Role::new(name)
    };
    if let Some(description) = map.take_text("description", problems) {
        role = role.describe(description);
    }
    for action in map.take_words("allow", problems).unwrap_or_default() {
        role = role.allow(action);
    }
    if let Some((rules, path)) = map.take("objects") {
        for (key, rule) in reader::entries(rules, &path, problems).unwrap_or_default() {
            let rule = read_object_rule(rule, &inside(&path, &key), problems);
            role = role.rule(key, rule.unwrap_or_default());
        }
    }
    for class in map.take_distinct("all_access", problems, reader::word) {
        role = role.grant_all(class);
    }
    for permission in map.take_distinct("permissions", problems, reader::text) {
        role = role.grant(permission);
    }
    if let Some(kinds) = map.take_words("held_by", problems) {
        role = role.held_by(kinds);
    }
    Some(role)
}

pub(super) fn write_role(role: &Role) -> Tree {
    let mut map = Map::default();
    map.put("name", Tree::text(role.name().as_str()));
    if role.is_admin() {
        map.put("admin", Tree::Bool(true));
    }
    map.put_text("description", role.description());
    map.put_list(
        "allow",
        role.baseline()
            .iter()
            .map(|action| Tree::text(action.as_str())),
    );
    let rules = role.rules().iter();
    let rules = rules.map(|(key, rule)| (key.to_string(), write_object_rule(rule)));
    map.put_some("objects", Map(rules.collect()));
    map.put_list(
        "all_access",
        role.all_access()
            .iter()
            .map(|class| Tree::text(class.as_str())),
    );
    let permissions = role.permissions().iter();
    map.put_list(
        "permissions",
        permissions.map(|key| Tree::text(key.as_str())),
    );
    let plain = if role.is_admin() {
        Role::admin("")
    } else {
        Role::new("")
    };
    if role.holder_kinds() != plain.holder_kinds() {
        let kinds = role.holder_kinds().iter();
        map.put(
            "held_by",
            kinds.map(|kind| Tree::text(kind.as_str())).collect(),
        );
    }
    map.into()
}

pub(super) fn read_object_rule(
    tree: Tree,
    path: &str,
    problems: &mut Problems,
) -> Option<ObjectRule> {
    let known = ["see", "edit", "delete", "destroy", "fields"];
    let mut map = Fields::read(tree, path, &known, problems)?;
    let mut rule = ObjectRule::new();
    for action in Action::ALL {
        rule = rule.set(action, read_effect(&mut map, action, problems));
    }
    if let Some((fields, path)) = map.take("fields") {
        for (key, field) in reader::entries(fields, &path, problems).unwrap_or_default() {
            let field = read_field_rule(field, &inside(&path, &key), problems);
            rule = rule.field(key, field.unwrap_or_default());
        }
    }
    Some(rule)
}

pub(super) fn write_object_rule(rule: &ObjectRule) -> Tree {
    let mut map = Map::default();
    for action in Action::ALL {
        map.put_effect(action, rule.effect(action));
    }
    let fields = rule.fields().iter();
    let fields = fields.map(|(key, rule)| (key.to_string(), write_field_rule(rule)));
    map.put_some("fields", Map(fields.collect()));
    map.into()
}

pub(super) fn read_field_rule(
    tree: Tree,
    path: &str,
    problems: &mut Problems,
) -> Option<FieldRule> {
    if let Tree::Text(word) = &tree {
        let preset = PRESETS.into_iter().find(|(known, _)| known == word);
        if preset.is_none() {
            problems.add(
                path,
                ProblemKind::UnknownWord(crate::set::UnknownWord {
                    what: "level of a field rule",
                    word: word.clone(),
                    allowed: &["see_only", "edit", "no_access"],
                }),
            );
        }
        return preset.map(|(_, rule)| rule);
    }
    if !reader::is_map(&tree, path, problems) {
        return None;
    }
    let mut map = Fields::read(tree, path, &["see", "edit"], problems)?;
    let see = read_effect(&mut map, Action::See, problems);
    let edit = read_effect(&mut map, Action::Edit, problems);
    Some(FieldRule::new().see(see).edit(edit))
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "every part is written by reference"
)]
pub(super) fn write_field_rule(rule: &FieldRule) -> Tree {
    if let Some((word, _)) = PRESETS.into_iter().find(|(_, preset)| preset == rule) {
        return Tree::text(word);
    }
    let mut map = Map::default();
    for action in [Action::See, Action::Edit] {
        map.put_effect(action, rule.effect(action));
    }
    map.into()
}

fn read_effect(map: &mut Fields, action: Action, problems: &mut Problems) -> Effect {
    map.take(action.as_str())
        .and_then(|(tree, path)| reader::word(tree, &path, problems))
        .unwrap_or_default()
}

fn read_holders(
    tree: Tree,
    path: &str,
    kind: PrincipalKind,
    holders: &mut Vec<(Principal, Option<RoleName>)>,
    problems: &mut Problems,
) {
    let Some(entries) = reader::entries(tree, path, problems) else {
        problems.note_unread(path);
        return;
    };
    for (id, role) in entries {
        let role = match role {
            Tree::Null => None,
            Tree::Text(name) if name.is_empty() => None,
            other => {
                let Some(name) = reader::text(other, &inside(path, &id), problems) else {
                    problems.note_unread(path);
                    continue;
                };
                Some(RoleName::from(name))
            }
        };
        // Given twice, so that it may hold another role.
        if problems.is_unread(&inside(path, &id)) {
            problems.note_unread(path);
        }
        holders.push((Principal::new(kind, id), role));
    }
}

pub(super) fn read_mapping(
    tree: Tree,
    path: &str,
    problems: &mut Problems,
) -> Option<GroupMapping> {
    let mut map = Fields::read(tree, path, &["group", "role", "admin"], problems)?;
    let group = map.take_name("group", problems);
    let is_admin = map.take_boolean("admin", problems);
    let role = if is_admin == Some(true) {
        map.take("role").inspect(|(_, path)| {
            problems.add(path, ProblemKind::RoleBesideAdmin);
        });
        None
    } else if problems.is_unread(&inside(path, "admin")) {
        // It may have been `true`, so that no role is needed.
        map.take("role")
    } else {
        map.require("role", problems)
    };
    let role = role.and_then(|(tree, path)| reader::text(tree, &path, problems));
    // A role that is missing or unread has been said, so that nothing has the mapping to Admin.
    Some(match role {
        Some(role) => GroupMapping::new(group, role),
        None => GroupMapping::to_admin(group),
    })
}

pub(super) fn write_mapping(mapping: &GroupMapping) -> Tree {
    let mut map = Map::default();
    map.put("group", Tree::text(mapping.group.as_str()));
    match &mapping.target {
        GroupTarget::Role(role) => map.put("role", Tree::text(role.as_str())),
        GroupTarget::Admin => map.put("admin", Tree::Bool(true)),
    }
    map.into()
}

fn read_options(
    tree: Tree,
    path: &str,
    builder: WorkspaceBuilder,
    problems: &mut Problems,
) -> WorkspaceBuilder {
    let known = ["api_keys_without_role", "grant_policy"];
    let Some(mut map) = Fields::read(tree, path, &known, problems) else {
        return builder;
    };
    let access = map
        .take("api_keys_without_role")
        .and_then(|(tree, path)| reader::word(tree, &path, problems));
    let policy = map
        .take("grant_policy")
        .and_then(|(tree, path)| reader::word(tree, &path, problems));
    builder
        .keys_without_role(access.unwrap_or_default())
        .grant_policy(policy.unwrap_or_default())
}

/// A map that is being written.
#[derive(Default)]
struct Map(Vec<(String, Tree)>);

impl Map {
    fn put(&mut self, key: &str, value: Tree) {
        self.0.push((key.to_string(), value));
    }

    fn put_text(&mut self, key: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.put(key, Tree::text(text));
        }
    }

    /// Puts a list, unless it is empty.
    fn put_list(&mut self, key: &str, items: impl Iterator<Item = Tree>) {
        let items: Vec<Tree> = items.collect();
        if !items.is_empty() {
            self.put(key, Tree::List(items));
        }
    }

    /// Puts a map, unless it is empty.
    fn put_some(&mut self, key: &str, map: Self) {
        if !map.0.is_empty() {
            self.put(key, map.into());
        }
    }

    /// Puts an effect, unless it is Inherit.
    fn put_effect(&mut self, action: Action, effect: Effect) {
        if effect != Effect::Inherit {
            self.put(action.as_str(), Tree::text(effect.as_str()));
        }
    }
}

impl From<Map> for Tree {
    fn from(map: Map) -> Self {
        Self::Map(map.0)
    }
}

impl FromIterator<Tree> for Tree {
    fn from_iter<I: IntoIterator<Item = Tree>>(items: I) -> Self {
        Self::List(items.into_iter().collect())
    }
}

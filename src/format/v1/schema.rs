//! The schema in version 1, both ways.

use alloc::string::{String, ToString};

use crate::format::map::MapWriter;
use crate::format::reader::{self, Fields};
use crate::format::tree::Tree;
use crate::model::problem_list::Problems;
use crate::model::schema::{
    Field, Object, Permission, PermissionClass, Schema, SchemaBuilder, Writing,
};

pub(in crate::format) fn read_schema(
    schema: Option<(Tree, String)>,
    problems: &mut Problems,
) -> Schema {
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
            builder = builder.only_permissions(permissions);
        }
    }
    builder.check(problems)
}

pub(in crate::format) fn write_schema(schema: &Schema) -> Tree {
    let mut map = MapWriter::default();
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

pub(in crate::format) fn read_object(
    tree: Tree,
    path: &str,
    problems: &mut Problems,
) -> Option<Object> {
    let mut map = Fields::read(tree, path, &["key", "label", "fields"], problems)?;
    let mut object = Object::new(map.take_name("key", problems));
    if let Some(label) = map.take_text("label", problems) {
        object = object.with_label(label);
    }
    let fields = map.take_list(
        "fields",
        problems,
        reader::in_place(read_field, |place| Field::new(place)),
    );
    Some(fields.into_iter().fold(object, Object::field))
}

pub(in crate::format) fn write_object(object: &Object) -> Tree {
    let mut map = MapWriter::default();
    map.put("key", Tree::text(object.key().as_str()));
    map.put_text("label", object.label());
    map.put("fields", object.fields().iter().map(write_field).collect());
    map.into()
}

pub(in crate::format) fn read_field(
    tree: Tree,
    path: &str,
    problems: &mut Problems,
) -> Option<Field> {
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
        field = field.with_label(label);
    }
    if let Some(object) = map.take_text("relation", problems) {
        field = field.with_relation(object);
    }
    if let Some((writing, path)) = map.take("writing") {
        if let Some(writing) = reader::word(writing, &path, problems) {
            field = field.with_writing(writing);
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

pub(in crate::format) fn write_field(field: &Field) -> Tree {
    let mut map = MapWriter::default();
    map.put_text("label", field.label());
    map.put_text("relation", field.relation().map(AsRef::as_ref));
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

pub(in crate::format) fn read_permission(
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
        permission = permission.with_label(label);
    }
    let required = map.take_distinct("requires", problems, reader::text);
    Some(
        required
            .into_iter()
            .fold(permission, Permission::with_requirement),
    )
}

pub(in crate::format) fn write_permission(permission: &Permission) -> Tree {
    let mut map = MapWriter::default();
    map.put("key", Tree::text(permission.key().as_str()));
    map.put("class", Tree::text(permission.class().as_str()));
    map.put_text("label", permission.label());
    let required = permission.requirements().iter();
    map.put_list("requires", required.map(|key| Tree::text(key.as_str())));
    map.into()
}

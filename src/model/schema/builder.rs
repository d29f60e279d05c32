//! The gate into a schema: everything that must hold of it, checked at once.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::model::action::Action;
use crate::model::id::{ObjectKey, PermissionKey, is_key};
use crate::model::problem::{EntityKind, Problem, ProblemKind};
use crate::model::problem_list::Problems;
use crate::model::schema::field_table::FieldTable;
use crate::model::schema::permission_order::{on_circles, targets_first};
use crate::model::schema::schema::{permission_fingerprint, record_fingerprint};
use crate::model::schema::{Field, Object, Permission, Schema};
use crate::support::limits::{MAX_FIELDS, MAX_OBJECTS, MAX_PERMISSIONS};
use crate::support::name_table::NameTable;

/// A schema that is being put together; [`build`](SchemaBuilder::build) checks all of it.
#[must_use = "call `build` to check it and make what it describes"]
#[derive(Debug, Clone)]
pub struct SchemaBuilder {
    pub(super) objects: Vec<Object>,
    pub(super) permissions: Vec<Permission>,
    /// Fields for objects that may be added later.
    pub(super) loose_fields: Vec<(ObjectKey, Field)>,
}

impl Default for SchemaBuilder {
    fn default() -> Self {
        Self {
            objects: Vec::new(),
            permissions: Permission::documented(),
            loose_fields: Vec::new(),
        }
    }
}

impl SchemaBuilder {
    /// Adds an object with plain fields.
    pub fn object<F: Into<Field>>(
        self,
        key: impl Into<ObjectKey>,
        fields: impl IntoIterator<Item = F>,
    ) -> Self {
        self.add_object(fields.into_iter().fold(Object::new(key), Object::field))
    }

    /// Adds an object.
    pub fn add_object(mut self, object: Object) -> Self {
        self.objects.push(object);
        self
    }

    /// Adds a field to an object, after its other fields.
    pub fn field(mut self, object: impl Into<ObjectKey>, field: impl Into<Field>) -> Self {
        self.loose_fields.push((object.into(), field.into()));
        self
    }

    /// Registers a workspace permission of the workspace's own.
    pub fn permission(mut self, permission: Permission) -> Self {
        self.permissions.push(permission);
        self
    }

    /// Replaces all workspace permissions, the documented ones included.
    pub fn only_permissions(mut self, permissions: impl IntoIterator<Item = Permission>) -> Self {
        self.permissions = permissions.into_iter().collect();
        self
    }

    /// Puts what `edit` makes of an object in its place.
    pub(crate) fn edit_object(&mut self, key: &ObjectKey, edit: impl FnOnce(Object) -> Object) {
        if let Some(object) = self.objects.iter_mut().find(|object| object.key == *key) {
            *object = edit(object.clone());
        }
    }

    pub(crate) fn remove_object(&mut self, key: &ObjectKey) {
        self.objects.retain(|object| object.key != *key);
    }

    /// Puts a permission in the place of that with the same key.
    pub(crate) fn replace_permission(&mut self, new: Permission) {
        let mut permissions = self.permissions.iter_mut();
        if let Some(permission) = permissions.find(|old| old.key == new.key) {
            *permission = new;
        }
    }

    pub(crate) fn remove_permission(&mut self, key: &PermissionKey) {
        self.permissions.retain(|permission| permission.key != *key);
    }

    /// Checks everything and makes the schema.
    ///
    /// # Errors
    ///
    /// All problems at once: a malformed or repeated key, a relation to an unknown object, a field that is bound to See or
    /// to an unknown permission (L37), a permission that requires an unknown one or, in the end, itself, or more things than
    /// a schema can have.
    pub fn build(self) -> Result<Schema, InvalidSchema> {
        let mut problems = Problems::default();
        let schema = self.check(&mut problems);
        if problems.is_empty() {
            Ok(schema)
        } else {
            Err(InvalidSchema(problems))
        }
    }

    /// The schema as far as it makes sense, with all problems added. Only without problems is it valid.
    pub(crate) fn check(self, problems: &mut Problems) -> Schema {
        let Self {
            mut objects,
            mut permissions,
            loose_fields,
        } = self;
        check_objects(&mut objects, problems);
        let object_names = NameTable::new(objects.iter().map(|object| object.key.as_str()));
        for (object, field) in loose_fields {
            match object_names
                .find(object.as_str())
                .and_then(|index| objects.get_mut(index))
            {
                Some(object) => object.fields.push(field),
                None => problems.add_unknown(
                    "schema.objects",
                    EntityKind::Object,
                    object.as_str(),
                    object_names.iter(),
                ),
            }
        }
        for (position, object) in objects.iter_mut().enumerate() {
            check_fields(position, object, &object_names, problems);
        }
        let permission_order = check_permissions(&mut permissions, problems);
        let permission_names =
            NameTable::new(permissions.iter().map(|permission| permission.key.as_str()));
        check_bindings(&objects, &permission_names, problems);
        Schema {
            fingerprint: record_fingerprint(&objects),
            permission_fingerprint: permission_fingerprint(&permissions),
            guarded_fields: objects.iter().map(guarded_fields).collect(),
            field_names: FieldTable::new(&objects),
            objects,
            permissions,
            object_names,
            permission_names,
            permission_order,
        }
    }
}

/// Checks the keys of the objects, and drops those past the limit.
fn check_objects(objects: &mut Vec<Object>, problems: &mut Problems) {
    if objects.len() > MAX_OBJECTS {
        problems.add("schema.objects", ProblemKind::TooManyObjects(objects.len()));
        problems.note_unread("schema.objects");
        objects.truncate(MAX_OBJECTS);
    }
    check_keys(
        objects,
        "schema.objects",
        EntityKind::Object,
        problems,
        |object| object.key.as_str(),
    );
}

/// Where the fields of the object at that position are.
pub(crate) fn fields_path(position: usize) -> String {
    alloc::format!("schema.objects[{position}].fields")
}

fn check_fields(
    position: usize,
    object: &mut Object,
    object_names: &NameTable,
    problems: &mut Problems,
) {
    let path = fields_path(position);
    if object.fields.len() > MAX_FIELDS {
        problems.add(&path, ProblemKind::TooManyFields(object.fields.len()));
        problems.note_unread(path.as_str());
        object.fields.truncate(MAX_FIELDS);
    }
    for (index, field) in object.fields.iter().enumerate() {
        if let Some(relation) = &field.relation {
            if object_names.find(relation.as_str()).is_none() {
                problems.add_unknown(
                    format_args!("{path}[{index}].relation"),
                    EntityKind::Object,
                    relation.as_str(),
                    object_names.iter(),
                );
            }
        }
    }
    check_keys(
        &object.fields,
        &path,
        EntityKind::Field,
        problems,
        |field| field.key.as_str(),
    );
}

/// Each field is bound to writes, and to permissions that exist (L37).
fn check_bindings(objects: &[Object], permission_names: &NameTable, problems: &mut Problems) {
    for (position, object) in objects.iter().enumerate() {
        for (index, field) in object.fields.iter().enumerate() {
            if !field.is_guarded() {
                continue;
            }
            let path = alloc::format!("schema.objects[{position}].fields[{index}]");
            if field.bound_actions.contains(Action::See) {
                problems.add(
                    format_args!("{path}.bound_to_actions"),
                    ProblemKind::BoundToSee,
                );
            }
            for permission in &field.bound_permissions {
                if permission_names.find(permission.as_str()).is_none() {
                    problems.add_unknown(
                        format_args!("{path}.bound_to_permissions"),
                        EntityKind::Permission,
                        permission.as_str(),
                        permission_names.iter(),
                    );
                }
            }
        }
    }
}

/// The indices of the fields whose writing the schema guards (L37).
fn guarded_fields(object: &Object) -> Vec<usize> {
    let fields = object.fields.iter().enumerate();
    fields
        .filter(|(_, field)| field.is_guarded())
        .map(|(index, _)| index)
        .collect()
}

/// Checks the permissions and returns their indices, each after those that it requires.
fn check_permissions(permissions: &mut Vec<Permission>, problems: &mut Problems) -> Vec<usize> {
    let path = "schema.permissions";
    if permissions.len() > MAX_PERMISSIONS {
        problems.add(path, ProblemKind::TooManyPermissions(permissions.len()));
        problems.note_unread(path);
        permissions.truncate(MAX_PERMISSIONS);
    }
    check_keys(
        permissions,
        path,
        EntityKind::Permission,
        problems,
        |permission| permission.key.as_str(),
    );
    let names = NameTable::new(permissions.iter().map(|permission| permission.key.as_str()));
    for (position, permission) in permissions.iter().enumerate() {
        for required in &permission.requirements {
            if names.find(required.as_str()).is_none() {
                problems.add_unknown(
                    format_args!("{path}[{position}].requires"),
                    EntityKind::Permission,
                    required.as_str(),
                    names.iter(),
                );
            }
        }
    }
    let requires: Vec<Vec<usize>> = permissions
        .iter()
        .map(|permission| {
            let required = permission.requirements.iter();
            required
                .filter_map(|key| names.find(key.as_str()))
                .collect()
        })
        .collect();
    let order = targets_first(&requires);
    if order.len() != permissions.len() {
        // What only leads to a circle is in order as soon as the circle is.
        let circular = on_circles(&requires);
        for (position, permission) in permissions.iter().enumerate() {
            if circular.contains(&position) {
                problems.add(
                    format_args!("{path}[{position}].requires"),
                    ProblemKind::CircularRequirement(permission.key.as_str().into()),
                );
            }
        }
    }
    order
}

/// Adds a problem for each malformed and each repeated key.
fn check_keys<T>(
    items: &[T],
    path: &str,
    what: EntityKind,
    problems: &mut Problems,
    key: impl Fn(&T) -> &str,
) {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (position, item) in items.iter().enumerate() {
        let name = key(item);
        if problems.is_stand_in(name, format_args!("{path}[{position}]")) {
            continue;
        }
        let place = alloc::format!("{path}[{position}].key");
        if !is_key(name) {
            problems.add(&place, ProblemKind::MalformedKey(name.into()));
        }
        if !seen.insert(name) {
            let name = name.into();
            problems.add(&place, ProblemKind::Repeated { what, name });
        }
    }
}

/// The error of building a schema: everything that is wrong with it.
#[derive(Clone, PartialEq, Eq)]
pub struct InvalidSchema(Problems);

impl InvalidSchema {
    /// The problems in the order of the schema, at most [`MAX_PROBLEMS`](crate::limits::MAX_PROBLEMS) of them.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        self.0.listed()
    }

    /// How many problems there are, also those that are not listed.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.count()
    }

    pub(crate) fn into_problems(self) -> Problems {
        self.0
    }
}

impl fmt::Display for InvalidSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl core::error::Error for InvalidSchema {}

impl Serialize for InvalidSchema {
    /// A map of the `code`, which is `invalid`, the `message`, the `problems`, and their `count`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("code", "invalid")?;
        map.serialize_entry("message", &format_args!("{self}"))?;
        map.serialize_entry("problems", self.problems())?;
        map.serialize_entry("count", &self.count())?;
        map.end()
    }
}

crate::support::debug_is_display::debug_is_display!(InvalidSchema);

//! What there is in a workspace: objects, their fields, and workspace permissions.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::hash::Hasher;

use crate::action::{Action, ActionSet};
use crate::column::Column;
use crate::id::{FieldKey, ObjectKey, PermissionKey, is_key};
use crate::limits::{MAX_FIELDS, MAX_OBJECTS, MAX_PERMISSIONS};
use crate::names::NameTable;
use crate::problem::{Named, Problem, ProblemKind, Problems};
use crate::set::{small_set, words};

use self::fields::FieldNames;
pub use self::handle::{FieldId, ObjectId};

mod fields;
mod handle;

/// The two classes of workspace permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a host's match should break when a class is added"
)]
pub enum PermissionClass {
    /// Rights over the settings of the workspace, such as `roles` or `api_keys`.
    Settings,
    /// Rights to general actions, such as `send_email` or `export_csv`.
    Actions,
}

words!(PermissionClass, "class of workspace permissions", {
    Settings => "settings",
    Actions => "actions",
});

small_set! {
    /// A set of classes, such as those whose *all access* switch a role has on (L11).
    PermissionClasses of PermissionClass
}

/// A kind of record, such as `people`, and its fields.
///
/// ```
/// use rolegate::{Field, Object};
///
/// let people = Object::new("people")
///     .label("People")
///     .field("name")
///     .field(Field::new("company").relation("companies"));
/// assert_eq!(people.fields().len(), 2);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    key: ObjectKey,
    label: Option<String>,
    fields: Vec<Field>,
}

impl Object {
    /// The object with that key, without fields.
    pub fn new(key: impl Into<ObjectKey>) -> Self {
        Self {
            key: key.into(),
            label: None,
            fields: Vec::new(),
        }
    }

    /// Sets the text that people read. Defaults to none.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Adds a field after those that are there.
    pub fn field(mut self, field: impl Into<Field>) -> Self {
        self.fields.push(field.into());
        self
    }

    /// The object with another label, or none.
    pub(crate) fn labelled(mut self, label: Option<String>) -> Self {
        self.label = label;
        self
    }

    /// The object with a field in the place of that with the same key.
    pub(crate) fn with_field(mut self, new: Field) -> Self {
        let mut fields = self.fields.iter_mut();
        if let Some(field) = fields.find(|field| field.key == new.key) {
            *field = new;
        }
        self
    }

    pub(crate) fn without_field(mut self, key: &FieldKey) -> Self {
        self.fields.retain(|field| field.key != *key);
        self
    }

    /// The stable name of the object.
    pub fn key(&self) -> &ObjectKey {
        &self.key
    }

    /// The text that people read, if it has one.
    pub fn label_text(&self) -> Option<&str> {
        self.label.as_deref()
    }

    /// The fields, in schema order.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }
}

/// Who writes a field, whatever roles say (L37).
///
/// Defaults to [`Free`](Writing::Free).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[non_exhaustive]
pub enum Writing {
    /// Whoever may edit it, and may do what it is bound to.
    #[default]
    Free,
    /// Nobody, since its value comes from elsewhere: a formula, another program, the past.
    ReadOnly,
    /// Nobody, since the host itself keeps it: an id, a time stamp, a search vector.
    System,
}

words!(Writing, "writing of a field", {
    Free => "free",
    ReadOnly => "read_only",
    System => "system",
});

/// One column of an object.
///
/// The schema may say more about writing a field than roles do (L37): a field can be *bound* to actions or to workspace
/// permissions, so that to edit it one must be allowed those as well, and it can be read-only or the system's, so that
/// nobody edits it, not even Admin. Whoever sees the field still sees it.
///
/// ```
/// use rolegate::{Action, Field, Role, Schema, Workspace, Principal};
///
/// let schema = Schema::builder()
///     .object("people", ["name"])
///     .field("people", Field::new("id").system())
///     .field("people", Field::new("deleted_at").bound_to_action(Action::Delete))
///     .build()?;
/// let policy = Workspace::builder(schema)
///     .role(Role::admin("Admin"))
///     .role(Role::new("Editor").allow(Action::See).allow(Action::Edit))
///     .default_role("Editor")
///     .member("ada", "Admin")
///     .member("tim", "Editor")
///     .build()?
///     .compile();
///
/// let (ada, tim) = (Principal::member("ada"), Principal::member("tim"));
/// assert!(policy.can(&tim, Action::Edit, "people", "name"));
/// assert!(!policy.can(&tim, Action::Edit, "people", "deleted_at")); // it would be a delete
/// assert!(policy.can(&ada, Action::Edit, "people", "deleted_at"));
/// assert!(!policy.can(&ada, Action::Edit, "people", "id"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    key: FieldKey,
    label: Option<String>,
    relation: Option<ObjectKey>,
    writing: Writing,
    bound_actions: ActionSet,
    bound_permissions: BTreeSet<PermissionKey>,
}

impl Field {
    /// The field with that key, without a relation, written by whoever may edit it.
    pub fn new(key: impl Into<FieldKey>) -> Self {
        Self {
            key: key.into(),
            label: None,
            relation: None,
            writing: Writing::Free,
            bound_actions: ActionSet::EMPTY,
            bound_permissions: BTreeSet::new(),
        }
    }

    /// Sets the text that people read. Defaults to none.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Says that the field points to records of that object. Defaults to none.
    pub fn relation(mut self, object: impl Into<ObjectKey>) -> Self {
        self.relation = Some(object.into());
        self
    }

    /// The field without its relation.
    pub(crate) fn unrelated(mut self) -> Self {
        self.relation = None;
        self
    }

    /// Says that to write the field is to do that to the record, so that it must be allowed as well (L37).
    ///
    /// A field may be bound to several actions and permissions: all are needed. A [`Schema`] refuses
    /// [`See`](Action::See), which is no write.
    pub fn bound_to_action(mut self, action: Action) -> Self {
        self.bound_actions = self.bound_actions.with(action);
        self
    }

    /// Says that to write the field one must have that workspace permission as well (L37).
    ///
    /// A field may be bound to several actions and permissions: all are needed.
    pub fn bound_to_permission(mut self, permission: impl Into<PermissionKey>) -> Self {
        self.bound_permissions.insert(permission.into());
        self
    }

    /// Says that nobody writes the field, not even Admin, since its value comes from elsewhere (L37).
    pub fn read_only(self) -> Self {
        self.written(Writing::ReadOnly)
    }

    /// Says that nobody writes the field, not even Admin, since the host itself keeps it (L37).
    pub fn system(self) -> Self {
        self.written(Writing::System)
    }

    /// Sets who writes the field, whatever roles say (L37). Defaults to [`Writing::Free`].
    pub fn written(mut self, writing: Writing) -> Self {
        self.writing = writing;
        self
    }

    /// The stable name of the field.
    pub fn key(&self) -> &FieldKey {
        &self.key
    }

    /// The text that people read, if it has one.
    pub fn label_text(&self) -> Option<&str> {
        self.label.as_deref()
    }

    /// The object whose records the field points to, if it does.
    pub fn relation_object(&self) -> Option<&ObjectKey> {
        self.relation.as_ref()
    }

    /// Who writes the field, whatever roles say (L37).
    pub fn writing(&self) -> Writing {
        self.writing
    }

    /// The actions on the record that writing the field needs as well (L37).
    pub fn bound_actions(&self) -> ActionSet {
        self.bound_actions
    }

    /// The workspace permissions that writing the field needs as well (L37), sorted by key.
    pub fn bound_permissions(&self) -> &BTreeSet<PermissionKey> {
        &self.bound_permissions
    }

    /// Whether the schema asks more of who writes the field than roles do (L37).
    pub(crate) fn is_guarded(&self) -> bool {
        self.writing != Writing::Free
            || !self.bound_actions.is_empty()
            || !self.bound_permissions.is_empty()
    }
}

impl From<&str> for Field {
    fn from(key: &str) -> Self {
        Self::new(key)
    }
}

impl From<String> for Field {
    fn from(key: String) -> Self {
        Self::new(key)
    }
}

/// A named right that is not about records.
///
/// ```
/// use rolegate::Permission;
///
/// let billing = Permission::settings("billing").requires("workspace");
/// assert_eq!(billing.required().len(), 1);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    key: PermissionKey,
    class: PermissionClass,
    label: Option<String>,
    requires: BTreeSet<PermissionKey>,
}

impl Permission {
    /// The permission with that key, of that class, requiring no other.
    pub fn new(class: PermissionClass, key: impl Into<PermissionKey>) -> Self {
        Self {
            key: key.into(),
            class,
            label: None,
            requires: BTreeSet::new(),
        }
    }

    /// A permission of the class [`Settings`](PermissionClass::Settings).
    pub fn settings(key: impl Into<PermissionKey>) -> Self {
        Self::new(PermissionClass::Settings, key)
    }

    /// A permission of the class [`Actions`](PermissionClass::Actions).
    pub fn action(key: impl Into<PermissionKey>) -> Self {
        Self::new(PermissionClass::Actions, key)
    }

    /// The documented permissions, in order.
    ///
    /// Settings: `api_keys`, `workspace`, `roles`, `data_model`, `security`, `workflows`, `workspace_members`. Actions:
    /// `send_email`, `import_csv`, `export_csv`, and `trigger_workflows`, which requires `workflows` (L12).
    pub fn documented() -> Vec<Self> {
        let settings = [
            "api_keys",
            "workspace",
            "roles",
            "data_model",
            "security",
            "workflows",
            "workspace_members",
        ];
        let actions = ["send_email", "import_csv", "export_csv"];
        settings
            .map(Self::settings)
            .into_iter()
            .chain(actions.map(Self::action))
            .chain([Self::action("trigger_workflows").requires("workflows")])
            .collect()
    }

    /// Sets the text that people read. Defaults to none.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Says that who uses this permission must have that one too (L12).
    pub fn requires(mut self, permission: impl Into<PermissionKey>) -> Self {
        self.requires.insert(permission.into());
        self
    }

    /// The stable name of the permission.
    pub fn key(&self) -> &PermissionKey {
        &self.key
    }

    /// Which class it is of.
    pub fn class(&self) -> PermissionClass {
        self.class
    }

    /// The text that people read, if it has one.
    pub fn label_text(&self) -> Option<&str> {
        self.label.as_deref()
    }

    /// The permissions that it requires, sorted by key.
    pub fn required(&self) -> &BTreeSet<PermissionKey> {
        &self.requires
    }
}

/// What there is in a workspace. A schema that exists is valid, and never changes.
///
/// Two schemas are equal when they have equal objects, fields and permissions in the same order.
///
/// ```
/// use rolegate::{Field, Schema};
///
/// let schema = Schema::builder()
///     .object("people", ["name", "email"])
///     .object("companies", ["name"])
///     .field("people", Field::new("company").relation("companies"))
///     .build()?;
/// assert!(schema.object("people").is_some());
/// assert!(schema.permission("send_email").is_some()); // the documented permissions are there
/// # Ok::<(), rolegate::InvalidSchema>(())
/// ```
#[derive(Clone)]
pub struct Schema {
    objects: Vec<Object>,
    permissions: Vec<Permission>,
    object_names: NameTable,
    field_names: FieldNames,
    permission_names: NameTable,
    /// For each object, the indices of the fields whose writing the schema guards (L37).
    guarded_fields: Vec<Vec<usize>>,
    /// The indices of all permissions, each after those that it requires.
    permission_order: Vec<usize>,
    /// Tells handles of this schema from those of another one (L28).
    mark: u64,
}

impl Schema {
    /// Starts a schema without objects, with the documented permissions.
    pub fn builder() -> SchemaBuilder {
        SchemaBuilder::default()
    }

    /// The objects, in schema order.
    pub fn objects(&self) -> &[Object] {
        &self.objects
    }

    /// The workspace permissions, in schema order.
    pub fn permissions(&self) -> &[Permission] {
        &self.permissions
    }

    /// A builder that starts with everything that is in this schema.
    pub fn to_builder(&self) -> SchemaBuilder {
        SchemaBuilder {
            objects: self.objects.clone(),
            permissions: self.permissions.clone(),
            loose_fields: Vec::new(),
        }
    }

    /// The object with that key.
    pub fn object(&self, key: &str) -> Option<&Object> {
        self.objects.get(self.object_names.find(key)?)
    }

    /// The field with that key of the object with that key.
    pub fn field(&self, object: &str, key: &str) -> Option<&Field> {
        let object = self.object_names.find(object)?;
        let field = self.field_names.find(object, key)?;
        self.objects.get(object)?.fields.get(field)
    }

    /// The workspace permission with that key.
    pub fn permission(&self, key: &str) -> Option<&Permission> {
        self.permissions.get(self.permission_names.find(key)?)
    }

    /// The handle of an object, for asking without looking up its name.
    pub fn object_id(&self, key: &str) -> Option<ObjectId> {
        let index = u32::try_from(self.object_names.find(key)?).ok()?;
        Some(ObjectId::new(self.mark, index))
    }

    /// The handle of a field, for asking without looking up its name.
    pub fn field_id(&self, object: &str, key: &str) -> Option<FieldId> {
        let object = self.object_names.find(object)?;
        let object_index = u32::try_from(object).ok()?;
        Some(FieldId::new(
            self.mark,
            object_index,
            self.column(object, key)?,
        ))
    }

    #[inline]
    pub(crate) fn mark(&self) -> u64 {
        self.mark
    }

    #[inline]
    pub(crate) fn object_index(&self, key: &str) -> Option<usize> {
        self.object_names.find(key)
    }

    #[inline]
    pub(crate) fn field_index(&self, object: usize, key: &str) -> Option<usize> {
        self.field_names.find(object, key)
    }

    /// The column of the field with that key.
    #[inline]
    pub(crate) fn column(&self, object: usize, key: &str) -> Option<Column> {
        self.field_index(object, key).map(Column::field)
    }

    /// The field of a column of an object; none for the record.
    pub(crate) fn field_at(&self, object: usize, column: Column) -> Option<&Field> {
        self.objects.get(object)?.fields.get(column.field_index()?)
    }

    /// The fields of an object whose writing the schema guards (L37), with their indices.
    pub(crate) fn guarded_fields(&self, object: usize) -> impl Iterator<Item = (usize, &Field)> {
        let fields = self.objects.get(object).map_or(&[][..], Object::fields);
        let guarded = self.guarded_fields.get(object).into_iter().flatten();
        guarded.filter_map(|index| Some((*index, fields.get(*index)?)))
    }

    /// The index of the object whose records a field points to, if it does.
    pub(crate) fn relation_index(&self, object: usize, field: usize) -> Option<usize> {
        let field = self.objects.get(object)?.fields.get(field)?;
        self.object_index(field.relation.as_ref()?.as_str())
    }

    /// The indices of all permissions, each after those that it requires.
    pub(crate) fn permission_order(&self) -> &[usize] {
        &self.permission_order
    }

    #[inline]
    pub(crate) fn permission_index(&self, key: &str) -> Option<usize> {
        self.permission_names.find(key)
    }
}

impl PartialEq for Schema {
    fn eq(&self, other: &Self) -> bool {
        self.objects == other.objects && self.permissions == other.permissions
    }
}

impl Eq for Schema {}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schema")
            .field("objects", &self.objects)
            .field("permissions", &self.permissions)
            .finish_non_exhaustive()
    }
}

/// A schema that is being put together; [`build`](SchemaBuilder::build) checks all of it.
#[derive(Debug, Clone)]
pub struct SchemaBuilder {
    objects: Vec<Object>,
    permissions: Vec<Permission>,
    /// Fields for objects that may be added later.
    loose_fields: Vec<(ObjectKey, Field)>,
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
    pub fn permissions(mut self, permissions: impl IntoIterator<Item = Permission>) -> Self {
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
                    Named::Object,
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
            mark: mark(&objects),
            guarded_fields: objects.iter().map(guarded_fields).collect(),
            field_names: FieldNames::new(&objects),
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
        Named::Object,
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
                    Named::Object,
                    relation.as_str(),
                    object_names.iter(),
                );
            }
        }
    }
    check_keys(&object.fields, &path, Named::Field, problems, |field| {
        field.key.as_str()
    });
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
                        Named::Permission,
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
        Named::Permission,
        problems,
        |permission| permission.key.as_str(),
    );
    let names = NameTable::new(permissions.iter().map(|permission| permission.key.as_str()));
    for (position, permission) in permissions.iter().enumerate() {
        for required in &permission.requires {
            if names.find(required.as_str()).is_none() {
                problems.add_unknown(
                    format_args!("{path}[{position}].requires"),
                    Named::Permission,
                    required.as_str(),
                    names.iter(),
                );
            }
        }
    }
    let requires: Vec<Vec<usize>> = permissions
        .iter()
        .map(|permission| {
            let required = permission.requires.iter();
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

/// The positions of a graph, each after those that it points to, without those on a circle or leading to one.
fn targets_first(targets: &[Vec<usize>]) -> Vec<usize> {
    let sources = reversed(targets);
    let mut unmet: Vec<usize> = targets.iter().map(Vec::len).collect();
    let mut order: Vec<usize> = unmet
        .iter()
        .enumerate()
        .filter(|(_, count)| **count == 0)
        .map(|(position, _)| position)
        .collect();
    let mut next = 0;
    while let Some(position) = order.get(next) {
        for source in sources.get(*position).into_iter().flatten() {
            if let Some(count) = unmet.get_mut(*source) {
                *count -= 1;
                if *count == 0 {
                    order.push(*source);
                }
            }
        }
        next += 1;
    }
    order
}

/// The positions of a graph from which a way leads back to themselves: those that can reach each other are found together,
/// as Kosaraju does.
fn on_circles(targets: &[Vec<usize>]) -> BTreeSet<usize> {
    let mut order = Vec::with_capacity(targets.len());
    let mut unseen = alloc::vec![true; targets.len()];
    for start in 0..targets.len() {
        order.extend(walk(targets, start, &mut unseen));
    }
    let sources = reversed(targets);
    let mut unseen = alloc::vec![true; targets.len()];
    let mut circular = BTreeSet::new();
    for start in order.into_iter().rev() {
        let together = walk(&sources, start, &mut unseen);
        let points_to_itself = || targets.get(start).is_some_and(|all| all.contains(&start));
        if together.len() > 1 || (together.len() == 1 && points_to_itself()) {
            circular.extend(together);
        }
    }
    circular
}

/// The unseen positions that can be reached from one of them, itself last: each when all ways on from it have been walked.
/// It goes no deeper for a longer way, since requirements are written by others.
fn walk(targets: &[Vec<usize>], start: usize, unseen: &mut [bool]) -> Vec<usize> {
    let mut enter = |position: usize| {
        let is_unseen = unseen.get_mut(position)?;
        let next = targets.get(position)?.iter();
        core::mem::take(is_unseen).then_some((position, next))
    };
    let mut walked = Vec::new();
    let mut way: Vec<_> = enter(start).into_iter().collect();
    while let Some((position, next)) = way.last_mut() {
        if let Some(further) = next.find_map(|target| enter(*target)) {
            way.push(further);
        } else {
            walked.push(*position);
            way.pop();
        }
    }
    walked
}

/// The graph with every arrow turned round.
fn reversed(targets: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut sources = alloc::vec![Vec::new(); targets.len()];
    for (position, targets) in targets.iter().enumerate() {
        for target in targets {
            if let Some(sources) = sources.get_mut(*target) {
                sources.push(position);
            }
        }
    }
    sources
}

/// Adds a problem for each malformed and each repeated key.
fn check_keys<T>(
    items: &[T],
    path: &str,
    what: Named,
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

/// The mark of a schema: equal for equal objects and fields in the same order, else different but for a chance of one in
/// 2⁶⁴. It is no seal: who may edit the schema and tries 2³² of them finds two with one mark.
fn mark(objects: &[Object]) -> u64 {
    #[expect(
        deprecated,
        reason = "the only hash in `core`, and the same in every process"
    )]
    let mut hasher = core::hash::SipHasher::new();
    for object in objects {
        hasher.write(object.key.as_str().as_bytes());
        // Keys have no control characters, so that these separate.
        hasher.write(b"\x01");
        for field in &object.fields {
            hasher.write(field.key.as_str().as_bytes());
            hasher.write(b"\x02");
        }
    }
    hasher.finish()
}

/// The error of building a schema: everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidSchema(Problems);

impl InvalidSchema {
    /// The problems in the order of the schema, at most [`MAX_PROBLEMS`](crate::MAX_PROBLEMS) of them.
    pub fn problems(&self) -> &[Problem] {
        self.0.listed()
    }

    /// How many problems there are, also those that are not listed.
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

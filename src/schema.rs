//! What there is in a workspace: objects, their fields, and workspace permissions.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::id::{FieldKey, ObjectKey, PermissionKey, is_key};
use crate::limits::{MAX_FIELDS, MAX_OBJECTS, MAX_PERMISSIONS};
use crate::names::{self, NameTable};
use crate::problem::{Named, Problem, ProblemKind, Problems};
use crate::set::{small_set, words};

pub use self::handle::{FieldId, ObjectId};

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

/// One column of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    key: FieldKey,
    label: Option<String>,
    relation: Option<ObjectKey>,
}

impl Field {
    /// The field with that key, without a relation.
    pub fn new(key: impl Into<FieldKey>) -> Self {
        Self {
            key: key.into(),
            label: None,
            relation: None,
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
    field_names: Vec<NameTable>,
    permission_names: NameTable,
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

    /// The object with that key.
    pub fn object(&self, key: &str) -> Option<&Object> {
        self.objects.get(self.object_names.find(key)?)
    }

    /// The field with that key of the object with that key.
    pub fn field(&self, object: &str, key: &str) -> Option<&Field> {
        let object = self.object_names.find(object)?;
        let field = self.field_names.get(object)?.find(key)?;
        self.objects.get(object)?.fields.get(field)
    }

    /// The workspace permission with that key.
    pub fn permission(&self, key: &str) -> Option<&Permission> {
        self.permissions.get(self.permission_names.find(key)?)
    }

    /// The handle of an object, for asking without looking up its name.
    pub fn object_id(&self, key: &str) -> Option<ObjectId> {
        let index = u16::try_from(self.object_names.find(key)?).ok()?;
        Some(ObjectId::new(self.mark, index))
    }

    /// The handle of a field, for asking without looking up its name.
    pub fn field_id(&self, object: &str, key: &str) -> Option<FieldId> {
        let object = self.object_names.find(object)?;
        let field = self.field_names.get(object)?.find(key)?;
        Some(FieldId::new(
            self.mark,
            u16::try_from(object).ok()?,
            u16::try_from(field).ok()?,
        ))
    }

    /// The field that a handle was resolved for, if the handle is of this schema.
    pub(crate) fn field_of(&self, id: FieldId) -> Option<&Field> {
        let object = id.object().index_in(self.mark)?;
        let field = id.index_in(self.mark, object)?;
        self.objects.get(object)?.fields.get(field)
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
        self.field_names.get(object)?.find(key)
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

    /// Checks everything and makes the schema.
    ///
    /// # Errors
    ///
    /// All problems at once: a malformed or repeated key, a relation to an unknown object, a permission that requires an
    /// unknown one or, in the end, itself, or more things than a schema can have.
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
        let field_names: Vec<NameTable> = objects
            .iter()
            .map(|object| NameTable::new(object.fields.iter().map(|field| field.key.as_str())))
            .collect();
        let permission_order = check_permissions(&mut permissions, problems);
        let permission_names =
            NameTable::new(permissions.iter().map(|permission| permission.key.as_str()));
        Schema {
            mark: mark(&objects),
            objects,
            permissions,
            object_names,
            field_names,
            permission_names,
            permission_order,
        }
    }
}

/// Checks the keys of the objects, and drops those past the limit.
fn check_objects(objects: &mut Vec<Object>, problems: &mut Problems) {
    if objects.len() > MAX_OBJECTS {
        problems.add("schema.objects", ProblemKind::TooManyObjects(objects.len()));
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

fn check_fields(
    position: usize,
    object: &mut Object,
    object_names: &NameTable,
    problems: &mut Problems,
) {
    let path = alloc::format!("schema.objects[{position}].fields");
    if object.fields.len() > MAX_FIELDS {
        problems.add(&path, ProblemKind::TooManyFields(object.fields.len()));
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

/// Checks the permissions and returns their indices, each after those that it requires.
fn check_permissions(permissions: &mut Vec<Permission>, problems: &mut Problems) -> Vec<usize> {
    let path = "schema.permissions";
    if permissions.len() > MAX_PERMISSIONS {
        problems.add(path, ProblemKind::TooManyPermissions(permissions.len()));
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
    if order.len() < permissions.len() {
        // What only leads to a circle is in order as soon as the circle is.
        let leading = targets_first(&reversed(&requires));
        let in_order: BTreeSet<usize> = order.iter().chain(&leading).copied().collect();
        for (position, permission) in permissions.iter().enumerate() {
            if !in_order.contains(&position) {
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
/// 2⁶⁴.
fn mark(objects: &[Object]) -> u64 {
    let mut text = String::new();
    for object in objects {
        text.push_str(object.key.as_str());
        // Keys have no control characters, so that these separate.
        text.push('\u{1}');
        for field in &object.fields {
            text.push_str(field.key.as_str());
            text.push('\u{2}');
        }
    }
    names::hash(&text)
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

//! What there is in a workspace: objects, their fields, and workspace permissions.

use alloc::vec::Vec;
use core::fmt;
use core::hash::Hasher;

use siphasher::sip::SipHasher24;

use crate::model::schema::field_table::FieldTable;
use crate::model::schema::handle::{FieldId, ObjectId, PermissionId};
use crate::model::schema::{Field, Object, Permission, SchemaBuilder};
use crate::support::name_table::NameTable;

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
///     .field("people", Field::new("company").with_relation("companies"))
///     .build()?;
/// assert!(schema.object("people").is_some());
/// assert!(schema.permission("send_email").is_some()); // the documented permissions are there
/// # Ok::<(), rolegate::InvalidSchema>(())
/// ```
#[derive(Clone)]
pub struct Schema {
    pub(super) objects: Vec<Object>,
    pub(super) permissions: Vec<Permission>,
    pub(super) object_names: NameTable,
    pub(super) field_names: FieldTable,
    pub(super) permission_names: NameTable,
    /// For each object, the indices of the fields whose writing the schema guards (L37).
    pub(super) guarded_fields: Vec<Vec<usize>>,
    /// The indices of all permissions, each after those that it requires.
    pub(super) permission_order: Vec<usize>,
    /// Tells handles of this schema from those of another one (L28).
    pub(super) fingerprint: u64,
    /// Tells handles of permissions of this schema from those of another one (L28).
    pub(super) permission_fingerprint: u64,
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
    #[must_use]
    pub fn object(&self, key: &str) -> Option<&Object> {
        self.objects.get(self.object_names.find(key)?)
    }

    /// The field with that key of the object with that key.
    #[must_use]
    pub fn field(&self, object: &str, key: &str) -> Option<&Field> {
        let object = self.object_names.find(object)?;
        let field = self.field_names.find(object, key)?;
        self.objects.get(object)?.fields.get(field)
    }

    /// The workspace permission with that key.
    #[must_use]
    pub fn permission(&self, key: &str) -> Option<&Permission> {
        self.permissions.get(self.permission_names.find(key)?)
    }

    /// The handle of an object, for asking without looking up its name.
    #[must_use]
    pub fn object_id(&self, key: &str) -> Option<ObjectId> {
        let index = u32::try_from(self.object_names.find(key)?).ok()?;
        Some(ObjectId::new(self.fingerprint, index))
    }

    /// The handle of a field, for asking without looking up its name.
    #[must_use]
    pub fn field_id(&self, object: &str, key: &str) -> Option<FieldId> {
        let object = self.object_names.find(object)?;
        let object_index = u32::try_from(object).ok()?;
        let field = self.field_index(object, key)?;
        Some(FieldId::new(self.fingerprint, object_index, field))
    }

    /// The handle of a workspace permission, for asking without looking up its name.
    #[must_use]
    pub fn permission_id(&self, key: &str) -> Option<PermissionId> {
        let index = u32::try_from(self.permission_names.find(key)?).ok()?;
        Some(PermissionId::new(self.permission_fingerprint, index))
    }

    #[inline]
    pub(crate) fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    #[inline]
    pub(crate) fn permission_fingerprint(&self) -> u64 {
        self.permission_fingerprint
    }

    #[inline]
    pub(crate) fn object_index(&self, key: &str) -> Option<usize> {
        self.object_names.find(key)
    }

    #[inline]
    pub(crate) fn field_index(&self, object: usize, key: &str) -> Option<usize> {
        self.field_names.find(object, key)
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

/// The fingerprint of the objects and fields of a schema, by which handles of theirs are told from others (L28).
pub(super) fn record_fingerprint(objects: &[Object]) -> u64 {
    fingerprint(objects.iter().flat_map(|object| {
        let fields = object
            .fields
            .iter()
            .map(|field| (field.key.as_str(), b"\x02"));
        core::iter::once((object.key.as_str(), b"\x01")).chain(fields)
    }))
}

/// The fingerprint of the permissions of a schema, by which handles of theirs are told from others (L28).
pub(super) fn permission_fingerprint(permissions: &[Permission]) -> u64 {
    let keys = permissions.iter();
    fingerprint(keys.map(|permission| (permission.key.as_str(), b"\x03")))
}

/// Equal for equal keys of the same kinds in the same order, else different but for a chance of one in 2⁶⁴.
///
/// It is not a seal: a person who may edit the schema and tries 2³² of them finds two with one fingerprint. That number is
/// why the hash is SipHash-2-4, made for inputs that an attacker chooses. `foldhash`, which is here already, is only made
/// to spread the keys of a map: with a fixed seed its collisions can be written down, and two schemas would then share
/// handles. A seed of its own for each process would end the promise that the same schema gives the same handles.
/// `siphasher` is the hasher that `core` had, kept up and without dependencies of its own.
fn fingerprint<'a>(keys: impl Iterator<Item = (&'a str, &'a [u8; 1])>) -> u64 {
    let mut hasher = SipHasher24::new();
    for (key, kind) in keys {
        hasher.write(key.as_bytes());
        // Keys have no control characters, so that these separate.
        hasher.write(kind);
    }
    hasher.finish()
}

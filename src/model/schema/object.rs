//! A kind of record: its key, its label and its fields.

use alloc::string::String;
use alloc::vec::Vec;

use crate::model::id::{FieldKey, ObjectKey};
use crate::model::schema::Field;

/// A kind of record, such as `people`, and its fields.
///
/// ```
/// use rolegate::{Field, Object};
///
/// let people = Object::new("people")
///     .with_label("People")
///     .field("name")
///     .field(Field::new("company").with_relation("companies"));
/// assert_eq!(people.fields().len(), 2);
/// ```
#[must_use = "it is plain data, and changes nothing until a workspace takes it"]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    pub(super) key: ObjectKey,
    pub(super) label: Option<String>,
    pub(super) fields: Vec<Field>,
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
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
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
    #[must_use]
    pub fn key(&self) -> &ObjectKey {
        &self.key
    }

    /// The text that people read, if it has one.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    /// The fields, in schema order.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }
}

//! One column of an object: where it points and what writing it needs.

use alloc::collections::BTreeSet;
use alloc::string::String;

use crate::model::action::{Action, ActionSet};
use crate::model::id::{FieldKey, ObjectKey, PermissionKey};
use crate::support::word_set::string_enum;

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

string_enum!(Writing, "writing of a field", {
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
#[must_use = "it is plain data, and changes nothing until a workspace takes it"]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub(super) key: FieldKey,
    pub(super) label: Option<String>,
    pub(super) relation: Option<ObjectKey>,
    pub(super) writing: Writing,
    pub(super) bound_actions: ActionSet,
    pub(super) bound_permissions: BTreeSet<PermissionKey>,
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
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Says that the field points to records of that object. Defaults to none.
    pub fn with_relation(mut self, object: impl Into<ObjectKey>) -> Self {
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
    /// A field may be bound to several actions and permissions: all are needed. A [`Schema`](crate::Schema) refuses
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
        self.with_writing(Writing::ReadOnly)
    }

    /// Says that nobody writes the field, not even Admin, since the host itself keeps it (L37).
    pub fn system(self) -> Self {
        self.with_writing(Writing::System)
    }

    /// Sets who writes the field, whatever roles say (L37). Defaults to [`Writing::Free`].
    pub fn with_writing(mut self, writing: Writing) -> Self {
        self.writing = writing;
        self
    }

    /// The stable name of the field.
    #[must_use]
    pub fn key(&self) -> &FieldKey {
        &self.key
    }

    /// The text that people read, if it has one.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    /// The object whose records the field points to, if it does.
    #[must_use]
    pub fn relation(&self) -> Option<&ObjectKey> {
        self.relation.as_ref()
    }

    /// Who writes the field, whatever roles say (L37).
    #[must_use]
    pub fn writing(&self) -> Writing {
        self.writing
    }

    /// The actions on the record that writing the field needs as well (L37).
    #[must_use]
    pub fn bound_actions(&self) -> ActionSet {
        self.bound_actions
    }

    /// The workspace permissions that writing the field needs as well (L37), sorted by key.
    #[must_use]
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

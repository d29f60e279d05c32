//! The description of a write, and what it needs.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::model::action::{Action, ActionSet};
use crate::request::name_list::{Names, lists};
use crate::request::requirement::Requirement;
use crate::request::usage::Usage;
use crate::support::word_set::string_enum;

/// An import needs this workspace permission (L36).
const IMPORT: &str = "import_csv";

/// The kind of a write: what it does to records, and what it needs on them (L36).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a host's match should break when a kind is added"
)]
pub enum WriteKind {
    /// Creates records. Needs Edit on the record.
    Create,
    /// Changes records. Needs See on the record. If you give no field, it also needs Edit on the record.
    Update,
    /// Creates records, or changes records that exist already. Needs See and Edit on the record.
    Upsert,
    /// Deletes records. They can be restored. Needs See and Delete on the record.
    Delete,
    /// Restores deleted records. Needs See and Delete on the record.
    Restore,
    /// Deletes records permanently. Needs See and Destroy on the record.
    Destroy,
}

string_enum!(WriteKind, "kind of write", {
    Create => "create",
    Update => "update",
    Upsert => "upsert",
    Delete => "delete",
    Restore => "restore",
    Destroy => "destroy",
});

/// A write, described by its kind, the fields that it sets and the fields that it returns.
///
/// Each [`WriteKind`] tells what the write needs on the record (L36). In every kind, each field that you set needs Edit.
/// Each field that you return needs See; it may be a path, as in a [`Read`](crate::request::Read). List each field once.
///
/// Check the write with [`check_write`](crate::Access::check_write).
///
/// # Examples
///
/// ```
/// use rolegate::request::Write;
///
/// let json = r#"{ "kind": "update", "object": "people", "fields": ["name"], "returning": ["id"] }"#;
/// let write: Write = serde_json::from_str(json)?;
/// assert_eq!(write, Write::update("people").fields(["name"]).returning(["id"]));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use = "a request does nothing by itself; check it with an access"]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Write<'a> {
    kind: WriteKind,
    #[serde(borrow)]
    object: Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "Names::is_empty")]
    fields: Names<'a>,
    #[serde(borrow, default, skip_serializing_if = "Names::is_empty")]
    returning: Names<'a>,
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    import: bool,
}

impl<'a> Write<'a> {
    /// A write to records of an object, of a kind that you know only at run time.
    ///
    /// If you know the kind, use the method of the same name, such as [`update`](Write::update).
    pub fn new(kind: WriteKind, object: impl Into<Cow<'a, str>>) -> Self {
        Self {
            kind,
            object: object.into(),
            fields: Names::default(),
            returning: Names::default(),
            import: false,
        }
    }

    /// A write that creates records ([`WriteKind::Create`]).
    pub fn create(object: impl Into<Cow<'a, str>>) -> Self {
        Self::new(WriteKind::Create, object)
    }

    /// A write that changes records ([`WriteKind::Update`]).
    pub fn update(object: impl Into<Cow<'a, str>>) -> Self {
        Self::new(WriteKind::Update, object)
    }

    /// A write that creates records, or changes records that exist already ([`WriteKind::Upsert`]).
    pub fn upsert(object: impl Into<Cow<'a, str>>) -> Self {
        Self::new(WriteKind::Upsert, object)
    }

    /// A write that deletes records, which can be restored ([`WriteKind::Delete`]).
    pub fn delete(object: impl Into<Cow<'a, str>>) -> Self {
        Self::new(WriteKind::Delete, object)
    }

    /// A write that restores deleted records ([`WriteKind::Restore`]).
    pub fn restore(object: impl Into<Cow<'a, str>>) -> Self {
        Self::new(WriteKind::Restore, object)
    }

    /// A write that deletes records permanently ([`WriteKind::Destroy`]).
    pub fn destroy(object: impl Into<Cow<'a, str>>) -> Self {
        Self::new(WriteKind::Destroy, object)
    }

    lists! {
        /// Adds fields that the write sets. List each field once.
        fields,
        /// The fields that the write sets, in the order given.
        written;
        /// Adds fields that the write returns afterwards. List each field once.
        returning,
        /// The fields that the write returns afterwards, in the order given.
        returned;
    }

    /// Marks the write as an import.
    ///
    /// An import also needs the workspace permission `import_csv` (L36).
    ///
    /// # Examples
    ///
    /// ```
    /// # let policy = rolegate::sample::workspace()?.compile();
    /// use rolegate::{Principal, request};
    ///
    /// let grace = policy.access(&Principal::member("grace"));
    /// let create = request::Write::create("people").fields(["name", "email"]);
    /// assert!(grace.check_write(&create).is_allowed());
    /// assert!(!grace.check_write(&create.importing()).is_allowed()); // her role lacks `import_csv`
    /// # Ok::<(), rolegate::InvalidWorkspace>(())
    /// ```
    pub fn importing(mut self) -> Self {
        self.import = true;
        self
    }

    /// The kind of the write.
    #[must_use]
    pub fn kind(&self) -> WriteKind {
        self.kind
    }

    /// The key of the object that the write changes.
    #[must_use]
    pub fn object(&self) -> &str {
        &self.object
    }

    /// Tells if the write is an import. Defaults to `false`.
    #[must_use]
    pub fn is_import(&self) -> bool {
        self.import
    }

    /// The same write, which borrows nothing: for a queue, or for a task that outlives the text of the request.
    pub fn into_owned(self) -> Write<'static> {
        Write {
            kind: self.kind,
            object: Cow::Owned(self.object.into_owned()),
            fields: self.fields.into_owned(),
            returning: self.returning.into_owned(),
            import: self.import,
        }
    }

    /// The fields that a write sets, which live as long as the names of them.
    pub(super) fn into_fields(write: Cow<'a, Self>) -> Vec<Cow<'a, str>> {
        match write {
            Cow::Borrowed(write) => write.fields.borrowed(),
            Cow::Owned(write) => write.fields.into_names(),
        }
    }

    /// All that the write needs: first the records, then the permission for an import, then each field.
    pub(super) fn requirements(&self) -> impl Iterator<Item = Requirement<'_>> {
        self.requirements_with(!self.fields.is_empty())
    }

    /// All that the write needs if `has_fields` tells whether it sets fields.
    ///
    /// An importer may drop fields. If it drops all of them, an update needs more on the record than before.
    pub(super) fn requirements_with(
        &self,
        has_fields: bool,
    ) -> impl Iterator<Item = Requirement<'_>> {
        let on_record = on_record(self.kind, has_fields);
        let actions = Action::ALL.into_iter();
        actions
            .filter(move |action| on_record.contains(*action))
            .map(Requirement::record)
            .chain(self.import.then(|| Requirement::permission(IMPORT)))
            .chain(Requirement::list(Usage::Write, &self.fields))
            .chain(Requirement::list(Usage::Return, &self.returning))
    }
}

impl<'a> From<Write<'a>> for Cow<'a, Write<'a>> {
    fn from(write: Write<'a>) -> Self {
        Cow::Owned(write)
    }
}

impl<'a> From<&'a Write<'a>> for Cow<'a, Write<'a>> {
    fn from(write: &'a Write<'a>) -> Self {
        Cow::Borrowed(write)
    }
}

/// What a write needs on the record (L36).
fn on_record(kind: WriteKind, has_fields: bool) -> ActionSet {
    let see = ActionSet::EMPTY.with(Action::See);
    match kind {
        WriteKind::Create => ActionSet::EMPTY.with(Action::Edit),
        WriteKind::Update if has_fields => see,
        WriteKind::Update | WriteKind::Upsert => see.with(Action::Edit),
        WriteKind::Delete | WriteKind::Restore => see.with(Action::Delete),
        WriteKind::Destroy => see.with(Action::Destroy),
    }
}

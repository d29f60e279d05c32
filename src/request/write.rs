//! A write, with all that it touches.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::model::action::{Action, ActionSet};
use crate::request::name_list::{Names, lists};
use crate::request::requirement::Requirement;
use crate::request::usage::Usage;
use crate::support::word_set::string_enum;

/// The workspace permission that an import needs (L36).
const IMPORT: &str = "import_csv";

/// What a write does to records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a host's match should break when a kind is added"
)]
pub enum WriteKind {
    /// Makes new records. Needs Edit on the record and on each field given.
    Create,
    /// Changes records. Needs See on the record and Edit on each field given, or on the record if none is given.
    Update,
    /// Makes new records, or changes those that are there already. Needs what both need.
    Upsert,
    /// Deletes records so that they can be restored. Needs See and Delete on the record.
    Delete,
    /// Brings deleted records back. Needs See and Delete on the record.
    Restore,
    /// Deletes records for ever. Needs See and Destroy on the record.
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

/// A write, described by its kind, the fields that it sets and the fields that it returns afterwards.
///
/// What it needs is said with each [`WriteKind`] (L36). Each field that is given needs Edit, whatever the kind; each that is
/// returned needs See, and may be a path as in a [`Read`](crate::request::Read). Both lists name each field once.
/// [`check_write`](crate::Access::check_write) is how one asks.
///
/// ```
/// use rolegate::request::Write;
///
/// let json = r#"{ "kind": "update", "object": "people", "fields": ["name"], "returning": ["id"] }"#;
/// let write: Write = serde_json::from_str(json)?;
/// assert_eq!(write, Write::update("people").fields(["name"]).returning(["id"]));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use = "describing a request asks nothing; check it with an access"]
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
    /// A write of that kind, of records of that object.
    pub fn new(kind: WriteKind, object: impl Into<Cow<'a, str>>) -> Self {
        Self {
            kind,
            object: object.into(),
            fields: Names::default(),
            returning: Names::default(),
            import: false,
        }
    }

    /// Makes new records.
    pub fn create(object: impl Into<Cow<'a, str>>) -> Self {
        Self::new(WriteKind::Create, object)
    }

    /// Changes records.
    pub fn update(object: impl Into<Cow<'a, str>>) -> Self {
        Self::new(WriteKind::Update, object)
    }

    /// Makes new records, or changes those that are there already.
    pub fn upsert(object: impl Into<Cow<'a, str>>) -> Self {
        Self::new(WriteKind::Upsert, object)
    }

    /// Deletes records so that they can be restored.
    pub fn delete(object: impl Into<Cow<'a, str>>) -> Self {
        Self::new(WriteKind::Delete, object)
    }

    /// Brings deleted records back.
    pub fn restore(object: impl Into<Cow<'a, str>>) -> Self {
        Self::new(WriteKind::Restore, object)
    }

    /// Deletes records for ever.
    pub fn destroy(object: impl Into<Cow<'a, str>>) -> Self {
        Self::new(WriteKind::Destroy, object)
    }

    lists! {
        /// Adds fields that are set. Each may be there once.
        fields,
        /// The fields that are set, in the order given.
        written;
        /// Adds fields that are returned afterwards. Each may be there once.
        returning,
        /// The fields that are returned afterwards, in the order given.
        returned;
    }

    /// Says that the write is an import, which needs the workspace permission `import_csv` as well (L36).
    pub fn importing(mut self) -> Self {
        self.import = true;
        self
    }

    /// What is done.
    #[must_use]
    pub fn kind(&self) -> WriteKind {
        self.kind
    }

    /// The object whose records are written.
    #[must_use]
    pub fn object(&self) -> &str {
        &self.object
    }

    /// Returns `true` if the write is an import. Defaults to `false`.
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

    /// What must be allowed.
    pub(super) fn requirements(&self) -> impl Iterator<Item = Requirement<'_>> {
        self.requirements_with(!self.fields.is_empty())
    }

    /// What must be allowed if fields are given, or none.
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

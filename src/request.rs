//! What a whole request needs: a query with all that it uses, a write with all that it touches.

use alloc::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::action::{Action, ActionSet};
use crate::set::words;

pub use self::denial::{Cause, Denial, Flaw, RequestDenied};
pub use self::name::MAX_PATH_FIELDS;
use self::name::Names;
use self::part::Part;
pub use self::part::{Answer, Use};
pub use self::verdict::{ReadVerdict, WriteVerdict};

mod denial;
mod name;
mod part;
mod verdict;

/// The workspace permission that an export needs (L36).
const EXPORT: &str = "export_csv";
/// The workspace permission that an import needs (L36).
const IMPORT: &str = "import_csv";

/// A query, described by the fields that it uses and how.
///
/// A hidden field shows in more than the select list: in which records are found, in their order, in groups and counts. So a
/// query needs See on every field that it uses in any way (L35). [`check_read`](crate::Access::check_read) is how one asks.
/// What a host adds on its own counts as well: a default order by a field is a use of that field, and a search in a vector
/// made of several fields is a use of each.
///
/// A field is named by its key, or by a path through relations such as `company.owner.email`, of at most
/// [`MAX_PATH_FIELDS`] fields. A path needs See on each field of it and on the records of each object that it enters. A
/// relation that no path leads through is a field like any other: its value is an id. The select list names each field once.
///
/// The description is plain data and can be stored or sent. Names are borrowed where they can be, also when it is read.
///
/// ```
/// use rolegate::Read;
///
/// let json = r#"{ "object": "people", "select": ["name", "company.name"], "sort": ["name"] }"#;
/// let read: Read = serde_json::from_str(json)?;
/// assert_eq!(read, Read::new("people").select(["name", "company.name"]).sort(["name"]));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Read<'a> {
    #[serde(borrow)]
    object: Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "Names::is_empty")]
    select: Names<'a>,
    #[serde(borrow, default, skip_serializing_if = "Names::is_empty")]
    filter: Names<'a>,
    #[serde(borrow, default, skip_serializing_if = "Names::is_empty")]
    sort: Names<'a>,
    #[serde(borrow, default, skip_serializing_if = "Names::is_empty")]
    group: Names<'a>,
    #[serde(borrow, default, skip_serializing_if = "Names::is_empty")]
    aggregate: Names<'a>,
    #[serde(borrow, default, skip_serializing_if = "Names::is_empty")]
    search: Names<'a>,
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    export: bool,
}

/// Gives a request the methods that fill its lists.
macro_rules! lists {
    ($($(#[$doc:meta])* $list:ident;)+) => {
        $($(#[$doc])*
        pub fn $list<N: Into<Cow<'a, str>>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
            self.$list.add(names);
            self
        })+
    };
}

impl<'a> Read<'a> {
    /// A query of records of that object that uses no field: to count them, or to see whether there are any.
    pub fn new(object: impl Into<Cow<'a, str>>) -> Self {
        Self {
            object: object.into(),
            select: Names::default(),
            filter: Names::default(),
            sort: Names::default(),
            group: Names::default(),
            aggregate: Names::default(),
            search: Names::default(),
            export: false,
        }
    }

    lists! {
        /// Adds fields that are in the result, in that order. Each may be there once.
        select;
        /// Adds fields that decide which records are in the result.
        filter;
        /// Adds fields that decide the order of the result.
        sort;
        /// Adds fields by which records are grouped.
        group;
        /// Adds fields that go into sums, counts and the like.
        aggregate;
        /// Adds fields that are searched for text.
        search;
    }

    /// Says that the result is exported, which needs the workspace permission `export_csv` as well (L36).
    pub fn exporting(mut self) -> Self {
        self.export = true;
        self
    }

    /// The object whose records are read.
    pub fn object(&self) -> &str {
        &self.object
    }

    /// What must be allowed.
    fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        let lists = [
            (Use::Select, &self.select),
            (Use::Filter, &self.filter),
            (Use::Sort, &self.sort),
            (Use::Group, &self.group),
            (Use::Aggregate, &self.aggregate),
            (Use::Search, &self.search),
        ];
        core::iter::once(Part::record(Action::See))
            .chain(self.export.then(|| Part::permission(EXPORT)))
            .chain(
                lists
                    .into_iter()
                    .flat_map(|(usage, names)| Part::list(usage, names)),
            )
    }
}

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

words!(WriteKind, "kind of write", {
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
/// returned needs See, and may be a path as in a [`Read`]. Both lists name each field once.
/// [`check_write`](crate::Access::check_write) is how one asks.
///
/// ```
/// use rolegate::Write;
///
/// let json = r#"{ "kind": "update", "object": "people", "fields": ["name"], "returning": ["id"] }"#;
/// let write: Write = serde_json::from_str(json)?;
/// assert_eq!(write, Write::update("people").fields(["name"]).returning(["id"]));
/// # Ok::<(), serde_json::Error>(())
/// ```
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
        fields;
        /// Adds fields that are returned afterwards. Each may be there once.
        returning;
    }

    /// Says that the write is an import, which needs the workspace permission `import_csv` as well (L36).
    pub fn importing(mut self) -> Self {
        self.import = true;
        self
    }

    /// What is done.
    pub fn kind(&self) -> WriteKind {
        self.kind
    }

    /// The object whose records are written.
    pub fn object(&self) -> &str {
        &self.object
    }

    /// What must be allowed.
    fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        self.parts_with(!self.fields.is_empty())
    }

    /// What must be allowed if fields are given, or none.
    fn parts_with(&self, has_fields: bool) -> impl Iterator<Item = Part<'_>> {
        let on_record = on_record(self.kind, has_fields);
        let actions = Action::ALL.into_iter();
        actions
            .filter(move |action| on_record.contains(*action))
            .map(Part::record)
            .chain(self.import.then(|| Part::permission(IMPORT)))
            .chain(Part::list(Use::Write, &self.fields))
            .chain(Part::list(Use::Return, &self.returning))
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

//! The description of a query, and what it needs.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::model::action::Action;
use crate::request::name_list::{Names, lists};
use crate::request::requirement::Requirement;
use crate::request::usage::Usage;

/// An export needs this workspace permission (L36).
const EXPORT: &str = "export_csv";

/// A query, described by the fields that it uses and how.
///
/// A query can reveal a field without selecting it. A filter, an order, a group or a count shows something about its values.
/// So a query needs See on every field that it uses in any way (L35). Check it with
/// [`check_read`](crate::Access::check_read).
///
/// Describe also what your host adds by itself. A default order uses the field that it sorts by. A full-text search uses
/// every field that it searches.
///
/// Name a field by its key, or by a path through relations, such as `company.owner.email`. A path has at most
/// [`MAX_PATH_FIELDS`](crate::limits::MAX_PATH_FIELDS) fields. It needs See on each of its fields, and See on the records of
/// each object that it enters. A relation at the end of a path is a field like any other: its value is an id.
///
/// List a field once in `select`. In the other lists you may repeat it.
///
/// The description is plain data: you can store it and send it. It borrows names where it can, also when you deserialize it.
///
/// # Examples
///
/// ```
/// use rolegate::request::Read;
///
/// let json = r#"{ "object": "people", "select": ["name", "company.name"], "sort": ["name"] }"#;
/// let read: Read = serde_json::from_str(json)?;
/// assert_eq!(read, Read::new("people").select(["name", "company.name"]).sort(["name"]));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use = "a request does nothing by itself; check it with an access"]
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

impl<'a> Read<'a> {
    /// A query on the records of an object. It uses no field yet.
    ///
    /// Checked like this, it is a query that counts the records or tells if there are any. It needs See on the records.
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
        /// Adds fields that the result contains, in this order. List each field once.
        select,
        /// The fields that the result contains, in the order given.
        selected;
        /// Adds fields that decide which records are in the result.
        filter,
        /// The fields that decide which records are in the result, in the order given.
        filtered;
        /// Adds fields that decide the order of the result.
        sort,
        /// The fields that decide the order of the result, in the order given.
        sorted;
        /// Adds fields that the query groups records by.
        group,
        /// The fields that the query groups records by, in the order given.
        grouped;
        /// Adds fields that the query aggregates: in a sum, an average or a count, for example.
        aggregate,
        /// The fields that the query aggregates, in the order given.
        aggregated;
        /// Adds fields that the query searches for text.
        search,
        /// The fields that the query searches for text, in the order given.
        searched;
    }

    /// Marks the query as an export.
    ///
    /// An export also needs the workspace permission `export_csv` (L36).
    ///
    /// # Examples
    ///
    /// ```
    /// # let policy = rolegate::sample::workspace()?.compile();
    /// use rolegate::{Principal, request};
    ///
    /// let grace = policy.access(&Principal::member("grace"));
    /// let list = request::Read::new("people").select(["name", "email"]);
    /// assert!(grace.check_read(&list).is_allowed());
    /// assert!(!grace.check_read(&list.exporting()).is_allowed()); // her role lacks `export_csv`
    /// # Ok::<(), rolegate::InvalidWorkspace>(())
    /// ```
    pub fn exporting(mut self) -> Self {
        self.export = true;
        self
    }

    /// The key of the object that the query reads.
    #[must_use]
    pub fn object(&self) -> &str {
        &self.object
    }

    /// Tells if the query is an export. Defaults to `false`.
    #[must_use]
    pub fn is_export(&self) -> bool {
        self.export
    }

    /// The same query, which borrows nothing: for a queue, or for a task that outlives the text of the request.
    pub fn into_owned(self) -> Read<'static> {
        Read {
            object: Cow::Owned(self.object.into_owned()),
            select: self.select.into_owned(),
            filter: self.filter.into_owned(),
            sort: self.sort.into_owned(),
            group: self.group.into_owned(),
            aggregate: self.aggregate.into_owned(),
            search: self.search.into_owned(),
            export: self.export,
        }
    }

    /// The select list of a query, which lives as long as the names in it.
    pub(super) fn into_select(read: Cow<'a, Self>) -> Vec<Cow<'a, str>> {
        match read {
            Cow::Borrowed(read) => read.select.borrowed(),
            Cow::Owned(read) => read.select.into_names(),
        }
    }

    /// All that the query needs: first the records, then the permission for an export, then each use of each field.
    pub(super) fn requirements(&self) -> impl Iterator<Item = Requirement<'_>> {
        let lists = [
            (Usage::Select, &self.select),
            (Usage::Filter, &self.filter),
            (Usage::Sort, &self.sort),
            (Usage::Group, &self.group),
            (Usage::Aggregate, &self.aggregate),
            (Usage::Search, &self.search),
        ];
        core::iter::once(Requirement::record(Action::See))
            .chain(self.export.then(|| Requirement::permission(EXPORT)))
            .chain(
                lists
                    .into_iter()
                    .flat_map(|(usage, names)| Requirement::list(usage, names)),
            )
    }
}

impl<'a> From<Read<'a>> for Cow<'a, Read<'a>> {
    fn from(read: Read<'a>) -> Self {
        Cow::Owned(read)
    }
}

impl<'a> From<&'a Read<'a>> for Cow<'a, Read<'a>> {
    fn from(read: &'a Read<'a>) -> Self {
        Cow::Borrowed(read)
    }
}

//! What a whole request needs: a query with all that it uses, a write with all that it touches.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::model::action::Action;
use crate::request::name_list::{Names, lists};
use crate::request::requirement::Requirement;
use crate::request::usage::Usage;

/// The workspace permission that an export needs (L36).
const EXPORT: &str = "export_csv";

/// A query, described by the fields that it uses and how.
///
/// A hidden field shows in more than the select list: in which records are found, in their order, in groups and counts. So a
/// query needs See on every field that it uses in any way (L35). [`check_read`](crate::Access::check_read) is how one asks.
/// What a host adds on its own counts as well: a default order by a field is a use of that field, and a search in a vector
/// made of several fields is a use of each.
///
/// A field is named by its key, or by a path through relations such as `company.owner.email`, of at most
/// [`MAX_PATH_FIELDS`](crate::limits::MAX_PATH_FIELDS) fields. A path needs See on each field of it and on the records of each object that it enters. A
/// relation that no path leads through is a field like any other: its value is an id. The select list names each field once.
///
/// The description is plain data and can be stored or sent. Names are borrowed where they can be, also when it is read.
///
/// ```
/// use rolegate::request::Read;
///
/// let json = r#"{ "object": "people", "select": ["name", "company.name"], "sort": ["name"] }"#;
/// let read: Read = serde_json::from_str(json)?;
/// assert_eq!(read, Read::new("people").select(["name", "company.name"]).sort(["name"]));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use = "describing a request asks nothing; check it with an access"]
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
        select,
        /// The fields that are in the result, in the order given.
        selected;
        /// Adds fields that decide which records are in the result.
        filter,
        /// The fields that decide which records are in the result, in the order given.
        filtered;
        /// Adds fields that decide the order of the result.
        sort,
        /// The fields that decide the order of the result, in the order given.
        sorted;
        /// Adds fields by which records are grouped.
        group,
        /// The fields by which records are grouped, in the order given.
        grouped;
        /// Adds fields that go into sums, counts and the like.
        aggregate,
        /// The fields that go into sums, counts and the like, in the order given.
        aggregated;
        /// Adds fields that are searched for text.
        search,
        /// The fields that are searched for text, in the order given.
        searched;
    }

    /// Says that the result is exported, which needs the workspace permission `export_csv` as well (L36).
    pub fn exporting(mut self) -> Self {
        self.export = true;
        self
    }

    /// The object whose records are read.
    #[must_use]
    pub fn object(&self) -> &str {
        &self.object
    }

    /// Returns `true` if the result is exported. Defaults to `false`.
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

    /// What must be allowed.
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

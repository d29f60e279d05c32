//! How a request uses something.

use crate::support::word_set::string_enum;

/// How a request uses something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Usage {
    /// It reads or writes records of its object at all.
    Records,
    /// It takes part in what a workspace permission is for, such as an export.
    Permission,
    /// The value is in the result.
    Select,
    /// Which records are in the result depends on the value.
    Filter,
    /// The order of the result depends on the value.
    Sort,
    /// Records with the same value are taken together.
    Group,
    /// The value goes into a sum, an average, a count and the like.
    Aggregate,
    /// The value is searched for text.
    Search,
    /// The value is set.
    Write,
    /// The value is in what a write returns.
    Return,
}

string_enum!(Usage, "use", {
    Records => "records",
    Permission => "permission",
    Select => "select",
    Filter => "filter",
    Sort => "sort",
    Group => "group",
    Aggregate => "aggregate",
    Search => "search",
    Write => "write",
    Return => "return",
});

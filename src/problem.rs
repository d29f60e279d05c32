//! What can be wrong with what a person wrote: one problem, its place, and what is allowed instead.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::action::ActionSet;
use crate::excerpt::Excerpt;
use crate::id::RoleName;
use crate::limits::{
    MAX_FIELDS, MAX_NAME_BYTES, MAX_OBJECTS, MAX_PERMISSIONS, MAX_PROBLEMS, MAX_VALUES,
};
use crate::principal::PrincipalKind;

/// One thing that is wrong, and where.
///
/// The place is a path in the [document format](crate::guide::format), such as
/// `roles[2].objects.people.fields.email`, also when the thing was built in code. It is empty for the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    path: String,
    kind: ProblemKind,
}

impl Problem {
    pub(crate) fn new(path: impl Into<String>, kind: ProblemKind) -> Self {
        Self {
            path: path.into(),
            kind,
        }
    }

    /// Where it is; empty for the whole document.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What it is.
    pub fn kind(&self) -> &ProblemKind {
        &self.kind
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            write!(f, "{}", self.kind)
        } else {
            write!(f, "`{}`: {}", self.path, self.kind)
        }
    }
}

/// What a name is the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Named {
    /// An object of the schema.
    Object,
    /// A field of an object.
    Field,
    /// A workspace permission.
    Permission,
    /// A role of the workspace.
    Role,
    /// A member.
    Member,
    /// An API key.
    ApiKey,
    /// An AI agent.
    Agent,
    /// A group of the identity provider.
    Group,
    /// A key of a map in a document.
    Key,
    /// An item of a list in a document.
    Item,
}

impl Named {
    /// Where the things of such a name are written, if it is one place.
    fn place(self) -> Option<&'static str> {
        match self {
            Self::Object => Some("schema.objects"),
            Self::Permission => Some("schema.permissions"),
            Self::Role => Some("roles"),
            _ => None,
        }
    }

    pub(crate) fn of(kind: PrincipalKind) -> Self {
        match kind {
            PrincipalKind::Member => Self::Member,
            PrincipalKind::ApiKey => Self::ApiKey,
            PrincipalKind::Agent => Self::Agent,
        }
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Object => "object",
            Self::Field => "field",
            Self::Permission => "workspace permission",
            Self::Role => "role",
            Self::Member => "member",
            Self::ApiKey => "API key",
            Self::Agent => "agent",
            Self::Group => "group",
            Self::Key => "key",
            Self::Item => "item",
        })
    }
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProblemKind {
    /// A name that does not exist (L6).
    #[error("unknown {what} `{}`{}", Excerpt(name), Nearest(nearest.as_deref()))]
    Unknown {
        /// What it should be the name of.
        what: Named,
        /// The name as written.
        name: String,
        /// The most similar name that exists, if one is similar.
        nearest: Option<String>,
    },
    /// A name that is there already.
    #[error("{what} `{}` is there already; each may appear once", Excerpt(name))]
    Repeated {
        /// What it is the name of.
        what: Named,
        /// The name as written.
        name: String,
    },
    /// A key that must be there and is not.
    #[error("key `{0}` is missing")]
    Missing(&'static str),
    /// A value of another type than the format says.
    #[error("expected {expected}, found {found}")]
    WrongType {
        /// What the format says.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// A word that is not one of the few that are known.
    #[error(transparent)]
    UnknownWord(#[from] crate::set::UnknownWord),
    /// A version of the format that this release cannot read.
    #[error("unknown version `{0}`; this release reads version `1`")]
    UnknownVersion(String),
    /// A key of an object, field or workspace permission that is malformed.
    #[error(
        "`{}` is no key; a key has 1 to {MAX_NAME_BYTES} bytes without white space, control characters or dots",
        Excerpt(.0)
    )]
    MalformedKey(String),
    /// A role name or principal id that is malformed.
    #[error(
        "malformed {what} name `{}`; it has 1 to {MAX_NAME_BYTES} bytes without control characters",
        Excerpt(name)
    )]
    MalformedName {
        /// What it should be the name of.
        what: Named,
        /// The name as written.
        name: String,
    },
    /// More objects than a schema can have.
    #[error("{0} objects are too many; a schema has at most {MAX_OBJECTS}")]
    TooManyObjects(usize),
    /// More fields than an object can have.
    #[error("{0} fields are too many; an object has at most {MAX_FIELDS}")]
    TooManyFields(usize),
    /// More workspace permissions than a schema can have.
    #[error("{0} workspace permissions are too many; a schema has at most {MAX_PERMISSIONS}")]
    TooManyPermissions(usize),
    /// More values than a document can hold, so that the workspace could not be loaded again (L25).
    #[error("{0} values are too many; a workspace has at most {MAX_VALUES}, as its document has")]
    TooManyValues(usize),
    /// A field that is bound to See, which is no write (L37).
    #[error(
        "a field cannot be bound to `see`; writing it may need `edit`, `delete` or `destroy` on the record"
    )]
    BoundToSee,
    /// A workspace permission that requires itself, directly or through others.
    #[error(
        "workspace permission `{}` requires itself in the end; remove one of the requirements",
        Excerpt(.0)
    )]
    CircularRequirement(String),
    /// A baseline, object rule or field rule that denies See and allows something else (L4).
    #[error("`see` is denied but {} allowed; allow `see` as well, or do not allow the rest", Words(*.0))]
    Contradiction(ActionSet),
    /// There is no Admin role (L13).
    #[error("no role is Admin; exactly one role has `admin` set")]
    NoAdmin,
    /// There is more than one Admin role (L13).
    #[error("role `{}` is a second Admin; exactly one role has `admin` set", Excerpt(.0.as_str()))]
    SecondAdmin(RoleName),
    /// The Admin role is given settings of its own (L13).
    #[error(
        "`{0}` cannot be set for the Admin role; it allows everything, so only its name and description are its own"
    )]
    AdminIsFixed(String),
    /// No member holds Admin (L14).
    #[error("no member holds the Admin role `{}`; at least one must", Excerpt(.0.as_str()))]
    NoAdminMember(RoleName),
    /// No default role is chosen (L15).
    #[error("no default role is chosen; name the role that new members get")]
    NoDefaultRole,
    /// The default role is Admin, so that whoever joins would be one.
    #[error(
        "the Admin role `{}` cannot be the default role; choose one that newcomers may have",
        Excerpt(.0.as_str())
    )]
    DefaultIsAdmin(RoleName),
    /// The default role may not be held by members (L19).
    #[error(
        "the default role `{}` must be one that members may hold; add `member` to its `held_by`",
        Excerpt(.0.as_str())
    )]
    DefaultNotForMembers(RoleName),
    /// A mapping of a group names Admin without saying so explicitly (L16).
    #[error(
        "`{}` is the Admin role; a mapping to it says `admin` instead of `role`",
        Excerpt(.0.as_str())
    )]
    MappingNamesAdmin(RoleName),
    /// A mapping to Admin that names a role as well.
    #[error("a mapping with `admin` set names no role; leave one of the two out")]
    RoleBesideAdmin,
    /// A mapping of a group names a role that members may not hold (L19).
    #[error(
        "role `{}` may not be held by members, who are who arrives with groups",
        Excerpt(.0.as_str())
    )]
    MappingNotForMembers(RoleName),
    /// A role is held by a kind of principal that may not hold it (L19).
    #[error(
        "role `{}` may not be held by a principal of kind `{kind}`; it is for {}",
        Excerpt(role.as_str()),
        Kinds(allowed)
    )]
    MayNotHold {
        /// The role.
        role: RoleName,
        /// The kind of the holder.
        kind: PrincipalKind,
        /// The kinds that may hold it.
        allowed: crate::principal::PrincipalKinds,
    },
    /// A member without a role (L18).
    #[error("a member has exactly one role; name it")]
    MemberWithoutRole,
}

/// Renders the nearest known name, if there is one.
struct Nearest<'a>(Option<&'a str>);

impl fmt::Display for Nearest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(name) => write!(f, "; did you mean `{}`?", Excerpt(name)),
            None => Ok(()),
        }
    }
}

/// Renders actions: `edit` is, `edit`, `delete` are.
struct Words(ActionSet);

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut count = 0;
        for action in self.0.iter() {
            let separator = if count > 0 { ", " } else { "" };
            write!(f, "{separator}`{action}`")?;
            count += 1;
        }
        f.write_str(if count == 1 { " is" } else { " are" })
    }
}

/// Renders the kinds that may hold a role.
struct Kinds<'a>(&'a crate::principal::PrincipalKinds);

impl fmt::Display for Kinds<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("nobody");
        }
        for (position, kind) in self.0.iter().enumerate() {
            let separator = if position > 0 { ", " } else { "" };
            write!(f, "{separator}`{kind}`")?;
        }
        Ok(())
    }
}

/// All problems found so far, in the order found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Problems {
    listed: Vec<Problem>,
    unlisted: usize,
    /// The places of which not all was read, so that what seems to be missing there may be there.
    unread: BTreeSet<String>,
    /// The places of what has no name that can be read.
    nameless: BTreeSet<String>,
}

impl Problems {
    pub(crate) fn add(&mut self, path: impl fmt::Display, kind: ProblemKind) {
        if self.is_full() {
            self.unlisted += 1;
        } else {
            self.listed.push(Problem::new(path.to_string(), kind));
        }
    }

    /// Adds that `name` is unknown, and the nearest of the `known` ones; unless some of these could not be read, since it may
    /// be one of them.
    pub(crate) fn add_unknown<'a>(
        &mut self,
        path: impl fmt::Display,
        what: Named,
        name: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) {
        if what.place().is_some_and(|place| self.is_unread(place)) {
            return;
        }
        // The nearest name is sought only for problems that will be shown, which bounds the work.
        let nearest = if self.is_full() {
            None
        } else {
            nearest(name, known).map(ToString::to_string)
        };
        let name = name.to_string();
        self.add(
            path,
            ProblemKind::Unknown {
                what,
                name,
                nearest,
            },
        );
    }

    /// Notes that not all that is written at a place was read. Why not has been added.
    pub(crate) fn note_unread(&mut self, place: impl Into<String>) {
        self.unread.insert(place.into());
    }

    /// Whether not all that is written at that very place was read, so that what seems to be missing may be there.
    pub(crate) fn is_unread(&self, place: &str) -> bool {
        self.unread.contains(place)
    }

    /// A name for what stands at `place`, such as `roles[2]`, and has none that can be read; why not has been added. No well
    /// formed name is like it.
    pub(crate) fn stand_in(&mut self, place: &str) -> String {
        self.nameless.insert(place.into());
        alloc::format!("\0{place}")
    }

    /// Whether a name is the [`stand_in`](Self::stand_in) that was made for what stands at `place`.
    pub(crate) fn is_stand_in(&self, name: &str, place: impl fmt::Display) -> bool {
        name.strip_prefix('\0')
            .is_some_and(|name| name == place.to_string() && self.nameless.contains(name))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    pub(crate) fn listed(&self) -> &[Problem] {
        &self.listed
    }

    pub(crate) fn count(&self) -> usize {
        self.listed.len() + self.unlisted
    }

    fn is_full(&self) -> bool {
        self.listed.len() >= MAX_PROBLEMS
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, problem) in self.listed.iter().enumerate() {
            let separator = if position > 0 { "\n" } else { "" };
            write!(f, "{separator}{problem}")?;
        }
        if self.unlisted > 0 {
            write!(f, "\nand {} more", self.unlisted)?;
        }
        Ok(())
    }
}

/// The known name that is most similar to `name`, if at most a third of it differs.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    if length > MAX_NAME_BYTES {
        return None;
    }
    let within = (length / 3).max(1);
    known
        .into_iter()
        // Lengths tell most names apart, and are quickly told.
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= within)
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, candidate)| {
            *distance <= within && *distance < candidate.chars().count()
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many letters are to be added, removed, replaced, or swapped with their neighbour to turn one name into the other;
/// a difference of case counts as nothing.
fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().flat_map(char::to_lowercase).collect();
    // The rows of the usual table: what each start of `left` is away from the start of `right` that has been read.
    let mut row: Vec<usize> = (0..=left.len()).collect();
    let mut before_row = Vec::new();
    let mut before = None;
    for (line, there) in right.chars().flat_map(char::to_lowercase).enumerate() {
        let mut new = Vec::with_capacity(row.len());
        new.push(line + 1);
        let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(left.len());
        for (index, here) in left.iter().enumerate() {
            let replaced = at(&row, index) + usize::from(*here != there);
            let added_or_removed = at(&row, index + 1).min(at(&new, index)) + 1;
            let mut least = replaced.min(added_or_removed);
            let last = index.checked_sub(1).and_then(|last| left.get(last));
            if last == Some(&there) && before == Some(*here) {
                least = least.min(at(&before_row, index - 1) + 1);
            }
            new.push(least);
        }
        before = Some(there);
        before_row = core::mem::replace(&mut row, new);
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{MAX_NAME_BYTES, distance, nearest};

    #[test]
    fn the_distance_counts_letters_added_removed_replaced_and_swapped() {
        for (left, right, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("kitten", "sitting", 3),
            ("email", "emial", 1),
            ("label", "lable", 1),
            ("ab", "ba", 1),
            ("abc", "cab", 2),
            ("flaw", "lawn", 2),
            ("Name", "name", 0),
        ] {
            assert_eq!(distance(left, right), expected, "{left} {right}");
            assert_eq!(distance(right, left), expected, "{right} {left}");
        }
    }

    #[test]
    fn the_nearest_name_is_offered_only_when_it_is_near() {
        let known = ["people", "companies", "tasks"];
        assert_eq!(nearest("poeple", known), Some("people"));
        assert_eq!(nearest("taks", known), Some("tasks"));
        assert_eq!(nearest("People", known), Some("people"));
        assert_eq!(nearest("task", known), Some("tasks"));
        assert_eq!(nearest("invoices", known), None);
        assert_eq!(nearest("", known), None);
        assert_eq!(nearest("a", ["b"]), None);
        assert_eq!(nearest("companios", ["companies"]), Some("companies"));
        assert_eq!(nearest("abcdefxyz", ["abcdefghi"]), Some("abcdefghi"));
    }

    #[test]
    fn nothing_is_near_a_text_that_is_longer_than_any_name() {
        let longest = "a".repeat(MAX_NAME_BYTES);
        let shorter = "a".repeat(MAX_NAME_BYTES - 1);
        let longer = "a".repeat(MAX_NAME_BYTES + 1);
        assert_eq!(nearest(&shorter, [&*longest]), Some(&*longest));
        assert_eq!(nearest(&longest, [&*shorter]), Some(&*shorter));
        assert_eq!(nearest(&longer, [&*longest]), None);
    }
}

//! How values are taken out of what was written, with every problem noted and none final.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::str::FromStr;

use crate::format::tree::Tree;
use crate::model::problem::{EntityKind, ProblemKind};
use crate::model::problem_list::Problems;
use crate::support::escape::Escaped;
use crate::support::word_set::UnknownWord;

/// The place of `key` inside the place `path`.
pub(super) fn inside(path: &str, key: &str) -> String {
    let key = Escaped(key);
    if path.is_empty() {
        key.to_string()
    } else {
        alloc::format!("{path}.{key}")
    }
}

fn wrong(tree: &Tree, expected: &'static str) -> ProblemKind {
    ProblemKind::WrongType {
        expected,
        found: tree.describe(),
    }
}

/// Whether what may be text or a map is a map, text having been tried before.
pub(super) fn is_map(tree: &Tree, path: &str, problems: &mut Problems) -> bool {
    let is_map = matches!(tree, Tree::Map(_));
    if !is_map {
        problems.add(path, wrong(tree, "text or a map"));
    }
    is_map
}

/// A map whose keys are those of the format.
pub(super) struct Fields {
    entries: Vec<(String, Tree)>,
    path: String,
}

impl Fields {
    /// Takes a map apart; repeated keys are problems, and so are keys that are not `known`.
    pub(super) fn read(
        tree: Tree,
        path: &str,
        known: &[&str],
        problems: &mut Problems,
    ) -> Option<Self> {
        let entries = entries(tree, path, problems)?;
        for (key, _) in &entries {
            if !known.contains(&key.as_str()) {
                problems.add_unknown(path, EntityKind::Key, key, known.iter().copied());
            }
        }
        Some(Self {
            entries,
            path: path.to_string(),
        })
    }

    /// Takes the value of a key out, if it is there.
    pub(super) fn take(&mut self, key: &str) -> Option<(Tree, String)> {
        let position = self.entries.iter().position(|(known, _)| known == key)?;
        let (_, value) = self.entries.swap_remove(position);
        Some((value, inside(&self.path, key)))
    }

    /// As [`take`](Self::take), for a key that must be there.
    pub(super) fn require(
        &mut self,
        key: &'static str,
        problems: &mut Problems,
    ) -> Option<(Tree, String)> {
        let value = self.take(key);
        if value.is_none() {
            problems.add(&self.path, ProblemKind::Missing(key));
        }
        value
    }

    /// Takes a text out, if the key is there.
    pub(super) fn take_text(&mut self, key: &str, problems: &mut Problems) -> Option<String> {
        let (tree, path) = self.take(key)?;
        text(tree, &path, problems)
    }

    /// Takes `true` or `false` out, if the key is there.
    pub(super) fn take_boolean(&mut self, key: &str, problems: &mut Problems) -> Option<bool> {
        let (tree, path) = self.take(key)?;
        let value = boolean(&tree, &path, problems);
        if value.is_none() {
            problems.note_unread(path);
        }
        value
    }

    /// Takes a list out and reads its items; nothing if the key is not there.
    pub(super) fn take_list<T>(
        &mut self,
        key: &str,
        problems: &mut Problems,
        read: impl FnMut(Tree, &str, &mut Problems) -> Option<T>,
    ) -> Vec<T> {
        self.take(key)
            .map(|(tree, path)| list(tree, &path, problems, read))
            .unwrap_or_default()
    }

    /// Takes a list out whose items may each appear once.
    pub(super) fn take_distinct<T: Ord + Clone>(
        &mut self,
        key: &str,
        problems: &mut Problems,
        mut read: impl FnMut(Tree, &str, &mut Problems) -> Option<T>,
    ) -> Vec<T> {
        let mut seen = BTreeSet::new();
        self.take_list(key, problems, |tree, path, problems| {
            let name = match &tree {
                Tree::Text(text) => text.clone(),
                other => other.describe(),
            };
            let item = read(tree, path, problems)?;
            if !seen.insert(item.clone()) {
                let what = EntityKind::Item;
                problems.add(path, ProblemKind::Repeated { what, name });
            }
            Some(item)
        })
    }

    /// Takes a list of words out that mean something together; nothing if the key is not there or one of them cannot be
    /// read, since what the others mean without it would be a guess.
    pub(super) fn take_words<T: FromStr<Err = UnknownWord> + Ord + Clone>(
        &mut self,
        key: &str,
        problems: &mut Problems,
    ) -> Option<Vec<T>> {
        let (_, tree) = self.entries.iter().find(|(known, _)| known == key)?;
        let mut is_read = matches!(tree, Tree::List(_));
        let words = self.take_distinct(key, problems, |tree, path, problems| {
            let word = word(tree, path, problems);
            is_read &= word.is_some();
            word
        });
        is_read.then_some(words)
    }

    /// Takes the text out that names what this map describes. Without one, the problem is noted and a name is made up from
    /// the place, so that the rest is read for its own problems.
    pub(super) fn take_name(&mut self, key: &'static str, problems: &mut Problems) -> String {
        let name = self.require(key, problems);
        if problems.is_unread(&inside(&self.path, key)) {
            note_unread_in_list(&self.path, problems);
        }
        name.and_then(|(tree, path)| text(tree, &path, problems))
            .unwrap_or_else(|| stand_in(&self.path, problems))
    }
}

/// Notes that the name of what stands at `path` in a list was not read, or one of its names: so not all of the list was.
fn note_unread_in_list(path: &str, problems: &mut Problems) {
    let list = path.rsplit_once('[').map_or(path, |(list, _)| list);
    problems.note_unread(list);
}

/// A name for what stands at `path` in a list and has none that can be read.
fn stand_in(path: &str, problems: &mut Problems) -> String {
    note_unread_in_list(path, problems);
    problems.stand_in(path)
}

/// The entries of a map whose keys are names; repeated ones are problems, and the first counts.
pub(super) fn entries(
    tree: Tree,
    path: &str,
    problems: &mut Problems,
) -> Option<Vec<(String, Tree)>> {
    let Tree::Map(mut entries) = tree else {
        problems.add(path, wrong(&tree, "a map"));
        return None;
    };
    let mut seen = BTreeSet::new();
    entries.retain(|(key, _)| {
        let is_new = seen.insert(key.clone());
        if !is_new {
            let name = key.clone();
            let what = EntityKind::Key;
            problems.add(path, ProblemKind::Repeated { what, name });
            // A key with a dot in it would read like the place of something else.
            if !key.contains('.') {
                problems.note_unread(inside(path, key));
            }
        }
        is_new
    });
    Some(entries)
}

/// The items of a list that can be read.
pub(super) fn list<T>(
    tree: Tree,
    path: &str,
    problems: &mut Problems,
    mut read: impl FnMut(Tree, &str, &mut Problems) -> Option<T>,
) -> Vec<T> {
    let Tree::List(items) = tree else {
        problems.add(path, wrong(&tree, "a list"));
        problems.note_unread(path);
        return Vec::new();
    };
    items
        .into_iter()
        .enumerate()
        .filter_map(|(position, item)| read(item, &alloc::format!("{path}[{position}]"), problems))
        .collect()
}

/// Reads an item, and in place of one that cannot be read, makes another: so that the places of the items after it stay
/// true. It goes no further, since a document with a problem is refused.
pub(super) fn in_place<T>(
    read: impl Fn(Tree, &str, &mut Problems) -> Option<T>,
    unread: impl Fn(&str) -> T,
) -> impl Fn(Tree, &str, &mut Problems) -> Option<T> {
    move |tree, path, problems| {
        Some(read(tree, path, problems).unwrap_or_else(|| unread(&stand_in(path, problems))))
    }
}

pub(super) fn text(tree: Tree, path: &str, problems: &mut Problems) -> Option<String> {
    if let Tree::Text(text) = tree {
        return Some(text);
    }
    problems.add(path, wrong(&tree, "text"));
    None
}

pub(super) fn boolean(tree: &Tree, path: &str, problems: &mut Problems) -> Option<bool> {
    if let Tree::Bool(value) = tree {
        return Some(*value);
    }
    problems.add(path, wrong(tree, "`true` or `false`"));
    None
}

pub(super) fn whole_number(tree: &Tree, path: &str, problems: &mut Problems) -> Option<u64> {
    let number = match tree {
        Tree::Integer(value) => u64::try_from(*value).ok(),
        _ => None,
    };
    if number.is_none() {
        problems.add(path, wrong(tree, "a whole number from 0 to 2^64 - 1"));
    }
    number
}

/// One of a few words.
pub(super) fn word<T: FromStr<Err = UnknownWord>>(
    tree: Tree,
    path: &str,
    problems: &mut Problems,
) -> Option<T> {
    match text(tree, path, problems)?.parse() {
        Ok(word) => Some(word),
        Err(unknown) => {
            problems.add(path, ProblemKind::UnknownWord(unknown));
            None
        }
    }
}

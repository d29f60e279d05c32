//! The known name that is most similar to an unknown one.

use alloc::vec::Vec;
use core::fmt;

use crate::support::escape::Escaped;
use crate::support::limits::MAX_NAME_BYTES;

/// Renders the nearest known name, if there is one.
pub(crate) struct Nearest<'a>(pub(crate) Option<&'a str>);

impl fmt::Display for Nearest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(name) => write!(f, "; did you mean `{}`?", Escaped(name)),
            None => Ok(()),
        }
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

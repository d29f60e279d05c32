//! All problems found so far, in the order found.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::model::problem::{EntityKind, Problem, ProblemKind};
use crate::support::limits::MAX_PROBLEMS;
use crate::support::nearest::nearest;

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
        what: EntityKind,
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

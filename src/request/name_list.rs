//! The names that a request gives in one list.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Gives a request the methods that fill its lists, and those that read them back.
macro_rules! lists {
    ($($(#[$doc:meta])* $list:ident, $(#[$listed_doc:meta])* $listed:ident;)+) => {
        $($(#[$doc])*
        pub fn $list<N: Into<Cow<'a, str>>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
            self.$list.add(names);
            self
        }

        $(#[$listed_doc])*
        pub fn $listed(&self) -> impl Iterator<Item = &str> {
            self.$list.iter().map(|(name, _)| name)
        })+
    };
}

pub(super) use lists;

/// The names that a request gives in one list, in their order, borrowed where possible.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Names<'a> {
    names: Vec<Name<'a>>,
    /// The positions of names that are there before, ascending.
    repeated: Vec<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Name<'a>(Cow<'a, str>);

impl<'a> Names<'a> {
    /// Adds names after those that are there.
    pub(super) fn add<N: Into<Cow<'a, str>>>(&mut self, names: impl IntoIterator<Item = N>) {
        let names = names.into_iter().map(|name| Name(name.into()));
        self.names.extend(names);
        self.repeated = repeated(&self.names);
    }

    /// The names, each with whether it was there before.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, bool)> {
        let names = self.names.iter().enumerate();
        names.map(|(position, Name(name))| {
            // The list of positions is empty for all but malformed requests.
            (&**name, self.repeated.binary_search(&position).is_ok())
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The names by themselves.
    pub(super) fn into_names(self) -> Vec<Cow<'a, str>> {
        self.names.into_iter().map(|Name(name)| name).collect()
    }

    /// The names by themselves, without a copy of their text.
    pub(super) fn borrowed(&'a self) -> Vec<Cow<'a, str>> {
        let names = self.names.iter();
        names.map(|Name(name)| Cow::Borrowed(&**name)).collect()
    }

    /// The same names with a text of their own.
    pub(super) fn into_owned(self) -> Names<'static> {
        let names = self.names.into_iter();
        Names {
            names: names
                .map(|Name(name)| Name(Cow::Owned(name.into_owned())))
                .collect(),
            repeated: self.repeated,
        }
    }
}

/// The positions of names that are there before, ascending.
fn repeated(names: &[Name<'_>]) -> Vec<usize> {
    let mut sorted: Vec<_> = names.iter().zip(0..).collect();
    sorted.sort_unstable();
    let mut repeated: Vec<usize> = sorted
        .windows(2)
        .filter_map(|pair| match pair {
            [(before, _), (name, position)] if before == name => Some(*position),
            _ => None,
        })
        .collect();
    repeated.sort_unstable();
    repeated
}

impl Serialize for Names<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.names.iter().map(|Name(name)| name))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Names<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<Name<'a>>::deserialize(deserializer)?;
        let repeated = repeated(&names);
        Ok(Self { names, repeated })
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Name<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NameReader).map(Self)
    }
}

/// Borrows where it can, which serde's own reading of a list of `Cow` never does.
struct NameReader;

impl<'de> Visitor<'de> for NameReader {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.into()))
    }
}

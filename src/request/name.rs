//! How a request names fields: a key, or a path through relations.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::schema::Schema;

/// How many fields a path such as `company.owner.email` may have.
pub const MAX_PATH_FIELDS: usize = 8;

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

/// What reading a path needs, one step after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step<'a> {
    /// See on a field of the object with that index; no index for a field that the object does not have.
    Field {
        object: usize,
        field: Option<usize>,
        name: &'a str,
    },
    /// See on the records of the object with that index.
    Record { object: usize },
    /// A field that points to no record, though the path goes on.
    NotARelation { object: usize, name: &'a str },
    /// More fields than a path may have.
    TooDeep,
}

/// The steps of a path; a plain field is a path of one.
#[derive(Debug, Clone)]
pub(super) struct Walk<'a> {
    schema: &'a Schema,
    object: usize,
    rest: Option<&'a str>,
    fields: usize,
    /// What comes before the next field.
    between: Option<Step<'a>>,
}

impl<'a> Walk<'a> {
    /// Walks from records of the object with that index.
    pub(super) fn new(schema: &'a Schema, object: usize, path: &'a str) -> Self {
        Self {
            schema,
            object,
            rest: Some(path),
            fields: 0,
            between: None,
        }
    }
}

impl<'a> Iterator for Walk<'a> {
    type Item = Step<'a>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if let Some(step) = self.between.take() {
            return Some(step);
        }
        let path = self.rest.take()?;
        if self.fields == MAX_PATH_FIELDS {
            return Some(Step::TooDeep);
        }
        self.fields += 1;
        let object = self.object;
        let (name, rest) = match path.split_once('.') {
            Some((name, rest)) => (name, Some(rest)),
            None => (path, None),
        };
        let field = self.schema.field_index(object, name);
        if let (Some(field), Some(_)) = (field, rest) {
            self.between = match self.schema.relation_index(object, field) {
                Some(related) => {
                    self.object = related;
                    self.rest = rest;
                    Some(Step::Record { object: related })
                }
                None => Some(Step::NotARelation { object, name }),
            };
        }
        Some(Step::Field {
            object,
            field,
            name,
        })
    }
}

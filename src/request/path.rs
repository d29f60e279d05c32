//! How a request names fields: a key, or a path through relations.

use crate::model::schema::Schema;
use crate::support::limits::MAX_PATH_FIELDS;

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

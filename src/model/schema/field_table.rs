//! Where a field stands in its object, by name: all objects share one table of names, since many have the same fields.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::cmp::Reverse;

use crate::model::schema::Object;
use crate::support::name_table::NameTable;

/// The fields of all objects of a schema, by name.
///
/// Each name has a row of places, one for each object from the first to the last that has such a field. So a name costs a
/// look-up in one small table, which stays in the processor's fastest cache, and then one place, whichever object it is asked of.
#[derive(Debug, Clone, Default)]
pub(crate) struct FieldTable {
    /// All names, each once.
    names: NameTable,
    /// By index of the name: where the first object would stand in the row, be it before the row. No two are equal, so
    /// that no two names have the same place for the same object.
    rows: Box<[usize]>,
    /// The rows, one after the other.
    places: Box<[Place]>,
    /// The fields of names without a row, with the index of the name, sorted.
    rowless: Box<[(usize, Place)]>,
}

/// A field of an object, by their indices; the limits of a schema leave the largest number of an object free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    object: u16,
    field: u16,
}

const EMPTY: Place = Place {
    object: u16::MAX,
    field: 0,
};

/// The most places in a row for each field in it.
const MOST_PLACES: usize = 32;

/// Stands in for the row of a name that has none, since its fields are too far apart.
const NO_ROW: usize = usize::MAX / 2;

impl FieldTable {
    /// The fields of `objects`, which are within the limits. One that is repeated is found where it stands first.
    pub(crate) fn new(objects: &[Object]) -> Self {
        let mut fields: BTreeMap<&str, Vec<Place>> = BTreeMap::new();
        for (object, described) in objects.iter().enumerate() {
            for (field, described) in described.fields().iter().enumerate() {
                let places = fields.entry(described.key().as_str()).or_default();
                let place = Place::new(object, field);
                if places.last().is_none_or(|last| last.object != place.object) {
                    places.push(place);
                }
            }
        }
        // With the first objects in descending order, a row that starts later stands for a later object 0 as well.
        let mut fields: Vec<(&str, Vec<Place>)> = fields.into_iter().collect();
        fields.sort_by_key(|(_, places)| Reverse(places.first().copied()));
        let names = NameTable::new(fields.iter().map(|(name, _)| *name));

        let mut rows = Vec::with_capacity(fields.len());
        let mut places = Vec::new();
        let mut rowless = Vec::new();
        for (name, (_, fields)) in fields.into_iter().enumerate() {
            let object = |place: &Place| usize::from(place.object);
            let first = fields.first().map_or(0, object);
            let length = 1 + fields.last().map_or(0, object) - first;
            if length > MOST_PLACES * fields.len() {
                rows.push(NO_ROW);
                rowless.extend(fields.into_iter().map(|place| (name, place)));
                continue;
            }
            let start = places.len();
            rows.push(start.wrapping_sub(first));
            places.resize(start + length, EMPTY);
            for place in fields {
                if let Some(free) = places.get_mut(start + object(&place) - first) {
                    *free = place;
                }
            }
        }
        Self {
            names,
            rows: rows.into(),
            places: places.into(),
            rowless: rowless.into(),
        }
    }

    /// The index of the field of that name in the object with that index.
    #[inline]
    pub(crate) fn find(&self, object: usize, name: &str) -> Option<usize> {
        let name = self.names.find(name)?;
        let row = *self.rows.get(name)?;
        match self.places.get(row.wrapping_add(object)) {
            Some(place) if usize::from(place.object) == object => Some(place.field.into()),
            _ => self.find_rowless(object, name, row),
        }
    }

    /// The index of the field in the object, if its name has no row.
    #[inline(never)]
    fn find_rowless(&self, object: usize, name: usize, row: usize) -> Option<usize> {
        if row != NO_ROW {
            return None;
        }
        let key = |(name, place): &(usize, Place)| (*name, usize::from(place.object));
        let found = self.rowless.binary_search_by_key(&(name, object), key);
        let (_, place) = self.rowless.get(found.ok()?)?;
        Some(place.field.into())
    }
}

impl Place {
    fn new(object: usize, field: usize) -> Self {
        let narrow = |index| u16::try_from(index).unwrap_or(u16::MAX);
        Self {
            object: narrow(object),
            field: narrow(field),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;
    use alloc::format;
    use alloc::string::String;
    use alloc::vec::Vec;

    use super::{FieldTable, MOST_PLACES};
    use crate::model::schema::Object;

    /// Objects with these fields.
    fn objects(fields: &[Vec<String>]) -> Vec<Object> {
        let object = |fields: &Vec<String>| {
            let empty = Object::new("object");
            fields
                .iter()
                .fold(empty, |object, field| object.field(&**field))
        };
        fields.iter().map(object).collect()
    }

    /// Every name in every object is found where it stands first, or not at all.
    #[track_caller]
    fn assert_found(fields: &[Vec<String>]) -> FieldTable {
        let table = FieldTable::new(&objects(fields));
        let names: BTreeSet<&String> = fields.iter().flatten().collect();
        for (object, fields) in fields.iter().enumerate() {
            for name in &names {
                let expected = fields.iter().position(|field| field == *name);
                assert_eq!(table.find(object, name), expected, "{object} {name}");
            }
            assert_eq!(table.find(object, "unknown"), None);
        }
        for name in names {
            assert_eq!(table.find(fields.len(), name), None);
            assert_eq!(table.find(usize::MAX, name), None);
        }
        table
    }

    #[test]
    fn a_name_without_a_row_is_not_looked_for_in_that_of_another() {
        // The row of `b` starts after that of `a`; `z` is in the first object and the last, too far apart for a row.
        let fields: Vec<Vec<String>> = (0..=100)
            .map(|object| match object {
                0 => ["b", "a", "z"].map(String::from).into(),
                100 => ["b", "z"].map(String::from).into(),
                _ => Vec::from(["b".into()]),
            })
            .collect();
        let table = assert_found(&fields);
        assert_eq!(table.rowless.len(), 2);
    }

    #[test]
    fn fields_are_found_in_their_own_object_only() {
        let name = |number: usize| format!("field_{number}");
        // All alike; each its own; some shared, with gaps; none.
        assert_found(
            &(0..20)
                .map(|_| (0..40).map(name).collect())
                .collect::<Vec<_>>(),
        );
        assert_found(
            &(0..40)
                .map(|object| alloc::vec![name(object)])
                .collect::<Vec<_>>(),
        );
        for step in 1..8 {
            let fields = (0..30).map(|object| {
                let has = |number: &usize| (object * step + number) % 7 < 3;
                (0..40).filter(has).map(name).rev().collect()
            });
            let table = assert_found(&fields.collect::<Vec<_>>());
            assert!(table.rowless.is_empty());
        }
        assert_found(&[]);
        assert_found(&[Vec::new(), alloc::vec![name(1)], Vec::new()]);
    }

    #[test]
    fn a_repeated_field_is_found_where_it_stands_first() {
        assert_found(&[["a", "b", "a", "a"].map(String::from).into()]);
    }

    #[test]
    fn fields_that_are_far_apart_have_no_row() {
        for (distance, has_row) in [(2 * MOST_PLACES - 1, true), (2 * MOST_PLACES, false)] {
            let mut fields = alloc::vec![Vec::new(); distance + 3];
            for object in [1, 1 + distance] {
                if let Some(fields) = fields.get_mut(object) {
                    *fields = ["near", "far"].map(String::from).into();
                }
            }
            if let Some(fields) = fields.get_mut(2) {
                *fields = alloc::vec!["alone".into()];
            }
            let table = assert_found(&fields);
            assert_eq!(table.rowless.is_empty(), has_row);
            let longest = MOST_PLACES * fields.iter().flatten().count();
            assert!(table.places.len() <= longest);
        }
    }
}

//! A list with keys: in the order in which people wrote it, and found by key.

use core::borrow::Borrow;
use core::fmt;
use core::hash::Hash;

use foldhash::fast::RandomState;
use indexmap::IndexMap;

/// A list of values with distinct keys, which keeps its order and finds a value by its key.
///
/// The hasher has a seed, so that a document cannot choose keys that collide. The seed never shows: the order is the order
/// of insertion, whatever the hashes are.
#[derive(Clone)]
pub(crate) struct OrderedMap<K, V>(IndexMap<K, V, RandomState>);

impl<K: Hash + Eq, V> OrderedMap<K, V> {
    /// Adds an entry after the others and returns `None`. If the key is there already, its value is replaced in its place
    /// and returned.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        self.0.insert(key, value)
    }

    /// Removes an entry; those after it move up and keep their order.
    pub(crate) fn remove<Q: Hash + Eq + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        // `swap_remove` is faster, and puts the last entry into the gap.
        self.0.shift_remove(key)
    }

    /// Gives an entry another key in its place. Changes nothing where `from` is missing or `to` belongs to another entry.
    pub(crate) fn rename<Q: Hash + Eq + ?Sized>(&mut self, from: &Q, to: K)
    where
        K: Borrow<Q>,
    {
        if let Some(index) = self.0.get_index_of(from) {
            // A key that is taken comes back as an error; the map is as it was.
            let _ = self.0.replace_index(index, to);
        }
    }

    /// The value of a key.
    pub(crate) fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.0.get(key)
    }

    /// The position of a key in the order.
    #[inline]
    pub(crate) fn index_of<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<usize>
    where
        K: Borrow<Q>,
    {
        self.0.get_index_of(key)
    }
}

impl<K, V> OrderedMap<K, V> {
    /// The entry at a position.
    pub(crate) fn get_index(&self, index: usize) -> Option<(&K, &V)> {
        self.0.get_index(index)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = (&K, &V)> {
        self.0.iter()
    }

    pub(crate) fn keys(&self) -> impl ExactSizeIterator<Item = &K> {
        self.0.keys()
    }

    pub(crate) fn values(&self) -> impl ExactSizeIterator<Item = &V> {
        self.0.values()
    }

    pub(crate) fn values_mut(&mut self) -> impl ExactSizeIterator<Item = &mut V> {
        self.0.values_mut()
    }
}

impl<K, V> Default for OrderedMap<K, V> {
    fn default() -> Self {
        Self(IndexMap::default())
    }
}

/// Equal with equal entries in the same order: `IndexMap` would leave the order out, which here is what people wrote.
impl<K: PartialEq, V: PartialEq> PartialEq for OrderedMap<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.0.iter().eq(other.0.iter())
    }
}

impl<K: Eq, V: Eq> Eq for OrderedMap<K, V> {}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for OrderedMap<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.iter()).finish()
    }
}

/// Of entries with one key, the first gives the place and the last gives the value.
impl<K: Hash + Eq, V> FromIterator<(K, V)> for OrderedMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use alloc::borrow::ToOwned;
    use alloc::format;
    use alloc::string::{String, ToString};
    use alloc::vec::Vec;

    use super::OrderedMap;

    fn map(keys: &[&str]) -> OrderedMap<String, usize> {
        let entries = keys.iter().enumerate();
        entries.map(|(at, key)| (key.to_string(), at)).collect()
    }

    fn keys(map: &OrderedMap<String, usize>) -> Vec<&str> {
        map.keys().map(String::as_str).collect()
    }

    #[test]
    fn a_repeated_key_keeps_its_place_and_gives_back_what_was_there() {
        let mut map = map(&["b", "a"]);
        assert_eq!(map.insert("b".to_owned(), 7), Some(0));
        assert_eq!(map.insert("c".to_owned(), 8), None);
        assert_eq!(keys(&map), ["b", "a", "c"]);
        assert_eq!((map.get("b"), map.get("z")), (Some(&7), None));
        assert_eq!((map.index_of("a"), map.index_of("z")), (Some(1), None));
        assert_eq!(map.get_index(2), Some((&"c".to_owned(), &8)));
        assert_eq!((map.get_index(3), map.len()), (None, 3));
    }

    #[test]
    fn removing_keeps_the_order_of_the_others() {
        let mut map = map(&["d", "c", "b", "a"]);
        assert_eq!((map.remove("c"), map.remove("c")), (Some(1), None));
        assert_eq!(keys(&map), ["d", "b", "a"]);
        assert_eq!(map.index_of("a"), Some(2));
    }

    #[test]
    fn renaming_keeps_the_place_and_takes_no_key_from_another() {
        let mut map = map(&["a", "b", "c"]);
        map.rename("b", "x".to_owned());
        map.rename("z", "y".to_owned());
        map.rename("c", "a".to_owned());
        assert_eq!(keys(&map), ["a", "x", "c"]);
        assert_eq!((map.get("x"), map.get("b")), (Some(&1), None));
    }

    #[test]
    fn order_counts_in_equality() {
        let forward: OrderedMap<_, _> = [("a", 1), ("b", 2)].into_iter().collect();
        let backward: OrderedMap<_, _> = [("b", 2), ("a", 1)].into_iter().collect();
        assert_ne!(forward, backward);
        assert_eq!(forward, forward.clone());
        assert_ne!(forward, [("a", 1)].into_iter().collect());
        assert_ne!(forward, [("a", 1), ("b", 3)].into_iter().collect());
    }

    /// Every map has a seed of its own.
    #[test]
    fn the_order_does_not_depend_on_the_hasher() {
        let written: Vec<String> = (0..200)
            .map(|number| format!("{}", number * 7 % 200))
            .collect();
        for _ in 0..20 {
            let map: OrderedMap<_, _> = written.iter().map(|key| (key.as_str(), ())).collect();
            assert!(map.keys().eq(written.iter()));
            assert!(map.iter().map(|(key, ())| key).eq(map.keys()));
        }
        let map = map(&["b", "a"]);
        assert_eq!(format!("{map:?}"), r#"{"b": 0, "a": 1}"#);
        assert!(map.values().eq(&[0, 1]));
    }
}

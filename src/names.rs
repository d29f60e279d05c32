//! Where a name stands in a fixed list of names.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;

/// Up to this many bytes, a name is compared by its ends alone.
const SHORT: usize = 16;

/// A name that is looked up: its length and its first and last eight bytes, which are all of a short one, and its hash.
///
/// All tables share the hash, so that a name is hashed once for a question. It has no secret. An attacker who chooses the
/// names that are *looked up* gains nothing from that: a table is fixed when it is built, and a look-up reads one slot of it,
/// whoever asks. Who chooses the names that are *in* a table can only make that table a search by halves.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hashed<'n> {
    name: &'n [u8],
    first: u64,
    last: u64,
    hash: u64,
}

impl<'n> Hashed<'n> {
    #[inline]
    pub(crate) fn new(name: &'n str) -> Self {
        let name = name.as_bytes();
        let (first, last) = ends(name);
        let hash = if name.len() <= SHORT {
            fold(first ^ FIRST, last ^ LAST ^ name.len() as u64)
        } else {
            let mut hasher = FixedState::with_seed(FIRST).build_hasher();
            hasher.write(name);
            hasher.finish()
        };
        Self {
            name,
            first,
            last,
            hash,
        }
    }

    pub(crate) fn hash(self) -> u64 {
        self.hash
    }
}

/// Digits of π, of which nobody can say that they were chosen.
const FIRST: u64 = 0x243f_6a88_85a3_08d3;
const LAST: u64 = 0x1319_8a2e_0370_7344;

/// Multiplies in full and folds the halves, so that every bit of the result depends on every bit of both.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "both halves are used")]
fn fold(left: u64, right: u64) -> u64 {
    let product = u128::from(left) * u128::from(right);
    (product as u64) ^ (product >> 64) as u64
}

/// The first and the last eight bytes; fewer of a name of fewer, in such a way that with the length they tell short names
/// apart.
#[inline]
fn ends(name: &[u8]) -> (u64, u64) {
    if let (Some(first), Some(last)) = (name.first_chunk(), name.last_chunk()) {
        return (u64::from_le_bytes(*first), u64::from_le_bytes(*last));
    }
    if let (Some(first), Some(last)) = (name.first_chunk(), name.last_chunk()) {
        let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
        return (first.into(), last.into());
    }
    let byte = |index: usize| u64::from(name.get(index).copied().unwrap_or(0));
    (byte(0) | byte(1) << 8 | byte(2) << 16, 0)
}

/// A fixed list of names that finds the index of a name: one hash, one slot, one comparison.
///
/// The names are spread over small buckets by their hash, and each bucket has a multiplier, found when the table is built,
/// that puts its names into slots of their own.
#[derive(Debug, Clone, Default)]
pub(crate) struct NameTable {
    /// All names in their order, end to end.
    text: Box<[u8]>,
    /// Where each name ends in `text`, in the order of the list.
    ends: Box<[u32]>,
    /// The multiplier of each bucket; a power of two of them.
    multipliers: Box<[u32]>,
    /// A power of two of them, about two for three names or more.
    slots: Box<[Slot]>,
    /// The indices of names that found no slot, sorted by name: none, but for hashes that collide on purpose.
    crowded: Box<[u32]>,
    longest: usize,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    first: u64,
    last: u64,
    length: u32,
    index: u32,
}

/// No name is that long.
const EMPTY: Slot = Slot {
    first: 0,
    last: 0,
    length: u32::MAX,
    index: 0,
};

impl NameTable {
    /// The table of `names`, all together shorter than 4 GiB. A name that is repeated is found where it stands first.
    pub(crate) fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let hashed: Vec<Hashed<'_>> = names.into_iter().map(Hashed::new).collect();
        Self::of(&hashed)
    }

    fn of(hashed: &[Hashed<'_>]) -> Self {
        let mut text = Vec::new();
        let mut ends = Vec::new();
        for name in hashed {
            text.extend_from_slice(name.name);
            ends.push(narrow(text.len()));
        }
        let longest = hashed.iter().map(|name| name.name.len()).max();
        let Placed {
            multipliers,
            slots,
            mut crowded,
        } = place(hashed);
        crowded.sort_by_key(|index| hashed.get(*index as usize).map(|hashed| hashed.name));
        Self {
            text: text.into(),
            ends: ends.into(),
            multipliers: multipliers.into(),
            slots: slots.into(),
            crowded: crowded.into(),
            longest: longest.unwrap_or(0),
        }
    }

    /// How many names there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The names in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|index| core::str::from_utf8(self.name(index)?).ok())
    }

    /// The name at an index.
    fn name(&self, index: usize) -> Option<&[u8]> {
        let start = match index.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        let end = *self.ends.get(index)?;
        self.text.get(start as usize..end as usize)
    }

    /// The index of `name`, compared byte for byte.
    #[inline]
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        // So that the time is bounded by the names of the table, whatever a client sends.
        if name.len() > self.longest {
            return None;
        }
        self.find_hashed(Hashed::new(name))
    }

    /// As [`find`](Self::find), for who has the name hashed already.
    #[inline]
    pub(crate) fn find_hashed(&self, hashed: Hashed<'_>) -> Option<usize> {
        let multiplier = *self
            .multipliers
            .get(bucket(hashed.hash, self.multipliers.len()))?;
        let slot = self
            .slots
            .get(slot(hashed.hash, multiplier, self.slots.len()))?;
        let index = slot.index as usize;
        if slot.length as usize == hashed.name.len()
            && slot.first == hashed.first
            && slot.last == hashed.last
            && (hashed.name.len() <= SHORT || self.name(index) == Some(hashed.name))
        {
            return Some(index);
        }
        if self.crowded.is_empty() {
            return None;
        }
        self.find_crowded(hashed.name)
    }

    #[cold]
    fn find_crowded(&self, name: &[u8]) -> Option<usize> {
        let found = self
            .crowded
            .binary_search_by_key(&Some(name), |index| self.name(*index as usize));
        let index = self.crowded.get(found.ok()?)?;
        Some(*index as usize)
    }
}

/// The bucket of a hash, from its high bits.
#[inline]
fn bucket(hash: u64, buckets: usize) -> usize {
    (hash >> 40) as usize & buckets.wrapping_sub(1)
}

/// The slot of a hash in a bucket with that multiplier.
#[inline]
fn slot(hash: u64, multiplier: u32, slots: usize) -> usize {
    (hash.wrapping_mul(multiplier.into()) >> 32) as usize & slots.wrapping_sub(1)
}

/// The multipliers that a bucket tries, all odd.
fn multipliers() -> impl Iterator<Item = u32> {
    (1..MOST_ATTEMPTS).map(|attempt| attempt.wrapping_mul(0x9e37_79b9) | 1)
}

/// How many multipliers a bucket tries before its names count as crowded.
const MOST_ATTEMPTS: u32 = 1 << 14;

/// Where all names of a table went.
struct Placed {
    multipliers: Vec<u32>,
    slots: Vec<Slot>,
    crowded: Vec<u32>,
}

/// Finds a multiplier for each bucket, the fullest first, that leaves each of its names a slot of its own.
fn place(names: &[Hashed<'_>]) -> Placed {
    let buckets = (names.len() / 2).next_power_of_two();
    let slots = (names.len() + names.len() / 4).next_power_of_two().max(2);
    let mut placed = Placed {
        multipliers: alloc::vec![0; buckets],
        slots: alloc::vec![EMPTY; slots],
        crowded: Vec::new(),
    };
    let mut members: Vec<(usize, Vec<u32>)> = (0..buckets).map(|at| (at, Vec::new())).collect();
    for (index, name) in names.iter().enumerate() {
        if let Some((_, members)) = members.get_mut(bucket(name.hash, buckets)) {
            let is_same = |other: &u32| {
                names
                    .get(*other as usize)
                    .is_some_and(|it| it.name == name.name)
            };
            if !members.iter().any(is_same) {
                members.push(narrow(index));
            }
        }
    }
    members.sort_by_key(|(at, members)| (core::cmp::Reverse(members.len()), *at));
    for (at, members) in members {
        let hashed: Vec<(u32, Hashed<'_>)> = members
            .into_iter()
            .filter_map(|index| Some((index, *names.get(index as usize)?)))
            .collect();
        match multipliers().find_map(|multiplier| {
            let free = free_slots(&hashed, multiplier, &placed.slots)?;
            Some((multiplier, free))
        }) {
            Some((multiplier, free)) => {
                if let Some(place) = placed.multipliers.get_mut(at) {
                    *place = multiplier;
                }
                for ((index, name), position) in hashed.into_iter().zip(free) {
                    if let Some(slot) = placed.slots.get_mut(position) {
                        *slot = Slot {
                            first: name.first,
                            last: name.last,
                            length: narrow(name.name.len()),
                            index,
                        };
                    }
                }
            }
            None => placed
                .crowded
                .extend(hashed.iter().map(|(index, _)| *index)),
        }
    }
    placed
}

/// The slots of some names under a multiplier, if all are free and distinct.
fn free_slots(names: &[(u32, Hashed<'_>)], multiplier: u32, slots: &[Slot]) -> Option<Vec<usize>> {
    let mut free = Vec::with_capacity(names.len());
    for (_, name) in names {
        let position = slot(name.hash, multiplier, slots.len());
        if slots.get(position)?.length != EMPTY.length || free.contains(&position) {
            return None;
        }
        free.push(position);
    }
    Some(free)
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;
    use alloc::format;
    use alloc::string::String;
    use alloc::vec::Vec;

    use super::{Hashed, NameTable, ends};

    #[test]
    fn every_name_is_found_where_it_stands_and_no_other() {
        for count in [0, 1, 2, 3, 40, 1_000, 65_535] {
            let names: Vec<String> = (0..count)
                .map(|number| {
                    format!(
                        "{}{number}",
                        "name_of_a_thing_".get(number % 17..).unwrap_or("")
                    )
                })
                .collect();
            let table = NameTable::new(names.iter().map(String::as_str));
            assert_eq!(table.len(), count);
            assert!(table.crowded.is_empty());
            for (index, name) in names.iter().enumerate() {
                assert_eq!(table.find(name), Some(index));
                assert_eq!(table.find(&format!("{name} ")), None);
                assert_eq!(table.find(&format!("x{name}")), None);
            }
            assert_eq!(table.find(""), None);
            assert!(table.iter().eq(names.iter().map(String::as_str)));
        }
    }

    #[test]
    fn a_repeated_name_is_found_where_it_stands_first() {
        let table = NameTable::new(["a", "b", "a", "c", "b"]);
        assert_eq!(
            ["a", "b", "c"].map(|name| table.find(name)),
            [Some(0), Some(1), Some(3)]
        );
    }

    #[test]
    fn the_ends_and_the_length_tell_short_names_apart() {
        let letters = ["", "a", "b", "\0"];
        let mut names = BTreeSet::from([String::new()]);
        for _ in 0..5 {
            let longer: Vec<String> = names
                .iter()
                .flat_map(|name| letters.map(|letter| format!("{name}{letter}")))
                .collect();
            names.extend(longer);
        }
        for padding in ["", "0123456789"] {
            let seen: BTreeSet<_> = names
                .iter()
                .map(|name| format!("{padding}{name}"))
                .map(|name| (name.len(), ends(name.as_bytes())))
                .collect();
            assert_eq!(seen.len(), names.len());
        }
    }

    #[test]
    fn names_that_differ_in_the_middle_only_are_different() {
        let names = ["a_long_name_x_with_ends", "a_long_name_y_with_ends"];
        let table = NameTable::new(names);
        assert_eq!(table.find(names[0]), Some(0));
        assert_eq!(table.find(names[1]), Some(1));
        assert_eq!(table.find("a_long_name_z_with_ends"), None);
    }

    #[test]
    fn names_whose_hashes_collide_are_found_all_the_same() {
        let names: Vec<String> = (0..90).map(|number| format!("name_{number}")).collect();
        let collide = |name| Hashed {
            hash: 7,
            ..Hashed::new(name)
        };
        let hashed: Vec<Hashed<'_>> = names.iter().map(|name| collide(name.as_str())).collect();
        let table = NameTable::of(&hashed);
        assert!(!table.crowded.is_empty());
        for (index, name) in hashed.iter().enumerate() {
            assert_eq!(table.find_hashed(*name), Some(index));
        }
        assert_eq!(table.find_hashed(collide("name_90")), None);
    }
}

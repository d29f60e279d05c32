//! Where a name stands in a fixed list of names.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use crate::support::hashed_name::{Hashed, Parts, SHORT};

/// A fixed list of names that finds the index of a name: one hash, one slot, one comparison.
///
/// The names are spread over small buckets by their hash, and each bucket has a multiplier, found when the table is built,
/// that puts its names into slots of their own.
///
/// It stands on the way of every check by name, and there it pays not to be an [`OrderedMap`]: for the objects and fields of
/// the reference workload, the map with the fastest hasher takes 1.2 to 1.4 times as long (`cargo bench --bench names`, both
/// for a look-up alone; a whole check gains less). Elsewhere use the map, which can change.
///
/// [`OrderedMap`]: crate::support::ordered_map::OrderedMap
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
    overflow: Box<[u32]>,
}

#[derive(Debug, Clone, Copy)]
#[repr(align(32))] // So that none lies in two cache lines.
struct Slot {
    parts: Parts,
    length: u32,
    index: u32,
}

/// No name is that long.
const EMPTY: Slot = Slot {
    parts: Parts {
        first: 0,
        second: 0,
        last: 0,
    },
    length: u32::MAX,
    index: 0,
};

impl NameTable {
    /// The table of `names`, all together shorter than 4 GiB. A name that is repeated is found where it stands first.
    pub(crate) fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let hashed: Vec<Hashed<'_>> = names.into_iter().map(Hashed::new).collect();
        Self::of(&hashed)
    }

    /// As [`new`](Self::new), for names that are looked up by such a hash.
    pub(crate) fn of(hashed: &[Hashed<'_>]) -> Self {
        let mut text = Vec::new();
        let mut ends = Vec::new();
        for name in hashed {
            text.extend_from_slice(name.name);
            ends.push(narrow(text.len()));
        }
        let Placed {
            multipliers,
            slots,
            mut overflow,
        } = place(hashed);
        overflow.sort_by_key(|index| hashed.get(*index as usize).map(|hashed| hashed.name));
        Self {
            text: text.into(),
            ends: ends.into(),
            multipliers: multipliers.into(),
            slots: slots.into(),
            overflow: overflow.into(),
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
        self.find_hashed(Hashed::new(name))
    }

    /// As [`find`](Self::find), for who has the name hashed already.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "else the hash goes through memory, which takes half as long again"
    )]
    pub(crate) fn find_hashed(&self, hashed: Hashed<'_>) -> Option<usize> {
        let bucket = bucket(hashed.hash, self.multipliers.len());
        let multiplier = *self.multipliers.get(bucket)?;
        let slot = slot(hashed.hash, multiplier, self.slots.len());
        let slot = self.slots.get(slot)?;
        let index = slot.index as usize;
        let length = hashed.name.len();
        // All of it at once: most names that are asked for are there.
        let difference = (slot.parts.first ^ hashed.parts.first)
            | (slot.parts.second ^ hashed.parts.second)
            | (slot.parts.last ^ hashed.parts.last)
            | (u64::from(slot.length) ^ length as u64);
        if difference == 0 && length <= SHORT {
            return Some(index);
        }
        self.find_in_text(hashed.name, index)
    }

    /// The index of a name that is long or has no slot of its own; that of its slot is `index`.
    #[inline(never)]
    fn find_in_text(&self, name: &[u8], index: usize) -> Option<usize> {
        if name.len() > SHORT && self.name(index) == Some(name) {
            return Some(index);
        }
        if self.overflow.is_empty() {
            return None;
        }
        let found = self
            .overflow
            .binary_search_by_key(&Some(name), |index| self.name(*index as usize));
        let index = self.overflow.get(found.ok()?)?;
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

/// How many multipliers a bucket tries before its names count as overflow.
const MOST_ATTEMPTS: u32 = 1 << 14;

/// Where all names of a table went.
struct Placed {
    multipliers: Vec<u32>,
    slots: Vec<Slot>,
    overflow: Vec<u32>,
}

/// Finds a multiplier for each bucket, the fullest first, that leaves each of its names a slot of its own.
fn place(names: &[Hashed<'_>]) -> Placed {
    let buckets = (names.len() / 2).next_power_of_two();
    let slots = (names.len() + names.len() / 4).next_power_of_two().max(2);
    let mut placed = Placed {
        multipliers: alloc::vec![0; buckets],
        slots: alloc::vec![EMPTY; slots],
        overflow: Vec::new(),
    };
    let mut members: Vec<(usize, Vec<u32>)> = (0..buckets).map(|at| (at, Vec::new())).collect();
    let mut seen = BTreeSet::new();
    for (index, name) in names.iter().enumerate() {
        if let Some((_, members)) = members.get_mut(bucket(name.hash, buckets)) {
            if seen.insert(name.name) {
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
                            parts: name.parts,
                            length: narrow(name.name.len()),
                            index,
                        };
                    }
                }
            }
            None => placed
                .overflow
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

    use super::{Hashed, NameTable, Parts, SHORT};

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
            assert!(table.overflow.is_empty());
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
    fn the_parts_and_the_length_tell_short_names_apart() {
        let letters = ["", "a", "b", "\0"];
        let mut names = BTreeSet::from([String::new()]);
        for _ in 0..5 {
            let longer: Vec<String> = names
                .iter()
                .flat_map(|name| letters.map(|letter| format!("{name}{letter}")))
                .collect();
            names.extend(longer);
        }
        // The letters move through all places of names of up to 24 bytes.
        let digits = "0123456789abcdefghi";
        for (padding, before) in
            (0..=19).flat_map(|padding| (0..=padding).map(move |at| (padding, at)))
        {
            let (before, after) = digits.get(..padding).unwrap_or("").split_at(before);
            let seen: BTreeSet<_> = names
                .iter()
                .map(|name| format!("{before}{name}{after}"))
                .map(|name| (name.len(), Parts::of(name.as_bytes())))
                .collect();
            assert_eq!(seen.len(), names.len());
        }
    }

    /// L6: differences in two places do not make up for each other.
    #[test]
    fn names_that_differ_by_the_same_in_two_places_are_different() {
        for known in 'a'..='z' {
            for asked in ('a'..='z').filter(|asked| *asked != known) {
                for around in [
                    |letter| format!("0123456{letter}0123456{letter}01234567"),
                    |letter| format!("01234567012345{letter}7"),
                    |letter| format!("012345{letter}7"),
                ] {
                    let (known, asked) = (around(known), around(asked));
                    let table = NameTable::new([known.as_str()]);
                    assert_eq!(table.find(&known), Some(0));
                    assert_eq!(table.find(&asked), None, "{known} {asked}");
                }
            }
            // The lengths differ by one, and so do the last parts.
            let other = char::from_u32(u32::from(known) ^ 1).unwrap_or_default();
            let start = format!(
                "{}{other}",
                core::iter::repeat_n(known, 15).collect::<String>()
            );
            let end: String = core::iter::repeat_n(known, 6).collect();
            let table = NameTable::new([format!("{start}{end}").as_str()]);
            assert_eq!(table.find(&format!("{start}{other}{end}")), None);
        }
    }

    #[test]
    fn names_that_differ_in_the_middle_only_are_different() {
        let names = [
            "a_long_name_with_x_and_two_ends",
            "a_long_name_with_y_and_two_ends",
        ];
        let table = NameTable::new(names);
        assert_eq!(table.find(names[0]), Some(0));
        assert_eq!(table.find(names[1]), Some(1));
        assert_eq!(table.find("a_long_name_with_z_and_two_ends"), None);
    }

    #[test]
    fn long_names_that_agree_at_both_ends_have_hashes_of_their_own() {
        let names: Vec<String> = (0..1_000)
            .map(|number| format!("https://id.example.com/users/{number}/of/this/place"))
            .collect();
        let hashed: Vec<Hashed<'_>> = names.iter().map(|name| Hashed::whole(name)).collect();
        let hashes: BTreeSet<u64> = hashed.iter().map(|name| name.hash).collect();
        assert_eq!(hashes.len(), names.len());
        let table = NameTable::of(&hashed);
        assert!(table.overflow.is_empty());
        for (index, name) in hashed.into_iter().enumerate() {
            assert_eq!(table.find_hashed(name), Some(index));
        }
        let other = Hashed::whole("https://id.example.com/users/2000/of/this/place");
        assert_eq!(table.find_hashed(other), None);
    }

    #[test]
    fn a_name_that_is_all_in_its_parts_has_one_hash() {
        let name = "abcdefghijklmnopqrstuvwxyz";
        for length in 0..=name.len() {
            let name = name.get(..length).unwrap_or_default();
            let is_one = Hashed::whole(name).hash == Hashed::new(name).hash;
            assert_eq!(is_one, Hashed::is_short(name), "{name}");
            assert_eq!(is_one, length <= SHORT, "{name}");
        }
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
        assert!(!table.overflow.is_empty());
        for (index, name) in hashed.iter().enumerate() {
            assert_eq!(table.find_hashed(*name), Some(index));
        }
        assert_eq!(table.find_hashed(collide("name_90")), None);
    }
}

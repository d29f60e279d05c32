//! Where a name stands in a fixed list of names.

use alloc::boxed::Box;

use crate::support::limits::MAX_NAME_BYTES;

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
    pub(super) text: Box<[u8]>,
    /// Where each name ends in `text`, in the order of the list.
    pub(super) ends: Box<[u32]>,
    /// The multiplier of each bucket; a power of two of them.
    pub(super) multipliers: Box<[u32]>,
    /// A power of two of them, about two for three names or more.
    pub(super) slots: Box<[Slot]>,
    /// The indices of names that found no slot, sorted by name: none, but for hashes that collide on purpose.
    pub(super) overflow: Box<[u32]>,
}

#[derive(Debug, Clone, Copy)]
#[repr(align(32))] // So that none lies in two cache lines.
pub(super) struct Slot {
    pub(super) parts: Parts,
    pub(super) length: u32,
    pub(super) index: u32,
}

/// No name is that long.
pub(super) const EMPTY: Slot = Slot {
    parts: Parts {
        first: 0,
        second: 0,
        last: 0,
    },
    length: u32::MAX,
    index: 0,
};

impl NameTable {
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
pub(super) fn bucket(hash: u64, buckets: usize) -> usize {
    (hash >> 40) as usize & buckets.wrapping_sub(1)
}

/// The slot of a hash in a bucket with that multiplier.
#[inline]
pub(super) fn slot(hash: u64, multiplier: u32, slots: usize) -> usize {
    (hash.wrapping_mul(multiplier.into()) >> 32) as usize & slots.wrapping_sub(1)
}

/// Up to this many bytes, a name is all in its parts.
const SHORT: usize = 24;

/// A name that is looked up: its length, its first 16 and its last eight bytes, which are all of a short one, and a hash of
/// these.
///
/// All tables share the hash, so that a name is hashed once for a question. It has no secret. An attacker who chooses the
/// names that are *looked up* gains nothing from that: a table is fixed when it is built, and a look-up hashes no more bytes
/// than a name may have and reads one slot, whoever asks. Who chooses the names that are *in* a table can only make that
/// table a search by halves.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hashed<'n> {
    pub(super) name: &'n [u8],
    pub(super) parts: Parts,
    pub(super) hash: u64,
}

impl<'n> Hashed<'n> {
    #[inline]
    pub(crate) fn new(name: &'n str) -> Self {
        let name = name.as_bytes();
        let parts = Parts::of(name);
        Self {
            name,
            parts,
            hash: parts.hash(name.len()),
        }
    }

    /// A name of those that may be long and agree at both ends, such as addresses: the hash is of all of it, up to the
    /// length that a name may have.
    pub(crate) fn whole(name: &'n str) -> Self {
        let parts = Self::new(name);
        if Self::is_short(name) {
            return parts;
        }
        Self {
            hash: long_hash(name.as_bytes(), parts.hash),
            ..parts
        }
    }

    /// Whether a name is all in its parts, so that [`whole`](Self::whole) is [`new`](Self::new).
    #[inline]
    pub(crate) fn is_short(name: &str) -> bool {
        name.len() <= SHORT
    }

    /// The hash, which is equal for some names that are not: it finds a place, and no more.
    #[inline]
    pub(crate) fn hash(self) -> u64 {
        self.hash
    }
}

/// Bytes 0 to 7, 8 to 15, and the last eight of a name; of one that is shorter, as much of it, and some of it twice, so
/// that with the length they tell short names apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Parts {
    first: u64,
    second: u64,
    last: u64,
}

impl Parts {
    /// Without a branch on the length but for the shortest: names of all lengths are asked for in turn.
    #[inline]
    pub(super) fn of(name: &[u8]) -> Self {
        let Some(end) = name.len().checked_sub(4) else {
            return Self::of_three(name);
        };
        // The four bytes there, or the last four.
        let four = |at: usize| {
            let rest = name.get(at.min(end)..).and_then(<[u8]>::first_chunk);
            u64::from(u32::from_le_bytes(rest.copied().unwrap_or_default()))
        };
        Self {
            first: four(0) | four(4) << 32,
            second: four(8) | four(12) << 32,
            last: four(end.saturating_sub(4)) | four(end) << 32,
        }
    }

    /// The parts of a name of at most three bytes.
    #[inline]
    fn of_three(name: &[u8]) -> Self {
        let bytes = name.iter().rev();
        Self {
            first: bytes.fold(0, |bytes, byte| bytes << 8 | u64::from(*byte)),
            second: 0,
            last: 0,
        }
    }

    #[inline]
    fn hash(self, length: usize) -> u64 {
        let first = self.first ^ self.second.rotate_left(29) ^ FIRST;
        fold(first, self.last ^ LAST ^ length as u64)
    }
}

/// The hash of a name that is not all in its parts, from theirs and what is between them.
fn long_hash(name: &[u8], parts: u64) -> u64 {
    let between = name
        .get(16..MAX_NAME_BYTES.min(name.len()))
        .unwrap_or_default();
    let numbers = between.chunks_exact(8).filter_map(<[u8]>::first_chunk);
    numbers.fold(parts, |hash, number| {
        fold(hash ^ u64::from_le_bytes(*number) ^ FIRST, LAST)
    })
}

/// Digits of π: no one can have chosen them for a purpose.
const FIRST: u64 = 0x243f_6a88_85a3_08d3;
const LAST: u64 = 0x1319_8a2e_0370_7344;

/// Multiplies in full and folds the halves, so that every bit of the result depends on every bit of both.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "both halves are used")]
fn fold(left: u64, right: u64) -> u64 {
    let product = u128::from(left) * u128::from(right);
    (product as u64) ^ (product >> 64) as u64
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;
    use alloc::format;
    use alloc::string::String;
    use alloc::vec::Vec;

    use super::{Hashed, NameTable, Parts, SHORT};

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
    fn a_name_that_is_all_in_its_parts_has_one_hash() {
        let name = "abcdefghijklmnopqrstuvwxyz";
        for length in 0..=name.len() {
            let name = name.get(..length).unwrap_or_default();
            let is_one = Hashed::whole(name).hash == Hashed::new(name).hash;
            assert_eq!(is_one, Hashed::is_short(name), "{name}");
            assert_eq!(is_one, length <= SHORT, "{name}");
        }
    }
}

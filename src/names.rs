//! Where a name stands in a fixed list of names: one hash, one bucket, one comparison.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;

/// The hash that all tables share, so that a name is hashed once for a question.
///
/// It has no secret. An attacker who chooses the names that are *looked up* gains nothing from that: a table is fixed
/// when it is built, and a look-up touches one bucket of it, whose size does not depend on who asks.
pub(crate) fn hash(name: &str) -> u64 {
    let mut hasher = FixedState::with_seed(0x726f_6c65_6761_7465).build_hasher();
    hasher.write(name.as_bytes());
    hasher.finish()
}

/// A fixed list of distinct names that finds the index of a name.
#[derive(Debug, Clone, Default)]
pub(crate) struct NameTable {
    /// All names in their order, end to end.
    text: Box<[u8]>,
    /// Where each name ends in `text`, in the order of the list.
    ends: Box<[u32]>,
    /// Where each bucket starts in `slots`; one more than there are buckets.
    starts: Box<[u32]>,
    slots: Box<[Slot]>,
    /// Picks the bucket: the multiplier that spreads these names best among those tried.
    multiplier: u64,
    shift: u32,
    longest: usize,
}

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    tag: u32,
    offset: u32,
    length: u32,
    index: u32,
}

/// How many multipliers are tried for a table in which names share buckets.
const ATTEMPTS: u64 = 16;

impl NameTable {
    /// The table of `names`, which are distinct and, all together, shorter than 4 GiB.
    pub(crate) fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut text = String::new();
        let mut ends = Vec::new();
        let mut slots = Vec::new();
        let mut hashes = Vec::new();
        let mut longest = 0;
        for (index, name) in names.into_iter().enumerate() {
            let hash = hash(name);
            slots.push(Slot {
                tag: tag(hash),
                offset: narrow(text.len()),
                length: narrow(name.len()),
                index: narrow(index),
            });
            hashes.push(hash);
            text.push_str(name);
            ends.push(narrow(text.len()));
            longest = longest.max(name.len());
        }
        let buckets = (slots.len() * 2).next_power_of_two().max(2);
        let shift = u64::BITS - buckets.trailing_zeros();
        let (multiplier, starts) = spread(&hashes, buckets, shift);

        let mut by_bucket: Vec<(usize, Slot)> = hashes
            .iter()
            .map(|hash| bucket(*hash, multiplier, shift))
            .zip(slots)
            .collect();
        by_bucket.sort_by_key(|(bucket, slot)| (*bucket, slot.index));
        Self {
            text: text.into_bytes().into(),
            ends: ends.into(),
            starts,
            slots: by_bucket.into_iter().map(|(_, slot)| slot).collect(),
            multiplier,
            shift,
            longest,
        }
    }

    /// How many names there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The names in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|index| self.name(index))
    }

    /// The name at an index.
    pub(crate) fn name(&self, index: usize) -> Option<&str> {
        let start = match index.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        let end = *self.ends.get(index)?;
        core::str::from_utf8(self.text.get(start as usize..end as usize)?).ok()
    }

    /// The index of `name`, compared byte for byte.
    #[inline]
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        // So that the time is bounded by the names of the table, whatever a client sends.
        if name.len() > self.longest {
            return None;
        }
        self.find_hashed(name, hash(name))
    }

    /// As [`find`](Self::find), for who has the [`hash`] of `name` at hand.
    #[inline]
    pub(crate) fn find_hashed(&self, name: &str, hash: u64) -> Option<usize> {
        let bucket = bucket(hash, self.multiplier, self.shift);
        let start = *self.starts.get(bucket)? as usize;
        let end = *self.starts.get(bucket + 1)? as usize;
        for slot in self.slots.get(start..end)? {
            let offset = slot.offset as usize;
            if slot.tag == tag(hash)
                && self.text.get(offset..offset + slot.length as usize) == Some(name.as_bytes())
            {
                return Some(slot.index as usize);
            }
        }
        None
    }
}

/// The multiplier, among a fixed series, with the smallest fullest bucket; and where each bucket starts.
fn spread(hashes: &[u64], buckets: usize, shift: u32) -> (u64, Box<[u32]>) {
    let mut best: Option<(u32, u64, Box<[u32]>)> = None;
    for attempt in 0..ATTEMPTS {
        let multiplier = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(2 * attempt + 1);
        let mut counts = alloc::vec![0_u32; buckets];
        for hash in hashes {
            if let Some(count) = counts.get_mut(bucket(*hash, multiplier, shift)) {
                *count += 1;
            }
        }
        let fullest = counts.iter().copied().max().unwrap_or(0);
        if best.as_ref().is_none_or(|(least, ..)| fullest < *least) {
            let mut sum = 0;
            let starts = core::iter::once(0)
                .chain(counts.into_iter().map(|count| {
                    sum += count;
                    sum
                }))
                .collect();
            best = Some((fullest, multiplier, starts));
        }
        if fullest <= 1 {
            break;
        }
    }
    best.map_or_else(Default::default, |(_, multiplier, starts)| {
        (multiplier, starts)
    })
}

#[inline]
#[expect(
    clippy::cast_possible_truncation,
    reason = "the shift leaves as many bits as there are buckets"
)]
fn bucket(hash: u64, multiplier: u64, shift: u32) -> usize {
    (hash.wrapping_mul(multiplier) >> shift) as usize
}

/// Tells apart most names that share a bucket, without reading them.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "any bits will do")]
fn tag(hash: u64) -> u32 {
    hash as u32
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::String;
    use alloc::vec::Vec;

    use super::NameTable;

    #[test]
    fn every_name_is_found_where_it_stands_and_no_other() {
        for count in [0, 1, 2, 3, 40, 1_000, 65_535] {
            let names: Vec<String> = (0..count).map(|number| format!("name_{number}")).collect();
            let table = NameTable::new(names.iter().map(String::as_str));
            assert_eq!(table.len(), count);
            for (index, name) in names.iter().enumerate() {
                assert_eq!(table.find(name), Some(index));
                assert_eq!(table.name(index), Some(name.as_str()));
                assert_eq!(table.find(&format!("{name} ")), None);
                assert_eq!(table.find(&name.to_uppercase()), None);
            }
            assert_eq!(table.find(""), None);
            assert_eq!(table.name(count), None);
            assert!(table.iter().eq(names.iter().map(String::as_str)));
        }
    }
}

//! A name that is looked up, with its hash.

use crate::support::limits::MAX_NAME_BYTES;

/// Up to this many bytes, a name is all in its parts.
pub(super) const SHORT: usize = 24;

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
    pub(super) first: u64,
    pub(super) second: u64,
    pub(super) last: u64,
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
pub(super) fn long_hash(name: &[u8], parts: u64) -> u64 {
    let between = name
        .get(16..MAX_NAME_BYTES.min(name.len()))
        .unwrap_or_default();
    let numbers = between.chunks_exact(8).filter_map(<[u8]>::first_chunk);
    numbers.fold(parts, |hash, number| {
        fold(hash ^ u64::from_le_bytes(*number) ^ FIRST, LAST)
    })
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

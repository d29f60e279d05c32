//! Where the bits about one of many things are in a table that says several things about each.

/// The first bit about a thing, in a table of 32-bit words.
///
/// The bits about 32 things stand together: one word for each fact about them, in the order of the facts. Then come the
/// words about the next 32 things. So the bit of another fact about the same thing is a fixed number of bits further on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place(u32);

impl Place {
    /// The place of the first thing, however many facts there are about each.
    pub(crate) const FIRST: Self = Self(0);

    /// The place of the thing with that index, where there are `facts` about each. An index past 2²⁶ stands for that one.
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the product of the two limits fits"
    )]
    pub(crate) const fn of(index: usize, facts: usize) -> Self {
        let index = if index > MOST { MOST } else { index };
        Self((index / WORD_BITS * WORD_BITS * facts + index % WORD_BITS) as u32)
    }

    /// The index of the thing.
    pub(crate) const fn index(self, facts: usize) -> usize {
        let bit = self.0 as usize;
        bit / WORD_BITS / facts * WORD_BITS + bit % WORD_BITS
    }

    /// The bit of the fact with that number.
    #[inline]
    pub(crate) const fn bit(self, fact: usize) -> usize {
        self.0 as usize + WORD_BITS * fact
    }
}

/// How many bits a word has.
pub(crate) const WORD_BITS: usize = u32::BITS as usize;

/// Far more things than there are, so that the place of none is too large for its number.
const MOST: usize = 1 << 26;

//! How the names of a table are laid out, so that each has a slot of its own.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use crate::support::name_table::{EMPTY, Hashed, NameTable, Slot, bucket, slot};

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

    use crate::support::name_table::{Hashed, NameTable};

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

//! Who holds which role.
//!
//! Principals are spread over small shards by the hash of their id. Copies share the shards, so that to change one holder
//! costs one shard, and a compiled policy looks up its principals in the very shards of its workspace.

use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::model::principal::{Principal, PrincipalKind};
use crate::support::name_table::{Hashed, NameTable};
use crate::workspace::roles::RoleSlot;

/// How many principals a shard has when shards are full on average.
const SHARD_SIZE: usize = 32;

/// How many principals hold a role, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct HolderCounts {
    /// Members.
    pub members: usize,
    /// API keys.
    pub api_keys: usize,
    /// AI agents.
    pub agents: usize,
}

impl HolderCounts {
    /// How many of that kind.
    #[must_use]
    pub fn of(self, kind: PrincipalKind) -> usize {
        match kind {
            PrincipalKind::Member => self.members,
            PrincipalKind::ApiKey => self.api_keys,
            PrincipalKind::Agent => self.agents,
        }
    }

    /// How many of all kinds; at most [`usize::MAX`].
    #[must_use]
    pub fn total(self) -> usize {
        let automations = self.api_keys.saturating_add(self.agents);
        self.members.saturating_add(automations)
    }

    fn of_mut(&mut self, kind: PrincipalKind) -> &mut usize {
        match kind {
            PrincipalKind::Member => &mut self.members,
            PrincipalKind::ApiKey => &mut self.api_keys,
            PrincipalKind::Agent => &mut self.agents,
        }
    }
}

/// The role of each principal, or none.
#[derive(Debug, Clone, Default)]
pub(crate) struct Holders {
    members: Shards,
    api_keys: Shards,
    agents: Shards,
    /// By slot of the role; shorter when the last roles have no holders.
    counts: Arc<Vec<HolderCounts>>,
}

impl Holders {
    /// The holders among `principals`, each of which is there once.
    pub(crate) fn new(principals: &[(Principal, Option<RoleSlot>)]) -> Self {
        let of = |kind| {
            principals
                .iter()
                .filter(move |(principal, _)| principal.kind() == kind)
                .map(|(principal, role)| (principal.id(), *role))
                .collect()
        };
        let mut new = Self {
            members: Shards::new(of(PrincipalKind::Member)),
            api_keys: Shards::new(of(PrincipalKind::ApiKey)),
            agents: Shards::new(of(PrincipalKind::Agent)),
            counts: Arc::default(),
        };
        for (principal, role) in principals {
            new.count(principal.kind(), *role, 1);
        }
        new
    }

    /// The role of a principal: `None` if it is unknown, `Some(None)` if it is known and has none.
    #[inline]
    #[expect(
        clippy::option_option,
        reason = "unknown, and known without a role, are different answers"
    )]
    pub(crate) fn find(&self, principal: &Principal) -> Option<Option<RoleSlot>> {
        self.of(principal.kind()).find(principal.id())
    }

    /// Gives a principal a role or none, adding the principal if it is new.
    pub(crate) fn set(&mut self, principal: &Principal, role: Option<RoleSlot>) {
        let kind = principal.kind();
        let old = self.of_mut(kind).put(principal.id(), Some(role));
        self.count(kind, old.flatten(), -1);
        self.count(kind, role, 1);
    }

    /// Removes a principal.
    pub(crate) fn remove(&mut self, principal: &Principal) {
        let kind = principal.kind();
        let old = self.of_mut(kind).put(principal.id(), None);
        self.count(kind, old.flatten(), -1);
    }

    /// How many principals hold a role.
    pub(crate) fn counts(&self, role: RoleSlot) -> HolderCounts {
        self.counts.get(role.index()).copied().unwrap_or_default()
    }

    /// How many principals of a kind there are.
    pub(crate) fn len(&self, kind: PrincipalKind) -> usize {
        self.of(kind).len
    }

    /// The ids of a kind, sorted, with their roles.
    pub(crate) fn sorted(&self, kind: PrincipalKind) -> Vec<(&str, Option<RoleSlot>)> {
        let mut sorted: Vec<_> = self.of(kind).iter().collect();
        sorted.sort_unstable_by_key(|(id, _)| *id);
        sorted
    }

    #[inline]
    fn of(&self, kind: PrincipalKind) -> &Shards {
        match kind {
            PrincipalKind::Member => &self.members,
            PrincipalKind::ApiKey => &self.api_keys,
            PrincipalKind::Agent => &self.agents,
        }
    }

    fn of_mut(&mut self, kind: PrincipalKind) -> &mut Shards {
        match kind {
            PrincipalKind::Member => &mut self.members,
            PrincipalKind::ApiKey => &mut self.api_keys,
            PrincipalKind::Agent => &mut self.agents,
        }
    }

    fn count(&mut self, kind: PrincipalKind, role: Option<RoleSlot>, by: isize) {
        let Some(role) = role else { return };
        let counts = Arc::make_mut(&mut self.counts);
        if counts.len() <= role.index() {
            counts.resize(role.index() + 1, HolderCounts::default());
        }
        if let Some(counts) = counts.get_mut(role.index()) {
            let count = counts.of_mut(kind);
            *count = count.saturating_add_signed(by);
        }
    }
}

/// The principals of one kind.
#[derive(Debug, Clone, Default)]
struct Shards {
    /// None, or a power of two of them.
    shards: Arc<[Arc<Shard>]>,
    len: usize,
}

/// Some principals of one kind.
#[derive(Debug, Clone, Default)]
struct Shard {
    ids: NameTable,
    roles: Vec<Option<RoleSlot>>,
}

impl Shards {
    fn new(holders: Vec<(&str, Option<RoleSlot>)>) -> Self {
        let len = holders.len();
        let count = (len / SHARD_SIZE).next_power_of_two();
        let mut parts: Vec<Vec<(&str, Option<RoleSlot>)>> = alloc::vec![Vec::new(); count];
        for (id, role) in holders {
            if let Some(part) = parts.get_mut(shard_index(Hashed::whole(id), count)) {
                part.push((id, role));
            }
        }
        let shards = parts.into_iter().map(|part| Arc::new(Shard::new(part)));
        Self {
            shards: shards.collect(),
            len,
        }
    }

    #[inline]
    #[expect(
        clippy::option_option,
        reason = "unknown, and known without a role, are different answers"
    )]
    fn find(&self, id: &str) -> Option<Option<RoleSlot>> {
        if Hashed::is_short(id) {
            self.find_hashed(Hashed::new(id))
        } else {
            self.find_long(id)
        }
    }

    /// As [`find`](Self::find), out of the way of short ids, which are the most.
    #[cold]
    #[inline(never)]
    #[expect(
        clippy::option_option,
        reason = "unknown, and known without a role, are different answers"
    )]
    fn find_long(&self, id: &str) -> Option<Option<RoleSlot>> {
        self.find_hashed(Hashed::whole(id))
    }

    #[inline]
    #[expect(
        clippy::option_option,
        reason = "unknown, and known without a role, are different answers"
    )]
    fn find_hashed(&self, hashed: Hashed<'_>) -> Option<Option<RoleSlot>> {
        let shard = self.shards.get(shard_index(hashed, self.shards.len()))?;
        let index = shard.ids.find_hashed(hashed)?;
        shard.roles.get(index).copied()
    }

    /// Puts a principal with its role, or removes it, and returns what was there.
    #[expect(
        clippy::option_option,
        reason = "unknown, and known without a role, are different answers"
    )]
    fn put(&mut self, id: &str, role: Option<Option<RoleSlot>>) -> Option<Option<RoleSlot>> {
        let old = self.find(id);
        let is_crowded = self.len >= 2 * SHARD_SIZE * self.shards.len();
        if old.is_none() && role.is_some() && is_crowded {
            // Twice as many shards, once for every doubling of the principals.
            *self = Self::new(self.iter().chain(role.map(|role| (id, role))).collect());
            return None;
        }
        let index = shard_index(Hashed::whole(id), self.shards.len());
        if let Some(shard) = Arc::make_mut(&mut self.shards).get_mut(index) {
            let others = shard.iter().filter(|(other, _)| *other != id);
            *shard = Arc::new(Shard::new(
                others.chain(role.map(|role| (id, role))).collect(),
            ));
        }
        self.len = self.len + usize::from(role.is_some()) - usize::from(old.is_some());
        old
    }

    fn iter(&self) -> impl Iterator<Item = (&str, Option<RoleSlot>)> {
        self.shards.iter().flat_map(|shard| shard.iter())
    }
}

impl Shard {
    /// The shard of `holders`, in sorted order, so that it does not depend on how it came about.
    fn new(mut holders: Vec<(&str, Option<RoleSlot>)>) -> Self {
        holders.sort_unstable_by_key(|(id, _)| *id);
        let ids: Vec<Hashed<'_>> = holders.iter().map(|(id, _)| Hashed::whole(id)).collect();
        Self {
            ids: NameTable::of(&ids),
            roles: holders.iter().map(|(_, role)| *role).collect(),
        }
    }

    fn iter(&self) -> impl Iterator<Item = (&str, Option<RoleSlot>)> {
        self.ids.iter().zip(self.roles.iter().copied())
    }
}

/// The shard of an id, from the highest bits of its hash, which its table uses least.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the high bits are meant")]
fn shard_index(hashed: Hashed<'_>, count: usize) -> usize {
    hashed.hash().rotate_left(20) as usize & count.wrapping_sub(1)
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::vec::Vec;

    use super::{HolderCounts, Holders, SHARD_SIZE, Shards};
    use crate::model::principal::{Principal, PrincipalKind};
    use crate::model::role::Role;
    use crate::workspace::Roles;

    #[test]
    fn every_principal_is_found_under_its_kind_only() {
        for count in [0, 1, 31, 32, 33, 5_000] {
            let holders: Vec<_> = (0..count)
                .map(|number| (Principal::member(format!("m{number}")), None))
                .collect();
            let found = Holders::new(&holders);
            assert_eq!(found.sorted(PrincipalKind::Member).len(), count);
            for (member, _) in &holders {
                assert_eq!(found.find(member), Some(None));
                assert_eq!(found.find(&Principal::agent(member.id())), None);
            }
            assert_eq!(found.find(&Principal::member("nobody")), None);
            assert_eq!(found.find(&Principal::member("m".repeat(1_000))), None);
        }
    }

    #[test]
    fn ids_that_agree_at_both_ends_are_spread() {
        let ids: Vec<_> = (0..3_000)
            .map(|number| format!("https://id.example.com/users/{number}/of/this/place"))
            .collect();
        let holders = Shards::new(ids.iter().map(|id| (&**id, None)).collect());
        let largest = holders.shards.iter().map(|shard| shard.roles.len()).max();
        assert!(largest < Some(5 * SHARD_SIZE), "{largest:?}");
        assert!(ids.iter().all(|id| holders.find(id) == Some(None)));
    }

    #[test]
    fn the_holders_of_all_kinds_are_counted_together() {
        let counts = HolderCounts {
            members: 1,
            api_keys: 2,
            agents: 4,
        };
        assert_eq!(counts.total(), 7);
        assert_eq!(PrincipalKind::ALL.map(|kind| counts.of(kind)), [1, 2, 4]);
    }

    #[test]
    fn each_is_put_and_removed_however_many_there_are() {
        let mut holders = Shards::default();
        let slots = Roles::new([Role::admin("A"), Role::new("B")]);
        let slot = slots.and_then(|roles| roles.slot(&"B".into()));
        assert!(slot.is_some());
        for number in 0..20 * SHARD_SIZE {
            let id = &*format!("m{number}");
            assert_eq!(holders.put(id, Some(None)), None);
            assert_eq!(holders.put(id, Some(slot)), Some(None));
            assert_eq!(holders.put(id, None), Some(slot));
            assert_eq!(holders.find(id), None);
            assert_eq!(holders.put(id, Some(slot)), None);
            assert_eq!(holders.put(id, Some(slot)), Some(slot));
            assert_eq!(holders.find(id), Some(slot));
            assert_eq!(holders.len, number + 1);
            assert_eq!(holders.iter().count(), number + 1);
            // Twice as many for every doubling, and each with its share.
            let expected = (number / (2 * SHARD_SIZE) + 1).next_power_of_two();
            assert_eq!(holders.shards.len(), expected);
            let largest = holders.shards.iter().map(|shard| shard.roles.len()).max();
            assert!(largest < Some(5 * SHARD_SIZE), "{largest:?}");
        }
    }

    #[test]
    fn one_by_one_comes_to_the_same_as_all_at_once() {
        let slots: Vec<_> = Roles::new([Role::admin("A"), Role::new("B")])
            .into_iter()
            .flat_map(|roles| roles.iter().map(|(slot, _)| slot).collect::<Vec<_>>())
            .collect();
        let holders: Vec<_> = (0..3_000)
            .map(|number| {
                let role = slots.get(number % 3).copied();
                (Principal::agent(format!("a{number}")), role)
            })
            .collect();
        let mut built = Holders::default();
        for (agent, role) in &holders {
            built.set(agent, None);
            built.set(agent, *role);
            built.set(&Principal::agent("gone"), *role);
        }
        built.remove(&Principal::agent("gone"));
        built.remove(&Principal::agent("never there"));
        let at_once = Holders::new(&holders);
        assert_eq!(
            built.sorted(PrincipalKind::Agent),
            at_once.sorted(PrincipalKind::Agent)
        );
        for slot in slots {
            assert_eq!(built.counts(slot), at_once.counts(slot));
            assert_eq!(built.counts(slot).agents, 1_000);
            assert_eq!(built.counts(slot).total(), 1_000);
        }
    }
}

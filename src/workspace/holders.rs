//! Who holds which role.
//!
//! Principals are spread over small shards by the hash of their id. Copies share the shards, so that to change one holder
//! costs one shard, and a compiled policy looks up its principals in the very shards of its workspace.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::limits::MAX_NAME_BYTES;
use crate::names::{self, NameTable};
use crate::principal::{Principal, PrincipalKind};
use crate::workspace::roles::RoleSlot;

/// How many principals a shard has when shards are full on average.
const SHARD_SIZE: usize = 32;

/// The role of each principal, or none.
#[derive(Debug, Clone, Default)]
pub(crate) struct Holders {
    members: Shards,
    api_keys: Shards,
    agents: Shards,
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
        Self {
            members: Shards::new(of(PrincipalKind::Member)),
            api_keys: Shards::new(of(PrincipalKind::ApiKey)),
            agents: Shards::new(of(PrincipalKind::Agent)),
        }
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
}

/// The principals of one kind.
#[derive(Debug, Clone, Default)]
struct Shards {
    /// None, or a power of two of them.
    shards: Arc<[Arc<Shard>]>,
}

/// Some principals of one kind.
#[derive(Debug, Clone, Default)]
struct Shard {
    ids: NameTable,
    roles: Vec<Option<RoleSlot>>,
}

impl Shards {
    fn new(holders: Vec<(&str, Option<RoleSlot>)>) -> Self {
        let count = (holders.len() / SHARD_SIZE).next_power_of_two();
        let mut parts: Vec<Vec<(&str, Option<RoleSlot>)>> = alloc::vec![Vec::new(); count];
        for (id, role) in holders {
            if let Some(part) = parts.get_mut(shard_index(names::hash(id), count)) {
                part.push((id, role));
            }
        }
        let shards = parts.into_iter().map(|part| Arc::new(Shard::new(part)));
        Self {
            shards: shards.collect(),
        }
    }

    #[inline]
    #[expect(
        clippy::option_option,
        reason = "unknown, and known without a role, are different answers"
    )]
    fn find(&self, id: &str) -> Option<Option<RoleSlot>> {
        if id.len() > MAX_NAME_BYTES {
            return None;
        }
        let hash = names::hash(id);
        let shard = self.shards.get(shard_index(hash, self.shards.len()))?;
        let index = shard.ids.find_hashed(id, hash)?;
        shard.roles.get(index).copied()
    }

    fn iter(&self) -> impl Iterator<Item = (&str, Option<RoleSlot>)> {
        self.shards
            .iter()
            .flat_map(|shard| shard.ids.iter().zip(shard.roles.iter().copied()))
    }
}

impl Shard {
    /// The shard of `holders`, in sorted order, so that it does not depend on how it came about.
    fn new(mut holders: Vec<(&str, Option<RoleSlot>)>) -> Self {
        holders.sort_unstable_by_key(|(id, _)| *id);
        Self {
            ids: NameTable::new(holders.iter().map(|(id, _)| *id)),
            roles: holders.iter().map(|(_, role)| *role).collect(),
        }
    }
}

/// The shard of an id, from the low bits of its hash; the buckets within a shard use the high ones.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the low bits are meant")]
fn shard_index(hash: u64, count: usize) -> usize {
    hash as usize & count.wrapping_sub(1)
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::vec::Vec;

    use super::Holders;
    use crate::principal::{Principal, PrincipalKind};

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
}

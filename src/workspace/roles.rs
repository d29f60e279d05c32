//! Which roles a workspace has, in order, by name and by slot.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::model::id::RoleName;
use crate::model::role::Role;
use crate::support::ordered_map::OrderedMap;

/// Where a role stands for as long as it exists, through every rename and every deletion of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RoleSlot(u32);

impl RoleSlot {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// The roles of a workspace.
#[derive(Debug, Clone)]
pub(crate) struct Roles {
    slots: Vec<Option<Arc<Role>>>,
    /// In the order of the roles, which slots do not have: a new role takes the first slot that is free. Shared by copies
    /// until a role is added, renamed or removed.
    names: Arc<OrderedMap<RoleName, RoleSlot>>,
    admin: RoleSlot,
}

impl Roles {
    /// The roles in that order, which have distinct names and one Admin among them; `None` without an Admin.
    pub(crate) fn new(roles: impl IntoIterator<Item = Role>) -> Option<Self> {
        let mut new = Self {
            slots: Vec::new(),
            names: Arc::default(),
            admin: RoleSlot(0),
        };
        let mut admin = None;
        for role in roles {
            let is_admin = role.is_admin();
            let slot = new.put(new.slots.len(), role)?;
            if is_admin {
                admin = Some(slot);
            }
        }
        new.admin = admin?;
        Some(new)
    }

    /// Adds a role after the others, in the first free slot.
    pub(crate) fn add(&mut self, role: Role) -> Option<RoleSlot> {
        let free = self.slots.iter().position(Option::is_none);
        self.put(free.unwrap_or(self.slots.len()), role)
    }

    /// Puts a role after the others, in a slot that is free or the next one.
    fn put(&mut self, index: usize, role: Role) -> Option<RoleSlot> {
        let slot = RoleSlot(u32::try_from(index).ok()?);
        Arc::make_mut(&mut self.names).insert(role.name().clone(), slot);
        let role = Some(Arc::new(role));
        match self.slots.get_mut(index) {
            Some(place) => *place = role,
            None => self.slots.push(role),
        }
        Some(slot)
    }

    /// Puts another role in a slot, under the same name or a new one.
    pub(crate) fn replace(&mut self, slot: RoleSlot, role: Role) {
        if let Some(Some(old)) = self.slots.get_mut(slot.index()) {
            if old.name() != role.name() {
                Arc::make_mut(&mut self.names).rename(old.name(), role.name().clone());
            }
            *old = Arc::new(role);
        }
    }

    /// Removes a role; its slot becomes free.
    pub(crate) fn remove(&mut self, slot: RoleSlot) {
        if let Some(old) = self.slots.get_mut(slot.index()).and_then(Option::take) {
            Arc::make_mut(&mut self.names).remove(old.name());
        }
    }

    /// The names, sorted: of names that are equally near to an unknown one, an error proposes the first, and the proposal
    /// must not change when roles change their order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let mut names: Vec<&str> = self.names.keys().map(RoleName::as_str).collect();
        names.sort_unstable();
        names.into_iter()
    }

    pub(crate) fn get(&self, slot: RoleSlot) -> Option<&Role> {
        self.slots.get(slot.index())?.as_deref()
    }

    pub(crate) fn slot(&self, name: &RoleName) -> Option<RoleSlot> {
        self.names.get(name).copied()
    }

    pub(crate) fn admin(&self) -> RoleSlot {
        self.admin
    }

    /// The roles in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (RoleSlot, &Arc<Role>)> {
        self.names
            .values()
            .filter_map(|slot| Some((*slot, self.slots.get(slot.index())?.as_ref()?)))
    }

    /// The roles by slot, with the gaps that deleted roles left.
    pub(crate) fn by_slot(&self) -> &[Option<Arc<Role>>] {
        &self.slots
    }
}

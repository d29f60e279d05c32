//! Who may change what: changes in the name of an acting principal (L27).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use crate::id::PermissionKey;
use crate::policy::{Answers, Standing, cells, standing};
use crate::principal::{Principal, PrincipalKind};
use crate::role::{Cell, Role};
use crate::schema::PermissionClass;
use crate::workspace::{
    BatchError, Change, ChangeError, Event, GrantPolicy, GroupTarget, MAX_CELLS, RoleSlot,
    Workspace,
};

/// A workspace in the hands of an acting principal: it takes the changes that this principal may make (L27).
///
/// - Each kind of change is guarded by a settings permission, see [`guard`](Acting::guard). Who holds Admin has them all.
/// - Nobody changes their own role assignment, deletes the role they act under, or takes `roles` away from it.
/// - Only who holds Admin makes another one Admin, maps a group to Admin, or changes the grant policy.
/// - Only who holds Admin changes the schema so that a role comes to a permission that guards changes.
/// - With [`GrantPolicy::WithinOwnAccess`], nobody else hands out an answer that is not theirs, nor removes from the schema
///   what is not wholly theirs.
///
/// All of it is checked for each change and, where a batch could go round it, on the result.
///
/// ```
/// use rolegate::{Change, Principal};
///
/// let mut workspace = rolegate::sample::workspace()?;
/// let tim = Principal::member("tim");
/// let refused = workspace.acting(&tim).apply(Change::delete_role("Intern")).unwrap_err();
/// assert_eq!(
///     refused.to_string(),
///     "`member:tim` may not do this; it needs the workspace permission `roles`",
/// );
/// let ada = Principal::member("ada");
/// workspace.acting(&ada).apply(Change::delete_role("Intern"))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Acting<'w> {
    workspace: &'w mut Workspace,
    principals: Vec<Principal>,
}

impl Workspace {
    /// The workspace in the hands of a principal, which makes the changes and must be allowed to (L27).
    pub fn acting(&mut self, principal: &Principal) -> Acting<'_> {
        Acting {
            workspace: self,
            principals: alloc::vec![principal.clone()],
        }
    }
}

impl Acting<'_> {
    /// The same, acting for another principal: what both may change (L23).
    pub fn on_behalf_of(mut self, principal: &Principal) -> Self {
        self.principals.push(principal.clone());
        self
    }

    /// Applies a change as [`Workspace::apply`] does, if every acting principal may make it.
    ///
    /// # Errors
    ///
    /// As [`Workspace::apply`], and when an acting principal may not make the change. The workspace is as it was.
    pub fn apply(&mut self, change: Change) -> Result<Vec<Event>, ChangeError> {
        self.apply_all([change]).map_err(|refused| refused.error)
    }

    /// Applies changes as [`Workspace::apply_all`] does, if every acting principal may make them all.
    ///
    /// What a principal may change, and holds, is what it was before the batch.
    ///
    /// # Errors
    ///
    /// As [`Workspace::apply_all`], and when an acting principal may not make one of the changes, or what they come to. The
    /// workspace is as it was.
    pub fn apply_all(
        &mut self,
        changes: impl IntoIterator<Item = Change>,
    ) -> Result<Vec<Event>, BatchError> {
        let before = &*self.workspace;
        let actors: Vec<Actor<'_>> = self
            .principals
            .iter()
            .map(|principal| Actor::new(before, principal))
            .collect();
        let (after, events) = before.changed(changes, |copy, change| {
            actors
                .iter()
                .try_for_each(|actor| actor.check_change(copy, change))
        })?;
        actors
            .iter()
            .try_for_each(|actor| actor.check_result(&after, &events))
            .map_err(|error| BatchError {
                position: None,
                error,
            })?;
        *self.workspace = after;
        Ok(events)
    }

    /// The settings permission that guards a kind of change (L27).
    ///
    /// `roles` guards roles, rules, assignments and the default role; `api_keys` adding and removing API keys;
    /// `workspace_members` adding and removing members; `data_model` the schema; `security` the mappings of groups and the
    /// options. Adding and removing agents, for which the laws name none, is guarded by `workspace`.
    ///
    /// ```
    /// use rolegate::{Acting, Change, Principal};
    ///
    /// assert_eq!(Acting::guard(&Change::delete_role("Intern")), "roles");
    /// assert_eq!(Acting::guard(&Change::add(Principal::api_key("website"))), "api_keys");
    /// ```
    pub fn guard(change: &Change) -> &'static str {
        match change {
            Change::CreateRole { .. }
            | Change::RenameRole { .. }
            | Change::DescribeRole { .. }
            | Change::SetEffect { .. }
            | Change::SaveRole { .. }
            | Change::DuplicateRole { .. }
            | Change::DeleteRole { .. }
            | Change::SetHolderKinds { .. }
            | Change::AssignRole { .. }
            | Change::ClearRole { .. }
            | Change::SetDefaultRole { .. } => "roles",
            Change::AddPrincipal { principal } | Change::RemovePrincipal { principal } => {
                match principal.kind() {
                    PrincipalKind::Member => "workspace_members",
                    PrincipalKind::ApiKey => "api_keys",
                    PrincipalKind::Agent => "workspace",
                }
            }
            Change::Join { .. } => "workspace_members",
            Change::SetGroupMappings { .. }
            | Change::SetKeysWithoutRole { .. }
            | Change::SetGrantPolicy { .. } => "security",
            Change::AddObject { .. }
            | Change::LabelObject { .. }
            | Change::RemoveObject { .. }
            | Change::AddField { .. }
            | Change::UpdateField { .. }
            | Change::RemoveField { .. }
            | Change::AddPermission { .. }
            | Change::UpdatePermission { .. }
            | Change::RemovePermission { .. } => "data_model",
        }
    }
}

/// Every permission that guards a kind of change.
const GUARDS: [&str; 6] = [
    "roles",
    "api_keys",
    "workspace_members",
    "workspace",
    "data_model",
    "security",
];

/// One acting principal, as it was before the changes.
struct Actor<'w> {
    before: &'w Workspace,
    principal: &'w Principal,
    standing: Standing,
    /// Its role; none if it is unknown or has none.
    role: Option<&'w Role>,
}

impl<'w> Actor<'w> {
    fn new(before: &'w Workspace, principal: &'w Principal) -> Self {
        let standing = standing(before, principal);
        Self {
            before,
            principal,
            standing,
            role: standing.slot().and_then(|slot| before.roles.get(slot)),
        }
    }

    fn is_admin(&self) -> bool {
        self.role.is_some_and(Role::is_admin)
    }

    /// Whether its role, as it stands in a workspace, gives the settings permission of that name there.
    fn has(&self, workspace: &Workspace, permission: &str) -> bool {
        let known = workspace.schema.permission(permission);
        let role = self
            .standing
            .slot()
            .and_then(|slot| workspace.roles.get(slot));
        known.is_some_and(|known| known.class() == PermissionClass::Settings)
            && Answers::of(role, &workspace.schema).allow(&Cell::permission(permission))
    }

    /// What can be said of a change by itself; `copy` is what the changes before it came to.
    fn check_change(&self, copy: &Workspace, change: &Change) -> Result<(), ChangeError> {
        let guard = Acting::guard(change);
        if !self.is_admin() && !self.has(self.before, guard) {
            return Err(ChangeError::NotPermitted {
                principal: self.principal.clone(),
                permission: PermissionKey::from(guard),
            });
        }
        match change {
            Change::AssignRole { principal, .. }
            | Change::ClearRole { principal }
            | Change::RemovePrincipal { principal }
                if principal == self.principal =>
            {
                Err(ChangeError::OwnAssignment(self.principal.clone()))
            }
            Change::DeleteRole { role }
                if copy.roles.slot(role).is_some()
                    && copy.roles.slot(role) == self.standing.slot() =>
            {
                Err(ChangeError::OwnRole {
                    principal: self.principal.clone(),
                    role: role.clone(),
                })
            }
            // Else it could be switched off to get round it.
            Change::SetGrantPolicy { .. } if !self.is_admin() => Err(self.admin_only()),
            _ => Ok(()),
        }
    }

    /// What can only be said of the result: it covers each indirect way round the guards.
    fn check_result(&self, after: &Workspace, events: &[Event]) -> Result<(), ChangeError> {
        if standing(after, self.principal) != self.standing {
            return Err(ChangeError::OwnAssignment(self.principal.clone()));
        }
        // Who holds Admin needs no permission, and so loses nothing by one.
        if self.is_admin() {
            return Ok(());
        }
        if self.has(self.before, "roles") && !self.has(after, "roles") {
            return Err(ChangeError::OwnRolesPermission {
                principal: self.principal.clone(),
            });
        }
        let makes_admin = touched(events).into_iter().any(|principal| {
            let holds =
                |workspace: &Workspace| workspace.role_of(principal).is_some_and(Role::is_admin);
            holds(after) && !holds(self.before)
        });
        let admin = self.before.roles.admin();
        if makes_admin || newly_given(self.before, after).contains(&admin) {
            return Err(self.admin_only());
        }
        if let Some(permission) = guard_given_by_schema(self.before, after) {
            return Err(ChangeError::GivesGuard {
                principal: self.principal.clone(),
                permission,
            });
        }
        if self.before.grant_policy == GrantPolicy::WithinOwnAccess {
            self.check_within_own_access(after, events)?;
            self.check_removed(after)?;
        }
        Ok(())
    }

    fn admin_only(&self) -> ChangeError {
        ChangeError::AdminOnly {
            principal: self.principal.clone(),
        }
    }

    /// Whether everything that somebody gains is held by the acting principal, cell by cell.
    fn check_within_own_access(
        &self,
        after: &Workspace,
        events: &[Event],
    ) -> Result<(), ChangeError> {
        let mut exceeding = BTreeSet::new();
        let own = Across::of(self.role, self.before, after);
        for (from, to) in self.gains(after, events) {
            let from = Across::of(from, self.before, after);
            let to = Answers::of(to, &after.schema);
            let gained = cells(&after.schema)
                .filter(|cell| to.allow(cell) && !from.allow(cell) && !own.allow(cell));
            exceeding.extend(gained);
        }
        let Some((cells, more)) = first(exceeding) else {
            return Ok(());
        };
        Err(ChangeError::ExceedsOwnAccess {
            principal: self.principal.clone(),
            cells,
            more,
        })
    }

    /// Whether what is gone from the schema is wholly held by the acting principal. Else it could remove what a rule hides
    /// from it, and add it anew without the rule.
    fn check_removed(&self, after: &Workspace) -> Result<(), ChangeError> {
        let own = Answers::of(self.role, &self.before.schema);
        let nothing = Answers::of(None, &after.schema);
        let lacking = cells(&self.before.schema)
            .filter(|cell| nothing.find(cell).is_none() && !own.allow(cell));
        let Some((cells, more)) = first(lacking.collect()) else {
            return Ok(());
        };
        Err(ChangeError::RemovesBeyondOwnAccess {
            principal: self.principal.clone(),
            cells,
            more,
        })
    }

    /// Each role that somebody has or may get now, with the one that it takes the place of.
    fn gains<'a>(
        &'a self,
        after: &'a Workspace,
        events: &'a [Event],
    ) -> Vec<(Option<&'a Role>, Option<&'a Role>)> {
        let mut gains: BTreeMap<(Option<RoleSlot>, Option<RoleSlot>), _> = BTreeMap::new();
        let mut add = |from: Option<RoleSlot>, to: Option<RoleSlot>| {
            let role = |workspace: &'a Workspace, slot: Option<RoleSlot>| {
                slot.and_then(|slot| workspace.roles.get(slot))
            };
            gains.insert((from, to), (role(self.before, from), role(after, to)));
        };
        // Roles: a new one is handed out as a whole, since anybody may come to hold it.
        let kept: BTreeSet<RoleSlot> = kept_roles(self.before, after, events).collect();
        for (slot, _) in after.roles.iter() {
            add(kept.contains(&slot).then_some(slot), Some(slot));
        }
        // Whom another role was given, or who lives by the default role.
        let mut holders: BTreeSet<&Principal> = touched(events);
        let keys = after.principals(PrincipalKind::ApiKey);
        let keys: Vec<Principal> = keys.into_iter().map(|(key, _)| key).collect();
        holders.extend(&keys);
        for principal in holders {
            let from = standing(self.before, principal).slot();
            let to = standing(after, principal).slot();
            if from != to {
                add(from, to);
            }
        }
        // Whom newcomers will be.
        for slot in newly_given(self.before, after) {
            add(None, Some(slot));
        }
        gains.into_values().collect()
    }
}

/// The first [`MAX_CELLS`] of some cells, and how many more there are; `None` if there are none.
fn first(cells: BTreeSet<Cell>) -> Option<(Vec<Cell>, usize)> {
    let more = cells.len().saturating_sub(MAX_CELLS);
    let first: Vec<Cell> = cells.into_iter().take(MAX_CELLS).collect();
    (!first.is_empty()).then_some((first, more))
}

/// A permission that guards changes and that some role comes to by a change of the schema alone: since it is there now, of
/// another class, or requires less.
fn guard_given_by_schema(before: &Workspace, after: &Workspace) -> Option<PermissionKey> {
    if before.schema.permissions() == after.schema.permissions() {
        return None;
    }
    let roles = before.roles.iter().filter(|(_, role)| !role.is_admin());
    let mut given = roles.flat_map(|(_, role)| {
        let had = Answers::of(Some(role), &before.schema);
        let has = Answers::of(Some(role), &after.schema);
        GUARDS.into_iter().filter(move |guard| {
            let cell = Cell::permission(*guard);
            has.allow(&cell) && !had.allow(&cell)
        })
    });
    given.next().map(PermissionKey::from)
}

/// The roles that have been there all the time. A slot that was freed and filled anew is another role.
fn kept_roles<'a>(
    before: &'a Workspace,
    after: &'a Workspace,
    events: &'a [Event],
) -> impl Iterator<Item = RoleSlot> + 'a {
    let mut names: BTreeMap<RoleSlot, crate::id::RoleName> = before
        .roles
        .iter()
        .map(|(slot, role)| (slot, role.name().clone()))
        .collect();
    for event in events {
        match event {
            Event::RoleDeleted { role } => names.retain(|_, name| name != role.name()),
            Event::RoleRenamed { from, to } => {
                if let Some(name) = names.values_mut().find(|name| *name == from) {
                    *name = to.clone();
                }
            }
            _ => {}
        }
    }
    names
        .into_keys()
        .filter(|slot| after.roles.get(*slot).is_some())
}

/// The roles that some newcomer is given now who, with the same groups, was given another one before (L16).
fn newly_given(before: &Workspace, after: &Workspace) -> BTreeSet<RoleSlot> {
    let from: Vec<_> = ways_in(before).collect();
    let mut earlier = BTreeSet::new();
    let mut new = BTreeSet::new();
    for (group, role) in ways_in(after) {
        // Who comes this way has the group and none of the earlier ones: which ways could that have been?
        let last = from
            .iter()
            .position(|(of, _)| of.is_none() || *of == group)
            .unwrap_or(from.len());
        let mut possible = from
            .iter()
            .take(last + 1)
            .filter(|(of, _)| of.is_none_or(|of| !earlier.contains(of)));
        if possible.any(|(_, given)| *given != role) {
            new.insert(role);
        }
        earlier.extend(group);
    }
    new
}

/// The groups that are mapped, in order, each with its role; at last nobody's group, with the default role.
fn ways_in(workspace: &Workspace) -> impl Iterator<Item = (Option<&str>, RoleSlot)> {
    let roles = &workspace.roles;
    let mapped = workspace.group_mappings.iter().filter_map(|mapping| {
        let slot = match &mapping.target {
            GroupTarget::Admin => Some(roles.admin()),
            GroupTarget::Role(name) => roles.slot(name),
        };
        Some((Some(mapping.group.as_str()), slot?))
    });
    mapped.chain([(None, workspace.default_role)])
}

/// The principals that events say were added or given another role.
fn touched(events: &[Event]) -> BTreeSet<&Principal> {
    events
        .iter()
        .filter_map(|event| match event {
            Event::RoleAssigned { principal, .. } | Event::PrincipalAdded { principal, .. } => {
                Some(principal)
            }
            _ => None,
        })
        .collect()
}

/// The answers of a role where a cell is of the schema before, and of the schema after for what is new.
struct Across<'a> {
    before: Answers<'a>,
    after: Answers<'a>,
}

impl<'a> Across<'a> {
    /// The answers of a role as it was before; nothing without a role.
    fn of(role: Option<&Role>, before: &'a Workspace, after: &'a Workspace) -> Self {
        Self {
            before: Answers::of(role, &before.schema),
            after: Answers::of(role, &after.schema),
        }
    }

    fn allow(&self, cell: &Cell) -> bool {
        let before = self.before.find(cell);
        before.unwrap_or_else(|| self.after.allow(cell))
    }
}

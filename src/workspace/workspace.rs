//! One tenant: its schema, its roles, and who holds them.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use crate::model::id::RoleName;
use crate::model::lint::{self, Lint};
use crate::model::principal::{Principal, PrincipalKind};
use crate::model::role::Role;
use crate::model::schema::Schema;
use crate::support::ordered_map::OrderedMap;
use crate::workspace::{
    GrantPolicy, GroupTarget, Holders, InvalidWorkspace, KeysWithoutRole, Revision, RoleSlot,
    Roles, WorkspaceBuilder,
};

/// A workspace: a schema, roles in order, who holds them, and the default role.
///
/// One that exists is valid (L26): it has exactly one Admin role (L13), which at least one member holds (L14), a default
/// role (L15) that members may hold, no rule that names an unknown thing (L6) or contradicts itself (L4), and no holder of
/// a role that its kind may not hold (L19). It is built by a [builder](Workspace::builder) or loaded from a
/// [`Document`](crate::Document).
///
/// Cloning is cheap: what is large is shared.
///
/// ```
/// use rolegate::{Action, Principal, Role, Schema, Workspace};
///
/// let schema = Schema::builder().object("people", ["name"]).build()?;
/// let workspace = Workspace::builder(schema)
///     .role(Role::admin("Admin"))
///     .role(Role::new("Member").allow(Action::See))
///     .default_role("Member")
///     .member("ada", "Admin")
///     .member("tim", "Member")
///     .build()?;
///
/// let policy = workspace.compile();
/// assert!(policy.can(&Principal::member("tim"), Action::See, "people", None));
/// assert!(!policy.can(&Principal::member("tim"), Action::Edit, "people", None));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Workspace {
    pub(crate) schema: Arc<Schema>,
    pub(crate) roles: Arc<Roles>,
    pub(crate) holders: Holders,
    pub(crate) default_role: RoleSlot,
    /// By group, in the order in which they are tried (L16).
    pub(crate) group_mappings: Arc<OrderedMap<String, GroupTarget>>,
    pub(crate) keys_without_role: KeysWithoutRole,
    pub(crate) grant_policy: GrantPolicy,
    pub(crate) revision: Revision,
    /// How many values it has as a document.
    pub(crate) values: usize,
}

impl Workspace {
    /// A workspace with two roles: `Admin`, held by the member `first_admin`, and `Member`, the default role, which allows
    /// nothing yet (L7).
    ///
    /// # Errors
    ///
    /// When `first_admin` is no well formed id: 1 to 255 bytes without control characters.
    pub fn new(schema: Schema, first_admin: &str) -> Result<Self, InvalidWorkspace> {
        Self::builder(schema)
            .role(Role::admin("Admin"))
            .role(Role::new("Member"))
            .default_role("Member")
            .member(first_admin, "Admin")
            .build()
    }

    /// Starts a workspace with that schema.
    pub fn builder(schema: Schema) -> WorkspaceBuilder {
        WorkspaceBuilder::new(schema)
    }

    /// The objects, fields and workspace permissions.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The roles, in order.
    pub fn roles(&self) -> impl Iterator<Item = &Role> {
        self.roles.iter().map(|(_, role)| &**role)
    }

    /// The role with that name.
    pub fn role(&self, name: impl Into<RoleName>) -> Option<&Role> {
        self.roles.get(self.roles.slot(&name.into())?)
    }

    /// The Admin role (L13).
    #[must_use]
    pub fn admin_role(&self) -> Option<&Role> {
        self.roles.get(self.roles.admin())
    }

    /// The role that new members get (L16).
    #[must_use]
    pub fn default_role(&self) -> Option<&Role> {
        self.roles.get(self.default_role)
    }

    /// Whether there is such a principal.
    #[must_use]
    pub fn contains(&self, principal: &Principal) -> bool {
        self.holders.find(principal).is_some()
    }

    /// The role that a principal was given; none for a key or agent without a role, and for an unknown principal.
    #[must_use]
    pub fn role_of(&self, principal: &Principal) -> Option<&Role> {
        self.roles.get(self.holders.find(principal)??)
    }

    /// The principals of a kind, each with the role it was given, sorted by id.
    #[must_use]
    pub fn principals(&self, kind: PrincipalKind) -> Vec<(Principal, Option<&Role>)> {
        self.holders
            .sorted(kind)
            .into_iter()
            .map(|(id, slot)| {
                let role = slot.and_then(|slot| self.roles.get(slot));
                (Principal::new(kind, id), role)
            })
            .collect()
    }

    /// What an API key without a role may do (L21).
    #[must_use]
    pub fn keys_without_role(&self) -> KeysWithoutRole {
        self.keys_without_role
    }

    /// Whether an acting principal may hand out more than it holds.
    #[must_use]
    pub fn grant_policy(&self) -> GrantPolicy {
        self.grant_policy
    }

    /// How many changes the workspace has accepted.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// What is probably not what somebody meant: the lints of each role, in order, then API keys without a role, then names
    /// that look alike.
    pub fn lints(&self) -> Vec<Lint> {
        let mut lints: Vec<Lint> = self
            .roles()
            .flat_map(|role| role.lints(&self.schema))
            .collect();
        lints.extend(
            self.principals(PrincipalKind::ApiKey)
                .into_iter()
                .filter(|(_, role)| role.is_none())
                .map(|(key, _)| Lint::KeyWithoutRole { key }),
        );
        lint::name_lints(self.roles().map(Role::name), &self.schema, &mut lints);
        lints
    }
}

impl PartialEq for Workspace {
    fn eq(&self, other: &Self) -> bool {
        let Self {
            schema,
            roles: _,
            holders: _,
            default_role: _,
            group_mappings,
            keys_without_role,
            grant_policy,
            revision,
            values: _,
        } = self;
        *schema == other.schema
            && *group_mappings == other.group_mappings
            && *keys_without_role == other.keys_without_role
            && *grant_policy == other.grant_policy
            && *revision == other.revision
            && self.roles().eq(other.roles())
            && self.default_role() == other.default_role()
            && PrincipalKind::ALL
                .into_iter()
                .all(|kind| self.names_of_holders(kind) == other.names_of_holders(kind))
    }
}

impl Eq for Workspace {}

impl Workspace {
    /// The ids of a kind with the names of their roles, sorted by id.
    pub(crate) fn names_of_holders(&self, kind: PrincipalKind) -> Vec<(&str, Option<&RoleName>)> {
        self.holders
            .sorted(kind)
            .into_iter()
            .map(|(id, slot)| {
                let role = slot.and_then(|slot| self.roles.get(slot));
                (id, role.map(Role::name))
            })
            .collect()
    }
}

impl fmt::Debug for Workspace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let holders: Vec<_> = PrincipalKind::ALL
            .into_iter()
            .map(|kind| self.names_of_holders(kind))
            .collect();
        f.debug_struct("Workspace")
            .field("schema", &self.schema)
            .field("roles", &self.roles().collect::<Vec<_>>())
            .field("holders", &holders)
            .field("default_role", &self.default_role().map(Role::name))
            .field("group_mappings", &self.group_mappings().collect::<Vec<_>>())
            .field("keys_without_role", &self.keys_without_role)
            .field("grant_policy", &self.grant_policy)
            .field("revision", &self.revision)
            .field("values", &self.values)
            .finish()
    }
}

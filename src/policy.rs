//! What is compiled from a workspace: it never changes, and answers.

use alloc::sync::Arc;

use crate::action::Action;
use crate::principal::{Principal, PrincipalKind};
use crate::question::{FieldName, ObjectName, Target};
use crate::role::Role;
use crate::schema::{FieldId, ObjectId, Schema};
use crate::workspace::{Holders, KeysWithoutRole, Revision, RoleSlot, Roles, Workspace};

pub(crate) use self::table::RoleTable;

mod table;

/// The answers of one workspace at one revision, compiled into tables.
///
/// A policy never changes (L28): after a change of the workspace, compile again and swap. It is `Send + Sync + 'static`, and
/// cloning it is cheap, so a host keeps one behind an `Arc` and hands it to every request.
///
/// ```
/// use rolegate::{Action, FieldRule, ObjectRule, Principal, Role, Schema, Workspace};
///
/// let schema = Schema::builder().object("people", ["name", "email"]).build()?;
/// let intern = Role::new("Intern")
///     .allow(Action::See)
///     .rule("people", ObjectRule::new()
///         .allow(Action::Edit)
///         .field("email", FieldRule::SEE_ONLY));
/// let policy = Workspace::builder(schema)
///     .role(Role::admin("Admin"))
///     .role(intern)
///     .default_role("Intern")
///     .member("ada", "Admin")
///     .member("tim", "Intern")
///     .build()?
///     .compile();
///
/// let tim = Principal::member("tim");
/// assert!(policy.can(&tim, Action::Edit, "people", None));
/// assert!(policy.can(&tim, Action::Edit, "people", "name"));
/// assert!(!policy.can(&tim, Action::Edit, "people", "email"));
/// assert!(!policy.can(&tim, Action::Edit, "people", "emial")); // unknown: denied
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Policy {
    schema: Arc<Schema>,
    roles: Arc<Roles>,
    /// By slot of the role.
    tables: Arc<[Option<Arc<RoleTable>>]>,
    nothing: Arc<RoleTable>,
    holders: Holders,
    /// Which role an API key without one has.
    key_default: Option<RoleSlot>,
    revision: Revision,
}

/// How a principal comes to its access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Through the role it was given.
    Given(RoleSlot),
    /// Through the default role, being an API key without a role (L21).
    Default(RoleSlot),
    /// It has no role, and no access.
    NoRole,
    /// It is unknown (L6).
    Unknown,
}

impl Workspace {
    /// Compiles the answers of the workspace as it is now.
    pub fn compile(&self) -> Policy {
        let table = |role: &Arc<Role>| Arc::new(RoleTable::of(role, &self.schema));
        let tables = self.roles.by_slot().iter();
        Policy {
            schema: Arc::clone(&self.schema),
            roles: Arc::clone(&self.roles),
            tables: tables.map(|role| role.as_ref().map(table)).collect(),
            nothing: Arc::new(RoleTable::nothing(&self.schema)),
            holders: self.holders.clone(),
            key_default: key_default(self),
            revision: self.revision,
        }
    }
}

/// The role of API keys that have none: the default role, unless it is not for keys or the workspace denies it (L21).
fn key_default(workspace: &Workspace) -> Option<RoleSlot> {
    match workspace.keys_without_role {
        KeysWithoutRole::Denied => None,
        KeysWithoutRole::DefaultRole => workspace
            .default_role()
            .filter(|role| role.holder_kinds().contains(PrincipalKind::ApiKey))
            .map(|_| workspace.default_role),
    }
}

impl Policy {
    /// Whether a principal may do an action on records of an object, or on a field of it.
    ///
    /// The object is given by name or as an [`ObjectId`]; the field as `None` for the record as a whole, by name, or as a
    /// [`FieldId`]. Whatever is unknown is denied (L6). A check cannot fail (L10) and does not allocate.
    ///
    /// Who asks more than one question for the same principal asks its [`access`](Policy::access) instead.
    #[inline]
    pub fn can(
        &self,
        principal: &Principal,
        action: Action,
        object: impl ObjectName,
        field: impl FieldName,
    ) -> bool {
        let table = self.table(self.standing(principal));
        let Some(object) = object.index(&self.schema) else {
            return false;
        };
        match field.target(&self.schema, object) {
            Target::Record => table.allows_record(object, action),
            Target::Field(field) => table.allows_field(object, field, action),
            Target::Unknown => false,
        }
    }

    /// The handle of an object, for asking without looking up its name.
    ///
    /// ```
    /// # let policy = rolegate::sample::workspace()?.compile();
    /// use rolegate::{Action, Principal};
    ///
    /// let people = policy.object("people").expect("the schema has people");
    /// let email = policy.field("people", "email").expect("people have an e-mail address");
    /// let tim = policy.access(&Principal::member("tim"));
    /// assert!(tim.can(Action::See, people, email));
    /// assert!(tim.can(Action::See, people, None));
    /// # Ok::<(), rolegate::InvalidWorkspace>(())
    /// ```
    pub fn object(&self, key: &str) -> Option<ObjectId> {
        self.schema.object_id(key)
    }

    /// The handle of a field, for asking without looking up its name.
    pub fn field(&self, object: &str, key: &str) -> Option<FieldId> {
        self.schema.field_id(object, key)
    }

    /// The objects, fields and workspace permissions that the policy knows.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The revision of the workspace that the policy was compiled from.
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// The role with which a principal comes to its access.
    pub(crate) fn role(&self, standing: Standing) -> Option<&Role> {
        match standing {
            Standing::Given(slot) | Standing::Default(slot) => self.roles.get(slot),
            Standing::NoRole | Standing::Unknown => None,
        }
    }

    #[inline]
    pub(crate) fn standing(&self, principal: &Principal) -> Standing {
        match self.holders.find(principal) {
            None => Standing::Unknown,
            Some(Some(slot)) => Standing::Given(slot),
            Some(None) if principal.kind() == PrincipalKind::ApiKey => {
                self.key_default.map_or(Standing::NoRole, Standing::Default)
            }
            Some(None) => Standing::NoRole,
        }
    }

    #[inline]
    pub(crate) fn table(&self, standing: Standing) -> &RoleTable {
        match standing {
            Standing::Given(slot) | Standing::Default(slot) => self
                .tables
                .get(slot.index())
                .and_then(Option::as_ref)
                .unwrap_or(&self.nothing),
            Standing::NoRole | Standing::Unknown => &self.nothing,
        }
    }
}

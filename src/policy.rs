//! What is compiled from a workspace: it never changes, and answers.

use alloc::sync::Arc;

use crate::action::Action;
use crate::principal::{Principal, PrincipalKind};
use crate::question::{FieldName, ObjectName};
use crate::role::Role;
use crate::schema::{FieldId, ObjectId, Schema};
use crate::workspace::{Holders, KeysWithoutRole, Revision, RoleSlot, Roles, Workspace};

pub(crate) use self::answers::{Answers, cells};
pub(crate) use self::table::{RoleTable, TableView};

mod answers;
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
    tables: Arc<[Option<RoleTable>]>,
    nothing: RoleTable,
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

impl Standing {
    /// The role, if there is one.
    pub(crate) fn slot(self) -> Option<RoleSlot> {
        match self {
            Self::Given(slot) | Self::Default(slot) => Some(slot),
            Self::NoRole | Self::Unknown => None,
        }
    }
}

impl Workspace {
    /// Compiles the answers of the workspace as it is now.
    pub fn compile(&self) -> Policy {
        self.compile_over(None)
    }

    /// Compiles the answers as [`compile`](Workspace::compile) does, taking over from an earlier policy what has not
    /// changed since.
    ///
    /// The result is the same as without. After a change of one role, that role alone is compiled; after a change of
    /// holders, none. It helps for a policy of this workspace, or of one that this is a changed copy of; any other is of no use
    /// and does no harm.
    ///
    /// ```
    /// use rolegate::{Action, Cell, Change, Effect, Principal};
    ///
    /// let mut workspace = rolegate::sample::workspace()?;
    /// let policy = workspace.compile();
    /// let cell = Cell::object("companies", Action::Edit);
    /// workspace.apply(Change::set_effect("Intern", cell, Effect::Allow))?;
    /// let policy = workspace.recompile(&policy);
    /// assert!(policy.can(&Principal::member("tim"), Action::Edit, "companies", None));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn recompile(&self, earlier: &Policy) -> Policy {
        self.compile_over(Some(earlier).filter(|policy| Arc::ptr_eq(&policy.schema, &self.schema)))
    }

    /// Compiles; `earlier` has the very same schema.
    fn compile_over(&self, earlier: Option<&Policy>) -> Policy {
        let tables = match earlier {
            Some(earlier) if Arc::ptr_eq(&earlier.roles, &self.roles) => {
                Arc::clone(&earlier.tables)
            }
            _ => {
                let roles = self.roles.by_slot().iter().enumerate();
                let table = |(slot, role): (usize, &Option<Arc<Role>>)| {
                    let role = role.as_ref()?;
                    let kept = earlier.and_then(|earlier| earlier.table_of(slot, role));
                    Some(kept.unwrap_or_else(|| RoleTable::of(role, &self.schema)))
                };
                roles.map(table).collect()
            }
        };
        let nothing = earlier.map_or_else(
            || RoleTable::nothing(&self.schema),
            |earlier| earlier.nothing.clone(),
        );
        Policy {
            schema: Arc::clone(&self.schema),
            roles: Arc::clone(&self.roles),
            tables,
            nothing,
            holders: self.holders.clone(),
            key_default: key_default(self),
            revision: self.revision,
        }
    }
}

/// How a principal of a workspace comes to its access.
pub(crate) fn standing(workspace: &Workspace, principal: &Principal) -> Standing {
    standing_of(
        principal.kind(),
        workspace.holders.find(principal),
        key_default(workspace),
    )
}

#[inline]
#[expect(
    clippy::option_option,
    reason = "unknown, and known without a role, are different answers"
)]
fn standing_of(
    kind: PrincipalKind,
    role: Option<Option<RoleSlot>>,
    key_default: Option<RoleSlot>,
) -> Standing {
    match role {
        None => Standing::Unknown,
        Some(Some(slot)) => Standing::Given(slot),
        Some(None) if kind == PrincipalKind::ApiKey => {
            key_default.map_or(Standing::NoRole, Standing::Default)
        }
        Some(None) => Standing::NoRole,
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
        field
            .column(&self.schema, object)
            .is_some_and(|column| table.allows(object, column, action))
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
        self.roles.get(standing.slot()?)
    }

    /// The table of the very same role in the same slot.
    fn table_of(&self, slot: usize, role: &Arc<Role>) -> Option<RoleTable> {
        let known = self.roles.by_slot().get(slot)?.as_ref()?;
        let table = self.tables.get(slot)?.as_ref()?;
        Arc::ptr_eq(known, role).then(|| table.clone())
    }

    #[inline]
    pub(crate) fn standing(&self, principal: &Principal) -> Standing {
        standing_of(
            principal.kind(),
            self.holders.find(principal),
            self.key_default,
        )
    }

    #[inline]
    pub(crate) fn table(&self, standing: Standing) -> TableView<'_> {
        let table = standing
            .slot()
            .and_then(|slot| self.tables.get(slot.index()));
        let table = table.and_then(Option::as_ref);
        table.unwrap_or(&self.nothing).view()
    }
}

//! What is compiled from a workspace: it never changes, and answers.

use alloc::sync::Arc;

use crate::model::action::Action;
use crate::model::principal::Principal;
use crate::model::role::Role;
use crate::model::schema::{FieldId, ObjectId, PermissionId, Schema};
use crate::policy::role_source::role_source_of;
use crate::policy::target::{AsField, AsObject, column, object_index};
use crate::policy::{RoleSource, RoleTable};
use crate::workspace::{Holders, Revision, RoleSlot, Roles};

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
    pub(super) schema: Arc<Schema>,
    pub(super) roles: Arc<Roles>,
    /// By slot of the role.
    pub(super) tables: Arc<[Option<RoleTable>]>,
    pub(super) nothing: RoleTable,
    pub(super) holders: Holders,
    /// Which role an API key without one has.
    pub(super) key_default: Option<RoleSlot>,
    pub(super) revision: Revision,
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
        object: impl AsObject,
        field: impl AsField,
    ) -> bool {
        let table = self.table(self.role_source(principal)).view();
        let Some(object) = object_index(object, &self.schema) else {
            return false;
        };
        column(field, &self.schema, object)
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
    #[must_use]
    pub fn object(&self, key: &str) -> Option<ObjectId> {
        self.schema.object_id(key)
    }

    /// The handle of a field, for asking without looking up its name.
    #[must_use]
    pub fn field(&self, object: &str, key: &str) -> Option<FieldId> {
        self.schema.field_id(object, key)
    }

    /// The handle of a workspace permission, for asking without looking up its name.
    ///
    /// ```
    /// # let policy = rolegate::sample::workspace()?.compile();
    /// use rolegate::Principal;
    ///
    /// let send_email = policy.permission("send_email").expect("it is a documented permission");
    /// assert!(policy.access(&Principal::member("grace")).can_use(send_email));
    /// # Ok::<(), rolegate::InvalidWorkspace>(())
    /// ```
    #[must_use]
    pub fn permission(&self, key: &str) -> Option<PermissionId> {
        self.schema.permission_id(key)
    }

    /// The objects, fields and workspace permissions that the policy knows.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The revision of the workspace that the policy was compiled from.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// The role with which a principal comes to its access.
    pub(crate) fn role(&self, role_source: RoleSource) -> Option<&Role> {
        self.roles.get(role_source.slot()?)
    }

    /// The table of the very same role in the same slot.
    pub(super) fn table_of(&self, slot: usize, role: &Arc<Role>) -> Option<RoleTable> {
        let known = self.roles.by_slot().get(slot)?.as_ref()?;
        let table = self.tables.get(slot)?.as_ref()?;
        Arc::ptr_eq(known, role).then(|| table.clone())
    }

    #[inline]
    pub(crate) fn role_source(&self, principal: &Principal) -> RoleSource {
        role_source_of(
            principal.kind(),
            self.holders.find(principal),
            self.key_default,
        )
    }

    #[inline]
    pub(crate) fn table(&self, role_source: RoleSource) -> &RoleTable {
        let table = role_source
            .slot()
            .and_then(|slot| self.tables.get(slot.index()));
        let table = table.and_then(Option::as_ref);
        table.unwrap_or(&self.nothing)
    }
}

//! What one principal, or a chain of them, may do.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use crate::model::action::Action;
use crate::model::principal::Principal;
use crate::policy::access::FieldSet;
use crate::policy::explanation::Explanation;
use crate::policy::layout::Column;
use crate::policy::target::{AsField, AsObject};
use crate::policy::{Denied, Policy, RoleSource, TableView};

/// Everything that one principal may do, resolved once for a request.
///
/// It may stand for a chain: with [`on_behalf_of`](Access::on_behalf_of), an agent or API key acts for another principal, and
/// only what *every* link may do is allowed (L23). A chain has at least one link.
///
/// ```
/// # let policy = rolegate::sample::workspace()?.compile();
/// use rolegate::{Action, Principal};
///
/// let tim = policy.access(&Principal::member("tim"));
/// assert!(tim.can(Action::Edit, "people", None));
/// assert!(!tim.can(Action::Edit, "people", "email"));
///
/// let denied = tim.require(Action::See, "people", "address").unwrap_err();
/// assert_eq!(
///     denied.to_string(),
///     "`member:tim` may not `see` `people.address`: \
///      the field rule of role `Intern` for `people.address` denies `see`, although the baseline allows it",
/// );
/// assert!(tim.fields(Action::See, "people").iter().eq(["name", "email", "company"]));
/// # Ok::<(), rolegate::InvalidWorkspace>(())
/// ```
#[derive(Clone)]
#[repr(align(64))] // A cache line, and no more: that is all of an access that a check reads.
#[must_use = "an answer that is not looked at stops nothing"]
pub struct Access<'p> {
    pub(super) policy: &'p Policy,
    pub(super) first: Link<'p>,
    rest: Option<Box<Rest<'p>>>,
}

/// The links of a chain after the first.
type Rest<'p> = Vec<Link<'p>>;

/// One principal of a chain.
#[derive(Clone)]
pub(super) struct Link<'p> {
    pub(super) table: TableView<'p>,
    pub(super) principal: Principal,
    pub(super) role_source: RoleSource,
}

impl<'p> Link<'p> {
    fn new(policy: &'p Policy, principal: &Principal) -> Self {
        let role_source = policy.role_source(principal);
        Self {
            table: policy.table(role_source),
            principal: principal.clone(),
            role_source,
        }
    }
}

impl Policy {
    /// Everything that a principal may do: resolved once, for the questions of a request.
    ///
    /// An unknown principal has an access too, which denies everything and says why.
    ///
    /// ```
    /// # let policy = rolegate::sample::workspace()?.compile();
    /// use rolegate::{Action, Principal};
    ///
    /// let tim = policy.access(&Principal::member("tim"));
    /// assert!(tim.can(Action::See, "people", "email"));
    /// let nobody = policy.access(&Principal::member("nobody"));
    /// assert!(!nobody.can(Action::See, "people", "email"));
    /// # Ok::<(), rolegate::InvalidWorkspace>(())
    /// ```
    pub fn access(&self, principal: &Principal) -> Access<'_> {
        Access {
            policy: self,
            first: Link::new(self, principal),
            rest: None,
        }
    }
}

impl<'p> Access<'p> {
    /// The access of the same principal, or chain, acting for another principal: what both may do (L23).
    ///
    /// The order of a chain does not change an answer, and a chain with an unknown link is denied everything.
    ///
    /// ```
    /// # let policy = rolegate::sample::workspace()?.compile();
    /// use rolegate::{Action, Principal};
    ///
    /// let agent = policy.access(&Principal::agent("writer"));
    /// let for_tim = agent.clone().on_behalf_of(&Principal::member("tim"));
    /// assert!(agent.can(Action::See, "opportunities", None));
    /// assert!(!for_tim.can(Action::See, "opportunities", None)); // tim may not
    /// # Ok::<(), rolegate::InvalidWorkspace>(())
    /// ```
    pub fn on_behalf_of(mut self, principal: &Principal) -> Self {
        let link = Link::new(self.policy, principal);
        self.rest.get_or_insert_default().push(link);
        self
    }

    /// The principals of the chain: who acts first, then on whose behalf.
    pub fn principals(&self) -> impl Iterator<Item = &Principal> {
        self.links().map(|link| &link.principal)
    }

    /// The policy that answers.
    #[must_use]
    pub fn policy(&self) -> &'p Policy {
        self.policy
    }

    /// Whether an action is allowed on records of an object, or on a field of it.
    ///
    /// The object is given by name or as an [`ObjectId`](crate::ObjectId); the field as `None` for the record as a whole, by
    /// name, or as a [`FieldId`](crate::FieldId). Whatever is unknown is denied (L6), and so is Delete or Destroy of a field
    /// (L5). A check cannot fail (L10) and does not allocate.
    #[inline]
    pub fn can(&self, action: Action, object: impl AsObject, field: impl AsField) -> bool {
        let schema = self.policy.schema();
        let Some(object) = object.index(schema) else {
            return false;
        };
        field
            .column(schema, object)
            .is_some_and(|column| self.can_at(action, object, column))
    }

    /// Requires what [`can`](Access::can) asks, for use with `?`.
    ///
    /// # Errors
    ///
    /// When it is not allowed: the error says why, in one sentence, and has the whole [`Explanation`].
    pub fn require(
        &self,
        action: Action,
        object: impl AsObject,
        field: impl AsField,
    ) -> Result<(), Denied> {
        if self.can(action, object, field) {
            Ok(())
        } else {
            Err(Denied::new(self.explain(action, object, field)))
        }
    }

    /// Why an action is allowed or denied: every level that was consulted, and which one decided (L32).
    pub fn explain(
        &self,
        action: Action,
        object: impl AsObject,
        field: impl AsField,
    ) -> Explanation {
        super::explain::records(self, action, object, field)
    }

    /// The fields of an object on which an action is allowed, in schema order: what to select, or what a form may edit.
    ///
    /// Empty for an unknown object, and for Delete and Destroy, which fields do not have (L5). It says nothing about the
    /// record as a whole: a field can be visible where the record is hidden (L8).
    #[inline]
    pub fn fields(&self, action: Action, object: impl AsObject) -> FieldSet<'_> {
        FieldSet::new(self, action, object.index(self.policy.schema()))
    }

    /// Whether a workspace permission is granted, and all that it requires (L11, L12). An unknown one is not.
    #[must_use]
    pub fn can_use(&self, permission: &str) -> bool {
        self.policy
            .schema()
            .permission_index(permission)
            .is_some_and(|permission| self.links().all(|link| link.table.grants(permission)))
    }

    /// Requires what [`can_use`](Access::can_use) asks, for use with `?`.
    ///
    /// # Errors
    ///
    /// When it is not granted: the error says why, in one sentence, and has the whole [`Explanation`].
    pub fn require_use(&self, permission: &str) -> Result<(), Denied> {
        if self.can_use(permission) {
            Ok(())
        } else {
            Err(Denied::new(self.explain_use(permission)))
        }
    }

    /// Why a workspace permission is granted or not (L32).
    #[must_use]
    pub fn explain_use(&self, permission: &str) -> Explanation {
        super::explain::permission(self, permission)
    }

    /// As [`can`](Access::can), by the indices of the schema: whether every link says yes (L23).
    #[inline]
    pub(crate) fn can_at(&self, action: Action, object: usize, column: Column) -> bool {
        let first = self.first.table.allows(object, column, action);
        match self.rest {
            None => first,
            Some(_) => first & self.rest_can_at(action, object, column),
        }
    }

    /// Whether every link after the first says yes. Kept out of the way of those who ask without a chain.
    #[inline(never)]
    fn rest_can_at(&self, action: Action, object: usize, column: Column) -> bool {
        // All are asked: where to stop would be guessed wrong as often as answers vary.
        self.rest().iter().fold(true, |all, link| {
            all & link.table.allows(object, column, action)
        })
    }

    fn links(&self) -> impl Iterator<Item = &Link<'p>> {
        core::iter::once(&self.first).chain(self.rest())
    }

    /// The links of a chain after the first; none if there is no chain.
    #[inline]
    pub(super) fn rest(&self) -> &[Link<'p>] {
        self.rest.as_deref().map_or(&[], Vec::as_slice)
    }
}

impl fmt::Debug for Access<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access")
            .field("principals", &self.principals().collect::<Vec<_>>())
            .field("revision", &self.policy.revision())
            .finish_non_exhaustive()
    }
}

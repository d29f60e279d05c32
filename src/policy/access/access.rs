//! What one principal, or a chain of them, may do.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Deref;

use smallvec::SmallVec;

use crate::model::action::Action;
use crate::model::principal::Principal;
use crate::policy::access::FieldSet;
use crate::policy::explanation::Explanation;
use crate::policy::layout::Column;
use crate::policy::target::{AsField, AsObject, AsPermission};
use crate::policy::{Denied, Policy, RoleSource, RoleTable, TableView};

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
    policy: HeldPolicy<'p>,
    /// The fingerprint of the schema of the policy, by which handles are known.
    fingerprint: u64,
    first: Link<HeldTable<'p>>,
    /// The links of a chain after the first. They always share their tables: a `SmallVec` of borrowed ones could not be
    /// taken for one of a shorter lifetime, which all that borrows an access relies on.
    rest: SmallVec<[Link<RoleTable>; 3]>,
    /// If there are any, in the part of the access that a check reads anyway.
    is_chain: bool,
}

/// An [`Access`] that holds its policy, so that it may live as long as you like.
///
/// It is `Send + Sync + 'static + Clone`: a field of a request extractor, or something to move into a task. It is made by
/// [`Policy::owned_access`], has the same methods, and gives the same answers. Cloning one counts references and copies no
/// answer.
pub type OwnedAccess = Access<'static>;

/// The policy of an access.
#[derive(Debug, Clone)]
enum HeldPolicy<'p> {
    Borrowed(&'p Policy),
    Shared(Arc<Policy>),
}

impl Deref for HeldPolicy<'_> {
    type Target = Policy;

    #[inline]
    fn deref(&self) -> &Policy {
        match self {
            Self::Borrowed(policy) => policy,
            Self::Shared(policy) => policy,
        }
    }
}

/// The table of one link.
#[derive(Debug, Clone)]
enum HeldTable<'p> {
    Borrowed(TableView<'p>),
    Shared(RoleTable),
}

impl HeldTable<'_> {
    /// The table to ask.
    #[inline]
    fn view(&self) -> TableView<'_> {
        match self {
            Self::Borrowed(table) => *table,
            Self::Shared(table) => table.view(),
        }
    }
}

/// One principal of a chain.
#[derive(Clone)]
struct Link<T> {
    table: T,
    principal: Principal,
    role_source: RoleSource,
}

/// One principal of a chain, with its table to ask.
#[derive(Clone, Copy)]
pub(super) struct LinkView<'a> {
    pub(super) table: TableView<'a>,
    pub(super) principal: &'a Principal,
    pub(super) role_source: RoleSource,
}

impl<T> Link<T> {
    fn new(policy: &Policy, principal: &Principal, table: impl FnOnce(RoleSource) -> T) -> Self {
        let role_source = policy.role_source(principal);
        Self {
            table: table(role_source),
            principal: principal.clone(),
            role_source,
        }
    }

    #[inline]
    fn view<'a>(&'a self, table: impl FnOnce(&'a T) -> TableView<'a>) -> LinkView<'a> {
        LinkView {
            table: table(&self.table),
            principal: &self.principal,
            role_source: self.role_source,
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
        Access::new(HeldPolicy::Borrowed(self), principal)
    }

    /// Everything that a principal may do, as [`access`](Policy::access) gives it, in a value that holds the policy itself.
    ///
    /// It costs a few counted references more to make, and nothing more to ask.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use rolegate::{Action, OwnedAccess, Principal};
    ///
    /// struct Caller {
    ///     access: OwnedAccess,
    /// }
    ///
    /// let policy = Arc::new(rolegate::sample::workspace()?.compile());
    /// let caller = Caller { access: policy.owned_access(&Principal::member("tim")) };
    /// drop(policy); // the caller has a share of it
    /// let answer = std::thread::spawn(move || caller.access.can(Action::See, "people", "email"));
    /// assert!(answer.join().is_ok_and(|is_allowed| is_allowed));
    /// # Ok::<(), rolegate::InvalidWorkspace>(())
    /// ```
    pub fn owned_access(self: &Arc<Self>, principal: &Principal) -> OwnedAccess {
        Access::new(HeldPolicy::Shared(Arc::clone(self)), principal)
    }
}

impl<'p> Access<'p> {
    fn new(policy: HeldPolicy<'p>, principal: &Principal) -> Self {
        let first = Link::new(&policy, principal, |role_source| match &policy {
            HeldPolicy::Borrowed(policy) => HeldTable::Borrowed(policy.table(role_source).view()),
            HeldPolicy::Shared(policy) => HeldTable::Shared(policy.table(role_source).clone()),
        });
        Self {
            fingerprint: policy.schema().fingerprint(),
            policy,
            first,
            rest: SmallVec::new(),
            is_chain: false,
        }
    }

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
        let table = |role_source| self.policy.table(role_source).clone();
        let link = Link::new(&self.policy, principal, table);
        self.rest.push(link);
        self.is_chain = true;
        self
    }

    /// The principals of the chain: who acts first, then on whose behalf.
    pub fn principals(&self) -> impl Iterator<Item = &Principal> {
        self.links().map(|link| link.principal)
    }

    /// The policy that answers.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Whether an action is allowed on records of an object, or on a field of it.
    ///
    /// The object is given by name or as an [`ObjectId`](crate::ObjectId); the field as `None` for the record as a whole, by
    /// name, or as a [`FieldId`](crate::FieldId). Whatever is unknown is denied (L6), and so is Delete or Destroy of a field
    /// (L5). A check cannot fail (L10) and does not allocate.
    #[inline]
    pub fn can(&self, action: Action, object: impl AsObject, field: impl AsField) -> bool {
        let schema = || self.policy.schema();
        let Some(object) = object.index(self.fingerprint, schema) else {
            return false;
        };
        field
            .column(self.fingerprint, schema, object)
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
        FieldSet::new(
            self,
            action,
            object.index(self.fingerprint, || self.policy.schema()),
        )
    }

    /// Whether a workspace permission is granted, and all that it requires (L11, L12). An unknown one is not.
    #[must_use]
    pub fn can_use(&self, permission: impl AsPermission) -> bool {
        permission
            .index(self.policy.schema())
            .is_some_and(|permission| self.links().all(|link| link.table.grants(permission)))
    }

    /// Requires what [`can_use`](Access::can_use) asks, for use with `?`.
    ///
    /// # Errors
    ///
    /// When it is not granted: the error says why, in one sentence, and has the whole [`Explanation`].
    pub fn require_use(&self, permission: impl AsPermission) -> Result<(), Denied> {
        if self.can_use(permission) {
            Ok(())
        } else {
            Err(Denied::new(self.explain_use(permission)))
        }
    }

    /// Why a workspace permission is granted or not (L32).
    #[must_use]
    pub fn explain_use(&self, permission: impl AsPermission) -> Explanation {
        super::explain::permission(self, permission)
    }

    /// As [`can`](Access::can), by the indices of the schema: whether every link says yes (L23).
    #[inline]
    pub(crate) fn can_at(&self, action: Action, object: usize, column: Column) -> bool {
        let first = self.first.table.view().allows(object, column, action);
        if self.is_chain {
            first & self.rest_can_at(action, object, column)
        } else {
            first
        }
    }

    /// Whether every link after the first says yes. Kept out of the way of those who ask without a chain.
    #[inline(never)]
    fn rest_can_at(&self, action: Action, object: usize, column: Column) -> bool {
        // All are asked: where to stop would be guessed wrong as often as answers vary.
        self.rest().fold(true, |all, link| {
            all & link.table.allows(object, column, action)
        })
    }

    /// All links of the chain.
    pub(super) fn links(&self) -> impl Iterator<Item = LinkView<'_>> {
        core::iter::once(self.first()).chain(self.rest())
    }

    /// The link that acts.
    #[inline]
    pub(super) fn first(&self) -> LinkView<'_> {
        self.first.view(HeldTable::view)
    }

    /// The links after the first; none if there is no chain.
    #[inline]
    pub(super) fn rest(&self) -> impl Iterator<Item = LinkView<'_>> {
        self.rest.iter().map(|link| link.view(RoleTable::view))
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

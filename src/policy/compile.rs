//! How a policy is compiled from a workspace, and what it takes over from an earlier one.

use alloc::sync::Arc;

use crate::model::role::Role;
use crate::policy::role_source::key_default;
use crate::policy::{Policy, RoleTable};
use crate::workspace::Workspace;

impl Workspace {
    /// Compiles the answers of the workspace as it is now.
    #[must_use]
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
    #[must_use]
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

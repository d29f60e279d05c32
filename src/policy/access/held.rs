//! What an access holds of its policy: a reference to it, or a share of it.

use alloc::sync::Arc;
use core::ops::Deref;

use crate::policy::{Policy, RoleTable, TableView};

/// The policy of an access.
#[derive(Debug, Clone)]
pub(super) enum HeldPolicy<'p> {
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
pub(super) enum HeldTable<'p> {
    Borrowed(TableView<'p>),
    Shared(RoleTable),
}

impl HeldTable<'_> {
    /// The table to ask.
    #[inline]
    pub(super) fn view(&self) -> TableView<'_> {
        match self {
            Self::Borrowed(table) => *table,
            Self::Shared(table) => table.view(),
        }
    }
}

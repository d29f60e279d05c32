//! One tenant: its schema, its roles, the principals that hold them, and how all of this changes.
//!
//! You need this module to build, load and change a workspace. A [`Workspace`] comes from a [`WorkspaceBuilder`] or a
//! [`Document`](crate::Document). A [`Change`] is one step to the next state, and yields [`Event`]s.

mod apply;
mod builder;
mod change;
mod document_size;
mod error;
mod error_kind;
mod event;
mod groups;
mod holders;
mod invalid;
mod invariants;
mod options;
mod revision;
mod roles;
mod summary;
mod transaction;
mod workspace;

pub use self::builder::WorkspaceBuilder;
pub use self::change::Change;
pub use self::error::{BatchError, ChangeError};
pub use self::error_kind::ChangeErrorKind;
pub use self::event::Event;
pub use self::groups::{GroupMapping, GroupTarget};
pub use self::holders::HolderCounts;
pub(crate) use self::holders::Holders;
pub use self::invalid::{InvalidWorkspace, InvalidWorkspaceKind};
pub(crate) use self::invalid::{holder_path, section};
pub use self::options::{GrantPolicy, KeysWithoutRole};
pub use self::revision::Revision;
pub(crate) use self::roles::{RoleSlot, Roles};
pub use self::summary::RoleSummary;
pub use self::workspace::Workspace;

//! The compiled answers of a workspace, and everything that you can ask of them.
//!
//! You need this module to ask. A [`Policy`] is compiled from a workspace. An [`Access`] is what one principal may do under it.

pub(crate) mod access;
mod answers;
mod audit;
mod compile;
mod denied;
pub mod explanation;
pub(crate) mod layout;
mod policy;
mod role_source;
mod table;
pub(crate) mod target;

pub use self::access::{Access, FieldSet, FieldSetIter, OwnedAccess};
pub(crate) use self::answers::{RoleAnswers, cells};
pub use self::audit::AuditRecord;
pub use self::denied::Denied;
pub use self::policy::Policy;
pub(crate) use self::role_source::{RoleSource, role_source};
pub(crate) use self::table::{RoleTable, TableView};
pub use self::target::{AsField, AsObject, AsPermission};

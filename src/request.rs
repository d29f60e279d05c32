//! Whole requests: a query with all that it uses, a write with all that it touches, a record as it may be shown.
//!
//! You need this module where a request names many fields at once. Describe the request as a [`Read`] or a [`Write`], then ask
//! [`check_read`](crate::Access::check_read) or [`check_write`](crate::Access::check_write).

mod denial;
mod field_names;
mod name_list;
mod path;
mod projection;
mod read;
mod requirement;
mod usage;
mod verdict;
mod write;

pub use self::denial::{DenialReason, DeniedPart, Malformed, RequestDenied, RequestDeniedKind};
pub use self::field_names::{FieldNames, FieldNamesError};
pub use self::projection::Visible;
pub use self::read::Read;
pub use self::requirement::PartAnswer;
pub use self::usage::Usage;
pub use self::verdict::{ReadVerdict, WriteVerdict};
pub use self::write::{Write, WriteKind};

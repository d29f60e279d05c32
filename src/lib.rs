//! In-process authorization for CRM back ends: roles, object rules and field rules, answered in nanoseconds and explained.
#![no_std]
#![doc(html_no_source)]

extern crate alloc;

mod access;
mod acting;
mod action;
mod audit;
mod draft;
mod effect;
mod excerpt;
mod explain;
mod format;
pub mod guide;
mod id;
mod keys;
mod limits;
mod lint;
mod names;
mod policy;
mod principal;
mod problem;
mod projection;
mod question;
mod request;
mod role;
pub mod sample;
mod schema;
mod serializer;
mod set;
mod workspace;

pub use access::{Access, FieldSet};
pub use acting::Acting;
pub use action::{Action, ActionSet};
pub use audit::AuditRecord;
pub use draft::{CellState, Draft, Inherited, Preview};
pub use effect::Effect;
pub use explain::{
    Bound, ConsultedGrant, ConsultedLevel, Denied, Explanation, GrantSource, LinkExplanation,
    Question, Reason, Remedy,
};
pub use format::Document;
pub use id::{FieldKey, ObjectKey, PermissionKey, RoleName};
pub use keys::{Keys, NoKeys};
pub use limits::{MAX_FIELDS, MAX_NAME_BYTES, MAX_OBJECTS, MAX_PERMISSIONS, MAX_PROBLEMS};
pub use lint::Lint;
pub use policy::Policy;
pub use principal::{InvalidPrincipal, Principal, PrincipalKind, PrincipalKinds};
pub use problem::{Named, Problem, ProblemKind};
pub use projection::Visible;
pub use question::{FieldName, ObjectName};
pub use request::{
    Answer, Cause, Denial, Flaw, MAX_PATH_FIELDS, Read, ReadVerdict, RequestDenied, Use, Write,
    WriteKind, WriteVerdict,
};
pub use role::{Cell, CellChange, FieldRule, InvalidCell, Level, ObjectRule, Role};
pub use schema::{
    Field, FieldId, InvalidSchema, Object, ObjectId, Permission, PermissionClass,
    PermissionClasses, Schema, SchemaBuilder, Writing,
};
pub use set::UnknownWord;
pub use workspace::{
    BatchError, Change, ChangeError, Event, GrantPolicy, GroupMapping, GroupTarget, HolderCounts,
    InvalidWorkspace, KeysWithoutRole, MAX_CELLS, Revision, RoleSummary, Workspace,
    WorkspaceBuilder,
};

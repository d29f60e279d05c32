//! In-process authorization for CRM back ends: roles, object rules and field rules, answered in nanoseconds and explained.
#![no_std]
#![doc(html_no_source)]

extern crate alloc;

mod access;
mod action;
mod effect;
mod explain;
mod format;
pub mod guide;
mod id;
mod keys;
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
pub use action::{Action, ActionSet};
pub use effect::Effect;
pub use explain::{
    Bound, ConsultedGrant, ConsultedLevel, Denied, Explanation, GrantSource, LinkExplanation,
    Question, Reason, Remedy,
};
pub use format::Document;
pub use id::{FieldKey, MAX_NAME_BYTES, ObjectKey, PermissionKey, RoleName};
pub use keys::{Keys, NoKeys};
pub use lint::Lint;
pub use policy::Policy;
pub use principal::{InvalidPrincipal, Principal, PrincipalKind, PrincipalKinds};
pub use problem::{MAX_PROBLEMS, Named, Problem, ProblemKind};
pub use projection::Visible;
pub use question::{FieldName, ObjectName};
pub use request::{
    Answer, Cause, Denial, Flaw, MAX_PATH_FIELDS, Read, ReadVerdict, RequestDenied, Use, Write,
    WriteKind, WriteVerdict,
};
pub use role::{FieldRule, Level, ObjectRule, Role};
pub use schema::{
    Field, FieldId, InvalidSchema, MAX_FIELDS, MAX_OBJECTS, MAX_PERMISSIONS, Object, ObjectId,
    Permission, PermissionClass, PermissionClasses, Schema, SchemaBuilder, Writing,
};
pub use set::UnknownWord;
pub use workspace::{InvalidWorkspace, KeysWithoutRole, Revision, Workspace, WorkspaceBuilder};

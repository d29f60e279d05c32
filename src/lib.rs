//! Authorization for CRM back ends, in process: roles with rules for objects and fields, compiled into tables and explained.
//!
//! # Example
//!
//! The Intern of the documentation sees all objects but opportunities, edits people, only sees their e-mail address,
//! and does not see where they live:
//!
//! ```
//! use rolegate::{Action, Change, FieldRule, ObjectRule, Principal, Role, Schema, Workspace};
//!
//! let schema = Schema::builder()
//!     .object("people", ["name", "email", "address"])
//!     .object("opportunities", ["name", "amount"])
//!     .build()?;
//! let intern = Role::new("Intern")
//!     .allow(Action::See)
//!     .rule("opportunities", ObjectRule::new().deny(Action::See))
//!     .rule("people", ObjectRule::new()
//!         .allow(Action::Edit)
//!         .field("email", FieldRule::SEE_ONLY)
//!         .field("address", FieldRule::NO_ACCESS));
//!
//! let mut workspace = Workspace::new(schema, "ada")?; // ada is the first Admin
//! workspace.apply(Change::create_role(intern))?;
//! workspace.apply(Change::add(Principal::member("tim")))?;
//! workspace.apply(Change::assign_role(Principal::member("tim"), "Intern"))?;
//!
//! let policy = workspace.compile(); // keep it in an `Arc`
//! let tim = policy.access(&Principal::member("tim")); // once for a request
//! assert!(tim.can(Action::Edit, "people", "name"));
//! assert!(!tim.can(Action::Edit, "people", "email"));
//! assert!(tim.fields(Action::See, "people").iter().eq(["name", "email"]));
//! assert_eq!(
//!     tim.require(Action::See, "opportunities", None).unwrap_err().to_string(),
//!     "`member:tim` may not `see` `opportunities`: the object rule of role `Intern` for `opportunities` denies `see`, \
//!      although the baseline allows it",
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The model
//!
//! - A **[`Role`]** allows actions on all objects (its baseline), with exceptions for objects and, inside these, for
//!   fields. The most specific setting decides. Nothing is allowed that no setting allows.
//! - A **[`Workspace`]** holds the schema, the roles, and which member, API key or agent has which role. One that exists
//!   is valid. It is built, or loaded from a [`Document`], and changed by [`Change`]s, which yield [`Event`]s.
//! - A **[`Policy`]** is a workspace compiled into tables. It never changes; after a change, compile again and swap.
//! - An **[`Access`]** is what one principal may do, resolved once for a request; or several, one on behalf of another,
//!   who may do what each of them may.
//! - An **[`Explanation`]** says of every answer which setting decided it. A check itself cannot fail: unknown names are
//!   denied.
//!
//! # What to read
//!
//! 1. [`guide::semantics`]: the words and the laws; the numbers L1, L2 and so on in this documentation are explained there.
//! 2. Asking: [`Policy`], [`Access`], [`FieldSet`], [`Denied`], [`Explanation`], [`AuditRecord`].
//!    Whole requests: [`Read`], [`Write`], [`Access::check_patch`], [`Access::visible`].
//! 3. Describing: [`Schema`], [`Role`], [`ObjectRule`], [`FieldRule`], [`WorkspaceBuilder`], [`Lint`]; or
//!    [`guide::format`](mod@guide::format), the same as a document.
//! 4. Changing: [`Change`], [`Workspace::apply`], [`Acting`], [`Draft`].
//! 5. [`guide::embedding`]: how a host puts these together; [`guide::architecture`]: how the crate is built.
//!
//! [`sample::workspace`] is a small workspace to try things on.
//!
//! The crate is `no_std` with `alloc`, has no features, no unsafe code, and needs Rust 1.85.
#![no_std]
#![doc(html_no_source)]

extern crate alloc;

mod access;
mod acting;
mod action;
mod audit;
mod column;
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
pub use limits::{
    MAX_DEPTH, MAX_FIELDS, MAX_NAME_BYTES, MAX_NESTING, MAX_OBJECTS, MAX_PERMISSIONS, MAX_PROBLEMS,
    MAX_VALUES,
};
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

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

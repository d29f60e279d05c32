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
//!    Whole requests: [`request::Read`], [`request::Write`], [`Access::check_patch`], [`Access::visible`].
//! 3. Describing: [`Schema`], [`Role`], [`ObjectRule`], [`FieldRule`], [`WorkspaceBuilder`], [`Lint`]; or
//!    [`guide::format`](mod@guide::format), the same as a document.
//! 4. Changing: [`Change`], [`Workspace::apply`], [`Acting`], [`Draft`].
//! 5. [`guide::embedding`]: how a host puts these together; [`guide::architecture`]: how the crate is built.
//!
//! [`sample::workspace`] is a small workspace to try things on.
//!
//! The crate is `no_std` with `alloc`, has no features, no unsafe code, and needs Rust 1.85.
#![no_std]

extern crate alloc;

pub mod administration;
mod format;
pub mod guide;
mod model;
pub mod policy;
pub mod request;
pub mod sample;
mod support;
pub mod workspace;

pub use self::model::{id, principal, problem, role, schema};
pub use self::policy::explanation;
pub use self::support::limits;

#[doc(inline)]
pub use self::administration::{Acting, Draft};
pub use self::format::Document;
pub use self::model::action::{Action, ActionSet};
pub use self::model::effect::Effect;
#[doc(inline)]
pub use self::model::id::{FieldKey, ObjectKey, PermissionKey, RoleName};
pub use self::model::lint::Lint;
#[doc(inline)]
pub use self::model::principal::{Principal, PrincipalKind};
#[doc(inline)]
pub use self::model::role::{Cell, FieldRule, ObjectRule, Role};
#[doc(inline)]
pub use self::model::schema::{
    Field, FieldId, InvalidSchema, Object, ObjectId, Permission, PermissionClass, PermissionId,
    Schema,
};
#[doc(inline)]
pub use self::policy::explanation::Explanation;
#[doc(inline)]
pub use self::policy::{Access, AuditRecord, Denied, FieldSet, OwnedAccess, Policy};
#[doc(inline)]
pub use self::request::{RequestDenied, Visible};
#[doc(inline)]
pub use self::workspace::{
    Change, ChangeError, Event, GroupMapping, InvalidWorkspace, Revision, Workspace,
    WorkspaceBuilder,
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

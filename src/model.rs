//! What can be said about a workspace: plain values, most of which check themselves.

pub(crate) mod action;
pub(crate) mod effect;
pub mod id;
pub(crate) mod lint;
pub mod principal;
pub mod problem;
pub(crate) mod problem_list;
pub mod role;
pub mod schema;

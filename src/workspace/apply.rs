//! What each change does to a copy of the workspace, and which events it yields: one file for each kind of change.

mod dispatch;
mod done;
mod objects;
mod options;
mod permissions;
mod principals;
mod roles;
mod schema;

pub(super) use self::dispatch::apply_to;

//! What the fuzz targets do with an input: the same as the tests do with the inputs that are kept.
#![allow(
    dead_code,
    unused_imports,
    reason = "the targets need less of these files than the tests"
)]

mod bridge;
mod changes;
mod dice;
mod inputs;
mod model;
mod projection;
mod reference;
mod request_worlds;
mod requests;

/// A document.
pub fn document(bytes: &[u8]) {
    inputs::document::check(bytes);
}

/// Changes of a workspace.
pub fn changes(bytes: &[u8]) {
    inputs::changes::check(bytes);
}

/// Whole requests, and records to show.
pub fn requests(bytes: &[u8]) {
    inputs::requests::check(bytes);
}

/// Edits of a role.
pub fn drafts(bytes: &[u8]) {
    inputs::drafts::check(bytes);
}

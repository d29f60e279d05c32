//! The guide: what the answers mean, how the crate is built, how a workspace is stored, and how a host embeds it.

#[doc = include_str!("guide/format.md")]
pub mod format {}

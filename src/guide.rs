//! The guide: what the answers mean, how a workspace is stored, how a host embeds the crate, and how it is built.
//!
//! Read [`semantics`] first: it defines the words that the other pages use. [`format`](mod@format) is for who writes
//! documents, [`embedding`] for who builds the crate into a back end, [`conformance`] for who must give the same answers in
//! another language, [`performance`] for what it costs, [`assurance`] for what is promised and how it is tested,
//! [`architecture`] for who changes it.

#[doc = include_str!("guide/semantics.md")]
pub mod semantics {}

#[doc = include_str!("guide/format.md")]
pub mod format {}

#[doc = include_str!("guide/json.md")]
pub mod json {}

#[doc = include_str!("guide/embedding.md")]
pub mod embedding {}

#[doc = include_str!("guide/conformance.md")]
pub mod conformance {}

#[doc = include_str!("guide/performance.md")]
#[doc = include_str!("guide/performance-table.md")]
#[doc = ""]
#[doc = include_str!("guide/performance.svg")]
pub mod performance {}

#[doc = include_str!("guide/assurance.md")]
pub mod assurance {}

#[doc = include_str!("guide/architecture.md")]
pub mod architecture {}

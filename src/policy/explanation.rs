//! Why an answer is what it is, as data and in sentences.
//!
//! You need this module to show reasons, or to store them. An [`Explanation`] names every setting that was consulted, the one that
//! decided, and what would have to change.

mod explanation;
mod link;
mod question;
mod reason;
mod remedy;
mod render;

pub use self::explanation::Explanation;
pub use self::link::{Binding, ConsultedGrant, ConsultedLevel, GrantSource, LinkExplanation};
pub use self::question::Question;
pub use self::reason::{Reason, ReasonKind};
pub use self::remedy::Remedy;
pub(crate) use self::render::Sentence;

//! What one setting at one level says.

use crate::support::word_set::string_enum;

/// What an object rule or a field rule says about one action.
///
/// Defaults to [`Inherit`](Effect::Inherit).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the three effects are the model; a fourth would change every answer"
)]
pub enum Effect {
    /// Say nothing: the next more general level decides (L1).
    #[default]
    Inherit,
    /// Allow, whatever more general levels say.
    Allow,
    /// Deny, whatever more general levels say.
    Deny,
}

string_enum!(Effect, "effect", {
    Inherit => "inherit",
    Allow => "allow",
    Deny => "deny",
});

impl Effect {
    /// What this level decides, given what the more general levels came to (L1).
    pub(crate) const fn over(self, inherited: bool) -> bool {
        match self {
            Self::Inherit => inherited,
            Self::Allow => true,
            Self::Deny => false,
        }
    }
}

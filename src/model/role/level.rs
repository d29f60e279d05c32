//! The levels at which a role speaks about records.

use crate::support::word_set::string_enum;

/// The levels at which a role says something about records, from general to specific (L1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the three levels are the model; a fourth would change every answer"
)]
pub enum Level {
    /// The effects on all objects.
    Baseline,
    /// The exception for one object.
    ObjectRule,
    /// The exception for one field, inside an object rule.
    FieldRule,
}

string_enum!(Level, "level", {
    Baseline => "baseline",
    ObjectRule => "object_rule",
    FieldRule => "field_rule",
});

impl Level {
    /// The level as it stands in a sentence.
    pub(crate) const fn in_words(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::ObjectRule => "object rule",
            Self::FieldRule => "field rule",
        }
    }
}

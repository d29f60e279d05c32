//! How text from outside is shown in a message.

use core::fmt;

use crate::limits::MAX_NAME_BYTES;

/// Renders the start of a text that may be enormous, with control characters escaped: a message stays one line, and
/// every well formed name is shown whole.
pub(crate) struct Excerpt<'a>(pub(crate) &'a str);

impl fmt::Display for Excerpt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars().take(MAX_NAME_BYTES) {
            if character.is_control() {
                write!(f, "{}", character.escape_default())?;
            } else {
                write!(f, "{character}")?;
            }
        }
        if self.0.chars().nth(MAX_NAME_BYTES).is_some() {
            f.write_str("…")?;
        }
        Ok(())
    }
}

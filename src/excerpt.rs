//! How text from outside is shown in a message.

use core::fmt;

use crate::limits::MAX_NAME_BYTES;

/// Renders the start of a text that may be enormous, with characters escaped that break a line or turn its direction: a
/// message stays one line that reads as it is written, and every well formed name is shown whole.
pub(crate) struct Excerpt<'a>(pub(crate) &'a str);

impl fmt::Display for Excerpt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_plain = self.0.len() <= MAX_NAME_BYTES && !self.0.chars().any(disturbs);
        if is_plain {
            return f.write_str(self.0);
        }
        for character in self.0.chars().take(MAX_NAME_BYTES) {
            if disturbs(character) {
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

/// Whether a character would do more to a message than stand in it.
fn disturbs(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

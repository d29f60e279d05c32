//! How text from outside is shown in a message.

use core::fmt;

use crate::support::limits::MAX_NAME_BYTES;

/// Renders the start of a text that may be enormous, with characters escaped that break a line or turn its direction: a
/// message stays one line that reads as it is written, and every well formed name is shown whole.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_plain = self.0.len() <= MAX_NAME_BYTES && !self.0.chars().any(disturbs);
        if is_plain {
            return f.write_str(self.0);
        }
        write_plain(f, self.0.chars().take(MAX_NAME_BYTES))?;
        if self.0.chars().nth(MAX_NAME_BYTES).is_some() {
            f.write_str("…")?;
        }
        Ok(())
    }
}

/// Writes a message whose texts are of any length: the same characters are escaped in all of it.
pub(crate) struct OneLine<'a, W>(pub(crate) &'a mut W);

impl<W: fmt::Write> fmt::Write for OneLine<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        write_plain(self.0, text.chars())
    }
}

fn write_plain(out: &mut impl fmt::Write, text: impl Iterator<Item = char>) -> fmt::Result {
    for character in text {
        if disturbs(character) {
            write!(out, "{}", character.escape_default())?;
        } else {
            out.write_char(character)?;
        }
    }
    Ok(())
}

/// Whether a character would do more to a message than stand in it.
fn disturbs(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

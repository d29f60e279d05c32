//! Documents are changed byte by byte, and word by word: nearly every change of a byte is an error of syntax.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

fuzz_target!(|bytes: &[u8]| rolegate_fuzz::document(bytes));

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    if seed % 4 == 0 {
        return fuzzer_mutate(data, size, max_size);
    }
    let mut dice = Dice(seed);
    let Some(text) = data.get(..size).and_then(|text| reworded(text, &mut dice)) else {
        return fuzzer_mutate(data, size, max_size);
    };
    let length = text.len().min(max_size);
    data[..length].copy_from_slice(&text[..length]);
    length
});

/// The words of the format, and some that nobody knows.
const WORDS: [&str; 73] = [
    "\"$schema\"",
    "\"version\"",
    "\"revision\"",
    "\"schema\"",
    "\"objects\"",
    "\"fields\"",
    "\"key\"",
    "\"label\"",
    "\"relation\"",
    "\"writing\"",
    "\"free\"",
    "\"read_only\"",
    "\"system\"",
    "\"bound_to_actions\"",
    "\"bound_to_permissions\"",
    "\"permissions\"",
    "\"class\"",
    "\"settings\"",
    "\"actions\"",
    "\"requires\"",
    "\"roles\"",
    "\"name\"",
    "\"admin\"",
    "\"description\"",
    "\"allow\"",
    "\"deny\"",
    "\"inherit\"",
    "\"see\"",
    "\"edit\"",
    "\"delete\"",
    "\"destroy\"",
    "\"see_only\"",
    "\"no_access\"",
    "\"all_access\"",
    "\"held_by\"",
    "\"member\"",
    "\"api_key\"",
    "\"agent\"",
    "\"default_role\"",
    "\"members\"",
    "\"api_keys\"",
    "\"agents\"",
    "\"group_mappings\"",
    "\"group\"",
    "\"role\"",
    "\"options\"",
    "\"api_keys_without_role\"",
    "\"denied\"",
    "\"grant_policy\"",
    "\"anything\"",
    "\"within_own_access\"",
    "\"workflows\"",
    "\"send_email\"",
    "\"Admin\"",
    "\"Member\"",
    "\"people\"",
    "\"email\"",
    "\"\"",
    "\" Admin  \"",
    "\"a.b\"",
    "\"\\u0000\"",
    "null",
    "true",
    "false",
    "0",
    "1",
    "2",
    "-1",
    "18446744073709551615",
    "1e400",
    "[]",
    "{}",
    "[[]]",
];

struct Dice(u32);

impl Dice {
    /// Xorshift, which is enough to pick.
    fn roll(&mut self, sides: usize) -> usize {
        self.0 |= u32::from(self.0 == 0);
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0 as usize % sides.max(1)
    }
}

/// The text with one piece replaced, removed or repeated elsewhere; none if there are no pieces.
fn reworded(text: &[u8], dice: &mut Dice) -> Option<Vec<u8>> {
    let pieces = pieces(text);
    let from = *pieces.get(dice.roll(pieces.len()))?;
    let to = *pieces.get(dice.roll(pieces.len()))?;
    let other = &text[from.0..from.1];
    let new = match dice.roll(8) {
        0..4 => replaced(text, to, WORDS[dice.roll(WORDS.len())].as_bytes()),
        4 => replaced(text, to, other),
        5 => replaced(text, to, &[&text[to.0..to.1], b",", other].concat()),
        6 => {
            let word = WORDS[dice.roll(WORDS.len())].as_bytes();
            replaced(
                text,
                to,
                &[word, b":", other, b",", &text[to.0..to.1]].concat(),
            )
        }
        _ => {
            let end = to.1 + usize::from(text.get(to.1) == Some(&b','));
            replaced(text, (to.0, end), b"")
        }
    };
    Some(new)
}

fn replaced(text: &[u8], (start, end): (usize, usize), by: &[u8]) -> Vec<u8> {
    [&text[..start], by, &text[end..]].concat()
}

/// Where each word, quoted text, list and map begins and ends.
fn pieces(text: &[u8]) -> Vec<(usize, usize)> {
    let mut pieces = Vec::new();
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let start = at;
        at += 1;
        match byte {
            b'"' => {
                while text.get(at).is_some_and(|byte| *byte != b'"') {
                    at += 1 + usize::from(text[at] == b'\\');
                }
                at = (at + 1).min(text.len());
                pieces.push((start, at));
            }
            b'{' | b'[' => open.push(start),
            b'}' | b']' => pieces.extend(open.pop().map(|start| (start, at))),
            _ if byte.is_ascii_alphanumeric() || byte == b'_' => {
                while text.get(at).is_some_and(u8::is_ascii_alphanumeric) {
                    at += 1;
                }
                pieces.push((start, at));
            }
            _ => {}
        }
    }
    pieces
}

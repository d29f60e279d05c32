//! Which names people can take for one another, although they are different byte for byte.
//!
//! The table is our own, and not the Unicode Consortium's (UTS 39, in the crate `unicode-security`), for three reasons:
//!
//! - UTS 39 answers another question. Its skeleton keeps accents and case, and maps letters that fonts draw alike, such as
//!   `rn` and `m`, or `l`, `I` and `1`. Here `Résumé` and `resume` count as alike, since people take them for one name, while
//!   `rn` against `m` would warn about ordinary English words. Both would have to be put on top of a skeleton, and then
//!   most of this file would still be here.
//! - Its table has more than six thousand entries, for scripts that a workspace rarely mixes, and brings two more crates
//!   of Unicode tables with it (normalization, scripts). The lint warns; no answer depends on it.
//! - Its table grows with each version of Unicode, so that an update of a dependency would change which lints a stored
//!   workspace has. This one changes only with this crate.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

/// Each name that looks like one before it, with that one.
pub(super) fn confusables<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<(&'a str, &'a str)> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let mut found = Vec::new();
    for name in names {
        let look = look(name);
        match seen.get(&look) {
            Some(first) => found.push((*first, name)),
            None => {
                seen.insert(look, name);
            }
        }
    }
    found
}

/// What is left of a name for the eye: without what cannot be seen, accents and case, and with letters of other scripts as
/// the Latin ones that they look like.
fn look(name: &str) -> String {
    name.chars()
        .filter(|character| !is_unseen(*character))
        .map(latin)
        .flat_map(char::to_lowercase)
        .collect()
}

/// Marks that are put on other letters, and what has no width or only says how to write.
fn is_unseen(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{180b}'..='\u{180f}'
        | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{20d0}'..='\u{20ff}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

/// The letter without its accent, and the Latin letter that a Cyrillic, Greek or wide one looks like.
fn latin(character: char) -> char {
    match character {
        'À'..='Å' | 'à'..='å' | 'Ā'..='ą' | 'Α' | 'А' | 'а' | 'α' => 'a',
        'Β' | 'В' => 'b',
        'Ç' | 'ç' | 'Ć'..='č' | 'С' | 'с' => 'c',
        'Ď'..='đ' | 'ԁ' => 'd',
        'È'..='Ë' | 'è'..='ë' | 'Ē'..='ě' | 'Ε' | 'Е' | 'е' | 'Ё' | 'ё' => 'e',
        'Ĝ'..='ģ' => 'g',
        'Ĥ'..='ħ' | 'Η' | 'Н' | 'һ' => 'h',
        'Ì'..='Ï' | 'ì'..='ï' | 'Ĩ'..='ı' | 'Ι' | 'ι' | 'І' | 'і' | 'Ї' | 'ї' => 'i',
        'Ĵ' | 'ĵ' | 'Ј' | 'ј' => 'j',
        'Ķ'..='ĸ' | 'Κ' | 'κ' | 'К' | 'к' => 'k',
        'Ĺ'..='ł' => 'l',
        'Μ' | 'М' | 'м' => 'm',
        'Ñ' | 'ñ' | 'Ń'..='ň' | 'Ν' => 'n',
        'Ò'..='Ö' | 'ò'..='ö' | 'Ō'..='ő' | 'Ο' | 'ο' | 'О' | 'о' => 'o',
        'Ρ' | 'ρ' | 'Р' | 'р' => 'p',
        'ԛ' => 'q',
        'Ŕ'..='ř' => 'r',
        'Ś'..='š' | 'Ѕ' | 'ѕ' => 's',
        'Ţ'..='ŧ' | 'Τ' | 'τ' | 'Т' | 'т' => 't',
        'Ù'..='Ü' | 'ù'..='ü' | 'Ũ'..='ų' => 'u',
        'ν' | 'ѵ' => 'v',
        'Ŵ' | 'ŵ' | 'ԝ' => 'w',
        'Χ' | 'χ' | 'Х' | 'х' => 'x',
        'Ý' | 'ý' | 'ÿ' | 'Ŷ'..='Ÿ' | 'Υ' | 'У' | 'у' => 'y',
        'Ź'..='ž' | 'Ζ' => 'z',
        // The wide letters stand in the order of ASCII.
        '！'..='～' => {
            let ascii = u32::from(character).saturating_sub(0xfee0);
            char::from_u32(ascii).unwrap_or(character)
        }
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::{confusables, look};

    #[test]
    fn what_looks_alike_has_one_look() {
        for (name, other) in [
            ("Admin", "admin"),
            ("Admin", "\u{410}dmin"),
            ("people", "\u{440}\u{435}\u{43e}\u{440}le"),
            ("people", "peo\u{200b}ple"),
            ("people", "people\u{feff}"),
            ("people", "\u{202e}people"),
            ("people", "\u{ff50}\u{ff45}ople"),
            ("caf\u{e9}", "cafe\u{301}"),
            ("\u{130}", "i"),
            ("Sales", "\u{405}ales"),
        ] {
            assert_eq!(look(name), look(other), "{name:?} {other:?}");
        }
        for (name, other) in [
            ("people", "peoples"),
            ("f1", "f2"),
            ("a_b", "a-b"),
            ("Sales", "Sale s"),
            ("\u{65e5}", "\u{672c}"),
            ("", "a"),
        ] {
            assert_ne!(look(name), look(other), "{name:?} {other:?}");
        }
    }

    #[test]
    fn every_letter_of_the_table_looks_latin() {
        for (letter, others) in [
            ("a", "ÀÅàåĀąΑАаα"),
            ("b", "ΒВ"),
            ("c", "ÇçĆčСс"),
            ("d", "Ďđԁ"),
            ("e", "ÈËèëĒěΕЕеЁё"),
            ("g", "Ĝģ"),
            ("h", "ĤħΗНһ"),
            ("i", "ÌÏìïĨıΙιІіЇї"),
            ("j", "ĴĵЈј"),
            ("k", "ĶĸΚκКк"),
            ("l", "Ĺł"),
            ("m", "ΜМм"),
            ("n", "ÑñŃňΝ"),
            ("o", "ÒÖòöŌőΟοОо"),
            ("p", "ΡρРр"),
            ("q", "ԛ"),
            ("r", "Ŕř"),
            ("s", "ŚšЅѕ"),
            ("t", "ŢŧΤτТт"),
            ("u", "ÙÜùüŨų"),
            ("v", "νѵ"),
            ("w", "Ŵŵԝ"),
            ("x", "ΧχХх"),
            ("y", "ÝýÿŶŸΥУу"),
            ("z", "ŹžΖ"),
            ("!", "\u{ff01}"),
            ("~", "\u{ff5e}"),
        ] {
            for other in others.chars() {
                assert_eq!(super::latin(other).to_string(), letter, "{other}");
            }
        }
    }

    #[test]
    fn what_cannot_be_seen_is_left_out() {
        for unseen in "\u{ad}\u{300}\u{36f}\u{61c}\u{115f}\u{180e}\u{1ab0}\u{1dc0}\u{200b}\u{200f}\u{202a}\u{2060}\u{20d0}\u{3164}\u{fe00}\u{fe20}\u{feff}\u{ffa0}\u{e0001}".chars()
        {
            assert_eq!(look(&alloc::format!("a{unseen}b")), "ab", "{unseen:?}");
        }
    }

    #[test]
    fn each_is_reported_once_with_the_first() {
        let found = confusables(["a", "b", "A", "B ", "\u{430}", "c"]);
        assert_eq!(found, [("a", "A"), ("a", "\u{430}")]);
    }
}

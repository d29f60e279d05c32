//! What was written, before anybody knows what it means: nothing dropped, nothing merged.
//!
//! Maps keep repeated keys, which serde's own maps would silently drop: in an authorization document that is a hole.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::support::limits::{MAX_DEPTH, MAX_VALUES};
use crate::support::serializer::NUMBER;

/// Any value of a self-describing format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tree {
    Null,
    Bool(bool),
    Integer(i128),
    Number(Number),
    Text(String),
    List(Vec<Tree>),
    /// In the order written, repeated keys and all.
    Map(Vec<(String, Tree)>),
}

/// A number that is not whole, which has no meaning in a document: kept so that it is written again as it was. Equal is
/// what is written alike.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Number(f64);

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Eq for Number {}

impl Number {
    /// The number that a map is, if the format made it: `serde_json` hands numbers over as such maps, see [`NUMBER`].
    fn as_map(map: &[(String, Tree)]) -> Option<Tree> {
        let [(key, Tree::Text(digits))] = map else {
            return None;
        };
        if key != NUMBER {
            return None;
        }
        let whole = digits.parse().map(Tree::Integer);
        let any = || digits.parse().map(|value| Tree::Number(Self(value)));
        whole.ok().or_else(|| any().ok())
    }
}

impl Tree {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// What it is, for a message.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Null => "nothing".to_owned(),
            Self::Bool(value) => alloc::format!("`{value}`"),
            Self::Integer(value) => alloc::format!("`{value}`"),
            Self::Number(Number(value)) => alloc::format!("`{value}`"),
            Self::Text(value) => {
                alloc::format!("the text `{}`", crate::support::escape::Escaped(value))
            }
            Self::List(_) => "a list".to_owned(),
            Self::Map(_) => "a map".to_owned(),
        }
    }
}

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Integer(value) => match i64::try_from(*value) {
                Ok(value) => serializer.serialize_i64(value),
                Err(_) => match u64::try_from(*value) {
                    Ok(value) => serializer.serialize_u64(value),
                    Err(_) => serializer.serialize_i128(*value),
                },
            },
            // JSON would write nothing in its place, which means something.
            Self::Number(Number(value)) if !value.is_finite() => Err(S::Error::custom(
                format_args!("`{value}` is no number that every format has"),
            )),
            Self::Number(Number(value)) => serializer.serialize_f64(*value),
            Self::Text(value) => serializer.serialize_str(value),
            Self::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(item)?;
                }
                list.end()
            }
            Self::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut left = MAX_VALUES;
        let reader = TreeReader {
            depth: 0,
            left: &mut left,
            is_handed_over: &mut false,
        };
        reader.deserialize(deserializer)
    }
}

/// Reads one value, within what is left of the limits.
struct TreeReader<'a> {
    depth: usize,
    left: &'a mut usize,
    /// Whether the value is text that the format hands over, as it does with what it made itself.
    is_handed_over: &'a mut bool,
}

impl TreeReader<'_> {
    /// The reader of the next value inside this one.
    fn inner<'r, E: Error>(
        &'r mut self,
        is_handed_over: &'r mut bool,
    ) -> Result<TreeReader<'r>, E> {
        if self.depth >= MAX_DEPTH {
            return Err(E::custom(format_args!(
                "lists and maps nest deeper than {MAX_DEPTH} levels"
            )));
        }
        Ok(TreeReader {
            depth: self.depth + 1,
            left: self.left,
            is_handed_over,
        })
    }
}

impl<'de> DeserializeSeed<'de> for TreeReader<'_> {
    type Value = Tree;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        // Which bounds the memory that reading a document takes.
        *self.left = self.left.checked_sub(1).ok_or_else(|| {
            D::Error::custom(format_args!("there are more than {MAX_VALUES} values"))
        })?;
        deserializer.deserialize_any(self)
    }
}

/// A key, and whether the format lent it.
struct Key {
    name: String,
    is_borrowed: bool,
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(KeyReader)
    }
}

struct KeyReader;

impl<'de> Visitor<'de> for KeyReader {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }

    fn visit_str<E>(self, name: &str) -> Result<Key, E> {
        Ok(Key {
            name: name.to_owned(),
            is_borrowed: false,
        })
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Key, E> {
        Ok(Key {
            name: name.to_owned(),
            is_borrowed: true,
        })
    }

    fn visit_string<E>(self, name: String) -> Result<Key, E> {
        Ok(Key {
            name,
            is_borrowed: false,
        })
    }
}

impl<'de> Visitor<'de> for TreeReader<'_> {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, a number, true, false, a list or a map")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Integer(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Integer(value.into()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Tree, E> {
        Ok(Tree::Integer(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Number(Number(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Tree, E> {
        *self.is_handed_over = true;
        Ok(Tree::Text(value))
    }

    fn visit_none<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self.inner(&mut false)?)? {
            list.push(item);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<Tree, A::Error> {
        let mut map = Vec::new();
        let (mut is_lent, mut is_handed_over) = (false, false);
        while let Some(Key { name, is_borrowed }) = entries.next_key()? {
            is_lent = is_borrowed;
            map.push((
                name,
                entries.next_value_seed(self.inner(&mut is_handed_over)?)?,
            ));
        }
        // Formats lend what is written, or copy it. A lent key with text that is handed over is none that was written.
        let Some(number) = Number::as_map(&map).filter(|_| is_lent && is_handed_over) else {
            return Ok(Tree::Map(map));
        };
        // Its digits were counted as a value of their own.
        *self.left += 1;
        Ok(number)
    }
}

#[cfg(test)]
mod tests {
    use alloc::borrow::ToOwned;
    use alloc::string::String;

    use serde::Deserialize;
    use serde::de::IntoDeserializer;
    use serde::de::value::{BorrowedStrDeserializer, Error, MapDeserializer};

    use crate::support::serializer::NUMBER;

    use super::{Number, Tree};

    fn read<'de, K, V>(entries: impl IntoIterator<Item = (K, V)>) -> Tree
    where
        K: IntoDeserializer<'de, Error>,
        V: IntoDeserializer<'de, Error>,
    {
        Tree::deserialize(MapDeserializer::new(entries.into_iter())).unwrap_or(Tree::Null)
    }

    fn lent(key: &str) -> BorrowedStrDeserializer<'_, Error> {
        BorrowedStrDeserializer::new(key)
    }

    fn map<const N: usize>(entries: [(&str, &str); N]) -> Tree {
        let entries = entries.map(|(key, value)| (key.to_owned(), Tree::text(value)));
        Tree::Map(entries.into())
    }

    #[test]
    fn a_map_is_a_number_only_as_serde_json_hands_it_over() {
        let digits = |digits: &str| read([(lent(NUMBER), digits.to_owned())]);
        assert_eq!(digits("1"), Tree::Integer(1));
        assert_eq!(digits("-7"), Tree::Integer(-7));
        assert_eq!(digits("1.5"), Tree::Number(Number(1.5)));
        let written = map([(NUMBER, "1")]);
        assert_eq!(read([(lent(NUMBER), "1")]), written);
        assert_eq!(read([(NUMBER.to_owned(), String::from("1"))]), written);
        assert_eq!(read([(NUMBER, String::from("1"))]), written);
        assert_eq!(digits("x"), map([(NUMBER, "x")]));
        assert_eq!(
            read([(lent("version"), String::from("1"))]),
            map([("version", "1")])
        );
        let twice = [NUMBER, NUMBER].map(|key| (lent(key), String::from("1")));
        assert_eq!(read(twice), map([(NUMBER, "1"), (NUMBER, "1")]));
    }
}

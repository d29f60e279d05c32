//! Which of a few known things are chosen: sets over small enums, as bits.

/// Makes a set type over an enum that has `ALL` and fewer than eight variants.
macro_rules! enum_set {
    ($(#[$doc:meta])* $set:ident of $item:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $set(u8);

        impl $set {
            /// The set of none.
            pub const EMPTY: Self = Self(0);

            /// The set of all, in the order of the enum.
            pub const ALL: Self = Self((1 << $item::ALL.len()) - 1);

            /// Whether `item` is in the set.
            pub const fn contains(self, item: $item) -> bool {
                self.0 & (1 << item as u8) != 0
            }

            /// The set with `item` in it.
            #[must_use]
            pub const fn with(self, item: $item) -> Self {
                Self(self.0 | (1 << item as u8))
            }

            /// The set without `item`.
            #[must_use]
            pub const fn without(self, item: $item) -> Self {
                Self(self.0 & !(1 << item as u8))
            }

            /// Whether nothing is in the set.
            pub const fn is_empty(self) -> bool {
                self.0 == 0
            }

            /// What is in the set, in the order of the enum.
            pub fn iter(self) -> impl Iterator<Item = $item> {
                $item::ALL.into_iter().filter(move |item| self.contains(*item))
            }
        }

        impl FromIterator<$item> for $set {
            fn from_iter<I: IntoIterator<Item = $item>>(items: I) -> Self {
                items.into_iter().fold(Self::EMPTY, Self::with)
            }
        }

        impl Extend<$item> for $set {
            fn extend<I: IntoIterator<Item = $item>>(&mut self, items: I) {
                *self |= items.into_iter().collect::<Self>();
            }
        }

        impl From<$item> for $set {
            fn from(item: $item) -> Self {
                Self::EMPTY.with(item)
            }
        }

        impl IntoIterator for $set {
            type Item = $item;
            type IntoIter =
                core::iter::Flatten<core::array::IntoIter<Option<$item>, { $item::ALL.len() }>>;

            fn into_iter(self) -> Self::IntoIter {
                let items = $item::ALL.map(|item| self.contains(item).then_some(item));
                items.into_iter().flatten()
            }
        }

        impl IntoIterator for &$set {
            type Item = $item;
            type IntoIter = <$set as IntoIterator>::IntoIter;

            fn into_iter(self) -> Self::IntoIter {
                (*self).into_iter()
            }
        }

        impl core::ops::BitOr for $set {
            type Output = Self;

            /// The set of what is in either.
            fn bitor(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }
        }

        impl core::ops::BitOr<$item> for $set {
            type Output = Self;

            /// The set with `item` in it.
            fn bitor(self, item: $item) -> Self {
                self.with(item)
            }
        }

        impl core::ops::BitOr<$set> for $item {
            type Output = $set;

            /// The set with this in it.
            fn bitor(self, set: $set) -> $set {
                set.with(self)
            }
        }

        impl core::ops::BitOr for $item {
            type Output = $set;

            /// The set of the two.
            fn bitor(self, other: Self) -> $set {
                $set::EMPTY.with(self).with(other)
            }
        }

        impl core::ops::BitOrAssign for $set {
            fn bitor_assign(&mut self, other: Self) {
                *self = *self | other;
            }
        }

        impl core::ops::BitOrAssign<$item> for $set {
            fn bitor_assign(&mut self, item: $item) {
                *self = *self | item;
            }
        }

        impl core::fmt::Debug for $set {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_set().entries(self.iter()).finish()
            }
        }

        impl serde::Serialize for $set {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_seq(self.iter())
            }
        }

        impl<'de> serde::Deserialize<'de> for $set {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let items = alloc::vec::Vec::<$item>::deserialize(deserializer)?;
                items.into_iter().try_fold(Self::EMPTY, |set, item| {
                    if set.contains(item) {
                        return Err(serde::de::Error::custom(format_args!(
                            "`{item}` is there already; each may appear once"
                        )));
                    }
                    Ok(set.with(item))
                })
            }
        }
    };
}

/// Gives an enum of unit variants its text, one word each: `ALL`, `as_str`, `Display`, `FromStr` and serde.
macro_rules! string_enum {
    ($item:ident, $what:literal, { $($variant:ident => $word:literal),+ $(,)? }) => {
        impl $item {
            /// Every one, in order.
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$variant),+];

            /// The word for it in documents and messages.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl core::fmt::Display for $item {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl core::str::FromStr for $item {
            type Err = crate::support::word_set::UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(crate::support::word_set::UnknownWord {
                        what: $what,
                        word: text.into(),
                        allowed: &[$($word),+],
                    }),
                }
            }
        }

        impl serde::Serialize for $item {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $item {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                alloc::borrow::Cow::<'de, str>::deserialize(deserializer)?
                    .parse()
                    .map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use {enum_set, string_enum};

use alloc::string::String;
use core::fmt;

/// The error of reading a word that is not one of a few known ones.
///
/// ```
/// use rolegate::Action;
///
/// let error = "read".parse::<Action>().unwrap_err();
/// assert_eq!(error.to_string(), "unknown action `read`; it is one of `see`, `edit`, `delete`, `destroy`");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct UnknownWord {
    pub(crate) what: &'static str,
    pub(crate) word: String,
    pub(crate) allowed: &'static [&'static str],
}

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "unknown {} `{}`; it is one of ",
            self.what,
            crate::support::escape::Escaped(&self.word)
        )?;
        for (position, word) in self.allowed.iter().enumerate() {
            if position > 0 {
                f.write_str(", ")?;
            }
            write!(f, "`{word}`")?;
        }
        Ok(())
    }
}

impl core::error::Error for UnknownWord {}

crate::support::debug_is_display::debug_is_display!(UnknownWord);

//! Which names there are: of objects, fields, workspace permissions and roles.
//!
//! A name is plain text here. The two gates, [`Schema`](crate::Schema) and [`Workspace`](crate::Workspace), refuse
//! names that are malformed or unknown. So there are two ways to make a name:
//!
//! - `From<&str>` takes any text. Use it to ask: a question about a name that cannot exist has an answer, and it is no.
//!   `TryFrom<&str>` exists because `From` does, and therefore never fails.
//! - `FromStr` checks the form. Use it for text that someone typed: `text.parse::<ObjectKey>()?` gives the error early.
//!
//! ```
//! use rolegate::{FieldKey, ObjectKey, RoleName};
//!
//! assert_eq!("people".parse(), Ok(ObjectKey::from("people")));
//! let error = "first name".parse::<FieldKey>().unwrap_err();
//! assert!(error.to_string().starts_with("`first name` is not a key; a key has 1 to 255 bytes"));
//! assert_eq!("  Read  only ".parse(), Ok(RoleName::from("Read only")));
//! assert!("   ".parse::<RoleName>().is_err());
//! ```

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::sync::Arc;
use core::borrow::Borrow;
use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::support::debug_is_display::debug_is_display;
use crate::support::escape::Escaped;
use crate::support::limits::MAX_NAME_BYTES;

/// Makes a newtype over shared text, so that cloning a name never allocates.
macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $from:expr, $is_well_formed:ident or $error:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            /// Takes any text, also one that is malformed; [`FromStr`] checks it.
            fn from(text: &str) -> Self {
                let shape: fn(&str) -> Arc<str> = $from;
                Self(shape(text))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl From<&String> for $name {
            fn from(text: &String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl From<&$name> for $name {
            fn from(name: &$name) -> Self {
                name.clone()
            }
        }

        impl FromStr for $name {
            type Err = $error;

            /// Reads a well formed name.
            ///
            /// # Errors
            ///
            /// When the name is malformed. It says nothing about names that are well formed and unknown.
            fn from_str(text: &str) -> Result<Self, $error> {
                let name = Self::from(text);
                if $is_well_formed(name.as_str()) {
                    Ok(name)
                } else {
                    Err($error(text.into()))
                }
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                &*self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                &*self.0 == *other
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&*self.0, f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(Self::from(&*Cow::<'de, str>::deserialize(deserializer)?))
            }
        }
    };
}

name! {
    /// The stable name of an object, such as `people`.
    ///
    /// Well formed keys have 1 to [`MAX_NAME_BYTES`] bytes and no white space, control characters or dots; a
    /// [`Schema`](crate::Schema) takes no others. Compared byte for byte.
    ObjectKey, |text| Arc::from(text), is_key or InvalidKey
}

name! {
    /// The stable name of a field of an object, such as `email`.
    ///
    /// Well formed as an [`ObjectKey`] is. Compared byte for byte.
    FieldKey, |text| Arc::from(text), is_key or InvalidKey
}

name! {
    /// The stable name of a workspace permission, such as `send_email`.
    ///
    /// Well formed as an [`ObjectKey`] is. Compared byte for byte.
    PermissionKey, |text| Arc::from(text), is_key or InvalidKey
}

name! {
    /// The name of a role, which is also its identity within a workspace.
    ///
    /// White space at the ends is trimmed and inner white space collapsed to single spaces (L20); apart from that, names
    /// are compared byte for byte. A [`Workspace`](crate::Workspace) takes names of 1 to [`MAX_NAME_BYTES`] bytes without
    /// control characters.
    ///
    /// ```
    /// use rolegate::RoleName;
    ///
    /// assert_eq!(RoleName::from("  Finance \t auditor "), "Finance auditor");
    /// assert_ne!(RoleName::from("finance auditor"), "Finance auditor");
    /// ```
    RoleName, |text| {
        let mut name = String::with_capacity(text.len());
        for word in text.split_whitespace() {
            if !name.is_empty() {
                name.push(' ');
            }
            name.push_str(word);
        }
        Arc::from(name)
    }, is_name or InvalidRoleName
}

/// The error of reading a key of an object, field or workspace permission from text that is malformed.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` is not a key; a key has 1 to {MAX_NAME_BYTES} bytes without white space, control characters or dots",
    Escaped(.0)
)]
pub struct InvalidKey(String);

/// The error of reading a role name from text that is malformed.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "malformed role name `{}`; it has 1 to {MAX_NAME_BYTES} bytes without control characters",
    Escaped(.0)
)]
pub struct InvalidRoleName(String);

/// Whether `text` is a well formed key of an object, field or workspace permission.
pub(crate) fn is_key(text: &str) -> bool {
    is_name(text)
        && !text
            .chars()
            .any(|character| character.is_whitespace() || character == '.')
}

/// Whether `text` is a well formed role name or principal id.
pub(crate) fn is_name(text: &str) -> bool {
    (1..=MAX_NAME_BYTES).contains(&text.len()) && !text.chars().any(char::is_control)
}

debug_is_display!(InvalidKey);
debug_is_display!(InvalidRoleName);

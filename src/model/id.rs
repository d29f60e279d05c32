//! Which names there are: of objects, fields, workspace permissions and roles.
//!
//! A name is plain text here. The two gates, [`Schema`](crate::Schema) and [`Workspace`](crate::Workspace), refuse
//! names that are malformed or unknown.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::sync::Arc;
use core::borrow::Borrow;
use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::support::limits::MAX_NAME_BYTES;

/// Makes a newtype over shared text, so that cloning a name never allocates.
macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $from:expr) => {
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
    ObjectKey, |text| Arc::from(text)
}

name! {
    /// The stable name of a field of an object, such as `email`.
    ///
    /// Well formed as an [`ObjectKey`] is. Compared byte for byte.
    FieldKey, |text| Arc::from(text)
}

name! {
    /// The stable name of a workspace permission, such as `send_email`.
    ///
    /// Well formed as an [`ObjectKey`] is. Compared byte for byte.
    PermissionKey, |text| Arc::from(text)
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
    }
}

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

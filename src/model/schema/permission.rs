//! A named right that is not about records, and its class.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use crate::model::id::PermissionKey;
use crate::support::word_set::{enum_set, string_enum};

/// The two classes of workspace permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a host's match should break when a class is added"
)]
pub enum PermissionClass {
    /// Rights over the settings of the workspace, such as `roles` or `api_keys`.
    Settings,
    /// Rights to general actions, such as `send_email` or `export_csv`.
    Actions,
}

string_enum!(PermissionClass, "class of workspace permissions", {
    Settings => "settings",
    Actions => "actions",
});

enum_set! {
    /// A set of classes, such as those whose *all access* switch a role has on (L11).
    PermissionClasses of PermissionClass
}

/// A named right that is not about records.
///
/// ```
/// use rolegate::Permission;
///
/// let billing = Permission::settings("billing").with_requirement("workspace");
/// assert_eq!(billing.requirements().len(), 1);
/// ```
#[must_use = "it is plain data, and changes nothing until a workspace takes it"]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    pub(super) key: PermissionKey,
    pub(super) class: PermissionClass,
    pub(super) label: Option<String>,
    pub(super) requirements: BTreeSet<PermissionKey>,
}

impl Permission {
    /// The permission with that key, of that class, requiring no other.
    pub fn new(class: PermissionClass, key: impl Into<PermissionKey>) -> Self {
        Self {
            key: key.into(),
            class,
            label: None,
            requirements: BTreeSet::new(),
        }
    }

    /// A permission of the class [`Settings`](PermissionClass::Settings).
    pub fn settings(key: impl Into<PermissionKey>) -> Self {
        Self::new(PermissionClass::Settings, key)
    }

    /// A permission of the class [`Actions`](PermissionClass::Actions).
    pub fn action(key: impl Into<PermissionKey>) -> Self {
        Self::new(PermissionClass::Actions, key)
    }

    /// The documented permissions, in order.
    ///
    /// Settings: `api_keys`, `workspace`, `roles`, `data_model`, `security`, `workflows`, `workspace_members`. Actions:
    /// `send_email`, `import_csv`, `export_csv`, and `trigger_workflows`, which requires `workflows` (L12).
    pub fn documented() -> Vec<Self> {
        let settings = [
            "api_keys",
            "workspace",
            "roles",
            "data_model",
            "security",
            "workflows",
            "workspace_members",
        ];
        let actions = ["send_email", "import_csv", "export_csv"];
        settings
            .map(Self::settings)
            .into_iter()
            .chain(actions.map(Self::action))
            .chain([Self::action("trigger_workflows").with_requirement("workflows")])
            .collect()
    }

    /// Sets the text that people read. Defaults to none.
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Says that who uses this permission must have that one too (L12).
    pub fn with_requirement(mut self, permission: impl Into<PermissionKey>) -> Self {
        self.requirements.insert(permission.into());
        self
    }

    /// The stable name of the permission.
    #[must_use]
    pub fn key(&self) -> &PermissionKey {
        &self.key
    }

    /// Which class it is of.
    #[must_use]
    pub fn class(&self) -> PermissionClass {
        self.class
    }

    /// The text that people read, if it has one.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    /// The permissions that it requires, sorted by key.
    #[must_use]
    pub fn requirements(&self) -> &BTreeSet<PermissionKey> {
        &self.requirements
    }
}

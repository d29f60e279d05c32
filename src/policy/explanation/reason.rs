//! What decided an answer.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::model::action::Action;
use crate::model::role::Level;
use crate::model::schema::PermissionClass;

/// What decided an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "because", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Reason {
    /// There is no such principal (L6).
    UnknownPrincipal,
    /// There is no such object (L6).
    UnknownObject {
        /// The name as asked.
        object: String,
    },
    /// The object has no such field (L6).
    UnknownField {
        /// The object.
        object: String,
        /// The name as asked.
        field: String,
    },
    /// There is no such workspace permission (L6).
    UnknownPermission {
        /// The name as asked.
        permission: String,
    },
    /// The handle was resolved in another schema, or for a field of another object (L28).
    StaleHandle,
    /// The principal has no role, and so nothing (L21, L22).
    NoRole,
    /// Fields can be seen and edited, not deleted or destroyed (L5).
    FieldsHaveTwoActions {
        /// What was asked.
        action: Action,
    },
    /// Nobody writes the field, since its value comes from elsewhere (L37).
    ReadOnly,
    /// Nobody writes the field, since the host itself keeps it (L37).
    System,
    /// The cascade allows it, but writing the field needs something else that is denied (L37): see
    /// [`bound`](crate::explanation::LinkExplanation::bound).
    Bound,
    /// The role is Admin, which allows everything in the schema (L13).
    Admin,
    /// A level of the cascade (L1). If the answer is no and the action is See though another was asked, See came first (L3).
    Decided {
        /// The action that the level decided.
        action: Action,
        /// The level.
        level: Level,
    },
    /// The *all access* switch of the permission's class is on (L11).
    AllAccess {
        /// The class.
        class: PermissionClass,
    },
    /// The permission is granted one by one (L11).
    Granted,
    /// A permission is not granted (L11).
    NotGranted {
        /// The one that is missing: the one that was asked about, or one that it requires (L12).
        permission: String,
    },
}

//! The options of a workspace.

use crate::support::word_set::string_enum;

/// What an API key without a role may do (L21).
///
/// Defaults to [`DefaultRole`](KeysWithoutRole::DefaultRole), as documented. A workspace that wants to be strict chooses
/// [`Denied`](KeysWithoutRole::Denied).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[non_exhaustive]
pub enum KeysWithoutRole {
    /// What the default role allows, if API keys may hold it, else nothing.
    #[default]
    DefaultRole,
    /// Nothing.
    Denied,
}

string_enum!(KeysWithoutRole, "access of API keys without a role", {
    DefaultRole => "default_role",
    Denied => "denied",
});

/// Whether an acting principal may hand out more than it holds.
///
/// Defaults to [`Anything`](GrantPolicy::Anything).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[non_exhaustive]
pub enum GrantPolicy {
    /// Who may change roles may hand out everything but Admin (L27).
    #[default]
    Anything,
    /// Nobody but who holds Admin hands out an answer that is not theirs, nor removes from the schema an object, field or
    /// permission of which they lack an answer. (Added anew, it would be without the rules about it. So nobody else
    /// removes a field that the schema closes to everybody's writing.)
    WithinOwnAccess,
}

string_enum!(GrantPolicy, "grant policy", {
    Anything => "anything",
    WithinOwnAccess => "within_own_access",
});

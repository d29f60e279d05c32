//! The settings permission that guards each kind of change.

use crate::administration::Acting;
use crate::model::principal::PrincipalKind;
use crate::workspace::Change;

/// Every permission that guards a kind of change.
pub(super) const GUARDS: [&str; 6] = [
    "roles",
    "api_keys",
    "workspace_members",
    "workspace",
    "data_model",
    "security",
];

impl Acting<'_> {
    /// The settings permission that guards a kind of change (L27).
    ///
    /// `roles` guards roles, rules, assignments and the default role; `api_keys` adding and removing API keys;
    /// `workspace_members` adding and removing members; `data_model` the schema; `security` the mappings of groups and the
    /// options. Adding and removing agents, for which the laws name none, is guarded by `workspace`.
    ///
    /// ```
    /// use rolegate::{Acting, Change, Principal};
    ///
    /// assert_eq!(Acting::guard(&Change::delete_role("Intern")), "roles");
    /// assert_eq!(Acting::guard(&Change::add(Principal::api_key("website"))), "api_keys");
    /// ```
    #[must_use]
    pub fn guard(change: &Change) -> &'static str {
        match change {
            Change::CreateRole { .. }
            | Change::RenameRole { .. }
            | Change::DescribeRole { .. }
            | Change::SetEffect { .. }
            | Change::SaveRole { .. }
            | Change::DuplicateRole { .. }
            | Change::DeleteRole { .. }
            | Change::SetHolderKinds { .. }
            | Change::AssignRole { .. }
            | Change::ClearRole { .. }
            | Change::SetDefaultRole { .. } => "roles",
            Change::AddPrincipal { principal } | Change::RemovePrincipal { principal } => {
                match principal.kind() {
                    PrincipalKind::Member => "workspace_members",
                    PrincipalKind::ApiKey => "api_keys",
                    PrincipalKind::Agent => "workspace",
                }
            }
            Change::Join { .. } => "workspace_members",
            Change::SetGroupMappings { .. }
            | Change::SetKeysWithoutRole { .. }
            | Change::SetGrantPolicy { .. } => "security",
            Change::AddObject { .. }
            | Change::LabelObject { .. }
            | Change::RemoveObject { .. }
            | Change::AddField { .. }
            | Change::UpdateField { .. }
            | Change::RemoveField { .. }
            | Change::AddPermission { .. }
            | Change::UpdatePermission { .. }
            | Change::RemovePermission { .. } => "data_model",
        }
    }
}

//! What can be changed in a workspace, as data.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::model::effect::Effect;
use crate::model::id::{FieldKey, ObjectKey, PermissionKey, RoleName};
use crate::model::principal::{Principal, PrincipalKinds};
use crate::model::role::{Cell, Role};
use crate::model::schema::{Field, Object, Permission};
use crate::workspace::{GrantPolicy, GroupMapping, KeysWithoutRole};

/// One change of a workspace, as plain data that can be stored, sent and replayed (L25).
///
/// [`Workspace::apply`](crate::Workspace::apply) is the only way to change a workspace. A change that would change nothing is
/// refused, so that every accepted one yields events.
///
/// In its stored form no key of its own may be left out: that there shall be no text is said by `null`.
///
/// ```
/// use rolegate::{Action, Change, Principal, Role};
///
/// let mut workspace = rolegate::sample::workspace()?;
/// let events = workspace.apply(Change::create_role(Role::new("Sales").allow(Action::See)))?;
/// assert_eq!(events.first().map(ToString::to_string).as_deref(), Some("created role `Sales`"));
/// workspace.apply(Change::assign_role(Principal::member("tim"), "Sales"))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Change {
    /// Adds a role after the others.
    CreateRole {
        /// The role.
        role: Role,
    },
    /// Gives a role another name, which no other role has (L20).
    RenameRole {
        /// The role.
        role: RoleName,
        /// Its new name.
        to: RoleName,
    },
    /// Sets or removes the text that tells people what a role is for.
    DescribeRole {
        /// The role.
        role: RoleName,
        /// The text, or none.
        #[serde(deserialize_with = "Option::deserialize")]
        description: Option<String>,
    },
    /// Sets the effect of one cell of a role.
    SetEffect {
        /// The role.
        role: RoleName,
        /// The cell.
        cell: Cell,
        /// The effect.
        effect: Effect,
    },
    /// Puts an edited role in the place of the saved one, if that has not changed meanwhile (L30).
    SaveRole {
        /// The role as it was when editing began.
        saved: Box<Role>,
        /// The role as it shall be, under the same name.
        edited: Box<Role>,
    },
    /// Adds a copy of a role under another name. A copy of Admin is refused (L13).
    DuplicateRole {
        /// The role to copy.
        role: RoleName,
        /// The name of the copy.
        to: RoleName,
    },
    /// Deletes a role: its members get the default role, its API keys and agents are left without one (L17).
    DeleteRole {
        /// The role.
        role: RoleName,
    },
    /// Says which kinds of principal may hold a role (L19).
    SetHolderKinds {
        /// The role.
        role: RoleName,
        /// The kinds.
        kinds: PrincipalKinds,
    },
    /// Gives a role to a principal that exists, in place of the one that it has (L18).
    AssignRole {
        /// Who gets it.
        principal: Principal,
        /// The role.
        role: RoleName,
    },
    /// Leaves an API key or an agent without a role; a member always has one (L18).
    ClearRole {
        /// Who loses it.
        principal: Principal,
    },
    /// Chooses the role that new members get (L15).
    SetDefaultRole {
        /// The role.
        role: RoleName,
    },
    /// Adds a principal: a member with the default role (L16), an API key or an agent without a role.
    AddPrincipal {
        /// Who is new.
        principal: Principal,
    },
    /// Adds a member that arrives with groups of the identity provider: it gets the role of the first mapping that
    /// matches, else the default role (L16).
    Join {
        /// The id of the member.
        member: String,
        /// Its groups, in any order.
        groups: BTreeSet<String>,
    },
    /// Removes a principal.
    RemovePrincipal {
        /// Who leaves.
        principal: Principal,
    },
    /// Replaces the mappings of groups to roles (L16).
    SetGroupMappings {
        /// The mappings, in the order in which they are tried.
        mappings: Vec<GroupMapping>,
    },
    /// Says what an API key without a role may do (L21).
    SetKeysWithoutRole {
        /// Its access.
        access: KeysWithoutRole,
    },
    /// Says whether one may hand out more than one holds.
    SetGrantPolicy {
        /// The policy.
        policy: GrantPolicy,
    },
    /// Adds an object after the others.
    AddObject {
        /// The object with its fields.
        object: Object,
    },
    /// Sets or removes the label of an object.
    LabelObject {
        /// The object.
        object: ObjectKey,
        /// The label, or none.
        #[serde(deserialize_with = "Option::deserialize")]
        label: Option<String>,
    },
    /// Removes an object, with the rules of roles about it and the relations that point to it.
    RemoveObject {
        /// The object.
        object: ObjectKey,
    },
    /// Adds a field to an object, after the others.
    AddField {
        /// The object.
        object: ObjectKey,
        /// The field.
        field: Field,
    },
    /// Puts another description of a field (label, relation, who writes it) in the place of that with the same key.
    UpdateField {
        /// The object.
        object: ObjectKey,
        /// The field as it shall be.
        field: Field,
    },
    /// Removes a field, with the rules of roles about it.
    RemoveField {
        /// The object.
        object: ObjectKey,
        /// The field.
        field: FieldKey,
    },
    /// Registers a workspace permission.
    AddPermission {
        /// The permission.
        permission: Permission,
    },
    /// Puts another description of a workspace permission (label, requirements) in the place of that with the same key; its
    /// class stays.
    UpdatePermission {
        /// The permission as it shall be.
        permission: Permission,
    },
    /// Removes a workspace permission that no other requires, with the grants of it.
    RemovePermission {
        /// The permission.
        permission: PermissionKey,
    },
}

impl Change {
    /// Adds a role after the others.
    #[must_use]
    pub fn create_role(role: Role) -> Self {
        Self::CreateRole { role }
    }

    /// Gives a role another name.
    pub fn rename_role(role: impl Into<RoleName>, to: impl Into<RoleName>) -> Self {
        Self::RenameRole {
            role: role.into(),
            to: to.into(),
        }
    }

    /// Sets the text that tells people what a role is for.
    pub fn describe_role(role: impl Into<RoleName>, description: impl Into<String>) -> Self {
        Self::DescribeRole {
            role: role.into(),
            description: Some(description.into()),
        }
    }

    /// Sets the effect of one cell of a role.
    pub fn set_effect(role: impl Into<RoleName>, cell: Cell, effect: Effect) -> Self {
        Self::SetEffect {
            role: role.into(),
            cell,
            effect,
        }
    }

    /// Puts an edited role in the place of the saved one, if that has not changed meanwhile.
    #[must_use]
    pub fn save_role(saved: Role, edited: Role) -> Self {
        Self::SaveRole {
            saved: Box::new(saved),
            edited: Box::new(edited),
        }
    }

    /// Adds a copy of a role under another name.
    pub fn duplicate_role(role: impl Into<RoleName>, to: impl Into<RoleName>) -> Self {
        Self::DuplicateRole {
            role: role.into(),
            to: to.into(),
        }
    }

    /// Deletes a role.
    pub fn delete_role(role: impl Into<RoleName>) -> Self {
        Self::DeleteRole { role: role.into() }
    }

    /// Says which kinds of principal may hold a role.
    pub fn set_holder_kinds(
        role: impl Into<RoleName>,
        kinds: impl IntoIterator<Item = crate::model::principal::PrincipalKind>,
    ) -> Self {
        Self::SetHolderKinds {
            role: role.into(),
            kinds: kinds.into_iter().collect(),
        }
    }

    /// Gives a role to a principal.
    pub fn assign_role(principal: Principal, role: impl Into<RoleName>) -> Self {
        Self::AssignRole {
            principal,
            role: role.into(),
        }
    }

    /// Leaves an API key or an agent without a role.
    #[must_use]
    pub fn clear_role(principal: Principal) -> Self {
        Self::ClearRole { principal }
    }

    /// Chooses the role that new members get.
    pub fn set_default_role(role: impl Into<RoleName>) -> Self {
        Self::SetDefaultRole { role: role.into() }
    }

    /// Adds a principal.
    #[must_use]
    pub fn add(principal: Principal) -> Self {
        Self::AddPrincipal { principal }
    }

    /// Adds a member that arrives with groups of the identity provider.
    pub fn join<G: Into<String>>(
        member: impl Into<String>,
        groups: impl IntoIterator<Item = G>,
    ) -> Self {
        Self::Join {
            member: member.into(),
            groups: groups.into_iter().map(Into::into).collect(),
        }
    }

    /// Removes a principal.
    #[must_use]
    pub fn remove(principal: Principal) -> Self {
        Self::RemovePrincipal { principal }
    }

    /// Replaces the mappings of groups to roles.
    pub fn set_group_mappings(mappings: impl IntoIterator<Item = GroupMapping>) -> Self {
        Self::SetGroupMappings {
            mappings: mappings.into_iter().collect(),
        }
    }

    /// Says what an API key without a role may do.
    #[must_use]
    pub fn set_keys_without_role(access: KeysWithoutRole) -> Self {
        Self::SetKeysWithoutRole { access }
    }

    /// Says whether one may hand out more than one holds.
    #[must_use]
    pub fn set_grant_policy(policy: GrantPolicy) -> Self {
        Self::SetGrantPolicy { policy }
    }

    /// Adds an object after the others.
    #[must_use]
    pub fn add_object(object: Object) -> Self {
        Self::AddObject { object }
    }

    /// Sets the label of an object.
    pub fn label_object(object: impl Into<ObjectKey>, label: impl Into<String>) -> Self {
        Self::LabelObject {
            object: object.into(),
            label: Some(label.into()),
        }
    }

    /// Removes an object.
    pub fn remove_object(object: impl Into<ObjectKey>) -> Self {
        Self::RemoveObject {
            object: object.into(),
        }
    }

    /// Adds a field to an object.
    pub fn add_field(object: impl Into<ObjectKey>, field: impl Into<Field>) -> Self {
        Self::AddField {
            object: object.into(),
            field: field.into(),
        }
    }

    /// Puts another description of a field in the place of that with the same key.
    pub fn update_field(object: impl Into<ObjectKey>, field: impl Into<Field>) -> Self {
        Self::UpdateField {
            object: object.into(),
            field: field.into(),
        }
    }

    /// Removes a field.
    pub fn remove_field(object: impl Into<ObjectKey>, field: impl Into<FieldKey>) -> Self {
        Self::RemoveField {
            object: object.into(),
            field: field.into(),
        }
    }

    /// Registers a workspace permission.
    #[must_use]
    pub fn add_permission(permission: Permission) -> Self {
        Self::AddPermission { permission }
    }

    /// Puts another description of a workspace permission in the place of that with the same key.
    #[must_use]
    pub fn update_permission(permission: Permission) -> Self {
        Self::UpdatePermission { permission }
    }

    /// Removes a workspace permission that no other requires.
    pub fn remove_permission(permission: impl Into<PermissionKey>) -> Self {
        Self::RemovePermission {
            permission: permission.into(),
        }
    }
}

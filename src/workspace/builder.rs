//! The gate into a workspace: everything that must hold, checked at once.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::model::id::{RoleName, is_name};
use crate::model::principal::{Principal, PrincipalKind};
use crate::model::problem::{EntityKind, ProblemKind};
use crate::model::problem_list::Problems;
use crate::model::role::{self, Role};
use crate::model::schema::Schema;
use crate::support::ordered_map::OrderedMap;
use crate::workspace::{
    GrantPolicy, GroupMapping, GroupTarget, Holders, InvalidWorkspace, KeysWithoutRole, Revision,
    Roles, Workspace, document_size, holder_path,
};

/// A workspace that is being put together; [`build`](WorkspaceBuilder::build) checks all of it.
#[must_use = "call `build` to check it and make what it describes"]
#[derive(Debug, Clone)]
pub struct WorkspaceBuilder {
    pub(crate) schema: Schema,
    pub(crate) roles: Vec<Role>,
    pub(crate) default_role: Option<RoleName>,
    pub(crate) holders: Vec<(Principal, Option<RoleName>)>,
    /// A list, which can hold the mistake that a group is mapped twice; the workspace holds a map.
    pub(crate) group_mappings: Vec<GroupMapping>,
    pub(crate) keys_without_role: KeysWithoutRole,
    pub(crate) grant_policy: GrantPolicy,
    pub(crate) revision: Revision,
}

impl WorkspaceBuilder {
    pub(crate) fn new(schema: Schema) -> Self {
        Self {
            schema,
            roles: Vec::new(),
            default_role: None,
            holders: Vec::new(),
            group_mappings: Vec::new(),
            keys_without_role: KeysWithoutRole::default(),
            grant_policy: GrantPolicy::default(),
            revision: Revision::default(),
        }
    }

    /// Adds a role after the others. Exactly one of them must be [`Role::admin`].
    pub fn role(mut self, role: Role) -> Self {
        self.roles.push(role);
        self
    }

    /// Chooses the default role. It must be given.
    pub fn default_role(mut self, name: impl Into<RoleName>) -> Self {
        self.default_role = Some(name.into());
        self
    }

    /// Adds a member with its role.
    pub fn member(self, id: impl Into<Arc<str>>, role: impl Into<RoleName>) -> Self {
        self.holder(Principal::member(id), Some(role.into()))
    }

    /// Adds an API key with its role.
    pub fn api_key(self, id: impl Into<Arc<str>>, role: impl Into<RoleName>) -> Self {
        self.holder(Principal::api_key(id), Some(role.into()))
    }

    /// Adds an AI agent with its role.
    pub fn agent(self, id: impl Into<Arc<str>>, role: impl Into<RoleName>) -> Self {
        self.holder(Principal::agent(id), Some(role.into()))
    }

    /// Adds an API key or an agent that has no role; a member without one is a problem (L18).
    pub fn principal_without_role(self, principal: Principal) -> Self {
        self.holder(principal, None)
    }

    /// Adds a principal of any kind, with a role or without.
    pub fn holder(mut self, principal: Principal, role: Option<RoleName>) -> Self {
        self.holders.push((principal, role));
        self
    }

    /// Says what an API key without a role may do (L21). Defaults to what the default role allows.
    pub fn keys_without_role(mut self, access: KeysWithoutRole) -> Self {
        self.keys_without_role = access;
        self
    }

    /// Adds a mapping of a group of the identity provider to a role, tried after the others (L16).
    pub fn group_mapping(mut self, mapping: GroupMapping) -> Self {
        self.group_mappings.push(mapping);
        self
    }

    /// Says whether one may hand out more than one holds. Defaults to yes.
    pub fn grant_policy(mut self, policy: GrantPolicy) -> Self {
        self.grant_policy = policy;
        self
    }

    /// Says how many changes the workspace has accepted already. Defaults to none.
    pub fn revision(mut self, revision: Revision) -> Self {
        self.revision = revision;
        self
    }

    /// Checks everything and makes the workspace.
    ///
    /// # Errors
    ///
    /// All problems at once, each with its place in the [document format](crate::guide::format).
    pub fn build(self) -> Result<Workspace, InvalidWorkspace> {
        let mut problems = Problems::default();
        self.check(&mut problems).ok_or(InvalidWorkspace(problems))
    }

    /// Adds all problems; without any, old or new, makes the workspace.
    pub(crate) fn check(self, problems: &mut Problems) -> Option<Workspace> {
        let Self {
            schema,
            roles,
            default_role,
            holders,
            group_mappings,
            keys_without_role,
            grant_policy,
            revision,
        } = self;
        let known = check_roles(&roles, &schema, problems);
        let default_name = check_default(default_role.as_ref(), &known, problems);
        check_holders(&holders, &known, problems);
        check_mappings(
            &group_mappings,
            |name| known.get(name).copied(),
            || role_names(&known),
            problems,
        );
        if !problems.is_empty() {
            return None;
        }

        let default_name = default_name?.clone();
        let roles = Roles::new(roles)?;
        let default_role = roles.slot(&default_name)?;
        let holders: Vec<_> = holders
            .into_iter()
            .map(|(principal, role)| (principal, role.and_then(|name| roles.slot(&name))))
            .collect();
        let mut workspace = Workspace {
            schema: Arc::new(schema),
            holders: Holders::new(&holders),
            roles: Arc::new(roles),
            default_role,
            group_mappings: Arc::new(by_group(group_mappings)),
            keys_without_role,
            grant_policy,
            revision,
            values: 0,
        };
        workspace.values = workspace.count_values();
        document_size::check(workspace.values, problems);
        problems.is_empty().then_some(workspace)
    }
}

/// Each role by itself, then their names (L20) and the one Admin (L13). Returns the roles by name.
fn check_roles<'a>(
    roles: &'a [Role],
    schema: &Schema,
    problems: &mut Problems,
) -> BTreeMap<&'a RoleName, &'a Role> {
    let mut known = BTreeMap::new();
    let mut has_admin = false;
    let mut may_have_admin = problems.is_unread("roles");
    for (position, role) in roles.iter().enumerate() {
        let path = alloc::format!("roles[{position}]");
        role::check::check(role, schema, &path, problems);
        let admin = alloc::format!("{path}.admin");
        if role.is_admin() && has_admin {
            let name = if problems.is_stand_in(role.name().as_str(), &path) {
                path.as_str().into()
            } else {
                role.name().clone()
            };
            problems.add(&admin, ProblemKind::SecondAdmin(name));
        }
        has_admin |= role.is_admin();
        may_have_admin |= problems.is_unread(&admin);
        if known.contains_key(role.name()) {
            problems.add(
                alloc::format!("{path}.name"),
                ProblemKind::Repeated {
                    what: EntityKind::Role,
                    name: role.name().as_str().into(),
                },
            );
        } else {
            known.insert(role.name(), role);
        }
    }
    if !has_admin && !may_have_admin {
        problems.add("roles", ProblemKind::NoAdmin);
    }
    known
}

/// The default role exists, may be held by members (L19), and is not Admin: else adding a member would make an Admin.
fn check_default<'a>(
    name: Option<&'a RoleName>,
    known: &BTreeMap<&RoleName, &Role>,
    problems: &mut Problems,
) -> Option<&'a RoleName> {
    let path = "default_role";
    let Some(name) = name else {
        if !problems.is_unread(path) {
            problems.add(path, ProblemKind::NoDefaultRole);
        }
        return None;
    };
    match known.get(name) {
        None => problems.add_unknown(path, EntityKind::Role, name.as_str(), role_names(known)),
        Some(role) if role.is_admin() => {
            problems.add(path, ProblemKind::DefaultIsAdmin(name.clone()));
        }
        Some(role) if !role.holder_kinds().contains(PrincipalKind::Member) => {
            problems.add(path, ProblemKind::DefaultNotForMembers(name.clone()));
        }
        Some(_) => {}
    }
    Some(name)
}

/// Each holder exists once, its role exists (L18) and may be held by its kind (L19), and a member holds Admin (L14).
fn check_holders(
    holders: &[(Principal, Option<RoleName>)],
    known: &BTreeMap<&RoleName, &Role>,
    problems: &mut Problems,
) {
    let mut seen = BTreeSet::new();
    let mut has_admin_member = false;
    let mut may_have_admin_member = problems.is_unread("members");
    for (principal, name) in holders {
        let kind = principal.kind();
        let path = || holder_path(kind, principal.id());
        if !is_name(principal.id()) {
            let name = principal.id().into();
            let what = EntityKind::of(kind);
            problems.add(path(), ProblemKind::MalformedName { what, name });
        }
        if !seen.insert(principal) {
            let name = principal.id().into();
            let what = EntityKind::of(kind);
            problems.add(path(), ProblemKind::Repeated { what, name });
        }
        let Some(name) = name else {
            if kind == PrincipalKind::Member {
                problems.add(path(), ProblemKind::MemberWithoutRole);
            }
            continue;
        };
        let Some(role) = known.get(name) else {
            problems.add_unknown(path(), EntityKind::Role, name.as_str(), role_names(known));
            // It may be what Admin is called where not all roles could be read.
            may_have_admin_member |= kind == PrincipalKind::Member && problems.is_unread("roles");
            continue;
        };
        if !role.holder_kinds().contains(kind) {
            problems.add(
                path(),
                ProblemKind::MayNotHold {
                    role: name.clone(),
                    kind,
                    allowed: role.holder_kinds(),
                },
            );
        }
        has_admin_member |= role.is_admin() && kind == PrincipalKind::Member;
    }
    if let Some(admin) = known.values().find(|role| role.is_admin()) {
        if !has_admin_member && !may_have_admin_member {
            problems.add("members", ProblemKind::NoAdminMember(admin.name().clone()));
        }
    }
}

/// Each group is mapped once, to a role that exists and that members may hold, and to Admin only explicitly (L16).
pub(crate) fn check_mappings<'a, N: Iterator<Item = &'a str>>(
    mappings: &[GroupMapping],
    role: impl Fn(&RoleName) -> Option<&'a Role>,
    names: impl Fn() -> N,
    problems: &mut Problems,
) {
    let mut seen = BTreeSet::new();
    for (position, GroupMapping { group, target }) in mappings.iter().enumerate() {
        let path = |key: &str| alloc::format!("group_mappings[{position}].{key}");
        let is_stand_in =
            || problems.is_stand_in(group, format_args!("group_mappings[{position}]"));
        if !is_name(group) && !is_stand_in() {
            let (what, name) = (EntityKind::Group, group.clone());
            problems.add(path("group"), ProblemKind::MalformedName { what, name });
        }
        if !seen.insert(group) {
            let (what, name) = (EntityKind::Group, group.clone());
            problems.add(path("group"), ProblemKind::Repeated { what, name });
        }
        let GroupTarget::Role(name) = target else {
            continue;
        };
        match role(name) {
            None => problems.add_unknown(path("role"), EntityKind::Role, name.as_str(), names()),
            Some(role) if role.is_admin() => {
                problems.add(path("role"), ProblemKind::MappingNamesAdmin(name.clone()));
            }
            Some(role) if !role.holder_kinds().contains(PrincipalKind::Member) => {
                problems.add(
                    path("role"),
                    ProblemKind::MappingNotForMembers(name.clone()),
                );
            }
            Some(_) => {}
        }
    }
}

/// The mappings of distinct groups, in their order.
pub(crate) fn by_group(mappings: Vec<GroupMapping>) -> OrderedMap<String, GroupTarget> {
    let mappings = mappings.into_iter();
    mappings
        .map(|GroupMapping { group, target }| (group, target))
        .collect()
}

fn role_names<'a>(known: &'a BTreeMap<&RoleName, &Role>) -> impl Iterator<Item = &'a str> {
    known.keys().map(|name| name.as_str())
}

//! Do the laws of administration hold, and is every way round each guard shut?

use rolegate::{
    Acting, Action, Cell, Change, Document, Effect, Event, FieldRule, GroupMapping, Object,
    ObjectRule, Permission, PermissionClass, Principal, PrincipalKind, Role, Schema, Workspace,
};

use rolegate::workspace::{GrantPolicy, KeysWithoutRole};

use crate::changes::why;

use Effect::{Allow, Deny};

/// `Lead` has all settings, and less than `Wide`; `Basic` has least and is the default role.
pub(crate) fn firm() -> Workspace {
    let schema = Schema::builder()
        .object("people", ["name", "email"])
        .object("deals", ["name", "amount"])
        .build()
        .unwrap();
    let hidden = ObjectRule::new().field("amount", FieldRule::NO_ACCESS);
    let wide = Role::new("Wide")
        .allow(Action::See)
        .allow(Action::Edit)
        .allow(Action::Delete)
        .grant_all(PermissionClass::Settings)
        .grant_all(PermissionClass::Actions);
    let lead = Role::new("Lead")
        .allow(Action::See)
        .allow(Action::Edit)
        .rule("deals", hidden.clone())
        .grant_all(PermissionClass::Settings)
        .grant("send_email");
    let basic = Role::new("Basic").allow(Action::See).rule("deals", hidden);
    let robot = Role::new("Robot").with_holder_kinds([PrincipalKind::ApiKey, PrincipalKind::Agent]);
    Workspace::builder(schema)
        .role(Role::admin("Admin"))
        .role(wide)
        .role(lead)
        .role(basic)
        .role(robot)
        .default_role("Basic")
        .member("ada", "Admin")
        .member("lea", "Lead")
        .member("tim", "Basic")
        .member("wil", "Wide")
        .api_key("loud", "Wide")
        .api_key("lead", "Lead")
        .principal_without_role(Principal::api_key("lost"))
        .agent("bot", "Basic")
        .agent("aide", "Lead")
        .principal_without_role(Principal::agent("idle"))
        .build()
        .unwrap()
}

pub(crate) fn with(changes: impl IntoIterator<Item = Change>) -> Workspace {
    let mut workspace = firm();
    workspace.apply_all(changes).unwrap();
    workspace
}

pub(crate) fn member(id: &str) -> Principal {
    Principal::member(id)
}

pub(crate) fn role(workspace: &Workspace, name: &str) -> Role {
    workspace.role(name).unwrap().clone()
}

pub(crate) fn save(saved: Role, edited: Role) -> Change {
    let [saved, edited] = [saved, edited].map(Box::new);
    Change::SaveRole { saved, edited }
}

pub(crate) fn assign(id: &str, role: &str) -> Change {
    Change::assign_role(member(id), role)
}

pub(crate) fn kinds(role: &str, kinds: &[PrincipalKind]) -> Change {
    Change::set_holder_kinds(role, kinds.to_vec())
}

pub(crate) fn map<const N: usize>(mappings: [(&str, &str); N]) -> Change {
    Change::set_group_mappings(mappings.map(|(group, role)| match role {
        "Admin" => GroupMapping::to_admin(group),
        _ => GroupMapping::new(group, role),
    }))
}

pub(crate) fn permit(role: &str, permission: &str, effect: Effect) -> Change {
    Change::set_effect(role, Cell::permission(permission), effect)
}

pub(crate) fn policy(policy: GrantPolicy) -> Change {
    Change::SetGrantPolicy { policy }
}

pub(crate) fn keys_without_role(access: KeysWithoutRole) -> Change {
    Change::SetKeysWithoutRole { access }
}

fn require(permission: &str, required: &str) -> Change {
    Change::UpdatePermission {
        permission: Permission::settings(permission).with_requirement(required),
    }
}

pub(crate) fn drop_permission(permission: &str) -> Change {
    Change::RemovePermission {
        permission: permission.into(),
    }
}

fn holds(workspace: &Workspace, principal: &Principal) -> Option<String> {
    workspace
        .role_of(principal)
        .map(|role| role.name().to_string())
}

/// The batch is refused for that reason, and changes nothing (L24).
#[track_caller]
fn refused(workspace: &Workspace, changes: Vec<Change>, reason: &str) {
    let mut copy = workspace.clone();
    match copy.apply_all(changes) {
        Ok(events) => panic!("accepted: {events:?}"),
        Err(refused) => assert_eq!(why(&refused.error), reason, "{refused}"),
    }
    assert_eq!(copy, *workspace);
}

#[track_caller]
fn accepted(workspace: &Workspace, changes: Vec<Change>) -> Workspace {
    let mut copy = workspace.clone();
    copy.apply_all(changes).unwrap();
    let loaded = Workspace::try_from(Document::from(&copy)).unwrap();
    assert_eq!(loaded, copy);
    copy
}

/// As `refused`, in the hands of an acting principal.
#[track_caller]
pub(crate) fn refused_to(
    who: &Principal,
    workspace: &Workspace,
    changes: Vec<Change>,
    reason: &str,
) {
    let mut copy = workspace.clone();
    match copy.acting(who).apply_all(changes) {
        Ok(events) => panic!("accepted: {events:?}"),
        Err(refused) => assert_eq!(why(&refused.error), reason, "{refused}"),
    }
    assert_eq!(copy, *workspace);
}

#[track_caller]
pub(crate) fn accepted_from(
    who: &Principal,
    workspace: &Workspace,
    changes: Vec<Change>,
) -> Workspace {
    let mut copy = workspace.clone();
    copy.acting(who).apply_all(changes).unwrap();
    copy
}

// ---- L13 to L20 ----

#[test]
fn l13_admin_is_fixed_in_every_way() {
    let firm = firm();
    let as_admin = |name: &str| Role::admin(name);
    let ways = [
        Change::rename_role("Admin", "Root"),
        Change::describe_role("Admin", "Everything"),
        Change::set_effect("Admin", Cell::baseline(Action::See), Deny),
        permit("Admin", "roles", Allow),
        kinds("Admin", &PrincipalKind::ALL),
        Change::duplicate_role("Admin", "Root"),
        Change::delete_role("Admin"),
        Change::create_role(as_admin("Root")),
        save(
            role(&firm, "Admin"),
            as_admin("Admin").with_description("x"),
        ),
        save(role(&firm, "Admin"), Role::new("Admin")),
        save(role(&firm, "Basic"), as_admin("Basic")),
    ];
    for change in ways {
        refused(&firm, vec![change.clone()], "AdminIsFixed");
        refused(&firm, vec![assign("tim", "Wide"), change], "AdminIsFixed");
    }
}

#[test]
fn l13_admin_is_no_name_that_another_role_could_take() {
    let firm = firm();
    let ways = [
        Change::create_role(Role::new("  Admin ")),
        Change::rename_role("Basic", "Admin"),
        Change::duplicate_role("Basic", "Admin"),
    ];
    for change in ways {
        refused(&firm, vec![change], "Taken");
    }
    let named_alike = accepted(
        &firm,
        vec![
            Change::create_role(Role::new("admin")),
            assign("tim", "admin"),
        ],
    );
    assert!(
        !named_alike
            .compile()
            .can(&member("tim"), Action::See, "people", None)
    );
    refused(&named_alike, vec![assign("ada", "admin")], "LastAdmin");
}

#[test]
fn l13_admin_allows_what_is_added_later() {
    let mut firm = firm();
    let changes = [
        Change::add_object(Object::new("tasks").field("title")),
        Change::add_field("people", "phone"),
        Change::AddPermission {
            permission: Permission::action("fly").with_requirement("export_csv"),
        },
    ];
    for change in changes {
        firm.acting(&member("ada")).apply(change).unwrap();
    }
    let policy = firm.compile();
    let ada = policy.access(&member("ada"));
    assert!(ada.can(Action::Destroy, "tasks", None));
    assert!(ada.can(Action::Edit, "people", "phone"));
    assert!(ada.can_use("fly"));
}

#[test]
fn l14_the_only_two_admins_swap_in_one_batch() {
    let two = with([assign("wil", "Admin")]);
    let swapped = accepted(
        &two,
        vec![
            assign("ada", "Basic"),
            assign("wil", "Basic"),
            assign("tim", "Admin"),
            assign("lea", "Admin"),
        ],
    );
    let admins = swapped.holders_of("Admin");
    assert_eq!(admins, [member("lea"), member("tim")]);
    accepted(&two, vec![assign("ada", "Basic")]);
    refused(
        &two,
        vec![assign("ada", "Basic"), assign("wil", "Basic")],
        "LastAdmin",
    );
    refused(
        &two,
        vec![Change::remove(member("ada")), Change::remove(member("wil"))],
        "LastAdmin",
    );
}

#[test]
fn l14_the_last_admin_stays_in_every_way() {
    let firm = firm();
    let ada = || member("ada");
    let ways = [
        vec![assign("ada", "Basic")],
        vec![Change::remove(ada())],
        // Whoever leaves and comes back is a newcomer.
        vec![Change::remove(ada()), Change::add(ada())],
        vec![Change::remove(ada()), Change::join("ada", ["owners"])],
        vec![
            map([("staff", "Wide")]),
            Change::remove(ada()),
            Change::join("ada", ["staff"]),
        ],
        // An API key is no member.
        vec![
            Change::assign_role(Principal::api_key("loud"), "Admin"),
            Change::remove(ada()),
        ],
        vec![
            Change::remove(ada()),
            Change::add(Principal::api_key("ada")),
            Change::assign_role(Principal::api_key("ada"), "Admin"),
        ],
        vec![
            assign("tim", "Admin"),
            assign("ada", "Basic"),
            assign("tim", "Basic"),
        ],
    ];
    for changes in ways {
        refused(&firm, changes, "LastAdmin");
    }
    // A newcomer by an explicit mapping is one.
    accepted(
        &firm,
        vec![
            map([("owners", "Admin")]),
            Change::remove(ada()),
            Change::join("new", ["owners"]),
        ],
    );
}

#[test]
fn l15_the_default_role_is_not_deleted_in_any_way() {
    let firm = firm();
    let other = || Change::create_role(Role::new("Other"));
    let ways = [
        vec![Change::delete_role("Basic")],
        vec![
            Change::delete_role("Basic"),
            Change::set_default_role("Wide"),
        ],
        vec![
            Change::delete_role("Basic"),
            Change::create_role(role(&firm, "Basic")),
        ],
        vec![
            Change::rename_role("Basic", "Gone"),
            Change::create_role(Role::new("Basic")),
            Change::delete_role("Gone"),
        ],
        vec![
            other(),
            Change::set_default_role("Other"),
            Change::delete_role("Other"),
        ],
    ];
    for changes in ways {
        refused(&firm, changes, "DefaultRoleInUse");
    }
    let changed = accepted(
        &firm,
        vec![
            other(),
            Change::set_default_role("Other"),
            Change::delete_role("Basic"),
        ],
    );
    assert_eq!(holds(&changed, &member("tim")).as_deref(), Some("Other"));
}

#[test]
fn l15_the_default_role_is_never_admin_and_always_for_members() {
    let firm = firm();
    refused(
        &firm,
        vec![Change::set_default_role("Admin")],
        "DefaultIsAdmin",
    );
    refused(
        &firm,
        vec![
            Change::set_default_role("Admin"),
            Change::delete_role("Basic"),
        ],
        "DefaultIsAdmin",
    );
    let for_keys = role(&firm, "Basic").with_holder_kinds([PrincipalKind::ApiKey]);
    let nobody_holds = with([
        assign("tim", "Wide"),
        Change::remove(Principal::agent("bot")),
    ]);
    let ways = [
        vec![kinds("Basic", &[PrincipalKind::ApiKey])],
        vec![kinds("Basic", &[])],
        vec![save(role(&firm, "Basic"), for_keys)],
        vec![Change::set_default_role("Robot")],
        vec![
            Change::duplicate_role("Robot", "Robot 2"),
            Change::set_default_role("Robot 2"),
        ],
        vec![
            Change::rename_role("Basic", "Was basic"),
            Change::rename_role("Robot", "Basic"),
            Change::set_default_role("Basic"),
        ],
    ];
    for changes in ways {
        refused(&nobody_holds, changes, "DefaultNotForMembers");
    }
}

#[test]
fn l16_newcomers_get_the_role_of_the_first_mapping_that_matches_else_the_default_role() {
    let mut firm = with([map([
        ("sales", "Lead"),
        ("owners", "Admin"),
        ("staff", "Wide"),
    ])]);
    let table: [(&str, &[&str], &str); 6] = [
        ("a", &[], "Basic"),
        ("b", &["visitors"], "Basic"),
        ("c", &["staff"], "Wide"),
        ("d", &["staff", "sales"], "Lead"),
        ("e", &["staff", "owners"], "Admin"),
        ("f", &["owners", "sales", "staff"], "Lead"),
    ];
    for (id, groups, role) in table {
        firm.apply(Change::join(id, groups.to_vec())).unwrap();
        assert_eq!(holds(&firm, &member(id)).as_deref(), Some(role), "{id}");
    }
    firm.apply(Change::add(member("g"))).unwrap();
    assert_eq!(holds(&firm, &member("g")).as_deref(), Some("Basic"));
    refused(&firm, vec![assign("nobody", "Wide")], "Unknown");
}

#[test]
fn l16_no_mapping_names_admin_or_what_members_may_not_hold() {
    let firm = firm();
    let ways = [
        vec![GroupMapping::new("owners", "Admin")],
        vec![GroupMapping::new("owners", " Admin ")],
        vec![GroupMapping::new("robots", "Robot")],
        vec![GroupMapping::new("ghosts", "Ghost")],
        vec![GroupMapping::new("", "Wide")],
        vec![
            GroupMapping::new("staff", "Wide"),
            GroupMapping::to_admin("staff"),
        ],
    ];
    for mappings in ways {
        refused(&firm, vec![Change::set_group_mappings(mappings)], "Invalid");
    }
}

#[test]
fn l16_a_mapped_role_stays_one_that_members_may_hold() {
    let mapped = with([map([("staff", "Wide")]), assign("wil", "Basic")]);
    let narrow = role(&mapped, "Wide").with_holder_kinds([PrincipalKind::ApiKey]);
    let ways = [
        vec![kinds("Wide", &[PrincipalKind::ApiKey])],
        vec![save(role(&mapped, "Wide"), narrow)],
        vec![
            Change::rename_role("Wide", "Broad"),
            kinds("Broad", &[PrincipalKind::ApiKey]),
        ],
    ];
    for changes in ways {
        refused(&mapped, changes, "MappedNotForMembers");
    }
    accepted(
        &mapped,
        vec![kinds("Wide", &[PrincipalKind::ApiKey]), map([])],
    );
}

#[test]
fn l16_a_mapping_follows_its_role_and_no_other_of_the_same_name() {
    let mut firm = with([map([("staff", "Wide")])]);
    firm.apply_all([
        Change::rename_role("Wide", "Broad"),
        Change::create_role(Role::new("Wide")),
        Change::join("new", ["staff"]),
    ])
    .unwrap();
    assert_eq!(holds(&firm, &member("new")).as_deref(), Some("Broad"));
    assert!(
        firm.group_mappings()
            .eq([GroupMapping::new("staff", "Broad")])
    );
}

#[test]
fn l17_members_of_a_deleted_role_get_the_default_role_and_automations_none() {
    let mut firm = firm();
    firm.apply(Change::assign_role(Principal::agent("bot"), "Wide"))
        .unwrap();
    let events = firm.apply(Change::delete_role("Wide")).unwrap();
    let told: Vec<String> = events.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "changed the role of `member:wil` from `Wide` to `Basic`",
            "changed the role of `api_key:loud` from `Wide` to none",
            "changed the role of `agent:bot` from `Wide` to none",
            "deleted role `Wide`",
        ]
    );
    assert_eq!(holds(&firm, &member("wil")).as_deref(), Some("Basic"));
    assert_eq!(holds(&firm, &Principal::api_key("loud")), None);
    assert_eq!(holds(&firm, &Principal::agent("bot")), None);
    // Another role of that name is not theirs.
    firm.apply(Change::create_role(Role::new("Wide"))).unwrap();
    assert_eq!(firm.holders_of("Wide"), []);
}

#[test]
fn l17_a_mapped_role_is_not_deleted_in_any_way() {
    let mapped = with([map([("staff", "Wide"), ("sales", "Lead")])]);
    let ways = [
        vec![Change::delete_role("Wide")],
        vec![Change::delete_role("Wide"), map([("sales", "Lead")])],
        vec![
            Change::rename_role("Wide", "Broad"),
            Change::delete_role("Broad"),
        ],
        vec![
            Change::delete_role("Wide"),
            Change::create_role(role(&mapped, "Wide")),
        ],
    ];
    for changes in ways {
        refused(&mapped, changes, "MappedRole");
    }
    accepted(
        &mapped,
        vec![map([("sales", "Lead")]), Change::delete_role("Wide")],
    );
}

#[test]
fn l18_a_member_is_never_without_a_role() {
    let firm = firm();
    refused(
        &firm,
        vec![Change::clear_role(member("tim"))],
        "MemberNeedsRole",
    );
    refused(
        &firm,
        vec![assign("tim", "Wide"), Change::clear_role(member("tim"))],
        "MemberNeedsRole",
    );
    let changed = accepted(
        &firm,
        vec![
            Change::clear_role(Principal::api_key("loud")),
            Change::clear_role(Principal::agent("bot")),
            Change::add(Principal::api_key("new")),
            assign("tim", "Wide"),
        ],
    );
    assert_eq!(holds(&changed, &Principal::api_key("loud")), None);
    assert_eq!(holds(&changed, &Principal::agent("bot")), None);
    assert_eq!(holds(&changed, &Principal::api_key("new")), None);
    assert_eq!(holds(&changed, &member("tim")).as_deref(), Some("Wide"));
}

#[test]
fn l19_nobody_holds_a_role_that_is_not_for_their_kind() {
    let firm = firm();
    let members = [PrincipalKind::Member];
    let for_members = role(&firm, "Wide").with_holder_kinds(members);
    let ways = [
        vec![assign("tim", "Robot")],
        vec![Change::assign_role(Principal::agent("idle"), "Admin")],
        vec![kinds("Wide", &members)],
        vec![save(role(&firm, "Wide"), for_members.clone())],
        vec![kinds("Wide", &[])],
        vec![
            Change::create_role(for_members.with_name("Closed")),
            Change::assign_role(Principal::agent("idle"), "Closed"),
        ],
        vec![
            Change::duplicate_role("Robot", "Robot 2"),
            assign("tim", "Robot 2"),
        ],
        vec![
            Change::rename_role("Wide", "Broad"),
            Change::rename_role("Robot", "Wide"),
            assign("tim", "Wide"),
        ],
        vec![
            Change::clear_role(Principal::api_key("loud")),
            kinds("Wide", &members),
            Change::assign_role(Principal::api_key("loud"), "Wide"),
        ],
    ];
    for changes in ways {
        refused(&firm, changes, "MayNotHold");
    }
    accepted(
        &firm,
        vec![
            kinds("Wide", &members),
            Change::clear_role(Principal::api_key("loud")),
        ],
    );
}

#[test]
fn l20_role_names_are_unique_when_white_space_is_collapsed() {
    let firm = with([Change::rename_role("Wide", "Wide  angle")]);
    for name in ["Wide angle", " Wide\tangle\n"] {
        let ways = [
            Change::create_role(Role::new(name)),
            Change::rename_role("Basic", name),
            Change::duplicate_role("Basic", name),
        ];
        for change in ways {
            refused(&firm, vec![change], "Taken");
        }
    }
    for name in ["", " \t ", "a\u{7}b"] {
        let ways = [
            Change::create_role(Role::new(name)),
            Change::rename_role("Basic", name),
            Change::duplicate_role("Basic", name),
        ];
        for change in ways {
            refused(&firm, vec![change], "Invalid");
        }
    }
    accepted(&firm, vec![Change::create_role(Role::new("wide angle"))]);
}

// ---- L24 to L26 ----

#[test]
fn l24_a_refused_batch_takes_back_what_came_before() {
    let firm = firm();
    let good = vec![
        Change::create_role(Role::new("New")),
        assign("tim", "New"),
        Change::set_default_role("New"),
        Change::delete_role("Basic"),
        Change::remove_object("deals"),
        Change::remove(Principal::agent("bot")),
        map([("staff", "New")]),
    ];
    accepted(&firm, good.clone());
    let bad = [
        (Change::delete_role("Nothing"), "Unknown"),
        (assign("ada", "New"), "LastAdmin"),
        (Change::delete_role("New"), "DefaultRoleInUse"),
    ];
    for (change, reason) in bad {
        let changes: Vec<Change> = good.iter().cloned().chain([change]).collect();
        refused(&firm, changes, reason);
    }
}

#[test]
fn l25_replaying_the_changes_gives_an_equal_workspace_and_the_revision_counts_them() {
    let changes = [
        Change::create_role(Role::new("New")),
        Change::delete_role("Wide"),
        Change::create_role(Role::new("Wide")),
        assign("wil", "Wide"),
        Change::rename_role("New", "Newer"),
        Change::remove_field("deals", "amount"),
    ];
    let (mut once, mut again, mut at_once) = (firm(), firm(), firm());
    for change in changes.clone() {
        let events = once.apply(change).unwrap();
        assert!(!events.is_empty());
    }
    for change in changes.clone() {
        again.apply(change).unwrap();
    }
    at_once.apply_all(changes).unwrap();
    assert_eq!(once, again);
    assert_eq!(once, at_once);
    assert_eq!(once.revision().number(), 6);
    assert_eq!(once.apply_all([]).unwrap(), []);
    assert_eq!(once.revision().number(), 6);
}

#[test]
fn l26_what_a_change_is_refused_for_the_gate_refuses_too() {
    let stored = serde_json::to_value(Document::from(&firm())).unwrap();
    let with = |path: &str, value: serde_json::Value| {
        let mut stored = stored.clone();
        *stored.pointer_mut(path).unwrap() = value;
        let document: Document = serde_json::from_value(stored).unwrap();
        Workspace::try_from(document).map_err(|invalid| invalid.to_string())
    };
    assert_eq!(with("/default_role", "Basic".into()), Ok(firm()));
    let table = [
        (
            "/default_role",
            "Admin".into(),
            "the Admin role `Admin` cannot be the default role",
        ),
        (
            "/default_role",
            "Robot".into(),
            "must be one that members may hold",
        ),
        (
            "/members/ada",
            "Basic".into(),
            "no member holds the Admin role `Admin`",
        ),
        ("/members/tim", "".into(), "a member has exactly one role"),
        (
            "/members/tim",
            "Robot".into(),
            "may not be held by a principal of kind `member`",
        ),
        (
            "/agents/idle",
            "Admin".into(),
            "may not be held by a principal of kind `agent`",
        ),
        (
            "/roles/1/name",
            " Basic".into(),
            "role `Basic` is there already",
        ),
        ("/roles/0/admin", false.into(), "no role is Admin"),
    ];
    for (path, value, text) in table {
        let error = with(path, value).unwrap_err();
        assert!(error.contains(text), "{path}: {error}");
    }
}

// ---- L27 ----

/// One legal change of each kind, with the permission that guards it.
fn guarded() -> Vec<(&'static str, Change)> {
    let basic = role(&firm(), "Basic");
    let edited = basic.clone().with_description("x");
    let changes = [
        ("roles", Change::create_role(Role::new("New"))),
        ("roles", Change::rename_role("Basic", "Plain")),
        ("roles", Change::describe_role("Basic", "x")),
        ("roles", permit("Basic", "send_email", Allow)),
        ("roles", save(basic, edited)),
        ("roles", Change::duplicate_role("Basic", "New")),
        ("roles", Change::delete_role("Wide")),
        ("roles", kinds("Wide", &PrincipalKind::ALL[..2])),
        ("roles", assign("tim", "Wide")),
        ("roles", Change::clear_role(Principal::agent("bot"))),
        ("roles", Change::set_default_role("Wide")),
        ("workspace_members", Change::add(member("new"))),
        ("workspace_members", Change::join("new", ["staff"])),
        ("workspace_members", Change::remove(member("tim"))),
        ("api_keys", Change::add(Principal::api_key("new"))),
        ("api_keys", Change::remove(Principal::api_key("loud"))),
        ("workspace", Change::add(Principal::agent("new"))),
        ("workspace", Change::remove(Principal::agent("bot"))),
        ("security", map([("staff", "Wide")])),
        ("security", keys_without_role(KeysWithoutRole::Denied)),
        ("data_model", Change::add_object(Object::new("tasks"))),
        (
            "data_model",
            Change::LabelObject {
                object: "people".into(),
                label: Some("People".into()),
            },
        ),
        ("data_model", Change::remove_object("people")),
        ("data_model", Change::add_field("people", "phone")),
        (
            "data_model",
            Change::UpdateField {
                object: "people".into(),
                field: rolegate::Field::new("name").with_label("Name"),
            },
        ),
        ("data_model", Change::remove_field("people", "name")),
        (
            "data_model",
            Change::AddPermission {
                permission: Permission::settings("billing"),
            },
        ),
        ("data_model", require("api_keys", "security")),
        ("data_model", drop_permission("api_keys")),
    ];
    changes.into()
}

const GUARDS: [&str; 6] = [
    "roles",
    "api_keys",
    "workspace",
    "workspace_members",
    "data_model",
    "security",
];

/// A firm in which a member, an API key and an agent hold a role that has just these permissions.
fn officers(permissions: &[&str]) -> Workspace {
    let officer = permissions
        .iter()
        .fold(Role::new("Officer"), |role, key| role.grant(*key));
    let mut changes = vec![Change::create_role(officer)];
    for principal in officer_principals() {
        changes.push(Change::add(principal.clone()));
        changes.push(Change::assign_role(principal, "Officer"));
    }
    with(changes)
}

fn officer_principals() -> [Principal; 3] {
    PrincipalKind::ALL.map(|kind| Principal::new(kind, "officer"))
}

#[test]
fn l27_each_kind_of_change_needs_the_permission_that_guards_it_and_no_other() {
    for (guard, change) in guarded() {
        assert_eq!(Acting::guard(&change), guard);
        let others: Vec<&str> = GUARDS.into_iter().filter(|key| *key != guard).collect();
        for officer in officer_principals() {
            let one = officers(&[guard]);
            // Who may drop a permission that the schema needs is asked elsewhere.
            accepted_from(&officer, &one, vec![change.clone()]);
            refused_to(
                &officer,
                &officers(&others),
                vec![change.clone()],
                "NotPermitted",
            );
        }
        accepted_from(&member("ada"), &firm(), vec![change.clone()]);
        for nobody in [
            member("nobody"),
            Principal::agent("idle"),
            Principal::agent("ada"),
        ] {
            refused_to(&nobody, &firm(), vec![change.clone()], "NotPermitted");
        }
    }
}

#[test]
fn l27_a_permission_is_what_the_role_comes_to_and_was_before_the_batch() {
    let officer = &officer_principals()[0];
    // A requirement that is not met takes it away.
    let mut unmet = officers(&["roles"]);
    unmet.apply(require("roles", "security")).unwrap();
    refused_to(officer, &unmet, vec![assign("tim", "Wide")], "NotPermitted");
    // Nobody gives themselves the permission for the next change of the batch.
    refused_to(
        officer,
        &officers(&["roles"]),
        vec![
            permit("Officer", "data_model", Allow),
            Change::remove_object("deals"),
        ],
        "NotPermitted",
    );
    // Without the permission in the schema, only Admin is left.
    let gone = with([drop_permission("api_keys")]);
    let key = || Change::add(Principal::api_key("new"));
    refused_to(&member("lea"), &gone, vec![key()], "NotPermitted");
    accepted_from(&member("ada"), &gone, vec![key()]);
}

#[test]
fn l27_acting_for_someone_takes_the_permission_of_both() {
    let change = || assign("tim", "Wide");
    let (aide, bot, lea, tim) = (
        Principal::agent("aide"),
        Principal::agent("bot"),
        member("lea"),
        member("tim"),
    );
    let table: [(&[&Principal], Option<&str>); 6] = [
        (&[&aide, &lea], None),
        (&[&lea, &aide], None),
        (&[&aide, &tim], Some("NotPermitted")),
        (&[&tim, &aide], Some("NotPermitted")),
        (&[&bot, &lea], Some("NotPermitted")),
        (&[&aide, &lea, &tim], Some("NotPermitted")),
    ];
    for (chain, reason) in table {
        let mut firm = firm();
        let acting = firm.acting(chain[0]);
        let mut acting = chain[1..]
            .iter()
            .fold(acting, |acting, link| acting.on_behalf_of(link));
        let refused = acting.apply(change()).err();
        assert_eq!(refused.as_ref().map(why), reason, "{chain:?}");
    }
}

#[track_caller]
fn refused_to_chain(chain: [&Principal; 2], changes: &[Change], reason: &str) {
    for [first, second] in [chain, [chain[1], chain[0]]] {
        let mut copy = firm();
        let done = copy
            .acting(first)
            .on_behalf_of(second)
            .apply_all(changes.to_vec());
        assert_eq!(why(&done.unwrap_err().error), reason);
        assert_eq!(copy, firm());
    }
}

#[test]
fn l27_nobody_changes_their_own_assignment_in_any_way() {
    let firm = firm();
    let lea = &member("lea");
    let ways = [
        vec![assign("lea", "Wide")],
        vec![assign("lea", "Basic")],
        vec![Change::remove(lea.clone())],
        vec![Change::remove(lea.clone()), Change::add(lea.clone())],
        vec![
            map([("staff", "Wide")]),
            Change::remove(lea.clone()),
            Change::join("lea", ["staff"]),
        ],
        vec![assign("lea", "Wide"), assign("lea", "Lead")],
    ];
    for changes in ways {
        refused_to(lea, &firm, changes, "OwnAssignment");
    }
    refused_to(
        &member("ada"),
        &with([assign("wil", "Admin")]),
        vec![assign("ada", "Basic")],
        "OwnAssignment",
    );
    let key = &Principal::api_key("lead");
    refused_to(
        key,
        &firm,
        vec![Change::clear_role(key.clone())],
        "OwnAssignment",
    );
    // An agent may not change the role of the member whom it acts for, nor that member the agent's.
    let aide = &Principal::agent("aide");
    refused_to_chain([aide, lea], &[assign("lea", "Wide")], "OwnAssignment");
    refused_to_chain(
        [aide, lea],
        &[Change::assign_role(aide.clone(), "Wide")],
        "OwnAssignment",
    );
}

#[test]
fn l27_a_key_without_a_role_does_not_choose_another_default_role() {
    let lost = &Principal::api_key("lost");
    let firm = with([Change::set_default_role("Lead")]);
    let ways = [
        vec![Change::assign_role(lost.clone(), "Wide")],
        vec![Change::set_default_role("Wide")],
        vec![
            Change::set_default_role("Basic"),
            Change::delete_role("Wide"),
        ],
        vec![keys_without_role(KeysWithoutRole::Denied)],
        vec![
            Change::clear_role(Principal::api_key("lead")),
            kinds("Lead", &[PrincipalKind::Member, PrincipalKind::Agent]),
        ],
    ];
    for changes in ways {
        refused_to(lost, &firm, changes, "OwnAssignment");
    }
    accepted_from(lost, &firm, vec![assign("tim", "Wide")]);
}

#[test]
fn l27_nobody_deletes_the_role_they_act_under_in_any_way() {
    let firm = firm();
    let lea = &member("lea");
    let ways = [
        vec![Change::delete_role("Lead")],
        vec![
            Change::rename_role("Lead", "Leader"),
            Change::delete_role("Leader"),
        ],
        vec![
            Change::rename_role("Lead", "Leader"),
            Change::create_role(role(&firm, "Lead")),
            Change::delete_role("Leader"),
        ],
        vec![
            Change::delete_role("Lead"),
            Change::create_role(role(&firm, "Lead")),
        ],
    ];
    for changes in ways {
        refused_to(lea, &firm, changes, "OwnRole");
    }
    // By way of the default role.
    let lost = &Principal::api_key("lost");
    let leading = with([Change::set_default_role("Lead")]);
    refused_to(
        lost,
        &leading,
        vec![
            Change::set_default_role("Basic"),
            Change::delete_role("Lead"),
        ],
        "OwnRole",
    );
    // Another role that has the name for a while is not one's own.
    accepted_from(
        lea,
        &firm,
        vec![
            Change::rename_role("Lead", "Leader"),
            Change::rename_role("Wide", "Lead"),
            Change::delete_role("Lead"),
        ],
    );
    let wil = &member("wil");
    refused_to_chain([wil, lea], &[Change::delete_role("Wide")], "OwnRole");
}

#[test]
fn l27_nobody_takes_roles_from_the_role_they_act_under_in_any_way() {
    let firm = firm();
    let lea = &member("lea");
    let without = role(&firm, "Lead")
        .set(&Cell::all_access(PermissionClass::Settings), Deny)
        .unwrap();
    let ways = [
        vec![Change::set_effect(
            "Lead",
            Cell::all_access(PermissionClass::Settings),
            Deny,
        )],
        vec![save(role(&firm, "Lead"), without)],
        vec![
            Change::rename_role("Lead", "Leader"),
            Change::set_effect("Leader", Cell::all_access(PermissionClass::Settings), Deny),
        ],
        vec![drop_permission("roles")],
        vec![require("roles", "export_csv")],
        vec![
            Change::AddPermission {
                permission: Permission::action("sudo"),
            },
            require("roles", "sudo"),
        ],
        vec![
            drop_permission("roles"),
            Change::AddPermission {
                permission: Permission::action("roles"),
            },
        ],
    ];
    for changes in ways {
        refused_to(lea, &firm, changes, "OwnRolesPermission");
    }
    accepted_from(
        lea,
        &firm,
        vec![
            permit("Lead", "roles", Allow),
            Change::set_effect("Lead", Cell::all_access(PermissionClass::Settings), Deny),
        ],
    );
    refused_to_chain(
        [&member("wil"), lea],
        &[Change::set_effect(
            "Wide",
            Cell::all_access(PermissionClass::Settings),
            Deny,
        )],
        "OwnRolesPermission",
    );
}

/// Who may change the schema and has the actions, and no other setting.
fn with_modeler(guards: impl IntoIterator<Item = Permission>) -> Workspace {
    let modeler = Role::new("Modeler")
        .grant("data_model")
        .grant_all(PermissionClass::Actions);
    let mut workspace = with([
        Change::create_role(modeler),
        Change::add(member("moe")),
        assign("moe", "Modeler"),
    ]);
    for guard in guards {
        workspace
            .apply_all([
                drop_permission(guard.key().as_str()),
                Change::add_permission(guard),
            ])
            .unwrap();
    }
    workspace
}

#[test]
fn l27_nobody_comes_to_a_guarding_permission_by_a_change_of_the_schema() {
    let moe = &member("moe");
    for guard in GUARDS.into_iter().filter(|guard| *guard != "data_model") {
        let as_action = || Change::add_permission(Permission::action(guard));
        // Of the other class, everybody with the switch of that class would have it.
        let workspace = with_modeler([]);
        refused_to(
            moe,
            &workspace,
            vec![drop_permission(guard), as_action()],
            "GivesGuard",
        );
        accepted_from(
            &member("ada"),
            &workspace,
            vec![drop_permission(guard), as_action()],
        );
        // Nor in two steps; what nobody has any more can be taken away.
        let mut without = workspace.clone();
        without.acting(moe).apply(drop_permission(guard)).unwrap();
        refused_to(moe, &without, vec![as_action()], "GivesGuard");
        // Who has all settings would have it anew as well.
        let again = || Change::add_permission(Permission::settings(guard));
        refused_to(moe, &without, vec![again()], "GivesGuard");
        accepted_from(&member("ada"), &without, vec![again()]);
        // Nor by needing less.
        let mut needy = with_modeler([]);
        needy
            .apply_all([
                Change::add_permission(Permission::settings("training")),
                Change::set_effect("Modeler", Cell::permission(guard), Allow),
                Change::update_permission(Permission::settings(guard).with_requirement("training")),
            ])
            .unwrap();
        let less = || Change::update_permission(Permission::settings(guard));
        refused_to(moe, &needy, vec![less()], "GivesGuard");
        accepted_from(&member("ada"), &needy, vec![less()]);
        let label = Permission::settings(guard)
            .with_requirement("training")
            .with_label("x");
        accepted_from(moe, &needy, vec![Change::update_permission(label)]);
    }
}

#[test]
fn l27_an_action_of_that_name_guards_nothing() {
    let workspace = with_modeler([Permission::action("roles")]);
    let moe = &member("moe");
    assert!(workspace.compile().access(moe).can_use("roles"));
    refused_to(moe, &workspace, vec![assign("tim", "Wide")], "NotPermitted");
    accepted_from(&member("ada"), &workspace, vec![assign("tim", "Wide")]);
}

#[test]
fn l27_admin_needs_no_permission_and_so_may_remove_each() {
    for guard in GUARDS {
        accepted_from(&member("ada"), &firm(), vec![drop_permission(guard)]);
    }
}

#[test]
fn l27_only_admin_makes_an_admin_in_any_way() {
    let firm = with([map([
        ("sales", "Wide"),
        ("owners", "Admin"),
        ("staff", "Basic"),
    ])]);
    let ways = [
        vec![assign("tim", "Admin")],
        vec![Change::assign_role(Principal::api_key("loud"), "Admin")],
        vec![assign("tim", "Wide"), assign("tim", "Admin")],
        vec![Change::add(member("new")), assign("new", "Admin")],
        vec![Change::join("new", ["owners"])],
        vec![
            Change::remove(member("tim")),
            Change::join("tim", ["owners"]),
        ],
        // The default role is Admin for a moment only.
        vec![
            Change::set_default_role("Admin"),
            Change::add(member("new")),
            Change::set_default_role("Basic"),
        ],
        vec![
            Change::set_default_role("Admin"),
            Change::delete_role("Wide"),
            Change::set_default_role("Basic"),
        ],
        // Whoever arrives with groups.
        vec![map([("staff", "Admin")])],
        vec![map([("visitors", "Admin")])],
        vec![map([
            ("owners", "Admin"),
            ("sales", "Wide"),
            ("staff", "Basic"),
        ])],
        vec![map([("owners", "Admin")])],
        vec![map([("staff", "Basic"), ("owners", "Admin")])],
        vec![map([
            ("sale", "Wide"),
            ("owners", "Admin"),
            ("staff", "Basic"),
        ])],
        vec![
            map([("sales", "Admin")]),
            Change::join("new", ["sales"]),
            map([]),
        ],
    ];
    for mut changes in ways {
        // A mapped role is not deleted, which is not asked here.
        if changes.iter().any(|it| *it == Change::delete_role("Wide")) {
            changes.insert(0, map([]));
        }
        refused_to(&member("lea"), &firm, changes.clone(), "AdminOnly");
        let behalf = firm
            .clone()
            .acting(&Principal::agent("aide"))
            .on_behalf_of(&member("ada"))
            .apply_all(changes);
        assert_eq!(why(&behalf.unwrap_err().error), "AdminOnly");
    }
    // What makes nobody Admin who was not.
    accepted_from(
        &member("lea"),
        &firm,
        vec![map([
            ("sales", "Basic"),
            ("staff", "Basic"),
            ("owners", "Admin"),
        ])],
    );
    accepted_from(&member("lea"), &firm, vec![map([("sales", "Wide")])]);
    accepted_from(&member("ada"), &firm, vec![assign("tim", "Admin")]);
    accepted_from(&member("ada"), &firm, vec![map([("staff", "Admin")])]);
}

#[test]
fn l27_only_admin_changes_the_grant_policy() {
    for (from, to) in [
        (GrantPolicy::Anything, GrantPolicy::WithinOwnAccess),
        (GrantPolicy::WithinOwnAccess, GrantPolicy::Anything),
    ] {
        let firm = with((from == GrantPolicy::WithinOwnAccess).then(|| policy(from)));
        refused_to(&member("lea"), &firm, vec![policy(to)], "AdminOnly");
        refused_to(
            &member("lea"),
            &firm,
            vec![policy(to), assign("tim", "Wide"), policy(from)],
            "AdminOnly",
        );
        refused_to(&member("tim"), &firm, vec![policy(to)], "NotPermitted");
        accepted_from(&member("ada"), &firm, vec![policy(to)]);
    }
}

#[test]
fn l25_events_are_of_the_change_also_when_somebody_acts() {
    let mut firm = firm();
    let events = firm
        .acting(&member("lea"))
        .apply(assign("tim", "Wide"))
        .unwrap();
    let [Event::RoleAssigned { from, to, .. }] = events.as_slice() else {
        panic!("{events:?}");
    };
    assert_eq!(from.as_ref().map(rolegate::RoleName::as_str), Some("Basic"));
    assert_eq!(to.as_ref().map(rolegate::RoleName::as_str), Some("Wide"));
    assert_eq!(firm.revision().number(), 1);
}

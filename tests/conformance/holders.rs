//! Cases about who asks and what for: workspace permissions (L11, L12), principals with a role and without (L18, L21, L22),
//! and chains (L23).

use super::lines::{Lines, Naming};
use super::worlds::{agents, api_keys, grant, members, on_field, permission, role, world};
use crate::reference::Action::{Delete, Edit, See};
use crate::reference::Class::{Actions, Settings};
use crate::reference::Effect::{Allow, Deny, Inherit};
use crate::reference::{KeysWithoutRole, Kind, RoleModel};

pub(super) fn write(lines: &mut Lines) {
    permissions(lines);
    without_a_role(lines);
    same_id(lines);
    white_space(lines);
    chains(lines);
}

/// L11, L12
fn permissions(lines: &mut Lines) {
    let known = [
        permission("workflows", Settings, &[]),
        permission("audit", Settings, &["approve"]),
        permission("send_email", Actions, &[]),
        permission("trigger_workflows", Actions, &["workflows"]),
        permission("replay", Actions, &["trigger_workflows"]),
        permission("approve", Actions, &[]),
    ];
    let lists: [(&str, &[&str]); 4] = [
        ("nothing", &[]),
        ("send_email", &["send_email"]),
        ("what requires", &["replay", "trigger_workflows", "audit"]),
        ("what is required", &["workflows", "approve"]),
    ];
    let mut roles = Vec::new();
    for (switches, classes) in [
        ("no switch", &[][..]),
        ("settings", &[Settings]),
        ("actions", &[Actions]),
        ("both switches", &[Settings, Actions]),
    ] {
        for (listed, keys) in lists {
            let mut role = RoleModel::new(&format!("{switches}, lists {listed}"));
            role.all_access = classes.iter().copied().collect();
            grant(&mut role, keys);
            roles.push(role);
        }
    }
    let mut everything = RoleModel::new("lists everything");
    grant(
        &mut everything,
        &known
            .clone()
            .map(|it| it.key)
            .each_ref()
            .map(String::as_str),
    );
    roles.push(everything);
    let mut world = world(&[], roles);
    world.permissions = known.clone().into();
    let held = (1..world.roles.len()).map(|role| (world.roles[role].name.clone(), role));
    let held: Vec<(String, usize)> = held.collect();
    world.members.extend(held.clone());
    lines.workspace(
        "permissions",
        "Each member is named after its role: the switches that are on, and what it lists",
        world,
    );
    for (id, _) in held {
        let who = format!("member:{id}");
        for known in &known {
            let law = if known.requires.is_empty() {
                "L11"
            } else {
                "L12"
            };
            lines.can_use(law, &[&who], &known.key, "");
        }
    }
}

/// L18, L21, L22
fn without_a_role(lines: &mut Lines) {
    let all = [Kind::Member, Kind::ApiKey, Kind::Agent];
    for (name, about, keys, held_by) in [
        (
            "keys take the default role",
            "The default role is for all kinds, and API keys without a role have its access",
            KeysWithoutRole::DefaultRole,
            &all[..],
        ),
        (
            "default role not for keys",
            "The default role is for members and agents only",
            KeysWithoutRole::DefaultRole,
            &[Kind::Member, Kind::Agent],
        ),
        (
            "keys without a role denied",
            "The default role is for all kinds, but API keys without a role have no access",
            KeysWithoutRole::Denied,
            &all,
        ),
        (
            "default role for keys",
            "The default role is for members and API keys only, and API keys without a role have its access",
            KeysWithoutRole::DefaultRole,
            &[Kind::Member, Kind::ApiKey],
        ),
    ] {
        let mut default = role("Default", &[See, Edit]);
        default.held_by = held_by.iter().copied().collect();
        grant(&mut default, &["send_email"]);
        let other = role("Other", &[See, Delete]);
        let mut world = world(&[("people", &["name"])], [default, other]);
        world.permissions = vec![permission("send_email", Actions, &[])];
        world.keys_without_role = keys;
        members(&mut world, &[("tim", 1), ("ray", 2)]);
        api_keys(&mut world, &[("website", Some(2)), ("legacy", None)]);
        agents(&mut world, &[("writer", Some(2)), ("idle", None)]);
        lines.workspace(name, about, world);
        for (who, law, note) in [
            ("member:tim", "L18", "a member has its role's access"),
            (
                "member:ray",
                "L18",
                "and not the default role's, if it has another",
            ),
            (
                "api_key:website",
                "L21",
                "an API key with a role has its access, nothing else",
            ),
            ("api_key:legacy", "L21", "an API key without a role"),
            ("agent:writer", "L22", "an agent with a role has its access"),
            ("agent:idle", "L22", "an agent without a role has none"),
        ] {
            lines.can(law, &[who], See, ("people", None), note);
            lines.can(law, &[who], Edit, ("people", Some("name")), note);
            lines.can(law, &[who], Delete, ("people", None), note);
            lines.can_use(law, &[who], "send_email", note);
        }
    }
}

/// L18: the same id under several kinds.
fn same_id(lines: &mut Lines) {
    let mut world = world(
        &[("people", &["name"])],
        [
            role("None", &[]),
            role("Reader", &[See]),
            role("Writer", &[See, Edit]),
        ],
    );
    members(&mut world, &[("sam", 2)]);
    api_keys(&mut world, &[("sam", Some(3))]);
    agents(&mut world, &[("sam", Some(1)), ("ada", Some(2))]);
    lines.workspace(
        "same id",
        "One id under three kinds is three principals",
        world,
    );
    for (who, law) in [
        ("member:sam", "L18"),
        ("api_key:sam", "L21"),
        ("agent:sam", "L22"),
        ("agent:ada", "L22"),
    ] {
        for action in [See, Edit] {
            let note = "the same id, another principal";
            lines.can(law, &[who], action, ("people", None), note);
        }
    }
}

/// L20: a role is meant whatever white space is around the words of its name, in the role and where it is named.
fn white_space(lines: &mut Lines) {
    let world = world(
        &[("people", &["name"])],
        [
            role(" Sales\u{a0}\u{a0}Lead", &[See, Edit]),
            role("Reader", &[See]),
        ],
    );
    let naming = Naming {
        default_role: Some("Sales \t Lead\n"),
        holders: &[
            ("member:tim", "Sales Lead"),
            ("member:ray", "\u{85}Reader "),
            ("api_key:legacy", ""),
            ("agent:writer", "  Sales   Lead"),
        ],
    };
    lines.workspace_naming(
        "white space",
        "Roles are named with more white space than their names keep; the API key has the default role's access",
        world,
        naming,
    );
    for who in [
        "member:tim",
        "member:ray",
        "member:ada",
        "api_key:legacy",
        "agent:writer",
    ] {
        for action in [See, Edit] {
            let note = "white space is trimmed and collapsed wherever a role is named";
            lines.can("L20", &[who], action, ("people", None), note);
        }
    }
}

/// L23
fn chains(lines: &mut Lines) {
    let reader = role("Reader", &[See]);
    let mut clerk = role("Clerk", &[See, Edit]);
    on_field(&mut clerk, "people", "email", Deny, Inherit);
    grant(&mut clerk, &["trigger_workflows", "send_email"]);
    let mut writer = role("Writer", &[See, Edit, Delete]);
    on_field(&mut writer, "people", "phone", Deny, Deny);
    on_field(&mut writer, "people", "email", Allow, Deny);
    grant(&mut writer, &["workflows", "send_email"]);
    let mut starter = role("Starter", &[See]);
    grant(&mut starter, &["workflows", "trigger_workflows"]);
    let mut world = world(
        &[("people", &["name", "email", "phone"])],
        [reader, clerk, writer, starter],
    );
    world.permissions = vec![
        permission("workflows", Settings, &[]),
        permission("trigger_workflows", Actions, &["workflows"]),
        permission("send_email", Actions, &[]),
    ];
    members(&mut world, &[("ray", 1), ("cleo", 2), ("stan", 4)]);
    api_keys(&mut world, &[("legacy", None)]);
    agents(&mut world, &[("writer", Some(3)), ("idle", None)]);
    lines.workspace(
        "chains",
        "Clerks do not see e-mail addresses, Writers no phone numbers, Starters start workflows; the API key without a role \
         has the default role's access",
        world,
    );
    let links = [
        "member:ada",
        "member:ray",
        "member:cleo",
        "agent:writer",
        "api_key:legacy",
        "agent:idle",
        "member:nobody",
    ];
    for first in links {
        for second in links {
            let chain = [first, second];
            let note = match (first, second) {
                ("agent:idle" | "member:nobody", _) | (_, "agent:idle" | "member:nobody") => {
                    "a link that is unknown or has no role denies everything"
                }
                _ if first == second => "a link with itself is as the link alone",
                _ => "what both may do, in either order",
            };
            lines.can("L23", &chain, Edit, ("people", Some("name")), note);
            lines.fields("L23", &chain, See, "people", note);
        }
    }
    for chain in [
        &["agent:writer", "member:cleo"][..],
        &["member:ada", "agent:writer"],
        &["member:ada", "member:ada"],
    ] {
        lines.can("L23", chain, Delete, ("people", None), "what both may do");
        lines.can(
            "L23",
            chain,
            See,
            ("people", Some("email")),
            "what both may do",
        );
        lines.can(
            "L23",
            chain,
            Edit,
            ("people", Some("phone")),
            "what both may do",
        );
        lines.can_use("L23", chain, "send_email", "what both may do");
        let note = "a permission and what it requires are held by the same link";
        lines.can_use("L23", chain, "trigger_workflows", note);
    }
    requirements_of_links(lines);
    for chain in [
        &["agent:writer", "member:cleo", "member:ada"][..],
        &["member:ada", "member:cleo", "agent:writer"],
        &["member:ada", "agent:writer", "member:ada"],
        &["member:ada", "agent:idle", "member:ada"],
        &["member:ray", "agent:writer", "member:cleo"],
        &["member:ada", "agent:writer", "member:ray"],
        &["member:ada", "member:ada", "agent:idle"],
        &["member:ada", "member:ada", "member:nobody"],
    ] {
        let note = "a chain of three";
        lines.can("L23", chain, Edit, ("people", None), note);
        lines.fields("L23", chain, See, "people", note);
        lines.can_use("L23", chain, "send_email", note);
    }
}

/// L12, L23: a permission and what it requires, which the links of a chain have in part.
fn requirements_of_links(lines: &mut Lines) {
    for chain in [
        &["member:stan"][..],
        &["member:cleo"],
        &["agent:writer"],
        &["member:stan", "member:stan"],
        &["member:stan", "member:ada"],
        &["member:ada", "member:stan"],
        &["member:stan", "member:cleo"],
        &["member:cleo", "member:stan"],
        &["member:stan", "agent:writer"],
        &["agent:writer", "member:stan"],
        &["member:ada", "member:cleo"],
        &["member:cleo", "member:ada"],
        &["member:stan", "member:cleo", "member:ada"],
        &["agent:writer", "member:cleo", "member:stan"],
        &["member:ada", "member:stan", "member:ada"],
    ] {
        let note = "one link's workflows does not serve another's trigger_workflows";
        lines.can_use("L23", chain, "trigger_workflows", note);
    }
}

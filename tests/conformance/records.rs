//! Cases about records and fields: the levels (L1), their reach (L2), See first (L3), what fields have (L5), unknown names
//! (L6), nothing by default (L7), hidden objects (L8), and Admin (L13).

use super::lines::Lines;
use super::worlds::{agents, api_keys, grant, members, on, on_field, permission, role, world};
use crate::reference::Action::{self, Delete, Destroy, Edit, See};
use crate::reference::Class::Actions;
use crate::reference::Effect::{self, Allow, Deny, Inherit};
use crate::reference::RoleModel;

const ALL: [Action; 4] = [See, Edit, Delete, Destroy];

/// Each pair of effects, of See and of another action, that does not contradict itself (L4), with its name.
const RULES: [(&str, Effect, Effect); 8] = [
    ("inherit_inherit", Inherit, Inherit),
    ("inherit_allow", Inherit, Allow),
    ("inherit_deny", Inherit, Deny),
    ("allow_inherit", Allow, Inherit),
    ("allow_allow", Allow, Allow),
    ("allow_deny", Allow, Deny),
    ("deny_inherit", Deny, Inherit),
    ("deny_deny", Deny, Deny),
];

pub(super) fn write(lines: &mut Lines) {
    levels(lines);
    levels_of_deletes(lines);
    reach(lines);
    see_first_at_its_own_level(lines);
    fields_have_two_actions(lines);
    unknown_names(lines);
    nothing_by_default(lines);
    under_a_hidden_object(lines);
    admin(lines);
}

/// L1, L3: every baseline, object rule and field rule about See and Edit.
fn levels(lines: &mut Lines) {
    let fields = RULES.map(|(field, ..)| field);
    let objects = RULES.map(|(object, ..)| (object, &fields[..]));
    for (name, allow) in [
        ("levels, nothing allowed", &[][..]),
        ("levels, See allowed", &[See]),
        ("levels, See and Edit allowed", &[See, Edit]),
    ] {
        let mut clerk = role("Clerk", allow);
        for (object, see, edit) in RULES {
            on(&mut clerk, object, [see, edit, Inherit, Inherit]);
            for (field, see, edit) in RULES {
                on_field(&mut clerk, object, field, see, edit);
            }
        }
        let mut world = world(&objects, [clerk]);
        members(&mut world, &[("tim", 1)]);
        let about = "Objects and fields are named after their rules in role Clerk: the effect of See, then that of Edit";
        lines.workspace(name, about, world);
        for (object, ..) in RULES {
            for action in [See, Edit] {
                lines.can("", &["member:tim"], action, (object, None), "");
            }
            for (field, _, edit) in RULES {
                // The effect of Edit on a field changes no answer about See: one for each effect of See is enough.
                if edit == Inherit {
                    lines.can("", &["member:tim"], See, (object, Some(field)), "");
                }
                lines.can("", &["member:tim"], Edit, (object, Some(field)), "");
            }
            for action in [See, Edit] {
                lines.fields("L9", &["member:tim"], action, object, "");
            }
        }
    }
}

/// L1, L3: every baseline and object rule about See and Delete, and about See and Destroy.
fn levels_of_deletes(lines: &mut Lines) {
    let objects = RULES.map(|(object, ..)| (object, &["name"][..]));
    for (action, name, about) in [
        (
            Delete,
            "levels of Delete",
            "Objects are named after the rules of each role: the effect of See, then that of Delete",
        ),
        (
            Destroy,
            "levels of Destroy",
            "Objects are named after the rules of each role: the effect of See, then that of Destroy",
        ),
    ] {
        let mut roles = [
            role("None", &[]),
            role("Sees", &[See]),
            role("Both", &[See, action]),
        ];
        for role in &mut roles {
            for (object, see, effect) in RULES {
                let effects = match action {
                    Delete => [see, Inherit, effect, Inherit],
                    _ => [see, Inherit, Inherit, effect],
                };
                on(role, object, effects);
            }
        }
        let mut world = world(&objects, roles);
        members(&mut world, &[("nil", 1), ("sue", 2), ("tim", 3)]);
        lines.workspace(name, about, world);
        for who in ["member:nil", "member:sue", "member:tim"] {
            for (object, ..) in RULES {
                lines.can("", &[who], action, (object, None), "");
            }
        }
        let other = if action == Delete { Destroy } else { Delete };
        let note = "Delete and Destroy do not imply each other";
        let place = ("allow_allow", None);
        lines.can("L1", &["member:tim"], other, place, note);
        lines.can("L1", &["member:tim"], action, place, note);
    }
}

/// L2
fn reach(lines: &mut Lines) {
    let mut clerk = role("Clerk", &[See]);
    on(&mut clerk, "people", [Inherit, Allow, Inherit, Inherit]);
    on_field(&mut clerk, "people", "email", Deny, Deny);
    on_field(&mut clerk, "people", "phone", Allow, Deny);
    let reader = role("Reader", &[See]);
    let objects: [(&str, &[&str]); 2] = [
        ("people", &["name", "email", "phone"]),
        ("companies", &["name", "email"]),
    ];
    let mut world = world(&objects, [reader, clerk]);
    members(&mut world, &[("ray", 1), ("cleo", 2)]);
    lines.workspace(
        "reach",
        "Clerk has rules about one object and two of its fields, Reader has none",
        world,
    );
    for (object, field, note) in [
        ("people", None, "a field rule says nothing of the record"),
        ("people", Some("name"), "nor of another field"),
        ("people", Some("email"), "but of its own"),
        (
            "companies",
            None,
            "an object rule says nothing of another object",
        ),
        (
            "companies",
            Some("email"),
            "nor of a field of the same name there",
        ),
    ] {
        for action in [See, Edit] {
            lines.can("L2", &["member:cleo"], action, (object, field), note);
            let note = "nor does it say anything of another role";
            lines.can("L2", &["member:ray"], action, (object, field), note);
        }
    }
}

/// L3
fn see_first_at_its_own_level(lines: &mut Lines) {
    let mut broker = role("Broker", &ALL);
    on(&mut broker, "deals", [Deny, Inherit, Inherit, Inherit]);
    on_field(&mut broker, "deals", "amount", Allow, Inherit);
    on_field(&mut broker, "people", "email", Deny, Inherit);
    let objects: [(&str, &[&str]); 2] = [("people", &["name", "email"]), ("deals", &["amount"])];
    let mut world = world(&objects, [broker]);
    members(&mut world, &[("bea", 1)]);
    lines.workspace(
        "see first",
        "Everything is allowed but to see deals and e-mail addresses; the amount of a deal is shown",
        world,
    );
    for action in ALL {
        let note = "who may not see a record may not change it";
        lines.can("", &["member:bea"], action, ("deals", None), note);
        let note = "a hidden field hides no record";
        lines.can("", &["member:bea"], action, ("people", None), note);
    }
    for (object, field, note) in [
        ("people", "email", "who may not see a field may not edit it"),
        (
            "people",
            "name",
            "and a field that can be seen can be edited",
        ),
        (
            "deals",
            "amount",
            "editing a field needs See on the field, not on the record",
        ),
    ] {
        lines.can("L3", &["member:bea"], Edit, (object, Some(field)), note);
    }
}

/// L5
fn fields_have_two_actions(lines: &mut Lines) {
    let mut world = world(&[("people", &["name"])], [role("Everything", &ALL)]);
    members(&mut world, &[("tim", 1)]);
    lines.workspace("everything", "A role that allows everything", world);
    for who in ["member:tim", "member:ada"] {
        for action in ALL {
            let note = "a field is seen and edited, never deleted";
            lines.can("L5", &[who], action, ("people", Some("name")), note);
            let note = "a record has all four";
            lines.can("L5", &[who], action, ("people", None), note);
            let note = "as a set of fields";
            lines.fields("L5", &[who], action, "people", note);
        }
    }
}

/// L6
fn unknown_names(lines: &mut Lines) {
    let objects: [(&str, &[&str]); 2] = [("people", &["name", "Name"]), ("größe", &["*"])];
    let mut everything = role("Everything", &ALL);
    grant(&mut everything, &["send_email"]);
    let mut world = world(&objects, [everything]);
    world.permissions = vec![permission("send_email", Actions, &[])];
    members(&mut world, &[("tim", 1), ("a:b", 1)]);
    api_keys(&mut world, &[("sync", Some(1))]);
    lines.workspace(
        "names",
        "A role that allows everything, and odd names",
        world,
    );
    let note = "known";
    for who in ["member:tim", "member:a:b", "api_key:sync"] {
        lines.can("L6", &[who], See, ("people", None), note);
        lines.can("L6", &[who], Edit, ("größe", Some("*")), note);
        lines.can_use("L6", &[who], "send_email", note);
    }
    for who in ["member:tim", "member:ada"] {
        for object in [
            "",
            "People",
            "people ",
            "peopl",
            "people.name",
            "*",
            "gro\u{308}ße",
            "constructor",
            "__proto__",
        ] {
            lines.can("L6", &[who], See, (object, None), "an unknown object");
        }
        let note = "an unknown object has no fields";
        lines.can("L6", &[who], See, ("deals", Some("name")), note);
        lines.fields("L6", &[who], See, "deals", note);
        for field in [
            "",
            "NAME",
            "name ",
            "phone",
            "people.name",
            "*",
            "constructor",
        ] {
            let note = "an unknown field";
            lines.can("L6", &[who], See, ("people", Some(field)), note);
            lines.can("L6", &[who], Edit, ("people", Some(field)), note);
        }
        for permission in [
            "",
            "SEND_EMAIL",
            "send_email ",
            "teleport",
            "*",
            "constructor",
        ] {
            lines.can_use("L6", &[who], permission, "an unknown permission");
        }
    }
    for who in [
        "member:nobody",
        "member:",
        "member:TIM",
        "member:tim ",
        "api_key:tim",
        "agent:sync",
        "member:Everything",
    ] {
        let note = "an unknown principal";
        lines.can("L6", &[who], See, ("people", None), note);
        lines.can_use("L6", &[who], "send_email", note);
        lines.fields("L6", &[who], See, "people", note);
    }
}

/// L7
fn nothing_by_default(lines: &mut Lines) {
    let mut new = world(
        &[("people", &["name"]), ("tasks", &["title"])],
        [RoleModel::new("New"), role("Reader", &[See])],
    );
    new.permissions = vec![permission("send_email", Actions, &[])];
    members(&mut new, &[("nil", 1), ("ray", 2)]);
    lines.workspace(
        "nothing",
        "A role without settings, and one with a baseline only",
        new,
    );
    for action in ALL {
        lines.can(
            "L7",
            &["member:nil"],
            action,
            ("people", None),
            "a role starts with nothing",
        );
    }
    let nil = ["member:nil"];
    lines.can(
        "L7",
        &nil,
        See,
        ("people", Some("name")),
        "a role starts with nothing",
    );
    lines.can_use("L7", &nil, "send_email", "a role starts with nothing");
    lines.fields("L7", &nil, See, "people", "a role starts with nothing");
    let ray = ["member:ray"];
    lines.can(
        "L7",
        &ray,
        See,
        ("tasks", None),
        "an object without a rule takes the baseline",
    );
    lines.can(
        "L7",
        &ray,
        Edit,
        ("tasks", None),
        "an object without a rule takes the baseline",
    );
    lines.can(
        "L7",
        &ray,
        See,
        ("tasks", Some("title")),
        "a field without a rule inherits",
    );
    lines.can(
        "L7",
        &ray,
        Edit,
        ("tasks", Some("title")),
        "a field without a rule inherits",
    );
    lines.fields("L7", &ray, See, "tasks", "a field without a rule inherits");
}

/// L8
fn under_a_hidden_object(lines: &mut Lines) {
    let mut broker = role("Broker", &[See, Edit]);
    on(&mut broker, "deals", [Deny, Inherit, Inherit, Inherit]);
    on_field(&mut broker, "deals", "amount", Allow, Deny);
    on_field(&mut broker, "deals", "title", Allow, Allow);
    let mut world = world(&[("deals", &["title", "amount", "owner"])], [broker]);
    members(&mut world, &[("bea", 1)]);
    lines.workspace(
        "hidden object",
        "Deals are hidden, two of their fields are not",
        world,
    );
    let bea = ["member:bea"];
    for action in [See, Edit] {
        let note = "the record stays hidden";
        lines.can("L8", &bea, action, ("deals", None), note);
        for (field, note) in [
            ("title", "a field rule may show a field"),
            ("amount", "a field rule may show a field"),
            ("owner", "the others are hidden as the record is"),
        ] {
            lines.can("L8", &bea, action, ("deals", Some(field)), note);
        }
        lines.fields(
            "L8",
            &bea,
            action,
            "deals",
            "listed, although the record is hidden",
        );
    }
}

/// L13
fn admin(lines: &mut Lines) {
    let objects: [(&str, &[&str]); 2] = [("people", &["name"]), ("deals", &[])];
    let mut world = world(&objects, [RoleModel::new("Admin"), role("Owner", &[See])]);
    "Root".clone_into(&mut world.roles[0].name);
    world.permissions = vec![
        permission("send_email", Actions, &["roles"]),
        permission("roles", crate::reference::Class::Settings, &[]),
    ];
    members(&mut world, &[("eve", 1), ("olga", 2)]);
    api_keys(&mut world, &[("master", Some(0))]);
    agents(&mut world, &[("helper", Some(1))]);
    lines.workspace(
        "admin by another name",
        "The Admin role is named Root; roles named Admin and Owner are ordinary ones",
        world,
    );
    for (who, note) in [
        ("member:ada", "Admin is known by what it is"),
        ("api_key:master", "an API key may hold it"),
        ("member:eve", "and not by its name"),
        ("member:olga", "and not by its name"),
        ("agent:helper", "and not by its name"),
    ] {
        for action in ALL {
            lines.can("L13", &[who], action, ("people", None), note);
        }
        lines.can("L13", &[who], Edit, ("people", Some("name")), note);
        lines.can("L13", &[who], Destroy, ("deals", None), note);
        lines.can_use("L13", &[who], "send_email", note);
        lines.fields("L13", &[who], Edit, "people", note);
    }
}

//! Cases about documents: which are let in, and which break a law (L4, L6, L12 to L15, L18 to L20, L37).

use super::lines::{Lines, Naming};
use super::worlds::{
    agents, api_keys, grant, guard, members, on, on_field, permission, points, role, world,
};
use crate::reference::Action::{Delete, Destroy, Edit, See};
use crate::reference::Class::{Actions, Settings};
use crate::reference::Effect::{Allow, Deny, Inherit};
use crate::reference::{Guard, Kind, RoleModel, WHITE_SPACE, World};

/// One object, an ordinary role, and nobody but Admin.
fn office() -> World {
    let mut world = world(&[("people", &["name"])], [RoleModel::new("Member")]);
    world.permissions = vec![permission("audit", Settings, &[])];
    world
}

/// The office after a change.
fn with(change: impl FnOnce(&mut World)) -> World {
    let mut world = office();
    change(&mut world);
    world
}

/// The office after a change of its ordinary role.
fn with_role(change: impl FnOnce(&mut RoleModel)) -> World {
    with(|world| change(&mut world.roles[1]))
}

pub(super) fn write(lines: &mut Lines) {
    contradictions(lines);
    names(lines);
    requirements(lines);
    admin_and_default_role(lines);
    holders(lines);
    role_names(lines);
    named_roles(lines);
    guards(lines);
}

/// L4
fn contradictions(lines: &mut Lines) {
    for (note, allow) in [
        ("a baseline that allows nothing", &[][..]),
        ("a baseline that allows See", &[See]),
        ("a baseline that allows Edit without See", &[Edit]),
        ("a baseline that allows Delete without See", &[Delete]),
        ("a baseline that allows See and Edit", &[See, Edit]),
    ] {
        let world = with_role(|it| it.baseline = role("", allow).baseline);
        lines.document("L4", &world, note);
    }
    for (note, effects) in [
        (
            "an object rule that denies See alone",
            [Deny, Inherit, Inherit, Inherit],
        ),
        (
            "an object rule that denies See and Edit",
            [Deny, Deny, Inherit, Inherit],
        ),
        (
            "an object rule that denies See and allows Edit",
            [Deny, Allow, Inherit, Inherit],
        ),
        (
            "an object rule that denies See and allows Delete",
            [Deny, Inherit, Allow, Inherit],
        ),
        (
            "an object rule that denies See and allows Destroy",
            [Deny, Inherit, Inherit, Allow],
        ),
        (
            "an object rule that allows Edit where the baseline hides the records: See first decides",
            [Inherit, Allow, Inherit, Inherit],
        ),
    ] {
        lines.document("L4", &with_role(|it| on(it, "people", effects)), note);
    }
    for (note, see, edit) in [
        ("a field rule that denies both", Deny, Deny),
        ("a field rule that denies See alone", Deny, Inherit),
        ("a field rule that denies See and allows Edit", Deny, Allow),
        ("a field rule that allows Edit alone", Inherit, Allow),
    ] {
        let world = with_role(|it| on_field(it, "people", "name", see, edit));
        lines.document("L4", &world, note);
    }
}

/// L6
fn names(lines: &mut Lines) {
    let hidden = [Deny, Inherit, Inherit, Inherit];
    lines.document(
        "L6",
        &with_role(|it| on(it, "people", hidden)),
        "a rule for a known object",
    );
    lines.document(
        "L6",
        &with_role(|it| on(it, "deals", hidden)),
        "a rule for an unknown object",
    );
    let world = with_role(|it| on_field(it, "people", "phone", Deny, Deny));
    lines.document("L6", &world, "a rule for an unknown field");
    for (object, field, note) in [
        ("people", None, "a rule that inherits everything"),
        (
            "deals",
            None,
            "a rule that inherits everything, for an unknown object",
        ),
        (
            "people",
            Some("name"),
            "a field rule that inherits everything",
        ),
        (
            "people",
            Some("phone"),
            "a field rule that inherits everything, for an unknown field",
        ),
        (
            "deals",
            Some("name"),
            "a field rule that inherits everything, of an unknown object",
        ),
    ] {
        let world = with_role(|it| match field {
            Some(field) => on_field(it, object, field, Inherit, Inherit),
            None => on(it, object, [Inherit; 4]),
        });
        lines.document("L6", &world, note);
    }
    lines.document(
        "L6",
        &with_role(|it| grant(it, &["audit"])),
        "a known permission is listed",
    );
    lines.document(
        "L6",
        &with_role(|it| grant(it, &["fly"])),
        "an unknown permission is listed",
    );
    let world = with(|it| points(it, "people", "name", "people"));
    lines.document("L6", &world, "a relation to a known object, its own");
    let world = with(|it| points(it, "people", "name", "deals"));
    lines.document("L6", &world, "a relation to an unknown object");
    for (permission, note) in [
        ("audit", "a field bound to a known permission"),
        ("fly", "a field bound to an unknown permission"),
    ] {
        let bound = Guard {
            permissions: [permission.to_owned()].into(),
            ..Guard::default()
        };
        lines.document("L6", &with(|it| guard(it, "people", "name", bound)), note);
    }
    let people = ("people".to_owned(), Vec::new());
    let world = with(|it| it.objects.push(people));
    lines.document("L6", &world, "an object that is there twice");
    let world = with(|it| it.objects[0].1.push("name".to_owned()));
    lines.document("L6", &world, "a field that is there twice");
    let world = with(|it| it.permissions.push(permission("audit", Actions, &[])));
    lines.document("L6", &world, "a permission that is there twice");
}

/// L12
fn requirements(lines: &mut Lines) {
    for (note, known) in [
        (
            "a permission requires another",
            &[("a", &["b"][..]), ("b", &[])][..],
        ),
        (
            "two require a third",
            &[("a", &["c"]), ("b", &["c"]), ("c", &[])],
        ),
        ("a permission requires itself", &[("a", &["a"])]),
        ("two require each other", &[("a", &["b"]), ("b", &["a"])]),
        (
            "a circle of three",
            &[("a", &["b"]), ("b", &["c"]), ("c", &["a"])],
        ),
    ] {
        let known = known.iter();
        let known = known.map(|(key, requires)| permission(key, Actions, requires));
        let known: Vec<_> = known.collect();
        lines.document("L12", &with(|it| it.permissions = known), note);
    }
    let unknown = permission("a", Actions, &["b"]);
    let world = with(|it| it.permissions.push(unknown));
    lines.document("L6", &world, "a permission requires an unknown one");
}

/// L13, L14, L15
fn admin_and_default_role(lines: &mut Lines) {
    lines.document("L13", &office(), "one Admin role");
    let world = with(|it| it.roles.push(RoleModel::admin("Root")));
    lines.document("L13", &world, "two Admin roles");
    lines.document(
        "L14",
        &with(|it| members(it, &[("tim", 1)])),
        "a member holds Admin",
    );
    lines.document(
        "L14",
        &with(|it| members(it, &[("ada", 1)])),
        "no member holds Admin",
    );
    let world = with(|it| {
        members(it, &[("ada", 1)]);
        api_keys(it, &[("root", Some(0))]);
    });
    lines.document("L14", &world, "an API key that holds Admin does not count");
    let world = with(|it| it.roles.insert(1, RoleModel::new("Other")));
    lines.document("L15", &world, "the default role exists");
    lines.document(
        "L15",
        &with(|it| it.default_role = 7),
        "the default role is unknown",
    );
    let world = with(|it| it.default_role = 0);
    lines.document("L15", &world, "the default role is Admin");
}

/// L18, L19
fn holders(lines: &mut Lines) {
    let world = with(|it| agents(it, &[("idle", None)]));
    lines.document("L18", &world, "an agent without a role");
    let world = with(|it| api_keys(it, &[("legacy", None)]));
    lines.document("L18", &world, "an API key without a role");
    let world = with(|it| members(it, &[("tim", 7)]));
    lines.document("L18", &world, "a member holds an unknown role");
    let world = with(|it| agents(it, &[("writer", Some(7))]));
    lines.document("L18", &world, "an agent holds an unknown role");
    let world = with(|it| api_keys(it, &[("root", Some(0))]));
    lines.document("L19", &world, "an API key holds Admin");
    let world = with(|it| agents(it, &[("root", Some(0))]));
    lines.document("L19", &world, "an agent holds Admin");
    let kinds = [Kind::Member, Kind::ApiKey, Kind::Agent];
    for (bits, kinds) in (0..8).map(|bits| {
        let kinds = kinds.into_iter().zip([1, 2, 4]);
        let kinds = kinds.filter(move |(_, bit)| bits & bit != 0);
        (bits, kinds.map(|(kind, _)| kind))
    }) {
        let held_by = kinds.collect();
        let note = "the default role is for members, whoever else may hold it";
        lines.document("L19", &with_role(|it| it.held_by = held_by), note);
        for (kind, bit) in [("member", 1), ("API key", 2), ("agent", 4)] {
            // A kind by itself, and everything but it, tell enough.
            if bits != bit && bits != 7 - bit {
                continue;
            }
            let mut bot = RoleModel::new("Bot");
            bot.held_by = [Kind::Member, Kind::ApiKey, Kind::Agent]
                .into_iter()
                .zip([1, 2, 4])
                .filter(|(_, of)| bits & of != 0)
                .map(|(kind, _)| kind)
                .collect();
            let world = with(|it| {
                it.roles.push(bot);
                match kind {
                    "member" => members(it, &[("who", 2)]),
                    "agent" => agents(it, &[("who", Some(2))]),
                    _ => api_keys(it, &[("who", Some(2))]),
                }
            });
            let note = format!("the role Bot is held by a principal of kind {kind}");
            lines.document("L19", &world, &note);
        }
    }
}

/// L20
fn role_names(lines: &mut Lines) {
    for (note, name) in [
        ("another name", "Sales"),
        ("another name, as upper and lower case differ", "member"),
        ("the same name", "Member"),
        (
            "the same name, once white space at its ends is removed",
            "  Member\t",
        ),
        ("an empty name", ""),
        ("a name of white space", " \n "),
        (
            "the same name, as a no-break space is white space",
            "Member\u{a0}",
        ),
        ("the same name, as U+0085 is white space", "\u{85}Member"),
        (
            "another name, as U+FEFF is no white space",
            "\u{feff}Member",
        ),
        ("a name of white space, a no-break space", "\u{a0}"),
        ("a name of white space, U+0085", "\u{85}"),
        ("a name of U+FEFF, which is no white space", "\u{feff}"),
        (
            "another name, with white space inside that is collapsed",
            "Sales\u{85}Lead",
        ),
    ] {
        let world = with(|it| it.roles.push(RoleModel::new(name)));
        lines.document("L20", &world, note);
    }
    for (note, name) in [
        ("another name", "Sales Manager"),
        (
            "the same name, once white space inside is collapsed",
            "Sales   Lead",
        ),
        (
            "another name, as no white space is not white space",
            "SalesLead",
        ),
        (
            "the same name, as a no-break space is white space",
            "Sales\u{a0}Lead",
        ),
        ("the same name, as U+0085 is white space", "Sales\u{85}Lead"),
        (
            "another name, as U+FEFF is no white space",
            "Sales\u{feff}Lead",
        ),
    ] {
        let world = with(|it| {
            it.roles.push(RoleModel::new("Sales Lead"));
            it.roles.push(RoleModel::new(name));
        });
        lines.document("L20", &world, note);
    }
}

/// L14, L15, L18: a role is named by its holders and as the default role, and its name is then normalised too (L20).
fn named_roles(lines: &mut Lines) {
    let office = with(|it| it.roles.push(RoleModel::new("Sales Lead")));
    let every = format!("Sales{}Lead", WHITE_SPACE.iter().collect::<String>());
    let names = [
        ("by the name that it has", "Sales Lead"),
        ("with white space to trim", "\tSales Lead\n"),
        ("with white space to collapse", "Sales \r\n Lead"),
        ("without its white space", "SalesLead"),
        ("in lower case", "sales lead"),
        ("with U+00A0, white space", "\u{a0}Sales\u{a0}Lead"),
        ("with U+0085, white space", "Sales\u{85}Lead\u{85}"),
        (
            "with U+FEFF, no white space, before it",
            "\u{feff}Sales Lead",
        ),
        ("with U+FEFF, no white space, inside", "Sales\u{feff}Lead"),
        ("with U+200B, no white space", "Sales Lead\u{200b}"),
        ("with U+180E, no white space", "Sales Lead\u{180e}"),
        ("with U+001C, no white space", "Sales Lead\u{1c}"),
        ("with U+001F, no white space", "Sales\u{1f}Lead"),
        ("with all white space that there is", every.as_str()),
        ("by the empty name", ""),
    ];
    for (how, name) in names {
        let naming = Naming {
            holders: &[("member:tim", name)],
            ..Naming::default()
        };
        let note = format!("the role of a member is named {how}");
        lines.document_naming("L18", &office, naming, &note);
        let naming = Naming {
            default_role: Some(name),
            ..Naming::default()
        };
        let note = format!("the default role is named {how}");
        lines.document_naming("L15", &office, naming, &note);
    }
    for (kind, who) in [("an API key", "api_key:who"), ("an agent", "agent:who")] {
        for (how, name) in [
            ("with white space around and in it", " Sales\u{a0} Lead\n"),
            ("in lower case", "sales lead"),
            ("by white space, which is no name of a role", " "),
            ("by the empty name, and so has none", ""),
        ] {
            let naming = Naming {
                holders: &[(who, name)],
                ..Naming::default()
            };
            let note = format!("the role of {kind} is named {how}");
            lines.document_naming("L18", &office, naming, &note);
        }
    }
    for (how, name) in [
        ("with white space around it", " Admin\t"),
        ("in lower case", "admin"),
    ] {
        let naming = Naming {
            holders: &[("member:ada", name)],
            ..Naming::default()
        };
        let note = format!("the role of the only Admin is named {how}");
        lines.document_naming("L14", &office, naming, &note);
    }
}

/// L37
fn guards(lines: &mut Lines) {
    for (note, actions) in [
        ("a field bound to Edit", &[Edit][..]),
        (
            "a field bound to all that it can be",
            &[Edit, Delete, Destroy],
        ),
        ("a field cannot be bound to See", &[See]),
        (
            "a field cannot be bound to See, whatever else",
            &[See, Delete],
        ),
    ] {
        let bound = Guard {
            actions: actions.iter().copied().collect(),
            ..Guard::default()
        };
        let world = with(|it| guard(it, "people", "name", bound));
        lines.document("L37", &world, note);
    }
}

//! Cases about whole requests: what a query uses (L35), what a write needs (L36), guarded fields (L37), and what is left of a
//! request when it is trimmed (L38).

use super::lines::Lines;
use super::worlds::{agents, grant, guard, members, on, on_field, permission, points, role, world};
use crate::reference::Action::{self, Delete, Destroy, Edit, See};
use crate::reference::Class::{Actions, Settings};
use crate::reference::Effect::{Allow, Deny, Inherit};
use crate::reference::{Class, Closed, Guard, ReadModel, World, WriteKind, WriteModel};

const ALL: [Action; 4] = [See, Edit, Delete, Destroy];

pub(super) fn write(lines: &mut Lines) {
    reads(lines);
    writes(lines);
    guarded_fields(lines);
    guarded_by_permissions(lines);
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

/// A query of an object with its select list.
fn select(object: &str, select: &[&str]) -> ReadModel {
    ReadModel {
        object: object.to_owned(),
        select: names(select),
        ..ReadModel::default()
    }
}

/// A query that uses a field in one way: 0 filters, 1 sorts, 2 groups, 3 aggregates, 4 searches.
fn using(way: usize, path: &str) -> ReadModel {
    let mut read = select("people", &["name"]);
    read.uses[way].push(path.to_owned());
    read
}

fn update(kind: WriteKind, fields: &[&str]) -> WriteModel {
    WriteModel {
        kind,
        object: "people".to_owned(),
        fields: names(fields),
        returning: Vec::new(),
        import: false,
    }
}

/// People of companies, which have parents; people have accounts. A clerk sees no phone number, revenue or account.
fn related() -> World {
    let mut clerk = role("Clerk", &[See]);
    on_field(&mut clerk, "people", "phone", Deny, Deny);
    on_field(&mut clerk, "companies", "revenue", Deny, Deny);
    on(&mut clerk, "accounts", [Deny, Inherit, Inherit, Inherit]);
    on_field(&mut clerk, "accounts", "login", Allow, Inherit);
    let mut exporter = role("Exporter", &[See]);
    grant(&mut exporter, &["export_csv"]);
    let mut world = world(
        &[
            ("people", &["name", "phone", "company", "account"]),
            ("companies", &["name", "revenue", "parent"]),
            ("accounts", &["login"]),
        ],
        [clerk, exporter],
    );
    points(&mut world, "people", "company", "companies");
    points(&mut world, "people", "account", "accounts");
    points(&mut world, "companies", "parent", "companies");
    world.permissions = vec![permission("export_csv", Actions, &[])];
    members(&mut world, &[("cleo", 1), ("eda", 2)]);
    agents(&mut world, &[("idle", None)]);
    world
}

/// L35, L38
fn reads(lines: &mut Lines) {
    lines.workspace(
        "queries",
        "A clerk sees no phone number, no revenue and no account, but logins; an exporter sees everything",
        related(),
    );
    let cleo = &["member:cleo"][..];
    let both = [cleo, &["member:eda"]];
    for who in both {
        for way in 0..5 {
            let note = "a field that is used in any way must be seen";
            lines.read("L35", who, &using(way, "phone"), note);
            lines.read("L35", who, &using(way, "name"), note);
        }
        for (path, note) in [
            ("company", "a relation at the end of a path is a field"),
            ("company.name", "a path needs each field of it"),
            ("company.revenue", "a path needs each field of it"),
            ("company.parent.parent.name", "a path may go round"),
            ("company.parent.revenue", "a path needs each field of it"),
            ("account", "the records behind are not reached"),
            ("account.login", "a path needs the records that it enters"),
            ("name.first", "no path leads through what is no relation"),
            ("company.phone", "an unknown field at the end of a path"),
            ("contact.name", "an unknown field at the start of a path"),
            ("company..name", "an empty name is an unknown field"),
            ("company.", "an empty name is an unknown field"),
            ("", "an empty name is an unknown field"),
        ] {
            lines.read("L35", who, &using(0, path), note);
            lines.read("L35", who, &select("people", &["name", path]), note);
        }
        let eight = format!("company{}.name", ".parent".repeat(6));
        lines.read("L35", who, &using(1, &eight), "a path of eight fields");
        let nine = format!("company{}.name", ".parent".repeat(7));
        lines.read(
            "L35",
            who,
            &using(1, &nine),
            "a path has at most eight fields",
        );
        let note = "a query that uses no field needs See on the records";
        for object in ["people", "companies", "accounts", "invoices"] {
            lines.read("L35", who, &select(object, &[]), note);
        }
        let note = "shown fields do not show the records";
        lines.read("L35", who, &select("accounts", &["login"]), note);
        let mut export = select("people", &["name"]);
        export.export = true;
        lines.read("L36", who, &export, "an export needs export_csv");
        for (fields, note) in [
            (&["name", "company"][..], "nothing to trim"),
            (&["phone", "name"], "a hidden field is trimmed"),
            (
                &["phone", "name", "company.revenue", "company.name"],
                "in the order asked",
            ),
            (&["phone"], "a list may be trimmed to nothing"),
            (&["name", "name"], "a field is selected once"),
            (&["name", "fax"], "an unknown field is trimmed"),
        ] {
            lines.read("L38", who, &select("people", fields), note);
        }
        let mut used = select("people", &["name", "phone"]);
        used.uses[0].push("phone".to_owned());
        let note = "what is used otherwise cannot be trimmed";
        lines.read("L38", who, &used, note);
    }
    for chain in [
        &["member:eda", "member:cleo"][..],
        &["member:cleo", "member:eda"],
        &["agent:idle", "member:eda"],
        &["member:nobody"],
    ] {
        let note = "a query of a chain is what both may do";
        lines.read("L38", chain, &select("people", &["name", "phone"]), note);
        lines.read("L38", chain, &select("people", &["name"]), note);
    }
}

/// Signers, editors, cleaners, shredders, and one that sees a name and no record.
fn writers() -> World {
    let mut signer = role("Signer", &[See]);
    on_field(&mut signer, "people", "name", Allow, Allow);
    let mut editor = role("Editor", &[See, Edit]);
    on_field(&mut editor, "people", "email", Allow, Deny);
    on_field(&mut editor, "people", "phone", Deny, Deny);
    grant(&mut editor, &["import_csv"]);
    let cleaner = role("Cleaner", &[See, Delete]);
    let shredder = role("Shredder", &[See, Destroy]);
    let mut blind = role("Blind", &ALL);
    on(&mut blind, "people", [Deny, Inherit, Inherit, Inherit]);
    on_field(&mut blind, "people", "name", Allow, Allow);
    let mut world = world(
        &[("people", &["name", "email", "phone"])],
        [signer, editor, cleaner, shredder, blind],
    );
    world.permissions = vec![permission("import_csv", Actions, &[])];
    members(
        &mut world,
        &[("sid", 1), ("eda", 2), ("cleo", 3), ("shin", 4), ("bob", 5)],
    );
    world
}

/// L36, L38
fn writes(lines: &mut Lines) {
    lines.workspace(
        "writes",
        "A signer sees and edits names; an editor edits but e-mail addresses and imports; a cleaner deletes; a shredder \
         destroys; the last sees and edits names of hidden people",
        writers(),
    );
    let kinds = [
        (WriteKind::Create, "create needs Edit on the record"),
        (
            WriteKind::Update,
            "update needs See on the record, and Edit if no field is given",
        ),
        (WriteKind::Upsert, "upsert needs See and Edit on the record"),
        (
            WriteKind::Delete,
            "delete needs See and Delete on the record",
        ),
        (
            WriteKind::Restore,
            "restore needs See and Delete on the record",
        ),
        (
            WriteKind::Destroy,
            "destroy needs See and Destroy on the record",
        ),
    ];
    for who in [
        "member:sid",
        "member:eda",
        "member:cleo",
        "member:shin",
        "member:bob",
        "member:ada",
    ] {
        for (kind, note) in kinds {
            lines.write("L36", &[who], &update(kind, &[]), note);
        }
    }
    for who in ["member:sid", "member:eda", "member:bob"] {
        for (kind, _) in &kinds[..3] {
            let note = "each field that is given needs Edit";
            lines.write("L36", &[who], &update(*kind, &["name"]), note);
        }
    }
    let note = "a delete that gives a field edits it as well";
    lines.write(
        "L36",
        &["member:cleo"],
        &update(WriteKind::Delete, &["name"]),
        note,
    );
    lines.write(
        "L36",
        &["member:ada"],
        &update(WriteKind::Delete, &["name"]),
        note,
    );
    for who in ["member:sid", "member:eda", "member:ada"] {
        for returned in ["name", "phone"] {
            let mut write = update(WriteKind::Update, &["name"]);
            write.returning = names(&[returned]);
            lines.write(
                "L36",
                &[who],
                &write,
                "each field that is returned needs See",
            );
        }
        for (returned, note) in [
            (["name", "email"], "two fields are returned"),
            (["name", "name"], "a field is returned once"),
        ] {
            let mut write = update(WriteKind::Update, &["name"]);
            write.returning = names(&returned);
            lines.write("L38", &[who], &write, note);
        }
        let mut write = update(WriteKind::Update, &["name"]);
        write.import = true;
        lines.write("L36", &[who], &write, "an import needs import_csv");
        for (fields, note) in [
            (&["name", "email"][..], "what may not be written is dropped"),
            (&["email", "phone", "name"], "in the order given"),
            (
                &["email"],
                "an update without fields needs Edit on the record",
            ),
            (&["name", "fax"], "an unknown field is dropped"),
            (&["name", "name"], "a field is written once"),
        ] {
            lines.write("L38", &[who], &update(WriteKind::Update, fields), note);
        }
    }
    for chain in [["member:eda", "member:sid"], ["member:sid", "member:eda"]] {
        for fields in [&["name"][..], &["email"], &["name", "email"], &[]] {
            let note = "a write of a chain is what both may do";
            lines.write("L38", &chain, &update(WriteKind::Update, fields), note);
        }
    }
}

const GUARDED: [&str; 8] = [
    "plain",
    "id",
    "score",
    "deleted_at",
    "erased",
    "signed",
    "level",
    "sealed",
];

/// People of whom each field but the first is guarded in another way, and roles that differ in what the guards need.
fn guarded() -> World {
    let editor = role("Editor", &[See, Edit]);
    let cleaner = role("Cleaner", &[See, Edit, Delete]);
    let mut security = role("Security", &[See, Edit]);
    grant(&mut security, &["security"]);
    let mut signer = role("Signer", &[See]);
    for field in ["plain", "deleted_at", "signed", "level"] {
        on_field(&mut signer, "people", field, Allow, Allow);
    }
    grant(&mut signer, &["security"]);
    let mut everything = role("Everything", &ALL);
    grant(&mut everything, &["security"]);
    // Delete, Destroy and Edit of the record are allowed by the baseline, and yet they are not, as it is hidden (L3).
    let mut blind = role("Blind", &ALL);
    on(&mut blind, "people", [Deny, Inherit, Inherit, Inherit]);
    for field in ["plain", "deleted_at", "erased", "signed", "level", "sealed"] {
        on_field(&mut blind, "people", field, Allow, Allow);
    }
    grant(&mut blind, &["security"]);
    let mut world = world(
        &[("people", &GUARDED)],
        [editor, cleaner, security, signer, everything, blind],
    );
    world.permissions = vec![permission("security", Settings, &[])];
    let bound = |actions: &[Action], permissions: &[&str]| Guard {
        closed: None,
        actions: actions.iter().copied().collect(),
        permissions: permissions.iter().map(ToString::to_string).collect(),
    };
    let closed = |closed| Guard {
        closed: Some(closed),
        ..Guard::default()
    };
    for (field, how) in [
        ("id", closed(Closed::System)),
        ("score", closed(Closed::ReadOnly)),
        ("deleted_at", bound(&[Delete], &[])),
        ("erased", bound(&[Destroy], &[])),
        ("signed", bound(&[Edit], &[])),
        ("level", bound(&[], &["security"])),
        ("sealed", bound(&[Edit, Delete], &["security"])),
    ] {
        guard(&mut world, "people", field, how);
    }
    members(
        &mut world,
        &[
            ("eda", 1),
            ("cleo", 2),
            ("sam", 3),
            ("sid", 4),
            ("tim", 5),
            ("bob", 6),
        ],
    );
    world
}

/// L37
fn guarded_fields(lines: &mut Lines) {
    lines.workspace(
        "guards",
        "Fields that nobody writes, and fields that are bound to actions and permissions; the last edits fields of hidden \
         people",
        guarded(),
    );
    let everybody = [
        "member:eda",
        "member:cleo",
        "member:sam",
        "member:sid",
        "member:tim",
        "member:bob",
        "member:ada",
    ];
    for who in everybody {
        for (field, note) in GUARDED.into_iter().zip([
            "a field without a guard",
            "nobody writes a field of the system",
            "nobody writes a read-only field",
            "bound to Delete",
            "bound to Destroy",
            "bound to Edit of the record",
            "bound to security",
            "bound to Edit, Delete and security",
        ]) {
            lines.can("L37", &[who], Edit, ("people", Some(field)), note);
        }
        lines.fields("L37", &[who], Edit, "people", "as a set of fields");
        lines.can(
            "L37",
            &[who],
            See,
            ("people", Some("id")),
            "seeing is not guarded",
        );
        let write = update(WriteKind::Update, &["plain", "deleted_at", "id"]);
        lines.write("L37", &[who], &write, "an edit smuggles in no delete");
    }
    for chain in [["member:cleo", "member:sam"], ["member:sam", "member:cleo"]] {
        for field in ["plain", "level", "deleted_at"] {
            let note = "each link passes the guard by itself";
            lines.can("L37", &chain, Edit, ("people", Some(field)), note);
        }
    }
}

/// L37: what a field is bound to must be usable, by a list or by a switch (L11), with all that it requires (L12).
fn guarded_by_permissions(lines: &mut Lines) {
    let may = |name: &str, classes: &[Class], listed: &[&str]| {
        let mut role = role(name, &[See, Edit]);
        role.all_access = classes.iter().copied().collect();
        grant(&mut role, listed);
        role
    };
    let people: [(&str, &[Class], &[&str]); 9] = [
        ("nothing", &[], &[]),
        ("settings", &[Settings], &[]),
        ("actions", &[Actions], &[]),
        ("both switches", &[Settings, Actions], &[]),
        ("lists security", &[], &["security"]),
        ("lists audit", &[], &["audit"]),
        ("lists both", &[], &["audit", "security"]),
        ("actions, lists security", &[Actions], &["security"]),
        ("settings, lists audit", &[Settings], &["audit"]),
    ];
    let roles = people.map(|(name, classes, listed)| may(name, classes, listed));
    let mut world = world(&[("people", &["plain", "level", "audited", "both"])], roles);
    world.permissions = vec![
        permission("security", Settings, &[]),
        permission("audit", Actions, &["security"]),
    ];
    for (field, bound) in [
        ("level", &["security"][..]),
        ("audited", &["audit"]),
        ("both", &["audit", "security"]),
    ] {
        let bound = Guard {
            permissions: bound.iter().map(ToString::to_string).collect(),
            ..Guard::default()
        };
        guard(&mut world, "people", field, bound);
    }
    let held = people.iter().zip(1..);
    let held = held.map(|((name, ..), role)| ((*name).to_owned(), role));
    world.members.extend(held);
    lines.workspace(
        "guards and permissions",
        "Each member is named after its role: the switches that are on, and what it lists; all of them see and edit people",
        world,
    );
    for (name, ..) in people {
        let who = format!("member:{name}");
        for (field, note) in [
            ("level", "bound to security"),
            ("audited", "bound to audit, which requires security"),
        ] {
            lines.can("L37", &[&who], Edit, ("people", Some(field)), note);
        }
        lines.fields("L37", &[&who], Edit, "people", "as a set of fields");
    }
    let note = "each link passes the guard by itself, with what is required";
    for chain in [
        ["member:lists both", "member:lists audit"],
        ["member:lists audit", "member:lists security"],
        ["member:both switches", "member:lists both"],
        ["member:ada", "member:actions"],
    ] {
        for field in ["level", "audited"] {
            lines.can("L37", &chain, Edit, ("people", Some(field)), note);
        }
    }
}

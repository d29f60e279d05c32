//! How the crate is built: what the compiler does not check by itself.

use crate::data::{place, text};
use rolegate::administration::{CellState, Inherited, Preview};
use rolegate::explanation::{
    Binding, ConsultedGrant, ConsultedLevel, GrantSource, LinkExplanation, Question, Reason,
    ReasonKind, Remedy,
};
use rolegate::id::{InvalidKey, InvalidRoleName};
use rolegate::policy::FieldSetIter;
use rolegate::principal::{InvalidPrincipal, PrincipalKinds};
use rolegate::problem::{EntityKind, Problem, ProblemKind, UnknownWord};
use rolegate::request::{
    DenialReason, DeniedPart, FieldNames, FieldNamesError, Malformed, PartAnswer, Read,
    ReadVerdict, RequestDeniedKind, Usage, Write, WriteKind, WriteVerdict,
};
use rolegate::role::{CellChange, InvalidCell, Level};
use rolegate::schema::{PermissionClasses, SchemaBuilder, Writing};
use rolegate::workspace::{
    BatchError, ChangeErrorKind, GrantPolicy, GroupTarget, HolderCounts, InvalidWorkspaceKind,
    KeysWithoutRole, RoleSummary,
};
use rolegate::*;
use std::collections::BTreeSet;
use std::error::Error;
use std::path::{Path, PathBuf};

/// Checked by the compiler: what a host may send to another thread, share, and keep for as long as it likes.
macro_rules! shared_and_kept {
    ($($name:ident),+ $(,)?) => {
        const _: () = {
            const fn is_shared_and_kept<T: Send + Sync + Unpin + 'static>() {}
            $(is_shared_and_kept::<$name>();)+
        };
        const KEPT: &[&str] = &[$(stringify!($name)),+];
    };
}

shared_and_kept! {
    Action, ActionSet, BatchError, Binding, Cell, CellChange, CellState, Change, ChangeError,
    ConsultedGrant, ConsultedLevel, Denied, Document, Draft, Effect, Event, Explanation, Field,
    FieldId, FieldKey, FieldRule, GrantPolicy, GrantSource, GroupMapping, GroupTarget,
    HolderCounts, Inherited, InvalidCell, InvalidKey, InvalidPrincipal, InvalidRoleName, InvalidSchema, InvalidWorkspace,
    KeysWithoutRole, Level, LinkExplanation, Lint, EntityKind, FieldNamesError, Object, ObjectId, ObjectKey,
    ObjectRule, Permission, PermissionClass, PermissionClasses, PermissionId, PermissionKey, Policy, Preview,
    Principal, PrincipalKind, PrincipalKinds, Problem, ProblemKind, Question, Reason, Remedy,
    Revision, Role, RoleName, Schema, SchemaBuilder, UnknownWord, Workspace, WorkspaceBuilder,
    ChangeErrorKind, InvalidWorkspaceKind, ReasonKind, RequestDeniedKind, DenialReason, DeniedPart, Malformed, FieldNames, RequestDenied, Usage, WriteKind, Writing,
}

/// These borrow from a policy, a workspace or a request, or take a type of the host's: not kept, and shared all the same.
const BORROWED: [&str; 13] = [
    "Access",
    "Acting",
    "PartAnswer",
    "AuditRecord",
    "FieldSet",
    "FieldSetIter",
    "OwnedAccess",
    "Read",
    "ReadVerdict",
    "RoleSummary",
    "Visible",
    "Write",
    "WriteVerdict",
];
const _: () = {
    const fn is_shared<T: Send + Sync + Unpin>() {}
    const fn is_kept<T: Send + Sync + Unpin + Clone + 'static>() {}
    is_kept::<OwnedAccess>();
    is_shared::<Access<'_>>();
    is_shared::<Acting<'_>>();
    is_shared::<PartAnswer<'_>>();
    is_shared::<AuditRecord<u64>>();
    is_shared::<FieldSet<'_>>();
    is_shared::<FieldSetIter<'_>>();
    is_shared::<Read<'_>>();
    is_shared::<ReadVerdict<'_, '_>>();
    is_shared::<RoleSummary<'_>>();
    is_shared::<Visible<'_, u64>>();
    is_shared::<Write<'_>>();
    is_shared::<WriteVerdict<'_, '_>>();
};

/// Checked by the compiler: what `?` may turn into the error of a handler.
const _: () = {
    const fn is_error<T: Error + Send + Sync + 'static>() {}
    is_error::<BatchError>();
    is_error::<ChangeError>();
    is_error::<Denied>();
    is_error::<InvalidCell>();
    is_error::<InvalidKey>();
    is_error::<InvalidRoleName>();
    is_error::<InvalidPrincipal>();
    is_error::<InvalidSchema>();
    is_error::<InvalidWorkspace>();
    is_error::<UnknownWord>();
};

/// The front pages of the public modules, which say in their `pub use` what a host can name; and the files of those public
/// modules that are a file of their own.
const PUBLIC: [&str; 8] = [
    "administration",
    "lib",
    "model/role",
    "model/schema",
    "policy",
    "policy/explanation",
    "request",
    "workspace",
];
const PUBLIC_FILES: [&str; 3] = ["model/id", "model/principal", "model/problem"];

/// The types and traits that a host can name.
pub(crate) fn exported() -> BTreeSet<String> {
    let file = |name: &&str| text(format!("src/{name}.rs"));
    let front_pages = PUBLIC.iter().map(file).flat_map(|page| {
        let uses = page.split("\npub use ").skip(1);
        let names = uses.flat_map(|rest| {
            let (list, _) = rest.split_once(';').unwrap();
            let (_, names) = list.rsplit_once("::").unwrap();
            let names = names.trim_matches(['{', '}']).split(',');
            names.map(|name| name.trim().to_owned()).collect::<Vec<_>>()
        });
        names.collect::<Vec<_>>()
    });
    // Made by macros, or shown from elsewhere.
    let others = ["PrincipalKinds", "UnknownWord"].map(str::to_owned);
    let files = PUBLIC_FILES.iter().map(file).flat_map(|file| {
        let items = ["pub struct ", "pub enum "];
        let lines = file.lines();
        let names = lines.filter_map(|line| {
            let name = items.iter().find_map(|item| line.strip_prefix(item))?;
            let end = name.find(|letter: char| !letter.is_alphanumeric())?;
            Some(name[..end].to_owned())
        });
        names.collect::<Vec<_>>()
    });
    front_pages
        .chain(files)
        .chain(others)
        .filter(|name| name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase))
        .collect()
}

#[test]
fn every_public_type_is_among_those_that_are_checked() {
    let traits = ["AsField", "AsObject", "AsPermission"];
    let checked: BTreeSet<String> = KEPT
        .iter()
        .chain(&BORROWED)
        .chain(&traits)
        .map(ToString::to_string)
        .collect();
    assert_eq!(exported(), checked);
}

/// The rooms of the crate, each of which may use those before it and none after it.
const ROOMS: &[&str] = &[
    "support",
    "model",
    "model/schema",
    "model/role",
    "model/lint",
    "workspace",
    "sample",
    "policy",
    "request",
    "administration",
    "format",
];

/// The files that need no place: the front page, which names all, and the guide, which has no code.
const FREE: [&str; 2] = ["lib", "guide"];

/// All files of a folder and its folders.
pub(crate) fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The room that a place such as `model/role/cell` belongs to.
fn room(place: &str) -> Option<&'static str> {
    let inside = |room: &&&str| place == **room || place.starts_with(&format!("{room}/"));
    ROOMS
        .iter()
        .filter(inside)
        .max_by_key(|room| room.len())
        .copied()
}

/// The place of a file below `src`, such as `model/role/cell`.
fn place_of(path: &Path) -> String {
    let path = path.strip_prefix(place("src")).unwrap().with_extension("");
    path.to_str().unwrap().replace('\\', "/")
}

/// The text of a file without its comments.
pub(crate) fn code(path: &Path) -> String {
    let text = text(path);
    let lines = text.lines().map(|line| line.split("//").next().unwrap());
    lines.collect::<Vec<_>>().join("\n")
}

/// The places that a file names: `crate::model::role`, wherever it stands outside comments.
fn used(path: &Path) -> BTreeSet<String> {
    let is_path = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    let paths = code(path);
    let paths = paths.split("crate::").skip(1);
    paths
        .map(|rest| {
            rest.chars()
                .take_while(|letter| is_path(*letter))
                .collect::<String>()
        })
        .map(|path| path.trim_end_matches(':').replace("::", "/"))
        .collect()
}

#[test]
fn every_room_uses_only_what_stands_before_it() {
    let mut rooms = BTreeSet::new();
    for path in sources(&place("src")) {
        let own = place_of(&path);
        if FREE.contains(&own.as_str()) {
            continue;
        }
        let Some(own) = room(&own) else {
            panic!("`{own}` is new: say in `ROOMS` where it stands");
        };
        let position = |room: &str| ROOMS.iter().position(|known| *known == room);
        for name in used(&path) {
            // The front page of `model` only names its rooms.
            if own == "model" && place_of(&path) == "model" {
                continue;
            }
            assert!(
                room(&name).is_some_and(|room| position(room) <= position(own)),
                "{} uses `crate::{name}`, which does not stand before `{own}`",
                path.display()
            );
        }
        rooms.insert(own);
    }
    assert_eq!(rooms, ROOMS.iter().copied().collect());
}

#[test]
fn what_answers_knows_nothing_of_change() {
    for path in sources(&place("src/policy")) {
        for word in code(&path).split(|letter: char| !letter.is_alphanumeric()) {
            let word = word.to_lowercase();
            assert!(
                !["change", "draft", "event"].contains(&word.as_str()),
                "{} names `{word}`",
                path.display()
            );
        }
    }
}

/// A front page names what is in its folder, and does nothing.
#[test]
fn a_front_page_has_no_logic() {
    for path in sources(&place("src")) {
        if path.with_extension("").is_dir() {
            for line in code(&path).lines().filter(|line| !line.starts_with(' ')) {
                let known = ["use ", "mod ", "pub ", "pub(", "}", "#["];
                assert!(
                    line.is_empty() || known.iter().any(|start| line.starts_with(start)),
                    "{}: {line}",
                    path.display()
                );
                assert!(
                    !line.contains("fn ") && !line.contains("struct "),
                    "{}: {line}",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn the_first_line_of_every_file_says_what_it_is_for() {
    for path in sources(&place("src")) {
        assert!(text(&path).starts_with("//! "), "{}", path.display());
    }
}

#[test]
fn the_readme_is_read_in_one_go() {
    let lines = std::fs::read_to_string(place("README.md")).unwrap_or_default();
    assert!(lines.lines().count() < 120);
}

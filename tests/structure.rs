//! How the crate is built: what the compiler does not check by itself.

use crate::data::{place, text};
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
    Action, ActionSet, BatchError, Bound, Cell, CellChange, CellState, Change, ChangeError,
    ConsultedGrant, ConsultedLevel, Denied, Document, Draft, Effect, Event, Explanation, Field,
    FieldId, FieldKey, FieldRule, GrantPolicy, GrantSource, GroupMapping, GroupTarget,
    HolderCounts, Inherited, InvalidCell, InvalidPrincipal, InvalidSchema, InvalidWorkspace,
    KeysWithoutRole, Level, LinkExplanation, Lint, Named, NoKeys, Object, ObjectId, ObjectKey,
    ObjectRule, Permission, PermissionClass, PermissionClasses, PermissionKey, Policy, Preview,
    Principal, PrincipalKind, PrincipalKinds, Problem, ProblemKind, Question, Reason, Remedy,
    Revision, Role, RoleName, Schema, SchemaBuilder, UnknownWord, Workspace, WorkspaceBuilder,
    Cause, Denial, Flaw, Keys, RequestDenied, Use, WriteKind, Writing,
}

/// These borrow from a policy, a workspace or a request, or take a type of the host's: not kept, and shared all the same.
const BORROWED: [&str; 11] = [
    "Access",
    "Acting",
    "Answer",
    "AuditRecord",
    "FieldSet",
    "Read",
    "ReadVerdict",
    "RoleSummary",
    "Visible",
    "Write",
    "WriteVerdict",
];
const _: () = {
    const fn is_shared<T: Send + Sync + Unpin>() {}
    is_shared::<Access<'_>>();
    is_shared::<Acting<'_>>();
    is_shared::<Answer<'_>>();
    is_shared::<AuditRecord<u64>>();
    is_shared::<FieldSet<'_>>();
    is_shared::<Read<'_>>();
    is_shared::<ReadVerdict<'_>>();
    is_shared::<RoleSummary<'_>>();
    is_shared::<Visible<'_, u64>>();
    is_shared::<Write<'_>>();
    is_shared::<WriteVerdict<'_>>();
};

/// Checked by the compiler: what `?` may turn into the error of a handler.
const _: () = {
    const fn is_error<T: Error + Send + Sync + 'static>() {}
    is_error::<BatchError>();
    is_error::<ChangeError>();
    is_error::<Denied>();
    is_error::<InvalidCell>();
    is_error::<InvalidPrincipal>();
    is_error::<InvalidSchema>();
    is_error::<InvalidWorkspace>();
    is_error::<UnknownWord>();
};

/// The types and traits that a host can name.
pub(crate) fn exported() -> BTreeSet<String> {
    text("src/lib.rs")
        .split("pub use ")
        .skip(1)
        .flat_map(|rest| {
            let (list, _) = rest.split_once(';').unwrap();
            let (_, names) = list.split_once("::").unwrap();
            let names = names.trim_matches(['{', '}']).split(',');
            names.map(|name| name.trim().to_owned()).collect::<Vec<_>>()
        })
        .filter(|name| name.contains(char::is_lowercase))
        .collect()
}

#[test]
fn every_public_type_is_among_those_that_are_checked() {
    let traits = ["FieldName", "ObjectName"];
    let checked: BTreeSet<String> = KEPT
        .iter()
        .chain(&BORROWED)
        .chain(&traits)
        .map(ToString::to_string)
        .collect();
    assert_eq!(exported(), checked);
}

/// The parts of the crate, each of which may use those before it and none after it.
const LAYERS: &[&str] = &[
    // words: values that depend on nothing
    "limits",
    "excerpt",
    "set",
    "action",
    "column",
    "effect",
    "id",
    "principal",
    "problem",
    "names",
    "schema",
    // what is said
    "role",
    "lint",
    // who holds it, and how it changes
    "workspace",
    "sample",
    // answers
    "question",
    "explain",
    "policy",
    "access",
    // what is done with answers: edits, acting principals, records, whole requests
    "draft",
    "acting",
    "audit",
    "serializer",
    "keys",
    "projection",
    "request",
    // the stored form
    "format",
];

/// The parts that need no place: the front page, which names all, and the guide, which has no code.
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

/// The part that a file belongs to.
fn part(path: &Path) -> String {
    let path = path.strip_prefix(place("src")).unwrap().with_extension("");
    let first = path.components().next().unwrap();
    first.as_os_str().to_str().unwrap().to_owned()
}

/// The text of a file without its comments.
pub(crate) fn code(path: &Path) -> String {
    let text = text(path);
    let lines = text.lines().map(|line| line.split("//").next().unwrap());
    lines.collect::<Vec<_>>().join("\n")
}

/// The parts that a file names: `crate::part`, wherever it stands outside comments.
fn used(path: &Path) -> BTreeSet<String> {
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    code(path)
        .split("crate::")
        .skip(1)
        .map(|rest| rest.chars().take_while(|letter| is_name(*letter)).collect())
        .collect()
}

#[test]
fn every_part_uses_only_what_stands_before_it() {
    let mut parts = BTreeSet::new();
    for path in sources(&place("src")) {
        let own = part(&path);
        if FREE.contains(&own.as_str()) {
            continue;
        }
        let position = |name: &str| LAYERS.iter().position(|layer| *layer == name);
        let Some(own_position) = position(&own) else {
            panic!("`{own}` is new: say in `LAYERS` where it stands");
        };
        for name in used(&path) {
            assert!(
                position(&name).is_some_and(|position| position <= own_position),
                "{} uses `crate::{name}`, which does not stand before `{own}`",
                path.display()
            );
        }
        parts.insert(own);
    }
    let layers: BTreeSet<String> = LAYERS.iter().map(ToString::to_string).collect();
    assert_eq!(parts, layers);
}

#[test]
fn what_answers_knows_nothing_of_change() {
    for path in sources(&place("src")) {
        if !["question", "explain", "policy", "access"].contains(&part(&path).as_str()) {
            continue;
        }
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

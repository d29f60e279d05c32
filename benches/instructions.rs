//! How many instructions do the hot paths take? Run by `.ci/instructions`, under callgrind.
//!
//! `list` prints the names of the paths; `NAME CALLS` calls one of them that many times inside `counted`.
#![allow(
    clippy::doc_markdown,
    clippy::expect_used,
    clippy::filter_map_bool_then,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    dead_code,
    unreachable_pub,
    reason = "a benchmark prints, and one that panics has said what is wrong"
)]

use std::hint::black_box;
use std::sync::Arc;

use rolegate::{Action, Principal};

use reference::{QUESTION_SEED, Resolved, Shape, WORKSPACE_SEED};

mod reference;
#[path = "peers/src/workload.rs"]
mod workload;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (name, calls) = (arguments.next(), arguments.next());
    let workload = Shape::SMALL.generate(WORKSPACE_SEED);
    let policy = reference::workspace(&workload).compile();
    let resolved = Resolved::new(&policy, &workload);
    let questions = workload.questions(1_000, QUESTION_SEED);
    let handles: Vec<_> = questions
        .iter()
        .map(|asked| resolved.handles(asked))
        .collect();
    let named: Vec<_> = questions
        .iter()
        .map(|asked| resolved.named(asked))
        .collect();
    let chains = resolved.chains();
    let shared = Arc::new(policy.clone());
    let principals = resolved.principals.iter();
    let owned: Vec<_> = principals
        .map(|principal| shared.owned_access(principal))
        .collect();
    let stranger = Principal::member("nobody");
    // What a check reads of a name has an end, however long the name is.
    let huge = "a_name_of_a_megabyte".repeat(50_000);
    let huge_stranger = Principal::member(huge.as_str());

    let paths: [(&str, &dyn Fn(usize) -> bool); 13] = [
        ("access_can_by_handle", &|position| {
            let (access, action, field) = handles[position];
            access.can(action, field.object(), field)
        }),
        ("owned_access_can_by_handle", &|position| {
            let (_, action, field) = handles[position];
            owned[questions[position].member].can(action, field.object(), field)
        }),
        ("access_can_by_name", &|position| {
            let (access, action, object, field) = &named[position];
            access.can(*action, object, field.as_deref())
        }),
        ("policy_can_by_name", &|position| {
            let (_, action, object, field) = &named[position];
            let principal = &resolved.principals[questions[position].member];
            policy.can(principal, *action, object, field.as_deref())
        }),
        ("policy_can_unknown_principal", &|position| {
            let (_, action, object, field) = &named[position];
            policy.can(&stranger, *action, object, field.as_deref())
        }),
        ("access_can_unknown_field", &|position| {
            let (access, action, object, _) = &named[position];
            access.can(*action, object, "created_by_hand")
        }),
        ("chain_can_by_handle", &|position| {
            let (_, action, field) = handles[position];
            chains[questions[position].member].can(action, field.object(), field)
        }),
        ("fields_as_words", &|position| {
            let (access, _, field) = handles[position];
            let fields = access.fields(Action::See, field.object());
            fields.words().any(|word| word == 7)
        }),
        ("can_use", &|position| {
            handles[position].0.can_use("send_email")
        }),
        ("access_can_huge_names", &|position| {
            let (access, action, object, _) = &named[position];
            let field = Some(huge.as_str());
            access.can(*action, object, field) || access.can(*action, &huge, field)
        }),
        ("policy_can_huge_principal", &|position| {
            let (_, action, object, field) = &named[position];
            policy.can(&huge_stranger, *action, object, field.as_deref())
        }),
        ("can_use_huge_name", &|position| {
            handles[position].0.can_use(&huge)
        }),
        ("explain", &|position| {
            let (access, action, object, field) = &named[position];
            access
                .explain(*action, object, field.as_deref())
                .is_allowed()
        }),
    ];
    match (name.as_deref(), calls) {
        (Some(name), Some(calls)) => {
            let path = paths.iter().find(|(known, _)| *known == name);
            let (_, path) = path.expect("the name is one of `list`");
            counted(calls.parse().expect("a number of calls"), *path);
        }
        _ => paths.iter().for_each(|(name, _)| println!("{name}")),
    }
}

/// Asks that many questions; callgrind counts in here.
#[inline(never)]
fn counted(calls: usize, path: &dyn Fn(usize) -> bool) {
    for call in 0..calls {
        black_box(path(black_box(call % 1_000)));
    }
}

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

use rolegate::{Action, Principal};

use reference::{Asked, QUESTION_SEED, Resolved, Shape, WORKSPACE_SEED};

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
    let small: Vec<Asked> = questions.iter().map(Asked::from).collect();
    let chains: Vec<_> = resolved
        .accesses
        .iter()
        .zip(resolved.principals.iter().rev())
        .map(|(access, other)| access.clone().on_behalf_of(other))
        .collect();
    let stranger = Principal::member("nobody");

    let names = |position: usize| {
        let question = &questions[position];
        let action = small[position].action;
        (
            action,
            &question.object_name,
            question.field_name.as_deref(),
        )
    };
    let access = |position: usize| &resolved.accesses[small[position].member];
    let paths: [(&str, &dyn Fn(usize) -> bool); 9] = [
        ("access_can_by_handle", &|position| {
            resolved.ask_by_handle(&small[position])
        }),
        ("access_can_by_name", &|position| {
            let (action, object, field) = names(position);
            access(position).can(action, object, field)
        }),
        ("policy_can_by_name", &|position| {
            let (action, object, field) = names(position);
            let principal = &resolved.principals[small[position].member];
            policy.can(principal, action, object, field)
        }),
        ("policy_can_unknown_principal", &|position| {
            let (action, object, field) = names(position);
            policy.can(&stranger, action, object, field)
        }),
        ("access_can_unknown_field", &|position| {
            let (action, object, _) = names(position);
            access(position).can(action, object, "created_by_hand")
        }),
        ("chain_can_by_handle", &|position| {
            let asked = small[position];
            let object = resolved.objects[asked.object];
            chains[asked.member].can(asked.action, object, None)
        }),
        ("fields_as_words", &|position| {
            let asked = small[position];
            let object = resolved.objects[asked.object];
            let fields = resolved.accesses[asked.member].fields(Action::See, object);
            fields.words().any(|word| word == 7)
        }),
        ("can_use", &|position| {
            access(position).can_use("send_email")
        }),
        ("explain", &|position| {
            let (action, object, field) = names(position);
            access(position).explain(action, object, field).is_allowed()
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

//! A question allocates nothing, however it is asked and whatever the answer is.

use crate::data::{crm, who};
use rolegate::{Access, Action, Cell, Change, Effect, Field, Role, Schema, Workspace, request};
use std::hint::black_box;
use std::sync::Arc;

/// Counts what the current thread allocates, so that other tests do not disturb it.
#[track_caller]
fn allocates_nothing(what: &str, ask: impl FnOnce()) {
    let allocated = allocation_counter::measure(ask);
    assert_eq!(allocated.count_total, 0, "{what}: {allocated:?}");
}

/// Principals of every standing: a role, Admin, the default role by default, no role, unknown.
const PRINCIPALS: [&str; 7] = [
    "member:tim",
    "member:ada",
    "api_key:website",
    "api_key:legacy",
    "agent:enricher",
    "agent:summarizer",
    "member:nobody",
];

/// Objects and fields, known and unknown; the last is longer than any name.
const NAMES: [(&str, Option<&str>); 9] = [
    ("people", None),
    ("people", Some("email")),
    ("people", Some("address")),
    ("opportunities", None),
    ("opportunities", Some("amount")),
    ("people", Some("emial")),
    ("peeple", None),
    ("", Some("")),
    (ENORMOUS, Some(ENORMOUS)),
];

const ENORMOUS: &str = match std::str::from_utf8(&[b'x'; 100_000]) {
    Ok(text) => text,
    Err(_) => "",
};

const PERMISSIONS: [&str; 6] = [
    "send_email",
    "trigger_workflows",
    "roles",
    "fly",
    "",
    ENORMOUS,
];

#[test]
fn the_counter_counts() {
    let allocated = allocation_counter::measure(|| drop(black_box(vec![1])));
    assert_eq!(allocated.count_total, 1);
}

#[test]
fn asking_a_policy_allocates_nothing() {
    let policy = crm().compile();
    let handles = [
        policy.field("people", "email").unwrap(),
        policy.field("opportunities", "amount").unwrap(),
    ];
    for principal in PRINCIPALS {
        let principal = who(principal);
        for action in Action::ALL {
            for (object, field) in NAMES {
                allocates_nothing("a policy by name", || {
                    black_box(policy.can(&principal, action, object, field));
                });
            }
            for field in handles {
                allocates_nothing("a policy by handle", || {
                    black_box(policy.can(&principal, action, field.object(), field));
                    black_box(policy.can(&principal, action, field.object(), None));
                    black_box(policy.can(&principal, action, handles[0].object(), field));
                });
            }
        }
    }
}

#[test]
fn asking_an_access_or_a_chain_allocates_nothing() {
    let policy = crm().compile();
    let shared = Arc::new(policy.clone());
    let field = policy.field("people", "email").unwrap();
    for first in PRINCIPALS {
        let first = who(first);
        allocates_nothing("the access of a principal", || {
            let _ = black_box(policy.access(&first));
        });
        for rest in [
            &[][..],
            &["member:ada"],
            &["agent:helpdesk", "member:tim", "member:ada"],
        ] {
            let rest: Vec<_> = rest.iter().map(|link| who(link)).collect();
            let chain = |access| {
                let chain = |access: Access<'static>, link| access.on_behalf_of(link);
                rest.iter().fold(access, chain)
            };
            allocates_nothing("a chain of up to four links", || {
                let _ = black_box(chain(shared.owned_access(&first)));
            });
            let access = chain(shared.owned_access(&first));
            for action in Action::ALL {
                for (object, name) in NAMES {
                    allocates_nothing("an access by name", || {
                        black_box(access.can(action, object, name));
                    });
                }
                allocates_nothing("an access by handle", || {
                    black_box(access.can(action, field.object(), field));
                    black_box(access.can(action, field.object(), None));
                });
            }
            for permission in PERMISSIONS {
                allocates_nothing("a workspace permission", || {
                    black_box(access.can_use(permission));
                });
            }
            allocates_nothing("an allowed requirement", || {
                if access.can(Action::See, "people", None) {
                    black_box(access.require(Action::See, "people", None).is_ok());
                }
            });
        }
    }
}

#[test]
fn a_set_of_fields_allocates_nothing() {
    let policy = crm().compile();
    for principal in PRINCIPALS {
        let access = policy.access(&who(principal));
        let access = access.on_behalf_of(&who("member:lena"));
        for action in Action::ALL {
            for (object, field) in NAMES {
                allocates_nothing("the fields of an object", || {
                    let fields = access.fields(action, object);
                    black_box(fields.iter().map(str::len).sum::<usize>());
                    black_box(fields.words().fold(0, |all, word| all ^ word));
                    black_box(fields.contains(field.unwrap_or_default()));
                    black_box((fields.len(), fields.is_empty()));
                    black_box(fields == access.fields(Action::See, object));
                });
            }
        }
    }
}

#[test]
fn checking_a_whole_request_allocates_nothing() {
    let schema = Schema::builder()
        .object("people", ["name", "phone"])
        .field("people", Field::new("company").with_relation("companies"))
        .object("companies", ["name", "revenue"])
        .field("companies", Field::new("parent").with_relation("companies"));
    let workspace = Workspace::builder(schema.build().unwrap())
        .role(Role::admin("Admin"))
        .role(Role::new("Reader").allow(Action::See).allow(Action::Edit))
        .default_role("Reader")
        .member("ada", "Admin")
        .member("ray", "Reader");
    let policy = workspace.build().unwrap().compile();
    let ray = policy.access(&who("member:ray"));
    let path = "company.parent.parent.name";
    let read = request::Read::new("people")
        .select(["name", path])
        .sort([path]);
    let write = request::Write::update("people")
        .fields(["name"])
        .returning([path]);
    assert!(ray.check_read(&read).is_allowed() && ray.check_write(&write).is_allowed());
    allocates_nothing("a path of four steps", || {
        let verdict = ray.check_read(&read);
        black_box(verdict.trimmed_select().map_or(0, Iterator::count));
        black_box(verdict.answers().count());
        black_box(ray.check_write(&write).is_allowed());
    });
}

/// The names of a question are kept as text, which allocates; the levels do not.
#[test]
fn the_levels_of_an_explanation_allocate_nothing() {
    let policy = crm().compile();
    let tim = policy.access(&who("member:tim"));
    for (field, names) in [(None, 1), (Some("email"), 2)] {
        let explain = || tim.explain(Action::Edit, "people", field);
        let levels = explain().deciding_link().levels().len();
        assert_eq!(levels, if field.is_some() { 6 } else { 4 });
        let allocated = allocation_counter::measure(|| drop(black_box(explain())));
        assert_eq!(allocated.count_total, names, "{allocated:?}");
    }
}

#[test]
fn cloning_a_principal_or_a_policy_allocates_nothing() {
    let policy = crm().compile();
    let tim = who("member:tim");
    allocates_nothing("a clone", || {
        black_box((tim.clone(), policy.clone()));
    });
}

#[test]
fn a_policy_is_compiled_over_another_by_what_is_new_alone() {
    let mut workspace = crm();
    let first = workspace.compile();
    workspace.apply(Change::add(who("member:eve"))).unwrap();
    allocates_nothing("new holders", || {
        drop(black_box(workspace.recompile(&first)));
    });
    let role = workspace.default_role().unwrap().name().clone();
    let cell = Cell::baseline(Action::Destroy);
    let effect = match workspace.default_role().unwrap().effect(&cell) {
        Effect::Allow => Effect::Deny,
        _ => Effect::Allow,
    };
    workspace
        .apply(Change::set_effect(role, cell, effect))
        .unwrap();
    let anew = allocation_counter::measure(|| drop(black_box(workspace.compile())));
    let over = allocation_counter::measure(|| drop(black_box(workspace.recompile(&first))));
    assert!(2 * over.count_total < anew.count_total, "{over:?} {anew:?}");
}

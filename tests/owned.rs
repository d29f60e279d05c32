//! Does an access that holds its policy answer as one that borrows it, wherever it is taken?

use std::sync::Arc;

use rolegate::{Access, Action, OwnedAccess, PermissionId, Principal};

use crate::data::{crm, who};

const CHAINS: [&[&str]; 7] = [
    &["member:tim"],
    &["member:ada"],
    &["api_key:legacy"],
    &["agent:summarizer"],
    &["member:nobody"],
    &["agent:enricher", "member:tim"],
    &[
        "agent:enricher",
        "member:tim",
        "member:ada",
        "api_key:website",
        "member:nobody",
    ],
];

fn chain<'p>(links: &[&str], first: impl Fn(&Principal) -> Access<'p>) -> Access<'p> {
    let (start, rest) = links.split_first().unwrap();
    let start = first(&who(start));
    rest.iter()
        .fold(start, |access, link| access.on_behalf_of(&who(link)))
}

/// L9, L23: every answer of every chain.
#[test]
fn l09_an_owned_access_answers_as_a_borrowed_one() {
    let policy = Arc::new(crm().compile());
    let schema = policy.schema();
    for links in CHAINS {
        let owned: OwnedAccess = chain(links, |principal| policy.owned_access(principal));
        let borrowed = chain(links, |principal| policy.access(principal));
        assert!(owned.principals().eq(borrowed.principals()));
        for object in schema.objects() {
            let object = object.key();
            let id = policy.object(object.as_str()).unwrap();
            for action in Action::ALL {
                assert_eq!(
                    owned.can(action, object, None),
                    borrowed.can(action, object, None)
                );
                assert_eq!(
                    owned.can(action, id, None),
                    borrowed.can(action, object, None)
                );
                assert_eq!(
                    owned.fields(action, object),
                    borrowed.fields(action, object)
                );
                let why = borrowed.explain(action, object, "email");
                assert_eq!(owned.explain(action, object, "email"), why);
            }
        }
        for permission in schema.permissions() {
            let key = permission.key();
            assert_eq!(owned.can_use(key), borrowed.can_use(key));
            assert_eq!(owned.explain_use(key), borrowed.explain_use(key));
        }
    }
}

#[test]
fn an_owned_access_outlives_the_policy_that_made_it() {
    let policy = Arc::new(crm().compile());
    let owned = policy.owned_access(&who("member:tim"));
    let expected = policy
        .access(&who("member:tim"))
        .can(Action::See, "people", None);
    let for_ada = owned.clone().on_behalf_of(&who("member:ada"));
    drop(policy);
    let asked = std::thread::spawn(move || for_ada.can(Action::See, "people", None));
    assert_eq!(asked.join().unwrap(), expected);
    assert_eq!(owned.can(Action::See, "people", None), expected);
}

/// L28: a handle of a permission answers for that permission, or denies.
#[test]
fn l28_a_permission_handle_never_answers_for_another_permission() {
    let mut workspace = crm();
    let before = workspace.compile();
    let handles: Vec<PermissionId> = (before.schema().permissions().iter())
        .map(|permission| before.permission(permission.key().as_str()).unwrap())
        .collect();
    let ada = before.access(&who("member:ada"));
    let tim = before.access(&who("member:tim"));
    for (permission, handle) in before.schema().permissions().iter().zip(&handles) {
        assert_eq!(ada.can_use(*handle), ada.can_use(permission.key()));
        assert_eq!(tim.explain_use(*handle), tim.explain_use(permission.key()));
    }
    assert_eq!(before.permission("fly"), None);

    // Another object changes nothing for them, another permission makes all of them stale.
    workspace
        .apply(rolegate::Change::add_object(rolegate::Object::new("moons")))
        .unwrap();
    let with_object = workspace.compile();
    assert!(
        handles
            .iter()
            .all(|handle| with_object.access(&who("member:ada")).can_use(*handle))
    );
    workspace
        .apply(rolegate::Change::add_permission(
            rolegate::Permission::action("fly"),
        ))
        .unwrap();
    let after = workspace.compile();
    let ada = after.access(&who("member:ada"));
    for handle in handles {
        assert!(!ada.can_use(handle));
        assert_eq!(
            ada.require_use(handle).unwrap_err().to_string(),
            "`member:ada` may not use `?`: the handle was resolved for another schema or object",
        );
    }
}

#[test]
fn a_set_of_fields_is_iterated_and_stored_by_name() {
    let policy = crm().compile();
    let tim = policy.access(&who("member:tim"));
    let fields = tim.fields(Action::See, "people");
    let keys: Vec<&str> = fields.into_iter().collect();
    assert!(keys.len() > 2 && (&fields).into_iter().eq(keys.iter().copied()));
    assert_eq!(
        serde_json::to_value(fields).unwrap(),
        serde_json::json!(keys)
    );
    let mut empty = tim.fields(Action::See, "nothing").into_iter();
    assert_eq!((empty.next(), empty.next()), (None, None));
}

//! Is the answer the same however one asks? L9 and L28.

use proptest::prelude::*;
use rolegate::Action::{Edit, See};
use rolegate::explanation::Reason;
use rolegate::{
    Action, Cell, Change, Effect, FieldKey, FieldRule, ObjectKey, ObjectRule, Policy, Principal,
    Role, Schema, Workspace,
};

use super::{tim, with_tim};
use crate::asks::{everybody, places, worlds_and_asks, worlds_and_uses};
use crate::bridge::{self, access, document, every_way, load, policy, save};
use crate::reference;
use crate::strategies::{for_all, worlds};

#[test]
fn l09_every_way_of_asking_about_records_gives_the_same_answer() {
    for_all(worlds_and_asks(), |(world, asks)| {
        let workspace = bridge::workspace(&world);
        let saved = load(&save(&workspace)).expect("what was saved can be loaded");
        let written = load(&document(&world).to_string()).expect("what is valid can be loaded");
        let policies = [&workspace, &saved, &written].map(Workspace::compile);
        for ask in asks {
            let (object, field) = (ask.object.as_str(), ask.field.as_deref());
            let expected = reference::can(&world, &ask.chain, ask.action, object, field);
            for policy in &policies {
                let access = access(policy, &ask.chain);
                for (way, answer) in every_way(&access, ask.action.into(), object, field) {
                    prop_assert!(answer == expected, "{way}: {ask:?}");
                }
                if let [who] = &ask.chain[..] {
                    let (who, action) = (who.into(), ask.action.into());
                    let answer = policy.can(&who, action, object, field);
                    prop_assert!(answer == expected, "Policy::can: {ask:?}");
                    if let Some(id) = policy.object(object).filter(|_| field.is_none()) {
                        let answer = policy.can(&who, action, id, None);
                        prop_assert!(answer == expected, "Policy::can by handle: {ask:?}");
                    }
                }
            }
        }
        Ok(())
    });
}

#[test]
fn l09_every_way_of_asking_about_permissions_gives_the_same_answer() {
    for_all(worlds_and_uses(), |(world, uses)| {
        let workspace = bridge::workspace(&world);
        let loaded = load(&save(&workspace)).expect("what was saved can be loaded");
        let policies = [workspace.compile(), loaded.compile()];
        for (chain, permission) in uses {
            let expected = reference::can_use(&world, &chain, &permission);
            for policy in &policies {
                let access = access(policy, &chain);
                let explanation = access.explain_use(&permission);
                let answers = [
                    access.can_use(&permission),
                    access.require_use(&permission).is_ok(),
                    access.clone().can_use(&permission),
                    explanation.is_allowed(),
                    explanation
                        .links()
                        .all(rolegate::explanation::LinkExplanation::is_allowed),
                ];
                prop_assert!(
                    answers == [expected; 5],
                    "{answers:?} {chain:?} {permission}"
                );
            }
        }
        Ok(())
    });
}

#[test]
fn l09_a_set_of_fields_is_what_is_answered_for_each() {
    for_all(worlds_and_asks(), |(world, asks)| {
        let policy = policy(&world);
        for ask in asks {
            let access = access(&policy, &ask.chain);
            let action = Action::from(ask.action);
            let set = access.fields(action, &ask.object);
            let known = policy.schema().object(&ask.object);
            let known = known.map_or(&[][..], rolegate::Object::fields);
            let keys = known.iter().map(|field| field.key().as_str());
            let one_by_one: Vec<bool> = keys
                .clone()
                .map(|key| access.can(action, &ask.object, key))
                .collect();
            let of_set: Vec<bool> = keys.clone().map(|key| set.contains(key)).collect();
            prop_assert_eq!(&of_set, &one_by_one, "{:?}", ask);
            let words: Vec<u64> = set.words().collect();
            prop_assert_eq!(words.len(), known.len().div_ceil(64));
            let bit = |at: usize| words[at / 64] >> (at % 64) & 1 != 0;
            let of_words: Vec<bool> = (0..64 * words.len()).map(bit).collect();
            let (used, unused) = of_words.split_at(known.len());
            prop_assert_eq!(used, one_by_one);
            prop_assert!(!unused.contains(&true), "bits past the last field are zero");
            let expected: Vec<&str> = keys.filter(|key| set.contains(key)).collect();
            prop_assert_eq!(set.iter().collect::<Vec<_>>(), &expected[..]);
            prop_assert_eq!(
                (set.len(), set.is_empty()),
                (expected.len(), expected.is_empty())
            );
            let by_handle = policy.object(&ask.object);
            if let Some(object) = by_handle {
                prop_assert_eq!(access.fields(action, object), set);
            }
        }
        Ok(())
    });
}

#[test]
fn l09_every_kind_of_name_names_the_same() {
    let policy = with_tim(super::intern());
    let access = policy.access(&tim());
    let (object, field) = (String::from("people"), String::from("email"));
    let (object_key, field_key) = (ObjectKey::from("people"), FieldKey::from("email"));
    for (action, expected) in [(See, true), (Edit, false)] {
        let answers = [
            access.can(action, "people", "email"),
            access.can(action, "people", Some("email")),
            access.can(action, &object, &field),
            access.can(action, &object_key, &field_key),
            access.can(action, &object, &field_key),
        ];
        assert_eq!(answers, [expected; 5], "{action}");
    }
    assert!(access.can(Edit, "people", None) && access.can(Edit, &object_key, None));
}

/// The answers to a handle are those to its name where objects and fields are the same, else no.
#[test]
fn l28_a_handle_answers_for_what_it_was_resolved_for_or_denies() {
    for_all((worlds(), worlds()), |(here, there)| {
        let same_objects = reference::World {
            objects: here.objects.clone(),
            roles: here.roles.clone(),
            ..here.clone()
        };
        for there in [&there, &same_objects] {
            let (old, new) = (policy(&here), policy(there));
            let is_same = here.objects == there.objects;
            for who in everybody(there) {
                let access = new.access(&(&who).into());
                for (object, field) in places(&here) {
                    let id = old.object(object).expect("it is known here");
                    let field_id = field.and_then(|field| old.field(object, field));
                    for action in [See, Edit] {
                        let by_handle = match field_id {
                            Some(field) => access.can(action, id, field),
                            None => access.can(action, id, None),
                        };
                        let expected = is_same && access.can(action, object, field);
                        prop_assert!(by_handle == expected, "{who:?} {action} {object} {field:?}");
                    }
                }
            }
        }
        Ok(())
    });
}

/// An object and its fields.
type Columns<'a> = (&'a str, &'a [&'a str]);

/// A policy in which `ada` may do everything to these objects.
#[track_caller]
fn with_objects(objects: &[Columns<'_>]) -> Policy {
    let schema = objects
        .iter()
        .fold(Schema::builder(), |schema, (key, fields)| {
            schema.object(*key, fields.iter().copied())
        });
    Workspace::new(schema.build().unwrap(), "ada")
        .unwrap()
        .compile()
}

#[test]
fn l09_a_set_of_fields_ends_with_the_last_field_of_its_object() {
    // What is answered about the wider object goes on where the other one ends.
    let keys: Vec<String> = (0..200).map(|number| format!("field_{number}")).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let policy = with_objects(&[("narrow", &keys[..70]), ("wide", &keys)]);
    let access = policy.access(&Principal::member("ada"));
    let set = access.fields(See, "narrow");
    assert!(set.words().eq([u64::MAX, 0b11_1111]));
    assert_eq!((set.len(), set.iter().count()), (70, 70));
}

#[test]
fn l28_a_handle_of_another_schema_denies_even_admin() {
    let before = with_objects(&[("people", &["name", "email"]), ("companies", &["name"])]);
    let people = before.object("people").unwrap();
    let email = before.field("people", "email").unwrap();
    let ada = Principal::member("ada");
    assert!(before.can(&ada, See, people, email) && before.can(&ada, See, "people", email));
    let changed: [(&str, &[Columns<'_>]); 7] = [
        (
            "reordered",
            &[("companies", &["name"]), ("people", &["name", "email"])],
        ),
        ("removed", &[("companies", &["name"])]),
        (
            "renamed",
            &[("persons", &["name", "email"]), ("companies", &["name"])],
        ),
        (
            "grown",
            &[
                ("people", &["name", "email"]),
                ("companies", &["name", "email"]),
            ],
        ),
        (
            "fields reordered",
            &[("people", &["email", "name"]), ("companies", &["name"])],
        ),
        (
            "a field removed",
            &[("people", &["name"]), ("companies", &["name"])],
        ),
        (
            "moved",
            &[("people", &["name"]), ("companies", &["name", "email"])],
        ),
    ];
    for (change, objects) in changed {
        let after = with_objects(objects);
        let access = after.access(&ada);
        assert!(!access.can(See, people, None), "{change}");
        assert!(!access.can(See, people, email), "{change}");
        assert!(!access.can(See, people, "name"), "{change}");
        assert!(!access.can(See, "people", email), "{change}");
        assert!(access.fields(See, people).is_empty(), "{change}");
        let explanation = access.explain(See, people, None);
        assert_eq!(explanation.reason(), &Reason::StaleHandle, "{change}");
        assert_eq!(
            explanation.sentence().to_string(),
            "`member:ada` may not `see` `?`: the handle was resolved for another schema or object",
        );
    }
    let after = with_objects(&[("people", &["name", "email"]), ("companies", &["name"])]);
    assert!(after.can(&ada, See, people, email), "the same once more");
}

/// Wherever two schemas differ, be it in one letter in the midst of all.
#[test]
fn l28_a_schema_that_differs_in_one_letter_is_another() {
    let objects = ["people", "companies", "opportunities", "notes", "tasks"];
    let fields = ["name", "email", "address", "amount", "created_at"];
    let all: Vec<(String, Vec<String>)> = objects
        .iter()
        .map(|object| ((*object).into(), fields.map(String::from).into()))
        .collect();
    let policy = |all: &[(String, Vec<String>)]| {
        let borrowed: Vec<(&str, Vec<&str>)> = all
            .iter()
            .map(|(key, fields)| (&**key, fields.iter().map(String::as_str).collect()))
            .collect();
        let columns: Vec<Columns<'_>> = borrowed
            .iter()
            .map(|(key, fields)| (*key, &fields[..]))
            .collect();
        with_objects(&columns)
    };
    let before = policy(&all);
    let (people, email) = (
        before.object("people").unwrap(),
        before.field("people", "email").unwrap(),
    );
    let ada = Principal::member("ada");
    assert!(policy(&all).can(&ada, See, people, email));
    let with_another_letter = |key: &str, at: usize| {
        let (start, end) = key.split_at(at);
        format!("{start}x{}", &end[1..])
    };
    for (index, (object, fields)) in all.iter().enumerate() {
        let mut changed = Vec::new();
        for at in 0..object.len() {
            let mut after = all.clone();
            after[index].0 = with_another_letter(object, at);
            changed.push(after);
        }
        for (place, field) in fields.iter().enumerate() {
            for at in 0..field.len() {
                let mut after = all.clone();
                after[index].1[place] = with_another_letter(field, at);
                changed.push(after);
            }
        }
        for (one, other) in [(0, 1), (1, 3), (3, 4)] {
            let mut after = all.clone();
            after[index].1.swap(one, other);
            changed.push(after);
        }
        for after in changed {
            let policy = policy(&after);
            assert!(!policy.can(&ada, See, people, None), "{after:?}");
            assert!(!policy.can(&ada, See, people, email), "{after:?}");
        }
    }
}

#[test]
fn l28_keys_that_run_together_make_another_schema() {
    for (one, other) in [
        (&[("ab", &["c"][..])], &[("a", &["bc"][..])]),
        (&[("a", &["b", "c"][..])], &[("a", &["bc"][..])]),
    ] {
        let (before, after) = (with_objects(one), with_objects(other));
        let id = before.object(one[0].0).unwrap();
        assert!(!after.can(&Principal::member("ada"), See, id, None));
    }
}

#[test]
fn l28_a_field_handle_is_good_with_its_own_object_only() {
    let policy = with_objects(&[
        ("people", &["name", "email"]),
        ("companies", &["name", "email"]),
    ]);
    let access = policy.access(&Principal::member("ada"));
    let email = policy.field("people", "email").unwrap();
    let companies = policy.object("companies").unwrap();
    assert!(access.can(See, email.object(), email));
    assert!(!access.can(See, companies, email));
    assert!(!access.can(See, "companies", email));
    let explanation = access.explain(See, companies, email);
    assert_eq!(explanation.reason(), &Reason::StaleHandle);
}

#[test]
fn l28_a_policy_never_changes() {
    let clerk = Role::new("Clerk").allow(See);
    let mut workspace = super::office()
        .role(clerk.clone())
        .member("tim", "Clerk")
        .build()
        .unwrap();
    let policy = workspace.compile();
    let kept = policy.clone();
    let access = policy.access(&tim());
    let email = policy.field("people", "email").unwrap();
    let mut last = policy.clone();
    let hidden = Cell::field("people", "email", See);
    for (change, may_see) in [
        (Change::set_effect("Clerk", hidden, Effect::Deny), false),
        (Change::assign_role(tim(), "Admin"), true),
        (Change::remove(tim()), false),
        (Change::delete_role("Clerk"), false),
        (Change::remove_field("people", "email"), false),
    ] {
        workspace.apply(change.clone()).unwrap();
        last = workspace.recompile(&last);
        assert_eq!(
            last.can(&tim(), See, "people", "email"),
            may_see,
            "{change:?}"
        );
        for policy in [&policy, &kept] {
            assert!(policy.can(&tim(), See, "people", "email"), "{change:?}");
            assert!(policy.can(&tim(), See, email.object(), email), "{change:?}");
            assert!(!policy.can(&tim(), Edit, "people", "email"), "{change:?}");
        }
        assert!(access.can(See, "people", "email"), "{change:?}");
        assert!(!access.can(Edit, "people", "email"), "{change:?}");
    }
}

#[test]
fn l09_sets_of_fields_are_equal_if_they_are_of_one_object_and_have_the_same_fields() {
    let policy = with_tim(
        Role::new("Clerk").allow(See).rule(
            "people",
            ObjectRule::new()
                .field("email", FieldRule::SEE_ONLY)
                .allow(Edit),
        ),
    );
    let (tim, ada) = (
        policy.access(&tim()),
        policy.access(&Principal::member("ada")),
    );
    let seen = tim.fields(See, "people");
    assert_eq!(seen, ada.fields(Edit, "people"));
    assert_ne!(seen, tim.fields(Edit, "people"));
    // Two objects have a field `name`, and nothing else that is edited.
    let name = |object| ada.fields(See, object).iter().collect::<Vec<_>>();
    assert_eq!(name("companies"), ["name"]);
    let none = tim.fields(Edit, "companies");
    assert_eq!(none.iter().count(), 0);
    assert_ne!(none, tim.fields(Edit, "opportunities"));
    assert_ne!(none, tim.fields(Edit, "unknown"));
}

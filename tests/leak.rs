//! Does an allowed query tell two worlds apart that differ only in what is hidden (L35)?
//!
//! This is what *completely hidden* means: whatever an allowed query filters, sorts, groups, counts, sums, searches or joins
//! by, its result is the same whether a hidden value is this or that.

use core::cell::Cell;
use std::borrow::Cow;
use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rolegate::{Access, Action};

use crate::reference::ReadModel;
use crate::request_worlds::{self as worlds, OBJECTS};

/// The records of each object, in the order of [`OBJECTS`]; a record has a value for each field. The value of a relation is
/// the position of a record, which need not exist.
type Records = [Vec<Vec<u8>>; 3];

/// Few different values, so that they often are the same and often are not.
fn records() -> impl Strategy<Value = Records> {
    OBJECTS.map(|(_, fields)| vec(vec(0..4_u8, fields.len()), 0..=6))
}

/// The records of `seen`, with everything that is hidden as it is in `other`.
fn with_other_secrets(access: &Access<'_>, seen: &Records, other: &Records) -> Records {
    let mut mixed = seen.clone();
    for (at, (object, fields)) in OBJECTS.into_iter().enumerate() {
        if !access.can(Action::See, object, None) {
            mixed[at].clone_from(&other[at]);
            continue;
        }
        for (number, record) in mixed[at].iter_mut().enumerate() {
            for (field, name) in fields.iter().enumerate() {
                let secret = other[at].get(number).map_or(3, |record| record[field]);
                if !access.can(Action::See, object, *name) {
                    record[field] = secret;
                }
            }
        }
    }
    mixed
}

/// The value that a path leads to from a record.
fn value(
    access: &Access<'_>,
    records: &Records,
    object: &str,
    record: usize,
    path: &str,
) -> Option<u8> {
    let (name, rest) = match path.split_once('.') {
        Some((name, rest)) => (name, Some(rest)),
        None => (path, None),
    };
    let at = OBJECTS.iter().position(|(known, _)| *known == object)?;
    let field = OBJECTS[at].1.iter().position(|known| *known == name)?;
    let value = *records[at].get(record)?.get(field)?;
    let Some(rest) = rest else {
        return Some(value);
    };
    let field = access.policy().schema().field(object, name)?;
    let related = field.relation()?.as_str();
    value_at(access, records, related, value, rest)
}

fn value_at(
    access: &Access<'_>,
    records: &Records,
    object: &str,
    id: u8,
    path: &str,
) -> Option<u8> {
    value(access, records, object, usize::from(id), path)
}

/// What a small database answers: how many records, and for each group, or for each record in order, what is selected and
/// the sums of what is aggregated.
type Answer = (usize, Vec<(Vec<Option<u8>>, Vec<u32>)>);

fn run(access: &Access<'_>, records: &Records, read: &ReadModel, wanted: u8) -> Answer {
    let [filter, sort, group, aggregate, search] = &read.uses;
    let at = OBJECTS.iter().position(|(known, _)| *known == read.object);
    let count = at.map_or(0, |at| records[at].len());
    let get = |record: usize, path: &String| value(access, records, &read.object, record, path);
    let values = |record: usize, paths: &[String]| -> Vec<Option<u8>> {
        paths.iter().map(|path| get(record, path)).collect()
    };
    let mut found: Vec<usize> = (0..count)
        .filter(|record| filter.iter().all(|path| get(*record, path) >= Some(wanted)))
        .filter(|record| {
            search.is_empty() || search.iter().any(|path| get(*record, path) == Some(wanted))
        })
        .collect();
    found.sort_by_key(|record| values(*record, sort));
    let sums = |records: &[usize]| -> Vec<u32> {
        let sum = |path| {
            records
                .iter()
                .filter_map(|record| get(*record, path))
                .map(u32::from)
                .sum()
        };
        aggregate.iter().map(sum).collect()
    };
    let rows = if group.is_empty() {
        let row = |record: &usize| (values(*record, &read.select), sums(&found));
        found.iter().map(row).collect()
    } else {
        let mut groups: BTreeMap<Vec<Option<u8>>, Vec<usize>> = BTreeMap::new();
        for record in &found {
            groups
                .entry(values(*record, group))
                .or_default()
                .push(*record);
        }
        let groups = groups.into_iter();
        groups.map(|(key, records)| (key, sums(&records))).collect()
    };
    (found.len(), rows)
}

#[test]
fn l35_no_allowed_query_tells_two_worlds_apart_that_differ_in_what_is_hidden() {
    let (asked, differing, told_apart) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let add = |counter: &Cell<u32>| counter.set(counter.get() + 1);
    let inputs = (
        worlds::worlds(),
        worlds::chains(),
        (records(), records()),
        vec((worlds::reads(), 0..4_u8), 24),
    );
    let law = |(world, chain, (here, other), reads): (_, Vec<_>, (Records, Records), Vec<_>)| {
        let policy = worlds::policy(&world);
        let access = worlds::access(&policy, &chain);
        let there = with_other_secrets(&access, &here, &other);
        for (mut model, wanted) in reads {
            let read = worlds::read(&model);
            let trimmed = access.check_read(&read).into_trimmed_select();
            let trimmed =
                trimmed.map(|names| names.into_iter().map(Cow::into_owned).collect::<Vec<_>>());
            if let Ok(select) = trimmed {
                add(&asked);
                model.select = select;
                let answer = run(&access, &here, &model, wanted);
                prop_assert_eq!(
                    &answer,
                    &run(&access, &there, &model, wanted),
                    "{:?}",
                    model
                );
                if here != there {
                    add(&differing);
                }
            } else if run(&access, &here, &model, wanted) != run(&access, &there, &model, wanted) {
                add(&told_apart);
            }
        }
        Ok(())
    };
    let config = Config {
        failure_persistence: None,
        cases: 4 * Config::default().cases,
        ..Config::default()
    };
    TestRunner::new(config).run(&inputs, law).unwrap();
    // The worlds do differ for allowed queries, and what was denied would have shown it.
    let [asked, differing, told_apart] = [asked, differing, told_apart].map(|count| count.get());
    let shares =
        format!("{asked} allowed, {differing} where worlds differ, {told_apart} that would tell");
    assert!(
        asked > 200 && differing * 12 > asked && told_apart * 12 > asked,
        "{shares}"
    );
}

//! Is what is serialized of a record what is visible of it?

use core::cell::Cell;
use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use rolegate::limits::MAX_NESTING;
use rolegate::request::{FieldNames, FieldNamesError};
use rolegate::{
    Access, Action, Field, FieldRule, Object, ObjectRule, Policy, Principal, Role, Schema,
    Workspace,
};
use serde::ser::{
    Error, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct,
    SerializeStructVariant, SerializeTuple, SerializeTupleStruct, SerializeTupleVariant,
    Serializer,
};
use serde_json::{Map, Value, json};

/// Some fields have names that are numbers or truth values, for maps whose keys are.
const PEOPLE: [&str; 7] = ["name", "email", "1", "true", "x", "company", "friends"];
const COMPANIES: [&str; 3] = ["name", "revenue", "people"];
const RELATIONS: [(&str, &str, &str); 3] = [
    ("people", "company", "companies"),
    ("people", "friends", "people"),
    ("companies", "people", "people"),
];

fn policy(hidden: &[(&str, Option<&str>)]) -> Policy {
    let object = |key: &str, fields: &[&str]| {
        let fields = fields.iter().map(|&field| {
            let relation = RELATIONS
                .iter()
                .find(|(from, name, _)| (*from, *name) == (key, field));
            match relation {
                Some((.., to)) => Field::new(field).with_relation(*to),
                None => Field::new(field),
            }
        });
        fields.fold(Object::new(key), Object::field)
    };
    let schema = Schema::builder()
        .add_object(object("people", &PEOPLE))
        .add_object(object("companies", &COMPANIES));
    let mut viewer = Role::new("Viewer").allow(Action::See);
    for key in ["people", "companies"] {
        let of_key = hidden.iter().filter(|(object, _)| *object == key);
        let rule = of_key.fold(ObjectRule::new(), |rule, (_, field)| match field {
            None => rule.deny(Action::See),
            Some(field) => rule.field(*field, FieldRule::NO_ACCESS),
        });
        viewer = viewer.rule(key, rule);
    }
    Workspace::builder(schema.build().unwrap())
        .role(Role::admin("Admin"))
        .role(viewer)
        .default_role("Viewer")
        .member("ada", "Admin")
        .member("vic", "Viewer")
        .build()
        .unwrap()
        .compile()
}

// ---- Any value that serde can describe ----

/// A value, as an implementation of `Serialize` would describe it.
#[derive(Clone, Debug)]
enum Any {
    Unit,
    Bool(bool),
    Int(i32),
    Text(&'static str),
    Shown(u8),
    None,
    UnitStruct,
    UnitVariant(&'static str),
    Some(Box<Any>),
    Newtype(Box<Any>),
    NewtypeVariant(Box<Any>),
    Seq(Vec<Any>),
    Tuple(Vec<Any>),
    TupleStruct(Vec<Any>),
    TupleVariant(Vec<Any>),
    Struct(Vec<(&'static str, Any)>),
    StructVariant(Vec<(&'static str, Any)>),
    Map(Vec<(Key, Any)>),
    /// A map whose keys and values come one by one.
    SlowMap(Vec<(Key, Any)>),
}

#[derive(Clone, Copy, Debug)]
enum Key {
    Text(&'static str),
    Int(u8),
    Bool(bool),
    Char(char),
    Variant(&'static str),
    Newtype(&'static str),
}

impl Key {
    fn text(self) -> String {
        match self {
            Self::Text(text) | Self::Variant(text) | Self::Newtype(text) => text.to_owned(),
            Self::Int(number) => number.to_string(),
            Self::Bool(value) => value.to_string(),
            Self::Char(character) => character.to_string(),
        }
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Int(number) => serializer.serialize_u8(*number),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Char(character) => serializer.serialize_char(*character),
            Self::Variant(variant) => serializer.serialize_unit_variant("Key", 0, variant),
            Self::Newtype(text) => serializer.serialize_newtype_struct("Key", text),
        }
    }
}

impl Serialize for Any {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unit => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_i32(*value),
            Self::Text(value) => serializer.serialize_str(value),
            Self::Shown(value) => serializer.collect_str(value),
            Self::None => serializer.serialize_none(),
            Self::UnitStruct => serializer.serialize_unit_struct("Unit"),
            Self::UnitVariant(variant) => serializer.serialize_unit_variant("Any", 0, variant),
            Self::Some(value) => serializer.serialize_some(value),
            Self::Newtype(value) => serializer.serialize_newtype_struct("New", value),
            Self::NewtypeVariant(value) => {
                serializer.serialize_newtype_variant("Any", 0, "Variant", value)
            }
            Self::Seq(items) => {
                let mut seq = serializer.serialize_seq(Some(items.len()))?;
                items
                    .iter()
                    .try_for_each(|item| seq.serialize_element(item))?;
                seq.end()
            }
            Self::Tuple(items) => {
                let mut tuple = serializer.serialize_tuple(items.len())?;
                items
                    .iter()
                    .try_for_each(|item| tuple.serialize_element(item))?;
                tuple.end()
            }
            Self::TupleStruct(items) => {
                let mut tuple = serializer.serialize_tuple_struct("Tuple", items.len())?;
                items
                    .iter()
                    .try_for_each(|item| tuple.serialize_field(item))?;
                tuple.end()
            }
            Self::TupleVariant(items) => {
                let mut tuple =
                    serializer.serialize_tuple_variant("Any", 0, "Variant", items.len())?;
                items
                    .iter()
                    .try_for_each(|item| tuple.serialize_field(item))?;
                tuple.end()
            }
            Self::Struct(fields) => {
                let mut map = serializer.serialize_struct("Struct", fields.len())?;
                fields
                    .iter()
                    .try_for_each(|(key, value)| map.serialize_field(key, value))?;
                map.end()
            }
            Self::StructVariant(fields) => {
                let mut map =
                    serializer.serialize_struct_variant("Any", 0, "Variant", fields.len())?;
                fields
                    .iter()
                    .try_for_each(|(key, value)| map.serialize_field(key, value))?;
                map.end()
            }
            Self::Map(entries) => {
                serializer.collect_map(entries.iter().map(|(key, value)| (key, value)))
            }
            Self::SlowMap(entries) => {
                let mut map = serializer.serialize_map(None)?;
                for (key, value) in entries {
                    map.serialize_key(key)?;
                    map.serialize_value(value)?;
                }
                map.end()
            }
        }
    }
}

fn values() -> BoxedStrategy<Any> {
    let leaf = prop_oneof![
        1 => Just(Any::Unit),
        1 => any::<bool>().prop_map(Any::Bool),
        1 => any::<i32>().prop_map(Any::Int),
        2 => select(vec!["Eve", "c1"]).prop_map(Any::Text),
        1 => any::<u8>().prop_map(Any::Shown),
        1 => Just(Any::None),
        1 => Just(Any::UnitStruct),
        1 => Just(Any::UnitVariant("name")),
    ];
    let names: Vec<&'static str> = PEOPLE
        .into_iter()
        .chain(COMPANIES)
        .chain(["password", "company", "friends", "people"])
        .collect();
    let keys = prop_oneof![
        6 => select(names.clone()).prop_map(Key::Text),
        1 => (0..3_u8).prop_map(Key::Int),
        1 => any::<bool>().prop_map(Key::Bool),
        1 => select(vec!['x', 'y']).prop_map(Key::Char),
        1 => select(names.clone()).prop_map(Key::Variant),
        1 => select(names.clone()).prop_map(Key::Newtype),
    ];
    leaf.prop_recursive(5, 64, 6, move |inner| {
        let fields = vec((select(names.clone()), inner.clone()), 0..=6).prop_map(|mut fields| {
            let mut met = BTreeSet::new();
            fields.retain(|(key, _)| met.insert(*key));
            fields
        });
        let entries = vec((keys.clone(), inner.clone()), 0..=6).prop_map(|mut entries| {
            let mut met = BTreeSet::new();
            entries.retain(|(key, _)| met.insert(key.text()));
            entries
        });
        let items = vec(inner.clone(), 0..=3);
        prop_oneof![
            1 => inner.clone().prop_map(|value| Any::Some(value.into())),
            1 => inner.clone().prop_map(|value| Any::Newtype(value.into())),
            1 => inner.prop_map(|value| Any::NewtypeVariant(value.into())),
            2 => items.clone().prop_map(Any::Seq),
            1 => items.clone().prop_map(Any::Tuple),
            1 => items.clone().prop_map(Any::TupleStruct),
            1 => items.prop_map(Any::TupleVariant),
            6 => fields.clone().prop_map(Any::Struct),
            1 => fields.prop_map(Any::StructVariant),
            3 => entries.clone().prop_map(Any::Map),
            3 => entries.prop_map(Any::SlowMap),
        ]
    })
    .boxed()
}

// ---- The naive walk ----

/// Serialized as a whole, then pruned. `object` is none where records are hidden.
pub(crate) fn prune(
    access: &Access<'_>,
    object: Option<&str>,
    is_value: bool,
    value: Value,
) -> Value {
    match value {
        Value::Object(entries) => {
            let entries = entries.into_iter().filter_map(|(key, value)| {
                let object = object?;
                if !access.can(Action::See, object, &key) {
                    return None;
                }
                let schema = access.policy().schema();
                let field = schema.field(object, &key);
                let relation = field.and_then(|field| field.relation());
                let value = match relation {
                    None => value,
                    Some(to) if access.can(Action::See, to.as_str(), None) => {
                        prune(access, Some(to.as_str()), true, value)
                    }
                    Some(_) if has_records(&value) => return None,
                    Some(_) => prune(access, None, true, value),
                };
                Some((key, value))
            });
            Value::Object(entries.collect::<Map<String, Value>>())
        }
        Value::Array(_) if object.is_none() && !is_value => json!([]),
        Value::Array(items) => {
            let items = items.into_iter();
            items
                .map(|item| prune(access, object, is_value, item))
                .collect()
        }
        scalar if is_value => scalar,
        _ => Value::Null,
    }
}

fn has_records(value: &Value) -> bool {
    match value {
        Value::Object(_) => true,
        Value::Array(items) => items.is_empty() || items.iter().any(has_records),
        _ => false,
    }
}

#[test]
fn what_is_serialized_is_what_a_naive_walk_leaves() {
    let places: Vec<(&str, Option<&str>)> =
        [("people", &PEOPLE[..]), ("companies", &COMPANIES[..])]
            .into_iter()
            .flat_map(|(object, fields)| {
                let fields = fields.iter().map(move |&field| (object, Some(field)));
                fields.chain([(object, None)])
            })
            .collect();
    let hidden = prop_oneof![
        3 => proptest::sample::subsequence(places.clone(), 0..=4),
        1 => proptest::sample::subsequence(places, 0..=2).prop_map(|mut hidden| {
            hidden.push(("companies", None));
            hidden
        }),
    ];
    let objects = select(vec!["people", "people", "people", "companies", "unknown"]);
    let (pruned, whole) = (Cell::new(0), Cell::new(0));
    let law = |(hidden, object, value): (Vec<_>, &str, Any)| {
        let policy = policy(&hidden);
        let access = policy.access(&Principal::member("vic"));
        let all = serde_json::to_value(&value).unwrap();
        let is_visible = access.can(Action::See, object, None);
        let expected = prune(&access, is_visible.then_some(object), false, all.clone());
        let text = serde_json::to_string(&access.visible(object, &value)).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Value>(&text).unwrap(), &expected);
        let through_value = serde_json::to_value(access.visible(object, &value)).unwrap();
        prop_assert_eq!(&through_value, &expected);
        // What is dynamic is treated as what is typed.
        let dynamic = serde_json::to_value(access.visible(object, &all)).unwrap();
        prop_assert_eq!(&dynamic, &expected);
        let counter = if all == expected { &whole } else { &pruned };
        counter.set(counter.get() + 1);
        Ok(())
    };
    let config = Config {
        failure_persistence: None,
        cases: 4 * Config::default().cases,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&(hidden, objects, values()), law)
        .unwrap();
    let [pruned, whole] = [pruned, whole].map(|count| count.get());
    assert!(pruned > 100 && whole > 20, "{pruned} pruned, {whole} whole");
}

// ---- Facts ----

#[derive(serde::Serialize)]
struct Person {
    name: &'static str,
    email: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<Company>,
    #[serde(flatten)]
    more: More,
}

#[derive(serde::Serialize)]
struct More {
    x: [u8; 2],
    password: &'static str,
    friends: Vec<Friend>,
}

#[derive(serde::Serialize)]
#[serde(untagged)]
enum Friend {
    Id(u32),
    Whole(Box<Person>),
}

#[derive(Clone, Copy, serde::Serialize)]
struct Company {
    name: &'static str,
    revenue: u64,
}

fn eve(friends: Vec<Friend>) -> Person {
    Person {
        name: "Eve",
        email: None,
        company: Some(Company {
            name: "Acme",
            revenue: 7,
        }),
        more: More {
            x: [1, 2],
            password: "secret",
            friends,
        },
    }
}

#[track_caller]
fn shows(hidden: &[(&str, Option<&str>)], value: &impl Serialize, expected: &str) {
    let policy = policy(hidden);
    let vic = policy.access(&Principal::member("vic"));
    assert_eq!(
        serde_json::to_string(&vic.visible("people", value)).unwrap(),
        expected
    );
}

#[test]
fn hidden_fields_and_unknown_keys_are_left_out_at_every_depth() {
    let friends = || vec![Friend::Whole(Box::new(eve(vec![]))), Friend::Id(7)];
    shows(
        &[],
        &eve(vec![]),
        r#"{"name":"Eve","email":null,"company":{"name":"Acme","revenue":7},"x":[1,2],"friends":[]}"#,
    );
    shows(
        &[
            ("people", Some("email")),
            ("companies", Some("revenue")),
            ("people", Some("x")),
        ],
        &[eve(friends())],
        r#"[{"name":"Eve","company":{"name":"Acme"},"friends":[{"name":"Eve","company":{"name":"Acme"},"friends":[]},7]}]"#,
    );
    shows(
        &[("companies", None), ("people", Some("friends"))],
        &Some(eve(friends())),
        r#"{"name":"Eve","email":null,"x":[1,2]}"#,
    );
    shows(&[("people", None)], &eve(vec![]), "{}");
    shows(&[("people", None)], &[eve(vec![]), eve(vec![])], "[]");
}

#[test]
fn ids_of_hidden_records_are_shown_and_the_records_are_not() {
    let hidden = [("companies", None)];
    shows(
        &hidden,
        &json!({ "name": "Eve", "company": "c1" }),
        r#"{"company":"c1","name":"Eve"}"#,
    );
    shows(&hidden, &json!({ "company": null }), r#"{"company":null}"#);
    shows(
        &hidden,
        &json!({ "company": ["c1", 2] }),
        r#"{"company":["c1",2]}"#,
    );
    shows(&hidden, &json!({ "company": [] }), "{}");
    shows(
        &hidden,
        &json!({ "company": ["c1", { "name": "Acme" }] }),
        "{}",
    );
    shows(&hidden, &json!({ "company": [[]] }), "{}");
    // So it is where keys and values come one by one.
    let company = |value| Any::SlowMap(vec![(Key::Text("company"), value)]);
    let acme = Any::Struct(vec![("name", Any::Text("Acme"))]);
    shows(&hidden, &company(acme.clone()), "{}");
    shows(&hidden, &company(Any::Seq(vec![acme])), "{}");
    shows(&hidden, &company(Any::Text("c1")), r#"{"company":"c1"}"#);
}

/// A number as `serde_json` writes it with its feature `arbitrary_precision`.
#[derive(serde::Serialize)]
#[serde(rename = "$serde_json::private::Number")]
struct Number {
    #[serde(rename = "$serde_json::private::Number")]
    digits: &'static str,
}

#[test]
fn numbers_that_are_written_as_structs_are_numbers() {
    #[derive(serde::Serialize)]
    struct Row<C> {
        name: Number,
        company: C,
    }
    fn row<C>(company: C) -> Row<C> {
        let name = Number { digits: "1" };
        Row { name, company }
    }
    const SEVEN: Number = Number { digits: "7" };
    let one = serde_json::to_string(&Number { digits: "1" }).unwrap();
    let one = format!(r#""name":{one}"#);
    let seven = serde_json::to_string(&SEVEN).unwrap();
    for hidden in [&[][..], &[("companies", None)][..]] {
        shows(
            hidden,
            &row(SEVEN),
            &format!(r#"{{{one},"company":{seven}}}"#),
        );
        shows(
            hidden,
            &row([SEVEN, SEVEN]),
            &format!(r#"{{{one},"company":[{seven},{seven}]}}"#),
        );
    }
    let hidden = [("companies", None)];
    shows(
        &hidden,
        &row((SEVEN, json!({ "name": 1 }))),
        &format!("{{{one}}}"),
    );
    shows(&[], &SEVEN, "null");
    shows(&[], &[SEVEN], "[null]");
    assert_eq!(FieldNames::of(&SEVEN), Err(FieldNamesError::NotAMap));
}

#[test]
fn what_is_only_called_a_number_is_not_shown() {
    #[derive(Clone, Copy, serde::Serialize)]
    #[serde(rename = "$serde_json::private::Number")]
    struct Firm {
        name: &'static str,
    }
    #[derive(serde::Serialize)]
    #[serde(rename = "$serde_json::private::Number")]
    struct Wrapped {
        #[serde(rename = "$serde_json::private::Number")]
        inner: Company,
    }
    let firm = Firm { name: "Acme" };
    let acme = Company {
        name: "Acme",
        revenue: 7,
    };
    let hidden = [("companies", None)];
    shows(&hidden, &company(firm), "{}");
    shows(&hidden, &company([firm, firm]), "{}");
    shows(&hidden, &company(Wrapped { inner: acme }), "{}");
    // In a format that has no such numbers.
    let policy = policy(&[("companies", Some("name"))]);
    let vic = policy.access(&Principal::member("vic"));
    let shown = toml::to_string(&vic.visible("people", &company(firm)));
    assert_eq!(shown.unwrap(), "[company]\n");
    let wrapped = company(Wrapped { inner: acme });
    let shown = toml::to_string(&vic.visible("people", &wrapped));
    assert_eq!(shown.unwrap(), "[company]\n");
}

#[derive(serde::Serialize)]
struct CompanyOf<T> {
    company: T,
}

/// Says of every error where it was.
#[derive(Clone, Copy)]
struct Located<T>(T);

impl<T: Serialize> Serialize for Located<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let done = self.0.serialize(serializer);
        done.map_err(|error| S::Error::custom(format!("company: {error}")))
    }
}

fn company<T>(company: T) -> CompanyOf<T> {
    CompanyOf { company }
}

#[test]
fn hidden_records_are_found_in_what_makes_errors_of_its_own() {
    let hidden = [("companies", None)];
    let acme = Company {
        name: "Acme",
        revenue: 7,
    };
    let one = Located(acme);
    shows(&hidden, &company(one), "{}");
    shows(&hidden, &company([one, one]), "{}");
    shows(&hidden, &company(Located([acme, acme])), "{}");
    shows(&hidden, &company(Located(Some(one))), "{}");
    shows(&hidden, &company(Located(["c1"])), r#"{"company":["c1"]}"#);
}

#[test]
fn what_nests_deeper_than_128_levels_is_an_error_or_is_left_out() {
    type Wrap = fn(Any) -> Any;
    let wraps: [Wrap; 3] = [
        |inner| Any::Some(Box::new(inner)),
        |inner| Any::Newtype(Box::new(inner)),
        |inner| Any::Seq(vec![inner]),
    ];
    for wrap in wraps {
        let visible = |hidden: &[(&str, Option<&str>)], levels: usize| {
            let id = (0..levels).fold(Any::Int(7), |inner, _| wrap(inner));
            let person = Any::Struct(vec![("company", id)]);
            let policy = policy(hidden);
            let vic = policy.access(&Principal::member("vic"));
            serde_json::to_string(&vic.visible("people", &person))
                .map_err(|error| error.to_string())
        };
        let deepest = visible(&[], MAX_NESTING - 1).unwrap();
        assert!(deepest.contains('7'), "{deepest}");
        assert_eq!(
            visible(&[("companies", None)], MAX_NESTING - 1),
            Ok(deepest)
        );
        for levels in [MAX_NESTING, 1_000] {
            let error = "records nest deeper than 128 levels".to_owned();
            assert_eq!(visible(&[], levels), Err(error));
            assert_eq!(visible(&[("companies", None)], levels), Ok("{}".to_owned()));
        }
    }
    // What is no relation is shown as it is.
    let deep = (0..300).fold(json!(7), |inner, _| json!([inner]));
    shows(&[], &json!({ "x": deep }), &format!(r#"{{"x":{deep}}}"#));
}

#[test]
fn what_is_no_record_is_shown_as_nothing() {
    shows(&[], &"ada@example.com", "null");
    shows(&[], &[1, 2], "[null,null]");
    shows(
        &[],
        &Any::NewtypeVariant(Any::Struct(vec![("name", Any::Int(1))]).into()),
        "{}",
    );
}

/// A value that cannot be serialized.
struct Broken;

impl Serialize for Broken {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("the disk is on fire"))
    }
}

/// A map with a key that cannot be serialized.
struct BrokenKeys;

impl Serialize for BrokenKeys {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([(Broken, 1)])
    }
}

/// A map with that key.
struct Pairs<K>(K);

impl<K: Serialize> Serialize for Pairs<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([(&self.0, 1)])
    }
}

#[test]
fn an_error_of_the_value_passes_through_unchanged_unless_it_is_hidden() {
    #[derive(serde::Serialize)]
    struct Torn<B> {
        name: u8,
        company: B,
    }
    let error = |hidden: &[(&str, Option<&str>)]| {
        let policy = policy(hidden);
        let vic = policy.access(&Principal::member("vic"));
        let torn = Torn {
            name: 1,
            company: Broken,
        };
        serde_json::to_string(&vic.visible("people", &torn)).map_err(|error| error.to_string())
    };
    let plain = serde_json::to_string(&Torn {
        name: 1,
        company: Broken,
    })
    .unwrap_err();
    assert_eq!(plain.to_string(), "the disk is on fire");
    assert_eq!(error(&[]), Err(plain.to_string()));
    assert_eq!(error(&[("companies", None)]), Err(plain.to_string()));
    assert_eq!(
        error(&[("people", Some("company"))]).unwrap(),
        r#"{"name":1}"#
    );
    let policy = policy(&[]);
    let vic = policy.access(&Principal::member("vic"));
    let error = serde_json::to_string(&vic.visible("people", &BrokenKeys)).unwrap_err();
    assert_eq!(error.to_string(), "the disk is on fire");
}

#[test]
fn keys_that_are_no_text_are_left_out_where_the_format_would_refuse_them() {
    let policy = policy(&[]);
    let vic = policy.access(&Principal::member("vic"));
    let odd = Pairs(Some("name"));
    assert_eq!(
        serde_json::to_string(&vic.visible("people", &odd)).unwrap(),
        "{}"
    );
}

#[test]
fn other_formats_and_shapes_of_access_work_alike() {
    #[derive(serde::Serialize)]
    struct Row {
        password: u8,
        name: &'static str,
        email: Option<&'static str>,
        company: Company,
    }
    let policy = policy(&[("companies", Some("revenue"))]);
    let vic = policy.access(&Principal::member("vic"));
    let row = Row {
        password: 1,
        name: "Eve",
        email: None,
        company: Company {
            name: "Acme",
            revenue: 7,
        },
    };
    let visible = vic.visible("people", &row);
    let text = toml::to_string(&visible).unwrap();
    assert_eq!(text, "name = \"Eve\"\n\n[company]\nname = \"Acme\"\n");
    let by_handle = vic.visible(policy.object("people").unwrap(), &row);
    assert_eq!(
        serde_json::to_string(&by_handle).unwrap(),
        serde_json::to_string(&visible).unwrap()
    );
    let both = vic.clone().on_behalf_of(&Principal::member("nobody"));
    assert_eq!(
        serde_json::to_string(&both.visible("people", &row)).unwrap(),
        "{}"
    );
}

#[test]
fn records_wrapped_in_a_type_of_their_own_are_records() {
    #[derive(serde::Serialize)]
    struct Wrapped<T>(T);
    let hidden = [("companies", None)];
    let of = |company| Any::Struct(vec![("company", Any::Newtype(Box::new(company)))]);
    let acme = Any::Struct(vec![("name", Any::Text("Acme"))]);
    shows(&hidden, &Wrapped(of(acme)), "{}");
    shows(
        &hidden,
        &Wrapped(of(Any::Text("c1"))),
        r#"{"company":"c1"}"#,
    );
}

/// Writes down what it is given, for machines: a number as a key stays one.
struct Tape;

/// What a tape has of a map.
struct TapeMap(String);

macro_rules! taped {
    ($($method:ident: $scalar:ty),+) => {
        $(fn $method(self, value: $scalar) -> Result<String, std::fmt::Error> {
            Ok(format!("{value:?}"))
        })+
    };
}

impl Serializer for Tape {
    type Ok = String;
    type Error = std::fmt::Error;
    type SerializeSeq = Impossible<String, Self::Error>;
    type SerializeTuple = Impossible<String, Self::Error>;
    type SerializeTupleStruct = Impossible<String, Self::Error>;
    type SerializeTupleVariant = Impossible<String, Self::Error>;
    type SerializeMap = TapeMap;
    type SerializeStruct = Impossible<String, Self::Error>;
    type SerializeStructVariant = Impossible<String, Self::Error>;

    taped!(
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_f32: f32,
        serialize_f64: f64, serialize_char: char, serialize_str: &str, serialize_bytes: &[u8]
    );

    fn is_human_readable(&self) -> bool {
        false
    }

    fn serialize_none(self) -> Result<String, Self::Error> {
        Ok("none".to_owned())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<String, Self::Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<String, Self::Error> {
        Ok("unit".to_owned())
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<String, Self::Error> {
        Ok(name.to_owned())
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<String, Self::Error> {
        Ok(variant.to_owned())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<String, Self::Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<String, Self::Error> {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Self::Error> {
        Err(std::fmt::Error)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Self::Error> {
        Err(std::fmt::Error)
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Self::Error> {
        Err(std::fmt::Error)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Self::Error> {
        Err(std::fmt::Error)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<TapeMap, Self::Error> {
        Ok(TapeMap(String::new()))
    }

    fn serialize_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStruct, Self::Error> {
        Err(std::fmt::Error)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Self::Error> {
        Err(std::fmt::Error)
    }
}

impl SerializeMap for TapeMap {
    type Ok = String;
    type Error = std::fmt::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Self::Error> {
        self.0 += &key.serialize(Tape)?;
        self.0 += "=";
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Self::Error> {
        self.0 += &value.serialize(Tape)?;
        self.0 += ";";
        Ok(())
    }

    fn end(self) -> Result<String, Self::Error> {
        Ok(self.0)
    }
}

/// Says for whom it is written.
struct ForPeople;

impl Serialize for ForPeople {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let is_for_people = serializer.is_human_readable();
        serializer.serialize_bool(is_for_people)
    }
}

/// An id for people, and a record for machines.
struct RecordForMachines;

impl Serialize for RecordForMachines {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str("c1")
        } else {
            serializer.collect_map([("name", "Acme")])
        }
    }
}

#[test]
fn records_are_looked_for_in_the_form_that_the_format_gets() {
    #[derive(serde::Serialize)]
    struct Row {
        name: u8,
        company: RecordForMachines,
    }
    let row = Row {
        name: 1,
        company: RecordForMachines,
    };
    let hidden = [("companies", None)];
    shows(&hidden, &row, r#"{"name":1,"company":"c1"}"#);
    let policy = policy(&hidden);
    let vic = policy.access(&Principal::member("vic"));
    let visible = vic.visible("people", &row).serialize(Tape).unwrap();
    assert_eq!(visible, "\"name\"=1;");
}

#[test]
fn a_format_gets_keys_and_values_in_the_form_that_it_would_get_without_the_filter() {
    #[derive(serde::Serialize)]
    struct Row {
        company: ForPeople,
    }
    let policy = policy(&[]);
    let vic = policy.access(&Principal::member("vic"));
    let row = Row { company: ForPeople };
    let visible = vic.visible("people", &row);
    assert_eq!(visible.serialize(Tape).unwrap(), "\"company\"=false;");
    shows(&[], &row, r#"{"company":true}"#);

    let schema = Schema::builder()
        .object("people", ["name"])
        .field("people", Field::new("7").with_relation("people"))
        .build()
        .unwrap();
    let policy = Workspace::new(schema, "ada").unwrap().compile();
    let ada = policy.access(&Principal::member("ada"));
    let friend = Any::SlowMap(vec![(Key::Text("name"), Any::Text("Eve"))]);
    let person = Any::SlowMap(vec![(Key::Int(7), friend)]);
    let visible = ada.visible("people", &person).serialize(Tape).unwrap();
    assert_eq!(visible, "7=\"name\"=\"Eve\";;");
}

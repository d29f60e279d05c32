//! Any requests of anybody in any world: each is allowed, trimmed and explained as the laws say of its parts.

use std::collections::BTreeMap;

use rolegate::{Access, Action};
use serde_json::{Map, Value};

use crate::dice::Dice;
use crate::projection::prune;
use crate::reference::{
    Action as A, Closed, Effect, FieldRuleModel, Guard, Kind, ObjectRuleModel, ReadModel,
    RoleModel, Who, WriteKind, WriteModel,
};
use crate::request_worlds::{
    self as worlds, OBJECTS, PERMISSIONS, RELATIONS, UNKNOWN, places, under,
};
use crate::requests::{read_law, write_law};

/// So that no input takes long.
const MOST_REQUESTS: usize = 8;
const KINDS: [WriteKind; 6] = [
    WriteKind::Create,
    WriteKind::Update,
    WriteKind::Upsert,
    WriteKind::Delete,
    WriteKind::Restore,
    WriteKind::Destroy,
];

pub(crate) fn check(bytes: &[u8]) {
    let mut dice = Dice::new(bytes);
    let roles = (0..=dice.roll(2)).map(|_| role(&mut dice)).collect();
    let world = worlds::world(roles, guards(&mut dice));
    let policy = worlds::policy(&world);
    for _ in 0..MOST_REQUESTS {
        let chain = chain(&mut dice, world.members.len());
        let access = worlds::access(&policy, &chain);
        let broken = match dice.roll(5) {
            0 | 1 => read_law(&world, &chain, &access, &read(&mut dice)),
            2 | 3 => write_law(&world, &chain, &access, &write(&mut dice)),
            _ => {
                shows(&access, &mut dice);
                Ok([true; 2])
            }
        };
        broken.unwrap();
        if dice.is_spent() {
            break;
        }
    }
}

/// L38: what is serialized is what a naive walk leaves.
fn shows(access: &Access<'_>, dice: &mut Dice<'_>) {
    let object = object(dice);
    let record = record(dice, &object, 3);
    let is_visible = access.can(Action::See, object.as_str(), None);
    let expected = prune(
        access,
        is_visible.then_some(object.as_str()),
        false,
        record.clone(),
    );
    let visible = access.visible(object.as_str(), &record);
    let text = serde_json::to_string(&visible).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), expected);
    assert_eq!(serde_json::to_value(visible).unwrap(), expected);
}

// ---- Worlds ----

fn effects<const N: usize>(dice: &mut Dice<'_>) -> [Effect; N] {
    let all = [
        Effect::Inherit,
        Effect::Allow,
        Effect::Allow,
        Effect::Inherit,
        Effect::Deny,
    ];
    let mut effects = [(); N].map(|()| dice.pick(&all));
    if let Some((see, writes)) = effects.split_first_mut() {
        for write in writes {
            *write = under(*see, *write);
        }
    }
    effects
}

fn role(dice: &mut Dice<'_>) -> RoleModel {
    let mut role = RoleModel::new("");
    let sees = dice.roll(5) != 4;
    role.baseline = [sees, sees, sees, sees];
    for write in &mut role.baseline[1..] {
        *write &= dice.roll(3) != 2;
    }
    role.permissions = dice
        .subset(&PERMISSIONS.map(str::to_owned))
        .into_iter()
        .collect();
    for (object, fields) in OBJECTS {
        if dice.roll(3) == 2 {
            continue;
        }
        let effects = effects(dice);
        let mut rules = BTreeMap::new();
        for field in dice.subset(fields) {
            let [see, edit] = self::effects(dice);
            rules.insert(field.to_owned(), FieldRuleModel { see, edit });
        }
        let fields = rules;
        role.objects
            .insert(object.to_owned(), ObjectRuleModel { effects, fields });
    }
    role
}

fn guards(dice: &mut Dice<'_>) -> BTreeMap<(String, String), Guard> {
    let places = places();
    let mut guards = BTreeMap::new();
    for _ in 0..dice.roll(4) {
        let closed = [
            None,
            None,
            None,
            Some(Closed::ReadOnly),
            Some(Closed::System),
        ];
        let guard = Guard {
            closed: dice.pick(&closed),
            actions: dice
                .subset(&[A::Edit, A::Delete, A::Destroy])
                .into_iter()
                .collect(),
            permissions: dice
                .subset(&PERMISSIONS.map(str::to_owned))
                .into_iter()
                .collect(),
        };
        guards.insert(dice.pick(&places), guard);
    }
    guards
}

// ---- Requests ----

/// One to three links; seldom one that is unknown or has no role.
fn chain(dice: &mut Dice<'_>, members: usize) -> Vec<Who> {
    let links = [1, 1, 1, 2, 3];
    (0..dice.pick(&links))
        .map(|_| {
            let (kind, id) = match dice.roll(16) {
                14 => (Kind::Agent, "idle".to_owned()),
                15 => (Kind::ApiKey, "nobody".to_owned()),
                0 => (Kind::Member, "m0".to_owned()),
                // One more than there are.
                number => (Kind::Member, format!("m{}", 1 + number % members)),
            };
            Who { kind, id }
        })
        .collect()
}

fn object(dice: &mut Dice<'_>) -> String {
    if dice.once_in(20) {
        return dice.pick(&UNKNOWN).to_owned();
    }
    dice.pick(&OBJECTS).0.to_owned()
}

fn field(dice: &mut Dice<'_>, object: &str) -> &'static str {
    let known = OBJECTS.iter().find(|(known, _)| *known == object);
    match known {
        Some((_, fields)) if !dice.once_in(20) => dice.pick(fields),
        _ => dice.pick(&UNKNOWN),
    }
}

fn fields(dice: &mut Dice<'_>, object: &str, most: usize) -> Vec<String> {
    let count = dice.roll(most + 1);
    (0..count).map(|_| field(dice, object).to_owned()).collect()
}

/// By relations, mostly, and seldom through what is none or too far.
fn path(dice: &mut Dice<'_>, object: &str) -> String {
    let mut object = object.to_owned();
    let mut names = Vec::new();
    let hops = dice.pick(&[0, 0, 0, 1, 1, 2, 3, 7, 8]);
    for _ in 0..hops {
        let relations = RELATIONS.iter().filter(|(from, ..)| *from == object);
        let relations: Vec<_> = relations.copied().collect();
        if relations.is_empty() {
            break;
        }
        let (_, name, to) = dice.pick(&relations);
        names.push(name);
        to.clone_into(&mut object);
    }
    names.push(field(dice, &object));
    match dice.roll(40) {
        38 => names.push("name"),
        39 => names.insert(0, field(dice, &object)),
        _ => {}
    }
    names.join(".")
}

fn paths(dice: &mut Dice<'_>, object: &str, most: usize) -> Vec<String> {
    let count = dice.roll(most + 1);
    (0..count).map(|_| path(dice, object)).collect()
}

fn read(dice: &mut Dice<'_>) -> ReadModel {
    let object = object(dice);
    ReadModel {
        select: paths(dice, &object, 4),
        uses: [(); 5].map(|()| {
            let most = usize::from(dice.once_in(3));
            paths(dice, &object, most)
        }),
        export: dice.once_in(5),
        object,
    }
}

fn write(dice: &mut Dice<'_>) -> WriteModel {
    let object = object(dice);
    WriteModel {
        kind: dice.pick(&KINDS),
        fields: fields(dice, &object, 3),
        returning: paths(dice, &object, 1),
        import: dice.once_in(5),
        object,
    }
}

/// Something that a host may serialize as a record of an object, or as several.
fn record(dice: &mut Dice<'_>, object: &str, depth: usize) -> Value {
    match dice.roll(if depth == 0 { 3 } else { 8 }) {
        0 => Value::Null,
        1 => 7.into(),
        2 => "text".into(),
        3 => {
            let count = dice.roll(4);
            (0..count)
                .map(|_| record(dice, object, depth - 1))
                .collect()
        }
        _ => {
            let mut entries = Map::new();
            for name in fields(dice, object, 5) {
                let relations = RELATIONS.iter();
                let relation = relations
                    .copied()
                    .find(|(from, field, _)| (*from, *field) == (object, name.as_str()));
                let to = relation.map_or(object, |(.., to)| to);
                entries.insert(name, record(dice, to, depth - 1));
            }
            Value::Object(entries)
        }
    }
}

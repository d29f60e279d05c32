//! Which questions are there about a world? Random ones, of what it has and of what it has not.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::reference::{Action, Kind, Who, World};
use crate::strategies::{KINDS, worlds};

pub(crate) const ACTIONS: [Action; 4] =
    [Action::See, Action::Edit, Action::Delete, Action::Destroy];
const UNKNOWN_OBJECTS: [&str; 6] = ["", "PEOPLE", "people ", "people.name", "invoices", "peopl"];
const UNKNOWN_FIELDS: [&str; 6] = ["", "NAME", "name ", "people.name", "phone", "f999"];
const UNKNOWN_PERMISSIONS: [&str; 4] = ["", "SEND_EMAIL", "send_email ", "teleport"];

/// A question about records, from a chain of one to three links.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) chain: Vec<Who>,
    pub(crate) action: Action,
    pub(crate) object: String,
    pub(crate) field: Option<String>,
}

/// Where a question is aimed.
#[derive(Clone, Copy, Debug)]
enum Aim {
    /// Something that a role has a rule for, if there is one.
    Ruled,
    Known,
    UnknownField,
    UnknownObject,
}

/// A world, and questions about what it has and what it has not.
pub(crate) fn worlds_and_asks() -> BoxedStrategy<(World, Vec<Ask>)> {
    let aim = prop_oneof![
        12 => Just(Aim::Ruled),
        4 => Just(Aim::Known),
        1 => Just(Aim::UnknownField),
        1 => Just(Aim::UnknownObject),
    ];
    // Fields have two of the actions.
    let action = prop_oneof![1 => select(&ACTIONS[..]), 1 => select(&ACTIONS[..2])];
    let place = (aim, any::<Index>(), any::<Index>());
    let asks = vec((chains(), action, place), 1..=24);
    (worlds(), asks)
        .prop_map(|(world, asks)| {
            let asks = asks.into_iter().map(|(chain, action, place)| {
                let (object, field) = aimed(&world, place);
                Ask {
                    chain: people(&world, &chain),
                    action,
                    object: object.to_owned(),
                    field: field.map(str::to_owned),
                }
            });
            let asks = asks.collect();
            (world, asks)
        })
        .boxed()
}

fn aimed(world: &World, (aim, place, name): (Aim, Index, Index)) -> (&str, Option<&str>) {
    let (known, ruled) = (places(world), ruled_places(world));
    match aim {
        Aim::Ruled if !ruled.is_empty() => *place.get(&ruled),
        Aim::UnknownField if !known.is_empty() => {
            (place.get(&known).0, Some(*name.get(&UNKNOWN_FIELDS)))
        }
        Aim::Ruled | Aim::Known if !known.is_empty() => *place.get(&known),
        _ => {
            let field = ["name", "phone"].get(place.index(3)).copied();
            (*name.get(&UNKNOWN_OBJECTS), field)
        }
    }
}

/// A chain, and the workspace permission that it asks for.
pub(crate) type Use = (Vec<Who>, String);

/// A world, and uses of permissions that it has and that it has not.
pub(crate) fn worlds_and_uses() -> BoxedStrategy<(World, Vec<Use>)> {
    let uses = vec((chains(), (any::<Index>(), one_in(16))), 1..=24);
    (worlds(), uses)
        .prop_map(|(world, uses)| {
            let uses = uses.into_iter().map(|(chain, permission)| {
                let known = world.permissions.iter();
                let known = known.map(|known| known.key.as_str());
                let permission = name(permission, known, &UNKNOWN_PERMISSIONS);
                (people(&world, &chain), permission)
            });
            let uses = uses.collect();
            (world, uses)
        })
        .boxed()
}

type LooseChain = Vec<(Index, bool)>;

fn chains() -> BoxedStrategy<LooseChain> {
    let link = (any::<Index>(), one_in(16));
    prop_oneof![2 => vec(link.clone(), 1), 1 => vec(link, 2..=3)].boxed()
}

/// True that seldom.
fn one_in(count: u32) -> impl Strategy<Value = bool> + Clone {
    prop::bool::weighted(1.0 / f64::from(count))
}

/// A known name, or an unknown one.
fn name<'a>(
    (pick, is_unknown): (Index, bool),
    known: impl Iterator<Item = &'a str>,
    unknown: &[&str],
) -> String {
    let known: Vec<&str> = known.collect();
    let names = if is_unknown || known.is_empty() {
        unknown
    } else {
        &known
    };
    (*pick.get(names)).to_owned()
}

fn people(world: &World, chain: &LooseChain) -> Vec<Who> {
    let (known, unknown) = (holders_of(world), strangers(world));
    let links = chain.iter();
    let links = links.map(|(pick, is_unknown)| {
        let people = if *is_unknown { &unknown } else { &known };
        pick.get(people).clone()
    });
    links.collect()
}

fn holders_of(world: &World) -> Vec<Who> {
    let members = world.members.keys().map(|id| (Kind::Member, id));
    let api_keys = world.api_keys.keys().map(|id| (Kind::ApiKey, id));
    let agents = world.agents.keys().map(|id| (Kind::Agent, id));
    let all = members.chain(api_keys).chain(agents);
    all.map(|(kind, id)| Who {
        kind,
        id: id.clone(),
    })
    .collect()
}

/// Unknown principals of each kind, some of them known under another kind.
fn strangers(world: &World) -> Vec<Who> {
    let known = holders_of(world);
    let of = |kind| {
        ["nobody", "p0", "p3"].map(|id| Who {
            kind,
            id: id.to_owned(),
        })
    };
    let all = KINDS.into_iter().flat_map(of);
    all.filter(|who| !known.contains(who)).collect()
}

/// Every principal of the world, and unknown ones.
pub(crate) fn everybody(world: &World) -> Vec<Who> {
    let mut everybody = holders_of(world);
    everybody.extend(strangers(world));
    everybody
}

/// Every object and every field of the world.
pub(crate) fn places(world: &World) -> Vec<(&str, Option<&str>)> {
    let mut places = Vec::new();
    for (object, fields) in &world.objects {
        places.push((object.as_str(), None));
        let fields = fields.iter();
        places.extend(fields.map(|field| (object.as_str(), Some(field.as_str()))));
    }
    places
}

/// The objects and fields that a role has a rule for, once for each such role.
fn ruled_places(world: &World) -> Vec<(&str, Option<&str>)> {
    let mut places = Vec::new();
    for (object, rule) in world.roles.iter().flat_map(|role| &role.objects) {
        places.push((object.as_str(), None));
        let fields = rule.fields.keys();
        places.extend(fields.map(|field| (object.as_str(), Some(field.as_str()))));
    }
    places
}

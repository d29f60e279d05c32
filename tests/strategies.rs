//! Which worlds and questions are there? Random ones, valid by construction.
//!
//! Everything that is named is picked from what was generated before it, so that references hold and shrinking works.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestCaseResult, TestRunner};

use crate::reference::{
    Action, Class, Effect, FieldRuleModel, KeysWithoutRole, Kind, ObjectRuleModel, Permission,
    RoleModel, Who, World, may_hold,
};

/// Checks a law on as many inputs as proptest is told to (256, unless `PROPTEST_CASES` says otherwise).
#[track_caller]
pub(crate) fn for_all<S: Strategy<Value: Debug>>(
    inputs: S,
    law: impl Fn(S::Value) -> TestCaseResult,
) {
    let config = Config {
        // What was found once is written down as a fact instead.
        failure_persistence: None,
        ..Config::default()
    };
    if let Err(error) = TestRunner::new(config).run(&inputs, law) {
        panic!("{error}");
    }
}

pub(crate) const ACTIONS: [Action; 4] =
    [Action::See, Action::Edit, Action::Delete, Action::Destroy];
const KINDS: [Kind; 3] = [Kind::Member, Kind::ApiKey, Kind::Agent];
/// Some differ only in case, some are no ASCII, and one is how an explanation shows what has no name.
const OBJECTS: [&str; 6] = [
    "people",
    "People",
    "companies",
    "größe",
    "?",
    "custom:wagen",
];
const UNKNOWN_OBJECTS: [&str; 6] = ["", "PEOPLE", "people ", "people.name", "invoices", "peopl"];
const FIELDS: [&str; 4] = ["name", "Name", "people", "?"];
const UNKNOWN_FIELDS: [&str; 6] = ["", "NAME", "name ", "people.name", "phone", "f999"];
const DOCUMENTED: [(&str, Class); 10] = [
    ("api_keys", Class::Settings),
    ("workspace", Class::Settings),
    ("roles", Class::Settings),
    ("data_model", Class::Settings),
    ("security", Class::Settings),
    ("workflows", Class::Settings),
    ("workspace_members", Class::Settings),
    ("send_email", Class::Actions),
    ("import_csv", Class::Actions),
    ("export_csv", Class::Actions),
];
const UNKNOWN_PERMISSIONS: [&str; 4] = ["", "SEND_EMAIL", "send_email ", "teleport"];

// ---- Worlds ----

/// Any valid world: up to six objects, seldom with more fields than fit into one word, and holders of all kinds. The member `p0` holds Admin.
pub(crate) fn worlds() -> BoxedStrategy<World> {
    let parts = (
        schemas(),
        (vec(roles(), 1..=4), any::<Index>(), any::<bool>()),
        (any::<Index>(), prop::bool::weighted(0.3)),
        (holders(), holders(), holders()),
    );
    let world = parts.prop_map(|((objects, permissions), roles, options, holders)| {
        let (roles, admin_at, swaps_names) = roles;
        let (default_role, denies_keys) = options;
        let mut world = World {
            objects,
            relations: BTreeMap::new(),
            guards: BTreeMap::new(),
            permissions,
            roles: Vec::new(),
            default_role: 0,
            members: BTreeMap::new(),
            api_keys: BTreeMap::new(),
            agents: BTreeMap::new(),
            keys_without_role: if denies_keys {
                KeysWithoutRole::Denied
            } else {
                KeysWithoutRole::DefaultRole
            },
        };
        let roles = roles.iter().enumerate();
        world.roles = roles.map(|(at, role)| role.in_world(at, &world)).collect();
        world.default_role = default_role.index(world.roles.len());
        world.roles[world.default_role].held_by.insert(Kind::Member);
        let admin_at = admin_at.index(world.roles.len() + 1);
        world.roles.insert(admin_at, RoleModel::admin("Admin"));
        if world.default_role >= admin_at {
            world.default_role += 1;
        }
        if swaps_names {
            let other = usize::from(admin_at == 0);
            world.roles[admin_at].name = String::from("role 0");
            world.roles[other].name = String::from("Admin");
        }
        let (members, api_keys, agents) = holders;
        world.members = hold(&world, Kind::Member, &members)
            .filter_map(|(id, role)| Some((id, role?)))
            .chain([("p0".to_owned(), admin_at)])
            .collect();
        world.api_keys = hold(&world, Kind::ApiKey, &api_keys).collect();
        world.agents = hold(&world, Kind::Agent, &agents).collect();
        world
    });
    world.boxed()
}

type Objects = Vec<(String, Vec<String>)>;

fn schemas() -> BoxedStrategy<(Objects, Vec<Permission>)> {
    let widths = prop_oneof![2 => Just(0), 30 => 1..=4_usize, 1 => 63..=70_usize];
    let counts = prop_oneof![1 => 0..=0_usize, 16 => 1..=3_usize, 4 => 4..=OBJECTS.len()];
    let objects = counts.prop_flat_map(move |count| vec(widths.clone(), count));
    let objects = objects.prop_map(|widths| {
        let names = OBJECTS.iter().map(ToString::to_string);
        names.zip(widths.into_iter().map(field_names)).collect()
    });
    let custom = prop_oneof![
        20 => vec(permissions(), 0..=4),
        1 => vec(permissions(), 55..=60),
    ];
    let permissions = (any::<bool>(), custom, any::<bool>());
    let permissions = permissions.prop_map(|(documented, custom, reversed)| {
        let known = if documented { &DOCUMENTED[..] } else { &[] };
        let mut known: Vec<Permission> = known
            .iter()
            .map(|&(key, class)| permission(key, class, BTreeSet::new()))
            .collect();
        if documented {
            let requires = BTreeSet::from(["workflows".to_owned()]);
            known.push(permission("trigger_workflows", Class::Actions, requires));
        }
        for (at, (class, required)) in custom.into_iter().enumerate() {
            // Only what is there already, so that nothing requires itself.
            let required = required.iter().filter(|_| !known.is_empty());
            let required = required.map(|required| required.get(&known).key.clone());
            known.push(permission(&format!("own_{at}"), class, required.collect()));
        }
        if reversed {
            known.reverse();
        }
        known
    });
    (objects, permissions).boxed()
}

fn field_names(count: usize) -> Vec<String> {
    let numbered = (FIELDS.len()..).map(|number| format!("f{number}"));
    let names = FIELDS.iter().map(ToString::to_string).chain(numbered);
    names.take(count).collect()
}

fn permissions() -> BoxedStrategy<(Class, Vec<Index>)> {
    let classes = select(vec![Class::Settings, Class::Actions]);
    (classes, vec(any::<Index>(), 0..=2)).boxed()
}

fn permission(key: &str, class: Class, requires: BTreeSet<String>) -> Permission {
    let key = key.to_owned();
    Permission {
        key,
        class,
        requires,
    }
}

/// A role before it is known what there is.
#[derive(Clone, Debug)]
struct LooseRole {
    baseline: [bool; 4],
    rules: Vec<(Index, LooseRule)>,
    all_access: [bool; 2],
    permissions: Vec<Index>,
    held_by: [bool; 3],
}

fn roles() -> BoxedStrategy<LooseRole> {
    let rights = ([prop::bool::weighted(0.25); 2], vec(any::<Index>(), 0..=5));
    let held_by = [prop::bool::weighted(0.8); 3];
    let rules = vec((any::<Index>(), rules()), 0..=5);
    (baselines(), rules, rights, held_by)
        .prop_map(
            |(baseline, rules, (all_access, permissions), held_by)| LooseRole {
                baseline,
                rules,
                all_access,
                permissions,
                held_by,
            },
        )
        .boxed()
}

impl LooseRole {
    fn in_world(&self, at: usize, world: &World) -> RoleModel {
        let mut role = RoleModel::new(&format!("role {}", at + 1));
        role.baseline = self.baseline;
        let rules = self.rules.iter().filter(|_| !world.objects.is_empty());
        for (object, rule) in rules {
            let (object, fields) = object.get(&world.objects);
            role.objects.insert(object.clone(), rule.on(fields));
        }
        let classes = [Class::Settings, Class::Actions];
        role.all_access = chosen(classes, self.all_access).collect();
        if !world.permissions.is_empty() {
            let listed = self.permissions.iter();
            let listed = listed.map(|listed| listed.get(&world.permissions).key.clone());
            role.permissions = listed.collect();
        }
        role.held_by = chosen(KINDS, self.held_by).collect();
        role
    }
}

fn chosen<T, const N: usize>(items: [T; N], chosen: [bool; N]) -> impl Iterator<Item = T> {
    let pairs = items.into_iter().zip(chosen);
    pairs.filter_map(|(item, chosen)| chosen.then_some(item))
}

/// A baseline that does not contradict itself (L4).
pub(crate) fn baselines() -> BoxedStrategy<[bool; 4]> {
    let see = prop::bool::weighted(0.7);
    let writes = any::<[bool; 3]>();
    (see, writes)
        .prop_map(|(see, writes)| {
            let [edit, delete, destroy] = writes.map(|write| see && write);
            [see, edit, delete, destroy]
        })
        .boxed()
}

/// An object rule before it is known which fields there are.
#[derive(Clone, Debug)]
pub(crate) struct LooseRule {
    effects: [Effect; 4],
    fields: Vec<(Index, FieldRuleModel)>,
}

pub(crate) fn effects() -> BoxedStrategy<Effect> {
    prop_oneof![
        2 => Just(Effect::Inherit),
        1 => Just(Effect::Allow),
        1 => Just(Effect::Deny),
    ]
    .boxed()
}

/// An object rule that does not contradict itself (L4), with field rules that do not either.
pub(crate) fn rules() -> BoxedStrategy<LooseRule> {
    let record = [effects(), effects(), effects(), effects()];
    let fields = vec((any::<Index>(), field_rules()), 0..=6);
    (record, fields)
        .prop_map(|([see, edit, delete, destroy], fields)| {
            let [edit, delete, destroy] = [edit, delete, destroy].map(|write| under(see, write));
            let effects = [see, edit, delete, destroy];
            LooseRule { effects, fields }
        })
        .boxed()
}

/// A field rule that does not contradict itself (L4).
pub(crate) fn field_rules() -> BoxedStrategy<FieldRuleModel> {
    (effects(), effects())
        .prop_map(|(see, edit)| {
            let edit = under(see, edit);
            FieldRuleModel { see, edit }
        })
        .boxed()
}

/// L4: what denies See does not allow a change; it may leave it to a more general level.
fn under(see: Effect, write: Effect) -> Effect {
    match (see, write) {
        (Effect::Deny, Effect::Allow) => Effect::Inherit,
        _ => write,
    }
}

impl LooseRule {
    pub(crate) fn on(&self, fields: &[String]) -> ObjectRuleModel {
        let rules = self.fields.iter().filter(|_| !fields.is_empty());
        let rules = rules.map(|(field, rule)| (field.get(fields).clone(), *rule));
        ObjectRuleModel {
            effects: self.effects,
            fields: rules.collect(),
        }
    }
}

/// Seldom so many that they do not stay together.
fn holders() -> BoxedStrategy<Vec<Option<Index>>> {
    let role = prop::option::weighted(0.8, any::<Index>());
    prop_oneof![20 => vec(role.clone(), 0..=4), 1 => vec(role, 100..=110)].boxed()
}

/// The holders of one kind, each with a role that is for that kind, or none.
fn hold(
    world: &World,
    kind: Kind,
    roles: &[Option<Index>],
) -> impl Iterator<Item = (String, Option<usize>)> {
    let all = 0..world.roles.len();
    let fit: Vec<usize> = all.filter(|&role| may_hold(world, kind, role)).collect();
    let roles = roles.iter().enumerate();
    roles.map(move |(at, role)| {
        let role = role.filter(|_| !fit.is_empty());
        (format!("p{at}"), role.map(|role| *role.get(&fit)))
    })
}

// ---- Questions ----

/// A question about records, from a chain of one to three links.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) chain: Vec<Who>,
    pub(crate) action: Action,
    pub(crate) object: String,
    pub(crate) field: Option<String>,
}

/// A world, and questions about what it has and what it has not.
pub(crate) fn worlds_and_asks() -> BoxedStrategy<(World, Vec<Ask>)> {
    let object = (any::<Index>(), one_in(12));
    let field = prop::option::weighted(0.7, (any::<Index>(), one_in(6)));
    // Fields have two of the actions.
    let action = prop_oneof![2 => select(&ACTIONS[..]), 1 => select(&ACTIONS[..2])];
    let asks = vec((chains(), action, object, field), 1..=24);
    (worlds(), asks)
        .prop_map(|(world, asks)| {
            let asks = asks.into_iter().map(|(chain, action, object, field)| {
                let known = world.objects.iter();
                let known = known.map(|(object, _)| object.as_str());
                let object = name(object, known, &UNKNOWN_OBJECTS);
                let known = world.objects.iter().find(|(known, _)| *known == object);
                let known = known.map_or(&[][..], |(_, fields)| fields);
                let field = field
                    .map(|field| name(field, known.iter().map(String::as_str), &UNKNOWN_FIELDS));
                Ask {
                    chain: people(&world, &chain),
                    action,
                    object,
                    field,
                }
            });
            let asks = asks.collect();
            (world, asks)
        })
        .boxed()
}

/// A chain, and the workspace permission that it asks for.
pub(crate) type Use = (Vec<Who>, String);

/// A world, and uses of permissions that it has and that it has not.
pub(crate) fn worlds_and_uses() -> BoxedStrategy<(World, Vec<Use>)> {
    let uses = vec((chains(), (any::<Index>(), one_in(12))), 1..=24);
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
    let link = (any::<Index>(), one_in(12));
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
    let (known, unknown) = (holders_of(world), strangers());
    let links = chain.iter();
    let links = links.map(|(pick, is_unknown)| {
        let people = if *is_unknown { &unknown[..] } else { &known };
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

/// An unknown principal of each kind.
fn strangers() -> [Who; 3] {
    KINDS.map(|kind| Who {
        kind,
        id: "nobody".to_owned(),
    })
}

/// Every principal of the world, and an unknown one of each kind.
pub(crate) fn everybody(world: &World) -> Vec<Who> {
    let mut everybody = holders_of(world);
    everybody.extend(strangers());
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

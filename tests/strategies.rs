//! Which worlds are there? Random ones, valid by construction.
//!
//! Everything that is named is picked from what was generated before it, so that references hold and shrinking works.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestCaseResult, TestRunner};

use crate::reference::{
    Class, Effect, FieldRuleModel, KeysWithoutRole, Kind, ObjectRuleModel, Permission, RoleModel,
    World, may_hold,
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

pub(crate) const KINDS: [Kind; 3] = [Kind::Member, Kind::ApiKey, Kind::Agent];
/// Some differ only in case, some are no ASCII, and one is how an explanation shows what has no name.
const OBJECTS: [&str; 6] = [
    "people",
    "People",
    "companies",
    "größe",
    "?",
    "custom:wagen",
];
const FIELDS: [&str; 4] = ["name", "Name", "people", "?"];
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

// ---- Worlds ----

/// Any valid world: up to six objects, seldom with more fields than fit into one word, up to five roles with every
/// feature, and holders of all kinds, seldom many. The member `p0` holds Admin.
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
    let objects = prop_oneof![
        1 => vec(widths.clone(), 0),
        16 => vec(widths.clone(), 1..=3),
        4 => vec(widths, 4..=OBJECTS.len()),
    ];
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
    let see = prop::bool::weighted(0.55);
    let writes = [prop::bool::weighted(0.7); 3];
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
        3 => Just(Effect::Inherit),
        3 => Just(Effect::Allow),
        2 => Just(Effect::Deny),
    ]
    .boxed()
}

/// What a rule says about See: more often no, so that changes are held back by it (L3).
fn sees() -> BoxedStrategy<Effect> {
    prop_oneof![3 => effects(), 2 => Just(Effect::Deny)].boxed()
}

/// An object rule that does not contradict itself (L4), with field rules that do not either.
pub(crate) fn rules() -> BoxedStrategy<LooseRule> {
    let record = [sees(), effects(), effects(), effects()];
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
    (sees(), effects())
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
    let role = prop::option::weighted(0.85, any::<Index>());
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

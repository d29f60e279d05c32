//! Is the reference right? What the documentation and the laws say about a small office.

use super::Because::{Admin, FieldsHaveTwoActions, NoRole};
use super::Because::{UnknownField, UnknownObject, UnknownPrincipal};
use super::Class::{Actions, Settings};
use super::Kind::{Agent, ApiKey, Member};
use super::Level::{Baseline, FieldRule, ObjectRule};
use super::*;
use core::slice::from_ref;

const ADMIN: usize = 0;
const INTERN: usize = 1;
const BROKER: usize = 2;
const HIDDEN: [Effect; 4] = [Deny, Inherit, Inherit, Inherit];

/// The Intern of the documentation; a Broker without opportunities and emails.
fn office() -> World {
    let mut intern = RoleModel::new("Intern");
    intern.baseline = [true, false, false, false];
    object_rule(&mut intern, "opportunities", HIDDEN);
    object_rule(&mut intern, "people", [Inherit, Allow, Inherit, Inherit]);
    field_rule(&mut intern, "people", "email", Allow, Deny);
    field_rule(&mut intern, "people", "address", Deny, Deny);
    let mut broker = RoleModel::new("Broker");
    broker.baseline = [true, true, false, false];
    object_rule(&mut broker, "opportunities", HIDDEN);
    field_rule(&mut broker, "opportunities", "amount", Allow, Inherit);
    field_rule(&mut broker, "people", "email", Deny, Inherit);
    World {
        objects: vec![
            object("people", &["name", "email", "address"]),
            object("opportunities", &["title", "amount"]),
            object("companies", &["name"]),
        ],
        relations: BTreeMap::new(),
        guards: BTreeMap::new(),
        permissions: vec![
            permission("workflows", Settings, &[]),
            permission("export_csv", Actions, &[]),
            permission("trigger_workflows", Actions, &["workflows"]),
            permission("replay", Actions, &["trigger_workflows"]),
        ],
        roles: vec![RoleModel::admin("Admin"), intern, broker],
        default_role: INTERN,
        members: holders([("ada", ADMIN), ("ian", INTERN), ("bea", BROKER)]),
        api_keys: holders([("sync", Some(BROKER)), ("old", None)]),
        agents: holders([("helper", Some(BROKER)), ("idle", None)]),
        keys_without_role: KeysWithoutRole::DefaultRole,
    }
}

fn keys<C: FromIterator<String>>(keys: &[&str]) -> C {
    keys.iter().map(|&key| key.to_owned()).collect()
}

fn object(key: &str, fields: &[&str]) -> (String, Vec<String>) {
    (key.to_owned(), keys(fields))
}

fn permission(key: &str, class: Class, requires: &[&str]) -> Permission {
    Permission {
        key: key.to_owned(),
        class,
        requires: keys(requires),
    }
}

fn holders<R, const N: usize>(holders: [(&str, R); N]) -> BTreeMap<String, R> {
    holders.map(|(id, role)| (id.to_owned(), role)).into()
}

fn object_rule(role: &mut RoleModel, object: &str, effects: [Effect; 4]) {
    role.objects.entry(object.to_owned()).or_default().effects = effects;
}

fn field_rule(role: &mut RoleModel, object: &str, field: &str, see: Effect, edit: Effect) {
    let fields = &mut role.objects.entry(object.to_owned()).or_default().fields;
    fields.insert(field.to_owned(), FieldRuleModel { see, edit });
}

fn with(change: impl FnOnce(&mut World)) -> World {
    let mut world = office();
    change(&mut world);
    world
}

fn with_role(role: usize, change: impl FnMut(&mut RoleModel)) -> World {
    with(|world| world.roles.get_mut(role).into_iter().for_each(change))
}

fn who(kind: Kind, id: &str) -> Who {
    let id = id.to_owned();
    Who { kind, id }
}

fn by(action: Action, level: Level) -> Because {
    Because::Decided { action, level }
}

type Fact<'f> = (Action, &'f str, bool, Because);

/// Each fact names an object, or a field as `object.field`.
#[track_caller]
fn facts(world: &World, kind: Kind, id: &str, facts: &[Fact<'_>]) {
    let who = who(kind, id);
    for &(action, path, allowed, because) in facts {
        let (object, field) = match path.split_once('.') {
            Some((object, field)) => (object, Some(field)),
            None => (path, None),
        };
        let answer = can(world, from_ref(&who), action, object, field);
        let reason = why(world, &who, action, object, field);
        assert_eq!(
            (answer, reason),
            (allowed, because),
            "{id}: {action:?} {path}"
        );
    }
}

#[test]
fn the_intern_of_the_documentation() {
    let table = [
        (See, "companies", true, by(See, Baseline)),
        (Edit, "companies", false, by(Edit, Baseline)),
        (Delete, "people", false, by(Delete, Baseline)),
        (See, "opportunities", false, by(See, ObjectRule)),
        (See, "opportunities.amount", false, by(See, ObjectRule)),
        (See, "people", true, by(See, Baseline)),
        (Edit, "people", true, by(Edit, ObjectRule)),
        (Edit, "people.name", true, by(Edit, ObjectRule)),
        (See, "people.email", true, by(See, FieldRule)),
        (Edit, "people.email", false, by(Edit, FieldRule)),
        (See, "people.address", false, by(See, FieldRule)),
        (Edit, "people.address", false, by(Edit, FieldRule)),
    ];
    facts(&office(), Member, "ian", &table);
    let ian = [who(Member, "ian")];
    assert_eq!(fields(&office(), &ian, See, "people"), ["name", "email"]);
    assert_eq!(fields(&office(), &ian, Edit, "people"), ["name"]);
    assert_eq!(fields(&office(), &ian, See, "opportunities"), [""; 0]);
}

#[test]
fn who_may_not_see_may_not_change() {
    let table = [
        (Edit, "opportunities", false, by(See, ObjectRule)),
        (Delete, "opportunities", false, by(Delete, Baseline)),
        (Edit, "opportunities.title", false, by(See, ObjectRule)),
        (See, "opportunities.amount", true, by(See, FieldRule)),
        (Edit, "opportunities.amount", true, by(Edit, Baseline)),
        (Edit, "people", true, by(Edit, Baseline)),
        (Edit, "people.name", true, by(Edit, Baseline)),
        (Edit, "people.email", false, by(See, FieldRule)),
        (Edit, "companies", true, by(Edit, Baseline)),
    ];
    facts(&office(), Member, "bea", &table);
    let later = with_role(INTERN, |intern| intern.baseline = [false; 4]);
    let table = [(Edit, "people", false, by(See, Baseline))];
    facts(&later, Member, "ian", &table);
}

#[test]
fn unknown_names_and_deleted_fields_are_denied_even_to_admin() {
    let table = [
        (See, "invoices", false, UnknownObject),
        (See, "invoices.name", false, UnknownObject),
        (See, "people.phone", false, UnknownField),
        (Delete, "people.phone", false, UnknownField),
        (Delete, "people.name", false, FieldsHaveTwoActions),
        (Destroy, "people.name", false, FieldsHaveTwoActions),
    ];
    facts(&office(), Member, "ada", &table);
    facts(&office(), Member, "bea", &table);
}

#[test]
fn admin_may_do_everything_that_exists_whatever_its_name() {
    let world = with_role(ADMIN, |admin| admin.name = "Owner".to_owned());
    let table = [
        (See, "opportunities", true, Admin),
        (Edit, "people.address", true, Admin),
        (Delete, "people", true, Admin),
        (Destroy, "companies", true, Admin),
    ];
    facts(&world, Member, "ada", &table);
    assert!(can_use(&world, &[who(Member, "ada")], "replay"));
    assert!(!can_use(&world, &[who(Member, "ada")], "teleport"));
}

#[test]
fn api_keys_and_agents_with_and_without_a_role() {
    let world = office();
    let strict = with(|world| world.keys_without_role = KeysWithoutRole::Denied);
    let narrow = with_role(INTERN, |intern| intern.held_by = [Member].into());
    let table = [
        (&world, ApiKey, "sync", true, by(See, Baseline)),
        (&world, ApiKey, "old", true, by(See, Baseline)),
        (&strict, ApiKey, "old", false, NoRole),
        (&narrow, ApiKey, "old", false, NoRole),
        (&world, ApiKey, "ada", false, UnknownPrincipal),
        (&world, Agent, "helper", true, by(See, Baseline)),
        (&world, Agent, "idle", false, NoRole),
    ];
    for (world, kind, id, allowed, because) in table {
        facts(world, kind, id, &[(See, "people", allowed, because)]);
    }
    assert!(may_hold(&world, ApiKey, ADMIN) && !may_hold(&world, Agent, ADMIN));
    assert!(may_hold(&world, Agent, INTERN) && !may_hold(&narrow, Agent, INTERN));
}

#[test]
fn a_chain_may_do_what_every_link_may() {
    let [ada, ian, ghost] = ["ada", "ian", "ghost"].map(|id| who(Member, id));
    let [helper, idle] = ["helper", "idle"].map(|id| who(Agent, id));
    let table: [(&[&Who], Action, &str, bool); 8] = [
        (&[], See, "name", false),
        (&[&helper, &ada], Edit, "name", true),
        (&[&helper, &ian], Edit, "name", true),
        (&[&helper, &ian], See, "email", false),
        (&[&ian, &helper], See, "email", false),
        (&[&helper, &ian], See, "address", false),
        (&[&ada, &ghost], See, "name", false),
        (&[&ada, &idle], See, "name", false),
    ];
    for (chain, action, field, allowed) in table {
        let chain: Vec<Who> = chain.iter().map(|&who| who.clone()).collect();
        let answer = can(&office(), &chain, action, "people", Some(field));
        assert_eq!(answer, allowed, "{chain:?} {action:?} {field}");
    }
    assert_eq!(fields(&office(), &[helper, ian], See, "people"), ["name"]);
    assert!(!can_use(&office(), &[], "export_csv"));
}

#[test]
fn triggering_a_workflow_needs_workflow_management() {
    let table: [(&[Class], &[&str], bool); 7] = [
        (&[], &[], false),
        (&[], &["trigger_workflows"], false),
        (&[], &["trigger_workflows", "workflows"], true),
        (&[Actions], &[], false),
        (&[Actions], &["workflows"], true),
        (&[Settings], &["trigger_workflows"], true),
        (&[Settings], &[], false),
    ];
    let [ian, bea] = ["ian", "bea"].map(|id| who(Member, id));
    for (all_access, listed, allowed) in table {
        let world = with_role(INTERN, |intern| {
            intern.all_access = all_access.iter().copied().collect();
            intern.permissions = keys(listed);
        });
        let may = |permission| can_use(&world, from_ref(&ian), permission);
        assert_eq!(
            may("trigger_workflows"),
            allowed,
            "{all_access:?} {listed:?}"
        );
        assert_eq!(may("replay"), allowed && all_access.contains(&Actions));
        assert_eq!(may("export_csv"), all_access.contains(&Actions));
        assert!(!may("teleport"), "unknown");
        let chain = [ian.clone(), bea.clone()];
        assert!(!can_use(&world, &chain, "trigger_workflows"), "bea may not");
    }
}

#[test]
fn a_rule_that_denies_see_and_allows_more_contradicts_itself() {
    let mut odd = RoleModel::new("Odd");
    odd.baseline = [false, false, true, false];
    object_rule(&mut odd, "people", [Deny, Inherit, Inherit, Allow]);
    object_rule(&mut odd, "companies", [Inherit, Allow, Allow, Allow]);
    field_rule(&mut odd, "people", "name", Deny, Allow);
    field_rule(&mut odd, "people", "email", Deny, Inherit);
    let paths = ["baseline", "objects.people", "objects.people.fields.name"];
    assert_eq!(contradictions(&odd), paths);
}

#[test]
fn each_broken_law_is_named() {
    assert_eq!(valid(&office()), [""; 0]);
    world_breaks(&["L6"], |it| it.objects.push(object("people", &[])));
    world_breaks(&["L6"], |it| {
        it.permissions.push(permission("a", Actions, &["b"]));
    });
    world_breaks(&["L12"], |it| {
        it.permissions.push(permission("a", Actions, &["a"]));
    });
    world_breaks(&["L13"], |it| it.roles.push(RoleModel::admin("Root")));
    world_breaks(&["L14"], |it| it.members.clear());
    world_breaks(&["L15"], |it| it.default_role = ADMIN);
    world_breaks(&["L15", "L19"], |it| it.default_role = 9);
    world_breaks(&["L18", "L19"], |it| it.agents = holders([("a", Some(9))]));
    world_breaks(&["L19"], |it| it.agents = holders([("a", Some(ADMIN))]));
    role_breaks(&["L4"], BROKER, |it| it.baseline[0] = false);
    role_breaks(&["L6"], BROKER, |it| object_rule(it, "invoices", HIDDEN));
    role_breaks(&["L6"], BROKER, |it| {
        field_rule(it, "people", "x", Deny, Deny);
    });
    role_breaks(&["L6"], BROKER, |it| it.permissions = keys(&["teleport"]));
    role_breaks(&["L13", "L14"], ADMIN, |it| it.admin = false);
    role_breaks(&["L19"], BROKER, |it| it.held_by = [Member, Agent].into());
    role_breaks(&["L19"], INTERN, |it| it.held_by = [ApiKey, Agent].into());
    role_breaks(&["L20"], BROKER, |it| it.name = "  Intern\t".to_owned());
    role_breaks(&["L20"], BROKER, |it| it.name = " \n".to_owned());
    role_breaks(&[], BROKER, |it| it.name = "intern".to_owned());
    role_breaks(&["L20"], BROKER, |it| it.name = "Intern\u{a0}".to_owned());
    role_breaks(&["L20"], BROKER, |it| it.name = "\u{85}".to_owned());
    role_breaks(&[], BROKER, |it| it.name = "\u{feff}Intern".to_owned());
    world_breaks(&["L37"], |it| {
        let place = ("people".to_owned(), "name".to_owned());
        let actions = BTreeSet::from([See]);
        let guard = Guard {
            actions,
            ..Guard::default()
        };
        it.guards.insert(place, guard);
    });
}

#[test]
fn a_role_is_named_whatever_white_space_is_around_its_words() {
    let world = with_role(BROKER, |it| it.name = " Deal \t broker".to_owned());
    for (name, role) in [
        ("Intern", Some(INTERN)),
        ("\u{a0}Intern \n", Some(INTERN)),
        ("intern", None),
        ("\u{feff}Intern", None),
        ("", None),
        ("Deal broker", Some(BROKER)),
        ("Deal\u{85}\u{2003}broker", Some(BROKER)),
        ("Dealbroker", None),
    ] {
        assert_eq!(role_named(&world, name), role, "{name:?}");
    }
    let given = |kind: Kind, name: &str| {
        let mut world = world.clone();
        give(&mut world, &who(kind, "new"), name);
        (
            valid(&world),
            role_of(&world, &who(kind, "new")).map(|it| it.baseline),
        )
    };
    let broker = Some([true, true, false, false]);
    for kind in [Member, ApiKey, Agent] {
        assert_eq!(given(kind, "Deal  broker"), (vec![], broker));
        assert_eq!(given(kind, "Boss"), (vec!["L18", "L19"], None));
        assert_eq!(given(kind, " "), (vec!["L18", "L19"], None));
    }
    assert_eq!(given(Member, ""), (vec!["L18", "L19"], None));
    assert_eq!(given(Agent, ""), (vec![], None));
    let intern = Some([true, false, false, false]);
    assert_eq!(given(ApiKey, ""), (vec![], intern), "the default role");
}

#[test]
fn white_space_is_what_unicode_says() {
    let all = (char::MIN..=char::MAX).filter(|character| character.is_whitespace());
    assert!(all.eq(WHITE_SPACE));
}

#[track_caller]
fn world_breaks(laws: &[&str], change: fn(&mut World)) {
    assert_eq!(valid(&with(change)), laws);
}

#[track_caller]
fn role_breaks(laws: &[&str], role: usize, change: fn(&mut RoleModel)) {
    assert_eq!(valid(&with_role(role, change)), laws);
}

#[test]
fn idle_rules_dormant_writes_and_grants_under_hidden_objects_are_reported() {
    let world = with_role(INTERN, |intern| {
        object_rule(intern, "companies", [Allow, Deny, Inherit, Inherit]);
        field_rule(intern, "people", "name", Inherit, Allow);
    });
    let idle = |object: &str, field: Option<&str>| Lint::RuleChangesNothing {
        role: INTERN,
        object: object.to_owned(),
        field: field.map(str::to_owned),
    };
    let dormant = |object: &str, field: Option<&str>| Lint::DormantWrite {
        role: BROKER,
        object: object.to_owned(),
        field: field.map(str::to_owned),
        action: Edit,
    };
    let expected = [
        idle("companies", None),
        idle("people", Some("name")),
        Lint::GrantUnderHiddenObject {
            role: BROKER,
            object: "opportunities".to_owned(),
            field: "amount".to_owned(),
        },
        dormant("opportunities", None),
        dormant("people", Some("email")),
        Lint::KeyWithoutRole {
            key: "old".to_owned(),
        },
    ];
    assert_eq!(lints(&world), expected.into());
}

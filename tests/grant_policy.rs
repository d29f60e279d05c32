//! Does `GrantPolicy::WithinOwnAccess` hold, whatever is changed and whoever acts?

use std::collections::BTreeSet;
use std::slice::from_ref;

use proptest::prelude::proptest;
use rolegate::workspace::{GrantPolicy, KeysWithoutRole};
use rolegate::{
    Action, Cell, Change, ChangeError, Effect, Field, Object, ObjectRule, Permission,
    PermissionClass, Principal, PrincipalKind, Role,
};

use crate::changes::{cases, fixed_steps, guard, is_admin, kept};
use crate::dice::{self, Dice, GROUPS};
use crate::laws_admin::{
    accepted_from, assign, drop_permission, keys_without_role, kinds, map, member, permit, policy,
    refused_to, role, save, with,
};
use crate::model::{ACTIONS, Answers, Model, RoleState, key_of, principal};
use crate::reference::{self, Kind, Who, World};

use Effect::{Allow, Deny};

#[test]
fn within_own_access_nothing_is_handed_out_that_is_not_held_in_any_way() {
    let bound = Field::new("email").bound_to_permission("export_csv");
    let strict = with([
        policy(GrantPolicy::WithinOwnAccess),
        Change::UpdateField {
            object: "people".into(),
            field: bound,
        },
        Change::UpdateField {
            object: "people".into(),
            field: Field::new("name").read_only(),
        },
    ]);
    let lea = &member("lea");
    let amount = || Cell::field("deals", "amount", Action::See);
    let shown = role(&strict, "Basic").rule("deals", ObjectRule::new());
    let ways = [
        vec![assign("tim", "Wide")],
        vec![Change::assign_role(Principal::agent("idle"), "Wide")],
        vec![Change::assign_role(Principal::api_key("lost"), "Wide")],
        vec![Change::set_effect("Basic", amount(), Allow)],
        vec![Change::set_effect("Basic", amount(), Effect::Inherit)],
        // Also in a role that nobody holds yet.
        vec![Change::set_effect(
            "Robot",
            Cell::baseline(Action::See),
            Allow,
        )],
        vec![save(role(&strict, "Basic"), shown)],
        vec![permit("Basic", "export_csv", Allow)],
        vec![Change::set_effect(
            "Basic",
            Cell::all_access(PermissionClass::Actions),
            Allow,
        )],
        vec![Change::create_role(Role::new("New").grant("export_csv"))],
        vec![Change::duplicate_role("Wide", "New")],
        vec![
            Change::delete_role("Wide"),
            Change::create_role(role(&strict, "Wide")),
        ],
        vec![
            Change::rename_role("Wide", "Other"),
            Change::rename_role("Basic", "Wide"),
            assign("tim", "Other"),
        ],
        vec![Change::set_default_role("Wide")],
        vec![
            Change::set_default_role("Wide"),
            Change::delete_role("Basic"),
        ],
        vec![
            Change::set_default_role("Wide"),
            Change::add(member("new")),
            Change::set_default_role("Basic"),
        ],
        vec![map([("staff", "Wide")])],
        vec![
            map([("staff", "Wide")]),
            Change::join("new", ["staff"]),
            map([]),
        ],
        vec![
            map([("staff", "Wide")]),
            Change::remove(member("tim")),
            Change::join("tim", ["staff"]),
            map([]),
        ],
        // To remove and add anew what a rule hides would show it.
        vec![
            Change::remove_field("deals", "amount"),
            Change::add_field("deals", "amount"),
        ],
        vec![
            Change::remove_object("deals"),
            Change::add_object(Object::new("deals").field("name").field("amount")),
        ],
        vec![
            drop_permission("import_csv"),
            Change::AddPermission {
                permission: Permission::settings("import_csv"),
            },
        ],
        // Nor is a field made open to more than may write it.
        vec![Change::UpdateField {
            object: "people".into(),
            field: Field::new("email").with_label("Mail"),
        }],
        // Not even to Admin.
        vec![Change::UpdateField {
            object: "people".into(),
            field: Field::new("name"),
        }],
        // Nor one's own role.
        vec![Change::set_effect("Lead", amount(), Allow)],
        vec![permit("Lead", "trigger_workflows", Allow)],
    ];
    for changes in ways {
        refused_to(lea, &strict, changes.clone(), "ExceedsOwnAccess");
        // An agent is bound by its own access, whomever it acts for.
        let done = (strict.clone())
            .acting(&member("ada"))
            .on_behalf_of(&Principal::agent("aide"))
            .apply_all(changes.clone());
        assert!(done.is_err(), "{changes:?}");
        accepted_from(&member("ada"), &strict, changes);
    }
}

#[test]
fn within_own_access_nothing_is_removed_that_is_not_wholly_held() {
    let lea = &member("lea");
    let closed = Change::update_field("people", Field::new("email").system());
    let strict = with([policy(GrantPolicy::WithinOwnAccess), closed]);
    let ways = [
        // Hidden from her; added anew it would be shown.
        Change::remove_field("deals", "amount"),
        Change::remove_object("deals"),
        // She may not destroy people.
        Change::remove_object("people"),
        // Nobody may write it.
        Change::remove_field("people", "email"),
        drop_permission("import_csv"),
    ];
    for change in ways {
        refused_to(lea, &strict, vec![change.clone()], "RemovesBeyondOwnAccess");
        accepted_from(&member("ada"), &strict, vec![change]);
    }
    accepted_from(lea, &strict, vec![Change::remove_field("people", "name")]);
    accepted_from(lea, &strict, vec![drop_permission("send_email")]);
    let free = with([]);
    accepted_from(lea, &free, vec![Change::remove_field("deals", "amount")]);
    let refused = strict
        .clone()
        .acting(lea)
        .apply(Change::remove_object("deals"));
    assert_eq!(
        refused.unwrap_err().to_string(),
        "`member:lea` would remove what it does not hold: `delete` on `deals`, `destroy` on `deals`, \
         `see` on `deals.amount`, `edit` on `deals.amount`",
    );
}

/// A role that takes the place of another is new, whatever the other was named in the end.
#[test]
fn within_own_access_a_role_that_was_renamed_and_deleted_lends_nothing_to_a_new_one() {
    let strict = with([policy(GrantPolicy::WithinOwnAccess)]);
    let changes = vec![
        Change::rename_role("Wide", "Other"),
        Change::delete_role("Other"),
        Change::create_role(role(&strict, "Wide")),
    ];
    refused_to(&member("lea"), &strict, changes.clone(), "ExceedsOwnAccess");
    accepted_from(&member("ada"), &strict, changes);
}

#[test]
fn within_own_access_what_one_holds_can_be_handed_out() {
    let strict = with([
        policy(GrantPolicy::WithinOwnAccess),
        map([("staff", "Wide")]),
    ]);
    let ways = [
        vec![assign("tim", "Lead")],
        vec![assign("wil", "Lead")],
        vec![Change::delete_role("Lead 2")],
        vec![
            Change::rename_role("Lead 2", "Deputy"),
            Change::delete_role("Deputy"),
        ],
        vec![Change::duplicate_role("Lead", "Deputy")],
        vec![permit("Basic", "send_email", Allow)],
        vec![Change::set_default_role("Lead")],
        vec![Change::add(member("new"))],
        vec![Change::add(Principal::api_key("new"))],
        vec![map([("staff", "Lead")])],
        vec![map([])],
        // A name is no access.
        vec![Change::rename_role("Wide", "Broad")],
        vec![Change::describe_role("Wide", "More than mine")],
        vec![Change::set_effect(
            "Wide",
            Cell::baseline(Action::Delete),
            Deny,
        )],
        // New things are nobody's yet.
        vec![Change::add_object(Object::new("tasks").field("title"))],
        vec![Change::add_field("deals", "probability")],
    ];
    let mut strict = strict;
    strict
        .apply(Change::duplicate_role("Lead", "Lead 2"))
        .unwrap();
    for changes in ways {
        accepted_from(&member("lea"), &strict, changes);
    }
}

#[test]
fn within_own_access_keys_without_a_role_get_no_more_either() {
    let lea = &member("lea");
    let with_default = |kinds: &[PrincipalKind], access| {
        let mut changes = vec![
            policy(GrantPolicy::WithinOwnAccess),
            Change::clear_role(Principal::api_key("loud")),
            Change::set_default_role("Wide"),
        ];
        if access == KeysWithoutRole::Denied {
            changes.push(keys_without_role(access));
        }
        if kinds != PrincipalKind::ALL {
            changes.push(Change::set_holder_kinds("Wide", kinds.to_vec()));
        }
        with(changes)
    };
    let denied = with_default(&PrincipalKind::ALL, KeysWithoutRole::Denied);
    refused_to(
        lea,
        &denied,
        vec![keys_without_role(KeysWithoutRole::DefaultRole)],
        "ExceedsOwnAccess",
    );
    let not_for_keys = with_default(&[PrincipalKind::Member], KeysWithoutRole::DefaultRole);
    refused_to(
        lea,
        &not_for_keys,
        vec![kinds(
            "Wide",
            &[PrincipalKind::Member, PrincipalKind::ApiKey],
        )],
        "ExceedsOwnAccess",
    );
    let open = with_default(&PrincipalKind::ALL, KeysWithoutRole::DefaultRole);
    for change in [
        Change::add(Principal::api_key("new")),
        Change::add(member("new")),
        Change::clear_role(Principal::api_key("lead")),
        Change::delete_role("Basic"),
    ] {
        refused_to(lea, &open, vec![change], "ExceedsOwnAccess");
    }
}

#[test]
fn within_own_access_newcomers_get_no_more_by_order_or_want_of_a_mapping() {
    let lea = &member("lea");
    let strict = with([
        policy(GrantPolicy::WithinOwnAccess),
        map([("guests", "Basic"), ("staff", "Wide"), ("sales", "Lead")]),
    ]);
    let ways = [
        map([("staff", "Wide"), ("guests", "Basic"), ("sales", "Lead")]),
        map([("staff", "Wide"), ("sales", "Lead")]),
        map([("sales", "Lead"), ("staff", "Wide")]),
    ];
    for change in ways {
        refused_to(lea, &strict, vec![change], "ExceedsOwnAccess");
    }
    accepted_from(
        lea,
        &strict,
        vec![map([
            ("sales", "Lead"),
            ("guests", "Basic"),
            ("staff", "Wide"),
        ])],
    );
    let wide_default = with([
        policy(GrantPolicy::WithinOwnAccess),
        Change::set_default_role("Wide"),
        map([("guests", "Basic")]),
    ]);
    refused_to(lea, &wide_default, vec![map([])], "ExceedsOwnAccess");
}

#[test]
fn within_own_access_a_requirement_is_not_dropped_for_others() {
    let strict = with([
        policy(GrantPolicy::WithinOwnAccess),
        permit("Basic", "trigger_workflows", Allow),
    ]);
    let drop = Change::UpdatePermission {
        permission: Permission::action("trigger_workflows"),
    };
    refused_to(&member("lea"), &strict, vec![drop], "ExceedsOwnAccess");
}

/// A cell, and how to ask about it.
type Asked = (Cell, Box<dyn Fn(&Answers, &Who) -> bool>);

/// Every answer that there is in a world.
fn cells(world: &World) -> Vec<Asked> {
    let mut cells: Vec<Asked> = Vec::new();
    for (object, fields) in &world.objects {
        for (asked, action) in ACTIONS {
            let key = object.clone();
            cells.push((
                Cell::object(object, action),
                Box::new(move |of, who| of.can(who, asked, &key, None)),
            ));
        }
        for field in fields {
            for (asked, action) in &ACTIONS[..2] {
                let (asked, object, key) = (*asked, object.clone(), field.clone());
                cells.push((
                    Cell::field(&object, field, *action),
                    Box::new(move |of, who| of.can(who, asked, &object, Some(&key))),
                ));
            }
        }
    }
    for permission in &world.permissions {
        let key = permission.key.clone();
        cells.push((
            Cell::permission(&key),
            Box::new(move |of, who| of.can_use(who, &key)),
        ));
    }
    cells
}

fn knows(world: &World, cell: &Cell) -> bool {
    let fields_of = |key: &str| {
        let object = world.objects.iter().find(|(object, _)| object == key);
        object.map(|(_, fields)| fields)
    };
    match cell {
        Cell::Object { object, .. } => fields_of(object.as_str()).is_some(),
        Cell::Field { object, field, .. } => fields_of(object.as_str())
            .is_some_and(|fields| fields.iter().any(|key| *field == **key)),
        Cell::Permission { permission } => {
            let mut known = world.permissions.iter();
            known.any(|it| *permission == *it.key)
        }
        Cell::Baseline { .. } | Cell::AllAccess { .. } => false,
    }
}

/// The states before and after some changes, and who can be asked about in both.
struct Compared {
    /// With a member of its own for each role and each choice of groups, under the same name in both.
    before: Answers,
    /// The same with the schema of after, for what is new.
    before_in_new: Answers,
    after: Answers,
    everybody: Vec<Who>,
}

impl Compared {
    /// `kept` are the roles that were there all the time, by their names before and after.
    fn new(before: &Model, after: &Model, kept: &[(String, String)]) -> Self {
        let mut compared = Self {
            before: Answers::of(before),
            before_in_new: Answers::of(after),
            after: Answers::of(after),
            everybody: before.everybody(),
        };
        compared.everybody.extend(after.everybody());
        let index = |model: &Model, name: &str| {
            let position = model.roles.iter().position(|it| it.is.name == name);
            position.unwrap()
        };
        for (position, role) in after.roles.iter().enumerate() {
            let id = format!("~ holds {}", role.is.name);
            if let Some((old, _)) = kept.iter().find(|(_, new)| *new == role.is.name) {
                let old = index(before, old);
                compared.before.world.members.insert(id.clone(), old);
            }
            compared.after.world.members.insert(id.clone(), position);
            compared.everybody.push(who(id));
        }
        for chosen in 0..8 {
            let groups = GROUPS.iter().enumerate();
            let groups: BTreeSet<String> = groups
                .filter(|(position, _)| chosen >> position & 1 == 1)
                .map(|(_, group)| (*group).to_owned())
                .collect();
            let id = format!("~ arrives with {groups:?}");
            let [old, new] = [before, after].map(|model| index(model, &model.role_for(&groups)));
            compared.before.world.members.insert(id.clone(), old);
            compared.after.world.members.insert(id.clone(), new);
            compared.everybody.push(who(id));
        }
        compared.before_in_new.world = World {
            objects: compared.after.world.objects.clone(),
            permissions: compared.after.world.permissions.clone(),
            ..compared.before.world.clone()
        };
        compared
    }

    fn before_for(&self, cell: &Cell) -> &Answers {
        if knows(&self.before.world, cell) {
            &self.before
        } else {
            &self.before_in_new
        }
    }

    /// Each of some cells is one that somebody has now, and the acting one had not.
    fn assert_handed_out(&self, named: &[Cell], more: usize, acting: &Who) {
        let known = cells(&self.after.world);
        assert!(more == 0 || named.len() == rolegate::limits::MAX_CELLS);
        assert!(named.is_sorted() && !named.is_empty());
        for cell in named {
            let (_, may) = known.iter().find(|(it, _)| it == cell).unwrap();
            let before = self.before_for(cell);
            assert!(!may(before, acting), "{acting:?} holds {cell}");
            let mut all = self.everybody.iter();
            assert!(all.any(|who| may(&self.after, who)), "{cell}");
        }
    }

    /// What is gone and the acting one did not hold.
    fn removed(&self, acting: &Who) -> Vec<Cell> {
        cells(&self.before.world)
            .into_iter()
            .filter(|(cell, may)| !knows(&self.after.world, cell) && !may(&self.before, acting))
            .map(|(cell, _)| cell)
            .collect()
    }

    /// What somebody has now who had not, and the acting one had not either.
    fn handed_out(&self, acting: &Who) -> Vec<(Cell, String)> {
        let mut handed_out = Vec::new();
        for (cell, may) in cells(&self.after.world) {
            let before = self.before_for(&cell);
            if may(before, acting) {
                continue;
            }
            for who in &self.everybody {
                if may(&self.after, who) && !may(before, who) {
                    handed_out.push((cell.clone(), format!("{who:?}")));
                }
            }
        }
        handed_out
    }
}

fn compared(before: &Model, after: &Model, changes: &[Change]) -> Compared {
    Compared::new(before, after, &kept(before, changes))
}

fn who(id: String) -> Who {
    Who {
        kind: Kind::Member,
        id,
    }
}

/// What became of the batches.
#[derive(Default)]
struct Tally {
    accepted: u32,
    exceeded: u32,
    other: u32,
}

/// Makes a random world, and lets random principals act in it.
fn act_within_own_access(prelude: &[Vec<u8>], deeds: &[Vec<u8>], tally: &mut Tally) {
    let mut model = dice::office();
    for bytes in prelude {
        let changes = Dice::new(bytes).batch(&model);
        model = model.after_all(&changes).unwrap_or(model);
    }
    model.within_own_access = true;
    // Somebody who may do much and see little.
    let mut clerk = reference::RoleModel::new("Clerk");
    clerk.baseline[0] = true;
    clerk.permissions = (model.permissions.iter())
        .map(|it| it.is.key.clone())
        .filter(|key| key != "export_csv" && key != "trigger_workflows")
        .collect();
    model.roles.push(RoleState {
        is: clerk,
        description: None,
    });
    let zoe = (Kind::Member, "zoe".to_owned());
    model.holders.insert(zoe, Some("Clerk".to_owned()));
    let mut workspace = model.build();
    for bytes in deeds {
        let mut dice = Dice::new(bytes);
        let acting = acting_one(&mut dice, &model);
        let (kind, id) = key_of(&acting);
        let who = Who { kind, id };
        let changes = match dice.roll(2) {
            0 => dice.batch(&model),
            _ => vec![dice.change_that_gives(&model)],
        };
        let before = workspace.clone();
        let done = workspace.acting(&acting).apply_all(changes.clone());
        let unguarded = model.after_all(&changes);
        let world = model.world();
        let is_admin = is_admin(&model, &who);
        match done {
            Ok(events) => {
                let after = unguarded.unwrap();
                for change in &changes {
                    let guard = guard(change);
                    let may = reference::can_use(&world, from_ref(&who), guard);
                    assert!(may || is_admin, "{acting} {change:?}");
                }
                let after_world = after.world();
                let has_roles = |world| reference::can_use(world, from_ref(&who), "roles");
                // An Admin needs no permission, and may remove it from the schema.
                let loses_roles = has_roles(&world) && !has_roles(&after_world);
                assert!(is_admin || !loses_roles, "{changes:?}");
                let own = |model: &Model| model.holders.get(&(who.kind, who.id.clone())).cloned();
                let renamed = own(&model).flatten().and_then(|name| {
                    let kept = kept(&model, &changes);
                    kept.into_iter().find(|(old, _)| *old == name)
                });
                assert_eq!(own(&after).flatten(), renamed.map(|(_, new)| new));
                if is_admin {
                    tally.other += 1;
                } else {
                    let compared = compared(&model, &after, &changes);
                    assert_eq!(compared.handed_out(&who), [], "{acting} {events:?}");
                    assert_eq!(compared.removed(&who), [], "{acting} {events:?}");
                    tally.accepted += 1;
                }
                model = after;
                if !model.within_own_access {
                    model.within_own_access = true;
                    workspace = model.build();
                }
            }
            Err(refused) => {
                assert_eq!(workspace, before);
                match refused.error {
                    ChangeError::ExceedsOwnAccess { cells, more, .. } => {
                        let compared = compared(&model, &unguarded.unwrap(), &changes);
                        compared.assert_handed_out(&cells, more, &who);
                        tally.exceeded += 1;
                    }
                    ChangeError::RemovesBeyondOwnAccess { cells, more, .. } => {
                        let compared = compared(&model, &unguarded.unwrap(), &changes);
                        let removed = compared.removed(&who);
                        assert_eq!(cells.len() + more, removed.len());
                        assert!(cells.iter().all(|cell| removed.contains(cell)));
                        tally.other += 1;
                    }
                    ChangeError::NotPermitted { permission, .. } => {
                        let permission = permission.as_str();
                        assert!(changes.iter().any(|change| guard(change) == permission));
                        let who = from_ref(&who);
                        assert!(!is_admin && !reference::can_use(&world, who, permission));
                        tally.other += 1;
                    }
                    _ => tally.other += 1,
                }
            }
        }
    }
}

/// Mostly one of those who may change roles, else little comes of it.
fn acting_one(dice: &mut Dice<'_>, model: &Model) -> Principal {
    let world = model.world();
    let able: Vec<Who> = (model.everybody().into_iter())
        .filter(|who| !is_admin(model, who) && reference::can_use(&world, from_ref(who), "roles"))
        .collect();
    match dice.roll(4) {
        0 | 1 => Principal::member("zoe"),
        2 if !able.is_empty() => {
            let who = &able[dice.roll(able.len())];
            principal(who.kind, &who.id)
        }
        _ => dice.principal(model),
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn within_own_access_nobody_gains_what_the_acting_principal_had_not(
        prelude in dice::steps(16),
        deeds in dice::steps(24),
    ) {
        act_within_own_access(&prelude, &deeds, &mut Tally::default());
    }
}

#[test]
fn random_deeds_are_accepted_and_refused_in_fair_shares() {
    let mut tally = Tally::default();
    let mut preludes = fixed_steps(16);
    for deeds in fixed_steps(24).take(60) {
        let prelude = preludes.next().unwrap();
        act_within_own_access(&prelude, &deeds, &mut tally);
    }
    let Tally {
        accepted,
        exceeded,
        other,
    } = tally;
    let all = accepted + exceeded + other;
    assert!(accepted * 15 > all, "{accepted} of {all} accepted");
    assert!(exceeded * 15 > all, "{exceeded} of {all} exceeded");
}

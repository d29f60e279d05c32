//! Does every change do what the model says, wholly or not at all?

use std::collections::{BTreeMap, BTreeSet};
use std::slice::from_ref;

use proptest::prelude::{ProptestConfig, proptest};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use rolegate::workspace::GrantPolicy;
use rolegate::{Change, ChangeError, Document, Event, Policy, PrincipalKind, Workspace};

use crate::dice::{self, CHANGES, Dice, GROUPS};
use crate::model::{
    ACTIONS, Answers, FieldModel, Model, ObjectModel, PermissionModel, RoleState, Why,
    drop_field_rule, field_rule, key_of, keys_without_role, mapping, principal,
};
use crate::reference::{self, Class, Kind, Who, World};

/// The name of a reason for refusing.
pub(crate) fn why(error: &ChangeError) -> Why {
    match error {
        ChangeError::Unknown { .. } => "Unknown",
        ChangeError::Taken { .. } => "Taken",
        ChangeError::Invalid(_) => "Invalid",
        ChangeError::InvalidCell(_) => "InvalidCell",
        ChangeError::NothingChanges => "NothingChanges",
        ChangeError::AdminIsFixed(_) => "AdminIsFixed",
        ChangeError::LastAdmin(_) => "LastAdmin",
        ChangeError::DefaultRoleInUse(_) => "DefaultRoleInUse",
        ChangeError::DefaultIsAdmin(_) => "DefaultIsAdmin",
        ChangeError::DefaultNotForMembers(_) => "DefaultNotForMembers",
        ChangeError::MappedRole { .. } => "MappedRole",
        ChangeError::MappedNotForMembers { .. } => "MappedNotForMembers",
        ChangeError::MayNotHold { .. } => "MayNotHold",
        ChangeError::MemberNeedsRole(_) => "MemberNeedsRole",
        ChangeError::Conflict(_) => "Conflict",
        ChangeError::RenamedWhileEditing { .. } => "RenamedWhileEditing",
        ChangeError::RequiredBy { .. } => "RequiredBy",
        ChangeError::BoundTo { .. } => "BoundTo",
        ChangeError::ClassIsFixed(_) => "ClassIsFixed",
        ChangeError::NotPermitted { .. } => "NotPermitted",
        ChangeError::AdminOnly { .. } => "AdminOnly",
        ChangeError::GivesGuard { .. } => "GivesGuard",
        ChangeError::RemovesBeyondOwnAccess { .. } => "RemovesBeyondOwnAccess",
        ChangeError::OwnAssignment(_) => "OwnAssignment",
        ChangeError::OwnRole { .. } => "OwnRole",
        ChangeError::OwnRolesPermission { .. } => "OwnRolesPermission",
        ChangeError::ExceedsOwnAccess { .. } => "ExceedsOwnAccess",
        other => panic!("a new reason: {other:?}"),
    }
}

/// Every reason that does not depend on who acts.
pub(crate) const REASONS: [Why; 19] = [
    "Unknown",
    "Taken",
    "Invalid",
    "InvalidCell",
    "NothingChanges",
    "AdminIsFixed",
    "LastAdmin",
    "DefaultRoleInUse",
    "DefaultIsAdmin",
    "DefaultNotForMembers",
    "MappedRole",
    "MappedNotForMembers",
    "MayNotHold",
    "MemberNeedsRole",
    "Conflict",
    "RenamedWhileEditing",
    "RequiredBy",
    "BoundTo",
    "ClassIsFixed",
];

/// The name of the kind of a change, from its stored form.
pub(crate) fn kind_of(change: &Change) -> String {
    let stored = serde_json::to_value(change).unwrap();
    stored["change"].as_str().unwrap().to_owned()
}

// ---- The walk ----

/// A workspace and its model, side by side.
pub(crate) struct Walk {
    pub(crate) model: Model,
    pub(crate) workspace: Workspace,
    policy: Policy,
    accepted: Vec<Vec<Change>>,
    /// After how many accepted batches everything is checked, which takes longer than the batch.
    every: usize,
}

impl Walk {
    pub(crate) fn start() -> Self {
        Self::checking_every(1)
    }

    pub(crate) fn checking_every(every: usize) -> Self {
        let model = dice::office();
        let workspace = model.build();
        let policy = workspace.compile();
        Self {
            model,
            workspace,
            policy,
            accepted: Vec::new(),
            every,
        }
    }

    /// Applies a batch to both, and compares.
    #[track_caller]
    pub(crate) fn step(&mut self, changes: Vec<Change>) -> Result<(), Why> {
        let before = self.workspace.clone();
        let expected = self.model.after_all(&changes);
        // A single change goes through the door for single changes.
        let done = match changes.as_slice() {
            [change] => (self.workspace.apply(change.clone())).map_err(|error| (None, error)),
            _ => (self.workspace.apply_all(changes.clone()))
                .map_err(|refused| (refused.position, refused.error)),
        };
        match (done, expected) {
            (Err((position, error)), Err((expected, reasons))) => {
                let reason = why(&error);
                assert!(reasons.contains(reason), "{error} {reasons:?} {changes:?}");
                if changes.len() > 1 {
                    assert_eq!(position, expected, "{error} {changes:?}");
                }
                // L24
                assert_eq!(self.workspace, before, "{changes:?}");
                assert_eq!(Model::of(&self.workspace), self.model);
                Err(reason)
            }
            (Ok(events), Ok(after)) => {
                assert_eq!(Model::of(&self.workspace), after, "{changes:?}");
                replay(self.model.clone(), &events, &after);
                assert!(events.len() >= changes.len(), "{events:?}");
                self.model = after;
                self.accepted.push(changes);
                if self.accepted.len() % self.every == 0 {
                    self.check();
                }
                Ok(())
            }
            (Ok(_), Err((_, reasons))) => panic!("not refused for {reasons:?}: {changes:?}"),
            (Err((_, error)), Ok(_)) => panic!("{error}: {changes:?}"),
        }
    }

    /// Applies a batch to a copy in the hands of an acting principal (L27): nothing is done that it may not do, and what is
    /// done is what the batch does by itself.
    #[track_caller]
    pub(crate) fn try_acting(&self, who: &Who, changes: &[Change]) {
        let mut copy = self.workspace.clone();
        let mut acting = copy.acting(&principal(who.kind, &who.id));
        let done = acting.apply_all(changes.to_vec());
        let unguarded = self.model.after_all(changes);
        let is_admin = is_admin(&self.model, who);
        let may = |model: &Model, permission| {
            // An action of that name guards nothing.
            let guard = model.permission(permission);
            let is_setting = guard.is_some_and(|it| it.is.class == Class::Settings);
            let can_use = || reference::can_use(&model.world(), from_ref(who), permission);
            is_admin || (is_setting && can_use())
        };
        match done {
            Ok(events) => {
                let after = unguarded.unwrap();
                assert_eq!(Model::of(&copy), after, "{changes:?}");
                replay(self.model.clone(), &events, &after);
                for change in changes {
                    assert!(may(&self.model, guard(change)), "{who:?} {change:?}");
                }
                let keeps_roles = !may(&self.model, "roles") || may(&after, "roles");
                assert!(keeps_roles, "{who:?} {changes:?}");
                // The role that it had, under whatever name.
                let place = (who.kind, who.id.clone());
                let own = |model: &Model| model.holders.get(&place).cloned().flatten();
                let kept = kept(&self.model, changes).into_iter();
                let mut kept = kept.filter(|(old, _)| Some(old) == own(&self.model).as_ref());
                assert_eq!(own(&after), kept.next().map(|(_, new)| new), "{changes:?}");
            }
            Err(refused) => {
                assert_eq!(copy, self.workspace, "{changes:?}");
                if let ChangeError::NotPermitted { permission, .. } = &refused.error {
                    let is_guard = |change| guard(change) == permission.as_str();
                    assert!(changes.iter().any(is_guard), "{changes:?}");
                    assert!(!may(&self.model, permission.as_str()), "{who:?}");
                }
                let is_own_fault = REASONS.contains(&why(&refused.error));
                assert!(!is_own_fault || unguarded.is_err(), "{changes:?}");
            }
        }
    }

    /// What holds of every workspace.
    pub(crate) fn check(&mut self) {
        let world = self.model.world();
        assert_eq!(reference::valid(&world), [""; 0]);
        assert!(self.model.broken_laws().is_empty());
        views_agree(&self.workspace, &self.model);
        // L26: both gates let in the same.
        let stored = Document::from(&self.workspace);
        let loaded = Workspace::try_from(stored).unwrap();
        assert_eq!(loaded, self.workspace);
        assert_eq!(Model::of(&loaded), self.model);
        assert_eq!(self.model.build(), self.workspace);
        // Every answer.
        let expected = expected_answers(&Answers::of(&self.model));
        self.policy = self.workspace.recompile(&self.policy);
        for policy in [&self.policy, &self.workspace.compile()] {
            assert_eq!(policy.revision(), self.workspace.revision());
            assert_eq!(answers(policy, &world), expected);
        }
    }

    /// L25: the same changes come to the same.
    pub(crate) fn replay(&self) {
        let mut again = dice::office().build();
        for changes in &self.accepted {
            again.apply_all(changes.clone()).unwrap();
        }
        assert_eq!(again, self.workspace);
        assert_eq!(Model::of(&again), self.model);
    }
}

/// Everybody that there is, and of each kind one that there is not.
pub(crate) fn asking(world: &World) -> Vec<Who> {
    let who = |kind| {
        move |id: &String| Who {
            kind,
            id: id.clone(),
        }
    };
    let nobody = "nobody".to_owned();
    let mut asking = Vec::new();
    asking.extend(world.members.keys().chain([&nobody]).map(who(Kind::Member)));
    asking.extend(
        world
            .api_keys
            .keys()
            .chain([&nobody])
            .map(who(Kind::ApiKey)),
    );
    asking.extend(world.agents.keys().chain([&nobody]).map(who(Kind::Agent)));
    asking
}

/// Each object with what can be asked of it: the record, its fields, and a field that it has not.
pub(crate) fn targets(world: &World) -> Vec<(&str, Option<&str>)> {
    let mut targets = vec![("nothing", None), ("nothing", Some("name"))];
    for (object, fields) in &world.objects {
        let fields = fields.iter().map(|field| Some(field.as_str()));
        let all = [None, Some("nothing")].into_iter().chain(fields);
        targets.extend(all.map(|field| (object.as_str(), field)));
    }
    targets
}

pub(crate) fn permissions(world: &World) -> impl Iterator<Item = &str> {
    let known = world.permissions.iter().map(|it| it.key.as_str());
    known.chain(["nothing"])
}

pub(crate) fn expected_answers(of: &Answers) -> Vec<bool> {
    let mut answers = Vec::new();
    for who in asking(&of.world) {
        for (object, field) in targets(&of.world) {
            answers.extend(ACTIONS.map(|(action, _)| of.can(&who, action, object, field)));
        }
        answers.extend(permissions(&of.world).map(|key| of.can_use(&who, key)));
    }
    answers
}

pub(crate) fn answers(policy: &Policy, world: &World) -> Vec<bool> {
    let mut answers = Vec::new();
    for who in asking(world) {
        let access = policy.access(&principal(who.kind, &who.id));
        for (object, field) in targets(world) {
            answers.extend(ACTIONS.map(|(_, action)| access.can(action, object, field)));
        }
        answers.extend(permissions(world).map(|key| access.can_use(key)));
    }
    answers
}

/// What a settings page shows.
fn views_agree(workspace: &Workspace, model: &Model) {
    let name = |who: &rolegate::Principal| {
        let (kind, id) = key_of(who);
        Who { kind, id }
    };
    for (summary, role) in workspace.role_summaries().zip(&model.roles) {
        let holders = model.holders_of(&role.is.name);
        let count = |kind| holders.iter().filter(|who| who.kind == kind).count();
        assert_eq!(summary.role.name(), role.is.name.as_str());
        assert_eq!(summary.is_default, role.is.name == model.default_role);
        assert_eq!(summary.holders.members, count(Kind::Member));
        assert_eq!(summary.holders.api_keys, count(Kind::ApiKey));
        assert_eq!(summary.holders.agents, count(Kind::Agent));
        assert_eq!(summary.holders.total(), holders.len());
        let shown = workspace.holders_of(&role.is.name);
        assert_eq!(shown.iter().map(name).collect::<Vec<_>>(), holders);
    }
    assert_eq!(workspace.role_summaries().count(), model.roles.len());
    assert_eq!(workspace.holders_of("nothing"), []);
    for (kind, of) in PrincipalKind::ALL
        .into_iter()
        .zip([Kind::Member, Kind::ApiKey, Kind::Agent])
    {
        let assignable = workspace
            .assignable_to(kind)
            .map(|role| role.name().as_str());
        let expected = model.roles.iter().filter(|it| it.is.held_by.contains(&of));
        assert!(assignable.eq(expected.map(|it| it.is.name.as_str())));
    }
    for chosen in 0..8 {
        let groups = GROUPS.iter().enumerate();
        let groups: BTreeSet<String> = groups
            .filter(|(position, _)| chosen >> position & 1 == 1)
            .map(|(_, group)| (*group).to_owned())
            .collect();
        let role = workspace.role_for_groups(&groups).unwrap();
        assert_eq!(role.name().as_str(), model.role_for(&groups));
    }
}

// ---- Acting principals ----

/// L27, told naively: what the acting principal must have for a change.
pub(crate) fn guard(change: &Change) -> &'static str {
    let stored = serde_json::to_value(change).unwrap();
    let kind = stored["change"].as_str().unwrap();
    let of = stored["principal"].as_str().unwrap_or("member");
    match kind {
        "add_principal" | "remove_principal" if of.starts_with("api_key") => "api_keys",
        "add_principal" | "remove_principal" if of.starts_with("agent") => "workspace",
        "add_principal" | "remove_principal" | "join" => "workspace_members",
        "set_group_mappings" | "set_keys_without_role" | "set_grant_policy" => "security",
        _ if kind.contains("role") || kind == "set_effect" || kind == "set_holder_kinds" => "roles",
        _ => "data_model",
    }
}

pub(crate) fn is_admin(model: &Model, who: &Who) -> bool {
    let role = model.holders.get(&(who.kind, who.id.clone()));
    role.is_some_and(|role| role.as_ref() == Some(&model.admin().is.name))
}

/// The roles that are there before and after and all the time between, by both names.
pub(crate) fn kept(before: &Model, changes: &[Change]) -> Vec<(String, String)> {
    let names = before.roles.iter().map(|role| role.is.name.clone());
    let mut kept: Vec<(String, String)> = names.map(|name| (name.clone(), name)).collect();
    for change in changes {
        match change {
            Change::DeleteRole { role } => kept.retain(|(_, now)| *role != **now),
            Change::RenameRole { role, to } => {
                if let Some((_, now)) = kept.iter_mut().find(|(_, now)| *role == **now) {
                    *now = to.to_string();
                }
            }
            _ => {}
        }
    }
    kept
}

// ---- Events ----

/// L25: what events say leads from the state before to the state after, and each `from` is what was there.
pub(crate) fn replay(mut model: Model, events: &[Event], after: &Model) {
    for event in events {
        happen(&mut model, event);
    }
    model.revision = after.revision;
    assert_eq!(model, *after, "{events:?}");
}

fn happen(model: &mut Model, event: &Event) {
    let named = |name: &Option<rolegate::RoleName>| name.as_ref().map(ToString::to_string);
    match event {
        Event::RoleCreated { role } => model.roles.push(RoleState::of(role)),
        Event::RoleRenamed { from, to } => {
            assert!(model.role(from.as_str()).is_some());
            model.rename(from.as_str(), to.as_str());
        }
        Event::RoleChanged { from, to } => {
            assert_eq!(from.name(), to.name());
            model.edit(from.name().as_str(), |role| {
                assert_eq!(*role, RoleState::of(from));
                *role = RoleState::of(to);
            });
        }
        Event::RoleDeleted { role } => {
            let old = model.role(role.name().as_str());
            assert_eq!(old, Some(&RoleState::of(role)));
            assert_eq!(model.holders_of(role.name().as_str()), []);
            model.roles.retain(|it| *role.name() != *it.is.name);
        }
        Event::RoleAssigned {
            principal,
            from,
            to,
        } => {
            let old = model.holders.insert(key_of(principal), named(to));
            assert_eq!(old, Some(named(from)));
            assert_ne!(from, to);
        }
        Event::DefaultRoleChanged { from, to } => {
            assert_eq!(*from, *model.default_role);
            model.default_role = to.to_string();
        }
        Event::PrincipalAdded {
            principal,
            role,
            group,
        } => {
            let old = model.holders.insert(key_of(principal), named(role));
            assert_eq!(old, None);
            if let Some(group) = group {
                let groups = BTreeSet::from([group.clone()]);
                assert_eq!(named(role), Some(model.role_for(&groups)));
            }
        }
        Event::PrincipalRemoved { principal, role } => {
            let old = model.holders.remove(&key_of(principal));
            assert_eq!(old, Some(named(role)));
        }
        Event::GroupMappingsChanged { from, to } => {
            assert_eq!(from.iter().map(mapping).collect::<Vec<_>>(), model.mappings);
            model.mappings = to.iter().map(mapping).collect();
        }
        Event::KeysWithoutRoleChanged { from, to } => {
            assert_eq!(keys_without_role(*from), model.keys_without_role);
            model.keys_without_role = keys_without_role(*to);
        }
        Event::GrantPolicyChanged { from, to } => {
            let is_within = |policy: &GrantPolicy| *policy == GrantPolicy::WithinOwnAccess;
            assert_eq!(is_within(from), model.within_own_access);
            model.within_own_access = is_within(to);
        }
        Event::ObjectRuleDropped { role, object, rule } => {
            model.edit(role.as_str(), |state| {
                let dropped = state.is.objects.remove(object.as_str()).unwrap();
                let said = rolegate::Role::new("").rule("it", rule.clone());
                assert_eq!(RoleState::of(&said).is.objects["it"], dropped);
            });
        }
        Event::FieldRuleDropped {
            role,
            object,
            field,
            rule,
        } => model.edit(role.as_str(), |state| {
            let dropped = state.is.objects[object.as_str()].fields[field.as_str()];
            assert_eq!(field_rule(*rule), dropped);
            drop_field_rule(&mut state.is, object.as_str(), field.as_str());
        }),
        Event::GrantDropped { role, permission } => model.edit(role.as_str(), |state| {
            assert!(state.is.permissions.remove(permission.as_str()));
        }),
        _ => happen_in_schema(model, event),
    }
}

fn happen_in_schema(model: &mut Model, event: &Event) {
    match event {
        Event::ObjectAdded { object } => model.objects.push(ObjectModel::of(object)),
        Event::ObjectLabelled { object, from, to } => {
            let known = |it: &&mut ObjectModel| *object == *it.key;
            let object = model.objects.iter_mut().find(known).unwrap();
            assert_eq!(object.label, *from);
            object.label.clone_from(to);
        }
        Event::ObjectRemoved { object } => {
            let key = object.key().as_str();
            assert_eq!(model.object(key), Some(&ObjectModel::of(object)));
            model.objects.retain(|it| it.key != key);
        }
        Event::FieldAdded { object, field } => {
            model.fields(object.as_str()).push(FieldModel::of(field));
        }
        Event::FieldChanged { object, from, to } => {
            let from = FieldModel::of(from);
            let fields = model.fields(object.as_str());
            let field = fields.iter_mut().find(|it| it.key == from.key).unwrap();
            assert_eq!(*field, from);
            *field = FieldModel::of(to);
        }
        Event::FieldRemoved { object, field } => {
            let field = FieldModel::of(field);
            assert_eq!(model.field(object.as_str(), &field.key), Some(&field));
            model.fields(object.as_str()).retain(|it| *it != field);
        }
        Event::PermissionAdded { permission } => {
            model.permissions.push(PermissionModel::of(permission));
        }
        Event::PermissionChanged { from, to } => {
            let from = PermissionModel::of(from);
            let known = |it: &&mut PermissionModel| it.is.key == from.is.key;
            let permission = model.permissions.iter_mut().find(known).unwrap();
            assert_eq!(*permission, from);
            *permission = PermissionModel::of(to);
        }
        Event::PermissionRemoved { permission } => {
            let old = PermissionModel::of(permission);
            assert_eq!(model.permission(&old.is.key), Some(&old));
            model.permissions.retain(|it| *it != old);
        }
        other => panic!("a new event: {other:?}"),
    }
}

// ---- Properties ----

/// The same for every property here: no files are written.
pub(crate) fn cases(count: u32) -> ProptestConfig {
    ProptestConfig {
        cases: count,
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn every_sequence_of_changes_does_what_the_model_says(steps in dice::steps(40)) {
        let mut walk = Walk::start();
        for bytes in steps {
            let changes = Dice::new(&bytes).batch(&walk.model);
            let _ = walk.step(changes);
        }
        walk.replay();
    }
}

/// Random bytes that are the same in every run.
pub(crate) fn fixed_steps(most: usize) -> impl Iterator<Item = Vec<Vec<u8>>> {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(cases(1), rng);
    let steps = dice::steps(most);
    std::iter::from_fn(move || Some(steps.new_tree(&mut runner).unwrap().current()))
}

#[test]
fn every_kind_of_change_is_both_accepted_and_refused_in_fair_shares() {
    let mut shares: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    let mut reasons: BTreeMap<Why, u32> = REASONS.map(|why| (why, 0)).into();
    let mut batches = (0, 0);
    for steps in fixed_steps(40).take(800) {
        let mut model = dice::office();
        for bytes in steps {
            let changes = Dice::new(&bytes).batch(&model);
            let after = model.after_all(&changes);
            if let [change] = changes.as_slice() {
                let (accepted, refused) = shares.entry(kind_of(change)).or_default();
                *if after.is_ok() { accepted } else { refused } += 1;
            } else {
                *if after.is_ok() {
                    &mut batches.0
                } else {
                    &mut batches.1
                } += 1;
            }
            match after {
                Ok(after) => model = after,
                Err((_, why)) => why
                    .into_iter()
                    .for_each(|why| *reasons.get_mut(why).unwrap() += 1),
            }
        }
    }
    assert_eq!(shares.len(), CHANGES);
    for (kind, (accepted, refused)) in &shares {
        let all = accepted + refused;
        assert!(accepted * 10 > all, "{kind}: {accepted} of {all} accepted");
        assert!(refused * 10 > all, "{kind}: {refused} of {all} refused");
    }
    let (accepted, refused) = batches;
    assert!(
        accepted * 10 > refused && refused * 10 > accepted,
        "{batches:?}"
    );
    for (why, count) in &reasons {
        assert!(*count >= 10, "{why}: {count}");
    }
}

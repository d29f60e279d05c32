//! Every public function by its full name: `Type::function`, so that it can be told which are called. The other tests
//! call them as a host does, and say more of what comes of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::hint::black_box;
use std::str::FromStr;

use rolegate::explanation::LinkExplanation;
use rolegate::explanation::{Reason, ReasonKind};
use rolegate::limits::MAX_PATH_FIELDS;
use rolegate::principal::PrincipalKinds;
use rolegate::problem::ProblemKind;
use rolegate::problem::{Problem, UnknownWord};
use rolegate::request::RequestDeniedKind;
use rolegate::request::{
    DenialReason, DeniedPart, FieldNames, Read, ReadVerdict, Usage, Write, WriteKind, WriteVerdict,
};
use rolegate::role::Level;
use rolegate::schema::{PermissionClasses, SchemaBuilder, Writing};
use rolegate::workspace::{BatchError, ChangeErrorKind, InvalidWorkspaceKind};
use rolegate::workspace::{GrantPolicy, HolderCounts, KeysWithoutRole};
use rolegate::*;
use serde_json::json;

use super::{comes_back, is_bounded, is_explained, names, twins};
use crate::data::{crm, place};
use crate::structure::{code, exported, sources};

// ---- Which functions there are ----

/// What is promised to a host: `Type::function` for each public function, and `Type: FromStr` and `Type: Deserialize` for
/// each public type that is read from text. Told from the text of the sources.
#[derive(Default)]
struct Promises {
    found: BTreeSet<String>,
    /// What each macro promises of its `$type`, or with its `$function` of the type where it is called.
    macros: BTreeMap<String, Vec<String>>,
    /// The calls of macros: in which type, of which macro, with which names.
    calls: Vec<(String, String, Vec<String>)>,
}

impl Promises {
    fn of_the_crate() -> BTreeSet<String> {
        let mut promises = Self::default();
        for path in sources(&place("src")) {
            let stem = path.file_stem().unwrap().to_str().unwrap();
            promises.read(stem, &code(&path));
        }
        promises.expand();
        let mut public = exported();
        public.extend(["sample".to_owned()]);
        let is_public = |promise: &String| public.contains(&first_word(promise));
        promises.found.into_iter().filter(is_public).collect()
    }

    /// Reads a file; a function outside a block is one of the module.
    fn read(&mut self, module: &str, code: &str) {
        let lines: Vec<&str> = code.lines().collect();
        let (mut owner, mut in_macro) = (module.to_owned(), None);
        for (at, line) in lines.iter().enumerate() {
            let start = line.trim_start();
            if line.starts_with('}') {
                (owner, in_macro) = (module.to_owned(), None);
            } else if let Some(name) = start.strip_prefix("macro_rules! ") {
                in_macro = Some(first_word(name));
            } else if let Some(header) = start.strip_prefix("impl") {
                let (of, trait_name) = implemented(header);
                match trait_name {
                    None => owner = of,
                    Some(name) if ["FromStr", "Deserialize"].contains(&name.as_str()) => {
                        self.promise(in_macro.as_deref(), format!("{of}: {name}"));
                    }
                    Some(_) => {}
                }
            } else if let Some(function) = public_function(start) {
                self.promise(in_macro.as_deref(), format!("{owner}::{function}"));
            } else if let Some((name, arguments)) = start.split_once('!') {
                let depth = |line: &str| line.len() - line.trim_start().len();
                let inside = lines[at + 1..].iter();
                let inside = inside.take_while(|it| it.is_empty() || depth(it) > depth(line));
                let body = inside.fold(arguments.to_owned(), |body, line| body + "\n" + line);
                let names = body.split(';').map(first_word);
                let names = names.filter(|name| !name.is_empty()).collect();
                self.calls.push((owner.clone(), name.to_owned(), names));
            }
        }
        for derived in code.split("#[derive(").skip(1) {
            let (traits, item) = derived.split_once(")]").unwrap();
            let is_public = |line: &&str| line.starts_with("pub ");
            let head = item.lines().find(is_public).unwrap_or_default();
            let of = head.split_once("struct ").or(head.split_once("enum "));
            if let (true, Some((_, of))) = (traits.contains("Deserialize"), of) {
                self.found
                    .insert(format!("{}: Deserialize", first_word(of)));
            }
        }
    }

    fn promise(&mut self, in_macro: Option<&str>, promise: String) {
        match in_macro {
            Some(name) => self
                .macros
                .entry(name.to_owned())
                .or_default()
                .push(promise),
            None => _ = self.found.insert(promise),
        }
    }

    /// Puts names in the place of what a macro calls `$type` or `$function`.
    fn expand(&mut self) {
        for (owner, of, names) in &self.calls {
            for promise in self.macros.get(of).into_iter().flatten() {
                for name in names {
                    let variable = format!("${}", first_word(promise.split_once('$').unwrap().1));
                    let (start, rest) = promise.split_once(&variable).unwrap();
                    self.found.insert(match start {
                        "" => format!("{name}{rest}"),
                        _ => format!("{owner}::{name}"),
                    });
                }
            }
        }
    }
}

/// The first name in a piece of code; nothing if there is none.
fn first_word(code: &str) -> String {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '$';
    let from = code.trim_start_matches(|letter| !is_part(letter)).chars();
    from.take_while(|letter| is_part(*letter)).collect()
}

/// Of the head of a block, from its generics on: the type, and the trait if it is of one.
fn implemented(header: &str) -> (String, Option<String>) {
    let mut open = 0;
    let start = header.find(|letter| {
        open += i32::from(letter == '<') - i32::from(letter == '>');
        open == 0 && letter != '>'
    });
    let header = &header[start.unwrap_or_default()..];
    match header.split_once(" for ") {
        None => (first_word(header), None),
        Some((name, of)) => {
            let path = name.split('<').next().unwrap();
            let name = path.rsplit("::").next().unwrap();
            (first_word(of), Some(first_word(name)))
        }
    }
}

fn public_function(line: &str) -> Option<String> {
    let (before, after) = line.strip_prefix("pub ")?.split_once("fn ")?;
    let mut before = before.split_whitespace();
    let is_function = before.all(|word| ["const", "async", "unsafe"].contains(&word));
    is_function.then(|| first_word(after))
}

#[test]
fn every_public_function_gets_hostile_input() {
    let mut promised = Promises::of_the_crate();
    // One of each way in which a function comes about.
    for known in [
        "Access::can",
        "ActionSet::with",
        "Field: Deserialize",
        "HolderCounts::of",
        "Level: FromStr",
        "ObjectKey::as_str",
        "Principal: FromStr",
        "Read::select",
        "Revision: Deserialize",
        "Usage::as_str",
        "Write::returning",
        "Write: Deserialize",
        "sample::workspace",
    ] {
        assert!(promised.contains(known), "{known}");
    }
    let own = ["tests/hostile.rs", "tests/hostile/named.rs"].map(|path| code(&place(path)));
    let own = own.join("\n");
    let names = |needle: &str| {
        own.match_indices(needle).any(|(at, _)| {
            let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
            let (before, after) = (&own[..at], &own[at + needle.len()..]);
            !before.ends_with(is_part) && !after.starts_with(is_part) && !before.ends_with('"')
        })
    };
    promised.retain(|promise| match promise.split_once(": ") {
        None => !names(promise),
        Some((of, "FromStr")) => !names(&format!("parse::<{of}")),
        Some((of, _)) => !["read::<", "from_str::<"]
            .iter()
            .any(|it| names(&format!("{it}{of}"))),
    });
    assert_eq!(promised, BTreeSet::new(), "call these here by these names");
}

// ---- Words, names and sets ----

/// A word is read as what it is the word of, and nothing else is.
fn parse<T: FromStr<Err = UnknownWord> + Copy + PartialEq + Debug>(
    all: &[T],
    as_str: fn(T) -> &'static str,
    name: &str,
) {
    // `admin` is a hostile name for a role, and the word of a reason.
    if !all.iter().any(|item| as_str(*item) == name) {
        is_bounded(&name.parse::<T>().unwrap_err());
    }
    for item in all {
        let word = as_str(*item);
        assert_eq!(word.parse::<T>().unwrap(), *item);
        for other in [
            word.to_uppercase(),
            format!("{word} "),
            format!("{word}{name}x"),
        ] {
            assert!(other.parse::<T>().is_err(), "{other:.40}");
        }
    }
}

/// A name that is read with checks is the name that is made without, or an error that can be shown.
#[track_caller]
fn checked<T>(name: &str, read: Result<T, impl std::error::Error>)
where
    T: for<'a> From<&'a str> + PartialEq + Debug,
{
    match read {
        Ok(read) => assert_eq!(read, T::from(name)),
        Err(error) => is_bounded(&error),
    }
}

#[test]
fn words_are_read_only_as_they_are_written() {
    for name in names() {
        let name = name.as_str();
        parse::<Action>(&Action::ALL, Action::as_str, name);
        parse::<Effect>(&Effect::ALL, Effect::as_str, name);
        parse::<GrantPolicy>(&GrantPolicy::ALL, GrantPolicy::as_str, name);
        parse::<KeysWithoutRole>(&KeysWithoutRole::ALL, KeysWithoutRole::as_str, name);
        parse::<Level>(&Level::ALL, Level::as_str, name);
        parse::<PermissionClass>(&PermissionClass::ALL, PermissionClass::as_str, name);
        parse::<PrincipalKind>(&PrincipalKind::ALL, PrincipalKind::as_str, name);
        parse::<ChangeErrorKind>(&ChangeErrorKind::ALL, ChangeErrorKind::as_str, name);
        parse::<InvalidWorkspaceKind>(
            &InvalidWorkspaceKind::ALL,
            InvalidWorkspaceKind::as_str,
            name,
        );
        parse::<ReasonKind>(&ReasonKind::ALL, ReasonKind::as_str, name);
        parse::<RequestDeniedKind>(&RequestDeniedKind::ALL, RequestDeniedKind::as_str, name);
        parse::<Usage>(&Usage::ALL, Usage::as_str, name);
        parse::<WriteKind>(&WriteKind::ALL, WriteKind::as_str, name);
        parse::<Writing>(&Writing::ALL, Writing::as_str, name);
        assert_eq!(ObjectKey::as_str(&name.into()), name);
        assert_eq!(FieldKey::as_str(&name.into()), name);
        assert_eq!(PermissionKey::as_str(&name.into()), name);
        assert!(RoleName::as_str(&name.into()).len() <= name.len());
        checked::<ObjectKey>(name, name.parse::<ObjectKey>());
        checked::<FieldKey>(name, name.parse::<FieldKey>());
        checked::<PermissionKey>(name, name.parse::<PermissionKey>());
        checked::<RoleName>(name, name.parse::<RoleName>());
        let who = Principal::agent(name);
        let text = format!("agent:{name}");
        match Principal::try_from(text.as_str()) {
            Ok(read) => assert_eq!((&read, Principal::try_from(text)), (&who, Ok(who.clone()))),
            Err(error) => is_bounded(&error),
        }
        assert_eq!(format!("{who:?}").lines().count(), 1);
        assert_eq!(Principal::id(&who), name);
        assert_eq!(Principal::kind(&who), PrincipalKind::Agent);
    }
}

#[test]
fn sets_hold_what_was_put_in_and_not_taken_out() {
    for action in Action::ALL {
        let set = ActionSet::without(ActionSet::ALL, action);
        assert!(!ActionSet::contains(set, action) && !ActionSet::is_empty(set));
        assert!(ActionSet::iter(set).all(|other| other != action));
        assert_eq!(ActionSet::with(set, action), ActionSet::ALL);
        assert_eq!(ActionSet::without(set, action), set);
        assert_eq!(set | action, ActionSet::ALL);
        assert_eq!(action | set, ActionSet::ALL);
        assert_eq!(ActionSet::from(action) | set, ActionSet::ALL);
        assert!(set.into_iter().eq(set.iter()) && (&set).into_iter().eq(set));
        let mut grown = set;
        grown |= action;
        let mut extended = ActionSet::EMPTY;
        extended.extend(set);
        extended |= ActionSet::from(action);
        assert_eq!((grown, extended), (ActionSet::ALL, ActionSet::ALL));
        for other in Action::ALL {
            let both = ActionSet::EMPTY.with(action).with(other);
            assert_eq!(action | other, both);
            assert_eq!(both.into_iter().count(), 1 + usize::from(action != other));
        }
    }
    assert_eq!(ActionSet::EMPTY.into_iter().next(), None);
    assert_eq!(
        PrincipalKind::Agent | PrincipalKind::Member | PrincipalKind::ApiKey,
        PrincipalKinds::ALL
    );
    assert_eq!(
        PermissionClass::Settings | PermissionClass::Actions,
        PermissionClasses::ALL
    );
    for kind in PrincipalKind::ALL {
        let set = PrincipalKinds::without(PrincipalKinds::ALL, kind);
        assert!(!PrincipalKinds::contains(set, kind) && !PrincipalKinds::is_empty(set));
        assert!(PrincipalKinds::iter(set).all(|other| other != kind));
        assert_eq!(PrincipalKinds::with(set, kind), PrincipalKinds::ALL);
        assert_eq!(PrincipalKinds::without(set, kind), set);
    }
    for class in PermissionClass::ALL {
        let set = PermissionClasses::without(PermissionClasses::ALL, class);
        assert!(!PermissionClasses::contains(set, class) && !PermissionClasses::is_empty(set));
        assert!(PermissionClasses::iter(set).all(|other| other != class));
        assert_eq!(PermissionClasses::with(set, class), PermissionClasses::ALL);
        assert_eq!(PermissionClasses::without(set, class), set);
    }
    for list in [
        r#"["see","see"]"#,
        r#"["See"]"#,
        r#"[["see"]]"#,
        r#"["see",null]"#,
        "{}",
        "1",
    ] {
        assert!(serde_json::from_str::<ActionSet>(list).is_err(), "{list}");
    }
    let mut counts = HolderCounts::default();
    counts.agents = usize::MAX;
    let of = PrincipalKind::ALL.map(|kind| HolderCounts::of(counts, kind));
    assert_eq!(of, [0, 0, usize::MAX]);
    assert_eq!(HolderCounts::total(counts), usize::MAX);
    assert_eq!(Revision::number(Revision::new(u64::MAX)), u64::MAX);
}

// ---- Descriptions ----

#[test]
fn what_is_described_says_what_it_was_told() {
    for name in names() {
        let name = name.as_str();
        schema_about(name);
        let see = FieldRule::set_see(FieldRule::new(), Effect::Deny);
        let by_field = FieldRule::set_edit(see, Effect::Allow);
        assert_eq!(FieldRule::effect(by_field, Action::Edit), Effect::Allow);
        let rule = ObjectRule::field(ObjectRule::new(), name, by_field);
        let rule = ObjectRule::set(rule, Action::Delete, Effect::Inherit);
        let rule = ObjectRule::deny(ObjectRule::allow(rule, Action::Edit), Action::See);
        assert_eq!(ObjectRule::effect(&rule, Action::See), Effect::Deny);
        assert_eq!(ObjectRule::fields(&rule).get(name), Some(&by_field));
        role_about(name, &rule);
    }
    assert_eq!(Permission::documented().len(), 11);
    assert!(sample::workspace().is_ok());
}

fn schema_about(name: &str) {
    let field = Field::with_relation(Field::with_label(Field::new(name), name), name);
    let field = Field::bound_to_action(field, Action::Destroy);
    let field = Field::with_writing(Field::bound_to_permission(field, name), Writing::Free);
    assert_eq!(*Field::key(&field), name);
    assert_eq!(Field::label(&field), Some(name));
    assert_eq!(Field::relation(&field), Some(&name.into()));
    assert!(ActionSet::contains(
        Field::bound_actions(&field),
        Action::Destroy
    ));
    assert!(Field::bound_permissions(&field).contains(name));
    assert_eq!(
        Field::writing(&Field::read_only(field.clone())),
        Writing::ReadOnly
    );
    assert_eq!(
        Field::writing(&Field::system(field.clone())),
        Writing::System
    );
    let object = Object::field(Object::with_label(Object::new(name), name), field.clone());
    assert_eq!(*Object::key(&object), name);
    assert_eq!(Object::label(&object), Some(name));
    assert_eq!(Object::fields(&object).first(), Some(&field));
    let permission = Permission::with_requirement(Permission::action(name), name);
    let permission = Permission::with_label(permission, name);
    assert_eq!(*Permission::key(&permission), name);
    assert_eq!(Permission::class(&permission), PermissionClass::Actions);
    assert_eq!(Permission::label(&permission), Some(name));
    assert!(Permission::requirements(&permission).contains(name));
    let builder = SchemaBuilder::object(Schema::builder(), name, [name]);
    let builder = SchemaBuilder::field(SchemaBuilder::add_object(builder, object), name, field);
    let builder = SchemaBuilder::only_permissions(builder, [permission.clone()]);
    let builder = SchemaBuilder::permission(builder, permission);
    let invalid = SchemaBuilder::build(builder).unwrap_err();
    let problems = InvalidSchema::problems(&invalid);
    assert!(InvalidSchema::count(&invalid) >= problems.len());
    for problem in problems {
        is_bounded(problem);
        is_bounded(Problem::kind(problem));
        assert_eq!(Problem::code(problem), ProblemKind::code(problem.kind()));
        assert!(Problem::path(problem).len() < 8_000);
    }
}

fn role_about(name: &str, rule: &ObjectRule) {
    let role = Role::allow(Role::with_description(Role::new(name), name), Action::Edit);
    let role = Role::rule(role, name, rule.clone());
    let role = Role::grant_all(Role::grant(role, name), PermissionClass::Actions);
    let role = Role::with_holder_kinds(role, [PrincipalKind::Agent]);
    assert_eq!(*Role::name(&role), RoleName::from(name));
    assert_eq!(Role::description(&role), Some(name));
    assert!(!Role::is_admin(&role) && Role::is_admin(&Role::admin(name)));
    assert!(ActionSet::iter(Role::baseline(&role)).eq([Action::Edit]));
    assert_eq!(Role::rules(&role).get(name), Some(rule));
    assert!(Role::permissions(&role).contains(name));
    assert!(PermissionClasses::iter(Role::all_access(&role)).eq([PermissionClass::Actions]));
    assert!(PrincipalKinds::iter(Role::holder_kinds(&role)).eq([PrincipalKind::Agent]));
    let cell = Cell::field(name, name, Action::See);
    assert_eq!(Role::effect(&role, &cell), Effect::Deny);
    let other = Role::set(role.clone(), &cell, Effect::Inherit).unwrap();
    let changes = Role::changes_since(&other, &role);
    assert_eq!(changes.len(), 1);
    changes.iter().for_each(is_bounded);
    // Also about a role that no workspace took.
    for lint in Role::lints(&role, crm().schema()) {
        let text = lint.to_string();
        assert!(!text.is_empty() && !text.chars().any(char::is_control));
    }
    assert_eq!(Role::with_name(role.clone(), "other").name(), &"other");
}

// ---- Workspaces ----

#[test]
fn a_workspace_is_asked_about_and_told_what_is_unknown() {
    let before = crm();
    let schema = Workspace::schema(&before);
    assert_eq!(
        SchemaBuilder::build(Schema::to_builder(schema)).unwrap(),
        *schema
    );
    for name in names() {
        let name = name.as_str();
        let nobody = Principal::member(name);
        black_box((Schema::objects(schema), Schema::permissions(schema)));
        assert_eq!(Schema::object(schema, name), None);
        assert_eq!(Schema::field(schema, "people", name), None);
        assert_eq!(Schema::permission(schema, name), None);
        assert_eq!(Schema::object_id(schema, name), None);
        assert_eq!(Schema::field_id(schema, name, "name"), None);
        assert_eq!(Schema::permission_id(schema, name), None);
        assert!(!Workspace::contains(&before, &nobody));
        assert_eq!(Workspace::role_of(&before, &nobody), None);
        let is_admin = name == "Admin";
        assert_eq!(Workspace::role(&before, name).is_some(), is_admin);
        assert_eq!(Workspace::holders_of(&before, name).is_empty(), !is_admin);
        let groups = BTreeSet::from([name.to_owned()]);
        let default = Workspace::default_role(&before);
        assert_eq!(Workspace::role_for_groups(&before, &groups), default);

        let mut copy = before.clone();
        let change = Change::remove_object(name);
        let refused = Workspace::apply(&mut copy, change.clone()).unwrap_err();
        is_bounded(&refused);
        assert_eq!(
            ChangeError::kind(&refused).as_str(),
            ChangeError::code(&refused)
        );
        let refused = Workspace::apply_all(&mut copy, [change.clone()]).unwrap_err();
        is_bounded(&refused);
        assert_eq!(
            BatchError::kind(&refused).as_str(),
            BatchError::code(&refused)
        );
        let ada = Principal::member("ada");
        assert_eq!(Acting::guard(&change), "data_model");
        let acting = Workspace::acting(&mut copy, &ada);
        let mut acting = Acting::on_behalf_of(acting, &nobody);
        is_bounded(&Acting::apply(&mut acting, change.clone()).unwrap_err());
        is_bounded(&Acting::apply_all(&mut acting, [change]).unwrap_err());
        assert_eq!(copy, before);

        let builder = WorkspaceBuilder::role(Workspace::builder(schema.clone()), Role::admin(name));
        let builder = WorkspaceBuilder::default_role(builder, name);
        let builder = WorkspaceBuilder::member(builder, name, name);
        let builder = WorkspaceBuilder::api_key(builder, name, name);
        let builder = WorkspaceBuilder::agent(builder, name, name);
        let builder = WorkspaceBuilder::principal_without_role(builder, nobody.clone());
        let builder = WorkspaceBuilder::holder(builder, nobody, Some(name.into()));
        let builder = WorkspaceBuilder::group_mapping(builder, GroupMapping::to_admin(name));
        let builder = WorkspaceBuilder::keys_without_role(builder, KeysWithoutRole::Denied);
        let builder = WorkspaceBuilder::grant_policy(builder, GrantPolicy::WithinOwnAccess);
        let builder = WorkspaceBuilder::revision(builder, Revision::new(u64::MAX));
        let invalid = WorkspaceBuilder::build(builder).unwrap_err();
        assert_eq!(
            InvalidWorkspace::kind(&invalid).as_str(),
            InvalidWorkspace::code(&invalid)
        );
        assert!(InvalidWorkspace::count(&invalid) >= InvalidWorkspace::problems(&invalid).len());
    }
    let agent = PrincipalKind::Agent;
    black_box((
        Workspace::keys_without_role(&before),
        Workspace::grant_policy(&before),
    ));
    assert!(!Workspace::principals(&before, agent).is_empty());
    let summaries = Workspace::role_summaries(&before).count();
    assert_eq!(summaries, Workspace::roles(&before).count());
    assert!(Workspace::assignable_to(&before, agent).all(|role| !role.is_admin()));
    assert!(Workspace::admin_role(&before).is_some_and(Role::is_admin));
    assert_eq!(Workspace::group_mappings(&before).len(), 0);
}

/// What is reported of workspaces in which everything may be wrong that is not refused.
#[test]
fn whatever_is_reported_can_be_read() {
    let mut workspace = twins();
    let mut accepted = 0;
    for name in names() {
        let name = name.as_str();
        let hidden = ObjectRule::new()
            .allow(Action::Destroy)
            .field(name, FieldRule::new().set_see(Effect::Allow))
            .field("gone", FieldRule::new());
        let object = Object::new(name).field(name).field("gone");
        let changes = [
            Change::add_object(object),
            Change::create_role(Role::new(format!("role {name}")).rule(name, hidden)),
            Change::add(Principal::api_key(name)),
            Change::set_keys_without_role(KeysWithoutRole::Denied),
            Change::set_keys_without_role(KeysWithoutRole::DefaultRole),
            Change::set_grant_policy(GrantPolicy::WithinOwnAccess),
            Change::set_grant_policy(GrantPolicy::Anything),
        ];
        for change in changes {
            match Workspace::apply(&mut workspace, change) {
                Ok(events) => {
                    events.iter().for_each(is_bounded);
                    accepted += 1;
                }
                Err(error) => is_bounded(&error),
            }
        }
    }
    assert!(accepted > 200, "{accepted}");
    let lints = Workspace::lints(&workspace);
    assert!(lints.len() > 100, "{}", lints.len());
    for lint in &lints {
        is_bounded(lint);
        assert_eq!(comes_back(lint), *lint);
    }
    let policy = Workspace::compile(&workspace);
    let later = Workspace::recompile(&workspace, &crm().compile());
    assert_eq!(Policy::revision(&policy), Policy::revision(&later));
    assert_eq!(Policy::schema(&policy), workspace.schema());
    assert_eq!(Workspace::revision(&workspace), policy.revision());
}

// ---- Questions ----

#[test]
fn what_is_asked_of_unknown_names_is_denied() {
    let policy = crm().compile();
    let people = Policy::object(&policy, "people").unwrap();
    let everything = ObjectId::record(people);
    assert_eq!(FieldId::object(everything), people);
    let other = twins().compile();
    for name in names() {
        let name = name.as_str();
        let nobody = Principal::api_key(name);
        assert!(!Policy::can(
            &policy,
            &nobody,
            Action::See,
            people,
            everything
        ));
        assert_eq!(Policy::object(&policy, name), None);
        assert_eq!(Policy::field(&policy, name, name), None);
        assert_eq!(Policy::permission(&policy, name), None);
        let shared = std::sync::Arc::new(policy.clone());
        let owned = Policy::owned_access(&shared, &Principal::member(name));
        assert!(!owned.can(Action::See, name, name) && !owned.can_use(name));
        let access = Policy::access(&policy, &Principal::member("ada"));
        assert!(Access::can(&access, Action::Destroy, people, everything));
        assert!(!Access::can(&access, Action::See, name, everything));
        assert!(!Access::can(&access, Action::See, people, name));
        // A handle of another workspace's records, or for another object.
        let strange = Policy::object(&other, "people").unwrap();
        assert!(!Access::can(
            &access,
            Action::See,
            strange,
            ObjectId::record(strange)
        ));
        assert!(!Access::can(&access, Action::See, "companies", everything));
        let fields = Access::fields(&access, Action::See, name);
        assert!(FieldSet::is_empty(&fields) && !FieldSet::contains(&fields, name));
        assert_eq!(
            (FieldSet::len(&fields), FieldSet::iter(&fields).count()),
            (0, 0)
        );
        assert!(FieldSet::words(&fields).all(|word| word == 0));
        assert!(!Access::can_use(&access, name));
        let denied = Access::require(&access, Action::See, people, name).unwrap_err();
        let why = Access::explain(&access, Action::See, people, name);
        assert_eq!(*Denied::explanation(&denied), why);
        assert_eq!(Denied::kind(&denied), Reason::kind(why.reason()));
        assert_eq!(Denied::code(&denied), Denied::kind(&denied).as_str());
        explanation_of(&why);
        explanation_of(
            Access::require_use(&access, name)
                .unwrap_err()
                .explanation(),
        );
        explanation_of(&Access::explain_use(&access, name));
        requests_of(&access, name);
        let both = Access::on_behalf_of(access, &nobody);
        assert_eq!(Access::principals(&both).count(), 2);
        assert!(std::ptr::eq(Access::policy(&both), &raw const policy));
        explanation_of(&both.explain(Action::See, "people", None));
    }
}

fn explanation_of(why: &Explanation) {
    is_explained(why);
    assert!(!Explanation::is_allowed(why));
    let link = Explanation::deciding_link(why);
    assert_eq!(Explanation::reason(why), LinkExplanation::reason(link));
    assert!(Explanation::links(why).any(|it| it == link));
    is_bounded(&Explanation::sentence(why));
    Explanation::remedies(why).iter().for_each(is_bounded);
    let record = Explanation::record(why, u64::MAX);
    assert_eq!(record.question, *Explanation::question(why));
    assert_eq!(record.revision, Explanation::revision(why));
    assert_eq!(comes_back(&record), record);
    assert!(!LinkExplanation::is_allowed(link));
    let cited = LinkExplanation::cited(link).count();
    assert!(cited <= LinkExplanation::levels(link).len());
    black_box((
        LinkExplanation::principal(link),
        LinkExplanation::role(link),
        LinkExplanation::is_by_default(link),
        LinkExplanation::grants(link),
        LinkExplanation::bound(link),
    ));
}

fn requests_of(access: &Access<'_>, name: &str) {
    let path = [name; 1 + MAX_PATH_FIELDS].join(".");
    let read = Read::exporting(Read::select(Read::new("people"), [name]));
    let read = Read::sort(Read::filter(read, [name, name]), [&path]);
    let read = Read::aggregate(Read::group(read, [&path]), [name]);
    let read = Read::search(read, [name]);
    assert_eq!(Read::object(&read), "people");
    assert!(Read::is_export(&read) && Read::selected(&read).eq([name]));
    assert!(Read::filtered(&read).eq([name, name]) && Read::sorted(&read).eq([&path]));
    assert!(Read::grouped(&read).eq([&path]) && Read::aggregated(&read).eq([name]));
    assert!(Read::searched(&read).eq([name]));
    assert_eq!(Read::into_owned(read.clone()), read);
    let verdict = Access::check_read(access, &read);
    assert!(!ReadVerdict::is_allowed(&verdict));
    assert!(ReadVerdict::answers(&verdict).any(|answer| !answer.is_allowed));
    assert!(ReadVerdict::denials(&verdict).count() > 0);
    assert!(ReadVerdict::trimmed_select(&verdict).is_err());
    assert!(ReadVerdict::into_trimmed_select(verdict.clone()).is_err());
    denied_as_listed(&ReadVerdict::require(&verdict).unwrap_err());

    let write = Write::importing(Write::new(WriteKind::Upsert, "people"));
    let write = Write::returning(Write::fields(write, [name, name]), [&path]);
    assert_eq!(Write::kind(&write), WriteKind::Upsert);
    assert_eq!(Write::object(&write), "people");
    assert!(Write::is_import(&write) && Write::written(&write).eq([name, name]));
    assert!(Write::returned(&write).eq([&path]));
    assert_eq!(Write::into_owned(write.clone()), write);
    let verdict = Access::check_write(access, &write);
    assert!(!WriteVerdict::is_allowed(&verdict));
    assert!(WriteVerdict::answers(&verdict).any(|answer| !answer.is_allowed));
    assert!(WriteVerdict::denials(&verdict).count() > 0);
    assert!(WriteVerdict::kept_fields(&verdict).is_err());
    assert!(WriteVerdict::into_kept_fields(verdict.clone()).is_err());
    denied_as_listed(&WriteVerdict::require(&verdict).unwrap_err());

    assert!(!Access::check_patch(access, name, [name]).is_allowed());
    let record = json!({ name: "secret", "nested": { name: [name] } });
    let keys = FieldNames::of(&record).unwrap();
    assert_eq!(FieldNames::iter(&keys).count(), 2);
    let shown = Access::visible(access, "people", &record);
    assert_eq!(serde_json::to_string(&shown).unwrap(), "{}");
}

fn denied_as_listed(denied: &RequestDenied) {
    assert_eq!(
        RequestDenied::kind(denied).as_str(),
        RequestDenied::code(denied)
    );
    assert!(denied.to_string().len() < 8_000 * denied.denials().len());
    for denial in RequestDenied::denials(denied) {
        is_bounded(denial);
        black_box((DeniedPart::name(denial), DeniedPart::usage(denial)));
        let is_explained = matches!(DeniedPart::reason(denial), DenialReason::Denied(_));
        assert_eq!(DeniedPart::explanation(denial).is_some(), is_explained);
        assert_eq!(comes_back(denial), *denial);
    }
}

// ---- Drafts ----

#[test]
fn a_draft_about_unknown_names_is_edited_and_not_saved() {
    let workspace = crm();
    let schema = workspace.schema();
    for name in names() {
        let name = name.as_str();
        let mut draft = Draft::new(name);
        assert!(Draft::open(&workspace, name).is_err());
        let cell = Cell::object(name, Action::See);
        Draft::set(&mut draft, &cell, Effect::Allow).unwrap();
        Draft::turn_off(&mut draft, &cell, schema).unwrap();
        Draft::turn_on(&mut draft, &cell, schema).unwrap();
        assert!(!Draft::cell(&draft, &cell, schema).is_allowed);
        assert!(Draft::can_undo(&draft) && !Draft::can_redo(&draft));
        let edited = draft.clone();
        Draft::undo(&mut draft);
        assert_ne!(draft, edited);
        Draft::redo(&mut draft);
        assert_eq!(draft, edited);
        assert!(Draft::is_dirty(&draft) && Draft::saved(&draft).is_none());
        Draft::changes(&draft).iter().for_each(is_bounded);
        Draft::problems(&draft, schema).iter().for_each(is_bounded);
        // The cells of what there is, and those in which something is set that there is not.
        let known = Draft::cells(&Draft::new("other"), schema).len();
        assert!(Draft::cells(&draft, schema).len() >= known);
        assert!(Draft::preview(&draft, schema).lost.is_empty());
        assert!(workspace.clone().apply(Draft::to_change(&draft)).is_err());
        is_bounded(&Draft::rebase(&mut draft, &workspace).unwrap_err());
        Draft::revert(&mut draft, &cell).unwrap();
        Draft::remove_field_rule(&mut draft, name, name);
        Draft::remove_object_rule(&mut draft, name);
        assert!(Draft::role(&draft).rules().is_empty());
        Draft::mark_saved(&mut draft);
        assert!(!Draft::is_dirty(&draft));
    }
}

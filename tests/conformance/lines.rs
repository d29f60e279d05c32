//! What does a line of the file look like? Workspaces, questions and answers as JSON, answered by the reference.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::reference::{
    self, Action, Class, Closed, Effect, FieldRuleModel, Guard, KeysWithoutRole, Kind,
    ObjectRuleModel, Permission, ReadModel, RoleModel, Who, World, WriteKind, WriteModel,
};

/// How a document names roles, where not by the very names that they have (L20).
#[derive(Clone, Copy, Default)]
pub(super) struct Naming<'n> {
    pub(super) default_role: Option<&'n str>,
    /// Further holders, or others in their place, each with what the document says is its role.
    pub(super) holders: &'n [(&'n str, &'n str)],
}

impl Naming<'_> {
    /// What the workspace then is: the reference says which role is meant.
    fn meant(self, mut world: World) -> World {
        if let Some(name) = self.default_role {
            let role = reference::role_named(&world, name);
            world.default_role = role.unwrap_or(world.roles.len());
        }
        for (who, name) in self.holders {
            reference::give(&mut world, &person(who), name);
        }
        world
    }
}

/// The file as far as it is written.
pub(super) struct Lines {
    written: Vec<String>,
    workspaces: usize,
    cases: usize,
    /// The workspace that is asked.
    name: String,
    world: World,
}

impl Lines {
    pub(super) fn new(world: World) -> Self {
        Self {
            written: Vec::new(),
            workspaces: 0,
            cases: 0,
            name: String::new(),
            world,
        }
    }

    /// The whole file; the first line counts the others.
    pub(super) fn text(&self) -> String {
        let head = map([
            ("conformance", "1".to_owned()),
            ("workspaces", self.workspaces.to_string()),
            ("cases", self.cases.to_string()),
        ]);
        let mut text = head + "\n";
        for line in &self.written {
            text.push_str(line);
            text.push('\n');
        }
        text
    }

    /// A workspace, which the cases after it ask.
    #[track_caller]
    pub(super) fn workspace(&mut self, name: &str, about: &str, world: World) {
        self.workspace_naming(name, about, world, Naming::default());
    }

    #[track_caller]
    pub(super) fn workspace_naming(
        &mut self,
        name: &str,
        about: &str,
        world: World,
        naming: Naming<'_>,
    ) {
        let world = naming.meant(world);
        assert_eq!(reference::valid(&world), [""; 0], "{name}");
        self.workspaces += 1;
        self.written.push(map([
            ("workspace", text(name)),
            ("about", text(about)),
            ("document", document(&world, naming)),
        ]));
        name.clone_into(&mut self.name);
        self.world = world;
    }

    /// Whether an action is allowed; no law given means the one that the reason names.
    pub(super) fn can(
        &mut self,
        law: &str,
        chain: &[&str],
        action: Action,
        (object, field): (&str, Option<&str>),
        note: &str,
    ) {
        let chain = people(chain);
        let law = match (law, chain.as_slice()) {
            ("", [who]) => law_of(&self.world, who, action, object, field),
            _ => law,
        };
        let allowed = reference::can(&self.world, &chain, action, object, field);
        let mut question = vec![
            ("action", text(action_word(action))),
            ("object", text(object)),
        ];
        question.extend(field.map(|field| ("field", text(field))));
        let answer = [("allowed", allowed.to_string())];
        self.case(law, &chain, map(question), answer, note);
    }

    pub(super) fn can_use(&mut self, law: &str, chain: &[&str], permission: &str, note: &str) {
        let chain = people(chain);
        let allowed = reference::can_use(&self.world, &chain, permission);
        let question = map([("permission", text(permission))]);
        let answer = [("allowed", allowed.to_string())];
        self.case(law, &chain, question, answer, note);
    }

    /// Which fields of an object an action is allowed on.
    pub(super) fn fields(
        &mut self,
        law: &str,
        chain: &[&str],
        action: Action,
        object: &str,
        note: &str,
    ) {
        let chain = people(chain);
        let fields = reference::fields(&self.world, &chain, action, object);
        let question = map([
            ("fields_to", text(action_word(action))),
            ("object", text(object)),
        ]);
        self.case(law, &chain, question, [("fields", texts(&fields))], note);
    }

    pub(super) fn read(&mut self, law: &str, chain: &[&str], read: &ReadModel, note: &str) {
        let chain = people(chain);
        let allowed = reference::may_read(&self.world, &chain, read);
        let trimmed = reference::may_read_some(&self.world, &chain, read)
            .then(|| texts(reference::visible_select(&self.world, &chain, read)));
        let answer = [
            ("allowed", allowed.to_string()),
            ("trimmed", trimmed.unwrap_or_else(|| "null".to_owned())),
        ];
        let question = map([("read", read_in_question(read))]);
        self.case(law, &chain, question, answer, note);
    }

    pub(super) fn write(&mut self, law: &str, chain: &[&str], write: &WriteModel, note: &str) {
        let chain = people(chain);
        let allowed = reference::may_write(&self.world, &chain, write);
        let kept = reference::kept(&self.world, &chain, write).map(|fields| texts(&fields));
        let answer = [
            ("allowed", allowed.to_string()),
            ("kept", kept.unwrap_or_else(|| "null".to_owned())),
        ];
        let question = map([("write", write_in_question(write))]);
        self.case(law, &chain, question, answer, note);
    }

    /// Whether a document is let in.
    pub(super) fn document(&mut self, law: &str, world: &World, note: &str) {
        self.document_naming(law, world, Naming::default(), note);
    }

    pub(super) fn document_naming(
        &mut self,
        law: &str,
        world: &World,
        naming: Naming<'_>,
        note: &str,
    ) {
        let world = naming.meant(world.clone());
        let broken = reference::valid(&world);
        assert!(
            broken.is_empty() || broken.contains(&law),
            "{law}: {broken:?}"
        );
        self.cases += 1;
        let mut line = vec![("case", self.cases.to_string()), ("law", text(law))];
        line.push(("note", text(note)));
        line.push(("document", document(&world, naming)));
        line.push(("valid", broken.is_empty().to_string()));
        self.written.push(map(line));
    }

    fn case(
        &mut self,
        law: &str,
        chain: &[Who],
        question: String,
        answer: impl IntoIterator<Item = (&'static str, String)>,
        note: &str,
    ) {
        self.cases += 1;
        let chain: Vec<String> = chain.iter().map(principal).collect();
        let mut line = vec![("case", self.cases.to_string()), ("law", text(law))];
        if !note.is_empty() {
            line.push(("note", text(note)));
        }
        line.push(("workspace", text(&self.name)));
        line.push(("chain", texts(&chain)));
        line.push(("question", question));
        line.extend(answer);
        self.written.push(map(line));
    }
}

/// The law that a reason is of.
fn law_of(
    world: &World,
    who: &Who,
    action: Action,
    object: &str,
    field: Option<&str>,
) -> &'static str {
    use crate::reference::Because::{
        Admin, Bound, Decided, FieldsHaveTwoActions, NoRole, ReadOnly, System, UnknownField,
        UnknownObject, UnknownPrincipal,
    };
    match reference::why(world, who, action, object, field) {
        UnknownPrincipal | UnknownObject | UnknownField => "L6",
        NoRole if who.kind == Kind::Agent => "L22",
        NoRole => "L21",
        FieldsHaveTwoActions => "L5",
        ReadOnly | System | Bound => "L37",
        Admin => "L13",
        Decided {
            action: decided, ..
        } if decided != action => "L3",
        Decided { .. } => "L1",
    }
}

/// Principals, each written as its kind, a colon and its id.
fn people(chain: &[&str]) -> Vec<Who> {
    chain.iter().map(|who| person(who)).collect()
}

fn person(text: &str) -> Who {
    let (kind, id) = text.split_once(':').unwrap();
    let kind = match kind {
        "member" => Kind::Member,
        "api_key" => Kind::ApiKey,
        "agent" => Kind::Agent,
        other => panic!("no kind: {other}"),
    };
    Who {
        kind,
        id: id.to_owned(),
    }
}

fn principal(who: &Who) -> String {
    format!("{}:{}", kind_word(who.kind), who.id)
}

// ---- JSON ----

fn map<'k>(entries: impl IntoIterator<Item = (&'k str, String)>) -> String {
    let entries = entries.into_iter();
    let entries = entries.map(|(key, value)| format!("{}: {value}", text(key)));
    format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
}

fn list(items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<String> = items.into_iter().collect();
    format!("[{}]", items.join(", "))
}

fn texts<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    list(items.into_iter().map(|item| text(item.as_ref())))
}

/// Escaped is what people cannot see, and what some take for the end of a line.
fn text(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    let mut escaped = String::new();
    for character in json.chars() {
        let unseen = matches!(character, '\u{7f}' | '\u{180e}' | '\u{200b}' | '\u{feff}');
        if unseen || (character != ' ' && reference::WHITE_SPACE.contains(&character)) {
            write!(escaped, "\\u{:04x}", u32::from(character)).unwrap();
        } else {
            escaped.push(character);
        }
    }
    escaped
}

// ---- Words ----

fn action_word(action: Action) -> &'static str {
    match action {
        Action::See => "see",
        Action::Edit => "edit",
        Action::Delete => "delete",
        Action::Destroy => "destroy",
    }
}

fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Member => "member",
        Kind::ApiKey => "api_key",
        Kind::Agent => "agent",
    }
}

fn class_word(class: Class) -> &'static str {
    match class {
        Class::Settings => "settings",
        Class::Actions => "actions",
    }
}

fn effect_word(effect: Effect) -> &'static str {
    match effect {
        Effect::Inherit => "inherit",
        Effect::Allow => "allow",
        Effect::Deny => "deny",
    }
}

const WORDS: [&str; 4] = ["see", "edit", "delete", "destroy"];

// ---- Documents ----

/// A document in format 1, which leaves out what it can.
fn document(world: &World, naming: Naming<'_>) -> String {
    let name = |role: usize| text(&crate::bridge::role_name(world, role));
    let named = |kind: Kind, id: &str, role: Option<usize>| {
        let principal = format!("{}:{id}", kind_word(kind));
        let mut holders = naming.holders.iter();
        let said = holders.find(|(who, _)| *who == principal);
        match (said, role) {
            (Some((_, said)), _) => text(said),
            (None, Some(role)) => name(role),
            (None, None) => text(""),
        }
    };
    let objects = world.objects.iter().map(|(object, fields)| {
        let fields = fields.iter().map(|key| field(world, object, key));
        map([("key", text(object)), ("fields", list(fields))])
    });
    let permissions = world.permissions.iter().map(permission);
    let schema = map([
        ("objects", list(objects)),
        ("permissions", list(permissions)),
    ]);
    let holders = |kind: Kind, holders: &BTreeMap<String, Option<usize>>| {
        let holders = holders.iter();
        map(holders.map(|(id, role)| (id.as_str(), named(kind, id, *role))))
    };
    let members = world.members.iter();
    let members = members.map(|(id, role)| (id.as_str(), named(Kind::Member, id, Some(*role))));
    let default_role = match naming.default_role {
        Some(said) => text(said),
        None => name(world.default_role),
    };
    let mut document = vec![
        ("version", "1".to_owned()),
        ("schema", schema),
        ("roles", list(world.roles.iter().map(role))),
        ("default_role", default_role),
        ("members", map(members)),
    ];
    if !world.api_keys.is_empty() {
        document.push(("api_keys", holders(Kind::ApiKey, &world.api_keys)));
    }
    if !world.agents.is_empty() {
        document.push(("agents", holders(Kind::Agent, &world.agents)));
    }
    if world.keys_without_role == KeysWithoutRole::Denied {
        let options = map([("api_keys_without_role", text("denied"))]);
        document.push(("options", options));
    }
    map(document)
}

fn field(world: &World, object: &str, key: &str) -> String {
    let place = (object.to_owned(), key.to_owned());
    let mut field = Vec::new();
    if let Some(related) = world.relations.get(&place) {
        field.push(("relation", text(related)));
    }
    let guard = world.guards.get(&place);
    let guard = guard.cloned().unwrap_or_default();
    let Guard {
        closed,
        actions,
        permissions,
    } = guard;
    match closed {
        None => {}
        Some(Closed::ReadOnly) => field.push(("writing", text("read_only"))),
        Some(Closed::System) => field.push(("writing", text("system"))),
    }
    if !actions.is_empty() {
        let actions = actions.into_iter().map(action_word);
        field.push(("bound_to_actions", texts(actions)));
    }
    if !permissions.is_empty() {
        field.push(("bound_to_permissions", texts(permissions)));
    }
    if field.is_empty() {
        return text(key);
    }
    map([("key", text(key))].into_iter().chain(field))
}

fn permission(known: &Permission) -> String {
    let mut permission = vec![
        ("key", text(&known.key)),
        ("class", text(class_word(known.class))),
    ];
    if !known.requires.is_empty() {
        permission.push(("requires", texts(&known.requires)));
    }
    map(permission)
}

fn role(model: &RoleModel) -> String {
    let mut role = vec![("name", text(&model.name))];
    if model.admin {
        role.push(("admin", "true".to_owned()));
        return map(role);
    }
    let baseline = WORDS.into_iter().zip(model.baseline);
    let allowed: Vec<&str> = baseline
        .filter(|(_, it)| *it)
        .map(|(word, _)| word)
        .collect();
    if !allowed.is_empty() {
        role.push(("allow", texts(allowed)));
    }
    if !model.objects.is_empty() {
        let rules = model.objects.iter();
        let rules = rules.map(|(object, rule)| (object.as_str(), object_rule(rule)));
        role.push(("objects", map(rules)));
    }
    if !model.all_access.is_empty() {
        let classes = model.all_access.iter().copied().map(class_word);
        role.push(("all_access", texts(classes)));
    }
    if !model.permissions.is_empty() {
        role.push(("permissions", texts(&model.permissions)));
    }
    if model.held_by.len() < 3 {
        let kinds = model.held_by.iter().copied().map(kind_word);
        role.push(("held_by", texts(kinds)));
    }
    map(role)
}

fn object_rule(model: &ObjectRuleModel) -> String {
    let mut rule = said(&model.effects);
    if !model.fields.is_empty() {
        let fields = model.fields.iter();
        let fields = fields.map(|(field, rule)| (field.as_str(), field_rule(*rule)));
        rule.push(("fields", map(fields)));
    }
    map(rule)
}

fn field_rule(model: FieldRuleModel) -> String {
    match (model.see, model.edit) {
        (Effect::Allow, Effect::Deny) => text("see_only"),
        (Effect::Allow, Effect::Allow) => text("edit"),
        (Effect::Deny, Effect::Deny) => text("no_access"),
        (see, edit) => map(said(&[see, edit])),
    }
}

/// What does not inherit.
fn said(effects: &[Effect]) -> Vec<(&'static str, String)> {
    let effects = WORDS.into_iter().zip(effects);
    effects
        .filter(|(_, effect)| **effect != Effect::Inherit)
        .map(|(word, effect)| (word, text(effect_word(*effect))))
        .collect()
}

// ---- Requests ----

fn read_in_question(model: &ReadModel) -> String {
    let uses = ["filter", "sort", "group", "aggregate", "search"];
    let uses = uses.into_iter().zip(&model.uses);
    let mut read = vec![("object", text(&model.object))];
    for (word, names) in [("select", &model.select)].into_iter().chain(uses) {
        if !names.is_empty() {
            read.push((word, texts(names)));
        }
    }
    if model.export {
        read.push(("export", "true".to_owned()));
    }
    map(read)
}

fn write_in_question(model: &WriteModel) -> String {
    let kind = match model.kind {
        WriteKind::Create => "create",
        WriteKind::Update => "update",
        WriteKind::Upsert => "upsert",
        WriteKind::Delete => "delete",
        WriteKind::Restore => "restore",
        WriteKind::Destroy => "destroy",
    };
    let mut write = vec![("kind", text(kind)), ("object", text(&model.object))];
    for (word, names) in [("fields", &model.fields), ("returning", &model.returning)] {
        if !names.is_empty() {
            write.push((word, texts(names)));
        }
    }
    if model.import {
        write.push(("import", "true".to_owned()));
    }
    map(write)
}

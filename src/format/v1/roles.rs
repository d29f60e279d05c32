//! Roles in version 1, both ways.

use alloc::string::ToString;

use crate::format::map::MapWriter;
use crate::format::reader::{self, Fields, inside};
use crate::format::tree::Tree;
use crate::model::action::Action;
use crate::model::effect::Effect;
use crate::model::problem::ProblemKind;
use crate::model::problem_list::Problems;
use crate::model::role::{FieldRule, ObjectRule, Role};

/// The words for the three levels of a field rule that a settings page shows.
const PRESETS: [(&str, FieldRule); 3] = [
    ("see_only", FieldRule::SEE_ONLY),
    ("edit", FieldRule::EDIT),
    ("no_access", FieldRule::NO_ACCESS),
];

pub(in crate::format) fn read_role(
    tree: Tree,
    path: &str,
    problems: &mut Problems,
) -> Option<Role> {
    let known = [
        "name",
        "admin",
        "description",
        "allow",
        "objects",
        "all_access",
        "permissions",
        "held_by",
    ];
    let mut map = Fields::read(tree, path, &known, problems)?;
    let name = map.take_name("name", problems);
    let is_admin = map.take_boolean("admin", problems);
    let mut role = if is_admin == Some(true) {
        Role::admin(name)
    } else {
        Role::new(name)
    };
    if let Some(description) = map.take_text("description", problems) {
        role = role.with_description(description);
    }
    for action in map.take_words("allow", problems).unwrap_or_default() {
        role = role.allow(action);
    }
    if let Some((rules, path)) = map.take("objects") {
        for (key, rule) in reader::entries(rules, &path, problems).unwrap_or_default() {
            let rule = read_object_rule(rule, &inside(&path, &key), problems);
            role = role.rule(key, rule.unwrap_or_default());
        }
    }
    for class in map.take_distinct("all_access", problems, reader::word) {
        role = role.grant_all(class);
    }
    for permission in map.take_distinct("permissions", problems, reader::text) {
        role = role.grant(permission);
    }
    if let Some(kinds) = map.take_words("held_by", problems) {
        role = role.with_holder_kinds(kinds);
    }
    Some(role)
}

pub(in crate::format) fn write_role(role: &Role) -> Tree {
    let mut map = MapWriter::default();
    map.put("name", Tree::text(role.name().as_str()));
    if role.is_admin() {
        map.put("admin", Tree::Bool(true));
    }
    map.put_text("description", role.description());
    map.put_list(
        "allow",
        role.baseline()
            .iter()
            .map(|action| Tree::text(action.as_str())),
    );
    let rules = role.rules().iter();
    let rules = rules.map(|(key, rule)| (key.to_string(), write_object_rule(rule)));
    map.put_some("objects", MapWriter(rules.collect()));
    map.put_list(
        "all_access",
        role.all_access()
            .iter()
            .map(|class| Tree::text(class.as_str())),
    );
    let permissions = role.permissions().iter();
    map.put_list(
        "permissions",
        permissions.map(|key| Tree::text(key.as_str())),
    );
    let plain = if role.is_admin() {
        Role::admin("")
    } else {
        Role::new("")
    };
    if role.holder_kinds() != plain.holder_kinds() {
        let kinds = role.holder_kinds().iter();
        map.put(
            "held_by",
            kinds.map(|kind| Tree::text(kind.as_str())).collect(),
        );
    }
    map.into()
}

pub(in crate::format) fn read_object_rule(
    tree: Tree,
    path: &str,
    problems: &mut Problems,
) -> Option<ObjectRule> {
    let known = ["see", "edit", "delete", "destroy", "fields"];
    let mut map = Fields::read(tree, path, &known, problems)?;
    let mut rule = ObjectRule::new();
    for action in Action::ALL {
        rule = rule.set(action, read_effect(&mut map, action, problems));
    }
    if let Some((fields, path)) = map.take("fields") {
        for (key, field) in reader::entries(fields, &path, problems).unwrap_or_default() {
            let field = read_field_rule(field, &inside(&path, &key), problems);
            rule = rule.field(key, field.unwrap_or_default());
        }
    }
    Some(rule)
}

pub(in crate::format) fn write_object_rule(rule: &ObjectRule) -> Tree {
    let mut map = MapWriter::default();
    for action in Action::ALL {
        map.put_effect(action, rule.effect(action));
    }
    let fields = rule.fields().iter();
    let fields = fields.map(|(key, rule)| (key.to_string(), write_field_rule(rule)));
    map.put_some("fields", MapWriter(fields.collect()));
    map.into()
}

pub(in crate::format) fn read_field_rule(
    tree: Tree,
    path: &str,
    problems: &mut Problems,
) -> Option<FieldRule> {
    if let Tree::Text(word) = &tree {
        let preset = PRESETS.into_iter().find(|(known, _)| known == word);
        if preset.is_none() {
            problems.add(
                path,
                ProblemKind::UnknownWord(crate::support::word_set::UnknownWord {
                    what: "level of a field rule",
                    word: word.clone(),
                    allowed: &["see_only", "edit", "no_access"],
                }),
            );
        }
        return preset.map(|(_, rule)| rule);
    }
    if !reader::is_map(&tree, path, problems) {
        return None;
    }
    let mut map = Fields::read(tree, path, &["see", "edit"], problems)?;
    let see = read_effect(&mut map, Action::See, problems);
    let edit = read_effect(&mut map, Action::Edit, problems);
    Some(FieldRule::new().set_see(see).set_edit(edit))
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "every part is written by reference"
)]
pub(in crate::format) fn write_field_rule(rule: &FieldRule) -> Tree {
    if let Some((word, _)) = PRESETS.into_iter().find(|(_, preset)| preset == rule) {
        return Tree::text(word);
    }
    let mut map = MapWriter::default();
    for action in [Action::See, Action::Edit] {
        map.put_effect(action, rule.effect(action));
    }
    map.into()
}

fn read_effect(map: &mut Fields, action: Action, problems: &mut Problems) -> Effect {
    map.take(action.as_str())
        .and_then(|(tree, path)| reader::word(tree, &path, problems))
        .unwrap_or_default()
}

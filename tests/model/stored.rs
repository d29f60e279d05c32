//! What does a stored document say? Read from the page on the format alone, and with nothing of the library.
//!
//! Only documents that the library loaded are read here. What is not of the format makes the reading panic: the library
//! should have refused it.

use std::collections::{BTreeMap, BTreeSet};

use rolegate::schema::Writing;
use serde_json::{Map, Value};

use super::{FieldModel, Guard, Model, ObjectModel, PermissionModel, RoleState};
use crate::reference::{
    self, Action, Class, Effect, FieldRuleModel, KeysWithoutRole, Kind, ObjectRuleModel, RoleModel,
    normalised,
};

const ACTIONS: [(&str, Action); 4] = [
    ("see", Action::See),
    ("edit", Action::Edit),
    ("delete", Action::Delete),
    ("destroy", Action::Destroy),
];

const EFFECTS: [(&str, Effect); 3] = [
    ("inherit", Effect::Inherit),
    ("allow", Effect::Allow),
    ("deny", Effect::Deny),
];

const CLASSES: [(&str, Class); 2] = [("settings", Class::Settings), ("actions", Class::Actions)];

const KINDS: [(&str, Kind); 3] = [
    ("member", Kind::Member),
    ("api_key", Kind::ApiKey),
    ("agent", Kind::Agent),
];

impl Model {
    /// What a document says that was loaded.
    pub(crate) fn stored(document: &Value) -> Self {
        let known = [
            "version",
            "revision",
            "schema",
            "roles",
            "default_role",
            "members",
            "api_keys",
            "agents",
            "group_mappings",
            "options",
            "$schema",
        ];
        let document = map(document, &known);
        assert_eq!(document["version"], 1);
        let schema = map(&document["schema"], &["objects", "permissions"]);
        let mut holders = BTreeMap::new();
        for (section, kind) in [
            ("members", Kind::Member),
            ("api_keys", Kind::ApiKey),
            ("agents", Kind::Agent),
        ] {
            for (id, role) in entries(document.get(section)) {
                let is_none = role.is_null() || role == "";
                let role = (!is_none).then(|| role_name(role));
                holders.insert((kind, id.clone()), role);
            }
        }
        let nothing = Value::Object(Map::new());
        let options = document.get("options").unwrap_or(&nothing);
        let options = map(options, &["api_keys_without_role", "grant_policy"]);
        let access = [
            ("default_role", KeysWithoutRole::DefaultRole),
            ("denied", KeysWithoutRole::Denied),
        ];
        let policies = [("anything", false), ("within_own_access", true)];
        Self {
            objects: list(schema.get("objects"), object),
            permissions: match schema.get("permissions") {
                None => documented(),
                permissions => list(permissions, permission),
            },
            roles: list(document.get("roles"), role),
            default_role: role_name(&document["default_role"]),
            holders,
            mappings: list(document.get("group_mappings"), mapping),
            keys_without_role: (options.get("api_keys_without_role"))
                .map_or(KeysWithoutRole::DefaultRole, |it| word(it, access)),
            within_own_access: (options.get("grant_policy"))
                .is_some_and(|policy| word(policy, policies)),
            revision: (document.get("revision"))
                .map_or(0, |revision| revision.as_u64().expect("a whole number")),
        }
    }
}

// ---- The parts ----

fn object(object: &Value) -> ObjectModel {
    let object = map(object, &["key", "label", "fields"]);
    ObjectModel {
        key: text(&object["key"]),
        label: object.get("label").map(text),
        fields: list(object.get("fields"), field),
    }
}

fn field(field: &Value) -> FieldModel {
    if field.is_string() {
        return FieldModel {
            key: text(field),
            label: None,
            relation: None,
            guard: Guard::default(),
        };
    }
    let known = [
        "key",
        "label",
        "relation",
        "writing",
        "bound_to_actions",
        "bound_to_permissions",
    ];
    let field = map(field, &known);
    let writing = [
        ("free", Writing::Free),
        ("read_only", Writing::ReadOnly),
        ("system", Writing::System),
    ];
    FieldModel {
        key: text(&field["key"]),
        label: field.get("label").map(text),
        relation: field.get("relation").map(text),
        guard: Guard {
            writing: (field.get("writing")).map_or(Writing::Free, |it| word(it, writing)),
            actions: set(field.get("bound_to_actions"), |it| word(it, ACTIONS)),
            permissions: set(field.get("bound_to_permissions"), text),
        },
    }
}

fn permission(permission: &Value) -> PermissionModel {
    let permission = map(permission, &["key", "class", "label", "requires"]);
    PermissionModel {
        is: reference::Permission {
            key: text(&permission["key"]),
            class: word(&permission["class"], CLASSES),
            requires: set(permission.get("requires"), text),
        },
        label: permission.get("label").map(text),
    }
}

/// Those that there are where the document names none.
fn documented() -> Vec<PermissionModel> {
    [
        ("api_keys", Class::Settings, None),
        ("workspace", Class::Settings, None),
        ("roles", Class::Settings, None),
        ("data_model", Class::Settings, None),
        ("security", Class::Settings, None),
        ("workflows", Class::Settings, None),
        ("workspace_members", Class::Settings, None),
        ("send_email", Class::Actions, None),
        ("import_csv", Class::Actions, None),
        ("export_csv", Class::Actions, None),
        ("trigger_workflows", Class::Actions, Some("workflows")),
    ]
    .map(|(key, class, requires)| PermissionModel {
        is: reference::Permission {
            key: key.to_owned(),
            class,
            requires: requires.into_iter().map(str::to_owned).collect(),
        },
        label: None,
    })
    .into()
}

fn role(role: &Value) -> RoleState {
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
    let role = map(role, &known);
    let name = role_name(&role["name"]);
    let is_admin = role.get("admin").is_some_and(is_true);
    let mut is = if is_admin {
        RoleModel::admin(&name)
    } else {
        RoleModel::new(&name)
    };
    let allowed = set(role.get("allow"), |it| word(it, ACTIONS));
    is.baseline = ACTIONS.map(|(_, action)| allowed.contains(&action));
    is.objects = entries(role.get("objects"))
        .map(|(object, rule)| (object.clone(), object_rule(rule)))
        .collect();
    is.all_access = set(role.get("all_access"), |it| word(it, CLASSES));
    is.permissions = set(role.get("permissions"), text);
    if let Some(kinds) = role.get("held_by") {
        is.held_by = set(Some(kinds), |it| word(it, KINDS));
    }
    RoleState {
        is,
        description: role.get("description").map(text),
    }
}

fn object_rule(rule: &Value) -> ObjectRuleModel {
    let rule = map(rule, &["see", "edit", "delete", "destroy", "fields"]);
    ObjectRuleModel {
        effects: ACTIONS.map(|(action, _)| effect(rule.get(action))),
        fields: entries(rule.get("fields"))
            .map(|(field, rule)| (field.clone(), field_rule(rule)))
            .collect(),
    }
}

fn field_rule(rule: &Value) -> FieldRuleModel {
    let (see, edit) = match rule.as_str() {
        Some("see_only") => (Effect::Allow, Effect::Deny),
        Some("edit") => (Effect::Allow, Effect::Allow),
        Some("no_access") => (Effect::Deny, Effect::Deny),
        _ => {
            let rule = map(rule, &["see", "edit"]);
            (effect(rule.get("see")), effect(rule.get("edit")))
        }
    };
    FieldRuleModel { see, edit }
}

fn effect(effect: Option<&Value>) -> Effect {
    effect.map_or(Effect::Inherit, |it| word(it, EFFECTS))
}

fn mapping(mapping: &Value) -> (String, Option<String>) {
    let mapping = map(mapping, &["group", "role", "admin"]);
    let is_admin = mapping.get("admin").is_some_and(is_true);
    assert_ne!(is_admin, mapping.contains_key("role"));
    (text(&mapping["group"]), mapping.get("role").map(role_name))
}

// ---- Values ----

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// L20: trimmed, and with white space collapsed.
fn role_name(value: &Value) -> String {
    normalised(value.as_str().expect("a name"))
}

fn is_true(value: &Value) -> bool {
    value.as_bool().expect("`true` or `false`")
}

#[track_caller]
fn word<T: Copy, const N: usize>(value: &Value, words: [(&str, T); N]) -> T {
    let known = words.into_iter().find(|(word, _)| value == word);
    let (_, meaning) = known.expect("one of the words");
    meaning
}

/// What is left out is empty.
fn list<T>(value: Option<&Value>, read: impl Fn(&Value) -> T) -> Vec<T> {
    let items = value.map(|value| value.as_array().expect("a list"));
    items.into_iter().flatten().map(read).collect()
}

/// A list in which each item may appear once.
fn set<T: Ord>(value: Option<&Value>, read: impl Fn(&Value) -> T) -> BTreeSet<T> {
    let items = list(value, read);
    let count = items.len();
    let set: BTreeSet<T> = items.into_iter().collect();
    assert_eq!(set.len(), count, "an item is repeated");
    set
}

fn entries(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    let entries = value.map(|value| value.as_object().expect("a map"));
    entries.into_iter().flatten()
}

/// A map whose keys are those of the format.
fn map<'v>(value: &'v Value, known: &[&str]) -> &'v Map<String, Value> {
    let map = value.as_object().expect("a map");
    for key in map.keys() {
        assert!(known.contains(&key.as_str()), "`{key}` is no key");
    }
    map
}

#[cfg(test)]
mod tests {
    use crate::bridge;
    use crate::model::Model;
    use crate::strategies::{for_all, worlds};
    use proptest::prelude::prop_assert_eq;
    use serde_json::json;

    /// With every default written out, and as it is saved.
    #[test]
    fn a_document_says_what_its_world_is() {
        for_all(worlds(), |world| {
            let workspace = bridge::workspace(&world);
            let model = Model::of(&workspace);
            prop_assert_eq!(&Model::stored(&bridge::document(&world)), &model);
            let saved = bridge::save(&workspace);
            let saved = serde_json::from_str(&saved).unwrap();
            prop_assert_eq!(&Model::stored(&saved), &model);
            Ok(())
        });
    }

    #[test]
    fn what_is_left_out_has_its_default() {
        let document = json!({
            "version": 1,
            "schema": {"objects": [{"key": "people", "fields": ["name", {"key": "email"}]}]},
            "roles": [
                {"name": "Admin", "admin": true},
                {"name": " Some \t one", "objects": {"people": {"fields": {
                    "name": "no_access", "email": {"edit": "deny"},
                }}}},
            ],
            "default_role": "Some  one",
            "members": {"ada": "Admin"},
            "agents": {"idle": null, "lost": ""},
        });
        let workspace = bridge::load(&document.to_string()).unwrap();
        assert_eq!(Model::stored(&document), Model::of(&workspace));
    }
}

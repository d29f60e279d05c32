//! What does a back-end developer write first? Nested hash maps of strings, with the rules walked at check time.
//!
//! As such code does, it trusts the names that it is asked about to be in the schema, which spares it two look-ups.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use crate::contestant::{Contestant, Label};
use crate::names::Names;
use crate::workload::{self, Action, Effect, Question, Workload};

pub struct Maps<S> {
    members: HashMap<String, String, S>,
    roles: HashMap<String, Role<S>, S>,
}

struct Role<S> {
    baseline: [bool; 4],
    objects: HashMap<String, ObjectRule<S>, S>,
}

struct ObjectRule<S> {
    effects: [Effect; 4],
    fields: HashMap<String, [Effect; 2], S>,
}

impl<S: Hasher> Contestant for Maps<S> {
    type Question = Names;

    const LABEL: Label = Label {
        engine: "hand-written maps",
        encoding: S::ENCODING,
        asked: "names",
    };

    fn load(workload: &Workload) -> Self {
        let members = workload.members.iter();
        Self {
            members: members
                .map(|member| {
                    (
                        member.name.clone(),
                        workload.roles[member.role].name.clone(),
                    )
                })
                .collect(),
            roles: workload
                .roles
                .iter()
                .map(|role| (role.name.clone(), Role::load(workload, role)))
                .collect(),
        }
    }

    fn prepare(&self, _: &Workload, question: &Question) -> Names {
        question.into()
    }

    fn ask(&mut self, question: &Names) -> bool {
        let Some(role) = self
            .members
            .get(&question.member)
            .and_then(|role| self.roles.get(role))
        else {
            return false;
        };
        role.may(question.action, &question.object, question.field.as_deref())
    }
}

impl<S: Hasher> Role<S> {
    fn load(workload: &Workload, role: &workload::Role) -> Self {
        let rules = role.rules.iter().map(|rule| {
            let object = &workload.objects[rule.object];
            let fields = rule
                .fields
                .iter()
                .map(|field| (object.fields[field.field].clone(), field.effects))
                .collect();
            (
                object.name.clone(),
                ObjectRule {
                    effects: rule.effects,
                    fields,
                },
            )
        });
        Self {
            baseline: role.baseline,
            objects: rules.collect(),
        }
    }

    fn may(&self, action: Action, object: &str, field: Option<&str>) -> bool {
        if field.is_some() && !Action::OF_FIELDS.contains(&action) {
            return false;
        }
        let object_rule = self.objects.get(object);
        let field_rule = object_rule
            .zip(field)
            .and_then(|(rule, field)| rule.fields.get(field));
        let cascade = |action: Action| {
            let of_field = field_rule.map_or(Effect::Inherit, |effects| effects[action.index()]);
            let of_object =
                object_rule.map_or(Effect::Inherit, |rule| rule.effects[action.index()]);
            match (of_field, of_object) {
                (Effect::Allow, _) | (Effect::Inherit, Effect::Allow) => true,
                (Effect::Deny, _) | (Effect::Inherit, Effect::Deny) => false,
                (Effect::Inherit, Effect::Inherit) => self.baseline[action.index()],
            }
        };
        cascade(action) && cascade(Action::See)
    }
}

/// The hashers that the maps are built with.
pub trait Hasher: BuildHasher + Default {
    const ENCODING: &str;
}

impl Hasher for RandomState {
    const ENCODING: &str = "nested `HashMap`s, rules walked at check time, std hasher";
}

impl Hasher for foldhash::fast::RandomState {
    const ENCODING: &str = "nested `HashMap`s, rules walked at check time, foldhash";
}

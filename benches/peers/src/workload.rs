//! The reference workload: which workspaces and which questions every bench is run on.
//!
//! Everything is plain data, generated from a seed by a generator that lives in this file, so that the same seed
//! gives the same workload on every machine and with every version of every dependency. Nothing here knows
//! `rolegate` or any other engine: each contestant translates the data into its own form.
//!
//! The names in a [`Question`] are strings of their own, never those of the [`Workload`], because a request handler
//! has names that it parsed from a request.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "several programs include this file, each uses a part of it, and every index was generated here"
)]

use core::fmt;

/// What is done to records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    See,
    Edit,
    Delete,
    Destroy,
}

impl Action {
    /// The four record actions, in the order in which arrays of this file are indexed.
    pub const ALL: [Self; 4] = [Self::See, Self::Edit, Self::Delete, Self::Destroy];

    /// The two actions that exist for fields.
    pub const OF_FIELDS: [Self; 2] = [Self::See, Self::Edit];

    /// The place of this action in an array of four.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The action as text, as an engine that works on strings is asked for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::See => "see",
            Self::Edit => "edit",
            Self::Delete => "delete",
            Self::Destroy => "destroy",
        }
    }
}

/// One setting at one level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    Inherit,
    Allow,
    Deny,
}

/// One kind of record, with the names of its fields.
#[derive(Debug, Clone)]
pub struct Object {
    pub name: String,
    pub fields: Vec<String>,
}

/// A role: its baseline, and its exceptions in ascending order of their objects.
#[derive(Debug, Clone)]
pub struct Role {
    pub name: String,
    /// Allowed or not on all objects, for each of [`Action::ALL`].
    pub baseline: [bool; 4],
    pub rules: Vec<ObjectRule>,
}

/// A role's exception for one object, with its field rules in ascending order of their fields.
#[derive(Debug, Clone)]
pub struct ObjectRule {
    /// Index into [`Workload::objects`].
    pub object: usize,
    /// One effect for each of [`Action::ALL`].
    pub effects: [Effect; 4],
    pub fields: Vec<FieldRule>,
}

/// An exception for one field, inside an object rule.
#[derive(Debug, Clone)]
pub struct FieldRule {
    /// Index into [`Object::fields`].
    pub field: usize,
    /// One effect for each of [`Action::OF_FIELDS`].
    pub effects: [Effect; 2],
}

impl ObjectRule {
    /// The effect of an action on records.
    pub const fn effect(&self, action: Action) -> Effect {
        self.effects[action.index()]
    }
}

impl FieldRule {
    /// The effect of an action on the field; about actions that fields do not have, a rule says nothing.
    pub const fn effect(&self, action: Action) -> Effect {
        match action {
            Action::See | Action::Edit => self.effects[action.index()],
            Action::Delete | Action::Destroy => Effect::Inherit,
        }
    }
}

/// A member and the role that it holds.
#[derive(Debug, Clone)]
pub struct Member {
    pub name: String,
    /// Index into [`Workload::roles`].
    pub role: usize,
}

/// One workspace.
#[derive(Debug, Clone)]
pub struct Workload {
    pub objects: Vec<Object>,
    pub roles: Vec<Role>,
    pub members: Vec<Member>,
}

/// A question, once by index (for those that resolve names beforehand) and once by name (for those that do not).
#[derive(Debug, Clone)]
pub struct Question {
    /// Index into [`Workload::members`].
    pub member: usize,
    pub action: Action,
    /// Index into [`Workload::objects`].
    pub object: usize,
    /// Index into [`Object::fields`]; `None` asks about the record as a whole.
    pub field: Option<usize>,
    pub member_name: String,
    pub object_name: String,
    pub field_name: Option<String>,
}

/// How large a workspace is, and how much of it is ruled.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    pub roles: usize,
    pub objects: usize,
    /// Fields of each object.
    pub fields: usize,
    pub members: usize,
    /// How many of 100 pairs of a role and an object have an object rule.
    pub ruled_objects: u64,
    /// How many of 100 fields of a ruled object have a field rule.
    pub ruled_fields: u64,
}

impl Shape {
    /// The small workload, on which contestants are compared.
    pub const SMALL: Self = Self {
        roles: 20,
        objects: 50,
        fields: 40,
        members: 1_000,
        ruled_objects: 30,
        ruled_fields: 20,
    };

    /// The large workload: about half a million field rules.
    pub const LARGE: Self = Self {
        roles: 1_000,
        objects: 500,
        fields: 100,
        members: 10_000,
        ruled_objects: 5,
        ruled_fields: 20,
    };

    /// The small workload with 10, 100, 1,000 and 10,000 roles, and never fewer members than roles.
    pub fn growth() -> impl Iterator<Item = Self> {
        [10, 100, 1_000, 10_000].into_iter().map(|roles| Self {
            roles,
            members: Self::SMALL.members.max(roles),
            ..Self::SMALL
        })
    }

    /// Generates a workspace of this shape. The same seed gives the same workspace.
    pub fn generate(self, seed: u64) -> Workload {
        let mut random = Random(seed);
        let objects: Vec<_> = (0..self.objects)
            .map(|object| Object {
                name: word(&OBJECT_WORDS, object),
                fields: (0..self.fields)
                    .map(|field| word(&FIELD_WORDS, field))
                    .collect(),
            })
            .collect();
        let roles = (0..self.roles)
            .map(|role| self.role(word(&ROLE_WORDS, role), &mut random))
            .collect();
        let members = (0..self.members)
            .map(|member| Member {
                name: word(&MEMBER_WORDS, member),
                role: random.below(self.roles),
            })
            .collect();
        Workload {
            objects,
            roles,
            members,
        }
    }

    fn role(self, name: String, random: &mut Random) -> Role {
        let mut baseline = [(); 4].map(|()| random.percent(50));
        if !baseline[Action::See.index()] {
            baseline = [false; 4];
        }
        let mut rules = Vec::new();
        for object in 0..self.objects {
            if random.percent(self.ruled_objects) {
                rules.push(self.object_rule(object, random));
            }
        }
        Role {
            name,
            baseline,
            rules,
        }
    }

    fn object_rule(self, object: usize, random: &mut Random) -> ObjectRule {
        let effects = without_contradiction([(); 4].map(|()| random.effect()));
        let mut fields = Vec::new();
        for field in 0..self.fields {
            if random.percent(self.ruled_fields) {
                let effects = without_contradiction([(); 2].map(|()| random.effect()));
                fields.push(FieldRule { field, effects });
            }
        }
        ObjectRule {
            object,
            effects,
            fields,
        }
    }
}

impl Workload {
    /// Random questions about members, objects and fields of this workspace: half of them about a field (to see it
    /// or to edit it), half about a record as a whole.
    pub fn questions(&self, count: usize, seed: u64) -> Vec<Question> {
        let mut random = Random(seed);
        (0..count)
            .map(|_| {
                let member = random.below(self.members.len());
                let object = random.below(self.objects.len());
                let fields = &self.objects[object].fields;
                let field = random.percent(50).then(|| random.below(fields.len()));
                let action = match field {
                    Some(_) => Action::OF_FIELDS[random.below(2)],
                    None => Action::ALL[random.below(4)],
                };
                Question {
                    member,
                    action,
                    object,
                    field,
                    member_name: self.members[member].name.clone(),
                    object_name: self.objects[object].name.clone(),
                    field_name: field.map(|field| fields[field].clone()),
                }
            })
            .collect()
    }
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "may {} {} {}",
            self.member_name,
            self.action.name(),
            self.object_name
        )?;
        match &self.field_name {
            Some(field) => write!(f, ".{field}"),
            None => Ok(()),
        }
    }
}

const OBJECT_WORDS: [&str; 8] = [
    "companies",
    "people",
    "opportunities",
    "notes",
    "tasks",
    "invoices",
    "products",
    "calendar_events",
];
const FIELD_WORDS: [&str; 10] = [
    "name",
    "email",
    "phone_number",
    "address",
    "amount",
    "stage",
    "owner",
    "created_at",
    "linkedin_link",
    "annual_recurring_revenue",
];
const ROLE_WORDS: [&str; 5] = ["Sales", "Support", "Intern", "Finance", "Marketing"];
const MEMBER_WORDS: [&str; 6] = ["ada", "tim", "grace", "alexander", "mary.smith", "bo"];

/// The name of the thing at `index`: a word and a number.
fn word(words: &[&str], index: usize) -> String {
    format!("{}_{index}", words[index % words.len()])
}

/// A rule must not deny `See` and allow something else: such a rule loses what it allows.
fn without_contradiction<const N: usize>(mut effects: [Effect; N]) -> [Effect; N] {
    if let [Effect::Deny, rest @ ..] = &mut effects[..] {
        for effect in rest.iter_mut().filter(|effect| **effect == Effect::Allow) {
            *effect = Effect::Inherit;
        }
    }
    effects
}

/// The generator `SplitMix64`, started with a seed.
pub struct Random(pub u64);

impl Random {
    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to before `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// True in `chance` of 100 cases.
    pub fn percent(&mut self, chance: u64) -> bool {
        self.next() % 100 < chance
    }

    /// One of the three effects.
    pub fn effect(&mut self) -> Effect {
        [Effect::Inherit, Effect::Allow, Effect::Deny][self.below(3)]
    }
}

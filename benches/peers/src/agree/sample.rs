//! Random small workspaces: which ones, and what are they asked?

use std::fmt;

use crate::workload::{Action, Object, Random, Role as RecordRole, Shape};

/// The kinds of principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Member,
    ApiKey,
    Agent,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::Member, Self::ApiKey, Self::Agent];
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    pub kind: Kind,
    pub id: String,
}

/// The two classes of workspace permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Settings,
    Actions,
}

#[derive(Debug, Clone)]
pub struct Permission {
    pub name: String,
    pub class: Class,
    /// Indices of earlier permissions.
    pub requires: Vec<usize>,
}

#[derive(Debug, Clone)]
pub struct Role {
    pub admin: bool,
    /// Its name, and what it says about records; nothing for Admin.
    pub records: RecordRole,
    pub all_settings: bool,
    pub all_actions: bool,
    /// Indices of permissions.
    pub permissions: Vec<usize>,
    pub held_by: Vec<Kind>,
}

/// What an API key without a role may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeysWithoutRole {
    DefaultRole,
    Denied,
}

/// A valid workspace.
#[derive(Debug, Clone)]
pub struct Sample {
    pub objects: Vec<Object>,
    pub permissions: Vec<Permission>,
    pub roles: Vec<Role>,
    /// Index of a role.
    pub default_role: usize,
    pub keys_without_role: KeysWithoutRole,
    /// Each with the index of its role.
    pub holders: Vec<(Principal, Option<usize>)>,
}

/// What is asked about.
#[derive(Debug, Clone)]
pub enum Thing {
    Records {
        action: Action,
        object: String,
        field: Option<String>,
    },
    Permission(String),
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Member => "member",
            Kind::ApiKey => "key",
            Kind::Agent => "agent",
        };
        write!(f, "{kind} `{}`", self.id)
    }
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Records {
                action,
                object,
                field: None,
            } => write!(f, "{} `{object}`", action.name()),
            Self::Records {
                action,
                object,
                field: Some(field),
            } => {
                write!(f, "{} `{object}`.`{field}`", action.name())
            }
            Self::Permission(name) => write!(f, "use `{name}`"),
        }
    }
}

/// Everything that is asked of a sample: each thing, by each principal and by each chain.
pub struct Questions {
    /// The holders, then some that are unknown.
    pub principals: Vec<Principal>,
    /// How many of the principals are holders.
    pub known: usize,
    /// Indices of principals.
    pub chains: Vec<Vec<usize>>,
    /// Each with whether all of its names are known.
    pub things: Vec<(Thing, bool)>,
}

impl Sample {
    pub fn random(random: &mut Random) -> Self {
        let shape = Shape {
            roles: 1 + random.below(4),
            objects: 1 + random.below(3),
            fields: 2 + random.below(5),
            members: 0,
            ruled_objects: 70,
            ruled_fields: 60,
        };
        let mut records = shape.generate(random.next());
        for (index, object) in records.objects.iter_mut().enumerate() {
            object.fields.truncate(random.below(shape.fields + 1));
            for rule in records.roles.iter_mut().flat_map(|role| &mut role.rules) {
                rule.fields
                    .retain(|field| rule.object != index || field.field < object.fields.len());
            }
        }
        let permissions = permissions(random);
        let default_role = random.below(shape.roles);
        let mut roles: Vec<_> = records
            .roles
            .into_iter()
            .map(|records| Role::random(records, permissions.len(), random))
            .collect();
        if !roles[default_role].held_by.contains(&Kind::Member) {
            roles[default_role].held_by.push(Kind::Member);
        }
        roles.push(Role::admin());
        let holders = holders(&roles, random);
        let keys_without_role = if random.percent(50) {
            KeysWithoutRole::DefaultRole
        } else {
            KeysWithoutRole::Denied
        };
        Self {
            objects: records.objects,
            permissions,
            roles,
            default_role,
            keys_without_role,
            holders,
        }
    }

    /// How much the workspace says, for finding the smallest one that shows something.
    pub fn size(&self) -> usize {
        let of_role = |role: &Role| {
            let rules = &role.records.rules;
            1 + rules.len()
                + rules.iter().map(|rule| rule.fields.len()).sum::<usize>()
                + role.permissions.len()
        };
        self.holders.len() + self.permissions.len() + self.roles.iter().map(of_role).sum::<usize>()
    }

    pub fn questions(&self, random: &mut Random) -> Questions {
        let mut principals: Vec<_> = self
            .holders
            .iter()
            .map(|(principal, _)| principal.clone())
            .collect();
        let known = principals.len();
        principals.push(Principal {
            kind: Kind::ALL[random.below(3)],
            id: String::from("nobody"),
        });
        principals.push(Principal {
            kind: Kind::Agent,
            id: principals[0].id.clone(),
        });
        let chains = (0..4)
            .map(|chain| {
                // The last chain may have an unknown link.
                let links = if chain == 3 { principals.len() } else { known };
                (0..2 + random.below(2))
                    .map(|_| random.below(links))
                    .collect()
            })
            .collect();
        Questions {
            principals,
            known,
            chains,
            things: self.things(random),
        }
    }

    /// Every action on every object and field, every permission, and what looks like them but does not exist.
    fn things(&self, random: &mut Random) -> Vec<(Thing, bool)> {
        let first = &self.objects[0];
        let objects = self
            .objects
            .iter()
            .map(|object| (object.name.clone(), object.fields.as_slice(), true));
        let unknown = [
            String::from("nothing"),
            first.name.to_uppercase(),
            String::new(),
        ];
        let unknown = (
            unknown[random.below(3)].clone(),
            first.fields.as_slice(),
            false,
        );
        let mut things = Vec::new();
        for (object, fields, object_known) in objects.chain([unknown]) {
            // The second may be a field of another object.
            let unknown = [
                String::from("nothing"),
                format!("email_{}", fields.len()),
                String::new(),
            ];
            let unknown = unknown[random.below(3)].clone();
            let fields = fields
                .iter()
                .map(|field| (Some(field.clone()), object_known));
            for (field, known) in fields.chain([(Some(unknown), false), (None, object_known)]) {
                things.extend(Action::ALL.map(|action| {
                    (
                        Thing::Records {
                            action,
                            object: object.clone(),
                            field: field.clone(),
                        },
                        known,
                    )
                }));
            }
        }
        let permissions = self.permissions.iter();
        things.extend(
            permissions.map(|permission| (Thing::Permission(permission.name.clone()), true)),
        );
        things.extend(["nothing", ""].map(|name| (Thing::Permission(name.to_owned()), false)));
        things
    }
}

impl Role {
    fn random(records: RecordRole, permissions: usize, random: &mut Random) -> Self {
        Self {
            admin: false,
            records,
            all_settings: random.percent(20),
            all_actions: random.percent(20),
            permissions: (0..permissions).filter(|_| random.percent(50)).collect(),
            held_by: Kind::ALL
                .into_iter()
                .filter(|_| random.percent(70))
                .collect(),
        }
    }

    fn admin() -> Self {
        Self {
            admin: true,
            records: RecordRole {
                name: String::from("Admin"),
                baseline: [false; 4],
                rules: Vec::new(),
            },
            all_settings: false,
            all_actions: false,
            permissions: Vec::new(),
            held_by: vec![Kind::Member, Kind::ApiKey],
        }
    }
}

/// The documented permissions in half of the samples, and some more that require earlier ones.
fn permissions(random: &mut Random) -> Vec<Permission> {
    let documented = [
        ("api_keys", Class::Settings),
        ("workspace", Class::Settings),
        ("roles", Class::Settings),
        ("data_model", Class::Settings),
        ("security", Class::Settings),
        ("workspace_members", Class::Settings),
        ("workflows", Class::Settings),
        ("trigger_workflows", Class::Actions),
        ("send_email", Class::Actions),
        ("import_csv", Class::Actions),
        ("export_csv", Class::Actions),
    ];
    let mut permissions = Vec::new();
    if random.percent(50) {
        permissions.extend(documented.map(|(name, class)| {
            let requires = if name == "trigger_workflows" {
                vec![6]
            } else {
                Vec::new()
            };
            Permission {
                name: name.to_owned(),
                class,
                requires,
            }
        }));
    }
    for _ in 0..random.below(5) {
        let index = permissions.len();
        permissions.push(Permission {
            name: format!("permission_{index}"),
            class: [Class::Settings, Class::Actions][random.below(2)],
            requires: (0..index).filter(|_| random.percent(15)).collect(),
        });
    }
    permissions
}

/// Ada, who holds Admin, and some more, each with a role that its kind may hold or without one.
fn holders(roles: &[Role], random: &mut Random) -> Vec<(Principal, Option<usize>)> {
    let ada = Principal {
        kind: Kind::Member,
        id: String::from("ada"),
    };
    let mut holders = vec![(ada, Some(roles.len() - 1))];
    for index in 0..2 + random.below(5) {
        let kind = Kind::ALL[random.below(3)];
        let role = random.below(roles.len());
        let role = roles[role].held_by.contains(&kind).then_some(role);
        if role.is_some() || kind != Kind::Member {
            holders.push((
                Principal {
                    kind,
                    id: format!("holder_{index}"),
                },
                role,
            ));
        }
    }
    holders
}

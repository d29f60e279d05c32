//! casbin: the workspace as rows of a policy table with priorities, in one enforcer or in one for each role.

use casbin::{
    CachedApi as _, CachedEnforcer, CoreApi, DefaultCache, DefaultModel, Enforcer, MgmtApi,
    NullAdapter,
};

use crate::cells::Cell;
use crate::contestant::{Contestant, Label};
use crate::naive;
use crate::names::Names;
use crate::workload::{Action, Effect, Question, Role, Workload};

/// Rows of field rules first, then of object rules, then of baselines: the first that matches decides. See-first is
/// a second request. The record as a whole is the field `-`.
pub struct Natural(Enforcer);

const NATURAL: &str = "
[request_definition]
r = sub, act, obj, fld
[policy_definition]
p = sub, act, obj, fld, eft
[role_definition]
g = _, _
[policy_effect]
e = priority(p.eft) || deny
[matchers]
m = g(r.sub, p.sub) && r.act == p.act && (p.obj == '*' || r.obj == p.obj) && (p.fld == '*' || r.fld == p.fld)
";

impl Contestant for Natural {
    type Question = Names;

    const LABEL: Label = Label {
        engine: "casbin",
        encoding: "natural: a row for each effect, by priority",
        asked: "names",
    };

    fn load(workload: &Workload) -> Self {
        let mut rows = [const { Vec::new() }; 3];
        for role in &workload.roles {
            for action in Action::ALL {
                for rule in &role.rules {
                    let object = &workload.objects[rule.object];
                    for field in &rule.fields {
                        let name = &object.fields[field.field];
                        rows[0].extend(row(role, action, &object.name, name, field.effect(action)));
                    }
                    rows[1].extend(row(role, action, &object.name, "*", rule.effect(action)));
                }
                let baseline = if role.baseline[action.index()] {
                    Effect::Allow
                } else {
                    Effect::Deny
                };
                rows[2].extend(row(role, action, "*", "*", baseline));
            }
        }
        let members = workload.members.iter();
        let members = members.map(|member| {
            vec![
                member.name.clone(),
                workload.roles[member.role].name.clone(),
            ]
        });
        let mut enforcer: Enforcer = enforcer(NATURAL, rows.concat());
        block_on(enforcer.add_grouping_policies(members.collect())).expect("members are unique");
        Self(enforcer)
    }

    fn prepare(&self, _: &Workload, question: &Question) -> Names {
        question.into()
    }

    fn ask(&mut self, question: &Names) -> bool {
        let Names {
            member,
            action,
            object,
            field,
        } = question;
        let field = field.as_deref().unwrap_or("-");
        let may = |action: Action| {
            self.0
                .enforce((member, action.name(), object, field))
                .expect("the matcher evaluates")
        };
        may(*action) && (*action == Action::See || may(Action::See))
    }
}

fn row(
    role: &Role,
    action: Action,
    object: &str,
    field: &str,
    effect: Effect,
) -> Option<Vec<String>> {
    let effect = match effect {
        Effect::Inherit => return None,
        Effect::Allow => "allow",
        Effect::Deny => "deny",
    };
    Some(
        [&role.name, action.name(), object, field, effect]
            .map(String::from)
            .to_vec(),
    )
}

/// One enforcer for each role. Its rows are verdicts with see-first applied, and a cell is one text that is built
/// beforehand: `see/people/email`, matched by `see/people/email`, `see/people/*` or `see/*`.
pub struct PerRole(Vec<Enforcer>);

const PER_ROLE: &str = "
[request_definition]
r = cell
[policy_definition]
p = cell, eft
[policy_effect]
e = priority(p.eft) || deny
[matchers]
m = keyMatch(r.cell, p.cell)
";

impl Contestant for PerRole {
    type Question = (usize, String);

    const LABEL: Label = Label {
        engine: "casbin",
        encoding: "an enforcer for each role, rows of verdicts",
        asked: "prebuilt text, role resolved",
    };

    fn load(workload: &Workload) -> Self {
        Self(
            workload
                .roles
                .iter()
                .map(|role| enforcer(PER_ROLE, verdicts(workload, role)))
                .collect(),
        )
    }

    fn prepare(&self, workload: &Workload, question: &Question) -> Self::Question {
        (
            workload.members[question.member].role,
            Cell::from(question).path(workload),
        )
    }

    fn ask(&mut self, (role, cell): &Self::Question) -> bool {
        self.0[*role]
            .enforce((cell,))
            .expect("the matcher evaluates")
    }
}

/// The same with casbin's own cache, large enough for every cell. The answers are checked before the clock starts,
/// which warms it.
pub struct Cached(Vec<CachedEnforcer>);

impl Contestant for Cached {
    type Question = (usize, String);

    const LABEL: Label = Label {
        engine: "casbin",
        encoding: "an enforcer for each role, its cache fully warm",
        asked: "prebuilt text, role resolved",
    };

    fn load(workload: &Workload) -> Self {
        let cells = Cell::all(workload).count();
        let enforcers = workload.roles.iter().map(|role| {
            let mut enforcer: CachedEnforcer = enforcer(PER_ROLE, verdicts(workload, role));
            enforcer.set_cache(Box::new(DefaultCache::new(cells)));
            enforcer
        });
        Self(enforcers.collect())
    }

    fn prepare(&self, workload: &Workload, question: &Question) -> Self::Question {
        (
            workload.members[question.member].role,
            Cell::from(question).path(workload),
        )
    }

    fn ask(&mut self, (role, cell): &Self::Question) -> bool {
        self.0[*role]
            .enforce((cell,))
            .expect("the matcher evaluates")
    }
}

/// What a role may do at each level where it says something, the most specific first.
///
/// An object rule decides for its records and for the fields without a rule alike, so one row serves both.
fn verdicts(workload: &Workload, role: &Role) -> Vec<Vec<String>> {
    let mut rows = [const { Vec::new() }; 3];
    let verdict = |cell, granted| vec![cell, String::from(if granted { "allow" } else { "deny" })];
    for action in Action::ALL {
        for rule in &role.rules {
            let object = rule.object;
            let fields = rule
                .fields
                .iter()
                .filter(|_| Action::OF_FIELDS.contains(&action));
            rows[0].extend(fields.map(|rule| {
                let field = Some(rule.field);
                let cell = Cell {
                    action,
                    object,
                    field,
                };
                verdict(cell.path(workload), naive::may(role, action, object, field))
            }));
            let record = Cell {
                action,
                object,
                field: None,
            };
            let cells = format!("{}*", record.path(workload));
            rows[1].push(verdict(cells, naive::may(role, action, object, None)));
        }
        let baseline = role.baseline[action.index()] && role.baseline[Action::See.index()];
        rows[2].push(verdict(format!("{}/*", action.name()), baseline));
    }
    rows.concat()
}

fn enforcer<E: CoreApi + MgmtApi>(model: &str, rows: Vec<Vec<String>>) -> E {
    block_on(async {
        let model = DefaultModel::from_str(model).await?;
        let mut enforcer = E::new(model, NullAdapter).await?;
        enforcer.add_policies(rows).await?;
        Ok::<_, casbin::Error>(enforcer)
    })
    .expect("the model and the rows are valid")
}

/// casbin's interface is asynchronous, though nothing here waits.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime without drivers starts")
        .block_on(future)
}

//! How many values a workspace has as a document, so that none grows larger than what can be loaded again (L25).

use alloc::sync::Arc;

use crate::model::principal::PrincipalKind;
use crate::model::problem::ProblemKind;
use crate::model::problem_list::Problems;
use crate::model::role::{FieldRule, ObjectRule, Role};
use crate::model::schema::{Field, Object, Permission, Schema, Writing};
use crate::support::limits::MAX_VALUES;
use crate::workspace::{ChangeError, Workspace};

/// The map itself, the version, the revision, the schema, the roles, the default role, a map for each kind of holder, the
/// mappings, and the map of the options with both of them, whether they are written or not.
const FRAME: usize = 13;

/// Adds a problem if there are more values than a document can have.
pub(super) fn check(values: usize, problems: &mut Problems) {
    if values > MAX_VALUES {
        problems.add("", ProblemKind::TooManyValues(values));
    }
}

impl Workspace {
    /// How many values it has, counted anew.
    pub(super) fn count_values(&self) -> usize {
        let roles = self.roles.iter().map(|(_, role)| of_role(role));
        FRAME + of_schema(&self.schema) + roles.sum::<usize>() + self.values_beside()
    }

    /// Counts the values again after a change of `before`, of which only the parts that are no longer shared are looked at.
    pub(super) fn recount_values(&mut self, before: &Self) -> Result<(), ChangeError> {
        let mut grown = self.values_beside();
        let mut shrunk = before.values_beside();
        if !Arc::ptr_eq(&self.schema, &before.schema) {
            grown += of_schema(&self.schema);
            shrunk += of_schema(&before.schema);
        }
        if !Arc::ptr_eq(&self.roles, &before.roles) {
            let (new, old) = (self.roles.by_slot(), before.roles.by_slot());
            for slot in 0..new.len().max(old.len()) {
                let at = |slots: &'_ [Option<Arc<Role>>]| slots.get(slot).cloned().flatten();
                let (new, old) = (at(new), at(old));
                let is_shared = match (&new, &old) {
                    (Some(new), Some(old)) => Arc::ptr_eq(new, old),
                    _ => false,
                };
                if !is_shared {
                    grown += new.map_or(0, |role| of_role(&role));
                    shrunk += old.map_or(0, |role| of_role(&role));
                }
            }
        }
        self.values = (before.values + grown).saturating_sub(shrunk);
        let mut problems = Problems::default();
        check(self.values, &mut problems);
        ChangeError::unless_empty(problems)
    }

    /// The values of holders and mappings, which are quickly counted.
    fn values_beside(&self) -> usize {
        let kinds = PrincipalKind::ALL.into_iter();
        let holders: usize = kinds.map(|kind| self.holders.len(kind)).sum();
        holders + 3 * self.group_mappings.len()
    }
}

/// A list with that many items, which is left out if it is empty.
fn of_list(items: usize) -> usize {
    if items == 0 { 0 } else { 1 + items }
}

fn of_schema(schema: &Schema) -> usize {
    let objects: usize = schema.objects().iter().map(of_object).sum();
    let permissions: usize = schema.permissions().iter().map(of_permission).sum();
    2 + objects + permissions
}

fn of_object(object: &Object) -> usize {
    let fields: usize = object.fields().iter().map(of_field).sum();
    3 + usize::from(object.label().is_some()) + fields
}

/// A field with nothing but a key is the key alone.
fn of_field(field: &Field) -> usize {
    let texts = [
        field.label().is_some(),
        field.relation().is_some(),
        field.writing() != Writing::Free,
    ];
    let texts = texts.into_iter().filter(|is_there| *is_there).count();
    let lists =
        of_list(field.bound_actions().iter().count()) + of_list(field.bound_permissions().len());
    match texts + lists {
        0 => 1,
        more => 2 + more,
    }
}

fn of_permission(permission: &Permission) -> usize {
    let label = usize::from(permission.label().is_some());
    3 + label + of_list(permission.requirements().len())
}

fn of_role(role: &Role) -> usize {
    let rules: usize = role.rules().values().map(of_object_rule).sum();
    let texts = usize::from(role.is_admin()) + usize::from(role.description().is_some());
    let holders = if role.is_admin() {
        0
    } else {
        1 + role.holder_kinds().iter().count()
    };
    2 + texts
        + of_list(role.baseline().iter().count())
        + of_list(rules)
        + of_list(role.all_access().iter().count())
        + of_list(role.permissions().len())
        + holders
}

fn of_object_rule(rule: &ObjectRule) -> usize {
    let fields = rule.fields().values().copied().map(of_field_rule).sum();
    // Four effects, whether they are written or not.
    5 + of_list(fields)
}

fn of_field_rule(rule: FieldRule) -> usize {
    let presets = [FieldRule::SEE_ONLY, FieldRule::EDIT, FieldRule::NO_ACCESS];
    if presets.contains(&rule) { 1 } else { 3 }
}

//! One place of a role where something is set: the cells that a settings page shows.

use alloc::string::ToString;
use core::fmt;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::model::action::Action;
use crate::model::effect::Effect;
use crate::model::id::{FieldKey, ObjectKey, PermissionKey};
use crate::model::role::{FieldRule, ObjectRule, Role};
use crate::model::schema::PermissionClass;
use crate::support::escape::Escaped;

/// One place of a role where an effect is set, or one answer that it gives.
///
/// A baseline, a permission and a switch are allowed or not: there, [`Effect::Inherit`] does not exist. Object rules and
/// field rules have all three effects.
///
/// A page sends cells, so that the error of a wrong one shows the right forms.
///
/// # Examples
///
/// ```
/// use rolegate::{Action, Cell};
///
/// let cell: Cell = serde_json::from_str(r#"{"object":{"object":"people","action":"edit"}}"#)?;
/// assert_eq!(cell, Cell::object("people", Action::Edit));
///
/// let error = serde_json::from_str::<Cell>(r#"{"object":"people"}"#).unwrap_err();
/// assert!(error.to_string().contains(r#"a cell is one of `{"baseline":{"action":"see"}}`, "#));
/// # Ok::<(), serde_json::Error>(())
/// ```
// `remote` makes what is derived functions of the type, for the traits below to call.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case", deny_unknown_fields)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a settings page shows every cell; its build should break when one is added"
)]
pub enum Cell {
    /// An action on all objects.
    Baseline {
        /// The action.
        action: Action,
    },
    /// An action on the records of an object.
    Object {
        /// The object.
        object: ObjectKey,
        /// The action.
        action: Action,
    },
    /// See or Edit on a field.
    Field {
        /// The object.
        object: ObjectKey,
        /// The field.
        field: FieldKey,
        /// The action, See or Edit (L5).
        action: Action,
    },
    /// A workspace permission, granted one by one.
    Permission {
        /// The permission.
        permission: PermissionKey,
    },
    /// The *all access* switch of a class of workspace permissions.
    AllAccess {
        /// The class.
        class: PermissionClass,
    },
}

impl Cell {
    /// An action on all objects.
    #[must_use]
    pub fn baseline(action: Action) -> Self {
        Self::Baseline { action }
    }

    /// An action on the records of an object.
    pub fn object(object: impl Into<ObjectKey>, action: Action) -> Self {
        Self::Object {
            object: object.into(),
            action,
        }
    }

    /// See or Edit on a field.
    pub fn field(object: impl Into<ObjectKey>, field: impl Into<FieldKey>, action: Action) -> Self {
        Self::Field {
            object: object.into(),
            field: field.into(),
            action,
        }
    }

    /// A workspace permission.
    pub fn permission(permission: impl Into<PermissionKey>) -> Self {
        Self::Permission {
            permission: permission.into(),
        }
    }

    /// The *all access* switch of a class.
    #[must_use]
    pub fn all_access(class: PermissionClass) -> Self {
        Self::AllAccess { class }
    }
}

/// One right form of each cell, for the error of a wrong one.
const FORMS: &str = concat!(
    r#"a cell is one of `{"baseline":{"action":"see"}}`, `{"object":{"object":"people","action":"edit"}}`, "#,
    r#"`{"field":{"object":"people","field":"email","action":"see"}}`, "#,
    r#"`{"permission":{"permission":"send_email"}}`, `{"all_access":{"class":"settings"}}`"#,
);

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer).map_err(|error| {
            let message = error.to_string();
            let (problem, place) = split_place(&message);
            let problem = Escaped(problem);
            D::Error::custom(format_args!("{problem}; {FORMS}{place}"))
        })
    }
}

/// Splits the place in the text off a message.
///
/// `serde_json` ends a message with its place, and looks for it there: so the place has to stay at the end.
fn split_place(message: &str) -> (&str, &str) {
    const BEFORE_LINE: &str = " at line ";
    const BEFORE_COLUMN: &str = " column ";
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_place = |place: &str| {
        place
            .strip_prefix(BEFORE_LINE)
            .and_then(|numbers| numbers.split_once(BEFORE_COLUMN))
            .is_some_and(|(line, column)| is_number(line) && is_number(column))
    };
    message
        .rfind(BEFORE_LINE)
        .and_then(|start| message.split_at_checked(start))
        .filter(|(_, place)| is_place(place))
        .unwrap_or((message, ""))
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Baseline { action } => write!(f, "`{action}` on all objects"),
            Self::Object { object, action } => {
                write!(f, "`{action}` on `{}`", Escaped(object.as_str()))
            }
            Self::Field {
                object,
                field,
                action,
            } => {
                let (object, field) = (Escaped(object.as_str()), Escaped(field.as_str()));
                write!(f, "`{action}` on `{object}.{field}`")
            }
            Self::Permission { permission } => {
                write!(f, "permission `{}`", Escaped(permission.as_str()))
            }
            Self::AllAccess { class } => write!(f, "all access to `{class}`"),
        }
    }
}

/// The error of setting a cell to something that it cannot be.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidCell {
    /// Inherit at a level above which there is none.
    #[error("{0} has nothing to inherit from; allow or deny it")]
    NothingToInherit(Cell),
    /// Delete or Destroy of a field (L5).
    #[error("{0} does not exist; a field can be seen and edited")]
    FieldsHaveTwoActions(Cell),
}

/// A cell whose effect changed, from what to what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct CellChange {
    /// The cell.
    pub cell: Cell,
    /// The effect before.
    pub from: Effect,
    /// The effect after.
    pub to: Effect,
}

impl fmt::Display for CellChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} from {} to {}", self.cell, self.from, self.to)
    }
}

fn given(is_given: bool) -> Effect {
    if is_given {
        Effect::Allow
    } else {
        Effect::Deny
    }
}

impl Role {
    /// What the role itself says in a cell: Allow or Deny in a baseline, a permission and a switch; Inherit where there is no
    /// rule. What results from it is for the [`Policy`](crate::Policy) to say.
    #[must_use]
    pub fn effect(&self, cell: &Cell) -> Effect {
        match cell {
            Cell::Baseline { action } => given(self.baseline.contains(*action)),
            Cell::Object { object, action } => self
                .rules
                .get(object)
                .map_or(Effect::Inherit, |rule| rule.effect(*action)),
            Cell::Field {
                object,
                field,
                action,
            } => self
                .rules
                .get(object)
                .and_then(|rule| rule.fields().get(field))
                .map_or(Effect::Inherit, |rule| rule.effect(*action)),
            Cell::Permission { permission } => given(self.permissions.contains(permission)),
            Cell::AllAccess { class } => given(self.all_access.contains(*class)),
        }
    }

    /// The role with another effect in a cell, adding a rule where there is none. A rule that says
    /// nothing any more is removed, unless a field rule is left in it. If the cell has the effect already, the role stays as it is.
    ///
    /// # Errors
    ///
    /// When the cell cannot have that effect: Inherit in a baseline, permission or switch, or Delete and Destroy of a field.
    ///
    /// ```
    /// use rolegate::{Action, Cell, Effect, Role};
    ///
    /// let role = Role::new("Sales").set(&Cell::field("people", "email", Action::See), Effect::Allow)?;
    /// assert_eq!(role.effect(&Cell::field("people", "email", Action::See)), Effect::Allow);
    /// let role = role.set(&Cell::field("people", "email", Action::See), Effect::Inherit)?;
    /// assert_eq!(role, Role::new("Sales"));
    /// # Ok::<(), rolegate::role::InvalidCell>(())
    /// ```
    pub fn set(mut self, cell: &Cell, effect: Effect) -> Result<Self, InvalidCell> {
        let is_given = match effect {
            Effect::Allow => Some(true),
            Effect::Deny => Some(false),
            Effect::Inherit => None,
        };
        let no_inherit = || InvalidCell::NothingToInherit(cell.clone());
        match cell {
            Cell::Baseline { action } => {
                self.baseline = if is_given.ok_or_else(no_inherit)? {
                    self.baseline.with(*action)
                } else {
                    self.baseline.without(*action)
                };
            }
            Cell::Object { object, action } => {
                if self.effect(cell) == effect {
                    return Ok(self);
                }
                let rule = self.rules.remove(object).unwrap_or_default();
                self = self.with_rule(object, rule.set(*action, effect));
            }
            Cell::Field {
                object,
                field,
                action,
            } => {
                let rule = self.rules.get(object);
                let was = rule.and_then(|rule| rule.fields().get(field)).copied();
                let field_rule = was.unwrap_or_default();
                let field_rule = match action {
                    Action::See => field_rule.set_see(effect),
                    Action::Edit => field_rule.set_edit(effect),
                    Action::Delete | Action::Destroy => {
                        return Err(InvalidCell::FieldsHaveTwoActions(cell.clone()));
                    }
                };
                if field_rule == was.unwrap_or_default() {
                    return Ok(self);
                }
                let rule = self.rules.remove(object).unwrap_or_default();
                let rule = if field_rule == FieldRule::new() {
                    rule.without_field(field)
                } else {
                    rule.field(field, field_rule)
                };
                self = self.with_rule(object, rule);
            }
            Cell::Permission { permission } => {
                if is_given.ok_or_else(no_inherit)? {
                    self.permissions.insert(permission.clone());
                } else {
                    self.permissions.remove(permission);
                }
            }
            Cell::AllAccess { class } => {
                self.all_access = if is_given.ok_or_else(no_inherit)? {
                    self.all_access.with(*class)
                } else {
                    self.all_access.without(*class)
                };
            }
        }
        Ok(self)
    }

    /// The cells in which this role differs from `before`, sorted: the baseline, objects, fields, permissions, switches.
    #[must_use]
    pub fn changes_since(&self, before: &Self) -> alloc::vec::Vec<CellChange> {
        let mut cells: alloc::collections::BTreeSet<Cell> = before.cells().collect();
        cells.extend(self.cells());
        cells
            .into_iter()
            .map(|cell| CellChange {
                from: before.effect(&cell),
                to: self.effect(&cell),
                cell,
            })
            .filter(|change| change.from != change.to)
            .collect()
    }

    /// Every cell in which the role says something.
    fn cells(&self) -> impl Iterator<Item = Cell> {
        let switches = self.all_access.iter().map(Cell::all_access);
        let permissions = self.permissions.iter().map(Cell::permission);
        let baseline = self.baseline.iter().map(Cell::baseline);
        let rules = self.rules.iter().flat_map(|(object, rule)| {
            let record = Action::ALL.map(|action| Cell::object(object, action));
            let fields = rule.fields().keys().flat_map(move |field| {
                [Action::See, Action::Edit].map(|action| Cell::field(object, field, action))
            });
            record.into_iter().chain(fields)
        });
        switches.chain(permissions).chain(baseline).chain(rules)
    }

    /// The role with that rule, or without one if the rule says nothing.
    pub(crate) fn with_rule(self, object: &ObjectKey, rule: ObjectRule) -> Self {
        if rule == ObjectRule::new() {
            self.without_rule(object)
        } else {
            self.rule(object, rule)
        }
    }
}

crate::support::debug_is_display::debug_is_display!(InvalidCell);

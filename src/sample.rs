//! A small workspace to try things on: the example of the documentation.

use crate::model::action::Action;
use crate::model::principal::Principal;
use crate::model::role::{FieldRule, ObjectRule, Role};
use crate::model::schema::{Field, Schema};
use crate::workspace::{InvalidWorkspace, Workspace};

/// The Intern of the documentation, in a workspace with people, companies and opportunities.
///
/// The members are `ada` (Admin), `grace` (Member, the default role) and `tim` (Intern); the API key `website` is a Member
/// and `legacy` has no role; the agent `writer` is a Member and `idle` has no role.
///
/// An intern sees all objects but edits none; cannot see opportunities; edits people, except that `email` can only be seen
/// and `address` is hidden. A member sees and edits everything, and sends e-mail.
///
/// # Errors
///
/// None: the sample is valid. It passes the same gate as every workspace, which has an error.
///
/// ```
/// let workspace = rolegate::sample::workspace()?;
/// assert_eq!(workspace.roles().count(), 3);
/// # Ok::<(), rolegate::InvalidWorkspace>(())
/// ```
pub fn workspace() -> Result<Workspace, InvalidWorkspace> {
    let schema = Schema::builder()
        .object("people", ["name", "email", "address"])
        .field("people", Field::new("company").with_relation("companies"))
        .object("companies", ["name", "revenue"])
        .object("opportunities", ["name", "amount"])
        .build()?;
    let member = Role::new("Member")
        .allow(Action::See)
        .allow(Action::Edit)
        .grant("send_email");
    let intern = Role::new("Intern")
        .allow(Action::See)
        .rule("opportunities", ObjectRule::new().deny(Action::See))
        .rule(
            "people",
            ObjectRule::new()
                .allow(Action::Edit)
                .field("email", FieldRule::SEE_ONLY)
                .field("address", FieldRule::NO_ACCESS),
        );
    Workspace::builder(schema)
        .role(Role::admin("Admin"))
        .role(member)
        .role(intern)
        .default_role("Member")
        .member("ada", "Admin")
        .member("grace", "Member")
        .member("tim", "Intern")
        .api_key("website", "Member")
        .principal_without_role(Principal::api_key("legacy"))
        .agent("writer", "Member")
        .principal_without_role(Principal::agent("idle"))
        .build()
}

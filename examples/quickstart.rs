//! The Intern role of the documentation: described, asked, and explained.
//!
//! Run with `cargo run --example quickstart`.
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use rolegate::{
    Action, Denied, FieldRule, ObjectRule, Principal, Role, Schema, Workspace, WorkspaceBuilder,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // What there is.
    let schema = Schema::builder()
        .object("people", ["name", "email", "address"])
        .object("companies", ["name", "revenue"])
        .object("opportunities", ["name", "amount"])
        .build()?;

    // "An intern should be able to see all objects but not edit them by default."
    let intern = Role::new("Intern")
        .allow(Action::See)
        // "Opportunities → disable See Records"
        .rule("opportunities", ObjectRule::new().deny(Action::See))
        // "People → enable Edit Records", "Email → See Field only", "Address → No Access"
        .rule(
            "people",
            ObjectRule::new()
                .allow(Action::Edit)
                .field("email", FieldRule::SEE_ONLY)
                .field("address", FieldRule::NO_ACCESS),
        );

    // Who holds which role.
    let builder: WorkspaceBuilder = Workspace::builder(schema)
        .role(Role::admin("Admin"))
        .role(intern)
        .default_role("Intern")
        .member("ada", "Admin")
        .member("tim", "Intern");
    let policy = builder.build()?.compile();

    // Once for a request: who asks.
    let tim = policy.access(&Principal::member("tim"));

    println!(
        "{:<24}{:>6}{:>6}{:>8}{:>9}",
        "Intern", "see", "edit", "delete", "destroy"
    );
    for object in policy.schema().objects() {
        row(object.key().as_str(), |action| {
            tim.can(action, object.key(), None)
        });
        for field in object.fields() {
            let name = format!("  {}", field.key());
            row(&name, |action| tim.can(action, object.key(), field.key()));
        }
    }

    let columns: Vec<&str> = tim.fields(Action::See, "people").iter().collect();
    println!("\nselect {} from people", columns.join(", "));

    println!("\n{}", tim.explain(Action::Edit, "people", "email"));

    if let Err(denied) = show_opportunities(&tim) {
        println!("\nrefused: {denied}");
    }
    Ok(())
}

/// What a request handler looks like: `?` turns a denial into its error.
fn show_opportunities(access: &rolegate::Access<'_>) -> Result<(), Denied> {
    access.require(Action::See, "opportunities", None)?;
    println!("here they are");
    Ok(())
}

fn row(name: &str, can: impl Fn(Action) -> bool) {
    let mark = |action| if can(action) { "yes" } else { "-" };
    println!(
        "{name:<24}{:>6}{:>6}{:>8}{:>9}",
        mark(Action::See),
        mark(Action::Edit),
        mark(Action::Delete),
        mark(Action::Destroy)
    );
}

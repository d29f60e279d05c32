//! A day of an administrator, in the order of the documentation's chapters, on the CRM document.
//!
//! Run with `cargo run --example administer`. Prints each event and each refusal as a person reads it.
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;

use rolegate::{
    Acting, Action, Cell, Change, Document, Draft, Effect, GroupMapping, Policy, Principal,
    PrincipalKind, Role, Schema, Workspace,
};

fn main() -> Result<(), Box<dyn Error>> {
    let json = include_str!("data/crm.json");
    let document: Document = serde_json::from_str(json)?;
    let mut workspace = Workspace::try_from(document)?;
    let policy = workspace.compile();
    println!(
        "loaded revision {}: {} objects, {} roles",
        workspace.revision(),
        workspace.schema().objects().len(),
        workspace.roles().count()
    );
    let admin = workspace
        .holders_of("Admin")
        .into_iter()
        .find(|holder| holder.kind() == PrincipalKind::Member)
        .ok_or("somebody holds Admin")?;

    let mut office = workspace.acting(&admin);
    create_and_override(&mut office, policy.schema())?;
    assign_and_delete(&mut office, &admin);
    connect(&mut office);
    heading("Somebody else tries");
    let mut sales = workspace.acting(&Principal::member("ines"));
    tell(
        &mut sales,
        Change::create_role(Role::new("Mine").allow(Action::See)),
    );
    save_and_compare(&workspace, &policy)
}

fn create_and_override(office: &mut Acting<'_>, schema: &Schema) -> Result<(), Box<dyn Error>> {
    heading("Create a role");
    let mut draft = Draft::new("Trainee");
    draft.turn_on(&Cell::baseline(Action::See), schema)?;
    draft.turn_off(&Cell::object("opportunities", Action::See), schema)?;
    draft.turn_on(&Cell::object("people", Action::Edit), schema)?;
    draft.set(&Cell::field("people", "email", Action::Edit), Effect::Deny)?;
    draft.turn_on(&Cell::baseline(Action::Destroy), schema)?;
    println!("  a slip: {} cells edited", draft.changes().len());
    draft.undo();
    println!("  undone: {} cells edited", draft.changes().len());
    for change in draft.changes() {
        println!("  edited: {change}");
    }
    let preview = draft.preview(schema);
    println!(
        "  preview: {} answers gained, {} lost, the first is {}",
        preview.gained.len(),
        preview.lost.len(),
        preview
            .gained
            .first()
            .map(ToString::to_string)
            .unwrap_or_default()
    );
    tell(office, draft.to_change());

    heading("Override what is inherited");
    draft.mark_saved();
    let cell = Cell::field("people", "email", Action::See);
    draft.turn_off(&cell, schema)?;
    let state = draft.cell(&cell, schema);
    println!(
        "  {cell}: set to {}, would inherit {} from {}, so it is {}",
        state.own,
        allowed(
            state
                .inherited
                .as_ref()
                .is_some_and(|inherited| inherited.is_allowed)
        ),
        state
            .inherited
            .map(|inherited| inherited.source.to_string())
            .unwrap_or_default(),
        allowed(state.is_allowed)
    );
    tell(office, draft.to_change());
    println!("the same draft, saved a second time although the role has changed:");
    tell(office, draft.to_change());
    Ok(())
}

fn assign_and_delete(office: &mut Acting<'_>, admin: &Principal) {
    heading("Assign roles");
    let newcomer = Principal::member("pia");
    tell(office, Change::add(newcomer.clone()));
    tell(office, Change::assign_role(newcomer.clone(), "Trainee"));
    tell(office, Change::assign_role(newcomer.clone(), "Trainer"));
    tell(office, Change::assign_role(admin.clone(), "Trainee"));

    heading("Set the default role");
    tell(office, Change::set_default_role("Trainee"));
    tell(office, Change::delete_role("Trainee"));
    tell(office, Change::set_default_role("Admin"));
    tell(office, Change::set_default_role("Member"));

    heading("Delete a role");
    tell(office, Change::delete_role("Admin"));
    tell(office, Change::delete_role("Trainee"));
}

fn connect(office: &mut Acting<'_>) {
    heading("API keys and AI agents");
    let website = Principal::api_key("newsletter");
    tell(office, Change::add(website.clone()));
    tell(office, Change::assign_role(website, "Integration"));
    let agent = Principal::agent("summaries");
    tell(office, Change::add(agent.clone()));
    tell(office, Change::assign_role(agent, "Integration"));

    heading("Single sign-on");
    tell(
        office,
        Change::set_group_mappings([GroupMapping::new("crm-owners", "Admin")]),
    );
    tell(
        office,
        Change::set_group_mappings([
            GroupMapping::to_admin("crm-owners"),
            GroupMapping::new("crm-sales", "Sales"),
        ]),
    );
    tell(office, Change::join("ines", ["everybody", "crm-sales"]));
    tell(office, Change::delete_role("Sales"));

    heading("The data model");
    tell(office, Change::remove_field("people", "email"));
}

fn save_and_compare(workspace: &Workspace, policy: &Policy) -> Result<(), Box<dyn Error>> {
    heading("Save, load and compare");
    let saved = serde_json::to_string_pretty(&Document::from(workspace))?;
    let loaded = Workspace::try_from(serde_json::from_str::<Document>(&saved)?)?;
    println!(
        "saved revision {}, {} bytes; loaded again, it is equal: {}",
        workspace.revision(),
        saved.len(),
        loaded == *workspace
    );
    let (before, after) = (workspace.recompile(policy), loaded.compile());
    let mut questions = 0;
    for kind in PrincipalKind::ALL {
        for (principal, _) in workspace.principals(kind) {
            let (old, new) = (before.access(&principal), after.access(&principal));
            for object in workspace.schema().objects() {
                for action in Action::ALL {
                    questions += 1;
                    if old.can(action, object.key(), None) != new.can(action, object.key(), None)
                        || old.fields(action, object.key()) != new.fields(action, object.key())
                    {
                        return Err(format!("{principal}: {action} {}", object.key()).into());
                    }
                }
            }
        }
    }
    println!("{questions} questions about objects and all their fields: the same answers");
    Ok(())
}

/// Applies a change and prints what happened, or why it was refused.
fn tell(office: &mut Acting<'_>, change: Change) {
    match office.apply(change) {
        Ok(events) => events.iter().for_each(|event| println!("  {event}")),
        Err(refused) => println!("  refused: {refused}"),
    }
}

fn heading(text: &str) {
    println!("\n{text}\n{}", "-".repeat(text.len()));
}

fn allowed(is_allowed: bool) -> &'static str {
    if is_allowed { "allowed" } else { "denied" }
}

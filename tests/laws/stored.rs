//! Is what was saved what is loaded? L25, as far as saving goes.

use proptest::prelude::*;
use rolegate::schema::SchemaBuilder;
use rolegate::workspace::KeysWithoutRole;
use rolegate::{
    Action, Document, Field, FieldRule, Object, ObjectRule, Permission, PermissionClass, Principal,
    PrincipalKind, Revision, Role, Schema, Workspace, WorkspaceBuilder,
};

use crate::bridge::{self, document, load, save, workspace};
use crate::strategies::{for_all, worlds};

#[test]
fn l25_load_and_save_lose_nothing() {
    for_all(worlds(), |world| {
        let workspace = workspace(&world);
        let saved = save(&workspace);
        let loaded = load(&saved);
        prop_assert_eq!(loaded.as_ref(), Ok(&workspace));
        prop_assert_eq!(save(&loaded.unwrap()), saved, "byte for byte");
        let toml = toml::to_string(&Document::from(&workspace)).unwrap();
        let from_toml: Document = toml::from_str(&toml).unwrap();
        prop_assert_eq!(Workspace::try_from(from_toml), Ok(workspace), "{}", toml);
        Ok(())
    });
}

#[test]
fn l25_a_document_written_by_hand_is_the_workspace_that_it_describes() {
    for_all(worlds(), |world| {
        let by_hand = document(&world).to_string();
        prop_assert_eq!(load(&by_hand), Ok(workspace(&world)), "{}", by_hand);
        Ok(())
    });
}

#[test]
fn l25_equal_workspaces_are_saved_byte_for_byte_alike() {
    for_all(worlds(), |world| {
        let workspace = workspace(&world);
        let schema = bridge::schema(&world).build().unwrap();
        let mut other_way =
            Workspace::builder(schema).keys_without_role(workspace.keys_without_role());
        for kind in [
            PrincipalKind::Agent,
            PrincipalKind::ApiKey,
            PrincipalKind::Member,
        ] {
            for (principal, role) in workspace.principals(kind).into_iter().rev() {
                let name = role.map(|role| role.name().clone());
                other_way = other_way.holder(principal, name);
            }
        }
        other_way = other_way.default_role(workspace.default_role().unwrap().name());
        other_way = workspace
            .roles()
            .cloned()
            .fold(other_way, WorkspaceBuilder::role);
        let other_way = other_way.build().unwrap();
        prop_assert_eq!(&other_way, &workspace);
        prop_assert_eq!(save(&other_way), save(&workspace));
        Ok(())
    });
}

#[test]
fn l25_a_store_that_sorts_the_keys_of_maps_changes_nothing() {
    for_all(worlds(), |world| {
        let workspace = workspace(&world);
        let sorted: serde_json::Value = serde_json::from_str(&save(&workspace)).unwrap();
        prop_assert_eq!(load(&sorted.to_string()), Ok(workspace));
        Ok(())
    });
}

#[test]
fn l25_holders_are_saved_in_the_order_of_their_ids() {
    let ids: Vec<String> = (100..200).map(|number| format!("m{number}")).collect();
    let members = ids.iter().rev();
    let workspace = members.fold(plain(schema(), clerk()), |workspace, id| {
        workspace.member(id.as_str(), "Member")
    });
    let saved = save(&workspace.build().unwrap());
    let places = ids.iter().map(|id| saved.find(&format!("\"{id}\"")));
    let places: Vec<_> = places.collect();
    assert!(places.is_sorted() && !places.contains(&None), "{saved}");
}

fn schema() -> SchemaBuilder {
    Schema::builder()
        .object("people", ["name", "email"])
        .object("companies", ["name"])
}

/// A workspace that uses every feature in its plainest form.
fn plain(schema: SchemaBuilder, clerk: Role) -> WorkspaceBuilder {
    Workspace::builder(schema.build().unwrap())
        .role(Role::admin("Admin"))
        .role(Role::new("Member"))
        .role(clerk)
        .default_role("Member")
        .member("ada", "Admin")
        .member("tim", "Clerk")
        .principal_without_role(Principal::api_key("legacy"))
        .principal_without_role(Principal::agent("idle"))
}

fn clerk() -> Role {
    let email = FieldRule::new().set_see(rolegate::Effect::Allow);
    Role::new("Clerk").allow(Action::See).rule(
        "people",
        ObjectRule::new().deny(Action::Edit).field("email", email),
    )
}

#[test]
fn l25_whatever_differs_is_saved_and_loaded() {
    let people = |field: Field| Object::new("people").field("name").field(field);
    let with = |people: Object| {
        Schema::builder()
            .add_object(people)
            .object("companies", ["name"])
    };
    let rule = |rule: ObjectRule| clerk().rule("people", rule);
    let mut all = vec![
        plain(schema(), clerk()),
        plain(schema(), clerk()).revision(Revision::new(1)),
        plain(schema(), clerk()).revision(Revision::new(u64::MAX)),
        plain(schema(), clerk()).keys_without_role(KeysWithoutRole::Denied),
        plain(schema(), clerk()).default_role("Clerk"),
        plain(schema(), clerk()).role(Role::new("Last")),
        plain(schema(), clerk()).member("eve", "Member"),
        plain(schema(), clerk()).member("eve", "Clerk"),
        plain(schema(), clerk()).api_key("eve", "Clerk"),
        plain(schema(), clerk()).agent("eve", "Clerk"),
        plain(schema(), clerk()).principal_without_role(Principal::agent("eve")),
        plain(schema(), clerk().with_description("Sees people")),
        plain(schema(), clerk().with_description("")),
        plain(schema(), clerk().allow(Action::Destroy)),
        plain(schema(), clerk().rule("companies", ObjectRule::new())),
        plain(schema(), rule(ObjectRule::new())),
        plain(
            schema(),
            rule(ObjectRule::new().field("email", FieldRule::new())),
        ),
        plain(
            schema(),
            rule(ObjectRule::new().field("email", FieldRule::SEE_ONLY)),
        ),
        plain(
            schema(),
            rule(ObjectRule::new().field("email", FieldRule::EDIT)),
        ),
        plain(
            schema(),
            rule(ObjectRule::new().field("email", FieldRule::NO_ACCESS)),
        ),
        plain(schema(), clerk().grant("roles")),
        plain(schema(), clerk().grant_all(PermissionClass::Settings)),
        plain(schema(), clerk().grant_all(PermissionClass::Actions)),
        plain(schema(), clerk().with_holder_kinds([PrincipalKind::Member])),
        plain(with(people("email".into()).with_label("People")), clerk()),
        plain(
            with(people(Field::new("email").with_label("E-mail"))),
            clerk(),
        ),
        plain(
            with(people(Field::new("email").with_relation("companies"))),
            clerk(),
        ),
        plain(with(people("email".into()).field("phone")), clerk()),
        plain(schema().object("tasks", [""; 0]), clerk()),
        plain(schema().only_permissions([]), clerk()),
        plain(schema().permission(Permission::action("fax")), clerk()),
        plain(schema().permission(Permission::settings("fax")), clerk()),
        plain(
            schema().permission(Permission::action("fax").with_label("Fax")),
            clerk(),
        ),
        plain(
            schema().permission(Permission::action("fax").with_requirement("roles")),
            clerk(),
        ),
    ];
    for action in Action::ALL {
        for effect in rolegate::Effect::ALL {
            let rule = ObjectRule::new().set(action, effect);
            let rule = clerk().rule("companies", rule.field("name", FieldRule::NO_ACCESS));
            // One of the three is the same for every action.
            if effect != rolegate::Effect::Inherit || action == Action::See {
                all.push(plain(schema(), rule));
            }
        }
    }
    let all: Vec<Workspace> = all.into_iter().map(|one| one.build().unwrap()).collect();
    for (at, one) in all.iter().enumerate() {
        assert_eq!(load(&save(one)).as_ref(), Ok(one));
        for other in &all[..at] {
            assert_ne!(one, other);
            assert_ne!(save(one), save(other));
        }
    }
}

#[test]
fn l25_what_is_left_out_has_its_default() {
    let written = r#"{
        "version": 1,
        "schema": {"objects": [
            {"key": "people", "fields": ["name", "email"]},
            {"key": "companies", "fields": ["name"]}
        ]},
        "roles": [
            {"name": "Admin", "admin": true},
            {"name": "Member"},
            {"name": "Clerk", "allow": ["see"], "objects": {
                "people": {"edit": "deny", "fields": {"email": {"see": "allow"}}}
            }}
        ],
        "default_role": "Member",
        "members": {"ada": "Admin", "tim": "Clerk"},
        "api_keys": {"legacy": ""},
        "agents": {"idle": ""}
    }"#;
    let plain = plain(schema(), clerk()).build().unwrap();
    assert_eq!(load(written).as_ref(), Ok(&plain));
    // No name has a space in it.
    assert_eq!(save(&plain), written.replace(char::is_whitespace, ""));
}

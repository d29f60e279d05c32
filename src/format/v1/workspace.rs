//! A whole workspace in version 1, both ways.

use alloc::string::ToString;

use crate::format::document::VERSION;
use crate::format::map::MapWriter;
use crate::format::reader::{self, Fields};
use crate::format::tree::Tree;
use crate::format::v1::holders::read_holders;
use crate::format::v1::options::read_options;
use crate::format::v1::schema::{read_schema, write_schema};
use crate::format::v1::{read_mapping, read_role, write_mapping, write_role};
use crate::model::id::RoleName;
use crate::model::principal::PrincipalKind;
use crate::model::problem_list::Problems;
use crate::model::role::Role;
use crate::workspace::{GrantPolicy, GroupMapping, KeysWithoutRole, Revision, Workspace, section};

/// Reads a document; adds all problems, and without any makes the workspace.
pub(in crate::format) fn read(tree: Tree, problems: &mut Problems) -> Option<Workspace> {
    let known = [
        "version",
        "revision",
        "schema",
        "roles",
        "default_role",
        "members",
        "api_keys",
        "agents",
        "group_mappings",
        "options",
        "$schema",
    ];
    let mut document = Fields::read(tree, "", &known, problems)?;
    document.take("version");
    // For the editor of the person who writes the document. It says nothing about the workspace, which cannot keep it.
    document.take_text("$schema", problems);
    let revision = document
        .take("revision")
        .and_then(|(tree, path)| reader::whole_number(&tree, &path, problems));
    let schema = read_schema(document.require("schema", problems), problems);
    let mut builder = Workspace::builder(schema).revision(Revision::new(revision.unwrap_or(0)));
    match document.require("roles", problems) {
        Some((roles, path)) => {
            builder.roles = reader::list(
                roles,
                &path,
                problems,
                reader::in_place(read_role, |place| Role::new(place)),
            );
        }
        None => problems.note_unread("roles"),
    }
    if let Some((tree, path)) = document.take("default_role") {
        match reader::text(tree, &path, problems) {
            Some(name) => builder.default_role = Some(RoleName::from(name)),
            None => problems.note_unread(path),
        }
    }
    for kind in PrincipalKind::ALL {
        if let Some((tree, path)) = document.take(section(kind)) {
            read_holders(tree, &path, kind, &mut builder.holders, problems);
        }
    }
    builder.group_mappings = document.take_list(
        "group_mappings",
        problems,
        reader::in_place(read_mapping, |place| GroupMapping::to_admin(place)),
    );
    if let Some((tree, path)) = document.take("options") {
        builder = read_options(tree, &path, builder, problems);
    }
    builder.check(problems)
}

/// Writes a workspace.
pub(in crate::format) fn write(workspace: &Workspace) -> Tree {
    let mut document = MapWriter::default();
    document.put("version", Tree::Integer(VERSION));
    if workspace.revision() != Revision::default() {
        document.put(
            "revision",
            Tree::Integer(workspace.revision().number().into()),
        );
    }
    document.put("schema", write_schema(workspace.schema()));
    document.put("roles", workspace.roles().map(write_role).collect());
    if let Some(role) = workspace.default_role() {
        document.put("default_role", Tree::text(role.name().as_str()));
    }
    for kind in PrincipalKind::ALL {
        let holders = workspace.names_of_holders(kind);
        let holders = holders.into_iter().map(|(id, role)| {
            let role = role.map_or("", RoleName::as_str);
            (id.to_string(), Tree::text(role))
        });
        document.put_some(section(kind), MapWriter(holders.collect()));
    }
    let mappings = workspace.group_mappings();
    document.put_list(
        "group_mappings",
        mappings.map(|mapping| write_mapping(&mapping)),
    );
    let mut options = MapWriter::default();
    if workspace.keys_without_role() != KeysWithoutRole::default() {
        let access = workspace.keys_without_role().as_str();
        options.put("api_keys_without_role", Tree::text(access));
    }
    if workspace.grant_policy() != GrantPolicy::default() {
        let policy = workspace.grant_policy().as_str();
        options.put("grant_policy", Tree::text(policy));
    }
    document.put_some("options", options);
    document.into()
}

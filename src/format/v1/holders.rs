//! Holders and group mappings in version 1, both ways.

use alloc::vec::Vec;

use crate::format::map::MapWriter;
use crate::format::reader::{self, Fields, inside};
use crate::format::tree::Tree;
use crate::model::id::RoleName;
use crate::model::principal::{Principal, PrincipalKind};
use crate::model::problem::ProblemKind;
use crate::model::problem_list::Problems;
use crate::workspace::{GroupMapping, GroupTarget};

pub(super) fn read_holders(
    tree: Tree,
    path: &str,
    kind: PrincipalKind,
    holders: &mut Vec<(Principal, Option<RoleName>)>,
    problems: &mut Problems,
) {
    let Some(entries) = reader::entries(tree, path, problems) else {
        problems.note_unread(path);
        return;
    };
    for (id, role) in entries {
        let role = match role {
            Tree::Null => None,
            Tree::Text(name) if name.is_empty() => None,
            other => {
                let Some(name) = reader::text(other, &inside(path, &id), problems) else {
                    problems.note_unread(path);
                    continue;
                };
                Some(RoleName::from(name))
            }
        };
        // Given twice, so that it may hold another role.
        if problems.is_unread(&inside(path, &id)) {
            problems.note_unread(path);
        }
        holders.push((Principal::new(kind, id), role));
    }
}

pub(in crate::format) fn read_mapping(
    tree: Tree,
    path: &str,
    problems: &mut Problems,
) -> Option<GroupMapping> {
    let mut map = Fields::read(tree, path, &["group", "role", "admin"], problems)?;
    let group = map.take_name("group", problems);
    let is_admin = map.take_boolean("admin", problems);
    let role = if is_admin == Some(true) {
        map.take("role").inspect(|(_, path)| {
            problems.add(path, ProblemKind::RoleBesideAdmin);
        });
        None
    } else if problems.is_unread(&inside(path, "admin")) {
        // It may have been `true`, so that no role is needed.
        map.take("role")
    } else {
        map.require("role", problems)
    };
    let role = role.and_then(|(tree, path)| reader::text(tree, &path, problems));
    // A role that is missing or unread has been said, so that nothing has the mapping to Admin.
    Some(match role {
        Some(role) => GroupMapping::new(group, role),
        None => GroupMapping::to_admin(group),
    })
}

pub(in crate::format) fn write_mapping(mapping: &GroupMapping) -> Tree {
    let mut map = MapWriter::default();
    map.put("group", Tree::text(mapping.group.as_str()));
    match &mapping.target {
        GroupTarget::Role(role) => map.put("role", Tree::text(role.as_str())),
        GroupTarget::Admin => map.put("admin", Tree::Bool(true)),
    }
    map.into()
}

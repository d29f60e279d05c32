//! Options in version 1.

use crate::format::reader::{self, Fields};
use crate::format::tree::Tree;
use crate::model::problem_list::Problems;
use crate::workspace::WorkspaceBuilder;

pub(super) fn read_options(
    tree: Tree,
    path: &str,
    builder: WorkspaceBuilder,
    problems: &mut Problems,
) -> WorkspaceBuilder {
    let known = ["api_keys_without_role", "grant_policy"];
    let Some(mut map) = Fields::read(tree, path, &known, problems) else {
        return builder;
    };
    let access = map
        .take("api_keys_without_role")
        .and_then(|(tree, path)| reader::word(tree, &path, problems));
    let policy = map
        .take("grant_policy")
        .and_then(|(tree, path)| reader::word(tree, &path, problems));
    builder
        .keys_without_role(access.unwrap_or_default())
        .grant_policy(policy.unwrap_or_default())
}

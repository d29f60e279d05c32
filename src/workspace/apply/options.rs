//! Changes of options and group mappings: what each does, and which events it yields.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::model::problem_list::Problems;
use crate::workspace::apply::done::{Done, unless_same};
use crate::workspace::builder::{by_group, check_mappings};
use crate::workspace::{ChangeError, Event, GroupMapping, Workspace};

pub(super) fn set_group_mappings(workspace: &mut Workspace, mappings: Vec<GroupMapping>) -> Done {
    let mut problems = Problems::default();
    check_mappings(
        &mappings,
        |name| workspace.role(name),
        || workspace.roles.names(),
        &mut problems,
    );
    ChangeError::unless_empty(problems)?;
    let from: Vec<GroupMapping> = workspace.group_mappings().collect();
    workspace.group_mappings = Arc::new(by_group(mappings.clone()));
    unless_same(
        from == mappings,
        Event::GroupMappingsChanged { from, to: mappings },
    )
}

//! What a change comes to: its events, or why it is refused.

use alloc::vec::Vec;

use crate::workspace::{ChangeError, Event};

pub(in crate::workspace) type Done = Result<Vec<Event>, ChangeError>;

pub(super) fn unless_same(is_same: bool, event: Event) -> Done {
    if is_same {
        Err(ChangeError::NothingChanges)
    } else {
        Ok(alloc::vec![event])
    }
}

//! What was before, and what was undone: whole values, so that nothing has to be computed backwards.

use alloc::vec::Vec;

/// A value with its past and, after an undo, its future.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct History<T> {
    past: Vec<T>,
    present: T,
    future: Vec<T>,
}

impl<T: PartialEq> History<T> {
    pub(super) fn new(present: T) -> Self {
        Self {
            past: Vec::new(),
            present,
            future: Vec::new(),
        }
    }

    pub(super) fn present(&self) -> &T {
        &self.present
    }

    /// Makes a new value the present one; what was undone is gone. An equal value is no edit.
    pub(super) fn edit(&mut self, new: T) {
        if new != self.present {
            self.past.push(core::mem::replace(&mut self.present, new));
            self.future.clear();
        }
    }

    pub(super) fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    pub(super) fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// Goes one edit back, if there is one.
    pub(super) fn undo(&mut self) {
        if let Some(before) = self.past.pop() {
            self.future
                .push(core::mem::replace(&mut self.present, before));
        }
    }

    /// Goes one undone edit forward, if there is one.
    pub(super) fn redo(&mut self) {
        if let Some(after) = self.future.pop() {
            self.past.push(core::mem::replace(&mut self.present, after));
        }
    }
}

//! A map that is being written.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::format::tree::Tree;
use crate::model::action::Action;
use crate::model::effect::Effect;

/// A map that is being written.
#[derive(Default)]
pub(super) struct MapWriter(pub(super) Vec<(String, Tree)>);

impl MapWriter {
    pub(super) fn put(&mut self, key: &str, value: Tree) {
        self.0.push((key.to_string(), value));
    }

    pub(super) fn put_text(&mut self, key: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.put(key, Tree::text(text));
        }
    }

    /// Puts a list, unless it is empty.
    pub(super) fn put_list(&mut self, key: &str, items: impl Iterator<Item = Tree>) {
        let items: Vec<Tree> = items.collect();
        if !items.is_empty() {
            self.put(key, Tree::List(items));
        }
    }

    /// Puts a map, unless it is empty.
    pub(super) fn put_some(&mut self, key: &str, map: Self) {
        if !map.0.is_empty() {
            self.put(key, map.into());
        }
    }

    /// Puts an effect, unless it is Inherit.
    pub(super) fn put_effect(&mut self, action: Action, effect: Effect) {
        if effect != Effect::Inherit {
            self.put(action.as_str(), Tree::text(effect.as_str()));
        }
    }
}

impl From<MapWriter> for Tree {
    fn from(map: MapWriter) -> Self {
        Self::Map(map.0)
    }
}

impl FromIterator<Tree> for Tree {
    fn from_iter<I: IntoIterator<Item = Tree>>(items: I) -> Self {
        Self::List(items.into_iter().collect())
    }
}

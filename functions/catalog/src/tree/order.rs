//! Tree order: each category before its children, siblings by rank.

use shared::{id::CategoryId, vocabulary::CategoryStatus};

use super::{Node, Tree};

/// Rest of a walk: siblings by level, the next one last.
#[derive(Debug)]
pub struct Walk<'t> {
    tree: &'t Tree,
    ahead: Vec<(usize, CategoryId)>,
    deepest: usize,
    audience: Audience,
}

/// Audience of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Public: hidden categories and their subtrees are absent.
    Public,
    /// Administrators.
    Administrators,
}

impl Iterator for Walk<'_> {
    type Item = (usize, CategoryId);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (level, id) = self.ahead.pop()?;
            if !self.tree.shows(id, self.audience) {
                continue;
            }
            self.push_children(level + 1, Some(id), None);
            return Some((level, id));
        }
    }
}

impl Tree {
    /// True if the category's own status makes it visible, apart from its ancestors'.
    fn shows(&self, id: CategoryId, audience: Audience) -> bool {
        self.get(id)
            .is_some_and(|node| audience == Audience::Administrators || node.status == CategoryStatus::Active)
    }

    /// The category `id`, if an audience sees it.
    pub fn find(&self, id: CategoryId, audience: Audience) -> Option<&Node> {
        let there = self.shows(id, audience) && self.ancestors(id).all(|id| self.shows(id, audience));
        self.get(id).filter(|_| there)
    }

    /// `top` and the part of its subtree that an audience sees.
    pub fn subtree(&self, top: CategoryId, audience: Audience) -> impl Iterator<Item = CategoryId> {
        let walk = self.walk(Some(top), None, None, audience);
        walk.into_iter().flatten().map(|(_, id)| id)
    }

    /// The children of `parent` that an audience sees, if it sees `parent`.
    pub fn shown_children(&self, parent: CategoryId, audience: Audience) -> impl Iterator<Item = CategoryId> {
        self.children(Some(parent)).filter(move |id| self.shows(*id, audience))
    }

    /// `top` and its subtree down to `depth` levels, or the whole tree to that level,
    /// each with its level; from the beginning, or after `after`. `None` if the
    /// audience does not see `after`: cursors carry no MAC, and the children of a
    /// hidden category would be judged by their own status alone.
    pub fn walk(
        &self,
        top: Option<CategoryId>,
        depth: Option<usize>,
        after: Option<CategoryId>,
        audience: Audience,
    ) -> Option<Walk<'_>> {
        let first = top.map_or(0, |top| self.level(top));
        let deepest = first.saturating_add(depth.unwrap_or(usize::MAX));
        let mut walk = Walk { tree: self, ahead: Vec::new(), deepest, audience };
        let Some(after) = after else {
            match top {
                Some(top) => walk.ahead.push((first, top)),
                None => walk.push_children(0, None, None),
            }
            return Some(walk);
        };
        self.find(after, audience)?;
        // Path from the top to the position: the later siblings of each step are still
        // to come.
        let way = std::iter::once(after).chain(self.ancestors(after));
        let mut way: Vec<CategoryId> = way.take_while(|id| Some(*id) != top).collect();
        way.reverse();
        let (mut parent, mut level) = (top, top.map_or(0, |_| first + 1));
        if top.is_some() && way.first().is_some_and(|id| self.parent(*id) != top) {
            return None;
        }
        for id in way {
            walk.push_children(level, parent, Some(id));
            (parent, level) = (Some(id), level + 1);
        }
        walk.push_children(level, parent, None);
        Some(walk)
    }
}

impl Walk<'_> {
    /// Pushes the children of `parent`, or those after `after`.
    fn push_children(&mut self, level: usize, parent: Option<CategoryId>, after: Option<CategoryId>) {
        if level <= self.deepest {
            let siblings = self.tree.children(parent).rev().take_while(|id| Some(*id) != after);
            self.ahead.extend(siblings.map(|id| (level, id)));
        }
    }
}

//! The order of permissions in which each comes after those that it requires, and the circles in it.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

/// The positions of a graph, each after those that it points to, without those on a circle or leading to one.
pub(super) fn targets_first(targets: &[Vec<usize>]) -> Vec<usize> {
    let sources = reversed(targets);
    let mut unmet: Vec<usize> = targets.iter().map(Vec::len).collect();
    let mut order: Vec<usize> = unmet
        .iter()
        .enumerate()
        .filter(|(_, count)| **count == 0)
        .map(|(position, _)| position)
        .collect();
    let mut next = 0;
    while let Some(position) = order.get(next) {
        for source in sources.get(*position).into_iter().flatten() {
            if let Some(count) = unmet.get_mut(*source) {
                *count -= 1;
                if *count == 0 {
                    order.push(*source);
                }
            }
        }
        next += 1;
    }
    order
}

/// The positions of a graph from which a way leads back to themselves: those that can reach each other are found together,
/// as Kosaraju does.
pub(super) fn on_circles(targets: &[Vec<usize>]) -> BTreeSet<usize> {
    let mut order = Vec::with_capacity(targets.len());
    let mut unseen = alloc::vec![true; targets.len()];
    for start in 0..targets.len() {
        order.extend(walk(targets, start, &mut unseen));
    }
    let sources = reversed(targets);
    let mut unseen = alloc::vec![true; targets.len()];
    let mut circular = BTreeSet::new();
    for start in order.into_iter().rev() {
        let together = walk(&sources, start, &mut unseen);
        let points_to_itself = || targets.get(start).is_some_and(|all| all.contains(&start));
        if together.len() > 1 || (together.len() == 1 && points_to_itself()) {
            circular.extend(together);
        }
    }
    circular
}

/// The unseen positions that can be reached from one of them, itself last: each when all ways on from it have been walked.
/// It goes no deeper for a longer way, since requirements are written by others.
fn walk(targets: &[Vec<usize>], start: usize, unseen: &mut [bool]) -> Vec<usize> {
    let mut enter = |position: usize| {
        let is_unseen = unseen.get_mut(position)?;
        let next = targets.get(position)?.iter();
        core::mem::take(is_unseen).then_some((position, next))
    };
    let mut walked = Vec::new();
    let mut way: Vec<_> = enter(start).into_iter().collect();
    while let Some((position, next)) = way.last_mut() {
        if let Some(further) = next.find_map(|target| enter(*target)) {
            way.push(further);
        } else {
            walked.push(*position);
            way.pop();
        }
    }
    walked
}

/// The graph with every arrow turned round.
fn reversed(targets: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut sources = alloc::vec![Vec::new(); targets.len()];
    for (position, targets) in targets.iter().enumerate() {
        for target in targets {
            if let Some(sources) = sources.get_mut(*target) {
                sources.push(position);
            }
        }
    }
    sources
}

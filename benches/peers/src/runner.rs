//! How is a contestant driven, whatever its types?

use std::hint::black_box;
use std::time::Duration;

use crate::allocation;
use crate::clock::timed;
use crate::contestant::{Contestant, Label};
use crate::workload::{Question, Workload};

/// What loading took.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    pub time: Duration,
    /// What stays allocated.
    pub bytes: i64,
}

/// A contestant that is ready, whatever its types: loaded, with the questions prepared.
pub trait Runner {
    fn label(&self) -> Label;

    fn cost(&self) -> Cost;

    /// The answers to the first `count` questions.
    fn answers(&mut self, count: usize) -> Vec<bool>;

    /// The time in which the first `count` questions are answered `passes` times.
    fn time(&mut self, count: usize, passes: u32) -> Duration;

    /// Allocations while the first `count` questions are answered once; `None` where they cannot be counted.
    fn allocations(&mut self, count: usize) -> Option<u64>;
}

/// Loads a contestant and prepares the questions for it.
pub fn enter<C: Contestant + 'static>(
    workload: &Workload,
    questions: &[Question],
) -> Box<dyn Runner> {
    let bytes = allocation::live_bytes();
    let (contestant, time) = timed(|| C::load(workload));
    let cost = Cost {
        time,
        bytes: allocation::live_bytes() - bytes,
    };
    let questions = questions
        .iter()
        .map(|question| contestant.prepare(workload, question))
        .collect();
    Box::new(Entry {
        contestant,
        questions,
        cost,
    })
}

struct Entry<C: Contestant> {
    contestant: C,
    questions: Vec<C::Question>,
    cost: Cost,
}

impl<C: Contestant> Entry<C> {
    /// Asks the first `count` questions and counts the yeses, so that no answer is optimised away.
    fn pass(&mut self, count: usize) -> usize {
        self.questions[..count]
            .iter()
            .filter(|question| self.contestant.ask(black_box(question)))
            .count()
    }
}

impl<C: Contestant> Runner for Entry<C> {
    fn label(&self) -> Label {
        C::LABEL
    }

    fn cost(&self) -> Cost {
        self.cost
    }

    fn answers(&mut self, count: usize) -> Vec<bool> {
        self.questions[..count]
            .iter()
            .map(|question| self.contestant.ask(question))
            .collect()
    }

    fn time(&mut self, count: usize, passes: u32) -> Duration {
        let ((), time) = timed(|| {
            for _ in 0..passes {
                black_box(self.pass(count));
            }
        });
        time
    }

    fn allocations(&mut self, count: usize) -> Option<u64> {
        let before = allocation::calls();
        black_box(self.pass(count));
        Some(allocation::calls() - before)
    }
}

//! rolegate as a request uses it: the access is at hand, and asked about a hundred things.

use std::hint::black_box;
use std::time::Duration;

use rolegate::{Access, Action, FieldId};

use super::rolegate::ByHandle;
use crate::allocation;
use crate::clock::timed;
use crate::contestant::{Contestant, Label};
use crate::runner::{Cost, Runner, enter};
use crate::workload::{Question, Workload};

/// The questions of one member.
type Request = (&'static Access<'static>, Vec<(Action, FieldId)>);

/// The questions by handle, put together by who asks them.
struct Requests {
    cost: Cost,
    questions: Vec<<ByHandle as Contestant>::Question>,
}

pub fn requests(workload: &Workload, questions: &[Question]) -> Box<dyn Runner> {
    let by_handle = ByHandle::load(workload);
    Box::new(Requests {
        cost: enter::<ByHandle>(workload, &[]).cost(),
        questions: questions
            .iter()
            .map(|question| by_handle.prepare(workload, question))
            .collect(),
    })
}

impl Requests {
    /// The first questions, by who asks.
    fn of(&self, count: usize) -> Vec<Request> {
        let mut sorted = self.questions[..count].to_vec();
        sorted.sort_by_key(|(access, ..)| std::ptr::from_ref(*access));
        let requests = sorted.chunk_by(|left, right| std::ptr::eq(left.0, right.0));
        requests
            .map(|request| {
                let questions = request.iter().map(|(_, action, field)| (*action, *field));
                (request[0].0, questions.collect())
            })
            .collect()
    }
}

fn pass(requests: &[Request]) -> usize {
    let served = requests.iter().map(|(access, questions)| {
        let yes = questions.iter().filter(|question| {
            let (action, field) = black_box(question);
            access.can(*action, field.object(), *field)
        });
        yes.count()
    });
    served.sum()
}

impl Runner for Requests {
    fn label(&self) -> Label {
        Label {
            engine: "rolegate",
            encoding: "`Access::can` by handle, one request after the other",
            asked: "handles",
        }
    }

    fn cost(&self) -> Cost {
        self.cost
    }

    fn answers(&mut self, count: usize) -> Vec<bool> {
        self.questions[..count]
            .iter()
            .map(|(access, action, field)| access.can(*action, field.object(), *field))
            .collect()
    }

    fn time(&mut self, count: usize, passes: u32) -> Duration {
        let requests = self.of(count);
        let ((), time) = timed(|| {
            for _ in 0..passes {
                black_box(pass(black_box(&requests)));
            }
        });
        time
    }

    fn allocations(&mut self, count: usize) -> Option<u64> {
        let requests = self.of(count);
        let before = allocation::calls();
        black_box(pass(&requests));
        Some(allocation::calls() - before)
    }
}

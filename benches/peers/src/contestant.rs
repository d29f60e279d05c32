//! What must an engine be able to do to take part?

use crate::workload::{Question, Workload};

/// How an engine appears in the table.
#[derive(Debug, Clone, Copy)]
pub struct Label {
    pub engine: &'static str,
    pub encoding: &'static str,
    /// In which form it takes a question; a form that is prebuilt costs nothing while the clock runs.
    pub asked: &'static str,
}

/// An engine with one encoding of the workload.
pub trait Contestant: Sized {
    /// A question as this engine takes it. Whatever a host can prepare once is prepared here, outside the clock.
    type Question;

    const LABEL: Label;

    /// From plain data to ready to answer.
    fn load(workload: &Workload) -> Self;

    fn prepare(&self, workload: &Workload, question: &Question) -> Self::Question;

    fn ask(&mut self, question: &Self::Question) -> bool;
}

//! Who takes part, in the order of the table?

mod bits;
mod casbin;
mod casl;
mod cedar;
mod maps;
mod oso;
mod regorus;
mod requests;
mod rolegate;

use std::hash::RandomState;

use crate::runner::{Runner, enter};
use crate::workload::{Question, Workload};

/// Loads every contestant, and says who cannot run on this machine.
pub fn all(workload: &Workload, questions: &[Question]) -> (Vec<Box<dyn Runner>>, Option<String>) {
    let mut runners = vec![
        requests::requests(workload, questions),
        enter::<rolegate::ByHandle>(workload, questions),
        enter::<rolegate::ByName>(workload, questions),
        enter::<rolegate::ThroughPolicy>(workload, questions),
        enter::<bits::ByIndex>(workload, questions),
        enter::<bits::ByName>(workload, questions),
        enter::<maps::Maps<foldhash::fast::RandomState>>(workload, questions),
        enter::<maps::Maps<RandomState>>(workload, questions),
        enter::<cedar::Natural>(workload, questions),
        enter::<cedar::PolicyPerRole>(workload, questions),
        enter::<cedar::PolicyPerAction>(workload, questions),
        enter::<cedar::Hierarchy>(workload, questions),
        enter::<casbin::Natural>(workload, questions),
        enter::<casbin::PerRole>(workload, questions),
        enter::<casbin::Cached>(workload, questions),
        enter::<regorus::Natural>(workload, questions),
        enter::<regorus::NaturalCompiled>(workload, questions),
        enter::<regorus::Grants>(workload, questions),
        enter::<oso::Natural>(workload, questions),
        enter::<oso::Grants>(workload, questions),
    ];
    match casl::all(workload, questions) {
        Ok(nodes) => {
            runners.extend(nodes);
            (runners, None)
        }
        Err(reason) => (runners, Some(reason)),
    }
}

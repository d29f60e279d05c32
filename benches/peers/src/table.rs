//! How long does a check take, contestant by contestant, in one run?
//!
//! Every contestant answers the same questions as the oracle before the clock starts. Then all are timed in turns,
//! round after round, so that a disturbance of the machine meets all of them; the median of the rounds counts.

mod markdown;
mod plot;

use std::io;
use std::path::Path;
use std::time::Duration;

use crate::contestant::Label;
use crate::contestants;
use crate::naive;
use crate::runner::{Cost, Runner};
use crate::workload::{Question, Shape};

/// The seed of the workload; that of the questions is the next one.
const SEED: u64 = 1;
const QUESTIONS: usize = 100_000;
/// Questions that are asked first, to see about how long they take.
const FEW: u32 = 50;

/// How much time a run spends.
struct Effort {
    /// On the comparison with the oracle, for each contestant.
    agreement: Duration,
    /// On one contestant in one round.
    turn: Duration,
    rounds: u32,
}

const QUICK: Effort = Effort {
    agreement: Duration::from_secs(1),
    turn: Duration::from_millis(10),
    rounds: 5,
};
const FULL: Effort = Effort {
    agreement: Duration::from_secs(20),
    turn: Duration::from_millis(100),
    rounds: 15,
};

/// One line of the table.
struct Row {
    label: Label,
    cost: Cost,
    agreement: Agreement,
    /// The median of the rounds, for one check.
    nanoseconds: f64,
    /// For one check, where they can be counted.
    allocations: Option<f64>,
}

/// How many answers were compared with those of the oracle, and how many of them were wrong.
struct Agreement {
    compared: usize,
    wrong: usize,
}

/// Prints the table; a run that is not quick also writes it, with the plot, into the guide.
///
/// # Errors
///
/// Fails if the files cannot be written.
pub fn run(quick: bool) -> io::Result<()> {
    let effort = if quick { QUICK } else { FULL };
    let workload = Shape::SMALL.generate(SEED);
    let questions = workload.questions(QUESTIONS, SEED + 1);
    let expected: Vec<_> = questions
        .iter()
        .map(|question| naive::answer(&workload, question))
        .collect();
    eprintln!(
        "{} questions, {} of them answered yes",
        expected.len(),
        expected.iter().filter(|yes| **yes).count()
    );

    let (runners, left_out) = contestants::all(&workload, &questions);
    let prepare = |runner| Turn::prepare(runner, &questions, &expected, &effort);
    let mut turns: Vec<_> = runners.into_iter().map(prepare).collect();
    for round in 1..=effort.rounds {
        eprintln!("round {round} of {}", effort.rounds);
        turns.iter_mut().for_each(Turn::take);
    }
    let rows: Vec<_> = turns.into_iter().map(Turn::finish).collect();

    let text = markdown::render(&rows, left_out.as_deref(), effort.rounds);
    print!("{text}");
    if !quick {
        let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src/guide");
        std::fs::write(guide.join("performance-table.md"), text)?;
        plot::draw(&rows, &guide.join("performance.svg")).map_err(io::Error::other)?;
    }
    Ok(())
}

/// A contestant between its rounds.
struct Turn {
    runner: Box<dyn Runner>,
    agreement: Agreement,
    /// How many questions it is asked in a turn, and how many times over.
    count: usize,
    passes: u32,
    rounds: Vec<f64>,
}

impl Turn {
    /// Compares the answers, and finds out how many questions fit into a turn.
    fn prepare(
        mut runner: Box<dyn Runner>,
        questions: &[Question],
        expected: &[bool],
        effort: &Effort,
    ) -> Self {
        let label = runner.label();
        let compared =
            fitting(effort.agreement, runner.time(FEW as usize, 1) / FEW).min(expected.len());
        let answers = runner.answers(compared);
        let wrong: Vec<_> = (0..compared)
            .filter(|&i| answers[i] != expected[i])
            .collect();
        eprintln!(
            "{}, {}: {} of {compared} answers are wrong",
            label.engine,
            label.encoding,
            wrong.len()
        );
        for &i in wrong.iter().take(3) {
            let says = if answers[i] { "yes" } else { "no" };
            eprintln!("  {}? It says {says}", questions[i]);
        }
        let warm = compared.min(1_000);
        let each = runner.time(warm, 1).div_f64(warm as f64);
        let count = fitting(effort.turn, each).min(compared);
        let passes = fitting(effort.turn, each) / count;
        Self {
            runner,
            agreement: Agreement {
                compared,
                wrong: wrong.len(),
            },
            count,
            passes: u32::try_from(passes).unwrap_or(u32::MAX),
            rounds: Vec::new(),
        }
    }

    fn take(&mut self) {
        let time = self.runner.time(self.count, self.passes);
        self.rounds
            .push(time.as_nanos() as f64 / (self.count as f64 * f64::from(self.passes)));
    }

    fn finish(mut self) -> Row {
        self.rounds.sort_by(f64::total_cmp);
        Row {
            label: self.runner.label(),
            cost: self.runner.cost(),
            nanoseconds: self.rounds[self.rounds.len() / 2],
            allocations: self
                .runner
                .allocations(self.count)
                .map(|calls| calls as f64 / self.count as f64),
            agreement: self.agreement,
        }
    }
}

/// How many checks of this length fit into a time, and at least a few.
fn fitting(time: Duration, each: Duration) -> usize {
    let fitting = time.as_nanos() / each.as_nanos().max(1);
    usize::try_from(fitting).unwrap_or(usize::MAX).max(100)
}

//! Do Cedar and rolegate give the same answers?
//!
//! Random small workspaces are translated for both; then every principal, and some chains of principals, ask about
//! everything that the workspace has and about names that it does not have. Zero disagreements pass.

mod cedar;
mod rolegate;
mod sample;

use std::fmt;
use std::num::NonZero;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use cedar::Workspace;
use sample::{Principal, Questions, Sample, Thing};

use crate::workload::Random;

/// How many disagreements are kept for the report, the smallest ones.
const KEPT: usize = 1_000;

/// Compares at least that many decisions and prints what was found.
pub fn run(decisions: u64, seed: u64) -> ExitCode {
    println!("seed {seed}");
    let next = AtomicU64::new(0);
    let compared = AtomicU64::new(0);
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let found = thread::scope(|scope| {
        let work = || {
            let mut found = Report::default();
            while compared.load(Ordering::Relaxed) < decisions {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let before = found.compared();
                compare(seed, number, &mut found);
                compared.fetch_add(found.compared() - before, Ordering::Relaxed);
            }
            found
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let found = workers
            .into_iter()
            .map(|worker| worker.join().expect("no comparison panics"));
        found.reduce(Report::merge).unwrap_or_default()
    });
    println!("{} workspaces\n{found}", next.into_inner());
    // To compare nothing shows nothing.
    let is_compared = found
        .counts
        .iter()
        .all(|[denied, allowed]| denied + allowed > 0);
    if found.disagreements == 0 && is_compared {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Compares all decisions about the sample of that number, which depends on nothing but the seed and the number.
fn compare(seed: u64, number: u64, report: &mut Report) {
    let mut random = Random(Random(seed).next() ^ number);
    let sample = Sample::random(&mut random);
    let Questions {
        principals,
        known,
        chains,
        things,
    } = sample.questions(&mut random);

    let workspace = Workspace::new(&sample);
    let policy = rolegate::compile(&sample);
    let askers: Vec<_> = principals.iter().map(cedar::principal_uid).collect();
    let names: Vec<_> = principals.iter().map(rolegate::principal).collect();
    let accesses: Vec<_> = names.iter().map(|name| policy.access(name)).collect();
    let chained: Vec<_> = chains
        .iter()
        .map(|chain| {
            let rest = chain[1..].iter().map(|&link| &names[link]);
            rest.fold(accesses[chain[0]].clone(), ::rolegate::Access::on_behalf_of)
        })
        .collect();

    for (thing, thing_known) in &things {
        let asked = cedar::asked(thing);
        let decisions: Vec<_> = askers
            .iter()
            .map(|asker| workspace.may(asker, &asked))
            .collect();
        let mut compare = |chain: &[usize], access, category| {
            // Acting for someone is an intersection.
            let cedar = chain.iter().all(|&link| decisions[link]);
            let rolegate = rolegate::may(access, thing);
            report.count(category, cedar);
            if cedar != rolegate {
                report.add(|| Disagreement::new(&sample, number, chain, &principals, thing, cedar));
            }
        };
        for (index, access) in accesses.iter().enumerate() {
            let category = match thing {
                _ if !thing_known || index >= known => Category::UnknownNames,
                Thing::Records { field: None, .. } => Category::Records,
                Thing::Records { field: Some(_), .. } => Category::Fields,
                Thing::Permission(_) => Category::Permissions,
            };
            compare(&[index], access, category);
        }
        for (chain, access) in chains.iter().zip(&chained) {
            compare(chain, access, Category::Chains);
        }
    }
}

/// What a decision is about.
#[derive(Debug, Clone, Copy)]
enum Category {
    Records,
    Fields,
    UnknownNames,
    Permissions,
    Chains,
}

impl Category {
    const NAMES: [&str; 5] = [
        "records",
        "fields",
        "unknown names",
        "permissions",
        "chains",
    ];
}

/// What was found so far.
#[derive(Debug, Default)]
struct Report {
    /// Decisions for each category: denied, allowed.
    counts: [[u64; 2]; Category::NAMES.len()],
    disagreements: usize,
    kept: Vec<Disagreement>,
}

impl Report {
    fn compared(&self) -> u64 {
        self.counts.as_flattened().iter().sum()
    }

    fn count(&mut self, category: Category, allowed: bool) {
        self.counts[category as usize][usize::from(allowed)] += 1;
    }

    fn add(&mut self, disagreement: impl FnOnce() -> Disagreement) {
        self.disagreements += 1;
        self.kept.push(disagreement());
        if self.kept.len() >= 2 * KEPT {
            self.keep_smallest();
        }
    }

    fn keep_smallest(&mut self) {
        self.kept.sort_by_key(|disagreement| disagreement.size);
        self.kept.truncate(KEPT);
    }

    fn merge(mut self, other: Self) -> Self {
        for (count, more) in self
            .counts
            .as_flattened_mut()
            .iter_mut()
            .zip(other.counts.as_flattened())
        {
            *count += more;
        }
        self.disagreements += other.disagreements;
        self.kept.extend(other.kept);
        self.keep_smallest();
        self
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, [denied, allowed]) in Category::NAMES.into_iter().zip(self.counts) {
            writeln!(
                f,
                "{:>12} decisions about {name}, {allowed} of them allowed",
                denied + allowed
            )?;
        }
        writeln!(
            f,
            "{:>12} decisions compared, {} disagreements",
            self.compared(),
            self.disagreements
        )?;
        for Disagreement { question, .. } in &self.kept {
            writeln!(f, "{question}")?;
        }
        if self.disagreements > self.kept.len() {
            writeln!(f, "and {} more", self.disagreements - self.kept.len())?;
        }
        match self.kept.first() {
            None => Ok(()),
            Some(smallest) => write!(f, "the smallest workspace: {}", smallest.workspace),
        }
    }
}

/// One question to which the answers differ.
#[derive(Debug)]
struct Disagreement {
    size: usize,
    question: String,
    workspace: String,
}

impl Disagreement {
    fn new(
        sample: &Sample,
        number: u64,
        chain: &[usize],
        principals: &[Principal],
        thing: &Thing,
        cedar: bool,
    ) -> Self {
        let links: Vec<_> = chain
            .iter()
            .map(|&link| principals[link].to_string())
            .collect();
        let asker = links.join(" for ");
        let (cedar, rolegate) = if cedar { ("yes", "no") } else { ("no", "yes") };
        Self {
            size: sample.size() + chain.len(),
            question: format!(
                "may {asker} {thing}? Cedar: {cedar}, rolegate: {rolegate}, workspace {number}"
            ),
            workspace: format!("{sample:#?}"),
        }
    }
}

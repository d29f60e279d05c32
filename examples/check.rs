//! A workspace from a file, questions from another: who may do what, and why. The policy tests of a team, run in CI.
//!
//! Run with `cargo run --example check -- examples/data/crm.json examples/data/questions.jsonl`, or with `--help`.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::process::ExitCode;

use rolegate::{Action, Document, Explanation, Policy, Principal, Workspace};

use rolegate::explanation::{Question, Reason};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

const HELP: &str = "\
Answers questions about a workspace, and checks those that say which answer they expect.

usage: check [--lints] <document> <questions>

  <document>   a workspace, as JSON (its format is a page of the crate's guide)
  <questions>  questions, one JSON object a line; `-` reads them from standard input
  --lints      lists what in the document is probably not what somebody meant
  --help       says this

A question has these keys; one that does not apply is left out, and any other is an error:

  principal     who asks: `member:tim`, `api_key:website`, `agent:writer`
  on_behalf_of  whom it acts for: a principal, or a list of them
  action        `see`, `edit`, `delete` or `destroy`
  object        an object, by its key
  field         a field of it, by its key; left out, the question is about the record
  permission    a workspace permission, in the place of `action`, `object` and `field`
  expect        `true` or `false`: the answer that is expected
  note          what the question is for

Each answer is one line of JSON on standard output: the number of the line, the question, whether it is allowed, which
principal decided that and for what reason, and all of it in a sentence. Findings and a summary go to standard error.

exit status:
  0  all is well
  1  an answer is not the expected one; it is explained
  2  a line is no question, and is reported with its column while all others are answered; or the document is refused
";

/// Exit status: an answer is not the expected one.
const UNEXPECTED: u8 = 1;
/// Exit status: what was given is wrong.
const WRONG: u8 = 2;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut answers = BufWriter::new(io::stdout().lock());
    let status = run(
        &arguments,
        io::stdin().lock(),
        &mut answers,
        &mut io::stderr().lock(),
    );
    match status.and_then(|status| answers.flush().map(|()| status)) {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            // If that cannot be written either, the status says enough.
            let _ = writeln!(io::stderr(), "standard output: {error}");
            ExitCode::from(WRONG)
        }
    }
}

/// Does what [`HELP`] says and returns the exit status. The error is that of writing.
pub(crate) fn run(
    arguments: &[String],
    standard_input: impl BufRead,
    answers: &mut impl Write,
    findings: &mut impl Write,
) -> io::Result<u8> {
    let (options, files): (Vec<&str>, Vec<&str>) = arguments
        .iter()
        .map(String::as_str)
        .partition(|word| word.len() > 1 && word.starts_with('-'));
    if options.contains(&"--help") || options.contains(&"-h") {
        write!(answers, "{HELP}")?;
        return Ok(0);
    }
    let shows_lints = options.contains(&"--lints");
    let unknown = options.iter().find(|option| **option != "--lints");
    let (None, [document, questions]) = (unknown, files.as_slice()) else {
        if let Some(unknown) = unknown {
            writeln!(findings, "unknown option `{unknown}`")?;
        }
        writeln!(
            findings,
            "usage: check [--lints] <document> <questions>; `--help` says more"
        )?;
        return Ok(WRONG);
    };
    let workspace = match load(document) {
        Ok(workspace) => workspace,
        Err(problems) => {
            writeln!(findings, "{problems}")?;
            return Ok(WRONG);
        }
    };
    let mut summary = Summary::default();
    let policy = workspace.compile();
    if *questions == "-" {
        let lines = Lines::new("standard input", standard_input);
        summary.ask(&policy, lines, answers, findings)?;
    } else {
        match File::open(questions) {
            Ok(file) => {
                let lines = Lines::new(questions, BufReader::new(file));
                summary.ask(&policy, lines, answers, findings)?;
            }
            Err(error) => {
                writeln!(findings, "{questions}: {error}")?;
                return Ok(WRONG);
            }
        }
    }
    let lints = workspace.lints();
    for lint in lints.iter().filter(|_| shows_lints) {
        writeln!(findings, "{document}: lint: {lint}")?;
    }
    writeln!(findings, "{summary}; {} lints", lints.len())?;
    Ok(summary.status())
}

/// Reads a document and makes its workspace, or says all that is wrong, one problem a line.
fn load(path: &str) -> Result<Workspace, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    let document: Document = serde_json::from_str(&text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        format!("{path}:{line}:{column}: {}", Message(&error))
    })?;
    Workspace::try_from(document).map_err(|invalid| {
        let problems: Vec<String> = invalid
            .to_string()
            .lines()
            .map(|problem| format!("{path}: {problem}"))
            .collect();
        problems.join("\n")
    })
}

/// The questions of a file, which may go wrong line by line.
struct Lines<R> {
    name: String,
    reader: R,
    number: usize,
    is_over: bool,
}

impl<R: BufRead> Lines<R> {
    fn new(name: &str, reader: R) -> Self {
        let name = name.to_owned();
        Self {
            name,
            reader,
            number: 0,
            is_over: false,
        }
    }

    /// The next question with the number of its line, or what is wrong with that line; lines of white space are passed
    /// over.
    fn next(&mut self) -> Option<Result<(usize, Line), String>> {
        let name = &self.name;
        let mut line = Vec::new();
        while line.trim_ascii().is_empty() {
            if self.is_over {
                return None;
            }
            line.clear();
            match self.reader.read_until(b'\n', &mut line) {
                Ok(0) => return None,
                Ok(_) => self.number += 1,
                Err(error) => {
                    self.is_over = true;
                    return Some(Err(format!("{name}: {error}")));
                }
            }
        }
        let number = self.number;
        let question = serde_json::from_slice(&line).map_err(|error| {
            let column = error.column().max(1);
            format!("{name}:{number}:{column}: {}", Message(&error))
        });
        Some(question.map(|question| (number, question)))
    }
}

/// What has been asked so far.
#[derive(Default)]
struct Summary {
    allowed: usize,
    denied: usize,
    unexpected: usize,
    malformed: usize,
}

impl Summary {
    /// Answers every question.
    fn ask(
        &mut self,
        policy: &Policy,
        mut lines: Lines<impl BufRead>,
        answers: &mut impl Write,
        findings: &mut impl Write,
    ) -> io::Result<()> {
        while let Some(line) = lines.next() {
            let (number, line) = match line {
                Ok(line) => line,
                Err(problem) => {
                    self.malformed += 1;
                    writeln!(findings, "{problem}")?;
                    continue;
                }
            };
            let explanation = line.explain(policy);
            serde_json::to_writer(&mut *answers, &Answer::new(number, &line, &explanation))?;
            writeln!(answers)?;

            let is_allowed = explanation.is_allowed();
            self.allowed += usize::from(is_allowed);
            self.denied += usize::from(!is_allowed);
            if line.expect.is_some_and(|expected| expected != is_allowed) {
                self.unexpected += 1;
                let name = &lines.name;
                let note = line.note.as_deref().map(|note| format!(" ({note:?})"));
                let note = note.unwrap_or_default();
                writeln!(findings, "{name}:{number}: not as expected{note}")?;
                writeln!(findings, "{explanation}")?;
            }
        }
        Ok(())
    }

    fn status(&self) -> u8 {
        match (self.malformed, self.unexpected) {
            (0, 0) => 0,
            (0, _) => UNEXPECTED,
            _ => WRONG,
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            allowed,
            denied,
            unexpected,
            malformed,
        } = self;
        write!(
            f,
            "{} answered: {allowed} allowed, {denied} denied; {unexpected} unexpected, {malformed} malformed",
            allowed + denied
        )
    }
}

/// One line of questions.
#[derive(Serialize)]
struct Line {
    principal: Principal,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    on_behalf_of: Vec<Principal>,
    #[serde(flatten)]
    question: Question,
    #[serde(skip_serializing_if = "Option::is_none")]
    expect: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

impl Line {
    fn explain(&self, policy: &Policy) -> Explanation {
        let access = policy.access(&self.principal);
        let access = self
            .on_behalf_of
            .iter()
            .fold(access, rolegate::Access::on_behalf_of);
        match &self.question {
            Question::Record {
                action,
                object,
                field,
            } => access.explain(*action, object, field.as_deref()),
            Question::Permission { permission } => access.explain_use(permission),
        }
    }
}

/// One line of answers.
#[derive(Serialize)]
struct Answer<'a> {
    line: usize,
    question: &'a Line,
    allowed: bool,
    decided_by: &'a Principal,
    reason: &'a Reason,
    sentence: String,
}

impl<'a> Answer<'a> {
    fn new(line: usize, question: &'a Line, explanation: &'a Explanation) -> Self {
        Self {
            line,
            question,
            allowed: explanation.is_allowed(),
            decided_by: explanation.deciding_link().principal(),
            reason: explanation.reason(),
            sentence: explanation.sentence().to_string(),
        }
    }
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(LineReader)
    }
}

/// Reads a line key by key, then checks them together, so that every problem has a column.
struct LineReader;

impl<'de> Visitor<'de> for LineReader {
    type Value = Line;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a question")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Line, A::Error> {
        let keys = Keys::deserialize(MapAccessDeserializer::new(map))?;
        let question = match (keys.action, keys.object, keys.field, keys.permission) {
            (Some(action), Some(object), field, None) => Question::Record {
                action,
                object,
                field,
            },
            (None, None, None, Some(permission)) => Question::Permission { permission },
            _ => {
                return Err(A::Error::custom(
                    "a question has either `action` and `object`, or `permission`",
                ));
            }
        };
        Ok(Line {
            principal: keys.principal,
            on_behalf_of: keys
                .on_behalf_of
                .map(|Chain(links)| links)
                .unwrap_or_default(),
            question,
            expect: keys.expect,
            note: keys.note,
        })
    }
}

/// The keys of a line. One that is there has a value: a lost name must not turn into another question.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    principal: Principal,
    #[serde(default, deserialize_with = "value")]
    on_behalf_of: Option<Chain>,
    #[serde(default, deserialize_with = "value")]
    action: Option<Action>,
    #[serde(default, deserialize_with = "value")]
    object: Option<String>,
    #[serde(default, deserialize_with = "value")]
    field: Option<String>,
    #[serde(default, deserialize_with = "value")]
    permission: Option<String>,
    #[serde(default, deserialize_with = "value")]
    expect: Option<bool>,
    #[serde(default, deserialize_with = "value")]
    note: Option<String>,
}

/// Reads a value that is not `null`.
fn value<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// One principal, or a list of them.
struct Chain(Vec<Principal>);

impl<'de> Deserialize<'de> for Chain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ChainReader)
    }
}

struct ChainReader;

impl<'de> Visitor<'de> for ChainReader {
    type Value = Chain;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a principal, or a list of them")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Chain, E> {
        Ok(Chain(vec![text.parse().map_err(E::custom)?]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Chain, A::Error> {
        let mut links = Vec::new();
        while let Some(link) = items.next_element()? {
            links.push(link);
        }
        if links.is_empty() {
            return Err(A::Error::custom(
                "`on_behalf_of` names nobody; leave it out if nobody is acted for",
            ));
        }
        Ok(Chain(links))
    }
}

/// Renders an error of reading JSON without its place, which is told in another way.
struct Message<'a>(&'a serde_json::Error);

impl fmt::Display for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        let place = format!(" at line {} column {}", self.0.line(), self.0.column());
        f.write_str(text.strip_suffix(&place).unwrap_or(&text))
    }
}

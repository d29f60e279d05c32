//! The example that answers questions from a file: what it prints, and with which status it ends.

use crate::check_example;
use crate::data::place;

struct Ran {
    status: u8,
    answers: String,
    findings: String,
}

fn ran(arguments: &[&str], input: &[u8]) -> Ran {
    let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
    let (mut answers, mut findings) = (Vec::new(), Vec::new());
    let status = check_example::run(&arguments, input, &mut answers, &mut findings).unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran {
        status,
        answers: text(answers),
        findings: text(findings),
    }
}

/// Asks the sample workspace.
fn asked(questions: &str) -> Ran {
    let sample = place("tests/golden/sample.json");
    ran(&[sample.to_str().unwrap(), "-"], questions.as_bytes())
}

/// What is said of a line that is no question, after the number of the line.
#[track_caller]
fn malformed(line: &str) -> String {
    let ran = asked(line);
    assert_eq!((ran.status, ran.answers.as_str()), (2, ""));
    let (finding, summary) = ran.findings.trim_end().split_once('\n').unwrap();
    assert_eq!(
        summary,
        "0 answered: 0 allowed, 0 denied; 0 unexpected, 1 malformed; 1 lints"
    );
    let finding = finding.strip_prefix("standard input:1:").unwrap();
    finding.to_owned()
}

#[test]
fn each_answer_is_a_line_with_the_question_the_reason_and_a_sentence() {
    let ran = asked(concat!(
        r#"{"principal": "member:tim", "action": "edit", "object": "people"}"#,
        "\n \r\n",
        r#"{"principal": "agent:writer", "on_behalf_of": "member:tim", "action": "see", "object": "people", "#,
        r#""field": "address", "expect": false, "note": "hidden"}"#,
        "\n",
        r#"{"principal": "api_key:legacy", "on_behalf_of": ["agent:writer", "member:ada"], "permission": "roles"}"#,
    ));
    assert_eq!(
        ran.answers,
        concat!(
            r#"{"line":1,"question":{"principal":"member:tim","action":"edit","object":"people"},"allowed":true,"#,
            r#""decided_by":"member:tim","reason":{"because":"decided","action":"edit","level":"object_rule"},"#,
            r#""sentence":"`member:tim` may `edit` `people`: the object rule of role `Intern` for `people` allows `edit`, "#,
            r#"although the baseline does not"}"#,
            "\n",
            r#"{"line":3,"question":{"principal":"agent:writer","on_behalf_of":["member:tim"],"action":"see","#,
            r#""object":"people","field":"address","expect":false,"note":"hidden"},"allowed":false,"#,
            r#""decided_by":"member:tim","reason":{"because":"decided","action":"see","level":"field_rule"},"#,
            r#""sentence":"`agent:writer` on behalf of `member:tim` may not `see` `people.address`: for `member:tim`, the "#,
            r#"field rule of role `Intern` for `people.address` denies `see`, although the baseline allows it"}"#,
            "\n",
            r#"{"line":4,"question":{"principal":"api_key:legacy","on_behalf_of":["agent:writer","member:ada"],"#,
            r#""permission":"roles"},"allowed":false,"decided_by":"api_key:legacy","#,
            r#""reason":{"because":"not_granted","permission":"roles"},"#,
            r#""sentence":"`api_key:legacy` on behalf of `agent:writer` on behalf of `member:ada` may not use `roles`: for "#,
            r#"`api_key:legacy`, the default role `Member` does not grant it"}"#,
            "\n",
        )
    );
    assert_eq!(
        ran.findings,
        "3 answered: 1 allowed, 2 denied; 0 unexpected, 0 malformed; 1 lints\n"
    );
    assert_eq!(ran.status, 0);
}

#[test]
fn an_unexpected_answer_is_explained_and_ends_with_1() {
    let ran = asked(concat!(
        r#"{"principal": "member:tim", "action": "see", "object": "people", "expect": true}"#,
        "\n",
        r#"{"principal": "member:tim", "action": "edit", "object": "people", "field": "email", "expect": true, "note": "a\tb"}"#,
        "\n",
        r#"{"principal": "member:ada", "permission": "roles", "expect": false}"#,
    ));
    assert_eq!(
        ran.findings,
        "\
standard input:2: not as expected (\"a\\tb\")
denied: `member:tim` may not `edit` `people.email`: the field rule of role `Intern` for `people.email` denies `edit`, although the object rule allows it
  `member:tim` has role `Intern`
    `edit`: baseline deny, object rule allow, field rule deny (decides)
    `see`: baseline allow, object rule inherit, field rule allow (decides)
  to allow it: set `edit` to allow in the field rule of role `Intern` for `people.email`
standard input:3: not as expected
allowed: `member:ada` may use `roles`: role `Admin` is the Admin role, which allows everything in the schema
  `member:ada` has role `Admin`
3 answered: 2 allowed, 1 denied; 2 unexpected, 0 malformed; 1 lints
"
    );
    assert_eq!(ran.answers.lines().count(), 3);
    assert_eq!(ran.status, 1);
}

#[test]
fn a_line_that_is_no_question_is_reported_where_it_goes_wrong_and_the_rest_is_answered() {
    let ran = asked(concat!(
        r#"{"principal": "member:tim", "action": "see", "object": "people", "expect": false}"#,
        "\n\n",
        r#"{"principal": "member:tim", "action": "see", "objekt": "people"}"#,
        "\n",
        r#"{"principal": "member:tim", "permission": "roles", "expect": false}"#,
    ));
    assert_eq!(ran.answers.lines().count(), 2);
    let findings: Vec<&str> = ran.findings.lines().collect();
    assert_eq!(findings[0], "standard input:1: not as expected");
    assert_eq!(
        findings[findings.len() - 2..],
        [
            "standard input:3:53: unknown field `objekt`, expected one of `principal`, `on_behalf_of`, `action`, `object`, \
             `field`, `permission`, `expect`, `note`",
            "2 answered: 1 allowed, 1 denied; 1 unexpected, 1 malformed; 1 lints",
        ]
    );
    assert_eq!(
        ran.status, 2,
        "a malformed line outweighs an unexpected answer"
    );
}

#[test]
fn what_is_no_question_says_why() {
    let either = "a question has either `action` and `object`, or `permission`";
    for (line, expected) in [
        ("see", "1: expected value".to_owned()),
        ("[]", "1: invalid type: sequence, expected a question".to_owned()),
        ("{", "1: EOF while parsing an object".to_owned()),
        ("{}", "2: missing field `principal`".to_owned()),
        (
            r#"{"principal": "member:tim"}"#,
            format!("27: {either}"),
        ),
        (
            r#"{"principal": "member:tim", "action": "see"}"#,
            format!("44: {either}"),
        ),
        (
            r#"{"principal": "member:tim", "object": "people"}"#,
            format!("47: {either}"),
        ),
        (
            r#"{"principal": "member:tim", "permission": "roles", "field": "name"}"#,
            format!("67: {either}"),
        ),
        (
            r#"{"principal": "member:tim", "permission": "roles"} {}"#,
            "52: trailing characters".to_owned(),
        ),
        (
            r#"{"principal": "tim", "permission": "roles"}"#,
            "19: `tim` names no principal; write its kind, a colon and its id, such as `member:tim`".to_owned(),
        ),
        (
            r#"{"principal": "user:tim", "permission": "roles"}"#,
            "24: unknown kind of principal `user`; it is one of `member`, `api_key`, `agent`".to_owned(),
        ),
        (
            r#"{"principal": "member:tim", "principal": "member:tim"}"#,
            "39: duplicate field `principal`".to_owned(),
        ),
        (
            r#"{"principal": "member:tim", "on_behalf_of": [], "permission": "roles"}"#,
            "46: `on_behalf_of` names nobody; leave it out if nobody is acted for".to_owned(),
        ),
        (
            r#"{"principal": "member:tim", "on_behalf_of": null, "permission": "roles"}"#,
            "48: invalid type: null, expected a principal, or a list of them".to_owned(),
        ),
        (
            r#"{"principal": "member:tim", "on_behalf_of": ["ada"], "permission": "roles"}"#,
            "51: `ada` names no principal; write its kind, a colon and its id, such as `member:tim`".to_owned(),
        ),
        (
            r#"{"principal": "member:tim", "action": "read", "object": "people"}"#,
            "44: unknown action `read`; it is one of `see`, `edit`, `delete`, `destroy`".to_owned(),
        ),
        (
            r#"{"principal": "member:tim", "action": "see", "object": "people", "field": null}"#,
            "78: invalid type: null, expected a string".to_owned(),
        ),
        (
            r#"{"principal": "member:tim", "permission": "roles", "expect": "yes"}"#,
            "66: invalid type: string \"yes\", expected a boolean".to_owned(),
        ),
    ] {
        assert_eq!(malformed(line), expected, "{line}");
    }
}

#[test]
fn bytes_that_are_no_text_are_no_question() {
    let sample = place("tests/golden/sample.json");
    let ran = ran(
        &[sample.to_str().unwrap(), "-"],
        b"{\"principal\": \"member:\xff\"}\n",
    );
    assert_eq!(ran.status, 2);
    assert!(
        ran.findings.starts_with("standard input:1:"),
        "{}",
        ran.findings
    );
}

#[test]
fn an_empty_name_is_an_unknown_field_and_not_the_record() {
    let ran = asked(
        r#"{"principal": "member:ada", "action": "see", "object": "people", "field": "", "expect": false}"#,
    );
    assert_eq!(ran.status, 0, "{}", ran.findings);
    assert!(ran.answers.contains(r#""because":"unknown_field""#));
}

#[test]
fn no_questions_are_no_problem() {
    let ran = asked("\n\n");
    assert_eq!((ran.status, ran.answers.as_str()), (0, ""));
}

#[test]
fn a_refused_document_ends_with_2_and_all_its_problems() {
    let wrong = place("tests/golden/wrong/admin_twice.json");
    let name = wrong.to_str().unwrap();
    let refused = ran(&[name, "-"], b"");
    assert_eq!((refused.status, refused.answers.as_str()), (2, ""));
    assert_eq!(
        refused.findings,
        format!(
            "{name}: `roles[1].admin`: role `Root` is a second Admin; exactly one role has `admin` set\n"
        )
    );

    let many = place("tests/golden/wrong/unknown_names.json");
    let refused = ran(&[many.to_str().unwrap(), "-"], b"");
    assert_eq!(refused.findings.lines().count(), 15);

    let deep = place("tests/golden/wrong/too_deep.json");
    let name = deep.to_str().unwrap();
    let refused = ran(&[name, "-"], b"");
    assert_eq!(refused.status, 2);
    assert_eq!(
        refused.findings,
        format!("{name}:1:71: lists and maps nest deeper than 32 levels\n")
    );
}

#[test]
fn files_that_cannot_be_read_end_with_2() {
    let (sample, none) = (place("tests/golden/sample.json"), place("tests/none"));
    let (sample, none) = (sample.to_str().unwrap(), none.to_str().unwrap());
    for arguments in [
        [none, "-"],
        [sample, none],
        [sample, env!("CARGO_MANIFEST_DIR")],
    ] {
        let ran = ran(&arguments, b"");
        assert_eq!((ran.status, ran.answers.as_str()), (2, ""));
        let named = arguments.iter().any(|name| ran.findings.starts_with(name));
        assert!(named, "{}", ran.findings);
    }
}

#[test]
fn lints_are_counted_and_listed_when_asked_for() {
    let sample = place("tests/golden/sample.json");
    let name = sample.to_str().unwrap();
    let ran = ran(&["--lints", name, "-"], b"");
    assert_eq!(
        ran.findings,
        format!(
            "{name}: lint: API key `legacy` has no role, so that the workspace decides what it may do; assign a role to it\n\
             0 answered: 0 allowed, 0 denied; 0 unexpected, 0 malformed; 1 lints\n"
        )
    );
}

#[test]
fn help_is_given_when_asked_for_and_usage_when_needed() {
    for arguments in [&["--help"][..], &["-h"], &["a", "b", "c", "--help"]] {
        let ran = ran(arguments, b"");
        assert_eq!((ran.status, ran.findings.as_str()), (0, ""));
        assert!(
            ran.answers
                .contains("usage: check [--lints] <document> <questions>")
        );
    }
    let usage = "usage: check [--lints] <document> <questions>; `--help` says more\n";
    for arguments in [&[][..], &["a"], &["a", "b", "c"]] {
        let ran = ran(arguments, b"");
        assert_eq!((ran.status, ran.findings.as_str()), (2, usage));
    }
    let ran = ran(&["--lint", "a", "b"], b"");
    assert_eq!(ran.status, 2);
    assert_eq!(ran.findings, format!("unknown option `--lint`\n{usage}"));
}

//! What is shown of values to those who debug and log?

use rolegate::{Action, AuditRecord, Object, Principal, Revision, Schema};

use rolegate::explanation::LinkExplanation;

use rolegate::request::{DeniedPart, FieldNames, FieldNamesError, Read};
use serde::Serialize;

use crate::data::{sample, who};

#[test]
fn what_is_debugged_shows_what_it_is() {
    let workspace = sample();
    let policy = workspace.compile();
    let tim = policy.access(&who("member:tim"));
    let person = serde_json::json!({ "name": "Eve" });
    let shown = [
        (
            format!("{:?}", who("member:tim")),
            "Principal(member:tim)".to_owned(),
        ),
        (
            format!("{:?}", Principal::member("a\nb\u{2028}c")),
            "Principal(member:a\\nb\\u{2028}c)".to_owned(),
        ),
        (
            format!("{:?}", tim.fields(Action::See, "people")),
            format!("{:?}", ["name", "email", "company"])
                .replace('[', "{")
                .replace(']', "}"),
        ),
    ];
    for (text, expected) in shown {
        assert_eq!(text, expected);
    }
    let access = format!("{tim:?}");
    assert!(access.starts_with("Access { principals: [Principal(member:tim)], revision: "));
    let visible = format!("{:?}", tim.visible("people", &person));
    assert!(
        visible.starts_with("Visible { access: Access {"),
        "{visible}"
    );
    assert!(!visible.contains("Eve"), "the value may be hidden");
    let schema = format!("{:?}", workspace.schema());
    assert!(
        schema.starts_with("Schema { objects: [Object {"),
        "{schema}"
    );
    let workspace = format!("{workspace:?}");
    for part in ["Workspace { schema: Schema {", "\"grace\"", "revision: "] {
        assert!(workspace.contains(part), "{part}");
    }
}

#[test]
fn a_revision_is_shown_as_its_number() {
    assert_eq!(Revision::new(7).to_string(), "7");
    assert_eq!(format!("{:>3}", Revision::new(7)), "  7");
}

#[test]
fn an_explanation_is_of_the_revision_that_answered() {
    let mut workspace = sample();
    let explain = |workspace: &rolegate::Workspace| {
        let policy = workspace.compile();
        let tim = policy.access(&who("member:tim"));
        (policy.revision(), tim.explain(Action::See, "people", None))
    };
    workspace
        .apply(rolegate::Change::add(Principal::member("eve")))
        .unwrap();
    let (revision, explanation) = explain(&workspace);
    assert_eq!(explanation.revision(), revision);
    assert_eq!(revision, Revision::new(1));
}

/// L34
#[test]
fn l34_an_audit_record_holds_the_whole_answer() {
    let mut workspace = sample();
    workspace
        .apply(rolegate::Change::add(Principal::member("eve")))
        .unwrap();
    let policy = workspace.compile();
    let writer = policy.access(&who("agent:writer"));
    let both = writer.clone().on_behalf_of(&who("member:tim"));
    let denied = both.explain(Action::See, "opportunities", None);
    let record = denied.record(1_700_000_000_u64);
    assert_eq!(record.at, 1_700_000_000);
    assert_eq!(record.revision, Revision::new(1));
    assert_eq!(record.principal, who("agent:writer"));
    assert_eq!(record.on_behalf_of, [who("member:tim")]);
    assert_eq!(&record.question, denied.question());
    assert!(!record.allowed);
    assert_eq!(&record.deciding, denied.deciding_link());
    assert_eq!(
        record.to_string(),
        "1700000000 revision 1: `agent:writer` on behalf of `member:tim` may not `see` `opportunities`: for `member:tim`, \
         the object rule of role `Intern` for `opportunities` denies `see`, although the baseline allows it"
    );
    let stored = serde_json::to_string(&record).unwrap();
    let read: AuditRecord<u64> = serde_json::from_str(&stored).unwrap();
    assert_eq!(read, record);

    let record = writer.explain_use("send_email").record("now");
    assert!(record.allowed && record.on_behalf_of.is_empty());
    assert!(LinkExplanation::is_allowed(&record.deciding));
    assert!(
        !serde_json::to_string(&record)
            .unwrap()
            .contains("on_behalf_of")
    );
}

#[test]
fn a_denied_part_of_a_request_has_its_explanation_unless_its_name_makes_no_sense() {
    let workspace = sample();
    let policy = workspace.compile();
    let tim = policy.access(&who("member:tim"));
    let read = Read::new("people").select(["address", "name.first"]);
    let denials: Vec<DeniedPart> = tim.check_read(&read).denials().collect();
    let explanation = tim.explain(Action::See, "people", "address");
    let [address, path] = &denials[..] else {
        panic!("{denials:?}");
    };
    assert_eq!(address.explanation(), Some(&explanation));
    assert_eq!(path.explanation(), None);
}

#[test]
fn a_schema_lists_what_is_wrong_with_it() {
    let builder = Schema::builder().add_object(Object::new("people").field("name").field("name"));
    let invalid = builder.build().unwrap_err();
    assert_eq!((invalid.problems().len(), invalid.count()), (1, 1));
    assert_eq!(
        invalid.problems()[0].path(),
        "schema.objects[0].fields[1].key"
    );
}

#[test]
fn a_patch_that_is_a_struct_has_the_keys_of_its_fields() {
    #[derive(Serialize)]
    struct Patch {
        name: &'static str,
        email: &'static str,
    }
    #[derive(Serialize)]
    struct Wrapped(Patch);
    let patch = || Patch {
        name: "Tim",
        email: "tim@example.org",
    };
    for keys in [FieldNames::of(&patch()), FieldNames::of(&Wrapped(patch()))] {
        assert!(keys.unwrap().iter().eq(["name", "email"]));
    }
}

#[test]
fn what_has_no_keys_is_said_in_a_sentence() {
    for (error, sentence) in [
        (
            FieldNamesError::NotAMap,
            "the value has no keys; only a struct or a map has keys",
        ),
        (
            FieldNamesError::NotText,
            "a key is not text; a field is named by text",
        ),
        (
            FieldNamesError::Failed("no disk".to_owned()),
            "the value cannot be serialized: no disk",
        ),
    ] {
        assert_eq!(error.to_string(), sentence);
    }
}

/// Names of a request that cannot be borrowed from what is read are copied.
#[test]
fn a_request_is_read_from_what_is_read_as_a_stream() {
    let text = r#"{"object": "people", "select": ["name", "company.name"]}"#;
    let borrowed: Read = serde_json::from_str(text).unwrap();
    let escaped = text.replace("company", "comp\\u0061ny");
    let copied: Read = serde_json::from_str(&escaped).unwrap();
    assert_eq!(copied, borrowed);
}

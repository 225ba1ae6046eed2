//! Each form of a finding, written out.

use idpc_model::code::Code;
use idpc_model::diagnostic::{Diagnostic, Safety};
use idpc_model::span::{FileId, Span};
use idpc_syntax::ast::{TextRange, TextSize};

use super::*;

mod hostile;
mod marks;

const FORMATS: [Format; 7] =
    [Format::Human, Format::Short, Format::Json, Format::Github, Format::Gitlab, Format::Sarif, Format::Junit];

const SERVICE: &str = "// über alles\nservice checkout : web {\n  ower = \"é\" // 50%\n}\n";
const SCHEMA: &str = "schema service {\n  owner : &team\n}\n";

fn lookup(file: FileId) -> Option<(&'static str, &'static str)> {
    match file.0 {
        0 => Some(("std:/root/service.idp", SCHEMA)),
        1 => Some(("services/checkout/service.idp", SERVICE)),
        _ => None,
    }
}

fn span(file: u32, word: &str) -> Span {
    let text = lookup(FileId(file)).unwrap().1;
    let start = text.find(word).unwrap();
    let size = |at: usize| TextSize::new(u32::try_from(at).unwrap());
    Span::new(FileId(file), TextRange::new(size(start), size(start + word.len())))
}

fn findings() -> Vec<Finding> {
    let mut unknown = Diagnostic::new(Code::UnknownField, span(1, "ower"), "`web` has no field `ower`")
        .primary_label("unknown field")
        .label(span(0, "owner : &team"), "`owner` is declared here")
        .did_you_mean(span(1, "ower"), Some("owner"));
    unknown.environments = vec![String::from("staging"), String::from("prod")];
    let warning = Diagnostic::new(Code::RuleWarned, span(1, "\"é\""), "100% of two\nlines, or: more");
    let remark = Remark {
        code: Some(String::from("IDP0901")),
        details: vec![String::from("prod: checkout-orders (acme-checkout-orders)")],
        help: vec![String::from("if it shall go, add: removed checkout")],
        ..Remark::error("this build would remove the postgres `checkout.needs.orders`")
    };
    let manifest =
        Remark { place: Some((String::from("idp.toml"), Some((2, 1)))), ..Remark::error("there is no edition `2030`") };
    let safe = Diagnostic::new(Code::Syntax("IDP0001"), span(0, "&"), "a stray `&`").fix(
        "remove it",
        Safety::Safe,
        span(0, "&"),
        "",
    );
    vec![
        Finding::Placed(unknown),
        Finding::Placed(warning),
        Finding::Bare(remark),
        Finding::Bare(manifest),
        Finding::Placed(safe),
    ]
}

fn rendered(format: Format, paint: Paint) -> String {
    let findings = findings();
    render(&findings, &Sources::of(&findings, "infra/", lookup), format, paint)
}

#[test]
fn human() {
    insta::assert_snapshot!(rendered(Format::Human, Paint::Plain));
}

#[test]
fn human_in_color() {
    let text = rendered(Format::Human, Paint::Colored);
    assert!(text.contains("\u{1b}["), "{text:?}");
    let mut plain = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    plain.push_str(rest);
    let trimmed: Vec<&str> = plain.lines().map(str::trim_end).collect();
    let expected = rendered(Format::Human, Paint::Plain);
    assert_eq!(trimmed, expected.lines().collect::<Vec<_>>());
}

#[test]
fn short() {
    insta::assert_snapshot!(rendered(Format::Short, Paint::Plain));
}

#[test]
fn json() {
    insta::assert_snapshot!(rendered(Format::Json, Paint::Plain));
}

#[test]
fn github() {
    insta::assert_snapshot!(rendered(Format::Github, Paint::Plain));
}

#[test]
fn gitlab() {
    insta::assert_snapshot!(rendered(Format::Gitlab, Paint::Plain));
}

#[test]
fn sarif() {
    let mut log: serde_json::Value = serde_json::from_str(&rendered(Format::Sarif, Paint::Plain)).unwrap();
    // The pages are compared with themselves elsewhere; here only that they are there.
    for rule in log["runs"][0]["tool"]["driver"]["rules"].as_array_mut().unwrap() {
        for (field, form) in [("fullDescription", "text"), ("help", "text"), ("help", "markdown")] {
            if let Some(text) = rule.get_mut(field).and_then(|field| field.get_mut(form)) {
                assert!(!text.as_str().unwrap().is_empty());
                *text = "…".into();
            }
        }
    }
    insta::assert_snapshot!(format!("{log:#}"));
}

#[test]
fn junit() {
    insta::assert_snapshot!(rendered(Format::Junit, Paint::Plain));
}

#[test]
fn documents_are_whole_when_nothing_is_found() {
    let nothing = |format| render(&[], &Sources::of(&[], "", lookup), format, Paint::Plain);
    assert_eq!(nothing(Format::Gitlab), "[]\n");
    let log: serde_json::Value = serde_json::from_str(&nothing(Format::Sarif)).unwrap();
    assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
    assert!(nothing(Format::Junit).contains("<testcase name=\"nothing was found\""));
    for format in [Format::Human, Format::Short, Format::Json, Format::Github] {
        assert_eq!(nothing(format), "");
    }
}

#[test]
fn a_span_beyond_the_text_or_inside_a_character_is_shown_all_the_same() {
    let inside = u32::try_from(SERVICE.find('é').unwrap()).unwrap() + 1;
    for (start, end) in [(9_000, 9_001), (inside, inside), (0, 9_000), (inside, inside + 1)] {
        let place = Span::new(FileId(1), TextRange::new(TextSize::new(start), TextSize::new(end)));
        let findings = [Finding::Placed(Diagnostic::new(Code::WrongType, place, "wrong"))];
        let sources = Sources::of(&findings, "", lookup);
        for format in FORMATS {
            assert!(render(&findings, &sources, format, Paint::Plain).contains("wrong"), "{start}..{end} {format:?}");
        }
    }
}

#[test]
fn a_finding_whose_file_is_gone_is_shown_all_the_same() {
    let place = Span::new(FileId(7), TextRange::default());
    let findings = [Finding::Placed(Diagnostic::new(Code::WrongType, place, "wrong"))];
    let sources = Sources::of(&findings, "", lookup);
    for format in FORMATS {
        assert!(render(&findings, &sources, format, Paint::Plain).contains("wrong"), "{format:?}");
    }
}

#[test]
fn counts_are_said_in_words() {
    assert_eq!(Tally::of(&findings()).summary().unwrap(), "4 errors, 1 warning");
    assert_eq!(Tally { errors: 1, warnings: 0 }.summary().unwrap(), "1 error");
    assert_eq!(Tally { errors: 0, warnings: 2 }.summary().unwrap(), "2 warnings");
    assert_eq!(Tally::default().summary(), None);
}

#[test]
fn errors_of_templates_have_a_place() {
    let remark = Remark::template("targets/a/b.hbs:3:7: `x` has no field `y`\n  help: there are: z");
    assert_eq!(remark.shown_place().unwrap(), "targets/a/b.hbs:3:7");
    assert_eq!(
        (remark.message.as_str(), remark.help.as_slice()),
        ("`x` has no field `y`", &[String::from("there are: z")][..])
    );
    let bare = Remark::template("something: is wrong");
    assert_eq!((bare.message.as_str(), bare.place), ("something: is wrong", None));
}

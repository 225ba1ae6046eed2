//! Each form of the results, written out.

use super::*;
use crate::case::Failure;
use crate::suite::Ran;

fn results() -> Results {
    let failure = Failure {
        line: 7,
        title: String::from("expected <a> & \"b\""),
        details: String::from("- one\n+ \u{1}two\n"),
        updatable: false,
    };
    let test = |heading: &str, failures: Vec<Failure>| Ran {
        page: String::from("tests/a.md"),
        heading: heading.to_owned(),
        line: 3,
        failures,
    };
    Results {
        tests: vec![test("A / passes", Vec::new()), test("A / fails", vec![failure])],
        rewritten: vec![(String::from("tests/b.md"), 1)],
    }
}

#[test]
fn human() {
    let expected = "\
failed: A / fails
  ┌─ tests/a.md:7
  │ expected <a> & \"b\"
  │   - one
  │   + \u{1}two

rewritten: tests/b.md (1 block)
";
    assert_eq!(report(&results(), Form::Human), expected);
}

#[test]
fn short() {
    assert_eq!(report(&results(), Form::Short), "tests/a.md:7: A / fails: expected <a> & \"b\"\n");
}

#[test]
fn json() {
    let text = report(&results(), Form::Json);
    assert_eq!(text.lines().count(), 2);
    assert!(text.starts_with("{\"page\":\"tests/a.md\",\"line\":3,\"test\":\"A / passes\",\"passed\":true"), "{text}");
    assert!(text.contains("\"details\":\"- one\\n+ \\u0001two\\n\""), "{text}");
}

#[test]
fn junit() {
    let expected = "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<testsuites name=\"idpc\" tests=\"2\" failures=\"1\">
  <testsuite name=\"tests/a.md\" tests=\"2\" failures=\"1\">
    <testcase name=\"A / passes\" classname=\"tests/a.md\" file=\"tests/a.md\" line=\"3\"/>
    <testcase name=\"A / fails\" classname=\"tests/a.md\" file=\"tests/a.md\" line=\"3\">
      <failure message=\"expected &lt;a&gt; &amp; &quot;b&quot;\">
tests/a.md:7: expected &lt;a&gt; &amp; &quot;b&quot;
  - one
  + \u{fffd}two
      </failure>
    </testcase>
  </testsuite>
</testsuites>
";
    assert_eq!(report(&results(), Form::Junit), expected);
}

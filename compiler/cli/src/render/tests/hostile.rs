//! Texts that would break out of a format: it keeps its structure, and says what it was given.

use super::*;

/// What ends something in one format or another, or acts on a terminal.
const TEXTS: &[&str] = &[
    "\"quoted\" and 'quoted'",
    "100%0A::error::injected",
    "::error file=a::b",
    "a\n::error::injected\r\n##[error]injected",
    "]]></failure><testcase name=\"injected\"/>",
    "<!-- --> &amp; &#10; <![CDATA[",
    "\u{1b}[31mred\u{1b}[0m \u{7} \u{0} \u{9b}2J \u{7f}",
    "\u{202e}turned\u{2069} \u{fffe} \u{feff}",
    "a,b:c;d=e\tf",
    "\\u0022 \\\" \\n {\"a\": [1]}",
    "é 🌏 𝒳 e\u{301}",
    "",
];

/// A file whose path and content hold the text, with a finding that says it everywhere.
fn findings_of(text: &str) -> Vec<Finding> {
    let place = Span::new(FileId(5), TextRange::new(TextSize::new(0), TextSize::new(1)));
    let mut placed = Diagnostic::new(Code::WrongType, place, text)
        .primary_label(text)
        .label(place, text)
        .help(text)
        .fix(text, Safety::Safe, place, text);
    placed.environments = vec![text.to_owned()];
    let bare = Remark {
        code: None,
        place: Some((text.to_owned(), Some((1, 1)))),
        details: vec![text.to_owned()],
        help: vec![text.to_owned()],
        ..Remark::error(text)
    };
    vec![Finding::Placed(placed), Finding::Bare(bare)]
}

/// Each text in a form, with the rendering.
fn each(format: Format, check: impl Fn(&str, &str)) {
    for text in TEXTS {
        let findings = findings_of(text);
        let content = format!("x {text}\n");
        let sources = Sources::of(&findings, "", |_| Some((*text, content.as_str())));
        check(text, &render(&findings, &sources, format, Paint::Plain));
    }
}

/// Whether a letter does more on a terminal than beginning a line.
fn acts(letter: char) -> bool {
    letter.is_control() && !matches!(letter, '\n' | '\t') || letter == '\u{202e}'
}

#[test]
fn human_and_short_hold_nothing_that_acts_on_a_terminal() {
    each(Format::Human, |text, shown| assert!(!shown.replace("\r\n", "\n").contains(acts), "{text:?}: {shown:?}"));
    each(Format::Short, |text, shown| {
        assert!(!shown.contains(acts) && !shown.contains('\t'), "{text:?}: {shown:?}");
        assert_eq!(shown.lines().count(), 2, "{text:?}: {shown:?}");
    });
}

#[test]
fn json_gives_back_what_it_was_given() {
    each(Format::Json, |text, shown| {
        let objects: Vec<serde_json::Value> = shown.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(objects.len(), 2);
        for object in &objects {
            assert_eq!(
                (&object["message"], &object["file"], &object["help"]),
                (&text.into(), &text.into(), &text.into())
            );
        }
        assert_eq!(objects[0]["fixes"][0]["edits"][0]["text"], *text);
    });
}

/// What GitHub makes of a value.
fn unescaped(value: &str) -> String {
    value.replace("%3A", ":").replace("%2C", ",").replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
}

#[test]
fn github_has_one_command_a_finding_and_reads_it_back() {
    each(Format::Github, |text, shown| {
        let lines: Vec<&str> = shown.split('\n').filter(|line| !line.is_empty()).collect();
        assert_eq!(lines.len(), 2, "{shown:?}");
        for line in lines {
            let command = line.strip_prefix("::error ").unwrap();
            let (properties, data) = command.split_once("::").unwrap();
            let file = properties.split(',').find_map(|property| property.strip_prefix("file="));
            assert_eq!(unescaped(file.unwrap()), *text);
            assert!(unescaped(data).starts_with(text), "{line:?}");
            assert!(!data.contains(['\n', '\r']) && !properties.contains(['\n', '\r']));
        }
    });
}

#[test]
fn gitlab_and_sarif_give_back_what_they_were_given() {
    each(Format::Gitlab, |text, shown| {
        let list: serde_json::Value = serde_json::from_str(shown).unwrap();
        assert_eq!(list.as_array().unwrap().len(), 2);
        for object in list.as_array().unwrap() {
            assert!(object["description"].as_str().unwrap().starts_with(&text.replace(['\n', '\r'], " ")));
            assert_eq!(object["location"]["path"], *text);
        }
    });
    each(Format::Sarif, |text, shown| {
        let log: serde_json::Value = serde_json::from_str(shown).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap();
        assert_eq!(results.len(), 2);
        for result in results {
            assert!(result["message"]["text"].as_str().unwrap().starts_with(text));
            let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
            assert!(uri.bytes().all(|byte| byte.is_ascii_graphic()), "{uri}");
        }
        let change = &results[0]["fixes"][0]["artifactChanges"][0]["replacements"][0];
        assert_eq!(change["insertedContent"]["text"], *text);
    });
}

#[test]
fn junit_holds_no_tag_but_its_own() {
    const TAGS: &[&str] = &[
        "?xml",
        "testsuites",
        "testsuite",
        "testcase",
        "failure",
        "/failure",
        "/testcase",
        "/testsuite",
        "/testsuites",
    ];
    each(Format::Junit, |text, shown| {
        let tags: Vec<&str> = shown.split('<').skip(1).map(|tag| tag.split(['>', ' ']).next().unwrap()).collect();
        assert!(tags.iter().all(|tag| TAGS.contains(tag)), "{text:?}: {shown}");
        assert_eq!(tags.iter().filter(|tag| **tag == "testcase").count(), 2);
        assert!(
            !shown.contains("]]>") && !shown.contains(|letter: char| acts(letter) && letter != '\u{202e}'),
            "{shown:?}"
        );
        // Every value ends where it began: outside of tags there is no quote.
        for tag in shown.split('<').skip(1) {
            let (inside, outside) = tag.split_once('>').unwrap();
            assert_eq!(inside.matches('"').count() % 2, 0, "{tag:?}");
            assert!(!outside.contains('"') && !outside.contains('>'), "{tag:?}");
        }
    });
}

//! No text of a user changes the shape of an artifact, in any language, and each is read back as it was.
#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod harness;

use harness::{MANIFEST, read};
use idpc_emit::node::Node;
use idpc_emit::target::{Samples, Target};
use idpc_emit::template::Scratch;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

const TEMPLATE: &str = r#"a: {{text}}
list:
  - {{text}}
  - b: {{text}}
    c: {{labels}}
spliced:
  {{labels}}
  z: 1
words: {{words}}
string: {{#text}}<{{text}}>{{/text}}
lines: {{#text}}
  first {{text}}
  second {{text}}
{{/text}}
promql: {{#promql}}up{a="{{text}}",b="c"}{{/promql}}
regex: {{#promql}}up{a=~"x|{{text}}"}{{/promql}}
bare: {{#promql}}up > {{text}}{{/promql}}
go: {{#gotemplate}}a {{text}}\{{ $value }}{{text}} b{{/gotemplate}}
json: {{#json}}{"t": {{text}}, "in": "<{{text}}>", "labels": {{labels}}, {{text}}: 1, "q": {{#promql}}up{a="{{text}}"}{{/promql}}}{{/json}}
shell: {{#shell}}echo {{text}} --x={{text}} {{words}}{{/shell}}
"#;

fn target(files: &[(&str, &str)]) -> Target {
    let samples = Samples::new(&json!({"service": [context("a", "b")]}));
    let (target, errors) = Target::load("test", files, &samples);
    assert!(errors.is_empty(), "{}", harness::show(&errors));
    target.expect("the target loads")
}

fn context(text: &str, other: &str) -> Json {
    json!({"name": "n", "env_name": "e", "text": text, "labels": {"fixed": text, "second": other}, "words": [text, other]})
}

fn render(target: &Target, context: &Json) -> String {
    let rule = target.rules.first().expect("a rule");
    let rendered = target.render(rule, &Node::from(context), &mut Scratch::default()).expect("something is written");
    assert_eq!(rendered.faults, []);
    rendered.text
}

/// Texts made to break out of something, beside arbitrary ones.
fn hostile() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "",
        " ",
        "\n",
        "a\n",
        "\n\na",
        "a\nb\n\n",
        "  a\nb",
        "\ta\nb",
        "\r\n",
        "no",
        "~",
        "0755",
        "12:30",
        "1e3",
        "=",
        "<<",
        "- a",
        "---",
        "...",
        "a: b",
        "a #b",
        "&a",
        "*a",
        "!a",
        "|",
        ">",
        "'",
        "\"",
        "%a",
        "@a",
        "`a`",
        "\u{85}",
        "\u{2028}",
        "\u{feff}",
        "\u{202e}",
        "😀",
        "\u{0}",
        "x\n  privileged: true",
        "${{ github.token }}",
        "$",
        "{",
        "{{",
        "{{ $value }}",
        "}}",
        "{{- end }}",
        "$(reboot)",
        "'; reboot; '",
        "\\",
        "\\\"",
        "\"} or vector(1) #",
        "a|b",
        ".*",
        "\\n",
        "</script>",
        "[a](javascript:alert(1))",
        "# a",
        "-->",
        "```\na",
        "1. a",
        "| a |",
    ])
    .prop_map(str::to_owned);
    prop_oneof![3 => known, 1 => any::<String>(), 1 => "[ -~\n]{0,30}", 1 => "[{}$\"'\\\\ \n]{0,8}"]
}

/// The keys and the kinds of values, without the texts.
fn shape(json: &Json) -> Json {
    match json {
        Json::Array(items) => items.iter().map(shape).collect(),
        Json::Object(fields) => Json::Object(fields.iter().map(|(key, value)| (key.clone(), shape(value))).collect()),
        Json::String(_) => json!("text"),
        other => other.clone(),
    }
}

/// Undoes Go's string escapes as PromQL reads them; an error for anything that Go would reject.
fn unquote(text: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match (c, if c == '\\' { rest.next() } else { None }) {
            ('"' | '\n', _) => return Err(format!("a bare {c:?} in {text:?}")),
            ('\\', Some('n')) => out.push('\n'),
            ('\\', Some('t')) => out.push('\t'),
            ('\\', Some('r')) => out.push('\r'),
            ('\\', Some(c @ ('\\' | '"'))) => out.push(c),
            ('\\', Some('u')) => {
                let digits: String = rest.by_ref().take(4).collect();
                let code = u32::from_str_radix(&digits, 16).map_err(|error| error.to_string())?;
                out.extend(char::from_u32(code));
            }
            ('\\', other) => return Err(format!("an unknown escape {other:?} in {text:?}")),
            (c, _) => out.push(c),
        }
    }
    Ok(out)
}

/// What stands between `before` and `after`.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.strip_prefix(before)
        .and_then(|rest| rest.strip_suffix(after))
        .unwrap_or_else(|| panic!("{text:?} is not {before:?}…{after:?}"))
}

/// Runs a Go template whose only actions write a string or `$value`.
fn go(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, action)) = rest.split_once("{{") {
        let (action, after) = action.split_once("}}").expect("the action ends");
        out.push_str(before);
        match action.trim() {
            "$value" => out.push('V'),
            literal => out.push_str(between(literal, "\"", "\"")),
        }
        rest = after;
    }
    out + rest
}

/// Splits a shell command into words; panics on anything that is not a word.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\'' => quoted = !quoted,
            _ if quoted => words.last_mut().expect("a word").push(c),
            ' ' => words.push(String::new()),
            '\\' => words.last_mut().expect("a word").extend(rest.next()),
            _ => {
                assert!(c.is_ascii_alphanumeric() || "_@%+=:,./-".contains(c), "a bare {c:?} in {text:?}");
                words.last_mut().expect("a word").push(c);
            }
        }
    }
    assert!(!quoted, "an open quote in {text:?}");
    words
}

fn quoted_regex(text: &str) -> String {
    text.chars().flat_map(|c| "\\.+*?()|[]{}^$".contains(c).then_some('\\').into_iter().chain([c])).collect()
}

fn check(target: &Target, text: &str, other: &str) {
    let rendered = render(target, &context(text, other));
    let documents = read(&rendered);
    assert_eq!(documents.len(), 1, "{rendered}");
    let document = &documents[0];
    let plain = read(&render(target, &context("a", "b")));
    assert_eq!(shape(document), shape(&plain[0]), "{rendered}");
    let field = |name: &str| document[name].as_str().unwrap_or_else(|| panic!("{name} is no text in\n{rendered}"));
    assert_eq!(document["a"], text);
    assert_eq!(document["list"], json!([text, {"b": text, "c": {"fixed": text, "second": other}}]));
    assert_eq!(document["spliced"], json!({"fixed": text, "second": other, "z": 1}));
    assert_eq!(document["words"], json!([text, other]));
    assert_eq!(field("string"), format!("<{text}>"));
    let lines = format!("first {text}\nsecond {text}");
    assert_eq!(field("lines").trim_end_matches('\n'), lines.trim_end_matches('\n'));
    assert_eq!(unquote(between(field("promql"), "up{a=\"", "\",b=\"c\"}")).as_deref(), Ok(text));
    assert_eq!(unquote(between(field("regex"), "up{a=~\"x|", "\"}")), Ok(quoted_regex(text)));
    let bare = between(field("bare"), "up > ", "");
    assert!(bare == text && !text.is_empty() || unquote(between(bare, "\"", "\"")).as_deref() == Ok(text), "{bare:?}");
    assert_eq!(go(field("go")), format!("a {text}V{text} b"));
    let inner: Json = serde_json::from_str(field("json")).expect("the text is JSON");
    assert_eq!(inner["t"], text);
    assert_eq!(inner["in"], format!("<{text}>"));
    assert_eq!(inner["labels"], json!({"fixed": text, "second": other}));
    assert_eq!(unquote(between(inner["q"].as_str().expect("a text"), "up{a=\"", "\"}")).as_deref(), Ok(text));
    // A shell has no way to say NUL.
    let word = |text: &str| text.replace('\0', "");
    assert_eq!(
        words(field("shell")),
        ["echo".to_owned(), word(text), format!("--x={}", word(text)), word(text), word(other)]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_text_changes_the_shape_of_an_artifact(text in hostile(), other in hostile()) {
        let target = target(&[("target.json", MANIFEST), ("file.hbs", TEMPLATE)]);
        // These would be keys of the object that the test looks into.
        prop_assume!(!["t", "in", "labels", "q"].contains(&text.as_str()));
        check(&target, &text, &other);
    }

    #[test]
    fn a_key_stays_a_key(key in hostile(), value in hostile()) {
        let template = "{{#each labels}}\n{{@key}}: {{this}}\n{{/each}}\nlist:\n{{#each labels}}\n  - {{@key}}:\n      {{@key}}: {{this}}\n{{/each}}\nx: 1\n";
        let target = target(&[("target.json", MANIFEST), ("file.hbs", template)]);
        prop_assume!(key != "x" && key != "list");
        let mut context = context("a", "b");
        context["labels"] = json!({ key.as_str(): value });
        let text = render(&target, &context);
        let expected = json!({ key.as_str(): value, "list": [{ key.as_str(): { key.as_str(): value } }], "x": 1 });
        prop_assert_eq!(&read(&text)[0], &expected, "{}", text);
    }

    #[test]
    fn no_text_is_an_expression_in_a_workflow(text in hostile(), other in hostile()) {
        let template = "env:\n  A: {{text}}\n  B: {{#text}}{{text}}{{text}}{{text}}{{/text}}\n  C: {{labels}}\n";
        let manifest = MANIFEST.replace("{env}/{name}.yaml", "{env}/.github/{name}.yml");
        let target = target(&[("target.json", &manifest), ("file.hbs", template)]);
        let document = read(&render(&target, &context(&text, &other))).remove(0);
        let evaluate = |value: &Json| {
            let mut rest = value.as_str().expect("a text");
            let mut out = String::new();
            while let Some((before, after)) = rest.split_once("${{") {
                let (literal, after) = after.split_once("' }}").expect("an expression that we wrote");
                out.push_str(before);
                out.push_str(between(literal, " '", ""));
                rest = after;
            }
            out + rest
        };
        prop_assert_eq!(evaluate(&document["env"]["A"]), text.as_str());
        prop_assert_eq!(evaluate(&document["env"]["B"]), format!("{text}{text}{text}"));
        prop_assert_eq!(evaluate(&document["env"]["C"]["second"]), other);
    }

    #[test]
    fn no_text_leaves_its_line_in_a_file_of_lines(text in hostile()) {
        let manifest = MANIFEST.replace("\"yaml\"", "\"text\"").replace(".yaml", ".txt");
        let target = target(&[("target.json", &manifest), ("file.hbs", "a {{text}} b\nc\n")]);
        let text = render(&target, &context(&text, ""));
        prop_assert_eq!(text.lines().count(), 2, "{}", text);
        prop_assert!(text.ends_with(" b\nc\n"));
    }

    #[test]
    fn no_text_is_markup_in_markdown(text in hostile()) {
        let manifest = MANIFEST.replace("\"yaml\"", "\"markdown\"").replace(".yaml", ".md");
        let template = "# {{text}}\n\n{{text}}\n\n`{{text}}` [link]({{text}})\n\n```\n{{text}}\n```\n";
        let target = target(&[("target.json", &manifest), ("file.hbs", template)]);
        let rendered = render(&target, &context(&text, ""));
        let title = rendered.lines().next().unwrap_or_default();
        prop_assert!(!title.contains(['<', '>']), "{}", title);
        for mark in ['[', ']', '*', '`', '~', '|'] {
            let escaped = title.matches(&format!("\\{mark}")).count();
            prop_assert_eq!(title.matches(mark).count(), escaped, "{} in {}", mark, title);
        }
        prop_assert!(!rendered.contains("[link](javascript:"), "{}", rendered);
        // One fence opens and one closes.
        prop_assert_eq!(rendered.lines().filter(|line| line.starts_with("```")).count(), 2, "{}", rendered);
        prop_assert_eq!(rendered.lines().take_while(|line| !line.starts_with("```")).filter(|line| line.starts_with('#')).count(), 1, "{}", rendered);
    }
}

//! Reads back what was written.

use proptest::prelude::*;
use saphyr::{LoadableYamlNode, Scalar, Yaml};

use super::*;
use crate::node::Node;

/// Reads one document with a reader of YAML 1.2.
pub(crate) fn read(text: &str) -> Node {
    let documents = Yaml::load_from_str(text).unwrap_or_else(|error| panic!("{error} in\n{text}"));
    assert_eq!(documents.len(), 1, "one document in\n{text}");
    node(&documents[0])
}

fn node(yaml: &Yaml<'_>) -> Node {
    match yaml {
        Yaml::Value(Scalar::Null) => Node::Null,
        Yaml::Value(Scalar::Boolean(value)) => Node::Bool(*value),
        Yaml::Value(Scalar::Integer(value)) => Node::Int(*value),
        Yaml::Value(Scalar::FloatingPoint(value)) => Node::Decimal(value.to_string().into()),
        Yaml::Value(Scalar::String(value)) => Node::Str(value.as_ref().into()),
        Yaml::Sequence(items) => Node::List(items.iter().map(node).collect()),
        Yaml::Mapping(entries) => Node::Map(
            entries
                .iter()
                .map(|(key, value)| match node(key) {
                    Node::Str(key) => (key, node(value)),
                    other => panic!("the key {other:?} is no text"),
                })
                .collect(),
        ),
        other => panic!("unexpected {other:?}"),
    }
}

/// Texts that break careless writers.
#[rustfmt::skip]
const KNOWN: &[&str] = &[
    "", " ", "\n", "\n\n", "a\n", "a\nb", "a\n\nb\n", " a\nb", "\ta\nb", "a\n  \nb", "a\nb\n\n", "a \nb", "\r\n",
    "no", "Off", "~", "null", "0755", "0o17", "12:30", "190:20:30.15", "1e3", ".5", ".inf", "-.INF", ".NaN",
    "2001-01-01", "1_000", "0x1F", "=", "<<", "- a", "-", "--", "---", "...", "? a", ": a", "a: b", "a:", "a #b",
    "#a", "a#b", "{a}", "[a]", "&a", "*a", "!a", "|", ">", "'a'", "\"a\"", "%a", "@a", "`a`", "a\u{85}b",
    "a\u{2028}b", "\u{feff}a", "\u{202e}a", "é", "日本", "😀", "\u{0}", "\u{7f}", "a\tb", "\\",
    "x\n  privileged: true", "${{ github.token }}", "{{ $value }}", "$(reboot)", "`reboot`", "'; reboot; '",
    "\"} or vector(1) #", "</script><script>alert(1)</script>", "[a](javascript:alert(1))", "-->", "{", "}}",
    "a{", "\"", "'", "+1", "+a", "30d", "256Mi",
];

/// Texts that break careless writers, beside arbitrary ones.
pub(crate) fn hostile() -> impl Strategy<Value = String> {
    let known = prop::sample::select(KNOWN).prop_map(str::to_owned);
    let lines =
        prop::collection::vec("[ \t]{0,2}[a-c:#\\-{}'\"\\\\|]{0,4}[ ]{0,1}", 1..5).prop_map(|lines| lines.join("\n"));
    prop_oneof![3 => known, 2 => lines, 1 => any::<String>(), 1 => "[ -~\n]{0,40}", 1 => "[0-9.:_eE+x-]{1,8}"]
}

fn tree() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        Just(Node::Null),
        any::<bool>().prop_map(Node::Bool),
        any::<i64>().prop_map(Node::Int),
        hostile().prop_map(|text| Node::Str(text.into())),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(|items| Node::List(items.into())),
            prop::collection::btree_map(hostile(), inner, 0..5)
                .prop_map(|map| Node::Map(map.into_iter().map(|(key, value)| (key.into(), value)).collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_reader_reads_back_what_was_written(node in tree()) {
        prop_assert_eq!(read(&to_document(&node)), node);
    }
}

#[test]
fn a_key_of_any_length_is_read_back() {
    let node = Node::Map([("k".repeat(5000).into(), Node::Map([("a".into(), Node::Int(1))].into()))].into());
    assert_eq!(read(&to_document(&node)), node);
}

#[test]
fn experts_would_leave_these_plain() {
    for text in [
        "a",
        "apps/v1",
        "https://kubernetes.default.svc",
        "ghcr.io/acme/shop:1.2@sha256:abc",
        "256Mi",
        "500m",
        "30d",
        "10.0.0.0/8",
        "/healthz",
        "rate(x{service=\"a\"}[5m]) > 0.5",
        "${{ github.ref }}",
        "--port=8080",
        "-c",
        ".github/workflows",
        "../release",
        "a, b",
        "it's",
        "Grüße",
        "app.kubernetes.io/name",
        "AES256",
        "x-1",
        "8080:http",
        "v1.2.3",
        "a#b",
        "$(VAR)",
        "100%",
    ] {
        assert!(is_plain(text), "{text}");
    }
}

/// Every form that a reader of YAML 1.1 or 1.2 takes for something other than text.
#[test]
fn words_and_numbers_of_yaml_1_1_are_quoted() {
    let words = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan"];
    for word in words {
        let capital = format!("{}{}", word[..1].to_uppercase(), &word[1..]);
        for form in [word.to_owned(), capital, word.to_uppercase()] {
            assert!(!is_plain(&form), "{form}");
        }
    }
    for form in [
        "~",
        "",
        "0",
        "-1",
        "+1",
        "1_000",
        "0b1010",
        "0o17",
        "017",
        "0x1F",
        "-0x1f",
        "190:20:30",
        "12:30",
        "1.5",
        "1.",
        ".5",
        "-.5",
        "1e3",
        "1E+3",
        "6.8523015e+5",
        "685.230_15e+03",
        "685_230.15",
        "190:20:30.15",
        ".inf",
        "-.inf",
        "+.INF",
        ".nan",
        ".NaN",
        "2001-12-14",
        "2001-12-14t21:59:43.10-05:00",
        "2001-12-14 21:59:43.10 -5",
        "=",
        "<<",
        ".e+5",
        "1,000",
        "0.",
        "08",
        "1.10",
        "1.2.3",
    ] {
        assert!(!is_plain(form), "{form}");
    }
}

#[test]
fn the_style_is_what_a_person_writes() {
    let text = |text: &str| Node::Str(text.into());
    let map = |entries: &[(&str, Node)]| {
        Node::Map(entries.iter().map(|(key, value)| ((*key).into(), value.clone())).collect())
    };
    let node = map(&[
        ("apiVersion", text("v1")),
        ("empty", map(&[])),
        ("none", Node::List([].into())),
        ("enabled", Node::Bool(true)),
        ("text", text("true")),
        ("on", text("\"hi\" they say")),
        ("script", text("set -eu\n\necho a\n")),
        ("chomped", text("a\nb")),
        ("indented", text("  a\nb")),
        (
            "args",
            Node::List(
                [text("--a"), map(&[("b", Node::Int(1)), ("c", text("x\ny"))]), Node::List([text("z")].into())].into(),
            ),
        ),
    ]);
    insta::assert_snapshot!(to_document(&node), @r#"
    apiVersion: v1
    empty: {}
    none: []
    enabled: true
    text: "true"
    "on": '"hi" they say'
    script: |
      set -eu

      echo a
    chomped: |-
      a
      b
    indented: |2-
        a
      b
    args:
      - --a
      - b: 1
        c: |-
          x
          y
      - - z
    "#);
}

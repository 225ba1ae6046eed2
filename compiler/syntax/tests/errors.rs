//! One mistake gives one error, at its place, and hides nothing behind it.
//!
//! In the programs here, `⟦` and `⟧` stand around each place where an error is expected.

mod outline;

use std::collections::BTreeSet;

use idpc_syntax::ast::{SourceFile, TextRange, TextSize};
use idpc_syntax::{Parse, SyntaxErrorKind, parse};

/// The program without its marks, and the places between them.
fn marked(program: &str) -> (String, Vec<TextRange>) {
    let mut text = String::new();
    let mut starts = Vec::new();
    let mut places = Vec::new();
    for c in program.chars() {
        match c {
            '⟦' => starts.push(TextSize::of(text.as_str())),
            '⟧' => places.extend(starts.pop().map(|start| TextRange::new(start, TextSize::of(text.as_str())))),
            _ => text.push(c),
        }
    }
    places.sort_by_key(|place| (place.start(), place.end()));
    (text, places)
}

/// Requires exactly these codes at the marked places.
fn check(program: &str, codes: &[&str]) -> Parse {
    let (text, places) = marked(program);
    let parse = parse(&text);
    assert_eq!(parse.syntax().text().to_string(), text);
    let found: Vec<_> = parse.errors().iter().map(|error| (error.kind.code(), error.span)).collect();
    let expected: Vec<_> = codes.iter().copied().zip(places.iter().copied()).collect();
    assert_eq!(codes.len(), places.len(), "{program}");
    assert_eq!(found, expected, "{program}\n{:#?}", parse.errors());
    parse
}

fn view(parse: &Parse) -> String {
    let file: SourceFile = parse.source_file();
    outline::outline(&file)
}

/// The text after the fix of its first error.
fn fixed(parse: &Parse) -> String {
    let mut text = parse.syntax().text().to_string();
    let fix = parse.errors().first().and_then(|error| error.fix.clone());
    assert!(fix.is_some(), "{:?}", parse.errors());
    let mut edits = fix.map(|fix| fix.edits).unwrap_or_default();
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start()));
    for (range, new) in edits {
        text.replace_range(usize::from(range.start())..usize::from(range.end()), &new);
    }
    text
}

/// Mistakes inside of a service: the entry with its mark, its code, and what the service still says.
const IN_A_SERVICE: &[(&str, &str, &str)] = &[
    ("x = ⟦`⟧5", "IDP0001", "[x = 5]"),
    ("x =⟦\u{a0}⟧5", "IDP0001", "[x = 5]"),
    ("x = a ⟦%⟧", "IDP0001", "[x = a]"),
    ("x = ⟦99.9 %⟧", "IDP0031", "[x = 999e-1 Percent]"),
    ("x = ⟦\"abc⟧", "IDP0002", "[x = <missing>]"),
    ("x = postgres { version = ⟦\"16, b = c }⟧", "IDP0002", "[x = postgres {[version = <missing>]}]"),
    ("x = ⟦\"\"\"⟧\n    abc\n\n    def", "IDP0002", "[x = <missing>]"),
    ("x = \"a⟦\\q⟧b\"", "IDP0003", "[x = '\"a\\\\qb\"']"),
    ("x = \"⟦\\u{110000}⟧\"", "IDP0003", "[x = '\"\\\\u{110000}\"']"),
    ("x = \"a⟦${b + c}⟧\"", "IDP0004", "[x = '\"a\"']"),
    ("x = \"⟦${ b }⟧\"", "IDP0004", "[x = '${b}']"),
    ("x = \"⟦${⟧b\"", "IDP0004", "[x = '\"${b\"']"),
    ("x = \"⟦${}⟧\"", "IDP0004", "[x = '']"),
    ("x = ⟦5Gi⟧", "IDP0005", "[x = <missing>]"),
    ("x = ⟦1h30m⟧", "IDP0006", "[x = <missing>]"),
    ("x = ⟦1h30⟧", "IDP0006", "[x = <missing>]"),
    ("x = ⟦9223372036854775808⟧", "IDP0007", "[x = <missing>]"),
    ("x = ⟦1000000000000000000000000000000000000000000s⟧", "IDP0007", "[x = <missing>]"),
    ("x = ⟦2027-02-29⟧", "IDP0008", "[x = <missing>]"),
    ("x = ⟦2027-2-1⟧", "IDP0008", "[x = <missing>]"),
    ("x = \"a⟦\u{202e}⟧b\"", "IDP0009", "[x = '\"a\\u{202e}b\"']"),
    ("x = 1 // ⟦\u{2066}⟧", "IDP0009", "[x = 1]"),
    ("x =⟦⟧", "IDP0010", "[x = <missing>]"),
    ("x = {a =⟦⟧}", "IDP0010", "[x = {[a = <missing>]}]"),
    ("x = a +⟦⟧", "IDP0010", "[x = (a Add <missing>)]"),
    ("x = if a then b⟦⟧", "IDP0010", "[x = (if a then b else <missing>)]"),
    ("x = if a⟦⟧", "IDP0010", "[x = (if a then <missing> else <missing>)]"),
    ("x⟦⟧ 5", "IDP0010", "[x = 5]"),
    ("x⟦⟧ payments", "IDP0010", "[x = payments]"),
    ("x.⟦⟧ = 5", "IDP0010", "[x = 5]"),
    ("in⟦⟧ { a = 1 }", "IDP0010", "[in  {[a = 1]}]"),
    ("in prod⟦⟧", "IDP0010", "[in prod {}]"),
    ("in prod ⟦,⟧ dev { a = 1 }", "IDP0012", "[in prod dev {[a = 1]}]"),
    ("x = ⟦=⟧ 5", "IDP0012", "[x = <missing>]"),
    ("x = 5 ⟦@⟧once", "IDP0012", "[x = 5]"),
    ("x = [a,⟦,⟧ b]", "IDP0012", "[x = [a, b]]"),
    ("⟦=⟧ 5", "IDP0012", ""),
    ("x.⟦5⟧ = 5", "IDP0012", "[x = 5]"),
    ("x = (a ⟦b⟧)", "IDP0012", "[x = <a>]"),
    ("x = ⟦a.b⟧ { c = 1 }", "IDP0012", "[x = a {[c = 1]}]"),
    ("x = a < b ⟦==⟧ c", "IDP0013", "[x = ((a Lt b) Eq c)]"),
    ("x =⟦⟧\n    5", "IDP0014", "[x = 5]"),
    ("x =⟦⟧\n    a.b", "IDP0014", "[x = a.b]"),
    ("x⟦⟧\n    = 5", "IDP0014", "[x = 5]"),
    ("x⟦⟧\n  {\n a = 1 }", "IDP0015", "[x {[a = 1]}]"),
    ("x = a⟦⟧\n  {\n b = 1 }", "IDP0015", "[x = a {[b = 1]}]"),
    ("x = [a, b⟦⟧", "IDP0016", "[x = [a, b]]"),
    ("x = (a⟦⟧", "IDP0016", "[x = <a>]"),
    ("x = len(a⟦⟧", "IDP0016", "[x = len(a)]"),
    ("x {\n    a = 1⟦⟧", "IDP0016", "[x {[a = 1]}]"),
    ("x = postgres { a = 1⟦⟧", "IDP0016", "[x = postgres {[a = 1]}]"),
    ("⟦if⟧ = 5", "IDP0018", "[if = 5]"),
    ("x.⟦in⟧ = 5", "IDP0018", "[x.in = 5]"),
    ("x { ⟦in⟧ prod { a = 1 } }", "IDP0020", "[x {[in prod {[a = 1]}]}]"),
    ("in dev { ⟦in⟧ prod { a = 1 } }", "IDP0020", "[in dev {[in prod {[a = 1]}]}]"),
    ("x = 1⟦⟧ z = 2", "IDP0021", "[x = 1] [z = 2]"),
    ("x { a = 1 }⟦⟧ z = 2", "IDP0021", "[x {[a = 1]}] [z = 2]"),
    ("x = [1⟦⟧ 2]", "IDP0021", "[x = [1, 2]]"),
    ("x⟦:⟧ 5", "IDP0022", "[x = 5]"),
    ("x ⟦:=⟧ 5", "IDP0022", "[x = 5]"),
    ("x = \"\"\"⟦abc⟧\"\"\"", "IDP0023", "[x = '\"abc\"']"),
    ("x = \"\"\"⟦\n    abc⟧\"\"\"", "IDP0023", "[x = '\"abc\"']"),
    ("x = \"\"\"\n⟦ abc⟧\n    \"\"\"", "IDP0024", "[x = '\"abc\"']"),
    ("x = \"a⟦\u{1}⟧\"", "IDP0025", "[x = '\"a\\u{1}\"']"),
    ("x = ⟦'a'⟧", "IDP0026", "[x = '\"a\"']"),
    ("x = ⟦“a”⟧", "IDP0026", "[x = '\"a\"']"),
    ("x = ⟦größe⟧", "IDP0027", "[x = größe]"),
    ("x = 1 ⟦# one⟧", "IDP0028", "[x = 1]"),
    ("x = 1 ⟦/* one\n two */⟧", "IDP0028", "[x = 1]"),
    ("x = a ⟦&&⟧ b", "IDP0029", "[x = (a And b)]"),
    ("x = a ⟦||⟧ b", "IDP0029", "[x = (a Or b)]"),
    ("x = ⟦!⟧a", "IDP0029", "[x = (not a)]"),
    ("x = if a ⟦=⟧ b then c else d", "IDP0029", "[x = (if (a Eq b) then c else d)]"),
    ("x ⟦==⟧ b", "IDP0029", "[x = b]"),
    ("x = 1⟦;⟧ y = 2", "IDP0030", "[x = 1] [y = 2]"),
    ("x = ⟦50 GiB⟧", "IDP0031", "[x = 50e-0 Gibibyte]"),
    ("x = ⟦3.⟧", "IDP0032", "[x = <missing>]"),
    ("x = ⟦.5⟧", "IDP0032", "[x = <missing>]"),
    ("x = ⟦1__0⟧", "IDP0032", "[x = <missing>]"),
    ("x = ⟦007⟧", "IDP0032", "[x = <missing>]"),
    ("x = ⟦1.2.3⟧", "IDP0032", "[x = <missing>]"),
    ("x = 1 ⟦)⟧", "IDP0033", "[x = 1]"),
    ("⟦]⟧ x = 1", "IDP0033", "[x = 1]"),
    ("x = 1..2⟦..⟧3", "IDP0035", "[x = ((1 Range 2) Range 3)]"),
    ("x = a ⟦not in⟧ b", "IDP0036", "[x = (not (a In b))]"),
    ("x = a == ⟦not⟧ b", "IDP0036", "[x = (a Eq (not b))]"),
    ("⟦team⟧ b { c = 1 }", "IDP0040", ""),
    ("⟦let⟧ b = 1", "IDP0040", ""),
    ("⟦\"\"⟧ = 1", "IDP0042", "[ = 1]"),
    ("a.⟦\"${b}\"⟧ = 1", "IDP0042", "[a. = 1]"),
    ("x = a⟦[⟧0]", "IDP0043", "[x = a]"),
    ("x = (a)⟦.⟧b", "IDP0043", "[x = <a>]"),
];

#[test]
fn a_mistake_in_a_service() {
    for (entry, code, expected) in IN_A_SERVICE {
        let parse =
            check(&format!("service a : web {{\n  before = 1\n  {entry}\n  after = 2\n}}\nteam b {{}}\n"), &[code]);
        let view = view(&parse);
        let space = if expected.is_empty() { "" } else { " " };
        let whole = format!("service a : web {{[before = 1]{space}{expected} [after = 2]}}");
        assert!(view.contains(&whole), "{entry}\n{view}\n{whole}");
        assert!(view.ends_with("\nteam b {}"), "{entry}\n{view}");
    }
}

/// Mistakes inside of a schema.
const IN_A_SCHEMA: &[(&str, &str, &str)] = &[
    ("x⟦⟧", "IDP0010", "[x]"),
    ("x :⟦⟧", "IDP0010", "[x : <missing>]"),
    ("x :⟦⟧ = 5", "IDP0010", "[x : <missing> = 5]"),
    ("x : int =⟦⟧", "IDP0010", "[x : int = <missing>]"),
    ("x : int =⟦⟧ @once", "IDP0010", "[x : int = <missing> @once()]"),
    ("x : int @⟦⟧", "IDP0010", "[x : int]"),
    ("x : &⟦⟧", "IDP0010", "[x : <missing>]"),
    ("x : \"a\" |⟦⟧", "IDP0010", "[x : '\"a\"']"),
    ("x : string matching⟦⟧", "IDP0010", "[x : {string matching <missing>}]"),
    ("output⟦⟧", "IDP0010", ""),
    ("output x⟦⟧", "IDP0010", "[output x : <missing>]"),
    ("output x :⟦⟧", "IDP0010", "[output x : <missing>]"),
    ("require⟦⟧", "IDP0010", "[require <missing> : <missing>]"),
    ("require a⟦⟧", "IDP0010", "[require a : <missing>]"),
    ("require a :⟦⟧", "IDP0010", "[require a : <missing>]"),
    ("require a <⟦⟧\n    : \"m\"", "IDP0010", "[require (a Lt <missing>) : '\"m\"']"),
    ("require a <⟦⟧ : \"m\"", "IDP0010", "[require (a Lt <missing>) : '\"m\"']"),
    ("x : ⟦*⟧", "IDP0012", "[x : <missing>]"),
    ("x : int⟦??⟧", "IDP0012", "[x : (int)?]"),
    ("x : foo⟦<⟧int>", "IDP0012", "[x : <missing>]"),
    ("x : ⟦if⟧", "IDP0018", "[x : if]"),
    ("x : [int⟦⟧", "IDP0016", "[x : [int]]"),
    ("x : (int⟦⟧", "IDP0016", "[x : int]"),
    ("x : map<int⟦⟧", "IDP0016", "[x : map<int>]"),
    ("x : int @locked(\"why\"⟦⟧", "IDP0016", "[x : int @locked('\"why\"')]"),
    ("require (a or b⟦⟧ : \"m\"", "IDP0016", "[require <(a Or b)> : '\"m\"']"),
    ("x : int⟦⟧ y : int", "IDP0021", "[x : int] [y : int]"),
    ("require a ⟦=⟧ b : \"m\"", "IDP0029", "[require (a Eq b) : '\"m\"']"),
    ("x : int in 1..5⟦?⟧", "IDP0037", "[x : ({int in (1 Range 5)})?]"),
    ("x : int? ⟦in⟧ 1..5", "IDP0037", "[x : ({int in (1 Range 5)})?]"),
    ("x : string ⟦|⟧ int", "IDP0038", "[x : <missing>]"),
    ("x : \"a\" | ⟦b⟧", "IDP0038", "[x : '\"a\"']"),
    ("x : ⟦{⟧ y : int }", "IDP0039", "[x : <missing>]"),
    ("⟦enum⟧ b { c }", "IDP0040", ""),
];

#[test]
fn a_mistake_in_a_schema() {
    for (member, code, expected) in IN_A_SCHEMA {
        let parse =
            check(&format!("schema a : b {{\n  before = 1\n  {member}\n  after : int\n}}\nteam b {{}}\n"), &[code]);
        let view = view(&parse);
        if !expected.is_empty() {
            let whole = format!("schema a : b {{[before = 1] {expected} [after : int]}}");
            assert!(view.contains(&whole), "{member}\n{view}\n{whole}");
        }
        assert!(view.contains("[before = 1]") && view.contains("[after : int]"), "{member}\n{view}");
        assert!(view.ends_with("\nteam b {}"), "{member}\n{view}");
    }
}

/// Mistakes between and in declarations; a team follows each.
const AT_TOP_LEVEL: &[(&str, &str, &str)] = &[
    ("service⟦⟧", "IDP0010", ""),
    ("service⟦⟧ : web { a = 1 }", "IDP0010", ""),
    ("service a :⟦⟧ { a = 1 }", "IDP0010", "service a {[a = 1]}"),
    ("service a⟦⟧", "IDP0010", "service a {}"),
    ("service a⟦⟧\n  b = 1\n}", "IDP0010", "service a {[b = 1]}"),
    ("service a⟦⟧\n}", "IDP0010", "service a {}"),
    ("let⟦⟧", "IDP0010", ""),
    ("let a⟦⟧", "IDP0010", "let a = <missing>"),
    ("let a⟦⟧ 5", "IDP0010", "let a = 5"),
    ("let a =⟦⟧", "IDP0010", "let a = <missing>"),
    ("moved⟦⟧ { from = a }", "IDP0010", ""),
    ("enum⟦⟧ { a }", "IDP0010", ""),
    ("⟦sevice⟧ a : web { b = 1 }", "IDP0011", "service a : web {[b = 1]}"),
    ("⟦schmea⟧ a { b : int }", "IDP0011", "schema a {[b : int]}"),
    ("⟦application⟧ a { b = 1 }", "IDP0011", "service a {[b = 1]}"),
    ("⟦frobnicate⟧ a { b = 1 }", "IDP0011", ""),
    ("⟦frobnicate⟧", "IDP0011", ""),
    ("⟦5⟧", "IDP0012", ""),
    ("service a⟦⟧ web { b = 1 }", "IDP0010", "service a : web {[b = 1]}"),
    ("service a { b = 1\n⟦{⟧{{\n}", "IDP0012", "service a {[b = 1]}"),
    ("schema a {\n  b :⟦⟧\n    int = 1\n}", "IDP0010", "schema a {[b : int = 1]}"),
    ("schema a { b : int @once ⟦=⟧ 3 }", "IDP0012", "schema a {[b : int = 3 @once()]}"),
    ("service a { b = c\n⟦{⟧{{\n}", "IDP0012", "service a {[b = c]}"),
    ("schema a { b : bool = c ⟦=⟧ 1 }", "IDP0029", "schema a {[b : bool = (c Eq 1)]}"),
    ("service a { b = c ⟦%⟧ 2, d = 1 }", "IDP0001", "service a {[b = c] [d = 1]}"),
    ("let b = ⟦\"\"\"⟧\nsome text\nmore.", "IDP0002", "let b = <missing>"),
    ("service ⟦5⟧ { b = 1 }", "IDP0012", ""),
    ("enum a { b, ⟦5⟧, c }", "IDP0012", "enum a {b c}"),
    ("enum a { b ⟦=⟧ 3, c }", "IDP0012", "enum a {b c}"),
    ("service a⟦⟧\n{\n  b = 1\n}", "IDP0015", "service a {[b = 1]}"),
    ("service a {\n  b = 1⟦⟧\n", "IDP0016", "service a {[b = 1]}"),
    ("service a {\n  b = [1⟦⟧\n", "IDP0016", "service a {[b = [1]]}"),
    ("service a {\n  b {\n    c {\n      d = 1⟦⟧\n", "IDP0016", "service a {[b {[c {[d = 1]}]}]}"),
    ("service a {\n  b {\n    c = 1⟦⟧\n  d {\n    e = 1\n  }\n}", "IDP0016", "service a {[b {[c = 1]}] [d {[e = 1]}]}"),
    ("service ⟦in⟧ { b = 1 }", "IDP0018", "service in {[b = 1]}"),
    ("let a = 1⟦⟧ let b = 2", "IDP0021", "let a = 1\nlet b = 2"),
    ("team a {}⟦⟧ team c {}", "IDP0021", "team a {}\nteam c {}"),
    ("service ⟦größe⟧ { b = 1 }", "IDP0027", "service größe {[b = 1]}"),
    ("service a {\n}\n⟦}⟧", "IDP0033", "service a {}"),
    ("⟦owner⟧ = 1\nport = 2\n", "IDP0034", ""),
    ("service ⟦\"a\"⟧ { b = 1 }", "IDP0041", "service a {[b = 1]}"),
];

#[test]
fn a_mistake_at_top_level() {
    for (program, code, expected) in AT_TOP_LEVEL {
        let parse = check(&format!("let first = 1\n{program}\nteam b {{}}\n"), &[code]);
        let newline = if expected.is_empty() { "" } else { "\n" };
        assert_eq!(view(&parse), format!("let first = 1{newline}{expected}\nteam b {{}}"), "{program}");
    }
}

#[test]
fn a_brace_too_many_gives_one_error() {
    let parse = check("service a {\n  b = 1\n  }\n  ⟦c⟧ = 2\n}\nteam b {}\n", &["IDP0034"]);
    assert_eq!(view(&parse), "service a {[b = 1]}\nteam b {}");
}

#[test]
fn nesting_ends_somewhere() {
    for (open, before) in [("[", "let a = "), ("(", "let a = "), ("x { ", "service a { "), ("not ", "let a = ")] {
        let text = format!("{before}{}", open.repeat(1000));
        let codes: Vec<_> = parse(&text).errors().iter().map(|error| error.kind.code()).collect();
        assert_eq!(codes, ["IDP0017"], "{open}");
    }
    let deep = |depth: usize| format!("let a = {}1{}\nteam b {{}}\n", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(parse(&deep(120)).errors(), []);
    let parse = parse(&deep(200));
    assert_eq!(parse.errors().iter().map(|error| error.kind.code()).collect::<Vec<_>>(), ["IDP0017"]);
    assert!(view(&parse).ends_with("team b {}"));
}

#[test]
fn a_long_chain_is_as_deep_as_a_tree_can_be() {
    let chain = |len: usize| format!("let a = {}1\n", "1 + ".repeat(len));
    assert_eq!(parse(&chain(100)).errors(), []);
    assert_eq!(parse(&chain(1000)).errors().iter().map(|error| error.kind.code()).collect::<Vec<_>>(), ["IDP0017"]);
}

#[test]
fn a_file_can_be_too_large() {
    let text = "// x\n".repeat(300_000);
    let parse = parse(&text);
    assert_eq!(parse.errors().iter().map(|error| error.kind.code()).collect::<Vec<_>>(), ["IDP0019"]);
    assert_eq!(parse.syntax().text().len(), TextSize::of(text.as_str()));
}

#[test]
fn several_mistakes_give_several_errors() {
    check(
        "service a : web {\n  owner =⟦⟧\n  port⟦:⟧ 80\n  size = ⟦5Gi⟧\n}\nschema b {\n  x :⟦⟧\n  y : int in 1..2⟦?⟧\n}\n",
        &["IDP0010", "IDP0022", "IDP0005", "IDP0010", "IDP0037"],
    );
}

/// What a fix makes of a mistake.
#[test]
fn fixes_mend() {
    for (entry, mended) in [
        ("x = ⟦5Gi⟧", "x = 5GiB"),
        ("x = ⟦512Mi⟧", "x = 512MiB"),
        ("x = ⟦10sec⟧", "x = 10s"),
        ("x = ⟦50 GiB⟧", "x = 50GiB"),
        ("x = ⟦2027-2-1⟧", "x = 2027-02-01"),
        ("x = ⟦.5⟧", "x = 0.5"),
        ("x = ⟦3.⟧", "x = 3"),
        ("x = ⟦1__0⟧", "x = 10"),
        ("x = ⟦1.2.3⟧", "x = \"1.2.3\""),
        ("x = ⟦007⟧", "x = \"007\""),
        ("x = ⟦'a'⟧", "x = \"a\""),
        ("x = ⟦“a”⟧", "x = \"a\""),
        ("x = ⟦\"a⟧", "x = \"a\""),
        ("x = { a = ⟦\"b }⟧", "x = { a = \"b\" }"),
        ("x = \"⟦\\q⟧\"", "x = \"\\\\q\""),
        ("x = \"⟦${ b }⟧\"", "x = \"${b}\""),
        ("x = \"⟦${⟧b\"", "x = \"\\${b\""),
        ("x⟦:⟧ 5", "x = 5"),
        ("x ⟦:⟧ 5", "x = 5"),
        ("x ⟦:=⟧ 5", "x = 5"),
        ("x ⟦==⟧ 5", "x = 5"),
        ("x⟦⟧ 5", "x = 5"),
        ("x =⟦⟧\n    5", "x = 5"),
        ("x⟦⟧\n  { a = 1 }", "x { a = 1 }"),
        ("x = 1⟦⟧ y = 2", "x = 1, y = 2"),
        ("x = 1⟦;⟧ y = 2", "x = 1, y = 2"),
        ("x = [1⟦⟧", "x = [1]"),
        ("x { a = 1⟦⟧", "x { a = 1 }"),
        ("x {\n    a = 1⟦⟧", "x {\n    a = 1\n  }"),
        ("x = a ⟦&&⟧ b", "x = a and b"),
        ("x = ⟦!⟧a", "x = not a"),
        ("x = if a ⟦=⟧ b then c else d", "x = if a == b then c else d"),
        ("x = 1 ⟦# one⟧", "x = 1 // one"),
        ("x = 1 ⟦)⟧", "x = 1 "),
        ("x =⟦\u{a0}⟧5", "x = 5"),
    ] {
        let around = |entry: &str| format!("service a : web {{\n  {entry}\n}}\n");
        let (text, _) = marked(&around(entry));
        let broken = parse(&text);
        assert_eq!(fixed(&broken), around(mended), "{entry}");
        assert_eq!(parse(&fixed(&broken)).errors(), [], "{entry}");
    }
    let mend = |text: &str| fixed(&parse(text));
    assert_eq!(mend("sevice a {}"), "service a {}");
    assert_eq!(mend("service \"a\" {}"), "service a {}");
    assert_eq!(mend("service a : web\n{\n}"), "service a : web {\n}");
    assert_eq!(mend("schema a { b : int in 1..5? }"), "schema a { b : (int in 1..5)? }");
    assert_eq!(mend("schema a { b : map<int }"), "schema a { b : map<int> }");
    assert_eq!(mend("service a {\n  b = 1\n\nservice c {}"), "service a {\n  b = 1\n}\n\nservice c {}");
}

#[test]
fn every_code_is_tested_here() {
    let elsewhere = ["IDP0017", "IDP0019"];
    let tables = [IN_A_SERVICE, IN_A_SCHEMA, AT_TOP_LEVEL];
    let tested: BTreeSet<&str> =
        tables.iter().flat_map(|table| table.iter().map(|(_, code, _)| *code)).chain(elsewhere).collect();
    let untested: Vec<_> = SyntaxErrorKind::CODES.iter().filter(|code| !tested.contains(**code)).collect();
    assert!(untested.is_empty(), "{untested:?}");
}

#[test]
fn codes_are_unique_and_in_order() {
    let codes: BTreeSet<&str> = SyntaxErrorKind::CODES.iter().copied().collect();
    assert_eq!(codes.len(), SyntaxErrorKind::CODES.len());
    assert!(SyntaxErrorKind::CODES.is_sorted());
    assert!(SyntaxErrorKind::RULES.iter().all(|(code, rule)| codes.contains(code) && rule.ends_with('.')));
}

#[test]
fn messages_are_one_line_and_end_without_a_full_stop() {
    let mut seen = BTreeSet::new();
    for (entry, code, _) in IN_A_SERVICE.iter().chain(IN_A_SCHEMA) {
        for before in ["service", "schema"] {
            let (text, _) = marked(&format!("{before} a {{\n  {entry}\n}}\n"));
            for error in parse(&text).errors() {
                seen.insert(error.kind.code());
                let message = error.kind.message();
                assert!(!message.is_empty() && !message.contains('\n') && !message.ends_with('.'), "{code} {message}");
                let help = error.kind.help();
                assert!(!help.contains('\n') && !help.ends_with('.'), "{code} {help}");
            }
        }
    }
    assert!(seen.len() > 30, "{seen:?}");
}

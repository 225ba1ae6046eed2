//! What each construct of the language means, as its typed view.

mod outline;

use idpc_syntax::ast::{DeclKind, EntryKind, SourceFile};
use idpc_syntax::parse;

/// The view of a text without errors.
fn view(text: &str) -> SourceFile {
    let parse = parse(text);
    assert_eq!(parse.errors(), [], "{text}");
    assert_eq!(parse.syntax().text().to_string(), text);
    parse.source_file()
}

fn outline(text: &str) -> String {
    outline::outline(&view(text))
}

/// The outline of an expression.
fn expr(text: &str) -> String {
    let outline = outline(&format!("let x = {text}\n"));
    outline.strip_prefix("let x = ").unwrap_or(&outline).to_owned()
}

/// The outline of the members of a schema.
fn members(text: &str) -> String {
    let outline = outline(&format!("schema x {{\n{text}\n}}\n"));
    outline.strip_prefix("schema x {").and_then(|rest| rest.strip_suffix('}')).unwrap_or(&outline).to_owned()
}

/// The outline of the entries of a service.
fn entries(text: &str) -> String {
    let outline = outline(&format!("service x {{\n{text}\n}}\n"));
    outline.strip_prefix("service x {").and_then(|rest| rest.strip_suffix('}')).unwrap_or(&outline).to_owned()
}

/// The text that a range covers.
fn slice(text: &str, span: idpc_syntax::ast::TextRange) -> &str {
    text.get(usize::from(span.start())..usize::from(span.end())).unwrap_or("<outside>")
}

// Files and declarations.

#[test]
fn an_empty_file_declares_nothing() {
    assert_eq!(outline(""), "");
    assert_eq!(outline("\u{feff}// only a comment"), "");
}

#[test]
fn instances_of_all_six_roots() {
    for root in ["platform", "environment", "team", "system", "service", "resource"] {
        assert_eq!(outline(&format!("{root} a {{}}")), format!("{root} a {{}}"));
        assert_eq!(outline(&format!("{root} a-b : web {{ x = 1 }}")), format!("{root} a-b : web {{[x = 1]}}"));
    }
}

#[test]
fn declarations_of_other_forms() {
    assert_eq!(outline("schema a { b : int }"), "schema a {[b : int]}");
    assert_eq!(outline("schema a : b {}"), "schema a : b {}");
    assert_eq!(outline("enum stage { a, b-c\n d }"), "enum stage {a b-c d}");
    assert_eq!(outline("extend enum language { php }"), "extend enum language {php}");
    assert_eq!(outline("extend enum { b : int }"), "extend enum {[b : int]}");
    assert_eq!(outline("extend team { a : int }"), "extend team {[a : int]}");
    assert_eq!(outline("let keep = 30d"), "let keep = 30e-0 Day");
    assert_eq!(
        outline("moved checkout.needs.orders { from = checkout.needs.db }"),
        "moved checkout.needs.orders {[from = checkout.needs.db]}"
    );
    assert_eq!(
        outline("removed a.\"b.c\" { keep = false, because = \"x\" }"),
        "removed a.b.c {[keep = false] [because = '\"x\"']}"
    );
}

#[test]
fn a_colon_may_begin_the_next_line() {
    assert_eq!(outline("service a\n  : web {}"), "service a : web {}");
}

#[test]
fn documentation_belongs_to_what_follows() {
    let text = "/// Takes a basket.\n///\n///   Indented.\nservice a {}\n\n/// Stray.\n\n// comment\nteam b {}";
    assert_eq!(outline(text), "\"Takes a basket.\\n\\n  Indented.\" service a {}\nteam b {}");
    assert_eq!(outline("enum a {\n  /// One.\n  b /// not documentation of c\n  c\n}"), "enum a {\"One.\" b c}");
    assert_eq!(
        members(
            "/// A field.\n// and a comment\na : int\n//// no documentation\nb { /// on this line\n c : int }\n/// Inside.\nd { \n/// Deep.\n e : int\n}"
        ),
        "[\"A field.\" a : int] [b {[c : int]}] [\"Inside.\" d {[\"Deep.\" e : int]}]"
    );
}

#[test]
fn spans_of_a_declaration() {
    let text = "/// Doc.\nservice a  :  web   {\n  port = 1 // c\n}\n";
    let file = view(text);
    let decl = file.decls.first().unwrap();
    assert_eq!(slice(text, decl.span), "service a  :  web   {\n  port = 1 // c\n}");
    assert_eq!(slice(text, decl.header), "service a  :  web");
    let DeclKind::Instance(item) = &decl.kind else { panic!() };
    assert_eq!(slice(text, item.root.span), "service");
    assert_eq!(slice(text, item.schema.as_ref().unwrap().span), "web");
    assert_eq!(slice(text, item.entries.first().unwrap().span), "port = 1");
}

#[test]
fn spans_of_an_overlay() {
    let text = "service a {\n  in [staging, prod]  { x = 1 }\n}\n";
    let file = view(text);
    let Some(DeclKind::Instance(item)) = file.decls.first().map(|decl| &decl.kind) else { panic!() };
    let Some(EntryKind::In { header, envs, .. }) = item.entries.first().map(|entry| &entry.kind) else { panic!() };
    assert_eq!(slice(text, *header), "in [staging, prod]");
    assert_eq!(envs.iter().map(|name| slice(text, name.span)).collect::<Vec<_>>(), ["staging", "prod"]);
}

#[test]
fn keywords_are_names_inside_of_declarations() {
    assert_eq!(
        entries("service = 1\nschema { team = 2 }\noutput\nresource.enum = x\nmoved = 3\nmap = secret"),
        "[service = 1] [schema {[team = 2]}] [output] [resource.enum = x] [moved = 3] [map = secret]"
    );
    assert_eq!(
        members(
            "output : string\nrequire : bool = true\nwarn { x : int }\noutput.x = 1\nwarn @once\nservice : int\nenum = 2"
        ),
        "[output : string] [require : bool = true] [warn {[x : int]}] [output.x = 1] [warn @once()] [service : int] [enum = 2]"
    );
    assert_eq!(outline("team service {}\nservice team {}"), "team service {}\nservice team {}");
}

// Entries.

#[test]
fn forms_of_an_entry() {
    assert_eq!(
        entries("a.\"b.c/d\".e = 1\ncalls { inventory }\nneeds.orders { x = 2, y = 3, }\nin prod { z = 4 }"),
        "[a.b.c/d.e = 1] [calls {[inventory]}] [needs.orders {[x = 2] [y = 3]}] [in prod {[z = 4]}]"
    );
    assert_eq!(entries("in [staging,\n prod\n] { }"), "[in staging prod {}]");
    assert_eq!(entries("\"a b\" = 1\n\"c\" { d = 1 }\n\"e\""), "[a b = 1] [c {[d = 1]}] [e]");
}

#[test]
fn records_stand_where_values_do() {
    assert_eq!(
        entries("paid = order-paid { access = write }\nx = {}\ny = { a = [b { c = 1 }, { d = 2 }] }"),
        "[paid = order-paid {[access = write]}] [x = {}] [y = {[a = [b {[c = 1]}, {[d = 2]}]]}]"
    );
}

#[test]
fn commas_and_newlines_separate() {
    assert_eq!(entries("a = 1, b = 2,\nc = 3\n\n,d = 4").replace(' ', ""), "[a=1][b=2][c=3][d=4]");
    assert_eq!(entries("a = [\n1\n2, 3,\n4\n]"), "[a = [1, 2, 3, 4]]");
}

// Members.

#[test]
fn forms_of_a_member() {
    assert_eq!(
        members("a : int = 3 @once\nslo.availability = 99.9%\nb @immutable\noutput host : string\nc { d : int } @once"),
        "[a : int = 3 @once()] [slo.availability = 999e-1 Percent] [b @immutable()] [output host : string] \
         [c {[d : int]} @once()]"
    );
    assert_eq!(members("a.b { c : int }"), "[a {[b {[c : int]}]}]");
}

#[test]
fn annotations_go_on_over_lines() {
    assert_eq!(
        members(
            "a : int\n  @once @locked(\"why\", except = [b])\n  @deprecated(\n    use = c,\n    \"why\"\n  )\nd : int"
        ),
        "[a : int @once() @locked('\"why\"' except = [b]) @deprecated(use = c '\"why\"')] [d : int]"
    );
}

#[test]
fn rules() {
    assert_eq!(
        members("require env.stage != production or keep >= 7d\n  : \"keep ${keep}\"\nwarn storage <= 4TiB : \"ask\""),
        "[require ((env.stage Ne production) Or (keep Ge 7e-0 Day)) : '\"keep \"${keep}'] \
         [warn (storage Le 4e-0 Tebibyte) : '\"ask\"']"
    );
    assert_eq!(members("require (a\n  or b)\n : \"x\""), "[require <(a Or b)> : '\"x\"']");
    assert_eq!(members("require not a : \"x\""), "[require (not a) : '\"x\"']");
    assert_eq!(members("require\tlen(a) in [1, 2] : \"x\""), "[require (len(a) In [1, 2]) : '\"x\"']");
}

// Types.

#[test]
fn forms_of_a_type() {
    let ty = |text: &str| members(&format!("a : {text}"));
    for (text, view) in [
        ("string", "string"),
        ("&team", "&team"),
        ("&environment?", "(&environment)?"),
        ("[string]", "[string]"),
        ("[\n  &team\n]?", "([&team])?"),
        ("map<resource>", "map<resource>"),
        ("map<&service, call>", "map<&service, call>"),
        ("map<map<[int]>>", "map<map<[int]>>"),
        ("secret<string>", "secret<string>"),
        ("secret", "secret"),
        ("map", "map"),
        ("\"14\" | \"15\"\n  | \"16\"", "'\"14\"'|'\"15\"'|'\"16\"'"),
        ("\"14\" |\n \"15\"", "'\"14\"'|'\"15\"'"),
        ("-1 | 2 | 5s", "(-1)|2|5e-0 Second"),
        ("\"a\" | \"b\"?", "('\"a\"'|'\"b\"')?"),
        ("int in 1..65535", "{int in (1 Range 65535)}"),
        ("(int in 1..65535)?", "({int in (1 Range 65535)})?"),
        ("size in a.b * 2..16TiB", "{size in ((a.b Mul 2) Range 16e-0 Tebibyte)}"),
        ("language in [go, rust]", "{language in [go, rust]}"),
        ("string matching \"^[a-z]+$\"", "{string matching '\"^[a-z]+$\"'}"),
        ("(string matching \"x\")?", "({string matching '\"x\"'})?"),
        ("[string] nonempty", "{[string] nonempty}"),
        ("[string] nonempty?", "({[string] nonempty})?"),
        ("[(int in 0..1)?]", "[({int in (0 Range 1)})?]"),
    ] {
        assert_eq!(ty(text), format!("[a : {view}]"), "{text}");
    }
}

#[test]
fn a_default_follows_a_refinement() {
    assert_eq!(
        members("a : size in 20GiB..16TiB = 20GiB\nb : duration in 1d..35d = if c == d then 14d else 1d @once"),
        "[a : {size in (20e-0 Gibibyte Range 16e-0 Tebibyte)} = 20e-0 Gibibyte] \
         [b : {duration in (1e-0 Day Range 35e-0 Day)} = (if (c Eq d) then 14e-0 Day else 1e-0 Day) @once()]"
    );
    assert_eq!(members("a : \"14\" | \"15\" = \"15\""), "[a : '\"14\"'|'\"15\"' = '\"15\"']");
}

// Expressions.

#[test]
fn operators_bind_in_their_order() {
    for (text, view) in [
        ("a or b and c", "(a Or (b And c))"),
        ("not a == b and c", "((not (a Eq b)) And c)"),
        ("not not a", "(not (not a))"),
        ("a ?? b == c", "((a Default b) Eq c)"),
        ("a in b..c", "(a In (b Range c))"),
        ("a ?? 1..2", "(a Default (1 Range 2))"),
        ("1 + 2..3 * 4", "((1 Add 2) Range (3 Mul 4))"),
        ("a - b - c", "((a Sub b) Sub c)"),
        ("a-b - c", "(a-b Sub c)"),
        ("-a * -2", "((-a) Mul (-2))"),
        ("a / b * c", "((a Div b) Mul c)"),
        ("(a + b) * c", "(<(a Add b)> Mul c)"),
        ("a <= b", "(a Le b)"),
        ("if a then b else if c then d else e", "(if a then b else (if c then d else e))"),
        ("if a or b then c + 1 else d + 2", "(if (a Or b) then (c Add 1) else (d Add 2))"),
        ("a + if b then c else d", "(a Add (if b then c else d))"),
        ("min(a, len(b), 3,)", "min(a, len(b), 3)"),
        ("self.a.b", "self.a.b"),
        ("a.\"b c\"", "a.b c"),
        ("none", "none"),
        ("not true", "(not true)"),
    ] {
        assert_eq!(expr(text), view, "{text}");
    }
}

#[test]
fn lines_go_on_where_the_rules_say_so() {
    assert_eq!(expr("a or\n b\n and c"), "(a Or (b And c))");
    assert_eq!(expr("if a\n then b\n else\n c"), "(if a then b else c)");
    assert_eq!(expr("1 +\n // why\n 2 ..\n\n 3"), "((1 Add 2) Range 3)");
    assert_eq!(expr("(a\n - b\n\n)"), "<(a Sub b)>");
    assert_eq!(expr("[a\n -1, b\n or c]"), "[a, (-1), (b Or c)]");
    assert_eq!(expr("min(\n a\n ,\n b\n)"), "min(a, b)");
    assert_eq!(expr("([\n1\n2\n])"), "<[1, 2]>");
}

#[test]
fn literals() {
    for (text, view) in [
        ("42", "42"),
        ("1_000", "1000"),
        ("9223372036854775807", "9223372036854775807"),
        ("3.50", "350e-2"),
        ("0.1", "1e-1"),
        ("150ms", "150e-0 Millisecond"),
        ("1.5h", "15e-1 Hour"),
        ("99.9%", "999e-1 Percent"),
        ("100rps", "100e-0 PerSecond"),
        ("400USD", "400e-0 Usd"),
        ("1_0.5EUR", "105e-1 Eur"),
        ("2027-03-31", "2027-03-31"),
        ("2028-02-29", "2028-02-29"),
        ("true", "true"),
        ("3..12", "(3 Range 12)"),
        ("1.5..2.5", "(15e-1 Range 25e-1)"),
        ("2027-01-01..2027-12-31", "(2027-01-01 Range 2027-12-31)"),
    ] {
        assert_eq!(expr(text), view, "{text}");
    }
}

#[test]
fn strings() {
    for (text, view) in [
        (r#""""#, "''"),
        (r#""a \" \\ \n \t \$ \u{1F600}""#, r#"'"a \" \\ \n \t $ 😀"'"#),
        (r#""$5 and $""#, r#"'"$5 and $"'"#),
        (r#""${a}:${b.c-d}""#, r#"'${a}":"${b.c-d}'"#),
        (r#""\${a}""#, r#"'"${a}"'"#),
        (r#""${self.x."a.b}".y}!""#, r#"'${self.x.a.b}.y}"!"'"#),
    ] {
        assert_eq!(expr(text), view, "{text}");
    }
}

#[test]
fn text_of_several_lines_loses_its_indent() {
    assert_eq!(expr("\"\"\"\n    one\n      two\n\n    th\"r\"ee\n    \"\"\""), r#"'"one\n  two\n\nth\"r\"ee"'"#);
    assert_eq!(expr("\"\"\"\n\"\"\""), "''");
    assert_eq!(expr("\"\"\"\n\n\n\"\"\""), r#"'"\n"'"#);
    assert_eq!(expr("\"\"\"\r\n  a ${b}\\n\r\n  c\r\n  \"\"\""), r#"'"a "${b}"\n\nc"'"#);
    assert_eq!(entries("a = \"\"\"\n  x\n  \"\"\"\nb = 1"), r#"[a = '"x"'] [b = 1]"#);
}

// Comments that silence.

#[test]
fn allow_comments_name_the_line_below() {
    let text = "// idp:allow IDP0101 because of history\n//idp:allow: IDP0102\n/// Doc.\nservice a {\n  x = 1 // idp:allow A because b\n\n  // idp:allowed is another word\n  y = 2 // c\n}\n// idp:allow\n";
    let allows = view(text).allows;
    let seen: Vec<_> = allows
        .iter()
        .map(|allow| (slice(text, allow.code.span), allow.reason.as_str(), slice(text, allow.target)))
        .collect();
    assert_eq!(
        seen,
        [("IDP0101", "of history", "service a {"), ("IDP0102", "", "service a {"), ("A", "b", "y = 2"), ("", "", ""),]
    );
    assert_eq!(slice(text, allows.first().unwrap().span), "// idp:allow IDP0101 because of history");
}

// Whole programs.

#[test]
fn a_service_and_a_platform() {
    let service = view(include_str!("programs/service.idp"));
    assert_eq!(service.decls.len(), 1);
    let platform = view(include_str!("programs/platform.idp"));
    assert_eq!(platform.decls.len(), 10);
}

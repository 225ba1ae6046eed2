//! What the formatter makes of a text.

use idpc_syntax::{format, parse};

/// Requires this layout, and that it stays.
fn check(before: &str, after: &str) {
    let formatted = format(before);
    assert_eq!(formatted, after, "\n{formatted}");
    assert_eq!(format(&formatted), formatted);
}

/// Requires that a sound program is laid out well already.
fn unchanged(text: &str) {
    assert_eq!(parse(text).errors(), []);
    check(text, text);
}

#[test]
fn indent_and_space() {
    check(
        "service   a:web{\nowner=payments\n      in [ dev,prod ]{x=1}\n  }\n",
        "service a : web {\n  owner = payments\n  in [dev, prod] { x = 1 }\n}\n",
    );
    check("let a=-b*( c+1 )-2 .. 3??len( d )", "let a = -b * (c + 1) - 2..3 ?? len(d)\n");
    check("let a = [ 1,2 ,3, ]", "let a = [1, 2, 3,]\n");
    check("let a = not ( b in [ -1 ] )", "let a = not (b in [-1])\n");
    check("let a = b . \"c\" . d", "let a = b.\"c\".d\n");
    check("team a{ }\nteam b{\n\n}", "team a {}\nteam b {}\n");
}

#[test]
fn types() {
    check(
        "schema a{b:map< & service,call > ?=c @once @locked (\"x\",except=[d])}",
        "schema a { b : map<&service, call>? = c @once @locked(\"x\", except = [d]) }\n",
    );
    check(
        "schema a{b:( int in 1 .. 5 ) ?,c:\"x\"|\"y\",d:[ string ] nonempty}",
        "schema a { b : (int in 1..5)?, c : \"x\" | \"y\", d : [string] nonempty }\n",
    );
    check("schema a{require b<c and d>e:\"f\"}", "schema a { require b < c and d > e : \"f\" }\n");
}

#[test]
fn entries_of_one_kind_are_aligned() {
    check(
        "service a {\n  x = 1\n  long = 2\n  z { b = 1 }\n  longer { b = 2 }\n\n  y = 3\n  // comment\n  yy = 4\n}\n",
        "service a {\n  x    = 1\n  long = 2\n  z      { b = 1 }\n  longer { b = 2 }\n\n  y = 3\n  // comment\n  yy = 4\n}\n",
    );
}

#[test]
fn what_takes_several_lines_parts_what_is_aligned() {
    unchanged("service a {\n  x = 1\n  list = [\n    1,\n    2,\n  ]\n  longer = 2\n  y      = 3\n}\n");
}

#[test]
fn members_are_aligned() {
    check(
        "schema a {\n  b : int = 1 @once\n  long : string @immutable\n  c = 3\n  output x : int\n  output long : int\n}\n",
        "schema a {\n  b    : int = 1 @once\n  long : string  @immutable\n  c    = 3\n  output x    : int\n  output long : int\n}\n",
    );
    check(
        "moved a.b { from = c }\nremoved longer { keep = true }\nlet a = 1\nlet long = 2\n",
        "moved   a.b    { from = c }\nremoved longer { keep = true }\nlet a    = 1\nlet long = 2\n",
    );
}

#[test]
fn lines_that_go_on() {
    check(
        "schema a {\nrequire b or\nc\nand d\n: \"e\"\nf : int\n@once\n}\n",
        "schema a {\n  require b or\n    c\n    and d\n    : \"e\"\n  f : int\n    @once\n}\n",
    );
    check(
        "schema a {\nb = if c\nthen d\nelse if e\nthen f\nelse g\n}\n",
        "schema a {\n  b = if c\n      then d\n      else if e\n      then f\n      else g\n}\n",
    );
    check("let a = (b\n- c\n)\n", "let a = (b\n  - c\n)\n");
}

#[test]
fn lists_over_several_lines() {
    check("let a = [1,\n2, 3\n]\nlet b = [\n4, 5]\n", "let a = [\n  1,\n  2, 3\n]\nlet b = [\n  4, 5\n]\n");
    check(
        "service a { x = 1\ny = postgres { z = 2\n} }\n",
        "service a {\n  x = 1\n  y = postgres {\n    z = 2\n  }\n}\n",
    );
}

#[test]
fn empty_lines() {
    check(
        "\n\n\nteam a {\n\n\n  x = 1\n\n\n\n  y = 2\n\n}\n\n\n\nteam b {}\nteam c {}\n\n\n",
        "team a {\n  x = 1\n\n  y = 2\n}\n\nteam b {}\nteam c {}\n",
    );
    check("", "");
    check("\n\n", "");
}

#[test]
fn comments() {
    check(
        "// first  \n\n   /// doc\nteam a { // opening\n// inside\nx = 1 // one\nlong = 2      // two\n\n      // last\n}// closing\n// end",
        "// first\n\n/// doc\nteam a {  // opening\n  // inside\n  x    = 1  // one\n  long = 2  // two\n\n  // last\n}  // closing\n// end\n",
    );
    check("let a = [ // opening\n1, // one\n// two\n]\n", "let a = [  // opening\n  1,  // one\n  // two\n]\n");
    unchanged("team a {\n  // only a comment\n}\n");
}

#[test]
fn text_of_several_lines_stays() {
    unchanged("team a {\n  x = \"\"\"\n      one\n    two\n  \"\"\"\n  y = 1\n}\n");
}

#[test]
fn a_broken_declaration_stays_as_it_is() {
    check(
        "team a {x=1}\n\n  team   b {\n  x = = 1\n     y=2\n}   // note\n\n\n\nteam c {x=1}\n",
        "team a { x = 1 }\n\n  team   b {\n  x = = 1\n     y=2\n}   // note\n\nteam c { x = 1 }\n",
    );
    for text in ["service a {\n   x = 1\n", "}\n", "a =   1\n", "let a = \"x\n", "let   a = §\n"] {
        check(text, text);
    }
}

#[test]
fn line_breaks_of_windows() {
    check("team a {\r\nx=1\r\n}\r\n", "team a {\r\n  x = 1\r\n}\r\n");
    check("team a {\r\nx=1\n}\r\n", "team a {\n  x = 1\n}\n");
}

#[test]
fn the_examples_are_laid_out_well() {
    unchanged(include_str!("programs/formatted.idp"));
}

//! Every operator with every pair of types: what the language says about it is written here a second time, as one table.

use idpc_testing::block::Block;
use idpc_testing::program::Depth;

use crate::found;

/// The types of operands, each with a value.
const TYPES: &[(&str, &str)] = &[
    ("bool", "true"),
    ("int", "2"),
    ("number", "2.5"),
    ("string", "\"a\""),
    ("duration", "2s"),
    ("size", "2MiB"),
    ("percent", "2%"),
    ("rate", "2rps"),
    ("money", "2EUR"),
    ("date", "2027-01-02"),
    ("range", "1..2"),
    ("shade", "dark"),
    ("[string]", "[\"a\"]"),
    ("int?", "none"),
];

const OPERATORS: &[&str] = &["and", "or", "==", "!=", "<", "<=", ">", ">=", "in", "??", "..", "+", "-", "*", "/"];

/// The type of the result, or the code of the finding.
fn result<'t>(operator: &str, a: &'t str, b: &'t str) -> Result<&'t str, &'static str> {
    let measured = ["duration", "size", "percent", "rate", "money"];
    let is_number = |ty: &str| matches!(ty, "int" | "number");
    let is_measured = |ty: &str| measured.contains(&ty);
    let has_unset = a == "int?" || b == "int?";
    let same = a == b || (is_number(a) && is_number(b));
    match operator {
        "and" | "or" if a == "bool" && b == "bool" => Ok("bool"),
        "and" | "or" => Err("IDP0303"),
        "==" | "!=" if same || (is_number(a.trim_end_matches('?')) && is_number(b.trim_end_matches('?'))) => Ok("bool"),
        "==" | "!=" => Err("IDP0308"),
        "<" | "<=" | ">" | ">=" if has_unset => Err("IDP0307"),
        "<" | "<=" | ">" | ">=" if same && (is_number(a) || is_measured(a) || a == "date") => Ok("bool"),
        "in" if b == "int?" => Err("IDP0307"),
        "in" if a == "int?" && b == "range" => Err("IDP0307"),
        "in" if (b == "[string]" && a == "string") || (b == "range" && is_number(a)) => Ok("bool"),
        "??" if a == "int?" && (b == "int" || b == "int?") => Ok(b),
        "??" if a == b || (a == "number" && b == "int") => Ok(a),
        "??" if b == "int?" && is_number(a) => Ok("number?"),
        "??" => Err("IDP0303"),
        ".." | "+" | "-" | "*" | "/" if has_unset => Err("IDP0307"),
        ".." if a == "int" && b == "int" => Ok("range"),
        "+" | "-" | "*" if a == "int" && b == "int" => Ok("int"),
        "+" | "-" | "*" | "/" if is_number(a) && is_number(b) => Ok("number"),
        "+" | "-" if is_measured(a) && a == b => Ok(a),
        "/" if is_measured(a) && a == b => Ok("number"),
        "*" | "/" if is_measured(a) && is_number(b) => Ok(a),
        "*" if is_number(a) && is_measured(b) => Ok(b),
        "*" if a == "percent" && is_measured(b) => Ok(b),
        "*" if b == "percent" && is_measured(a) => Ok(a),
        _ => Err("IDP0308"),
    }
}

#[test]
fn every_operator_with_every_pair_of_types() {
    let mut wrong = String::new();
    for operator in OPERATORS {
        let mut text = String::from("team t {}\nenum shade { dark, light }\nschema k : worker {\n");
        for (at, (ty, value)) in TYPES.iter().enumerate() {
            text += &format!("  v{at} : {ty} = {value}\n");
        }
        let before = text.lines().count();
        let mut expected = Vec::new();
        for (left, (a, _)) in TYPES.iter().enumerate() {
            for (right, (b, _)) in TYPES.iter().enumerate() {
                let outcome = result(operator, a, b);
                text += &format!("  r{left}x{right} : {} = v{left} {operator} v{right}\n", outcome.unwrap_or("bool"));
                expected.push((format!("{a} {operator} {b}"), outcome.err()));
            }
        }
        let block = Block { info: vec![String::from("idp")], text: text + "}\n", line: 1, ..Block::default() };
        let findings = found([&block], Depth::Model);
        for (at, (shown, code)) in expected.iter().enumerate() {
            let here: Vec<&str> = findings
                .iter()
                .filter(|finding| finding.line == before + at + 1)
                .map(|finding| finding.code.as_str())
                .collect();
            let fits = match code {
                None => here.is_empty(),
                Some(code) => !here.is_empty() && here.iter().all(|found| found == code),
            };
            if !fits {
                wrong += &format!("{shown}: expected {code:?}, found {here:?}\n");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

//! A value that fits a type, to stand in an example.

use idpc_model::placeholder::{bound, plain};
use idpc_model::refusal::refusal;
use idpc_model::schema::{SchemaField, SchemaSet, is_required};
use idpc_model::ty::{Rule, Ty};
use idpc_model::value::Value;

use crate::pattern::matching;
use crate::prose::quoted;

/// Records inside of records go no deeper.
const DEEPEST: usize = 8;

/// The name of the team in examples.
pub const TEAM: &str = "example-team";

/// The lines that set what a record needs, each indented; nothing if some field has no easy value. `given` names fields
/// that are set already.
pub fn required(set: &SchemaSet, schema: &str, indent: usize, given: &[&str]) -> Option<String> {
    fields(set, schema, indent, given, 0)
}

/// How many fields of a record have to be set.
pub fn count(set: &SchemaSet, schema: &str) -> usize {
    set.get(schema).map_or(0, |schema| schema.fields.iter().filter(|field| is_required(field, set)).count())
}

fn fields(set: &SchemaSet, schema: &str, indent: usize, given: &[&str], depth: usize) -> Option<String> {
    if depth > DEEPEST {
        return None;
    }
    let mut lines = String::new();
    let space = " ".repeat(indent);
    for field in &set.get(schema)?.fields {
        if given.contains(&&*field.name) || !is_required(field, set) {
            continue;
        }
        match field.ty.core() {
            Ty::Schema(inner) => {
                let inside = fields(set, inner, indent + 2, &[], depth + 1)?;
                lines += &format!("{space}{} {{\n{inside}{space}}}\n", field.name);
            }
            _ => lines += &format!("{space}{} = {}\n", field.name, value(set, field, &field.ty)?),
        }
    }
    Some(lines)
}

/// A value as text.
fn value(set: &SchemaSet, field: &SchemaField, ty: &Ty) -> Option<String> {
    let first = bound(ty);
    if let (Some(first), false) = (first, matches!(ty.core(), Ty::Range)) {
        return Some(first.to_string());
    }
    Some(match ty.core() {
        Ty::String | Ty::Scalar => text(field, ty)?,
        // An example reads better with an amount that somebody would choose.
        Ty::Duration => String::from("1h"),
        Ty::Rate => String::from("10rps"),
        Ty::Money => String::from("100USD"),
        Ty::Date => String::from("2030-01-31"),
        Ty::List(inner) => format!("[{}]", value(set, field, inner)?),
        Ty::Ref(root) if &**root == "team" => TEAM.to_owned(),
        _ => return plain(ty, set),
    })
}

/// A text: one that the documentation quotes if it fits, else one made from the pattern.
fn text(field: &SchemaField, ty: &Ty) -> Option<String> {
    let patterns: Vec<&str> = ty
        .refinements()
        .into_iter()
        .filter_map(|refinement| match &refinement.rule {
            Rule::Matching(pattern) => Some(&**pattern),
            _ => None,
        })
        .collect();
    let mut candidates = Vec::new();
    if patterns.is_empty() {
        candidates.push(String::from("example"));
    } else {
        candidates.extend(
            quoted(field.doc.as_deref().unwrap_or_default()).iter().map(|word| word.trim_matches('"').to_owned()),
        );
        candidates.extend(patterns.iter().filter_map(|pattern| matching(pattern)));
    }
    let fits =
        |text: &String| !text.is_empty() && refusal(&field.name, &Value::Str(text.as_str().into()), ty).is_none();
    candidates.into_iter().find(fits).map(|text| literal(&text))
}

/// A text as a literal of the language.
fn literal(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' | '$' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            control if control.is_control() => quoted.push_str(&format!("\\u{{{:x}}}", u32::from(control))),
            plain => quoted.push(plain),
        }
    }
    quoted.push('"');
    quoted
}

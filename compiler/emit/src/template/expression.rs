//! Reads paths, conditions and operands from what the handlebars parser made of them.

use handlebars::template::{Parameter, Subexpression};
use serde_json::Value as Json;

use super::ast::{Comparison, Cond, LoopField, Operand, Path, Root};
use super::error::{Pos, nearest};
use crate::node::Node;

/// The functions that conditions are made of.
const FUNCTIONS: [&str; 7] = ["eq", "ne", "and", "or", "not", "gt", "lt"];

/// Reads a path.
pub(super) fn path(parameter: &Parameter, pos: Pos) -> Result<Path, String> {
    match parameter {
        Parameter::Subexpression(_) => Err("a condition can stand only in `{{#if}}` and `{{#unless}}`".into()),
        Parameter::Literal(_) => Err("a path is expected here, not a literal".into()),
        other => parse_path(other.as_name().unwrap_or_default(), pos),
    }
}

/// Reads a path from its text.
pub(super) fn parse_path(raw: &str, pos: Pos) -> Result<Path, String> {
    let fields = fields(raw)?;
    let (first, rest) = fields.split_first().ok_or_else(|| "a path is expected here".to_owned())?;
    let root = match first.as_str() {
        "this" => Root::This,
        "@index" => Root::Loop(LoopField::Index),
        "@key" => Root::Loop(LoopField::Key),
        "@first" => Root::Loop(LoopField::First),
        "@last" => Root::Loop(LoopField::Last),
        other if other.starts_with('@') => {
            return Err(format!("there is no `{other}`; a loop has `@index`, `@key`, `@first` and `@last`"));
        }
        other => Root::Name(other.to_owned()),
    };
    if matches!(root, Root::Loop(_)) && !rest.is_empty() {
        return Err(format!("`{first}` has no fields"));
    }
    Ok(Path { root, fields: rest.to_vec(), raw: raw.to_owned(), pos })
}

/// Splits a path at its dots; `[…]` holds a field with any characters.
fn fields(raw: &str) -> Result<Vec<String>, String> {
    let mut fields = Vec::new();
    let mut rest = raw;
    while !rest.is_empty() {
        let (field, after) = match rest.strip_prefix('[') {
            Some(inner) => inner.split_once(']').ok_or_else(|| format!("`[` is never closed in `{raw}`"))?,
            None => {
                let end = rest.find('.').unwrap_or(rest.len());
                rest.split_at_checked(end).unwrap_or((rest, ""))
            }
        };
        if field.is_empty() || field.contains('/') && !rest.starts_with('[') {
            return Err(format!(
                "`{raw}` is not a path: fields are joined by dots, \
                 and there is no `../` (names reach outwards by themselves)"
            ));
        }
        fields.push(field.to_owned());
        rest = after.strip_prefix('.').unwrap_or(after);
    }
    Ok(fields)
}

/// Reads a condition.
pub(super) fn condition(parameter: &Parameter, pos: Pos) -> Result<Cond, String> {
    match parameter {
        Parameter::Subexpression(call) if call.is_helper() => function(call, pos),
        Parameter::Subexpression(_) => {
            Err(format!("a function needs values; the functions are {}", FUNCTIONS.join(", ")))
        }
        Parameter::Literal(Json::Bool(value)) => Ok(Cond::Constant(*value)),
        Parameter::Literal(_) => Err("a literal is no condition".into()),
        other => path(other, pos).map(Cond::Truthy),
    }
}

fn function(call: &Subexpression, pos: Pos) -> Result<Cond, String> {
    let name = match call.as_element() {
        handlebars::template::TemplateElement::Expression(helper) => helper.name.as_name().unwrap_or_default(),
        _ => "",
    };
    if call.hash().is_some_and(|hash| !hash.is_empty()) {
        return Err(format!("`{name}` takes no named values"));
    }
    let params = call.params().map(Vec::as_slice).unwrap_or_default();
    let conditions = || params.iter().map(|param| condition(param, pos)).collect::<Result<Vec<_>, _>>();
    let compare = |comparison| match params {
        [left, right] => Ok(Cond::Compare(comparison, operand(left, pos)?, operand(right, pos)?, pos)),
        _ => Err(format!("`{name}` takes two values, not {}", params.len())),
    };
    match (name, params) {
        ("and", [_, ..]) => Ok(Cond::All(conditions()?)),
        ("or", [_, ..]) => Ok(Cond::Any(conditions()?)),
        ("not", [one]) => Ok(Cond::Not(Box::new(condition(one, pos)?))),
        ("not", _) => Err(format!("`not` takes one value, not {}", params.len())),
        ("eq", _) => compare(Comparison::Equal),
        ("ne", _) => compare(Comparison::Unequal),
        ("gt", _) => compare(Comparison::Greater),
        ("lt", _) => compare(Comparison::Less),
        _ => Err(match nearest(name, FUNCTIONS) {
            Some(known) => format!("there is no function `{name}`; did you mean `{known}`?"),
            None => format!("there is no function `{name}`; the functions are {}", FUNCTIONS.join(", ")),
        }),
    }
}

/// Reads a path or a literal.
pub(super) fn operand(parameter: &Parameter, pos: Pos) -> Result<Operand, String> {
    match parameter {
        Parameter::Literal(json) => literal(json).map(Operand::Literal),
        other => path(other, pos).map(Operand::Path),
    }
}

fn literal(json: &Json) -> Result<Node, String> {
    match json {
        Json::Bool(value) => Ok(Node::Bool(*value)),
        Json::String(text) => Ok(Node::Str(text.as_str().into())),
        Json::Number(number) => Ok(match number.as_i64() {
            Some(value) => Node::Int(value),
            None => Node::Decimal(number.to_string().into()),
        }),
        Json::Null | Json::Array(_) | Json::Object(_) => Err("a literal is a text, a number, `true` or `false`".into()),
    }
}

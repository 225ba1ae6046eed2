//! A value while a template runs: what it is as a condition, as a text and beside another.

use std::cmp::Ordering;
use std::sync::Arc;

use super::decimal;
use crate::node::Node;
use crate::yaml;

/// A value while a template runs.
#[derive(Clone, Copy)]
pub(super) enum Value<'a> {
    Node(&'a Node),
    Text(&'a Arc<str>),
    Number(usize),
    Flag(bool),
}

/// Whether a condition on the value holds: nothing, `false` and what is empty are false.
pub(super) fn is_truthy(value: Value<'_>) -> bool {
    match value {
        Value::Node(Node::Null) => false,
        Value::Node(Node::Bool(flag)) => *flag,
        Value::Flag(flag) => flag,
        Value::Node(Node::Str(text)) => !text.is_empty(),
        Value::Text(text) => !text.is_empty(),
        Value::Node(Node::List(items)) => !items.is_empty(),
        Value::Node(Node::Map(entries)) => !entries.is_empty(),
        Value::Node(Node::Int(_) | Node::Decimal(_)) | Value::Number(_) => true,
    }
}

/// The value if it is a text.
pub(super) fn text_of(value: Value<'_>) -> Option<&str> {
    match value {
        Value::Node(Node::Str(text)) | Value::Text(text) => Some(text),
        _ => None,
    }
}

/// The text of a single value.
pub(super) fn scalar_text(node: &Node) -> Option<std::borrow::Cow<'_, str>> {
    match node {
        Node::Bool(true) => Some("true".into()),
        Node::Bool(false) => Some("false".into()),
        Node::Int(number) => Some(number.to_string().into()),
        Node::Decimal(text) | Node::Str(text) => Some((&**text).into()),
        Node::Null | Node::List(_) | Node::Map(_) => None,
    }
}

/// The order of two values of one shape.
pub(super) fn compare(left: Value<'_>, right: Value<'_>) -> Option<Ordering> {
    if let (Some(left), Some(right)) = (text_of(left), text_of(right)) {
        return Some(left.cmp(right));
    }
    if let (Some(left), Some(right)) = (flag(left), flag(right)) {
        return Some(left.cmp(&right));
    }
    let (left, right) = (number(left)?, number(right)?);
    Some(decimal::compare(&left, &right))
}

fn flag(value: Value<'_>) -> Option<bool> {
    match value {
        Value::Flag(flag) => Some(flag),
        Value::Node(Node::Bool(flag)) => Some(*flag),
        _ => None,
    }
}

fn number(value: Value<'_>) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::Node(Node::Int(number)) => Some(number.to_string()),
        Value::Node(Node::Decimal(text)) if yaml::is_decimal(text) => Some(text.to_string()),
        _ => None,
    }
}

//! Writes a whole [`Node`] in block style.

use std::fmt::Write as _;
use std::sync::Arc;

use super::scalar::{write_key, write_line, write_text};
use super::{STEP, pad};
use crate::node::Node;

/// Writes `node` as a document of its own, with a final line break.
#[must_use]
pub fn to_document(node: &Node) -> String {
    let mut out = String::new();
    write_at(&mut out, node, 0);
    out.push('\n');
    out
}

/// Writes `node` where the text stands at `column` of an open line: at the start of a document or after `- `.
///
/// The first entry of a collection goes on that line, the others below it. No line break is written after it.
pub fn write_at(out: &mut String, node: &Node, column: usize) {
    match node {
        Node::Map(entries) if !entries.is_empty() => write_map(out, entries, column),
        Node::List(items) if !items.is_empty() => write_list(out, items, column),
        // Readers differ on how far a literal block without a parent is indented.
        Node::Str(text) if column < STEP => write_line(out, text),
        _ => write_scalar(out, node, column.saturating_sub(STEP)),
    }
}

/// Writes `node` as the value of a key that stands at `column`; the text ends with the colon.
///
/// No line break is written after it.
pub fn write_after_key(out: &mut String, node: &Node, column: usize) {
    let filled = match node {
        Node::Map(entries) => !entries.is_empty(),
        Node::List(items) => !items.is_empty(),
        _ => false,
    };
    if filled {
        out.push('\n');
        pad(out, column + STEP);
        write_at(out, node, column + STEP);
    } else {
        out.push(' ');
        write_scalar(out, node, column);
    }
}

fn write_map(out: &mut String, entries: &[(Arc<str>, Node)], column: usize) {
    for (index, (key, value)) in entries.iter().enumerate() {
        if index > 0 {
            out.push('\n');
            pad(out, column);
        }
        write_key(out, key, column);
        out.push(':');
        write_after_key(out, value, column);
    }
}

fn write_list(out: &mut String, items: &[Node], column: usize) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push('\n');
            pad(out, column);
        }
        out.push_str("- ");
        write_at(out, item, column + STEP);
    }
}

/// Writes a scalar or an empty collection below a parent at `parent`.
pub(crate) fn write_scalar(out: &mut String, node: &Node, parent: usize) {
    match node {
        Node::Null => out.push_str("null"),
        Node::Bool(true) => out.push_str("true"),
        Node::Bool(false) => out.push_str("false"),
        Node::Int(number) => write_int(out, *number),
        Node::Decimal(text) if is_decimal(text) => out.push_str(text),
        Node::Decimal(text) | Node::Str(text) => write_text(out, text, parent),
        Node::List(_) => out.push_str("[]"),
        Node::Map(_) => out.push_str("{}"),
    }
}

pub(crate) fn write_int(out: &mut String, number: i64) {
    // Writing to a `String` cannot fail.
    let _ = write!(out, "{number}");
}

/// Whether `text` is a decimal number that every reader reads as one: `-12.50`, no exponent.
pub(crate) fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole) && all_digits(fraction) && (whole == "0" || !whole.starts_with('0'))
}

//! Writes one text as a scalar: plain, quoted or as a literal block.

use std::fmt::Write as _;

use super::plain::{is_plain, is_visible};
use super::{STEP, pad};

/// The longest key that every reader accepts without the mark `?`.
const LONGEST_KEY: usize = 1000;

/// Writes `text` as a scalar whose parent (the key or the dash before it) stands at `parent`.
///
/// No line break is written after it.
pub fn write_text(out: &mut String, text: &str, parent: usize) {
    if is_plain(text) {
        out.push_str(text);
    } else if !write_literal(out, text, parent) {
        write_quoted(out, text);
    }
}

/// Writes `text` on one line, whatever it holds.
pub(crate) fn write_line(out: &mut String, text: &str) {
    if is_plain(text) {
        out.push_str(text);
    } else {
        write_quoted(out, text);
    }
}

/// Writes `text` as a key at `column`, without the colon.
pub fn write_key(out: &mut String, text: &str, column: usize) {
    if text.len() > LONGEST_KEY {
        out.push_str("? ");
        write_double(out, text);
        out.push('\n');
        pad(out, column);
    } else {
        write_line(out, text);
    }
}

/// Writes `text` as a literal block if it has several lines that a literal block keeps exactly.
///
/// Says whether it did.
pub(crate) fn write_literal(out: &mut String, text: &str, parent: usize) -> bool {
    if !text.contains('\n') || !fits_literal(text) {
        return false;
    }
    write_block(out, text, parent);
    true
}

/// Whether a literal block keeps `text` exactly in every reader.
pub(crate) fn fits_literal(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    !body.is_empty()
        && !body.starts_with('\n')
        && !body.ends_with('\n')
        && body.split('\n').all(|line| line.is_empty() || !line.bytes().all(|byte| byte == b' ' || byte == b'\t'))
        && body.chars().all(|c| matches!(c, '\n' | '\t' | ' '..='~') || (!c.is_ascii() && is_visible(c)))
}

/// Writes `text`, for which [`fits_literal`] holds, as a literal block.
pub(crate) fn write_block(out: &mut String, text: &str, parent: usize) {
    out.push('|');
    if text.starts_with([' ', '\t']) {
        out.push('2');
    }
    let body = match text.strip_suffix('\n') {
        Some(body) => body,
        None => {
            out.push('-');
            text
        }
    };
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            pad(out, parent + STEP);
            out.push_str(line);
        }
    }
}

/// Writes `text` in single quotes where those need no escapes but double ones would, else in double quotes.
fn write_quoted(out: &mut String, text: &str) {
    let simple = text.chars().all(|c| matches!(c, ' '..='~') || (!c.is_ascii() && is_visible(c)));
    if simple && text.contains(['"', '\\']) && !text.contains('\'') {
        out.push('\'');
        out.push_str(text);
        out.push('\'');
    } else {
        write_double(out, text);
    }
}

fn write_double(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            ' '..='~' => out.push(c),
            _ if !c.is_ascii() && is_visible(c) => out.push(c),
            _ => write_escape(out, u32::from(c)),
        }
    }
    out.push('"');
}

fn write_escape(out: &mut String, code: u32) {
    // Writing to a `String` cannot fail.
    let _ = match code {
        0..=0xff => write!(out, "\\x{code:02x}"),
        0x100..=0xffff => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
}

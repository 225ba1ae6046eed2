//! Writes a value into a string of some language so that it stays a value: no text of a user becomes code.

use std::fmt::Write as _;

use crate::node::Node;

/// The place inside a string in which a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escape {
    /// As it is.
    Raw,
    /// As it is, on one line.
    Line,
    /// Inside a PromQL string in this quote.
    PromqlString(char),
    /// Inside a PromQL string that is a regular expression.
    PromqlRegex(char),
    /// In PromQL outside of a string: a number or a duration.
    PromqlBare,
    /// In the text of a Go template.
    Go,
    /// As a JSON value.
    JsonValue,
    /// Inside a JSON string.
    JsonString,
    /// As a word or several words of a shell command.
    ShellWord,
    /// In a line of Markdown.
    Markdown,
    /// In Markdown, alone on a line: text with paragraphs.
    MarkdownBlock,
    /// In a Markdown code span or code block.
    MarkdownCode,
    /// In the target of a Markdown link; `true` if it starts there.
    MarkdownUrl { start: bool },
}

/// Writes the scalar `text` for `escape`.
pub(super) fn write_text(out: &mut String, text: &str, escape: Escape) {
    match escape {
        Escape::Raw => out.push_str(text),
        Escape::Line => write_line(out, text),
        Escape::PromqlString(quote) => write_promql(out, text, quote),
        Escape::PromqlRegex(quote) => write_regex(out, text, quote),
        Escape::PromqlBare => write_bare(out, text),
        Escape::Go => write_go(out, text),
        Escape::JsonValue => write_json_text(out, text, true),
        Escape::JsonString => write_json_text(out, text, false),
        Escape::ShellWord => write_word(out, text),
        Escape::Markdown => write_markdown(out, &one_line(text)),
        Escape::MarkdownBlock => write_paragraphs(out, text),
        Escape::MarkdownCode => out.push_str(&one_line(text).replace('`', "'")),
        Escape::MarkdownUrl { start } => write_url(out, text, start),
    }
}

/// `text` with every run of white space and control characters as one space.
fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

fn write_line(out: &mut String, text: &str) {
    if text.chars().any(char::is_control) {
        out.push_str(&one_line(text));
    } else {
        out.push_str(text);
    }
}

/// Go's rules for interpreted strings, which PromQL shares.
fn write_promql(out: &mut String, text: &str, quote: char) {
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            _ if c == quote => out.extend(['\\', c]),
            _ if c.is_control() || u32::from(c) == 0xfeff => {
                // Writing to a `String` cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            _ => out.push(c),
        }
    }
}

/// Quotes what means something in a regular expression, then the string.
fn write_regex(out: &mut String, text: &str, quote: char) {
    let mut quoted = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\.+*?()|[]{}^$".contains(c) {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    write_promql(out, &quoted, quote);
}

fn write_bare(out: &mut String, text: &str) {
    let word =
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':'));
    let number = text.strip_prefix('-').unwrap_or(text);
    let number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if word || number {
        out.push_str(text);
    } else {
        // Whatever it is, it is one token.
        out.push('"');
        write_promql(out, text, '"');
        out.push('"');
    }
}

/// A brace of a user never starts an action, not even together with one of the template.
fn write_go(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        let (before, braces) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let after = braces.trim_start_matches('{');
        let run = braces.get(..braces.len() - after.len()).unwrap_or_default();
        out.push_str(before);
        out.push_str("{{\"");
        out.push_str(run);
        out.push_str("\"}}");
        rest = after;
    }
    out.push_str(rest);
}

pub(super) fn write_json_text(out: &mut String, text: &str, quotes: bool) {
    let start = out.len();
    // A text always has a JSON form.
    out.push_str(&serde_json::to_string(text).unwrap_or_else(|_| "\"\"".to_owned()));
    if !quotes {
        out.pop();
        out.remove(start);
    }
}

/// Writes any value as compact JSON.
pub(super) fn write_json(out: &mut String, node: &Node) {
    match node {
        Node::Str(text) => write_json_text(out, text, true),
        Node::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_json(out, item);
            }
            out.push(']');
        }
        Node::Map(entries) => {
            out.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_json_text(out, key, true);
                out.push(':');
                write_json(out, value);
            }
            out.push('}');
        }
        Node::Decimal(text) if !crate::yaml::is_decimal(text) => write_json_text(out, text, true),
        scalar => crate::yaml::write_scalar(out, scalar, 0),
    }
}

fn write_word(out: &mut String, text: &str) {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(&byte);
    if !text.is_empty() && text.bytes().all(safe) {
        out.push_str(text);
    } else {
        out.push('\'');
        out.push_str(&text.replace('\0', "").replace('\'', "'\\''"));
        out.push('\'');
    }
}

fn write_markdown(out: &mut String, text: &str) {
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '[' | ']' | '|' | '~' => out.extend(['\\', c]),
            // Between letters it does not emphasize anything.
            '_' if !(before.is_some_and(char::is_alphanumeric)
                && rest.peek().is_some_and(|next| next.is_alphanumeric())) =>
            {
                out.push_str("\\_")
            }
            '#' | '+' | '-' | '=' if before.is_none() => out.extend(['\\', c]),
            '.' | ')'
                if text.starts_with(|c: char| c.is_ascii_digit())
                    && before.is_some_and(|c: char| c.is_ascii_digit()) =>
            {
                out.extend(['\\', c])
            }
            _ => out.push(c),
        }
        before = Some(c);
    }
}

/// Keeps paragraphs; within one, a line break is a space.
fn write_paragraphs(out: &mut String, text: &str) {
    let mut paragraphs: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        let line = one_line(line);
        if line.is_empty() {
            open = false;
        } else if open && let Some(paragraph) = paragraphs.last_mut() {
            paragraph.push(' ');
            paragraph.push_str(&line);
        } else {
            paragraphs.push(line);
            open = true;
        }
    }
    for (index, paragraph) in paragraphs.iter().enumerate() {
        if index > 0 {
            out.push_str("\n\n");
        }
        write_markdown(out, paragraph);
    }
}

/// Writes a link target that stays one; a scheme other than https, http and mailto loses its meaning.
fn write_url(out: &mut String, text: &str, start: bool) {
    let known = ["https://", "http://", "mailto:"].iter().any(|scheme| text.starts_with(scheme));
    let mut path_begun = !start || known;
    for c in text.chars() {
        path_begun |= matches!(c, '/' | '?' | '#');
        let safe = c.is_ascii_alphanumeric() || "-._~/?#@!$&*+,;=%:".contains(c);
        if safe && (c != ':' || path_begun) {
            out.push(c);
        } else {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                // Writing to a `String` cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
}

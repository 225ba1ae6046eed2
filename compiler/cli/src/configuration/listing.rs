//! A configuration as a program, with the origin of each value beside it.

use std::sync::Arc;

use idpc_ide::written::{name, written};
use idpc_model::value::{Field, Record, Value};

use super::origin::{Origins, UNSET};

/// Comments of lines that are longer than this stand where they stand.
const WIDEST: usize = 60;

/// Lines of a program with comments, aligned when printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    lines: Vec<Line>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Line {
    depth: usize,
    /// What stands before `=`; empty for lines without one.
    key: String,
    rest: String,
    comment: String,
}

impl Listing {
    /// Adds a line without a value.
    pub fn line(&mut self, depth: usize, rest: impl Into<String>) {
        self.lines.push(Line { depth, rest: rest.into(), ..Line::default() });
    }

    /// Adds a field with everything below it.
    pub fn field(&mut self, depth: usize, key: &str, field: &Field, origins: &Origins<'_>) {
        let key = name(key);
        let comment = origins.sentence(&field.origin);
        match &field.value {
            Value::Record(record) => self.block(depth, &head(&key, record), &comment, &record.fields, origins),
            Value::Map(map) => self.block(depth, &key, &comment, &map.entries, origins),
            value => {
                let rest = written(value);
                self.lines.push(Line { depth, key, rest, comment });
            }
        }
    }

    fn block(&mut self, depth: usize, head: &str, comment: &str, fields: &[(Arc<str>, Field)], origins: &Origins<'_>) {
        let closed = fields.is_empty();
        let rest = format!("{head} {}", if closed { "{}" } else { "{" });
        // What has fields is made of their defaults: nothing to say about the whole.
        let comment = if comment == UNSET && !closed { "" } else { comment };
        self.lines.push(Line { depth, key: String::new(), rest, comment: comment.to_owned() });
        for (name, field) in fields {
            self.field(depth + 1, name, field, origins);
        }
        if !closed {
            self.line(depth, "}");
        }
    }

    /// The lines as text: `=` and comments are aligned from one block to the next.
    #[must_use]
    pub fn text(&self) -> String {
        let keyed: Vec<(String, &str)> = self.keyed();
        let width = |text: &str| text.chars().count();
        let widest = keyed.iter().filter(|(_, comment)| !comment.is_empty()).map(|(text, _)| width(text));
        let column = widest.filter(|width| *width <= WIDEST).max().unwrap_or(0);
        let mut text = String::new();
        for (line, comment) in keyed {
            text.push_str(&line);
            if !comment.is_empty() {
                let gap = column.saturating_sub(width(&line)) + 2;
                text.extend(std::iter::repeat_n(' ', gap));
                text.push_str("// ");
                text.push_str(comment);
            }
            text.push('\n');
        }
        text
    }

    /// Each line with its keys aligned to those around it.
    fn keyed(&self) -> Vec<(String, &str)> {
        let mut found = Vec::new();
        for group in
            self.lines.chunk_by(|one, other| one.depth == other.depth && one.key.is_empty() == other.key.is_empty())
        {
            let widest = group.iter().map(|line| line.key.chars().count()).max().unwrap_or(0);
            for line in group {
                let indent = "  ".repeat(line.depth);
                let text = if line.key.is_empty() {
                    format!("{indent}{}", line.rest)
                } else {
                    let pad = " ".repeat(widest - line.key.chars().count());
                    format!("{indent}{}{pad} = {}", line.key, line.rest)
                };
                found.push((text, line.comment.as_str()));
            }
        }
        found
    }
}

/// Everything about one instance.
pub fn record(listing: &mut Listing, root: &str, name: &str, record: &Record, origins: &Origins<'_>) {
    let schema = if &*record.schema == root { String::new() } else { format!(" : {}", record.schema) };
    listing.line(0, format!("{root} {name}{schema} {{"));
    for (name, field) in &record.fields {
        listing.field(1, name, field, origins);
    }
    listing.line(0, "}");
}

/// What opens the block of a record: `orders = postgres`, `paid = order-paid`, or `slo` for one declared in place.
fn head(key: &str, record: &Record) -> String {
    match &record.shared {
        Some(shared) => format!("{key} = {shared}"),
        // A record that is declared in place has no name of its own, and that of a call says nothing.
        None if record.schema.contains('.') || &*record.schema == "call" => key.to_owned(),
        None => format!("{key} = {}", record.schema),
    }
}

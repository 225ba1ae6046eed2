//! Where we are in the output while a template is compiled: in a line of YAML, or in a text of another language.

use super::ast::{Item, Sink};
use super::compile::Format;
use super::line::{Line, Place};
use super::program::How;
use super::scan::Scanner;

/// The keys whose text is run by a shell or an interpreter.
const SCRIPT_KEYS: [&str; 2] = ["run", "script"];
/// The key whose text GitHub Actions evaluates although nothing marks it as an expression.
const EXPRESSION_KEY: &str = "if";

/// How a partial stands in the text around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    /// Alone on its line.
    Alone,
    /// Inside a line.
    Inside,
}

/// The place in the output, as far as it is known when a template is loaded.
#[derive(Clone, Debug)]
pub(super) enum Cursor {
    Yaml(Line),
    Other(Scanner),
}

impl Cursor {
    /// The start of a file.
    pub fn file(format: Format) -> Self {
        match format {
            Format::Yaml | Format::Workflow => Self::Yaml(Line::new()),
            Format::Markdown => Self::Other(Scanner::new(Sink::Markdown, true)),
            Format::Text => Self::Other(Scanner::new(Sink::Text, true)),
            Format::Json => Self::Other(Scanner::new(Sink::Json, true)),
        }
    }

    /// The start of a string block.
    pub fn string_block(sink: Sink) -> Self {
        Self::Other(Scanner::new(sink, false))
    }

    /// Whether we are at the start of a line.
    pub fn is_fresh(&self) -> bool {
        match self {
            Self::Yaml(line) => line.is_fresh(),
            Self::Other(scanner) => scanner.is_fresh(),
        }
    }

    /// Whether `line` ends a YAML document here.
    pub fn is_document_break(&self, line: &str) -> bool {
        matches!(self, Self::Yaml(state) if state.is_fresh()) && line.trim_end() == "---"
    }

    /// Goes over static text and returns it as it is to be written.
    pub fn text(&mut self, text: &str) -> Result<String, String> {
        match self {
            Self::Yaml(line) => line.text(text).map(|()| text.to_owned()),
            Self::Other(scanner) => Ok(scanner.text(text)),
        }
    }

    /// Whether what is written here is a script.
    pub fn is_script(&self, format: Format) -> bool {
        let Self::Yaml(line) = self else { return false };
        let Ok(Place::AfterKey(key, _)) = line.place() else {
            return false;
        };
        let key = key.trim_matches(['"', '\'']);
        SCRIPT_KEYS.contains(&key) || format == Format::Workflow && key == EXPRESSION_KEY
    }

    /// How a value is written here, before the items `next`.
    pub fn value(&mut self, next: &[Item]) -> Result<How, String> {
        let line = match self {
            Self::Yaml(line) => line,
            Self::Other(scanner) => {
                let alone =
                    next.first().is_none_or(|item| matches!(item, Item::Text(text) if text.text.starts_with('\n')));
                return scanner.value(alone).map(How::Part);
            }
        };
        let how = match line.place()? {
            Place::Start(column) | Place::AfterDash(column) if is_key(next) => How::Key(narrow(column)),
            Place::AfterKey(_, column) => How::AfterKey(narrow(column)),
            Place::AfterDash(column) => How::AfterDash(narrow(column)),
            Place::Start(column) => How::Own { column: narrow(column), last: is_last(next, column) },
        };
        match how {
            How::Key(_) => line.key(),
            _ => line.value(),
        }
        Ok(how)
    }

    /// How the text of a string block is written here, before the items `next`.
    pub fn string(&mut self, next: &[Item], json: bool) -> Result<How, String> {
        if let Self::Yaml(line) = self
            && matches!(line.place(), Ok(Place::Start(_)))
            && !is_key(next)
        {
            return Err("a string block stands after `key: ` or `- `".into());
        }
        Ok(match self.value(next)? {
            How::AfterKey(column) if json => How::JsonBlock(column),
            How::AfterDash(column) if json => How::JsonBlock(column.saturating_sub(2)),
            how => how,
        })
    }

    /// Goes on after a block that ends here or at `other`.
    pub fn merge(&mut self, other: Self) -> Result<(), String> {
        match (self, other) {
            (Self::Yaml(line), Self::Yaml(other)) => line.merge(other),
            (Self::Other(scanner), Self::Other(other)) => scanner.merge(other),
            _ => Ok(()),
        }
    }

    /// Checks that the text can end here.
    pub fn finish(&mut self) -> Result<(), String> {
        match self {
            Self::Yaml(_) => Ok(()),
            Self::Other(scanner) => scanner.finish(),
        }
    }
}

fn narrow(column: usize) -> u32 {
    u32::try_from(column).unwrap_or(u32::MAX)
}

/// Whether `next` makes what stands before it a key.
fn is_key(next: &[Item]) -> bool {
    let Some(Item::Text(text)) = next.first() else {
        return false;
    };
    match text.text.strip_prefix(':') {
        Some(rest) => rest.is_empty() || rest.starts_with([' ', '\n']),
        None => false,
    }
}

/// Whether what stands on its own line at `column` is certainly the end of its collection.
fn is_last(next: &[Item], column: usize) -> bool {
    let text = match next.first() {
        Some(Item::Text(text)) => &text.text,
        Some(_) => return false,
        None => return true,
    };
    match text.split('\n').skip(1).find(|line| !line.trim().is_empty()) {
        Some(line) => line.len() - line.trim_start_matches(' ').len() < column,
        None => next.len() == 1,
    }
}

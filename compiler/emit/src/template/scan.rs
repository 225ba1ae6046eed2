//! Follows the static text of a string block, to know in what place of its language a value stands.

use super::ast::Sink;
use super::escape::Escape;

/// The state at a place in the text of a string block or of a file that is not YAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scanner {
    sink: Sink,
    /// Whether this is the text of a whole file.
    file: bool,
    state: State,
    /// The static text of the current line.
    line: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    /// Ordinary text.
    Plain,
    /// Inside a string.
    Quoted { quote: char, escaped: bool, regex: bool },
    /// Inside something in which no value can stand; the text that ends it, and what it is called.
    Closed { end: &'static str, what: &'static str },
    /// Inside a code span that this many backticks end.
    Span(usize),
    /// Inside a code block.
    Fence,
    /// Inside the target of a link.
    Url { start: bool },
}

impl Scanner {
    pub fn new(sink: Sink, file: bool) -> Self {
        Self { sink, file, state: State::Plain, line: String::new() }
    }

    /// Whether the place is the start of a line.
    pub fn is_fresh(&self) -> bool {
        self.line.is_empty()
    }

    /// Goes over static text and returns it as it is to be written.
    pub fn text(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            self.character(c);
            let white = matches!(c, ' ' | '\n' | '\t');
            let compact = self.sink == Sink::Json && !self.file && self.state == State::Plain && white;
            if !compact {
                out.push(c);
            }
            if c == '\n' { self.line.clear() } else { self.line.push(c) }
        }
        out
    }

    fn character(&mut self, c: char) {
        match self.sink {
            Sink::Text => {}
            Sink::Promql => self.code(c, &['"', '\'', '`']),
            Sink::Shell => self.code(c, &['"', '\'']),
            Sink::Json => self.code(c, &['"']),
            Sink::GoTemplate => self.go(c),
            Sink::Markdown => self.markdown(c),
        }
    }

    /// Languages with strings and, except for JSON, comments.
    fn code(&mut self, c: char, quotes: &[char]) {
        let sink = self.sink;
        let raw = |quote: char| quote == '`' || (quote == '\'' && sink == Sink::Shell);
        let starts_comment = c == '#' && self.starts_comment();
        let is_escaped = self.is_escaped();
        match &mut self.state {
            State::Quoted { escaped, .. } if *escaped => *escaped = false,
            State::Quoted { quote, escaped, .. } if c == '\\' && !raw(*quote) => *escaped = true,
            State::Quoted { quote, .. } if c == *quote => self.state = State::Plain,
            State::Plain if quotes.contains(&c) && !is_escaped => {
                let before = self.line.trim_end();
                self.state =
                    State::Quoted { quote: c, escaped: false, regex: before.ends_with("=~") || before.ends_with("!~") };
            }
            State::Plain if starts_comment => {
                self.state = State::Closed { end: "\n", what: "a comment" };
            }
            State::Closed { .. } if c == '\n' => self.state = State::Plain,
            _ => {}
        }
    }

    fn is_escaped(&self) -> bool {
        self.sink == Sink::Shell && self.line.chars().rev().take_while(|c| *c == '\\').count() % 2 == 1
    }

    fn starts_comment(&self) -> bool {
        self.sink == Sink::Promql
            || self.sink == Sink::Shell
                && (self.line.is_empty() || self.line.ends_with([' ', '\t', ';', '&', '|', '(']))
    }

    fn go(&mut self, c: char) {
        match &mut self.state {
            State::Plain if c == '{' && self.line.ends_with('{') => {
                self.state = State::Closed { end: "}}", what: "a Go template action" }
            }
            State::Closed { .. } if c == '}' && self.line.ends_with('}') => self.state = State::Plain,
            State::Closed { .. } if c == '"' => self.state = State::Quoted { quote: '"', escaped: false, regex: false },
            State::Quoted { escaped, .. } if *escaped => *escaped = false,
            State::Quoted { escaped, .. } if c == '\\' => *escaped = true,
            State::Quoted { .. } if c == '"' => self.state = State::Closed { end: "}}", what: "a Go template action" },
            _ => {}
        }
    }

    fn markdown(&mut self, c: char) {
        let line_starts = |mark: &str| c == '\n' && self.line.trim_start().starts_with(mark);
        let run = self.line.chars().rev().take_while(|c| *c == '`').count();
        match &self.state {
            State::Fence if line_starts("```") => self.state = State::Plain,
            State::Plain | State::Span(_) if line_starts("```") => self.state = State::Fence,
            State::Fence => {}
            // A code span ends and starts with the character after its backticks.
            State::Span(length) if c != '`' && run == *length && *length > 0 => self.state = State::Plain,
            State::Plain if c != '`' && run > 0 && !self.line.trim_start().starts_with("```") => {
                self.state = State::Span(run)
            }
            State::Plain if c == '(' && self.line.ends_with(']') => self.state = State::Url { start: true },
            State::Plain if c == '-' && self.line.ends_with("<!-") => {
                self.state = State::Closed { end: "-->", what: "a comment" }
            }
            State::Plain if self.line.ends_with('<') && (c.is_ascii_alphabetic() || c == '/') => {
                self.state = State::Closed { end: ">", what: "an HTML tag" }
            }
            State::Url { .. } if c == ')' || c == '\n' => self.state = State::Plain,
            State::Url { .. } => self.state = State::Url { start: false },
            State::Closed { end, .. } if ends(&self.line, c, end) => self.state = State::Plain,
            _ => {}
        }
    }

    /// How a value that stands here is written. `alone` tells that nothing else stands on its line.
    pub fn value(&mut self, alone: bool) -> Result<Escape, String> {
        self.settle_span();
        let escape = match (&self.state, self.sink) {
            (State::Closed { what, .. }, _) => {
                return Err(format!("no value can stand inside {what}"));
            }
            (_, Sink::Text) if self.file => Escape::Line,
            (_, Sink::Text) => Escape::Raw,
            (State::Quoted { quote: '`', .. }, Sink::Promql) => {
                return Err("no value can stand inside a raw string: use double quotes".into());
            }
            (State::Quoted { quote, regex: false, .. }, Sink::Promql) => Escape::PromqlString(*quote),
            (State::Quoted { quote, .. }, Sink::Promql) => Escape::PromqlRegex(*quote),
            (_, Sink::Promql) => Escape::PromqlBare,
            (State::Quoted { .. }, Sink::GoTemplate) => {
                return Err("no value can stand inside a Go template action".into());
            }
            (_, Sink::GoTemplate) => Escape::Go,
            (State::Quoted { .. }, Sink::Json) => Escape::JsonString,
            (_, Sink::Json) => Escape::JsonValue,
            (State::Quoted { .. }, Sink::Shell) => {
                return Err("a value brings its own quotes in a shell command: take away those around it".into());
            }
            (_, Sink::Shell) => Escape::ShellWord,
            (State::Span(_) | State::Fence, Sink::Markdown) => Escape::MarkdownCode,
            (State::Url { start }, Sink::Markdown) => Escape::MarkdownUrl { start: *start },
            (_, Sink::Markdown) if alone && self.line.trim().is_empty() => Escape::MarkdownBlock,
            (_, Sink::Markdown) => Escape::Markdown,
        };
        if let State::Url { start } = &mut self.state {
            *start = false;
        }
        // What a value adds to the line is not known; this stands for it.
        self.line.push('\u{1}');
        Ok(escape)
    }

    /// A value right after backticks stands inside or after a code span.
    fn settle_span(&mut self) {
        if self.sink == Sink::Markdown && self.line.ends_with('`') {
            self.markdown('\u{1}');
        }
    }

    /// Goes on after a block that ends in this state or in `other`; an error if that makes a difference.
    pub fn merge(&mut self, mut other: Self) -> Result<(), String> {
        self.settle_span();
        other.settle_span();
        let same = self.state == other.state;
        if self.line != other.line {
            let fresh = self.line.is_empty() && other.line.is_empty();
            self.line = if fresh { String::new() } else { "\u{1}".to_owned() };
        }
        if same {
            Ok(())
        } else {
            Err("each way through this block must leave quotes, comments and code as it found them".into())
        }
    }

    /// Checks that the text does not end inside something.
    pub fn finish(&mut self) -> Result<(), String> {
        self.settle_span();
        match &self.state {
            State::Quoted { .. } => Err("the text ends inside a quoted string".into()),
            State::Closed { end, what } if *end != "\n" => Err(format!("the text ends inside {what}")),
            State::Fence | State::Url { .. } => Err("the text ends inside a code block or a link".into()),
            _ => Ok(()),
        }
    }
}

fn ends(line: &str, c: char, end: &str) -> bool {
    end.strip_suffix(c).is_some_and(|start| line.ends_with(start))
}

//! What could be written at a place.
//!
//! A stand-in is put where the cursor is, and the text is read again: wherever the walk meets the stand-in, that place says
//! what can stand there. So completion works in whatever the parser can recover from.

mod headers;
mod keys;
mod values;

use std::collections::BTreeSet;
use std::sync::Arc;

use idpc_model::source::FileView;
use idpc_syntax::SyntaxKind;
use idpc_syntax::ast::{TextRange, TextSize};

use crate::program::Program;
use crate::slot::Slot;
use crate::trial::{STAND_IN, with_text};
use crate::walk::Walk;

/// How many instances of a root schema are offered at most. Where there are as many, others may fit what is typed next.
pub const MOST: usize = 400;

/// What an item stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A field of a record.
    Field,
    /// An output.
    Output,
    /// A variant, `true`, or another value.
    Value,
    /// A service, a team, a resource, an environment, an entry of a map.
    Reference,
    /// A schema or a kind.
    Schema,
    /// An enum.
    Enum,
    /// A built-in type.
    Type,
    /// A unit behind a number.
    Unit,
    /// A constant.
    Constant,
    /// A word of the language.
    Keyword,
    /// Several lines at once.
    Snippet,
    /// A function.
    Function,
}

/// What is written when an item is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Insert {
    /// This text.
    Plain(String),
    /// A text with places to fill: `$1`, `${2:name}`, and `$0` where the cursor ends.
    Snippet(String),
}

/// One thing that could be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What is shown.
    pub label: String,
    /// What it stands for.
    pub kind: Kind,
    /// Its type, in a few words.
    pub detail: String,
    /// Its documentation.
    pub doc: Option<String>,
    /// What is written.
    pub insert: Insert,
    /// What it replaces.
    pub replace: TextRange,
    /// Lower ones come first.
    pub rank: u8,
    /// Whether something else should be used.
    pub deprecated: bool,
}

/// The things that can stand at an offset, best first.
#[must_use]
pub fn completion(program: Program<'_>, view: &FileView, text: &str, offset: TextSize) -> Vec<Item> {
    let Some(word) = Word::at(text, usize::from(offset)) else { return Vec::new() };
    let (before, after) = (text.get(..word.start).unwrap_or_default(), text.get(word.end..).unwrap_or_default());
    let closing = if word.form == Form::Inserted { "}\"" } else { "" };
    let trial = format!("{before}{STAND_IN}{closing}{after}");
    let trial_view = with_text(view, &trial);
    let context = Context { program, view: &trial_view, text, word };
    let mut items = Vec::new();
    let mut visit = |slot: &Slot<'_>, name: &idpc_syntax::ast::Name, _: crate::walk::Role| {
        if name.text == STAND_IN && items.is_empty() {
            items = context.candidates(slot);
        }
    };
    Walk { program, view: &trial_view, visit: &mut visit }.file();
    if context.begins_declaration() {
        items.extend(context.declarations());
    }
    items.sort_by(|a, b| (a.deprecated, a.rank, &a.label).cmp(&(b.deprecated, b.rank, &b.label)));
    let mut seen = BTreeSet::new();
    items.retain(|item| seen.insert((item.label.clone(), item.kind)));
    items
}

/// The word that is being written.
#[derive(Clone, Debug)]
struct Word {
    start: usize,
    end: usize,
    /// Where the cursor is, behind what is typed so far.
    cursor: usize,
    form: Form,
}

/// What the word is so far.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    /// A name, or nothing yet.
    Name,
    /// Digits, with or without the beginning of a unit.
    Number(String),
    /// Text between quotes.
    Quoted,
    /// A name behind `${` in a text that is not closed.
    Inserted,
}

impl Word {
    /// `None` where nothing can be completed: in comments and in the text of a string.
    fn at(text: &str, offset: usize) -> Option<Self> {
        let tree = idpc_syntax::parse(text).syntax();
        let size = TextSize::new(u32::try_from(offset).ok()?);
        let token = match tree.token_at_offset(size.min(tree.text_range().end())) {
            rowan_like if rowan_like.clone().count() == 2 => rowan_like.left_biased(),
            found => found.right_biased(),
        };
        let mut form = Form::Name;
        if let Some(token) = token {
            let (start, end): (usize, usize) = (token.text_range().start().into(), token.text_range().end().into());
            let inside = start < offset && (offset < end || !closed(token.text()));
            match token.kind() {
                SyntaxKind::Comment | SyntaxKind::DocComment if start < offset => return None,
                SyntaxKind::Str if inside => {
                    let written = text.get(start..offset).unwrap_or_default();
                    let open =
                        written.rfind("${").is_some_and(|at| !written.get(at..).unwrap_or_default().contains('}'));
                    if !open {
                        let plain = token.text().starts_with('"') && !token.text().starts_with("\"\"\"");
                        return plain.then_some(Self { start, end, cursor: offset, form: Form::Quoted });
                    }
                    if !closed(token.text()) {
                        form = Form::Inserted;
                    }
                }
                _ => {}
            }
        }
        let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
        let before = text.get(..offset)?;
        let mut start = offset - before.chars().rev().take_while(|letter| is_word(*letter)).count();
        let end = offset + text.get(offset..)?.chars().take_while(|letter| is_word(*letter)).count();
        let mut word = text.get(start..offset)?;
        if word.starts_with(|letter: char| letter.is_ascii_digit()) {
            // `99.9`: the digits before the point belong to the number.
            let whole = before.get(..start)?.strip_suffix('.').unwrap_or_default();
            let digits = whole.chars().rev().take_while(char::is_ascii_digit).count();
            if digits > 0 {
                start -= digits + 1;
                word = text.get(start..offset)?;
            }
            let number: String =
                word.chars().take_while(|letter| letter.is_ascii_digit() || "._".contains(*letter)).collect();
            return Some(Self { start, end, cursor: offset, form: Form::Number(number) });
        }
        Some(Self { start, end, cursor: offset, form })
    }

    fn range(&self) -> TextRange {
        let size = |at: usize| TextSize::new(u32::try_from(at).unwrap_or(u32::MAX));
        TextRange::new(size(self.start), size(self.end))
    }
}

fn closed(token: &str) -> bool {
    token.len() > 1 && token.ends_with('"')
}

/// What the candidates are chosen by.
struct Context<'p> {
    program: Program<'p>,
    view: &'p FileView,
    text: &'p str,
    word: Word,
}

impl<'p> Context<'p> {
    fn candidates(&self, slot: &Slot<'_>) -> Vec<Item> {
        if let Form::Number(number) = &self.word.form {
            return match slot {
                Slot::Value { expected, .. } => self.units(number, expected.as_ref()),
                _ => Vec::new(),
            };
        }
        if self.word.form == Form::Quoted {
            return match slot {
                Slot::Value { expected: Some(expected), .. } => self.texts(expected),
                _ => Vec::new(),
            };
        }
        match slot {
            Slot::Declared(_) | Slot::Root => Vec::new(),
            Slot::Schema { root } => self.schemas_of(root),
            Slot::AnySchema => self.all_schemas(),
            Slot::AnyEnum => self.all_enums(),
            Slot::Key { holder, body, level } => self.keys(holder, body, *level),
            Slot::Member { schema, body } => self.members(schema.as_ref(), body),
            Slot::Kind { ancestor } => self.kinds(ancestor),
            Slot::Value { expected, scope } => self.values(expected.as_ref(), scope),
            Slot::Dot { base } => self.behind_dot(base),
            Slot::Type => self.types(),
            Slot::Reference => self.roots(),
            Slot::Environment { item } => self.overlays(item),
            Slot::Annotation => self.annotations(),
            Slot::Argument { annotation } => self.arguments(annotation),
            Slot::Function => self.functions(),
            Slot::Identity => {
                let mut items = self.instances("service");
                items.extend(self.instances("resource"));
                items
            }
        }
    }

    /// Whether a declaration can begin where the cursor is: nothing stands before it on its line, and it is outside of all
    /// braces, or at the very beginning of the line.
    fn begins_declaration(&self) -> bool {
        let before = self.text.get(..self.word.start).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        if !line.trim().is_empty() || self.word.form != Form::Name {
            return false;
        }
        let tree = idpc_syntax::parse(before).syntax();
        let mut depth = 0_i32;
        for token in tree.descendants_with_tokens().filter_map(idpc_syntax::SyntaxElement::into_token) {
            match token.kind() {
                SyntaxKind::LBrace => depth += 1,
                SyntaxKind::RBrace => depth -= 1,
                _ => {}
            }
        }
        depth <= 0 || line.is_empty() && self.word.end > self.word.start
    }

    /// What stands behind the word, on its line.
    fn next(&self) -> Option<char> {
        let after = self.text.get(self.word.end..).unwrap_or_default();
        after.chars().find(|letter| !matches!(letter, ' ' | '\t')).filter(|letter| *letter != '\n' && *letter != '\r')
    }

    /// The name that stands before the `=` in front of the word.
    fn assigned(&self) -> &str {
        let before = self.text.get(..self.word.start).unwrap_or_default().trim_end();
        let before = before.strip_suffix('=').unwrap_or_default().trim_end();
        let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
        before.rsplit(|letter| !is_word(letter)).next().unwrap_or_default()
    }

    fn item(&self, label: impl Into<String>, kind: Kind, detail: impl Into<String>) -> Item {
        let label = label.into();
        let insert = Insert::Plain(crate::written::name(&label));
        Item {
            insert,
            label,
            kind,
            detail: detail.into(),
            doc: None,
            replace: self.word.range(),
            rank: 1,
            deprecated: false,
        }
    }
}

impl Item {
    fn doc(mut self, doc: Option<&Arc<str>>) -> Self {
        self.doc = doc.map(ToString::to_string);
        self
    }

    fn text(mut self, text: impl Into<String>) -> Self {
        self.insert = Insert::Plain(text.into());
        self
    }

    fn snippet(mut self, text: impl Into<String>) -> Self {
        self.insert = Insert::Snippet(text.into());
        self
    }

    fn rank(mut self, rank: u8) -> Self {
        self.rank = rank;
        self
    }
}

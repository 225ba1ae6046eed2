//! The tokens of a tree with what the formatter has to know about each.

use std::collections::BTreeMap;

use rowan::{NodeOrToken, TextRange, TextSize};

use crate::error::SyntaxError;
use crate::kind::{SyntaxKind as K, SyntaxNode, SyntaxToken};
use crate::parser::Parse;

/// What a line that holds one whole item is aligned with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// `path = value`
    Set,
    /// `path { … }`
    Amend,
    /// `name : type`
    Field,
    /// `name { members }`
    Group,
    /// `output name : type`
    Output,
    /// `let name = value`
    Let,
    /// `moved path { … }`
    Identity,
    /// Nothing.
    Alone,
}

/// An entry, a member or a declaration.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    /// What it is aligned with.
    pub(super) class: Class,
    /// Where its last token ends.
    pub(super) end: TextSize,
    /// Where the tokens begin that are aligned in columns.
    pub(super) marks: [Option<TextSize>; 2],
    /// Where the first token of its value begins.
    pub(super) value: Option<TextSize>,
}

/// A token or a comment, or a piece of text that stays as it is.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// Its kind; [`K::Junk`] if it stays as it is.
    pub(super) kind: K,
    /// Its text, without space at its end if it is a comment.
    pub(super) text: String,
    /// The kind of the node it is in.
    pub(super) parent: K,
    /// Where it begins in the source.
    pub(super) start: TextSize,
    /// The space before it in the source, on its line.
    pub(super) space: String,
    /// How many line breaks stand before it.
    pub(super) breaks: usize,
    /// The item that begins with it.
    pub(super) item: Option<Item>,
}

impl Piece {
    /// Whether it is a comment.
    pub(super) fn is_comment(&self) -> bool {
        matches!(self.kind, K::Comment | K::DocComment)
    }

    /// Where it ends in the source.
    pub(super) fn end(&self) -> TextSize {
        self.start + TextSize::of(self.text.as_str())
    }

    /// Whether it stays as it is.
    pub(super) fn is_verbatim(&self) -> bool {
        self.kind == K::Junk
    }
}

/// All pieces of a file, in order.
pub(super) fn flatten(parse: &Parse) -> Vec<Piece> {
    let root = parse.syntax();
    let broken = Broken::new(parse.errors());
    let mut flattener = Flattener { pieces: Vec::new(), space: String::new(), breaks: 0, items: BTreeMap::new() };
    for child in root.children_with_tokens() {
        match child {
            NodeOrToken::Token(token) => flattener.token(&token, K::File),
            NodeOrToken::Node(node) if node.kind() == K::Decl && !broken.touches(node.text_range()) => {
                flattener.sound(&node)
            }
            NodeOrToken::Node(node) => flattener.broken(&node),
        }
    }
    flattener.pieces
}

/// Where errors are, for questions about many nodes.
struct Broken {
    /// In order: where an error begins, and how far it and those before it reach.
    reach: Vec<(TextSize, TextSize)>,
}

impl Broken {
    fn new(errors: &[SyntaxError]) -> Self {
        let mut furthest = TextSize::new(0);
        let reach = errors.iter().map(|error| {
            furthest = furthest.max(error.span.end());
            (error.span.start(), furthest)
        });
        Self { reach: reach.collect() }
    }

    /// Both ends count: what is missing is reported right behind the last token.
    fn touches(&self, span: TextRange) -> bool {
        let after = self.reach.partition_point(|(start, _)| *start <= span.end());
        let last = after.checked_sub(1).and_then(|last| self.reach.get(last));
        last.is_some_and(|(_, furthest)| *furthest >= span.start())
    }
}

struct Flattener {
    pieces: Vec<Piece>,
    space: String,
    breaks: usize,
    items: BTreeMap<TextSize, Item>,
}

impl Flattener {
    fn sound(&mut self, decl: &SyntaxNode) {
        for node in decl.descendants() {
            if let Some((start, item)) = item(&node) {
                self.items.insert(start, item);
            }
        }
        for token in decl.descendants_with_tokens().filter_map(NodeOrToken::into_token) {
            let parent = token.parent().map_or(K::Decl, |parent| parent.kind());
            self.token(&token, parent);
        }
    }

    /// The text of a node up to its last token, and the trivia behind it.
    fn broken(&mut self, node: &SyntaxNode) {
        let tokens: Vec<SyntaxToken> = node.descendants_with_tokens().filter_map(NodeOrToken::into_token).collect();
        let trailing = tokens.iter().rev().take_while(|token| token.kind().is_trivia()).count();
        let (kept, trailing) = tokens.split_at(tokens.len() - trailing);
        if let Some(first) = kept.first() {
            let text = kept.iter().map(SyntaxToken::text).collect();
            self.verbatim(text, first.text_range().start());
        }
        for token in trailing {
            self.token(token, K::File);
        }
    }

    fn token(&mut self, token: &SyntaxToken, parent: K) {
        let start = token.text_range().start();
        match token.kind() {
            K::Whitespace => self.space.push_str(token.text()),
            K::Newline => {
                self.breaks += 1;
                self.space.clear();
            }
            K::Error => self.verbatim(token.text().to_owned(), start),
            kind => {
                let text = token.text();
                let text = if matches!(kind, K::Comment | K::DocComment) { text.trim_end() } else { text };
                self.push(kind, text.to_owned(), parent, start);
            }
        }
    }

    fn verbatim(&mut self, text: String, start: TextSize) {
        self.push(K::Junk, text, K::File, start);
    }

    fn push(&mut self, kind: K, text: String, parent: K, start: TextSize) {
        let space = std::mem::take(&mut self.space);
        let breaks = std::mem::take(&mut self.breaks);
        let item = self.items.remove(&start);
        self.pieces.push(Piece { kind, text, parent, start, space, breaks, item });
    }
}

/// What kind of item a node is, and where it begins.
fn item(node: &SyntaxNode) -> Option<(TextSize, Item)> {
    if !matches!(node.kind(), K::Entry | K::Member | K::Decl) {
        return None;
    }
    let mut tokens = node.descendants_with_tokens().filter_map(NodeOrToken::into_token).filter(is_seen);
    let first = tokens.next()?;
    let end = tokens.last().unwrap_or_else(|| first.clone()).text_range().end();
    let own = |kinds: &[K]| {
        let mut own = node.children_with_tokens().filter_map(NodeOrToken::into_token);
        own.find(|token| kinds.contains(&token.kind())).map(|token| token.text_range().start())
    };
    let child = |kind: K| node.children().find(|child| child.kind() == kind).map(|child| child.text_range().start());
    let word = if first.parent().as_ref() == Some(node) { first.text() } else { "" };
    let (class, marks) = match (node.kind(), word) {
        (K::Entry, "") if own(&[K::Eq]).is_some() => (Class::Set, [own(&[K::Eq]), None]),
        (K::Entry, "") => (Class::Amend, [child(K::Block), None]),
        (K::Member, "output") => (Class::Output, [own(&[K::Colon]), None]),
        (K::Member, "") if child(K::Block).is_some() => (Class::Group, [child(K::Block), child(K::Annotation)]),
        (K::Member, "") => (Class::Field, [own(&[K::Colon, K::Eq]), child(K::Annotation)]),
        (K::Decl, "let") => (Class::Let, [own(&[K::Eq]), None]),
        (K::Decl, "moved" | "removed") => (Class::Identity, [child(K::Path), child(K::Block)]),
        _ => (Class::Alone, [None, None]),
    };
    let equals = own(&[K::Eq]);
    let value = node
        .children()
        .find(|child| child.kind() == K::Expr && equals.is_some_and(|equals| child.text_range().start() > equals));
    let value = value.map(|value| value.text_range().start());
    Some((first.text_range().start(), Item { class, end, marks, value }))
}

fn is_seen(token: &SyntaxToken) -> bool {
    !token.kind().is_trivia() && token.kind() != K::Error
}

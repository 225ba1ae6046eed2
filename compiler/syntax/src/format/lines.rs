//! Lines: where they break, how far they are indented, and how they are written.

use rowan::TextSize;

use super::spacing::{between, is_sign};
use super::tokens::{Item, Piece};
use crate::kind::SyntaxKind as K;

/// How far what is inside of something is indented.
const STEP: usize = 2;

/// A line before it is written.
#[derive(Debug)]
pub(super) struct Line<'p> {
    /// What is on it.
    pub(super) pieces: Vec<&'p Piece>,
    /// The space that is put before each piece.
    pub(super) spaces: Vec<String>,
    /// How far it is indented.
    pub(super) indent: usize,
    /// An empty line stands before it.
    pub(super) after_empty: bool,
    /// It goes on with what the line before it began.
    goes_on: bool,
}

impl Line<'_> {
    /// How many characters stand before a piece.
    pub(super) fn column(&self, index: usize) -> usize {
        let before = self.pieces.iter().zip(&self.spaces).take(index);
        let before: usize = before.map(|(piece, space)| width(space) + width(&piece.text)).sum();
        self.indent + before + self.spaces.get(index).map_or(0, |space| width(space))
    }

    /// The piece that begins at a place in the source.
    pub(super) fn position(&self, start: Option<TextSize>) -> Option<usize> {
        let start = start?;
        self.pieces.iter().position(|piece| piece.start == start && !piece.is_comment())
    }

    /// The item that is all there is on this line, but for a comma and a comment.
    pub(super) fn whole_item(&self) -> Option<Item> {
        let item = self.pieces.first()?.item?;
        let is_extra = |piece: &&&Piece| piece.is_comment() || piece.kind == K::Comma;
        let last = self.pieces.iter().rev().find(|piece| !is_extra(piece))?;
        let is_flat = !self.pieces.iter().any(|piece| piece.text.contains('\n'));
        (last.end() == item.end && is_flat).then_some(item)
    }
}

/// Characters, which is what an editor counts.
pub(super) fn width(text: &str) -> usize {
    text.chars().count()
}

/// Breaks the pieces into lines: where their author did, and around what is in braces and brackets over several lines.
pub(super) fn split(pieces: &[Piece]) -> Vec<Line<'_>> {
    let broken = broken_lists(pieces);
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut before: Option<(usize, &Piece)> = None;
    let mut sign = false;
    for (index, piece) in pieces.iter().enumerate() {
        let opens = |(at, left): (usize, &Piece)| is_opener(left.kind) && broken.is_broken(at) && !piece.is_comment();
        let forced = before.is_some_and(opens) || (is_closer(piece.kind) && broken.is_broken(index));
        let joined = before.is_some_and(|(at, left)| is_opener(left.kind) && broken.is_empty(at));
        let begins = before.is_none() || ((piece.breaks > 0 || forced) && !joined);
        match (lines.last_mut(), before) {
            (Some(line), Some((_, left))) if !begins => {
                line.spaces.push(between(left, piece, sign).to_owned());
                line.pieces.push(piece);
            }
            _ => {
                let space = if piece.is_verbatim() { piece.space.clone() } else { String::new() };
                let after_empty = piece.breaks > 1 && before.is_some();
                lines.push(Line { pieces: vec![piece], spaces: vec![space], indent: 0, after_empty, goes_on: false });
            }
        }
        sign = is_sign(before.map(|(_, left)| left), piece);
        before = Some((index, piece));
    }
    lines
}

fn is_opener(kind: K) -> bool {
    matches!(kind, K::LBrace | K::LBracket | K::LParen)
}

fn is_closer(kind: K) -> bool {
    matches!(kind, K::RBrace | K::RBracket | K::RParen)
}

/// What is known about each pair of braces, brackets or parentheses, by the places of both halves.
struct Lists {
    broken: Vec<bool>,
    empty: Vec<bool>,
}

impl Lists {
    /// Whether a line break stands directly inside of braces or brackets.
    fn is_broken(&self, at: usize) -> bool {
        self.broken.get(at).copied().unwrap_or(false)
    }

    /// Whether nothing stands inside.
    fn is_empty(&self, at: usize) -> bool {
        self.empty.get(at).copied().unwrap_or(false)
    }
}

fn broken_lists(pieces: &[Piece]) -> Lists {
    let mut lists = Lists { broken: vec![false; pieces.len()], empty: vec![false; pieces.len()] };
    let mut open: Vec<(usize, bool)> = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        if let Some((_, is_broken)) = open.last_mut() {
            *is_broken |= piece.breaks > 0;
        }
        if is_opener(piece.kind) {
            open.push((index, false));
        } else if is_closer(piece.kind)
            && let Some((opener, is_broken)) = open.pop()
        {
            let is_empty = opener + 1 == index;
            for at in [opener, index] {
                let breaks = is_broken && !is_empty && piece.kind != K::RParen;
                lists.broken.get_mut(at).into_iter().for_each(|slot| *slot = breaks);
                lists.empty.get_mut(at).into_iter().for_each(|slot| *slot = is_empty);
            }
        }
    }
    lists
}

/// What is open while lines are indented.
struct Open {
    /// The indent of the line that opens it.
    outside: usize,
    /// The indent of what is inside.
    inside: usize,
    /// The item that was begun last inside, and where it begins.
    item: Option<Item>,
}

/// Indents all lines and takes empty ones away where nothing needs them.
pub(super) fn indent(lines: &mut [Line<'_>]) {
    let mut open = vec![Open { outside: 0, inside: 0, item: None }];
    // Where the first token of each value is, for the `else` that stands below an `if`.
    let mut value: Option<(TextSize, usize)> = None;
    let mut last: Option<&Piece> = None;
    for line in lines {
        let Some(first) = line.pieces.first().copied() else {
            continue;
        };
        let top = open.last();
        let inside = top.map_or(0, |open| open.inside);
        line.goes_on = !first.is_comment() && last.is_some_and(|last| goes_on(last, first));
        line.indent = if is_closer(first.kind) {
            top.map_or(0, |open| open.outside)
        } else if line.goes_on {
            let below = top.and_then(|open| open.item).and_then(|item| item.value);
            let aligned = value.filter(|(start, _)| Some(*start) == below && is_branch(first));
            aligned.map_or(inside + STEP, |(_, column)| column)
        } else if first.is_verbatim() {
            0
        } else {
            inside
        };
        if line.goes_on || is_closer(first.kind) || last.is_some_and(|last| is_opener(last.kind)) {
            line.after_empty = false;
        }
        for (index, piece) in line.pieces.iter().enumerate() {
            enter(&mut open, piece, line.indent);
            let expected = open.last().and_then(|open| open.item).and_then(|item| item.value);
            if expected == Some(piece.start) && piece.text == "if" {
                value = Some((piece.start, line.column(index)));
            }
            if !piece.is_comment() || is_opener_line(last) {
                last = last.filter(|_| piece.is_comment()).or(Some(*piece));
            }
        }
    }
}

/// After an opening token, a comment on its line is not yet the inside.
fn is_opener_line(last: Option<&Piece>) -> bool {
    last.is_some_and(|last| is_opener(last.kind))
}

fn enter(open: &mut Vec<Open>, piece: &Piece, indent: usize) {
    if is_opener(piece.kind) {
        open.push(Open { outside: indent, inside: indent + STEP, item: None });
    } else if is_closer(piece.kind) && open.len() > 1 {
        open.pop();
    } else if let (Some(top), Some(item)) = (open.last_mut(), piece.item) {
        top.item = Some(item);
    }
}

fn is_branch(piece: &Piece) -> bool {
    piece.kind == K::Ident && matches!(piece.text.as_str(), "then" | "else")
}

/// Whether a line that begins with `first` goes on with the one that ends with `last`.
fn goes_on(last: &Piece, first: &Piece) -> bool {
    if is_closer(first.kind) || is_opener(last.kind) || last.kind == K::Comma || first.item.is_some() {
        return false;
    }
    let is_word = |piece: &Piece, words: &[&str]| piece.kind == K::Ident && words.contains(&piece.text.as_str());
    let begins = matches!(first.kind, K::Colon | K::At | K::Pipe) || is_word(first, &["and", "or", "then", "else"]);
    let is_operator = matches!(
        last.kind,
        K::EqEq
            | K::Ne
            | K::Le
            | K::Ge
            | K::Lt
            | K::QuestionQuestion
            | K::DotDot
            | K::Plus
            | K::Minus
            | K::Star
            | K::Slash
            | K::Pipe
    );
    let is_greater = last.kind == K::Gt && last.parent != K::Type;
    begins || is_operator || is_greater || is_word(last, &["and", "or", "in", "then", "else"])
}

/// Writes the lines.
pub(super) fn render(lines: &[Line<'_>], line_break: &str) -> String {
    let mut text = String::new();
    for line in lines {
        if line.after_empty {
            text.push_str(line_break);
        }
        text.extend(std::iter::repeat_n(' ', line.indent));
        for (piece, space) in line.pieces.iter().zip(&line.spaces) {
            text.push_str(space);
            text.push_str(&piece.text);
        }
        text.push_str(line_break);
    }
    text
}

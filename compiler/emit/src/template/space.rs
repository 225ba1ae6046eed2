//! Settles the white space of a split template: lines consumed by tags, and the indentation of string blocks.

use super::lex::{Piece, Role, build_tag, may_be_alone};

/// What to cut from one stretch of text.
#[derive(Clone, Copy, Default)]
struct Cut {
    /// Everything up to and with the first line break.
    head: bool,
    /// Everything after the last line break.
    tail: bool,
    /// The last line break too.
    tail_break: bool,
    /// All.
    all: bool,
}

/// Consumes the lines of tags that stand alone and takes the indentation from string blocks.
pub(super) fn settle(pieces: &mut [Piece]) {
    let mut cuts = vec![Cut::default(); pieces.len()];
    mark_lines(pieces, &mut cuts);
    mark_builds(pieces, &mut cuts);
    for (piece, cut) in pieces.iter_mut().zip(&cuts) {
        if let Piece::Text(text) = piece {
            let (head, body) = apply(&text.text, *cut);
            text.pos = text.pos.after(head);
            text.text = body.to_owned();
        }
    }
    for (open, close) in builds(pieces) {
        let Some(inside) = pieces.get_mut(open + 1..close) else {
            continue;
        };
        let starts_line = cuts.get(open + 1).is_some_and(|cut| cut.head);
        dedent(inside, starts_line);
        let several = inside.iter().any(|piece| matches!(piece, Piece::Text(text) if text.text.contains('\n')));
        if let Some(Piece::Tag(tag)) = pieces.get_mut(open) {
            tag.several_lines = several;
        }
    }
}

fn apply(text: &str, cut: Cut) -> (&str, &str) {
    if cut.all {
        return (text, "");
    }
    let from = if cut.head { text.find('\n').map_or(0, |at| at + 1) } else { 0 };
    let (head, body) = text.split_at_checked(from).unwrap_or(("", text));
    if !cut.tail {
        return (head, body);
    }
    let end = body.trim_end_matches([' ', '\t']);
    let end = if cut.tail_break { end.strip_suffix('\n').unwrap_or(end) } else { end };
    (head, end)
}

fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| byte == b' ' || byte == b'\t')
}

/// Finds the lines that hold nothing but tags which consume their line.
fn mark_lines(pieces: &mut [Piece], cuts: &mut [Cut]) {
    let mut start = 0;
    while start < pieces.len() {
        let end = run_end(pieces, start);
        if end > start {
            mark_run(pieces, cuts, start, end);
            start = end;
        } else {
            start += 1;
        }
    }
}

/// The end of the run of tags on one line that starts at `start`; `start` itself if there is none.
fn run_end(pieces: &[Piece], start: usize) -> usize {
    let mut end = start;
    for (index, piece) in pieces.iter().enumerate().skip(start) {
        match piece {
            Piece::Tag(_) => end = index + 1,
            Piece::Text(text) if is_blank(&text.text) && index > start => {}
            Piece::Text(_) => break,
        }
    }
    end
}

fn mark_run(pieces: &mut [Piece], cuts: &mut [Cut], start: usize, end: usize) {
    let run = pieces.get(start..end).unwrap_or_default();
    let all = run.iter().all(|piece| matches!(piece, Piece::Text(_)) || may_be_alone(piece));
    let before = start.checked_sub(1).and_then(|index| pieces.get(index));
    let indent = match before {
        None => Some(0),
        Some(Piece::Text(text)) => {
            let line = text.text.rsplit('\n').next().unwrap_or_default();
            (is_blank(line) && (text.text.contains('\n') || start == 1)).then(|| line.chars().count())
        }
        Some(Piece::Tag(_)) => None,
    };
    let ends = match pieces.get(end) {
        None => true,
        Some(Piece::Text(text)) => {
            let line = text.text.split('\n').next().unwrap_or_default();
            is_blank(line) && (text.text.contains('\n') || end + 1 == pieces.len())
        }
        Some(Piece::Tag(_)) => false,
    };
    let (true, Some(indent), true) = (all, indent, ends) else {
        return;
    };
    for (piece, cut) in pieces.iter_mut().zip(cuts.iter_mut()).take(end).skip(start) {
        match piece {
            Piece::Tag(tag) => {
                tag.alone = true;
                tag.indent = indent;
            }
            Piece::Text(_) => cut.all = true,
        }
    }
    if let Some(cut) = start.checked_sub(1).and_then(|index| cuts.get_mut(index)) {
        cut.tail = true;
    }
    if let Some(cut) = cuts.get_mut(end) {
        cut.head = true;
        // Blank text at the end of the file belongs to the line of the tag.
        cut.all |= matches!(pieces.get(end), Some(Piece::Text(text)) if is_blank(&text.text));
    }
}

/// The line break after the opening tag of a string block and the one before its closing tag are not text.
fn mark_builds(pieces: &[Piece], cuts: &mut [Cut]) {
    for (open, close) in builds(pieces) {
        if let (Some(Piece::Text(text)), Some(cut)) = (pieces.get(open + 1), cuts.get_mut(open + 1)) {
            let line = text.text.split('\n').next().unwrap_or_default();
            cut.head |= text.text.contains('\n') && is_blank(line);
        }
        let last = close.saturating_sub(1);
        if let (Some(Piece::Text(text)), Some(cut)) = (pieces.get(last), cuts.get_mut(last)) {
            let line = text.text.rsplit('\n').next().unwrap_or_default();
            if text.text.contains('\n') && is_blank(line) {
                cut.tail = true;
                cut.tail_break = true;
            }
        }
    }
}

/// The string blocks, outermost first, as the places of their opening and closing tags.
fn builds(pieces: &[Piece]) -> Vec<(usize, usize)> {
    let mut open = Vec::new();
    let mut found = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        match build_tag(piece).map(|tag| tag.role) {
            Some(Role::Open) => open.push(index),
            Some(_) => found.extend(open.pop().map(|start| (start, index))),
            None => {}
        }
    }
    found.sort_unstable();
    found
}

/// Takes away the indentation that all lines share.
fn dedent(pieces: &mut [Piece], starts_line: bool) {
    let mut least = usize::MAX;
    visit_lines(pieces, starts_line, &mut |indent| {
        least = least.min(indent);
        0
    });
    if least > 0 && least < usize::MAX {
        visit_lines(pieces, starts_line, &mut |indent| indent.min(least));
    }
}

/// Calls `visit` with the indentation of each line and takes away as much of it as the answer says.
fn visit_lines(pieces: &mut [Piece], starts_line: bool, visit: &mut dyn FnMut(usize) -> usize) {
    let mut at_start = starts_line;
    for index in 0..pieces.len() {
        let tag_follows = matches!(pieces.get(index + 1), Some(Piece::Tag(tag)) if !tag.alone);
        match pieces.get_mut(index) {
            Some(Piece::Tag(tag)) if tag.alone => {
                if tag.role == Role::Partial {
                    tag.indent -= visit(tag.indent).min(tag.indent);
                }
                at_start = true;
            }
            Some(Piece::Tag(_)) => {
                if at_start {
                    visit(0);
                }
                at_start = false;
            }
            Some(Piece::Text(text)) if !text.text.is_empty() => {
                text.text = visit_text(&text.text, at_start, tag_follows, visit);
                at_start = text.text.ends_with('\n');
            }
            _ => {}
        }
    }
}

fn visit_text(text: &str, at_start: bool, tag_follows: bool, visit: &mut dyn FnMut(usize) -> usize) -> String {
    let mut out = String::with_capacity(text.len());
    let last = text.split('\n').count().saturating_sub(1);
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            out.push('\n');
        }
        let body = line.trim_start_matches([' ', '\t']);
        let indent = line.len() - body.len();
        let starts = number > 0 || at_start;
        let counts = if number == last { !body.is_empty() || (tag_follows && indent > 0) } else { !body.is_empty() };
        let taken = if starts && counts { visit(indent) } else { 0 };
        out.push_str(line.get(taken..).unwrap_or(line));
    }
    out
}

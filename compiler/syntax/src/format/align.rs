//! Columns: what stands on consecutive lines and is of one kind begins below each other.

use super::lines::Line;
use super::tokens::Class;

/// Aligns the marks of whole items, then the comments behind them.
pub(super) fn align(lines: &mut [Line<'_>]) {
    for mark in [0, 1] {
        for run in runs(lines, |line| line.whole_item().map(|item| item.class).filter(|class| *class != Class::Alone)) {
            let marks = run.map(|at| (at, lines.get(at).and_then(|line| mark_of(line, mark))));
            let marks = marks.filter_map(|(at, index)| Some((at, index?))).collect::<Vec<_>>();
            pad(lines, &marks);
        }
    }
    for run in runs(lines, |line| comment_of(line).map(|_| ())) {
        let comments = run.filter_map(|at| Some((at, lines.get(at).and_then(comment_of)?))).collect::<Vec<_>>();
        pad(lines, &comments);
    }
}

fn mark_of(line: &Line<'_>, mark: usize) -> Option<usize> {
    let item = line.whole_item()?;
    line.position(item.marks.get(mark).copied().flatten())
}

/// The comment that ends a line with something else on it.
fn comment_of(line: &Line<'_>) -> Option<usize> {
    let last = line.pieces.len().checked_sub(1).filter(|last| *last > 0)?;
    let is_flat = !line.pieces.iter().any(|piece| piece.text.contains('\n'));
    line.pieces.get(last).filter(|piece| piece.is_comment() && is_flat).map(|_| last)
}

/// Consecutive lines with the same indent and the same key.
fn runs<K: PartialEq>(lines: &[Line<'_>], key: impl Fn(&Line<'_>) -> Option<K>) -> Vec<std::ops::Range<usize>> {
    let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
    let mut last: Option<(K, usize)> = None;
    for (index, line) in lines.iter().enumerate() {
        let current = key(line).map(|key| (key, line.indent));
        match runs.last_mut() {
            Some(run) if current.is_some() && current == last && !line.after_empty => run.end = index + 1,
            _ if current.is_some() => runs.push(index..index + 1),
            _ => {}
        }
        last = current;
    }
    runs
}

/// Puts space before each of these pieces, so that all begin in one column.
fn pad(lines: &mut [Line<'_>], pieces: &[(usize, usize)]) {
    let columns = pieces.iter().filter_map(|(at, index)| Some(lines.get(*at)?.column(*index)));
    let Some(column) = columns.max() else { return };
    for (at, index) in pieces {
        let Some(line) = lines.get_mut(*at) else {
            continue;
        };
        let missing = column - line.column(*index);
        if let Some(space) = line.spaces.get_mut(*index) {
            space.extend(std::iter::repeat_n(' ', missing));
        }
    }
}

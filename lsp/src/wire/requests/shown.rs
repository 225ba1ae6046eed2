//! Questions about what is shown around a text: colors, hints, lines above declarations, links, folds.

use idpc_ide::colors::{Color, Kind, colors};
use idpc_ide::lens::About;
use idpc_ide::lines::{Lines, Position};
use serde_json::{Value, json};
use tower_lsp::ls_types as lsp;
use tower_lsp::ls_types::request::{
    CodeLensRequest, DocumentLinkRequest, FoldingRangeRequest, InlayHintRequest, Request as _, SelectionRangeRequest,
    SemanticTokensFullDeltaRequest, SemanticTokensFullRequest, SemanticTokensRangeRequest,
};

use super::{PLACE, TEXT};
use crate::message::{Asked, Hints};
use crate::shown::{Delta, Word};
use crate::view::{Part, View};
use crate::wire::convert;

/// The kinds of tokens as the protocol calls them, in the order of [`Kind::ALL`].
pub(in crate::wire) const KINDS: &[&str] = &[
    "keyword",
    "comment",
    "string",
    "number",
    "operator",
    "namespace",
    "class",
    "enum",
    "enumMember",
    "property",
    "event",
    "variable",
    "parameter",
    "type",
    "function",
    "decorator",
    "variable",
];

/// The marks, in the order of their bits.
pub(in crate::wire) const MARKS: &[&str] = &["declaration", "deprecated", "defaultLibrary", "documentation"];

pub(super) fn asked(method: &str, params: &Value) -> Option<Result<Asked, String>> {
    let params = params.clone();
    Some(match method {
        SemanticTokensFullRequest::METHOD => TEXT.by::<SemanticTokensFullRequest>(
            params,
            |params| Some(&params.text_document.uri),
            |view, _| {
                let tokens = tokens(view, None);
                tokens.iter().for_each(|tokens| keep(view, tokens));
                Ok(tokens.map(lsp::SemanticTokensResult::Tokens))
            },
        ),
        SemanticTokensRangeRequest::METHOD => PLACE.by::<SemanticTokensRangeRequest>(
            params,
            |params| Some(&params.text_document.uri),
            |view, params| Ok(tokens(view, Some(params.range)).map(lsp::SemanticTokensRangeResult::Tokens)),
        ),
        SemanticTokensFullDeltaRequest::METHOD => TEXT.by::<SemanticTokensFullDeltaRequest>(
            params,
            |params| Some(&params.text_document.uri),
            |view, params| Ok(delta(view, &params.previous_result_id)),
        ),
        InlayHintRequest::METHOD => PLACE.by::<InlayHintRequest>(
            params,
            |params| Some(&params.text_document.uri),
            |view, params| Ok(hints(view, params.range)),
        ),
        CodeLensRequest::METHOD => {
            TEXT.by::<CodeLensRequest>(params, |params| Some(&params.text_document.uri), |view, _| Ok(lenses(view)))
        }
        DocumentLinkRequest::METHOD => {
            TEXT.by::<DocumentLinkRequest>(params, |params| Some(&params.text_document.uri), |view, _| Ok(links(view)))
        }
        FoldingRangeRequest::METHOD => {
            TEXT.by::<FoldingRangeRequest>(params, |params| Some(&params.text_document.uri), |view, _| Ok(folds(view)))
        }
        SelectionRangeRequest::METHOD => PLACE.by::<SelectionRangeRequest>(
            params,
            |params| Some(&params.text_document.uri),
            |view, params| Ok(selections(view, &params.positions)),
        ),
        _ => return None,
    })
}

fn tokens(view: &View, within: Option<lsp::Range>) -> Option<lsp::SemanticTokens> {
    let here = view.here()?;
    let mut found = colors(here.program, here.view, here.text());
    if let Some(within) = within {
        let bytes = here.lines.bytes(convert::range(within), view.encoding);
        found.retain(|color| {
            usize::from(color.range.end()) > bytes.start && usize::from(color.range.start()) < bytes.end
        });
    }
    let data = encoded(view, &here.lines, &found);
    let id = identity(&data);
    Some(lsp::SemanticTokens { result_id: within.is_none().then_some(id), data })
}

fn encoded(view: &View, lines: &Lines, found: &[Color]) -> Vec<lsp::SemanticToken> {
    let mut last = Position::default();
    let each = found.iter().map(|color| {
        let range = lines.range(color.range, view.encoding);
        let delta_line = range.start.line - last.line;
        let delta_start = if delta_line == 0 { range.start.column - last.column } else { range.start.column };
        last = range.start;
        let kind = Kind::ALL.iter().position(|kind| *kind == color.kind).unwrap_or(0);
        let marks = [color.marks.declaration, color.marks.deprecated, color.marks.library, color.marks.documentation];
        let bits = marks.iter().enumerate().filter(|(_, mark)| **mark).map(|(bit, _)| 1_u32 << bit);
        lsp::SemanticToken {
            delta_line,
            delta_start,
            length: range.end.column.saturating_sub(range.start.column),
            token_type: u32::try_from(kind).unwrap_or(0),
            token_modifiers_bitset: bits.sum(),
        }
    });
    each.collect()
}

/// Remembers what the client is sent.
fn keep(view: &View, tokens: &lsp::SemanticTokens) {
    if let (Some(uri), Some(id)) = (&view.uri, &tokens.result_id) {
        view.shown.keep(uri, id, words(&tokens.data));
    }
}

fn words(data: &[lsp::SemanticToken]) -> Vec<Word> {
    let word = |token: &lsp::SemanticToken| {
        [token.delta_line, token.delta_start, token.length, token.token_type, token.token_modifiers_bitset]
    };
    data.iter().map(word).collect()
}

fn token([delta_line, delta_start, length, token_type, token_modifiers_bitset]: Word) -> lsp::SemanticToken {
    lsp::SemanticToken { delta_line, delta_start, length, token_type, token_modifiers_bitset }
}

/// A short name that is equal for equal tokens.
fn identity(data: &[lsp::SemanticToken]) -> String {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    words(data).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn delta(view: &View, known: &str) -> Option<lsp::SemanticTokensFullDeltaResult> {
    let now = tokens(view, None)?;
    let uri = view.uri.as_deref()?;
    let delta = view.shown.since(uri, known, &words(&now.data));
    keep(view, &now);
    let count = |words: usize| u32::try_from(words * 5).unwrap_or(u32::MAX);
    Some(match delta {
        Some(delta) => {
            let edit = |delta: Delta| lsp::SemanticTokensEdit {
                start: count(delta.start),
                delete_count: count(delta.gone),
                data: Some(delta.come.into_iter().map(token).collect()),
            };
            let edits = delta.into_iter().map(edit).collect();
            lsp::SemanticTokensFullDeltaResult::TokensDelta(lsp::SemanticTokensDelta {
                result_id: now.result_id,
                edits,
            })
        }
        None => lsp::SemanticTokensFullDeltaResult::Tokens(now),
    })
}

fn hints(view: &View, within: lsp::Range) -> Option<Vec<lsp::InlayHint>> {
    if view.settings.hints == Hints::Hidden {
        return None;
    }
    let here = view.here()?;
    let start = here.lines.size(convert::position(within.start), view.encoding);
    let end = here.lines.size(convert::position(within.end), view.encoding).max(start);
    let found = idpc_ide::hints::hints(here.program, here.view, idpc_syntax::ast::TextRange::new(start, end));
    let each = found.into_iter().map(|hint| {
        let position = here.lines.position(hint.at.into(), view.encoding);
        let tooltip = lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value: hint.more };
        let parts = hint.parts.into_iter().map(|part| lsp::InlayHintLabelPart {
            value: part.text,
            location: part.origin.and_then(|span| super::places::location(view, here.part, span.file, span.range)),
            ..lsp::InlayHintLabelPart::default()
        });
        lsp::InlayHint {
            position: convert::lsp_position(position),
            label: lsp::InlayHintLabel::LabelParts(parts.collect()),
            kind: None,
            text_edits: None,
            tooltip: Some(lsp::InlayHintTooltip::MarkupContent(tooltip)),
            padding_left: Some(true),
            padding_right: None,
            data: None,
        }
    });
    Some(each.collect())
}

fn lenses(view: &View) -> Option<Vec<lsp::CodeLens>> {
    let here = view.here()?;
    let uri = view.uri.clone()?;
    let each = idpc_ide::lens::lenses(here.program, here.view).into_iter().filter_map(|lens| {
        let range = convert::lsp_range(here.lines.range(lens.range, view.encoding));
        let at = range.start;
        let place = json!({ "uri": uri, "position": at });
        let (title, command) = match lens.about {
            About::Artifacts(name) => (counted(artifacts(here.part, &name)?, "artifact"), "idpc.artifacts"),
            About::Callers(0) => return None,
            About::Callers(count) => (format!("called by {count}"), "idpc.callers"),
            About::Uses(count) => (format!("used by {count}"), "idpc.uses"),
        };
        let command = lsp::Command { title, command: command.to_owned(), arguments: Some(vec![place]) };
        Some(lsp::CodeLens { range, command: Some(command), data: None })
    });
    Some(each.collect())
}

/// How many files come of a service or resource, if the last look at everything could build.
fn artifacts(part: &Part, name: &str) -> Option<usize> {
    part.sweep.as_ref()?.outputs.get(name).map(Vec::len)
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn links(view: &View) -> Option<Vec<lsp::DocumentLink>> {
    let open = view.open()?;
    let each = idpc_ide::links::links(open.lines.text()).into_iter().filter_map(|link| {
        let target = std::str::FromStr::from_str(&link.target).ok()?;
        let range = convert::lsp_range(open.lines.range(link.range, view.encoding));
        Some(lsp::DocumentLink { range, target: Some(target), tooltip: None, data: None })
    });
    Some(each.collect())
}

fn folds(view: &View) -> Option<Vec<lsp::FoldingRange>> {
    let open = view.open()?;
    let each = idpc_ide::fold::folds(open.lines.text()).into_iter().map(|fold| {
        let range = open.lines.range(fold.range, view.encoding);
        let kind = (fold.kind == idpc_ide::fold::Kind::Comment).then_some(lsp::FoldingRangeKind::Comment);
        // The line with the closing brace stays.
        let end_line = if kind.is_some() { range.end.line } else { range.end.line.saturating_sub(1) };
        lsp::FoldingRange {
            start_line: range.start.line,
            start_character: None,
            end_line: end_line.max(range.start.line),
            end_character: None,
            kind,
            collapsed_text: None,
        }
    });
    Some(each.collect())
}

fn selections(view: &View, places: &[lsp::Position]) -> Option<Vec<lsp::SelectionRange>> {
    let open = view.open()?;
    let each = places.iter().map(|at| {
        let offset = open.lines.size(convert::position(*at), view.encoding);
        let ranges = idpc_ide::fold::selections(open.lines.text(), offset);
        let mut outer = None;
        for range in ranges.into_iter().rev() {
            let range = convert::lsp_range(open.lines.range(range, view.encoding));
            outer = Some(Box::new(lsp::SelectionRange { range, parent: outer }));
        }
        outer.map_or_else(
            || lsp::SelectionRange { range: lsp::Range { start: *at, end: *at }, parent: None },
            |outer| *outer,
        )
    });
    Some(each.collect())
}

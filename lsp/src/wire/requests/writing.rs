//! Questions of somebody who writes: what could stand here, what its fields are, what can be done about it.

use idpc_ide::action::{self, Action};
use idpc_ide::completion::{self, Insert, Item};
use idpc_ide::format::{Replacement, format_range, format_typed};
use idpc_model::diagnostic::Diagnostic;
use serde_json::Value;
use tower_lsp::ls_types as lsp;
use tower_lsp::ls_types::request::{
    CodeActionRequest, Completion, OnTypeFormatting, RangeFormatting, Request as _, SignatureHelpRequest,
};

use super::places::workspace_edit;
use super::{Abilities, PLACE};
use crate::findings::Findings;
use crate::message::Asked;
use crate::view::{Here, View};
use crate::wire::convert;

pub(super) fn asked(method: &str, params: &Value, able: Abilities) -> Option<Result<Asked, String>> {
    let params = params.clone();
    Some(match method {
        Completion::METHOD => PLACE.by::<Completion>(
            params,
            |params| Some(&params.text_document_position.text_document.uri),
            move |view, params| Ok(completed(view, params.text_document_position.position, able)),
        ),
        SignatureHelpRequest::METHOD => PLACE.by::<SignatureHelpRequest>(
            params,
            |params| Some(&params.text_document_position_params.text_document.uri),
            |view, params| Ok(signature(view, params.text_document_position_params.position)),
        ),
        CodeActionRequest::METHOD => PLACE.by::<CodeActionRequest>(
            params,
            |params| Some(&params.text_document.uri),
            move |view, params| Ok(actions(view, params, able)),
        ),
        RangeFormatting::METHOD => PLACE.by::<RangeFormatting>(
            params,
            |params| Some(&params.text_document.uri),
            |view, params| Ok(ranged(view, params.range)),
        ),
        OnTypeFormatting::METHOD => PLACE.by::<OnTypeFormatting>(
            params,
            |params| Some(&params.text_document_position.text_document.uri),
            |view, params| Ok(typed(view, params)),
        ),
        _ => return None,
    })
}

fn completed(view: &View, at: lsp::Position, able: Abilities) -> Option<lsp::CompletionResponse> {
    let here = view.here()?;
    let offset = here.offset(convert::position(at), view.encoding);
    let items = completion::completion(here.program, here.view, here.text(), offset);
    let is_incomplete = items.len() >= completion::MOST;
    let each = items.into_iter().enumerate().map(|(rank, item)| completion_item(view, &here, rank, item, able));
    let items = each.collect();
    Some(if is_incomplete {
        lsp::CompletionResponse::List(lsp::CompletionList { is_incomplete, items })
    } else {
        lsp::CompletionResponse::Array(items)
    })
}

fn completion_item(view: &View, here: &Here<'_>, rank: usize, item: Item, able: Abilities) -> lsp::CompletionItem {
    let (text, snippet) = match item.insert {
        Insert::Plain(text) => (text, false),
        Insert::Snippet(text) if able.snippets => (text, true),
        Insert::Snippet(text) => (without_places(&text), false),
    };
    let kind = match item.kind {
        completion::Kind::Field => lsp::CompletionItemKind::FIELD,
        completion::Kind::Output => lsp::CompletionItemKind::PROPERTY,
        completion::Kind::Value => lsp::CompletionItemKind::VALUE,
        completion::Kind::Reference => lsp::CompletionItemKind::REFERENCE,
        completion::Kind::Schema => lsp::CompletionItemKind::CLASS,
        completion::Kind::Enum => lsp::CompletionItemKind::ENUM,
        completion::Kind::Type => lsp::CompletionItemKind::TYPE_PARAMETER,
        completion::Kind::Unit => lsp::CompletionItemKind::UNIT,
        completion::Kind::Constant => lsp::CompletionItemKind::CONSTANT,
        completion::Kind::Keyword => lsp::CompletionItemKind::KEYWORD,
        completion::Kind::Snippet => lsp::CompletionItemKind::SNIPPET,
        completion::Kind::Function => lsp::CompletionItemKind::FUNCTION,
    };
    let range = convert::lsp_range(here.lines.range(item.replace, view.encoding));
    let doc = item
        .doc
        .map(|value| lsp::Documentation::MarkupContent(lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value }));
    lsp::CompletionItem {
        // What the protocol says anyway, but Neovim filters no items with an edit unless it is told by what.
        filter_text: Some(item.label.clone()),
        label: item.label,
        kind: Some(kind),
        detail: (!item.detail.is_empty()).then_some(item.detail),
        documentation: doc,
        sort_text: Some(format!("{rank:04}")),
        insert_text_format: Some(if snippet {
            lsp::InsertTextFormat::SNIPPET
        } else {
            lsp::InsertTextFormat::PLAIN_TEXT
        }),
        text_edit: Some(lsp::CompletionTextEdit::Edit(lsp::TextEdit { range, new_text: text })),
        tags: item.deprecated.then(|| vec![lsp::CompletionItemTag::DEPRECATED]),
        ..lsp::CompletionItem::default()
    }
}

/// The text of a snippet for a client that fills no places: proposals stay.
fn without_places(snippet: &str) -> String {
    let mut text = String::new();
    let mut rest = snippet;
    while let Some((before, after)) = rest.split_once('$') {
        text.push_str(before);
        rest = match after.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
            Some((place, after)) => {
                text.push_str(place.split_once(':').map_or("", |(_, proposal)| proposal));
                after
            }
            None => after.trim_start_matches(|letter: char| letter.is_ascii_digit()),
        };
    }
    text + rest
}

fn signature(view: &View, at: lsp::Position) -> Option<lsp::SignatureHelp> {
    let here = view.here()?;
    let offset = here.offset(convert::position(at), view.encoding);
    let found = idpc_ide::signature::signature(here.program, here.view, here.text(), offset)?;
    let markdown = |value: String| {
        lsp::Documentation::MarkupContent(lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value })
    };
    let parameters = found.parameters.into_iter().map(|(label, doc)| lsp::ParameterInformation {
        label: lsp::ParameterLabel::Simple(label),
        documentation: doc.map(markdown),
    });
    let parameters = parameters.collect();
    let active = found.active.and_then(|at| u32::try_from(at).ok());
    Some(lsp::SignatureHelp {
        signatures: vec![lsp::SignatureInformation {
            label: found.label,
            documentation: found.doc.map(markdown),
            parameters: Some(parameters),
            active_parameter: active,
        }],
        active_signature: Some(0),
        active_parameter: active,
    })
}

fn actions(view: &View, params: &lsp::CodeActionParams, able: Abilities) -> Option<lsp::CodeActionResponse> {
    let here = view.here()?;
    let bytes = here.lines.bytes(convert::range(params.range), view.encoding);
    let size = |at: usize| idpc_syntax::ast::TextSize::new(u32::try_from(at).unwrap_or(u32::MAX));
    let range = idpc_syntax::ast::TextRange::new(size(bytes.start), size(bytes.end));
    let mut findings = here.part.host.findings_of(here.file);
    // What only a look at everything finds has fixes, too, as long as it is about this text.
    if let Some(sweep) = here.part.sweep.as_ref().filter(|sweep| sweep.revision == here.part.revision) {
        let more = sweep.fixable.iter().filter(|finding| finding.primary.file == here.file);
        let more: Vec<Diagnostic> = more.filter(|finding| !findings.contains(finding)).cloned().collect();
        findings.extend(more);
    }
    let found = action::actions(here.program, here.view, here.text(), range, &findings);
    let wanted = params.context.only.as_ref();
    let each = found.into_iter().filter_map(|action| {
        let kind = kind(&action);
        let fits = wanted.is_none_or(|wanted| wanted.iter().any(|wanted| is_below(&kind, wanted)));
        // Nobody wants to see what is applied to everything beside what helps here, unless it is asked for.
        fits.then(|| code_action(view, &here, action, kind, &findings, able))
    });
    Some(each.map(lsp::CodeActionOrCommand::CodeAction).collect())
}

fn kind(action: &Action) -> lsp::CodeActionKind {
    match action.kind {
        action::Kind::Fix | action::Kind::SafeFix => lsp::CodeActionKind::QUICKFIX,
        action::Kind::Rewrite => lsp::CodeActionKind::REFACTOR_REWRITE,
        action::Kind::Extract => lsp::CodeActionKind::REFACTOR_EXTRACT,
        action::Kind::FixAll => FIX_ALL,
    }
}

/// The fixes of a file that can only have been meant, for editors that apply them when a file is saved.
pub(in crate::wire) const FIX_ALL: lsp::CodeActionKind = lsp::CodeActionKind::new("source.fixAll.idpc");

fn is_below(kind: &lsp::CodeActionKind, wanted: &lsp::CodeActionKind) -> bool {
    let (kind, wanted) = (kind.as_str(), wanted.as_str());
    kind == wanted || kind.strip_prefix(wanted).is_some_and(|rest| wanted.is_empty() || rest.starts_with('.'))
}

fn code_action(
    view: &View,
    here: &Here<'_>,
    action: Action,
    kind: lsp::CodeActionKind,
    findings: &[Diagnostic],
    able: Abilities,
) -> lsp::CodeAction {
    let removes = action.finding.and_then(|at| findings.get(at)).map(|finding| {
        let part = here.part;
        let shown = Findings::new(&part.host, &view.documents, view.encoding, part.anchor.clone());
        shown.diagnostics(std::slice::from_ref(finding)).into_values().flatten().map(convert::problem).collect()
    });
    lsp::CodeAction {
        title: action.title,
        kind: Some(kind),
        diagnostics: removes,
        edit: Some(workspace_edit(view, here.part, &action.edits, able)),
        is_preferred: Some(action.kind == action::Kind::SafeFix),
        ..lsp::CodeAction::default()
    }
}

fn edits(view: &View, changes: Vec<Replacement>) -> Option<Vec<lsp::TextEdit>> {
    let open = view.open()?;
    let edit = |change: Replacement| lsp::TextEdit {
        range: convert::lsp_range(open.lines.range(change.range, view.encoding)),
        new_text: change.text,
    };
    Some(changes.into_iter().map(edit).collect())
}

fn ranged(view: &View, range: lsp::Range) -> Option<Vec<lsp::TextEdit>> {
    let open = view.open()?;
    let start = open.lines.size(convert::position(range.start), view.encoding);
    let end = open.lines.size(convert::position(range.end), view.encoding).max(start);
    edits(view, format_range(open.lines.text(), idpc_syntax::ast::TextRange::new(start, end)))
}

fn typed(view: &View, params: &lsp::DocumentOnTypeFormattingParams) -> Option<Vec<lsp::TextEdit>> {
    let open = view.open()?;
    let at = open.lines.size(convert::position(params.text_document_position.position), view.encoding);
    edits(view, format_typed(open.lines.text(), at, params.ch.chars().next()?))
}

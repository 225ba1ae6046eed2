//! Questions about what stands in a text: hover, outline, formatting.

use serde_json::Value;
use tower_lsp::ls_types as lsp;
use tower_lsp::ls_types::request::{DocumentSymbolRequest, Formatting, HoverRequest, Request as _};

use super::{Abilities, PLACE, TEXT};
use crate::message::{Asked, Fault};
use crate::view::View;
use crate::wire::convert;

pub(super) fn asked(method: &str, params: &Value, able: Abilities) -> Option<Result<Asked, String>> {
    let params = params.clone();
    Some(match method {
        HoverRequest::METHOD => PLACE.by::<HoverRequest>(
            params,
            |params| Some(&params.text_document_position_params.text_document.uri),
            move |view, params| Ok(hover(view, params.text_document_position_params.position, able)),
        ),
        DocumentSymbolRequest::METHOD => TEXT.by::<DocumentSymbolRequest>(
            params,
            |params| Some(&params.text_document.uri),
            |view, _| Ok(outline(view)),
        ),
        Formatting::METHOD => {
            PLACE.by::<Formatting>(params, |params| Some(&params.text_document.uri), |view, _| formatted(view))
        }
        _ => return None,
    })
}

fn hover(view: &View, at: lsp::Position, able: Abilities) -> Option<lsp::Hover> {
    let here = view.here()?;
    let offset = here.offset(convert::position(at), view.encoding);
    let found = idpc_ide::hover::hover(here.program, here.view, offset)?;
    let (kind, value) = if able.markdown {
        (lsp::MarkupKind::Markdown, found.markdown)
    } else {
        (lsp::MarkupKind::PlainText, found.markdown.replace("```idp\n", "").replace("\n```", "").replace('`', ""))
    };
    Some(lsp::Hover {
        contents: lsp::HoverContents::Markup(lsp::MarkupContent { kind, value }),
        range: Some(convert::lsp_range(here.lines.range(found.range, view.encoding))),
    })
}

fn outline(view: &View) -> Option<lsp::DocumentSymbolResponse> {
    let open = view.open()?;
    let text = open.lines.text();
    let symbols = idpc_ide::symbol::symbols(&idpc_syntax::parse(text).source_file(), text);
    let each = symbols.into_iter().map(|symbol| convert::symbol(symbol, &open.lines, view.encoding));
    Some(lsp::DocumentSymbolResponse::Nested(each.collect()))
}

fn formatted(view: &View) -> Result<Option<Vec<lsp::TextEdit>>, Fault> {
    let Some(open) = view.open() else { return Ok(None) };
    let change = idpc_ide::format::format(open.lines.text());
    let edits = change.map(|change| lsp::TextEdit {
        range: convert::lsp_range(open.lines.range(change.range, view.encoding)),
        new_text: change.text,
    });
    Ok(Some(edits.into_iter().collect()))
}

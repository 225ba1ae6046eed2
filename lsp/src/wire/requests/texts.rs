//! Questions about what stands in a text: hover, outline, formatting.

use idpc_ide::preview::{Built, Preview};
use idpc_model::source::declared;
use idpc_syntax::ast::TextSize;
use serde_json::Value;
use tower_lsp::ls_types as lsp;
use tower_lsp::ls_types::request::{DocumentSymbolRequest, Formatting, HoverRequest, Request as _};

use super::{Abilities, PLACE, TEXT};
use crate::message::{Asked, Fault};
use crate::view::{Here, View};
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
    let mut found = idpc_ide::hover::hover(here.program, here.view, offset)?;
    if let Some(preview) = preview(&here, offset) {
        let Preview { path, environment, lines } = preview;
        found.markdown += &format!("\n\nIn {environment}, of `{path}`:\n\n```yaml\n{}\n```", lines.join("\n"));
    }
    let (kind, value) = if able.markdown {
        (lsp::MarkupKind::Markdown, found.markdown)
    } else {
        let plain = ["```idp\n", "```yaml\n", "\n```", "`"];
        (lsp::MarkupKind::PlainText, plain.iter().fold(found.markdown, |text, mark| text.replace(mark, "")))
    };
    Some(lsp::Hover {
        contents: lsp::HoverContents::Markup(lsp::MarkupContent { kind, value }),
        range: Some(convert::lsp_range(here.lines.range(found.range, view.encoding))),
    })
}

/// What the place ends in, as long as what was built is of this text; nothing is built where an error refuses it.
fn preview(here: &Here<'_>, offset: TextSize) -> Option<Preview> {
    let sweep = here.part.sweep.as_ref().filter(|sweep| sweep.revision == here.part.revision)?;
    let around = here.view.ast.decls.iter().find(|decl| decl.span.contains_inclusive(offset))?;
    let (_, name) = declared(around)?;
    let files: Vec<_> = sweep.outputs.get(name)?.iter().filter_map(|at| sweep.artifacts.get(*at)).collect();
    let identities = &sweep.model.as_ref()?.identities;
    idpc_ide::preview::preview(here.program, here.view, offset, Built { identities, files: &files })
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

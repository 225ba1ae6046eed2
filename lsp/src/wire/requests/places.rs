//! Questions about where things are: declarations, mentions, calls, names.

use std::collections::{BTreeMap, HashMap};

use idpc_ide::calls::{self, Node};
use idpc_ide::mention::Role;
use idpc_ide::navigate::{self, Declared, Target};
use idpc_ide::rename;
use idpc_model::span::FileId;
use idpc_syntax::ast::TextRange;
use serde_json::Value;
use tower_lsp::ls_types as lsp;
use tower_lsp::ls_types::request::{
    CallHierarchyIncomingCalls, CallHierarchyOutgoingCalls, CallHierarchyPrepare, DocumentHighlightRequest,
    GotoDeclaration, GotoDefinition, GotoTypeDefinition, PrepareRenameRequest, References, Rename, Request as _,
    WorkspaceSymbolRequest,
};

use super::{Abilities, Ask, PLACE};
use crate::message::{Asked, Edits, Fault, Lane, Needs};
use crate::view::{Here, Part, View};
use crate::wire::convert;

/// What finds the targets of a name.
type Find = for<'a> fn(
    idpc_ide::program::Program<'a>,
    &idpc_model::source::FileView,
    idpc_syntax::ast::TextSize,
) -> Vec<Target>;

pub(super) fn asked(method: &str, params: &Value, able: Abilities) -> Option<Result<Asked, String>> {
    let params = params.clone();
    let all = Ask { lane: Lane::Slow, edits: Edits::Retry, needs: Needs::Nothing };
    Some(match method {
        GotoDefinition::METHOD => goto::<GotoDefinition>(params, navigate::definition, able),
        GotoDeclaration::METHOD => goto::<GotoDeclaration>(params, navigate::definition, able),
        GotoTypeDefinition::METHOD => goto::<GotoTypeDefinition>(params, navigate::type_definition, able),
        References::METHOD => Ask { lane: Lane::Slow, ..PLACE }.by::<References>(
            params,
            |params| Some(&params.text_document_position.text_document.uri),
            |view, params| Ok(references(view, params)),
        ),
        DocumentHighlightRequest::METHOD => PLACE.by::<DocumentHighlightRequest>(
            params,
            |params| Some(&params.text_document_position_params.text_document.uri),
            |view, params| Ok(highlights(view, params.text_document_position_params.position)),
        ),
        PrepareRenameRequest::METHOD => PLACE.by::<PrepareRenameRequest>(
            params,
            |params| Some(&params.text_document.uri),
            |view, params| prepare(view, params.position),
        ),
        Rename::METHOD => Ask { lane: Lane::Slow, ..PLACE }.by::<Rename>(
            params,
            |params| Some(&params.text_document_position.text_document.uri),
            move |view, params| renamed(view, params, able),
        ),
        CallHierarchyPrepare::METHOD => PLACE.by::<CallHierarchyPrepare>(
            params,
            |params| Some(&params.text_document_position_params.text_document.uri),
            |view, params| Ok(prepare_calls(view, params.text_document_position_params.position)),
        ),
        CallHierarchyIncomingCalls::METHOD => all.by::<CallHierarchyIncomingCalls>(
            params,
            |params| Some(&params.item.uri),
            |view, params| Ok(incoming(view, &params.item.name)),
        ),
        CallHierarchyOutgoingCalls::METHOD => all.by::<CallHierarchyOutgoingCalls>(
            params,
            |params| Some(&params.item.uri),
            |view, params| Ok(outgoing(view, &params.item.name)),
        ),
        WorkspaceSymbolRequest::METHOD => {
            all.by::<WorkspaceSymbolRequest>(params, |_| None, |view, params| Ok(search(view, &params.query)))
        }
        _ => return None,
    })
}

fn goto<M>(params: Value, find: Find, able: Abilities) -> Result<Asked, String>
where
    M: lsp::request::Request<Params = lsp::GotoDefinitionParams, Result = Option<lsp::GotoDefinitionResponse>>,
{
    PLACE.by::<M>(
        params,
        |params| Some(&params.text_document_position_params.text_document.uri),
        move |view, params| Ok(targets(view, params.text_document_position_params.position, find, able)),
    )
}

fn targets(view: &View, at: lsp::Position, find: Find, able: Abilities) -> Option<lsp::GotoDefinitionResponse> {
    let here = view.here()?;
    let found = find(here.program, here.view, here.offset(convert::position(at), view.encoding));
    if !able.links {
        let each = found.iter().filter_map(|target| location(view, here.part, target.file, target.range));
        return Some(lsp::GotoDefinitionResponse::Array(each.collect()));
    }
    let link = |target: &Target| {
        Some(lsp::LocationLink {
            origin_selection_range: Some(range(view, here.part, here.file, target.origin)?),
            target_uri: convert::uri(&view.file(here.part, target.file)?)?,
            target_range: range(view, here.part, target.file, target.whole)?,
            target_selection_range: range(view, here.part, target.file, target.range)?,
        })
    };
    Some(lsp::GotoDefinitionResponse::Link(found.iter().filter_map(link).collect()))
}

pub(super) fn range(view: &View, part: &Part, file: FileId, range: TextRange) -> Option<lsp::Range> {
    view.range(part, file, range).map(convert::lsp_range)
}

pub(super) fn location(view: &View, part: &Part, file: FileId, at: TextRange) -> Option<lsp::Location> {
    Some(lsp::Location { uri: convert::uri(&view.file(part, file)?)?, range: range(view, part, file, at)? })
}

fn references(view: &View, params: &lsp::ReferenceParams) -> Option<Vec<lsp::Location>> {
    let here = view.here()?;
    let at = convert::position(params.text_document_position.position);
    let declared = if params.context.include_declaration { Declared::Included } else { Declared::Excluded };
    let found = navigate::references(here.program, here.view, here.offset(at, view.encoding), declared);
    Some(found.into_iter().filter_map(|(file, at)| location(view, here.part, file, at)).collect())
}

fn highlights(view: &View, at: lsp::Position) -> Option<Vec<lsp::DocumentHighlight>> {
    let here = view.here()?;
    let found = navigate::highlights(here.program, here.view, here.offset(convert::position(at), view.encoding));
    let each = found.into_iter().map(|(range, role)| lsp::DocumentHighlight {
        range: convert::lsp_range(here.lines.range(range, view.encoding)),
        kind: Some(match role {
            Role::Read => lsp::DocumentHighlightKind::READ,
            Role::Write | Role::Declaration => lsp::DocumentHighlightKind::WRITE,
        }),
    });
    Some(each.collect())
}

fn prepare(view: &View, at: lsp::Position) -> Result<Option<lsp::PrepareRenameResponse>, Fault> {
    let Some(here) = view.here() else { return Ok(None) };
    let offset = here.offset(convert::position(at), view.encoding);
    let (range, placeholder) =
        rename::prepare(here.program, here.view, offset).map_err(|refusal| Fault::Refused(refusal.0))?;
    let range = convert::lsp_range(here.lines.range(range, view.encoding));
    Ok(Some(lsp::PrepareRenameResponse::RangeWithPlaceholder { range, placeholder }))
}

fn renamed(view: &View, params: &lsp::RenameParams, able: Abilities) -> Result<Option<lsp::WorkspaceEdit>, Fault> {
    let Some(here) = view.here() else { return Ok(None) };
    let offset = here.offset(convert::position(params.text_document_position.position), view.encoding);
    let edits = rename::rename(here.program, here.view, offset, &params.new_name)
        .map_err(|refusal| Fault::Refused(refusal.0))?;
    Ok(Some(workspace_edit(view, here.part, &edits, able)))
}

/// Replacements in several files, with the versions of open texts where the client takes them.
pub(super) fn workspace_edit(
    view: &View,
    part: &Part,
    edits: &BTreeMap<FileId, Vec<(TextRange, String)>>,
    able: Abilities,
) -> lsp::WorkspaceEdit {
    let mut each = Vec::new();
    for (file, list) in edits {
        let Some((uri, version)) = view.file(part, *file).and_then(|file| {
            let uri = convert::uri(&file)?;
            let version = view.documents.get(uri.as_str()).map(|open| open.version);
            Some((uri, version))
        }) else {
            continue;
        };
        let edit = |(at, text): &(TextRange, String)| {
            Some(lsp::TextEdit { range: range(view, part, *file, *at)?, new_text: text.clone() })
        };
        each.push((uri, version, list.iter().filter_map(edit).collect::<Vec<_>>()));
    }
    joined(each, able)
}

/// A text with its version, if it is open, and what changes in it.
pub(super) type Edited = (lsp::Uri, Option<i32>, Vec<lsp::TextEdit>);

/// The changes of some texts, in the form that the client takes.
pub(super) fn joined(each: Vec<Edited>, able: Abilities) -> lsp::WorkspaceEdit {
    if able.versions {
        let edits = each.into_iter().map(|(uri, version, edits)| lsp::TextDocumentEdit {
            text_document: lsp::OptionalVersionedTextDocumentIdentifier { uri, version },
            edits: edits.into_iter().map(lsp::OneOf::Left).collect(),
        });
        let changes = lsp::DocumentChanges::Edits(edits.collect());
        return lsp::WorkspaceEdit { document_changes: Some(changes), ..lsp::WorkspaceEdit::default() };
    }
    let changes: HashMap<_, _> = each.into_iter().map(|(uri, _, edits)| (uri, edits)).collect();
    lsp::WorkspaceEdit { changes: Some(changes), ..lsp::WorkspaceEdit::default() }
}

fn item(view: &View, part: &Part, node: &Node) -> Option<lsp::CallHierarchyItem> {
    Some(lsp::CallHierarchyItem {
        name: node.name.clone(),
        kind: lsp::SymbolKind::OBJECT,
        tags: None,
        detail: Some(node.schema.clone()),
        uri: convert::uri(&view.file(part, node.file)?)?,
        range: range(view, part, node.file, node.whole)?,
        selection_range: range(view, part, node.file, node.range)?,
        data: None,
    })
}

fn prepare_calls(view: &View, at: lsp::Position) -> Option<Vec<lsp::CallHierarchyItem>> {
    let Here { part, program, view: file, lines, .. } = view.here()?;
    let offset = lines.size(convert::position(at), view.encoding);
    let node = calls::node_at(program, file, offset)?;
    Some(vec![item(view, part, &node)?])
}

fn incoming(view: &View, name: &str) -> Option<Vec<lsp::CallHierarchyIncomingCall>> {
    let part = view.parts.first()?;
    let each = calls::incoming(part.program(), name).into_iter().filter_map(|calls| {
        let places = calls.places.iter().filter_map(|at| range(view, part, calls.node.file, *at));
        Some(lsp::CallHierarchyIncomingCall { from: item(view, part, &calls.node)?, from_ranges: places.collect() })
    });
    Some(each.collect())
}

fn outgoing(view: &View, name: &str) -> Option<Vec<lsp::CallHierarchyOutgoingCall>> {
    let part = view.parts.first()?;
    let own = calls::node(part.program(), name)?;
    let each = calls::outgoing(part.program(), name).into_iter().filter_map(|calls| {
        let places = calls.places.iter().filter_map(|at| range(view, part, own.file, *at));
        Some(lsp::CallHierarchyOutgoingCall { to: item(view, part, &calls.node)?, from_ranges: places.collect() })
    });
    Some(each.collect())
}

#[expect(deprecated, reason = "the type has a deprecated field that has to be filled")]
fn search(view: &View, query: &str) -> Option<lsp::WorkspaceSymbolResponse> {
    let mut found = Vec::new();
    for part in &view.parts {
        for hit in idpc_ide::search::search(part.program(), query) {
            let Some(location) = location(view, part, hit.file, hit.range) else { continue };
            found.push(lsp::SymbolInformation {
                name: hit.name,
                kind: convert::kind(hit.kind),
                tags: None,
                deprecated: None,
                location,
                container_name: Some(hit.detail),
            });
        }
    }
    Some(lsp::WorkspaceSymbolResponse::Flat(found))
}

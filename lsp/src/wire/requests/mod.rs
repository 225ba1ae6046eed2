//! The questions of the protocol: how each is read, and how it is answered from a view.

pub(super) mod commands;
mod diagnostics;
mod moves;
mod places;
pub(super) mod shown;
mod texts;
mod writing;

use std::sync::Arc;

pub(super) use writing::FIX_ALL;

use serde_json::Value;
use tower_lsp::ls_types as lsp;
use tower_lsp::ls_types::request::Request as Method;

use super::Explain;
use crate::message::{Asked, Edits, Fault, Lane, Needs};
use crate::view::View;

/// What the client can do, as far as answers depend on it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Abilities {
    /// Whether it fills places in what it inserts.
    pub(super) snippets: bool,
    /// Whether it shows Markdown in hovers.
    pub(super) markdown: bool,
    /// Whether it takes links with ranges instead of places.
    pub(super) links: bool,
    /// Whether it takes edits with the versions of texts.
    pub(super) versions: bool,
    /// The pages about codes.
    pub(super) explain: Option<Explain>,
}

impl Abilities {
    pub(super) fn of(params: &lsp::InitializeParams) -> Self {
        let text = params.capabilities.text_document.as_ref();
        let item = text.and_then(|text| text.completion.as_ref()?.completion_item.as_ref());
        let formats = text.and_then(|text| text.hover.as_ref()?.content_format.as_ref());
        let workspace = params.capabilities.workspace.as_ref();
        let edits = workspace.and_then(|able| able.workspace_edit.as_ref()?.document_changes);
        Self {
            snippets: item.and_then(|item| item.snippet_support).unwrap_or(false),
            // A client that says nothing gets what all of them show.
            links: text.and_then(|text| text.definition.as_ref()?.link_support).unwrap_or(false),
            versions: edits.unwrap_or(false),
            explain: None,
            markdown: formats.is_none_or(|formats| formats.contains(&lsp::MarkupKind::Markdown)),
        }
    }
}

/// A question about one text, or about a whole workspace.
#[derive(Clone, Copy)]
struct Ask {
    lane: Lane,
    edits: Edits,
    needs: Needs,
}

/// About a place of a text: an edit outdates it.
const PLACE: Ask = Ask { lane: Lane::Fast, edits: Edits::Outdate, needs: Needs::Nothing };
/// About a whole text.
const TEXT: Ask = Ask { lane: Lane::Slow, edits: Edits::Retry, needs: Needs::Nothing };

impl Ask {
    /// Reads the parameters, and says how they are answered.
    fn by<M: Method>(
        self,
        params: Value,
        uri: impl FnOnce(&M::Params) -> Option<&lsp::Uri>,
        work: impl Fn(&View, &M::Params) -> Result<M::Result, Fault> + Send + Sync + 'static,
    ) -> Result<Asked, String> {
        let params: M::Params = serde_json::from_value(params).map_err(|error| error.to_string())?;
        let uri = uri(&params).map(|uri| uri.as_str().to_owned());
        let work = move |view: &View| {
            let answer = work(view, &params)?;
            serde_json::to_value(answer).map_err(|error| Fault::Bug(error.to_string()))
        };
        Ok(Asked { uri, lane: self.lane, edits: self.edits, needs: self.needs, work: Arc::new(work) })
    }
}

/// Reads a question; `None` for one that is not known.
pub(super) fn asked(method: &str, params: Value, able: &Abilities) -> Option<Result<Asked, String>> {
    let able = *able;
    texts::asked(method, &params, able)
        .or_else(|| diagnostics::asked(method, &params))
        .or_else(|| places::asked(method, &params, able))
        .or_else(|| moves::asked(method, &params, able))
        .or_else(|| writing::asked(method, &params, able))
        .or_else(|| shown::asked(method, &params))
        .or_else(|| commands::asked(method, &params, able))
}

//! What is wrong, for clients that ask: in a text, and in everything.

use std::collections::BTreeMap;

use serde_json::Value;
use tower_lsp::ls_types as lsp;
use tower_lsp::ls_types::request::{DocumentDiagnosticRequest, Request as _, WorkspaceDiagnosticRequest};

use super::{Ask, TEXT};
use crate::message::{Asked, Edits, File, Lane, Needs, Problem};
use crate::sweep::{digest, of_file};
use crate::view::View;
use crate::wire::convert;

pub(super) fn asked(method: &str, params: &Value) -> Option<Result<Asked, String>> {
    let params = params.clone();
    let all = Ask { lane: Lane::Slow, edits: Edits::Retry, needs: Needs::Sweep };
    Some(match method {
        DocumentDiagnosticRequest::METHOD => TEXT.by::<DocumentDiagnosticRequest>(
            params,
            |params| Some(&params.text_document.uri),
            |view, params| Ok(document(view, params.previous_result_id.as_deref())),
        ),
        WorkspaceDiagnosticRequest::METHOD => {
            all.by::<WorkspaceDiagnosticRequest>(params, |_| None, |view, params| Ok(workspace(view, params)))
        }
        _ => return None,
    })
}

fn full(id: String, problems: Vec<Problem>) -> lsp::FullDocumentDiagnosticReport {
    let items = problems.into_iter().map(convert::problem).collect();
    lsp::FullDocumentDiagnosticReport { result_id: Some(id), items }
}

fn document(view: &View, known: Option<&str>) -> lsp::DocumentDiagnosticReportResult {
    let problems = view.here().and_then(|here| {
        let (name, _) = here.part.host.file(here.file)?;
        let path = here.part.host.loaded.place(name)?;
        Some(of_file(view, here.part, &path, here.file))
    });
    let problems = problems.unwrap_or_default();
    let id = digest(&problems);
    let report = if known == Some(&*id) {
        let report = lsp::UnchangedDocumentDiagnosticReport { result_id: id };
        lsp::DocumentDiagnosticReport::Unchanged(lsp::RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: report,
        })
    } else {
        lsp::DocumentDiagnosticReport::Full(lsp::RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: full(id, problems),
        })
    };
    lsp::DocumentDiagnosticReportResult::Report(report)
}

fn workspace(view: &View, params: &lsp::WorkspaceDiagnosticParams) -> lsp::WorkspaceDiagnosticReportResult {
    let known: BTreeMap<&str, &str> =
        params.previous_result_ids.iter().map(|id| (id.uri.as_str(), id.value.as_str())).collect();
    let mut now: BTreeMap<File, (Option<i32>, Vec<Problem>)> = BTreeMap::new();
    for sweep in view.parts.iter().filter_map(|part| part.sweep.as_ref()) {
        for (path, problems) in &sweep.found {
            let (file, version) = crate::findings::named(&view.documents, path);
            now.entry(file).or_insert((version, Vec::new())).1.extend(problems.iter().cloned());
        }
    }
    // What the client knows of and is free of problems now has to be said as well.
    for uri in known.keys() {
        let listed = now.keys().any(|file| convert::uri(file).is_some_and(|known| known.as_str() == *uri));
        if !listed {
            let version = view.documents.get(uri).map(|open| open.version);
            now.insert(File::Uri((*uri).to_owned()), (version, Vec::new()));
        }
    }
    let items = now.into_iter().filter_map(|(file, (version, problems))| {
        let uri = convert::uri(&file)?;
        let version = version.map(i64::from);
        let id = digest(&problems);
        Some(if known.get(uri.as_str()) == Some(&&*id) {
            let report = lsp::UnchangedDocumentDiagnosticReport { result_id: id };
            lsp::WorkspaceDocumentDiagnosticReport::Unchanged(lsp::WorkspaceUnchangedDocumentDiagnosticReport {
                uri,
                version,
                unchanged_document_diagnostic_report: report,
            })
        } else {
            lsp::WorkspaceDocumentDiagnosticReport::Full(lsp::WorkspaceFullDocumentDiagnosticReport {
                uri,
                version,
                full_document_diagnostic_report: full(id, problems),
            })
        })
    });
    lsp::WorkspaceDiagnosticReportResult::Report(lsp::WorkspaceDiagnosticReport { items: items.collect() })
}

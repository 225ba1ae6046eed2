//! What the server says that it can do.

use tower_lsp::ls_types as lsp;

use super::convert;

/// The capabilities for a client.
pub(super) fn of(client: &lsp::ClientCapabilities) -> lsp::ServerCapabilities {
    let sync = lsp::TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(lsp::TextDocumentSyncKind::INCREMENTAL),
        ..lsp::TextDocumentSyncOptions::default()
    };
    let pulls = client.text_document.as_ref().is_some_and(|able| able.diagnostic.is_some());
    lsp::ServerCapabilities {
        position_encoding: Some(convert::encoding_kind(convert::encoding(client))),
        text_document_sync: Some(lsp::TextDocumentSyncCapability::Options(sync)),
        diagnostic_provider: pulls.then(|| {
            lsp::DiagnosticServerCapabilities::Options(lsp::DiagnosticOptions {
                identifier: Some(String::from("idpc")),
                inter_file_dependencies: true,
                workspace_diagnostics: true,
                ..lsp::DiagnosticOptions::default()
            })
        }),
        hover_provider: Some(lsp::HoverProviderCapability::Simple(true)),
        document_symbol_provider: Some(lsp::OneOf::Left(true)),
        document_formatting_provider: Some(lsp::OneOf::Left(true)),
        ..lsp::ServerCapabilities::default()
    }
}

//! The handlers: each waits for the owner's answer and puts it into the protocol's words.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{
    DidChangeWatchedFilesRegistrationOptions, DocumentFormattingParams, DocumentSymbolParams, DocumentSymbolResponse,
    FileSystemWatcher, GlobPattern, Hover, HoverContents, HoverParams, HoverProviderCapability, InitializeParams,
    InitializeResult, InitializedParams, MarkupContent, MarkupKind, OneOf, Registration, ServerCapabilities,
    ServerInfo, TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions, TextEdit,
};
use tower_lsp::{Client, LanguageServer};

use super::convert;
use super::gate::answer;
use crate::message::Answer;

/// How long the client may take to answer the server's own requests.
const PATIENCE: Duration = Duration::from_secs(5);

/// What clients are asked to watch: sources and manifests, and what targets and hand-made objects are made of.
const WATCHED: &[&str] = &["**/*.idp", "**/idp.toml", "**/targets/**", "**/extras/**"];

/// What the handlers share.
pub(super) struct Backend {
    client: Client,
    watches: AtomicBool,
    ended: Arc<AtomicBool>,
}

impl Backend {
    pub(super) fn new(client: Client, ended: Arc<AtomicBool>) -> Self {
        Self { client, watches: AtomicBool::new(false), ended }
    }
}

impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        answer().await?;
        let watched = params.capabilities.workspace.as_ref().and_then(|able| able.did_change_watched_files.as_ref());
        let dynamic = watched.and_then(|able| able.dynamic_registration).unwrap_or(false);
        self.watches.store(dynamic, Ordering::SeqCst);
        let encoding = convert::encoding(&params.capabilities);
        let sync = TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            ..TextDocumentSyncOptions::default()
        };
        Ok(InitializeResult {
            capabilities: ServerCapabilities {
                position_encoding: Some(convert::encoding_kind(encoding)),
                text_document_sync: Some(TextDocumentSyncCapability::Options(sync)),
                hover_provider: Some(HoverProviderCapability::Simple(true)),
                document_symbol_provider: Some(OneOf::Left(true)),
                document_formatting_provider: Some(OneOf::Left(true)),
                ..ServerCapabilities::default()
            },
            server_info: Some(ServerInfo {
                name: String::from("idpc"),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            ..InitializeResult::default()
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        if self.watches.load(Ordering::SeqCst) {
            let client = self.client.clone();
            tokio::spawn(async move { watch(&client).await });
        }
    }

    async fn shutdown(&self) -> Result<()> {
        answer().await?;
        self.ended.store(true, Ordering::SeqCst);
        Ok(())
    }

    async fn formatting(&self, _: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        match answer().await? {
            Answer::Edits(edits) => Ok(Some(edits.into_iter().filter_map(convert::edit).collect())),
            Answer::Nothing => Ok(None),
            _ => Err(Error::internal_error()),
        }
    }

    async fn document_symbol(&self, _: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        match answer().await? {
            Answer::Symbols(symbols) => {
                Ok(Some(DocumentSymbolResponse::Nested(symbols.into_iter().map(convert::symbol).collect())))
            }
            Answer::Nothing => Ok(None),
            _ => Err(Error::internal_error()),
        }
    }

    async fn hover(&self, _: HoverParams) -> Result<Option<Hover>> {
        match answer().await? {
            Answer::Hover { markdown, range } => Ok(Some(Hover {
                contents: HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value: markdown }),
                range: Some(convert::lsp_range(range)),
            })),
            Answer::Nothing => Ok(None),
            _ => Err(Error::internal_error()),
        }
    }
}

/// Asks the client to report changes on disk. One that refuses, or never answers, reports none.
async fn watch(client: &Client) {
    let watchers = WATCHED
        .iter()
        .map(|glob| FileSystemWatcher { glob_pattern: GlobPattern::String((*glob).to_owned()), kind: None })
        .collect();
    let options = DidChangeWatchedFilesRegistrationOptions { watchers };
    let registration = Registration {
        id: String::from("idpc-files"),
        method: String::from("workspace/didChangeWatchedFiles"),
        register_options: serde_json::to_value(options).ok(),
    };
    let _ = tokio::time::timeout(PATIENCE, client.register_capability(vec![registration])).await;
}

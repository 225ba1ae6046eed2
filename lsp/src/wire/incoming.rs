//! What a message means to the owner.

use serde_json::Value;
use tower_lsp::jsonrpc::{Id, Request};
use tower_lsp::ls_types::notification::{
    DidChangeConfiguration, DidChangeTextDocument, DidChangeWatchedFiles, DidChangeWorkspaceFolders,
    DidCloseTextDocument, DidOpenTextDocument, Initialized, Notification,
};
use tower_lsp::ls_types::request::{Initialize, Request as _, Shutdown};
use tower_lsp::ls_types::{
    DidChangeTextDocumentParams, DidOpenTextDocumentParams, InitializeParams, TextDocumentContentChangeEvent,
};

use super::convert::{document, encoding, path, range};
use super::requests::{self, Abilities};
use super::settings::{SECTION, settings};
use crate::message::{Asked, Begin, Change, Event, Findings};

/// A message as the owner sees it.
pub(super) enum Incoming {
    /// Something changed; nothing else has to happen.
    Event(Event),
    /// The client is ready; the service has to know as well.
    Ready(Event),
    /// The session begins.
    Begin(Begin, Abilities),
    /// The session ends.
    End,
    /// A question is called off.
    Cancel(Id),
    /// A question, or what is wrong with it.
    Asked(Result<Asked, String>),
    /// Nothing that the owner knows.
    Other,
}

/// Reads a message.
pub(super) fn read(request: &Request, abilities: &Abilities) -> Incoming {
    let params = request.params().cloned().unwrap_or(Value::Null);
    let method = request.method();
    if request.id().is_none() {
        return notification(method, params).unwrap_or(Incoming::Other);
    }
    match method {
        Initialize::METHOD => match serde_json::from_value::<InitializeParams>(params) {
            Ok(params) => Incoming::Begin(begin(&params), Abilities::of(&params)),
            Err(_) => Incoming::Other,
        },
        Shutdown::METHOD => Incoming::End,
        _ => requests::asked(method, params, abilities).map_or(Incoming::Other, Incoming::Asked),
    }
}

fn notification(method: &str, params: Value) -> Option<Incoming> {
    let event = match method {
        Initialized::METHOD => return Some(Incoming::Ready(Event::Ready)),
        "$/cancelRequest" => {
            let id = params.get("id").cloned()?;
            return serde_json::from_value(id).ok().map(Incoming::Cancel);
        }
        // Nothing has to be done about these; they are no mistakes either.
        "textDocument/didSave" | "$/setTrace" | "textDocument/willSave" | "window/workDoneProgress/cancel" => {
            return Some(Incoming::Event(Event::Touched(Vec::new())));
        }
        // One without settings says only that something has changed; the service behind asks what.
        DidChangeConfiguration::METHOD => Event::Configured(settings(params.get("settings")?.get(SECTION)?)),
        DidOpenTextDocument::METHOD => opened(parse::<DidOpenTextDocument>(params)?),
        DidChangeTextDocument::METHOD => changed(parse::<DidChangeTextDocument>(params)?),
        DidCloseTextDocument::METHOD => {
            Event::Closed { uri: parse::<DidCloseTextDocument>(params)?.text_document.uri.as_str().to_owned() }
        }
        DidChangeWatchedFiles::METHOD => {
            let changes = parse::<DidChangeWatchedFiles>(params)?.changes;
            Event::Touched(changes.iter().filter_map(|change| path(&change.uri)).collect())
        }
        DidChangeWorkspaceFolders::METHOD => {
            let added = parse::<DidChangeWorkspaceFolders>(params)?.event.added;
            Event::Folders(added.iter().filter_map(|folder| path(&folder.uri)).collect())
        }
        _ => return None,
    };
    Some(Incoming::Event(event))
}

fn opened(params: DidOpenTextDocumentParams) -> Event {
    let item = params.text_document;
    Event::Opened { document: document(&item.uri), version: item.version, text: item.text }
}

fn changed(params: DidChangeTextDocumentParams) -> Event {
    let change = |change: TextDocumentContentChangeEvent| Change { range: change.range.map(range), text: change.text };
    Event::Changed {
        uri: params.text_document.uri.as_str().to_owned(),
        version: params.text_document.version,
        changes: params.content_changes.into_iter().map(change).collect(),
    }
}

#[expect(deprecated, reason = "clients that know no folders still name a root")]
fn begin(params: &InitializeParams) -> Begin {
    let folders = match &params.workspace_folders {
        Some(folders) => folders.iter().filter_map(|folder| path(&folder.uri)).collect(),
        None => params.root_uri.iter().filter_map(path).collect(),
    };
    let text = params.capabilities.text_document.as_ref();
    let pulls = text.is_some_and(|able| able.diagnostic.is_some());
    let findings = if pulls { Findings::Pulled } else { Findings::Pushed };
    Begin { encoding: encoding(&params.capabilities), folders, findings }
}

fn parse<N: Notification>(params: Value) -> Option<N::Params> {
    serde_json::from_value(params).ok()
}

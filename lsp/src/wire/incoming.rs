//! What a message means to the owner. One that cannot be read means nothing: a request of that kind is refused by the
//! service behind the gate.

use serde_json::Value;
use tower_lsp::jsonrpc::Request;
use tower_lsp::ls_types::notification::{
    DidChangeTextDocument, DidChangeWatchedFiles, DidCloseTextDocument, DidOpenTextDocument, Initialized, Notification,
};
use tower_lsp::ls_types::request::{
    DocumentSymbolRequest, Formatting, HoverRequest, Initialize, Request as Method, Shutdown,
};
use tower_lsp::ls_types::{
    DidChangeTextDocumentParams, DidOpenTextDocumentParams, InitializeParams, TextDocumentContentChangeEvent,
};

use super::convert::{document, encoding, path, position, range};
use crate::message::{Change, Event, Question};

/// A message as the owner sees it.
pub(super) enum Incoming {
    /// Something changed; nothing else has to happen.
    Event(Event),
    /// The client is ready; the service has to know as well.
    Ready,
    /// The handler will wait for the answer.
    Question(Question),
    /// Nothing that the owner knows.
    Other,
}

/// Reads a message.
pub(super) fn read(request: &Request) -> Incoming {
    let params = request.params().cloned().unwrap_or(Value::Null);
    let found =
        if request.id().is_none() { event(request.method(), params) } else { question(request.method(), params) };
    found.unwrap_or(Incoming::Other)
}

fn event(method: &str, params: Value) -> Option<Incoming> {
    let event = match method {
        Initialized::METHOD => return Some(Incoming::Ready),
        DidOpenTextDocument::METHOD => opened(parse::<DidOpenTextDocument>(params)?),
        DidChangeTextDocument::METHOD => changed(parse::<DidChangeTextDocument>(params)?),
        DidCloseTextDocument::METHOD => {
            Event::Closed { uri: parse::<DidCloseTextDocument>(params)?.text_document.uri.as_str().to_owned() }
        }
        DidChangeWatchedFiles::METHOD => {
            let changes = parse::<DidChangeWatchedFiles>(params)?.changes;
            Event::Touched(changes.iter().filter_map(|change| path(&change.uri)).collect())
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

fn question(method: &str, params: Value) -> Option<Incoming> {
    let question = match method {
        Initialize::METHOD => begin(&ask::<Initialize>(params)?),
        Shutdown::METHOD => Question::End,
        Formatting::METHOD => {
            Question::Format { uri: ask::<Formatting>(params)?.text_document.uri.as_str().to_owned() }
        }
        DocumentSymbolRequest::METHOD => {
            Question::Symbols { uri: ask::<DocumentSymbolRequest>(params)?.text_document.uri.as_str().to_owned() }
        }
        HoverRequest::METHOD => {
            let place = ask::<HoverRequest>(params)?.text_document_position_params;
            Question::Hover { uri: place.text_document.uri.as_str().to_owned(), at: position(place.position) }
        }
        _ => return None,
    };
    Some(Incoming::Question(question))
}

#[expect(deprecated, reason = "clients that know no folders still name a root")]
fn begin(params: &InitializeParams) -> Question {
    let folders = match &params.workspace_folders {
        Some(folders) => folders.iter().filter_map(|folder| path(&folder.uri)).collect(),
        None => params.root_uri.iter().filter_map(path).collect(),
    };
    Question::Begin { encoding: encoding(&params.capabilities), folders }
}

fn parse<N: Notification>(params: Value) -> Option<N::Params> {
    serde_json::from_value(params).ok()
}

fn ask<M: Method>(params: Value) -> Option<M::Params> {
    serde_json::from_value(params).ok()
}

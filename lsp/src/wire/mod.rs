//! The only module that names the protocol's library: messages in, messages out.

mod backend;
mod convert;
mod gate;
mod incoming;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tower_lsp::ls_types::MessageType;
use tower_lsp::{Client, LspService, Server};

use self::backend::Backend;
use self::gate::{Gate, Queue};
use crate::message::Notice;
use crate::owner::Owner;

/// Handlers only wait for the owner, so many of them cost little, and none may keep messages from being read.
const HANDLERS: usize = 4096;

/// The owner parses and evaluates deeply nested texts.
const STACK: usize = 16 << 20;

/// Serves one client until it says `exit` or closes its end. Returns the exit code: 0 after a `shutdown`, else 1; 3 when
/// the system refuses to let it run.
pub async fn serve<I, O>(input: I, output: O) -> i32
where
    I: AsyncRead + Unpin,
    O: AsyncWrite,
{
    let (notices, heard) = unbounded_channel();
    let (jobs, queue) = mpsc::channel();
    let owner = thread::Builder::new().name(String::from("owner")).stack_size(STACK);
    if owner.spawn(move || Owner::new(notices).work(&queue)).is_err() {
        return 3;
    }
    let ended = Arc::new(AtomicBool::new(false));
    let (service, socket) = LspService::new(|client| {
        tokio::spawn(tell(client.clone(), heard));
        Backend::new(client, ended.clone())
    });
    let gate = Gate::new(service, Queue::new(jobs));
    Server::new(input, output, socket).concurrency_level(HANDLERS).serve(gate).await;
    if ended.load(Ordering::SeqCst) { 0 } else { 1 }
}

/// Passes on what the owner says by itself. It may wait for the client; nobody waits for it.
async fn tell(client: Client, mut heard: UnboundedReceiver<Notice>) {
    while let Some(notice) = heard.recv().await {
        match notice {
            Notice::Findings { file, version, problems } => {
                let Some(uri) = convert::uri(&file) else {
                    continue;
                };
                let problems = problems.into_iter().map(convert::problem).collect();
                client.publish_diagnostics(uri, problems, version).await;
            }
            Notice::Log(text) => client.log_message(MessageType::ERROR, text).await,
        }
    }
}

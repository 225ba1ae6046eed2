//! The only module that names the protocol's library: messages in, messages out.

mod backend;
mod capabilities;
mod convert;
mod frames;
mod gate;
mod incoming;
mod parent;
mod requests;
mod settings;

use std::path::PathBuf;
use std::str::FromStr as _;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc::unbounded_channel;
use tower_lsp::{LspService, Server, ls_types};

use self::backend::Backend;
use self::gate::Gate;
use crate::message::Job;
use crate::owner::Owner;
use crate::pool::{Pool, STACK};

/// What is returned for a question only waits, so many of them cost little, and none may keep messages from being read.
const WAITING: usize = 4096;

/// How much is read ahead.
const PIPE: usize = 1 << 16;

/// Serves one client until it says `exit`, closes its end, or its process is gone. Returns the exit code: 0 after a
/// `shutdown`, else 1; 3 when the system refuses to let it run.
pub async fn serve<I, O>(input: I, output: O, explain: Explain) -> i32
where
    I: AsyncRead + Unpin,
    O: AsyncWrite,
{
    let (notices, heard) = unbounded_channel();
    let complaints = notices.clone();
    let (jobs, queue) = mpsc::channel();
    let Ok(pool) = Pool::new(&jobs) else { return 3 };
    let owner = thread::Builder::new().name(String::from("owner")).stack_size(STACK);
    if owner.spawn(move || Owner::new(notices, pool).work(&queue)).is_err() {
        return 3;
    }
    let session = Arc::new(Session::default());
    let (service, socket) = LspService::new(|client| {
        tokio::spawn(backend::tell(client.clone(), session.clone(), heard));
        Backend::new(client, session.clone(), jobs.clone())
    });
    let gate = Gate::new(service, jobs.clone(), explain);
    let (near, far) = tokio::io::duplex(PIPE);
    let served = Server::new(far, output, socket).concurrency_level(WAITING).serve(gate);
    let sifted = async {
        frames::sift(input, near, &complaints).await;
        // The server sees the end, and answers what it has read before it ends.
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = served => {}
        () = parent::gone(&session.parent) => {}
        () = sifted => {}
    }
    // The owner ends by itself, and the workers with it; nobody waits for them.
    let _ = jobs.send(Job::Leave);
    if session.ended.load(Ordering::SeqCst) { 0 } else { 1 }
}

/// The page about a code, if there is one.
pub type Explain = fn(&str) -> Option<String>;

/// What the handlers share.
#[derive(Default)]
struct Session {
    /// Whether the client said `shutdown`.
    ended: AtomicBool,
    /// The process that started the server; 0 for nobody in particular.
    parent: AtomicU32,
    /// Whether the client can be asked to report changes of files.
    watches: AtomicBool,
    /// Whether the client shows progress.
    progress: AtomicBool,
    /// Whether the client can be told to ask again what is wrong.
    refreshes: AtomicBool,
    /// Whether it can be told to ask again what stands in the lines.
    hints: AtomicBool,
    /// Whether it can be told to ask again what stands above declarations.
    lenses: AtomicBool,
    /// Whether it can be asked what the user has chosen.
    configures: AtomicBool,
}

/// The path of a file, from the client's name for it.
pub(crate) fn path_of(uri: &str) -> Option<PathBuf> {
    convert::path(&ls_types::Uri::from_str(uri).ok()?)
}

//! Puts messages into the owner's queue in the order in which they arrive.
//!
//! The server calls a service with one message after the other and only then polls what the calls returned, in any order
//! that it likes. So order is made here, in the call: what changes a text goes into the queue and is done with; what asks
//! goes into the queue, too, and what is returned only waits for the reply. The beginning and the end of a session go on to
//! the service behind the gate, which keeps the rules of the protocol.

use std::collections::HashMap;
use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use serde_json::Value;
use tokio::sync::oneshot;
use tower_lsp::jsonrpc::{Error, ErrorCode, Id, Request, Response};
use tower_service::Service;

use super::Explain;
use super::incoming::{self, Incoming};
use super::requests::Abilities;
use crate::cancel::Cancel;
use crate::message::{Asked, Begin, Fault, Job, Read, Reply};

/// Whether a session can be asked something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Before,
    During,
    After,
}

/// What is being answered, by the client's name for it.
type Running = Arc<Mutex<HashMap<Id, (Cancel, oneshot::Sender<Reply>)>>>;

/// Stands in front of the service.
pub(super) struct Gate<S> {
    inner: S,
    jobs: Sender<Job>,
    phase: Phase,
    abilities: Arc<Abilities>,
    running: Running,
}

impl<S> Gate<S> {
    pub(super) fn new(inner: S, jobs: Sender<Job>, explain: Explain) -> Self {
        let abilities = Arc::new(Abilities { explain: Some(explain), ..Abilities::default() });
        Self { inner, jobs, phase: Phase::Before, abilities, running: Running::default() }
    }
}

/// What a call returns.
type Answer<E> = Pin<Box<dyn Future<Output = Result<Option<Response>, E>> + Send>>;

impl<S> Service<Request> for Gate<S>
where
    S: Service<Request, Response = Option<Response>>,
    S::Error: Send + 'static,
    S::Future: Send + 'static,
{
    type Response = Option<Response>;
    type Error = S::Error;
    type Future = Answer<S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match incoming::read(&request, &self.abilities) {
            Incoming::Event(event) => {
                // An owner that is gone leaves nobody to tell; whoever asks will notice.
                let _ = self.jobs.send(Job::Event(event));
                Box::pin(ready(Ok(None)))
            }
            Incoming::Ready(event) => {
                let _ = self.jobs.send(Job::Event(event));
                Box::pin(self.inner.call(request))
            }
            Incoming::Begin(begin, abilities) if self.phase == Phase::Before => self.begin(request, begin, abilities),
            Incoming::End if self.phase == Phase::During => {
                self.phase = Phase::After;
                let (done, told) = oneshot::channel();
                let _ = self.jobs.send(Job::End(done));
                let answer = self.inner.call(request);
                Box::pin(async move {
                    let _ = told.await;
                    answer.await
                })
            }
            Incoming::Cancel(id) => {
                self.cancel(&id);
                Box::pin(ready(Ok(None)))
            }
            Incoming::Asked(asked) => match request.id() {
                Some(id) => self.ask(id.clone(), asked),
                None => Box::pin(ready(Ok(None))),
            },
            Incoming::Begin(..) | Incoming::End | Incoming::Other => Box::pin(self.inner.call(request)),
        }
    }
}

impl<S> Gate<S>
where
    S: Service<Request, Response = Option<Response>>,
    S::Error: Send + 'static,
    S::Future: Send + 'static,
{
    fn begin(&mut self, request: Request, begin: Begin, abilities: Abilities) -> Answer<S::Error> {
        self.phase = Phase::During;
        self.abilities = Arc::new(Abilities { explain: self.abilities.explain, ..abilities });
        let (done, told) = oneshot::channel();
        let _ = self.jobs.send(Job::Begin(begin, done));
        let answer = self.inner.call(request);
        Box::pin(async move {
            let _ = told.await;
            answer.await
        })
    }

    fn ask(&mut self, id: Id, asked: Result<Asked, String>) -> Answer<S::Error> {
        let refused = |error| Response::from_error(id.clone(), error);
        let asked = match (self.phase, asked) {
            (Phase::Before, _) => return Box::pin(ready(Ok(Some(refused(not_begun()))))),
            (Phase::After, _) => return Box::pin(ready(Ok(Some(refused(Error::invalid_request()))))),
            (_, Err(reason)) => return Box::pin(ready(Ok(Some(refused(Error::invalid_params(reason)))))),
            (_, Ok(asked)) => asked,
        };
        let cancel = Cancel::default();
        let (reply, mut answer) = oneshot::channel();
        let (stop, stopped) = oneshot::channel();
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.insert(id.clone(), (cancel.clone(), stop));
        drop(running);
        let _ = self.jobs.send(Job::Read(Read { asked, reply, cancel, again: false }));
        let running = self.running.clone();
        Box::pin(async move {
            let reply = tokio::select! {
                reply = &mut answer => reply.unwrap_or(Err(Fault::Canceled)),
                _ = stopped => Err(Fault::Canceled),
            };
            running.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
            Ok(Some(response(id, reply)))
        })
    }

    fn cancel(&self, id: &Id) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
        // What was answered already cannot be called off.
        if let Some((cancel, stop)) = running {
            cancel.cancel();
            let _ = stop.send(Err(Fault::Canceled));
        }
    }
}

fn not_begun() -> Error {
    Error { code: ErrorCode::ServerError(-32002), message: "the session has not begun".into(), data: None }
}

fn response(id: Id, reply: Reply) -> Response {
    let error = |code, message: String| Error { code, message: message.into(), data: None };
    let reply: Result<Value, Error> = reply.map_err(|fault| match fault {
        Fault::Bug(reason) => error(ErrorCode::InternalError, reason),
        Fault::Modified => error(ErrorCode::ContentModified, String::from("the text changed meanwhile")),
        Fault::Canceled => error(ErrorCode::RequestCancelled, String::from("canceled")),
        // The request was right, and it cannot be done.
        Fault::Refused(reason) => error(ErrorCode::ServerError(-32803), reason),
    });
    Response::from_parts(id, reply)
}

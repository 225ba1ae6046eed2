//! Puts messages into the owner's queue in the order in which they arrive.
//!
//! The server calls a service with one message after the other and only then polls what the calls returned, in any order
//! that it likes. So order is made here, in the call: what changes a text goes into the queue and is done with; what asks
//! goes into the queue, too, and its handler finds the reply by way of a ticket.

use std::cell::Cell;
use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::mpsc::Sender;
use std::task::{Context, Poll};

use tokio::sync::oneshot;
use tower_lsp::jsonrpc::{Error, Request, Response, Result};
use tower_service::Service;

use super::incoming::{Incoming, read};
use crate::message::{Answer, Event, Job, Question, Reply};

tokio::task_local! {
    /// The reply to the request that the running handler handles.
    static TICKET: Cell<Option<oneshot::Receiver<Reply>>>;
}

/// The way to the owner.
pub(super) struct Queue {
    jobs: Sender<Job>,
}

impl Queue {
    pub(super) fn new(jobs: Sender<Job>) -> Self {
        Self { jobs }
    }

    fn tell(&self, event: Event) {
        // An owner that is gone leaves nobody to tell; whoever asks will notice.
        let _ = self.jobs.send(Job::Event(event));
    }

    fn ask(&self, question: Question) -> oneshot::Receiver<Reply> {
        let (asker, reply) = oneshot::channel();
        let _ = self.jobs.send(Job::Question(question, asker));
        reply
    }
}

/// Waits for the reply to the request that is being handled. A handler that is dropped, because its request was
/// canceled, drops the ticket, and the owner skips the question.
pub(super) async fn answer() -> Result<Answer> {
    let ticket = TICKET.try_with(Cell::take).ok().flatten().ok_or_else(Error::internal_error)?;
    match ticket.await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(fault)) => Err(Error { message: fault.message.into(), ..Error::internal_error() }),
        Err(_) => Err(Error::internal_error()),
    }
}

/// Stands in front of the service.
pub(super) struct Gate<S> {
    inner: S,
    queue: Queue,
}

impl<S> Gate<S> {
    pub(super) fn new(inner: S, queue: Queue) -> Self {
        Self { inner, queue }
    }
}

impl<S> Service<Request> for Gate<S>
where
    S: Service<Request, Response = Option<Response>>,
    S::Error: Send + 'static,
    S::Future: Send + 'static,
{
    type Response = Option<Response>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = std::result::Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<std::result::Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let ticket = match read(&request) {
            Incoming::Event(event) => {
                self.queue.tell(event);
                return Box::pin(ready(Ok(None)));
            }
            Incoming::Ready => {
                self.queue.tell(Event::Ready);
                None
            }
            Incoming::Question(question) => Some(self.queue.ask(question)),
            Incoming::Other => None,
        };
        Box::pin(TICKET.scope(Cell::new(ticket), self.inner.call(request)))
    }
}

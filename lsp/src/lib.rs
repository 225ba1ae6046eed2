//! The language server protocol, and nothing but the protocol: what is said about a program comes from the compiler.
//!
//! Messages enter through [`wire`], which puts them into one queue in the order in which they arrived. One thread, the
//! [`owner`], takes them out and applies what changed; what is asked goes to the workers of the [`pool`] with a [`view`] of
//! the moment. No handler computes or waits for a client, and nothing that is computed keeps a message from being read.

mod cancel;
mod findings;
mod message;
mod owner;
mod pool;
mod shown;
mod sweep;
mod view;
mod wire;

pub use wire::{Explain, serve};

/// Serves standard input and output until the client says `exit`, closes its end, or is gone. Returns the exit code: 0 after
/// a `shutdown`, else 1; 3 when the system refuses to let it run.
#[must_use]
pub fn run(explain: Explain) -> i32 {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        return 3;
    };
    let code = runtime.block_on(serve(tokio::io::stdin(), tokio::io::stdout(), explain));
    // A read from standard input cannot be called off; the process does not wait for it.
    runtime.shutdown_background();
    code
}

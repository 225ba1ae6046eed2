//! The language server protocol, and nothing but the protocol: what is said about a program comes from the compiler.
//!
//! Messages enter through [`wire`], which puts them into one queue in the order in which they arrived. One thread, the
//! [`owner`], takes them out, holds the texts and the workspaces, and answers. No handler computes or waits for a client.

mod message;
mod owner;
mod wire;

pub use wire::serve;

/// Serves standard input and output until the client says `exit` or closes its end. Returns the exit code: 0 after a
/// `shutdown`, else 1; 3 when the system refuses to let it run.
#[must_use]
pub fn run() -> i32 {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        return 3;
    };
    let code = runtime.block_on(serve(tokio::io::stdin(), tokio::io::stdout()));
    // A read from standard input cannot be called off; the process does not wait for it.
    runtime.shutdown_background();
    code
}

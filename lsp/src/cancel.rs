//! A question that may be called off, before or while it is answered.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use idpc_model::cancel::Canceler;

/// Shared by whoever asks and whoever answers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cancel(Arc<State>);

#[derive(Debug, Default)]
struct State {
    canceled: AtomicBool,
    running: Mutex<Option<Canceler>>,
}

impl Cancel {
    /// Calls it off.
    pub(crate) fn cancel(&self) {
        self.0.canceled.store(true, Ordering::SeqCst);
        let running = self.0.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.iter().for_each(Canceler::cancel);
    }

    /// Whether it was called off.
    pub(crate) fn is_canceled(&self) -> bool {
        self.0.canceled.load(Ordering::SeqCst)
    }

    /// What has to be stopped if it is called off from now on.
    pub(crate) fn running(&self, canceler: Canceler) {
        let mut running = self.0.running.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_canceled() {
            canceler.cancel();
        }
        *running = Some(canceler);
    }
}

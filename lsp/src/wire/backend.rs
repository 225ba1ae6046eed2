//! The beginning and the end of a session, and what the server says by itself.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Sender;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types as lsp;
use tower_lsp::{Client, LanguageServer};

use super::settings::{SECTION, settings};
use super::{Session, capabilities, convert};
use crate::message::{Event, Job, Notice, Stage};

/// How long the client may take to answer the server's own requests.
const PATIENCE: Duration = Duration::from_secs(5);

/// What clients are asked to watch: sources and manifests, and what targets and hand-made objects are made of.
const WATCHED: &[&str] = &["**/*.idp", "**/idp.toml", "**/idp.lock", "**/targets/**", "**/extras/**"];

/// What the progress of looking at everything is called.
const PROGRESS: &str = "idpc-examination";

/// The service behind the gate.
pub(super) struct Backend {
    client: Client,
    session: Arc<Session>,
    jobs: Sender<Job>,
}

impl Backend {
    pub(super) fn new(client: Client, session: Arc<Session>, jobs: Sender<Job>) -> Self {
        Self { client, session, jobs }
    }

    /// Asks the client what the user has chosen, if it can be asked; nobody waits for the answer.
    fn configure(&self) {
        if self.session.configures.load(Ordering::SeqCst) {
            let (client, jobs) = (self.client.clone(), self.jobs.clone());
            tokio::spawn(async move {
                let item = lsp::ConfigurationItem { scope_uri: None, section: Some(String::from(SECTION)) };
                let asked = tokio::time::timeout(PATIENCE, client.configuration(vec![item])).await;
                if let Ok(Ok(answer)) = asked
                    && let Some(chosen) = answer.first()
                {
                    let _ = jobs.send(Job::Event(Event::Configured(settings(chosen))));
                }
            });
        }
    }
}

impl LanguageServer for Backend {
    async fn initialize(&self, params: lsp::InitializeParams) -> Result<lsp::InitializeResult> {
        let session = &self.session;
        let workspace = params.capabilities.workspace.as_ref();
        let watched = workspace.and_then(|able| able.did_change_watched_files.as_ref()?.dynamic_registration);
        session.watches.store(watched.unwrap_or(false), Ordering::SeqCst);
        let progress = params.capabilities.window.as_ref().and_then(|able| able.work_done_progress);
        session.progress.store(progress.unwrap_or(false), Ordering::SeqCst);
        let refreshes = workspace.and_then(|able| able.diagnostics.as_ref()?.refresh_support);
        session.refreshes.store(refreshes.unwrap_or(false), Ordering::SeqCst);
        let hints = workspace.and_then(|able| able.inlay_hint.as_ref()?.refresh_support);
        session.hints.store(hints.unwrap_or(false), Ordering::SeqCst);
        let lenses = workspace.and_then(|able| able.code_lens.as_ref()?.refresh_support);
        session.lenses.store(lenses.unwrap_or(false), Ordering::SeqCst);
        let configures = workspace.and_then(|able| able.configuration);
        session.configures.store(configures.unwrap_or(false), Ordering::SeqCst);
        if let Some(chosen) = &params.initialization_options {
            let _ = self.jobs.send(Job::Event(Event::Configured(settings(chosen))));
        }
        session.parent.store(params.process_id.unwrap_or(0), Ordering::SeqCst);
        Ok(lsp::InitializeResult {
            capabilities: capabilities::of(&params.capabilities),
            server_info: Some(lsp::ServerInfo {
                name: String::from("idpc"),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            ..lsp::InitializeResult::default()
        })
    }

    async fn initialized(&self, _: lsp::InitializedParams) {
        if self.session.watches.load(Ordering::SeqCst) {
            let client = self.client.clone();
            tokio::spawn(async move { watch(&client).await });
        }
        self.configure();
    }

    /// The client says only that something has changed.
    async fn did_change_configuration(&self, _: lsp::DidChangeConfigurationParams) {
        self.configure();
    }

    async fn shutdown(&self) -> Result<()> {
        self.session.ended.store(true, Ordering::SeqCst);
        Ok(())
    }
}

/// Passes on what the owner says by itself. It may wait for the client; nobody waits for it.
pub(super) async fn tell(client: Client, session: Arc<Session>, mut heard: UnboundedReceiver<Notice>) {
    while let Some(notice) = heard.recv().await {
        match notice {
            Notice::Findings { file, version, problems } => {
                let Some(uri) = convert::uri(&file) else {
                    continue;
                };
                let problems = problems.into_iter().map(convert::problem).collect();
                client.publish_diagnostics(uri, problems, version).await;
            }
            Notice::Refresh if session.refreshes.load(Ordering::SeqCst) => {
                let client = client.clone();
                tokio::spawn(async move {
                    // A client that does not answer is not waited for.
                    let _ = tokio::time::timeout(PATIENCE, client.workspace_diagnostic_refresh()).await;
                });
            }
            Notice::Configured if session.hints.load(Ordering::SeqCst) => {
                let client = client.clone();
                tokio::spawn(async move {
                    let _ = tokio::time::timeout(PATIENCE, client.inlay_hint_refresh()).await;
                });
            }
            Notice::Swept if session.lenses.load(Ordering::SeqCst) => {
                let client = client.clone();
                tokio::spawn(async move {
                    let _ = tokio::time::timeout(PATIENCE, client.code_lens_refresh()).await;
                });
            }
            Notice::Progress(stage) if session.progress.load(Ordering::SeqCst) => progress(&client, stage).await,
            Notice::Refresh | Notice::Configured | Notice::Swept | Notice::Progress(_) => {}
            Notice::Log(text) => client.log_message(lsp::MessageType::ERROR, text).await,
        }
    }
}

async fn progress(client: &Client, stage: Stage) {
    use lsp::notification::Progress;
    use lsp::{ProgressParams, ProgressParamsValue, WorkDoneProgress, WorkDoneProgressBegin, WorkDoneProgressEnd};
    let token = lsp::NumberOrString::String(PROGRESS.to_owned());
    let value = match stage {
        Stage::Begun => {
            let created = client.create_work_done_progress(token.clone());
            if !matches!(tokio::time::timeout(PATIENCE, created).await, Ok(Ok(()))) {
                return;
            }
            let title = String::from("Looking at the workspace");
            WorkDoneProgress::Begin(WorkDoneProgressBegin { title, ..WorkDoneProgressBegin::default() })
        }
        Stage::Ended => WorkDoneProgress::End(WorkDoneProgressEnd { message: None }),
    };
    client.send_notification::<Progress>(ProgressParams { token, value: ProgressParamsValue::WorkDone(value) }).await;
}

/// Asks the client to report changes on disk. One that refuses, or never answers, reports none.
async fn watch(client: &Client) {
    let watchers = WATCHED
        .iter()
        .map(|glob| lsp::FileSystemWatcher { glob_pattern: lsp::GlobPattern::String((*glob).to_owned()), kind: None })
        .collect();
    let options = lsp::DidChangeWatchedFilesRegistrationOptions { watchers };
    let registration = lsp::Registration {
        id: String::from("idpc-files"),
        method: String::from("workspace/didChangeWatchedFiles"),
        register_options: serde_json::to_value(options).ok(),
    };
    let _ = tokio::time::timeout(PATIENCE, client.register_capability(vec![registration])).await;
}

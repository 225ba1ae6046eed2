//! An editor with one open file, in which somebody types.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::memory;
use crate::session::Session;

/// Something to ask, with its parameters.
pub struct Question(&'static str, Value);

/// What is typed in turns, in place of the level of the log: a value, a wrong value, a wrong name, half an expression.
const TYPED: &[&str] = &["\"info\"", "\"debug\"", "nothing", "\"${needs.\"", "1 +", "\"warn\""];

/// What it replaces.
const LEVEL: &str = "LOG_LEVEL = ";

/// The editor.
pub struct Editor {
    session: Session,
    uri: String,
    /// The file as it is on disk.
    sound: String,
    version: u64,
    pressed: usize,
}

impl Editor {
    /// Starts a server, and opens a file of a workspace in it.
    pub fn open(program: &Path, root: &Path) -> Result<Self, Box<dyn Error>> {
        let path = service(root)?;
        let uri = |path: &Path| format!("file://{}", path.display());
        let mut session = Session::start(program)?;
        let folders = json!([{ "uri": uri(root), "name": "fleet" }]);
        let able = json!({ "textDocument": { "completion": { "completionItem": { "snippetSupport": true } } } });
        session.ask("initialize", &json!({ "processId": null, "capabilities": able, "workspaceFolders": folders }))?;
        session.tell("initialized", &json!({}))?;
        let (uri, sound) = (uri(&path), fs::read_to_string(&path)?);
        let item = json!({ "uri": uri, "languageId": "idp", "version": 1, "text": sound });
        session.tell("textDocument/didOpen", &json!({ "textDocument": item }))?;
        Ok(Self { session, uri, sound, version: 1, pressed: 0 })
    }

    /// Waits until what is wrong with the text as it is now is known.
    pub fn fresh(&mut self) -> Result<Instant, Box<dyn Error>> {
        loop {
            let message = self.session.read()?;
            let of = |name: &str| message.pointer(&format!("/params/{name}"));
            if of("uri").and_then(Value::as_str) == Some(&self.uri)
                && of("version").and_then(Value::as_u64) == Some(self.version)
            {
                return Ok(Instant::now());
            }
        }
    }

    /// Presses a key somewhere in a value.
    pub fn press(&mut self) -> Result<Instant, Box<dyn Error>> {
        self.pressed += 1;
        let typed = TYPED.get(self.pressed % TYPED.len()).copied().unwrap_or_default();
        self.replace(LEVEL, typed)
    }

    /// Presses a key, and waits until what is wrong is known.
    pub fn key(&mut self) -> Result<Duration, Box<dyn Error>> {
        let start = self.press()?;
        Ok(self.fresh()?.duration_since(start))
    }

    /// Gives the service another name, and waits until what is wrong is known.
    pub fn key_in_name(&mut self) -> Result<Duration, Box<dyn Error>> {
        self.pressed += 1;
        let start = self.replace("\nservice ", &format!("renamed-{} : web {{", self.pressed))?;
        Ok(self.fresh()?.duration_since(start))
    }

    /// Has the rest of the line behind some words replaced. What was replaced before comes back.
    fn replace(&mut self, words: &str, by: &str) -> Result<Instant, Box<dyn Error>> {
        let (before, after) = self.sound.split_once(words).ok_or("the service has no such line")?;
        let rest = after.find('\n').and_then(|end| after.get(end..)).unwrap_or_default();
        let text = format!("{before}{words}{by}{rest}");
        self.version += 1;
        let item = json!({ "uri": self.uri, "version": self.version });
        let params = json!({ "textDocument": item, "contentChanges": [{ "text": text }] });
        let start = Instant::now();
        self.session.tell("textDocument/didChange", &params)?;
        Ok(start)
    }

    /// Waits until everything was looked at.
    pub fn everything(&mut self) -> Result<Instant, Box<dyn Error>> {
        self.session.ask("workspace/diagnostic", &json!({ "previousResultIds": [] }))?;
        Ok(Instant::now())
    }

    /// What is asked, with its title.
    pub fn questions(&self) -> Vec<(&'static str, Question)> {
        let at = |word: &str, more: usize| {
            let before = self.sound.split(word).next().unwrap_or_default();
            let (line, column) = (before.matches('\n').count(), before.rsplit('\n').next().map_or(0, str::len));
            json!({ "textDocument": { "uri": self.uri }, "position": { "line": line, "character": column + more } })
        };
        vec![
            ("completion, field", Question("textDocument/completion", at("language", 0))),
            ("completion, name", Question("textDocument/completion", at("team-", 0))),
            ("completion, service", Question("textDocument/completion", at(" { timeout", 0))),
            ("hover, value", Question("textDocument/hover", at("language", 2))),
            ("hover, reference", Question("textDocument/hover", at("team-", 2))),
            ("workspace symbols", Question("workspace/symbol", json!({ "query": "lling-00" }))),
        ]
    }

    /// Asks, and waits for the answer.
    pub fn ask(&mut self, question: &Question) -> Result<Duration, Box<dyn Error>> {
        let start = Instant::now();
        let answer = self.session.ask(question.0, &question.1)?;
        let took = start.elapsed();
        if answer.is_null() { Err(format!("{} found nothing at {}", question.0, question.1).into()) } else { Ok(took) }
    }

    /// The memory that the server holds, in bytes.
    pub fn memory(&self) -> Result<u64, Box<dyn Error>> {
        memory::held(&self.session.process()).ok_or_else(|| "the kernel does not say how much memory is used".into())
    }

    /// The most that it held.
    pub fn most_memory(&self) -> Result<u64, Box<dyn Error>> {
        memory::most(&self.session.process()).ok_or_else(|| "the kernel does not say how much memory is used".into())
    }

    /// Ends the session.
    pub fn close(self) -> Result<(), Box<dyn Error>> {
        self.session.end()
    }
}

/// A service that calls two others at least.
fn service(root: &Path) -> Result<std::path::PathBuf, Box<dyn Error>> {
    let mut folders: Vec<_> =
        fs::read_dir(root.join("services"))?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    folders.sort();
    for folder in folders.iter().skip(folders.len() / 2) {
        let path = folder.join("service.idp");
        let text = fs::read_to_string(&path)?;
        if text.contains(": web {") && text.matches("timeout").count() >= 2 {
            return Ok(path);
        }
    }
    Err("no service calls another".into())
}

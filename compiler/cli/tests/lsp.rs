//! The language server as an editor starts it: it says what `idpc check` says, and it ends when its client is gone.
#![expect(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Long enough for an overloaded machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running server.
struct Server {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    /// What is wrong with each file, by its path from the workspace's root.
    said: BTreeMap<String, Vec<Value>>,
    next: i64,
}

impl Server {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_idpc"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, input, output, said: BTreeMap::new(), next: 0 }
    }

    /// Starts a server and greets it with what a client can do.
    fn greeted(root: &Path, capabilities: &Value) -> (Self, Value) {
        let mut server = Self::start();
        let folders = json!([{ "uri": uri(root, "").trim_end_matches('/'), "name": "w" }]);
        let params = json!({ "processId": null, "capabilities": capabilities, "workspaceFolders": folders });
        let greeting = server.ask("initialize", params);
        server.tell("initialized", json!({}));
        (server, greeting["result"]["capabilities"].clone())
    }

    /// Starts a server, opens a file of a workspace in it, and lets it say everything that it has to say.
    fn opened(root: &Path, path: &str, text: &str) -> Self {
        let (mut server, _) = Self::greeted(root, &json!({}));
        server.open(root, path, text);
        server.look(root);
        server
    }

    fn open(&mut self, root: &Path, path: &str, text: &str) {
        let item = json!({ "uri": uri(root, path), "languageId": "idp", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": item }));
    }

    fn change(&mut self, root: &Path, path: &str, version: usize, changes: &Value) {
        let item = json!({ "uri": uri(root, path), "version": version });
        self.tell("textDocument/didChange", json!({ "textDocument": item, "contentChanges": changes }));
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Asks for everything that is wrong, which waits until everything was looked at.
    fn look(&mut self, root: &Path) {
        let response = self.ask("workspace/diagnostic", json!({ "previousResultIds": [] }));
        let items = response["result"]["items"].as_array().unwrap_or_else(|| panic!("{response}"));
        self.said = items
            .iter()
            .map(|item| {
                let path = item["uri"].as_str().unwrap().strip_prefix(&uri(root, "")).unwrap();
                (path.to_owned(), item["items"].as_array().unwrap().clone())
            })
            .collect();
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        self.input.flush().unwrap();
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let mut message = json!({ "jsonrpc": "2.0", "id": self.next, "method": method });
        if !params.is_null() {
            message["params"] = params;
        }
        self.send(&message);
        loop {
            let message = self.read();
            if message["id"] == json!(self.next) && message.get("method").is_none() {
                return message;
            }
        }
    }

    /// Reads one message, and answers it if it is a question.
    fn read(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "the server hung up");
            match line.trim().strip_prefix("Content-Length:") {
                Some(size) => length = size.trim().parse().unwrap(),
                None if line.trim().is_empty() => break,
                None => {}
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).unwrap();
        let message: Value = serde_json::from_slice(&body).unwrap();
        if let (Some(_), Some(id)) = (message.get("method"), message.get("id")) {
            self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": null }));
        }
        message
    }

    /// Ends the session properly.
    fn end(mut self) -> i32 {
        assert_eq!(self.ask("shutdown", Value::Null)["result"], Value::Null);
        self.send(&json!({ "jsonrpc": "2.0", "method": "exit" }));
        // Its input stays open: `exit` alone has to end it.
        ended(&mut self.child)
    }
}

/// The exit code of a process that has to end by itself.
fn ended(child: &mut Child) -> i32 {
    let since = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code().unwrap();
        }
        if since.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("the server does not end");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn uri(root: &Path, path: &str) -> String {
    format!("file://{}/{path}", root.display())
}

/// A copy of an example, without what cannot be an input.
fn copied(example: &str) -> (tempfile::TempDir, PathBuf) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(example);
    let folder = tempfile::tempdir().unwrap();
    let root = fs::canonicalize(folder.path()).unwrap();
    copy(&from, &root);
    (folder, root)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// What `idpc check` finds: file, first line and column, severity, code and message.
fn checked(root: &Path, path: &str) -> Vec<(String, u64, u64, String, String, String)> {
    let run = Command::new(env!("CARGO_BIN_EXE_idpc"))
        .args(["check", path, "--format", "json"])
        .current_dir(root)
        .output()
        .unwrap();
    let text = String::from_utf8(run.stdout).unwrap();
    let found = text.lines().map(|line| {
        let finding: Value = serde_json::from_str(line).unwrap();
        let number = |value: &Value| value.as_u64().unwrap();
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (
            word(&finding["file"]),
            number(&finding["start"]["line"]),
            number(&finding["start"]["column"]),
            word(&finding["severity"]),
            word(&finding["code"]),
            word(&finding["message"]),
        )
    });
    let mut found: Vec<_> = found.collect();
    found.sort();
    found
}

/// The same from what the server said. The texts here are ASCII, so all columns count alike.
fn heard(server: &Server) -> Vec<(String, u64, u64, String, String, String)> {
    let mut found = Vec::new();
    for (file, problems) in &server.said {
        for problem in problems {
            let severity = if problem["severity"] == 1 { "error" } else { "warning" };
            let message = problem["message"].as_str().unwrap().lines().next().unwrap();
            found.push((
                file.clone(),
                problem["range"]["start"]["line"].as_u64().unwrap() + 1,
                problem["range"]["start"]["character"].as_u64().unwrap() + 1,
                severity.to_owned(),
                problem["code"].as_str().unwrap_or_default().to_owned(),
                message.to_owned(),
            ));
        }
    }
    found.sort();
    found
}

/// Breaks a file of an example, on disk for the command line and in the editor alone for the server.
fn agree(example: &str, file: &str, from: &str, to: &str) -> usize {
    let (_folder, root) = copied(example);
    let path = root.join(file);
    let sound = fs::read_to_string(&path).unwrap();
    let broken = sound.replacen(from, to, 1);
    assert_ne!(sound, broken, "`{from}` is not in {file}");
    // A file outside of any workspace has to be named; a workspace is checked as a whole.
    let whole = if root.join("idp.toml").is_file() { "." } else { file };
    let server = Server::opened(&root, file, &broken);
    let heard = heard(&server);
    fs::write(&path, broken).unwrap();
    assert_eq!(heard, checked(&root, whole), "{file}: {from} -> {to}");
    assert_eq!(server.end(), 0);
    heard.len()
}

#[test]
fn server_and_command_line_say_the_same() {
    let cart = "services/cartservice/service.idp";
    let mut found = 0;
    for (from, to) in [
        ("port     = 7070", "port     = "),
        ("port     = 7070", "prt = 7070"),
        ("owner    = ordering", "owner    = nobody"),
        ("memory = 2GiB", "memory = true"),
        ("service cartservice", "service cart"),
        ("in prod {", "in production {"),
        ("}", ""),
        ("availability = 99.95%", "availability = 100%"),
        ("tier     = critical", "// idp:allow IDP0314 because of nothing\n  tier     = critical"),
    ] {
        found += agree("online-boutique", cart, from, to);
    }
    assert!(found > 9, "only {found} findings were compared");
    agree("online-boutique", "platform/teams.idp", "team ordering", "team orderings");
    agree("hello", "service.idp", "web {", "wob {");
}

#[test]
fn what_the_targets_find_in_a_sound_workspace_is_said_as_well() {
    let sound = ("platform/platform.idp", "platform ", "// Nothing changes.\nplatform ");
    for example in ["online-boutique", "astronomy-shop"] {
        agree(example, sound.0, sound.1, sound.2);
    }
    let repository = "repository = \"https://github.com/boutique/platform.git\"";
    let found = agree("online-boutique", sound.0, repository, "");
    assert!(found > 0, "a missing delivery repository is worth a warning");
}

#[test]
fn what_is_wrong_with_the_manifest_is_said_as_well() {
    for broken in ["targets = [\"argo\"]\n", "bogus = 1\n"] {
        let (_folder, root) = copied("online-boutique");
        let manifest = root.join("idp.toml");
        let text = fs::read_to_string(&manifest).unwrap();
        fs::write(&manifest, format!("{text}\n[build]\n{broken}")).unwrap();
        let teams = fs::read_to_string(root.join("platform/teams.idp")).unwrap();
        let server = Server::opened(&root, "platform/teams.idp", &teams);
        let heard = heard(&server);
        assert!(heard.iter().any(|found| found.0 == "idp.toml"), "{heard:?}");
        assert_eq!(heard, checked(&root, "."), "{broken}");
        assert_eq!(server.end(), 0);
    }
}

#[test]
fn the_server_ends_with_its_client() {
    let mut silent = Server::start();
    drop(silent.input);
    assert_eq!(ended(&mut silent.child), 1, "a closed input without a word");

    let (_folder, root) = copied("hello");
    let text = fs::read_to_string(root.join("service.idp")).unwrap();
    let mut closed = Server::opened(&root, "service.idp", &text);
    drop(closed.input);
    assert_eq!(ended(&mut closed.child), 1, "a closed input within a session");

    let mut left = Server::opened(&root, "service.idp", &text);
    left.send(&json!({ "jsonrpc": "2.0", "method": "exit" }));
    assert_eq!(ended(&mut left.child), 1, "`exit` without `shutdown`");

    // The client's process is gone, and somebody else keeps the pipe open.
    let mut client = Command::new("sleep").arg("1000").spawn().unwrap();
    let mut orphan = Server::start();
    let params = json!({ "processId": client.id(), "capabilities": {} });
    orphan.ask("initialize", params);
    client.kill().unwrap();
    client.wait().unwrap();
    assert_eq!(ended(&mut orphan.child), 1, "the client is gone");
}

//! A running server, spoken to over its pipes.

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
pub struct Server {
    pub child: Child,
    pub input: ChildStdin,
    pub output: BufReader<ChildStdout>,
    /// What is wrong with each file, by its path from the workspace's root.
    pub said: BTreeMap<String, Vec<Value>>,
    pub next: i64,
    /// Whether the server's own questions are answered.
    pub answers: bool,
    /// Answers that came before somebody waited for them.
    pub early: BTreeMap<i64, Value>,
}

impl Server {
    pub fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_idpc"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, input, output, said: BTreeMap::new(), next: 0, answers: true, early: BTreeMap::new() }
    }

    /// Starts a server and greets it with what a client can do.
    pub fn greeted(root: &Path, capabilities: &Value) -> (Self, Value) {
        let mut server = Self::start();
        let folders = json!([{ "uri": uri(root, "").trim_end_matches('/'), "name": "w" }]);
        let params = json!({ "processId": null, "capabilities": capabilities, "workspaceFolders": folders });
        let greeting = server.ask("initialize", params);
        server.tell("initialized", json!({}));
        (server, greeting["result"]["capabilities"].clone())
    }

    /// Starts a server, opens a file of a workspace in it, and lets it say everything that it has to say.
    pub fn opened(root: &Path, path: &str, text: &str) -> Self {
        let (mut server, _) = Self::greeted(root, &json!({}));
        server.open(root, path, text);
        server.look(root);
        server
    }

    pub fn open(&mut self, root: &Path, path: &str, text: &str) {
        let item = json!({ "uri": uri(root, path), "languageId": "idp", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": item }));
    }

    pub fn change(&mut self, root: &Path, path: &str, version: usize, changes: &Value) {
        let item = json!({ "uri": uri(root, path), "version": version });
        self.tell("textDocument/didChange", json!({ "textDocument": item, "contentChanges": changes }));
    }

    pub fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Asks for everything that is wrong, which waits until everything was looked at.
    pub fn look(&mut self, root: &Path) {
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

    pub fn send(&mut self, message: &Value) {
        let body = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        self.input.flush().unwrap();
    }

    /// Writes bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.input.write_all(bytes).unwrap();
        self.input.flush().unwrap();
    }

    /// Asks without waiting, and returns the question's number.
    pub fn post(&mut self, method: &str, params: Value) -> i64 {
        self.next += 1;
        let mut message = json!({ "jsonrpc": "2.0", "id": self.next, "method": method });
        if !params.is_null() {
            message["params"] = params;
        }
        self.send(&message);
        self.next
    }

    /// Waits for the answer to a question.
    pub fn response(&mut self, id: i64) -> Value {
        loop {
            if let Some(response) = self.early.remove(&id) {
                return response;
            }
            let message = self.read();
            if let (None, Some(id)) = (message.get("method"), message["id"].as_i64()) {
                self.early.insert(id, message);
            }
        }
    }

    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.post(method, params);
        self.response(id)
    }

    /// Reads one message, and answers it if it is a question.
    pub fn read(&mut self) -> Value {
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
        if let (Some(_), Some(id), true) = (message.get("method"), message.get("id"), self.answers) {
            self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": null }));
        }
        message
    }

    /// Ends the session properly.
    pub fn end(mut self) -> i32 {
        assert_eq!(self.ask("shutdown", Value::Null)["result"], Value::Null);
        self.send(&json!({ "jsonrpc": "2.0", "method": "exit" }));
        // Its input stays open: `exit` alone has to end it.
        ended(&mut self.child)
    }
}

/// The exit code of a process that has to end by itself.
pub fn ended(child: &mut Child) -> i32 {
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

pub fn uri(root: &Path, path: &str) -> String {
    format!("file://{}/{path}", root.display())
}

/// A copy of an example, without what cannot be an input.
pub fn copied(example: &str) -> (tempfile::TempDir, PathBuf) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(example);
    let folder = tempfile::tempdir().unwrap();
    let root = fs::canonicalize(folder.path()).unwrap();
    copy(&from, &root);
    (folder, root)
}

pub fn copy(from: &Path, to: &Path) {
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

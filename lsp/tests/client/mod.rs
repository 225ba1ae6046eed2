//! A client that speaks the protocol over pipes, and keeps what it is told until somebody asks.

use std::path::Path;
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{
    AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream, ReadHalf, WriteHalf,
};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

/// Long enough for an overloaded machine; a test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(120);

/// One end of a session; the server runs on a thread of its own.
pub struct Client {
    runtime: Runtime,
    input: WriteHalf<DuplexStream>,
    output: BufReader<ReadHalf<DuplexStream>>,
    server: JoinHandle<i32>,
    heard: Vec<Value>,
    next: i64,
}

impl Client {
    /// Starts a server without saying anything.
    pub fn start() -> Self {
        let (own, other) = tokio::io::duplex(1 << 20);
        let server = std::thread::spawn(move || {
            let (input, output) = tokio::io::split(other);
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(idpc_lsp::serve(input, output, |code| Some(format!("about {code}"))))
        });
        let (output, input) = tokio::io::split(own);
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        Self { runtime, input, output: BufReader::new(output), server, heard: Vec::new(), next: 0 }
    }

    /// Starts a server and greets it; returns its capabilities, too.
    pub fn begin(folder: Option<&Path>, capabilities: Value) -> (Self, Value) {
        let mut client = Self::start();
        let folders = folder.map(|folder| json!([{ "uri": uri(folder), "name": "w" }]));
        let params = json!({ "processId": null, "capabilities": capabilities, "workspaceFolders": folders });
        let result = client.ask("initialize", params);
        client.tell("initialized", json!({}));
        (client, result["result"]["capabilities"].clone())
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        let text = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        self.runtime.block_on(self.input.write_all(text.as_bytes())).unwrap();
    }

    /// Sends a notification.
    pub fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request and returns its id.
    pub fn post(&mut self, method: &str, params: Value) -> i64 {
        self.next += 1;
        let id = self.next;
        let mut message = json!({ "jsonrpc": "2.0", "id": id, "method": method });
        if !params.is_null() {
            message["params"] = params;
        }
        self.send(&message);
        id
    }

    /// Sends a request and waits for its response.
    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.post(method, params);
        self.response(id)
    }

    /// Answers a question of the server.
    pub fn answer(&mut self, id: &Value, result: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": result }));
    }

    /// Whether a message that fits came already.
    pub fn has(&self, fits: impl Fn(&Value) -> bool) -> bool {
        self.heard.iter().any(fits)
    }

    /// Waits for the response to a request.
    pub fn response(&mut self, id: i64) -> Value {
        self.wait(|message| message["id"] == json!(id) && message.get("method").is_none())
    }

    /// Waits for the findings of a file in a version of it; earlier ones are dropped.
    pub fn findings(&mut self, uri: &str, version: Value) -> Vec<Value> {
        let found = self.wait(|message| {
            let params = &message["params"];
            message["method"] == "textDocument/publishDiagnostics"
                && params["uri"] == uri
                && params["version"] == version
        });
        found["params"]["diagnostics"].as_array().unwrap().clone()
    }

    /// Waits for a message that fits, and keeps the others.
    pub fn wait(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.heard.iter().position(&fits) {
            return self.heard.remove(at);
        }
        loop {
            let message = self.read().unwrap_or_else(|| panic!("the server hung up; it said {:?}", self.heard));
            if fits(&message) {
                return message;
            }
            self.heard.push(message);
        }
    }

    fn read(&mut self) -> Option<Value> {
        let output = &mut self.output;
        let read = async {
            let mut length = 0;
            loop {
                let mut line = String::new();
                if output.read_line(&mut line).await.unwrap() == 0 {
                    return None;
                }
                match line.trim().strip_prefix("Content-Length:") {
                    Some(size) => length = size.trim().parse().unwrap(),
                    None if line.trim().is_empty() => break,
                    None => {}
                }
            }
            let mut body = vec![0; length];
            output.read_exact(&mut body).await.unwrap();
            Some(serde_json::from_slice(&body).unwrap())
        };
        self.runtime.block_on(async { timeout(PATIENCE, read).await }).expect("the server said nothing for too long")
    }

    /// Opens a text.
    pub fn open(&mut self, uri: &str, text: &str) {
        let item = json!({ "uri": uri, "languageId": "idp", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": item }));
    }

    /// Changes a text.
    pub fn change(&mut self, uri: &str, version: i32, changes: Value) {
        let item = json!({ "uri": uri, "version": version });
        self.tell("textDocument/didChange", json!({ "textDocument": item, "contentChanges": changes }));
    }

    /// Ends the session as it should be ended.
    pub fn end(mut self) -> i32 {
        assert_eq!(self.ask("shutdown", Value::Null)["result"], Value::Null);
        self.tell("exit", Value::Null);
        self.server.join().unwrap()
    }

    /// Says `exit` without a `shutdown`.
    pub fn leave(mut self) -> i32 {
        self.tell("exit", Value::Null);
        self.server.join().unwrap()
    }

    /// Closes the pipe without a word.
    pub fn hang_up(self) -> i32 {
        let Self { input, output, server, runtime, .. } = self;
        drop((input, output, runtime));
        server.join().unwrap()
    }
}

/// The name of a file.
pub fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

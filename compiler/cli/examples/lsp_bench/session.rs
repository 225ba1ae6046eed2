//! Messages to and from a server over its pipes.

use std::error::Error;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

/// A running server.
pub struct Session {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    next: u64,
}

impl Session {
    /// Starts one.
    pub fn start(program: &Path) -> Result<Self, Box<dyn Error>> {
        let mut child = Command::new(program).arg("lsp").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let input = child.stdin.take().ok_or("no way to the server")?;
        let output = BufReader::new(child.stdout.take().ok_or("no way from the server")?);
        Ok(Self { child, input, output, next: 0 })
    }

    /// The number of its process.
    pub fn process(&self) -> String {
        self.child.id().to_string()
    }

    /// Says something.
    pub fn tell(&mut self, method: &str, params: &Value) -> Result<(), Box<dyn Error>> {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }))
    }

    /// Asks something, and waits for the answer.
    pub fn ask(&mut self, method: &str, params: &Value) -> Result<Value, Box<dyn Error>> {
        self.next += 1;
        let id = self.next;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))?;
        loop {
            let mut message = self.read()?;
            if message.get("method").is_none() && message.get("id").and_then(Value::as_u64) == Some(id) {
                return match message.get_mut("result").map(Value::take) {
                    Some(result) => Ok(result),
                    None => Err(format!("{method}: {message}").into()),
                };
            }
        }
    }

    /// The next message; the server's own questions are answered.
    pub fn read(&mut self) -> Result<Value, Box<dyn Error>> {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if self.output.read_line(&mut line)? == 0 {
                return Err("the server hung up".into());
            }
            match line.trim().strip_prefix("Content-Length:") {
                Some(size) => length = size.trim().parse()?,
                None if line.trim().is_empty() => break,
                None => {}
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body)?;
        let message: Value = serde_json::from_slice(&body)?;
        if let (Some(_), Some(id)) = (message.get("method"), message.get("id")) {
            self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": null }))?;
        }
        Ok(message)
    }

    fn send(&mut self, message: &Value) -> Result<(), Box<dyn Error>> {
        let body = message.to_string();
        self.input.write_all(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes())?;
        Ok(self.input.flush()?)
    }

    /// Ends the session.
    pub fn end(mut self) -> Result<(), Box<dyn Error>> {
        self.ask("shutdown", &Value::Null)?;
        self.send(&json!({ "jsonrpc": "2.0", "method": "exit" }))?;
        let status = self.child.wait()?;
        if status.success() { Ok(()) } else { Err(format!("the server ended with {status}").into()) }
    }
}

// Talks to `idpc lsp` over its standard input and output, as much as a test needs.
import { spawn } from "node:child_process";

export class Server {
  constructor(program) {
    this.process = spawn(program, ["lsp"], { stdio: ["pipe", "pipe", "inherit"] });
    this.waiting = new Map();
    this.next = 1;
    this.bytes = Buffer.alloc(0);
    this.process.stdout.on("data", (chunk) => this.#heard(chunk));
    this.process.on("error", (error) => this.#ended(error));
    this.process.on("exit", (code) => this.#ended(new Error(`the server ended with exit code ${code}`)));
  }

  request(method, params) {
    const id = this.next++;
    this.#send({ id, method, params });
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  notify(method, params) {
    this.#send({ method, params });
  }

  async end() {
    await this.request("shutdown");
    this.notify("exit");
  }

  #send(message) {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.process.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #heard(chunk) {
    this.bytes = Buffer.concat([this.bytes, chunk]);
    for (;;) {
      const head = this.bytes.indexOf("\r\n\r\n");
      if (head < 0) {
        return;
      }
      const length = Number(/Content-Length: (\d+)/i.exec(this.bytes.toString("utf8", 0, head))[1]);
      if (this.bytes.length < head + 4 + length) {
        return;
      }
      const message = JSON.parse(this.bytes.toString("utf8", head + 4, head + 4 + length));
      this.bytes = this.bytes.subarray(head + 4 + length);
      const waiting = message.method === undefined && this.waiting.get(message.id);
      if (waiting) {
        this.waiting.delete(message.id);
        message.error ? waiting.reject(new Error(message.error.message)) : waiting.resolve(message.result);
      }
    }
  }

  #ended(error) {
    for (const { reject } of this.waiting.values()) {
      reject(error);
    }
    this.waiting.clear();
  }
}

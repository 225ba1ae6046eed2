// The language server: finds it, starts it, and says how it is.
"use strict";

const vscode = require("vscode");
const { LanguageClient, State, RevealOutputChannelOn } = require("vscode-languageclient/node");
const { NoProgram, find } = require("./program");
const { LIBRARY } = require("./texts");

/** Where it is said how to get the compiler. */
const INSTALL = "https://github.com/idpc/idpc#readme";

class Server {
  constructor() {
    this.output = vscode.window.createOutputChannel("idp", { log: true });
    this.status = vscode.window.createStatusBarItem("idpc.status", vscode.StatusBarAlignment.Left);
    this.status.name = "idp";
    this.status.command = "idpc.showOutput";
    this.listening = vscode.window.onDidChangeActiveTextEditor(() => this.#reveal());
    /** @type {LanguageClient | undefined} */
    this.client = undefined;
    this.failed = false;
    // One start or stop after the other.
    this.turn = Promise.resolve();
    this.asked = async () => undefined;
  }

  /** Who is told of the commands of lenses. */
  onCommand(asked) {
    this.asked = asked;
  }

  start() {
    return this.#next(() => this.#start());
  }

  stop() {
    return this.#next(() => this.#stop());
  }

  restart() {
    return this.#next(async () => {
      await this.#stop();
      await this.#start();
    });
  }

  /** Asks the server something; what it refuses is an error in its words. */
  async request(method, params) {
    await this.turn;
    if (!this.client) {
      throw new Error("The language server of idp is not running.");
    }
    return this.client.sendRequest(method, params);
  }

  /** Runs one of the server's commands. */
  run(command, argument) {
    return this.request("workspace/executeCommand", { command, arguments: [argument] });
  }

  #next(work) {
    this.turn = this.turn.then(work, work);
    return this.turn;
  }

  async #start() {
    const setting = vscode.workspace.getConfiguration("idpc").get("path", "idpc");
    const folder = vscode.workspace.workspaceFolders?.find((folder) => folder.uri.scheme === "file")?.uri.fsPath;
    try {
      const command = find(setting, { folder });
      this.output.info(`starting ${command} lsp`);
      this.#say("$(loading~spin) idp", `Starting ${command}`);
      const client = this.#create({ command, args: ["lsp"] });
      client.onDidChangeState(({ newState }) => this.#changed(client, newState, command));
      this.client = client;
      await client.start();
    } catch (error) {
      this.client = undefined;
      this.#fail(error);
    }
  }

  async #stop() {
    const client = this.client;
    this.client = undefined;
    // One that never came up cannot be asked to go.
    await client?.dispose(2000).catch(() => undefined);
  }

  #create(run) {
    return new LanguageClient("idpc", "idp", { run, debug: run }, {
      documentSelector: [
        { language: "idp", scheme: "file" },
        { language: "idp", scheme: "untitled" },
        { language: "idp", scheme: LIBRARY },
      ],
      synchronize: { configurationSection: "idpc" },
      outputChannel: this.output,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationFailedHandler: () => false,
      middleware: {
        provideCompletionItem: asked,
        executeCommand: async (name, args, next) => {
          const shown = await this.asked(name, args[0]);
          return shown ? undefined : next(name, args);
        },
      },
    });
  }

  #changed(client, state, command) {
    if (client !== this.client) {
      return;
    }
    if (state === State.Running) {
      this.failed = false;
      const version = client.initializeResult?.serverInfo?.version ?? "";
      this.#say("$(check) idp", `idpc ${version}, ${command}`);
    } else if (state === State.Starting) {
      this.#say("$(loading~spin) idp", `Starting ${command}`);
    } else {
      this.#say("$(error) idp: stopped", "The language server has stopped. Click for its output.", "idpc.showOutput");
    }
  }

  #say(text, tooltip, bad) {
    this.status.text = text;
    this.status.tooltip = tooltip;
    this.status.command = bad ?? "idpc.showOutput";
    this.status.backgroundColor = bad ? new vscode.ThemeColor("statusBarItem.errorBackground") : undefined;
    this.#reveal();
  }

  #reveal() {
    const isOurs = vscode.window.activeTextEditor?.document.languageId === "idp";
    if (isOurs || this.failed) {
      this.status.show();
    } else {
      this.status.hide();
    }
  }

  #fail(error) {
    this.failed = true;
    this.output.error(error.message);
    const isMissing = error instanceof NoProgram;
    const reason = isMissing ? error.message : `The language server of idp did not start: ${error.message}`;
    this.#say("$(error) idp: not running", `${reason} Click to try again.`, "idpc.restart");
    // Not waited for: the message stays until somebody answers.
    this.#offer(reason, isMissing);
  }

  async #offer(reason, isMissing) {
    const [choose, install, again, output] = ["Choose the Program…", "How to Install", "Try Again", "Show the Output"];
    const picked = await vscode.window.showErrorMessage(reason, ...(isMissing ? [choose, install, again] : [again, output]));
    if (picked === choose) {
      const files = await vscode.window.showOpenDialog({ title: "The compiler idpc", openLabel: "Use It" });
      if (files?.length) {
        // The change of the setting starts it.
        await vscode.workspace.getConfiguration("idpc").update("path", files[0].fsPath, vscode.ConfigurationTarget.Global);
      }
    } else if (picked === install) {
      await vscode.env.openExternal(vscode.Uri.parse(INSTALL));
    } else if (picked === again) {
      await this.restart();
    } else if (picked === output) {
      this.output.show();
    }
  }

  dispose() {
    this.listening.dispose();
    this.status.dispose();
    this.output.dispose();
  }
}

/**
 * Asks for completions, again where the next key came before the answer. The server refuses to answer for a text that is
 * no more, and the editor would take that for having nothing to offer until another word begins.
 */
async function asked(document, position, context, token, next) {
  for (let again = false; ; again = true) {
    const version = document.version;
    const found = await next(document, position, context, token);
    if (found && again) {
      // What was typed behind the place since then is the editor's to replace.
      (Array.isArray(found) ? found : found.items).forEach((item) => (item.range = before(item.range, position)));
    }
    if (found || token.isCancellationRequested || document.version === version) {
      return found;
    }
  }
}

function before(range, position) {
  if (range instanceof vscode.Range && range.end.isAfter(position)) {
    return new vscode.Range(range.start, position);
  }
  return range;
}

module.exports = { Server };

// Texts that are shown and cannot be edited: files that the compiler has inside, and what commands answer with.
"use strict";

const vscode = require("vscode");

/** The scheme of files that the compiler has inside. */
const LIBRARY = "idpc-library";
/** The scheme of texts that commands answer with. */
const SHOWN = "idpc-shown";
/** How long somebody has to stop typing before shown texts follow, in milliseconds. */
const PAUSE = 500;

class Texts {
  constructor(server) {
    this.server = server;
    /** By path: a text, and what brings it up to date. */
    this.shown = new Map();
    this.changed = new vscode.EventEmitter();
    this.timer = undefined;
    this.owned = [
      this.changed,
      vscode.workspace.registerTextDocumentContentProvider(LIBRARY, {
        provideTextDocumentContent: (uri) => server.request("idpc/library", { uri: uri.toString() }),
      }),
      vscode.workspace.registerTextDocumentContentProvider(SHOWN, {
        onDidChange: this.changed.event,
        provideTextDocumentContent: (uri) => this.shown.get(uri.path)?.text ?? "",
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => uri.scheme === SHOWN && this.shown.delete(uri.path)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => document.languageId === "idp" && this.#follow()),
    ];
  }

  /** Keeps a text under a path; `again` answers with its newest state. */
  keep(path, text, again) {
    const uri = vscode.Uri.from({ scheme: SHOWN, path: `/${path}` });
    this.shown.set(uri.path, { text, again, uri });
    this.changed.fire(uri);
    return uri;
  }

  /** Shows a text beside what is edited; the end of its path says in which language it is. */
  async show(path, text, again) {
    const document = await vscode.workspace.openTextDocument(this.keep(path, text, again));
    await vscode.window.showTextDocument(document, { preview: true, preserveFocus: true, viewColumn: vscode.ViewColumn.Beside });
  }

  #follow() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#renew(), PAUSE);
  }

  async #renew() {
    for (const entry of [...this.shown.values()].filter((entry) => entry.again)) {
      // While an error refuses a build, what was last built stays.
      const text = await entry.again().catch(() => undefined);
      if (text !== undefined && text !== entry.text) {
        entry.text = text;
        this.changed.fire(entry.uri);
      }
    }
  }

  dispose() {
    clearTimeout(this.timer);
    vscode.Disposable.from(...this.owned).dispose();
  }
}

module.exports = { LIBRARY, Texts };

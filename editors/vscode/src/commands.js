// What a user can ask for: what is generated of a declaration, the graph, the page of a code, and the places of a lens.
"use strict";

const vscode = require("vscode");
const { GraphPanel } = require("./graph");

/** Words that begin the declaration of something that files are generated of. */
const DECLARATION = /^(?:service|resource|team|system|environment|platform)\s+"?([A-Za-z_][A-Za-z0-9_-]*)/;

/** Runs what a user asked for, and tells what went wrong. */
function told(work) {
  return async (...given) => {
    try {
      await work(...given);
    } catch (error) {
      vscode.window.showErrorMessage(`idp: ${error.message}`);
    }
  };
}

/** The file and the place of the cursor. */
function place() {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId !== "idp") {
    throw new Error("Open a file of idp first, and put the cursor into a declaration.");
  }
  const { line, character } = editor.selection.active;
  return { uri: editor.document.uri.toString(), position: { line, character } };
}

/** Where a declaration stands now that its file was edited; where it was, if it is gone. */
function declared({ uri, position }, name) {
  const document = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri);
  const lines = document?.getText().split("\n") ?? [];
  const line = lines.findIndex((line) => DECLARATION.exec(line)?.[1] === name);
  return { uri, position: line < 0 ? position : { line, character: 0 } };
}

class Commands {
  constructor(server, texts) {
    this.server = server;
    this.texts = texts;
    this.graph = new GraphPanel((environment) => this.#drawn(environment));
    const registered = {
      "idpc.preview": (argument) => this.preview(argument?.position ? argument : place()),
      "idpc.showGraph": () => this.graph.show(),
      "idpc.showExplanation": (code) => this.explain(typeof code === "string" ? code : undefined),
      "idpc.restart": () => server.restart(),
      "idpc.showOutput": () => server.output.show(),
    };
    this.owned = [
      this.graph,
      ...Object.entries(registered).map(([name, work]) => vscode.commands.registerCommand(name, told(work))),
      vscode.languages.registerCodeActionsProvider({ language: "idp" }, this, {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
      }),
    ];
  }

  /** Does what a lens asks for, if its answer is for showing; whether it was. */
  async asked(name, argument) {
    if (name === "idpc.artifacts") {
      await told(() => this.preview(argument))();
      return true;
    }
    if (name === "idpc.callers" || name === "idpc.uses") {
      await told(() => this.#places(name, argument))();
      return true;
    }
    return false;
  }

  async preview(at) {
    const { name, artifacts } = await this.server.run("idpc.artifacts", at);
    const picked = await vscode.window.showQuickPick(grouped(artifacts), {
      title: `What is generated of ${name}`,
      placeHolder: "Which file?",
      matchOnDescription: true,
    });
    if (!picked) {
      return;
    }
    const text = (found) => found.find(({ path }) => path === picked.path)?.text;
    await this.texts.show(picked.path, text(artifacts), async () => {
      const now = await this.server.run("idpc.artifacts", declared(at, name));
      return now.name === name ? text(now.artifacts) : undefined;
    });
  }

  async explain(given) {
    const code = given ?? (await this.#code());
    if (!code) {
      return;
    }
    const name = code.trim().toUpperCase();
    const uri = this.texts.keep(`${name}.md`, await this.server.run("idpc.explain", { code: name }));
    try {
      await vscode.commands.executeCommand("markdown.showPreviewToSide", uri);
    } catch {
      // Somebody has switched the preview of Markdown off.
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    }
  }

  /** Offers the page of each finding's code beside the fixes of the server. */
  provideCodeActions(_document, _range, { diagnostics }) {
    const codes = new Set(diagnostics.map(codeOf).filter(Boolean));
    return [...codes].map((code) => {
      const action = new vscode.CodeAction(`Explain ${code}`, vscode.CodeActionKind.QuickFix);
      action.command = { command: "idpc.showExplanation", title: action.title, arguments: [code] };
      return action;
    });
  }

  /** Asks for a code, with the one at the cursor for a suggestion. */
  #code() {
    const editor = vscode.window.activeTextEditor;
    const found = editor ? vscode.languages.getDiagnostics(editor.document.uri) : [];
    const here = found.find(({ range }) => range.contains(editor.selection.active));
    const value = codeOf(here ?? found[0]) ?? "";
    return vscode.window.showInputBox({ title: "Explain a Code", prompt: "Which code?", placeHolder: "IDP0301", value });
  }

  async #drawn(environment) {
    return this.server.run("idpc.graph", environment ? { environment } : {});
  }

  /** Shows the places that a lens counted. */
  async #places(name, { uri, position }) {
    const found = await this.server.run(name, { uri, position });
    const toPosition = ({ line, character }) => new vscode.Position(line, character);
    const locations = found.map(
      ({ uri, range }) => new vscode.Location(vscode.Uri.parse(uri), new vscode.Range(toPosition(range.start), toPosition(range.end))),
    );
    await vscode.commands.executeCommand("editor.action.showReferences", vscode.Uri.parse(uri), toPosition(position), locations);
  }

  dispose() {
    vscode.Disposable.from(...this.owned).dispose();
  }
}

/** Files to choose from, those of one environment below each other. */
function grouped(artifacts) {
  const groups = new Map();
  for (const { path, target, environment } of artifacts) {
    const group = groups.get(environment) ?? [];
    group.push({ label: path, description: target, path });
    groups.set(environment, group);
  }
  return [...groups].flatMap(([environment, items]) => [
    { label: environment || "every environment", kind: vscode.QuickPickItemKind.Separator },
    ...items,
  ]);
}

/** The code of a finding, whichever of its two forms it has. */
function codeOf(diagnostic) {
  const code = diagnostic?.code;
  const text = String((typeof code === "object" ? code?.value : code) ?? "");
  return /^IDP\d{4}$/.test(text) ? text : undefined;
}

module.exports = { Commands };

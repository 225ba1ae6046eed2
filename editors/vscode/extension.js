// Starts the language server, and shows what its commands answer.
"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

/** The scheme of files that the server has inside. */
const LIBRARY = "idpc-library";
/** The scheme of texts that commands answer with. */
const SHOWN = "idpc-shown";

let client;

/** Asks the server to do something about the place of the cursor. */
function command(name, argument) {
  return client.sendRequest("workspace/executeCommand", { command: name, arguments: [argument] });
}

function place() {
  const editor = vscode.window.activeTextEditor;
  if (!editor || editor.document.languageId !== "idp") {
    throw new Error("open a file of idp first");
  }
  const position = editor.selection.active;
  return { uri: editor.document.uri.toString(), position: { line: position.line, character: position.character } };
}

/** Texts that are shown read-only, by their path. */
const shown = new Map();

async function show(path, text, language) {
  const uri = vscode.Uri.from({ scheme: SHOWN, path: `/${path}` });
  shown.set(uri.path, text);
  changed.fire(uri);
  const document = await vscode.workspace.openTextDocument(uri);
  if (language) {
    await vscode.languages.setTextDocumentLanguage(document, language);
  }
  await vscode.window.showTextDocument(document, { preview: true, viewColumn: vscode.ViewColumn.Beside });
}

const changed = new vscode.EventEmitter();

/** Runs a command of the user, and tells what went wrong. */
function told(work) {
  return async (...given) => {
    try {
      await work(...given);
    } catch (error) {
      vscode.window.showErrorMessage(error.message);
    }
  };
}

async function preview(argument) {
  const answer = await command("idpc.artifacts", argument && argument.uri ? argument : place());
  const items = answer.artifacts.map((artifact) => ({ label: artifact.path, description: artifact.target, artifact }));
  const picked = await vscode.window.showQuickPick(items, { title: `What is generated of ${answer.name}` });
  if (picked) {
    await show(picked.artifact.path, picked.artifact.text);
  }
}

async function showGraph() {
  const answer = await command("idpc.graph", {});
  await show(`${answer.environment}.md`, `\`\`\`mermaid\n${answer.mermaid}\`\`\`\n`, "markdown");
}

async function showExplanation() {
  const code = await vscode.window.showInputBox({ title: "Which code?", placeHolder: "IDP0301" });
  if (code) {
    await show(`${code}.md`, await command("idpc.explain", { code }), "markdown");
  }
}

/** Shows the places that a lens counted. */
async function showPlaces(argument, name) {
  const found = await command(name, argument);
  const locations = found.map((location) => client.protocol2CodeConverter.asLocation(location));
  const at = client.protocol2CodeConverter.asPosition(argument.position);
  await vscode.commands.executeCommand("editor.action.showReferences", vscode.Uri.parse(argument.uri), at, locations);
}

async function activate(context) {
  const program = vscode.workspace.getConfiguration("idpc").get("path", "idpc");
  const run = { command: program, args: ["lsp"] };
  client = new LanguageClient("idpc", "idp", { run, debug: run }, {
    documentSelector: [{ language: "idp", scheme: "file" }, { language: "idp", scheme: "untitled" }, { scheme: LIBRARY }],
    middleware: {
      // The lenses' commands are the server's; here is what is shown of their answers.
      executeCommand: (name, args, next) => {
        if (name === "idpc.artifacts") {
          return told(preview)(args[0]);
        }
        if (name === "idpc.callers" || name === "idpc.uses") {
          return told(showPlaces)(args[0], name);
        }
        return next(name, args);
      },
    },
  });
  context.subscriptions.push(
    vscode.workspace.registerTextDocumentContentProvider(LIBRARY, {
      provideTextDocumentContent: (uri) => client.sendRequest("idpc/library", { uri: uri.toString() }),
    }),
    vscode.workspace.registerTextDocumentContentProvider(SHOWN, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => shown.get(uri.path),
    }),
    vscode.commands.registerCommand("idpc.preview", told(preview)),
    vscode.commands.registerCommand("idpc.showGraph", told(showGraph)),
    vscode.commands.registerCommand("idpc.showExplanation", told(showExplanation)),
  );
  await client.start();
}

function deactivate() {
  return client ? client.stop() : undefined;
}

module.exports = { activate, deactivate };

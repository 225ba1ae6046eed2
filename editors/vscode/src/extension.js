// Where everything begins: brings up the server, and what a user can ask of it.
"use strict";

const vscode = require("vscode");
const { Commands } = require("./commands");
const { Texts } = require("./texts");
const { Server } = require("./server");

/** @type {Server | undefined} */
let server;

async function activate(context) {
  server = new Server();
  const texts = new Texts(server);
  const commands = new Commands(server, texts);
  server.onCommand((name, argument) => commands.asked(name, argument));
  context.subscriptions.push(server, texts, commands);
  context.subscriptions.push(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("idpc.path")) {
        server.restart();
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => server.restart()),
  );
  await server.start();
}

function deactivate() {
  return server && server.stop();
}

module.exports = { activate, deactivate };

// The panel that shows the graph of an environment.
"use strict";

const vscode = require("vscode");
const { draw, escaped } = require("./drawing");

const STYLE = `
  body { padding: 0; color: var(--vscode-foreground); font-family: var(--vscode-font-family); }
  header { position: sticky; left: 0; top: 0; display: flex; gap: 12px; align-items: center; padding: 10px 24px; background: var(--vscode-editor-background); border-bottom: 1px solid var(--vscode-panel-border); }
  h1 { font-size: 1.1em; font-weight: 600; margin: 0; flex: 1; }
  select, button { font: inherit; padding: 3px 10px; border-radius: 2px; border: 1px solid var(--vscode-dropdown-border, transparent); }
  select { color: var(--vscode-dropdown-foreground); background: var(--vscode-dropdown-background); }
  button { color: var(--vscode-button-foreground); background: var(--vscode-button-background); cursor: pointer; }
  button:hover { background: var(--vscode-button-hoverBackground); }
  rect { fill: var(--vscode-editorWidget-background); stroke: var(--vscode-editorWidget-border, var(--vscode-panel-border)); stroke-width: 1.5; }
  .service rect { stroke: var(--vscode-charts-blue); }
  .need rect { stroke: var(--vscode-charts-green); }
  .resource rect { stroke: var(--vscode-charts-purple); }
  text { fill: var(--vscode-foreground); font-size: 13px; }
  .name { font-weight: 600; }
  .below { fill: var(--vscode-descriptionForeground); font-size: 11px; }
  .edge { fill: none; stroke: var(--vscode-descriptionForeground); stroke-width: 1.5; opacity: 0.6; }
  .edge:hover { opacity: 1; stroke-width: 3; }
  .calls { stroke-dasharray: 5 4; }
  #tip path { fill: var(--vscode-descriptionForeground); }
`;

const SCRIPT = `
  const editor = acquireVsCodeApi();
  // It is made to fit, as far as it can still be read.
  const drawing = document.querySelector("svg");
  const [width, height] = ["width", "height"].map((name) => Number(drawing.getAttribute(name)));
  const fit = () => {
    const scale = Math.max(0.6, Math.min(1, document.documentElement.clientWidth / width));
    drawing.setAttribute("width", width * scale);
    drawing.setAttribute("height", height * scale);
  };
  fit();
  window.addEventListener("resize", fit);
  document.getElementById("copy").addEventListener("click", () => editor.postMessage({ copy: true }));
  document.getElementById("environment")?.addEventListener("change", (event) => editor.postMessage({ environment: event.target.value }));
`;

/** The page of a graph. */
function page({ environment, environments = [], mermaid }) {
  const nonce = Math.random().toString(36).slice(2);
  const options = environments.map(
    (name) => `<option${name === environment ? " selected" : ""}>${escaped(name)}</option>`,
  );
  const choice = options.length > 1 ? `<select id="environment" title="Environment">${options.join("")}</select>` : "";
  return `<!DOCTYPE html><html><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'">
<style nonce="${nonce}">${STYLE}</style></head><body>
<header><h1>The graph of ${escaped(environment)}</h1>${choice}<button id="copy">Copy as Mermaid</button></header>
${draw(mermaid)}<script nonce="${nonce}">${SCRIPT}</script></body></html>`;
}

class GraphPanel {
  /** @param {(environment?: string) => Promise<{ environment: string, environments?: string[], mermaid: string }>} ask */
  constructor(ask) {
    this.ask = ask;
    this.panel = undefined;
    this.answer = undefined;
    this.saved = vscode.workspace.onDidSaveTextDocument(({ languageId }) => languageId === "idp" && this.#renew());
  }

  async show() {
    await this.#take(undefined);
    this.panel.reveal();
  }

  async #take(environment) {
    this.answer = await this.ask(environment);
    if (!this.panel) {
      this.panel = vscode.window.createWebviewPanel("idpc.graph", "Graph", vscode.ViewColumn.Active, { enableScripts: true, localResourceRoots: [] });
      this.panel.onDidDispose(() => (this.panel = undefined));
      this.panel.webview.onDidReceiveMessage((message) => this.#heard(message));
    }
    this.panel.title = `Graph: ${this.answer.environment}`;
    this.panel.webview.html = page(this.answer);
  }

  async #heard({ copy, environment }) {
    if (copy) {
      await vscode.env.clipboard.writeText(this.answer.mermaid);
      vscode.window.setStatusBarMessage("The graph is in the clipboard, as Mermaid", 3000);
    } else if (environment) {
      await this.#take(environment).catch((error) => vscode.window.showErrorMessage(`idp: ${error.message}`));
    }
  }

  async #renew() {
    // While an error refuses a build, what was last drawn stays.
    await (this.panel && this.#take(this.answer.environment).catch(() => undefined));
  }

  dispose() {
    this.saved.dispose();
    this.panel?.dispose();
  }
}

module.exports = { GraphPanel, page };

// The colors of the grammar, by the engine of Visual Studio Code:
// - of each token of grammar/constructs.idp, as grammar/constructs.tokens has them;
// - of each word of every program of the repository: they agree with what the compiler takes the word for.
//
// grammar.mjs MODULES IDPC ROOT [--update]
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Server } from "./server.mjs";

const [modules, program, root, update] = process.argv.slice(2);
const require = createRequire(path.join(modules, "node_modules/none.js"));
const oniguruma = require("vscode-oniguruma");
const textmate = require("vscode-textmate");
const here = import.meta.dirname;

async function grammar() {
  const wasm = fs.readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm"));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const onigLib = Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  });
  const file = path.join(root, "editors/vscode/syntaxes/idp.tmLanguage.json");
  const loadGrammar = async () => textmate.parseRawGrammar(fs.readFileSync(file, "utf8"), file);
  return new textmate.Registry({ onigLib, loadGrammar }).loadGrammar("source.idp");
}

/** The lines of a text, each with its tokens. */
function tokenized(grammar, text) {
  let state = textmate.INITIAL;
  return text.split(/\r?\n/).map((line) => {
    const found = grammar.tokenizeLine(line, state);
    state = found.ruleStack;
    return { line, tokens: found.tokens };
  });
}

/** Each token that is not white space, with its scopes. */
function written(lines) {
  return lines.map(({ line, tokens }) => {
    const each = tokens
      .map(({ startIndex, endIndex, scopes }) => ({ text: line.slice(startIndex, endIndex), scopes: scopes.slice(1).join(" ") }))
      .filter(({ text }) => text.trim() !== "")
      .map(({ text, scopes }) => `  ${JSON.stringify(text)} ${scopes.replaceAll(".idp", "") || "-"}\n`);
    return `${line}\n${each.join("")}`;
  }).join("");
}

function tokens(grammar) {
  const text = fs.readFileSync(path.join(here, "grammar/constructs.idp"), "utf8");
  const found = written(tokenized(grammar, text));
  const file = path.join(here, "grammar/constructs.tokens");
  if (update === "--update") {
    fs.writeFileSync(file, found);
  }
  assert.equal(found, fs.readFileSync(file, "utf8"), "the tokens of grammar/constructs.idp have other scopes");
  assert.ok(found.length > 5000, "the tokens are read");
}

/** Words of the language that are names where they stand: `schema postgres : resource`, `&team`, `@locked(except = …)`. */
const NAMED = new Set(["service", "resource", "team", "system", "environment", "platform", "except", "use", "from", "keep", "because", "name"]);
/** What the last scope of a word may be, by what the compiler takes it for. */
const NAME = /^(?:variable\.other|variable\.parameter|entity|support\.type|constant\.language\.idp$)/;
const MEANT = {
  keyword: /^(?:keyword|variable\.language|constant\.language|support\.type)/,
  comment: /comment|directive|constant\.other\.code/,
  string: /string|constant\.character\.escape|punctuation\.section\.interpolation/,
  number: /constant\.numeric|keyword\.other\.unit/,
  operator: /^keyword\.operator|^punctuation/,
  decorator: /^storage\.modifier\.annotation/,
  type: /^support\.type|^entity/,
  function: /^support\.function/,
  namespace: NAME,
  class: NAME,
  enum: NAME,
  enumMember: NAME,
  property: NAME,
  event: NAME,
  variable: /^(?:variable|entity)/,
  parameter: NAME,
};

/** Programs of the repository: where each is, and its text. */
function programs(scratch) {
  const files = ["examples", "stdlib"].flatMap((folder) =>
    fs.readdirSync(path.join(root, folder), { recursive: true })
      .filter((name) => name.endsWith(".idp") && !name.split(path.sep).includes("out"))
      .map((name) => path.join(root, folder, name)),
  );
  const found = files.sort().map((file) => ({ name: file, uri: pathToFileURL(file).href, text: fs.readFileSync(file, "utf8") }));
  const language = fs.readFileSync(path.join(root, "docs/language.md"), "utf8");
  const blocks = [...language.matchAll(/^```idp[^\n]*\n([\s\S]*?)^```/gm)];
  blocks.forEach(([, text], at) => {
    const file = path.join(scratch, `block-${at + 1}.idp`);
    fs.writeFileSync(file, text);
    found.push({ name: `block ${at + 1} of docs/language.md`, uri: pathToFileURL(file).href, text });
  });
  return found;
}

/** What the words of a text are by the compiler: line, start, length and kind of each. */
function decoded(data, legend) {
  const words = [];
  let [line, start] = [0, 0];
  for (let at = 0; at < data.length; at += 5) {
    start = data[at] === 0 ? start + data[at + 1] : data[at + 1];
    line += data[at];
    words.push({ line, start, length: data[at + 2], kind: legend.tokenTypes[data[at + 3]] });
  }
  return words;
}

function disagreements(lines, words) {
  return words.flatMap(({ line, start, length, kind }) => {
    const { line: text, tokens } = lines[line];
    const inside = tokens.filter(({ startIndex, endIndex }) => startIndex < start + length && endIndex > start);
    const word = text.slice(start, start + length);
    return inside
      .filter(({ startIndex, endIndex }) => text.slice(Math.max(start, startIndex), Math.min(start + length, endIndex)).trim())
      .filter(({ scopes }) => {
        // A name in quotes is text to the grammar.
        if (kind === "keyword" && NAMED.has(word) && NAME.test(scopes.at(-1))) {
          return false;
        }
        const isQuoted = word.startsWith('"') || /string/.test(scopes.join(" "));
        return !MEANT[kind].test(scopes.at(-1)) && !(isQuoted && /string|variable|punctuation/.test(scopes.at(-1)));
      })
      .map(({ scopes }) => `${line + 1}:${start + 1}: \`${word}\` is ${kind} to the compiler, ${scopes.slice(1).join(" ") || "nothing"} to the grammar`);
  });
}

async function agreement(grammar, scratch) {
  const server = new Server(program);
  const able = { textDocument: { semanticTokens: { requests: { full: true }, tokenTypes: [], tokenModifiers: [], formats: ["relative"] } } };
  const { capabilities } = await server.request("initialize", { processId: process.pid, rootUri: null, capabilities: able });
  server.notify("initialized", {});
  const wrong = [];
  let compared = 0;
  const all = programs(scratch);
  for (const { name, uri, text } of all) {
    server.notify("textDocument/didOpen", { textDocument: { uri, languageId: "idp", version: 1, text } });
    const found = await server.request("textDocument/semanticTokens/full", { textDocument: { uri } });
    assert.ok(found, `the compiler says nothing about ${name}`);
    server.notify("textDocument/didClose", { textDocument: { uri } });
    const words = decoded(found.data, capabilities.semanticTokensProvider.legend);
    compared += words.length;
    wrong.push(...disagreements(tokenized(grammar, text), words).map((each) => `${name}:${each}`));
  }
  await server.end();
  assert.equal(wrong.length, 0, `the grammar and the compiler disagree on ${wrong.length} words:\n${wrong.slice(0, 40).join("\n")}`);
  assert.ok(all.length >= 60 && compared > 5000, `only ${compared} words of ${all.length} programs were compared`);
  return `${compared} words of ${all.length} programs`;
}

const loaded = await grammar();
tokens(loaded);
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "idp-grammar-"));
try {
  console.log(`grammar: every token of constructs.idp as expected; agrees with the compiler on ${await agreement(loaded, scratch)}`);
} finally {
  fs.rmSync(scratch, { recursive: true });
}

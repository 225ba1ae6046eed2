// A user in Visual Studio Code: opens a service, makes a mistake, has it fixed, and looks at what is generated.
//
// browser.mjs TOOLS CHROMIUM ADDRESS WORKSPACE COMPILER PICTURES
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const [tools, executablePath, address, workspace, link, pictures] = process.argv.slice(2);
const { chromium } = createRequire(path.join(tools, "node_modules/none.js"))("playwright-core");
const SERVICE = path.join(workspace, "teams/payments/checkout/service.idp");
/** How long anything may take that the compiler answers, in milliseconds. */
const PATIENCE = 20_000;

const QUIET = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const sandbox = process.getuid() === 0 ? ["--no-sandbox"] : [];
const browser = await chromium.launch({ executablePath, args: ["--headless", ...sandbox, ...QUIET] });
const page = await browser.newPage({ viewport: { width: 1400, height: 860 } });
page.setDefaultTimeout(PATIENCE);

let done = 0;
async function step(name, work) {
  const start = Date.now();
  try {
    await work();
  } catch (error) {
    await picture("failed");
    throw new Error(`${name}: ${error.message}`, { cause: error });
  }
  done += 1;
  console.log(`  ${name}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
}

const picture = (name) => page.screenshot({ path: path.join(pictures, `${name}.png`) });
const press = (keys) => page.keyboard.press(keys);
const type = (text) => page.keyboard.type(text, { delay: 15 });

/** Runs a command by its title. */
async function command(title) {
  await press("F1");
  const box = page.locator(".quick-input-widget input.input").first();
  await box.waitFor();
  await box.fill(`>${title}`);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().waitFor();
  await press("Enter");
}

/** The page of the editor with a file open: its own search for files takes a program that no package brings. */
function opened(file) {
  const { host } = new URL(address);
  const payload = JSON.stringify([["openFile", `vscode-remote://${host}${file}`]]);
  return `${address}&payload=${encodeURIComponent(payload)}`;
}

/** Puts the cursor into a line and a column. */
async function go(line, column) {
  await press("Control+g");
  const box = page.locator(".quick-input-widget input.input").first();
  await box.fill(`:${line}:${column}`);
  await press("Enter");
  await page.locator(".quick-input-widget").waitFor({ state: "hidden" });
}

/** Chooses one of the fixes that are offered. */
async function choose(text) {
  await page.locator(".action-widget .monaco-list-row.action", { hasText: text }).first().waitFor();
  const focused = page.locator(".action-widget .monaco-list-row.focused");
  await until(`${text} is chosen`, async () => {
    if ((await focused.innerText().catch(() => "")).includes(text)) return true;
    await press("ArrowDown");
    return false;
  });
  await press("Enter");
}

/** Where a text stands on disk: its line and column, counted from one. */
function find(text) {
  const lines = fs.readFileSync(SERVICE, "utf8").split("\n");
  const line = lines.findIndex((line) => line.includes(text));
  assert.ok(line >= 0, `${text} is in ${SERVICE}`);
  return [line + 1, lines[line].indexOf(text) + 1];
}

const editor = page.locator(".editor-instance .view-lines").first();
/** The lines of the first editor that are in view, in the order in which it made them. */
const lines = async () => (await editor.locator(".view-line").allTextContents()).map((line) => line.replaceAll("\u00a0", " "));
const has = async (line) => (await lines()).includes(line);
const until = async (what, holds) => {
  const end = Date.now() + PATIENCE;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `${what}, within ${PATIENCE / 1000} s`);
    await page.waitForTimeout(50);
  }
};
const status = page.locator(".statusbar-item", { hasText: "idp", has: page.locator(".codicon-check") });
const problem = page.locator(".markers-panel-container .monaco-list-row");

/** Rests the mouse on a word, again where the editor was just drawn anew under it, until something is told of it. */
async function hover(word, told) {
  const found = page.locator(".monaco-hover", { hasText: told }).first();
  await until(`${told} is told of ${word}`, async () => {
    await page.mouse.move(5, 5);
    await editor.locator(".view-line span", { hasText: word }).last().hover();
    return found.waitFor({ timeout: 2000 }).then(() => true, () => false);
  });
}

async function run() {
  await step("the workspace opens", async () => {
    for (let tries = 0; ; tries += 1) {
      try {
        await page.goto(opened(SERVICE));
        break;
      } catch (error) {
        if (tries === 100) throw error;
        await page.waitForTimeout(200);
      }
    }
    await page.locator(".explorer-folders-view").waitFor({ timeout: 60_000 });
    await page.locator('.tab.active[data-resource-name="service.idp"]').waitFor();
  });

  await step("the language server runs", async () => {
    await status.first().waitFor();
    await page.locator(".codelens-decoration", { hasText: "called by" }).first().waitFor();
    assert.equal(await page.locator(".squiggly-error").count(), 0, "a right file has no squiggle");
    await picture("1-open");
  });

  await step("a mistake gets a squiggle, and a line in Problems", async () => {
    const [line, column] = find("language");
    await go(line, column);
    await press("Delete");
    await page.locator(".squiggly-error").first().waitFor();
    await command("Problems: Focus on Problems View");
    const found = problem.filter({ hasText: "has no field `anguage`" });
    await found.waitFor();
    assert.match(await found.innerText(), /IDP0301/);
    await picture("2-mistake");
  });

  await step("a hover tells what is wrong", async () => {
    await hover(/^anguage/, "IDP0301");
    await picture("3-hover-mistake");
  });

  await step("its code is explained", async () => {
    await editor.click();
    const [line] = find("language");
    await go(line, 4);
    await press("Control+.");
    await page.locator(".action-widget", { hasText: "Explain IDP0301" }).waitFor();
    await picture("4-fixes");
    await choose("Explain IDP0301");
    await page.locator(".tab", { hasText: "IDP0301.md" }).first().waitFor();
    assert.match(await (await frame("h1")).locator("h1").first().innerText(), /IDP0301: a field that its record does not have/);
    await picture("5-explained");
    await press("Control+1");
    await command("View: Close Editors in Other Groups");
    await page.locator(".tab", { hasText: "IDP0301.md" }).waitFor({ state: "detached" });
  });

  await step("a fix puts it right", async () => {
    const [line] = find("language");
    await go(line, 4);
    await press("Control+.");
    await choose("`language`");
    await until("the field is written right", () => has("  language = kotlin"));
    await page.locator(".squiggly-error").first().waitFor({ state: "detached" });
    await problem.first().waitFor({ state: "detached" });
  });

  await step("Enter indents, completion is accepted", async () => {
    const [line] = find("memory");
    await go(line, 100);
    await press("Enter");
    await type("cp");
    await page.locator(".suggest-widget.visible .monaco-list-row", { hasText: "cpu" }).first().waitFor();
    // What only platform/capacity.idp may set is not offered.
    assert.equal(await page.locator(".suggest-widget.visible .monaco-list-row", { hasText: "replicas" }).count(), 0);
    await picture("6-completion");
    await press("Tab");
    await until("the field is there, with a place for its value", () => has("  cpu = "));
    await type("0.5");
    await press("Escape");
    await until("the value is there", () => has("  cpu = 0.5"));
    await until("it is right", async () => (await page.locator(".squiggly-error").count()) === 0);
  });

  await step("a hover tells the value of each environment", async () => {
    await hover(/^budget/, "money");
    await picture("7-hover");
    await page.mouse.move(5, 5);
  });

  await step("what is generated is shown, and follows", async () => {
    await go(2, 12);
    await command("idp: Show What Is Generated Here");
    const row = page.locator(".quick-input-list .monaco-list-row");
    await row.first().waitFor();
    await picture("8-which-artifact");
    await page.locator(".quick-input-widget input.input").first().fill("envs/prod/checkout/app/workload.yaml");
    await row.filter({ hasText: "workload.yaml" }).first().waitFor();
    await press("Enter");
    const preview = page.locator('.editor-group-container:has(.tab[data-resource-name="workload.yaml"]) .view-lines');
    await until("the workload is shown", async () => /kind:/.test(await preview.innerText()));
    await picture("9-preview");
    const [line] = find("memory");
    await press("Control+1");
    await go(line, 1);
    await press("End");
    for (const _ of "512MiB") await press("Backspace");
    await type("777MiB");
    await page.locator('.tab[data-resource-name="workload.yaml"]').click();
    await press("Control+f");
    await type("memory: 777Mi");
    await page.locator(".find-widget .matchesCount", { hasText: / of [1-9]/ }).waitFor();
    await press("Escape");
    await press("Control+1");
    await command("View: Close Editors in Other Groups");
  });

  await step("the graph is drawn, and changes with the environment", async () => {
    await command("idp: Show the Graph of an Environment");
    const graph = await frame("svg .node");
    assert.equal(await graph.locator('[data-name="checkout"]').count(), 1);
    assert.ok((await graph.locator("path.edge").count()) > 10, "calls and needs are drawn");
    await picture("10-graph");
    await graph.locator("#environment").selectOption({ index: 0 });
    await until("the other environment is drawn", async () => /The graph of dev/.test(await (await frame("h1")).locator("h1").innerText().catch(() => "")));
    await press("Control+w");
  });

  await step("a file of the library opens, read-only", async () => {
    await press("Control+1");
    await page.locator('.tab[data-resource-name="service.idp"]').click();
    await press("Control+s");
    await until("the file is saved", () => fs.readFileSync(SERVICE, "utf8").includes("777MiB"));
    await go(...find("postgres"));
    await press("F12");
    await page.locator('.tab.active[data-resource-name="postgres.idp"]').waitFor();
    await until("its text is there", async () => /schema postgres/.test((await lines()).join("\n")));
    await type("x");
    await page.locator(".monaco-editor-overlaymessage", { hasText: "read-only" }).waitFor();
    await picture("11-library");
    await press("Control+w");
  });

  await step("without the compiler, it says what to do; with it, it goes on", async () => {
    const compiler = fs.readlinkSync(link);
    fs.unlinkSync(link);
    await command("idp: Restart the Language Server");
    const message = page.locator(".notification-toast", { hasText: `names ${link}, and there is no program` });
    await message.waitFor();
    const offered = await message.locator(".monaco-button").allTextContents();
    assert.deepEqual(offered.filter((text) => text.trim()), ["Choose the Program…", "How to Install", "Try Again"]);
    await page.locator(".statusbar-item", { hasText: "idp: not running" }).waitFor();
    await picture("12-missing");
    fs.symlinkSync(compiler, link);
    await message.locator(".monaco-button", { hasText: "Try Again" }).click();
    await status.first().waitFor();
    assert.equal(await page.locator(".statusbar-item", { hasText: "idp: not running" }).count(), 0);
  });
}

/** The frame of a webview in which something stands. */
async function frame(selector) {
  let found;
  await until(`${selector} in a webview`, async () => {
    for (const each of page.frames()) {
      if (each !== page.mainFrame() && (await each.locator(selector).count().catch(() => 0)) > 0) {
        found = each;
        return true;
      }
    }
    return false;
  });
  return found;
}

try {
  await run();
} catch (error) {
  console.error(`browser: ${error.message}`);
  process.exitCode = 1;
}
await browser.close();
console.log(`browser: ${done} steps`);

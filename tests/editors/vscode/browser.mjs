// A user in Visual Studio Code: opens a service, makes a mistake, has it fixed, and looks at what is generated.
//
// browser.mjs TOOLS CHROMIUM ADDRESS WORKSPACE PICTURES
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const [tools, executablePath, address, workspace, pictures] = process.argv.slice(2);
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

/** Where a text stands on disk: its line and column, counted from one. */
function find(text) {
  const lines = fs.readFileSync(SERVICE, "utf8").split("\n");
  const line = lines.findIndex((line) => line.includes(text));
  assert.ok(line >= 0, `${text} is in ${SERVICE}`);
  return [line + 1, lines[line].indexOf(text) + 1];
}

const editor = page.locator(".editor-instance .view-lines").first();
/** The text of the first editor, without the gaps that it draws with. */
const shown = async () => (await editor.innerText()).replaceAll("\u00a0", " ");
const until = async (what, holds) => {
  const end = Date.now() + PATIENCE;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `${what}, within ${PATIENCE / 1000} s`);
    await page.waitForTimeout(50);
  }
};
const problem = page.locator(".markers-panel-container .monaco-list-row");
const group = page.locator(".editor-instance");

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
    await page.locator("#idpc\\.status, [id='idpc.idpc.status']").filter({ hasText: "idp" }).first().waitFor();
  });

  await step("the language server runs", async () => {
    const status = page.locator(".statusbar-item", { hasText: /^\s*idp/ });
    await status.locator(".codicon-check").waitFor();
    await page.locator(".codelens-decoration", { hasText: "artifacts" }).first().waitFor();
    assert.equal(await page.locator(".squiggly-error").count(), 0, "a right file has no squiggle");
    await picture("1-open");
  });

  await step("a mistake gets a squiggle, and a line in Problems", async () => {
    const [line, column] = find("language");
    await go(line, column);
    await press("Delete");
    await page.locator(".squiggly-error").first().waitFor();
    await command("Problems: Focus on Problems View");
    await problem.filter({ hasText: "IDP0301" }).first().waitFor();
    assert.match(await problem.filter({ hasText: "IDP0301" }).first().innerText(), /anguage/);
    await picture("2-mistake");
  });

  await step("a hover tells what is wrong", async () => {
    await page.locator(".editor-instance .view-line span", { hasText: /^anguage/ }).first().hover();
    await page.locator(".monaco-hover", { hasText: "IDP0301" }).first().waitFor();
    await picture("3-hover-mistake");
  });

  await step("its code is explained", async () => {
    await editor.click();
    const [line] = find("language");
    await go(line, 4);
    await press("Control+.");
    await page.locator(".action-widget", { hasText: "Explain IDP0301" }).waitFor();
    await picture("4-fixes");
    await page.locator(".action-widget .monaco-list-row", { hasText: "Explain IDP0301" }).click();
    await page.locator(".tab", { hasText: "IDP0301.md" }).first().waitFor();
    await until("the page is drawn", async () => {
      for (const frame of page.frames()) {
        if (/a field that its record does not have/.test(await frame.evaluate("document.body?.innerText ?? ''").catch(() => ""))) return true;
      }
      return false;
    });
    await picture("5-explained");
    await command("View: Close Other Groups in Window").catch(() => undefined);
  });
}

try {
  await run();
} catch (error) {
  console.error(`browser: ${error.message}`);
  process.exitCode = 1;
}
await browser.close();
console.log(`browser: ${done} steps`);

// How the extension finds the compiler, and what it says where there is none.
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";

const { NoProgram, expanded, find } = createRequire(import.meta.url)("../../../../editors/vscode/src/program.js");

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "idp-program-"));
after(() => fs.rmSync(folder, { recursive: true }));
const program = path.join(folder, "bin", "idpc-here");
fs.mkdirSync(path.dirname(program));
fs.writeFileSync(program, "#!/bin/sh\n", { mode: 0o755 });
fs.writeFileSync(path.join(folder, "bin", "no-program"), "");
const environment = { PATH: `/nowhere${path.delimiter}${path.dirname(program)}`, TOOLS: path.dirname(program) };

test("a name is looked up on the PATH", () => {
  assert.equal(find("idpc-here", { environment }), program);
  assert.equal(find("  idpc-here ", { environment }), program);
});

test("a path is one from the folder that is open", () => {
  assert.equal(find("bin/idpc-here", { folder, environment }), program);
  assert.equal(find("${workspaceFolder}/bin/idpc-here", { folder, environment }), program);
  assert.equal(find("${env:TOOLS}/idpc-here", { environment }), program);
  assert.equal(find(program, { environment }), program);
});

test("the home folder has a sign", () => {
  assert.equal(expanded("~/bin/idpc", { environment }), path.join(os.homedir(), "bin/idpc"));
  assert.equal(expanded("a~/b", { environment }), "a~/b");
});

test("what is missing is named, with where it was looked for", () => {
  const missing = (setting, words) => assert.throws(() => find(setting, { folder, environment }), (error) => {
    assert.ok(error instanceof NoProgram);
    assert.match(error.message, words);
    return true;
  });
  missing("idpc-gone", /`idpc-gone` is not on the PATH. Install it, or say where it is/);
  missing("bin/idpc-gone", /idpc\.path names .*bin\/idpc-gone, and there is no program/);
  // Neither a folder nor a file that may not run is a program.
  missing("bin/no-program", /there is no program/);
  missing(folder, /there is no program/);
});

// The indents of the language configuration are those of `idpc fmt`: every line of every example that follows from the
// line before it is indented as the editor would indent it.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";

const root = path.join(import.meta.dirname, "../../../..");
const configuration = JSON.parse(fs.readFileSync(path.join(root, "editors/vscode/language-configuration.json"), "utf8"));
const increase = new RegExp(configuration.indentationRules.increaseIndentPattern);
const decrease = new RegExp(configuration.indentationRules.decreaseIndentPattern);
const rules = configuration.onEnterRules.map(({ beforeText, action }) => ({ beforeText: new RegExp(beforeText), action }));

const indent = (line) => line.length - line.trimStart().length;
/** A line that goes on with an expression, or is gone on with, is indented by taste. */
const goesOn = /^\s*(?:[:@|]|(?:and|or|then|else)\b)/;
const isOpen = /(?:[-+*/=<>|]|\b(?:and|or|then|else))\s*$/;

test("every line of the examples and the library", () => {
  const files = ["examples", "stdlib"].flatMap((folder) =>
    fs.readdirSync(path.join(root, folder), { recursive: true })
      .filter((name) => name.endsWith(".idp") && !name.split(path.sep).includes("out"))
      .map((name) => path.join(root, folder, name)));
  let compared = 0;
  for (const file of files) {
    const text = fs.readFileSync(file, "utf8").replace(/"""[\s\S]*?"""/g, '""');
    const lines = text.split("\n").filter((line) => line.trim() !== "" && !/^\s*\/\//.test(line));
    for (let at = 1; at < lines.length; at += 1) {
      const [before, line] = [lines[at - 1], lines[at]];
      if (goesOn.test(line) || goesOn.test(before) || isOpen.test(before)) {
        continue;
      }
      const expected = indent(before) + (increase.test(before) ? 2 : 0) - (decrease.test(line) ? 2 : 0);
      assert.equal(indent(line), expected, `${file}: ${line}`);
      compared += 1;
    }
  }
  assert.ok(compared > 300, `only ${compared} lines`);
});

test("a brace in a comment or in text opens nothing", () => {
  assert.ok(increase.test("service a : web {"));
  assert.ok(increase.test("  x = [ // as a list"));
  assert.ok(!increase.test("// like this {"));
  assert.ok(!increase.test('  x = "{"'));
  assert.ok(!increase.test('  x = "{'));
  assert.ok(!increase.test("  slo { availability = 99.9% }"));
});

test("Enter goes on with documentation, and indents a text of several lines", () => {
  const acting = (before) => rules.find(({ beforeText }) => beforeText.test(before))?.action;
  assert.equal(acting("  /// Takes the money")?.appendText, "/// ");
  assert.equal(acting("//// no documentation"), undefined);
  assert.equal(acting("// a remark"), undefined);
  assert.equal(acting('    BANNER = """')?.indent, "indent");
  assert.equal(acting('    BANNER = "a"'), undefined);
});

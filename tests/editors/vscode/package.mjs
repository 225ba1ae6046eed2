// What is in a package of the extension: exactly this, and what its manifest names.
//
// package.mjs VSIX SOURCES DOCUMENTATION-OF-THE-SERVER
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

const [vsix, sources, documented] = process.argv.slice(2);

const FILES = [
  "[Content_Types].xml",
  "extension.vsixmanifest",
  "extension/LICENSE.txt",
  "extension/changelog.md",
  "extension/dist/extension.js",
  "extension/language-configuration.json",
  "extension/package.json",
  "extension/readme.md",
  "extension/snippets/idp.json",
  "extension/syntaxes/idp.tmLanguage.json",
];
/** One that brings a second copy of something is noticed, in bytes. */
const LARGEST = 300_000;

const list = "import sys, zipfile; print('\\n'.join(sorted(zipfile.ZipFile(sys.argv[1]).namelist())))";
const read = "import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))";
const python = (...given) => execFileSync("python3", ["-c", ...given], { encoding: "utf8", maxBuffer: 1 << 26 });

assert.deepEqual(python(list, vsix).trim().split("\n"), FILES);
const size = fs.statSync(vsix).size;
assert.ok(size < LARGEST, `the package has ${size} bytes`);

const manifest = JSON.parse(python(read, vsix, "extension/package.json"));
assert.equal(manifest.license, "Apache-2.0");
assert.equal(manifest.dependencies, undefined, "everything is in the bundle");
const { languages, grammars, snippets, commands, menus, configuration } = manifest.contributes;
const named = [manifest.main, ...languages.map((each) => each.configuration), ...grammars.map((each) => each.path), ...snippets.map((each) => each.path)];
for (const file of named) {
  assert.ok(FILES.includes(path.posix.join("extension", file)), `${file} is in the package`);
}

// What is declared is what the sources register and read.
const code = fs.readdirSync(path.join(sources, "src")).map((name) => fs.readFileSync(path.join(sources, "src", name), "utf8")).join("\n");
const declared = commands.map(({ command }) => command);
const registered = [...code.matchAll(/^ +"(idpc\.[A-Za-z]+)": \(/gm)].map(([, name]) => name);
assert.deepEqual([...declared].sort(), [...registered].sort(), "each command is declared and registered");
for (const entry of Object.values(menus).flat()) {
  assert.ok(declared.includes(entry.command), `a menu names ${entry.command}`);
}
const settings = Object.keys(configuration.properties);
const readme = python(read, vsix, "extension/readme.md");
for (const setting of settings) {
  assert.ok(readme.includes(`\`${setting}\``), `the README tells of ${setting}`);
}
// What the server can be told stands in its documentation, beside what a false says.
const documentation = fs.readFileSync(documented, "utf8");
const told = [...documentation.matchAll(/^\| `([A-Za-z]+)` \| `/gm)].map(([, name]) => `idpc.${name}`);
assert.ok(told.length >= 2, "the settings of the server are read");
const own = ["idpc.path", "idpc.trace.server"];
assert.deepEqual(settings.filter((name) => !own.includes(name)).sort(), told.sort(), "the settings are those of the server");
console.log(`package: ${FILES.length} files, ${size} bytes; ${declared.length} commands, ${settings.length} settings`);

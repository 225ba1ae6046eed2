// Every snippet, with its placeholders as they are and with each of its choices, is a part of a program that compiles
// without a finding and is formatted as `idpc fmt` would.
//
// snippets.mjs IDPC ROOT
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const [program, root] = process.argv.slice(2);
const snippets = JSON.parse(fs.readFileSync(path.join(root, "editors/vscode/snippets/idp.json"), "utf8"));

const indented = (text, by) => text.split("\n").map((line) => (line ? " ".repeat(by) + line : line)).join("\n");
const SHOP = "team shop {}\n";
const service = (body) => `${SHOP}
service checkout : web {
  owner    = shop
  language = go
  port     = 8080

${indented(body, 2)}
}
`;
const callee = (name) => `
service ${name} : web {
  owner    = shop
  language = go
  port     = 8080
}
`;
const needs = (body) => service(`needs {\n${indented(body, 2)}\n}`);
const schema = (body) => `schema audited : postgres {\n${indented(body, 2)}\n}\n`;
const file = (body) => `${SHOP}\n${body}\n`;

/** The program that each snippet is put into. */
const AROUND = {
  "web service": file,
  worker: file,
  "cron service": file,
  "external service": file,
  team: (body) => `${body}\n`,
  system: file,
  "shared resource": file,
  constant: (body) => `${body}\n\n${needs("files = bucket { expire_after = keep }")}`,
  moved: (body) => `${needs("orders = postgres {}")}\n${body}\n`,
  removed: (body) => `${service("needs {}").replace(/\n {2}needs \{\}/, "").replace("\n\n}", "\n}")}\n${body}\n`,
  "schema of a kind": (body) => `${body}\n`,
  "golden path": (body) => `${body}\n`,
  enum: (body) => `${body}\n`,
  extend: (body) => `${body}\n`,
  environment: (body) => `${body}\n`,
  needs: service,
  database: needs,
  cache: needs,
  bucket: needs,
  queue: needs,
  topic: needs,
  domain: needs,
  secret: needs,
  calls: (body) => service(body) + callee("inventory"),
  config: service,
  objectives: service,
  overlay: service,
  "choice by environment": (body) => service(`config {\n  LOG_LEVEL = ${body}\n}`),
  require: schema,
  warn: schema,
  output: schema,
  allow: (body) => needs(`${body}\ndb = postgres { storage = 5TiB }`),
};

/** The texts that a snippet stands for: one for each of its choices. */
function expansions(body) {
  const text = body.join("\n");
  const choice = /\$\{\d+\|([^|]+)\|\}/.exec(text);
  const ways = choice ? choice[1].split(",").map((way) => text.replace(choice[0], way)) : [text];
  return ways.map((way) => {
    const plain = way.replace(/\$\{(\d+):((?:[^{}"]|"[^"]*")*)\}/g, "$2");
    // The cursor's last place stands on a line of its own, which is empty until something is typed.
    return plain.replace(/^\s*\$0\n/gm, "");
  });
}

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "idp-snippets-"));
let compiled = 0;
const wrong = [];
try {
  assert.deepEqual(Object.keys(snippets).sort(), Object.keys(AROUND).sort(), "each snippet has a program that it is put into");
  for (const [name, { prefix, description, body }] of Object.entries(snippets)) {
    assert.ok(prefix && description, `${name} has a prefix and a description`);
    for (const text of expansions(body)) {
      assert.ok(!/\$\{?\d/.test(text), `${name} was not expanded: ${text}`);
      const whole = AROUND[name](text);
      assert.ok(whole.includes(text.trim().split("\n")[0].trim()), `${name} is in its program`);
      const target = path.join(scratch, "main.idp");
      fs.writeFileSync(target, whole);
      for (const command of [["check"], ["fmt", "--check"]]) {
        const run = spawnSync(program, ["--quiet", ...command, target], { encoding: "utf8" });
        const said = `${run.stdout}${run.stderr}`;
        if (run.error || run.status !== 0 || said !== "") {
          wrong.push(`snippet \`${name}\`, idpc ${command.join(" ")}: exit code ${run.status}\n${said}\n${whole}`);
        }
      }
      compiled += 1;
    }
  }
} finally {
  fs.rmSync(scratch, { recursive: true });
}
assert.equal(wrong.length, 0, `${wrong.length} snippets are wrong:\n${wrong.join("\n")}`);
assert.ok(compiled > 40, `only ${compiled} programs`);
console.log(`snippets: ${Object.keys(snippets).length} of them, ${compiled} programs compile without a finding and are formatted`);

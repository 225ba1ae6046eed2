// Finds the compiler on this machine. Names no part of the editor, so that a test can run it by itself.
"use strict";

const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

/** Where installers put programs: an editor that was not started from a shell often has a shorter PATH than one. */
const USUAL = ["~/.cargo/bin", "~/.local/bin", "/usr/local/bin", "/opt/homebrew/bin"];

/** A program that cannot be started, in words for who chose it. */
class NoProgram extends Error {}

/** What `~`, `${workspaceFolder}` and `${env:NAME}` stand for in a setting. */
function expanded(text, { folder, environment }) {
  return text
    .replace(/^~(?=$|[\\/])/, () => os.homedir())
    .replace(/\$\{workspaceFolder\}/g, () => folder ?? "")
    .replace(/\$\{env:([^}]+)\}/g, (_, name) => environment[name] ?? "");
}

function runs(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * The file of the program that a setting names.
 * @param {string} setting a name or a path
 * @param {{ folder?: string, environment?: NodeJS.ProcessEnv, platform?: string }} around
 */
function find(setting, { folder, environment = process.env, platform = process.platform } = {}) {
  const wanted = expanded(setting.trim() || "idpc", { folder, environment });
  const endings = platform === "win32" ? ["", ".exe", ".cmd"] : [""];
  if (/[\\/]/.test(wanted)) {
    const file = path.resolve(folder ?? ".", wanted);
    const found = endings.map((ending) => file + ending).find(runs);
    if (!found) {
      throw new NoProgram(`The setting idpc.path names ${file}, and there is no program.`);
    }
    return found;
  }
  const usual = USUAL.map((place) => expanded(place, { folder, environment }));
  const places = [...(environment.PATH ?? "").split(path.delimiter).filter(Boolean), ...usual];
  for (const place of places) {
    const found = endings.map((ending) => path.join(place, wanted + ending)).find(runs);
    if (found) {
      return found;
    }
  }
  throw new NoProgram(`The compiler \`${wanted}\` is not on the PATH. Install it, or say where it is.`);
}

module.exports = { NoProgram, expanded, find };

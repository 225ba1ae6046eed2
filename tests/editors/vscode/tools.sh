#!/usr/bin/env bash
# Brings what the tests of the extension need, in exactly the versions that lock files pin, and prints the folder of it:
#
# tools.sh package: what builds and packages the extension (editors/vscode/package-lock.json).
# tools.sh grammar: the engine that colors text in Visual Studio Code.
# tools.sh browser: Visual Studio Code in a browser, and what drives the browser.
#
# What is brought is kept under ${IDPC_TOOLS:-~/.cache/idpc-tools} by a stamp of everything it depends on, as
# tests/real/tools.sh does.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
extension=$(cd "$here/../../../editors/vscode" && pwd)
store=${IDPC_TOOLS:-$HOME/.cache/idpc-tools}
mkdir -p "$store"
store=$(cd "$store" && pwd)
# A lock of its own: the consumers of artifacts are built for minutes under theirs.
exec 9>"$store/lock-vscode"
flock 9

say() { printf 'tools: %s\n' "$*" >&2; }

# keep NAME STAMP BUILD...: runs BUILD... DIR, unless a finished DIR of the same stamp is there; prints DIR.
keep() {
  local name=$1 dir start=$SECONDS
  dir=$store/$name-$(printf '%s' "$2" | sha256sum | cut -c1-16)
  shift 2
  if [[ ! -e $dir/.finished ]]; then
    say "$name: building"
    rm -rf "$dir"
    mkdir -p "$dir"
    "$@" "$dir" >&2
    touch "$dir/.finished"
    say "$name: $((SECONDS - start)) s"
  fi
  printf '%s\n' "$dir"
}

# Nothing that a package wants to run runs by itself: such scripts bring programs from elsewhere.
bring() { npm "$@" --ignore-scripts --no-audit --no-fund --loglevel=error; }

# packages FOLDER DIR: what the lock file of FOLDER pins.
packages() {
  cp "$1/package.json" "$1/package-lock.json" "$2"
  (cd "$2" && bring ci)
}

# browser DIR: code-server. Its own packages are pinned inside of it, and five of them are built from source here, with
# the headers of the Node that is installed.
browser() {
  packages "$here/tools/browser" "$1"
  local prefix
  prefix=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
  [[ ! -e $prefix/include/node/node.h ]] || export npm_config_nodedir=$prefix
  (
    cd "$1/node_modules/code-server/lib/vscode"
    # Not `ci`: what pins them lacks a package of a package.
    bring install --omit=dev
    (cd extensions && bring install --omit=dev)
    npm rebuild --loglevel=error @vscode/spdlog native-watchdog @parcel/watcher
    # It is built; what it runs after that looks for what no package has.
    npm rebuild --loglevel=silent node-pty || true
    ln -sfn node_modules node_modules.asar
  )
  (cd "$1" && npm_config_build_from_source=true npm rebuild --loglevel=error argon2)
}

stamp() { node --version && cat "$1/package.json" "$1/package-lock.json"; }

case ${1:-} in
package) keep vscode-package "$(stamp "$extension")" packages "$extension" ;;
grammar) keep vscode-grammar "$(stamp "$here/tools/grammar")" packages "$here/tools/grammar" ;;
browser) keep vscode-browser "$(stamp "$here/tools/browser")" browser ;;
*)
  echo 'usage: tools.sh package | grammar | browser' >&2
  exit 2
  ;;
esac

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
# shellcheck source=tests/keep.sh
source "$here/../../keep.sh"
# A lock of its own: the consumers of artifacts are built for minutes under theirs.
alone lock-vscode

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
printf '%s\n' "${kept[0]}"

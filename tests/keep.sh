# shellcheck shell=bash
# Read by the scripts that bring tools: where those are kept, and that a finished one is not brought again. Each is kept
# under ${IDPC_TOOLS:-~/.cache/idpc-tools} by a stamp of everything it depends on, so that a second run costs nothing and
# a changed pin brings one tool anew. What was interrupted starts again.
store=${IDPC_TOOLS:-$HOME/.cache/idpc-tools}
mkdir -p "$store"
store=$(cd "$store" && pwd)

say() { printf 'tools: %s\n' "$*" >&2; }

# alone LOCK: waits for another run, which would bring the same thing and clean up under this one.
alone() {
  exec 9>"$store/$1"
  flock 9
}

# keep NAME STAMP BUILD...: runs BUILD... DIR, unless a finished DIR of the same stamp is there. The finished ones are
# collected in $kept.
kept=()
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
  kept+=("$dir")
}

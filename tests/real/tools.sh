#!/usr/bin/env bash
# Brings the consumers of our artifacts onto this machine, in exactly the versions that the dependency files beside
# this script pin, and prints the folder that holds them: backstage/, bin/, crds/, sarif/ and venv/.
#
# tools.sh chain: also what a delivery takes besides its readers: Argo CD, redis, the controllers of Kubernetes, and the
# functions of Crossplane that a registry serves, function-pythonic in functions/.
#
# What is built is kept under ${IDPC_TOOLS:-~/.cache/idpc-tools} by a stamp of everything it depends on, so a second
# run costs nothing and a changed pin rebuilds one tool. A build that was interrupted starts again; the work folder
# (module and build caches of Go) stays for that next try and goes once everything is built.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/keep.sh
source "$here/../keep.sh"
work=$store/work
alone lock

# What the builds of Go need: nothing outside the committed go.sum, no C compiler, and removable caches of their own.
export GOCACHE=$work/build GOMODCACHE=$work/modules GOWORK=off CGO_ENABLED=0
export GOFLAGS='-mod=readonly -trimpath -buildvcs=false -modcacherw'

# go_tool LDFLAGS MODULE_FOLDER DIR: builds every `tool` line of one go.mod. The modules are brought first and on their
# own, tried three times, because a network hiccup must not look like a build that fails.
go_tool() {
  mkdir -p "$3/bin" "$GOCACHE"
  cd "$2"
  local try
  for try in 1 2 3; do
    go list -deps tool >"$3/packages" && break
    say "downloading the modules of $2 failed (try $try of 3)"
    sleep $((try * 5))
  done
  rm "$3/packages"
  go build -p 2 -ldflags "-s -w $1" -o "$3/bin/" tool
  cd "$here"
}

# pinned FOLDER MODULE: the version that FOLDER's go.mod pins.
pinned() { sed -nE "s#^(require )?[[:space:]]*$2 (v[^ ]+).*#\2#p" "$here/tools/$1/go.mod" | head -n 1; }

# unpack PACKAGE... DIR: packages of the distribution without installing them, so that no service of theirs starts.
unpack() {
  local dir=${*: -1}
  set -- "${@:1:$#-1}"
  mkdir -p "$dir/bin" "$dir/root"
  (
    cd "$dir"
    apt-get download "$@" 2>/dev/null || { apt-get update && apt-get download "$@"; }
    for package in *.deb; do dpkg -x "$package" root; done
    rm -f ./*.deb
  )
}

# debian PACKAGE... DIR: the packages, with the programs that are used of them.
debian() {
  unpack "$@"
  local dir=${*: -1} tool
  for tool in etcd promtool shellcheck; do
    ln -s "../root/usr/bin/$tool" "$dir/bin/$tool"
    "$dir/bin/$tool" --version >/dev/null
  done
}

# redis PACKAGE... DIR: the server, which finds the libraries of these packages beside it.
redis() {
  unpack "$@"
  local dir=${*: -1}
  # shellcheck disable=SC2016
  printf '#!/bin/sh\nLD_LIBRARY_PATH=$(echo %s/root/usr/lib/*-linux-gnu) exec %s/root/usr/bin/redis-server "$@"\n' \
    "$dir" "$dir" >"$dir/bin/redis-server"
  chmod +x "$dir/bin/redis-server"
  "$dir/bin/redis-server" --version >/dev/null
}

# argocd DIR: one program; which part of Argo CD it is depends on the name that it is called by.
argocd() {
  go_tool "-X github.com/argoproj/argo-cd/v3/common.version=$(pinned argocd github.com/argoproj/argo-cd/v3)" "$here/tools/argocd" "$1"
  mv "$1/bin/cmd" "$1/bin/argocd"
}

# python REQUIREMENTS DIR: an environment with the packages of one list.
python() {
  python3 -m venv "$2"
  "$2/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$1"
}

# crds DIR: the CRDs that the projects publish inside their Go modules, as JSON.
crds() { "$venv/bin/python" "$here/tools/crds/unpack.py" "$here/tools/crds/modules.sum" "$1"; }

# node FOLDER DIR: what the lock file of tools/FOLDER pins, with what else lies there.
node() {
  cp "$here/tools/$1"/* "$2"
  (cd "$2" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
}

# sarif DIR: the validator of SARIF logs with their schema. A package cannot say that its program may run.
sarif() {
  node sarif "$1"
  chmod +x "$1/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
}

go_stamp() { go env GOVERSION GOOS GOARCH && cat "$here/tools/$1/go.mod" "$here/tools/$1/go.sum"; }

keep python "$(python3 --version && cat "$here/requirements.txt")" python "$here/requirements.txt"
venv=${kept[-1]}
# An environment of its own: it pins what the others need newer.
keep checkov "$(python3 --version && cat "$here/tools/checkov/requirements.txt")" python "$here/tools/checkov/requirements.txt"
checkov=${kept[-1]}
# The release of the distribution decides the versions, and it fixes them for its lifetime.
# shellcheck source=/dev/null
keep debian "etcd-server prometheus shellcheck, $(. /etc/os-release && printf '%s' "$PRETTY_NAME")" \
  debian etcd-server prometheus shellcheck
keep crds "$(cat "$here/tools/crds/modules.sum" "$here/tools/crds/unpack.py")" crds
crd_folder=${kept[-1]}
keep backstage "$(command node --version && cat "$here"/tools/backstage/*)" node backstage
backstage=${kept[-1]}
keep sarif "$(cat "$here"/tools/sarif/*)" sarif
sarif=${kept[-1]}
for name in actionlint codeowners kubeconform kustomize; do
  keep "$name" "$(go_stamp $name)" go_tool '' "$here/tools/$name"
done
kubernetes=$(pinned kube-apiserver k8s.io/kubernetes)
version=k8s.io/component-base/version
keep kube-apiserver "$(go_stamp kube-apiserver)" go_tool \
  "-X $version.gitVersion=$kubernetes -X $version.gitMajor=1 -X $version.gitMinor=$(cut -d. -f2 <<<"$kubernetes")" \
  "$here/tools/kube-apiserver"
crossplane=github.com/crossplane/crossplane/v2
keep crossplane "$(go_stamp crossplane)" go_tool \
  "-X $crossplane/internal/version.version=$(pinned crossplane $crossplane)" "$here/tools/crossplane"
if [[ ${1:-} == chain ]]; then
  # The same sources as the API server's, so that their caches serve it.
  keep kube-controller-manager "$(go_stamp kube-controller-manager)" go_tool \
    "-X $version.gitVersion=$kubernetes" "$here/tools/kube-controller-manager"
  keep function-auto-ready "$(go_stamp function-auto-ready)" go_tool '' "$here/tools/function-auto-ready"
  keep argocd "$(go_stamp argocd)" argocd
  # shellcheck source=/dev/null
  keep redis "redis-server, $(. /etc/os-release && printf '%s' "$PRETTY_NAME")" \
    redis redis-server redis-tools libjemalloc2 liblua5.1-0 liblzf1 lua-bitop lua-cjson
  keep functions "$(python3 --version && cat "$here/tools/functions/requirements.txt")" \
    python "$here/tools/functions/requirements.txt"
  functions=${kept[-1]}
fi
rm -rf "$work"

# One folder that names the set, so that a caller needs one path.
set=$store/set-$(printf '%s\n' "${kept[@]}" | sha256sum | cut -c1-16)
if [[ ! -e $set ]]; then
  rm -rf "$set.new"
  mkdir -p "$set.new/bin"
  for dir in "${kept[@]}"; do
    [[ $dir == "$venv" || $dir == "$checkov" || $dir == "${functions:-}" ]] || [[ ! -d $dir/bin ]] || ln -s "$dir"/bin/* "$set.new/bin/"
  done
  ln -s "$venv/bin/zizmor" "$checkov/bin/checkov" "$set.new/bin/"
  ln -s "$venv" "$set.new/venv"
  ln -s "$crd_folder" "$set.new/crds"
  ln -s "$backstage" "$set.new/backstage"
  ln -s "$sarif" "$set.new/sarif"
  [[ -z ${functions:-} ]] || ln -s "$functions" "$set.new/functions"
  mv "$set.new" "$set"
fi
printf '%s\n' "$set"

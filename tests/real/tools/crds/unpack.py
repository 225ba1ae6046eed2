"""Fetches the Go modules of `modules.sum` and writes each CRD inside them as one JSON file, `<group>_<Kind>.json`.

The projects publish their CRDs in their repositories, and the module proxy is where a pinned, checksummed copy of
those is to be had. A module's checksum must equal the committed one. JSON, because reading it takes a fiftieth of the
time that YAML takes.
"""

import json
import os
import pathlib
import subprocess
import sys

import yaml


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML with two scalars left as text: a bare `=` (an operator in some enums) and what looks like a date."""


for tag in ("tag:yaml.org,2002:value", "tag:yaml.org,2002:timestamp"):
    Loader.add_constructor(tag, lambda loader, node: node.value)


def folder_of(module: str, version: str, checksum: str) -> pathlib.Path:
    """Downloads one module, and only that, and returns its unpacked folder."""
    command = ["go", "mod", "download", "-json", f"{module}@{version}"]
    # The committed checksum is stronger than a look-up in a checksum database, and needs no network.
    environment = os.environ | {"GOFLAGS": "-modcacherw", "GONOSUMDB": "*"}
    answer = subprocess.run(command, env=environment, cwd="/", stdout=subprocess.PIPE, check=False).stdout
    found = json.loads(answer)
    if "Error" in found:
        sys.exit(f"{module}@{version}: {found['Error']}")
    if found["Sum"] != checksum:
        sys.exit(f"{module}@{version}: checksum {found['Sum']}, expected {checksum}")
    return pathlib.Path(found["Dir"])


def main(sums: str, target: str) -> None:
    """Writes every CRD of every module listed in `sums` into the folder `target`."""
    for line in pathlib.Path(sums).read_text().splitlines():
        module, version, checksum, inside = line.split()
        count = 0
        for source in sorted((folder_of(module, version, checksum) / inside).glob("*.yaml")):
            for document in yaml.load_all(source.read_text(), Loader):
                if document and document.get("kind") == "CustomResourceDefinition":
                    spec = document["spec"]
                    name = f"{spec['group']}_{spec['names']['kind']}.json"
                    pathlib.Path(target, name).write_text(json.dumps(document))
                    count += 1
        if not count:
            sys.exit(f"{module}@{version} has no CRD in {inside}")
        print(f"tools: {count} CRDs of {module} {version}")


main(*sys.argv[1:])

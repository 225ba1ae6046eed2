"""What `idpc expand` says beside what the real function makes of the same Compositions.

Where `function-patch-and-transform` is on PATH, `crossplane render` runs every claim's Composition through it. No registry
serves it, so elsewhere `rendered/results.json` stands in: the version that was asked, and for the hash of each input the
hash of its answer. An input without an answer there is a failure: the results are old. idpc never writes them;
`tests/real/record VERSION` does, from the function alone.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import json
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

import yaml

from harness import expansion
from harness.processes import Process, free_ports
from harness.report import Report
from harness.tree import Document, File, Loader, documents, files

SAME = "expansion is the function's"
FUNCTION = "function-patch-and-transform"
RESULTS = pathlib.Path(__file__).resolve().parent.parent / "rendered" / "results.json"
OLDEST = (0, 10)
SECONDS_TO_START = 30
Body = dict[str, Any]


class Renderer:
    """The function, running, or its recorded answers."""

    def __init__(self, tools: pathlib.Path, folder: pathlib.Path) -> None:
        self.crank = str(tools / "bin" / "crank")
        self.folder = folder
        self.program = shutil.which(FUNCTION)
        self.process: Process | None = None
        self.target = ""
        recorded = json.loads(RESULTS.read_text()) if RESULTS.exists() else {"version": "none", "answers": {}}
        self.version: str = recorded["version"]
        self.answers: dict[str, str] = recorded["answers"]

    def source(self) -> str:
        """Which of the two answers."""
        where = f"by {self.program}" if self.program else f"by {len(self.answers)} recorded answers of {self.version}"
        return f"{SAME}: judged {where}"

    def render(self, asked: Body) -> dict[str, Body]:
        """The composed resources by the name that the Composition gives them, as `crossplane render` prints them."""
        self._start()
        annotations = {
            "render.crossplane.io/runtime": "Development",
            "render.crossplane.io/runtime-development-target": self.target,
        }
        functions = {step["functionRef"]["name"] for step in asked["composition"]["spec"]["pipeline"]}
        texts = {
            "composite": json.dumps(asked["composite"]),
            "composition": json.dumps(asked["composition"]),
            "xrd": json.dumps(asked["xrd"]),
            "functions": yaml.safe_dump_all(
                {
                    "apiVersion": "pkg.crossplane.io/v1",
                    "kind": "Function",
                    "metadata": {"name": name, "annotations": annotations},
                    "spec": {"package": f"example.org/{name}:v0"},
                }
                for name in sorted(functions)
            ),
        }
        for name, text in texts.items():
            (self.folder / f"{name}.yaml").write_text(text)
        files = (f"{name}.yaml" for name in ("composite", "composition", "functions"))
        # The definition brings the defaults, and what a composite of this form is given.
        command = [self.crank, "render", *files, "--xrd=xrd.yaml"]
        run = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=60, check=False)
        if run.returncode:
            raise RuntimeError(f"crossplane render: {run.stderr.strip()}")
        bodies = [body for body in yaml.load_all(run.stdout, Loader) if body]
        own = asked["composite"]
        # A composite may have the kind of what it composes, of another API.
        others = (body for body in bodies if (body["apiVersion"], body["kind"]) != (own["apiVersion"], own["kind"]))
        return dict(_part(body, own) for body in others)

    def stop(self) -> None:
        """Ends the function."""
        if self.process:
            self.process.stop()

    def _start(self) -> None:
        if self.process:
            return
        assert self.program
        (port,) = free_ports(1)
        self.target = f"dns:///127.0.0.1:{port}"
        self.process = Process([self.program, "--insecure", f"--address=127.0.0.1:{port}"], self.folder)

        def answers() -> bool:
            with socket.socket() as connection:
                return connection.connect_ex(("127.0.0.1", port)) == 0

        self.process.wait_until(answers, SECONDS_TO_START)


def check(documents: list[Document], files: list[File], renderer: Renderer, report: Report) -> None:
    """Every claim of one environment, if `idpc expand` was run beside the tree."""
    environment = files[0].environment
    place = files[0].root.parent / "expanded" / f"{environment}.jsonl"
    if not place.exists():
        return
    if not renderer.program and not renderer.answers:
        report.skipped(SAME, environment, f"NOT CHECKED: {FUNCTION} is not on PATH, and nothing of it is recorded")
        return
    report.note(renderer.source())
    said: dict[str, dict[str, Body]] = {}
    for line in place.read_text().splitlines():
        each = json.loads(line)
        said.setdefault(each["claim"], {})
        if "object" in each:
            said[each["claim"]][each["part"]] = each["object"]
    for claim, asked in inputs(documents):
        ours = said.get(claim, {})
        problem = _differs(renderer.render(asked), ours) if renderer.program else _recorded(asked, ours, renderer)
        report.verdict(SAME, f"{environment} {claim}", problem)


def inputs(documents: list[Document]) -> Iterator[tuple[str, Body]]:
    """Each claim with what the function is asked: the composite, and the steps of its Composition that compose."""
    compositions = {each.name: each.body for each in documents if each.kind == "Composition"}
    for definition in [each.body for each in documents if each.kind == "CompositeResourceDefinition"]:
        xrd = definition["spec"]
        kind = xrd.get("claimNames", xrd["names"])["kind"]
        for claim in [each for each in documents if (each.group, each.kind) == (xrd["group"], kind)]:
            composite = _composite(claim, xrd)
            settings = composite["spec"] if "claimNames" in xrd else composite["spec"].get("crossplane", {})
            chosen = settings.get("compositionRef", xrd.get("defaultCompositionRef", {})).get("name")
            if chosen not in compositions:
                continue
            composition = copy.deepcopy(compositions[chosen])
            # What only tells when all is ready makes nothing.
            composition["spec"]["pipeline"] = [step for step in composition["spec"]["pipeline"] if "input" in step]
            asked = {"composite": composite, "composition": composition, "xrd": definition}
            yield f"{kind} {claim.namespace}/{claim.name}", asked


def _composite(claim: Document, xrd: Body) -> Body:
    """The composite that Crossplane makes of a claim; it gets the claim's own name, which no cluster would give it."""
    composite = copy.deepcopy(claim.body)
    composite["kind"] = xrd["names"]["kind"]
    if "claimNames" in xrd:
        del composite["metadata"]["namespace"]
        labels = composite["metadata"].setdefault("labels", {})
        labels |= {"crossplane.io/claim-name": claim.name, "crossplane.io/claim-namespace": claim.namespace}
        composite["spec"]["claimRef"] = expansion.claim_ref(claim)
    return composite


def _part(body: Body, composite: Body) -> tuple[str, Body]:
    """A printed resource as a cluster gets it: not owned by this one run's composite, and found by its claim.

    The controller puts the labels of the claim on what is composed; the command, which knows no claims, does not.
    """
    metadata = body["metadata"]
    del metadata["ownerReferences"]
    labels = composite["metadata"].get("labels", {})
    metadata["labels"] |= {name: text for name, text in labels.items() if name.startswith("crossplane.io/claim-")}
    return metadata["annotations"]["crossplane.io/composition-resource-name"], body


def _differs(real: dict[str, Body], ours: dict[str, Body]) -> str:
    lines = []
    for part in sorted(real.keys() | ours.keys()):
        if real.get(part) != ours.get(part):
            lines.append(f"{part} is not what the function makes")
            lines += [f"idpc: {json.dumps(ours.get(part), sort_keys=True)}"]
            lines += [f"real: {json.dumps(real.get(part), sort_keys=True)}"]
    return "\n".join(lines)


def _recorded(asked: Body, ours: dict[str, Body], renderer: Renderer) -> str:
    answer = renderer.answers.get(_key(asked))
    if answer is None:
        return "nobody has recorded what the function makes of this input: run tests/real/record VERSION with it on PATH"
    return "" if answer == _hash(ours) else f"it is not what the function {renderer.version} makes"


def _key(asked: Body) -> str:
    """The hash of an input. What a definition says counts only by the defaults that it brings."""
    composite = copy.deepcopy(asked["composite"])
    expansion.complete(composite, asked["xrd"]["spec"]["versions"][0]["schema"]["openAPIV3Schema"])
    return _hash([composite, asked["composition"]])


def _hash(value: Any) -> str:
    """Half of a SHA-256 tells a few hundred inputs apart."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:32]


def _record(version: str, trees: list[pathlib.Path], tools: pathlib.Path) -> int:
    if not re.fullmatch(r"v\d+\.\d+\.\d+", version) or tuple(map(int, version[1:].split(".")[:2])) < OLDEST:
        sys.exit(f"{version} is no version such as v0.10.0, or an older one")
    answers = {}
    with tempfile.TemporaryDirectory() as folder:
        renderer = Renderer(tools, pathlib.Path(folder))
        if not renderer.program:
            sys.exit(f"{FUNCTION} is not on PATH")
        try:
            for tree in trees:
                environments: dict[str, list[Document]] = {}
                for file in files(tree):
                    if re.fullmatch(r"(envs|platform)/.+\.yaml", file.path):
                        environments.setdefault(file.environment, []).extend(documents(file.text, file.path))
                for found in environments.values():
                    for _, asked in inputs(found):
                        if (key := _key(asked)) not in answers:
                            answers[key] = _hash(renderer.render(asked))
        finally:
            renderer.stop()
    RESULTS.write_text(json.dumps({"version": version, "answers": answers}, indent=0, sort_keys=True) + "\n")
    print(f"{len(answers)} answers of {FUNCTION} {version}")
    return 0 if answers else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="tests/real/record", description="Records what the function on PATH makes.")
    parser.add_argument("--tools", type=pathlib.Path, required=True, help="what tools.sh has printed")
    parser.add_argument("version", help="the version of the function: v0.10.0")
    parser.add_argument("trees", metavar="TREE", nargs="+", type=pathlib.Path, help="an output folder of `idpc build`")
    arguments = parser.parse_args()
    sys.exit(_record(arguments.version, arguments.trees, arguments.tools.resolve()))

"""`crossplane beta validate`: what a user of Crossplane runs before anything reaches a cluster."""

from __future__ import annotations

import json
import pathlib
from typing import Any

from harness.crds import CROSSPLANE_GROUPS
from harness.lab import Lab
from harness.processes import run
from harness.report import Report
from harness.tree import Document

CONSUMER = "crossplane beta validate"
MISSING = "[!] could not find CRD/XRD for: "


def check(documents: list[Document], lab: Lab, report: Report) -> None:
    """XRDs, Compositions, package objects, claims and composites of one environment, in one run."""
    xrds = [each for each in documents if each.kind == "CompositeResourceDefinition"]
    ours = {(xrd.body["spec"]["group"], kind) for xrd in xrds for kind in _kinds(xrd)}
    judged = [each for each in documents if each.group in CROSSPLANE_GROUPS or (each.group, each.kind) in ours]
    if not judged:
        return
    folder = lab.new_folder("validate")
    inputs = {(step["input"]["apiVersion"], step["input"]["kind"]) for step in _steps(judged) if "input" in step}
    schemas = [crd for version, kind in sorted(inputs) if (crd := lab.catalog.get(version.rpartition("/")[0], kind))]
    definitions = _write(folder / "definitions", [each.text for each in xrds] + [json.dumps(crd) for crd in schemas])
    resources = _write(folder / "resources", [each.text for each in judged])
    command = [lab.tool("crank"), "beta", "validate", "--error-on-missing-schemas", "--skip-success-results"]
    command += ["--cache-dir", str(_cache(lab)), "--crossplane-image", "crossplane:local"]
    code, said = run([*command, str(definitions), str(resources)])
    wrong = [line for line in said.splitlines() if line.startswith(("[x]", "[!]"))]
    if code and not wrong:
        wrong = [said]
    for version, kind in sorted(inputs):
        line = f"{MISSING}{version}, Kind={kind}"
        reason = lab.why_unchecked(version.rpartition("/")[0], kind)
        if reason and line in wrong:
            wrong = [each for each in wrong if each != line]
            report.skipped(CONSUMER, f"inputs of {kind}", f"{version} {kind}: {reason}")
    for document in judged:
        # A line names the object by kind and name; one that names none of ours is told with the first.
        mine = [line for line in wrong if f"Kind={document.kind}, {document.name} " in f"{line} "]
        wrong = [line for line in wrong if line not in mine]
        report.verdict(CONSUMER, document.subject, "\n".join(mine))
    if wrong:
        report.failed(CONSUMER, "the environment as a whole", "\n".join(wrong))


def _steps(documents: list[Document]) -> list[dict[str, Any]]:
    """The steps of all Compositions."""
    compositions = [each for each in documents if each.kind == "Composition"]
    return [step for composition in compositions for step in composition.body["spec"].get("pipeline", [])]


def _kinds(xrd: Document) -> list[str]:
    """The kinds that a definition makes."""
    spec = xrd.body["spec"]
    return [spec[names]["kind"] for names in ("names", "claimNames") if spec.get(names)]


def _write(folder: pathlib.Path, texts: list[str]) -> pathlib.Path:
    folder.mkdir()
    for index, text in enumerate(texts):
        (folder / f"{index}.yaml").write_text(text)
    return folder


def _cache(lab: Lab) -> pathlib.Path:
    """Where the command looks for the CRDs of Crossplane's own image before it would download them."""
    cache = lab.folder / "crossplane-cache"
    package = cache / "crossplane@local" / "package.yaml"
    if not package.exists():
        package.parent.mkdir(parents=True)
        package.write_text("\n---\n".join(json.dumps(crd) for crd in lab.catalog.crossplane()))
    return cache

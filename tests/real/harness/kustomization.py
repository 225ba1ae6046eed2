"""Kustomizations at `kustomize build`, and what they build at the API server: that is what Argo CD applies."""

from __future__ import annotations

import pathlib

from harness import kubernetes, releases
from harness.lab import Lab
from harness.processes import run
from harness.report import Report
from harness.tree import Document, File, Malformed, documents

CONSUMER = "kustomize build"


def check(files: list[File], lab: Lab, report: Report) -> None:
    """Every Kustomization is built; a Component is no root and must be part of one that is."""
    components, reached = [], set()
    for file in files:
        try:
            (body,) = file.documents
        except (Malformed, ValueError) as error:
            report.failed(CONSUMER, file.path, str(error))
            continue
        folder = file.place.parent
        for name in ("resources", "components"):
            reached |= {(folder / each).resolve() for each in body.body.get(name, [])}
        if body.kind == "Component":
            components.append(file)
        else:
            _build(file, lab, report)
    for file in components:
        used = file.place.parent.resolve() in reached
        report.verdict(CONSUMER, file.path, "" if used else "no Kustomization has this Component")


def _build(file: File, lab: Lab, report: Report) -> None:
    # Standard error has the warnings, which belong to no document.
    code, said = run([lab.tool("kustomize"), "build", str(file.place.parent)])
    report.verdict(CONSUMER, file.path, said if code else "")
    if code:
        return
    built: list[Document] = documents(said, f"{pathlib.PurePosixPath(file.path).parent} as built:")
    kubernetes.prepare(built, lab)
    kubernetes.dry_run(built, lab, report)
    releases.check(file, built, lab, report)

"""What a Composition hands to its functions: the API server sees only an opaque block there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from harness import schema
from harness.crds import schema as schema_of_crd
from harness.lab import Lab
from harness.report import Report
from harness.tree import Document

INPUT = "function input"
BASE = "composed resource"
PATCH = "patch"
REFERENCE = "what a Composition refers to"
RESOURCES = ("pt.fn.crossplane.io", "Resources")
# Which end of a patch lies in the composite; the other lies in the composed resource.
COMPOSITE_ENDS = {
    "FromCompositeFieldPath": "from",
    "CombineFromComposite": "from",
    "ToCompositeFieldPath": "to",
    "CombineToComposite": "to",
}


def check(documents: list[Document], lab: Lab, report: Report) -> None:
    """Function inputs, bases and patches of every Composition of one environment."""
    composites = {
        (f"{xrd.body['spec']['group']}/{version['name']}", xrd.body["spec"]["names"]["kind"]): xrd.name
        for xrd in documents
        if xrd.kind == "CompositeResourceDefinition"
        for version in xrd.body["spec"]["versions"]
    }
    functions = {each.name for each in documents if each.group == "pkg.crossplane.io" and each.kind == "Function"}
    for composition in documents:
        if composition.kind == "Composition":
            _composition(composition, composites, functions, lab, report)


def _composition(
    composition: Document, composites: dict[tuple[str, str], str], functions: set[str], lab: Lab, report: Report
) -> None:
    spec = composition.body["spec"]
    reference = spec["compositeTypeRef"]
    xrd = composites.get((reference["apiVersion"], reference["kind"]))
    steps = spec.get("pipeline", [])
    problems = [
        f"the environment has no Function {step['functionRef']['name']}"
        for step in steps
        if step["functionRef"]["name"] not in functions
    ]
    if not xrd:
        problems.append(f"no XRD defines {reference['apiVersion']} {reference['kind']}")
    report.verdict(REFERENCE, composition.subject, "\n".join(problems))
    composite = _version(lab.crossplane.crd(xrd), reference["apiVersion"]) if xrd else None
    for step in steps:
        if "input" in step:
            _step(step["input"], f"{composition.subject} step {step['step']}", composite, lab, report)


def _version(crd: dict[str, Any] | None, api_version: str) -> dict[str, Any] | None:
    return schema_of_crd(crd, api_version.rpartition("/")[2]) if crd else None


def _step(body: dict[str, Any], subject: str, composite: dict[str, Any] | None, lab: Lab, report: Report) -> None:
    """One step: its input at the API server, then what it composes."""
    group, kind = body["apiVersion"].rpartition("/")[0], body["kind"]
    if lab.catalog.get(group, kind):
        report.verdict(INPUT, subject, _input_problem(body, lab))
    else:
        _absent(group, kind, INPUT, subject, lab, report)
    if (group, kind) != RESOURCES:
        return
    shared = {each["name"]: each["patches"] for each in body.get("patchSets", [])}
    for resource in body["resources"]:
        _resource(resource, shared, f"{subject} {resource['name']}", composite, lab, report)


def _input_problem(body: dict[str, Any], lab: Lab) -> str:
    """An input is no stored object, but its schema is a CRD, so a dry run under a made-up name judges it in full."""
    lab.crds.need({(body["apiVersion"].rpartition("/")[0], body["kind"])})
    resource = lab.cluster.api.resource(body["apiVersion"], body["kind"])
    if not resource:
        return f"the CRD of {body['kind']} has no version {body['apiVersion']}"
    place = lab.cluster.api.place(resource, body["apiVersion"], "default", "input")
    named = body | {"metadata": {"name": "input"}}
    answer = lab.cluster.api.apply(place, json.dumps(named), dry_run=True)
    return "" if answer.ok else answer.message


def _resource(
    resource: dict[str, Any],
    shared: dict[str, list[dict[str, Any]]],
    subject: str,
    composite: dict[str, Any] | None,
    lab: Lab,
    report: Report,
) -> None:
    """One composed resource: its base against its CRD, and both ends of its patches."""
    base = resource.get("base", {})
    api_version, kind = base.get("apiVersion", ""), base.get("kind", "")
    group = api_version.rpartition("/")[0]
    composed = _version(lab.catalog.get(group, kind), api_version)
    if composed:
        wrong = schema.problems(composed, base) + schema.missing(composed, base, _targets(resource, shared))
        report.verdict(BASE, subject, "\n".join(wrong))
    elif lab.catalog.get(group, kind):
        report.failed(BASE, subject, f"the CRD of {kind} has no version {api_version}")
    else:
        _absent(group, kind, BASE, subject, lab, report)
    problems = [
        problem
        for known, path in _fields(resource, shared, composite, composed)
        if known and (problem := schema.field(known, path))
    ]
    problems += [
        f"there is no patch set {patch['patchSetName']}"
        for patch in resource.get("patches", [])
        if patch.get("type") == "PatchSet" and patch["patchSetName"] not in shared
    ]
    # With one end unknown, what is wrong at the other is still wrong, but nothing is proven right.
    if problems or (composed and composite):
        report.verdict(PATCH, subject, "\n".join(problems))


def _fields(
    resource: dict[str, Any],
    shared: dict[str, list[dict[str, Any]]],
    composite: dict[str, Any] | None,
    composed: dict[str, Any] | None,
) -> Iterator[tuple[dict[str, Any] | None, str]]:
    """Every field path of one composed resource, with the schema in which it must exist."""
    for patch in _flat(resource.get("patches", []), shared):
        composite_end = COMPOSITE_ENDS.get(patch.get("type", "FromCompositeFieldPath"))
        if composite_end:
            for end, path in _paths(patch):
                yield (composite if end == composite_end else composed), path
    for check in resource.get("readinessChecks", []):
        if "fieldPath" in check:
            yield composed, check["fieldPath"]
    for detail in resource.get("connectionDetails", []):
        if "fromFieldPath" in detail:
            yield composed, detail["fromFieldPath"]


def _targets(resource: dict[str, Any], shared: dict[str, list[dict[str, Any]]]) -> list[str]:
    """The fields of one composed resource that are patched from the composite."""
    return [
        path
        for patch in _flat(resource.get("patches", []), shared)
        if COMPOSITE_ENDS.get(patch.get("type", "FromCompositeFieldPath")) == "from"
        for end, path in _paths(patch)
        if end == "to"
    ]


def _flat(patches: list[dict[str, Any]], shared: dict[str, list[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """The patches with each named set replaced by what is in it."""
    for patch in patches:
        if patch.get("type") == "PatchSet":
            yield from shared.get(patch["patchSetName"], [])
        else:
            yield patch


def _paths(patch: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The field paths of a patch, each with the end it stands at. Without a target the source's path is the target."""
    sources = [each["fromFieldPath"] for each in patch.get("combine", {}).get("variables", [])]
    if "fromFieldPath" in patch:
        sources.append(patch["fromFieldPath"])
    for source in sources:
        yield "from", source
    target = patch.get("toFieldPath", patch.get("fromFieldPath"))
    if target:
        yield "to", target


def _absent(group: str, kind: str, consumer: str, subject: str, lab: Lab, report: Report) -> None:
    reason = lab.why_unchecked(group, kind)
    if reason:
        report.skipped(consumer, subject, f"{group}/{kind}: {reason}")
    else:
        report.failed(consumer, subject, f"nobody publishes a schema of {group}/{kind}")

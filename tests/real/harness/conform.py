"""kubeconform over all objects of an environment: each object against a JSON schema, by a program that asks no server.

The schemas are those of this control plane: the built-in kinds as it describes them at /openapi/v3, the others from the
CRDs that are installed on it, those that Crossplane derives included. They are closed here, so that a field that no
schema has is refused: kubeconform itself knows closed schemas only as other files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from harness import crds
from harness.api import Api
from harness.lab import Lab
from harness.processes import run
from harness.report import Report
from harness.tree import Document, File, Malformed

CONSUMER = "kubeconform"
LOCATION = "{{ .Group }}/{{ .ResourceKind }}_{{ .ResourceAPIVersion }}.json"
Schema = dict[str, Any]


def check(files: list[File], lab: Lab, report: Report) -> None:
    """Every object of one environment, whose definitions Crossplane has been offered."""
    _write_schemas(_kinds(files), lab)
    location = f"{lab.schemas}/{LOCATION}"
    command = [lab.tool("kubeconform"), "-strict", "-verbose", "-output", "json", "-schema-location", location]
    code, said = run([*command, *(str(file.place) for file in files)])
    try:
        results = json.loads(said[said.find("{") :])["resources"]
    except (ValueError, KeyError):
        report.failed(CONSUMER, files[0].path, f"exit {code}:\n{said[-2000:]}")
        return
    paths = {str(file.place): file.path for file in files}
    for each in results:
        if each["status"] != "statusEmpty":
            _judge(each, paths[each["filename"]], lab, report)


def _kinds(files: list[File]) -> set[tuple[str, str]]:
    """What the schemas are needed for: pairs of API version and kind. A file that is no YAML has none to name."""
    found = set()
    for file in files:
        try:
            found |= {(each.api_version, each.kind) for each in file.documents}
        except (Malformed, UnicodeDecodeError):
            continue
    return found


def _judge(result: dict[str, str], path: str, lab: Lab, report: Report) -> None:
    subject = f"{path} {result['kind']} {result['name']}"
    if result["status"] in ("statusValid", "statusInvalid"):
        report.verdict(CONSUMER, subject, "" if result["status"] == "statusValid" else result["msg"])
        return
    group = Document(path, "", {"apiVersion": result["version"]}).group
    reason = lab.why_unchecked(group, result["kind"]) if "could not find schema" in result["msg"] else ""
    if reason:
        report.skipped(CONSUMER, subject, f"{group}/{result['kind']}: {reason}")
    else:
        report.failed(CONSUMER, subject, f"{result['status']}: {result['msg']}")


def _write_schemas(kinds: set[tuple[str, str]], lab: Lab) -> None:
    """One file for each kind, in the place where kubeconform looks for it."""
    lab.crds.need({(version.rpartition("/")[0], kind) for version, kind in kinds})
    api = lab.cluster.api
    installed = api.get("/apis/apiextensions.k8s.io/v1/customresourcedefinitions").body["items"]
    custom = {(each["spec"]["group"], each["spec"]["names"]["kind"]): each for each in installed}
    for version in sorted({version for version, _ in kinds}):
        group, _, short = version.rpartition("/")
        folder = lab.schemas / (group or version)
        wanted = {kind: folder / f"{kind.lower()}_{short}.json" for at, kind in kinds if at == version}
        found: dict[str, Schema] = {}
        for kind in wanted:
            schema = crds.schema(custom[group, kind], short) if (group, kind) in custom else None
            if schema:
                found[kind] = _object(schema)
        # What the server itself has never changes while it runs.
        missing = {kind for kind, place in wanted.items() if kind not in found and not place.exists()}
        if missing:
            found |= {kind: schema for kind, schema in _built_in(version, api) if kind in missing}
        for kind, schema in found.items():
            wanted[kind].parent.mkdir(exist_ok=True)
            wanted[kind].write_text(json.dumps(schema))


def _built_in(version: str, api: Api) -> Iterator[tuple[str, Schema]]:
    """The kinds of one version that the server has without any CRD."""
    group, _, short = version.rpartition("/")
    answer = api.get(f"/openapi/v3/{'apis' if group else 'api'}/{version}")
    if not answer.ok:
        return
    components = {name: _closed(each) for name, each in answer.body["components"]["schemas"].items()}
    for name, component in components.items():
        for each in component.get("x-kubernetes-group-version-kind", []):
            if (each["group"], each["version"]) == (group, short):
                yield each["kind"], {"$ref": f"#/components/schemas/{name}", "components": {"schemas": components}}


def _object(schema: Schema) -> Schema:
    """The schema of a CRD, with what every object has besides."""
    closed = _closed(schema)
    texts: Schema = {"type": "object", "additionalProperties": {"type": "string"}}
    metadata = {key: {"type": "string"} for key in ("name", "namespace", "generateName")}
    known = {**metadata, "labels": texts, "annotations": texts, "finalizers": {"type": "array"}}
    closed["properties"] = {
        **closed["properties"],
        "apiVersion": {"type": "string"},
        "kind": {"type": "string"},
        "metadata": {"type": "object", "properties": known, "additionalProperties": False},
    }
    return closed


def _closed(schema: Schema) -> Schema:
    """A schema of OpenAPI as one of JSON: null where it may stand, and no field that is not named."""
    left = ("nullable", "default", "example", "format")
    kept: Schema = {key: value for key, value in schema.items() if key not in left}
    for key in ("items", "additionalProperties"):
        if isinstance(kept.get(key), dict):
            kept[key] = _closed(kept[key])
    if "properties" in kept:
        kept["properties"] = {name: _closed(each) for name, each in kept["properties"].items()}
        free = kept.get("x-kubernetes-preserve-unknown-fields") or kept.get("x-kubernetes-embedded-resource")
        if not free:
            kept.setdefault("additionalProperties", False)
    if schema.get("nullable") and "type" in kept:
        kept["type"] = [kept["type"], "null"]
    return kept

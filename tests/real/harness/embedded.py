"""Code inside Kubernetes objects, which the API server takes for plain text and its real reader does not."""

from __future__ import annotations

import json
from typing import Any

import yaml
from lupa import lua51

from harness.lab import Lab
from harness.processes import run
from harness.report import Report
from harness.tree import Document, File, parse

RULES = "promtool check rules"
SAME_RULES = "rules are the tested ones"
JSON = "JSON"
HEALTH = "health check in Lua 5.1"
HEALTH_KEY = "resource.customizations.health."
HEALTH_STATES = {"Healthy", "Progressing", "Degraded", "Suspended", "Missing", "Unknown"}
# What a health check meets in the life of an object, the first moment of which has no status at all.
LIVES: list[dict[str, Any]] = [
    {},
    {"status": {}},
    {"status": {"conditions": []}},
    {"status": {"conditions": [{"type": "Synced", "status": "True"}, {"type": "Ready", "status": "True"}]}},
    {"status": {"conditions": [{"type": "Synced", "status": "False", "reason": "ReconcileError", "message": "no"}]}},
    {"status": {"conditions": [{"type": "Ready", "status": "False", "reason": "Creating"}]}},
]


def check(documents: list[Document], files: list[File], lab: Lab, report: Report) -> None:
    """The embedded code of one environment's objects."""
    tested = _tested_groups(files[0])
    for document in documents:
        if document.kind == "PrometheusRule":
            _rules(document, tested, lab, report)
        elif document.kind == "ConfigMap":
            for key, value in (document.body.get("data") or {}).items():
                subject = f"{document.subject} {key}"
                if key.endswith(".json"):
                    report.verdict(JSON, subject, _json_problem(value))
                elif key.startswith(HEALTH_KEY):
                    report.verdict(HEALTH, subject, health_problem(value))


def _tested_groups(file: File) -> set[str]:
    """The rule groups of the environment's plain rules files, which are the ones that tests run on."""
    places = sorted((file.root / "rules" / file.environment).glob("*.rules.yaml"))
    bodies = [parse(place.read_text()) for place in places]
    return {json.dumps(group, sort_keys=True) for body in bodies for group in body.get("groups", [])}


def _rules(document: Document, tested: set[str], lab: Lab, report: Report) -> None:
    """A PrometheusRule: valid for Prometheus and, where it belongs to a service, one of those that have tests."""
    groups = document.body["spec"].get("groups", [])
    place = lab.new_folder("rules") / "spec.yaml"
    place.write_text(yaml.safe_dump({"groups": groups}))
    code, said = run([lab.tool("promtool"), "check", "rules", "--lint-fatal", str(place)])
    report.verdict(RULES, document.subject, said if code else "")
    if document.path.startswith("envs/"):
        other = [group["name"] for group in groups if json.dumps(group, sort_keys=True) not in tested]
        problem = f"no plain rules file of the environment has the groups {', '.join(other)}" if other else ""
        report.verdict(SAME_RULES, document.subject, problem)


def _json_problem(text: str) -> str:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return str(error)
    return ""


def health_problem(code: str) -> str:
    """Runs a health check as Argo CD does, with the object in `obj`, over the moments in an object's life."""
    lua = lua51.LuaRuntime(register_eval=False, unpack_returned_tuples=True)
    try:
        judge = lua.eval(f"function(obj)\n{code}\nend")
        for life in LIVES:
            result = judge(lua.table_from(life, recursive=True))
            state = result and result["status"]
            if state not in HEALTH_STATES:
                return f"{json.dumps(life)}: the status is {state!r}"
    except (lua51.LuaError, lua51.LuaSyntaxError, TypeError) as error:
        return str(error)
    return ""

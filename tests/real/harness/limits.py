"""What the API of our kinds refuses, in whose words: a value outside of its range, and a change that cannot be made.

Each rule of a definition is broken once, by a claim that is right in everything else. The claim is there for real while
its changes are tried, and paused, so that Crossplane leaves it alone.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

from harness.api import Answer
from harness.lab import Lab
from harness.report import Report
from harness.tree import Document

CONSUMER = "the API refuses"
RANGE = re.compile(r"self >= (\S+) && self <= (\S+)")
NAME = "limits"
Body = dict[str, Any]


def check(documents: list[Document], lab: Lab, report: Report) -> None:
    """One claim of each definition of one environment; a definition in the same words is tried once."""
    for xrd in [each for each in documents if each.kind == "CompositeResourceDefinition"]:
        spec = xrd.body["spec"]
        kind = spec.get("claimNames", spec["names"])["kind"]
        claim = next((each for each in documents if (each.group, each.kind) == (spec["group"], kind)), None)
        if claim and xrd.text not in lab.limits:
            lab.limits.add(xrd.text)
            schema = spec["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]
            _Trial(claim, lab, report).run(schema)


class _Trial:
    """One claim that is changed in one field after the other."""

    def __init__(self, claim: Document, lab: Lab, report: Report) -> None:
        self.claim = claim
        self.api = lab.cluster.api
        self.report = report
        resource = self.api.resource(claim.api_version, claim.kind)
        self.place = self.api.place(resource, claim.api_version, claim.namespace, NAME) if resource else ""
        self.body: Body = copy.deepcopy(claim.body)
        self.body["metadata"] = {
            "name": NAME,
            "namespace": claim.namespace,
            "annotations": {"crossplane.io/paused": "true"},
        }

    def run(self, schema: Body) -> None:
        """Every rule below `spec`, and below `spec.platform`."""
        if not self.place:
            return
        for path, field in _fields(schema):
            for low, high, message in _ranges(field):
                for value in (low - 1, high + 1):
                    self._expect(path, f"{value}", message, self._apply(path, value, dry_run=True))
            if "enum" in field:
                self._expect(path, "no-such", "Unsupported value", self._apply(path, "no-such", dry_run=True))
        for path, field in _fields(schema):
            for rule in field.get("x-kubernetes-validations", []):
                if "oldSelf" in rule["rule"]:
                    self._change(path, field, rule)
        for rule in schema.get("x-kubernetes-validations", []):
            key = re.search(r"has\(oldSelf\.(\w+)\)", rule["rule"])
            if key and "==" in rule["rule"]:
                self._transition((key[1],), None, "anything", rule["message"])
            elif key:
                self._transition((key[1],), "anything", None, rule["message"])

    def _change(self, path: tuple[str, ...], field: Body, rule: Body) -> None:
        values = field.get("enum") or [bound for low, high, _ in _ranges(field) for bound in (low, high)]
        if values:
            self._transition(path, values[-1], values[0], rule["message"])
        elif field["type"] == "boolean":
            self._transition(path, False, True, rule["message"])
        else:
            before = self._value(path) or "anything"
            # Something else of the same form: digits stay digits, and letters stay letters.
            self._transition(path, before, before[:-1] + ("1" if before[-1] != "1" else "2"), rule["message"])

    def _transition(self, path: tuple[str, ...], before: Any, after: Any, message: str) -> None:
        """Makes the claim with one value and then asks for another one."""
        made = self._apply(path, before, dry_run=False)
        if not made.ok:
            self.report.failed(CONSUMER, self._subject(path, before), f"it could not be made: {made.message}")
            return
        self._expect(path, f"{before} to {after}", message, self._apply(path, after, dry_run=True))
        self.api.need(self.api.call("DELETE", self.place), f"deleting {self.place}")

    def _expect(self, path: tuple[str, ...], value: str, message: str, answer: Answer) -> None:
        refused = not answer.ok and message in answer.message
        said = "it was accepted" if answer.ok else f"it is refused in other words: {answer.message}"
        self.report.verdict(CONSUMER, self._subject(path, value), "" if refused else said)

    def _subject(self, path: tuple[str, ...], value: Any) -> str:
        return f"{self.claim.kind} {'.'.join(path)}: {value}"

    def _value(self, path: tuple[str, ...]) -> Any:
        node: Any = self.body["spec"]
        for key in path:
            node = node.get(key) if isinstance(node, dict) else None
        return node

    def _apply(self, path: tuple[str, ...], value: Any, *, dry_run: bool) -> Answer:
        body = copy.deepcopy(self.body)
        node = body["spec"]
        for key in path[:-1]:
            node = node.setdefault(key, {})
        if value is None:
            node.pop(path[-1], None)
        else:
            node[path[-1]] = value
        return self.api.apply(self.place, json.dumps(body), dry_run=dry_run)


def _fields(schema: Body) -> Iterator[tuple[tuple[str, ...], Body]]:
    """The fields of a claim, and those of its part that the platform fills in."""
    for name, field in schema["properties"].items():
        yield (name,), field
        if name == "platform":
            for inner, below in field["properties"].items():
                yield (name, inner), below


def _ranges(field: Body) -> Iterator[tuple[float, float, str]]:
    for rule in field.get("x-kubernetes-validations", []):
        if found := RANGE.fullmatch(rule["rule"]):
            whole = field["type"] == "integer"
            low, high = (int(each) if whole else float(each) for each in found.groups())
            yield low, high, rule["message"]

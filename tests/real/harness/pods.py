"""The pods that workloads make, and what selectors mean."""

from __future__ import annotations

from typing import Any

from harness.tree import Document

Body = dict[str, Any]


class Pod:
    """The template of pods that a workload has."""

    def __init__(self, namespace: str, template: Body) -> None:
        self.namespace = namespace
        self.labels: Body = (template.get("metadata") or {}).get("labels") or {}
        self.spec: Body = template["spec"]

    @staticmethod
    def of(document: Document) -> Pod | None:
        """The template of a workload, or nothing where the object is none."""
        spec = document.body.get("spec") or {}
        if document.kind == "CronJob":
            spec = spec["jobTemplate"]["spec"]
        template = spec.get("template")
        workload = document.kind in ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")
        return Pod(document.namespace, template) if workload and template else None

    @property
    def containers(self) -> list[Body]:
        """All of its containers."""
        return [*self.spec.get("initContainers", []), *self.spec["containers"]]

    def has_port(self, port: str | int) -> bool:
        """Whether a container listens on a port, by name or number."""
        return any(port in (each.get("name"), each["containerPort"]) for each in self._declared())

    def ports(self) -> list[int]:
        """The numbers of all ports that its containers listen on."""
        return sorted({each["containerPort"] for each in self._declared()})

    def number(self, name: str) -> int | None:
        """The number of a named port."""
        return next((each["containerPort"] for each in self._declared() if each.get("name") == name), None)

    def _declared(self) -> list[Body]:
        return [each for container in self.containers for each in container.get("ports", [])]


def labels_of(body: Body, name: str) -> Body:
    """The labels of a namespace, with the one that the API server adds."""
    return {**((body.get("metadata") or {}).get("labels") or {}), "kubernetes.io/metadata.name": name}


def matches(selector: Body, labels: Body) -> bool:
    """Whether a label selector means something with these labels; an empty selector means everything."""
    for key, value in (selector.get("matchLabels") or {}).items():
        if labels.get(key) != value:
            return False
    for term in selector.get("matchExpressions") or []:
        values, found = term.get("values") or [], labels.get(term["key"])
        holds = {
            "In": found in values,
            "NotIn": found not in values,
            "Exists": found is not None,
            "DoesNotExist": found is None,
        }
        if not holds[term["operator"]]:
            return False
    return True

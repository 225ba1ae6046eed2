"""The flows that NetworkPolicies let through are those of the graph, both ways: none is missing, none is too many.

Beside a tree `out`, `graph/ENVIRONMENT.json` holds what `idpc graph --format json` says. What a policy means is computed
by `harness/flows.py` from the YAML and by nothing of idpc.
"""

from __future__ import annotations

import json
import pathlib
from typing import Any

from harness.flows import CREDENTIAL_AGENT, METADATA, SOMEWHERE, Policies
from harness.report import Report
from harness.tree import Document, File

CONSUMER = "flows are those of the graph"
# Kinds that a process reaches through the interface of the cloud, with credentials.
# `table` is one of a workspace's own, in examples/acme.
CLOUD = {"bucket", "queue", "topic", "table"}
DNS = ("kube-system", {"k8s-app": "kube-dns"})


def check(files: list[File], documents: list[Document], report: Report) -> None:
    """The flows of one environment."""
    environment = next((file.environment for file in files if file.path.startswith("envs/")), "")
    place = files[0].root.parent / "graph" / f"{environment}.json"
    policies = Policies(documents)
    if not environment or not policies.pods:
        return
    if not place.exists():
        report.failed(CONSUMER, environment, f"{place.name} is not there: nothing says which flows there should be")
        return
    graph = json.loads(place.read_text())
    for subject, found, wanted in _compared(policies, graph, documents):
        lines = [f"{each} is let through" for each in sorted(found - wanted)]
        lines += [f"{each} is not let through" for each in sorted(wanted - found)]
        report.verdict(CONSUMER, f"{environment}: {subject}", "\n".join(lines))


def _compared(policies: Policies, graph: Any, documents: list[Document]) -> list[tuple[str, set[str], set[str]]]:
    """What is compared, what was found, and what should be."""
    running = {name for _, name in policies.pods}
    services = {node["name"] for node in graph["nodes"] if node["kind"] == "service"} & running
    calls = [
        (_service(edge["from"]), _service(edge["to"]))
        for edge in graph["edges"]
        if edge["relation"] in ("requires", "calls")
    ]

    def pods(names: set[str]) -> set[str]:
        """The pods of services; a job of a service reaches what the service reaches."""
        return names & services | {f"{name}-migrate" for name in names} & running

    def needing(kinds: set[str]) -> set[str]:
        own = {node["service"] for node in graph["nodes"] if node["kind"] == "need" and node["schema"] in kinds}
        shared = {node["id"] for node in graph["nodes"] if node["kind"] == "resource" and node["schema"] in kinds}
        users = {_service(edge["from"]) for edge in graph["edges"] if edge["relation"] == "uses" and edge["to"] in shared}
        return pods(own | users)

    between = {f"{flow.source} to {flow.target}" for flow in policies.between()}
    called = {f"{pod} to {target}" for source, target in calls for pod in pods({source}) if target in services}
    outside = pods({source for source, target in calls if target not in running})
    routes = [each for each in documents if each.kind in ("HTTPRoute", "GRPCRoute")]
    gateways = {parent["namespace"] for route in routes for parent in route.body["spec"]["parentRefs"]}
    watched = {each.name for each in documents if each.kind in ("ServiceMonitor", "PodMonitor")}
    return [
        ("between services", between, called),
        ("names of hosts", _sources(policies.leaves(*DNS, 53, "UDP")), running),
        ("from the gateway", _targets(flow for name in gateways for flow in policies.enters(name, {})), needing({"domain"}) & services),
        ("from Prometheus", _targets(policies.enters("monitoring", {})), watched),
        ("to the collector", _sources(policies.leaves("observability", {}, 4317)), running),
        ("to databases", _sources(policies.reaches_data(5432)), needing({"postgres"})),
        ("to caches", _sources(policies.reaches_data(6379)), needing({"redis"})),
        ("to the agent of credentials", _sources(policies.reaches(CREDENTIAL_AGENT, 80)), needing(CLOUD)),
        ("to the cloud and to other hosts", _sources(policies.reaches(SOMEWHERE, 443)), needing(CLOUD) | outside),
        ("to the machine's own metadata", _sources(policies.reaches(METADATA, 80)), set()),
        ("from a namespace that nobody names", _targets(policies.enters("elsewhere", {})), set()),
        ("to a namespace that nobody names", _sources(policies.leaves("elsewhere", {}, 8080)), set()),
    ]


def _service(identity: str) -> str:
    return identity.removeprefix("service ")


def _sources(flows: Any) -> set[str]:
    return {flow.source for flow in flows}


def _targets(flows: Any) -> set[str]:
    return {flow.target for flow in flows}

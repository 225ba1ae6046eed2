"""The flows that NetworkPolicies let through are those of the graph, both ways: none is missing, none is too many.

Beside a tree `out`, `graph/ENVIRONMENT.json` holds what `idpc graph --format json` says. What a policy means is computed
by `harness/flows.py` from the YAML and by nothing of idpc.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import json
import re
from typing import Any

from harness.flows import CREDENTIAL_AGENT, DNS, METADATA, SOMEWHERE, Policies
from harness.report import Report
from harness.tree import Document, File

CONSUMER = "flows are those of the graph"
# Kinds that a process reaches through the interface of the cloud, with credentials, and the part of it that answers.
# `table` is one of a workspace's own, in examples/acme.
CLOUD = {"bucket": "s3", "queue": "sqs", "topic": "sns", "table": "dynamodb"}
ANSWERS = re.compile(r"(?:[a-z0-9.-]+\.)?([a-z0-9]+)\.[a-z]+(?:-[a-z]+)+-[0-9]\.amazonaws\.com")


@dataclasses.dataclass(frozen=True)
class Known:
    """What was written into a workspace, where the harness has written it itself."""

    # The address of each service that others run.
    hosts: dict[str, str]
    # The environments that say from which addresses the cloud answers.
    answering: set[str]


def check(files: list[File], documents: list[Document], report: Report, known: Known | None = None) -> None:
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
    for subject, found, wanted in _compared(policies, graph, documents, known):
        lines = [f"{each} is let through" for each in sorted(found - wanted)]
        lines += [f"{each} is not let through" for each in sorted(wanted - found)]
        report.verdict(CONSUMER, f"{environment}: {subject}", "\n".join(lines))


def _compared(
    policies: Policies, graph: Any, documents: list[Document], known: Known | None
) -> list[tuple[str, set[str], set[str]]]:
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
    others = [(pod, target) for source, target in calls if target not in running for pod in pods({source})]
    clouds = {(pod, answers) for kind, answers in CLOUD.items() for pod in needing({kind})}
    routes = [each for each in documents if each.kind in ("HTTPRoute", "GRPCRoute")]
    gateways = {parent["namespace"] for route in routes for parent in route.body["spec"]["parentRefs"]}
    if any(each.kind == "Ingress" for each in documents):
        # An Ingress names no namespace; its controller runs where a Gateway would.
        gateways.add("gateway")
    watched = {each.name for each in documents if each.kind in ("ServiceMonitor", "PodMonitor")}
    return [
        ("between services", between, called),
        ("names of hosts", _sources(policies.leaves(*DNS, 53, "UDP")), running),
        ("from the gateway", _targets(flow for name in gateways for flow in policies.enters(name, {})), needing({"domain"}) & services),
        ("from Prometheus", _targets(policies.enters("monitoring", {})), watched),
        ("to the collector", _sources(policies.leaves("observability", {}, 4317)), running),
        ("to databases", _sources(policies.reaches_some(5432)), needing({"postgres"})),
        ("to caches", _sources(policies.reaches_some(6379)), needing({"redis"})),
        ("to the agent of credentials", _sources(policies.reaches(CREDENTIAL_AGENT, 80)), needing(set(CLOUD))),
        *_outside(policies, others, clouds, graph["environment"], known),
        ("to the machine's own metadata", _sources(policies.reaches(METADATA, 80)), set()),
        ("from a namespace that nobody names", _targets(policies.enters("elsewhere", {})), set()),
        ("to a namespace that nobody names", _sources(policies.leaves("elsewhere", {}, 8080)), set()),
    ]


def _outside(
    policies: Policies, others: list[tuple[str, str]], clouds: set[tuple[str, str]], environment: str, known: Known | None
) -> list[tuple[str, set[str], set[str]]]:
    """What leaves the cluster: by name where Cilium rules, by address elsewhere."""
    callers, users = {pod for pod, _ in others}, {pod for pod, _ in clouds}
    by_address = {each for each in others if known and known.hosts[each[1]][0].isdigit()}
    anyone = {pod for pod, target in others if (pod, target) not in by_address}
    anywhere = _sources(policies.reaches(SOMEWHERE, 443))
    some = _sources(policies.reaches_some(443))
    if not policies.by_name:
        # What no environment says of itself here shows in what any of its policies names.
        answering = environment in known.answering if known else bool(_narrow(policies.ranges(443)))
        return [
            ("to the cloud and to other hosts", some, callers | users),
            ("to every host", anywhere, anyone if answering else anyone | users),
            _single(policies, callers, by_address, known),
            ("by name", {flow.target for flow in policies.names()}, set()),
        ]
    named = policies.names()
    answers = {(flow, found[1]) for flow in named if (found := ANSWERS.fullmatch(flow.target))}
    foreign = (named | policies.single()) - {flow for flow, _ in answers}
    if known:
        reached = {f"{flow.source} to {flow.target}:{flow.port}" for flow in foreign}
        wanted = {f"{pod} to {known.hosts[target]}:443" for pod, target in others}
    else:
        # The graph does not say under which name others run what is called; there is one for each.
        reached = {f"{flow.source}: {sum(each.source == flow.source for each in foreign)} hosts" for flow in foreign}
        wanted = {f"{pod}: {sum(each == pod for each, _ in others)} hosts" for pod in callers}
    parts = {f"{flow.source} to {part}" for flow, part in answers if flow.port == 443}
    return [
        ("to the cloud by name", parts, {f"{pod} to {part}" for pod, part in clouds}),
        ("to hosts of others by name", reached, wanted),
        ("to every host", anywhere, set()),
        ("to ranges of addresses", some, {pod for pod, _ in by_address}),
    ]


def _single(
    policies: Policies, callers: set[str], by_address: set[tuple[str, str]], known: Known | None
) -> tuple[str, set[str], set[str]]:
    """Hosts that are opened by their one address: those that were written so; who calls nobody else has none."""
    if not known:
        return "to single hosts", _sources(policies.single()) - callers, set()
    found = {f"{flow.source} to {flow.target}" for flow in policies.single()}
    return "to single hosts", found, {f"{pod} to {known.hosts[target]}" for pod, target in by_address}


def _narrow(ranges: set[str]) -> set[str]:
    """Those that are less than everything and more than one host."""
    return {each for each in ranges if 0 < ipaddress.ip_network(each).prefixlen < 32}


def _service(identity: str) -> str:
    return identity.removeprefix("service ")


def _sources(flows: Any) -> set[str]:
    return {flow.source for flow in flows}


def _targets(flows: Any) -> set[str]:
    return {flow.target for flow in flows}

"""The flows that the network policies of one environment let through, computed from the YAML alone.

A flow needs the policies of both ends: https://kubernetes.io/docs/concepts/services-networking/network-policies/. A pod
that no policy selects for a direction is open in it. A CiliumNetworkPolicy opens what a NetworkPolicy does not, and the
other way round. Where there is one, Cilium rules the network, and no range of addresses means a process of the node.
"""

from __future__ import annotations

import dataclasses
import ipaddress
from typing import Any

from harness import cilium
from harness.pods import Pod, labels_of, matches
from harness.tree import Document

Body = dict[str, Any]
# Hosts outside of the cluster that stand for what a policy may or may not let a pod reach.
CREDENTIAL_AGENT = "169.254.170.23"
METADATA = "169.254.169.254"
SOMEWHERE = "203.0.113.7"
# What answers names, by namespace and labels.
DNS = ("kube-system", {"k8s-app": "kube-dns"})


@dataclasses.dataclass(frozen=True)
class Flow:
    """From one end to another on a port."""

    source: str
    target: str
    port: int
    protocol: str = "TCP"


class Policies:
    """The network policies, namespaces and pods of one environment."""

    def __init__(self, documents: list[Document]) -> None:
        self.pods = {(each.namespace, each.name): pod for each in documents if (pod := Pod.of(each))}
        self.namespaces = {each.name: labels_of(each.body, each.name) for each in documents if each.kind == "Namespace"}
        plain = [(each.namespace, each.body["spec"]) for each in documents if each.kind == "NetworkPolicy"]
        by_name = list(cilium.policies(documents))
        self.by_name = bool(by_name)
        self.policies = plain + by_name

    def between(self) -> set[Flow]:
        """Every flow from a pod of the tree to a port of another one."""
        found = set()
        for source, pod in self.pods.items():
            for target, other in self.pods.items():
                for port in other.ports():
                    leaves = self._lets(pod, "Egress", self._is_pod(other), port, "TCP")
                    if source != target and leaves and self._lets(other, "Ingress", self._is_pod(pod), port, "TCP"):
                        found.add(Flow(source[1], target[1], port))
        return found

    def enters(self, namespace: str, labels: Body) -> set[Flow]:
        """The flows from pods of a namespace that is none of the tree's."""
        found = set()
        for target, pod in self.pods.items():
            for port in pod.ports():
                if self._lets(pod, "Ingress", self._is_outside(namespace, labels), port, "TCP"):
                    found.add(Flow(namespace, target[1], port))
        return found

    def leaves(self, namespace: str, labels: Body, port: int, protocol: str = "TCP") -> set[Flow]:
        """The flows to pods of a namespace that is none of the tree's."""
        peer = self._is_outside(namespace, labels)
        found = set()
        for source, pod in self.pods.items():
            if self._lets(pod, "Egress", peer, port, protocol):
                found.add(Flow(source[1], namespace, port, protocol))
        return found

    def reaches(self, address: str, port: int) -> set[Flow]:
        """The flows to an address outside of the cluster."""
        host = ipaddress.ip_address(address)
        found = set()
        for source, pod in self.pods.items():
            if self._lets(pod, "Egress", lambda peer, _: self._is_address(peer, host), port, "TCP"):
                found.add(Flow(source[1], address, port))
        return found

    def reaches_some(self, port: int) -> set[Flow]:
        """The flows to a port of some address, be it one that a policy names or any."""
        hosts = {SOMEWHERE} | {str(ipaddress.ip_network(block).network_address) for block in self.ranges(None)}
        return {flow for host in sorted(hosts) for flow in self.reaches(host, port)}

    def ranges(self, port: int | None) -> set[str]:
        """The ranges of addresses that policies name, for a port or at all."""
        return {
            peer["ipBlock"]["cidr"]
            for _, spec in self.policies
            for rule in spec.get("egress") or []
            for peer in rule.get("to") or []
            if "ipBlock" in peer and (port is None or _opens(rule, port, "TCP", None))
        }

    def names(self) -> set[Flow]:
        """The flows to hosts that policies know by name, where the pod's questions about the name are seen."""
        found = set()
        for source, pod in self.pods.items():
            for rule in self._rules_out(pod):
                for peer in rule.get("to") or []:
                    if "name" in peer and self._learns(pod, peer["name"].lower()):
                        found |= {Flow(source[1], peer["name"].lower(), each["port"]) for each in rule["ports"]}
        return found

    def single(self) -> set[Flow]:
        """The flows to single addresses that policies name; where credentials come from is none of others' hosts."""
        found = set()
        for source, pod in self.pods.items():
            for rule in self._rules_out(pod):
                for peer in rule.get("to") or []:
                    block = ipaddress.ip_network((peer.get("ipBlock") or {}).get("cidr", "0.0.0.0/0"))
                    if block.num_addresses == 1 and str(block[0]) != CREDENTIAL_AGENT:
                        found |= {Flow(source[1], str(block[0]), each["port"]) for each in rule["ports"]}
        return found

    def _learns(self, pod: Pod, name: str) -> bool:
        """Whether Cilium sees what a pod is told about a name: a rule for names lets the question through, and no other
        rule opens the same way without one."""
        means = self._is_outside(*DNS)
        asked = [
            rule
            for rule in self._rules_out(pod)
            if _opens(rule, 53, "UDP", None) and (not rule.get("to") or any(means(peer, pod.namespace) for peer in rule["to"]))
        ]
        unseen = [rule for rule in asked if not rule.get("dns")]
        return not unseen and any(cilium.covers(pattern, name) for rule in asked for pattern in rule["dns"])

    def _rules_out(self, pod: Pod) -> list[Body]:
        return [
            rule
            for namespace, spec in self.policies
            if namespace == pod.namespace and matches(spec["podSelector"], pod.labels) and "Egress" in _types(spec)
            for rule in spec.get("egress") or []
        ]

    def _lets(self, pod: Pod, way: str, means: Any, port: int, protocol: str) -> bool:
        side, peers = ("egress", "to") if way == "Egress" else ("ingress", "from")
        chosen = [
            (namespace, spec)
            for namespace, spec in self.policies
            if namespace == pod.namespace and matches(spec["podSelector"], pod.labels) and way in _types(spec)
        ]
        if not chosen:
            return True
        return any(
            _opens(rule, port, protocol, pod if way == "Ingress" else None)
            and (not rule.get(peers) or any(means(peer, namespace) for peer in rule[peers]))
            for namespace, spec in chosen
            for rule in spec.get(side) or []
        )

    def _is_pod(self, pod: Pod) -> Any:
        """Whether a peer means this pod; the second argument is the namespace of the policy."""
        return lambda peer, home: _means(peer, home, pod.namespace, self._labels(pod.namespace), pod.labels)

    def _is_outside(self, namespace: str, labels: Body) -> Any:
        return lambda peer, home: _means(peer, home, namespace, self._labels(namespace), labels)

    def _is_address(self, peer: Body, host: Any) -> bool:
        """Whether a peer means an address outside of the cluster, or one of the node's own."""
        if self.by_name and str(host) == CREDENTIAL_AGENT:
            return peer.get("entity") == "host"
        return peer.get("entity") in ("world", "all") or _in_block(peer, host)

    def _labels(self, namespace: str) -> Body:
        return self.namespaces.get(namespace, {"kubernetes.io/metadata.name": namespace})


def _types(spec: Body) -> list[str]:
    return spec.get("policyTypes") or ["Ingress", *(["Egress"] if spec.get("egress") else [])]


def _opens(rule: Body, port: int, protocol: str, pod: Pod | None) -> bool:
    if not rule.get("ports"):
        return True
    for each in rule["ports"]:
        low = each.get("port", port)
        if isinstance(low, str):
            low = pod.number(low) if pod else None
        if each.get("protocol", "TCP") in (protocol, "ANY") and low is not None and low <= port <= each.get("endPort", low):
            return True
    return False


def _means(peer: Body, home: str, namespace: str, namespace_labels: Body, labels: Body) -> bool:
    if "namespaceSelector" not in peer and "podSelector" not in peer:
        # The addresses of pods are not known; a block of them is no way to name a pod. Neither is a name or the node.
        return peer.get("entity") in ("cluster", "all")
    if "namespaceSelector" in peer:
        inside = matches(peer["namespaceSelector"], namespace_labels)
    else:
        inside = namespace == home
    return inside and matches(peer.get("podSelector") or {}, labels)


def _in_block(peer: Body, host: Any) -> bool:
    block = peer.get("ipBlock")
    if not block or host not in ipaddress.ip_network(block["cidr"]):
        return False
    return not any(host in ipaddress.ip_network(each) for each in block.get("except") or [])

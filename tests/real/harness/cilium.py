"""CiliumNetworkPolicies as rules of the same form as those of NetworkPolicies, with peers that those do not have.

`https://docs.cilium.io/en/stable/security/policy/language/` says what they mean. What is not known here is an error: a rule
that nobody reads must not count as read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from harness.tree import Document

Body = dict[str, Any]
NAMESPACE = "io.kubernetes.pod.namespace"
# The sources of labels that Cilium puts before their keys.
SOURCES = re.compile(r"^(k8s|any):")
PEERS = {"toEndpoints", "toCIDR", "toCIDRSet", "toEntities", "toFQDNs"}


def policies(documents: list[Document]) -> Iterator[tuple[str, Body]]:
    """Namespace and specification of each, as a NetworkPolicy would have it."""
    for document in documents:
        if document.kind != "CiliumNetworkPolicy":
            continue
        spec = document.body["spec"]
        unknown = set(spec) - {"endpointSelector", "egress", "description"}
        if unknown:
            raise ValueError(f"{document.subject}: nothing here knows what {', '.join(sorted(unknown))} means")
        rules = [_rule(rule, document) for rule in spec.get("egress") or []]
        yield document.namespace, {
            "podSelector": _plain(spec["endpointSelector"]),
            "policyTypes": ["Egress"] if "egress" in spec else [],
            "egress": rules,
        }


def _rule(rule: Body, document: Document) -> Body:
    named = set(rule) & PEERS
    unknown = set(rule) - PEERS - {"toPorts"}
    if unknown or len(named) > 1:
        raise ValueError(f"{document.subject}: nothing here knows what {', '.join(sorted(rule))} mean together")
    ports, dns = [], []
    for group in rule.get("toPorts") or []:
        ports += [{"port": int(each["port"]), "protocol": each.get("protocol", "ANY")} for each in group["ports"]]
        dns += (group.get("rules") or {}).get("dns") or []
    return {"to": [peer for kind in named for peer in _peers(kind, rule[kind], document)], "ports": ports, "dns": dns}


def _peers(kind: str, values: list[Any], document: Document) -> Iterator[Body]:
    for value in values:
        if kind == "toEndpoints":
            selector = _plain(value)
            namespace = (selector.get("matchLabels") or {}).pop(NAMESPACE, document.namespace)
            yield {
                "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}},
                "podSelector": selector,
            }
        elif kind == "toCIDR":
            yield {"ipBlock": {"cidr": value}}
        elif kind == "toCIDRSet":
            yield {"ipBlock": {"cidr": value["cidr"], "except": value.get("except") or []}}
        elif kind == "toEntities":
            yield {"entity": value}
        else:
            yield {"name": value.get("matchName") or value["matchPattern"]}


def _plain(selector: Body) -> Body:
    """A selector without the sources of its labels."""
    labels = {SOURCES.sub("", key): value for key, value in (selector.get("matchLabels") or {}).items()}
    terms = [term | {"key": SOURCES.sub("", term["key"])} for term in selector.get("matchExpressions") or []]
    return {"matchLabels": labels, "matchExpressions": terms}


def covers(pattern: Body, name: str) -> bool:
    """Whether a rule for questions about names lets this one through."""
    wanted = pattern.get("matchName") or pattern["matchPattern"]
    if wanted == "*":
        return True
    parts = [re.escape(part) for part in wanted.split("*")]
    return re.fullmatch("[a-z0-9_-]*".join(parts), name) is not None

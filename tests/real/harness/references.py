"""Every reference between the objects of one environment resolves: names, selectors, ports and keys.

The API server follows none of them. A reference into what the platform team runs itself, such as a Gateway or the issuer
of certificates, leaves the tree and is judged by nobody here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness import cilium
from harness.pods import Pod, labels_of, matches
from harness.report import Report
from harness.secrets import Secrets
from harness.tree import Document

CONSUMER = "every reference resolves"
Body = dict[str, Any]

# Roles that every cluster has.
BUILT_IN_ROLES = {"view", "edit", "admin", "cluster-admin"}


def check(documents: list[Document], report: Report) -> None:
    """Every object that points at another one."""
    index = Index(documents)
    for document in documents:
        followed = READERS.get(document.kind)
        if followed:
            report.verdict(CONSUMER, document.subject, "\n".join(followed(document, index)))


class Index:
    """The objects of one environment by kind, namespace and name."""

    def __init__(self, documents: list[Document]) -> None:
        self.objects = {(each.kind, each.namespace, each.name): each for each in documents}
        self.secrets = Secrets(documents)
        self.pods = [pod for each in documents if (pod := Pod.of(each))]
        self.namespaces = {each.name: labels_of(each.body, each.name) for each in documents if each.kind == "Namespace"}

    def find(self, kind: str, namespace: str, name: str) -> Document | None:
        """The object of this identity."""
        return self.objects.get((kind, namespace, name))

    def missing(self, kind: str, namespace: str, name: str) -> Iterator[str]:
        """The complaint that there is no such object, if there is none."""
        if not self.find(kind, namespace, name):
            yield f"there is no {kind} {namespace}/{name}"

    def selected(self, namespace: str, selector: Body) -> list[Pod]:
        """The pods of a namespace that a selector means."""
        return [pod for pod in self.pods if pod.namespace == namespace and matches(selector, pod.labels)]


def _workload(document: Document, index: Index) -> Iterator[str]:
    pod = Pod.of(document)
    if not pod:
        return
    selector = document.body["spec"].get("selector")
    if selector and not matches(selector, pod.labels):
        yield "its selector does not mean its own pods"
    account = pod.spec.get("serviceAccountName")
    if account:
        yield from index.missing("ServiceAccount", pod.namespace, account)
    volumes = {volume["name"] for volume in pod.spec.get("volumes", [])}
    for volume in pod.spec.get("volumes", []):
        yield from _volume(volume, pod.namespace, index)
    for container in pod.containers:
        for mount in container.get("volumeMounts", []):
            if mount["name"] not in volumes:
                yield f"there is no volume {mount['name']}"
        yield from _environment(container, pod.namespace, index)
        yield from _probes(container, pod)


def _volume(volume: Body, namespace: str, index: Index) -> Iterator[str]:
    for source in [volume, *(volume.get("projected") or {}).get("sources", [])]:
        if "configMap" in source:
            name = source["configMap"]["name"]
            yield from index.missing("ConfigMap", namespace, name)
        if "secret" in source:
            name = source["secret"].get("secretName") or source["secret"]["name"]
            yield from _secret(index, namespace, name, [item["key"] for item in source["secret"].get("items", [])])


def _environment(container: Body, namespace: str, index: Index) -> Iterator[str]:
    for source in container.get("envFrom", []):
        if "configMapRef" in source:
            yield from index.missing("ConfigMap", namespace, source["configMapRef"]["name"])
        if "secretRef" in source:
            yield from _secret(index, namespace, source["secretRef"]["name"], [])
    names = [each["name"] for each in container.get("env", [])]
    yield from (f"the variable {name} is set twice" for name in sorted({name for name in names if names.count(name) > 1}))
    for variable in container.get("env", []):
        source = variable.get("valueFrom") or {}
        if "configMapKeyRef" in source:
            wanted = source["configMapKeyRef"]
            yield from index.missing("ConfigMap", namespace, wanted["name"])
            found = index.find("ConfigMap", namespace, wanted["name"])
            if found and wanted["key"] not in (found.body.get("data") or {}):
                yield f"the ConfigMap {wanted['name']} has no key {wanted['key']}"
        if "secretKeyRef" in source:
            yield from _secret(index, namespace, source["secretKeyRef"]["name"], [source["secretKeyRef"]["key"]])


def _secret(index: Index, namespace: str, name: str, keys: list[str]) -> Iterator[str]:
    if (namespace, name) not in index.secrets:
        yield f"nothing writes the Secret {namespace}/{name}"
        return
    written = index.secrets.keys((namespace, name))
    if written is not None:
        yield from (f"nothing writes the key {key} of the Secret {name}" for key in keys if key not in written)


def _probes(container: Body, pod: Pod) -> Iterator[str]:
    for name in ("startupProbe", "readinessProbe", "livenessProbe"):
        probe = container.get(name) or {}
        for way in ("httpGet", "tcpSocket", "grpc"):
            port = (probe.get(way) or {}).get("port")
            if port is not None and not pod.has_port(port):
                yield f"{name}: no container listens on {port}"


def _service(document: Document, index: Index) -> Iterator[str]:
    spec = document.body["spec"]
    if not spec.get("selector"):
        return
    pods = index.selected(document.namespace, {"matchLabels": spec["selector"]})
    if not pods:
        yield "its selector means no pod"
    for port in spec["ports"]:
        target = port.get("targetPort", port["port"])
        yield from (f"no container listens on {target}" for pod in pods if not pod.has_port(target))


def _scaler(document: Document, index: Index) -> Iterator[str]:
    target = document.body["spec"]["scaleTargetRef"]
    yield from index.missing(target["kind"], document.namespace, target["name"])


def _disruption(document: Document, index: Index) -> Iterator[str]:
    if not index.selected(document.namespace, document.body["spec"]["selector"]):
        yield "its selector means no pod"


def _monitor(document: Document, index: Index) -> Iterator[str]:
    spec = document.body["spec"]
    services = [
        each
        for each in index.objects.values()
        if each.kind == "Service"
        and each.namespace == document.namespace
        and matches(spec["selector"], each.metadata.get("labels") or {})
    ]
    if not services:
        yield "its selector means no Service"
    for endpoint in spec["endpoints"]:
        for service in services:
            if endpoint["port"] not in [port.get("name") for port in service.body["spec"]["ports"]]:
                yield f"the Service {service.name} has no port {endpoint['port']}"


def _pod_monitor(document: Document, index: Index) -> Iterator[str]:
    spec = document.body["spec"]
    pods = index.selected(document.namespace, spec["selector"])
    if not pods:
        yield "its selector means no pod"
    for endpoint in spec["podMetricsEndpoints"]:
        yield from (f"no container listens on {endpoint['port']}" for pod in pods if not pod.has_port(endpoint["port"]))


def _route(document: Document, index: Index) -> Iterator[str]:
    for rule in document.body["spec"].get("rules", []):
        for backend in rule.get("backendRefs", []):
            yield from _backend(index, backend.get("namespace", document.namespace), backend["name"], backend["port"])


def _ingress(document: Document, index: Index) -> Iterator[str]:
    for rule in document.body["spec"].get("rules", []):
        for path in rule["http"]["paths"]:
            service = path["backend"]["service"]
            port = service["port"].get("name") or service["port"]["number"]
            yield from _backend(index, document.namespace, service["name"], port)


def _backend(index: Index, namespace: str, name: str, port: str | int) -> Iterator[str]:
    yield from index.missing("Service", namespace, name)
    service = index.find("Service", namespace, name)
    if service and not any(port in (each.get("name"), each["port"]) for each in service.body["spec"]["ports"]):
        yield f"the Service {name} has no port {port}"


def _network(document: Document, index: Index) -> Iterator[str]:
    spec = document.body["spec"]
    if spec["podSelector"] and not index.selected(document.namespace, spec["podSelector"]):
        yield "its selector means no pod"
    for way, side in (("ingress", "from"), ("egress", "to")):
        for rule in spec.get(way) or []:
            for peer in rule.get(side) or []:
                yield from _peer(peer, document.namespace, index)


def _peer(peer: Body, namespace: str, index: Index) -> Iterator[str]:
    """A peer in a namespace of this tree means some pod; what runs in others is not ours to know."""
    if "podSelector" not in peer:
        return
    chosen = peer.get("namespaceSelector")
    inside = [name for name, labels in index.namespaces.items() if matches(chosen, labels)] if chosen else [namespace]
    if inside and not any(index.selected(name, peer["podSelector"]) for name in inside):
        yield f"no pod is meant by {peer['podSelector']} in {', '.join(inside)}"


def _named_hosts(document: Document, index: Index) -> Iterator[str]:
    for namespace, spec in cilium.policies([document]):
        if not index.selected(namespace, spec["podSelector"]):
            yield "its selector means no pod"
        for rule in spec["egress"]:
            for peer in rule["to"]:
                yield from _peer(peer, namespace, index)


def _binding(document: Document, index: Index) -> Iterator[str]:
    role = document.body["roleRef"]
    namespace = document.namespace if role["kind"] == "Role" else "default"
    if not (role["kind"] == "ClusterRole" and role["name"] in BUILT_IN_ROLES):
        yield from index.missing(role["kind"], namespace, role["name"])
    for subject in document.body.get("subjects") or []:
        if subject["kind"] == "ServiceAccount" and subject.get("namespace", document.namespace) in index.namespaces:
            yield from index.missing("ServiceAccount", subject.get("namespace", document.namespace), subject["name"])


def _external_secret(document: Document, index: Index) -> Iterator[str]:
    spec = document.body["spec"]
    store = spec.get("secretStoreRef")
    if store:
        namespace = document.namespace if store["kind"] == "SecretStore" else "default"
        yield from index.missing(store["kind"], namespace, store["name"])
    for source in spec.get("dataFrom") or []:
        generator = (source.get("sourceRef") or {}).get("generatorRef")
        if generator:
            yield from index.missing(generator["kind"], document.namespace, generator["name"])
    yield from index.secrets.problems(document)


def _push(document: Document, index: Index) -> Iterator[str]:
    for store in document.body["spec"]["secretStoreRefs"]:
        yield from index.missing(store["kind"], "default", store["name"])
    yield from index.secrets.pushes(document)


def _store(document: Document, index: Index) -> Iterator[str]:
    """A store that reads Secrets of this cluster does so as an account that may."""
    provider = (document.body["spec"]["provider"]).get("kubernetes")
    if not provider:
        return
    account = provider["auth"]["serviceAccount"]["name"]
    yield from index.missing("ServiceAccount", document.namespace, account)
    namespace = provider.get("remoteNamespace", "default")
    bound = [
        each
        for each in index.objects.values()
        if each.kind == "RoleBinding"
        and each.namespace == namespace
        and any(
            subject["kind"] == "ServiceAccount"
            and subject["name"] == account
            and subject.get("namespace", namespace) == document.namespace
            for subject in each.body.get("subjects") or []
        )
    ]
    if not bound:
        yield f"no RoleBinding in {namespace} lets {account} read"


# Kind to what follows its references.
READERS = {
    "Deployment": _workload,
    "CronJob": _workload,
    "Job": _workload,
    "Service": _service,
    "HorizontalPodAutoscaler": _scaler,
    "PodDisruptionBudget": _disruption,
    "ServiceMonitor": _monitor,
    "PodMonitor": _pod_monitor,
    "HTTPRoute": _route,
    "GRPCRoute": _route,
    "Ingress": _ingress,
    "NetworkPolicy": _network,
    "CiliumNetworkPolicy": _named_hosts,
    "RoleBinding": _binding,
    "ClusterRoleBinding": _binding,
    "ExternalSecret": _external_secret,
    "PushSecret": _push,
    "SecretStore": _store,
    "ClusterSecretStore": _store,
}

"""Crossplane with its functions as processes beside it, and the webhook that refuses to delete what is in use."""

from __future__ import annotations

import base64
import pathlib

from harness.cluster import Cluster
from harness.crossplane import start_core
from harness.processes import Process, free_ports

PACKAGES = "/apis/pkg.crossplane.io/v1"
WEBHOOKS = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"


def start(cluster: Cluster, tools: pathlib.Path) -> None:
    """Starts Crossplane and the two functions that a registry serves."""
    (webhook,) = free_ports(1)
    certificates = cluster.folder / "crossplane"
    options = [f"--webhook-port={webhook}", f"--tls-server-certs-dir={certificates}", "--poll-interval=10s"]
    start_core(cluster, str(tools), options)
    programs = {"function-pythonic": tools / "functions" / "bin", "function-auto-ready": tools / "bin"}
    for (name, folder), port in zip(programs.items(), free_ports(len(programs)), strict=True):
        address = f"127.0.0.1:{port}"
        command = [str(folder / name), "--tls-certs-dir", str(certificates), "--address", address]
        cluster.processes.append(Process(command, cluster.folder))
        _tell(cluster, name, address)
    _protect(cluster, webhook)


def _tell(cluster: Cluster, function: str, address: str) -> None:
    """Says where a function listens. Paused, so that Crossplane does not look for an image of it."""
    metadata = {
        "name": f"{function}-chain",
        "labels": {"pkg.crossplane.io/package": function},
        "annotations": {"crossplane.io/paused": "true"},
    }
    spec = {"image": f"registry.invalid/{function}:v0", "desiredState": "Active", "revision": 1}
    body = {"apiVersion": "pkg.crossplane.io/v1", "kind": "FunctionRevision", "metadata": metadata, "spec": spec}
    api = cluster.api
    api.need(api.create(f"{PACKAGES}/functionrevisions", body), f"revision of {function}")
    status = {"status": {"endpoint": address, "capabilities": ["composition"]}}
    api.need(api.merge(f"{PACKAGES}/functionrevisions/{function}-chain/status", status), f"address of {function}")


def _protect(cluster: Cluster, port: int) -> None:
    """What Crossplane's chart installs: whoever deletes something in use is asked of Crossplane first."""
    authority = base64.b64encode((cluster.folder / "crossplane" / "ca.crt").read_bytes()).decode()
    webhook = {
        "name": "nousages.protection.crossplane.io",
        "admissionReviewVersions": ["v1"],
        "clientConfig": {"url": f"https://127.0.0.1:{port}/validate-no-usages", "caBundle": authority},
        "failurePolicy": "Fail",
        "objectSelector": {"matchLabels": {"crossplane.io/in-use": "true"}},
        "rules": [
            {"apiGroups": ["*"], "apiVersions": ["*"], "operations": ["DELETE"], "resources": ["*"], "scope": "*"}
        ],
        "sideEffects": "NoneOnDryRun",
    }
    kind = "ValidatingWebhookConfiguration"
    body = {"apiVersion": "admissionregistration.k8s.io/v1", "kind": kind, "metadata": {"name": "crossplane-no-usages"}}
    api = cluster.api
    api.need(api.create(WEBHOOKS, body | {"webhooks": [webhook]}), "the webhook of Crossplane")

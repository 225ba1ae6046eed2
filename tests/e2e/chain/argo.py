"""Argo CD: redis, the repository server, the controller and the server with its webhook."""

from __future__ import annotations

import os
import pathlib
import socket
from typing import Any

from chain.wait import until
from harness.cluster import Cluster
from harness.processes import Process, free_ports

APPLICATIONS = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications"
SECONDS_TO_START = 60
# The one thing here that no cluster has: no registry can be reached, so no package ever gets installed, and what Argo
# CD would wait for never comes. All other checks are its own, or those that idpc writes.
UNPACKED = 'return { status = "Healthy", message = "packages are not installed here" }'


class Argo:
    """One Argo CD that manages the cluster it is configured in."""

    def __init__(self, cluster: Cluster, tools: pathlib.Path, webhook_port: int) -> None:
        self.cluster = cluster
        self.folder = cluster.folder / "argo"
        self.folder.mkdir()
        self.port = webhook_port
        self._configure()
        self._start(tools)

    def _configure(self) -> None:
        self.cluster.namespace("argocd")
        health = {
            f"resource.customizations.health.pkg.crossplane.io_{kind}": UNPACKED for kind in ("Function", "Provider")
        }
        settings = {"cm": health, "rbac-cm": {}, "ssh-known-hosts-cm": {"ssh_known_hosts": ""}}
        settings |= {"tls-certs-cm": {}, "gpg-keys-cm": {}}
        for name, data in settings.items():
            self._setting("configmaps", "ConfigMap", f"argocd-{name}", data)
        self._setting("secrets", "Secret", "argocd-secret", {})

    def _setting(self, plural: str, kind: str, name: str, data: dict[str, str]) -> None:
        labels = {"app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "argocd"}
        metadata = {"name": name, "namespace": "argocd", "labels": labels}
        body = {"apiVersion": "v1", "kind": kind, "metadata": metadata, "data": data}
        api = self.cluster.api
        api.need(api.create(f"/api/v1/namespaces/argocd/{plural}", body), f"{kind} {name}")

    def _start(self, tools: pathlib.Path) -> None:
        redis, repository, *rest = free_ports(5)
        for part in ("repo-server", "application-controller", "server"):
            (self.folder / f"argocd-{part}").symlink_to((tools / "bin" / "argocd").resolve())
        for name in ("tls", "ssh", "gpg", "plug"):
            (self.folder / name).mkdir()
        (self.folder / "ssh" / "ssh_known_hosts").touch()
        environment = os.environ | {
            "KUBECONFIG": str(self.cluster.kubeconfig),
            "HOME": str(self.folder),
            # The repository server runs kustomize from here.
            "PATH": f"{tools / 'bin'}:{os.environ['PATH']}",
            "ARGOCD_FAKE_IN_CLUSTER": "true",
            "ARGOCD_GPG_ENABLED": "false",
            "ARGOCD_TLS_DATA_PATH": str(self.folder / "tls"),
            "ARGOCD_SSH_DATA_PATH": str(self.folder / "ssh"),
            "ARGOCD_GNUPGHOME": str(self.folder / "gpg"),
            "ARGOCD_PLUGINSOCKFILEPATH": str(self.folder / "plug"),
        }
        server = [f"--redis=127.0.0.1:{redis}", f"--repo-server=127.0.0.1:{repository}", "--repo-server-plaintext"]
        server += [f"--kubeconfig={self.cluster.kubeconfig}", "--namespace=argocd"]
        commands = [
            [
                str(tools / "bin" / "redis-server"),
                "--port",
                str(redis),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
            ],
            self._part("repo-server", repository, rest[0]) + [f"--redis=127.0.0.1:{redis}", "--disable-tls"],
            [str(self.folder / "argocd-application-controller"), f"--metrics-port={rest[1]}"] + server,
            self._part("server", self.port, rest[2]) + ["--insecure", "--disable-auth"] + server,
        ]
        started = [Process(command, self.folder, environment) for command in commands]
        self.cluster.processes += started
        started[-1].wait_until(self._answers, SECONDS_TO_START)

    def _part(self, name: str, port: int, metrics: int) -> list[str]:
        command = [str(self.folder / f"argocd-{name}"), "--address=127.0.0.1", f"--port={port}"]
        return command + ["--metrics-address=127.0.0.1", f"--metrics-port={metrics}"]

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def application(self, name: str) -> dict[str, Any]:
        """One Application as it is now, or nothing where there is none."""
        answer = self.cluster.api.get(f"{APPLICATIONS}/{name}")
        return answer.body if answer.ok else {}

    def applications(self) -> list[dict[str, Any]]:
        """All Applications."""
        return list(self.cluster.api.get(APPLICATIONS).body["items"])

    def wait_compared(self, name: str, commit: str, seconds: float = 60) -> dict[str, Any]:
        """Waits until the controller has looked at this commit, whatever it thinks of it; returns the Application."""

        def compared() -> dict[str, Any] | None:
            found = self.application(name)
            sync = found.get("status", {}).get("sync", {})
            return found if commit in [sync.get("revision"), *sync.get("revisions", [])] else None

        return until(seconds, f"{name} at {commit[:7]}", compared, lambda: said(self.application(name)))

    def wait_synced(self, name: str, commit: str, seconds: float = 60) -> dict[str, Any]:
        """Waits until this commit is what the controller has made of it."""

        def synced() -> dict[str, Any] | None:
            found = self.application(name)
            operation = found.get("status", {}).get("operationState", {})
            result = operation.get("syncResult", {})
            done = commit in [result.get("revision"), *result.get("revisions", [])]
            return found if done and operation["phase"] == "Succeeded" else None

        return until(seconds, f"{name} synced to {commit[:7]}", synced, lambda: said(self.application(name)))

    def wait_idle(self, name: str, seconds: float = 60) -> None:
        """Waits until no sync of this Application is under way, nor one to be tried again."""

        def is_idle() -> bool:
            found = self.application(name)
            phase = found.get("status", {}).get("operationState", {}).get("phase")
            return "operation" not in found and phase != "Running"

        until(seconds, f"{name} has nothing to do", is_idle, lambda: said(self.application(name)))

    def sync_with_prune(self, name: str, commit: str, seconds: float = 60) -> dict[str, Any]:
        """What somebody does who syncs by hand and ticks "prune"; returns the operation once this commit is synced."""
        api = self.cluster.api
        self.wait_idle(name, seconds)
        before = self.application(name).get("status", {}).get("operationState", {}).get("startedAt", "")
        operation = {
            "operation": {
                "initiatedBy": {"username": "somebody"},
                "sync": {"prune": True, "syncOptions": ["ServerSideApply=true"]},
            }
        }
        api.need(api.merge(f"{APPLICATIONS}/{name}", operation), f"sync of {name}")

        def ended() -> dict[str, Any] | None:
            found = self.application(name)
            state = found.get("status", {}).get("operationState", {})
            by_hand = state.get("operation", {}).get("initiatedBy", {}).get("username") == "somebody"
            result = state.get("syncResult", {})
            done = commit in [result.get("revision"), *result.get("revisions", [])] and "operation" not in found
            new = state.get("startedAt", "") != before and by_hand
            return state if new and done and state["phase"] in ("Succeeded", "Failed", "Error") else None

        return until(seconds, f"a sync of {name} with prune", ended, lambda: said(self.application(name)))


def said(application: dict[str, Any]) -> str:
    """What Argo CD says of an Application, for whoever has to find out why it is not as it should be."""
    status = application.get("status", {})
    operation = status.get("operationState", {})
    lines = [f"sync {status.get('sync', {}).get('status')}, health {status.get('health', {}).get('status')}"]
    lines += [f"{operation.get('phase')}: {operation.get('message')}"] if operation else []
    lines += [each["message"] for each in status.get("conditions", [])]
    for each in operation.get("syncResult", {}).get("resources", []):
        if each.get("status") not in ("Synced", "Pruned") or each.get("hookPhase") == "Failed":
            lines.append(f"{each.get('kind')} {each.get('name')}: {each.get('status')} {each.get('message')}")
    return "\n  ".join(lines)

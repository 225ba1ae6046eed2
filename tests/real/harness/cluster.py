"""A Kubernetes control plane of two processes, on loopback, in a folder that goes with it."""

from __future__ import annotations

import json
import os
import pathlib
import secrets
import subprocess

from harness.api import Api
from harness.processes import Process, free_ports

SECONDS_TO_START = 120


class Cluster:
    """etcd and the API server: enough to validate, to default and to store, nothing that runs a Pod."""

    def __init__(self, tools: pathlib.Path, folder: pathlib.Path) -> None:
        self.programs = tools / "bin"
        self.folder = folder
        self.processes: list[Process] = []
        self.certificate = folder / "tls.crt"
        self.key = folder / "tls.key"
        self.kubeconfig = folder / "kubeconfig"
        self._make_certificate()
        self.ports = free_ports(3)
        token = secrets.token_hex(16)
        self.api = Api(self.ports[2], token, self.certificate)
        self._write_access(self.ports[2], token)

    def start(self) -> None:
        """Starts both processes and returns once the API server is ready."""
        etcd_port, peer_port, port = self.ports
        self._start_etcd(self.programs / "etcd", etcd_port, peer_port)
        self._start_api_server(self.programs / "kube-apiserver", port, etcd_port)

    def _make_certificate(self) -> None:
        """One self-signed pair is enough: server certificate, its own authority, and key of service account tokens."""
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=idpc-tests"]
            + ["-addext", "subjectAltName=IP:127.0.0.1"]
            + ["-addext", "keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign"]
            + ["-keyout", str(self.key), "-out", str(self.certificate)],
            check=True,
            capture_output=True,
        )

    def _write_access(self, port: int, token: str) -> None:
        """The token that the server accepts, and the kubeconfig for programs that want one."""
        (self.folder / "tokens.csv").write_text(f'{token},admin,admin,"system:masters"\n')
        server = {"server": f"https://127.0.0.1:{port}", "certificate-authority": str(self.certificate)}
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "local", "cluster": server}],
            "users": [{"name": "admin", "user": {"token": token}}],
            "contexts": [{"name": "local", "context": {"cluster": "local", "user": "admin"}}],
            "current-context": "local",
        }
        self.kubeconfig.write_text(json.dumps(config))

    def _start_etcd(self, program: pathlib.Path, port: int, peer_port: int) -> None:
        client, peer = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{peer_port}"
        command = [str(program), "--data-dir", str(self.folder / "etcd")]
        command += ["--listen-client-urls", client, "--advertise-client-urls", client]
        command += ["--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer]
        command += ["--initial-cluster", f"default={peer}", "--unsafe-no-fsync", "--log-level", "error"]
        # Debian's etcd refuses processors that its authors do not test; a throw-away store may run there.
        environment = os.environ | {"ETCD_UNSUPPORTED_ARCH": os.uname().machine.replace("aarch64", "arm64")}
        self.processes.append(Process(command, self.folder, environment))

    def _start_api_server(self, program: pathlib.Path, port: int, etcd_port: int) -> None:
        key, certificate = str(self.key), str(self.certificate)
        command = [str(program), "--etcd-servers", f"http://127.0.0.1:{etcd_port}"]
        command += ["--bind-address", "127.0.0.1", "--advertise-address", "127.0.0.1", "--secure-port", str(port)]
        command += ["--tls-cert-file", certificate, "--tls-private-key-file", key]
        command += ["--cert-dir", str(self.folder / "certificates"), "--token-auth-file", "tokens.csv"]
        command += ["--service-account-issuer", "https://kubernetes.default.svc"]
        command += ["--service-account-signing-key-file", key, "--service-account-key-file", key]
        command += ["--service-cluster-ip-range", "10.0.0.0/24", "--endpoint-reconciler-type", "none"]
        # As on every real cluster; whether a workload may use it is decided by pod security.
        command += ["--allow-privileged=true"]
        command += ["--authorization-mode", "RBAC", "--enable-priority-and-fairness=false"]
        # Nothing creates the default service account of a namespace here.
        command += ["--disable-admission-plugins", "ServiceAccount"]
        server = Process(command, self.folder)
        self.processes.append(server)
        server.wait_until(self.api.ready, SECONDS_TO_START)

    def namespace(self, name: str, labels: dict[str, str] | None = None) -> None:
        """Makes the namespace exist, with these labels if there are any."""
        body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels or {}}}
        self.api.need(
            self.api.apply(f"/api/v1/namespaces/{name}", json.dumps(body), dry_run=False), f"namespace {name}"
        )

    def stop(self) -> None:
        """Ends everything, the API server before its store."""
        for process in reversed(self.processes):
            process.stop()

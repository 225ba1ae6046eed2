"""Everything that stands between a commit and an object, started once and stopped for sure."""

from __future__ import annotations

import pathlib
import shutil
import tempfile
from types import TracebackType

from chain import crossplane
from chain.argo import Argo
from chain.forge import Forge
from harness.cluster import Cluster
from harness.crds import Catalog, Installed
from harness.processes import Process, free_ports


class Lab:
    """A forge, a cluster, Argo CD and Crossplane, and a folder for everything temporary."""

    def __init__(self, tools: pathlib.Path) -> None:
        self.tools = tools
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="idpc-chain-"))
        self.cluster = Cluster(tools, self._new_folder("cluster"))

    def __enter__(self) -> Lab:
        try:
            self.cluster.start()
            self._start_collector()
            self._install_definitions()
            webhook, forge = free_ports(2)
            self.argo = Argo(self.cluster, self.tools, webhook)
            self.forge = Forge(self._new_folder("forge"), forge, f"http://127.0.0.1:{webhook}/api/webhook")
            crossplane.start(self.cluster, self.tools)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def _new_folder(self, name: str) -> pathlib.Path:
        folder = self.folder / name
        folder.mkdir()
        return folder

    def _start_collector(self) -> None:
        """What removes the children of what was removed: without it nothing would ever be lost."""
        (port,) = free_ports(1)
        command = [str(self.tools / "bin" / "kube-controller-manager"), f"--kubeconfig={self.cluster.kubeconfig}"]
        command += ["--bind-address=127.0.0.1", f"--secure-port={port}", "--leader-elect=false"]
        command += ["--controllers=garbage-collector-controller,namespace-controller"]
        command += [f"--cert-dir={self.cluster.folder / 'controllers'}", "--authentication-skip-lookup=true"]
        self.cluster.processes.append(Process(command, self.cluster.folder))

    def _install_definitions(self) -> None:
        """The CRDs of every project whose objects idpc writes, and of the provider only the place of its settings."""
        catalog = Catalog(self.tools / "crds", None)
        definitions = [crd for key in catalog.places if (crd := catalog.get(*key))]
        Installed(self.cluster, catalog).install([*definitions, PROVIDER_CONFIG])

    def stop(self) -> None:
        """Ends every process and removes every file."""
        if hasattr(self, "forge"):
            self.forge.stop()
        self.cluster.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


# A stand-in: no registry serves the provider of AWS, and nothing here reads its settings.
PROVIDER_CONFIG = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "providerconfigs.aws.upbound.io"},
    "spec": {
        "group": "aws.upbound.io",
        "names": {
            "kind": "ProviderConfig",
            "listKind": "ProviderConfigList",
            "plural": "providerconfigs",
            "singular": "providerconfig",
        },
        "scope": "Cluster",
        "versions": [
            {
                "name": "v1beta1",
                "served": True,
                "storage": True,
                "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
            }
        ],
    },
}

"""Crossplane's core: it turns our XRDs into the CRDs that claims and composites are checked against."""

from __future__ import annotations

import os
import shutil
import time
from typing import Any

from harness.cluster import Cluster
from harness.crds import Installed, wait_until_served
from harness.processes import Process, free_ports
from harness.tree import Document

API = "/apis/apiextensions.crossplane.io"
SECONDS_TO_OFFER = 60
# Once Crossplane has complained about a definition it tries again, but seldom with more success.
SECONDS_AFTER_COMPLAINT = 20


def start_core(cluster: Cluster, tools: str, options: list[str]) -> Process:
    """Starts the core controllers, without a runtime for packages; stopped with the cluster.

    The folder `crossplane` of the cluster has the certificate for both ends of every connection of theirs.
    """
    cluster.namespace("crossplane-system")
    certificates = cluster.folder / "crossplane"
    certificates.mkdir()
    for source, name in (("tls.crt", "tls.crt"), ("tls.key", "tls.key"), ("tls.crt", "ca.crt")):
        shutil.copy(cluster.folder / source, certificates / name)
    metrics, probes = free_ports(2)
    command = [f"{tools}/bin/crossplane", "core", "start", "--package-runtime=External"]
    command += [f"--tls-client-certs-dir={certificates}", f"--xpkg-cache-dir={certificates}"]
    command += [f"--metrics-port={metrics}", f"--health-probe-port={probes}"]
    environment = os.environ | {"KUBECONFIG": str(cluster.kubeconfig)}
    core = Process(command + options, cluster.folder, environment)
    cluster.processes.append(core)
    return core


class Crossplane:
    """The core controllers on one cluster, and the XRDs that are there now."""

    def __init__(self, crds: Installed, tools: str) -> None:
        self.crds = crds
        self.cluster = crds.cluster
        self.offered: dict[str, Document] = {}
        self.problems: dict[str, str] = {}
        crds.install(crds.catalog.crossplane())
        self.core = start_core(self.cluster, tools, ["--enable-webhooks=false"])

    def offer(self, xrds: list[Document]) -> dict[str, str]:
        """Makes exactly these XRDs the offered ones; returns for each name what went wrong, or nothing.

        An environment must not pass on what another one left behind, so what is not asked for goes. What is there
        already in the same words stays: most environments share their definitions.
        """
        wanted = {xrd.name: xrd for xrd in xrds}
        for name, xrd in list(self.offered.items()):
            if name not in wanted or wanted[name].body != xrd.body:
                self._withdraw(name)
        new = [xrd for name, xrd in wanted.items() if name not in self.offered]
        refused = {}
        for xrd in new:
            answer = self.cluster.api.apply(self._place(xrd), xrd.text, dry_run=False)
            if answer.ok:
                self.offered[xrd.name] = xrd
            else:
                refused[xrd.name] = answer.message
        for xrd in new:
            if xrd.name in self.offered:
                self.problems[xrd.name] = self._wait(xrd)
        return {name: refused.get(name) or self.problems[name] for name in wanted}

    def crd(self, xrd: str) -> dict[str, Any] | None:
        """The CRD of the composites, which has the name of its XRD."""
        answer = self.cluster.api.get(f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{xrd}")
        return answer.body if answer.ok else None

    def _place(self, xrd: Document) -> str:
        version = xrd.api_version.rpartition("/")[2]
        return f"{API}/{version}/compositeresourcedefinitions/{xrd.name}"

    def _wait(self, xrd: Document) -> str:
        """Waits until the definition is served; what Crossplane says where that does not happen."""
        spec = xrd.body["spec"]
        wanted = ["Established"] + (["Offered"] if spec.get("claimNames") else [])
        deadline = time.monotonic() + SECONDS_TO_OFFER
        while True:
            body = self.cluster.api.get(self._place(xrd)).body
            conditions = {each["type"]: each for each in body.get("status", {}).get("conditions") or []}
            if all(conditions.get(each, {}).get("status") == "True" for each in wanted):
                break
            complaints = self._complaints(xrd.name)
            if complaints:
                deadline = min(deadline, time.monotonic() + SECONDS_AFTER_COMPLAINT)
            if time.monotonic() > deadline:
                return f"not {' and '.join(wanted)}\n" + ("\n".join(complaints) or self.core.tail())
            time.sleep(0.05)
        names = [spec["names"]["plural"]] + ([spec["claimNames"]["plural"]] if spec.get("claimNames") else [])
        for plural in names:
            wait_until_served(self.cluster, f"{plural}.{spec['group']}")
        return ""

    def _complaints(self, name: str) -> list[str]:
        """What Crossplane reported to be wrong with an XRD."""
        found = self.cluster.api.get(f"/api/v1/events?fieldSelector=type=Warning,involvedObject.name={name}")
        return [each["message"] for each in found.body.get("items", [])]

    def _withdraw(self, name: str) -> None:
        """Deletes an XRD and waits until Crossplane has taken its CRDs away."""
        xrd = self.offered.pop(name)
        place = self._place(xrd)
        self.cluster.api.need(self.cluster.api.call("DELETE", place), f"deleting XRD {name}")
        deadline = time.monotonic() + SECONDS_TO_OFFER
        while self.cluster.api.get(place).status != 404:
            if time.monotonic() > deadline:
                raise TimeoutError(f"Crossplane does not let go of XRD {name}: {self._complaints(name)}")
            time.sleep(0.05)
        self.cluster.api.forget()

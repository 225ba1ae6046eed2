"""The CRDs that upstream projects publish, found by kind and installed when an artifact needs them."""

from __future__ import annotations

import json
import pathlib
import re
import time
from typing import Any

import yaml

from harness import sql
from harness.cluster import Cluster
from harness.tree import Loader

SECONDS_TO_ESTABLISH = 60
CROSSPLANE_GROUPS = {f"{group}.crossplane.io" for group in ("apiextensions", "ops", "pkg", "protection")}


class Catalog:
    """CRDs by API group and kind, read only when asked for: some are half a megabyte of YAML."""

    def __init__(self, published: pathlib.Path, data: pathlib.Path | None) -> None:
        self.places: dict[tuple[str, str], pathlib.Path] = {}
        for place in sorted(published.glob("*.json")):
            group, _, kind = place.stem.rpartition("_")
            self.places[group, kind] = place
        if data:
            for place in sorted((data / "crds").glob("*/*.yaml")):
                self.places[_named(place)] = place
        # What is published nowhere within reach, and known all the same.
        self.loaded: dict[tuple[str, str], dict[str, Any]] = sql.crds()

    def get(self, group: str, kind: str) -> dict[str, Any] | None:
        """The CRD of this kind, or nothing where no one serves it."""
        key = group, kind
        if key not in self.loaded:
            if key not in self.places:
                return None
            text = self.places[key].read_text()
            self.loaded[key] = json.loads(text) if self.places[key].suffix == ".json" else yaml.load(text, Loader)
        return self.loaded[key]

    def crossplane(self) -> list[dict[str, Any]]:
        """The CRDs of Crossplane itself."""
        found = [self.get(group, kind) for group, kind in self.places if group in CROSSPLANE_GROUPS]
        return [crd for crd in found if crd]


def _named(place: pathlib.Path) -> tuple[str, str]:
    """Group and kind of a CRD in YAML, from the few lines that name them."""
    text = place.read_text()
    group = re.search(r"(?m)^  group: (\S+)$", text)
    kind = re.search(r"(?m)^    kind: (\S+)$", text)
    if not group or not kind:
        raise ValueError(f"{place} is not a CustomResourceDefinition as expected")
    return group[1], kind[1]


def schema(crd: dict[str, Any], version: str) -> dict[str, Any] | None:
    """The schema of one version, or nothing where the CRD does not have that version."""
    for each in crd["spec"]["versions"]:
        if each["name"] == version:
            return each["schema"]["openAPIV3Schema"]
    return None


class Installed:
    """The CRDs on one cluster."""

    def __init__(self, cluster: Cluster, catalog: Catalog) -> None:
        self.cluster = cluster
        self.catalog = catalog
        self.names: set[str] = set()

    def need(self, kinds: set[tuple[str, str]]) -> None:
        """Installs the CRDs of these kinds, as far as anyone publishes them, and waits until they are served."""
        self.install([crd for key in sorted(kinds) if (crd := self.catalog.get(*key))])

    def install(self, crds: list[dict[str, Any]]) -> None:
        """Installs these CRDs and waits until the server serves them."""
        new = [crd for crd in crds if crd["metadata"]["name"] not in self.names]
        for crd in new:
            name = crd["metadata"]["name"]
            api = self.cluster.api
            # Strict validation is for our artifacts; some published CRDs carry fields that this server does not know.
            query = "?fieldManager=idpc&force=true"
            api.need(
                api.call("PATCH", _place(name) + query, json.dumps(crd), "application/apply-patch+yaml"), f"CRD {name}"
            )
            self.names.add(name)
        for crd in new:
            wait_until_served(self.cluster, crd["metadata"]["name"])


def _place(name: str) -> str:
    return f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{name}"


def wait_until_served(cluster: Cluster, name: str) -> dict[str, Any]:
    """Waits until the objects of a CRD can be sent to the server, and returns the CRD."""
    deadline = time.monotonic() + SECONDS_TO_ESTABLISH
    while True:
        crd = cluster.api.get(_place(name)).body
        conditions = {each["type"]: each["status"] for each in crd.get("status", {}).get("conditions") or []}
        if conditions.get("Established") == "True":
            cluster.api.forget()
            versions = [each["name"] for each in crd["spec"]["versions"] if each["served"]]
            kind = crd["spec"]["names"]["kind"]
            if all(cluster.api.resource(f"{crd['spec']['group']}/{version}", kind) for version in versions):
                return crd
        if time.monotonic() > deadline:
            raise TimeoutError(f"the API server does not serve {name}: {conditions}")
        time.sleep(0.05)

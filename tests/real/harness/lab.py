"""The consumers as one thing that is started once, used for every tree and stopped for sure."""

from __future__ import annotations

import os
import pathlib
import shutil
import tempfile
from types import TracebackType

from harness import unchecked
from harness.cluster import Cluster
from harness.crds import Catalog, Installed
from harness.crossplane import Crossplane
from harness.rendered import Renderer

HARNESS = pathlib.Path(__file__).resolve().parent
REPOSITORY = HARNESS.parents[2]


def shared_data() -> pathlib.Path | None:
    """Where the CRDs lie that no registry serves, if they are on this machine."""
    named = os.environ.get("IDPC_SHARED_DATA")
    places = [pathlib.Path(named)] if named else [REPOSITORY.parent / "shared" / "data"]
    return next((place for place in places if list(place.glob("crds/aws/*.yaml"))), None)


class Lab:
    """Tools, CRDs, one cluster with Crossplane on it, and a folder for everything temporary."""

    def __init__(self, tools: pathlib.Path) -> None:
        self.tools = tools
        self.data = shared_data()
        self.catalog = Catalog(tools / "crds", self.data)
        self.namespaces: set[str] = set()
        # The definitions whose rules have been broken once.
        self.limits: set[str] = set()
        # Pairs of rules and test whose mutations have run, without the names in them.
        self.mutated: set[str] = set()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="idpc-real-"))
        self.unchecked = unchecked.load(HARNESS.parent / "unchecked.txt")
        self.cluster = Cluster(self.tools, self.new_folder("cluster"))
        self.renderer = Renderer(self.tools, self.new_folder("rendered"))
        # What kubeconform reads, one file for each kind.
        self.schemas = self.new_folder("schemas")

    def __enter__(self) -> Lab:
        try:
            self.cluster.start()
            self.crds = Installed(self.cluster, self.catalog)
            self.crossplane = Crossplane(self.crds, str(self.tools))
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def why_unchecked(self, group: str, kind: str) -> str:
        """Why nothing here can judge objects of this kind; nothing where something must."""
        return "" if self.data else self.unchecked.kind(group, kind)

    def tool(self, name: str) -> str:
        """The path of one program."""
        return str(self.tools / "bin" / name)

    def new_folder(self, name: str) -> pathlib.Path:
        """An empty folder that goes when the harness ends."""
        return pathlib.Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.folder))

    def stop(self) -> None:
        """Ends every process and removes every file."""
        self.cluster.stop()
        self.renderer.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

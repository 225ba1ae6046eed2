"""The life of a platform from its first commit to the last, and what holds at each point."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from chain import inventory
from chain.argo import APPLICATIONS, said
from chain.lab import Lab
from chain.wait import Failed, until
from chain.workspace import Workspace

ROOT = "root-prod"
CLAIMS = f"/apis/{inventory.GROUP}/v1alpha1/namespaces"


class Story:
    """One platform on one lab; each chapter is a change, its way through the chain, and what must be so afterwards."""

    def __init__(self, lab: Lab, workspace: Workspace) -> None:
        self.lab = lab
        self.argo = lab.argo
        self.api = lab.cluster.api
        self.workspace = workspace
        self.durable: set[str] = set()

    def chapter(self, name: str, tell: Callable[[], None]) -> None:
        """Runs one chapter and prints how long it took."""
        started = time.monotonic()
        tell()
        print(f"{time.monotonic() - started:6.1f} s  {name}", flush=True)

    # What holds.

    def hold(self, statement: str, so: bool, instead: Any = "") -> None:
        """One fact."""
        if not so:
            raise Failed(f"{statement}\n  {instead}")

    def keeps(self) -> None:
        """Exactly the durable objects that were there are there, none made anew, none about to go."""
        now = inventory.durable(self.lab.cluster)
        lost = "\n  ".join(sorted(self.durable - now)) or "nothing"
        new = "\n  ".join(sorted(now - self.durable)) or "nothing"
        self.hold("durable objects were lost", now == self.durable, f"{lost}\n  instead there is {new}")

    def condition(self, place: str, kind: str) -> str:
        """The status of one condition of an object."""
        status = self.api.get(place).body.get("status", {})
        return next((each["status"] for each in status.get("conditions", []) if each["type"] == kind), "")

    def ready(self, place: str) -> None:
        """Waits until an object says that it is ready."""
        until(60, f"{place} is ready", lambda: self.condition(place, "Ready") == "True", lambda: self.status(place))

    def status(self, place: str) -> str:
        """What an object says about itself."""
        return json.dumps(self.api.get(place).body.get("status", {}), indent=1)

    def pruned_by_hand(self, application: str, commit: str, skipped: set[str]) -> None:
        """Somebody syncs this commit with "prune": Argo CD must say of exactly these objects that it leaves them."""
        state = self.argo.sync_with_prune(application, commit)
        self.keeps()
        found = {
            f"{each['kind']} {each['name']}"
            for each in state.get("syncResult", {}).get("resources", [])
            if each.get("status") == "PruneSkipped"
        }
        self.hold(
            f"a sync of {application} with prune leaves exactly {sorted(skipped)}", found == skipped, sorted(found)
        )

    # The chapters.

    def begins(self) -> None:
        """The first commit; then the one file that somebody applies by hand."""
        commit = self.workspace.push("The platform")
        for document in self.workspace.output("bootstrap/prod.yaml").split("\n---\n"):
            place = "appprojects" if "kind: AppProject" in document else "applications"
            path = f"/apis/argoproj.io/v1alpha1/namespaces/argocd/{place}/{ROOT}"
            self.api.need(self.api.apply(path, document, dry_run=False), "bootstrap/prod.yaml")
        self.argo.wait_synced(ROOT, commit, 180)
        self.lab.cluster.api.forget()
        names = sorted(each["metadata"]["name"] for each in self.argo.applications())
        expected = [ROOT, "atlas-prod-infra"]
        expected += [f"{each}-prod{part}" for each in ("almanac", "diary", "letters") for part in ("", "-infra")]
        self.hold("the root Application makes the others", names == sorted(expected), names)
        for name in names:
            self.argo.wait_synced(name, commit, 120)

    def becomes_ready(self) -> None:
        """The claims of the workspace's own kinds, all the way to what they compose and hand back."""
        for namespace, plural, name in OWN_CLAIMS:
            self.ready(f"{CLAIMS}/{namespace}/{plural}/{name}")
        place = "/api/v1/namespaces/diary/configmaps/library-diary-days-prod"
        data = self.api.get(place).body.get("data")
        self.hold("a claim composes what it says", data == {"title": "Days", "pages": "30"}, data)
        place = "/api/v1/namespaces/diary/secrets/diary-days-connection"
        found = until(
            60, "connection details", lambda: self.api.get(place).body.get("data"), lambda: self.status(place)
        )
        self.hold("a claim hands back its outputs", found == {"name": "bGlicmFyeS1kaWFyeS1kYXlzLXByb2Q="}, found)
        bucket = f"{CLAIMS}/letters/buckets/letters-scans"
        self.hold("a claim of the library is accepted", self.api.get(bucket).ok, bucket)
        self.healthy("diary-prod-infra", "Healthy")
        self.healthy("diary-prod", "Healthy")
        # It holds a bucket, which nothing here can make: the check of health that idpc writes must say so.
        self.healthy("letters-prod-infra", "Progressing")
        guards = "/apis/protection.crossplane.io/v1beta1/clusterusages"
        for each in self.api.get(guards).body["items"]:
            self.ready(f"{guards}/{each['metadata']['name']}")
        self.durable = inventory.durable(self.lab.cluster)

    def healthy(self, application: str, health: str) -> None:
        """Waits until Argo CD thinks this of an Application."""

        def is_so() -> bool:
            return bool(self.argo.application(application).get("status", {}).get("health", {}).get("status") == health)

        until(60, f"{application} is {health}", is_so, lambda: said(self.argo.application(application)))

    def guarded(self) -> None:
        """Whoever deletes a composite by hand is refused, by Crossplane, with the reason that idpc writes."""
        place = f"/apis/{inventory.GROUP}/v1alpha1/xnotebooks"
        for each in self.api.get(place).body["items"]:
            answer = self.api.call("DELETE", f"{place}/{each['metadata']['name']}")
            refused = answer.status in (403, 409) and "It holds data" in answer.message
            self.hold("a composite in use is not deleted", refused, f"{answer.status} {answer.message}")
        self.keeps()

    def refuses_and_repairs(self) -> None:
        """A value out of range, written into the output by hand; its repair comes when Argo CD has given up.

        A commit that comes before that may be missed by Argo CD 3.1 where `manifest-generate-paths` is set
        (argoproj/argo-cd#27875), which is the default here.
        """
        path = "out/envs/prod/diary/infra/claims.yaml"
        self.workspace.replace(path, "pages: 30", "pages: 3000")
        self.workspace.push("Three thousand pages")
        words = "pages lies in 1..100. How many pages it has."
        started = time.monotonic()
        until(
            30,
            f"Argo CD says: {words}",
            lambda: words in said(self.argo.application("diary-prod-infra")),
            lambda: said(self.argo.application("diary-prod-infra")),
        )
        print(f"          refused after {time.monotonic() - started:.1f} s: {words}")
        self.keeps()
        self.argo.wait_idle("diary-prod-infra")
        print(f"          given up after {time.monotonic() - started:.1f} s")
        self.workspace.replace(path, "pages: 3000", "pages: 30")
        self.workspace.replace("teams/archive/diary.idp", "pages = 30", "pages = 31")
        self.workspace.build()
        started = time.monotonic()
        commit = self.workspace.push("Thirty-one pages")
        place = "/api/v1/namespaces/diary/configmaps/library-diary-days-prod"
        until(
            SECONDS_TO_REPAIR,
            "31 pages",
            lambda: self.api.get(place).body["data"]["pages"] == "31",
            lambda: said(self.argo.application("diary-prod-infra")),
        )
        print(f"          repaired after {time.monotonic() - started:.1f} s")
        self.argo.wait_synced("diary-prod-infra", commit)
        self.keeps()

    def loses_a_need(self) -> None:
        """A need goes from a service, which idpc allows only with a `removed` line."""
        drafts = '    drafts = notebook { title = "Drafts" }\n'
        self.workspace.replace("teams/archive/diary.idp", drafts, "")
        self.workspace.refused("diary.needs.drafts", "removed")
        self.workspace.write("teams/archive/removed.idp", removed("diary.needs.drafts"))
        self.workspace.build()
        commit = self.workspace.push("Diaries have no drafts")
        self.argo.wait_compared("diary-prod-infra", commit)
        self.keeps()
        self.pruned_by_hand("diary-prod-infra", commit, {"Notebook diary-drafts", "ClusterUsage diary.diary-drafts"})

    def loses_a_service(self) -> None:
        """A service goes, with everything it needs of its own."""
        self.workspace.remove("teams/archive/almanac.idp")
        self.workspace.refused("almanac", "removed")
        self.workspace.write("teams/archive/almanac-removed.idp", removed("almanac"))
        self.workspace.build()
        commit = self.workspace.push("No more almanac")
        self.argo.wait_compared(ROOT, commit)
        self.keeps()
        self.pruned_by_hand(ROOT, commit, ALMANAC)

    def loses_a_team(self) -> None:
        """A team goes, with its last service and a kind that nobody else uses."""
        self.workspace.remove("teams/post")
        self.workspace.refused("letters", "removed")
        self.workspace.write("teams/archive/letters-removed.idp", removed("letters"))
        self.workspace.build()
        commit = self.workspace.push("No more post")
        self.argo.wait_compared(ROOT, commit)
        self.keeps()
        self.pruned_by_hand(ROOT, commit, ALMANAC | LETTERS)

    def loses_a_kind(self) -> None:
        """A kind goes, of which claims are still there."""
        self.workspace.remove("platform/kinds/stamp.idp", "targets/crossplane/kinds/stamp")
        self.workspace.build()
        commit = self.workspace.push("No more stamps")
        self.argo.wait_compared(ROOT, commit)
        self.keeps()
        self.pruned_by_hand(ROOT, commit, ALMANAC | LETTERS | STAMP)

    def loses_everything(self) -> None:
        """All of out/ is deleted by a commit."""
        self.workspace.remove("out")
        self.workspace.push("No more output")
        root = self.argo.application
        seen = lambda: "out/apps/prod" in said(root(ROOT))  # noqa: E731
        until(60, "Argo CD misses out/apps/prod", seen, lambda: said(root(ROOT)))
        self.keeps()
        # The same with folders that are there and empty, which Argo CD can sync.
        for each in ("apps/prod", "platform/prod", "envs/prod/diary/infra", "envs/prod/diary/app"):
            (self.workspace.folder / "out" / each).mkdir(parents=True)
            self.workspace.write(f"out/{each}/.keep", "")
        commit = self.workspace.push("Empty folders")
        self.argo.wait_compared(ROOT, commit)
        self.argo.wait_compared("diary-prod-infra", commit)
        self.keeps()
        for name in (ROOT, "diary-prod-infra"):
            self.argo.sync_with_prune(name, commit)
        self.keeps()

    def loses_argo(self) -> None:
        """Every Application is deleted by hand, which takes workloads along."""
        self.hold("all workloads are there", self.workloads() == ["almanac", "diary", "letters"], self.workloads())
        for each in self.argo.applications():
            self.api.need(self.api.call("DELETE", f"{APPLICATIONS}/{each['metadata']['name']}"), "deletion")
        until(
            90,
            "no Application is left",
            lambda: not self.argo.applications(),
            lambda: str([each["metadata"]["name"] for each in self.argo.applications()]),
        )
        # The project of a removed service no longer lets Argo CD into its namespace, so what ran there goes with the
        # namespace, by hand.
        until(60, "workloads are gone", lambda: self.workloads() == ["almanac"], lambda: str(self.workloads()))
        self.keeps()

    def workloads(self) -> list[str]:
        """The service accounts that services run as."""
        label = "app.kubernetes.io/managed-by%3Didpc"
        return [
            each["metadata"]["name"]
            for each in self.api.get(f"/api/v1/serviceaccounts?labelSelector={label}").body["items"]
        ]


# A bad commit holds up the next one until Argo CD has tried it three more times, 2, 4 and 8 seconds apart. By
# default that takes five minutes.
SECONDS_TO_REPAIR = 60
OWN_CLAIMS = [
    ("diary", "notebooks", "diary-days"),
    ("diary", "notebooks", "diary-drafts"),
    ("almanac", "notebooks", "almanac-moons"),
    ("atlas", "notebooks", "atlas"),
    ("letters", "notebooks", "letters-sent"),
    ("letters", "stamps", "letters-postage"),
]
# What Argo CD leaves of each, although somebody tells it to prune.
ALMANAC = {"Namespace almanac", "Application almanac-prod", "Application almanac-prod-infra"}
LETTERS = {"Namespace letters", "Application letters-prod", "Application letters-prod-infra", "AppProject post-prod"}
STAMP = {"CompositeResourceDefinition xstamps.library.example", "Composition stamps.library.example"}


def removed(name: str) -> str:
    """The line by which a workspace says that something durable goes."""
    return f'removed {name} {{\n  keep    = true\n  because = "the test of the chain takes it away"\n}}\n'

"""No two objects of one identity in one cluster, over all environments: the second would take over the first.

The identity is API group, kind, namespace and name; the cluster is where the Application goes that syncs the file.
"""

from __future__ import annotations

import dataclasses

from harness import argo
from harness.api import Api
from harness.report import Report
from harness.tree import Document, File, Malformed

CONSUMER = "one object of one identity"
OWN = "https://kubernetes.default.svc"


@dataclasses.dataclass(frozen=True)
class _Target:
    """Where an Application puts what it syncs."""

    application: str
    cluster: str
    namespace: str
    files: frozenset[str]


def check(files: list[File], api: Api, report: Report) -> None:
    """All files of a tree that Argo CD or a human applies."""
    documents = [document for file in files if _is_applied(file.path) for document in _documents(file)]
    environments = {file.path: file.environment for file in files}
    targets = _targets(documents, environments)
    owners: dict[tuple[str, ...], list[Document]] = {}
    for document in documents:
        ways = [each for each in targets if document.path in each.files]
        if document.path.startswith("bootstrap/"):
            # Applied by hand, where Argo CD runs.
            home = _home(environments[document.path], targets, environments)
            ways = [_Target("", home, "", frozenset())]
        for way in ways:
            namespaced = api.resource(document.api_version, document.kind)
            namespace = str(document.metadata.get("namespace", way.namespace))
            place = namespace if namespaced is None or namespaced.namespaced else ""
            identity = (way.cluster, document.group, document.kind, place, document.name)
            owners.setdefault(identity, []).append(document)
    for (cluster, group, kind, place, name), found in sorted(owners.items()):
        subject = f"{group}/{kind} {place}/{name} in {cluster}"
        several = "it is made more than once: " + ", ".join(each.path for each in found)
        report.verdict(CONSUMER, subject, several if len(found) > 1 and not _agree(found, environments) else "")


def _agree(found: list[Document], environments: dict[str, str]) -> bool:
    """Whether these are what environments of one cluster share: the same object in the platform folder of each."""
    places = {environments[each.path] for each in found}
    shared = all(each.path.startswith("platform/") and each.body == found[0].body for each in found)
    return shared and len(places) == len(found)


def _is_applied(path: str) -> bool:
    folders = ("bootstrap", "apps", "envs", "platform")
    others = (".values.yaml", "/kustomization.yaml")
    return path.split("/")[0] in folders and path.endswith(".yaml") and not path.endswith(others)


def _documents(file: File) -> list[Document]:
    try:
        return [each for each in file.documents if each.kind and each.name]
    except (Malformed, UnicodeDecodeError):
        return []


def _targets(documents: list[Document], environments: dict[str, str]) -> list[_Target]:
    """Every Application, with the cluster that its address means."""
    applications = [each for each in documents if each.group == "argoproj.io" and each.kind == "Application"]
    # Argo CD of an environment that puts everything beside itself is its own; one that reaches out is shared.
    reaching = {environments[each.path] for each in applications if _address(each) != OWN}
    found = []
    for each in applications:
        environment = environments[each.path]
        home = "the cluster of Argo CD" if environment in reaching else f"the cluster of {environment}"
        cluster = home if _address(each) == OWN else _address(each)
        members = frozenset(member.path for member in argo.members(each.body["spec"], documents))
        namespace = str(each.body["spec"]["destination"].get("namespace", ""))
        found.append(_Target(each.name, cluster, namespace, members))
    return found


def _home(environment: str, targets: list[_Target], environments: dict[str, str]) -> str:
    """The cluster in which Argo CD of an environment runs: where its root Application puts the others."""
    apps = {path for path, of in environments.items() if path.startswith("apps/") and of == environment}
    return next((each.cluster for each in targets if each.files & apps), f"the cluster of {environment}")


def _address(application: Document) -> str:
    target = application.body["spec"]["destination"]
    return str(target.get("server", target.get("name", "")))

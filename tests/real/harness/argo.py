"""What Argo CD looks at when it syncs an Application: its folder, its project, and what the project lets in.

The API server follows no references, so an Application that Argo CD will refuse passes there.
"""

from __future__ import annotations

import fnmatch
import pathlib
import re
from typing import Any

from harness.api import Api
from harness.report import Report
from harness.tree import Document, File

CONSUMER = "what an Application refers to"
ADMISSION = "what a project lets in"
Spec = dict[str, Any]


def check(documents: list[Document], files: list[File], api: Api, report: Report) -> None:
    """Every Application of one environment, and every object that it syncs."""
    projects = {each.name: each.body["spec"] for each in documents if each.kind == "AppProject"}
    for application in documents:
        if application.group != "argoproj.io" or application.kind != "Application":
            continue
        spec = application.body["spec"]
        project = projects.get(spec["project"])
        problems = _folders(spec, files[0].root)
        if project:
            problems += _sources_and_target(spec, project)
            for document in members(spec, documents):
                subject = f"{document.subject} in {spec['project']}"
                report.verdict(ADMISSION, subject, _refusal(document, spec["destination"], project, api))
        elif spec["project"] != "default":
            problems.append(f"there is no AppProject {spec['project']}")
        report.verdict(CONSUMER, application.subject, "\n".join(problems))


def _sources(spec: Spec) -> list[Spec]:
    return spec.get("sources") or [spec["source"]]


def _inside(path: str, root: pathlib.Path) -> str | None:
    """The folder below the output folder that a source means. Its path is written from the top of the repository."""
    parts = pathlib.PurePosixPath(path).parts
    tails = (pathlib.PurePosixPath(*parts[start:]).as_posix() for start in range(len(parts)))
    return next((tail for tail in tails if (root / tail).is_dir()), None)


def _folders(spec: Spec, root: pathlib.Path) -> list[str]:
    return [f"there is no folder {each['path']}" for each in _sources(spec) if _inside(each["path"], root) is None]


def _sources_and_target(spec: Spec, project: Spec) -> list[str]:
    problems = [
        f"the AppProject does not allow the repository {source['repoURL']}"
        for source in _sources(spec)
        if not any(fnmatch.fnmatchcase(source["repoURL"], allowed) for allowed in project.get("sourceRepos", []))
    ]
    if not _allowed(spec["destination"], project):
        problems.append(f"the AppProject does not allow the destination {spec['destination']}")
    return problems


def _allowed(target: Spec, project: Spec) -> bool:
    """Whether a destination of the project covers this one: the cluster by either name, and the namespace."""
    for allowed in project.get("destinations", []):
        cluster = [key for key in ("server", "name") if key in target and key in allowed]
        if cluster and all(
            fnmatch.fnmatchcase(target.get(key, ""), allowed.get(key, "")) for key in [*cluster, "namespace"]
        ):
            return True
    return False


def members(spec: Spec, documents: list[Document]) -> list[Document]:
    """The objects that an Application syncs from this environment's files."""
    found = []
    for document in documents:
        for source in _sources(spec):
            directory = source.get("directory", {})
            relative = _below(document.path, source["path"])
            if (
                relative
                and (directory.get("recurse") or "/" not in relative)
                and _matches(relative, directory.get("include", "*"))
                and not _matches(relative, directory.get("exclude", ""))
            ):
                found.append(document)
                break
    return found


def _below(path: str, folder: str) -> str:
    """`path` from `folder` on, of which any number of leading parts may lie above the output folder; else nothing."""
    parts = pathlib.PurePosixPath(folder).parts
    for start in range(len(parts)):
        prefix = "/".join(parts[start:]) + "/"
        if path.startswith(prefix):
            return path.removeprefix(prefix)
    return ""


def _matches(path: str, pattern: str) -> bool:
    """A pattern of Argo CD, which may list alternatives in braces."""
    braces = re.fullmatch(r"\{(.*)\}", pattern)
    return any(fnmatch.fnmatchcase(path, each) for each in (braces[1].split(",") if braces else [pattern]))


def _refusal(document: Document, target: Spec, project: Spec, api: Api) -> str:
    """Why Argo CD would not sync this object for this project, or nothing."""
    resource = api.resource(document.api_version, document.kind)
    if resource and not resource.namespaced:
        permitted = _listed(document, project.get("clusterResourceWhitelist", []))
        return "" if permitted else f"clusterResourceWhitelist has no {document.group}/{document.kind}"
    if _listed(document, project.get("namespaceResourceBlacklist", [])):
        return f"namespaceResourceBlacklist has {document.group}/{document.kind}"
    if "namespaceResourceWhitelist" in project and not _listed(document, project["namespaceResourceWhitelist"]):
        return f"namespaceResourceWhitelist has no {document.group}/{document.kind}"
    namespace = document.metadata.get("namespace", target.get("namespace", ""))
    if not _allowed(target | {"namespace": namespace}, project):
        return f"the destinations do not cover the namespace {namespace}"
    return ""


def _listed(document: Document, kinds: list[dict[str, str]]) -> bool:
    return any(
        fnmatch.fnmatchcase(document.group, each["group"]) and fnmatch.fnmatchcase(document.kind, each["kind"])
        for each in kinds
    )

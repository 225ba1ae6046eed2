"""What an Argo CD Application refers to: the API server does not follow references, Argo CD does when it syncs."""

from __future__ import annotations

import fnmatch
import pathlib

from harness.report import Report
from harness.tree import Document, File

CONSUMER = "what an Application refers to"


def check(documents: list[Document], files: list[File], report: Report) -> None:
    """Every Application's folder, and what its project allows it."""
    projects = {each.name: each for each in documents if each.kind == "AppProject"}
    for application in documents:
        if application.group == "argoproj.io" and application.kind == "Application":
            problems = _folders(application, files[0].root) + _project(application, projects)
            report.verdict(CONSUMER, application.subject, "\n".join(problems))


def _sources(application: Document) -> list[dict[str, str]]:
    spec = application.body["spec"]
    return spec.get("sources") or [spec["source"]]


def _folders(application: Document, root: pathlib.Path) -> list[str]:
    """A path is written from the top of the repository, in which the output folder may lie at any depth."""
    problems = []
    for source in _sources(application):
        parts = pathlib.PurePosixPath(source.get("path", ".")).parts
        if not any((root / pathlib.PurePosixPath(*parts[start:])).is_dir() for start in range(len(parts))):
            problems.append(f"there is no folder {source['path']}")
    return problems


def _project(application: Document, projects: dict[str, Document]) -> list[str]:
    spec = application.body["spec"]
    if spec["project"] == "default":
        return []
    if spec["project"] not in projects:
        return [f"there is no AppProject {spec['project']}"]
    project = projects[spec["project"]].body["spec"]
    problems = [
        f"the AppProject does not allow the repository {source['repoURL']}"
        for source in _sources(application)
        if not any(fnmatch.fnmatch(source["repoURL"], allowed) for allowed in project.get("sourceRepos", []))
    ]
    target = spec["destination"]
    if not any(_allows(allowed, target) for allowed in project.get("destinations", [])):
        problems.append(f"the AppProject does not allow the destination {target}")
    return problems


def _allows(allowed: dict[str, str], target: dict[str, str]) -> bool:
    """Whether a destination of a project covers one of an Application: its cluster by either name, and its namespace."""
    cluster = [key for key in ("server", "name") if key in target and key in allowed]
    return bool(cluster) and all(
        fnmatch.fnmatch(target.get(key, ""), allowed.get(key, "")) for key in [*cluster, "namespace"]
    )

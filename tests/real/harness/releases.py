"""The two states of a service: before its first release nothing of it runs, afterwards its image runs by digest.

What a release writes is not made up here: the step of the service's own workflow that writes it runs, in a copy.
"""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
from typing import Any

from harness import kubernetes
from harness.lab import Lab
from harness.pods import Pod
from harness.processes import run
from harness.report import Report
from harness.tree import Document, File, Malformed, documents, parse

CONSUMER = "nothing runs before its release"
RELEASED = "its image runs by digest"
STEP = "Write the release"
DIGEST = "sha256:" + "9f" * 32
IMAGE = "registry.example.org/team/image"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
# What runs, what makes others run, and what would call for people because nothing does.
WAITING = {"Deployment", "StatefulSet", "DaemonSet", "Pod", "Job", "CronJob", "HorizontalPodAutoscaler"}
WAITING |= {"PodDisruptionBudget", "PrometheusRule", "ServiceMonitor", "PodMonitor"}
Body = dict[str, Any]


def check(file: File, built: list[Document], lab: Lab, report: Report) -> None:
    """One Kustomization with a release beside it, of which `built` has been made before any release."""
    folder = file.place.parent
    release = folder.parent / "release" / "kustomization.yaml"
    if not release.exists():
        return
    early = [each.subject for each in built if each.kind in WAITING]
    report.verdict(CONSUMER, file.path, "\n".join(f"{each} is there already" for each in early))
    step = _step(file.root, folder.parent.name)
    if not step:
        report.verdict(RELEASED, file.path, "no workflow has a step that writes its release")
        return
    copy = lab.new_folder("release")
    for part in ("app", "release"):
        shutil.copytree(folder.parent / part, copy / part)
    problem = _write(step, copy / "release" / "kustomization.yaml")
    code, said = run([lab.tool("kustomize"), "build", str(copy / "app")])
    if problem or code:
        report.verdict(RELEASED, file.path, problem or said)
        return
    after = documents(said, f"{pathlib.PurePosixPath(file.path).parent} as released:")
    report.verdict(RELEASED, file.path, "\n".join(_problems(file, built, after)))
    kubernetes.dry_run([each for each in after if Pod.of(each)], lab, report)


def _step(root: pathlib.Path, service: str) -> Body | None:
    """The step that writes the release of a service, wherever its workflow lies."""
    for place in sorted(root.glob("repo/*/.github/workflows/*.y*ml")):
        try:
            jobs = (parse(place.read_text()) or {}).get("jobs") or {}
        except Malformed:
            continue
        for step in (each for job in jobs.values() for each in job.get("steps") or []):
            if step.get("name") == STEP and step["env"]["SERVICE"] == service:
                return dict(step)
    return None


def _write(step: Body, release: pathlib.Path) -> str:
    """Runs the script of the step as the runner does; the complaint where it fails."""
    given = {"RELEASE": str(release), "IMAGE": IMAGE, "DIGEST": DIGEST, "COMMIT": COMMIT}
    given["SERVICE"] = step["env"]["SERVICE"]
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    done = subprocess.run(
        command, env=os.environ | given, cwd=release.parent, capture_output=True, text=True, check=False, timeout=60
    )
    return f"the step ends with {done.returncode}: {done.stderr}" if done.returncode else ""


def _problems(file: File, before: list[Document], after: list[Document]) -> list[str]:
    """What is wrong with what is built after a release."""
    declared = {_identity(each) for each in _resources(file)}
    there = {_identity(each): each for each in after}
    found = [f"{' '.join(lost)} is lost" for lost in sorted(declared - there.keys())]
    for document in before:
        if there.get(_identity(document), document).body != document.body:
            found.append(f"{document.kind} {document.name} is changed by the release")
    service = file.place.parent.parent.name
    for document in after:
        pod = Pod.of(document)
        # What the team has put into `extras/` has images of its own.
        if pod and document.name in (service, f"{service}-migrate"):
            found += _images(document, pod)
    return found


def _images(document: Document, pod: Pod) -> list[str]:
    subject = f"{document.kind} {document.name}"
    found = [
        f"{subject}: the image of {each['name']} is {each['image']}"
        for each in pod.containers
        if each["image"] != f"{IMAGE}@{DIGEST}"
    ]
    revision = (document.metadata.get("annotations") or {}).get("org.opencontainers.image.revision")
    # A migration is a hook, which Argo CD makes anew for each sync.
    if document.kind != "Job" and revision != COMMIT:
        found.append(f"{subject}: it does not say which commit it was built from")
    return found


def _resources(file: File) -> list[Document]:
    """The objects in the files that a Kustomization lists."""
    folder = file.place.parent
    return [
        document
        for name in file.documents[0].body.get("resources") or []
        for document in documents((folder / name).read_text(), name)
    ]


def _identity(document: Document) -> tuple[str, str, str]:
    return document.kind, document.namespace, document.name

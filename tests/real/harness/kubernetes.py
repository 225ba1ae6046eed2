"""Kubernetes objects at the real API server, and Crossplane's own at the real Crossplane."""

from __future__ import annotations

import json

from harness import argo, compositions, conform, embedded, expansion, limits, network, offline, references, rendered
from harness.lab import Lab
from harness.pods import Pod
from harness.report import Report
from harness.tree import Document, File, Malformed

API_SERVER = "kube-apiserver"
POD = "pod that may run"
RESTRICTED = "restricted"
CORE = "crossplane core"
SECURITY = "pod-security.kubernetes.io"


def check(files: list[File], lab: Lab, report: Report) -> None:
    """The objects of one environment."""
    documents = []
    for file in files:
        try:
            documents += file.documents
        except (Malformed, UnicodeDecodeError) as error:
            report.failed("YAML", file.path, str(error))
    prepare(documents, lab)
    xrds = [each for each in documents if each.kind == "CompositeResourceDefinition"]
    problems = lab.crossplane.offer(xrds)
    for xrd in xrds:
        report.verdict(CORE, xrd.subject, problems[xrd.name])
    dry_run(documents, lab, report)
    run_pods(documents, lab, report)
    conform.check(files, lab, report)
    offline.check(documents, lab, report)
    compositions.check(documents, lab, report)
    limits.check(documents, lab, report)
    expansion.check(documents, files, lab, report)
    rendered.check(documents, files, lab.renderer, report)
    embedded.check(documents, files, lab, report)
    argo.check(documents, files, lab.cluster.api, report)
    references.check(documents, report)
    network.check(files, documents, report)


def prepare(documents: list[Document], lab: Lab) -> None:
    """Brings the cluster into the state that the objects expect: their CRDs and their namespaces."""
    lab.crds.need({(each.group, each.kind) for each in documents})
    declared = {each.name: each.metadata.get("labels") or {} for each in documents if each.kind == "Namespace"}
    for name in sorted({each.namespace for each in documents} | set(declared)):
        labels = dict(declared.get(name, {}))
        # Pod security refuses Pods, which nothing creates here; the same level as a warning judges the workloads.
        if f"{SECURITY}/enforce" in labels:
            labels[f"{SECURITY}/warn"] = labels[f"{SECURITY}/enforce"]
        if name in declared or name not in lab.namespaces:
            lab.cluster.namespace(name, labels)
            lab.namespaces.add(name)


def dry_run(documents: list[Document], lab: Lab, report: Report) -> None:
    """Server-side apply of each object, strict and without a trace."""
    api = lab.cluster.api
    for document in documents:
        resource = api.resource(document.api_version, document.kind)
        if not resource:
            reason = lab.why_unchecked(document.group, document.kind)
            if reason:
                report.skipped(API_SERVER, document.subject, f"{document.group}/{document.kind}: {reason}")
            else:
                kind = f"{document.api_version} {document.kind}"
                report.failed(API_SERVER, document.subject, f"the API server does not know the kind {kind}")
            continue
        if not document.name:
            report.failed(API_SERVER, document.subject, "the object has no metadata.name")
            continue
        place = api.place(resource, document.api_version, document.namespace, document.name)
        answer = api.apply(place, document.text, dry_run=True)
        insecure = [warning for warning in answer.warnings if "PodSecurity" in warning]
        report.verdict(API_SERVER, document.subject, "\n".join(insecure) if answer.ok else answer.message)
        for warning in answer.warnings:
            if warning not in insecure:
                report.note(f"{API_SERVER}: {document.kind}: {warning}")


def run_pods(documents: list[Document], lab: Lab, report: Report) -> None:
    """Each template of pods as a Pod, in a namespace that enforces the restricted profile: workloads are only warned."""
    templates = [(each, pod) for each in documents if (pod := Pod.of(each))]
    if templates and RESTRICTED not in lab.namespaces:
        lab.cluster.namespace(RESTRICTED, {f"{SECURITY}/enforce": "restricted"})
        lab.namespaces.add(RESTRICTED)
    for document, pod in templates:
        body = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": document.name, "labels": pod.labels},
            "spec": pod.spec,
        }
        place = f"/api/v1/namespaces/{RESTRICTED}/pods/{document.name}"
        answer = lab.cluster.api.apply(place, json.dumps(body), dry_run=True)
        report.verdict(POD, document.subject, "" if answer.ok else answer.message)

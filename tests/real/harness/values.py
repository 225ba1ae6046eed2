"""A fragment of values for the Helm chart of Argo CD: the health checks that `argocd-cm` gets, in the chart's place."""

from __future__ import annotations

from harness.embedded import HEALTH_KEY, health_problem
from harness.lab import Lab
from harness.report import Report
from harness.tree import File, Malformed, parse

CONSUMER = "Helm values of argo-cd"


def check(files: list[File], lab: Lab, report: Report) -> None:
    """Each fragment: nothing but health checks, which run, and which are those of the environment's merge patch."""
    for file in files:
        report.verdict(CONSUMER, file.path, "\n".join(_problems(file)))


def _problems(file: File) -> list[str]:
    try:
        body = parse(file.text)
    except Malformed as error:
        return [str(error)]
    checks = body.get("configs", {}).get("cm", {})
    if body != {"configs": {"cm": checks}} or not checks:
        return ["it holds something else than configs.cm, or nothing"]
    problems = [f"{key}: the chart would take this for another setting" for key in checks if not key.startswith(HEALTH_KEY)]
    problems += [f"{key}: {problem}" for key, code in checks.items() if (problem := health_problem(code))]
    environment = file.path.removeprefix("bootstrap/").removesuffix(".values.yaml")
    patch = file.root / "platform" / environment / "argocd" / "health.yaml"
    if not patch.exists() or parse(patch.read_text())["data"] != checks:
        problems.append("these are not the checks of the merge patch in platform/")
    return problems

"""checkov's Kubernetes checks over a whole tree. `checkov.txt` explains each finding that is meant to stay."""

from __future__ import annotations

import json
import pathlib

from harness.lab import HARNESS, Lab
from harness.processes import run
from harness.report import Report

CONSUMER = "checkov"


def check(root: pathlib.Path, lab: Lab, report: Report) -> None:
    """Every object of every environment; a finding counts unless it is explained."""
    if not (root / "envs").exists():
        # A folder of reports has nothing that could run.
        return
    explained = _explained()
    command = [lab.tool("checkov"), "--framework", "kubernetes", "--compact", "--quiet", "--skip-download", "-o", "json"]
    code, said = run([*command, "-d", str(root)])
    start = min((at for at in (said.find("{"), said.find("[")) if at >= 0), default=-1)
    try:
        results, _ = json.JSONDecoder().raw_decode(said[start:])
    except ValueError:
        report.failed(CONSUMER, root.name, f"exit {code}:\n{said[-2000:]}")
        return
    if not results.get("summary", {}).get("passed"):
        report.failed(CONSUMER, root.name, f"it has checked nothing: {said[-2000:]}")
    found: dict[str, list[str]] = {}
    for finding in results.get("results", {}).get("failed_checks", []):
        line = f"{finding['check_id']} {finding['check_name']}: {finding['file_path']} {finding['resource']}"
        found.setdefault(finding["check_id"], []).append(line)
    unexplained = {identity: lines for identity, lines in found.items() if identity not in explained}
    report.verdict(CONSUMER, root.name, "\n".join(line for _, lines in sorted(unexplained.items()) for line in lines))
    for identity in sorted(found):
        if identity in explained:
            report.note(f"checkov {identity}: {explained[identity]}")


def _explained() -> dict[str, str]:
    lines = (HARNESS.parent / "checkov.txt").read_text().splitlines()
    pairs = [line.split(" ", 1) for line in lines if line and not line.startswith("#")]
    return {identity: reason for identity, reason in pairs}

"""One output folder: every file goes to its checker, and a file without one is a failure."""

from __future__ import annotations

import pathlib
import traceback

from harness import checkov, identities, table
from harness.lab import Lab
from harness.report import Report
from harness.table import Checker
from harness.tree import File, files

CONSUMER = "every file has a checker"


def check(root: pathlib.Path, lab: Lab, report: Report) -> int:
    """Checks the whole tree and returns how many files it has."""
    count = check_with(table.ORDER, root, lab, report)
    checkov.check(root, lab, report)
    return count


def check_with(checkers: list[Checker], root: pathlib.Path, lab: Lab, report: Report) -> int:
    """Checks the tree with these checkers, one environment after the other, and returns how many files it has."""
    found = files(root)
    if not found:
        report.failed(CONSUMER, str(root), "the folder is empty")
    environments: dict[str, list[File]] = {}
    for file in found:
        reason = lab.unchecked.file(file.path)
        if table.checker_of(file.path):
            environments.setdefault(file.environment, []).append(file)
            report.passed(CONSUMER, file.path)
        elif reason:
            report.skipped(CONSUMER, file.path, reason)
        else:
            report.failed(CONSUMER, file.path, "no row of harness/table.py claims it")
    for environment in sorted(environments):
        for checker in checkers:
            claimed = [file for file in environments[environment] if table.checker_of(file.path) is checker]
            if claimed:
                _run(checker, claimed, lab, report)
    identities.check(found, lab.cluster.api, report)
    return len(found)


def _run(checker: Checker, claimed: list[File], lab: Lab, report: Report) -> None:
    """An artifact too broken for its checker must not hide what is wrong with the others."""
    try:
        checker(claimed, lab, report)
    except Exception:
        names = ", ".join(file.path for file in claimed)
        report.failed(CONSUMER, names, f"{checker.__module__} gave up:\n{traceback.format_exc()}")

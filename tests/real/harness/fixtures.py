"""The harness itself under test: a tree that every consumer accepts, and for each consumer one that it must reject.

`good/` is a small output folder. Each folder in `bad/` holds the files in which a wrong tree differs from it, and a
file `expect`: the consumer that must say no, a line it must say, and `needs data` where that takes the CRDs of
IDPC_SHARED_DATA. A consumer that accepts its wrong tree is not consulted at all, or not in earnest.
"""

from __future__ import annotations

import pathlib
import shutil
import time

from harness import table, trees
from harness.lab import HARNESS, Lab
from harness.report import Report
from harness.tree import files

FIXTURES = HARNESS.parent
CONSUMER = "rejects what is wrong"


def check(lab: Lab) -> Report:
    """Runs all fixtures and prints what was found."""
    started = time.monotonic()
    report = Report()
    trees.check(FIXTURES / "good", lab, report)
    for case in sorted((FIXTURES / "bad").iterdir()):
        consumer, text, *needs = (case / "expect").read_text().splitlines()
        if needs and not lab.data:
            report.skipped(CONSUMER, case.name, "IDPC_SHARED_DATA is absent")
        else:
            report.verdict(CONSUMER, case.name, _problem(case, consumer, text, lab))
    print(f"fixtures of the harness: {time.monotonic() - started:.1f} s")
    print("\n".join(report.table()), flush=True)
    return report


def _problem(case: pathlib.Path, consumer: str, text: str, lab: Lab) -> str:
    """What is wrong with a rejection, or nothing."""
    tree = lab.new_folder(case.name) / "out"
    shutil.copytree(FIXTURES / "good", tree)
    shutil.copytree(case, tree, dirs_exist_ok=True, ignore=shutil.ignore_patterns("expect"))
    # Only the files in which the tree differs are news, so only their checkers run again.
    claimed = {table.checker_of(file.path) for file in files(case)}
    report = Report()
    trees.check(tree, lab, report, [checker for checker in table.ORDER if checker in claimed])
    said = [check.text for check in report.failures() if check.consumer == consumer]
    if not said:
        return f"{consumer} accepts it"
    return "" if any(text in each for each in said) else f"{consumer} does not say {text!r}:\n" + "\n".join(said)

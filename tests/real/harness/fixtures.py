"""The harness itself under test: a tree that every consumer accepts, and for each consumer one that it must reject.

`good/` is a small output folder. Each folder in `bad/` holds the files in which a wrong tree differs from it, and a
file `expect`: the consumer that must say no, a line it must say, and `needs data` where that takes the CRDs of
IDPC_SHARED_DATA. Each file in `broken/` makes many wrong trees for one consumer: a table names the text that is replaced
in a file of `good/`. A consumer that accepts its wrong tree is not consulted at all, or not in earnest.
"""

from __future__ import annotations

import pathlib
import shutil
import time
import tomllib

from harness import checkov, table, trees
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
    for page in sorted((FIXTURES / "broken").glob("*.toml")):
        cases = tomllib.loads(page.read_text())
        for name, change in cases["case"].items():
            if "needs" in cases and not lab.data:
                report.skipped(CONSUMER, f"{page.stem}: {name}", "IDPC_SHARED_DATA is absent")
                continue
            report.verdict(CONSUMER, f"{page.stem}: {name}", _broken(change, cases["consumer"], lab))
    print(f"fixtures of the harness: {time.monotonic() - started:.1f} s")
    print("\n".join(report.table()), flush=True)
    return report


def _problem(case: pathlib.Path, consumer: str, text: str, lab: Lab) -> str:
    """What is wrong with a rejection, or nothing."""
    tree = _copy(lab, case.name)
    shutil.copytree(case, tree, dirs_exist_ok=True, ignore=shutil.ignore_patterns("expect"))
    return _accepted(tree, [file.path for file in files(case)], consumer, text, lab)


def _copy(lab: Lab, name: str) -> pathlib.Path:
    """A copy of `good/`, with its graph and its expansion beside it."""
    folder = lab.new_folder(name)
    for beside in ("graph", "expanded"):
        shutil.copytree(FIXTURES / beside, folder / beside)
    return pathlib.Path(shutil.copytree(FIXTURES / "good", folder / "out"))


def _broken(change: dict[str, str], consumer: str, lab: Lab) -> str:
    """What is wrong with the rejection of one replaced text."""
    tree = _copy(lab, "broken")
    place = tree / change["file"]
    text = place.read_text()
    if text.count(change["old"]) != 1:
        return f"{change['old']!r} is not there exactly once"
    place.write_text(text.replace(change["old"], change["new"]))
    return _accepted(tree, [change["file"]], consumer, change["says"], lab)


def _accepted(tree: pathlib.Path, changed: list[str], consumer: str, text: str, lab: Lab) -> str:
    """The complaint that a consumer does not say what it must; nothing where it does."""
    report = Report()
    if consumer == checkov.CONSUMER:
        checkov.check(tree, lab, report)
    else:
        # Only the files in which the tree differs are news, so only their checkers run again.
        claimed = {table.checker_of(path) for path in changed}
        trees.check_with([checker for checker in table.ORDER if checker in claimed], tree, lab, report)
    said = [check.text for check in report.failures() if check.consumer == consumer]
    if not said:
        return f"{consumer} accepts it"
    return "" if any(text in each for each in said) else f"{consumer} does not say {text!r}:\n" + "\n".join(said)

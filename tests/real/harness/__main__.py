"""`python -m harness --tools FOLDER [TREE...]`: the fixtures of the harness, then every given output folder."""

from __future__ import annotations

import argparse
import pathlib
import signal
import sys
import time
import types

from harness import fixtures, trees
from harness.lab import Lab
from harness.report import Report, Result


def main() -> int:
    """Checks everything, prints what was found, and returns 1 where anything failed."""
    parser = argparse.ArgumentParser(prog="tests/real/run", description=__doc__)
    parser.add_argument("--tools", type=pathlib.Path, required=True, help="what tools.sh has printed")
    parser.add_argument("trees", metavar="TREE", nargs="*", type=pathlib.Path, help="an output folder of `idpc build`")
    arguments = parser.parse_args()
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, _leave)
    started = time.monotonic()
    with Lab(arguments.tools.resolve()) as lab:
        print(f"a control plane runs after {time.monotonic() - started:.1f} s")
        if not lab.data:
            print("NOT CHECKED: the fields of AWS resources. Set IDPC_SHARED_DATA to a folder with crds/aws/*.yaml")
        reports = [fixtures.check(lab)]
        for tree in arguments.trees:
            reports.append(_tree(tree.resolve(), lab))
    passed, failed, skipped = (sum(each.count(result) for each in reports) for result in Result)
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


def _tree(root: pathlib.Path, lab: Lab) -> Report:
    """Checks one tree and prints its part of the report."""
    started = time.monotonic()
    report = Report()
    count = trees.check(root, lab, report)
    print(f"{root.parent.name}/{root.name}: {count} files, {time.monotonic() - started:.1f} s")
    print("\n".join(report.table()), flush=True)
    return report


def _leave(number: int, _: types.FrameType | None) -> None:
    """Turns a signal into an ordinary exit, on whose way everything is stopped."""
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())

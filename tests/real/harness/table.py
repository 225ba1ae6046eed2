"""Which checker reads which file: the one place to extend when idpc writes a new kind of file."""

from __future__ import annotations

import re
from collections.abc import Callable

from harness import json_files, kubernetes, kustomization, rules, workflows
from harness.lab import Lab
from harness.report import Report
from harness.tree import File

Checker = Callable[[list[File], Lab, Report], None]

# The first row whose pattern matches a file's path claims it, so every file has exactly one checker. Rows of one
# checker stand together; checkers run in this order, once per environment, and kustomizations need what the
# Kubernetes checker has prepared.
ROWS: list[tuple[str, Checker]] = [
    (r"(.*/)?kustomization\.yaml", kustomization.check),
    (r"repo/[^/]+/\.github/workflows/[^/]+\.ya?ml", workflows.check),
    (r"rules/[^/]+/[^/]+\.(rules|test)\.yaml", rules.check),
    (r"(bootstrap|apps|envs|platform)/.+\.yaml", kubernetes.check),
    (r".+\.json", json_files.check),
]
ORDER: list[Checker] = [kubernetes.check, kustomization.check, workflows.check, rules.check, json_files.check]


def checker_of(path: str) -> Checker | None:
    """The checker that claims this path."""
    return next((checker for pattern, checker in ROWS if re.fullmatch(pattern, path)), None)

"""Which checker reads which file: the one place to extend when idpc writes a new kind of file."""

from __future__ import annotations

import re
from collections.abc import Callable

from harness import formats, json_files, kubernetes, kustomization, repositories, rules, values, workflows
from harness.lab import Lab
from harness.report import Report
from harness.tree import File

Checker = Callable[[list[File], Lab, Report], None]

# The first row whose pattern matches a file's path claims it, so every file has exactly one checker.
ROWS: list[tuple[str, Checker]] = [
    (r"(.*/)?kustomization\.yaml", kustomization.check),
    (r"repo/[^/]+/\.github/workflows/[^/]+\.ya?ml", workflows.check),
    (r"rules/[^/]+/[^/]+\.(rules|test)\.yaml", rules.check),
    (r"bootstrap/[^/]+\.values\.yaml", values.check),
    (r"(bootstrap|apps|envs|platform)/.+\.yaml", kubernetes.check),
    (r"repo/[^/]+/catalog-info\.yaml", repositories.check_catalog),
    (r"repo/[^/]+/(\.github/|docs/)?CODEOWNERS", repositories.check_owners),
    (r"reports/[^/]+\.sarif", formats.check_sarif),
    (r"reports/[^/]+\.junit\.xml", formats.check_junit),
    (r".+\.json", json_files.check),
]
# Checkers run once per environment. What a kustomization builds needs the kinds that the Kubernetes checker prepares.
ORDER: list[Checker] = list(dict.fromkeys([kubernetes.check, kustomization.check, *(row[1] for row in ROWS)]))


def checker_of(path: str) -> Checker | None:
    """The checker that claims this path."""
    return next((checker for pattern, checker in ROWS if re.fullmatch(pattern, path)), None)

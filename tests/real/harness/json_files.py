"""JSON files, of which idpc is the only reader."""

from __future__ import annotations

import json

from harness.lab import Lab
from harness.report import Report
from harness.tree import File


def check(files: list[File], lab: Lab, report: Report) -> None:
    """Each must parse."""
    for file in files:
        try:
            json.loads(file.text)
            report.passed("JSON", file.path)
        except json.JSONDecodeError as error:
            report.failed("JSON", file.path, str(error))

"""Reports of `idpc check --format`, at the schema of SARIF, at its publisher's validator, and at a reader of JUnit."""

from __future__ import annotations

import functools
import json
import os
import pathlib
from collections.abc import Iterator

import jsonschema
import junitparser

from harness.lab import Lab
from harness.processes import run
from harness.report import Report
from harness.tree import File

SCHEMA = "SARIF schema"
VALIDATOR = "SARIF Multitool"
JUNIT = "junitparser"


def check_sarif(files: list[File], lab: Lab, report: Report) -> None:
    """The schema judges what is there; the validator, what it refers to. It does not read what the schema refuses."""
    tool = lab.tools / "sarif" / "node_modules" / "@microsoft" / "sarif-multitool-linux"
    for file in files:
        problem = "\n".join(_schema_problems(file.text, tool / "sarif-2.1.0.json"))
        report.verdict(SCHEMA, file.path, problem)
        if problem:
            continue
        result = lab.new_folder("sarif") / "result.sarif"
        # It needs no data about languages, which not every machine has.
        os.environ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1"
        validate = [str(tool / "Sarif.Multitool"), "validate", str(file.place), "--output", str(result)]
        code, said = run([*validate, "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"])
        found = json.loads(result.read_text(encoding="utf-8-sig"))["runs"][0].get("results", []) if result.exists() else None
        report.verdict(VALIDATOR, file.path, said if code or found or found is None else "")


@functools.cache
def _schema(place: pathlib.Path) -> jsonschema.protocols.Validator:
    schema = json.loads(place.read_text(encoding="utf-8"))
    return jsonschema.validators.validator_for(schema)(schema, format_checker=jsonschema.FormatChecker())


def _schema_problems(text: str, schema: pathlib.Path) -> Iterator[str]:
    try:
        log = json.loads(text)
    except json.JSONDecodeError as error:
        yield str(error)
        return
    for error in _schema(schema).iter_errors(log):
        yield f"{error.json_path}: {error.message}"


def check_junit(files: list[File], lab: Lab, report: Report) -> None:
    """It must parse, and what it says of itself must be what a reader counts."""
    for file in files:
        report.verdict(JUNIT, file.path, _junit_problem(file.place))


def _junit_problem(place: pathlib.Path) -> str:
    try:
        suites = junitparser.JUnitXml.fromfile(str(place))
        said = [(suite.tests, suite.failures, suite.errors) for suite in suites]
        for suite in suites:
            suite.update_statistics()
        counted = [(suite.tests, suite.failures, suite.errors) for suite in suites]
    except Exception as error:  # A reader that gives up in whatever way has not read it.
        return f"{type(error).__name__}: {error}"
    if said != counted:
        return f"it says {said} of tests, failures and errors, and has {counted}"
    return "" if any(counted) else "it has no test"

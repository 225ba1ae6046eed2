"""Prometheus rules at promtool, and the generated tests of them: at promtool, and against rules with an alert gone."""

from __future__ import annotations

import concurrent.futures
import os
import pathlib
import re
from typing import Any

import yaml

from harness.lab import Lab
from harness.processes import run
from harness.report import Report
from harness.tree import File, Malformed

RULES = "promtool check rules"
TESTS = "promtool test rules"
MUTATION = "a missing alert is noticed"
# The alerts of one objective are named after it, with these endings.
OBJECTIVE = ("BurnFast", "BurnSlow", "Absent", "BudgetSpent")


def check(files: list[File], lab: Lab, report: Report) -> None:
    """Each rules file, its test beside it, and that test against each rules file with one alert less."""
    by_path = {file.path: file for file in files}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        tests = [file for file in files if file.path.endswith(".test.yaml")]
        running = {
            file.path: pool.submit(run, [lab.tool("promtool"), "test", "rules", str(file.place)]) for file in tests
        }
        for file in files:
            if file.path.endswith(".test.yaml"):
                rules = by_path.get(file.path.removesuffix(".test.yaml") + ".rules.yaml")
                code, said = running[file.path].result()
                report.verdict(TESTS, file.path, said if code else "")
                if not rules:
                    report.failed(TESTS, file.path, "there is no rules file beside this test")
                elif not code and (form := _form(rules, file)) not in lab.mutated:
                    lab.mutated.add(form)
                    _mutate(rules, file, lab, report, pool)
            else:
                code, said = run([lab.tool("promtool"), "check", "rules", "--lint-fatal", str(file.place)])
                report.verdict(RULES, file.path, said if code else "")
                if file.path.removesuffix(".rules.yaml") + ".test.yaml" not in by_path:
                    report.failed(TESTS, file.path, "there is no test file beside these rules")


def _form(rules: File, test: File) -> str:
    """What is left of rules and test without the names of service, team and environment.

    Services whose pairs differ in names alone share one run of the mutations: each costs seconds of promtool.
    """
    path = pathlib.PurePosixPath(test.path)
    service = path.name.removesuffix(".test.yaml")
    pascal = "".join(word[:1].upper() + word[1:] for word in service.split("-"))
    text = f"{rules.text}\n{test.text}"
    for label in ("team", "tier", "owner"):
        text = re.sub(rf"({label}[:=]\s*\\?\"?)[a-z0-9-]+", r"\1_", text)
    text = re.sub(rf"\b{re.escape(pascal)}(?=[A-Z])", "_", text)
    for name in (service, path.parent.name):
        text = re.sub(rf"(?<![a-zA-Z0-9]){re.escape(name)}(?![a-zA-Z0-9])", "_", text)
    return text


def _mutate(rules: File, test: File, lab: Lab, report: Report, pool: concurrent.futures.Executor) -> None:
    """A test that passes without an alert does not test that alert."""
    try:
        (document,) = rules.documents
    except (Malformed, ValueError) as error:
        report.failed(MUTATION, rules.path, str(error))
        return
    names = _alerts(document.body)
    for name in names:
        stem = re.sub(f"({'|'.join(OBJECTIVE)})$", "", name)
        absent = [f"{stem}{ending}" for ending in OBJECTIVE if f"{stem}{ending}" not in names]
        if stem != name and absent:
            report.failed(MUTATION, f"{rules.path} {name}", f"the objective has no alert {', '.join(absent)}")
    runs = {name: pool.submit(_without, name, document.body, test, lab) for name in names}
    for name, running in runs.items():
        report.verdict(MUTATION, f"{test.path} without {name}", running.result())


def _alerts(body: dict[str, Any]) -> list[str]:
    """The names of the alerts, each once: some are made of several rules."""
    rules = [rule for group in body.get("groups", []) for rule in group.get("rules", [])]
    return list(dict.fromkeys(rule["alert"] for rule in rules if "alert" in rule))


def _without(name: str, body: dict[str, Any], test: File, lab: Lab) -> str:
    """Runs the test against the rules without one alert; what is wrong with that, or nothing."""
    groups = [
        group | {"rules": [rule for rule in group.get("rules", []) if rule.get("alert") != name]}
        for group in body["groups"]
    ]
    folder = lab.new_folder("mutation")
    rules = folder / pathlib.PurePosixPath(test.path).name.replace(".test.yaml", ".rules.yaml")
    rules.write_text(yaml.safe_dump(body | {"groups": groups}))
    copy = folder / test.place.name
    # Only the tests that speak of the alert can notice that it is gone.
    expected = yaml.safe_load(test.text)
    expected["tests"] = [one for one in expected["tests"] if name in str(one)]
    if not expected["tests"]:
        return "the test still passes: no part of it speaks of this alert"
    copy.write_text(yaml.safe_dump(expected))
    code, said = run([lab.tool("promtool"), "test", "rules", str(copy)])
    if not code:
        return "the test still passes"
    # The failure must be about the alert, not about a file that could not be read.
    return "" if name in said else f"the test fails for another reason:\n{said}"

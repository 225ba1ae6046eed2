"""What lies in a code repository beside its workflows: the catalogue entry and the owners of its files."""

from __future__ import annotations

import json

from harness.lab import Lab
from harness.processes import run
from harness.report import Report
from harness.tree import File, Malformed

CATALOG = "Backstage catalog-model"
OWNERS = "codeowners"


def check_catalog(files: list[File], lab: Lab, report: Report) -> None:
    """Entities at the validators that Backstage itself runs on them."""
    entities = []
    for file in files:
        try:
            entities += file.documents
        except (Malformed, UnicodeDecodeError) as error:
            report.failed(CATALOG, file.path, str(error))
    code, said = run(
        ["node", str(lab.tools / "backstage" / "check.mjs")],
        standard_input=json.dumps([each.body for each in entities]),
    )
    if code:
        report.failed(CATALOG, "all entities", said)
        return
    for entity, problem in zip(entities, json.loads(said), strict=True):
        report.verdict(CATALOG, entity.subject, problem or "")


def check_owners(files: list[File], lab: Lab, report: Report) -> None:
    """CODEOWNERS at a parser of that format: GitHub ignores a line that it cannot read."""
    for file in files:
        code, said = run([lab.tool("codeowners"), "--file", str(file.place)], lab.new_folder("owners"))
        report.verdict(OWNERS, file.path, said if code else "")

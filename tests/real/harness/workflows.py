"""GitHub workflows at actionlint, with shellcheck for their scripts, and at zizmor's strictest setting."""

from __future__ import annotations

import itertools
import pathlib
import shutil

from harness.lab import Lab
from harness.processes import run
from harness.report import Report
from harness.tree import File


def check(files: list[File], lab: Lab, report: Report) -> None:
    """Each repository's workflows, in a copy that looks like a repository: local actions are looked up from there."""
    for repository, group in itertools.groupby(files, lambda file: file.path.split("/")[1]):
        members = list(group)
        copy = lab.new_folder("repository") / repository
        shutil.copytree(members[0].root / "repo" / repository, copy)
        (copy / ".git").mkdir()
        for file in members:
            place = copy / pathlib.PurePosixPath(file.path).relative_to(f"repo/{repository}")
            actionlint = [lab.tool("actionlint"), "-no-color", "-pyflakes=", f"-shellcheck={lab.tool('shellcheck')}"]
            code, said = run([*actionlint, str(place)], copy)
            report.verdict("actionlint", file.path, said if code else "")
            # 0 is the only good code: findings give 11 to 14, a file that zizmor cannot read as a workflow gives 3.
            zizmor = [lab.tool("zizmor"), "--offline", "--no-progress", "--color=never", "--persona", "pedantic"]
            code, said = run([*zizmor, str(place)], copy)
            report.verdict("zizmor", file.path, said if code else "")

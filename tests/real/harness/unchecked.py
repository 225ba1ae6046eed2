"""The short list of what no consumer here can judge, so that it is named in every report and never counted."""

from __future__ import annotations

import dataclasses
import fnmatch
import pathlib


@dataclasses.dataclass(frozen=True)
class Unchecked:
    """Kinds and files with the reason why nothing checks them."""

    kinds: dict[str, str]
    files: dict[str, str]

    def kind(self, group: str, kind: str) -> str:
        """Why objects of this kind are not checked, or nothing."""
        return _first(self.kinds, f"{group}/{kind}")

    def file(self, path: str) -> str:
        """Why this file is not checked, or nothing."""
        return _first(self.files, path)


def _first(reasons: dict[str, str], subject: str) -> str:
    return next((reason for pattern, reason in reasons.items() if fnmatch.fnmatch(subject, pattern)), "")


def load(place: pathlib.Path) -> Unchecked:
    """Reads the list."""
    found: dict[str, dict[str, str]] = {"kind": {}, "file": {}}
    for line in place.read_text().splitlines():
        if line and not line.startswith("#"):
            what, subject, reason = line.split(" ", 2)
            found[what][subject] = reason
    return Unchecked(found["kind"], found["file"])

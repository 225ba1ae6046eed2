"""An output folder of `idpc build`: its files, and the YAML documents in them."""

from __future__ import annotations

import dataclasses
import functools
import pathlib
import re
from typing import Any

import yaml


class Malformed(Exception):
    """The text is not the YAML that every reader understands in the same way."""


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML 1.1 as the Kubernetes tools read it, except that a repeated key is an error and a date stays text."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping, in which each key may stand once."""
        seen = set()
        for key, _ in node.value:
            name = self.construct_object(key, deep=True)
            if name in seen:
                raise Malformed(f"line {key.start_mark.line + 1}: the key {name!r} is there twice")
            seen.add(name)
        return super().construct_mapping(node, deep)


for _tag in ("tag:yaml.org,2002:value", "tag:yaml.org,2002:timestamp"):
    Loader.add_constructor(_tag, lambda loader, node: node.value)


def parse(text: str) -> Any:
    """The one document in `text`."""
    try:
        return yaml.load(text, Loader)
    except yaml.YAMLError as error:
        raise Malformed(str(error)) from error


@dataclasses.dataclass(frozen=True)
class Document:
    """One YAML document: its text, which is what a consumer gets, and its parsed body."""

    path: str
    text: str
    body: dict[str, Any]

    @property
    def subject(self) -> str:
        """How a report names it."""
        return f"{self.path} {self.kind or '?'} {self.name or '?'}"

    @property
    def api_version(self) -> str:
        """`apiVersion`, or nothing."""
        return str(self.body.get("apiVersion", ""))

    @property
    def group(self) -> str:
        """The API group; nothing for the core group."""
        return self.api_version.rpartition("/")[0]

    @property
    def kind(self) -> str:
        """`kind`, or nothing."""
        return str(self.body.get("kind", ""))

    @property
    def metadata(self) -> dict[str, Any]:
        """`metadata`, or an empty one."""
        return self.body.get("metadata") or {}

    @property
    def name(self) -> str:
        """`metadata.name`, or nothing."""
        return str(self.metadata.get("name", ""))

    @property
    def namespace(self) -> str:
        """`metadata.namespace`, or the namespace in which an object without one lands."""
        return str(self.metadata.get("namespace", "default"))


def documents(text: str, path: str) -> list[Document]:
    """Splits a YAML stream at its markers, so that each consumer gets the very text that was written."""
    found = []
    for part in re.split(r"(?m)^---(?:[ \t].*)?$", text):
        body = parse(part)
        if body is None:
            continue
        if not isinstance(body, dict):
            raise Malformed("a document is not a mapping")
        found.append(Document(path, part, body))
    return found


@dataclasses.dataclass(frozen=True)
class File:
    """One file of a tree."""

    root: pathlib.Path
    path: str

    @property
    def place(self) -> pathlib.Path:
        """Where it lies on this machine."""
        return self.root / self.path

    @functools.cached_property
    def text(self) -> str:
        """Its text."""
        return self.place.read_text(encoding="utf-8")

    @functools.cached_property
    def documents(self) -> list[Document]:
        """Its YAML documents."""
        return documents(self.text, self.path)

    @property
    def environment(self) -> str:
        """The environment it belongs to, or nothing where it belongs to a repository."""
        parts = pathlib.PurePosixPath(self.path).parts
        if parts[0] == "bootstrap":
            return pathlib.PurePosixPath(parts[1]).stem
        return parts[1] if parts[0] in ("apps", "envs", "platform", "rules") and len(parts) > 2 else ""


def files(root: pathlib.Path) -> list[File]:
    """Every file below `root`, sorted."""
    return [File(root, place.relative_to(root).as_posix()) for place in sorted(root.rglob("*")) if not place.is_dir()]

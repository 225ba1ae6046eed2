"""A value against the structural schema of a CRD, for objects that are not complete enough for a server.

The base of a composed resource lacks what patches fill in later, so a dry run would refuse it. What is there must
still be right: no field that the CRD does not have, no value of a wrong type or outside an enumeration or range.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}
OBJECT_META = {"name", "namespace", "generateName", "labels", "annotations", "finalizers"}
REQUIRED_PARAMETER = re.compile(r"(spec\.\S+) is a required parameter")
ROOT = {"apiVersion", "kind", "metadata"}


def problems(schema: dict[str, Any], body: dict[str, Any]) -> list[str]:
    """What is wrong with a whole object."""
    found = [
        f"metadata.{key}: metadata has no such field" for key in (body.get("metadata") or {}) if key not in OBJECT_META
    ]
    own = {key: value for key, value in body.items() if key not in ROOT}
    return found + list(_value(schema, own, ""))


def _value(schema: dict[str, Any], value: Any, path: str) -> Iterator[str]:
    where = path or "the object"
    if schema.get("x-kubernetes-int-or-string"):
        if isinstance(value, bool) or not isinstance(value, (int, str)):
            yield f"{where}: {value!r} is neither an integer nor a string"
        return
    if value is None:
        if not schema.get("nullable"):
            yield f"{where}: null is not allowed"
        return
    wanted = schema.get("type")
    if wanted and (not isinstance(value, TYPES[wanted]) or (isinstance(value, bool) and wanted != "boolean")):
        yield f"{where}: {value!r} is not of type {wanted}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is not one of {', '.join(map(str, schema['enum']))}"
    if isinstance(value, dict):
        yield from _object(schema, value, path)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _value(schema.get("items", {}), item, f"{path}[{index}]")
        yield from _bounds(schema, len(value), "Items", where)
    elif isinstance(value, str):
        if "pattern" in schema and not re.search(schema["pattern"], value):
            yield f"{where}: {value!r} does not match {schema['pattern']}"
        yield from _bounds(schema, len(value), "Length", where)
    elif not isinstance(value, bool):
        yield from _bounds(schema, value, "imum", where)


def _object(schema: dict[str, Any], value: dict[str, Any], path: str) -> Iterator[str]:
    properties = schema.get("properties", {})
    others = schema.get("additionalProperties")
    free = schema.get("x-kubernetes-preserve-unknown-fields") or others is True
    embedded = ROOT if schema.get("x-kubernetes-embedded-resource") else set()
    for key, item in value.items():
        below = f"{path}.{key}" if path else str(key)
        if key in properties:
            yield from _value(properties[key], item, below)
        elif isinstance(others, dict):
            yield from _value(others, item, below)
        elif not free and key not in embedded:
            yield f"{below}: the CRD has no such field"


def _bounds(schema: dict[str, Any], size: float, what: str, where: str) -> Iterator[str]:
    """A pair such as minItems and maxItems; `what` is the word that both end in."""
    if size < schema.get(f"min{what}", size):
        yield f"{where}: {size} is less than {schema[f'min{what}']}"
    if size > schema.get(f"max{what}", size):
        yield f"{where}: {size} is more than {schema[f'max{what}']}"


def missing(schema: dict[str, Any], body: dict[str, Any], targets: list[str]) -> list[str]:
    """The required fields that an object neither has nor gets from a patch with one of these targets."""
    filled = [segments for target in targets if (segments := _segments(target))]
    return list(_missing(schema, body, (), filled))


def _missing(schema: dict[str, Any], value: Any, path: tuple[str, ...], filled: list[list[str]]) -> Iterator[str]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _missing(schema.get("items", {}), item, (*path, str(index)), filled)
    if not isinstance(value, dict):
        return
    wanted = [(key,) for key in schema.get("required", [])]
    # The AWS provider states its own in rules with an exemption for objects that are only observed.
    for rule in schema.get("x-kubernetes-validations", []):
        if found := REQUIRED_PARAMETER.fullmatch(rule.get("message", "")):
            wanted.append(tuple(found[1].split(".")[len(path) :]))
    for key in wanted:
        if not _has(value, key) and not any(_overlap((*path, *key), target) for target in filled):
            yield f"{'.'.join((*path, *key))}: required, but neither set nor patched"
    for key, item in value.items():
        below = schema.get("properties", {}).get(key) or schema.get("additionalProperties")
        if isinstance(below, dict):
            yield from _missing(below, item, (*path, key), filled)


def _has(value: Any, keys: tuple[str, ...]) -> bool:
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            return False
        value = value[key]
    return True


def _overlap(path: tuple[str, ...], target: list[str]) -> bool:
    """Whether a patch of `target` makes `path` exist: one lies in the other. A wildcard stands for every element."""
    return all(one == other or other == "*" for one, other in zip(path, target, strict=False))


def field(schema: dict[str, Any], path: str) -> str:
    """What is wrong with a field path of a patch, or nothing. The fields of every object are always there."""
    segments = _segments(path)
    if segments is None:
        return f"{path}: not a field path"
    if segments[0] in ROOT:
        known = segments[0] != "metadata" or len(segments) < 2 or segments[1] in OBJECT_META | {"uid"}
        return "" if known else f"{path}: metadata has no field {segments[1]}"
    node = schema
    for position, segment in enumerate(segments):
        if node.get("x-kubernetes-preserve-unknown-fields") and segment not in node.get("properties", {}):
            return ""
        others = node.get("additionalProperties")
        if segment in node.get("properties", {}):
            node = node["properties"][segment]
        elif isinstance(others, dict):
            node = others
        elif others is True:
            return ""
        elif "items" in node and (segment == "*" or segment.isdecimal()):
            node = node["items"]
        else:
            return f"{path}: there is no field {segment} in {'.'.join(segments[:position]) or 'the object'}"
    return ""


def _segments(path: str) -> list[str] | None:
    """`a.b[0]["c.d"]` as `a`, `b`, `0`, `c.d`."""
    pattern = r"""\.?([^.\[\]"']+)|\[(?:"([^"]+)"|'([^']+)'|([^\]"']+))\]"""
    found = list(re.finditer(pattern, path))
    if not found or "".join(match[0] for match in found) != path:
        return None
    return [next(group for group in match.groups() if group is not None) for match in found]

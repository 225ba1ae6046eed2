"""What `idpc expand` says beside what a second reading of the same Compositions comes to, and beside the CRDs of AWS.

`rendered.py` asks the real function, which no registry serves; beside it two programs that share no line are compared, the
one in idpc and this one. Where both agree, each object must also be one that the API server would take, with nothing in it
that its CRD does not know.
"""

from __future__ import annotations

import copy
import json
import pathlib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from harness import schema
from harness.crds import schema as schema_of_crd
from harness.report import Report
from harness.tree import Document, File

if TYPE_CHECKING:
    from harness.lab import Lab

SAME = "expansions agree"
VALID = "expanded resource"
Body = dict[str, Any]
FORM = re.compile(r"%(?:\[(\d+)\])?([svt%])")


def check(documents: list[Document], files: list[File], lab: Lab, report: Report) -> None:
    """Every claim of one environment, if `idpc expand` was run beside the tree."""
    environment = files[0].environment
    place = files[0].root.parent / "expanded" / f"{environment}.jsonl"
    if not place.exists():
        return
    said = _said(place)
    made, waiting = _made(documents)
    for key in sorted(set(said) | set(made) | set(waiting)):
        subject = f"{environment} {key[0]}, {key[1]}"
        ours = made.get(key, f"waits for {waiting.get(key)}")
        theirs = said.get(key, "nothing")
        report.verdict(SAME, subject, "" if ours == theirs else f"idpc: {json.dumps(theirs)}\nhere: {json.dumps(ours)}")
    for (claim, part), body in sorted(made.items()):
        _valid(f"{environment} {claim}, {part}", body, lab, report)


def _said(place: pathlib.Path) -> dict[tuple[str, str], Any]:
    lines = [json.loads(line) for line in place.read_text().splitlines()]
    return {
        (each["claim"], each["part"]): each.get("object", f"waits for {each.get('waits_for')}") for each in lines
    }


def _valid(subject: str, body: Body, lab: Lab, report: Report) -> None:
    """One object against its CRD: nothing unknown, nothing missing."""
    group, _, version = body["apiVersion"].rpartition("/")
    crd = lab.catalog.get(group, body["kind"])
    known = schema_of_crd(crd, version) if crd else None
    if known:
        wrong = schema.problems(known, body)
        wrong += [] if body["spec"].get("managementPolicies") == ["Observe"] else schema.missing(known, body, [])
        report.verdict(VALID, subject, "\n".join(wrong))
    elif reason := lab.why_unchecked(group, body["kind"]):
        report.skipped(VALID, subject, f"{group}/{body['kind']}: {reason}")
    else:
        report.failed(VALID, subject, f"nobody publishes a schema of {body['apiVersion']} {body['kind']}")


def _made(documents: list[Document]) -> tuple[dict[tuple[str, str], Body], dict[tuple[str, str], str]]:
    """The resources of every claim, and those that wait with what they wait for."""
    compositions = {each.name: each.body["spec"] for each in documents if each.kind == "Composition"}
    made, waiting = {}, {}
    for xrd in [each.body["spec"] for each in documents if each.kind == "CompositeResourceDefinition"]:
        kind = xrd.get("claimNames", xrd["names"])["kind"]
        for claim in [each for each in documents if (each.group, each.kind) == (xrd["group"], kind)]:
            composite = copy.deepcopy(claim.body)
            if "claimNames" in xrd:
                composite["spec"]["claimRef"] = claim_ref(claim)
            complete(composite, xrd["versions"][0]["schema"]["openAPIV3Schema"])
            settings = composite["spec"] if "claimNames" in xrd else composite["spec"].get("crossplane", {})
            chosen = settings.get("compositionRef", xrd.get("defaultCompositionRef", {})).get("name")
            for step in compositions.get(chosen, {}).get("pipeline", []):
                for resource in step.get("input", {}).get("resources", []):
                    key = f"{kind} {claim.namespace}/{claim.name}", resource["name"]
                    body = copy.deepcopy(resource["base"])
                    missing = _patched(resource.get("patches", []), step["input"].get("patchSets", []), composite, body)
                    if missing:
                        waiting[key] = missing
                    else:
                        made[key] = body
                        _describe(body, claim, resource["name"], claimed="claimNames" in xrd)
    return made, waiting


def claim_ref(claim: Document) -> Body:
    """How a composite names its claim."""
    return {"apiVersion": claim.api_version, "kind": claim.kind, "name": claim.name, "namespace": claim.namespace}


def _describe(body: Body, claim: Document, part: str, *, claimed: bool) -> None:
    metadata = body.setdefault("metadata", {})
    if "name" not in metadata:
        metadata["generateName"] = f"{claim.name}-"
    metadata.setdefault("annotations", {})["crossplane.io/composition-resource-name"] = part
    labels = metadata.setdefault("labels", {})
    labels["crossplane.io/composite"] = claim.name
    if claimed:
        labels |= {"crossplane.io/claim-name": claim.name, "crossplane.io/claim-namespace": claim.namespace}
    else:
        metadata["namespace"] = claim.namespace


def complete(value: Any, known: Body) -> None:
    """Defaults, as the API server fills them in."""
    if isinstance(value, list):
        for item in value:
            complete(item, known.get("items", {}))
    if not isinstance(value, dict):
        return
    for name, field in known.get("properties", {}).items():
        if name not in value and "default" in field:
            value[name] = copy.deepcopy(field["default"])
        if name in value:
            complete(value[name], field)


def _flat(patches: list[Body], sets: list[Body]) -> Iterator[Body]:
    named = {each["name"]: each["patches"] for each in sets}
    for patch in patches:
        yield from named[patch["patchSetName"]] if patch.get("type") == "PatchSet" else [patch]


def _patched(patches: list[Body], sets: list[Body], composite: Body, body: Body) -> str:
    """Applies all patches; the field that a required one misses, or nothing."""
    for patch in _flat(patches, sets):
        kind = patch.get("type", "FromCompositeFieldPath")
        if kind.startswith(("ToComposite", "CombineToComposite")):
            continue
        if kind == "FromCompositeFieldPath":
            sources = [patch["fromFieldPath"]]
        elif kind == "CombineFromComposite":
            sources = [each["fromFieldPath"] for each in patch["combine"]["variables"]]
        else:
            raise NotImplementedError(kind)
        values = [_look(composite, source) for source in sources]
        absent = next((source for source, value in zip(sources, values, strict=True) if value is None), None)
        if absent and patch.get("policy", {}).get("fromFieldPath") == "Required":
            return absent
        if absent:
            continue
        value = _format(patch["combine"]["string"]["fmt"], values) if "combine" in patch else values[0]
        for transform in patch.get("transforms", []):
            value = _transformed(transform, value)
        _put(body, patch.get("toFieldPath", sources[0]), copy.deepcopy(value))
    return ""


def _steps(path: str) -> list[str | int]:
    found = re.findall(r"([^.\[\]]+)|\[([^\]]+)\]", path)
    return [int(inside) if inside.isdecimal() else (plain or inside.strip("\"'")) for plain, inside in found]


def _look(value: Any, path: str) -> Any:
    for step in _steps(path):
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _put(value: Any, path: str, new: Any) -> None:
    steps = _steps(path)
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        if isinstance(step, int):
            value.extend([None] * (step + 1 - len(value)))
        if following is None:
            value[step] = new
            return
        if (value[step] if isinstance(step, int) else value.get(step)) is None:
            value[step] = [] if isinstance(following, int) else {}
        value = value[step]


def _format(form: str, values: list[Any]) -> str:
    """Go's verbs for text, and for numbers below a million, which look alike in both languages."""
    following = iter(values)

    def written(found: re.Match[str]) -> str:
        if found[2] == "%":
            return "%"
        value = values[int(found[1]) - 1] if found[1] else next(following)
        if found[2] == "s" and not isinstance(value, str):
            raise ValueError(f"%s does not write {value!r}")
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, (int, float)) and abs(value) >= 1_000_000:
            raise NotImplementedError(f"{value} with %{found[2]}")
        return f"{value:g}" if isinstance(value, (int, float)) else value

    return FORM.sub(written, form)


def _transformed(transform: Body, value: Any) -> Any:
    kind = transform["type"]
    settings = transform[kind]
    if kind == "map":
        return settings[value]
    if kind == "convert" and settings["toType"] == "string":
        return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
    if kind == "match" and settings["patterns"]:
        results = (each["result"] for each in settings["patterns"] if re.search(each["regexp"], value))
        return next(results, settings.get("fallbackValue"))
    if kind == "string" and settings["type"] == "Format":
        return _format(settings["fmt"], [value])
    if kind == "string" and settings["type"] == "TrimPrefix":
        return value.removeprefix(settings["trim"])
    if kind == "string" and settings["type"] == "Regexp":
        return re.search(settings["regexp"]["match"], value)[settings["regexp"]["group"]]  # type: ignore[index]
    raise NotImplementedError(json.dumps(transform))

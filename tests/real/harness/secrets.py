"""Which Secrets the objects of one environment bring about, and with which keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from harness.tree import Document

Body = dict[str, Any]
Place = tuple[str, str]
# The keys of one Secret; nothing where only a store outside of the tree knows them.
Keys = set[str] | None
# What lies below this in the platform's store is put there by a control plane, never by hand.
CONNECTIONS = "/connections/"


class Secrets:
    """Every Secret by namespace and name, and who writes it."""

    def __init__(self, documents: list[Document]) -> None:
        self.stores = {(each.kind, each.namespace, each.name): each for each in documents if each.kind.endswith("Store")}
        self.definitions = _definitions(documents)
        self.compositions = {each.name: each for each in documents if each.kind == "Composition"}
        # Where claims live in another cluster: under which key of the platform's store a Secret there is put.
        self.pushed: dict[str, Place] = {}
        self.external: dict[Place, list[Document]] = {}
        self.written: dict[Place, Keys] = {}
        for document in documents:
            self._add(document)

    def _add(self, document: Document) -> None:
        spec = document.body.get("spec") or {}
        if document.kind == "ExternalSecret":
            name = (spec.get("target") or {}).get("name", document.name)
            self.external.setdefault((document.namespace, name), []).append(document)
        elif document.kind == "PushSecret":
            place = (document.namespace, spec["selector"]["secret"]["name"])
            self.pushed |= {each["match"]["remoteRef"]["remoteKey"]: place for each in spec["data"]}
        elif document.kind == "Certificate":
            self.written[document.namespace, spec["secretName"]] = {"tls.crt", "tls.key", "ca.crt"}
        elif (document.group, document.kind) in self.definitions and "writeConnectionSecretToRef" in spec:
            place = (document.namespace, spec["writeConnectionSecretToRef"]["name"])
            self.written[place] = self._connection(document)

    def __contains__(self, place: Place) -> bool:
        here = place in self.written and place not in self.pushed.values()
        return place in self.external or here

    def keys(self, place: Place) -> Keys:
        """The keys of a Secret that something writes."""
        if place in self.written and (place not in self.external or place not in self.pushed.values()):
            return self.written[place]
        return _union(self._template(each) for each in self.external[place])

    def problems(self, document: Document) -> Iterator[str]:
        """What an ExternalSecret reads and nothing writes; and a Secret that has two writers."""
        spec = document.body["spec"]
        place = (document.namespace, (spec.get("target") or {}).get("name", document.name))
        here = place in self.written and place not in self.pushed.values()
        if len(self.external[place]) + here > 1:
            yield f"the Secret {place[1]} has two writers"
        yield from self._remote(document)
        read = self._read(document)
        for text in ((spec.get("target") or {}).get("template") or {}).get("data", {}).values():
            for name in re.findall(r"\{\{-?\s*\.(\w+)", text):
                if read is not None and name not in read:
                    yield f"the template reads {name}, which is not fetched"

    def pushes(self, document: Document) -> Iterator[str]:
        """What a PushSecret hands on and nothing writes; and what it hands on to nobody."""
        place = (document.namespace, document.body["spec"]["selector"]["secret"]["name"])
        if place not in self.written:
            yield f"nothing writes the Secret {place[0]}/{place[1]}"
        read = {key for each in self.external.values() for one in each for key in _extracted(one)}
        yield from (f"nobody reads {key}" for key in self.pushed if self.pushed[key] == place and key not in read)

    def _remote(self, document: Document) -> Iterator[str]:
        """Reads from other Secrets, which have to be there: of this cluster, or handed on by another."""
        source = self._source(document)
        if source is None:
            handed = [key for key in _extracted(document) if CONNECTIONS in key]
            yield from (f"nothing puts {key} into the store" for key in handed if key not in self.pushed)
            return
        spec = document.body["spec"]
        wanted = [(each["remoteRef"]["key"], each["remoteRef"].get("property")) for each in spec.get("data") or []]
        wanted += [(each["extract"]["key"], None) for each in spec.get("dataFrom") or [] if "extract" in each]
        for name, key in wanted:
            if (source, name) not in self:
                yield f"nothing writes the Secret {source}/{name}"
                continue
            known = self.keys((source, name))
            if key and known is not None and key not in known:
                yield f"nothing writes the key {key} of the Secret {source}/{name}"

    def _source(self, document: Document) -> str | None:
        """The namespace whose Secrets a store reads; nothing where it reads outside of the cluster."""
        named = document.body["spec"].get("secretStoreRef")
        if not named:
            return None
        namespace = document.namespace if named["kind"] == "SecretStore" else "default"
        store = self.stores.get((named["kind"], namespace, named["name"]))
        provider = store.body["spec"]["provider"].get("kubernetes") if store else None
        return provider.get("remoteNamespace", "default") if provider else None

    def _read(self, document: Document) -> Keys:
        """The keys that an ExternalSecret fetches, before its template."""
        spec = document.body["spec"]
        fetched: list[Keys] = [{each["secretKey"] for each in spec.get("data") or []}]
        source = self._source(document)
        for each in spec.get("dataFrom") or []:
            generator = (each.get("sourceRef") or {}).get("generatorRef")
            if generator:
                fetched.append({"password"} if generator["kind"] == "Password" else None)
            elif source is not None and "extract" in each:
                place = (source, each["extract"]["key"])
                fetched.append(self.keys(place) if place in self else set())
            elif source is None and "extract" in each and each["extract"]["key"] in self.pushed:
                fetched.append(self.written.get(self.pushed[each["extract"]["key"]], set()))
            else:
                fetched.append(None)
        return _union(fetched)

    def _template(self, document: Document) -> Keys:
        """The keys that end up in the Secret."""
        template = (document.body["spec"].get("target") or {}).get("template")
        read = self._read(document)
        if not template or not template.get("data"):
            return read
        made = set(template["data"])
        return made if template.get("mergePolicy", "Replace") == "Replace" else _union([made, read])

    def _connection(self, claim: Document) -> Keys:
        """What the composition of a claim hands out, as far as the definition lets it through."""
        definition = self.definitions[claim.group, claim.kind]
        settings = claim.body["spec"] if "claimNames" in definition else claim.body["spec"].get("crossplane", {})
        chosen = (settings.get("compositionRef") or definition.get("defaultCompositionRef") or {}).get("name")
        composition = self.compositions.get(chosen)
        if not composition:
            return set()
        inputs = [step.get("input") or {} for step in composition.body["spec"]["pipeline"]]
        if "claimNames" not in definition:
            # Crossplane itself writes nothing for a composite without claim; a function does, if it is told to.
            inputs = [each for each in inputs if "writeConnectionSecretToRef" in each]
        handed_out = {
            detail.get("name", detail.get("fromConnectionSecretKey"))
            for each in inputs
            for resource in each.get("resources", [])
            for detail in resource.get("connectionDetails", [])
        }
        return handed_out & set(definition.get("connectionSecretKeys") or []) if "claimNames" in definition else handed_out


def _extracted(document: Document) -> list[str]:
    """The entries of a store that an ExternalSecret reads as a whole."""
    return [each["extract"]["key"] for each in document.body["spec"].get("dataFrom") or [] if "extract" in each]


def _definitions(documents: list[Document]) -> dict[tuple[str, str], Body]:
    """The XRDs by the group and kind of their claims, or of their composites where these have none."""
    specs = [each.body["spec"] for each in documents if each.kind == "CompositeResourceDefinition"]
    return {(spec["group"], spec.get("claimNames", spec["names"])["kind"]): spec for spec in specs}


def _union(sets: Any) -> Keys:
    """All keys of several sources; unknown as soon as one of them is."""
    every: set[str] = set()
    for keys in sets:
        if keys is None:
            return None
        every |= keys
    return every

"""A Kubernetes API over one kept-open HTTPS connection, which makes a dry run a matter of milliseconds."""

from __future__ import annotations

import dataclasses
import http.client
import json
import pathlib
import ssl
import urllib.parse
from typing import Any


class Refused(Exception):
    """The API server said no to something that the harness itself needs."""


@dataclasses.dataclass(frozen=True)
class Answer:
    """What the API server said."""

    status: int
    body: dict[str, Any]
    warnings: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether it agreed."""
        return self.status < 300

    @property
    def message(self) -> str:
        """Why it did not."""
        return str(self.body.get("message", self.body))


@dataclasses.dataclass(frozen=True)
class Resource:
    """Where the objects of one kind live."""

    plural: str
    namespaced: bool


class Api:
    """A client for one API server."""

    def __init__(self, port: int, token: str, certificate: pathlib.Path) -> None:
        context = ssl.create_default_context(cafile=str(certificate))
        self.connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=60, context=context)
        self.token = token
        self.known: dict[str, dict[str, Resource]] = {}

    def call(self, method: str, path: str, body: str = "", content_type: str = "application/json") -> Answer:
        """One request; a connection that broke, or that the server has closed meanwhile, is opened again, once."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": content_type}
        try:
            return self._send(method, path, body, headers)
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return self._send(method, path, body, headers)

    def _send(self, method: str, path: str, body: str, headers: dict[str, str]) -> Answer:
        self.connection.request(method, path, body.encode(), headers)
        response = self.connection.getresponse()
        text = response.read().decode(errors="replace")
        warnings = tuple(header.partition('"')[2].rstrip('"') for header in response.headers.get_all("Warning", []))
        try:
            said = json.loads(text)
        except json.JSONDecodeError:
            said = {"message": text}
        return Answer(response.status, said, warnings)

    def get(self, path: str) -> Answer:
        """Reads one object or list."""
        return self.call("GET", path)

    def ready(self) -> bool:
        """Whether the server answers and says that it is ready."""
        try:
            return self.call("GET", "/readyz").ok
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return False

    def forget(self) -> None:
        """Drops what is known about kinds, after CRDs have changed."""
        self.known.clear()

    def resource(self, api_version: str, kind: str) -> Resource | None:
        """Where objects of this kind live, or nothing where the server does not serve them."""
        if api_version not in self.known:
            root = "/apis" if "/" in api_version else "/api"
            found = self.get(f"{root}/{api_version}").body.get("resources", [])
            self.known[api_version] = {
                each["kind"]: Resource(each["name"], each["namespaced"]) for each in found if "/" not in each["name"]
            }
        return self.known[api_version].get(kind)

    def place(self, resource: Resource, api_version: str, namespace: str, name: str) -> str:
        """The path of one object."""
        root = "/apis" if "/" in api_version else "/api"
        inside = f"/namespaces/{urllib.parse.quote(namespace, safe='')}" if resource.namespaced else ""
        return f"{root}/{api_version}{inside}/{resource.plural}/{urllib.parse.quote(name, safe='')}"

    def apply(self, place: str, text: str, *, dry_run: bool) -> Answer:
        """Server-side apply with strict validation, as Argo CD does it; a dry run keeps nothing."""
        query = {"fieldManager": "idpc", "fieldValidation": "Strict", "force": "true"}
        if dry_run:
            query["dryRun"] = "All"
        return self.call("PATCH", f"{place}?{urllib.parse.urlencode(query)}", text, "application/apply-patch+yaml")

    def create(self, place: str, body: dict[str, Any]) -> Answer:
        """Makes one object that is not there yet."""
        return self.call("POST", place, json.dumps(body))

    def merge(self, place: str, change: dict[str, Any]) -> Answer:
        """Changes these fields of an object."""
        return self.call("PATCH", place, json.dumps(change), "application/merge-patch+json")

    def need(self, answer: Answer, purpose: str) -> Answer:
        """The answer, which must be a yes."""
        if not answer.ok:
            raise Refused(f"{purpose}: {answer.status} {answer.message}")
        return answer

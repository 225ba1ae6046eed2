"""What provider-sql 0.16.0 takes of the kinds that our Compositions use.

No registry serves its CRDs, so the fields stand here, as far as they name things by value and not by reference. A field
that is not here fails: whoever needs one looks it up where the provider is published.
"""

from __future__ import annotations

from typing import Any

Body = dict[str, Any]

TEXT: Body = {"type": "string"}
FLAG: Body = {"type": "boolean"}
NAME: Body = TEXT | {"pattern": "^[a-zA-Z_][a-zA-Z0-9_$]*$"}
ACTIONS = ["Observe", "Create", "Update", "Delete", "LateInitialize", "*"]
FORMS = {"postgresql.sql.crossplane.io": True, "postgresql.sql.m.crossplane.io": False}


def _object(required: list[str], **properties: Body) -> Body:
    return {"type": "object", "required": required, "properties": properties}


def _list(items: Body, **more: Any) -> Body:
    return {"type": "array", "items": items} | more


def _enum(*values: str) -> Body:
    return TEXT | {"enum": list(values)}


def crds() -> dict[tuple[str, str], Body]:
    """A CRD for each kind in each form, with its schema alone."""
    made = {}
    for group, clustered in FORMS.items():
        kinds = {
            "ProviderConfig": _settings(clustered),
            "Role": _managed(_role(clustered), clustered),
            "Grant": _managed(_grant(), clustered),
        }
        for kind, spec in kinds.items():
            known = _object(["spec"], spec=spec)
            versions = [{"name": "v1alpha1", "schema": {"openAPIV3Schema": known}}]
            made[group, kind] = {"spec": {"group": group, "names": {"kind": kind}, "versions": versions}}
    return made


def _secret(clustered: bool, *more: str) -> Body:
    """A reference to a Secret, which lies in the object's own namespace where the object has one."""
    keys = [*more, "name", *(["namespace"] if clustered else [])]
    return _object(keys, **dict.fromkeys(keys, TEXT))


def _settings(clustered: bool) -> Body:
    mapping = dict.fromkeys(("endpoint", "password", "port", "username"), TEXT)
    return _object(
        ["credentials"],
        credentials=_object(
            ["source"],
            source=_enum("PostgreSQLConnectionSecret"),
            connectionSecretRef=_secret(clustered),
            secretKeyMapping=_object([], **mapping),
        ),
        defaultDatabase=TEXT,
        sslMode=_enum("disable", "require", "verify-ca", "verify-full"),
    )


def _managed(parameters: Body, clustered: bool) -> Body:
    provider = ["name"] if clustered else ["kind", "name"]
    spec = _object(
        ["forProvider"],
        forProvider=parameters,
        managementPolicies=_list(_enum(*ACTIONS)),
        providerConfigRef=_object(provider, **dict.fromkeys(provider, TEXT)),
        writeConnectionSecretToRef=_secret(clustered),
    )
    if clustered:
        spec["properties"]["deletionPolicy"] = _enum("Orphan", "Delete")
    return spec


def _role(clustered: bool) -> Body:
    rights = ("bypassRls", "createDb", "createRole", "inherit", "login", "replication", "superUser")
    return _object(
        [],
        configurationParameters=_list(_object([], name=TEXT, value=TEXT)),
        connectionLimit={"type": "integer"},
        passwordSecretRef=_secret(clustered, "key"),
        privileges=_object([], **dict.fromkeys(rights, FLAG)),
    )


def _grant() -> Body:
    return _object(
        [],
        columns=_list(NAME),
        database=TEXT,
        foreignDataWrappers=_list(NAME),
        foreignServers=_list(NAME),
        memberOf=TEXT,
        privileges=_list(TEXT | {"pattern": "^[A-Z]+( [A-Z]+)*$"}, minItems=1),
        revokePublicOnDb=FLAG,
        role=TEXT,
        routines=_list(_object([], name=NAME, args=_list(NAME))),
        schema=TEXT,
        sequences=_list(NAME),
        tables=_list(NAME),
        withInherit=FLAG,
        withOption=_enum("ADMIN", "GRANT"),
    )

"""What must outlive every removal, as exact lists of objects."""

from __future__ import annotations

from harness.cluster import Cluster

GROUP = "library.example"
# What has to stay, by what it is to the people who own it: data, what makes and guards it, and where it lies.
DURABLE = {
    "claims": [f"/apis/{GROUP}/v1alpha1/{each}" for each in ("notebooks", "stamps", "buckets", "accesses")],
    "composites": [f"/apis/{GROUP}/v1alpha1/{each}" for each in ("xnotebooks", "xstamps", "xbuckets", "xaccesses")],
    "what they compose": ["/api/v1/configmaps?labelSelector=crossplane.io/composite"],
    "connection details": ["/api/v1/secrets?fieldSelector=type=connection.crossplane.io/v1alpha1"],
    "guards": ["/apis/protection.crossplane.io/v1beta1/clusterusages"],
    "definitions": ["/apis/apiextensions.crossplane.io/v1/compositeresourcedefinitions"],
    "compositions": ["/apis/apiextensions.crossplane.io/v1/compositions"],
    "namespaces": ["/api/v1/namespaces"],
}


def durable(cluster: Cluster) -> set[str]:
    """Every durable object with its identity: one that was made anew, or that is about to go, is not the same."""
    found = set()
    for what, places in DURABLE.items():
        for place in places:
            for each in cluster.api.need(cluster.api.get(place), place).body["items"]:
                metadata = each["metadata"]
                name = "/".join(filter(None, [metadata.get("namespace"), metadata["name"]]))
                going = ", going" if metadata.get("deletionTimestamp") else ""
                plural = place.partition("?")[0].rpartition("/")[2]
                found.add(f"{what}: {plural} {name} ({metadata['uid']}{going})")
    return found


def counts(objects: set[str]) -> str:
    """How many there are of each."""
    return ", ".join(f"{sum(each.startswith(f'{what}:') for each in objects)} {what}" for what in DURABLE)

"""Propagation: what a shop may set about how tags flow."""

from __future__ import annotations

from msgspec import Struct


class Propagation(Struct, frozen=True):
    """How tags flow on this platform.

    `merge_lists`: whether `finops.business_tags` of asset and job are united (true) or the job's
    replace the asset's. `dagster_namespaces`: the namespaces whose tags become Dagster asset
    tags, beyond those that always do. `supplied` and `withheld`: Terraform variables that the
    platform supplies beyond, or in spite of, its usual list.
    """

    merge_lists: bool = True
    dagster_namespaces: tuple[str, ...] = ()
    supplied: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()

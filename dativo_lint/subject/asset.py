"""Assets: data contracts in either of their two shapes, asked in one way."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from msgspec import Struct

from dativo_lint.subject.said import Said
from dativo_lint.texts.document import Document
from dativo_lint.texts.place import Field

_REPLACING = ("classification", "retention_days")


class Asset(Struct, frozen=True, eq=False, dict=True):
    """An asset definition.

    Wrapped under `asset:`, its `governance.owner` takes the place of `team`, and
    `governance.classification` or `governance.retention_days` that of the whole `compliance`
    block, as the platform's loader has it. Flat (`kind: DataContract`), it says `team.owner` and
    `compliance` itself.
    """

    document: Document
    base: Field

    def said(self, *steps: str | int) -> Said:
        """A field of the asset, below `asset:` where it is wrapped."""
        return Said(self.document, (*self.base, *steps))

    @cached_property
    def _governance(self) -> dict[Any, Any]:
        value = self.said("governance").value if self.base else None
        return value if isinstance(value, dict) else {}

    @property
    def owner(self) -> Said:
        """Who owns the data."""
        if "owner" in self._governance:
            return self.said("governance", "owner")
        return self.said("team", "owner")

    @property
    def compliance_is_replaced(self) -> bool:
        """Whether `governance` takes the place of the whole `compliance` block."""
        return any(name in self._governance for name in _REPLACING)

    def compliance(self, name: str) -> Said:
        """`classification`, `retention_days` or `regulations`, from where the platform reads it."""
        if self.compliance_is_replaced:
            return self.said("governance" if name in _REPLACING else "", name)
        return self.said("compliance", name)

    @cached_property
    def sayings(self) -> dict[bool, Any]:
        """What `derive` has made of it under either reading of lists; many jobs share an asset."""
        return {}

    @cached_property
    def columns(self) -> dict[str, Said]:
        """The columns of the schema by name; of two with one name the last."""
        written = self.said("schema").value
        if not isinstance(written, list):
            return {}
        return {
            str(column["name"]): self.said("schema", number)
            for number, column in enumerate(written)
            if isinstance(column, dict) and column.get("name") is not None
        }


def asset_of(document: Document) -> Asset | None:
    """The asset that a document defines, or None where it defines none."""
    if not isinstance(document.data, dict):
        return None
    if isinstance(document.data.get("asset"), dict):
        return Asset(document, ("asset",))
    return Asset(document, ())

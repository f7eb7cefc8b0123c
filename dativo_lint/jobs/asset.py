"""Assets: data contracts, in either of their two shapes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct

from dativo_lint.documents.document import ABSENT, Document
from dativo_lint.documents.place import Field
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.tag_values import (
    Convert,
    as_classification,
    as_column,
    as_days,
    as_joined,
    as_text,
    as_united,
)
from dativo_lint.jobs.tags import Assignment, Layer, Tag

FINOPS = ("cost_center", "business_tags", "project", "environment")
ASSET_FIELDS = {
    "name": "name",
    "version": "version",
    "domain": "domain",
    "dataProduct": "data_product",
    "source_type": "source_type",
    "object": "object",
}
"""Fields of an asset that become `asset.*` tags, each with the name of its tag."""
_REPLACING = ("classification", "retention_days")


class Asset(Struct, frozen=True, eq=False, dict=True):
    """An asset definition.

    Wrapped under `asset:`, its `governance.owner` replaces `team`, and `governance.classification`
    or `governance.retention_days` the whole `compliance` block, as in the platform's loader. Flat
    (`kind: DataContract`), it has `team.owner` and `compliance` themselves.
    """

    document: Document
    base: Field

    def field(self, *steps: str | int) -> FieldRef:
        """A field of the asset, below `asset:` where it is wrapped."""
        return FieldRef(self.document, (*self.base, *steps))

    @cached_property
    def _governance(self) -> dict[Any, Any]:
        value = self.field("governance").value if self.base else None
        return value if isinstance(value, dict) else {}

    @property
    def owner(self) -> FieldRef:
        """Who owns the data."""
        if "owner" in self._governance:
            return self.field("governance", "owner")
        return self.field("team", "owner")

    @property
    def compliance_is_replaced(self) -> bool:
        """Whether `governance` replaces the whole `compliance` block."""
        return any(name in self._governance for name in _REPLACING)

    def compliance(self, name: str) -> FieldRef:
        """`classification`, `retention_days` or `regulations`, from where the platform reads it."""
        if self.compliance_is_replaced:
            return self.field("governance" if name in _REPLACING else "", name)
        return self.field("compliance", name)

    # Worked out once, for many jobs share an asset.
    @cached_property
    def tags(self) -> Mapping[str, Tag]:
        """The tags that the asset sets, by key; its business tags without duplicates."""
        return self._tags(as_united)

    @cached_property
    def tags_with_lists_as_written(self) -> Mapping[str, Tag]:
        """The same for a platform that does not merge lists."""
        return self._tags(as_joined)

    def _tags(self, convert_list: Convert) -> Mapping[str, Tag]:
        tags = {}
        for key, (field, convert) in self._tag_fields.items():
            written = field.value
            as_tag = convert_list if key == "finops.business_tags" else convert
            if written is not ABSENT and (text := as_tag(written)) is not None:
                tags[key] = Tag(key, (Assignment(Layer.ASSET, field, written, text),))
        return tags

    def tag_field(self, key: str) -> FieldRef | None:
        """The field that sets a tag; None for what only the job can set."""
        field, _ = self._tag_fields.get(key, (None, None))
        return field

    @cached_property
    def _tag_fields(self) -> dict[str, tuple[FieldRef, Convert]]:
        """The fields that become tags, by key, each with what its value becomes."""
        fields = {
            "classification.default": (self.compliance("classification"), as_classification),
            **{
                f"classification.fields.{name}": (column.child("classification"), as_column)
                for name, column in self.columns.items()
            },
            "governance.retention_days": (self.compliance("retention_days"), as_days),
            "governance.owner": (self.owner, as_text),
            "governance.domain": (self.field("domain"), as_joined),
            "governance.data_product": (self.field("dataProduct"), as_joined),
            "governance.regulations": (self.compliance("regulations"), as_joined),
        }
        fields |= {f"finops.{name}": (self.field("finops", name), as_text) for name in FINOPS}
        return fields | {
            f"asset.{tag_name}": (self.field(name), as_joined)
            for name, tag_name in ASSET_FIELDS.items()
        }

    @cached_property
    def columns(self) -> dict[str, FieldRef]:
        """The columns of the schema by name; of two with one name the last."""
        written = self.field("schema").value
        if not isinstance(written, list):
            return {}
        return {
            str(column["name"]): self.field("schema", number)
            for number, column in enumerate(written)
            if isinstance(column, dict) and column.get("name") is not None
        }


class Misfit(Struct, frozen=True, eq=False):
    """What a file holds in place of an asset or a recipe; of several documents, with the second."""

    holds: str
    second: Document | None = None


def asset_of(document: Document) -> Asset | None:
    """The asset that a document defines, or None where it defines none."""
    if not isinstance(document.data, dict):
        return None
    if isinstance(document.data.get("asset"), dict):
        return Asset(document, ("asset",))
    return Asset(document, ())

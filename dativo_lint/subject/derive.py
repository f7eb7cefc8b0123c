"""Derivation: the platform's precedence, written once, with the trail remembered on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from dativo_lint.subject.asset import Asset
from dativo_lint.subject.layer import Layer
from dativo_lint.subject.said import Said, is_open
from dativo_lint.subject.tags import Assignment, Tag, TagSet
from dativo_lint.texts.document import Document

OWN_FIELDS = ("provider", "compute_type", "memory_mb", "vcpu")
"""Fields of the infrastructure block that become tags by themselves."""

FINOPS = ("cost_center", "business_tags", "project", "environment")
ASSET_FIELDS = {
    "name": "name",
    "version": "version",
    "domain": "domain",
    "dataProduct": "data_product",
    "source_type": "source_type",
    "object": "object",
}

Shape = Callable[[Any], str | None]
"""What a written value becomes; None where it says nothing."""

_Tags = dict[str, Tag]


def derive(job: Document, asset: Asset | None, *, merge_lists: bool = True) -> TagSet:
    """The effective tags of a job, each with its trail.

    `merge_lists` chooses between the two readings of `finops.business_tags`: the union of asset
    and job, asset first (true), or the job's list in place of the asset's (false).
    """
    tags = {} if asset is None else dict(_tags_of(asset, merge_lists))
    said = Said(job, ())
    _from_overrides(tags, said, asset)
    _from_finops(tags, said, merge_lists)
    _from_infrastructure(tags, said)
    return TagSet(tags)


def words(value: Any) -> tuple[str, ...]:
    """The words of a list, or of a text with commas, each once, in order."""
    parts: Iterable[str]
    if isinstance(value, list):
        parts = (str(part).strip() for part in value if part is not None)
    else:
        parts = (part.strip() for part in str(value).split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def first_word(value: Any) -> str | None:
    """A classification as the platform writes it: lower case, of a list the first entry only."""
    if isinstance(value, list):
        value = value[0] if value else None
    return _lower(value)


@lru_cache(maxsize=256)
def _tags_of(asset: Asset, merge_lists: bool) -> Mapping[str, Tag]:
    """What an asset says by itself; many jobs may share one."""
    tags: _Tags = {}
    say = _Speaker(tags, Layer.ASSET)
    compliance = asset.said("governance" if asset.compliance_is_replaced else "compliance")
    say.if_any("classification.default", compliance, "classification", first_word)
    for name, column in asset.columns.items():
        say.if_any(f"classification.fields.{name}", column, "classification", _lower)
    say.if_any("governance.retention_days", compliance, "retention_days", _number)
    owner = asset.owner
    text = _text(owner.value) if owner.is_there else None
    if text:
        say("governance.owner", owner, owner.value, text)
    root = asset.said()
    say.if_any("governance.domain", root, "domain", _joined)
    say.if_any("governance.data_product", root, "dataProduct", _joined)
    if not asset.compliance_is_replaced:
        say.if_any("governance.regulations", compliance, "regulations", _joined)
    finops = asset.said("finops")
    business_tags = _united if merge_lists else _joined
    for name in FINOPS:
        shape = business_tags if name == "business_tags" else _text
        say.if_any(f"finops.{name}", finops, name, shape)
    for written, name in ASSET_FIELDS.items():
        say.if_any(f"asset.{name}", root, written, _joined)
    return tags


def _from_overrides(tags: _Tags, job: Said, asset: Asset | None) -> None:
    say = _Speaker(tags, Layer.JOB)
    overrides = job.below("classification_overrides")
    if isinstance(overrides.value, dict):
        say.even_if_empty("classification.default", overrides, "default", _lower)
        for column in asset.columns if asset is not None else ():
            if column != "default":
                say.even_if_empty(f"classification.fields.{column}", overrides, column, _lower)
    governance = job.below("governance_overrides")
    written = governance.value
    if isinstance(written, dict):
        if written.get("retention_days") is not None:
            say.even_if_empty("governance.retention_days", governance, "retention_days", _number)
        say.even_if_empty("governance.owner", governance, "owner", _text)


def _from_finops(tags: _Tags, job: Said, merge_lists: bool) -> None:
    say = _Speaker(tags, Layer.JOB)
    finops = job.below("finops")
    given = tags.get("finops.business_tags") if merge_lists else None
    of_asset = () if given is None else words(given.trail[-1].written)

    def merged(value: Any) -> str | None:
        # An empty list says that there are none, as an empty text would.
        return _united([*of_asset, *words(value)]) if value else None

    business_tags = merged if merge_lists else _joined
    for name in FINOPS:
        shape = business_tags if name == "business_tags" else _text
        say.even_if_empty(f"finops.{name}", finops, name, shape)


def _from_infrastructure(tags: _Tags, job: Said) -> None:
    say = _Speaker(tags, Layer.INFRASTRUCTURE)
    block = job.below("infrastructure")
    shapes = (_lower, _text, _whole, _fraction)
    for name, shape in zip(OWN_FIELDS, shapes, strict=True):
        say.if_any(f"infrastructure.{name}", block, name, shape)
    own = block.below("tags")
    written = own.value
    if isinstance(written, dict):
        for key, value in written.items():
            if value is not None:
                say(infrastructure_key(key), own.below(key), value, _scalar(value))


def infrastructure_key(key: Any) -> str:
    """The namespaced key of an infrastructure tag; one that has the namespace keeps it."""
    return key if str(key).startswith("infrastructure.") else f"infrastructure.{key}"


class _Speaker:
    """Adds one layer's words to the tags."""

    def __init__(self, tags: _Tags, layer: Layer) -> None:
        self._tags = tags
        self._layer = layer

    def __call__(self, key: str, at: Said, written: Any, text: str | None) -> None:
        before = self._tags.get(key)
        word = Assignment(self._layer, at, written, text)
        self._tags[key] = Tag(key, (word,) if before is None else (*before.trail, word))

    def if_any(self, key: str, block: Said, name: str, shape: Shape) -> None:
        """A field of a block that counts only where it says something."""
        fields = block.value
        if isinstance(fields, dict) and name in fields and (text := shape(fields[name])):
            self(key, block.below(name), fields[name], text)

    def even_if_empty(self, key: str, block: Said, name: str, shape: Shape) -> None:
        """A field of a block that erases where it is empty."""
        fields = block.value
        if isinstance(fields, dict) and name in fields:
            self(key, block.below(name), fields[name], shape(fields[name]) or None)


def _text(value: Any) -> str | None:
    """As written; null, empty text, zero, false and empty lists say nothing."""
    return str(value) if value else None


def _number(value: Any) -> str | None:
    """As written; unlike elsewhere, 0 is a value."""
    return "0" if value == 0 and value is not False else _text(value)


def _lower(value: Any) -> str | None:
    text = _text(value)
    return text if text is None or is_open(text) else text.lower()


def _united(value: Any) -> str | None:
    """The words of a list or a text, each once."""
    return ",".join(words(value)) if value else None


def _joined(value: Any) -> str | None:
    if isinstance(value, list):
        return ",".join(str(part) for part in value if part is not None)
    return _text(value)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _whole(value: Any) -> str | None:
    """A size in MiB; the platform's model reads 2048.0 and "2048" as 2048."""
    number = as_number(value)
    if number is None:
        return _text(value)
    if number == 0:
        return None
    return str(int(number)) if number == number // 1 else str(value)


def _fraction(value: Any) -> str | None:
    """A number of vCPU; the platform's model makes a float of it, so 1 becomes 1.0."""
    number = as_number(value)
    if number is None:
        return _text(value)
    return None if number == 0 else str(number)


def as_number(value: Any) -> float | None:
    """A size as the platform's model reads it; None for what is no number."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None

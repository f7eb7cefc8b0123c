"""Derivation: the platform's precedence, written once, with the trail remembered on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from dativo_lint.subject.asset import Asset
from dativo_lint.subject.layer import Layer
from dativo_lint.subject.said import Said, is_open
from dativo_lint.subject.tags import Assignment, Tag, TagSet
from dativo_lint.texts.document import ABSENT, Document

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

_Trails = dict[str, list[Assignment]]
Shape = Callable[[Any], str | None]
"""What a written value becomes; None where it says nothing."""


def derive(job: Document, asset: Asset | None, *, merge_lists: bool = True) -> TagSet:
    """The effective tags of a job, each with its trail.

    `merge_lists` chooses between the two readings of `finops.business_tags`: the union of asset
    and job, asset first (true), or the job's list in place of the asset's (false).
    """
    trails: _Trails = {}
    if asset is not None:
        _from_asset(trails, asset, _united if merge_lists else _joined)
    said = Said(job, ())
    _from_overrides(trails, said, asset)
    _from_finops(trails, said, merge_lists)
    _from_infrastructure(trails, said)
    return TagSet({key: Tag(key, tuple(trail)) for key, trail in trails.items()})


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


def _from_asset(trails: _Trails, asset: Asset, business_tags: Shape) -> None:
    say = _Speaker(trails, Layer.ASSET)
    say.if_any("classification.default", asset.compliance("classification"), first_word)
    for name, column in asset.columns.items():
        say.if_any(f"classification.fields.{name}", column.below("classification"), _lower)
    say.if_any("governance.retention_days", asset.compliance("retention_days"), _number)
    say.if_any("governance.owner", asset.owner, _text)
    say.if_any("governance.domain", asset.said("domain"), _joined)
    say.if_any("governance.data_product", asset.said("dataProduct"), _joined)
    say.if_any("governance.regulations", asset.compliance("regulations"), _joined)
    for name in FINOPS:
        shape = business_tags if name == "business_tags" else _text
        say.if_any(f"finops.{name}", asset.said("finops", name), shape)
    for written, name in ASSET_FIELDS.items():
        say.if_any(f"asset.{name}", asset.said(written), _joined)


def _from_overrides(trails: _Trails, job: Said, asset: Asset | None) -> None:
    say = _Speaker(trails, Layer.JOB)
    overrides = job.below("classification_overrides")
    if isinstance(overrides.value, dict):
        say.even_if_empty("classification.default", overrides.below("default"), _lower)
        for column in asset.columns if asset is not None else ():
            if column != "default":
                key = f"classification.fields.{column}"
                say.even_if_empty(key, overrides.below(column), _lower)
    governance = job.below("governance_overrides")
    if isinstance(governance.value, dict):
        if governance.value.get("retention_days") is not None:
            say.even_if_empty(
                "governance.retention_days", governance.below("retention_days"), _number
            )
        say.even_if_empty("governance.owner", governance.below("owner"), _text)


def _from_finops(trails: _Trails, job: Said, merge_lists: bool) -> None:
    say = _Speaker(trails, Layer.JOB)
    finops = job.below("finops")
    if not isinstance(finops.value, dict):
        return
    for name in FINOPS:
        if name != "business_tags":
            say.even_if_empty(f"finops.{name}", finops.below(name), _text)
    given = trails.get("finops.business_tags", ()) if merge_lists else ()
    asset_words = [word for assignment in given for word in words(assignment.written)]

    def merged(value: Any) -> str | None:
        # An empty list says that there are none, as an empty text would.
        return _united([*asset_words, *words(value)]) if value else None

    say.even_if_empty(
        "finops.business_tags", finops.below("business_tags"), merged if merge_lists else _joined
    )


def _from_infrastructure(trails: _Trails, job: Said) -> None:
    say = _Speaker(trails, Layer.INFRASTRUCTURE)
    block = job.below("infrastructure")
    if not isinstance(block.value, dict):
        return
    shapes = (_lower, _text, _whole, _fraction)
    for name, shape in zip(OWN_FIELDS, shapes, strict=True):
        say.if_any(f"infrastructure.{name}", block.below(name), shape)
    tags = block.below("tags")
    if isinstance(tags.value, dict):
        for key, value in tags.value.items():
            if value is not None:
                say(infrastructure_key(key), tags.below(key), value, _scalar(value))


def infrastructure_key(key: Any) -> str:
    """The namespaced key of an infrastructure tag; one that has the namespace keeps it."""
    return key if str(key).startswith("infrastructure.") else f"infrastructure.{key}"


class _Speaker:
    """Appends one layer's words to the trails."""

    def __init__(self, trails: _Trails, layer: Layer) -> None:
        self._trails = trails
        self._layer = layer

    def __call__(self, key: str, at: Said, written: Any, text: str | None) -> None:
        self._trails.setdefault(key, []).append(Assignment(self._layer, at, written, text))

    def if_any(self, key: str, at: Said, shape: Shape) -> None:
        """A word that counts only where it says something."""
        value = at.value
        if value is not ABSENT and (text := shape(value)):
            self(key, at, value, text)

    def even_if_empty(self, key: str, at: Said, shape: Shape) -> None:
        """A word that erases where it is empty."""
        value = at.value
        if value is not ABSENT:
            self(key, at, value, shape(value) or None)


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
    number = _as_number(value)
    if number is None:
        return _text(value)
    if number == 0:
        return None
    return str(int(number)) if number == number // 1 else str(value)


def _fraction(value: Any) -> str | None:
    """A number of vCPU; the platform's model makes a float of it, so 1 becomes 1.0."""
    number = _as_number(value)
    if number is None:
        return _text(value)
    return None if number == 0 else str(number)


def _as_number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None

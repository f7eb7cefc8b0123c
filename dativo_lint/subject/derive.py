"""Derivation: the platform's precedence, written once, with the trail remembered on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from dativo_lint.subject.asset import Asset
from dativo_lint.subject.layer import Layer
from dativo_lint.subject.said import Said, is_open
from dativo_lint.subject.tags import Saying, TagSet
from dativo_lint.texts.document import Document
from dativo_lint.texts.place import Field

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

_Said = dict[str, tuple[Saying, ...]]


def derive(job: Document, asset: Asset | None, *, merge_lists: bool = True) -> TagSet:
    """The effective tags of a job, each with its trail.

    `merge_lists` chooses between the two readings of `finops.business_tags`: the union of asset
    and job, asset first (true), or the job's list in place of the asset's (false).
    """
    said = {} if asset is None else dict(_said_by(asset, merge_lists))
    if isinstance(job.data, dict):
        say = _Speaker(said, Layer.JOB, job)
        _from_overrides(say, job.data, asset)
        _from_finops(say, job.data.get("finops"), merge_lists)
        say = _Speaker(said, Layer.INFRASTRUCTURE, job)
        _from_infrastructure(say, job.data.get("infrastructure"))
    return TagSet(said)


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


def _said_by(asset: Asset, merge_lists: bool) -> _Said:
    """What an asset says by itself."""
    found: _Said | None = asset.sayings.get(merge_lists)
    if found is None:
        say = _Speaker({}, Layer.ASSET, asset.document)
        for key, said, shape in _fields_of(asset, merge_lists):
            if said.is_there and (text := shape(said.value)):
                say(key, said.route, said.value, text)
        found = asset.sayings[merge_lists] = say.said
    return found


def _fields_of(asset: Asset, merge_lists: bool) -> Iterator[tuple[str, Said, Shape]]:
    """The fields of an asset that become tags, each with its key and what its value becomes."""
    is_replaced = asset.compliance_is_replaced
    compliance = asset.said("governance" if is_replaced else "compliance")
    yield "classification.default", compliance.below("classification"), first_word
    for name, column in asset.columns.items():
        yield f"classification.fields.{name}", column.below("classification"), _lower
    yield "governance.retention_days", compliance.below("retention_days"), _number
    yield "governance.owner", asset.owner, _text
    yield "governance.domain", asset.said("domain"), _joined
    yield "governance.data_product", asset.said("dataProduct"), _joined
    if not is_replaced:
        yield "governance.regulations", compliance.below("regulations"), _joined
    for name in FINOPS:
        yield f"finops.{name}", asset.said("finops", name), _shape_of(name, merge_lists)
    for written, name in ASSET_FIELDS.items():
        yield f"asset.{name}", asset.said(written), _joined


def _shape_of(name: str, merge_lists: bool) -> Shape:
    """What a field of the finops block becomes."""
    if name != "business_tags":
        return _text
    return _united if merge_lists else _joined


def _from_overrides(say: _Speaker, job: Mapping[Any, Any], asset: Asset | None) -> None:
    written = job.get("classification_overrides")
    if isinstance(written, dict):
        block = ("classification_overrides",)
        say.even_if_empty("classification.default", written, block, "default", _lower)
        for name in asset.columns if asset is not None else ():
            if name in written and name != "default":
                say.even_if_empty(f"classification.fields.{name}", written, block, name, _lower)
    written = job.get("governance_overrides")
    if isinstance(written, dict):
        block = ("governance_overrides",)
        if written.get("retention_days") is not None:
            name = "retention_days"
            say.even_if_empty("governance.retention_days", written, block, name, _number)
        say.even_if_empty("governance.owner", written, block, "owner", _text)


def _from_finops(say: _Speaker, written: Any, merge_lists: bool) -> None:
    if not isinstance(written, dict):
        return
    given = say.said.get("finops.business_tags") if merge_lists else None
    of_asset = () if given is None else words(given[-1].written)

    def merged(value: Any) -> str | None:
        # An empty list says that there are none, as an empty text would.
        return _united([*of_asset, *words(value)]) if value else None

    for name in FINOPS:
        is_merged = merge_lists and name == "business_tags"
        shape = merged if is_merged else _shape_of(name, merge_lists)
        say.even_if_empty(f"finops.{name}", written, ("finops",), name, shape)


def _from_infrastructure(say: _Speaker, written: Any) -> None:
    if not isinstance(written, dict):
        return
    block = ("infrastructure",)
    for name, shape in _OWN_SHAPES.items():
        if name in written and (text := shape(written[name])):
            say(f"infrastructure.{name}", (*block, name), written[name], text)
    own = written.get("tags")
    if isinstance(own, dict):
        for key, value in own.items():
            if value is not None:
                text = value if isinstance(value, str) else _scalar(value)
                say(infrastructure_key(key), ("infrastructure", "tags", key), value, text)


def infrastructure_key(key: Any) -> str:
    """The namespaced key of an infrastructure tag; one that has the namespace keeps it."""
    return key if str(key).startswith("infrastructure.") else f"infrastructure.{key}"


class _Speaker:
    """Adds one layer's words, all of one document, to what was said of each tag."""

    def __init__(self, said: _Said, layer: Layer, document: Document) -> None:
        self.said = said
        self._layer = layer
        self._document = document

    def __call__(self, key: str, route: Field, written: Any, text: str | None) -> None:
        word = Saying(self._layer, self._document, route, written, text)
        self.said[key] = (*self.said.get(key, ()), word)

    def even_if_empty(
        self, key: str, fields: Mapping[Any, Any], block: Field, name: str, shape: Shape
    ) -> None:
        """A field of a block that erases where it is empty."""
        if name in fields:
            self(key, (*block, name), fields[name], shape(fields[name]) or None)


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


_OWN_SHAPES = dict(zip(OWN_FIELDS, (_lower, _text, _whole, _fraction), strict=True))

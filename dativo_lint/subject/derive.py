"""Derivation: the platform's precedence, written once, with the trail remembered on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache, partial
from typing import Any

from dativo_lint.subject.asset import Asset
from dativo_lint.subject.layer import Layer
from dativo_lint.subject.said import is_open
from dativo_lint.subject.tags import NOTHING, Own, Rest, Saying, Sayings, TagSet
from dativo_lint.texts.document import ABSENT, Document
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

_Words = list[Own]
_TEXT = frozenset((str,))


def derive(job: Document, asset: Asset | None, *, merge_lists: bool = True) -> TagSet:
    """The effective tags of a job, each with its trail.

    `merge_lists` chooses between the two readings of `finops.business_tags`: the union of asset
    and job, asset first (true), or the job's list in place of the asset's (false).
    """
    first = NOTHING if asset is None else _said_by(asset, merge_lists)
    own: _Words = []
    if not isinstance(job.data, dict):
        return TagSet(first, job)
    _from_overrides(own, job.data, asset)
    list_shape = _merged(first) if merge_lists else _joined
    _from_finops(own, job.data.get("finops"), list_shape)
    block = job.data.get("infrastructure")
    if not isinstance(block, dict):
        return TagSet(first, job, own)
    _from_infrastructure(own, block)
    tags = block.get("tags")
    if not isinstance(tags, dict):
        return TagSet(first, job, own)
    words = partial(_of_tags, tags)
    if not (_TEXT.issuperset(map(type, tags)) and _TEXT.issuperset(map(type, tags.values()))):
        return TagSet(first, job, [*own, *words()])
    return TagSet(first, job, own, Rest(_spelled_keys(tuple(tags)), tags.values(), words))


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


def _said_by(asset: Asset, merge_lists: bool) -> Sayings:
    """What an asset says by itself."""
    found: Sayings | None = asset.sayings.get(merge_lists)
    if found is None:
        said: dict[str, tuple[Saying, ...]] = {}
        document = asset.document
        for key, route, shape in _fields_of(asset, merge_lists):
            value = document.value(route)
            if value is not ABSENT and (text := shape(value)):
                word = Saying(Layer.ASSET, document, route, value, text)
                said[key] = (*said.get(key, ()), word)
        found = asset.sayings[merge_lists] = Sayings(said)
    return found


def _fields_of(asset: Asset, merge_lists: bool) -> Iterator[tuple[str, Field, Shape]]:
    """The fields of an asset that become tags, each with its key and what its value becomes."""
    is_replaced, base = asset.compliance_is_replaced, asset.base
    compliance = (*base, "governance" if is_replaced else "compliance")
    yield "classification.default", (*compliance, "classification"), first_word
    for name, column in asset.columns.items():
        yield f"classification.fields.{name}", (*column.route, "classification"), _lower
    yield "governance.retention_days", (*compliance, "retention_days"), _number
    yield "governance.owner", asset.owner.route, _text
    yield "governance.domain", (*base, "domain"), _joined
    yield "governance.data_product", (*base, "dataProduct"), _joined
    if not is_replaced:
        yield "governance.regulations", (*compliance, "regulations"), _joined
    for name in FINOPS:
        yield f"finops.{name}", (*base, "finops", name), _shape_of(name, merge_lists)
    for written, name in ASSET_FIELDS.items():
        yield f"asset.{name}", (*base, written), _joined


def _shape_of(name: str, merge_lists: bool) -> Shape:
    """What a field of the finops block becomes."""
    if name != "business_tags":
        return _text
    return _united if merge_lists else _joined


def _from_overrides(own: _Words, job: Mapping[Any, Any], asset: Asset | None) -> None:
    written = job.get("classification_overrides")
    if isinstance(written, dict):
        block = "classification_overrides"
        _even_if_empty(own, "classification.default", written, (block, "default"), _lower)
        for name in asset.columns if asset is not None else ():
            if name in written and name != "default":
                key = f"classification.fields.{name}"
                _even_if_empty(own, key, written, (block, name), _lower)
    written = job.get("governance_overrides")
    if isinstance(written, dict):
        block = "governance_overrides"
        if written.get("retention_days") is not None:
            route = block, "retention_days"
            _even_if_empty(own, "governance.retention_days", written, route, _number)
        _even_if_empty(own, "governance.owner", written, (block, "owner"), _text)


def _from_finops(own: _Words, written: Any, list_shape: Shape) -> None:
    if isinstance(written, dict):
        for name in FINOPS:
            if name in written:
                shape = list_shape if name == "business_tags" else _text
                _even_if_empty(own, f"finops.{name}", written, ("finops", name), shape)


def _merged(first: Sayings) -> Shape:
    """The list of a job, which is merged into that of the asset."""

    def merged(value: Any) -> str | None:
        given = first.said.get("finops.business_tags")
        of_asset = () if given is None else words(given[-1].written)
        # An empty list says that there are none, as an empty text would.
        return _united([*of_asset, *words(value)]) if value else None

    return merged


def _from_infrastructure(own: _Words, written: Mapping[Any, Any]) -> None:
    layer = Layer.INFRASTRUCTURE
    for name, key, route, shape in _OWN:
        if name in written and (text := shape(written[name])):
            own.append((key, layer, route, written[name], text))


def _of_tags(tags: Mapping[Any, Any]) -> Iterator[Own]:
    """The words of the infrastructure's tags."""
    for key, value in tags.items():
        if value is not None:
            text = value if isinstance(value, str) else _scalar(value)
            route = "infrastructure", "tags", key
            yield infrastructure_key(key), Layer.INFRASTRUCTURE, route, value, text


def infrastructure_key(key: Any) -> str:
    """The namespaced key of an infrastructure tag; one that has the namespace keeps it."""
    return key if str(key).startswith("infrastructure.") else f"infrastructure.{key}"


@lru_cache(maxsize=256)
def _spelled_keys(keys: tuple[str, ...]) -> tuple[str, ...]:
    """The same of several; the jobs of a shop have much the same tags."""
    return tuple(map(infrastructure_key, keys))


def _even_if_empty(
    own: _Words, key: str, fields: Mapping[Any, Any], route: tuple[str, str], shape: Shape
) -> None:
    """A field of a block of the job that erases where it is empty."""
    if route[1] in fields:
        written = fields[route[1]]
        own.append((key, Layer.JOB, route, written, shape(written) or None))


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


_OWN = tuple(
    (name, f"infrastructure.{name}", ("infrastructure", name), shape)
    for name, shape in zip(OWN_FIELDS, (_lower, _text, _whole, _fraction), strict=True)
)

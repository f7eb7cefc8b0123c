"""Derivation: the platform's precedence, written once, with the trail remembered on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from dativo_lint.subject.asset import Asset
from dativo_lint.subject.layer import Layer
from dativo_lint.subject.said import Said, is_open
from dativo_lint.subject.tags import NOTHING, Own, Saying, Sayings, TagSet
from dativo_lint.texts.document import ABSENT, Document
from dativo_lint.typed import Any

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


def derive(job: Document, asset: Asset | None, *, merge_lists: bool = True) -> TagSet:
    """The effective tags of a job, each with its trail.

    `merge_lists` chooses between the two readings of `finops.business_tags`: the union of asset
    and job, asset first (true), or the job's list in place of the asset's (false).
    """
    first = NOTHING if asset is None else _said_by(asset, merge_lists)
    own: _Words = []
    if isinstance(job.data, dict):
        _from_overrides(own, job.data, asset)
        list_shape = _merged(first) if merge_lists else _joined
        _from_finops(own, job.data.get("finops"), list_shape)
        _from_infrastructure(own, job.data.get("infrastructure"))
    return TagSet(first, job, own)


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
        for key, field, shape in _fields_of(asset, merge_lists):
            value = field.value
            if value is not ABSENT and (text := shape(value)):
                word = Saying(Layer.ASSET, asset.document, field.route, value, text)
                said[key] = (*said.get(key, ()), word)
        found = asset.sayings[merge_lists] = Sayings(said)
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


def _from_infrastructure(own: _Words, written: Any) -> None:
    if not isinstance(written, dict):
        return
    layer = Layer.INFRASTRUCTURE
    for name, shape in _OWN_SHAPES.items():
        if name in written and (text := shape(written[name])):
            route = "infrastructure", name
            own.append((f"infrastructure.{name}", layer, route, written[name], text))
    tags = written.get("tags")
    if isinstance(tags, dict):
        own += [
            (
                _spelled_key(key) if key.__class__ is str else infrastructure_key(key),
                layer,
                ("infrastructure", "tags", key),
                value,
                value if isinstance(value, str) else _scalar(value),
            )
            for key, value in tags.items()
            if value is not None
        ]


def infrastructure_key(key: Any) -> str:
    """The namespaced key of an infrastructure tag; one that has the namespace keeps it."""
    return key if str(key).startswith("infrastructure.") else f"infrastructure.{key}"


_spelled_key = lru_cache(maxsize=1_024)(infrastructure_key)
"""Of texts; the jobs of a shop have much the same tags."""


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


_OWN_SHAPES = dict(zip(OWN_FIELDS, (_lower, _text, _whole, _fraction), strict=True))

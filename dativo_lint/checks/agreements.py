"""Fixes of a conflict, each of which makes all places of a fact agree; a decision in any case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dativo_lint.documents.quoting import quoted
from dativo_lint.edits.fields import add, set_value
from dativo_lint.edits.fix import Edit, Fix, FixLayer, NotExact, fix
from dativo_lint.edits.removal import remove
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.layers import job_field
from dativo_lint.jobs.selectors import Statement
from dativo_lint.jobs.tags import folded_key

_MOST_PARTS = 3


def agreements(
    job: Job, lead: Sequence[Statement], strays: Sequence[Sequence[Statement]], *, is_lower: bool
) -> Iterator[Fix]:
    """Fixes of strays that contradict the lead, if each is one scalar, and all are in one file.

    Where labels are lowercase, `is_lower`, values are written so, and not copied from there.
    """
    first, *others = (word for group in (lead, *strays) for word in group)
    home, layer = _layer(job, first), _layer(job, others[0])
    if (
        len(others) != len(strays)
        or not all(_is_scalar(word) and _layer(job, word) == layer for word in others)
        or not (home and layer)
    ):
        return
    names = " and ".join(word.at.name for word in others)
    of_lead: FixLayer = home if home != layer else ""
    of_strays: FixLayer = layer if home != layer else ""
    removals = (remove(word.at.document, word.at.route) for word in others)
    removal = fix(f"Remove {names}", *removals, is_safe=False, layer=of_strays)
    if any(_is_same_tag(first, word) for word in others):
        yield removal
        return
    if not _is_scalar(first):
        for part in first.parts[:_MOST_PARTS] if isinstance(first.at.value, list) else ():
            value = part.lower() if is_lower else part
            changes = (_set(word, value) for word in others)
            title = f"Set {names} to {quoted(value)}, of {first.at.name}"
            yield fix(title, *changes, is_safe=False, layer=of_strays)
        yield removal
        return
    value = first.text.lower() if is_lower else first.text
    override = (
        job_field(".".join(map(str, others[0].at.route[-2:])))
        if layer == "asset" and home == "job"
        else None
    )
    if override is not None:
        at = job.field(*override)
        title = f"Set {at.name} to {quoted(value)}, as {first.at.name}"
        yield fix(title, add(at.document, at.route, value), is_safe=False, layer=of_lead)
    changes = (_set(word, value) for word in others)
    title = f"Set {names} to {quoted(value)}, as {first.at.name}"
    yield fix(title, *changes, is_safe=False, layer=of_strays)
    value = others[0].text
    if not is_lower and all(word.text == value for word in others) and override is None:
        title = f"Set {first.at.name} to {quoted(value)}, as {others[0].at.name}"
        yield fix(title, _set(first, value), is_safe=False, layer=of_lead)
    yield removal


def _layer(job: Job, word: Statement) -> FixLayer:
    document = word.at.document
    if document is job.config:
        return "job"
    return "asset" if job.asset is not None and document is job.asset.document else ""


def _is_scalar(word: Statement) -> bool:
    return type(word.at.value) in (str, int)


def _is_same_tag(word: Statement, other: Statement) -> bool:
    """Whether two fields are one tag in two spellings."""
    (*block, key), (*other_block, other_key) = word.at.route, other.at.route
    return block == other_block and folded_key(str(key)) == folded_key(str(other_key))


def _set(word: Statement, value: str) -> Edit | NotExact:
    """Another value for a field, which stays a number if it can."""
    is_number = type(word.at.value) is int and value.isascii() and value.isdecimal()
    return set_value(word.at.document, word.at.route, int(value) if is_number else value)

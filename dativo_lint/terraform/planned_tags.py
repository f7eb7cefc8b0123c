"""Planned tags: what the expressions of a resource come to, and where each tag comes from."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.terraform.planning import Bound, Planner, Spot, Way, pair
from dativo_lint.terraform.reach import Chain, names_of
from dativo_lint.terraform.tagging import TagBlock, Tagged
from dativo_lint.terraform.types import quoted
from dativo_lint.terraform.values import Value


class PlannedTags(Struct, frozen=True, eq=False):
    """The tags of a resource, or of one instance of it, such as `["a"]`, with unknown values.

    `doubt` says why there may be others. All are secret where a mapping of them `is_secret`, or a
    key. One that is not `certain` may not be made at all. `ways` are the expressions behind them.
    """

    entries: Mapping[str, Value]
    doubt: str = ""
    is_secret: bool = False
    certain: bool = True
    instance: str = ""
    ways: Mapping[str, Way] = {}


def planned_tags(tagged: Tagged, planner: Planner) -> tuple[PlannedTags, ...]:
    """The tags of a resource, evaluated; one for each instance where they differ.

    There are none where it would not be made at all.
    """
    arguments = tagged.resource.content.arguments
    is_made = planner.is_made(arguments, tagged.chain)
    if is_made is False:
        return ()
    if is_made is None:
        unsure = _planned(tagged, planner, {})
        doubt = unsure.doubt or "whether it is made at all is not known"
        return (replace(unsure, doubt=doubt, certain=False),)
    planned = []
    for name, written in names_of(arguments).items():
        instances = planner.instances(name, Spot(written, tagged.chain)) or {}
        for key, bound in instances.items():
            instance = f"[{key}]" if name == "count" else f"[{quoted(str(key))}]"
            planned.append(replace(_planned(tagged, planner, {name: bound}), instance=instance))
    if not planned:
        return (_planned(tagged, planner, {}),)
    first = planned[0]
    if all((it.entries, it.doubt) == (first.entries, first.doubt) for it in planned):
        return (replace(first, instance=""),)
    return tuple(planned)


def _planned(tagged: Tagged, planner: Planner, bound: Mapping[str, Bound]) -> PlannedTags:
    entries: dict[str, Value] = {}
    ways: dict[str, Way] = {}
    doubt, is_secret = "", False
    for site in (*tagged.defaults, *tagged.own):
        spot = Spot(site.written, site.chain, bound if site in tagged.own else {})
        value = planner.at(spot)
        if value.secret:
            is_secret = True
        elif isinstance(value.data, dict):
            entries.update(value.data)
            ways.update((key, (spot, (key,))) for key in value.data)
        elif not value.is_null:
            doubt = doubt or value.reason or "it is no map"
    for block in tagged.blocks:
        rounds = _rounds(block, tagged.chain, planner, bound)
        for names in rounds or ():
            if block.key is not None and block.value is not None:
                key = planner.at(Spot(block.key.written, tagged.chain, names))
                if key.secret:
                    is_secret = True
                elif isinstance(key.data, str):
                    spot = Spot(block.value.written, tagged.chain, names)
                    entries[key.data], ways[key.data] = planner.at(spot), (spot, ())
                else:
                    rounds = None
        doubt = doubt or ("its blocks are repeated" if rounds is None else "")
    # A tag that is null is none.
    entries = {key: it for key, it in entries.items() if not it.is_null}
    doubt = doubt or ("they are sensitive" if is_secret else "")
    return PlannedTags(entries, doubt, is_secret, ways=ways)


def _rounds(
    block: TagBlock, chain: Chain, planner: Planner, bound: Mapping[str, Bound]
) -> list[Mapping[str, Bound]] | None:
    """The names in each block that a dynamic one makes; None where they are not known."""
    rounds: list[Mapping[str, Bound]] = [bound]
    for name, written in block.iterators.items():
        inner: list[Mapping[str, Bound]] = []
        for names in rounds:
            spot = Spot(written, chain, names)
            elements = planner.rounds(spot)
            if elements is None:
                return None
            inner += [{**names, name: pair(spot, *element)} for element in elements]
        rounds = inner
    return rounds

"""Planned tags: what the expressions of a resource come to, and where each tag comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.terraform.planning import MOST_INSTANCES, Bound, Planner, Spot, Way, index, pair
from dativo_lint.terraform.reach import Chain, names_of
from dativo_lint.terraform.tagging import TagBlock, Tagged
from dativo_lint.terraform.values import Value


class PlannedTags(Struct, frozen=True, eq=False):
    """The tags of a resource, or of one instance of it, with unknown values.

    `doubt` says why there may be others. All are secret where a mapping of them `is_secret`, or a
    key. One that is not `certain` may not be made at all. `ways` are the expressions behind them.
    """

    address: str
    entries: Mapping[str, Value]
    doubt: str = ""
    is_secret: bool = False
    certain: bool = True
    ways: Mapping[str, Way] = {}


def planned_tags(tagged: Tagged, planner: Planner) -> tuple[PlannedTags, ...]:
    """The tags of a resource, evaluated, of each instance where they differ; none where it would
    not be made at all."""
    instances = [*_instances(tagged, planner, planner.expanded(tagged.chain))]
    if len(instances) > MOST_INSTANCES:
        instances = [*_instances(tagged, planner, [tagged.chain])]
    planned = [_planned(tagged, planner, *instance) for instance in instances]
    if len({(it.doubt, it.certain) for it in planned}) == 1:
        if all(it.entries == planned[0].entries for it in planned):
            return (replace(planned[0], address=tagged.address),)
    return tuple(planned)


_Instance: TypeAlias = tuple[Chain, str, Mapping[str, Bound]]
"""Where an instance of a resource is made, its index, and the names that it has."""


def _instances(tagged: Tagged, planner: Planner, chains: Iterable[Chain]) -> Iterator[_Instance]:
    arguments = tagged.resource.content.arguments
    for chain in chains:
        is_made = planner.is_made(arguments, chain)
        rounds = [
            (chain, index(key), {name: bound})
            for name, written in (names_of(arguments) if is_made else {}).items()
            for key, bound in (planner.instances(name, Spot(written, chain)) or {}).items()
        ]
        if is_made is not False:
            yield from rounds or [(chain, "", {})]


def _planned(
    tagged: Tagged, planner: Planner, chain: Chain, instance: str, bound: Mapping[str, Bound]
) -> PlannedTags:
    tagged = replace(tagged, chain=chain)
    entries: dict[str, Value] = {}
    ways: dict[str, Way] = {}
    doubt, is_secret = "", False
    for site in (*tagged.defaults, *tagged.own):
        around = bound if site in tagged.own else {}
        spot = Spot(site.written, chain[: len(site.chain)], around)
        value = planner.at(spot)
        if value.secret:
            is_secret = True
        elif isinstance(value.data, dict):
            entries.update(value.data)
            ways.update((key, (spot, (key,))) for key in value.data)
        elif value.data is not None:
            doubt = doubt or value.reason or "it is no map"
    for block in tagged.blocks:
        rounds = _rounds(block, chain, planner, bound)
        for names in rounds or ():
            if block.key is not None and block.value is not None:
                key = planner.at(Spot(block.key.written, chain, names))
                if key.secret:
                    is_secret = True
                elif isinstance(key.data, str):
                    spot = Spot(block.value.written, chain, names)
                    entries[key.data], ways[key.data] = planner.at(spot), (spot, ())
                else:
                    rounds = None
        doubt = doubt or ("its blocks are repeated" if rounds is None else "")
    # A tag that is null is none.
    entries = {key: it for key, it in entries.items() if it.data is not None}
    doubt = doubt or ("they are sensitive" if is_secret else "")
    certain = planner.is_made(tagged.resource.content.arguments, chain) is True
    doubt = doubt or ("" if certain else "whether it is made at all is not known")
    return PlannedTags(tagged.address + instance, entries, doubt, is_secret, certain, ways)


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

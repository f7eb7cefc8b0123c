"""Tagging: which resources of a Terraform module take tags; each module is looked into once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from dativo_lint.texts.document import ABSENT, Absent

if TYPE_CHECKING:
    from dativo_lint.subject.handover import Handover
    from dativo_lint.subject.taggable import TagKeeping
    from dativo_lint.terraform.calls import ModuleTree
    from dativo_lint.terraform.reach import Reach
    from dativo_lint.terraform.recipes import Recipe
    from dativo_lint.terraform.source import Written
    from dativo_lint.terraform.tagging import PlannedTags, Tagged
    from dativo_lint.terraform.values import Value


class TracedTags(Struct, frozen=True, eq=False):
    """A resource that takes tags, and what the expressions that give it some hang on.

    `sink` is the vendor that receives them: `aws` or `gcp`.
    """

    tagged: Tagged
    reach: Reach
    sink: str


_MOST_SHARED = 250
"""Answers that jobs share; so many are kept."""

Texts = tuple[tuple[str, str | Absent], ...]
"""Keys of tags with their texts."""


class _Traced(Struct, frozen=True, eq=False):
    """The resources of a tree that take tags.

    `made` makes their tags, where there is a way without evaluating, and tells None where that
    cannot be followed. `hangs_on` are the
    variables that have a part in their tags, and in whether they are made at all; None where not
    all of them could be found.
    """

    tree: ModuleTree
    resources: tuple[TracedTags, ...]
    made: Callable[[Handover], tuple[GivenTags, ...] | None] | None
    hangs_on: tuple[str, ...] | None


class Tagging(Struct, frozen=True, eq=False):
    """What modules say of tags; `taggable` tells where resources have them, and is asked late."""

    taggable: Callable[[], tuple[TagKeeping, ...]] = tuple
    _found: dict[str, _Traced] = field(default_factory=dict)
    _given: dict[tuple[Any, ...], tuple[GivenTags, ...]] = field(default_factory=dict)

    def resources(self, tree: ModuleTree) -> tuple[TracedTags, ...]:
        """The resources that take tags in a module and in those that it calls."""
        return self._traced(tree).resources

    def given(self, tree: ModuleTree, handover: Handover) -> tuple[GivenTags, ...]:
        """The tags that those resources would be given; jobs that hand over the same share them."""
        traced = self._traced(tree)
        made = traced.made
        quick = None if made is None else made(handover)
        if quick is not None:
            return quick
        if traced.hangs_on is None:
            return tuple(given_tags(traced.resources, handover))
        taken = tuple(handover.handed[name].taken for name in traced.hangs_on)
        key = traced, handover.epochs[-1], taken
        found = self._given.get(key)
        if found is None:
            found = tuple(given_tags(traced.resources, handover))
            if len(self._given) < _MOST_SHARED:
                self._given[key] = found
        return found

    def texts(
        self, resources: Iterable[GivenTags], sink: str
    ) -> Collection[tuple[str, Any]] | None:
        """Keys and texts of what the resources in a cloud are given together.

        None where there are no such resources, or where what they are given is not known.
        """
        here = [given for given in resources if given.traced.sink == sink]
        if not here or any(given.doubt for given in here):
            return None
        # Most resources of a module are given the same.
        apart = {id(given.texts): given.texts for given in here}
        return here[0].texts if len(apart) == 1 else set().union(*apart.values())

    def _traced(self, tree: ModuleTree) -> _Traced:
        found = self._found.get(tree.module.path)
        if found is None or found.tree is not tree:
            found = self._found[tree.module.path] = self._trace(tree)
        return found

    def _trace(self, tree: ModuleTree) -> _Traced:
        # Only jobs that name a module need it.
        from dativo_lint.subject.taggable import Routes
        from dativo_lint.terraform.reach import Tracer
        from dativo_lint.terraform.recipes import recipe_of
        from dativo_lint.terraform.tagging import tagged_resources

        tracer = Tracer()
        routes = Routes(self.taggable())
        resources = tuple(
            TracedTags(it, tracer.reach(*it.sites), routes.sink(it.resource.type))
            for it in tagged_resources(tree, routes)
        )
        made = (tracer.reach(*it.tagged.conditions) for it in resources)
        behind = {
            name for reach in (*(it.reach for it in resources), *made) for name in reach.variables
        }
        hangs_on = tuple(sorted(behind & tree.module.variables.keys()))
        recipe = recipe_of(it.tagged for it in resources)
        quick = None if recipe is None else _making(resources, recipe)
        return _Traced(tree, resources, quick, hangs_on if tracer.is_done else None)


class KnownModule(Struct, frozen=True, eq=False):
    """A module with those that it calls, and what knows which of their resources take tags."""

    tree: ModuleTree
    tagging: Tagging


class GivenTags(Struct, frozen=True, eq=False, dict=True):
    """The tags that a resource would be given with the values of one job, or of several.

    `texts` are the keys with their texts; `ABSENT` for one that is not known, or is none. Resources
    that are given the same may share them. `doubt` is that of the planned tags.
    """

    traced: TracedTags
    texts: Texts
    doubt: str
    _planned: PlannedTags | None = None

    @cached_property
    def planned(self) -> PlannedTags:
        """The tags as Terraform's values."""
        from dativo_lint.terraform.tagging import PlannedTags
        from dativo_lint.terraform.values import text

        return self._planned or PlannedTags({key: text(str(it)) for key, it in self.texts})


def _making(
    resources: Sequence[TracedTags], recipe: Recipe
) -> Callable[[Handover], tuple[GivenTags, ...] | None]:
    """What makes the tags of resources by their recipe; None where it cannot be followed."""
    from dativo_lint.subject.inputs import inputs_for  # few jobs name a module that is new

    needs, steps = recipe.needs, recipe.steps
    together = tuple(dict.fromkeys(taken for _, taken in recipe.resources))
    made_of = [(resources[number], together.index(taken)) for number, taken in recipe.resources]

    def made(handover: Handover) -> tuple[GivenTags, ...] | None:
        inputs = inputs_for(needs, handover)
        if inputs is None:
            return None
        maps = [step(inputs) for step in steps]
        texts = [_in_order([maps[it] for it in taken]) for taken in together]
        return tuple([GivenTags(resource, texts[at], "") for resource, at in made_of])

    return made


def _in_order(maps: Sequence[Mapping[str, str]]) -> Texts:
    """The entries of some maps, each in the order of its keys; of two with one key, the latter."""
    if len(maps) == 1:
        return tuple(sorted(maps[0].items()))
    entries = {key: text for it in maps for key, text in sorted(it.items())}
    return tuple(entries.items())


def module_words(given: GivenTags, key: str, handover: Handover) -> Iterator[Written]:
    """What the module says by itself on a tag that it gives: no word of the job is in it."""
    from dativo_lint.terraform.planning import Planner
    from dativo_lint.terraform.reach import Tracer
    from dativo_lint.terraform.tagging import said_of

    planner, tracer = Planner(handover.scope.variables, handover.epochs[-1]), Tracer()
    effective = given.planned.entries[key].data
    tagged, through = given.traced.tagged, given.traced.reach.through
    blocks = (it for it in tagged.blocks if it.key and planner.value(it.key).data == key)
    values = (it.value for it in blocks if it.value is not None)
    for site in (*values, *said_of(key, (*tagged.sites, *through))):
        reach = tracer.reach(site)
        handed = [handover.handed[name] for name in reach.variables]
        is_told = not any(it.supply or it.variable.sensitive for it in handed)
        if is_told and not reach.unsure and planner.value(site).data == effective:
            yield site.written


def may_have_words(resources: tuple[TracedTags, ...], handover: Handover) -> bool:
    """Whether `module_words` may find any on some tag, going by the names of what is given."""
    given, variables = handover.names, handover.module.variables
    return any(
        given.isdisjoint(names)
        and not any(name in variables and variables[name].sensitive for name in names)
        for names in _said_with(resources)
    )


@lru_cache(maxsize=256)
def _said_with(resources: tuple[TracedTags, ...]) -> frozenset[frozenset[str]]:
    """Of each expression that a module says some tag with, the variables behind it."""
    from dativo_lint.terraform.reach import Tracer
    from dativo_lint.terraform.tagging import said_of

    tracer = Tracer()
    found: set[frozenset[str]] = set()
    for traced in resources:
        values = (it.value for it in traced.tagged.blocks if it.value is not None)
        for site in (*values, *said_of(None, (*traced.tagged.sites, *traced.reach.through))):
            reach = tracer.reach(site)
            found.update(() if reach.unsure else (reach.variables,))
    return frozenset(found)


def given_tags(resources: Iterable[TracedTags], handover: Handover) -> Iterator[GivenTags]:
    """The tags of those resources that would be made."""
    from dativo_lint.terraform.planning import Planner
    from dativo_lint.terraform.tagging import planned_tags

    planner = Planner(handover.scope.variables, handover.epochs[-1])
    for traced in resources:
        planned = planned_tags(traced.tagged, planner)
        if planned is not None:
            texts = tuple((key, _text(value)) for key, value in planned.entries.items())
            yield GivenTags(traced, texts, planned.doubt, planned)


def _text(value: Value) -> str | Absent:
    if isinstance(value.data, str):
        return value.data
    is_scalar = value.is_known and not isinstance(value.data, (dict, tuple))
    return str(value) if is_scalar and value.data is not None else ABSENT

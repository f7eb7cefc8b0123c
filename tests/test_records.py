"""Records: whatever can be asked of them, they answer as dataclasses do."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dativo_lint import record_templates, records

Decorator = Callable[..., Any]


def classes(dataclass: Decorator, field: Decorator) -> dict[str, Any]:
    """The same classes, by either way of making them."""

    @dataclass(frozen=True, slots=True, order=True)
    class Point:
        """A point."""

        x: int
        y: int = 0
        name: int = 0

        kind: ClassVar[str] = "point"

        @property
        def total(self) -> int:
            return self.x + self.y

    @dataclass(slots=True)
    class Bag:
        items: list[int] = field(default_factory=list)
        hidden: dict[str, int] = field(default_factory=dict, repr=False, compare=False)
        own: list[int] = field(default_factory=list, init=False)

    @dataclass(frozen=True, eq=False)
    class Node:
        left: Any
        right: Any = None
        made: str = field(init=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "made", f"{self.left}-{self.right}")

    @dataclass(frozen=True)
    class Single:
        x: int

    @dataclass(frozen=True, slots=True)
    class Nothing:
        pass

    return {it.__name__: it for it in (Point, Bag, Node, Single, Nothing)}


OURS = classes(records.dataclass, records.field)
THEIRS = classes(dataclasses.dataclass, dataclasses.field)

calls = st.tuples(
    st.sampled_from(sorted(OURS)),
    st.lists(st.integers(0, 2), max_size=3),
    st.dictionaries(st.sampled_from(["x", "y", "name", "left", "items"]), st.integers(0, 2)),
)


def outcome(cls: Any, values: Any, named: Any) -> Any:
    try:
        return cls(*values, **named)
    except TypeError as error:
        return f"TypeError: {error}"


@given(calls, calls)
def test_records_are_made_compared_and_shown_as_dataclasses_are(first: Any, second: Any) -> None:
    ours = [outcome(OURS[name], values, named) for name, values, named in (first, second)]
    theirs = [outcome(THEIRS[name], values, named) for name, values, named in (first, second)]

    assert list(map(str, theirs)) == list(map(str, ours))
    assert (theirs[0] == theirs[1]) is (ours[0] == ours[1])
    if all(isinstance(it, OURS["Point"]) for it in ours):
        assert (theirs[0] < theirs[1], theirs[0] >= theirs[1]) == (
            ours[0] < ours[1],
            ours[0] >= ours[1],
        )
        assert (hash(theirs[0]) == hash(theirs[1])) is (hash(ours[0]) == hash(ours[1]))


def test_what_a_factory_makes_is_shared_by_no_two_records() -> None:
    first, second = OURS["Bag"](), OURS["Bag"]()
    first.items.append(1)
    first.own.append(2)

    assert ([], []) == (second.items, second.own)
    with pytest.raises(TypeError):
        hash(first)


def test_a_record_of_slots_takes_no_other_attribute() -> None:
    with pytest.raises(AttributeError):
        OURS["Point"](1).z = 2


def test_a_replaced_record_differs_in_what_was_named_and_has_its_class() -> None:
    point = OURS["Point"](1, 2, 3)

    assert OURS["Point"](1, 5, 3) == records.replace(point, y=5)
    assert OURS["Point"](1, 5, 3) == dataclasses.replace(point, y=5)
    with pytest.raises(TypeError):
        records.replace(point, z=1)


@pytest.mark.parametrize("name", ["Point", "Bag", "Single"])
def test_dataclasses_takes_a_record_for_its_own(name: str) -> None:
    ours, theirs = OURS[name](1), THEIRS[name](1)

    assert dataclasses.is_dataclass(ours)
    assert dataclasses.asdict(theirs) == dataclasses.asdict(ours)
    assert [it.name for it in dataclasses.fields(theirs)] == [
        it.name for it in dataclasses.fields(ours)
    ]


def test_a_record_matches_its_pattern_and_can_be_copied() -> None:
    point = OURS["Point"](1, 2, 3)

    assert ("x", "y", "name") == point.__match_args__
    assert point == copy.copy(point) == copy.deepcopy(point)
    assert ("point", 3) == (point.kind, point.total)


@records.dataclass(frozen=True, slots=True)
class Sent:
    """What another process may be sent."""

    value: int
    other: str = ""


def test_a_record_can_be_sent_to_another_process() -> None:
    assert Sent(3, "x") == pickle.loads(pickle.dumps(Sent(3, "x")))


def pair_of(base: Any) -> Any:
    """A named tuple, by either way of making it."""

    class Pair(base):  # type: ignore[misc]
        """Two things and a third."""

        first: int
        second: Any = 2
        third: Any = ()

        kind = "pair"

        @property
        def total(self) -> int:
            return self.first + 1

    class Lone(base):  # type: ignore[misc]
        only: int

        def __repr__(self) -> str:
            return "lone"

    return {"Pair": Pair, "Lone": Lone}


OUR_TUPLES = pair_of(records.NamedTuple)
THEIR_TUPLES = pair_of(NamedTuple)

tuple_calls = st.tuples(
    st.sampled_from(sorted(OUR_TUPLES)),
    st.lists(st.integers(0, 2), max_size=4),
    st.dictionaries(st.sampled_from(["first", "second", "only", "x"]), st.integers(0, 2)),
)


@given(tuple_calls, tuple_calls)
def test_named_tuples_answer_as_those_of_typing_do(first: Any, second: Any) -> None:
    def told(classes: Any) -> list[Any]:
        made = [outcome(classes[name], values, named) for name, values, named in (first, second)]
        told: list[Any] = [it if isinstance(it, str) else (repr(it), tuple(it)) for it in made]
        if any(isinstance(it, str) for it in made):
            return told
        one, other = made
        told += [
            one == other,
            outcome(lambda: one < other, (), {}),
            hash(one),
            one == tuple(one),
            len(one),
        ]
        told += [one._asdict(), repr(one._replace(**{one._fields[0]: 7})), one._fields]
        told += [one._field_defaults, one.__match_args__, copy.deepcopy(one), tuple(one._make(one))]
        told += [[getattr(one, name) for name in one._fields], one.__class__.__name__]
        return told

    assert told(THEIR_TUPLES) == told(OUR_TUPLES)


def test_a_named_tuple_has_no_room_for_more_and_refuses_what_it_has_not() -> None:
    pair = OUR_TUPLES["Pair"](1)
    with pytest.raises(AttributeError):
        pair.first = 2
    with pytest.raises(AttributeError):
        pair.more = 2
    with pytest.raises(ValueError, match="more"):
        pair._replace(more=2)
    with pytest.raises(TypeError, match="3 arguments"):
        pair._make([1])


class Kept(records.NamedTuple):
    """At the top of a module, where pickle finds it."""

    first: int
    second: str = "b"


def test_a_named_tuple_survives_pickling() -> None:
    assert Kept(1) == pickle.loads(pickle.dumps(Kept(1)))
    assert Kept is type(pickle.loads(pickle.dumps(Kept(1))))


def test_what_lies_ready_for_records_is_what_would_be_compiled() -> None:
    for ready, compiled in (
        (record_templates.FILLS, records.compiled_fill),
        (record_templates.NEWS, records.compiled_new),
    ):
        for count, function in ready.items():
            code, expected = function.__code__, compiled(count).__code__
            for part in ("co_code", "co_names", "co_varnames", "co_argcount", "co_consts"):
                assert getattr(expected, part) == getattr(code, part)


def test_a_cached_property_is_worked_out_once_and_can_be_set_and_forgotten() -> None:
    asked = []

    @records.dataclass(frozen=True, eq=False)
    class Circle:
        radius: int

        @records.cached_property
        def area(self) -> int:
            """What lies within."""
            asked.append(self.radius)
            return 3 * self.radius**2

    one = Circle(2)
    assert (12, 12, [2]) == (one.area, one.area, asked)
    del one.__dict__["area"]
    assert (12, [2, 2]) == (one.area, asked)
    assert "What lies within." == Circle.area.__doc__

"""Tracked folders: what was recorded holds until the folder would answer otherwise."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from memory_folder import MemoryFolder

from dativo_lint.documents.document import Limits
from dativo_lint.documents.tracked_folder import Dependencies, TrackedFolder

PATHS = ("a.yaml", "b/c.yaml", "b/d/e.yaml", "b", "b/d", ".", "../x", "nowhere.yaml")
ASKED = ("read", "kind", "names", "is_outside")
FILES = st.dictionaries(
    st.sampled_from(["a.yaml", "b/c.yaml", "b/d/e.yaml", "b", "f.yaml"]),
    st.sampled_from([b"", b"x: 1\n", b"x: 2\n", b"long: 12345\n"]),
)


def ask(folder: MemoryFolder | TrackedFolder, what: str, path: str, most: int) -> object:
    if what == "read":
        return folder.read(path, Limits(file_bytes=most))
    return getattr(folder, what)(path)


@given(
    before=FILES,
    after=FILES,
    questions=st.lists(
        st.tuples(st.sampled_from(ASKED), st.sampled_from(PATHS), st.sampled_from([5, 100])),
        max_size=6,
    ),
)
def test_dependencies_hold_exactly_where_all_answers_are_the_same(
    before: dict[str, bytes], after: dict[str, bytes], questions: list[tuple[str, str, int]]
) -> None:
    old, new = MemoryFolder(before), MemoryFolder(after)
    tracked = TrackedFolder(old)
    with tracked.recording() as dependencies:
        answers = [ask(tracked, *question) for question in questions]
    packed = msgspec.msgpack.encode(dependencies)
    unpacked = msgspec.msgpack.decode(packed, type=Dependencies)

    assert [ask(old, *question) for question in questions] == answers
    assert dependencies == unpacked
    assert unpacked.holds(TrackedFolder(old))
    is_same = answers == [ask(new, *question) for question in questions]
    assert is_same is unpacked.holds(TrackedFolder(new))


def test_recordings_may_be_nested_and_what_is_kept_may_be_noted_again() -> None:
    tracked = TrackedFolder(MemoryFolder({"a.yaml": "a: 1\n", "b.yaml": "b: 1\n"}))
    with tracked.recording() as outer:
        tracked.read("a.yaml", Limits())
        with tracked.recording() as inner:
            tracked.read("b.yaml", Limits())
    with tracked.recording() as later:
        tracked.add(inner)
    tracked.read("c.yaml", Limits())

    assert ("a.yaml", "b.yaml") == outer.files()
    assert ("b.yaml",) == inner.files()
    assert later == inner


def test_a_recording_ends_with_what_went_wrong_in_it() -> None:
    tracked = TrackedFolder(MemoryFolder({}))
    with pytest.raises(KeyError), tracked.recording() as dependencies:
        raise KeyError
    tracked.read("a.yaml", Limits())

    assert () == dependencies.files()


def test_what_many_depend_on_is_asked_once() -> None:
    asked: list[str] = []

    class Counting(MemoryFolder, frozen=True):
        def read(self, path: str, limits: Limits) -> bytes:
            asked.append(path)
            return b""

    tracked = TrackedFolder(Counting({}))
    with tracked.recording() as dependencies:
        tracked.read("a.yaml", Limits())
    later = TrackedFolder(Counting({}))

    assert all(dependencies.holds(later) for _ in range(3))
    assert ["a.yaml", "a.yaml"] == asked

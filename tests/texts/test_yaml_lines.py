"""What is read line by line is read as PyYAML reads it, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from line_texts import REAL, bracketed, fitting, made, mangled
from yaml_texts import texts

from dativo_lint.texts import yaml_line
from dativo_lint.texts.comments import comments
from dativo_lint.texts.document import ABSENT, Document, Limits, Reading
from dativo_lint.texts.source import Source
from dativo_lint.texts.words import is_literal
from dativo_lint.texts.yaml_lines import line_values
from dativo_lint.texts.yaml_parsed import parsed
from dativo_lint.texts.yaml_reader import read_yaml

LIMITS = Limits()


def alike(one: Any, other: Any) -> bool:
    """Equal, of equal classes, in an equal order."""
    return repr(one) == repr(other)


def routes(data: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield above
    yield (*above, "absent")
    steps = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    for step, value in steps:
        yield from routes(value, (*above, step))


def places(document: Document) -> list[Any]:
    """All that a document tells of its places, in an order that shows which came first."""
    return [
        (
            route,
            document.place(route),
            document.key_place(route),
            None if isinstance(document.value(route), (dict, list)) else document.raw(route),
            document.block_lines(route),
        )
        for route in routes(document.data)
    ]


def plain_scalars(document: Document) -> Iterator[tuple[str, Any]]:
    for route in routes(document.data):
        raw, value = document.raw(route), document.value(route)
        is_scalar = value is not ABSENT and not isinstance(value, (dict, list))
        if is_scalar and raw and raw[0] not in "\"'":
            yield raw, value


def loaded(text: str, loader: Any) -> Any:
    return yaml.load(text, loader)


def hold(text: str) -> bool:
    """Hold the reading by lines against the others; whether the text can be read by lines."""
    values = line_values(text, LIMITS)
    if values is None:
        return False
    (data,) = values.data
    assert alike(loaded(text, yaml.SafeLoader), data)
    assert alike(loaded(text, yaml.CSafeLoader), data)
    quick = read_yaml("job.yaml", text.encode())
    slow: Reading = parsed(Source("job.yaml", quick.text, LIMITS), quick.text)
    assert ((), ()) == (slow.faults, quick.faults)
    (one,), (other,) = quick.documents, slow.documents
    assert one.by_lines is not None, "it was read by other means"
    assert alike(other.data, one.data)
    assert one.is_literal or not other.is_literal
    if one.is_literal:
        assert all(is_literal(*it) for it in plain_scalars(one))
    assert places(other) == places(one)
    for route in list(routes(data))[:60]:
        # Asked first of a document that was asked for nothing else.
        (anew,) = read_yaml("job.yaml", text.encode()).documents
        assert other.place(route) == anew.place(route)
    assert other.last_lines() == one.last_lines()
    assert comments(slow) == comments(quick)
    assert len(one.marks) == len(list(one.marks))
    return True


@given(made())
def test_lines_that_are_indented_at_random_are_read_alike(text: str) -> None:
    hold(text)


@given(fitting())
def test_lines_that_mostly_fit_together_are_read_alike(text: str) -> None:
    hold(text)


@given(bracketed())
def test_what_stands_in_brackets_on_one_line_is_read_alike(text: str) -> None:
    hold(text)


@given(mangled())
def test_real_files_with_a_few_changes_are_read_alike(text: str) -> None:
    hold(text)


@given(texts())
@example("a:\n- b&\n")
@example("a:\n- b\nc: d  # why>#\n")
def test_texts_of_any_kind_are_read_alike(text: str) -> None:
    hold(text)


@pytest.mark.parametrize("text", REAL[:14])
def test_what_people_write_is_read_line_by_line(text: str) -> None:
    assert hold(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "\n", "# a\n", "- a\n", "a\n", "  a: 1\n", "--- \na: 1\n", "a: 1\n...\n"),
        *("a: 1\n---\nb: 2\n"),
        *("a: 1\na: 2\n", "a:\n  b: 1\n c: 2\n", "a: b\n  c: d\n", "a: b\n  c\n"),
        *("a: 'b\n  c'\n", "a: |\n  b\n"),
        *("a: &x b\nc: *x\n", "a: !!str 1\n", "<<: {a: 1}\n", "on: 1\n", "1: a\n"),
        *("? a\n: b\n", "a: b: c\n"),
        *("a:\tb\n", "a: b\r\n", "\ufeffa: b\n", "a: b\x85", "a: [b\n  ]\n", "- - a\n"),
        *("a: - b\n", "a: [b, [c]]\n"),
        *("a: 2024-99-99\n", "a: [b, c: d]\n", f"{'k' * 1100}: a\n", "a: [*b]\n", 'a: "b\\n"\n'),
        *("a: 'b''c'\n", "a: {b: {c: d}\n", "a: {b: {c: '{d: e}'}\n", "a: {b: c} }\n"),
        *("a: {b: c,}\n", "a: {b: c d: e}\n"),
        "\n".join(f"{' ' * depth}k:" for depth in range(60)),
    ],
)  # fmt: skip
def test_whatever_is_more_than_its_lines_is_left_to_others(text: str) -> None:
    assert line_values(text, LIMITS) is None


@given(
    made(),
    st.builds(
        Limits,
        nesting=st.integers(0, 9),
        expanded_nodes=st.sampled_from((0, 5, 50, 1_000)),
        documents=st.integers(0, 2),
    ),
)
@example("a: {b: {c: [d]}}\n", Limits(nesting=3))
@example("a:\n  b: {c: {d: [e]}}\n", Limits(nesting=4))
@example("a:\n  - b: {c: {d: [e]}}\n", Limits(nesting=5))
def test_nothing_that_is_over_a_limit_is_read_line_by_line(text: str, limits: Limits) -> None:
    if line_values(text, limits) is not None:
        assert () == parsed(Source("job.yaml", text, limits), text).faults


@given(made(), st.integers(0, 60))
def test_a_limit_on_nodes_is_held_to_the_node(text: str, most: int) -> None:
    if line_values(text, LIMITS) is not None:
        limits = Limits(expanded_nodes=most)
        is_read = line_values(text, limits) is not None
        assert is_read is not parsed(Source("job.yaml", text, limits), text).is_broken


def test_what_is_remembered_of_lines_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_line, "_MOST_REMEMBERED", 10)
    lines = yaml_line.Remembered()
    for number in range(100):
        assert lines[f"a{number}: b"] == (0, 0, f"a{number}", "b", 0)
        assert len(lines) <= 10
    before = len(lines)

    assert lines["a: " + "b" * 500] == (0, 0, "a", "b" * 500, 0)
    assert len(lines) == before


def test_documents_share_nothing_that_can_be_changed() -> None:
    text = "a: [b]\nc: {}\nd:\n  - [b]\ne: {f: {g: [h]}}\n"
    (one,), (other,) = (line_values(text, LIMITS).data for _ in range(2))  # type: ignore[union-attr]

    assert one == other
    assert one["a"] is not other["a"]
    assert one["a"] is not one["d"][0]
    assert one["c"] is not other["c"]
    assert one["e"]["f"] is not other["e"]["f"]
    assert one["e"]["f"]["g"] is not other["e"]["f"]["g"]

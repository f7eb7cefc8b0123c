"""Values of YAML: the same as PyYAML's safe loader gives, or refused by both."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from yaml_texts import NASTY, dumped, encoded, spans, texts, values

from dativo_lint.texts import yaml_events, yaml_reader, yaml_values
from dativo_lint.texts.document import FaultKind, Limits, Reading
from dativo_lint.texts.source import OddKeys, Source
from dativo_lint.texts.yaml_construct import read_unusual
from dativo_lint.texts.yaml_plain import Unusual, read_plain
from dativo_lint.texts.yaml_reader import read_yaml


def platform(content: bytes) -> list[Any] | None:
    """What the platform's loader makes of a file; None where it refuses it."""
    try:
        return list(yaml.safe_load_all(content))
    except Exception:  # noqa: BLE001 - it raises what comes: KeyError, IndexError, RecursionError
        return None


def nothing(_text: str, _limits: Limits) -> None:
    """What the reader of lines says to whatever it leaves to others."""


def is_excused(reading: Reading, content: bytes, loaded: list[Any]) -> bool:
    """Whether we refuse for one of the few reasons that the safe loader does not have."""
    fault = next(fault for fault in reading.faults if fault.kind.is_fatal)
    if fault.kind is FaultKind.EMPTY:
        return not loaded
    if fault.kind is FaultKind.ALIAS:
        has_no_end = any(sign in repr(loaded) for sign in ("[...]", "{...}"))
        return has_no_end and "stands inside" in fault.message
    if fault.kind is FaultKind.CHARACTER:
        has_half = any("\ud800" <= sign <= "\udfff" for sign in "".join(map(_strings, loaded)))
        return has_half or content.startswith("\ufeff\ufeff".encode())
    return False


def _strings(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "".join(map(_strings, [*value, *value.values()]))
    return "".join(map(_strings, value)) if isinstance(value, (list, tuple, set)) else ""


def assert_as_platform(content: bytes) -> None:
    loaded = platform(content)
    reading = read_yaml("job.yaml", content)
    if loaded is None:
        assert reading.is_broken
    elif reading.is_broken:
        assert is_excused(reading, content, loaded), reading.faults
    else:
        assert repr(loaded) == repr(values(reading))


@given(texts())
def test_values_and_types_are_those_of_the_safe_loader_or_both_refuse(text: str) -> None:
    assert_as_platform(encoded(text))


@pytest.mark.parametrize("text", NASTY)
def test_nasty_texts_are_read_as_the_safe_loader_reads_them(text: str) -> None:
    assert_as_platform(encoded(text))


@given(dumped())
def test_what_pyyaml_writes_is_not_refused(text: str) -> None:
    reading = read_yaml("job.yaml", encoded(text))

    assert [] == [fault for fault in reading.faults if fault.kind.is_fatal]


@given(st.binary(max_size=60))
@example(b"\xff\xfe\x00\x00a\x00\x00\x00")
@example(b"\xff\xfea\x00:\x00 \x00\x00\xd8")
@example(b"a: \xed\xa0\x80")
def test_no_bytes_raise(content: bytes) -> None:
    assert_as_platform(content)


@given(texts())
def test_the_parser_written_in_python_gives_the_same(text: str) -> None:
    content = encoded(text)
    reading = read_yaml("job.yaml", content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_reader, "line_values", nothing)
        patch.setattr(yaml_events, "LIBYAML", None)
        patch.setattr(yaml_values, "CParser", None)
        again = read_yaml("job.yaml", content)

    assert repr(values(reading)) == repr(values(again))
    assert reading.is_broken == again.is_broken
    assert _start_lines(reading) == _start_lines(again)


@given(st.one_of(texts(), dumped()))
@example("a: {b: [1, 'x'], c:}\nd: on\n")
@example("a: 1\n---\nb: [{c: d}]")
@example("a: 1\na: 2\n")
@example("a:\n- |\n  b\n")
def test_values_read_alone_have_the_marks_that_are_read_with_them(text: str) -> None:
    content = encoded(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_reader, "line_values", nothing)
        alone = read_yaml("job.yaml", content)
        patch.setattr(yaml_values, "CParser", None)
        with_marks = read_yaml("job.yaml", content)

    assert repr(values(with_marks)) == repr(values(alone))
    assert with_marks.faults == alone.faults
    assert spans(with_marks) == spans(alone)


@pytest.mark.parametrize("levels", [600, 3_000, 100_000])
@pytest.mark.parametrize("level", ["[", "{a: ", "- ", "? ", "- ? "])
def test_no_text_is_composed_that_could_exhaust_the_stack(
    level: str, levels: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_values, "_Composer", None)
    text = f"a:\n  {level * levels}\n{'# more' * 1_000}\n"

    assert yaml_values.usual_values(text, Limits()) is None


def _start_lines(reading: Reading) -> list[tuple[bool, str, int]]:
    return [(is_key, value, start) for is_key, value, start, _ in spans(reading)]


@given(dumped())
def test_plain_documents_are_the_same_by_way_of_the_constructor(text: str) -> None:
    plain, unusual = _read_by(read_plain, text), _read_by(read_unusual, text)

    assert plain is None or plain == unusual


def _read_by(read: Any, text: str) -> tuple[str, Any] | None:
    source = Source("job.yaml", text, Limits())
    next_event = yaml_events.events(text, exact=False)
    while next_event().__class__ is not yaml.DocumentStartEvent:
        pass
    try:
        document = read(next_event, source, 0, OddKeys(source))
    except Unusual:
        return None
    return repr(document.data), spans(Reading("job.yaml", text, (document,)))


@pytest.mark.parametrize(
    "text",
    ["a: &x {b: 1}\nc: *x\n", "a: &x [1]\nb: [*x, *x]\n", "a: &x {b: 1}\nc: [*x]\nd: {<<: *x}\n"],
)
def test_an_alias_is_the_same_object_as_its_anchor(text: str) -> None:
    ours, theirs = values(read_yaml("job.yaml", text.encode()))[0], yaml.safe_load(text)

    def shared(data: Any) -> list[list[bool]]:
        found = [it for value in data.values() for it in (value, *value) if not isinstance(it, str)]
        return [[left is right for right in found] for left in found]

    assert shared(theirs) == shared(ours)

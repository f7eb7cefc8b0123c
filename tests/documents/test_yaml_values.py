"""Values of YAML: the same as PyYAML's safe loader gives, or refused by both."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from line_texts import bracketed, fitting, made, mangled
from yaml_texts import NASTY, dumped, encoded, texts, values, without_libyaml, written

from dativo_lint.documents import yaml_compose, yaml_reader
from dativo_lint.documents.comments import comments
from dativo_lint.documents.document import FaultKind, Limits, Reading
from dativo_lint.documents.yaml_reader import read_yaml
from dativo_lint.documents.yaml_values import NUMBER_STARTS, WORDS, NotAValue, Unusual, plain


def platform(content: bytes) -> list[Any] | None:
    """What the platform's loader makes of a file; None where it refuses it."""
    try:
        return list(yaml.safe_load_all(content))
    except Exception:  # noqa: BLE001 - it raises what comes: KeyError, IndexError, RecursionError
        return None


def is_excused(reading: Reading, content: bytes, loaded: list[Any]) -> bool:
    """Whether we refuse for one of the few reasons that the safe loader does not have."""
    fault = next(fault for fault in reading.faults if fault.kind.is_fatal)
    if fault.kind is FaultKind.EMPTY:
        return not loaded
    if fault.kind is FaultKind.ALIAS:
        has_no_end = any(sign in repr(loaded) for sign in ("[...]", "{...}"))
        return has_no_end and "inside its own anchor" in fault.message
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


LINES = st.one_of(made(), fitting(), bracketed(), mangled())


@given(st.one_of(texts(), dumped(), LINES))
@example("a: {b: [1, 'x'], c:}\nd: on\n")
@example("a: 1\n---\nb: [{c: d}]")
@example("a: 1\na: 2\n")
@example("a:\n- |\n  b\n")
@example("a:\n- b&\n")
@example("a:\n- b\nc: d  # why>#\n")
@example("a: {b: {c: [d]}}\n: x\n")
def test_each_way_to_the_nodes_gives_the_same(text: str) -> None:
    """By libyaml's composer, by its events, by PyYAML's own parser, and by its constructor."""
    content = encoded(text)
    reading = read_yaml("job.yaml", content)
    expected = told(reading)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_reader, "compose_quickly", nothing)
        assert expected == told(read_yaml("job.yaml", content))
        patch.setattr(yaml_reader.PlainData, "of", always_unusual)
        constructed = read_yaml("job.yaml", content)
    assert repr(values(reading)) == repr(values(constructed))
    if not reading.faults:
        assert expected == told(constructed)
    with pytest.MonkeyPatch.context() as patch:
        without_libyaml(patch)
        again = read_yaml("job.yaml", content)
    assert repr(values(reading)) == repr(values(again))
    assert reading.is_broken == again.is_broken


def nothing(*_: object) -> None:
    """What a way to the nodes says to whatever it leaves to others."""


def always_unusual(*_: object) -> None:
    raise Unusual


def told(reading: Reading) -> list[Any]:
    """All that a reading tells: faults, values, places and comments."""
    placed = [
        (is_key, repr(value), node.start, reading.text[node.start : node.end])
        for document in reading.documents
        for is_key, value, node in written(document)
    ]
    lines = [document.last_lines() for document in reading.documents]
    return [reading.faults, repr(values(reading)), placed, lines, comments(reading)]


@given(LINES)
def test_lines_of_any_kind_are_read_as_the_safe_loader_reads_them(text: str) -> None:
    assert_as_platform(encoded(text))


@given(
    st.one_of(made(), fitting()),
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
def test_limits_hold_whichever_way_a_text_is_read(text: str, limits: Limits) -> None:
    content = encoded(text)
    reading = read_yaml("job.yaml", content, limits)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_reader, "compose_quickly", nothing)
        assert told(read_yaml("job.yaml", content, limits)) == told(reading)


@pytest.mark.parametrize("levels", [600, 3_000, 100_000])
@pytest.mark.parametrize("level", ["[", "{a: ", "- ", "? ", "- ? "])
def test_no_text_is_composed_that_could_exhaust_the_stack(
    level: str, levels: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_compose, "_CComposer", None)
    text = f"a:\n  {level * levels}\n{'# more' * 1_000}\n"

    assert yaml_compose.compose_quickly(text, Limits()) is None


def test_as_deep_a_text_as_is_composed_does_not_exhaust_the_stack_of_a_thread() -> None:
    text = "\n".join(" " * at + "? - a" for at in range(490)) + "[" * 300
    before = threading.stack_size(512 * 1024)
    try:
        thread = threading.Thread(target=yaml_compose.compose_quickly, args=(text, Limits()))
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)


NUMERIC = st.text(alphabet="0123456789+-._:eExXbonTtzZ aAfF", max_size=16)
TIMES = st.from_regex(
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ][0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]{0,7})?"
    r"( ?(Z|[-+][0-9]{1,2}(:[0-9]{2})?))?)?",
    fullmatch=True,
)
WORD_LIKE = st.text(alphabet="yYeEsSnNoOfFtTrRuUaAlL~", max_size=5)


@given(st.one_of(NUMERIC, TIMES, WORD_LIKE, st.sampled_from(["1_", "0x", "0b", "0_", "1:60"])))
def test_a_plain_scalar_is_what_pyyaml_makes_of_it(spelled: str) -> None:
    loader = yaml.SafeLoader("")
    tag = loader.resolve(yaml.ScalarNode, spelled, (True, False))
    try:
        expected = repr(loader.construct_object(yaml.ScalarNode(tag, spelled)))
    except Exception:  # noqa: BLE001 - it raises what comes
        expected = "refused"
    try:
        assert expected == repr(plain(spelled))
    except NotAValue:
        assert expected == "refused"


def test_no_first_character_but_those_known_leads_to_a_value() -> None:
    starts = {start or "" for start in yaml.SafeLoader.yaml_implicit_resolvers}

    assert starts == NUMBER_STARTS | {word[:1] for word in WORDS} | set("!&*")


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

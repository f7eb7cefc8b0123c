"""The index of the built-in rules: what it tells is what their files tell, or it is passed over."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from dativo_lint.rulebook import index

TEXTS = index.rule_texts()
SOME = "finops/missing-cost-center.yaml"


def told(texts: dict[str, bytes], module: str = index.RULES) -> str:
    """What an index tells of texts, to the type of every value."""
    return repr(index.indexed(texts, module))


def read_as_yaml(texts: dict[str, bytes]) -> str:
    """The same without any index."""
    return repr({path: index.parts_of(path, text) for path, text in texts.items()})


def test_the_index_tells_every_rule_as_its_yaml_does() -> None:
    assert read_as_yaml(TEXTS) == told(TEXTS)


def test_an_index_that_is_in_force_spares_the_reading_of_yaml(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(index, "parts_of")
    assert set(TEXTS) == set(index.indexed(TEXTS, index.RULES))
    assert 1 == len(index.indexed(index.taggable_texts(), index.TAGGABLE))


def test_an_edited_rule_and_a_new_one_are_read_at_once() -> None:
    edited = TEXTS[SOME].replace(b"severity: error", b"severity: note")
    texts = {**TEXTS, SOME: edited, "finops/new.yaml": b"id: new"}

    found = index.indexed(texts, index.RULES)

    assert "note" == found[SOME]["severity"]
    assert {"id": "new"} == found["finops/new.yaml"]
    assert read_as_yaml(texts) == told(texts)


def test_a_rule_that_is_gone_is_told_no_more() -> None:
    left = {path: text for path, text in TEXTS.items() if path != SOME}
    assert set(left) == set(index.indexed(left, index.RULES))


@pytest.mark.parametrize("content", [None, b"", b"INDEX = {", b"\xff"])
def test_without_a_sound_index_the_rules_are_read_as_yaml(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "some_index", raising=False)
    if content is not None:
        (tmp_path / "some_index.py").write_bytes(content)
    some = {SOME: TEXTS[SOME]}
    assert read_as_yaml(some) == told(some, "some_index")

"""The index of the built-in rules: what is in it is what their files say, or it is not used."""

from __future__ import annotations

from pathlib import Path

import pytest

from dativo_lint.checks import check
from dativo_lint.rulebook import index
from dativo_lint.rulebook.index import (
    APPLIES_TO,
    INDEX,
    TAGGABLE,
    builtin_texts,
    indexed,
    read_as_yaml,
)

TEXTS = builtin_texts()
SOME = "finops/missing-cost-center.yaml"


def test_the_index_has_every_file_as_its_yaml_has_it_to_the_type_of_each_value() -> None:
    files = {path: dict(data) for path, data in indexed(TEXTS, INDEX).items()}
    targets = {path: files[path].pop(APPLIES_TO, None) for path in files}
    assert repr(read_as_yaml(TEXTS)) == repr(files)
    del targets[TAGGABLE]
    assert targets == {path: [*check(files[path]["check"]).APPLIES_TO] for path in targets}


def test_an_index_that_is_current_spares_the_reading_of_yaml(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(index, "read_as_yaml")
    assert set(TEXTS) == set(indexed(TEXTS, INDEX))
    assert TAGGABLE in indexed(TEXTS, INDEX)


def test_a_rule_that_is_edited_or_new_or_gone_counts_at_once() -> None:
    edited = {**TEXTS, SOME: TEXTS[SOME].replace(b"severity: error", b"severity: note")}
    assert "note" == indexed(edited, INDEX)[SOME]["severity"]
    assert {"id": "new"} == indexed({**TEXTS, "a/new.yaml": b"id: new"}, INDEX)["a/new.yaml"]
    gone = {path: text for path, text in TEXTS.items() if path != SOME}
    assert set(gone) == set(indexed(gone, INDEX))


@pytest.mark.parametrize("content", [None, b"", b"{", b"\xff", b"{}", b'{"digest": 1}'])
def test_without_a_sound_index_the_rules_are_read_as_yaml(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "index.json"
    if content is not None:
        file.write_bytes(content)
    some = {SOME: TEXTS[SOME]}
    assert read_as_yaml(some) == indexed(some, file)

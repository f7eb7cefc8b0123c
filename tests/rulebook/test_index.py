"""The index of the built-in rules: what is in it is what their files say, or it is not used."""

from __future__ import annotations

from pathlib import Path

import pytest

from dativo_lint.checks import check
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
    files = {path: dict(data) for path, data in (indexed(TEXTS, INDEX) or {}).items()}
    targets = {path: files[path].pop(APPLIES_TO, None) for path in files}
    assert repr(read_as_yaml(TEXTS)) == repr(files)
    del targets[TAGGABLE]
    assert targets == {path: [*check(files[path]["check"]).APPLIES_TO] for path in targets}


def test_an_index_counts_only_for_the_files_that_it_was_made_from() -> None:
    assert set(TEXTS) == set(indexed(TEXTS, INDEX) or {})
    edited = {**TEXTS, SOME: TEXTS[SOME].replace(b"severity: error", b"severity: note")}
    gone = {path: text for path, text in TEXTS.items() if path != SOME}
    for texts in (edited, gone, {**TEXTS, "a/new.yaml": b"id: new"}):
        assert indexed(texts, INDEX) is None


@pytest.mark.parametrize("content", [None, b"", b"{", b"\xff", b"{}", b'{"digest": 1}'])
def test_an_index_that_cannot_be_read_counts_for_nothing(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "index.json"
    if content is not None:
        file.write_bytes(content)
    assert indexed(TEXTS, file) is None

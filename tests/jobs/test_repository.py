"""A repository tells lines of files of any encoding and any line ends."""

from __future__ import annotations

import pytest
from memory_folder import MemoryFolder

from dativo_lint.documents.place import Place
from dativo_lint.jobs.repository import Repository


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
def test_a_line_is_told_without_its_end(line_end: str, encoding: str) -> None:
    content = line_end.join(["a: 1", "# \u00e9\u0085", "b: 2"]).encode(encoding)
    repository = Repository(MemoryFolder({"a.yaml": content}))
    lines = [repository.line_at(Place("a.yaml", line, 1, line, 1, "")) for line in (1, 2, 3, 4)]
    assert lines == ["a: 1", "# \u00e9\u0085", "b: 2", ""]

"""What a library tells of lines without reading YAML is what it tells with it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dativo_lint.subject.library import Library
from dativo_lint.texts.folder import MemoryFolder
from dativo_lint.texts.place import Place

PIECES = ("a: 1", "# x", "\n", "\r\n", "\r", "\\", "é", "\ufeff", "\x00", "\x85", "- b", " ", "\t")
texts = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
encodings = st.sampled_from(["utf-8", "utf-16", "utf-8-sig", "latin-1"])


@given(texts, encodings, st.integers(1, 6))
def test_a_plain_line_is_the_line(text: str, encoding: str, line: int) -> None:
    content = text.encode(encoding, "replace")
    place = Place("a.yaml", line, 1, line, 1, "")
    plain = Library(MemoryFolder({"a.yaml": content})).plain_line_at(place)

    told = Library(MemoryFolder({"a.yaml": content})).line_at(place)

    assert plain in (None, told)
    is_plain = content.isascii() and not any(it in content for it in (b"\r", b"\\"))
    assert is_plain is (plain is not None)


def test_no_line_of_what_may_be_a_plan_is_plain() -> None:
    files = {
        "plan.yaml": '{"format_version": "1.2"}\n',
        "escaped.yaml": '{"format\\u005fversion": "1.2"}\n',
        "plan.json": "{}\n",
    }
    library = Library(MemoryFolder(files))

    assert {None} == {library.plain_line_at(Place(path, 1, 1, 1, 1, "")) for path in files}

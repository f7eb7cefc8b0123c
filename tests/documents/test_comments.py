"""Comments: those that name the linter are found, and nothing else is taken for one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from yaml_texts import encoded, texts

from dativo_lint.documents.comments import comments
from dativo_lint.documents.document import Limits
from dativo_lint.documents.json_reader import read_json
from dativo_lint.documents.yaml_reader import read_yaml

SAYS = "# dativo-lint: x"


def found(text: str) -> list[tuple[int, int, str, bool]]:
    reading = read_yaml("job.yaml", encoded(text), Limits(file_bytes=10**8))
    return [(it.line, it.column, it.text, it.stands_alone) for it in comments(reading)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{SAYS}\na: 1\n", [(1, 1, SAYS, True)]),
        (f"a: 1  {SAYS}  \n", [(1, 7, SAYS, False)]),
        (f"a:\n    {SAYS}\n  - b\n", [(2, 5, SAYS, True)]),
        (f"a: 'b # c'  {SAYS}\n", [(1, 13, SAYS, False)]),
        (f"a: |  {SAYS}\n  b\n", [(1, 7, SAYS, False)]),
        (f"a: 1\r\n{SAYS}\r\nb: é {SAYS}\r\n", [(2, 1, SAYS, True), (3, 6, SAYS, False)]),
        (f"a: [1, {SAYS}\n  2]\n", [(1, 8, SAYS, False)]),
        (f"a: b#c {SAYS}\n", [(1, 8, SAYS, False)]),
        ("a: 1 # see # dativo-lint\n", [(1, 6, "# see # dativo-lint", False)]),
        (f"a: 1\n---\nb: 2 {SAYS}\n...\n{SAYS}\n", [(3, 6, SAYS, False), (5, 1, SAYS, True)]),
        (f"a: 1 {SAYS}", [(1, 6, SAYS, False)]),
        (f"a: [1 {SAYS}\n", [(1, 7, SAYS, False)]),
        (f"a: &x 'b {SAYS}'\nc: {{<<: {{d: 1}}}} {SAYS}\n", [(2, 17, SAYS, False)]),
    ],
)
def test_a_comment_is_found_with_its_place(
    text: str, expected: list[tuple[int, int, str, bool]]
) -> None:
    assert expected == found(text)


@pytest.mark.parametrize(
    "text",
    [
        f"a: 'b {SAYS}'\n",
        f'a: "b\n  {SAYS}\n  c"\n',
        f"a: |\n  b\n  {SAYS}\n",
        f"a: >-\n\n  {SAYS}\n",
        f"'b {SAYS}': 1\n",
        f"- - 'b {SAYS}'\n",
        "a: b#dativo-lint\n",
        "a: dativo-lint\n",
        "# nothing\na: 1\n",
        f"'root {SAYS}'\n",
        f"a: !!str 'b {SAYS}'\n",
        f"a: &x 'b {SAYS}'\nc: *x\n",
    ],
)
def test_what_stands_in_a_scalar_is_no_comment(text: str) -> None:
    assert [] == found(text)


def test_json_has_no_comments() -> None:
    assert () == comments(read_json("job.json", f'["a", "{SAYS}"]'.encode()))


@given(texts())
def test_no_text_raises(text: str) -> None:
    for line, column, written, _ in found(text + f"\n{SAYS}\n"):
        assert written.startswith("#")
        assert "dativo-lint" in written
        assert line > 0
        assert column > 0


@pytest.mark.parametrize(
    "text",
    [
        "# " * 1_000_000 + "dativo-lint\n",
        f"{SAYS}\n" * 60_000,
        "a: '" + "# dativo-lint " * 100_000 + "'\n",
        f"a: 'b # c' {SAYS}\n" + f"- 'b # c' {SAYS}\n" * 30_000,
        "[" + "'# dativo-lint', " * 60_000 + "]",
    ],
    ids=["hashes", "comments", "one scalar", "broken", "scalars on one line"],
)
def test_hostile_texts_are_searched_soon(text: str) -> None:
    started = time.process_time()
    found(text)

    assert time.process_time() - started < 60  # what runs away takes hours

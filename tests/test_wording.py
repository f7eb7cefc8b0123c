"""What people read is in plain words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
READ = [
    *sorted(ROOT.glob("*.md")),
    *sorted(ROOT.glob("docs/**/*.md")),
    *sorted(ROOT.glob("rules/**/*.yaml")),
    *sorted(ROOT.glob("dativo_lint/**/*.py")),
    *sorted(ROOT.glob("dativo_lint/**/*.schema.json")),
]
PROSE = [path for path in READ if path.suffix in (".md", ".yaml", ".json")]
"""What is written for people from end to end."""
ODD = re.compile(
    r"\b(mend(s|ed|ing)?|strike|respell|allowances?|misuse)\b"
    r"|nobody says|no layer says|words for one",
    re.IGNORECASE,
)
ODD_PROSE = re.compile(
    r"\b(nobody|whoever|truth values?|small letters|goes nowhere|comes to|lies in|left open"
    r"|(is|are|be|was) told|hears? |h(o|e)ld against|slips? of the (pen|keyboard)"
    r"|filled in (later|at run time|when)|(job|asset|module|layer|settings?) sa(ys|id)\b"
    r"|takes (text|keys|values|at most|no)|is no (text|path|number|list|string)"
    r"|an? open (question|value|size|one)|anew)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("path", READ, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_words_that_only_this_project_used_are_gone(path: Path) -> None:
    assert [] == [line for line in path.read_text("utf-8").splitlines() if ODD.search(line)]


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_texts_for_people_use_the_words_of_the_field(path: Path) -> None:
    assert [] == [line for line in path.read_text("utf-8").splitlines() if ODD_PROSE.search(line)]

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
ODD = re.compile(
    r"\b(mend(s|ed|ing)?|strike|respell|allowances?|misuse)\b"
    r"|nobody says|no layer says|words for one",
    re.IGNORECASE,
)


@pytest.mark.parametrize("path", READ, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_words_that_only_this_project_used_are_gone(path: Path) -> None:
    assert [] == [line for line in path.read_text("utf-8").splitlines() if ODD.search(line)]

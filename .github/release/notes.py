"""Print the notes of a release: the section of CHANGELOG.md about the version that a tag names."""

from __future__ import annotations

import re
import runpy
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
UNRELEASED = "Unreleased"


def notes(tag: str, version: str, changelog: str) -> str:
    """The notes for a tag. Raises ValueError if tag, version and changelog do not agree."""
    if tag != f"v{version}":
        raise ValueError(f'the tag is "{tag}"; expected "v{version}", as in dativo_lint/version.py')
    _, *parts = re.split(r"^## (.*)\n", changelog, flags=re.MULTILINE)
    sections = dict(zip(parts[::2], map(str.strip, parts[1::2]), strict=True))
    if sections.pop(UNRELEASED, ""):
        raise ValueError(f'CHANGELOG.md has changes under "{UNRELEASED}"; expected none')
    heading = re.compile(rf"{re.escape(version)} \(\d{{4}}-\d{{2}}-\d{{2}}\)")
    text = next((text for name, text in sections.items() if heading.fullmatch(name)), "")
    if not text:
        expected = f'"## {version} (YYYY-MM-DD)"'
        raise ValueError(
            f"CHANGELOG.md has no changes of this version; expected some at {expected}"
        )
    # GitHub shows the end of a line as one.
    return re.sub(r"\n +(?! |[-*] )", " ", text) + "\n"


def main() -> None:
    """Print the notes for the tag that the only argument names."""
    version = runpy.run_path(str(PROJECT / "dativo_lint" / "version.py"))["__version__"]
    changelog = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    try:
        print(notes(*sys.argv[1:2], version=version, changelog=changelog), end="")
    except ValueError as error:
        raise SystemExit(f"notes: {error}") from error


if __name__ == "__main__":
    main()

"""What the pages of the documentation show is what the commands print."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from dativo_lint.cli import main

PROJECT = Path(__file__).resolve().parent.parent
PAGES = {
    "baseline.md": "first-day",
    "suppressions.md": "first-day",
    "changes.md": "first-day",
    "sarif.md": "first-day",
    "sharding.md": "best-practice",
    "fixes.md": "first-day",
    "settings.md": "two-teams",
}
"""Pages with consoles, each with the example that they run in, one after the other."""

_BLOCK = re.compile(r"^```(?:console|yaml (\S+))\n(.*?)^```$", re.DOTALL | re.MULTILINE)
"""A console, or a file with its name."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@pytest.mark.parametrize("page", PAGES)
def test_a_console_on_a_page_is_what_its_commands_print(
    page: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "repository"
    shutil.copytree(PROJECT / "examples" / PAGES[page], folder)
    subprocess.run(["git", "init", "-q", "-b", "main", folder], check=True)
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "a")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "a@example.com")
    monkeypatch.chdir(folder)
    text = (PROJECT / "docs" / page).read_text(encoding="utf-8")
    for file, block in _BLOCK.findall(text):
        if file:
            (folder / file).write_text(block, encoding="utf-8")
            continue
        for shown in block.split("$ ")[1:]:
            command, _, expected = shown.partition("\n")
            program, *arguments = shlex.split(command)
            target = arguments[-1] if ">" in arguments else None
            capfd.readouterr()
            if program == "dativo-lint":
                main(arguments[:-2] if target else arguments)
            else:
                subprocess.run([program, *arguments], check=True)
            out, err = capfd.readouterr()
            if target:
                Path(target).write_text(out, encoding="utf-8")
                out = ""
            assert _DAY.sub("DAY", expected) == _DAY.sub("DAY", f"{out}{err}"), command


def test_the_suppression_in_the_readme_suppresses_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```yaml\n(finops: .*ignore\[.*?)^```$", text, re.DOTALL | re.MULTILINE)
    (tmp_path / "asset.yaml").write_text("asset: {name: orders}\n", encoding="utf-8")
    (tmp_path / "job.yaml").write_text(f"asset_path: asset.yaml\n{block}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    arguments = ["check", "--no-cache", "--select", "missing-project,suppressions", "-q"]
    assert 0 == main(arguments)
    assert "No problems in 1 job (2 files); 1 suppressed finding\n" == capfd.readouterr().out

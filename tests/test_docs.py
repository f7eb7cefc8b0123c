"""Every command on a page is run, and what the page shows below it is what it prints."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from markdown_it import MarkdownIt

from dativo_lint.cli import main
from dativo_lint.cli.commands import COMMANDS, DEFAULT, command_line

PROJECT = Path(__file__).resolve().parent.parent
PAGES = sorted(
    {PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *PROJECT.glob("docs/**/*.md")}
    - {*PROJECT.glob("docs/rules/*.md")}
)
"""Every page but those of rules, whose examples are tests themselves, and of a release, whose
commands need one."""
DATA = {"diff", "hcl", "json", "markdown", "text", "toml", "yaml"}
"""Languages of blocks without commands; a console and a shell script have some, and Python runs."""
NOT_RUN = {"make", "pip", "pipx", "uv", "uvx", "pre-commit", "prek", "terraform", "tofu"}
"""Programs that need a network or minutes. Only scripts may have them: nothing they print is shown,
and the tests of packaging, hooks and real Terraform run them."""

_EXAMPLE = re.compile(r"\bruns?\s+in\s+`examples/([\w-]+)`")
_TITLE = re.compile(r'title="([^"]+)"')
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SHELL = re.compile(r"[|<>;&`]|\$\(")
"""What needs a shell; a command of ours that writes to a file by `>` runs in this process."""
_STEP = re.compile(r"^.*?(?:- |run: |script: |&& |^ *)dativo-lint ([^#|>&\n]*)", re.MULTILINE)
_WIDE = 100
"""Characters after which a page may fold a line of output."""


def blocks(page: Path) -> Iterator[tuple[str, str, str]]:
    """The blocks of a page: language, name of the file that it is, if it has one, and content."""
    for token in MarkdownIt().parse(page.read_text(encoding="utf-8")):
        if token.type in ("fence", "code_block"):
            title = _TITLE.search(token.info)
            yield token.info.partition(" ")[0], title[1] if title else "", token.content


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[[str], tuple[int, str]]:
    """Runs a command of a page in the folder of the page; its exit code, and what it prints."""
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "a")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "a@example.com")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=":")

    def run(command: str) -> tuple[int, str]:
        capfd.readouterr()
        own, _, file = command.partition(" > ")
        if not f"{own} ".startswith("dativo-lint ") or _SHELL.search(own + file):
            code = subprocess.run(["bash", "-euc", command], check=False).returncode
            return code, "".join(capfd.readouterr())
        code = main(shlex.split(own, comments=True)[1:])
        out, err = capfd.readouterr()
        if file:
            Path(file.strip()).expanduser().write_text(out, encoding="utf-8")
        return code, err if file else out + err

    return run


def _is_shown(expected: str, printed: str) -> bool:
    """Whether a page shows what a command prints, whatever the day; a line `...` leaves some out,
    and lines wider than a page may be folded."""
    printed = _DAY.sub("DAY", printed)
    parts, gap = re.split(r"^\.\.\.\n", _DAY.sub("DAY", expected), flags=re.MULTILINE), "(?:.*\n)*?"
    if max(map(len, printed.splitlines()), default=0) > _WIDE:
        printed, *parts = (" ".join(text.split()) for text in (printed, *parts))
        gap = ".*?"
    return re.fullmatch(gap.join(map(re.escape, parts)), printed) is not None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(PROJECT).as_posix())
def test_a_page_shows_what_its_commands_print(
    page: Path,
    run: Callable[[str], tuple[int, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "repository"
    example = _EXAMPLE.search(page.read_text(encoding="utf-8"))
    if example:
        shutil.copytree(PROJECT / "examples" / example[1], folder)
    subprocess.run(["git", "init", "-q", "-b", "main", folder], check=True)
    monkeypatch.chdir(folder)
    code = 0
    for language, file, block in blocks(page):
        if file:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(block, encoding="utf-8")
        elif language == "console":
            assert block.startswith("$ ")
            for shown in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, _, expected = shown.partition("\n")
                if command == "echo $?":
                    assert expected == f"{code}\n"
                    continue
                code, printed = run(command)
                assert _is_shown(expected, printed), f"{command}\n{printed}"
        elif language == "sh":
            for command in filter(None, (line.partition("# ")[0] for line in block.splitlines())):
                if not command.startswith(".venv/") and shlex.split(command)[0] not in NOT_RUN:
                    assert run(command)[0] in (0, 1), command
        elif language == "python":
            exec(compile(block, page.name, "exec"), {})
        else:
            assert language in DATA, f"a block of {language or 'no language'}: {block}"
            assert not re.search(r"^(\$|dativo-lint) ", block, re.MULTILINE), block


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(PROJECT).as_posix())
def test_a_step_of_a_pipeline_on_a_page_is_a_command_that_there_is(page: Path) -> None:
    for language, _, block in blocks(page):
        for step in _STEP.findall(block) if language == "yaml" else ():
            words = shlex.split(re.sub(r"\$\{\{.*?\}\}", "1", step))
            command: click.Command = command_line
            rest = words if words[0] in COMMANDS else [DEFAULT, *words]
            while isinstance(command, click.Group):
                name, *rest = rest
                child = command.get_command(click.Context(command), name)
                assert child is not None, step
                command = child
            command.make_context(command.name, rest, obj={})


@pytest.mark.parametrize(
    ("expected", "printed", "is_shown"),
    [
        ("a\n", "a\n", True),
        ("a\n", "b\n", False),
        ("a\n", "a\nb\n", False),
        ("a  b\n", "a b\n", False),
        ("2026-01-01\n", "2027-02-03\n", True),
        ("a\n...\nd\n", "a\nb\nc\nd\n", True),
        ("a\n...\nd\n", "a\nb\nc\n", False),
        (f"{'a' * 60}\n  {'b' * 60}\n", f"{'a' * 60} {'b' * 60}\n", True),
        (f"{'a' * 60}\n", f"{'a' * 60} {'b' * 60}\n", False),
        (f"...\n{'b' * 120}\n", f"a\n{'b' * 120}\n", True),
    ],
)
def test_a_page_shows_all_of_an_output_but_what_it_leaves_out(
    expected: str, printed: str, is_shown: bool
) -> None:
    assert is_shown == _is_shown(expected, printed)


def test_every_variable_of_the_environment_is_documented() -> None:
    code = "".join(path.read_text("utf-8") for path in PROJECT.glob("dativo_lint/**/*.py"))
    page = (PROJECT / "docs/cli.md").read_text("utf-8")
    names = re.findall(r'environ(?:\.get\(|\[)"((?!GIT_)\w+)"', code)  # git has its own
    assert names
    assert [] == [name for name in names if f"`{name}`" not in page]


def test_the_suppression_in_the_readme_suppresses_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (block,) = (text for *_, text in blocks(PROJECT / "README.md") if "ignore[" in text)
    (tmp_path / "asset.yaml").write_text("asset: {name: orders}\n", encoding="utf-8")
    (tmp_path / "job.yaml").write_text(
        f"asset_path: asset.yaml\n{_DAY.sub('2999-12-31', block)}", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    arguments = ["check", "--no-cache", "--select", "missing-project,suppressions", "-q"]
    assert 0 == main(arguments)
    assert "No problems in 1 job (2 files); 1 suppressed finding\n" == capfd.readouterr().out

"""The steps of the action that take thought; their inputs are in the environment as INPUT_*."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from subprocess import DEVNULL, PIPE
from tempfile import TemporaryDirectory

ACTION = Path(__file__).resolve().parents[2]
WORKSPACE = Path.cwd()
SUMMARY_BYTES = 1024 * 1024  # GitHub refuses a longer job summary as a whole
VERSION = re.compile(r"[0-9]+(\.[0-9]+)*((a|b|rc)[0-9]+)?(\.post[0-9]+)?")
LISTS = ("paths", "format")
PATIENCE = 120
"""Seconds in which the coverage is counted: no pull request waits longer for it."""
COUNTED, USAGE, BROKEN = (0, 1), 2, 3
"""Exit codes."""


class Refused(Exception):
    """An input that is not what it has to be."""


def text(name: str) -> str:
    """The value of an input."""
    value = os.environ[f"INPUT_{name.upper().replace('-', '_')}"].strip()
    if name not in LISTS and not value.isprintable():
        raise Refused(f"{name} is {value!r}; expected a single line")
    return value


def lines(name: str) -> list[str]:
    """The values of an input that has one a line."""
    return [line.strip() for line in text(name).split("\n") if line.strip()]


def flag(name: str) -> bool:
    """Whether an input is true."""
    value = text(name)
    if value not in ("true", "false"):
        raise Refused(f'{name} is "{value}"; expected true or false')
    return value == "true"


def hold_inside(name: str, path: str) -> None:
    """Refuse a path in the workspace that a link, which a stranger may have added, leads out of it,
    or to a name of several lines, which would be other outputs."""
    written = Path(os.path.abspath(path))
    real = Path(os.path.realpath(path))
    if WORKSPACE in written.parents and not (WORKSPACE in real.parents and str(real).isprintable()):
        raise Refused(f'{name} is "{path}", a link to {str(real)!r}; expected a path without one')


def install() -> int:
    """Install the linter into an environment of its own: that of this checkout with locked
    dependencies, or a version from the package index."""
    version = text("version")
    if version and not VERSION.fullmatch(version):
        raise Refused(f'version is "{version}"; expected a version such as 1.2.3, or none')
    folder = environment()
    # Isolated, for the current folder holds what a stranger may have written.
    python = (sys.executable, "-I", "-m")
    subprocess.run([*python, "venv", "--clear", "--without-pip", folder], check=True)
    pip = (*python, "pip", "--python", str(folder), "--disable-pip-version-check", "--quiet")
    locked = ("--no-deps", "--require-hashes", "-r", str(ACTION / "requirements" / "runtime.txt"))
    own = ("--no-deps", "--no-build-isolation", str(ACTION))
    for what in [(f"dativo-lint=={version}",)] if version else [locked, own]:
        subprocess.run([*pip, "install", *what], check=True)
    return 0


def lint() -> int:
    """Lint once, and write all reports and the outputs, of which the exit code is one."""
    folder = os.path.normpath(text("working-directory"))
    if not os.path.isdir(folder):
        raise Refused(f'working-directory is "{folder}"; expected a folder')
    hold_inside("working-directory", folder)
    os.chdir(folder)
    with TemporaryDirectory() as scratch:
        code = lint_in(folder, Path(scratch))
    output("exit-code", code if code >= 0 else BROKEN)  # negative for a signal
    return 0


def lint_in(folder: str, scratch: Path) -> int:
    """The exit code of a run in a folder, the current one."""
    summary, sarif, since, level = flag("summary"), *map(text, ("sarif-file", "since", "fail-on"))
    if flag("upload-sarif") and not sarif:
        raise Refused("upload-sarif is true; expected a sarif-file")
    forms, report = lines("format"), scratch / "report.json"
    hold_inside("sarif-file", sarif)
    for form in forms:
        hold_inside("format", form.partition("=")[2])
    if all("=" in form for form in forms):
        forms.append("text")
    forms += [f"json={report}", *([f"sarif={sarif}"] if sarif else [])]
    # The job summary comes with it, also where nobody wants annotations.
    forms.append("github" if flag("annotations") else f"github={scratch / 'annotations'}")
    shared = [f"--config={text('config')}"] if text("config") else []
    options = [*shared, *(f"--format={form}" for form in dict.fromkeys(forms))]
    # By default the upload keeps jobs apart; folders may be linted in one job.
    options += [f"--sarif-category=dativo-lint/{folder}"] if folder != "." else []
    # GitHub would show what is suppressed or unresolved as alerts, too.
    options += ["--sarif-alerts-only"] if flag("upload-sarif") else []
    options += [f"--baseline={text('baseline')}"] if text("baseline") else []
    options += ["--ratchet"] if flag("ratchet") else []
    options += [f"--since={since}", "--diff-only"] if since else []
    options += ["--exit-zero"] if level == "never" else [f"--fail-on={level}"] if level else []
    options.append(f"--cache-dir={cache()}" if flag("cache") else "--no-cache")
    paths = ["--", *lines("paths")]
    if not summary:
        os.environ.pop("GITHUB_STEP_SUMMARY", None)
    done = run("check", *options, *paths, stderr=PIPE)
    errors = done.stderr.decode(errors="replace")
    if done.returncode not in (*COUNTED, BROKEN) or not report.exists():
        annotate(errors or f"dativo-lint ended with {done.returncode}")
        return done.returncode or BROKEN
    sys.stderr.write(errors)
    counts = json.loads(report.read_bytes())["summary"]
    output("findings", sum(counts[name] for name in ("errors", "warnings", "notes")))
    output("errors", counts["errors"])
    output("sarif-file", Path(sarif).resolve() if sarif else "")
    if summary:
        add_coverage([*shared, *paths])
    return done.returncode


def run(
    *arguments: str, stderr: int, stdout: int | None = None, timeout: int | None = None
) -> subprocess.CompletedProcess[bytes]:
    """A command of the linter, to its end."""
    tool = environment() / "bin" / "dativo-lint"
    return subprocess.run(
        [tool, *arguments], stdout=stdout, stderr=stderr, timeout=timeout, check=False
    )


def add_coverage(arguments: Sequence[str]) -> None:
    """Add the coverage to the job summary, or why it is not there."""
    file = Path(os.environ["GITHUB_STEP_SUMMARY"])
    counted = coverage(arguments)
    if file.stat().st_size + len(counted) + 1000 > SUMMARY_BYTES:
        counted = b"Left out for want of room.\n"
    with file.open("ab") as stream:
        stream.write(b"\n<details><summary>Coverage of all jobs</summary>\n\n")
        stream.write(counted + b"\n</details>\n")


def coverage(arguments: Sequence[str]) -> bytes:
    """The coverage in Markdown, or why it is not counted."""
    command = ("coverage", "--format=markdown", *arguments)
    try:
        done = run(*command, stdout=PIPE, stderr=DEVNULL, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return f"Not counted: it takes more than {PATIENCE} seconds.\n".encode()
    if done.returncode not in COUNTED:
        return f"Not counted: `dativo-lint coverage` ended with {done.returncode}.\n".encode()
    return done.stdout


def environment() -> Path:
    """The environment that the linter is installed into."""
    return Path(os.environ["RUNNER_TEMP"], "dativo-lint")


def cache() -> Path:
    """The folder of the cache, which the action restores and saves."""
    folder = Path(os.environ["RUNNER_TEMP"], "dativo-lint-cache")
    folder.mkdir(exist_ok=True)
    return folder


def output(name: str, value: object) -> None:
    """Write an output of the step."""
    with open(os.environ["GITHUB_OUTPUT"], "a", encoding="utf-8") as stream:
        stream.write(f"{name}={value}\n")


def annotate(message: str) -> None:
    """Write an error that GitHub shows on the page of the run."""
    escaped = message.strip().replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    print(f"::error title=dativo-lint::{escaped}", flush=True)


if __name__ == "__main__":
    os.environ.pop("PYTHONPATH", None)  # it may name folders of the workspace
    try:
        sys.exit({"install": install, "lint": lint}[sys.argv[1]]())
    except Refused as error:
        annotate(str(error))
        sys.exit(USAGE)

"""What a release is made with: its notes, and the list of what it needs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from dativo_lint.version import __version__

CHECKOUT = Path(__file__).resolve().parent.parent
CHANGELOG = """\
# Changelog

Words about it.

## 0.3.0 (2027-02-01)

- check: one thing, which takes
  two lines.
  - a part of it

Words of
two lines.

### More

- tags: another

## 0.2.0 (2027-01-01)

- older

## 0.1.0

- without a day

## 0.0.1 (2026-01-01)

"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the tool, its changelog and its version."""
    shutil.copytree(CHECKOUT / ".github" / "release", tmp_path / ".github" / "release")
    (tmp_path / "dativo_lint").mkdir()
    return tmp_path


def notes(project: Path, tag: str, version: str, changelog: str = CHANGELOG) -> tuple[int, str]:
    """Exit code and output of the tool, for a tag, a version and a changelog."""
    (project / "dativo_lint" / "version.py").write_text(f'__version__ = "{version}"\n')
    (project / "CHANGELOG.md").write_text(changelog, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, project / ".github" / "release" / "notes.py", tag],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_the_notes_of_a_release_are_the_section_of_its_version(project: Path) -> None:
    text = (
        "- check: one thing, which takes two lines.\n  - a part of it\n\n"
        "Words of\ntwo lines.\n\n### More\n\n- tags: another\n"
    )
    assert (0, text) == notes(project, "v0.3.0", "0.3.0")
    assert (0, "- older\n") == notes(project, "v0.2.0", "0.2.0")


@pytest.mark.parametrize(
    ("tag", "version", "changelog", "why"),
    [
        ("v0.2.0", "0.3.0", CHANGELOG, 'the tag is "v0.2.0"; expected "v0.3.0"'),
        ("0.3.0", "0.3.0", CHANGELOG, 'the tag is "0.3.0"; expected "v0.3.0"'),
        ("v0.4.0", "0.4.0", CHANGELOG, 'expected some at "## 0.4.0 (YYYY-MM-DD)"'),
        ("v0.1.0", "0.1.0", CHANGELOG, 'expected some at "## 0.1.0 (YYYY-MM-DD)"'),
        ("v0.0.1", "0.0.1", CHANGELOG, 'expected some at "## 0.0.1 (YYYY-MM-DD)"'),
        ("v0.2", "0.2", CHANGELOG, 'expected some at "## 0.2 (YYYY-MM-DD)"'),
        (
            "v0.3.0",
            "0.3.0",
            f"## Unreleased\n\n- left\n\n{CHANGELOG}",
            'changes under "Unreleased"',
        ),
        ("v0.3.0", "0.3.0", "", "no changes of this version"),
    ],
)
def test_a_release_without_notes_of_its_version_is_refused(
    project: Path, tag: str, version: str, changelog: str, why: str
) -> None:
    code, said = notes(project, tag, version, changelog)
    assert 1 == code
    assert why in said
    assert "Traceback" not in said


def test_every_page_names_the_version_of_today() -> None:
    pages = [CHECKOUT / "README.md", *(CHECKOUT / "docs").glob("*.md")]
    for page in pages:
        named = set(re.findall(r"(?:rev: |dativo-lint@)v(\d\S*)", page.read_text("utf-8")))
        assert named <= {__version__}, page.name


def test_the_list_of_components_has_every_package_of_the_lock(tmp_path: Path) -> None:
    stamp = Path(sys.prefix, ".dev")
    subprocess.run(
        ["make", "--old-file", stamp, "sbom", f"VENV={sys.prefix}", f"DIST={tmp_path}"],
        cwd=CHECKOUT,
        capture_output=True,
        check=True,
    )
    listed = json.loads((tmp_path / "dativo-lint.cdx.json").read_text(encoding="utf-8"))
    lock = (CHECKOUT / "requirements" / "runtime.txt").read_text(encoding="utf-8")
    version = (CHECKOUT / "dativo_lint" / "version.py").read_text(encoding="utf-8")
    root = listed["metadata"]["component"]
    assert "CycloneDX" == listed["bomFormat"]
    assert f'__version__ = "{root["version"]}"' in version
    assert sorted(re.findall(r"^([a-z0-9.-]+)==([^ \\]+)", lock, re.MULTILINE)) == sorted(
        (component["name"], component["version"]) for component in listed["components"]
    )


def test_only_the_job_that_publishes_says_who_it_is() -> None:
    workflow = (CHECKOUT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    jobs = yaml.safe_load(workflow)["jobs"]
    permissions = {name: job["permissions"] for name, job in jobs.items()}
    assert {} == yaml.safe_load(workflow)["permissions"]
    assert ["publish"] == [name for name, may in permissions.items() if "id-token" in may]
    assert {"contents": "read"} == permissions["build"] == permissions["mirror"]
    assert "pypi" == jobs["publish"]["environment"]["name"]

"""The jobs that the pages show for build services do what the pages say."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from pipeline_samples import BASE, NEW, OLD, commit, git, hold_valid, path_with, shown
from repository_samples import JOB


def _gitlab(pipeline: Any) -> list[str]:
    scripts: list[str] = pipeline["dativo-lint"]["script"]
    return ["\n".join(scripts)]


def _azure(pipeline: Any) -> list[str]:
    return [step["bash"] for step in pipeline["steps"] if "bash" in step]


def _bitbucket(pipeline: Any) -> list[str]:
    return ["\n".join(pipeline["pipelines"]["branches"]["main"][0]["step"]["script"])]


SCRIPTS: Mapping[str, Callable[[Any], list[str]]] = {
    "gitlab": _gitlab,
    "azure": _azure,
    "bitbucket": _bitbucket,
}
"""The scripts of a pipeline, each of which runs in a shell of its own."""
CHANGE = {
    "gitlab": lambda base: {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base},
    "azure": lambda _: {"SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main"},
    "bitbucket": lambda _: {"BITBUCKET_PR_DESTINATION_BRANCH": "main"},
}
"""What is in the environment where a change is to be merged into main."""
REPORTS = {
    "gitlab": "gl-code-quality-report.json",
    "azure": "dativo-lint.xml",
    "bitbucket": "test-results/dativo-lint.xml",
}
SCHEMAS = {
    "gitlab": "gitlab-ci",
    "azure": "azure-pipelines",
    "bitbucket": "bitbucket-pipelines",
}


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A clone on no branch, as services make them, of a change that adds a clean job, and the
    commit on main that it starts from."""
    top = tmp_path_factory.mktemp("clones")
    base = commit(top / "origin", BASE)
    git(top, "clone", "--quiet", "origin", "clone")
    git(top / "clone", "switch", "--quiet", "--detach")
    git(top / "clone", "branch", "--quiet", "--delete", "main")
    commit(top / "clone", {NEW: JOB})
    return top / "clone", base


def run(page: str, folder: Path, environment: Mapping[str, str]) -> tuple[int, str]:
    """Exit code and output of the scripts on a page, up to the first that fails."""
    path = path_with(folder.parent / "bin", pip="#!/bin/sh\necho pip $*\n")
    output = ""
    for script in SCRIPTS[page](yaml.safe_load(shown(page))):
        done = subprocess.run(
            ["bash", "-e", "-c", script],
            cwd=folder,
            env={**os.environ, "PATH": path, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        output += done.stdout + done.stderr
        if done.returncode:
            return done.returncode, output
    return 0, output


@pytest.mark.parametrize("page", SCRIPTS)
def test_a_pipeline_is_one_that_its_service_accepts(page: str) -> None:
    hold_valid(SCHEMAS[page], shown(page))


@pytest.mark.parametrize("page", SCRIPTS)
def test_a_pipeline_forgives_a_change_what_was_there_and_main_nothing(
    page: str, clone: tuple[Path, str]
) -> None:
    folder, base = clone

    code, output = run(page, folder, CHANGE[page](base))
    assert (0, True) == (code, "No problems in 1 job" in output), output
    assert "pip install dativo-lint\n" in output

    code, output = run(page, folder, {})
    assert (1, True) == (code, "1 error in 3 jobs" in output), output
    assert (page == "azure") == (f"##vso[task.logissue type=error;sourcepath={OLD};" in output)
    text = (folder / REPORTS[page]).read_text()
    if REPORTS[page].endswith(".json"):
        assert 1 == len(json.loads(text))
    else:
        assert "1" == ElementTree.fromstring(text).get("failures")

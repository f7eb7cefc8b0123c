"""What every test stands on: a scrubbed environment, a home of its own, and golden files."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import settings

SCRUBBED_NAMES = frozenset(
    {"CI", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "FORCE_COLOR", "LINES", "NO_COLOR", "TERM"}
)
SCRUBBED_PREFIXES = (
    *("BITBUCKET_", "CI_", "GITHUB_", "GITLAB_", "SYSTEM_PULLREQUEST_"),
    *("DATIVO_LINT_", "GIT_", "PRE_COMMIT", "XDG_"),
)

ACCEPT = os.environ.get("ACCEPT") == "1"

settings.register_profile("here", deadline=None, max_examples=100)
settings.register_profile(
    "ci", deadline=None, max_examples=100, derandomize=True, database=None, print_blob=True
)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(scope="session", autouse=True)
def _scrubbed_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing that a terminal, a hook, a build service or a home folder says reaches a test."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name in SCRUBBED_NAMES or name.startswith(SCRUBBED_PREFIXES):
                patch.delenv(name)
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        yield


@pytest.fixture
def offline() -> Mapping[str, str]:
    """An environment in which pip and uv know the wheels that `make test` laid by, and no index."""
    wheelhouse = Path(sys.prefix, "wheelhouse")
    assert wheelhouse.is_dir(), f"{wheelhouse} is missing; make test fills it"
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PIP_", "PYTHON", "VIRTUAL_ENV"))
    }
    return kept | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_FIND_LINKS": str(wheelhouse),
        "PIP_NO_CACHE_DIR": "1",
        "PIP_NO_INDEX": "1",
        "UV_FIND_LINKS": str(wheelhouse),
        "UV_NO_INDEX": "1",
    }


@pytest.fixture
def agrees_with_file() -> Callable[[str, Path], None]:
    """Hold a text against the file that says what it should be; `make accept` writes the file."""

    def agrees(text: str, golden: Path) -> None:
        if ACCEPT:
            golden.parent.mkdir(parents=True, exist_ok=True)
            golden.write_text(text, encoding="utf-8", newline="\n")
        message = f"{golden} is not what was made; run: make docs, or make accept"
        assert golden.read_text(encoding="utf-8") == text, message

    return agrees

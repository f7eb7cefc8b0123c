"""What `init` adds to a repository, each part with what is there already."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from dativo_lint.documents.document import Document, Limits
from dativo_lint.documents.folder import DiskFolder
from dativo_lint.documents.globs import is_glob
from dativo_lint.documents.yaml_reader import read_yaml
from dativo_lint.edits.fields import add, append, block
from dativo_lint.edits.fix import Edit, NotExact
from dativo_lint.edits.spelling import spelled
from dativo_lint.findings.baseline import FILE_NAME
from dativo_lint.fixes.texts import edited
from dativo_lint.git.files import GitError, ask
from dativo_lint.settings.settings import Settings
from dativo_lint.settings.source import FILE_NAMES, PROJECT_FILE
from dativo_lint.version import DOCUMENTATION, HOME, __version__

EXISTS, BY_HAND, LEFT_OUT = "exists", "by hand", "left out"
NEW, CHANGED = "create", "change"
_NAME = "dativo-lint"
_HOOKS = ".pre-commit-config.yaml"
_ID = rb"(?m)^[^#\n]*\bid['\"]?: *['\"]?(dativo-lint[a-z-]*)"
_GITLAB = ".gitlab-ci.yml"
_WORKFLOWS = ".github/workflows"
_SETTINGS = f"""\
# All settings: {DOCUMENTATION}/settings.md
preset: recommended  # or minimal (only what fails), or strict (what audits usually require)
"""
_CHOICES = """\

# Rules that are off until they know what your company expects:
# rules:
#   malformed-cost-center: {params: {pattern: "FIN-[0-9]{3}"}}
#   unknown-environment: {params: {one_of: [dev, staging, production]}}
#   missing-cloud-tag: {params: {keys: [CostCenter, Environment]}}
"""
_HOOK: Mapping[str, Any] = {
    "repo": f"{HOME}-pre-commit",
    "rev": f"v{__version__}",
    "hooks": [{"id": _NAME}],
}
_JOB: Mapping[str, Any] = {
    "image": "python:3.13",
    "variables": {"GIT_DEPTH": "0"},
    "before_script": f"pip install {_NAME}=={__version__}",
    "script": f"{_NAME} --format text --format gitlab=gl-code-quality-report.json",
    "artifacts": {"when": "always", "reports": {"codequality": "gl-code-quality-report.json"}},
}
_WORKFLOW = f"""\
name: {_NAME}
on:
  pull_request:
  push:
    branches: [main, master]
permissions:
  contents: read
jobs:
  {_NAME}:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1  # v7.0.1
        with:
          fetch-depth: 0  # the base of the pull request has to be in the clone
          persist-credentials: false
      - uses: dativo-io/{_NAME}@v{__version__}  # zizmor: ignore[unpinned-uses]
"""


class Part(Struct, frozen=True):
    """A file that `init` writes: what is there, None for nothing, and what will be.

    `state` is what will be done, or why nothing is; `details` are more about it.
    """

    name: str
    path: str
    state: str
    details: str = ""
    before: bytes | None = None
    after: bytes = b""

    @property
    def is_written(self) -> bool:
        """Whether there is something to write."""
        return self.state in (NEW, CHANGED)

    def word(self, *, is_done: bool) -> str:
        """The state in words."""
        if not self.is_written:
            return self.state
        return f"{self.state}d" if is_done else f"to {self.state}"


def hooks_in(root: str) -> list[str]:
    """The ids of the hooks of this linter that a repository configures."""
    content = DiskFolder(root).read(_HOOKS, Limits())
    matches = re.findall(_ID, content) if isinstance(content, bytes) else []
    return [id.decode() for id in matches]


def settings_part(settings: Settings, *, has_baseline: bool) -> Part:
    """The settings: those that are there, with the baseline; or new ones with the runner files."""
    lines: dict[str, Any] = {}
    if settings.file is None and settings.runners != Settings("").runners:
        lines["runners"] = [*settings.runners]
    if has_baseline and settings.baseline is None:
        lines["baseline"] = FILE_NAME
    if settings.file is None:
        text = "".join(f"{name}: {spelled(value)}\n" for name, value in lines.items())
        return Part("settings", FILE_NAMES[0], NEW, after=f"{_SETTINGS}{text}{_CHOICES}".encode())
    path = os.path.relpath(settings.file, settings.root).replace(os.sep, "/")
    if not lines:
        return Part("settings", path, EXISTS)
    if path.endswith(PROJECT_FILE):
        return Part("settings", path, BY_HAND, f'it lacks baseline = "{FILE_NAME}"')

    def with_baseline(document: Document) -> Edit | NotExact:
        return add(document, ("baseline",), FILE_NAME)

    return _part("settings", settings.root, path, "", with_baseline)


def may_name(path: str) -> bool:
    """Whether a setting of globs may name a file as it is."""
    return not is_glob(path) and "\\" not in path and path.isprintable()


def hook_part(root: str) -> Part:
    """The hook of pre-commit."""
    if hooks := hooks_in(root):
        return Part("hook", _HOOKS, EXISTS, ", ".join(hooks))
    item = "".join(block(key, value, "    ", "  ", "\n") for key, value in _HOOK.items())
    text = f"repos:\n  - {item[5:]}\n"
    return _part("hook", root, _HOOKS, text, lambda document: append(document, ("repos",), _HOOK))


def workflow_part(root: str) -> Part:
    """The workflow of GitHub, or the job of GitLab where that is used."""
    folder = DiskFolder(root)
    paths = [f"{_WORKFLOWS}/{name}" for name in folder.names(_WORKFLOWS)]
    for path in (_GITLAB, *paths):
        content = folder.read(path, Limits())
        if isinstance(content, bytes) and _NAME.encode() in content:
            return Part("workflow", path, EXISTS)
    if not (os.path.lexists(os.path.join(root, _GITLAB)) or "gitlab" in _host(root)):
        return _part("workflow", root, f"{_WORKFLOWS}/{_NAME}.yml", _WORKFLOW)
    lines = "".join(block(key, value, "  ", "  ", "\n") for key, value in _JOB.items())

    def with_job(document: Document) -> Edit | NotExact:
        stages = document.value(("stages",))
        has_default = not isinstance(stages, list) or "test" in stages or not stages
        stage = {} if has_default else {"stage": stages[-1]}
        return add(document, (_NAME,), {**stage, **_JOB})

    return _part("workflow", root, _GITLAB, f"{_NAME}:{lines}\n", with_job)


def _part(
    name: str,
    root: str,
    path: str,
    text: str,
    edit: Callable[[Document], Edit | NotExact] | None = None,
) -> Part:
    """A file with a text, where none is there, else one with an edit."""
    if not os.path.lexists(os.path.join(root, path)):
        return Part(name, path, NEW, after=text.encode())
    if edit is None:
        return Part(name, path, EXISTS)
    content = DiskFolder(root).read(path, Limits())
    if not isinstance(content, bytes):
        return Part(name, path, BY_HAND, content.message)
    reading = read_yaml(path, content)
    if reading.is_broken or len(reading.documents) != 1:
        return Part(name, path, BY_HAND, "it is not one document of YAML")
    change = edit(reading.documents[0])
    if isinstance(change, NotExact):
        return Part(name, path, BY_HAND, change.reason)
    return Part(name, path, CHANGED, before=content, after=edited(content, [change]))


def _host(root: str) -> str:
    """The host of the repository's origin; empty where there is none."""
    try:
        address = ask(root, ["config", "--get", "remote.origin.url"])[0]
    except GitError:
        return ""
    return re.sub(r"^(\w+://)?([^/@]*@)?", "", address).lower().partition("/")[0]

"""The report of merged shards is the report of one run, to the byte."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random

import msgspec
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from repository_samples import OWN_RULE, write
from test_cache import START, apply, edits, losses, renames

from dativo_lint.api import lint
from dativo_lint.errors import UsageError
from dativo_lint.merging import merged
from dativo_lint.report import Report
from dativo_lint.reports import REPORTS
from dativo_lint.reports.style import Style
from dativo_lint.settings_file import find_settings
from dativo_lint.shards import CheckPart, Shard, plain

DAY = date(2026, 1, 1)
MANY = int(os.environ.get("SHARD_EXAMPLES", "15"))
"""Random repositories that are tried; thousands, where somebody asks for them."""
PATHS = (".", "jobs", "assets", "jobs/*.yaml", "out", "jobs/nested", "policy")


def shown(report: Report) -> str:
    """All that the forms of a report show."""
    style = Style(show_unresolved=True, show_suppressed=True)
    return "".join(piece for form in REPORTS.values() for piece in form(report, style))


def whole(root: Path, paths: Sequence[str]) -> str:
    """What one run says, or why it says nothing."""
    try:
        return shown(lint(paths, find_settings(root), today=DAY))
    except UsageError as error:
        return str(error)


def sharded(root: Path, paths: Sequence[str], of: int, random: Random) -> str:
    """What shards say together, merged in any order from what they handed over as JSON."""
    parts = []
    try:
        for number in range(1, of + 1):
            report = lint(paths, find_settings(root), shard=Shard(number, of), today=DAY)
            assert report.part is not None
            text = json.dumps(plain(report.part))
            parts.append(msgspec.convert(json.loads(text), CheckPart))
        random.shuffle(parts)
        return shown(merged(sorted(parts, key=lambda part: part.shard.number), DAY))
    except UsageError as error:
        return str(error)


@given(
    changes=st.lists(edits | losses | renames, max_size=8),
    paths=st.lists(st.sampled_from(PATHS), min_size=1, max_size=2),
    of=st.integers(1, 6),
    random=st.randoms(use_true_random=False),
)
@examples(
    max_examples=MANY, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_merged_shards_report_what_one_run_does(
    tmp_path_factory: pytest.TempPathFactory,
    changes: Sequence[tuple[str, ...]],
    paths: Sequence[str],
    of: int,
    random: Random,
) -> None:
    root = tmp_path_factory.mktemp("repository")
    (root / ".git").mkdir()
    write(root, {**START, "policy/own-rule.yaml": OWN_RULE})
    for change in changes:
        apply(root, *change)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)

        assert whole(root, paths) == sharded(root, paths, of, random)

"""The report of merged shards is the report of one run, to the byte."""

from __future__ import annotations

import io
import os
from collections import Counter
from collections.abc import Sequence
from contextlib import redirect_stderr
from pathlib import Path
from random import Random

import pytest
from edit_samples import ALLOWED, EDITS, NESTED, PLAN, START, apply, edits, losses, renames
from hypothesis import HealthCheck, example, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from repository_samples import OWN_RULE, write

from dativo_lint.cli import main
from dativo_lint.findings.shards import Shard
from dativo_lint.reports import REPORTS

MANY = int(os.environ.get("SHARD_EXAMPLES", "10"))
"""Random repositories that are tried; thousands, where somebody asks for them."""
PATHS = (".", "jobs", "assets", "jobs/*.yaml", "out", "jobs/nested", "policy")
BASELINE = "accepted.json"
ACCEPTED = ("--baseline", BASELINE, "--ratchet")
COVERAGE = ("--by", "environment", "--missing", "--fail-under", "90")
SHARED = (
    # Two names of one asset, and one job that takes it for a connector.
    ("write", "other/orders.yaml", EDITS["other/orders.yaml"][2]),
    ("write", "jobs/both.yaml", EDITS["jobs/both.yaml"][1]),
    ("write", "jobs/nested/deep.yaml", NESTED.replace("assets/", "other/")),
    ("write", "jobs/bad.yaml", ALLOWED),
    ("write", "modules/job/main.tf", EDITS["modules/job/main.tf"][4]),
)
ONE_JOB = [("remove", path, "") for path in START if "/orders" not in path]
NO_JOB = [("remove", path, "") for path in START if path.startswith("jobs/")]


def run(*arguments: str) -> tuple[int, str]:
    """The exit code of a command, and what it says on standard error."""
    with redirect_stderr(io.StringIO()) as errors:
        code = main([*arguments])
    return code, errors.getvalue()


def written(folder: Path, command: str, *arguments: str) -> tuple[int, str, dict[str, bytes]]:
    """A command with its reports in a folder, in every form."""
    folder.mkdir()
    formats = [f"--format={form}={folder / form}" for form in REPORTS]
    code, errors = run(command, *arguments, *formats, "-qq")
    return code, errors, {it.name: it.read_bytes() for it in sorted(folder.iterdir())}


def sharded(
    folder: Path, arguments: Sequence[str], of: int, random: Random
) -> tuple[int, str, dict[str, bytes]]:
    """The merge of the shards of a run, each in one of two forms and all in any order; or what the
    first that failed says."""
    reports = []
    for number in range(1, of + 1):
        shard = written(folder / str(number), "check", *arguments, "--shard", f"{number}/{of}")
        if shard[0] == 2:
            return shard
        reports.append(str(folder / str(number) / random.choice(["json", "sarif"])))
    random.shuffle(reports)
    return written(folder / "merged", "merge", *reports)


def coverage_of_shards(
    folder: Path, paths: Sequence[str], of: int, random: Random, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str, str]:
    """The merged coverage of the shards of a run, as JSON."""
    reports = []
    for number in range(1, of + 1):
        arguments = (*paths, *COVERAGE, "--shard", f"{number}/{of}", "--format", "json")
        code, errors = run("coverage", *arguments)
        if code == 2:
            return code, errors, ""
        reports.append(folder / f"{number}.coverage")
        reports[-1].write_text(capsys.readouterr().out)
    random.shuffle(reports)
    return *run("merge", *map(str, reports), "--format", "json"), capsys.readouterr().out


@given(
    changes=st.lists(edits | losses | renames, max_size=8),
    paths=st.lists(st.sampled_from(PATHS), min_size=1, max_size=2),
    of=st.integers(1, 6),
    has_baseline=st.booleans(),
    random=st.randoms(use_true_random=False),
)
@example(SHARED, ["."], 5, True, Random(1))
@example(SHARED, ["jobs"], 5, False, Random(1))
@example([], ["jobs/orders.yaml", "jobs/bad.yaml"], 3, True, Random(1))
@example([], ["assets"], 3, False, Random(1))
@example(ONE_JOB, ["."], 7, False, Random(1))
@example(NO_JOB, ["."], 2, False, Random(1))
@example([*NO_JOB, ("write", "out/plan.json", PLAN)], ["."], 3, True, Random(1))
@examples(
    max_examples=MANY, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_merged_shards_report_what_one_run_does(
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
    changes: Sequence[tuple[str, ...]],
    paths: Sequence[str],
    of: int,
    has_baseline: bool,
    random: Random,
) -> None:
    root, folder = (tmp_path_factory.mktemp(name) for name in ("repository", "reports"))
    (root / ".git").mkdir()
    write(root, {**START, "policy/own-rule.yaml": OWN_RULE})
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        if has_baseline:
            assert run("baseline", "create", "--baseline", BASELINE)[0] == 0
        for change in changes:
            apply(root, *change)
        arguments = (*paths, "--no-cache", *(ACCEPTED if has_baseline else ()))

        assert sharded(folder, arguments, of, random) == written(
            folder / "whole", "check", *arguments
        )
        capsys.readouterr()
        merged = coverage_of_shards(folder, paths, of, random, capsys)
        code, errors = run("coverage", *paths, *COVERAGE, "--format", "json")
        assert (code, capsys.readouterr().out) == (merged[0], merged[2])
        assert code == 2 or errors == merged[1]


def test_every_file_is_in_one_shard_which_is_the_same_on_every_machine() -> None:
    paths = [f"jobs/{number}.yaml" for number in range(4_000)]
    counts = Counter(n for path in paths for n in range(1, 9) if Shard(n, 8).holds(path))

    assert sum(counts.values()) == len(paths)
    assert all(400 < counts[number] < 600 for number in range(1, 9))
    assert [8, 8, 3] == [
        next(n for n in range(1, 9) if Shard(n, 8).holds(path)) for path in ("a", "é", "\udcff")
    ]

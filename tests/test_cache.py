"""The report with the cache is the report without, whatever was run and edited before."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from edit_samples import EDITS, RUNNER, START, apply, edits, losses, renames
from hypothesis import HealthCheck, example, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from repository_samples import BAD_JOB, JOB, MODULE, OWN_RULE, write

from dativo_lint.api import lint
from dativo_lint.documents import folder as reading
from dativo_lint.documents.folder import DiskFolder
from dativo_lint.engine.cache import cache_file, entries_in
from dativo_lint.engine.engine import Engine, Judged
from dativo_lint.engine.means import ALONE, Means
from dativo_lint.engine.selection import Request, Role
from dativo_lint.errors import UsageError
from dativo_lint.reports import REPORTS
from dativo_lint.reports.style import Style
from dativo_lint.settings.files import find_settings

DAY = date(2026, 1, 1)
MANY = int(os.environ.get("CACHE_EXAMPLES", "15"))
"""Random sequences that are tried; thousands, where somebody asks for them."""

RUNS: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    ((".",), {}),
    (("jobs",), {}),
    (("jobs/*.yaml",), {}),
    (("jobs/nested", "assets"), {}),
    (("jobs/orders.yaml",), {}),
    (("jobs/both.yaml", "other/runner.yaml"), {}),
    (("jobs/module.yaml", "connectors/postgres.yaml"), {}),
    (("assets/orders.yaml",), {}),
    (("other/orders.yaml", "out"), {}),
    (("modules/job/main.tf",), {}),
    (("out/flat.yaml",), {}),
    (("out/flat.yaml",), {"sink": "iceberg", "job": "jobs/orders.yaml"}),
    (("out/plan.json",), {"job": "jobs/bad.yaml"}),
    ((), {"rendered": ("out/plan.json", "out/set.yaml")}),
    ((".",), {"rendered": ("out/flat.yaml",), "sink": "dagster"}),
    (("assets/orders.yaml",), {"changed": True}),
    (("other/orders.yaml", "jobs/nested/assets/orders.yaml"), {"changed": True}),
    (("connectors/postgres.yaml", "configs/runner.yaml"), {"changed": True}),
    (("modules/inner/main.tf", "modules/job/more.tf", "jobs/bad.yaml"), {"changed": True}),
    ((".dativo-lint.yml", "policy/own-rule.yaml"), {"changed": True}),
    (("jobs/nested/.dativo-lint.yaml", "presets/house.yml"), {"changed": True}),
    (("assets/.dativo-lint.yml",), {"changed": True}),
    (("out/set.yaml", "out/flat.yaml", "jobs/orders.yaml"), {"changed": True}),
)
runs = st.tuples(
    st.just("run"),
    st.sampled_from(RUNS),
    st.sampled_from([(), ("unknown-provider",), ("conflicts", "files")]),
    st.sampled_from([1, 1, 2]),
)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository, which is the current folder."""
    return made(tmp_path / "repository", monkeypatch)


def made(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (root / ".git").mkdir(parents=True)
    write(root, START)
    write(root, {"policy/own-rule.yaml": OWN_RULE})
    monkeypatch.chdir(root)
    return root


def told(
    root: Path, means: Means, *paths: str, select: tuple[str, ...] = (), **options: Any
) -> str:
    """All that a run says, in a form that leaves nothing out, or why it says nothing."""
    over = {"select": select} if select else {}
    try:
        settings = find_settings(root, over=over)
        given = paths or (() if options else (".",))
        report = lint(given, settings, today=DAY, means=means, **options)
    except UsageError as misuse:
        return str(misuse)
    return "".join(REPORTS["json"](report, Style(show_unresolved=True)))


HOOK = ((("assets/orders.yaml",), {"changed": True}), ("unknown-provider",), 1)
FULL = ((("jobs",), {}), ("unknown-provider",), 1)


@examples(max_examples=MANY, suppress_health_check=list(HealthCheck))
@given(st.lists(st.one_of(edits, losses, renames, runs, runs), min_size=4, max_size=14))
@example(
    # What a commit hook looks at must not tell a later run that the rest is clean.
    [("write", "jobs/bad.yaml", EDITS["jobs/bad.yaml"][2]), ("run", *HOOK), ("run", *FULL)]
)
def test_the_report_with_the_cache_is_the_report_without(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Any]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "dativo_lint.engine.run.BATCH", 3
        )  # so that processes have something to share
        root = made(tmp_path_factory.mktemp("edited") / "repository", patch)
        cache = root.parent / "cache"
        for what, *rest in steps:
            if what != "run":
                apply(root, what, *rest)
                continue
            (paths, options), select, processes = rest
            cold = told(root, ALONE, *paths, select=select, **options)
            warm = told(root, Means(processes, cache), *paths, select=select, **options)
            assert cold == warm, (paths, options, select)
        cold = told(root, ALONE)
        assert [cold] * 2 == [told(root, Means(cache=cache)) for _ in range(2)]
        shutil.rmtree(root.parent)


def test_a_hook_leaves_nothing_behind_that_makes_a_later_run_green(root: Path) -> None:
    for name, provider in (("one", "aws"), ("two", "azure")):
        job = f"asset_path: {name}.yaml\ninfrastructure: {{provider: {provider}}}\n"
        write(root, {f"{name}.yaml": f"asset: {{name: {name}}}\n", f"job-{name}.yaml": job})
    means = Means(cache=root.parent / "cache")
    options: dict[str, Any] = {"select": ("unknown-provider",)}

    told(root, means, "one.yaml", changed=True, **options)

    assert "job-two.yaml" in told(root, means, "job-one.yaml", "job-two.yaml", **options)
    assert told(root, ALONE, **options) == told(root, means, **options)


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the files that are judged from now on."""
    paths: list[str] = []
    judge = Engine.judge

    def noted(self: Engine, requests: Sequence[Request]) -> list[Judged]:
        paths.extend(it.path for it in requests if it.role not in (Role.READ, Role.ASSET))
        return judge(self, requests)

    monkeypatch.setattr(Engine, "judge", noted)
    return paths


def test_what_is_unchanged_is_neither_judged_nor_parsed(
    root: Path, judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    warm = Means(cache=root.parent / "cache")
    told(root, warm)
    judged.clear()
    parsed: list[str] = []
    opened: Counter[str] = Counter()
    settings = find_settings(root)
    read = DiskFolder.read
    monkeypatch.setattr(
        "dativo_lint.jobs.repository.read_content",
        lambda path, *rest: parsed.append(path) or reading.read_content(path, *rest),
    )
    monkeypatch.setattr(
        DiskFolder, "read", lambda it, path, *of: opened.update([path]) or read(it, path, *of)
    )

    lint(["."], settings, today=DAY, means=warm)

    assert ([], []) == (judged, parsed)
    assert {1} == {opened[path] for path in START}


@pytest.mark.parametrize(
    ("path", "text", "again"),
    [
        ("modules/job/main.tf", f"{MODULE}\n", {"jobs/module.yaml", "jobs/nested/deep.yaml"}),
        ("modules/job/new.tf", "", {"jobs/module.yaml", "jobs/nested/deep.yaml"}),
        ("jobs/unrelated/main.tf", MODULE, set()),
        ("configs/runner.yaml", RUNNER.replace("a b", "c"), {"jobs/orders.yaml"}),
        (
            "connectors/iceberg.yaml",
            "{name: iceberg, type: iceberg, default_engine: {}}\n# more\n",
            {"jobs/bad.yaml", "jobs/module.yaml", "jobs/nested/deep.yaml", "jobs/orders.yaml"},
        ),
        ("jobs/orders.yaml", BAD_JOB, {"jobs/orders.yaml"}),
    ],
)
def test_a_change_judges_again_what_depends_on_it_and_nothing_else(
    root: Path, judged: list[str], path: str, text: str, again: set[str]
) -> None:
    warm = Means(cache=root.parent / "cache")
    told(root, warm, "jobs")
    judged.clear()
    write(root, {path: text})

    told(root, warm, "jobs")

    assert sorted(again) == sorted(judged)


@pytest.mark.parametrize(("path", "again"), [("jobs/bad.yaml", 0), ("jobs/orders.yaml", 1)])
def test_runner_files_are_read_again_only_for_a_job_that_they_start(
    root: Path, monkeypatch: pytest.MonkeyPatch, path: str, again: int
) -> None:
    warm = Means(cache=root.parent / "cache")
    told(root, warm, "jobs")
    write(root, {path: f"{START[path]}# edited\n"})
    parsed = Counter[str]()
    monkeypatch.setattr(
        "dativo_lint.jobs.repository.read_content",
        lambda path, *rest: parsed.update([path]) or reading.read_content(path, *rest),
    )

    after = told(root, warm, "jobs")

    assert again == parsed["configs/runner.yaml"]
    assert after == told(root, ALONE, "jobs")


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:30],
        lambda content: content[:-3000],
        lambda content: content[:40] + bytes([content[40] ^ 1]) + content[41:],
        lambda content: content.replace(b"is azure", b"is azurE"),
        lambda content: b"\x00" * len(content),
        lambda content: b"not a regular file",
    ],
)
def test_a_damaged_file_is_made_anew(root: Path, judged: list[str], damage: Any) -> None:
    warm = Means(cache=root.parent / "cache")
    cold = told(root, ALONE)
    told(root, warm)
    file = cache_file(root.parent / "cache", str(root))
    file.write_bytes(damage(file.read_bytes()))

    assert [cold] * 2 == [told(root, warm) for _ in range(2)]
    judged.clear()
    assert cold == told(root, warm)
    assert [] == judged


def test_runs_at_one_time_do_not_get_in_each_others_way(root: Path) -> None:
    warm = Means(cache=root.parent / "cache")
    cold = told(root, ALONE)
    children = []
    for _ in range(6):
        child = os.fork()
        if not child:
            os._exit(0 if told(root, warm) == cold else 1)
        children.append(child)

    assert [0] * 6 == [os.waitstatus_to_exitcode(os.waitpid(it, 0)[1]) for it in children]
    assert cold == told(root, warm)
    assert not list((root.parent / "cache").glob("*.damaged"))


def test_a_run_goes_on_without_a_cache_that_is_locked(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dativo_lint.engine.cache._BUSY_SECONDS", 0.01)
    warm = Means(cache=root.parent / "cache")
    cold = told(root, warm)
    file = cache_file(root.parent / "cache", str(root))
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN EXCLUSIVE")
        write(root, {"jobs/bad.yaml": JOB})
        assert cold != told(root, warm) == told(root, ALONE)

    assert told(root, warm) == told(root, ALONE)
    assert [] == list(file.parent.glob("*.damaged"))


def test_a_cache_that_cannot_be_written_is_done_without(root: Path) -> None:
    (root.parent / "file").write_text("no folder")

    assert told(root, ALONE) == told(root, Means(cache=root.parent / "file" / "cache"))


def test_paths_and_texts_that_are_no_unicode_are_judged_each_time(root: Path) -> None:
    warm = Means(cache=root.parent / "cache")
    (root / os.fsdecode(b"jobs/\xff.yaml")).write_text(BAD_JOB)
    write(root, {"jobs/odd.json": '{"infrastructure": {"provider": "\\ud800"}}'})

    cold = told(root, ALONE)

    assert [cold] * 3 == [told(root, Means(n, root.parent / "cache")) for n in (1, 2, 1)]
    assert "\\xff" in cold or "ff.yaml" in cold
    assert told(root, warm, "jobs") == told(root, ALONE, "jobs")


def test_what_was_not_used_for_long_leaves_the_cache(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warm = Means(cache=root.parent / "cache")
    file = cache_file(root.parent / "cache", str(root))
    write(
        root,
        {f"jobs/many/{number}.yaml": "infrastructure: {provider: aws}\n" for number in range(50)},
    )
    told(root, warm)
    before = entries_in(file)
    shutil.rmtree(root / "jobs/many")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE result SET used = used - 40")

    told(root, warm)

    assert before - 50 == entries_in(file)


def test_only_a_few_identities_of_a_repository_are_kept(root: Path) -> None:
    for level in range(8):
        write(root, {".dativo-lint.yml": f"limits: {{nesting: {90 + level}}}\n"})
        told(root, Means(cache=root.parent / "cache"))

    cache = root.parent / "cache"
    with closing(sqlite3.connect(cache_file(cache, str(root)))) as connection:
        query = "SELECT count(DISTINCT identity) FROM result"
        assert (4,) == connection.execute(query).fetchone()
    assert {"CACHEDIR.TAG", ".gitignore"} <= {it.name for it in cache.iterdir()}


def test_a_run_that_was_stopped_leaves_a_cache_of_use(
    root: Path, judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    warm = Means(cache=root.parent / "cache")
    write(root, {f"jobs/many/{number}.yaml": JOB for number in range(200)})
    judge = Engine.judge

    def stopped(self: Engine, requests: Sequence[Request]) -> list[Judged]:
        if any(it.path == "jobs/many/90.yaml" for it in requests):
            raise KeyboardInterrupt
        return judge(self, requests)

    with monkeypatch.context() as patch:
        patch.setattr(Engine, "judge", stopped)
        with pytest.raises(KeyboardInterrupt):
            told(root, warm)
    judged.clear()

    after = told(root, warm)
    assert 0 < len(judged) < 200
    assert after == told(root, ALONE)


def test_what_several_processes_keep_is_what_one_recalls(root: Path, judged: list[str]) -> None:
    cache = root.parent / "cache"
    write(root, {f"jobs/many/{number}.yaml": (JOB, BAD_JOB)[number % 2] for number in range(200)})
    cold = told(root, ALONE)
    assert cold == told(root, Means(2, cache))
    judged.clear()

    assert cold == told(root, Means(1, cache))
    assert [] == judged


def test_a_crash_is_not_kept(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    warm = Means(cache=root.parent / "cache")
    with monkeypatch.context() as patch:
        patch.setattr("dativo_lint.engine.engine.suppressions_of", lambda reading: 1 // 0)
        assert "ZeroDivisionError" in told(root, warm)

    assert told(root, ALONE) == told(root, warm)

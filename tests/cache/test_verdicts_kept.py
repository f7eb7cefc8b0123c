"""A run that remembers earlier ones finds what a run finds that remembers nothing."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from repository_samples import ASSET, BAD_JOB, FILES, JOB, MODULE, OWN_RULE, with_module, write

from dativo_lint.cache import bundles
from dativo_lint.cache.verdicts import Verdicts
from dativo_lint.judging import Judging
from dativo_lint.api import lint
from dativo_lint.misuse import Misuse
from dativo_lint.reports import REPORTS
from dativo_lint.reports.style import Style
from dativo_lint.run import ALONE, Means
from dativo_lint.settings_file import find_settings
from dativo_lint.texts import folder as reading
from dativo_lint.texts.folder import DiskFolder
from dativo_lint.verdict import ready

DAY = date(2026, 1, 1)
RUNNER = """\
runner:
  orchestrator:
    schedules:
      - {name: daily, config: jobs/orders.yaml, cron: "0 2 * * *", tags: {team: "a b"}}
"""
START = {
    **FILES,
    "jobs/bad.yaml": BAD_JOB,
    "jobs/module.yaml": with_module(),
    "jobs/nested/deep.yaml": with_module().replace("./modules/job", "../../modules/job"),
    "modules/job/main.tf": MODULE,
    "configs/runner.yaml": RUNNER,
}
ALLOWED = BAD_JOB.replace("azure", "azure  # dativo-lint: allow unknown-provider because of it")
OVERRIDES = """\
overrides:
  - when: {infrastructure.provider: azure}
    rules: {unknown-provider: {severity: note}, missing-owner: {severity: "off"}}
"""
EDITS: dict[str, tuple[str | None, ...]] = {
    "jobs/orders.yaml": (JOB, BAD_JOB, ALLOWED, "a: [", f"{JOB}---\n{BAD_JOB}", None),
    "jobs/bad.yaml": (BAD_JOB, ALLOWED, JOB.replace("assets/", "other/"), None),
    "jobs/module.yaml": (with_module(), with_module(terraform_vars="{password: 1, odd: 2}")),
    "jobs/nested/assets/orders.yaml": (ASSET.replace("FIN-001", "FIN-002"), None),
    "jobs/nested/modules/job/main.tf": ('variable "needed" {}\n', None),
    "assets/orders.yaml": (ASSET, ASSET.replace("FIN-001", "FIN-009"), "asset: {", None),
    "other/orders.yaml": (ASSET, None),
    "connectors/postgres.yaml": ("type: postgres\n", "type: [", None),
    "modules/job/main.tf": (MODULE, MODULE.replace("= number", "= bool"), 'variable "x" {', None),
    "modules/job/more.tf": ('variable "needed" {}\n', None),
    "modules/job/main_override.tf": ('variable "tags" {\n  type = number\n}\n', None),
    "configs/runner.yaml": (
        RUNNER,
        RUNNER.replace("a b", "ab"),
        "# moved\n" + RUNNER,
        "a: [",
        None,
    ),
    ".dativo-lint.yml": (
        "rules: {unknown-provider: {severity: warning}}\n",
        OVERRIDES,
        "rule_folders: [policy]\n",
        None,
    ),
    "policy/own-rule.yaml": (OWN_RULE, OWN_RULE.replace("warning", "note")),
}


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


def told(root: Path, means: Means, *paths: str, **options: Any) -> str:
    """All that a run says, in a form that leaves nothing out."""
    report = lint(paths or (".",), find_settings(root), today=DAY, means=means, **options)
    return "".join(REPORTS["json"](report, Style(show_open=True)))


def apply(root: Path, path: str, text: str | None) -> None:
    if text is not None:
        write(root, {path: text})
    elif (root / path).exists():
        (root / path).unlink()


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the files that are judged from now on."""
    paths: list[str] = []
    judge = Judging.files

    def noted(self: Judging, its: Sequence[str], take: Any) -> Any:
        paths.extend(its)
        return judge(self, its, take)

    monkeypatch.setattr(Judging, "files", noted)
    return paths


PATHS = ((), ("jobs",), ("jobs/module.yaml", "configs"), ("jobs/nested/deep.yaml",))
edits = st.sampled_from([(path, text) for path, texts in EDITS.items() for text in texts])


@examples(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(edits, st.integers(0, len(PATHS) - 1)), min_size=1, max_size=8),
    st.sampled_from([1, 2, 3, bundles.MEAN_FILES]),
)
@example(
    # An asset that is given changes, after its jobs were judged without it.
    [
        (("jobs/orders.yaml", BAD_JOB), 1),
        (("assets/orders.yaml", "asset: {"), 0),
        (("jobs/orders.yaml", JOB), 1),
    ],
    1,
)
def test_whatever_is_edited_warm_runs_say_what_cold_ones_say(
    tmp_path_factory: pytest.TempPathFactory,
    changes: list[tuple[tuple[str, str | None], int]],
    mean: int,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundles, "MEAN_FILES", mean)
        root = made(tmp_path_factory.mktemp("edited") / "repository", patch)
        warm = Means(cache=root.parent / "cache")
        assert told(root, ALONE) == told(root, warm) == told(root, warm)
        for (path, text), kind in changes:
            apply(root, path, text)
            paths = ((), ("jobs",), ("jobs/module.yaml", "assets"), ("jobs/nested/deep.yaml",))[
                kind
            ]
            assert told(root, ALONE, *paths) == told(root, warm, *paths)
        shutil.rmtree(root.parent)


@pytest.mark.parametrize(
    ("paths", "options"),
    [
        (("assets/orders.yaml",), {"changed": True}),
        (("modules/job/main.tf", "jobs/bad.yaml"), {"changed": True}),
        (("assets",), {}),
        (("jobs/orders.yaml", "configs/runner.yaml"), {}),
    ],
)
def test_named_files_are_told_alike(root: Path, paths: tuple[str, ...], options: Any) -> None:
    warm = Means(cache=root.parent / "cache")
    told(root, warm)

    cold = told(root, ALONE, *paths, **options)

    assert [cold] * 2 == [told(root, warm, *paths, **options) for _ in range(2)]


@pytest.fixture(params=[1, 3, bundles.MEAN_FILES])
def bundled(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bundles of one file, of few files, and none because all the files are fewer."""
    monkeypatch.setattr(bundles, "MEAN_FILES", request.param)


@pytest.mark.usefixtures("bundled")
def test_what_is_unchanged_is_neither_judged_nor_parsed(
    root: Path, judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    warm = Means(cache=root.parent / "cache")
    told(root, warm)
    judged.clear()
    parsed: list[str] = []
    settings = find_settings(root)
    monkeypatch.setattr(
        "dativo_lint.subject.library.read_content",
        lambda path, *rest: parsed.append(path) or reading.read_content(path, *rest),
    )

    lint(["."], settings, today=DAY, means=warm)

    assert ([], []) == (judged, parsed)


JOBS = {path for path in START if path.startswith("jobs/")}


@pytest.mark.usefixtures("bundled")
@pytest.mark.parametrize(
    ("path", "text", "again"),
    [
        ("modules/job/main.tf", f"{MODULE}\n", {"jobs/module.yaml", "jobs/nested/deep.yaml"}),
        ("modules/job/new.tf", "", {"jobs/module.yaml", "jobs/nested/deep.yaml"}),
        ("jobs/unrelated/main.tf", MODULE, set()),
        ("configs/runner.yaml", RUNNER.replace("a b", "c"), {"jobs/orders.yaml"}),
        ("connectors/iceberg.yaml", "type: iceberg\n# more\n", JOBS),
        ("jobs/orders.yaml", BAD_JOB, {"jobs/orders.yaml"}),
    ],
)
def test_a_change_judges_again_what_hangs_on_it_and_nothing_else(
    root: Path, judged: list[str], path: str, text: str, again: set[str]
) -> None:
    warm = Means(cache=root.parent / "cache")
    told(root, warm, "jobs")
    judged.clear()
    write(root, {path: text})

    told(root, warm, "jobs")

    assert sorted(again) == sorted(judged)


def test_only_what_has_changed_is_looked_up_alone_and_every_file_is_opened_once(
    root: Path, judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    warm = Means(cache=root.parent / "cache")
    write(root, {f"jobs/many/{number}.yaml": JOB for number in range(400)})
    told(root, warm)
    judged.clear()
    write(root, {"jobs/many/200.yaml": BAD_JOB})
    alone, opened = Counter[str](), Counter[str]()
    recall, read = Verdicts.file, DiskFolder.read
    monkeypatch.setattr(
        Verdicts, "file", lambda it, path, *mode: alone.update([path]) or recall(it, path, *mode)
    )
    monkeypatch.setattr(
        DiskFolder, "read", lambda it, path, *of: opened.update([path]) or read(it, path, *of)
    )

    changed = told(root, warm)

    assert ["jobs/many/200.yaml"] == judged == list(alone)
    assert {1} == {count for path, count in opened.items() if "/many/" in path}
    opened.clear()
    alone.clear()
    assert changed == told(root, warm)
    assert not alone
    assert {1} == {count for path, count in opened.items() if "/many/" in path}


def test_a_run_over_a_part_leaves_the_bundles_of_the_whole_alone(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warm = Means(cache=root.parent / "cache")
    write(root, {f"jobs/many/{number}.yaml": JOB for number in range(400)})
    write(root, {f"jobs/more/{number}.yaml": JOB for number in range(100)})
    told(root, warm)
    told(root, warm, "jobs/many")
    told(root, warm, "jobs/more", "assets")
    alone: list[str] = []
    monkeypatch.setattr(Verdicts, "file", lambda _, path, *__: alone.append(path))

    told(root, warm)

    assert [] == alone


def test_a_file_that_must_not_exist_is_part_of_what_a_verdict_hangs_on(root: Path) -> None:
    # The path is tried from the root first, where nothing is as yet.
    write(root, {"jobs/deep/assets/x.yaml": ASSET})
    write(root, {"jobs/deep/a.yaml": JOB.replace("assets/orders", "assets/x")})
    warm = Means(cache=root.parent / "cache")
    before = told(root, warm, "jobs/deep/a.yaml")
    write(root, {"assets/x.yaml": ASSET.replace("FIN-001", "FIN-077")})

    after = told(root, warm, "jobs/deep/a.yaml")

    assert before != after
    assert told(root, ALONE, "jobs/deep/a.yaml") == after


def shards(cache: Path) -> Iterator[Path]:
    return (it for it in cache.rglob("*") if it.is_file() and len(it.name) in (2, 3))


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:30],
        lambda content: content[:-3],
        lambda content: content[:40] + bytes([content[40] ^ 1]) + content[41:],
        lambda content: b"\x00" * len(content),
        lambda content: b"something else",
    ],
)
def test_damaged_shards_are_rebuilt(root: Path, judged: list[str], damage: Any) -> None:
    warm = Means(cache=root.parent / "cache")
    cold = told(root, ALONE)
    told(root, warm)
    for shard in shards(root.parent / "cache"):
        shard.write_bytes(damage(shard.read_bytes()))

    assert cold == told(root, warm)
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
    assert [] == [it.name for it in (root.parent / "cache").rglob("*") if "." in it.name[1:]][1:]


def test_a_cache_that_cannot_be_written_is_done_without(root: Path) -> None:
    (root.parent / "file").write_text("no folder")

    assert told(root, ALONE) == told(root, Means(cache=root.parent / "file" / "cache"))


def test_files_that_are_gone_leave_the_cache(root: Path) -> None:
    cache = root.parent / "cache"
    names = [f"jobs/many/{number}.yaml" for number in range(600)]
    write(root, dict.fromkeys(names, "infrastructure: {}\n"))
    told(root, Means(cache=cache))
    before = sum(it.stat().st_size for it in shards(cache))
    shutil.rmtree(root / "jobs/many")
    write(root, {f"jobs/new/{number}.yaml": "infrastructure: {}\n" for number in range(600)})

    told(root, Means(cache=cache))

    assert sum(it.stat().st_size for it in shards(cache)) < 1.3 * before


def test_only_a_few_states_of_a_repository_are_kept(root: Path) -> None:
    cache = root.parent / "cache"
    for level in range(8):
        write(root, {".dativo-lint.yml": f"limits: {{nesting: {90 + level}}}\n"})
        told(root, Means(cache=cache))

    (repository,) = (it for it in cache.iterdir() if it.is_dir())
    assert 4 == len(list(repository.iterdir()))
    assert {"CACHEDIR.TAG", ".gitignore"} <= {it.name for it in cache.iterdir()}


def test_settings_of_an_earlier_run_are_not_held_against_the_rules_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warm = Means(cache=root.parent / "cache")
    form = "rules:\n  unknown-environment:\n    params:\n      one_of: {}\n"
    write(root, {".dativo-lint.yml": form.format("[dev, prod]")})
    before = told(root, warm)
    write(root, {".dativo-lint.yml": form.format("dev")})
    for _ in range(2):
        with pytest.raises(Misuse, match="one_of"):
            told(root, warm)
    write(root, {".dativo-lint.yml": form.format("[dev, prod]  # as before")})
    held: list[object] = []
    monkeypatch.setattr(ready, "hold_params", lambda *its: held.append(its))

    assert before == told(root, warm)
    assert [] == held


@pytest.mark.parametrize(("path", "again"), [("jobs/bad.yaml", 0), ("jobs/orders.yaml", 1)])
def test_runner_files_are_read_again_only_for_a_job_that_they_start(
    root: Path, monkeypatch: pytest.MonkeyPatch, path: str, again: int
) -> None:
    warm = Means(cache=root.parent / "cache")
    told(root, warm, "jobs")
    write(root, {path: f"{START[path]}# edited\n"})
    parsed = Counter[str]()
    monkeypatch.setattr(
        "dativo_lint.subject.library.read_content",
        lambda path, *rest: parsed.update([path]) or reading.read_content(path, *rest),
    )

    after = told(root, warm, "jobs")

    assert again == parsed["configs/runner.yaml"]
    assert after == told(root, ALONE, "jobs")


def test_a_run_that_was_stopped_leaves_a_cache_that_is_marked_and_of_use(
    root: Path, judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    warm = Means(cache=root.parent / "cache")
    write(root, {f"jobs/many/{number}.yaml": JOB for number in range(400)})
    judge = Judging.files

    def stopped(self: Judging, its: Sequence[str], take: Any) -> Any:
        if "jobs/many/90.yaml" in its:
            raise KeyboardInterrupt
        return judge(self, its, take)

    with monkeypatch.context() as patch:
        patch.setattr(Judging, "files", stopped)
        with pytest.raises(KeyboardInterrupt):
            told(root, warm)
    judged.clear()

    assert "*\n" == (root.parent / "cache" / ".gitignore").read_text()
    after = told(root, warm)
    assert 0 < len(judged) < 400
    assert after == told(root, ALONE)


def test_what_several_processes_keep_is_what_one_recalls(root: Path, judged: list[str]) -> None:
    cache = root.parent / "cache"
    write(root, {f"jobs/many/{number}.yaml": (JOB, BAD_JOB)[number % 2] for number in range(200)})
    cold = told(root, ALONE)
    assert cold == told(root, Means(2, cache))
    judged.clear()

    assert cold == told(root, Means(1, cache))
    assert [] == judged

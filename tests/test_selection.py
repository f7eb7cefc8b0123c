"""Which jobs are judged, and which files are read for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memory_folder import MemoryFolder
from msgspec import Struct
from repository_samples import ASSET, BAD_JOB, FILES, JOB, MODULE, memory, with_module

from dativo_lint.documents.document import Limits
from dativo_lint.engine.run import Run
from dativo_lint.engine.selection import Given, Request, Role
from dativo_lint.errors import UsageError
from dativo_lint.findings.file_results import FileResult
from dativo_lint.rulebook.load import builtin_rules
from dativo_lint.settings.ruleset import RuleSets
from dativo_lint.settings.settings import Settings, settings_from


class Selection(Struct):
    """The jobs that a run judged, by path and number, the files that it read, and what it did not
    take."""

    jobs: list[tuple[str, int]] = []
    texts: set[str] = set()
    passed_over: tuple[str, ...] = ()


def selected(
    given: Given, folder: MemoryFolder, settings: Settings | None = None, **data: Any
) -> Selection:
    """What is judged for its own sake in a folder, under settings."""
    selection = Selection()

    class Noted(Run):
        def _add(self, request: Request, result: FileResult, *, is_part: bool = False) -> None:
            super()._add(request, result, is_part=is_part)
            if result.text is not None and request.role not in (Role.READ, Role.ASSET):
                selection.texts.add(request.path)
                selection.jobs += ((request.path, job.number) for job in result.jobs)

    settings = settings or settings_from({"select": ["unreadable-file"], **data}, "/repository")
    run = Noted(folder, given, settings, RuleSets(builtin_rules(), settings))
    try:
        selection.passed_over = run.report().passed_over
    except UsageError:
        selection.passed_over = tuple(run._passed_over)
    selection.jobs.sort()
    return selection


def jobs(given: Given, folder: MemoryFolder, **data: Any) -> list[str]:
    """The paths of the jobs that are selected."""
    return [path for path, _ in selected(given, folder, **data).jobs]


def from_all(folder: MemoryFolder, *named: str, **more: Any) -> Given:
    """Some named files, in a repository that can be searched."""
    return Given(named, all_files=lambda: sorted(folder.files), **more)


SECOND = JOB.replace("assets/orders.yaml", "assets/second.yaml")
TWO = memory(jobs__second=SECOND, assets__second=ASSET)


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (["jobs/orders.yaml"], ["jobs/orders.yaml"]),
        (["assets/orders.yaml"], ["jobs/orders.yaml"]),
        (["assets/second.yaml"], ["jobs/second.yaml"]),
        (["connectors/iceberg.yaml"], ["jobs/orders.yaml", "jobs/second.yaml"]),
        (["assets/orders.yaml", "assets/second.yaml"], ["jobs/orders.yaml", "jobs/second.yaml"]),
        (["jobs/second.yaml", "assets/orders.yaml"], ["jobs/orders.yaml", "jobs/second.yaml"]),
    ],
    ids=str,
)
@pytest.mark.parametrize("changed", [True, False])
def test_dependents_are_just_those_that_use_a_file(
    named: list[str], expected: list[str], changed: bool
) -> None:
    assert expected == jobs(from_all(TWO, *named, changed=changed), TWO)


def test_only_the_files_of_selected_jobs_are_judged_as_texts() -> None:
    found = selected(from_all(TWO, "connectors/postgres.yaml", "assets/second.yaml"), TWO)
    alone = selected(from_all(TWO, "assets/second.yaml"), TWO)

    assert {"jobs/orders.yaml", "jobs/second.yaml", "assets/second.yaml"} == set(found.texts)
    assert {"jobs/second.yaml", "assets/second.yaml"} == set(alone.texts)


def test_jobs_are_sorted_by_place_and_each_is_there_once() -> None:
    folder = MemoryFolder({"b.yaml": f"{JOB}---\n{JOB}", "a.yaml": JOB})
    given = Given(["b.yaml", "a.yaml"], ["a.yaml", "b.yaml"], all_files=lambda: ["a.yaml"])

    places = selected(given, folder).jobs

    assert [("a.yaml", 0), ("b.yaml", 0), ("b.yaml", 1)] == places


def test_of_a_file_with_several_jobs_those_are_dependents_that_use_the_file() -> None:
    folder = MemoryFolder({**TWO.files, "jobs/both.yaml": f"{JOB}---\n{SECOND}"})

    found = selected(from_all(folder, "assets/second.yaml"), folder)

    assert [("jobs/both.yaml", 1), ("jobs/second.yaml", 0)] == found.jobs


def test_a_broken_job_searches_for_no_dependents() -> None:
    def nobody() -> Sequence[str]:
        pytest.fail("the repository is searched")

    folder = memory(jobs__broken=f"{JOB}x: [\n")
    found = selected(Given(["jobs/broken.yaml"], all_files=nobody), folder)

    assert ["jobs/broken.yaml"] == list(found.texts)


def test_a_broken_asset_brings_the_jobs_that_use_it() -> None:
    for broken in ("a: [", f"{ASSET}x: [\n", "\0"):
        folder = MemoryFolder({**FILES, "assets/orders.yaml": broken})
        for changed in (True, False):
            given = from_all(folder, "assets/orders.yaml", changed=changed)
            assert ["jobs/orders.yaml"] == jobs(given, folder)


def test_the_jobs_setting_goes_over_what_a_file_looks_like() -> None:
    folder = memory(odd__list="- a\n", odd__asset=ASSET, odd__empty="")
    given = Given((), ["odd/list.yaml", "odd/asset.yaml", "odd/empty.yaml"])

    found = selected(given, folder, jobs=["odd/*"])

    assert [("odd/asset.yaml", 0)] == found.jobs
    assert {"odd/asset.yaml", "odd/list.yaml", "odd/empty.yaml"} == found.texts


def test_excluded_files_are_no_dependents_but_what_is_named_is_taken() -> None:
    data = {"exclude": ["jobs/second.yaml"]}

    assert ["jobs/orders.yaml"] == jobs(from_all(TWO, "connectors/iceberg.yaml"), TWO, **data)
    assert ["jobs/second.yaml"] == jobs(from_all(TWO, "jobs/second.yaml"), TWO, **data)
    changed = selected(from_all(TWO, "jobs/second.yaml", changed=True), TWO, **data)
    assert ([], ("jobs/second.yaml",)) == (changed.jobs, changed.passed_over)


def test_what_concerns_no_job_is_passed_over() -> None:
    folder = memory(values="replicas: 2", alone=ASSET)
    named = ("values.yaml", "README.md", "main.tf", "alone.yaml", "gone.yaml")

    found = selected(from_all(folder, *named, changed=True), folder)

    assert [] == found.jobs
    assert ("values.yaml", "README.md", "main.tf", "gone.yaml") == found.passed_over
    assert ["alone.yaml"] == list(found.texts)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("modules/job/main.tf", ["jobs/orders.yaml"]),
        ("modules/job/new.tf.json", ["jobs/orders.yaml"]),
        ("modules/job/terraform.tfvars", ["jobs/orders.yaml"]),
        ("modules/job/inner/main.tf", ["jobs/orders.yaml"]),
        ("modules/main.tf", []),
        ("modules/jobs/main.tf", []),
        ("main.tf", []),
    ],
)
def test_a_file_of_a_module_concerns_the_jobs_that_run_in_it(
    path: str, expected: list[str]
) -> None:
    folder = MemoryFolder(
        {**FILES, "jobs/orders.yaml": with_module(), "modules/job/main.tf": MODULE, path: MODULE}
    )

    assert expected == jobs(from_all(folder, path, changed=True), folder)


@pytest.mark.parametrize(
    "gone", ["assets/gone.yaml", "jobs/assets/gone.yaml", "connectors/postgres.yaml"]
)
def test_a_file_that_is_gone_concerns_the_jobs_that_look_for_it(gone: str) -> None:
    job = JOB.replace("assets/orders.yaml", "assets/gone.yaml")
    files = {**FILES, "jobs/orders.yaml": job}
    folder = MemoryFolder({path: text for path, text in files.items() if path != gone})

    assert ["jobs/orders.yaml"] == jobs(from_all(folder, changed=True, gone=[gone]), folder)


def test_a_new_file_that_takes_the_place_of_another_concerns_the_job() -> None:
    folder = memory(jobs__assets__orders=ASSET)

    assert [] == jobs(from_all(folder, "jobs/assets/orders.yaml", changed=True), folder)
    moved = MemoryFolder({p: t for p, t in folder.files.items() if p != "assets/orders.yaml"})
    given = from_all(moved, "jobs/assets/orders.yaml", changed=True)
    assert ["jobs/orders.yaml"] == jobs(given, moved)


def test_the_settings_file_concerns_every_job_and_only_the_one_in_use_does() -> None:
    settings = settings_from({}, "/repository", file="/repository/team/.dativo-lint.yml")
    folder = MemoryFolder({**TWO.files, "team/.dativo-lint.yml": "", ".dativo-lint.yml": ""})

    for path, count in (("team/.dativo-lint.yml", 2), (".dativo-lint.yml", 0)):
        found = selected(from_all(folder, path, changed=True), folder, settings)
        assert count == len(found.jobs)


def test_folders_without_jobs_bring_those_that_use_what_is_in_them() -> None:
    given = Given((), ["assets/second.yaml"], all_files=lambda: sorted(TWO.files))

    assert ["jobs/second.yaml"] == jobs(given, TWO)


def test_folders_with_jobs_bring_no_others() -> None:
    given = Given(
        (), ["assets/second.yaml", "jobs/orders.yaml"], all_files=lambda: sorted(TWO.files)
    )

    assert ["jobs/orders.yaml"] == jobs(given, TWO)


def test_many_jobs_of_a_changed_rule_are_found_in_one_pass() -> None:
    read: list[str] = []

    class Watched(MemoryFolder):
        def read(self, path: str, limits: Limits) -> Any:
            read.append(path)
            return super().read(path, limits)

    files = {f"jobs/{number}.yaml": "infrastructure: {provider: aws}\n" for number in range(1_000)}
    folder = Watched({**files, "policy/a.yaml": ""})
    given = from_all(folder, "policy/a.yaml", changed=True)

    assert 1_000 == len(jobs(given, folder, rule_folders=["policy"]))
    assert {1} == {read.count(path) for path in files}


TEXTS = st.sampled_from(
    [JOB, BAD_JOB, ASSET, "", "a: [", "- 1", "x: 1", f"{JOB}---\n{JOB}", f"{ASSET}a: [", "\0", "{}"]
)


@given(
    st.dictionaries(st.sampled_from([*FILES, "a.yaml", "b.json", "m/x.tf"]), TEXTS, max_size=6),
    st.booleans(),
    st.data(),
)
def test_every_named_file_is_taken_or_concerns_a_job_or_is_passed_over(
    files: dict[str, str], changed: bool, data: st.DataObject
) -> None:
    folder = MemoryFolder(files)
    named = data.draw(st.lists(st.sampled_from(sorted(files) or ["none.yaml"]), unique=True))

    found = selected(from_all(folder, *named, changed=changed), folder)

    assert len(found.jobs) == len(set(found.jobs))
    assert {path for path, _ in found.jobs} <= found.texts
    assert set(found.passed_over) <= set(named)
    assert not set(found.passed_over) & set(found.texts)
    assert found.jobs or set(named) == {*found.passed_over, *(set(found.texts) & set(named))}

"""With what a run is made: a cache, and how many processes."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_samples import Repository
from repository_samples import BAD_JOB


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder, in which caches lie."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_verdicts_are_kept_in_the_users_folder_of_caches(
    home: Path, repository: Repository
) -> None:
    repository.write({"jobs/bad.yaml": BAD_JOB})
    before = files_in(repository.folder)

    first, second = repository.run(), repository.run()

    assert first == second
    assert files_in(home / ".cache" / "dativo-lint")
    assert before == files_in(repository.folder)


def test_another_folder_of_caches_is_used_where_one_is_named(
    home: Path, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))

    repository.run()

    assert files_in(tmp_path / "caches" / "dativo-lint")
    assert not home.exists()


def test_a_folder_of_caches_inside_the_repository_is_left_alone(
    home: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(repository.folder / ".cache"))
    before = files_in(repository.folder)

    repository.run()

    assert before == files_in(repository.folder)


def test_a_cache_inside_the_repository_can_be_asked_for(home: Path, repository: Repository) -> None:
    first, second = (repository.run("--cache-dir", ".verdicts") for _ in range(2))

    assert first == second
    assert files_in(repository.folder / ".verdicts")
    assert "*\n" == (repository.folder / ".verdicts" / ".gitignore").read_text()
    assert not home.exists()


def test_without_a_cache_nothing_is_written(home: Path, repository: Repository) -> None:
    repository.run("--no-cache")

    assert not home.exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--cache-dir", "a", "--no-cache"], "--no-cache asks for none"),
        (["--cache-dir", "jobs/orders.yaml"], "jobs/orders.yaml is not a folder"),
        (["--processes", "0"], '--processes is "0"; expected a whole number of at least 1'),
        (["--processes", "many"], '--processes is "many"; expected a whole number'),
    ],
)
def test_means_that_there_are_not_are_misuse(
    repository: Repository, arguments: list[str], told: str
) -> None:
    code, out, err = repository.run(*arguments)

    assert (2, "") == (code, out)
    assert told in err


def test_several_processes_tell_what_one_tells(repository: Repository) -> None:
    repository.write({f"jobs/{number}.yaml": BAD_JOB for number in range(40)})

    alone, together = (repository.run("--no-cache", "--processes", it) for it in ("1", "3"))

    assert alone == together
    assert "40 errors" in alone[1]

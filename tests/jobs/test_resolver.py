"""Where the paths that a job names lead."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from job_samples import document
from memory_folder import MemoryFolder

from dativo_lint.documents.folder import DiskFolder, Folder
from dativo_lint.documents.yaml_reader import read_yaml
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.references import Reference, Resolution, Resolver

CONTAINER = {"/app/": "."}


def follow(
    written: object,
    folder: Folder,
    job: str = "jobs/team/job.yaml",
    prefixes: dict[str, str] = CONTAINER,
    wanted: str = "file",
) -> Reference:
    """Follow what a job writes, given as YAML."""
    said = FieldRef(document(f"path: {written}", job), ("path",))
    return Resolver(folder, prefixes).follow(said, wanted)


def led(written: object, *files: str, **more: str) -> tuple[str, str | None]:
    """What became of a path in a repository with some files, and where it leads."""
    reference = follow(written, MemoryFolder(dict.fromkeys(files, "")), **more)
    return reference.resolution.value, reference.path


def test_the_root_comes_first_then_the_jobs_folder_then_those_between() -> None:
    everywhere = ["a.yaml", "jobs/a.yaml", "jobs/team/a.yaml"]

    assert ("found", "a.yaml") == led("a.yaml", *everywhere)
    assert ("found", "jobs/team/a.yaml") == led("a.yaml", *everywhere[1:])
    assert ("found", "jobs/a.yaml") == led("a.yaml", "jobs/a.yaml")
    assert ("missing", None) == led("a.yaml", "other/a.yaml", "jobs/other/a.yaml")


def test_a_path_upwards_is_seen_from_the_jobs_folder() -> None:
    assert ("found", "assets/a.yaml") == led("../../assets/a.yaml", "assets/a.yaml")
    assert ("found", "jobs/a.yaml") == led("./.././a.yaml", "jobs/a.yaml")


def test_what_was_tried_is_told_in_order_and_leaves_out_what_lies_outside() -> None:
    folder = MemoryFolder({})

    assert ("a.yaml", "jobs/team/a.yaml", "jobs/a.yaml") == follow("a.yaml", folder).tried
    assert ("jobs/a.yaml", "a.yaml") == follow("../a.yaml", folder).tried


@pytest.mark.parametrize(
    "written",
    [
        "/etc/passwd",
        "../../../a.yaml",
        "../../..",
        "/",
        "//app/a.yaml",
        "/application/a.yaml",
        "/app/../a",
    ],
)
def test_a_path_that_leaves_the_repository_is_outside(written: str) -> None:
    assert ("outside", None) == led(written, "a.yaml", "lication/a.yaml")


def test_the_prefixes_of_containers_are_the_repository() -> None:
    assert ("found", "assets/a.yaml") == led("/app/assets/a.yaml", "assets/a.yaml")
    assert ("found", "assets/a.yaml") == led("/app//assets/a.yaml", "assets/a.yaml")
    assert ("found", "jobs/team/a.yaml") == led("/app/a.yaml", "jobs/team/a.yaml")


def test_the_longest_prefix_counts_and_only_whole_names_do() -> None:
    folder = MemoryFolder({"data/a.yaml": "", "a.yaml": "", "srv/x/a.yaml": ""})
    prefixes = {"/srv": ".", "/srv/data/": "data", "/opt": "srv/x"}

    assert "data/a.yaml" == follow("/srv/data/a.yaml", folder, prefixes=prefixes).path
    assert "a.yaml" == follow("/srv/a.yaml", folder, prefixes=prefixes).path
    assert "srv/x/a.yaml" == follow("/opt/a.yaml", folder, prefixes=prefixes).path
    assert Resolution.OUTSIDE is follow("/service/a.yaml", folder, prefixes=prefixes).resolution


@pytest.mark.parametrize("target", ["..", "/etc", "../other"])
def test_a_prefix_leads_nobody_out_of_the_repository(target: str) -> None:
    folder = MemoryFolder({"passwd": ""})

    assert (
        Resolution.OUTSIDE
        is follow("/app/passwd", folder, "job.yaml", {"/app/": target}).resolution
    )


@pytest.mark.parametrize(
    "written", ["${ASSETS}/a.yaml", "a-$VERSION.yaml", "${terraform_output.x}"]
)
def test_what_is_filled_in_later_is_open(written: str) -> None:
    assert ("open", None) == led(written, written)


def test_a_dollar_that_begins_no_name_is_part_of_one() -> None:
    assert ("found", "a$1.yaml") == led("a$1.yaml", "a$1.yaml")


@pytest.mark.parametrize("written", ["5", "true", "[a]", "{a: b}", "2024-01-01", '"a\\0b"'])
def test_what_is_no_path_is_malformed(written: str) -> None:
    assert ("malformed", None) == led(written, "5")


def test_what_is_of_another_kind_is_missing_and_where_it_is_is_told() -> None:
    assert ("missing", "modules/job") == led("modules/job", "modules/job/main.tf")
    assert ("found", "modules/job") == led("./modules/job/", "modules/job/main.tf", wanted="folder")
    assert ("missing", "modules") == led("modules", "modules", wanted="folder")


def test_one_of_the_wanted_kind_is_preferred_to_one_that_is_nearer() -> None:
    assert ("found", "jobs/a") == led("a", "a/main.tf", "jobs/a")


def test_a_link_that_leads_outside_is_outside_and_one_inside_is_followed(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    (root / "jobs").mkdir(parents=True)
    (tmp_path / "secret.yaml").write_text("")
    (root / "real.yaml").write_text("")
    (root / "out.yaml").symlink_to(tmp_path / "secret.yaml")
    (root / "in.yaml").symlink_to("real.yaml")
    (root / "up").symlink_to(tmp_path)
    folder = DiskFolder(root)

    assert Resolution.OUTSIDE is follow("out.yaml", folder).resolution
    assert Resolution.OUTSIDE is follow("up/secret.yaml", folder).resolution
    assert "in.yaml" == follow("in.yaml", folder).path


def test_a_path_longer_than_any_file_system_knows_is_missing(tmp_path: Path) -> None:
    reference = follow("a/" * 100_000, DiskFolder(tmp_path), "/".join("abcdefgh") + "/job.yaml")

    assert (Resolution.MISSING, 1) == (reference.resolution, len(reference.tried))


@given(st.text(max_size=20), st.sampled_from(["job.yaml", "jobs/job.yaml", "a/b/job.yaml"]))
def test_whatever_a_job_names_only_paths_inside_are_looked_at(written: str, job: str) -> None:
    read = read_yaml(job, b"a: 1").documents[0]
    asked: list[str] = []

    class Watched(MemoryFolder):
        def kind(self, path: str) -> None:
            asked.append(path)

    read.data["a"] = written
    Resolver(Watched({}), CONTAINER).follow(FieldRef(read, ("a",)), "file")

    assert not [path for path in asked if path.startswith(("/", "../")) or path == ".."]


@given(
    st.lists(st.sampled_from(["a.yaml", "jobs/a.yaml", "jobs/team/a.yaml", "b"]), unique=True),
    st.lists(
        st.tuples(
            st.sampled_from(["a.yaml", "../a.yaml", "./a.yaml", "${A}", "/a.yaml", "/app/b", "b"]),
            st.sampled_from(["job.yaml", "jobs/job.yaml", "jobs/team/job.yaml", "x/y/job.yaml"]),
            st.sampled_from(["file", "folder"]),
        )
    ),
)
def test_where_a_path_leads_does_not_hang_on_who_named_it_before(
    files: list[str], asked: list[tuple[str, str, str]]
) -> None:
    folder = MemoryFolder(dict.fromkeys(files, ""))
    shared = Resolver(folder, CONTAINER)
    for written, job, wanted in asked:
        said = FieldRef(document(f"path: {written}", job), ("path",))
        told, alone = (it.follow(said, wanted) for it in (shared, Resolver(folder, CONTAINER)))

        assert (alone.resolution, alone.path, alone.tried) == (
            told.resolution,
            told.path,
            told.tried,
        )

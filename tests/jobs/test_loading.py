"""A job with all that it refers to, and what a document is taken for."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from job_samples import document, loaded
from memory_folder import MemoryFolder
from repository_samples import ASSET, FILES, JOB, MODULE, memory, with_module

from dativo_lint.documents.document import Limits
from dativo_lint.documents.edited_folder import OverlaidFolder
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.kinds import Kind, kind_of, may_concern, seems_to_be
from dativo_lint.jobs.references import Resolution


def a_job(folder: MemoryFolder, *runners: str) -> Job:
    """The job of the clean repository, changed somewhere, with what it refers to."""
    return loaded(folder, "jobs/orders.yaml", *runners)


def with_files(**changes: str) -> MemoryFolder:
    """The clean repository with some files written otherwise, by the name before the suffix."""
    names = {path.rpartition("/")[2].partition(".")[0]: path for path in FILES}
    return MemoryFolder({**FILES, **{names[name]: text for name, text in changes.items()}})


def test_a_job_comes_with_its_asset_and_its_connectors() -> None:
    found = a_job(memory())

    assert {"asset_path", "source_connector_path", "target_connector_path"} == set(found.references)
    assert all(reference.resolution is Resolution.FOUND for reference in found.references.values())
    assert found.asset is not None
    assert found.is_whole
    assert "FIN-001" == found.tags["finops.cost_center"].text


@pytest.mark.parametrize(
    "asset", ["a: [", "\0", "", "x: &x [*x]", f"{ASSET}x: !mine 1\n", f"{ASSET}---\na: [\n"]
)
def test_of_an_asset_that_cannot_be_read_nothing_is_known(asset: str) -> None:
    found = a_job(with_files(orders=asset))

    assert found.asset is None
    assert found.asset_is_unknown
    assert not found.asset_is_open
    assert not found.is_whole


@pytest.mark.parametrize(
    "asset", ["- 1\n", "text\n", "5\n", JOB, "sink: aws\ntags: {}\n", f"{ASSET}---\n{ASSET}"]
)
def test_what_is_not_one_asset_is_none(asset: str) -> None:
    assert a_job(with_files(orders=asset)).asset_is_unknown


@pytest.mark.parametrize("path", ["none.yaml", "../asset.yaml", "assets", "5", "[a]"])
def test_an_asset_that_is_not_there_is_unknown(path: str) -> None:
    job = JOB.replace("assets/orders.yaml", path)

    assert a_job(memory(jobs__orders=job)).asset_is_unknown


def test_dagster_calls_the_connector_by_the_type_of_its_recipe() -> None:
    def connector_type(recipe: str) -> list[object]:
        tags = a_job(with_files(postgres=recipe)).sink("dagster")
        return [tag.text for tag in tags if tag.key == "connector_type"]

    assert ["jdbc"] == connector_type("type: jdbc\n")
    assert ["postgres"] == connector_type("a: [\n") == connector_type("name: a\n")
    assert ["postgres"] == connector_type("- a\n") == connector_type("type: a\n---\ntype: b\n")


def test_a_disabled_schedule_is_none() -> None:
    def schedule(**more: bool) -> str:
        entry = {"name": "nightly", "config": "jobs/orders.yaml", "tags": {"a": "b"}, **more}
        return json.dumps({"runner": {"orchestrator": {"schedules": [entry]}}})

    for enabled, count in (
        (schedule(), 1),
        (schedule(enabled=True), 1),
        (schedule(enabled=False), 0),
    ):
        job = a_job(memory(runner=enabled), "runner.yaml")
        assert count == len(job.schedules)
        assert (
            count == len([tag for tag in job.sink("dagster") if tag.key in ("a", "job_name")]) / 2
        )


def test_a_path_that_is_filled_in_later_is_open() -> None:
    found = a_job(memory(jobs__orders=JOB.replace("assets/orders.yaml", "${ASSET}")))

    assert found.asset_is_open
    assert found.asset_is_unknown


@pytest.mark.parametrize("written", ["", "null", "~"])
def test_a_path_that_is_null_is_as_good_as_none(written: str) -> None:
    job = JOB.replace("asset_path: assets/orders.yaml", f"asset_path: {written}")

    assert "asset_path" not in a_job(memory(jobs__orders=job)).references


def test_the_module_is_read_from_its_folder() -> None:
    folder = MemoryFolder(
        {**FILES, "jobs/orders.yaml": with_module(), "modules/job/main.tf": MODULE}
    )

    found = a_job(folder)

    assert found.module is not None
    assert "password" in found.module.variables
    assert found.is_whole


@pytest.mark.parametrize(
    ("source", "lead"),
    [
        ("./none", Resolution.MISSING),
        ("hashicorp/consul/aws", Resolution.REMOTE),
        ("git::https://example.com/x.git?ref=v1", Resolution.REMOTE),
        ("${MODULE}", Resolution.OPEN),
        ("../../../x", Resolution.OUTSIDE),
    ],
)
def test_a_module_that_is_not_here_is_judged_by_its_address(source: str, lead: Resolution) -> None:
    job = with_module().replace("./modules/job", source)

    found = a_job(memory(jobs__orders=job))

    assert lead is found.references["infrastructure.terraform_module"].resolution
    assert found.module is None
    assert found.is_whole is (lead is Resolution.REMOTE)


RUNNER = """\
runner:
  orchestrator:
    schedules:
      - {name: nightly, config: jobs/orders.yaml}
      - {name: container, config: /app/jobs/orders.yaml}
      - {name: other, config: jobs/other.yaml}
      - {name: open, config: "${JOB}"}
      - {config: 5}
      - just a word
      - null
"""


def test_a_job_gets_the_schedules_that_name_it() -> None:
    folder = memory(runner=RUNNER)

    schedules = a_job(folder, "runner.yaml").schedules

    assert ["nightly", "container"] == [it.child("name").value for it in schedules]


def test_every_document_of_a_runner_file_counts() -> None:
    folder = memory(runner=f"{RUNNER}---\n{RUNNER}---\njust: this\n")

    assert 4 == len(a_job(folder, "runner.yaml").schedules)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("asset_path: a.yaml", Kind.JOB),
        ("source_connector_path: a.YML", Kind.JOB),
        ("asset_path: a.Json", Kind.JOB),
        ("asset_path: ${ASSET}", Kind.JOB),
        ("asset_path: ./public", Kind.OTHER),
        ("asset_path: 1", Kind.OTHER),
        ("infrastructure: {provider: }", Kind.JOB),
        ("infrastructure: {resource_refs: {}}", Kind.JOB),
        ("infrastructure: {tags: {a: b}}", Kind.OTHER),
        ("infrastructure: [provider]", Kind.OTHER),
        ("infrastructure: ci", Kind.OTHER),
        ("apiVersion: v1\nkind: Cluster\ninfrastructure: {provider: aws}", Kind.OTHER),
        ("asset: {name: logo.png}", Kind.OTHER),
        ("asset: {name: a, source_type: b}", Kind.ASSET),
        ("kind: DataContract\nsource_type: a", Kind.ASSET),
        ("kind: DataContract\nteam: {owner: a}", Kind.ASSET),
        ("kind: DataContract\napiVersion: v3.0.2\nteam: [{username: a}]\nschema: []", Kind.OTHER),
        # What could be either is a job, or a word would keep it from being judged as one.
        ("asset_path: a.yaml\nasset: {finops: a}\nkind: DataContract\nobject: a", Kind.JOB),
        ("asset: a", Kind.OTHER),
        ("runner: {orchestrator: {schedules: []}}", Kind.RUNNER),
        ("runner: {orchestrator: {schedules: {}}}", Kind.RUNNER),
        ("runner: [orchestrator]", Kind.OTHER),
        ("- asset_path", Kind.OTHER),
        ("- asset_path: a.yaml\n- b", Kind.JOB),
        ("- infrastructure: {provider: aws}", Kind.JOB),
        ("- {asset: {finops: {}}}\n- {hosts: all}", Kind.OTHER),
        ("a: {asset_path: a}", Kind.OTHER),
        ("asset_path", Kind.OTHER),
        # Misspelt, or with a wrong value, beside other fields of a job.
        ("asset_pth: a.yaml\ntenant_id: acme", Kind.JOB),
        ("Asset-Path: a.yaml\nfinops: {}", Kind.JOB),
        ("sourc_connector_path: a.yaml\ntarget_connector: b", Kind.JOB),
        ("infrastucture: {provider: aws}\nsource_connector: a", Kind.JOB),
        ("infrastucture: {compute_type: fargate}", Kind.JOB),
        ("asset_path: assets/orders\ntenant_id: a\nsource_connector: b", Kind.JOB),
        ("path_of_asset: a.yaml\ntenant_id: a\nsource_connector: b\ntarget_connector: c", Kind.JOB),
        ("infrastructure: {provder: a}\ntenant_id: a\nsource_connector: b", Kind.JOB),
        ("infrastructure: {compute_tpye: fargate, memory_mb: 512}", Kind.JOB),
        ("infrastructure: {provder: aws}\nfinops: {}", Kind.JOB),
        ("assetPath: a.yaml\ntenantId: acme", Kind.JOB),
        ("ASSET_PATH: a.yaml\nTENANT_ID: acme", Kind.JOB),
        ("infrastructure: {providers: [aws]}", Kind.OTHER),
        ("ASSET_PATH: a.yaml", Kind.OTHER),
        ("asset_pth: a.yaml", Kind.OTHER),
        ("dataset_path: a.yaml\ntenant_id: acme", Kind.OTHER),
        ("assets: a.yaml\ntenant_id: acme", Kind.OTHER),
        ("asset_pth: /static\ntenant_id: acme", Kind.OTHER),
        ("infrastructures: {provider: aws}", Kind.OTHER),
        ("infrastucture: {compute_type: a}\napiVersion: v1\nkind: Cluster", Kind.OTHER),
        ("1: {compute_type: a}\n2: a.yaml\ntenant_id: b", Kind.OTHER),
    ],
)
def test_a_document_is_told_by_its_shape(text: str, kind: Kind) -> None:
    assert kind is kind_of(document(text))


@given(
    st.sampled_from(
        [
            "asset_path: a",
            "asset_pth: a\ntenant_id: b",
            "infrastructure: {}",
            "asset: {a: b}",
            "kind: DataContract",
            "asset_pth: a.yaml",
            "sourc_connector_path: '${PATH}'",
        ]
    ),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.text(alphabet="ab: \n#", max_size=10),
)
def test_what_concerns_the_linter_is_never_passed_over(
    text: str, encoding: str, before: str
) -> None:
    comment = "".join(f"# {line}\n" for line in before.split("\n"))

    assert may_concern((comment + text).encode(encoding))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("asset_path: a\nb: [", Kind.JOB),
        ("asset_pth: 'a.yaml'\nb: [", Kind.JOB),
        ("tenant_id: a\ninfrastructur:\n  provider: [", Kind.JOB),
        ("paths:\n  asset_pth: a.yaml\nb: [", Kind.OTHER),
        ('{"infrastructure": {"provider": [', Kind.JOB),
        ("{a: b,\n infrastructure: {terraform_module: x", Kind.JOB),
        ("infrastructure: {{ .Values.ci }}: [", Kind.OTHER),
        ("a\0s\0s\0e\0t\0_\0p\0a\0t\0h\0:\0 \0a\0", Kind.JOB),
        ('"asset": {"team": [', Kind.ASSET),
        ("asset:\n  name: a\n  version: '1", Kind.ASSET),
        ("asset:\n  name: logo.png\n  size: '1", Kind.OTHER),
        ("asset: {domain: sales, ", Kind.ASSET),
        ("runner:\n  orchestrator:\n    type: [", Kind.RUNNER),
        ("runner: {schedules: [", Kind.RUNNER),
        ("runner:\n  image: [", Kind.OTHER),
        ("jobs:\n  build:\n    runner: [\n    orchestrator: a", Kind.OTHER),
        ("kind: 'DataContract'\nobject: [", Kind.ASSET),
        ("kind: 'DataContract'\nb: [", Kind.OTHER),
        ("# infrastructure: none of ours\na: [", Kind.OTHER),
        ("a:\n  asset: b: [", Kind.OTHER),
        ("a: {{ .Values.infrastructure }}", Kind.OTHER),
    ],
)
def test_what_a_broken_text_was_meant_to_be_shows_in_its_fields(text: str, kind: Kind) -> None:
    assert kind is seems_to_be(text)


def test_an_overlaid_file_is_there_whatever_lies_below() -> None:
    folder = OverlaidFolder(MemoryFolder({"a/b.yaml": "old", "a/c.yaml": ""}), "a/b.yaml", b"new")
    fresh = OverlaidFolder(MemoryFolder({"a/c.yaml": ""}), "x/y/z.yaml", b"new")

    assert b"new" == folder.read("a/b.yaml", Limits())
    assert b"" == folder.read("a/c.yaml", Limits())
    assert ["b.yaml", "c.yaml"] == folder.names("a")
    assert ["a", "x"] == fresh.names(".")
    assert ["y"] == fresh.names("x")
    assert ("file", "folder", "folder", "file", None) == tuple(
        fresh.kind(path) for path in ("x/y/z.yaml", "x/y", "x", "a/c.yaml", "z")
    )
    assert fresh.is_outside("../x")
    assert not fresh.is_outside("x/y/z.yaml")

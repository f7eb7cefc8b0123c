"""Jobs with their assets and runner files, made from short texts."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import strategies as st
from memory_folder import MemoryFolder

from dativo_lint.documents.document import Document
from dativo_lint.documents.yaml_reader import read_yaml
from dativo_lint.jobs.asset import asset_of
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.layers import Propagation
from dativo_lint.jobs.loading import JobLoader
from dativo_lint.jobs.repository import Repository
from dativo_lint.jobs.text import text_of
from dativo_lint.rulebook.load import taggable


def document(text: str, path: str = "job.yaml") -> Document:
    """The one document of a text."""
    reading = read_yaml(path, text.encode())
    assert not reading.is_broken, reading.faults
    return reading.documents[0]


def a_job(job: str, asset: str | None = None, runner: str | None = None, **propagation: Any) -> Job:
    """A job with its asset and the schedules of a runner."""
    schedules: tuple[FieldRef, ...] = ()
    if runner is not None:
        entries = FieldRef(document(runner, "runner.yaml"), ("runner", "orchestrator", "schedules"))
        schedules = tuple(entries.child(number) for number in range(len(entries.value)))
    return Job(
        config=document(job),
        references={},
        asset=None if asset is None else asset_of(document(asset, "asset.yaml")),
        schedules=schedules,
        propagation=Propagation(**propagation),
    )


def loaded(folder: MemoryFolder, path: str = "job.yaml", *runners: str) -> Job:
    """The first job of a file in a folder, with all that it refers to."""
    repository = Repository(folder)
    texts = [text_of(repository.reading(runner)) for runner in runners]
    loader = JobLoader(repository, {"/app/": "."}, runners=lambda: texts, taggable=taggable)
    return loader.load(repository.reading(path).documents[0])


def texts(job: str, asset: str | None = None, **propagation: Any) -> dict[str, str | None]:
    """The effective tags of a job by key."""
    return {key: tag.text for key, tag in a_job(job, asset, **propagation).tags.items()}


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.binary(max_size=3),
    st.text(alphabet="aB,. $-{}\u00e9\n", max_size=6),
    st.sampled_from(["", "x", "${OWNER}", "a,b", "FIN-001", "0", "2048", "1.0", "nan", "inf"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.one_of(st.text(max_size=3), SCALARS), inner)
    ),
    max_leaves=6,
)


def _block(*names: str) -> st.SearchStrategy[Any]:
    """A mapping with some of the known names and any others, or something else altogether."""
    keys = st.one_of(st.sampled_from(names), SCALARS)
    return st.one_of(VALUES, st.dictionaries(keys, VALUES, max_size=6))


FINOPS = _block("cost_center", "business_tags", "project", "environment")
COLUMNS = st.lists(_block("name", "classification"), max_size=3)
JOBS = st.fixed_dictionaries(
    {},
    optional={
        "finops": FINOPS,
        "classification_overrides": _block("default", "x", "a"),
        "governance_overrides": _block("retention_days", "owner", "domain"),
        "infrastructure": st.one_of(
            VALUES,
            st.fixed_dictionaries(
                {},
                optional={
                    "provider": VALUES,
                    "compute_type": VALUES,
                    "memory_mb": VALUES,
                    "vcpu": VALUES,
                    "tags": _block("CostCenter", "provider", "infrastructure.env", "env"),
                },
            ),
        ),
    },
)
_ASSETS = st.fixed_dictionaries(
    {},
    optional={
        "name": VALUES,
        "domain": VALUES,
        "schema": st.one_of(VALUES, COLUMNS),
        "team": _block("owner"),
        "compliance": _block("classification", "regulations", "retention_days"),
        "governance": _block("owner", "classification", "retention_days"),
        "finops": FINOPS,
    },
)
ASSETS = st.one_of(_ASSETS, st.builds(lambda inner: {"asset": inner}, _ASSETS))


def written(data: Any) -> str:
    """Data as a YAML text."""
    return yaml.safe_dump(data, sort_keys=False)

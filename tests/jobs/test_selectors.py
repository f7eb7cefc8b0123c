"""Selectors: each selects what is written so, and one that could select nothing is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from job_samples import ASSETS, JOBS, a_job, written

from dativo_lint.jobs.layers import OWN_FIELDS
from dativo_lint.jobs.selectors import INFRASTRUCTURE_FIELDS, select, selector
from dativo_lint.schemas import schema

REFUSED = {
    "infrastructure.tags.Environment": 'did you mean "infrastructure.Environment"?',
    "infrastructure.tags.*": 'did you mean "infrastructure.*"?',
    "infrastructure.tags": 'did you mean "infrastructure.*"?',
    "finops.cost_centre": "expected one of: finops.cost_center, finops.business_tags, ",
    "finops": "expected one of: finops.cost_center, ",
    "governance.": "expected one of: governance.data_product, ",
    "classification.email": "expected one of: classification.default, classification.fields.*",
    "asset.nme": "expected one of: asset.name, ",
    "finop.*": "expected finops.* or the like",
    "schedules.tags.*": "expected finops.* or the like",
}


@pytest.mark.parametrize("spelled", REFUSED)
def test_what_could_select_nothing_is_refused_with_what_was_expected(spelled: str) -> None:
    with pytest.raises(ValueError, match=spelled.replace(".*", "")) as error:
        selector(spelled)
    assert REFUSED[spelled] in str(error.value)


@given(JOBS, ASSETS)
def test_every_tag_of_a_job_is_selected_by_its_key_and_by_its_beginning(
    job: object, asset: object
) -> None:
    tagged = a_job(written(job), written(asset))
    for key, tag in tagged.tags.items():
        space, _, name = key.partition(".")
        if (
            (tag.text or "").strip()
            and name
            and not (space == "infrastructure" and name.startswith("tags"))
        ):
            for spelled in (key, f"{key[:-1]}*", "*"):
                found = select(tagged, [selector(spelled)])
                assert (tag.name, tag.text) in [(each.name, each.text) for each in found]


def test_a_field_of_the_infrastructure_block_is_selected_as_a_cloud_tag_of_its_name_is() -> None:
    job = a_job("infrastructure: {region: eu-west-1, tags: {Region: eu}, runtime: {mode: x}}")

    names = {"infrastructure.region": "eu-west-1", "infrastructure.tags.Region": "eu"}
    found = select(job, [selector("infrastructure.region")])
    assert names == {each.name: each.text for each in found}
    assert ["x"] == [it.text for it in select(job, [selector("infrastructure.runtime.mode")])]


def test_the_fields_of_the_infrastructure_block_are_those_of_its_schema() -> None:
    known = set(schema("infrastructure")["properties"])
    assert {*INFRASTRUCTURE_FIELDS, *OWN_FIELDS, "tags"} == known

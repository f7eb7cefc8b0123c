"""Plain arguments mean what click says that they mean, or are left to it."""

from __future__ import annotations

from typing import Any

import click
from hypothesis import example, given
from hypothesis import strategies as st

from dativo_lint.cli.check import check
from dativo_lint.cli.declared import as_click, plain

COMMAND = as_click(check)

WORDS = st.sampled_from(
    """check jobs/a.yaml - -- -h --help --format --format= --format=json json -o a=b --select=a,b
    --select --ignore=x --fail-on --fail-on=note note --fail-on=loud --exit-zero --exit-zero=1
    --preset=strict --preset strict --changed --color --no-color --color=1 --color/--no-color
    --isolated --config x.yml --config=x.yml --plan p.json --rendered=r.json --sink=iceberg
    --job --show-open --show --stdin-filename -x --= =""".split()
) | st.text(max_size=4)  # fmt: skip


def read_by_click(arguments: list[str]) -> dict[str, Any] | None:
    """The parameters that click reads from arguments; None where it raises or prints."""
    try:
        with COMMAND.make_context("check", list(arguments), resilient_parsing=False) as context:
            return dict(context.params)
    except (click.ClickException, click.exceptions.Exit):
        return None


@given(arguments=st.lists(WORDS, max_size=5))
@example(arguments=[])
@example(arguments=["--format", "json", "--format=sarif=x", "a", "--no-color", "b", "--color"])
@example(arguments=["--fail-on", "note", "--fail-on", "error", "--exit-zero"])
@example(arguments=["--format", "--exit-zero"])
def test_what_is_read_without_click_is_what_click_reads(arguments: list[str]) -> None:
    read = plain(check, arguments)
    assert read is None or read == read_by_click(arguments)


def test_paths_and_well_spelled_options_are_plain() -> None:
    assert None is not plain(check, ["jobs/a.yaml", "--format=sarif=x", "--preset", "strict", "-"])


def test_help_mistakes_and_files_to_be_held_are_left_to_click() -> None:
    for arguments in (["--help"], ["--fromat=json"], ["--fail-on=loud"], ["--config", "x.yml"]):
        assert None is plain(check, arguments)

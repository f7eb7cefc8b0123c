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
    [
        *(
            "check",
            "a.yaml",
            "-",
            "--",
            "-h",
            "--help",
            "-x",
            "--=",
            "=",
            "",
            "--show",
            "json",
            "note",
        ),
        *(
            "--format",
            "--format=",
            "--format=json",
            "--select",
            "--select=a,b",
            "--ignore=x",
            "-ox",
        ),
        *("--fail-on", "--fail-on=note", "--fail-on=loud", "--preset", "--preset=strict", "strict"),
        *(
            "--exit-zero",
            "--exit-zero=1",
            "--changed",
            "--show-open",
            "--isolated",
            "--plan",
            "--job",
        ),
        *("--color", "--no-color", "--color=1", "--color/--no-color", "--config", "--config=x.yml"),
        *("--rendered=r.json", "--sink=iceberg", "--sink", "iceberg", "--stdin-filename"),
    ]
) | st.text(max_size=4)


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

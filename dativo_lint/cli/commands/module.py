"""The command `module`: what a Terraform module asks for, and what a job gives it."""

from __future__ import annotations

import click
from msgspec.structs import replace

from dativo_lint.api import load_jobs, load_module
from dativo_lint.cli import CLEAN, FOUND
from dativo_lint.cli.module_contract import INVALID, NOT_SET, contract
from dativo_lint.cli.module_forms import FORMS
from dativo_lint.cli.options import (
    file_option,
    form_option,
    path_argument,
    settings_for,
    settings_options,
)
from dativo_lint.cli.output import show
from dativo_lint.errors import UsageError


@click.command()
@path_argument("path")
@file_option(
    "--job", help="Check the inputs from this job, and show what is not set or invalid first."
)
@click.option("--all", "whole", is_flag=True, help="With --job, also show what needs no attention.")
@form_option(*FORMS)
@settings_options
def module(path: str, job: str | None, whole: bool, form: str) -> int:
    """Show the inputs, outputs and tags of a Terraform module.

    PATH is the folder of the module. With --job: what this job sets and where, and whether
    Terraform accepts it, whichever module the job itself names. Sensitive values are not shown.

    Exit codes: 0; 1 if Terraform would refuse the module or a value, or a required one is not set;
    2 usage error.
    """
    settings = settings_for((path,) if job is None else (path, job))
    tree = load_module(path, settings)
    loaded = None
    if job is not None:
        jobs = load_jobs(job, settings)
        if len(jobs) > 1:
            raise UsageError(f"--job: {job} holds {len(jobs)} jobs; expected one")
        loaded = replace(jobs[0], module_tree=tree)
    content = contract(tree, loaded)
    show(FORMS[form](content, whole or job is None))
    verdicts = [each["given"]["verdict"] for each in content["variables"] if "given" in each]
    return FOUND if content["errors"] or {NOT_SET, INVALID} & {*verdicts} else CLEAN

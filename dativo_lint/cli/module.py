"""The command `module`: what a Terraform module asks for, and what a job gives it."""

from __future__ import annotations

import click
from msgspec.structs import replace

from dativo_lint.api import load_jobs, load_module
from dativo_lint.cli import CLEAN, FOUND
from dativo_lint.cli.module_contract import contract
from dativo_lint.cli.module_forms import FORMS
from dativo_lint.cli.options import settings_for, settings_options
from dativo_lint.cli.output import show
from dativo_lint.errors import UsageError


@click.command()
@click.argument("path")
@click.option("--job", metavar="FILE", help="Fill in what this job gives, and the verdict on it.")
@click.option("--format", "form", type=click.Choice(list(FORMS)), default="table")
@settings_options
def module(path: str, job: str | None, form: str, config: str | None, isolated: bool) -> int:
    """Show the contract of the Terraform module in the folder PATH.

    Its variables with types, defaults and validations, its outputs, and which tags reach which
    resource through which expression. With --job: what the job gives, from where, and whether
    Terraform takes it, whichever module the job itself names. Sensitive values are not shown.

    Ends with 1 if Terraform would refuse the module, or a value of the job, or misses one.
    """
    settings = settings_for(config, isolated, paths=(path,) if job is None else (path, job))
    known = load_module(path, settings)
    subject = None
    if job is not None:
        subjects = load_jobs(job, settings)
        if len(subjects) > 1:
            raise UsageError(f"--job: {job} holds {len(subjects)} jobs; expected one")
        subject = replace(subjects[0], module_tree=known.tree, tagging=known.tagging)
    told = contract(known, subject)
    show(FORMS[form](told))
    given = [it["given"]["verdict"] for it in told["variables"] if "given" in it]
    return FOUND if told["errors"] or {"missing", "refused"} & {*given} else CLEAN

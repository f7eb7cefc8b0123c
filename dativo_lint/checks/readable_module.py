"""Terraform can load the module of the job and the modules that it calls"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from dativo_lint.checks.params import RuleParams
from dativo_lint.checks.violation import Results, Unresolved, Violation
from dativo_lint.documents.place import Place
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.loading import MODULE_FIELD

if TYPE_CHECKING:
    from dativo_lint.terraform.calls import ModuleTree

APPLIES_TO = ("job",)


class Check(RuleParams, frozen=True):
    """Report the errors of the module that a job names, and of those that it calls."""

    def judge(self, job: Job) -> Results:
        tree = job.module_tree
        for place, message in () if tree is None else _wrong_in(tree):
            yield Violation(place or job.field(*MODULE_FIELD), message)
        if tree is not None and tree.limit is not None:
            yield Unresolved(tree.limit, tree.limit.message)


@lru_cache(maxsize=1_024)
def _wrong_in(tree: ModuleTree) -> tuple[tuple[Place | None, str], ...]:
    """What is wrong, and where; without a place, where the job names the module."""
    # Only jobs that name a module need it.
    from dativo_lint.terraform.module_errors import (
        ill_typed,
        missing_files,
        miswired,
        undeclared,
    )

    wrong = []
    for *_, called in tree.chains():
        module = called.module
        if called.is_installed:
            continue
        named = None if called.call is None else called.call.place
        errors = (*module.errors, *called.errors, *ill_typed(module), *undeclared(module))
        for error in (*errors, *missing_files(module), *miswired(called)):
            # A folder has no lines: what is wrong with it is wrong with its address.
            place = named if error.place.path == module.path else error.place
            wrong.append((place, error.message))
    return tuple(wrong)

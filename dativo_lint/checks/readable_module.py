"""the module of the job and those that it calls can be read, and Terraform would load them"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from dativo_lint.checks.answers import Answers, Judge, Violation
from dativo_lint.checks.params import RuleParams
from dativo_lint.documents.place import Place
from dativo_lint.jobs.job import Job

if TYPE_CHECKING:
    from dativo_lint.terraform.calls import ModuleTree

APPLIES_TO = ("job",)


Params = RuleParams


_FIELD = ("infrastructure", "terraform_module")
_REMEMBERED = 1_024

_Wrong = tuple[Place | None, str]
"""What is wrong, and where; without a place, where the job names the module."""


def prepare(_params: Params) -> Judge:
    """Tell what is wrong with the texts of the module that a job names, and of those it calls."""

    @lru_cache(maxsize=_REMEMBERED)
    def remembered(tree: ModuleTree) -> tuple[_Wrong, ...]:
        # Many jobs share one module.
        return tuple(_wrong_in(tree))

    def judge(subject: Job) -> Answers:
        tree = subject.module_tree
        for place, message in () if tree is None else remembered(tree):
            yield Violation(subject.said(*_FIELD) if place is None else place, message)

    return judge


def _wrong_in(tree: ModuleTree) -> Iterator[_Wrong]:
    # Only jobs that name a module need it.
    from dativo_lint.terraform.module_errors import ill_typed, miswired, undeclared

    for *_, called in tree.chains():
        module = called.module
        if called.is_installed:
            continue
        named = None if called.call is None else called.call.place
        wrong = (*module.errors, *called.errors, *ill_typed(module), *undeclared(module))
        for error in (*wrong, *miswired(called)):
            # A folder has no lines: what is wrong with it is wrong with its address.
            yield named if error.place.path == module.path else error.place, error.message

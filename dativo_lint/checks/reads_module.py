"""the module of the job can be read, and Terraform would load it"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dativo_lint.checks.breach import Breach, Open
from dativo_lint.subject.subject import Subject

PARAMS: Mapping[str, Any] = {"type": "object", "additionalProperties": False, "properties": {}}

_FIELD = ("infrastructure", "terraform_module")


def prepare(_params: Mapping[str, Any]) -> Callable[[Subject], Iterator[Breach | Open]]:
    """Tell what is wrong with the texts of the module that a job names."""

    def judge(subject: Subject) -> Iterator[Breach | Open]:
        module = subject.module
        if module is None:
            return
        # Only jobs that name a module need it.
        from dativo_lint.terraform.undeclared import undeclared

        for error in (*module.errors, *undeclared(module)):
            # A folder has no lines: what is wrong with it as a whole is wrong with its address.
            of_folder = error.place.path == module.path
            yield Breach(subject.said(*_FIELD) if of_folder else error.place, error.message)

    return judge

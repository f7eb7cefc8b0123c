"""the module of the job and those that it calls can be read, and Terraform would load them"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dativo_lint.checks.breach import Breach, Open
from dativo_lint.subject.subject import Subject

PARAMS: Mapping[str, Any] = {"type": "object", "additionalProperties": False, "properties": {}}

_FIELD = ("infrastructure", "terraform_module")


def prepare(_params: Mapping[str, Any]) -> Callable[[Subject], Iterator[Breach | Open]]:
    """Tell what is wrong with the texts of the module that a job names, and of those it calls."""

    def judge(subject: Subject) -> Iterator[Breach | Open]:
        tree = subject.module_tree
        if tree is None:
            return
        # Only jobs that name a module need it.
        from dativo_lint.terraform.signatures import ill_typed
        from dativo_lint.terraform.undeclared import undeclared
        from dativo_lint.terraform.wiring import miswired

        for *_, called in tree.chains():
            module = called.module
            if called.is_installed:
                continue
            named = subject.said(*_FIELD) if called.call is None else called.call.place
            wrong = (*module.errors, *called.errors, *ill_typed(module), *undeclared(module))
            for error in (*wrong, *miswired(called)):
                # A folder has no lines: what is wrong with it is wrong with its address.
                yield Breach(
                    named if error.place.path == module.path else error.place, error.message
                )

    return judge

"""Own defects: what goes wrong between a job and a module of its own."""

from __future__ import annotations

from benchmarks.defects import Defect, Edit
from benchmarks.jobs import Draft
from benchmarks.own_modules import Module
from benchmarks.variables import Variable
from benchmarks.yaml_text import Node, Text, drop, put

_VARS = "infrastructure/terraform_vars"


def module_defects(module: Module) -> list[Defect]:
    """The defects that a job on a module can have because of the module's own variables."""
    return [defect for variable in module.variables for defect in _of(variable)]


def _of(variable: Variable) -> list[Defect]:
    name = variable.name
    defects = []
    if variable.type in ("number", "bool", "list(string)"):
        defects.append(Defect("mistyped-module-variable", _sets(name, Text("plenty of it"))))
    if variable.type == "number" and variable.conditions:
        defects.append(Defect("failed-module-validation", _sets(name, "-7")))
    if variable.type == "list(string)" and variable.conditions:
        defects.append(Defect("failed-module-validation", _sets(name, [Text("nobody")])))
    if variable.type == "set(string)" and variable.conditions:
        defects.append(Defect("failed-module-validation", _sets(name, "[]")))
    if variable.type.startswith("object"):
        defects.append(Defect("unknown-object-attribute", _sets(f"{name}/privat", "false")))
    if variable.default is None:
        defects.append(Defect("missing-module-variable", _leaves_out(name)))
    return defects


def _sets(route: str, value: Node) -> Edit:
    return lambda draft: put(draft.body, f"{_VARS}/{route}", value)


def _leaves_out(name: str) -> Edit:
    def edit(draft: Draft) -> None:
        drop(draft.body, f"{_VARS}/{name}")

    return edit

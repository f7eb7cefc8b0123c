"""The contract of a module as plain data: its inputs, and their values for a job."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dativo_lint.cli.output import plain
from dativo_lint.documents.document import ABSENT
from dativo_lint.documents.place import Place
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.module_inputs import Input, ModuleInputs
from dativo_lint.jobs.module_tags import ResourceTags, TaggableResource, taggable_resources
from dativo_lint.jobs.platform_variables import VariableValue
from dativo_lint.jobs.sinks.sink import HIDDEN
from dativo_lint.rulebook.load import taggable
from dativo_lint.terraform.calls import ModuleTree
from dativo_lint.terraform.declarations import ModuleCall, ModuleError, Variable
from dativo_lint.terraform.judge import RuleVerdict, Verdict, constraint_of
from dativo_lint.terraform.module_errors import errors_in
from dativo_lint.terraform.source import Written
from dativo_lint.terraform.tagging import Tagged
from dativo_lint.terraform.values import Value

Json = dict[str, Any]
"""An object of the contract."""
NOT_SET, INVALID = "not set", "invalid"
_VERDICTS = {"refused": INVALID, "unknown": "unresolved"}
"""The states of a value that have another name in Terraform's judge."""


def contract(tree: ModuleTree, job: Job | None = None) -> Json:
    """The contract, version 1: a job adds `given` to each variable, and `tags` to each resource.

    Expressions are those of the files; an unknown value is null.
    """
    module = tree.module
    module_inputs = None if job is None else job.module_inputs
    created: dict[Tagged, list[ResourceTags]] = {}
    for resource in () if job is None else job.possible_resources:
        created.setdefault(resource.tagged, []).append(resource)
    content: Json = {
        "version": 1,
        "module": module.path,
        "complete": module.complete,
        "required_version": [requirement.constraint for requirement in module.required_version],
        "variables": [_variable(variable, module_inputs) for variable in module.variables.values()],
        "outputs": [
            {
                "name": output.name,
                "description": output.description,
                "sensitive": output.sensitive,
                "value": HIDDEN if output.sensitive else _text(output.value),
                **_place(output.place),
            }
            for output in module.outputs.values()
        ],
        "resources": [
            _resource(resource, tags, module_inputs)
            for resource in taggable_resources(tree, taggable)
            for tags in (created.get(resource.tagged) or (None,))
        ],
        "calls": [_call(call, tree) for call in module.calls.values()],
        "errors": [{"message": error.message, **_place(error.place)} for error in _errors(tree)],
    }
    if job is not None and module_inputs is not None:
        content["job"] = job.config.path
        content["undeclared"] = [
            {"name": variable.name, **_place(variable.at.key.place)}
            for variable in job.own_variables.values()
            if variable.name not in module.variables
        ]
    return content


def _variable(variable: Variable, module_inputs: ModuleInputs | None) -> Json:
    default = variable.default_expr
    is_secret = variable.is_secret and default is not None and str(default).strip() != "null"
    content: Json = {
        "name": variable.name,
        "description": variable.description,
        "type": str(constraint_of(variable)),
        "required": variable.required,
        "default": HIDDEN if is_secret else _text(default),
        "nullable": variable.nullable,
        "sensitive": variable.sensitive,
        "ephemeral": variable.ephemeral,
        "deprecated": variable.deprecated,
        "validations": [
            {
                "condition": _text(block.condition),
                "error_message": _text(block.error_message),
                **_place(block.place),
            }
            for block in variable.validations
        ],
        **_place(variable.place),
    }
    if module_inputs is not None:
        content["given"] = _value(module_inputs.inputs[variable.name], module_inputs)
    return content


def _value(item: Input, module_inputs: ModuleInputs) -> Json:
    """The value of a variable for a job, where it comes from, and its verdict."""
    source, converted = item.source, item.converted
    rules = module_inputs.verdicts(item.variable.name)
    verdict = Verdict(converted, rules)
    secret = item.variable.is_secret
    reasons = [] if converted.mismatch is None or secret else [converted.mismatch.sentence]
    for rule in rules:
        reasons += _reasons(rule)
    is_known = converted.mismatch is None and converted.value.is_known
    return {
        "by": _origin(item),
        "value": HIDDEN if secret else str(converted.value) if is_known else None,
        "verdict": NOT_SET
        if converted.mismatch and converted.mismatch.kind == "missing"
        else _VERDICTS.get(verdict.outcome, verdict.outcome),
        "reasons": reasons,
        "dropped": [list(path) for path in converted.dropped],
        "trail": [] if source is None else _trail(source, secret),
    }


def _origin(item: Input) -> str | None:
    if item.source is None:
        return None if item.variable.default_expr is None else "default"
    return "terraform_vars" if item.source.is_own else "platform"


def _trail(supply: VariableValue, secret: bool) -> list[Json]:
    """Where a value comes from; for a tag, every assignment, weakest first."""
    if supply.tag is None:
        value = None if supply.value is ABSENT else plain(supply.value)
        return [{"value": HIDDEN if secret else value, **_place(supply.at.place)}]
    return [
        {
            "layer": assignment.layer.value,
            "value": HIDDEN if secret else assignment.text,
            **_place(assignment.at.place),
        }
        for assignment in supply.tag.trail
    ]


def _reasons(rule: RuleVerdict) -> list[str]:
    """Why a value fails a validation block, or why that is not known."""
    reasons = []
    for number, answer in enumerate(rule.answers):
        if answer.outcome == "holds":
            continue
        message = answer.message
        if len(rule.answers) > 1:
            since = answer.epochs[0]
            until = rule.answers[number + 1].epochs[0] if number + 1 < len(rule.answers) else None
            message = f"Terraform {since} {f'to before {until}' if until else 'on'}: {message}"
        reasons.append(message)
    return reasons


def _resource(
    resource: TaggableResource, tags: ResourceTags | None, module_inputs: ModuleInputs | None
) -> Json:
    tagged = resource.tagged
    content: Json = {
        "address": tagged.address if tags is None else tags.address,
        "cloud": resource.sink,
        "tagged_by": [
            {
                "expression": _text(site.written),
                "from": "provider" if site in tagged.defaults else "resource",
                **_place(site.written.place),
            }
            for site in tagged.sites
        ],
        "variables": sorted(resource.reach.variables),
        "unsure": sorted(resource.reach.unsure),
        **_place(tagged.resource.place),
    }
    if module_inputs is not None:
        content["tags"] = None if tags is None else _tags(tags)
    return content


def _tags(resource: ResourceTags) -> Json:
    """The tags of a resource with the values of a job, and why there may be others."""
    values = {key: _tag_text(value) for key, value in resource.planned.entries.items()}
    return {"known": values, "doubt": resource.doubt}


def _tag_text(value: Value) -> str | None:
    if value.holds_secret or not value.whole:
        return HIDDEN if value.holds_secret else None
    return value.data if isinstance(value.data, str) else str(value)


def _call(call: ModuleCall, tree: ModuleTree) -> Json:
    called = tree.called.get(call.name)
    address = call.address
    return {
        "name": call.name,
        "source": None if address is None else address.written,
        "kind": None if address is None else address.kind,
        "pinned": None if address is None or not address.is_fetched else address.is_pinned,
        "version": call.version,
        "folder": None if called is None else called.module.path,
        **_place(call.place),
    }


def _errors(tree: ModuleTree) -> Iterator[ModuleError]:
    for *_, called in tree.chains():
        yield from errors_in(called)


def _text(written: Written | None) -> str | None:
    """An expression on one line; hidden if it has sensitive literals."""
    if written is None:
        return None
    text = " ".join(str(written).split())
    return HIDDEN if "sensitive(" in text else text


def _place(place: Place) -> Json:
    content: Json = {"path": place.path, "line": place.line, "column": place.column}
    return content | {"field": place.field} if place.field else content

"""Loading: a folder of rule files becomes rules, and a broken one a usage error with its place."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

from msgspec import convert
from msgspec.structs import replace

from dativo_lint.checks import CHECKS, check, params_schema, prepare
from dativo_lint.documents.document import Fault, Limits
from dativo_lint.documents.folder import DiskFolder
from dativo_lint.documents.place import Place, start_of
from dativo_lint.errors import UsageError, hold
from dativo_lint.jobs.taggable import TagKeeping, tag_keeping
from dativo_lint.names import nearest
from dativo_lint.rulebook.index import (
    TAGGABLE,
    Parts,
    builtin_index,
    builtin_texts,
    read_as_yaml,
)
from dativo_lint.rulebook.rule import Rule
from dativo_lint.version import DOCUMENTATION

if TYPE_CHECKING:
    from pathlib import Path


@cache
def builtin_rules(*, whole: bool = False) -> tuple[Rule, ...]:
    """The rules that come with the tool, sorted by id.

    A run does not need their examples, which are read only if `whole`. What the index has is right;
    after an edit, all rule files are read and checked like those of a company.
    """
    index = None if whole else builtin_index()
    if index is None:
        rules = _read_builtin()
    else:
        rules = [
            _rule(data, _family(path), start_of(f"rules/{path}"), _page(data["id"]))
            for path, data in index.items()
            if path != TAGGABLE
        ]
    return tuple(sorted(rules, key=lambda rule: rule.id))


def _read_builtin() -> list[Rule]:
    """The rules of the tool with their examples; raises UsageError with the faults of all files."""
    rules: list[Rule] = []
    faults: list[UsageError] = []
    for path, text in builtin_texts(whole=True).items():
        try:
            if path != TAGGABLE:
                rule = read_rule(f"rules/{path}", text, _family(path))
                rules.append(replace(rule, page=_page(rule.id)))
        except UsageError as error:
            faults.append(error)
    hold(faults)
    hold_yields_to({rule.id: rule for rule in rules})
    return rules


def _family(path: str) -> str:
    return path.partition("/")[0]


def _page(id: str) -> str:
    return f"{DOCUMENTATION}/rules/{id}.md"


@cache
def taggable() -> tuple[TagKeeping, ...]:
    """Where the resources of each provider that is known keep their tags."""
    table = (builtin_index() or read_as_yaml(builtin_texts()))[TAGGABLE]
    return tuple(tag_keeping(sink, keeping) for sink, keeping in table.items())


def own_rules(folder: str, taken: Mapping[str, Rule], root: str) -> tuple[Rule, ...]:
    """The rules of a company's folder, sorted by id; all faults of all files are reported at once.

    Places are relative to `root` where the folder is below it. Raises UsageError where the folder
    or a file in it cannot be used, or an id is `taken`.
    """
    from pathlib import Path  # few shops have rules of their own

    here = Path(folder)
    shown = here.relative_to(root) if here.is_relative_to(root) else here
    files = DiskFolder(folder)
    kind = files.kind(".")
    if kind != "folder":
        reason = {None: "not found", "unreadable": "cannot be read"}.get(kind, "is not a folder")
        raise UsageError(f"rule folder {shown} {reason}; expected a folder of rule files")
    rules: dict[str, Rule] = {}
    faults: list[UsageError] = []
    for path in _rule_files(here):
        name = (shown / path).as_posix()
        content = files.read(path, Limits())
        family = Path(path).parent.name or "own"
        try:
            if isinstance(content, Fault):
                raise UsageError(content.message, start_of(name))
            rule = read_rule(name, content, family)
            other = rules.get(rule.id) or taken.get(rule.id)
            if other is not None:
                before = other.place.path
                raise UsageError(f"id: rule {rule.id} already exists in {before}", rule.place)
            rules[rule.id] = rule
        except UsageError as error:
            faults.append(error)
    hold(faults)
    if not rules:
        raise UsageError(f"rule folder {shown} has no rule files (*.yaml)")
    return tuple(sorted(rules.values(), key=lambda rule: rule.id))


def read_rule(path: str, content: bytes, family: str) -> Rule:
    """One rule file, validated against the format of rules and against its check.

    Raises UsageError with the places of all faults and what was expected.
    """
    # Few shops have rules of their own.
    from dativo_lint.documents.yaml_reader import read_yaml
    from dativo_lint.rulebook.shape import misshapen
    from dativo_lint.schemas import schema

    reading = read_yaml(path, content, Limits())
    hold([UsageError(fault.message, fault.place) for fault in reading.faults])
    if len(reading.documents) != 1:
        raise UsageError("expected one rule in a file", reading.documents[1].place(()))
    document = reading.documents[0]
    hold(misshapen(document.data, schema("rule"), document))
    rule = _rule(document.data, family, document.place(("id",)))
    if rule.check not in CHECKS:
        raise UsageError(_unknown_check(rule.check), document.place(("check",)))
    faults = []
    if rule.id != os.path.splitext(os.path.basename(path))[0]:
        faults.append(UsageError(f"id: {rule.id} differs from the name of the file", rule.place))
    if rule.when and not {"job", "rendered"} & {*check(rule.check).APPLIES_TO}:
        message = f"when: {rule.check} judges no jobs; expected no condition"
        faults.append(UsageError(message, document.place(("when",))))
    params = params_schema(rule.check)
    for number, name in enumerate(rule.requires_params):
        if name not in params.get("properties", {}):
            hint = nearest(name, params.get("properties", {}))
            message = f'requires_params: {rule.check} has no parameter "{name}"{hint}'
            faults.append(UsageError(message, document.place(("requires_params", number))))
    shape = _partly(params, rule.requires_params)
    hold([*faults, *misshapen(document.value(("params",)), shape, document, ("params",))])
    hold_params(rule, rule.params, document.place(("params",)), {})
    return rule


def hold_params(
    rule: Rule, params: Mapping[str, Any], place: Place | None, others: Mapping[str, Rule]
) -> None:
    """Raises UsageError where parameters, complete or awaiting some, do not fit the check; one of
    those of `others` that the rule yields to may be meant."""
    from dativo_lint.rulebook.shape import misshapen  # as few give a rule other parameters

    schema = _partly(params_schema(rule.check), rule.requires_params)
    for name in sorted(params.keys() - schema.get("properties", {}).keys()):
        for id in rule.yields_to:
            if id in others and name in others[id].requires_params:
                raise UsageError(f'{rule.id}: params: set "{name}" under {id} instead', place)
    faults = misshapen(dict(params), schema, above=("params",))
    hold([UsageError(f"{rule.id}: {fault}", place) for fault in faults])
    if all(name in params for name in rule.requires_params):
        try:
            prepare(rule.check, params)
        except ValueError as error:
            raise UsageError(f"{rule.id}: params: {error}", place) from error


def hold_yields_to(rules: Mapping[str, Rule]) -> None:
    """Hold that rules yield to rules there are, and not in a circle, in which all would be silent.

    Raises UsageError.
    """
    hold(
        [
            UsageError(
                f'{rule.id}: yields_to: unknown rule "{name}"{nearest(name, rules)}', rule.place
            )
            for rule in rules.values()
            for name in rule.yields_to
            if name not in rules
        ]
    )
    try:
        TopologicalSorter({rule.id: rule.yields_to for rule in rules.values()}).prepare()
    except CycleError as error:
        circle = " -> ".join(error.args[1])
        raise UsageError(f"yields_to: rules yield to each other: {circle}") from error


def _rule_files(folder: Path) -> Iterator[str]:
    """The YAML files in a folder and in those below it, sorted; hidden ones are left out."""

    def refuse(error: OSError) -> None:
        raise UsageError(f"rule folder {error.filename} cannot be read: {error.strerror}")

    for above, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.lower().endswith((".yaml", ".yml")) and not name.startswith("."):
                yield os.path.relpath(os.path.join(above, name), folder).replace(os.sep, "/")


def _rule(data: Parts, family: str, place: Place, page: str = "") -> Rule:
    rule = convert({**data, "family": family, "page": page}, Rule)
    return replace(rule, place=place, why=rule.why.strip(), fix=rule.fix.strip())


def _partly(schema: Mapping[str, Any], awaited: tuple[str, ...]) -> Mapping[str, Any]:
    """A check's schema without the parameters that the settings have to supply."""
    required = [name for name in schema.get("required", ()) if name not in awaited]
    return {**schema, "required": required}


def _unknown_check(name: str) -> str:
    known = ", ".join(CHECKS)
    return f'check: unknown check "{name}"{nearest(name, CHECKS) or f"; expected one of: {known}"}'

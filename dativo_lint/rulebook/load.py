"""Loading: a folder of rule files becomes rules, and a broken one misuse with its place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dativo_lint.checks import CHECKS, check
from dativo_lint.misuse import Misuse
from dativo_lint.rulebook.builtin import builtin_folder
from dativo_lint.rulebook.rule import Example, Expected, Rule, Severity, Source
from dativo_lint.schemas import schema
from dativo_lint.schemas.violations import violations
from dativo_lint.texts.document import Document, Limits
from dativo_lint.texts.place import Place, spell, start_of
from dativo_lint.texts.yaml_reader import read_yaml

_EXAMPLES = b"\nexamples:"


def builtin_rules(*, whole: bool = False) -> tuple[Rule, ...]:
    """The rules that come with the tool, sorted by id.

    A run has no use for their examples, and reading them would double the time of a small run,
    so each file is read up to them unless `whole` is asked for. The project's tests hold their
    shape; it is not judged again here.
    """
    folder = builtin_folder()
    rules = []
    for path in sorted(folder.glob("*/*.yaml")):
        content = path.read_bytes()
        text = content if whole else content.partition(_EXAMPLES)[0]
        name = f"rules/{path.parent.name}/{path.name}"
        rules.append(_rule(read_yaml(name, text).documents[0], path.parent.name))
    return tuple(sorted(rules, key=lambda rule: rule.id))


def own_rules(folder: Path, taken: Mapping[str, Rule]) -> tuple[Rule, ...]:
    """The rules of a shop's folder, sorted by id; every fault of every file is told at once.

    Raises Misuse where the folder or a file in it cannot be used, or an id is `taken`.
    """
    if not folder.is_dir():
        raise Misuse(f"rule folder {folder} is not there; expected a folder of rule files")
    rules: dict[str, Rule] = {}
    faults: list[str] = []
    for path in sorted((*folder.glob("*.yaml"), *folder.glob("*/*.yaml"))):
        family = path.parent.name if path.parent != folder else "own"
        try:
            rule = read_rule(path.as_posix(), path.read_bytes(), family)
            other = rules.get(rule.id) or taken.get(rule.id)
            if other is not None:
                raise Misuse(
                    f"id: there is a rule {rule.id} already, in {other.place.path}", rule.place
                )
        except OSError as error:
            faults.append(f"{path}: {error.strerror or error}")
        except Misuse as misuse:
            faults.append(str(misuse))
        else:
            rules[rule.id] = rule
    if faults:
        raise Misuse("\n".join(faults))
    if not rules:
        raise Misuse(f"rule folder {folder} holds no rule files (*.yaml)")
    return tuple(sorted(rules.values(), key=lambda rule: rule.id))


def read_rule(path: str, content: bytes, family: str) -> Rule:
    """One rule file, held against the shape of rules and against its check.

    Raises Misuse with the place and what was expected.
    """
    reading = read_yaml(path, content, Limits())
    for fault in reading.faults:
        raise Misuse(fault.message, fault.place)
    if len(reading.documents) != 1:
        raise Misuse("expected one rule in a file", start_of(path))
    document = reading.documents[0]
    _hold_against(document, (), schema("rule"))
    rule = _rule(document, family)
    if rule.id != Path(path).stem:
        raise Misuse(f"id: {rule.id} is not the name of the file", document.place(("id",)))
    if rule.check not in CHECKS:
        raise Misuse(_unknown_check(rule.check), document.place(("check",)))
    _hold_against(document, ("params",), _partly(check(rule.check).PARAMS, rule.awaits))
    hold_params(rule, rule.params, document.place(("params",)))
    return rule


def hold_params(rule: Rule, params: Mapping[str, Any], place: Place | None) -> None:
    """Hold parameters, complete or still awaiting some, against the check of a rule.

    Raises Misuse with `place` where they do not fit, or where the check cannot work with them.
    """
    module = check(rule.check)
    for route, message in violations(dict(params), _partly(module.PARAMS, rule.awaits)):
        raise Misuse(f"{rule.id}: {spell(('params', *route))} {message}", place)
    if all(name in params for name in rule.awaits):
        try:
            module.prepare(params)
        except ValueError as error:
            raise Misuse(f"{rule.id}: params: {error}", place) from error


def _rule(document: Document, family: str) -> Rule:
    data = document.data
    return Rule(
        id=data["id"],
        family=family,
        summary=data["summary"],
        why=data["why"].strip(),
        fix=data["fix"].strip(),
        severity=Severity(data["severity"]),
        check=data["check"],
        place=start_of(document.path),
        params=data.get("params") or {},
        when=data.get("when") or {},
        awaits=tuple(data.get("awaits") or ()),
        sources=tuple(Source(it["title"], it["url"]) for it in data.get("sources") or ()),
        examples=tuple(map(_example, data.get("examples") or ())),
    )


def _example(data: Mapping[str, Any]) -> Example:
    return Example(
        title=data["title"],
        files=data["files"],
        findings=tuple(Expected(it["at"], it["says"]) for it in data["findings"]),
        params=data.get("params") or {},
        settings=data.get("settings") or {},
    )


def _partly(schema: Mapping[str, Any], awaited: tuple[str, ...]) -> Mapping[str, Any]:
    """A check's schema without the demand for what the settings have yet to give."""
    required = [name for name in schema.get("required", ()) if name not in awaited]
    return {**schema, "required": required}


def _hold_against(document: Document, route: tuple[str, ...], schema: Mapping[str, Any]) -> None:
    value = document.value(route)
    for below, message in violations(value if isinstance(value, dict) else {}, schema):
        where = (*route, *below)
        raise Misuse(f"{spell(where)} {message}".lstrip(), document.place(where))


def _unknown_check(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, CHECKS, n=1)
    hint = f", nearest: {near[0]}" if near else ""
    return f"check: there is no check {name}{hint}; there are: {', '.join(sorted(CHECKS))}"

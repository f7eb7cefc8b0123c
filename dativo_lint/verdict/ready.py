"""Readiness: the rules that a run holds its subjects against, chosen and made ready once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from dativo_lint.checks import Judge, check, grain_of
from dativo_lint.misuse import Misuse
from dativo_lint.rulebook.load import hold_params
from dativo_lint.rulebook.rule import Rule, Severity
from dativo_lint.settings import OFF, RuleSetting, Settings, nearest
from dativo_lint.subject.condition import Condition, condition


@dataclass(frozen=True, slots=True, eq=False)
class ReadyRule:
    """A rule with its effective severity and parameters, and its check made ready."""

    rule: Rule
    when: Condition
    judge: Judge


@dataclass(frozen=True, slots=True, eq=False)
class ReadyRules:
    """The rules that run, by what they judge; `all` is sorted by id."""

    all: tuple[Rule, ...]
    text: tuple[ReadyRule, ...]
    job: tuple[ReadyRule, ...]
    allowance: tuple[ReadyRule, ...]


def make_ready(
    rules: Iterable[Rule], settings: Settings, extra: Iterable[Mapping[str, RuleSetting]] = ()
) -> ReadyRules:
    """Choose rules by the settings, lay the settings over them, and make their checks ready.

    `extra` are settings of overrides, laid over the others in order. Raises Misuse for a setting
    that names no rule or family, or gives a rule parameters that do not fit.
    """
    known = {rule.id: rule for rule in rules}
    families = {rule.family for rule in known.values()}
    _hold_names(settings, known, families)
    said = dict(settings.rules)
    for more in extra:
        for name, setting in more.items():
            said[name] = setting.over(said.get(name))
    by_grain: dict[str, list[ReadyRule]] = {"text": [], "job": [], "allowance": []}
    ran = []
    for rule in sorted(known.values(), key=lambda rule: rule.id):
        effective = _effective(rule, settings, said.get(rule.id))
        if effective is not None:
            module = check(rule.check)
            ran.append(effective)
            by_grain[grain_of(module)].append(
                ReadyRule(effective, condition(rule.when), module.prepare(effective.params))
            )
    return ReadyRules(tuple(ran), *(tuple(it) for it in by_grain.values()))


def _effective(rule: Rule, settings: Settings, said: RuleSetting | None) -> Rule | None:
    """A rule as the settings have it; None where it does not run."""
    names = (rule.id, rule.family)
    if settings.select and not any(name in settings.select for name in names):
        return None
    if any(name in settings.ignore for name in names) and rule.id not in settings.select:
        return None
    if said is None:
        said = RuleSetting()
    if said.severity == OFF:
        return None
    params = {**rule.params, **said.params}
    if said.params:
        hold_params(rule, params, said.place)
    if any(name not in params for name in rule.awaits):
        return None
    severity = Severity(said.severity) if said.severity else rule.severity
    return replace(rule, severity=severity, params=params)


def _hold_names(settings: Settings, known: Mapping[str, Rule], families: set[str]) -> None:
    names = (*known, *families)
    for setting in ("select", "ignore"):
        for name in getattr(settings, setting):
            if name not in known and name not in families:
                raise Misuse(f"{setting}: there is no rule or family {name}{nearest(name, names)}")
    spoken = [settings.rules, *(override.rules for override in settings.overrides)]
    for said in spoken:
        for name, setting_of in said.items():
            if name not in known:
                hint = nearest(name, tuple(known))
                raise Misuse(f"rules: there is no rule {name}{hint}", setting_of.place)

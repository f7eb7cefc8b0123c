"""Effective rules: the rules that run, as the layers of the settings have them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from fnmatch import fnmatchcase
from functools import reduce

from msgspec.structs import replace

from dativo_lint.rulebook.rule import Rule, Severity
from dativo_lint.settings.rule_settings import OFF, Layer, RuleSetting
from dativo_lint.settings.settings import Settings


def settings_of_rules(
    rules: Iterable[Rule], settings: Settings, overrides: Container[int] = ()
) -> dict[str, RuleSetting]:
    """What layers set of each rule: those for everything, and some overrides by their positions."""
    return {
        id: reduce(lambda weaker, setting: setting.over(weaker), chain)
        for id, chain in chains_of_rules(rules, settings, overrides).items()
    }


def chains_of_rules(
    rules: Iterable[Rule], settings: Settings, overrides: Container[int] = ()
) -> dict[str, list[RuleSetting]]:
    """All that layers set of each rule, weakest first."""
    meant = {*map(str.lower, (*settings.select, *settings.extend_select))}
    chains: dict[str, list[RuleSetting]] = {}
    for layer in layers_under(settings, overrides):
        for id, setting in layer.rules.items():
            chains.setdefault(id, []).append(setting)
        for name, setting in layer.ignore.items():
            for rule in rules:
                if rule.id not in meant and is_named(rule, (name,)):
                    chains.setdefault(rule.id, []).append(setting)
    return chains


def layers_under(settings: Settings, overrides: Container[int] = ()) -> list[Layer]:
    """The layers for everything and some overrides, from the last that is a root, weakest first."""
    layers: list[Layer] = []
    for number, layer in enumerate(settings.layers):
        if layer.is_everywhere or number in overrides:
            if layer.is_root:
                layers.clear()
            layers.append(layer)
    return layers


def rules_under(
    rules: Sequence[Rule], settings: Settings, overrides: Container[int] = ()
) -> tuple[Rule, ...]:
    """The rules that run, as the settings have them, with some of their overrides."""
    laid = settings_of_rules(rules, settings, overrides)
    return tuple(filter(None, (_effective(rule, settings, laid.get(rule.id)) for rule in rules)))


def _effective(rule: Rule, settings: Settings, setting: RuleSetting | None) -> Rule | None:
    """A rule as a setting has it, if it runs."""
    if not is_wanted(rule, settings, setting):
        return None
    params = rule.params if setting is None else {**rule.params, **setting.params}
    if not all(name in params for name in rule.requires_params):
        return None
    severity = setting.severity if setting is not None else None
    return replace(rule, severity=Severity(severity or rule.severity), params=params)


def is_wanted(rule: Rule, settings: Settings, setting: RuleSetting | None) -> bool:
    """Whether the settings leave a rule on."""
    select = (*settings.select, *settings.extend_select)
    if settings.select and not is_named(rule, select):
        return False
    severity = setting.severity if setting is not None else None
    if rule.off_by_default and severity is None and rule.id not in map(str.lower, select):
        return False
    return severity != OFF


def is_named(rule: Rule, names: Iterable[str]) -> bool:
    """Whether one of the names, in any case, is that of a rule or its family, or a glob of it."""
    own = rule.id, rule.family
    return any(fnmatchcase(each, name.lower()) for name in names for each in own)

"""Rules as the settings have them: severity and parameters, and where each comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from dativo_lint.checks import params_schema
from dativo_lint.cli.output import plain
from dativo_lint.reports.sentences import page_of
from dativo_lint.rulebook.rule import Rule
from dativo_lint.settings.effective import chains_of_rules, rules_under, settings_of_rules
from dativo_lint.settings.rule_settings import OFF, RuleSetting
from dativo_lint.settings.settings import Settings


class EffectiveRule(Struct, frozen=True):
    """A rule with the severity and the parameters that it has, and their origins.

    `origin` is where the rule is set, or why it is off; `origins` those of the severity and of
    `params.NAME` where they are not the rule's own. `chain` is all that is set of it, weakest
    first.
    """

    rule: Rule
    severity: str
    origin: str
    params: Mapping[str, Any]
    origins: Mapping[str, str]
    chain: tuple[RuleSetting, ...] = ()

    @property
    def why(self) -> list[str]:
        """Everything that decides about the rule, weakest first."""
        return [*dict.fromkeys((*(setting.origin for setting in self.chain), self.origin))]

    @property
    def lacking(self) -> list[str]:
        """The parameters without which the rule is silent, and which nobody gives."""
        return [name for name in self.rule.requires_params if name not in self.params]

    @property
    def severity_from(self) -> str:
        """Where the severity comes from."""
        return self.origin if self.severity == OFF else self.origins.get("severity", "default")

    @property
    def summary(self) -> str:
        """What the rule finds, and what it needs to run where it lacks that."""
        needs = f" (off: needs params.{', params.'.join(self.lacking)})" if self.lacking else ""
        return f"{self.rule.summary}{needs}"


def effective_rules(
    rules: Sequence[Rule], settings: Settings, overrides: Sequence[int] = ()
) -> Iterator[EffectiveRule]:
    """Each rule under the settings, and under some of their overrides, by their positions."""
    running = {rule.id: rule for rule in rules_under(rules, settings, overrides)}
    chains = chains_of_rules(rules, settings, overrides)
    laid = settings_of_rules(rules, settings, overrides)
    for rule in rules:
        setting, chain = laid.get(rule.id, RuleSetting()), tuple(chains.get(rule.id, ()))
        params = {**rule.params, **setting.params}
        lacking = [name for name in rule.requires_params if name not in params]
        severity = running[rule.id].severity.value if rule.id in running else OFF
        origin = setting.origin
        if setting.severity == OFF:
            origin = next(setting.origin for setting in reversed(chain) if setting.severity == OFF)
        elif severity == OFF and lacking:
            origin = f"default; needs {', '.join(lacking)}"
        elif severity == OFF and rule.off_by_default and not setting.severity:
            origin = "off by default"
        elif severity == OFF:
            origin = settings.origins.get("select", origin)
        yield EffectiveRule(rule, severity, origin, plain(params), setting.origins, chain)


def as_data(effective: EffectiveRule) -> dict[str, Any]:
    """All of an effective rule, for JSON."""
    rule = effective.rule
    meanings = params_schema(rule.check)["properties"]
    names = [name for name in meanings if name in effective.params or name in rule.requires_params]
    return {
        "id": rule.id,
        "family": rule.family,
        "severity": effective.severity,
        "default_severity": rule.severity.value,
        "off_by_default": rule.off_by_default,
        "from": effective.severity_from,
        "runs": effective.severity != OFF,
        "requires_params": list(rule.requires_params),
        "summary": rule.summary,
        "why": rule.why,
        "fix": rule.fix,
        "fixable": rule.fixable or None,
        "check": rule.check,
        "when": plain(rule.when),
        "params": [
            {
                "name": name,
                "value": effective.params.get(name),
                "from": effective.origins.get(
                    f"params.{name}", "default" if name in effective.params else "not set"
                ),
                "meaning": meanings[name].get("description", ""),
            }
            for name in names
        ],
        "sources": [{"title": source.title, "url": source.url} for source in rule.sources],
        "regulations": [asdict(section) for section in rule.regulations],
        "page": page_of(rule),
    }

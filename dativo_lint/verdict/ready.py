"""Readiness: the rules that a run holds its subjects against, chosen and made ready once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property, partial
from operator import attrgetter
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.checks import Judge, check, prepare
from dativo_lint.misuse import Misuse, hold, nearest
from dativo_lint.rulebook.load import hold_params
from dativo_lint.rulebook.rule import Rule, Severity
from dativo_lint.settings import COMMAND_LINE, OFF, RuleSetting, Settings
from dativo_lint.subject.condition import Condition, condition, holds
from dativo_lint.texts.document import Document

if TYPE_CHECKING:
    from dativo_lint.subject.subject import Subject
    from dativo_lint.subject.text import Text


class ReadyRule(Struct, frozen=True, eq=False, dict=True):
    """A rule with its effective severity and parameters; its check is made ready on first use."""

    rule: Rule
    when: Condition
    prepare: Callable[[], Judge]

    @cached_property
    def judge(self) -> Judge:
        """The check made ready."""
        return self.prepare()


class ReadyRules(Struct, frozen=True, eq=False, dict=True):
    """The rules that run, by what they judge; `all` is sorted by id, `ids` are theirs."""

    all: tuple[Rule, ...]
    ids: frozenset[str]
    text: tuple[ReadyRule, ...]
    job: tuple[ReadyRule, ...]
    rendered: tuple[ReadyRule, ...]
    allowance: tuple[ReadyRule, ...]

    def speaking(self, subject: Subject) -> Iterable[ReadyRule]:
        """The rules of jobs, without those that surely do not apply to this one."""
        return self.concerning(subject.job)

    def speaking_of(self, text: Text) -> tuple[ReadyRule, ...]:
        """The rules of texts."""
        return self.text

    def concerning(self, job: Document) -> tuple[ReadyRule, ...]:
        """The rules of jobs, without those that do not apply to this one."""
        return tuple(it for it in self.job if not it.when or holds(it.when, job))


class Readiness:
    """The rules made ready: as usual, and for the jobs that overrides of the settings pick out.

    Raises Misuse for a setting that names no rule or family, or gives a rule parameters that do not
    fit, unless the settings are known to fit the rules.
    """

    def __init__(
        self, rules: Iterable[Rule], settings: Settings, *, are_known_to_fit: bool = False
    ) -> None:
        self._rules = tuple(rules)
        self._settings = settings
        self._by_overrides: dict[tuple[int, ...], ReadyRules] = {}
        self._by_severity: dict[tuple[str, Severity], Rule] = {}
        self._known = {rule.id: rule for rule in self._rules}
        self.known = frozenset(self._known)
        if not are_known_to_fit:
            hold_settings(self._known, settings)
        self.usual = self.for_overrides(())

    @property
    def all(self) -> tuple[Rule, ...]:
        """Every rule that was made ready, sorted by id; severities are those that hold usually."""
        rules: dict[str, Rule] = {}
        for ready in self._by_overrides.values():
            rules = {**{rule.id: rule for rule in ready.all}, **rules}
        return tuple(rules[id] for id in sorted(rules))

    def for_job(self, job: Document) -> ReadyRules:
        """The rules for one job."""
        return self.for_overrides(self.overrides_of(job))

    def overrides_of(self, job: Document) -> tuple[int, ...]:
        """The positions of the overrides that hold for a job; one that is open does not."""
        if not self._settings.overrides:
            return ()
        pairs = enumerate(self._settings.overrides)
        return tuple(n for n, it in pairs if holds(it.when, job) is True)

    def rule(self, id: str, severity: Severity) -> Rule:
        """A rule as it is held against jobs for which it has a severity."""
        found = self._by_severity.get((id, severity))
        if found is None:
            known = next((rule for rule in self.usual.all if rule.id == id), self._known[id])
            found = known if known.severity is severity else replace(known, severity=severity)
            self._by_severity[id, severity] = found
        return found

    def for_overrides(self, overrides: tuple[int, ...]) -> ReadyRules:
        """The rules for the jobs for which some overrides hold, given by their positions."""
        ready = self._by_overrides.get(overrides)
        if ready is None:
            extra = [self._settings.overrides[number].rules for number in overrides]
            ready = make_ready(self._rules, self._settings, extra)
            self._by_overrides[overrides] = ready
        return ready


def make_ready(
    rules: Iterable[Rule], settings: Settings, extra: Iterable[Mapping[str, RuleSetting]] = ()
) -> ReadyRules:
    """Choose rules by the settings, lay the settings over them, and make their checks ready.

    `extra` are settings of overrides, laid over the others in order; all fit the rules.
    """
    said = dict(settings.rules)
    for more in extra:
        for name, setting in more.items():
            said[name] = setting.over(said.get(name))
    grains = ("text", "job", "rendered", "allowance")
    by_grain: dict[str, list[ReadyRule]] = {grain: [] for grain in grains}
    ran = tuple(_effective_rules(rules, settings, said))
    for rule in ran:
        one = ReadyRule(rule, condition(rule.when), partial(_prepared, rule))
        for grain in check(rule.check).APPLIES_TO:
            by_grain[grain].append(one)
    ids = frozenset(rule.id for rule in ran)
    return ReadyRules(ran, ids, *(tuple(it) for it in by_grain.values()))


def _prepared(rule: Rule) -> Judge:
    return prepare(rule.check, rule.params)


def _effective_rules(
    rules: Iterable[Rule], settings: Settings, said: Mapping[str, RuleSetting]
) -> Iterator[Rule]:
    """The rules that run, sorted by id, as the settings have them."""
    for rule in sorted(rules, key=attrgetter("id")):
        setting = said.get(rule.id)
        if not _is_wanted(rule, settings, setting):
            continue
        params = rule.params if setting is None else {**rule.params, **setting.params}
        if all(name in params for name in rule.awaits):
            # Of nearly all rules the settings say nothing; they are held against jobs as they are.
            yield (
                rule
                if setting is None
                else replace(
                    rule,
                    severity=Severity(setting.severity) if setting.severity else rule.severity,
                    params=params,
                )
            )


def _is_wanted(rule: Rule, settings: Settings, setting: RuleSetting | None) -> bool:
    """Whether the settings leave a rule on."""
    select, ignore = settings.select, settings.ignore
    if select and rule.id not in select and rule.family not in select:
        return False
    if rule.id not in select and (rule.id in ignore or rule.family in ignore):
        return False
    return setting is None or setting.severity != OFF


def hold_settings(rules: Mapping[str, Rule], settings: Settings) -> None:
    """Raise Misuse for settings that name no rule or family, or give parameters that do not fit.

    Overrides are held too: a job that one would hold for may not be among those of this run.
    """
    _hold_names(settings, rules, {rule.family for rule in rules.values()})
    _hold_params(rules, settings, settings.rules)
    for override in settings.overrides:
        said = {id: it.over(settings.rules.get(id)) for id, it in override.rules.items()}
        _hold_params(rules, settings, said)


def _hold_params(
    rules: Mapping[str, Rule], settings: Settings, said: Mapping[str, RuleSetting]
) -> None:
    faults = []
    for id in sorted(said):
        rule, setting = rules[id], said[id]
        if setting.params and _is_wanted(rule, settings, setting):
            try:
                hold_params(rule, {**rule.params, **setting.params}, setting.place)
            except Misuse as misuse:
                faults.append(misuse)
    hold(faults)


def _hold_names(settings: Settings, known: Collection[str], families: set[str]) -> None:
    """Raise Misuse for all settings that name a rule or family which there is not."""
    faults = []
    for setting in ("select", "ignore"):
        for name in getattr(settings, setting):
            if name not in known and name not in families:
                hint = nearest(name, (*known, *families))
                where = _where(settings, setting)
                faults.append(Misuse(f"{where}{setting}: there is no rule or family {name}{hint}"))
    for said in (settings.rules, *(override.rules for override in settings.overrides)):
        for name, setting_of in said.items():
            if name not in known:
                message = f"rules: there is no rule {name}{nearest(name, known)}"
                faults.append(Misuse(message, setting_of.place))
    hold(faults)


def _where(settings: Settings, setting: str) -> str:
    origin = settings.origins.get(setting, "")
    return "" if origin in ("", COMMAND_LINE) else f"{origin}: "

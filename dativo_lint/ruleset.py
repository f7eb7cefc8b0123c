"""The rules of a run: selected, combined with the settings, and prepared on first use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.checks import Judge, check, prepare
from dativo_lint.checks.violation import Unresolved, Violation
from dativo_lint.documents.document import Document
from dativo_lint.documents.globs import path_matcher
from dativo_lint.errors import UsageError, hold, nearest
from dativo_lint.jobs.condition import Condition, condition, holds
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.rendered import RenderedSet
from dativo_lint.jobs.suppression_comment import SuppressionUse
from dativo_lint.jobs.text import Text
from dativo_lint.rule_settings import OFF, RuleSetting
from dativo_lint.rulebook.load import hold_params
from dativo_lint.rulebook.rule import Rule, Severity
from dativo_lint.settings import COMMAND_LINE, Settings

if TYPE_CHECKING:
    from typing import TypeAlias

Target: TypeAlias = "Job | RenderedSet | Text | SuppressionUse"
"""The target of a rule."""

_FEW = 3
SEVERITIES = frozenset(severity.value for severity in Severity)

Overrides = tuple[int, ...]
"""The overrides of the settings that apply to a job, by their positions."""


class PreparedRule(Struct, frozen=True, eq=False, dict=True):
    """A rule with its effective severity and parameters; its check is prepared on first use."""

    rule: Rule
    when: Condition

    @cached_property
    def check(self) -> Judge:
        """From a target to what is wrong with it."""
        # Held before: those of rules of the tool by a test, all others when they were read.
        return prepare(self.rule.check, self.rule.params, are_sound=True)

    def ask(self, target: Target) -> Iterable[Violation | Unresolved]:
        """The answers of the rule, where it applies; whether it does may be unresolved."""
        if self.when and isinstance(target, (Job, RenderedSet)):
            job = target.config if isinstance(target, Job) else target.fields
            applies = holds(self.when, job)
            if isinstance(applies, FieldRef):
                question = f"{applies.name} is {applies.value}: {self.rule.id} may apply"
                return (Unresolved(applies, question),)
            if not applies:
                return ()
        return self.check(target)


class RuleSet(Struct, frozen=True, eq=False, dict=True):
    """The rules that run; `all` is sorted by id, `ids` are theirs."""

    all: tuple[Rule, ...]
    ids: frozenset[str]

    @cached_property
    def _of_targets(self) -> Mapping[str, Sequence[PreparedRule]]:
        by_target: dict[str, list[PreparedRule]] = {}
        for rule in self.all:
            prepared = PreparedRule(rule, condition(rule.when))
            for target in check(rule.check).APPLIES_TO:
                by_target.setdefault(target, []).append(prepared)
        return by_target

    def of(self, target: str) -> Sequence[PreparedRule]:
        """The rules of a kind of targets, sorted by id; the first call imports all checks."""
        return self._of_targets.get(target, ())


class RuleSets:
    """The rules as usual, and for the jobs that overrides of the settings pick out.

    Raises UsageError for a setting that names no rule or family, or gives a rule parameters that do
    not fit.
    """

    def __init__(self, rules: Iterable[Rule], settings: Settings) -> None:
        self.rules = tuple(rules)
        self._settings = settings
        self._by_overrides: dict[Overrides, RuleSet] = {}
        self._by_severity: dict[tuple[str, Severity | None], Rule] = {}
        self._known = {rule.id: rule for rule in self.rules}
        self.known = {rule.id: rule.family for rule in self.rules}
        hold_settings(self._known, settings)
        self.policy = settings.suppressions
        never = settings.suppressions.never
        self.never = frozenset(rule.id for rule in self.rules if is_named(rule, never))
        self.usual = self.for_overrides(())

    def hold_any(self) -> None:
        """Raise UsageError, with the reason, if no rule can run."""
        overrides = [override.rules for override in self._settings.overrides]
        if self.usual.all or rule_set(self.rules, self._settings, overrides).all:
            return
        reasons = []
        for rule in self.rules:
            setting = self._settings.rules.get(rule.id, RuleSetting())
            lacking = [name for name in rule.requires_params if name not in setting.params]
            if lacking and _is_wanted(rule, self._settings, setting):
                names = " and ".join(lacking)
                reasons.append(
                    f"{rule.id} needs {names} under rules.{rule.id}.params in the settings"
                )
        shown = "; ".join(reasons[:_FEW]) or "all selected rules are ignored or off"
        raise UsageError(f"no rule can run: {shown}")

    @property
    def all(self) -> tuple[Rule, ...]:
        """Every rule that ran, sorted by id, with its severity outside overrides."""
        rules: dict[str, Rule] = {}
        for overrides in sorted(self._by_overrides):
            rules = {**{rule.id: rule for rule in self._by_overrides[overrides].all}, **rules}
        return tuple(rules[id] for id in sorted(rules))

    def for_job(self, job: Document) -> RuleSet:
        """The rules for one job."""
        return self.for_overrides(self.overrides_of(job))

    def overrides_of(self, job: Document) -> Overrides:
        """The positions of the overrides that apply to a job; an unresolved one does not."""
        at_path = self._overrides_at(job.path)
        return tuple(n for n, when in at_path if holds(when, job) is True)

    def overrides_of_file(self, path: str) -> Overrides:
        """The positions of the overrides that apply to a file without jobs."""
        return tuple(n for n, when in self._overrides_at(path) if not when)

    def _overrides_at(self, path: str) -> Iterator[tuple[int, Condition]]:
        for number, override in enumerate(self._settings.overrides):
            if not override.paths or path_matcher(override.paths)(path):
                yield number, override.when

    def rule(self, id: str, severity: Severity | None = None) -> Rule:
        """A rule for jobs for which it has a severity, or else as usual."""
        rule = self._by_severity.get((id, severity))
        if rule is None:
            rule = next((rule for rule in self.usual.all if rule.id == id), self._known[id])
            if severity is not None and severity is not rule.severity:
                rule = replace(rule, severity=severity)
            self._by_severity[id, severity] = rule
        return rule

    def for_overrides(self, overrides: Overrides) -> RuleSet:
        """The rules for jobs with some overrides, given by their positions."""
        rules = self._by_overrides.get(overrides)
        if rules is None:
            extra = [self._settings.overrides[number].rules for number in overrides]
            rules = self._by_overrides[overrides] = rule_set(self.rules, self._settings, extra)
        return rules


def rule_set(
    rules: Iterable[Rule], settings: Settings, extra: Iterable[Mapping[str, RuleSetting]] = ()
) -> RuleSet:
    """Choose rules by the settings, and lay the settings over them.

    `extra` are settings of overrides, laid over the others in order; all fit the rules.
    """
    chosen = tuple(_effective_rules(rules, settings, laid_over(settings.rules, extra)))
    return RuleSet(chosen, frozenset(rule.id for rule in chosen))


def laid_over(
    rules: Mapping[str, RuleSetting], extra: Iterable[Mapping[str, RuleSetting]]
) -> Mapping[str, RuleSetting]:
    """Settings of rules with those of overrides laid over them, in order."""
    result = dict(rules)
    for more in extra:
        for name, setting in more.items():
            result[name] = setting.over(result.get(name))
    return result


def _effective_rules(
    rules: Iterable[Rule], settings: Settings, said: Mapping[str, RuleSetting]
) -> Iterator[Rule]:
    """The rules that run, sorted by id, as the settings have them."""
    for rule in sorted(rules, key=attrgetter("id")):
        setting = said.get(rule.id)
        if not _is_wanted(rule, settings, setting):
            continue
        params = rule.params if setting is None else {**rule.params, **setting.params}
        if all(name in params for name in rule.requires_params):
            severity = setting.severity if setting is not None else None
            yield replace(rule, severity=Severity(severity or rule.severity), params=params)


def _is_wanted(rule: Rule, settings: Settings, setting: RuleSetting | None) -> bool:
    """Whether the settings leave a rule on."""
    select, ignore = (*settings.select, *settings.extend_select), settings.ignore
    is_meant = rule.id in map(str.lower, select)
    if settings.select and not is_named(rule, select):
        return False
    if not is_meant and is_named(rule, ignore):
        return False
    if rule.off_by_default and not is_meant and not (setting and setting.severity):
        return False
    return setting is None or setting.severity != OFF


def is_named(rule: Rule, names: Iterable[str]) -> bool:
    """Whether one of the names, in any case, is that of a rule or its family, or a glob of it."""
    own = rule.id, rule.family
    return any(fnmatchcase(each, name.lower()) for name in names for each in own)


def hold_settings(rules: Mapping[str, Rule], settings: Settings) -> None:
    """Raise UsageError for settings with unknown rules or families, or with invalid parameters.

    Overrides are checked too, even if none of the jobs of this run matches them.
    """
    _hold_names(settings, rules)
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
            except UsageError as error:
                faults.append(error)
    hold(faults)


def _hold_names(settings: Settings, known: Mapping[str, Rule]) -> None:
    """Raise UsageError for all settings that name a rule or family which there is not."""
    families = {rule.family for rule in known.values()}
    faults = []
    policy = settings.suppressions
    written = [(name, getattr(settings, name)) for name in ("select", "ignore", "extend_select")]
    written += [("suppressions.require", names) for names in policy.require.values()]
    for setting, names in (*written, ("suppressions.never", policy.never)):
        others = SEVERITIES if setting == "suppressions.require" else ()
        for name in names:
            is_other = name.lower() in others
            if not is_other and not any(is_named(rule, (name,)) for rule in known.values()):
                hint = nearest(name.lower(), (*known, *families, *others))
                where = _where(settings, setting)
                faults.append(UsageError(f'{where}unknown rule or family "{name}"{hint}'))
    for said in (settings.rules, *(override.rules for override in settings.overrides)):
        for name, setting_of in said.items():
            if name not in known:
                message = f'rules: unknown rule "{name}"{nearest(name, known)}'
                faults.append(UsageError(message, setting_of.place))
    hold(faults)


def _where(settings: Settings, setting: str) -> str:
    origin = settings.origins.get(setting, "")
    if origin == COMMAND_LINE:
        return f"--{setting.replace('_', '-')}: "
    return f"{origin}: {setting}: " if origin else f"{setting}: "

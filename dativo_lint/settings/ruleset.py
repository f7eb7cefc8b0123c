"""The rules of a run: selected, combined with the settings, and prepared on first use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.checks import Judge, check, prepare
from dativo_lint.checks.violation import Unresolved, Violation
from dativo_lint.documents.document import Document
from dativo_lint.documents.globs import path_matcher
from dativo_lint.documents.past_folder import folders_above
from dativo_lint.errors import UsageError, hold
from dativo_lint.jobs.condition import Condition, condition, holds
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.rendered import RenderedSet
from dativo_lint.jobs.suppression_comment import SuppressionUse
from dativo_lint.jobs.text import Text
from dativo_lint.names import nearest
from dativo_lint.rulebook.load import hold_params
from dativo_lint.rulebook.rule import Rule, Severity
from dativo_lint.settings.effective import is_named, is_wanted, rules_under, settings_of_rules
from dativo_lint.settings.rule_settings import RuleSetting
from dativo_lint.settings.settings import COMMAND_LINE, Settings

if TYPE_CHECKING:
    from typing import TypeAlias

Target: TypeAlias = "Job | RenderedSet | Text | SuppressionUse"
"""The target of a rule."""

_FEW = 3
SEVERITIES = frozenset(severity.value for severity in Severity)

Overrides = tuple[int, ...]
"""The layers of the settings that apply to a job and not to all, by their positions."""


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
        """The answers of the rule for a target, where it applies to its job, which may be
        unresolved."""
        if self.when and isinstance(target, (Job, RenderedSet)):
            job = target.config if isinstance(target, Job) else target.fields
            applies = holds(self.when, job)
            if isinstance(applies, FieldRef):
                question = f"{applies.name} is {applies.value}: {self.rule.id} may apply"
                return (Unresolved(applies, question),)
            if not applies:
                return ()
        return self.check(target)


_Prepared = dict[tuple[str, Severity, str], PreparedRule]


class RuleSet(Struct, frozen=True, eq=False, dict=True):
    """The rules that run; `all` is sorted by id, `ids` are theirs. Rule sets share what is
    `prepared` by id, severity and parameters."""

    all: tuple[Rule, ...]
    ids: frozenset[str]
    prepared: _Prepared

    @cached_property
    def _of_targets(self) -> Mapping[str, Mapping[str, list[PreparedRule]]]:
        """The rules of each kind of targets, by their conditions: many have the same."""
        by_target: dict[str, dict[str, list[PreparedRule]]] = {}
        for rule in self.all:
            key = rule.id, rule.severity, repr(rule.params)
            if key not in self.prepared:
                self.prepared[key] = PreparedRule(rule, condition(rule.when))
            for target in rule.applies_to or check(rule.check).APPLIES_TO:
                alike = by_target.setdefault(target, {}).setdefault(repr(rule.when), [])
                alike.append(self.prepared[key])
        return by_target

    def of(self, target: str, job: Document | None = None) -> list[PreparedRule]:
        """The rules of a kind of targets, without those that do not apply to its job."""
        return [
            rule
            for rules in self._of_targets.get(target, {}).values()
            if job is None or not rules[0].when or holds(rules[0].when, job)
            for rule in rules
        ]


class RuleSets:
    """The rules as usual, and for the jobs that overrides of the settings pick out.

    Raises UsageError for a setting that names no rule or family, or gives a rule parameters that do
    not fit.
    """

    def __init__(self, rules: Iterable[Rule], settings: Settings) -> None:
        self.rules = tuple(sorted(rules, key=attrgetter("id")))
        self._settings = settings
        self._in_folder: dict[str, list[int]] = {}
        for number, layer in enumerate(settings.layers):
            if not layer.is_everywhere:
                self._in_folder.setdefault(layer.folder, []).append(number)
        self._prepared: _Prepared = {}
        self._by_overrides: dict[Overrides, RuleSet] = {}
        self._by_severity: dict[tuple[str, Severity | None], Rule] = {}
        self._known = {rule.id: rule for rule in self.rules}
        self.known = {rule.id: rule.family for rule in self.rules}
        self._faults: dict[str, list[UsageError]] = {}
        for folder, fault in (*settings.faults, *_unknown_names(settings, self._known)):
            self._faults.setdefault(folder, []).append(fault)
        self.hold_at("")
        for folder, fault in self._wrong_params():
            self._faults.setdefault(folder, []).append(fault)
        self.hold_at("")
        self.policy = settings.suppressions
        never = settings.suppressions.never
        self.never = frozenset(rule.id for rule in self.rules if is_named(rule, never))
        self.usual = self.for_overrides(())

    def hold_at(self, path: str) -> None:
        """Raise UsageError for what is wrong with the settings for a file."""
        for folder in _folders_of(path) if self._faults else ():
            hold(self._faults.get(folder, ()))

    def hold_any(self) -> None:
        """Raise UsageError, with the reason, if no rule can run."""
        layers = range(len(self._settings.layers))
        each = ((number,) for number in layers)
        if any(rules_under(self.rules, self._settings, chosen) for chosen in ((), layers, *each)):
            return
        usual = settings_of_rules(self.rules, self._settings)
        reasons = []
        for rule in self.rules:
            setting = usual.get(rule.id, RuleSetting())
            lacking = [name for name in rule.requires_params if name not in setting.params]
            if lacking and is_wanted(rule, self._settings, setting):
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

    def for_file(self, path: str) -> RuleSet:
        """The rules for a file, whatever jobs it has."""
        return self.for_overrides(self.overrides_of_file(path))

    def overrides_of(self, job: Document) -> Overrides:
        """The positions of the overrides that apply to a job; an unresolved one does not."""
        at_path = self._overrides_at(job.path)
        return tuple(n for n, when in at_path if holds(when, job) is True)

    def overrides_of_file(self, path: str) -> Overrides:
        """The positions of the overrides that apply to a file, whatever jobs it has."""
        return tuple(n for n, when in self._overrides_at(path) if not when)

    def _overrides_at(self, path: str) -> Iterator[tuple[int, Condition]]:
        for folder in _folders_of(path) if any(self._in_folder) else ("",):
            for number in self._in_folder.get(folder, ()):
                layer = self._settings.layers[number]
                if not layer.paths or path_matcher(layer.paths)(path[len(folder) :]):
                    yield number, layer.when

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
            chosen = rules_under(self.rules, self._settings, overrides)
            ids = frozenset(rule.id for rule in chosen)
            rules = self._by_overrides[overrides] = RuleSet(chosen, ids, self._prepared)
        return rules

    def _wrong_params(self) -> Iterator[tuple[str, UsageError]]:
        """Parameters that do not fit their rules, even of overrides that apply to no job."""
        faults: dict[str, tuple[str, UsageError]] = {}
        for number, layer in enumerate(self._settings.layers):
            above = {at for at, when in self._overrides_at(f"{layer.folder}.") if not when}
            chosen = {at for at in above if at < number} | {number}
            settings = settings_of_rules(self.rules, self._settings, chosen)
            for id in sorted(self._known.keys() & layer.rules.keys()):
                rule, setting = self._known[id], settings[id]
                if setting.params and is_wanted(rule, self._settings, setting):
                    try:
                        params = {**rule.params, **setting.params}
                        hold_params(rule, params, setting.place, self._known)
                    except UsageError as error:
                        faults.setdefault(str(error), (layer.folder, error))
        yield from faults.values()


def _folders_of(path: str) -> tuple[str, ...]:
    """The folders that a path is in, the root's first, as layers name them."""
    return ("", *reversed([f"{folder}/" for folder in folders_above(path)]))


def _unknown_names(
    settings: Settings, known: Mapping[str, Rule]
) -> Iterator[tuple[str, UsageError]]:
    """The folders of settings that name a rule or family which there is not, with these."""
    families = {rule.family for rule in known.values()}
    policy = settings.suppressions
    written = [(name, getattr(settings, name)) for name in ("select", "extend_select")]
    written += [("suppressions.require", names) for names in policy.require.values()]
    written += [("suppressions.never", policy.never)]
    named = [
        ("", setting, name, settings.origins.get(setting, ""))
        for setting, names in written
        for name in names
    ]
    named += [
        (layer.folder, "ignore", name, setting.origin)
        for layer in settings.layers
        for name, setting in layer.ignore.items()
    ]
    for folder, setting, name, origin in named:
        others = SEVERITIES if setting == "suppressions.require" else ()
        is_other = name.lower() in others
        if not is_other and not any(is_named(rule, (name,)) for rule in known.values()):
            hint = nearest(name, (*known, *families, *others))
            where = f"{origin}: {setting}: " if origin else f"{setting}: "
            if origin == COMMAND_LINE:
                where = f"--{setting.replace('_', '-')}: "
            yield folder, UsageError(f'{where}unknown rule or family "{name}"{hint}')
    for layer in settings.layers:
        for name, of_rule in layer.rules.items():
            if name not in known:
                message = f'rules: unknown rule "{name}"{nearest(name, known)}'
                yield layer.folder, UsageError(message, of_rule.place)

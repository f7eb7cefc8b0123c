"""What settings say of rules: layers that are laid over one another, weakest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from dativo_lint.documents.globs import GlobError, path_matcher
from dativo_lint.documents.place import Place, spell
from dativo_lint.errors import UsageError, hold
from dativo_lint.jobs.condition import FIELDS, Condition, condition
from dativo_lint.names import nearest
from dativo_lint.settings.source import Source, words

OFF = "off"


class RuleSetting(Struct, frozen=True):
    """What a shop says of one rule: another severity, `off`, or parameters laid over its own.

    `origin` is where that is; `origins` has the same of the severity and of each parameter, as
    `params.NAME`.
    """

    severity: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    place: Place | None = None
    origin: str = "default"
    origins: Mapping[str, str] = field(default_factory=dict)

    def over(self, weaker: RuleSetting | None) -> RuleSetting:
        """This laid over what was set before."""
        if weaker is None:
            return self
        params, origins = {**weaker.params, **self.params}, {**weaker.origins, **self.origins}
        severity = self.severity or weaker.severity
        return RuleSetting(severity, params, self.place, self.origin, origins)


class Layer(Struct, frozen=True, eq=False):
    """What one source says of rules: a preset, a settings file, one of its overrides.

    It applies in `folder`, from the root and with a slash at its end (empty for the root), to files
    there that `paths` match, and to jobs for which `when` holds. `ignore` has the rules, families
    and globs that it turns off. With `is_root`, no weaker layer applies.
    """

    source: str
    place: Place | None = None
    rules: Mapping[str, RuleSetting] = field(default_factory=dict)
    ignore: Mapping[str, RuleSetting] = field(default_factory=dict)
    folder: str = ""
    when: Condition = ()
    paths: tuple[str, ...] = ()
    is_root: bool = False

    @property
    def is_everywhere(self) -> bool:
        """Whether it applies to every file and job."""
        return not (self.folder or self.when or self.paths)


class SuppressionPolicy(Struct, frozen=True):
    """What a shop requires of suppressions.

    `require` has the severities and the names of rules for which a reason, a last day, an owner or
    a ticket must be there; `never` names the rules that may not be suppressed.
    """

    require: Mapping[str, tuple[str, ...]] = {}
    never: tuple[str, ...] = ()


def layers_in(source: Source, not_ignored: Sequence[str] = ()) -> Iterator[Layer]:
    """The layers of one source: itself, then its overrides. `not_ignored` it does not turn off."""
    overrides = source.data.get("overrides") or ()
    hold([fault for number in range(len(overrides)) for fault in _faults_of_when(source, number)])
    off = {
        name: ignoring(name, source.origin("ignore"), source.key_place("ignore"))
        for name in words(source.data, "ignore")
        if name not in not_ignored
    }
    yield Layer(source.name, source.place(), _rules_in(source), off, source.folder)
    for number, override in enumerate(overrides):
        above = ("overrides", number)
        fields = {name: values for name, values in override["when"].items() if name != "path"}
        yield Layer(
            spell(above),
            source.place(*above),
            _rules_in(source, *above),
            folder=source.folder,
            when=condition(fields),
            paths=words(override["when"], "path"),
        )


def ignoring(name: str, origin: str, place: Place | None = None) -> RuleSetting:
    """The setting of rules that are ignored under a name."""
    return RuleSetting(OFF, {}, place, origin, {"severity": origin})


def unusable_globs(patterns: Sequence[str], *route: str | int) -> Iterator[str]:
    """What is wrong with the globs of a setting."""
    for pattern in patterns:
        try:
            path_matcher([pattern])
        except GlobError:
            yield f"{spell(route)}: a pattern of {len(pattern)} characters is too long"


def _rules_in(source: Source, *above: str | int) -> dict[str, RuleSetting]:
    """The settings of rules by id, in a source or in one of its overrides."""
    rules: Any = source.data
    for step in above:
        rules = rules[step]
    settings = {}
    for name, written in (rules.get("rules") or {}).items():
        route = (*above, "rules", name)
        setting = written if isinstance(written, dict) else {"severity": written}
        severity, params = setting.get("severity"), setting.get("params") or {}
        origins = {f"params.{each}": source.origin(*route, "params", each) for each in params}
        if severity is not None:
            is_short = setting is not written
            origins["severity"] = source.origin(*route, *(() if is_short else ("severity",)))
        settings[name] = RuleSetting(
            OFF if severity is False else severity,  # YAML reads off as false
            params,
            source.key_place(*route),
            source.origin(*route),
            origins,
        )
    return settings


def _faults_of_when(source: Source, number: int) -> Iterator[UsageError]:
    """What is wrong with the fields and globs of an override."""
    from dativo_lint.schemas import schema  # few shops have overrides
    from dativo_lint.schemas.fields import fields_of

    known = fields_of(schema("job"))
    when = source.data["overrides"][number]["when"]
    for name in when:
        route = ("overrides", number, "when", name)
        place = source.key_place(*route)
        globs = words(when, name) if isinstance(when[name], (str, list)) else ()
        yield from (UsageError(fault, place) for fault in unusable_globs(globs, *route))
        if name not in ("path", *FIELDS) and not known.knows(name.split(".")):
            hint = nearest(name, ("path", *FIELDS, *known.names()))
            yield UsageError(f"{spell(route)} is not a field of a job{hint}", place)

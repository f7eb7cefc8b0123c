"""Coverage: the share of jobs whose required tags reach a sink with a valid value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from dativo_lint.checks.violation import Violation
from dativo_lint.documents.place import Place
from dativo_lint.jobs.field_ref import is_open
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.layers import PLATFORM_KEYS, infrastructure_key
from dativo_lint.jobs.selectors import folded_word
from dativo_lint.jobs.sinks import CLOUDS, RECEIVING, SINKS
from dativo_lint.jobs.sinks.sink import SinkTag
from dativo_lint.jobs.tags import folded_key
from dativo_lint.settings.ruleset import RuleSets

ALL = "(all)"
NONE = "(none)"
UNRESOLVED = "(unresolved)"

_ON_THE_BILL = ("finops.cost_center", "infrastructure.")
"""What begins the keys of the tags that are to be found on the bill of a cloud."""
_ASKED_FOR = ("finops.", "infrastructure.")
"""The same where somebody asks for keys by name."""

_FREE = "infrastructure."
"""The namespace whose keys people choose, and spell in several ways."""

STATES = ("covered", "invalid", "missing", "unresolved")
"""What can be of a tag in a sink."""


class Tally(Struct):
    """The jobs of a group that fill a sink, by what became of one tag there."""

    covered: int = 0
    invalid: int = 0
    missing: int = 0
    unresolved: int = 0

    @property
    def total(self) -> int:
        """The denominator: the jobs of which more is known than that the value comes later."""
        return self.covered + self.invalid + self.missing

    @property
    def percent(self) -> float | None:
        """The share of the jobs that have the tag; None where there are none."""
        return 100 * self.covered / self.total if self.total else None

    def add(self, state: str, jobs: int = 1) -> None:
        """Count one job more, or several."""
        setattr(self, state, getattr(self, state) + jobs)


class Shortfall(Struct, frozen=True):
    """A job, by its file and the number of its document, whose tag does not reach a sink."""

    key: str
    sink: str
    state: str
    path: str
    document: int


class Coverage(Struct, frozen=True):
    """Tallies by group, key and sink; those of the group `ALL` are the sums.

    `by` is empty where jobs are not grouped; `missing` are the jobs that fall short, and `known`
    all keys that a job has or might have.
    """

    by: str
    keys: tuple[str, ...]
    missing: tuple[Shortfall, ...] = ()
    known: tuple[str, ...] = ()
    jobs: Mapping[str, int] = field(default_factory=dict)
    tallies: Mapping[tuple[str, str, str], Tally] = field(default_factory=dict)

    @property
    def groups(self) -> list[str]:
        """The groups in the order of their names, the sums last."""
        return [*sorted(group for group in self.jobs if group != ALL), ALL]

    @property
    def sinks(self) -> list[str]:
        """The sinks that any job fills with any of the tags."""
        filled = {sink for _, _, sink in self.tallies}
        return [sink for sink in RECEIVING if sink in filled]

    def below(self, percent: float) -> list[tuple[str, str, Tally]]:
        """Key, sink and sum of those whose share of all jobs is too low."""
        pairs = ((key, sink) for key in self.keys for sink in self.sinks)
        sums = ((*pair, self.tallies.get((ALL, *pair), Tally())) for pair in pairs)
        return [each for each in sums if each[2].percent is not None and each[2].percent < percent]


GROUPINGS: Mapping[str, Callable[[Job], object]] = {
    "tenant": lambda job: job.value("tenant_id"),
    "environment": lambda job: _value_of(job, "finops.environment") or job.value("environment"),
    "provider": lambda job: _value_of(job, "infrastructure.provider"),
    "cost_center": lambda job: _value_of(job, "finops.cost_center"),
    "owner": lambda job: _value_of(job, "governance.owner"),
}
"""The groupings, and the value of a job for each."""


def required_keys(ready: RuleSets) -> tuple[str, ...]:
    """The tags that the rules which run require, sorted."""
    rules = [rule for rule in ready.usual.all if rule.check == "required_tag"]
    return tuple(
        sorted(
            {
                infrastructure_key(key) if rule.params.get("cloud_tags") else key
                for rule in rules
                for key in rule.params["keys"]
            }
        )
    )


def measure(
    jobs: Iterable[Job],
    ready: RuleSets,
    by: str,
    keys: Sequence[str],
    sinks: Sequence[str] = RECEIVING,
    *,
    are_named: bool = False,
) -> Coverage:
    """Count the tags of some jobs in some sinks; `by` is a key of `GROUPINGS`, or empty.

    Keys that `are_named` by somebody are looked for in the clouds, too, where they are of finops.
    Values that the active rules declare synonyms are one environment.
    """
    counts = {ALL: 0}
    tallies: dict[tuple[str, str, str], Tally] = {}
    missing: list[Shortfall] = []
    known = {*PLATFORM_KEYS, *required_keys(ready)}
    bill = _ASKED_FOR if are_named else _ON_THE_BILL
    same = _synonyms(ready) if by == "environment" else {}
    for job in jobs:
        ready.hold_at(job.config.path)
        known.update(job.tags, job.tags.erased)
        known.update(name for name in keys if name.startswith(_FREE) and any(job.tags.alike(name)))
        groups = {ALL}
        if by:
            group = _group(GROUPINGS[by](job))
            groups.add(same.get(folded_word(group), group))
        for name in groups:
            counts[name] = counts.get(name, 0) + 1
        refused = _refused(job, ready)
        for key in keys:
            for sink in (filled for filled in _sinks(job, key, bill) if filled in sinks):
                state = _state(job, key, sink, refused)
                for name in groups:
                    tallies.setdefault((name, key, sink), Tally()).add(state)
                if state in ("missing", "invalid"):
                    missing.append(
                        Shortfall(key, sink, state, job.config.path, job.config.number + 1)
                    )
    return Coverage(by, tuple(keys), in_order(missing, keys), tuple(sorted(known)), counts, tallies)


def in_order(missing: Iterable[Shortfall], keys: Sequence[str]) -> tuple[Shortfall, ...]:
    """Jobs that fall short, in the order of the keys, the sinks and the files."""
    order = {key: number for number, key in enumerate(keys)}

    def place_of(job: Shortfall) -> tuple[int, int, str, int]:
        return order[job.key], RECEIVING.index(job.sink), job.path, job.document

    return tuple(sorted(missing, key=place_of))


def _synonyms(ready: RuleSets) -> dict[str, str]:
    """For each synonym in a rule about environments, the value to show."""
    groups = (
        group
        for rule in ready.usual.all
        if rule.check == "layers_agree" and rule.params["fact"] == "environment"
        for group in rule.params.get("synonyms", ())
    )
    return {folded_word(word): group[0] for group in groups for word in group}


def _value_of(job: Job, key: str) -> str | None:
    tag = job.tags.get(key)
    return None if tag is None else tag.text


def _group(value: object) -> str:
    if is_open(value):
        return UNRESOLVED
    return value if isinstance(value, str) and value else NONE


def _refused(job: Job, ready: RuleSets) -> set[tuple[str, Place]]:
    """What sinks do not accept, by sink and place, according to the rules about them."""
    return {
        (str(rule.rule.params["sink"]), answer.at.place)
        for rule in ready.for_job(job.config).of("job")
        if rule.rule.check == "accepted_by_sink"
        for answer in rule.ask(job)
        if isinstance(answer, Violation)
    }


def _sinks(job: Job, key: str, bill: tuple[str, ...]) -> Iterator[str]:
    """The sinks that a job fills and that are to receive a tag."""
    provider = (_value_of(job, "infrastructure.provider") or "").lower()
    for sink in RECEIVING:
        if sink in CLOUDS:
            wanted = sink == provider and key.startswith(bill)
        elif sink == "terraform":
            named = "infrastructure.terraform_module" in job.references
            wanted = named and SINKS[sink].carries(key, ()) and _is_declared(job, key)
        else:
            wanted = SINKS[sink].carries(key, job.propagation.dagster_namespaces)
        if wanted:
            yield sink


def _state(job: Job, key: str, sink: str, refused: set[tuple[str, Place]]) -> str:
    entries = [entry for entry in job.sink(sink) if _is_of(entry, key, sink)]
    if sink == "terraform":
        entries = [entry for entry in entries if _declares(job, entry.key)]
    if sink == "terraform" and _is_among_tags(job, key):
        entries += [entry for entry in job.infrastructure_tags if _is_of(entry, key, "aws")]
    if not entries:
        may_come = job.asset_is_unknown and not key.startswith("infrastructure.")
        if sink in CLOUDS:
            may_come = any(resource.doubt for resource in job.resources_in(sink))
        return "unresolved" if may_come else "missing"
    states = [_state_of(entry, sink, refused) for entry in entries]
    return next(state for state in STATES if state in states)


def _is_of(entry: SinkTag, key: str, sink: str) -> bool:
    """Whether an entry is of a tag; in the cloud, also of one of that name in any spelling."""
    if sink == "terraform":
        return entry.key == key.replace(".", "_")
    is_of_tag = entry.tag is not None and entry.tag.key == key
    bare = key.partition(".")[2]
    return is_of_tag or (sink in CLOUDS and folded_key(entry.key) == folded_key(bare))


def _is_declared(job: Job, key: str) -> bool:
    """Whether a tag is meant for the module of a job, which need not declare a variable for it."""
    return _declares(job, key.replace(".", "_")) or _is_among_tags(job, key)


def _is_among_tags(job: Job, key: str) -> bool:
    return key.startswith(_ON_THE_BILL) and _declares(job, "tags")


def _declares(job: Job, name: str) -> bool:
    """Whether the module of a job has a variable, as far as can be seen."""
    module = job.module
    return module is None or not module.complete or name in module.variables


def _state_of(entry: SinkTag, sink: str, refused: set[tuple[str, Place]]) -> str:
    if entry.is_open:
        return "unresolved"
    if not str(entry.text).strip():
        return "missing"
    places = {(sink, entry.at.place), (sink, entry.at.key.place)}
    return "invalid" if places & refused else "covered"

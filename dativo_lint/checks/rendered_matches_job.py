"""a rendered tag set has the effective tags of its job"""

import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

from msgspec import Struct, field

from dativo_lint.checks.messages import at_run_time, trail_mentions
from dativo_lint.checks.params import RuleParams, SinkName, about
from dativo_lint.checks.violation import Related, Results, Unresolved, Violation
from dativo_lint.documents.document import ABSENT
from dativo_lint.documents.quoting import quoted, shown
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.rendered import RenderedSet
from dativo_lint.jobs.selectors import folded_word
from dativo_lint.jobs.sinks import CLOUDS
from dativo_lint.jobs.sinks.sink import SinkEntry, SinkTag
from dativo_lint.jobs.sinks.terraform import in_terraform, parts
from dativo_lint.jobs.tags import Layer, folded_key
from dativo_lint.names import MOST_SUGGESTIONS, nearest
from dativo_lint.patterns import Pattern

if TYPE_CHECKING:
    from dativo_lint.jobs.module_tags import ResourceTags

APPLIES_TO = ("rendered",)


class Check(RuleParams, frozen=True):
    tells: Annotated[
        Literal["different", "missing", "unexpected"],
        about("The kind of difference that is reported."),
    ]
    exempt: Annotated[
        dict[SinkName, tuple[Pattern, ...]],
        about("Patterns of keys that are not the job's, by sink."),
    ] = field(default_factory=dict)
    lower_case: Annotated[
        tuple[SinkName, ...],
        about("Sinks with lowercase tags: case and punctuation are ignored."),
    ] = ()

    def judge(self, rendered: RenderedSet) -> Results:
        """Compare a rendered set with its job, in one respect."""
        job = rendered.source.job
        sink = rendered.sink_name
        if job is None or not sink or (job.asset_is_unknown and sink not in CLOUDS):
            return
        if rendered.is_planned and not _may_make(job, rendered.name):
            return
        held = _Held(rendered, job, sink in self.lower_case, self.exempt.get(sink, ()))
        yield from _COMPARISONS[self.tells](held)


class _Held(Struct, eq=False):
    """A rendered set beside its job: the expected tags, by key, and those of the set.

    `needed` are the expected ones that must not be missing. `doubt` says why there may be others.
    """

    rendered: RenderedSet
    job: Job
    is_blind: bool
    exempt: Sequence[Pattern]
    expected: dict[str, list[SinkTag]] = field(default_factory=dict)
    needed: list[SinkTag] = field(default_factory=list)
    held: dict[str, SinkTag] = field(default_factory=dict)
    doubt: str = ""

    def __post_init__(self) -> None:
        received, self.needed, self.doubt = _received(self.job, self.rendered)
        for entry in received:
            self.expected.setdefault(self.key(entry.key), []).append(entry)
        for entry in self.rendered.entries:
            self.held.setdefault(self.key(entry.key), entry)

    def key(self, key: str) -> str:
        """A key, without what makes no difference."""
        return folded_key(key) if self.is_blind else key

    def same(self, value: Any, other: Any) -> bool:
        """Whether two values are the same to the sink."""
        left, right = _text(value), _text(other)
        is_alike = self.is_blind and folded_word(str(left)) == folded_word(str(right))
        return left == right or is_alike

    def is_exempt(self, key: str) -> bool:
        """Whether a key is not the job's."""
        return any(pattern.fits(key) for pattern in self.exempt)


def _received(job: Job, rendered: RenderedSet) -> tuple[list[SinkTag], list[SinkTag], str]:
    """What the layers add up to in a set, what of it must be there, and why it may be more."""
    sink = rendered.sink_name
    if sink == "terraform":
        supplied = list(job.sink(sink))
        used = [entry for entry in supplied if _is_used(job, entry.key)]
        return _single(supplied), _single(used), ""
    received = list(job.sink(sink))
    if sink not in CLOUDS:
        return received, received, ""
    resources = job.resources_in(sink)
    address = _address_among({resource.tagged.address for resource in resources}, rendered.name)
    alike = (each for each in resources if each.tagged.address == address)
    resource = next((each for each in alike if _is_instance(each.address, rendered.name)), None)
    if resource is not None:
        expected = list(_expected_on(job, resource))
        return expected, expected, resource.doubt
    # Of no resource in particular: any of them may be meant.
    keys = [{entry.key for entry in resource.entries} for resource in resources]
    needed = [tag for tag in received if not keys or tag.key in set.intersection(*keys)]
    return [*job.infrastructure_tags, *received], needed, ""


def _single(variables: Sequence[SinkTag]) -> list[SinkTag]:
    """The single values of variables."""
    return [
        SinkEntry(name, value, at, entry.tag)
        for entry in variables
        for name, value, at in parts(entry.key, entry.text, entry.at)
    ]


def _is_used(job: Job, name: str) -> bool:
    """Whether a variable is one that a file for the module of a job has to hold."""
    module = job.module
    variable = module.variables.get(name) if module is not None else None
    if module is None or variable is None:
        return module is None or not module.complete
    return not variable.sensitive


def _may_make(job: Job, planned: str) -> bool:
    """Whether a resource of a plan, which may hold more than the job's, is one of its module."""
    tree = job.module_tree
    if tree is None or not all(chain[-1].module.complete for chain in tree.chains()):
        return True
    addresses = {resource.tagged.address for resource in job.taggable_resources}
    unseen = {call.name for *_, called in tree.chains() for call in called.absent}
    unseen |= {
        called.call.name for *_, called in tree.chains() if called.is_installed and called.call
    }
    names = _INSTANCE.sub("", planned).split(".")
    return bool(_address_among(addresses, planned)) or not unseen.isdisjoint(names)


def _address_among(addresses: Container[str], planned: str) -> str:
    """The address, of those in a module, of a resource of a plan, whose own module may call that
    module; the longest that fits, of its instance before that of all, or nothing."""
    names = _INSTANCE.sub("", planned).split(".")[-_MOST_NAMES:]
    instance = _INSTANCE.findall(planned)[-1] if planned.endswith("]") else ""
    suffixes = (".".join(names[at:]) for at in range(len(names)))
    fitting = (name for suffix in suffixes for name in (suffix + instance, suffix))
    return next((name for name in fitting if name in addresses), "")


def _is_instance(address: str, planned: str) -> bool:
    """Whether no index in an address differs from that of a resource of a plan."""
    pairs = zip(reversed(_NAME.findall(address)), reversed(_NAME.findall(planned)), strict=False)
    return all(own in (name, name.partition("[")[0]) for own, name in pairs)


_MOST_NAMES = 100
"""Names in an address that are looked at; each call of a module has two."""
_INSTANCE = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|[0-9]+)\]')
_NAME = re.compile(rf"[^.\[]+(?:{_INSTANCE.pattern})?")


def _expected_on(job: Job, resource: "ResourceTags") -> Iterator[SinkTag]:
    """The expected tags of a resource: those that the module derives from the job, and its own.

    Where the module sets a tag of the job to a value of its own, the job's value is expected.
    """
    of_module = {entry.key: entry for entry in resource.entries}
    alike = {folded_key(key) for key in of_module}
    for entry in job.infrastructure_tags:
        if entry.key in of_module:
            derived = of_module.pop(entry.key)
            is_fixed = derived.text not in (ABSENT, entry.text) and resource.fixed(entry.key)
            yield entry if is_fixed else derived
        elif folded_key(entry.key) not in alike:
            yield entry
    yield from of_module.values()


def _different(them: _Held) -> Results:
    for key, entry in them.held.items():
        expected = them.expected.get(key)
        if expected is None or them.is_exempt(entry.key):
            continue
        if any(them.same(entry.text, tag.text) for tag in expected):
            continue
        other = expected[-1]
        message = f"{_name(entry)} is {quoted(entry.text)}; {_expected(other)}"
        if entry.is_open:
            yield at_run_time(entry.at.key, _name(entry), entry.text)
        elif any(tag.is_open for tag in expected):
            yield Unresolved(entry.at.key, message)
        else:
            yield Violation(entry.at.key, message, _trail(other))


def _missing(them: _Held) -> Results:
    rendered = them.rendered
    number = 0
    for key, entry in {them.key(entry.key): entry for entry in them.needed}.items():
        if key in them.held or entry.text is None or them.is_exempt(entry.key):
            continue
        is_nested = rendered.sink_name == "terraform"
        at = rendered.block.child(*(entry.key.split(".") if is_nested else (entry.key,)))
        if not rendered.whole:
            yield Unresolved(at, f"{rendered.name} may have tag {quoted(entry.key)} after apply")
        elif entry.text is not ABSENT:
            number += 1
            known = rendered.entries if number <= MOST_SUGGESTIONS else ()
            hint = nearest(entry.key, (tag.key for tag in known))
            message = f"{rendered.name} has no tag {quoted(entry.key)}; {_expected(entry)}{hint}"
            yield Violation(at, message, _trail(entry))


def _unexpected(them: _Held) -> Results:
    expected = them.expected
    known = [tag.key for tags in expected.values() for tag in tags]
    number = 0
    unsure = tuple(f"{tags[-1].key}." for tags in expected.values() if tags[-1].text is ABSENT)
    for key, entry in them.held.items():
        if key in expected or them.is_exempt(entry.key) or entry.key.startswith(unsure):
            continue
        if them.doubt:
            question = f"{_name(entry)} may be the module's: {shown(them.doubt)}"
            yield Unresolved(entry.at.key, question)
            continue
        value = "" if entry.is_open else f" is {quoted(entry.text)}, but"
        message = f"unexpected tag: {_name(entry)}{value} is not set in the job or its asset"
        erased = them.job.tags.erased.get(entry.tag.key) if entry.tag is not None else None
        trail = trail_mentions(erased.trail) if erased is not None else ()
        number += 1
        hint = nearest(entry.key, known if number <= MOST_SUGGESTIONS else ())
        yield Violation(entry.at.key, f"{message}{hint}", trail)


_COMPARISONS: Mapping[str, Callable[[_Held], Results]] = {
    "different": _different,
    "missing": _missing,
    "unexpected": _unexpected,
}


def _name(entry: SinkTag) -> str:
    return entry.key if entry.tag is None else entry.tag.name


def _expected(entry: SinkTag) -> str:
    """The expected value, and where it comes from."""
    is_of_module = entry.tag is not None and entry.tag.trail[0].layer is Layer.MODULE
    origin = "module" if is_of_module else "job"
    if entry.text is ABSENT:
        return f"the {origin}'s value is known only at run time"
    return f"expected {quoted(entry.text)} from the {origin}"


def _trail(entry: SinkTag) -> tuple[Related, ...]:
    """What sets an entry, weakest layer first."""
    if entry.tag is not None:
        return trail_mentions(entry.tag.trail)
    return (Related(entry.at, f"{entry.at.name} is {quoted(entry.text)}"),)


def _text(value: Any) -> Any:
    """A scalar as a string, so that `1` and `1.0` are equal; lists and mappings part by part."""
    if isinstance(value, list):
        return [_text(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _text(item) for key, item in value.items()}
    text = in_terraform(value)
    # A type that JSON does not have, such as a date, was rendered as Python writes it.
    is_other = not isinstance(value, int) and value is not None
    return str(value) if text is None and is_other else value if text is None else text

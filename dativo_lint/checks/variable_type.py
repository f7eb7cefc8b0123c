"""every value of the job converts to the type of its module variable, and nothing is dropped"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Literal

from dativo_lint.checks.messages import declared_here, overridden
from dativo_lint.checks.params import RuleParams, about
from dativo_lint.checks.violation import Results, Violation
from dativo_lint.documents.document import ABSENT
from dativo_lint.documents.place import Field
from dativo_lint.documents.quoting import quoted, shown
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job
from dativo_lint.names import MOST_SUGGESTIONS, nearest

if TYPE_CHECKING:
    from dativo_lint.jobs.module_inputs import Input
    from dativo_lint.jobs.platform_variables import VariableValue

APPLIES_TO = ("job",)


class Check(RuleParams, frozen=True):
    finds: Annotated[
        Literal["type", "null", "dropped"],
        about("What is reported; dropped: attributes that are not in the type."),
    ]

    def judge(self, job: Job) -> Results:
        """Convert the values of the job to the types of the module's variables."""
        for item in job.module_inputs.inputs.values() if job.module_inputs is not None else ():
            if item.source is None:
                continue
            mismatch = item.converted.mismatch
            if self.finds == "dropped":
                for number, path in enumerate(item.converted.dropped):
                    yield _dropped(item, item.source, path, number < MOST_SUGGESTIONS)
            elif mismatch is not None and mismatch.kind == self.finds:
                yield _mismatch(item, item.source)


def _mismatch(item: "Input", supply: "VariableValue") -> Violation:
    mismatch = item.converted.mismatch
    path = mismatch.path if mismatch is not None else ()
    at = supply.at.child(*path)
    while at.value is ABSENT and len(at.route) > len(supply.at.route):
        at = FieldRef(at.document, at.route[:-1])
    declared = declared_here(item.variable)
    name = shown(supply.named(at))
    if mismatch is None or mismatch.kind == "null":
        return Violation(at, f"{name} is null, but the module requires a value", (declared,))
    mentions = overridden(supply.tag)
    value, sentence = f"is {quoted(at.value)}", f": {shown(mismatch.sentence)}"
    if isinstance(at.value, (dict, list)):
        value = "has the wrong type"
    if item.variable.is_secret:
        value, sentence = "has the wrong type", ""
    declared_type = _type(item)
    if sentence == f": a {declared_type} is required":
        sentence = ""
    wanted = f"the module expects {declared_type}{sentence}"
    return Violation(at, f"{name} {value}; {wanted}", (*mentions, declared))


def _dropped(item: "Input", supply: "VariableValue", path: Field, with_hint: bool) -> Violation:
    at = supply.at.child(*path)
    siblings = at.document.value(at.route[:-1])
    known = [name for name in _attributes(item, path) if with_hint and name not in siblings]
    hint = nearest(str(path[-1]), known)
    message = f"{shown(supply.named(at))} is ignored: not an attribute of {_type(item)}{hint}"
    return Violation(at.key, message, (declared_here(item.variable),))


def _type(item: "Input") -> str:
    from dativo_lint.terraform.judge import constraint_of

    return shown(constraint_of(item.variable))


def _attributes(item: "Input", path: Field) -> Iterable[str]:
    """The attributes that the declared type has where a path leads, but for its last step."""
    from dativo_lint.terraform.judge import constraint_of
    from dativo_lint.terraform.types import ObjectType, Type, part_of

    type_: Type | None = constraint_of(item.variable).type
    for step in path[:-1]:
        type_ = part_of(type_, step) if type_ else None
    return type_.attributes if isinstance(type_, ObjectType) else ()

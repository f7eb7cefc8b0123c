"""the job's values pass the validation blocks of the module"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from msgspec.structs import replace

from dativo_lint.checks.messages import overridden
from dativo_lint.checks.params import RuleParams, about
from dativo_lint.checks.violation import Placed, Related, Results, Unresolved, Violation
from dativo_lint.documents.quoting import quoted, shown
from dativo_lint.jobs.job import Job
from dativo_lint.terraform.failures import HIDDEN_MESSAGE

if TYPE_CHECKING:
    from dativo_lint.documents.place import Place
    from dativo_lint.jobs.module_inputs import CalledInput, Input
    from dativo_lint.terraform.judge import RuleAnswer, RuleVerdict
    from dativo_lint.terraform.values import Value

APPLIES_TO = ("job",)


class Check(RuleParams, frozen=True):
    finds: Annotated[
        Literal["refused", "disputed"],
        about("Values that fail in every allowed version of Terraform, or only in some."),
    ]

    def judge(self, job: Job) -> Results:
        """Evaluate the module's validations with the values of the job."""
        module_inputs = job.module_inputs
        if module_inputs is None:
            return
        refused: set[Place] = set()
        for item, verdicts in module_inputs.validated:
            for verdict in verdicts:
                outcomes = {answer.outcome for answer in verdict.answers}
                if outcomes == {"holds"}:
                    continue
                names = module_inputs.reads(verdict.validation)
                read = [module_inputs.inputs[name] for name in names]
                if outcomes.isdisjoint(_REFUSED):
                    if "unknown" in outcomes and self.finds == "refused":
                        yield _open(item, read, verdict)
                elif self.finds == "refused" and outcomes.issubset(_REFUSED):
                    violation = _refused(item, read, verdict)
                    refused.add(violation.at.place)
                    yield violation
                    if item.source is None:
                        break  # one bad default is one finding
                elif self.finds == "disputed" and not outcomes.issubset(_REFUSED):
                    yield _disputed(item, read, verdict)
        # Terraform stops at a value that the module itself refuses.
        answers: dict[tuple[Place, str], Violation | Unresolved] = {}
        for called in job.called_inputs if self.finds == "refused" else ():
            answer = _called(called)
            if answer is not None and answer.at.place not in refused:
                judgement = _judgement(called.verdict.answers[-1])
                answers.setdefault((answer.at.place, judgement), answer)
        yield from answers.values()


_REFUSED = ("fails", "error")
_HIDDEN = "(sensitive)"
_LONGEST = 300
"""Characters of a module's own message that are quoted."""


def _called(item: "CalledInput") -> Violation | Unresolved | None:
    """A value that a call passes on: reported where the job sets it, or else at the call."""
    outcomes, answer = {it.outcome for it in item.verdict.answers}, item.verdict.answers[-1]
    at: Placed = replace(item.passed.place, field=item.name)
    at = item.sources[0][1] if item.sources else at
    if outcomes.isdisjoint(_REFUSED):
        question = f"{shown(item.name)}; the module's validation depends on unknown values"
        is_open = "unknown" in outcomes and item.sources
        return Unresolved(at, f"{question}: {_clipped(answer.message)}") if is_open else None
    if not outcomes.issubset(_REFUSED):
        return None
    value = _HIDDEN if item.value.holds_secret else _value(item.value)
    verb = "" if answer.outcome == "fails" else " is"
    separator = ";" if verb else ""
    message = f"{shown(item.name)}{verb} {value}{separator} {_judgement(answer)}"
    mentions = [
        Related(it, f"{shown(source.named(it))} is passed") for source, it in item.sources[1:]
    ]
    if item.sources:
        mentions.append(Related(item.passed, "the value that is passed to the module"))
    return Violation(at, message, (*mentions, _condition(item.verdict)))


def _open(item: "Input", read: "Sequence[Input]", verdict: "RuleVerdict") -> Unresolved:
    reason = next(_clipped(each.message) for each in verdict.answers if each.outcome == "unknown")
    question = f"{_words(item)}; the module's validation depends on unknown values: {reason}"
    return Unresolved(_place(item, read), question)


def _refused(item: "Input", read: "Sequence[Input]", verdict: "RuleVerdict") -> Violation:
    judgement = _judgement(verdict.answers[-1])
    message = f"{_words(item)}; {judgement}"
    if verdict.answers[-1].outcome == "fails":
        message = f"{_words(item, '')} {judgement}"
    tag = None if item.source is None else item.source.tag
    trail = overridden(tag)
    mentions = (*trail, *_others(item, read), _condition(verdict))
    return Violation(_place(item, read), message, mentions)


def _disputed(item: "Input", read: "Sequence[Input]", verdict: "RuleVerdict") -> Violation:
    """Reported at the condition: no value of the job fixes it for all versions."""
    answers = verdict.answers
    parts = [
        f"{_versions(answers, number)}, {_judgement(answer)}"
        for number, answer in enumerate(answers)
    ]
    mentions = (Related(_said(item), _words(item)), *_others(item, read))
    place = (verdict.validation.condition or verdict.validation).place
    at = replace(place, field=f"var.{item.variable.name}")
    return Violation(at, f"{_words(item)}; {'; '.join(parts)}", mentions)


def _versions(answers: "tuple[RuleAnswer, ...]", number: int) -> str:
    """The versions of Terraform that one of some answers is of."""
    start, after = answers[number].epochs[0], answers[number + 1 :]
    if not number:
        return f"before Terraform {after[0].epochs[0]}" if after else ""
    return f"from {start} to before {after[0].epochs[0]}" if after else f"from {start} on"


def _judgement(answer: "RuleAnswer") -> str:
    if answer.outcome == "error":
        return f"the module's validation cannot be evaluated: {_clipped(answer.message)}"
    if answer.outcome == "fails":
        if answer.message == HIDDEN_MESSAGE:
            return f"fails the module's validation: {HIDDEN_MESSAGE}"
        message = f': "{_clipped(answer.message)}"' if answer.message else ""
        return f"fails the module's validation{message}"
    return "passes" if answer.outcome == "holds" else "depends on unknown values"


def _words(item: "Input", verb: str = " is") -> str:
    """A variable and its value, as messages write them."""
    value = _HIDDEN if item.variable.is_secret else _value(item.converted.value)
    if item.source is None:
        default = "by default" if verb else "(default)"
        return f"{shown(item.variable.name)}{verb} {value} {default}"
    return f"{shown(item.source.named(item.source.at))}{verb} {value}"


def _value(value: "Value") -> str:
    return quoted(value.data) if isinstance(value.data, str) else shown(str(value))


def _said(item: "Input") -> Placed:
    """Where the value of a variable comes from."""
    if item.source is not None:
        return item.source.at
    place = (item.variable.default_expr or item.variable).place
    return replace(place, field=f"var.{item.variable.name}")


def _place(item: "Input", read: "Sequence[Input]") -> Placed:
    """Where the fix belongs: at the value, or else at another one that the job sets."""
    sources = (each.source for each in (item, *read) if each.source is not None)
    source = next(sources, None)
    return _said(item) if source is None else source.at


def _others(item: "Input", read: "Sequence[Input]") -> Iterator[Related]:
    """The other variables that a validation refers to."""
    return (Related(_said(each), _words(each)) for each in read if each is not item)


def _condition(verdict: "RuleVerdict") -> Related:
    condition = verdict.validation.condition
    if condition is None:
        return Related(verdict.validation, "the module's validation")
    return Related(condition, "the module's condition")


def _clipped(message: str) -> str:
    text = " ".join(message[: 2 * _LONGEST].split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."

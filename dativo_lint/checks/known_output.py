"""every output of the module that the job refers to is one that the module has"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Annotated

from msgspec import Meta

from dativo_lint.checks.answers import Answers, Judge, Mention, Unresolved, Violation
from dativo_lint.checks.params import RuleParams
from dativo_lint.checks.wording import nearest, shown
from dativo_lint.documents.place import spell
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job

APPLIES_TO = ("job",)


class Params(RuleParams, frozen=True):
    spelled: Annotated[
        str,
        Meta(
            pattern="^[a-z_]+$", description="The word before the name: ${terraform_output.NAME}."
        ),
    ]


_MODULE = "infrastructure.terraform_module"


def prepare(params: Params) -> Judge:
    """Look up the outputs that a job refers to."""
    word = params.spelled
    # Compiled when a job first refers to an output.
    named = rf"\$\{{\s*{re.escape(word)}\s*\.\s*([^\W\d][\w-]*)"
    # In the text of the file, where escapes might spell the word, nothing else counts.
    whole = rf"\$\{{ *{word} *\. *([^\W\d][\w-]*) *\}}"

    def are_known(text: str, outputs: Collection[str]) -> bool:
        """Whether it shows in the text of a job that there is every output that it refers to."""
        if "\\" in text:
            return False
        if word not in text:
            return True
        names = re.findall(whole, text)
        return len(names) == text.count(word) and all(name in outputs for name in names)

    def judge(subject: Job) -> Iterable[Violation | Unresolved]:
        module = subject.module
        if module is None or are_known(subject.job.text, module.outputs):
            return ()
        return tell(subject, module.outputs)

    def tell(subject: Job, outputs: Collection[str]) -> Answers:
        names = [name for name in subject.job.data if isinstance(name, str)]
        for leaf in subject.scalars(*((name,) for name in names)):
            for name in dict.fromkeys(re.findall(named, leaf.text or "")):
                if name not in outputs:
                    yield _unknown(name, leaf.said, subject)

    return judge


def _unknown(name: str, at: FieldRef, subject: Job) -> Violation | Unresolved:
    module = subject.module
    outputs = () if module is None else tuple(module.outputs)
    lack = f"the module has no output {shown(name)}"
    if module is None or not module.complete:
        return Unresolved(at, f"{lack} where it can be read")
    reference = subject.references.get(_MODULE)
    mentions: tuple[Mention, ...] = ()
    if reference is not None:
        mentions = (Mention(reference.said, f"the module is {shown(reference.said.value)}"),)
    message = f"{_name(at)} is {shown(at.value)}, and {lack}{nearest(name, outputs)}"
    return Violation(at, message, mentions)


def _name(said: FieldRef) -> str:
    """The field as people write it, from its last name on."""
    names = [number for number, step in enumerate(said.route) if isinstance(step, str)]
    return spell(said.route[names[-1] :])

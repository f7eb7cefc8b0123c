"""every override has an effect, and none is silently overridden itself"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

from msgspec import Meta
from msgspec import field as default

from dativo_lint.checks.messages import removal
from dativo_lint.checks.params import RuleParams, about, route
from dativo_lint.checks.violation import Related, Results, Violation
from dativo_lint.documents.document import ABSENT, Document
from dativo_lint.jobs.asset import Asset, asset_of
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.kinds import Kind
from dativo_lint.jobs.text import Text

APPLIES_TO = ("text",)


class Check(RuleParams, frozen=True):
    idle: Annotated[
        dict[str, str], about("Fields of a job that nothing reads, with what is read instead.")
    ] = default(default_factory=dict)
    replaced: Annotated[
        dict[str, Annotated[tuple[str, ...], Meta(min_length=1)]],
        about("Blocks of a wrapped asset, with the fields that replace them."),
    ] = default(default_factory=dict)

    def judge(self, text: Text) -> Results:
        """Look for overrides in jobs and assets that nothing reads."""
        for document in text.documents(Kind.JOB):
            yield from _idle(document, self.idle)
        for document in text.documents(Kind.ASSET) if self.replaced else ():
            asset = asset_of(document)
            if asset is not None and asset.base:
                for block, by in self.replaced.items():
                    yield from _replaced(asset, block, by)


def _idle(job: Document, idle: Mapping[str, str]) -> Iterator[Violation]:
    for name, read in idle.items():
        field = route(name)
        if job.value(field) not in (ABSENT, None):
            at = FieldRef(job, field)
            message = f"{at.name} has no effect; expected {read}"
            yield Violation(at.key, message, fixes=removal(at))


def _replaced(asset: Asset, block: str, by: Iterable[str]) -> Iterator[Violation]:
    written = asset.field(block).value
    winners = [winner for field in by if (winner := asset.field(*route(field))).is_there]
    if not isinstance(written, dict) or not winners:
        return
    replacing = " and ".join(winner.name for winner in winners)
    replaces = "replaces" if len(winners) == 1 else "replace"
    mentions = tuple(Related(winner, f"{winner.name} is read instead") for winner in winners)
    same = {(winner.route[-1], str(winner.value)) for winner in winners}
    for name, value in written.items():
        if isinstance(name, str) and value is not None and (name, str(value)) not in same:
            lost = asset.field(block, name)
            message = f"{lost.name} has no effect; {replacing} {replaces} the whole {block} block"
            yield Violation(lost.key, message, mentions, removal(lost))

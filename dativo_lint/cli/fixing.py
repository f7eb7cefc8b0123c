"""The options of `check` that fix files, and what they print."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import ExitStack, contextmanager, suppress
from datetime import date
from typing import TYPE_CHECKING

import click
from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.cli.options import day_option, rule_option, together
from dativo_lint.cli.output import screen, show, tell
from dativo_lint.documents.document import Fault
from dativo_lint.documents.folder import DiskFolder
from dativo_lint.edits.fix import FixLayer
from dativo_lint.engine.means import Means
from dativo_lint.errors import UsageError
from dativo_lint.findings.report import Report
from dativo_lint.findings.secrets import Secret
from dativo_lint.names import nearest
from dativo_lint.reports.escape import visible
from dativo_lint.reports.sentences import plural
from dativo_lint.settings.effective import is_named
from dativo_lint.settings.settings import Settings

if TYPE_CHECKING:
    from dativo_lint.fixes.rounds import Fixed

_HIDDEN = "# a sensitive value is not shown"
_ODD = frozenset((*range(32), *b'"#\\', *range(127, 256)))
"""Bytes that are spelled in a quoted path; a `#` may begin a command of a build service."""

fix_options = together(
    click.option("--fix", is_flag=True, help="Apply the safe fixes to the files."),
    click.option(
        "--unsafe-fixes", is_flag=True, help="With --fix or --diff: also fixes that need a review."
    ),
    click.option(
        "--fix-at",
        type=click.Choice(["job", "asset"]),
        help="With --fix or --diff: the layer to change, if both can be.  [default: asset]",
    ),
    click.option("--diff", is_flag=True, help="Print what --fix would change, and write nothing."),
    rule_option("--fix-only", help="Fix only findings of these rules or families; implies --fix."),
    click.option(
        "--exit-zero-on-fix",
        is_flag=True,
        help="Fail only for findings that are left, not because files were fixed.",
    ),
    click.option(
        "--add-suppressions",
        metavar="REASON",
        help="Suppress the findings with comments that have this reason.",
    ),
    day_option("--until", help="With --add-suppressions: their last day, YYYY-MM-DD."),
)
"""The options that fix files; `Fixing` has their values."""


class Fixing(Struct, frozen=True):
    """What the options say; `is_on` if anything is to be fixed, or shown as a diff."""

    fix: bool
    unsafe_fixes: bool
    fix_at: FixLayer | None
    diff: bool
    fix_only: tuple[str, ...]
    exit_zero_on_fix: bool
    add_suppressions: str | None
    until: date | None

    @property
    def is_on(self) -> bool:
        """Whether anything is to be fixed, or shown as a diff."""
        return self.fix or self.diff or bool(self.fix_only) or self.add_suppressions is not None

    @property
    def reason(self) -> str:
        """The reason of new suppressions; empty where findings are fixed."""
        return (self.add_suppressions or "").strip().removeprefix("because ")

    def hold(self, others: Mapping[str, object], *, is_form_asked: bool) -> None:
        """Raise UsageError for options that do not go together, and for `others` that are of
        another run than one over files as they are."""
        if self.diff and is_form_asked:
            raise UsageError("--diff shows no report; expected it without --format and --output")
        asked = self.add_suppressions
        if self.until is not None and asked is None:
            raise UsageError("--until needs --add-suppressions")
        is_fix = self.fix or bool(self.fix_only)
        if asked is not None and (is_fix or not asked.strip() or not asked.isprintable()):
            needs = "--add-suppressions needs a reason on one line"
            raise UsageError(f"{needs}, and cannot be combined with --fix")
        needing = {
            "--unsafe-fixes": self.unsafe_fixes,
            "--fix-at": self.fix_at,
            "--exit-zero-on-fix": self.exit_zero_on_fix,
        }
        for option in needing if not self.is_on else ():
            if needing[option]:
                raise UsageError(f"{option} needs --fix or --diff")
        for option in ("-", "--since", "--shard"):
            if self.is_on and others[option]:
                own = "--add-suppressions" if self.reason else "--fix and --diff"
                raise UsageError(f"{own} cannot be combined with {option}")

    @contextmanager
    def means(self, means: Means) -> Iterator[Means]:
        """The means of a run; one that fixes does not judge again what no edit concerns."""
        with ExitStack() as stack:
            if self.is_on and means.cache is None:
                from tempfile import TemporaryDirectory  # only a run that fixes needs it

                with suppress(OSError):  # where nothing can be written, nothing is kept
                    folder = TemporaryDirectory(prefix="dativo-lint-")
                    means = replace(means, cache=stack.enter_context(folder))
            yield means

    def run(
        self,
        lint: Callable[..., Report],
        paths: list[str],
        settings: Settings,
        *,
        top: str,
        quiet: int,
    ) -> tuple[Report, Fixed | None]:
        """The report of a run over paths after its fixes, and these, if they are to be written; a
        diff is shown, with paths from the folder `top`."""
        before = lint(paths)
        if not self.is_on:
            return before, None
        # Only a run that fixes needs them.
        from dativo_lint.fixes.choosing import Wanted
        from dativo_lint.fixes.rounds import fix_all
        from dativo_lint.fixes.suppressing import with_suppressions
        from dativo_lint.fixes.writing import hold_replaceable

        # What is fixed in a file must not harm the other jobs that use it, either.
        shared = [] if self.reason else sorted(_edited(before).difference(before.judged))
        all_paths = [*paths, *(os.path.join(settings.root, path) for path in shared)]
        whole = lint(all_paths) if shared else before
        folder = DiskFolder(settings.root)

        def read(path: str) -> bytes:
            hold_replaceable(settings.root, path)
            content = folder.read(path, settings.limits)
            if isinstance(content, Fault):
                raise OSError(content.message)
            return content

        def judge(edited: Mapping[str, bytes]) -> Report:
            report = lint(all_paths, edited=edited) if edited else whole
            return with_suppressions(report, self.reason, self.until) if self.reason else report

        files = {*before.judged, *before.read, *shared} if shared else None
        wanted = Wanted(self.unsafe_fixes, self._rules_of(before), self.fix_at or "", files)
        result = fix_all(judge, read, folder.real, wanted)
        style, what = screen(root=settings.root), "suppressed" if self.reason else "fixed"
        for finding, reason in result.refused if not quiet else ():
            tell(f"{style.where(finding.place)}: {finding.rule.id} not {what}: {reason}")
        if quiet == 1 and result.refused:
            tell(f"{plural(len(result.refused), 'finding')} not {what}; without -q with reasons")
        if self.diff:
            hidden = [
                *_hidden(before.secrets, result.before, folder.real),
                *_hidden(result.report.secrets, result.after, folder.real),
            ]
            below = os.path.relpath(settings.root, top)
            show(diff_of(result.before, result.after, below, frozenset(hidden)))
            return replace(before, fixed=len(result.fixed)), None
        after = result.report
        if self.reason or shared:
            after = lint(paths, edited=result.after) if result.after else before
        if not self.reason:
            after = replace(result.without_refused(after), fixed=len(result.fixed))
        return after, result

    def _rules_of(self, report: Report) -> tuple[str, ...]:
        """The rules that are to be fixed; none are all. Raises UsageError."""
        rules = tuple(rule.id for rule in report.rules if is_named(rule, self.fix_only))
        if self.fix_only and not rules:
            known = [name for rule in report.rules for name in (rule.id, rule.family)]
            hint = nearest(self.fix_only[0], known)
            raise UsageError(f'--fix-only: no rule "{self.fix_only[0]}" ran{hint}')
        return rules

    def fails(self, report: Report) -> bool:
        """Whether a run fails because it fixed something."""
        return report.fixed > 0 and not self.exit_zero_on_fix

    def tell_end(self, report: Report, quiet: int) -> None:
        """Say how much a run would fix that only shows it."""
        if quiet < 2:
            tell(f"would {'suppress' if self.reason else 'fix'} {plural(report.fixed, 'finding')}")


def written_fixes(results: Mapping[str, tuple[Report, Fixed | None]]) -> dict[str, Report]:
    """The reports of runs by their roots, when all that was fixed is written, or nothing is.

    Raises UsageError.
    """
    changes = {root: (fixed.before, fixed.after) for root, (_, fixed) in results.items() if fixed}
    if changes:
        from dativo_lint.fixes.writing import write_all  # few runs write

        write_all(changes)
    return {root: report for root, (report, _) in results.items()}


def _hidden(
    secrets: Iterable[Secret], contents: Mapping[str, bytes], real: Callable[[str], str]
) -> Iterator[str]:
    """The lines of contents that show a secret."""
    for secret in secrets:
        if (path := real(secret.path)) in contents:
            yield from _lines(contents[path])[secret.first_line - 1 : secret.last_line]


def diff_of(
    before: Mapping[str, bytes], after: Mapping[str, bytes], folder: str, hidden: Set[str]
) -> Iterator[str]:
    """A unified diff of all files that are changed, with their paths below a folder."""
    from difflib import unified_diff  # few runs show one

    for path in sorted(after):
        name = posixpath.normpath(posixpath.join(folder.replace(os.sep, "/"), path))
        old, new = map(_lines, (before[path], after[path]))
        for line in unified_diff(old, new, _named(f"a/{name}"), _named(f"b/{name}")):
            shown = f"{line[0]}{_HIDDEN}\n" if line[1:] in hidden else line
            yield shown if shown.endswith("\n") else f"{shown}\n\\ No newline at end of file\n"


def _named(path: str) -> str:
    """A path in the head of a diff; with characters that could do harm, it is quoted as by git."""
    if visible(path) == path:
        return path + "\t" * (" " in path)  # `patch` takes a blank for the end of the name
    spelled = (f"\\{byte:03o}" if byte in _ODD else chr(byte) for byte in os.fsencode(path))
    return f'"{"".join(spelled)}"'


def _lines(content: bytes) -> list[str]:
    """The lines of a content as `patch` counts them, without terminal escapes."""
    from dativo_lint.fixes.texts import decoded

    mark, text, encoding = decoded(content)
    *lines, last = text.split("\n")
    shown = [*(f"{_visible(line)}\n" for line in lines), *([_visible(last)] if last else [])]
    if mark and encoding == "utf-8" and shown:
        shown[0] = f"\ufeff{shown[0]}"
    return shown


def _visible(line: str) -> str:
    """A line without terminal escapes, but with its tabs, and a carriage return at its end."""
    text = line.removesuffix("\r")
    return "\t".join(map(visible, text.split("\t"))) + line[len(text) :]


def _edited(report: Report) -> set[str]:
    """The files that the fixes of findings would edit."""
    fixes = (fix for finding in report.findings for fix in finding.fixes)
    return {edit.place.path for fix in fixes for edit in fix.edits}

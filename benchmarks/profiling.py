"""Profile: how one run divides its time among rooms and functions."""

from __future__ import annotations

import marshal
import sys
from collections import Counter
from pathlib import Path

from benchmarks.contestants import ROOT, Linter
from benchmarks.processes import Contestant, Ring

_SHOWN = 40


def profile(ring: Ring, linter: Linter, file: Path) -> str:
    """Run the linter under cProfile; the share of each room, and the dearest functions.

    The profiler makes calls dearer and leaves C code as it is: read shares, not seconds.
    """
    script, *arguments = linter.cold().command
    command = [sys.executable, "-m", "cProfile", "-o", file, script, *arguments]
    ring.cost(Contestant("profile", command, expected=(0, 1)))
    rooms: Counter[str] = Counter()
    functions: list[tuple[float, float, int, str]] = []
    for (path, line, name), (_, calls, own, whole, _) in marshal.loads(file.read_bytes()).items():
        rooms[_room(path)] += own
        spelled = f"{_room(path)}: {Path(path).name}:{line} {name}"
        functions.append((own, whole, calls, spelled.replace("|", "/")))
    total = sum(rooms.values())
    lines = ["| room | own share |", "| --- | ---: |"]
    lines += (f"| {room} | {own / total:.1%} |" for room, own in rooms.most_common(20))
    lines += ["", "| function | own share | with what it calls | calls |"]
    lines.append("| --- | ---: | ---: | ---: |")
    by_own = sorted(functions, reverse=True)[:_SHOWN]
    ours = [it for it in functions if it[3].startswith("dativo_lint")]
    by_whole = sorted(ours, key=lambda it: -it[1])[:_SHOWN]
    for own, whole, calls, name in dict.fromkeys((*by_own, *by_whole)):
        lines.append(f"| {name} | {own / total:.1%} | {whole / total:.1%} | {calls:,} |")
    return "\n".join(lines)


def _room(path: str) -> str:
    """A room of the linter, a package beside it, or Python itself."""
    if path == "~":
        return "built in"
    file = Path(path)
    package = ROOT / "dativo_lint"
    if file.is_relative_to(package):
        return f"dativo_lint/{file.relative_to(package).parts[0]}"
    if "site-packages" in file.parts:
        return file.parts[file.parts.index("site-packages") + 1]
    return "Python"

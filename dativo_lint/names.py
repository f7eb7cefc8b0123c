"""Misspelled names: the known ones that were probably meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence, Sized
from functools import lru_cache

LONGEST = 80
"""Characters of a name that is compared with known ones."""
MOST_SUGGESTIONS = 20
_MOST_PAIRS = 20_000
"""Unknown names, of one kind in one job or module, that get a suggestion, or pairs of them and
known names: with thousands of names on either side that would take minutes."""
_NEAR = 0.7
_SHORTEST = 3
"""Characters of a name that may be the beginning of a longer one that is meant."""


class Suggestions:
    """What to put behind messages about unknown names of one kind; only the first have one."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = known
        self._hints: dict[str, str] = {}

    def of(self, name: str) -> str:
        """The suggestion for a name, as `nearest` writes it."""
        if name not in self._hints:
            is_early = len(self._hints) < most_suggestions(self._known)
            self._hints[name] = nearest(name, self._known if is_early else ())
        return self._hints[name]


def most_suggestions(known: Sized) -> int:
    """How many wrong names are compared with all that are known."""
    return max(MOST_SUGGESTIONS, _MOST_PAIRS // (len(known) or 1))


def nearest(name: str, known: Iterable[str]) -> str:
    """What to put behind a message about an unknown name: the nearest known one, if one is near."""
    names, core = sorted(known), _core(name)
    same = [each for each in names if core and _core(each) == core]
    near = close_names(name, same) or same[:1] or close_names(name, names)
    if not near:  # of a name in another spelling, or with another namespace
        cores = {_core(each): each for each in names}
        near = [cores[core] for core in close_names(core, cores)]
    if not near and len(core) >= _SHORTEST:
        longer = [each for each in names if _core(each).startswith(core)]
        near = longer if len(longer) == 1 else []
    return f'; did you mean "{near[0]}"?' if near else ""


def close_names(
    name: str, known: Iterable[str], *, most: int = 1, likeness: float = _NEAR
) -> list[str]:
    """The known names that are nearest to a name: the same in another case, or those that are like
    it, or have the same letters."""
    if not name or len(name) > LONGEST:
        return []
    folded = {each.lower(): each for each in sorted(known)}
    word = name.lower()
    near = [word] if word in folded else _close(word, tuple(folded), most, likeness)
    return [folded[each] for each in near]


@lru_cache(maxsize=128)  # the same slip is often in many files
def _close(word: str, names: tuple[str, ...], most: int, likeness: float) -> Sequence[str]:
    if not names:
        return ()
    from difflib import get_close_matches  # only a wrong name needs it

    near = get_close_matches(word, names, n=most, cutoff=likeness)
    return near or [name for name in names if sorted(name) == sorted(word)]


def _core(name: str) -> str:
    """A name without its namespace and spelling: `costcenter` of `finops.cost_center`."""
    return name.rpartition(".")[2].replace("_", "").replace("-", "").lower()

"""Names: made-up words, so that hardly any two files say the same."""

from __future__ import annotations

from random import Random

_ONSETS = (
    "b",
    "br",
    "c",
    "d",
    "dr",
    "f",
    "g",
    "gl",
    "h",
    "k",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "t",
    "v",
)
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ea", "io")
_SYLLABLES = [onset + vowel for onset in _ONSETS for vowel in _VOWELS]
_LAST = [syllable + end for syllable in _SYLLABLES for end in ("", "", "n", "r", "l", "s", "x")]
_COMMON = (
    "the", "rows", "of", "a", "every", "night", "and", "are", "read", "by", "its", "owner",
    "before", "run", "when", "for", "reports", "may", "be", "late", "with", "at", "most", "once",
)  # fmt: skip


class Names:
    """A source of made-up words that draws from a random number generator."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng

    def word(self) -> str:
        """A word of two or three syllables."""
        # Most of the time that a monorepo takes is spent here, so nothing is drawn by choice().
        draw = self.rng.random
        start = _SYLLABLES[int(draw() * len(_SYLLABLES))]
        if draw() < 0.5:
            start += _SYLLABLES[int(draw() * len(_SYLLABLES))]
        return start + _LAST[int(draw() * len(_LAST))]

    def name(self, separator: str = "_", parts: int = 2) -> str:
        """Some words, joined."""
        return separator.join(self.word() for _ in range(parts))

    def title(self) -> str:
        """Two words as the key of a tag: each with a capital letter, joined."""
        return self.word().capitalize() + self.word().capitalize()

    def words(self, least: int, most: int) -> list[str]:
        """Some different words."""
        wanted = self.rng.randint(least, most)
        words: dict[str, None] = {}
        while len(words) < wanted:
            words[self.word()] = None
        return list(words)

    def sentence(self, length: int) -> str:
        """A sentence without a full stop, half of it of made-up words."""
        draw = self.rng.random
        words = (
            self.word() if draw() < 0.5 else _COMMON[int(draw() * len(_COMMON))]
            for _ in range(length)
        )
        return " ".join(words)

    def email(self) -> str:
        """An e-mail address."""
        return f"{self.word()}.{self.word()}@{self.word()}.com"

    def number(self, least: int, most: int) -> str:
        """A whole number as it is spelled."""
        return str(self.rng.randint(least, most))

    def chance(self, share: float) -> bool:
        """True in a share of the cases."""
        return self.rng.random() < share

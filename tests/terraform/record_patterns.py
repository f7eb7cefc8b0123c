"""Asks `terraform plan` what regular expressions match, and records its answers.

    python tests/terraform/record_patterns.py

writes `data/patterns.json`.
"""

from __future__ import annotations

import json
from random import Random

from expression_corpus import DATA
from record_modules import version_at_hand
from terraform_oracle import ask_expressions, write_record

RECORD = DATA / "patterns.json"
MADE_UP = 900

_WRITTEN: tuple[tuple[str, str], ...] = (
    *((pattern, "baac aab") for pattern in ("a*", "a*?", "a+?", "(a|ab)(c|bcd)?", "a{2}", "a{1,}")),
    *((pattern, "aaa") for pattern in ("a{,2}", "a{0}", "a{2,1}", "a{1001}", "a{", "a{x}", "{a")),
    *(
        (pattern, "a\nb\n")
        for pattern in ("^b$", "(?m)^b$", "a.b", "(?s)a.b", "b$", r"b\z", r"b\Z")
    ),
    *((pattern, "aB cD_1") for pattern in (r"\w+", r"\W", r"\bc", r"\Bc", r"\d", r"\s", "(?i)AB")),
    *(
        (pattern, "x")
        for pattern in ("(", ")", "[", "[]", "[]]", "[^]", "a**", "*a", "a|*", "(?P<n>x")
    ),
    *((pattern, "x") for pattern in (r"\1", "(?=x)", "(?!x)", "(?<=x)", "(?<n>x)", "(?P<n>x)(y)?")),
    *(
        (pattern, "x-]^")
        for pattern in ("[x-]", "[-x]", "[]x]", "[x\\]-]", "[^x]", "[x^]", "[x-\\d]")
    ),
    *(
        (pattern, "aé日 ")
        for pattern in (r"\pL+", r"\p{L}", r"\PL", r"\p{Lu}", r"\p{^L}", "é", ".")
    ),
    *(
        (pattern, "aé日 ")
        for pattern in ("[[:alpha:]]", "[[:^alpha:]]", "[[:foo:]]", "[[:alpha:]", "[:a:]")
    ),
    *(
        (pattern, "a.b*c")
        for pattern in (r"\Qa.b*\E", r"\Q.", r"\x2e", r"\x{2a}", r"\052", r"\07", r"\8")
    ),
    *(
        (pattern, "a.b*c")
        for pattern in ("\\", r"\_", r"\-", r"\é", r"\y", r"\C", "a\\", "[\\", r"[\Q]")
    ),
    *(
        (pattern, "kKKsSſ")
        for pattern in ("(?i)k", "(?i)[k-s]", "(?i:K)s", "(?-i)k", "(?i)s(?-i)s")
    ),
    *(
        (pattern, "abcabc")
        for pattern in ("(?U)a.*c", "(?U)a.*?c", "(?:ab)+", "(a)(b)?(d)?", "(?P<a>a)")
    ),
    *(
        (pattern, "aab")
        for pattern in ("(a*)*", "(a*)+b", "(a|b)*", "(|a)*", "(|a)+", "(a?)*?b", "(a*)*b")
    ),
    *(
        (pattern, "aab")
        for pattern in ("()*", "(^)*a", "(a|)+", "(?:a?){3}", "(a{0,2}){2}", "x*", "$", "^")
    ),
    *(
        (pattern, "a")
        for pattern in ("(?P<a>x)|(?P<a>a)", "(?P<1>a)", "(?P<a-b>a)", "(?P<>a)", "(?z)a", "(?i")
    ),
    *(
        (pattern, "ab9-c_x e.b/+")
        for pattern in (
            "^[a-z0-9-_]+",
            r"[\w-.]+",
            "[a-c-e]+",
            r"[\d-z]+",
            r"[a-\d]",
            "[--/]+",
            "[a--]",
        )
    ),
    *(
        (pattern, "ÀÜéÉ xαβ 日")
        for pattern in (
            "(?i)é",
            "(?i)[à-ü]+",
            r"(?i)\p{Lu}",
            r"\p{Greek}+",
            r"\pZ",
            r"\P{^L}",
            r"\p{Foo}",
        )
    ),
    *(
        (pattern, r"\C é e\u0301")
        for pattern in (r"\Q\C\E", r"\\C", r"[\C]", r"\B", r"\b", "|", "(?<é>a)", "(?<a>", "(?P=a)")
    ),
    *((pattern, "bcab") for pattern in ("(?P<a>b)(?P<a>c)", "(?P<a>a)|b", "((a{100}){10}){10}")),
    *(
        (pattern, "aaaa")
        for pattern in ("(a{10}){101}", "((a{10}){10}){10}", "a{1000}", "(?i)(?s)a", "a??a")
    ),
)


def asked() -> list[tuple[str, str]]:
    """All patterns and texts of which the answers are recorded."""
    return [*dict.fromkeys([*_WRITTEN, *made_up(MADE_UP)])]


def made_up(count: int, seed: int = 1) -> list[tuple[str, str]]:
    """Patterns that a generator strings together, with short texts to match."""
    random = Random(seed)
    return [(_pattern(random, 3), _text(random)) for _ in range(count)]


def _text(random: Random) -> str:
    return "".join(random.choice("aabbc- \n1é") for _ in range(random.randrange(12)))


def _pattern(random: Random, depth: int) -> str:
    parts = [_piece(random, depth) for _ in range(random.randrange(1, 4))]
    return "".join(parts)


def _piece(random: Random, depth: int) -> str:
    kind = random.randrange(12)
    if depth == 0 or kind < 4:
        return random.choice(
            ["a", "b", "c", "-", ".", r"\d", r"\w", r"\s", "[ab]", "[^a]", "[a-c1]", "é"]
        )
    if kind == 4:
        return random.choice(["^", "$", r"\b", r"\B", r"\z", r"\A"])
    inner = _pattern(random, depth - 1)
    if kind == 5:
        return f"({inner})"
    if kind == 6:
        return f"(?:{inner}|{_pattern(random, depth - 1)})"
    if kind == 7:
        return f"(?{random.choice('imsU')}:{inner})"
    repeat = random.choice(["*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,}", "{1,3}?"])
    return f"(?:{inner}){repeat}" if kind < 10 else f"({inner}){repeat}"


def spelled(pattern: str, text: str) -> str:
    """The call that is asked about."""
    parts = (json.dumps(one, ensure_ascii=False) for one in (pattern, text))
    one, other = (part.replace("${", "$${").replace("%{", "%%{") for part in parts)
    return f"regexall({one}, {other})"


if __name__ == "__main__":
    answers: list[list[object]] = []
    cases = asked()
    for start in range(0, len(cases), 500):
        part = cases[start : start + 500]
        found = ask_expressions("", "{}", [spelled(*case) for case in part])
        answers += [[*case, answer] for case, answer in zip(part, found, strict=True)]
    write_record(RECORD, version_at_hand(), answers)

"""Asks hashicorp/hcl itself, through the npm package @cdktf/hcl2json, and records its answers.

    npm install --prefix /somewhere @cdktf/hcl2json
    NODE_PATH=/somewhere/node_modules python tests/terraform/record_hcl.py

writes `data/hcl.json`: the corpus and some random texts, each with the tree or the mistakes that
hashicorp/hcl finds. With a number as an argument, that many random texts are compared with the
living package, and nothing is written.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from hcl_corpus import BROKEN, EXPRESSIONS, VALID
from hcl_random import Writer
from hcl_trees import ours, theirs

from dativo_lint.terraform.native import parse
from dativo_lint.terraform.source import Source

HERE = Path(__file__).parent
RECORD = HERE / "data" / "hcl.json"
_MISTAKE = re.compile(r"f\.tf:(\d+),(\d+)-[\d,]+: ([^;]+);")
NOT_SYNTAX = {
    "Invalid operand",
    "Operation failed",
    "Invalid template interpolation value",
}
"""hcl2json evaluates constants, and reports what comes of that with the mistakes of syntax."""


def ask(files: list[str], expressions: list[str]) -> dict[str, Any]:
    """The answers of the living package."""
    asked = json.dumps({"files": files, "expressions": expressions})
    command = ["node", str(HERE / "hcl_oracle.js")]
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def mistakes(answer: str | list[Any]) -> list[list[Any]]:
    """Line, column and summary of what is wrong with a file; none if all is well."""
    found = [(int(line), int(column), name) for line, column, name in _MISTAKE.findall(str(answer))]
    return sorted([*it] for it in found if it[2] not in NOT_SYNTAX)


def questions(seed: int, count: int) -> tuple[list[str], list[str]]:
    """Files and expressions from the generator; half of the files are damaged."""
    writer = Writer(seed)
    files = [writer.body(2) for _ in range(count)]
    files += [writer.damaged(writer.body(2)) for _ in range(count)]
    expressions = [writer.expression(writer.random.randrange(1, 5)) for _ in range(count)]
    return files, expressions + [writer.heredoc(3) for _ in range(count // 4)]


def record() -> None:
    """Write the answers about the corpus and about some random texts."""
    files, expressions = questions(1, 150)
    files = [*VALID, *BROKEN, *(text for text in files if 0 < len(text) < 400)]
    expressions = [*EXPRESSIONS, *(text for text in expressions if len(text) < 300)]
    answers = ask(files, expressions)
    recorded = {
        "files": [[text, mistakes(it)] for text, it in zip(files, answers["files"], strict=True)],
        "expressions": [
            [text, theirs(it)]
            for text, it in zip(expressions, answers["expressions"], strict=True)
            if "error" not in it
        ],
    }
    lines = json.dumps(recorded, ensure_ascii=False).replace('], ["', '],\n["')
    RECORD.write_text(lines + "\n", encoding="utf-8")


def disagreements(
    files: list[tuple[str, list[list[Any]]]], expressions: list[tuple[str, Any]]
) -> list[tuple[str, Any, Any]]:
    """Where hashicorp/hcl says one thing and we another: text, its answer, our answer."""
    found: list[tuple[str, Any, Any]] = []
    for text, answer in files:
        source, body = Source("f.tf", text), parse(text)
        places = [source.place(fault) for fault in body.errors]
        here = [[place.line, place.column] for place in places]
        if bool(here) != bool(answer) or (answer and not _agree(answer, here)):
            found.append((text, answer, here))
    for text, tree in expressions:
        written = f"a = {text}\n"
        body = parse(written)
        mine = body.errors or ours(next(iter(body.arguments.values())).value, written)
        if mine != tree:
            found.append((text, tree, mine))
    return found


def _agree(answer: list[list[Any]], here: list[list[int]]) -> bool:
    """Whether the first mistake is ours too.

    That a closing bracket is missing hashicorp/hcl reports wherever it finds the next one, because
    its message holds on to a variable that the recovery sets again; we report it where it lacks.
    In a `for` expression it goes on, and may find another mistake at an earlier place.
    """
    first = answer[0]
    if "'for'" in first[2]:
        return any(it[:2] in here for it in answer)
    return first[:2] in here or "close bracket" in first[2]


def compare(count: int) -> None:
    """Compare with the living package over fresh random texts, and print what differs."""
    files, expressions = questions(int.from_bytes(os.urandom(4), "big"), count)
    answers = ask(files, expressions)
    found = disagreements(
        [(text, mistakes(it)) for text, it in zip(files, answers["files"], strict=True)],
        [
            (text, theirs(it))
            for text, it in zip(expressions, answers["expressions"], strict=True)
            if "error" not in it
        ],
    )
    for text, answer, mine in found:
        print(f"{text!r}\n  theirs {answer}\n  ours   {mine}")
    print(f"{len(found)} of {len(files) + len(expressions)} differ")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        compare(int(sys.argv[1]))
    else:
        record()

"""Random native syntax from a seeded generator: expressions, files, and files with damage."""

from __future__ import annotations

from random import Random

NAMES = ("a", "b", "var", "local", "each", "x-y", "for_each", "_u", "é", "in", "if", "true1")
TEXTS = (
    *("x", " ", "  a b ", "\\n", "\\t", "$", "%", "$$", "%%", "$${", "%%{", "é", "#", "//", "{"),
    *("}", "~", "'", "\\\\", '\\"', "/*", "<<E", "$$${"),
)
LINES = (
    *("x", " ", "    ", "\t", "\n", "\n", "\n  ", "\n    y", "\n\n", "$", "%", "$${", "%%{"),
    *("\\n", '"', "é", "EOTX", " EOT x", "#"),
)
LEAVES = (
    *("1", "2.5", "1e3", "0", "10E-2", "true", "false", "null", '"text"', '""', '"a\\"b\\n"'),
    *('"\\u00e9"', '"$${x}"', '"%%{y}"', '"$ % $$ %%"', '"$$${x}"', "var.x[0].y"),
)
OPERATORS = ("+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||")
BLANKS = ("", " ", "  ", " /* c */ ", "")
GAPS = ("", " ", "\n", "\n  ", " # c\n", " // d\n", "/* x\n y */")
DAMAGE = (
    *("{", "}", '"', "(", ")", "[", "]", "=", "\n", ",", ".", "$", "${", "%{", "~}", ":", "?"),
    *("a", "1", " ", "\\", "<<E\n", "/*", "*/", "#", "'", ";", "|", "&", "...", "*", "=>", "=="),
    *("for ", "if ", "in ", "!", "`", "::", "é", "²", "-", '"x"', "\r", "\t", "@", "\x00", "<<"),
)


class Writer:
    """Writes random configuration; the same seed writes the same."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def expression(self, depth: int, lines: bool = True) -> str:
        """An expression; `lines` says that newlines count where it stands."""
        pick, inner = self.random.choice, depth - 1
        blank = pick(BLANKS if lines else GAPS)
        kind = self.random.randrange(15) if depth > 0 else 0
        if kind == 3:
            left, right = self.expression(inner, lines), self.expression(inner, lines)
            return f"{left} {pick(OPERATORS)}{blank} {right}"
        if kind == 4:
            parts = [self.expression(inner, lines) for _ in range(3)]
            return f"{parts[0]}{blank} ?{blank} {parts[1]}{blank} :{blank} {parts[2]}"
        if kind == 5:
            return f"({pick(GAPS)}{self.expression(inner, False)}{pick(GAPS)})"
        if kind == 6:
            return f"{pick('!-')}{pick(BLANKS)}{self.leaf()}"
        if kind == 7:
            return f"[{pick(GAPS)}{self.items(inner)}{pick(GAPS)}]"
        if kind == 8:
            return self.object(inner)
        if kind == 9:
            name = pick(("f", "length", "a-b", "provider::x::f", "for", "if"))
            return f"{name}({pick(GAPS)}{self.items(inner)}{pick(GAPS)})"
        if kind == 10:
            return f"f({self.expression(inner, False)}{pick(('...', ' ...'))})"
        if kind == 11:
            return self.comprehension(inner)
        if kind in (12, 13):
            return self.primary(inner) + self.steps(inner)
        return self.quoted(depth) if kind == 14 else self.leaf()

    def leaf(self) -> str:
        """A name, a path or a literal."""
        pick = self.random.choice
        return pick((pick(NAMES), f"{pick(NAMES)}.{pick(NAMES)}", pick(LEAVES), pick(LEAVES)))

    def items(self, depth: int) -> str:
        """A few expressions with commas between them."""
        count = self.random.randrange(4)
        written = [self.expression(depth, False) for _ in range(count)]
        comma = self.random.choice(("", ",")) if written else ""
        return f"{self.random.choice(GAPS)}, ".join(written) + comma

    def object(self, depth: int) -> str:
        """An object with keys of every kind."""
        pick = self.random.choice
        items = []
        for _ in range(self.random.randrange(4)):
            keys = (pick(NAMES[:8]), f'"{pick(NAMES)}"', f"({self.leaf()})", "1", '"a${b}"')
            items.append(f"{pick(keys)}{pick(BLANKS)}{pick('=:')} {self.expression(depth)}")
        between = pick((", ", ",", "\n", ", \n  ", "\n\n# c\n"))
        return "{" + pick(("", " ", "\n")) + between.join(items) + pick(("", " ", "\n")) + "}"

    def comprehension(self, depth: int) -> str:
        """A `for` expression."""
        pick = self.random.choice
        parts = [self.expression(depth, False) for _ in range(4)]
        condition = pick(("", f" if {parts[0]}"))
        names = pick(("v", "k, v", "k,v"))
        if pick((True, False)):
            return f"[{pick(GAPS)}for {names} in {parts[1]} : {parts[2]}{condition}]"
        value = f"{parts[2]} => {parts[3]}{pick(('', '...'))}"
        return f"{{for {names} in {parts[1]} : {value}{condition}}}"

    def primary(self, depth: int) -> str:
        """What steps can be taken from."""
        inner = self.expression(depth, False)
        names = (self.random.choice(NAMES), self.random.choice(NAMES))
        return self.random.choice(
            (*names, f"f({inner})", f"({inner})", f"[{inner}]", '"s"', "{a=1}", "null", "true")
        )

    def steps(self, depth: int) -> str:
        """A few steps of a traversal."""
        pick = self.random.choice
        taken = ""
        for _ in range(self.random.randrange(1, 5)):
            inner = self.expression(depth, False)
            taken += pick(
                (
                    *(f".{pick(NAMES)}", f".{pick(NAMES)}", f" . {pick(NAMES)}", f"[{inner}]"),
                    *(
                        "[0]",
                        '["k"]',
                        "[-1]",
                        "[1.5]",
                        "[true]",
                        "[*]",
                        "[ * ]",
                        ".*",
                        ".0 ",
                        ".12 ",
                    ),
                )
            )
        return taken

    def quoted(self, depth: int) -> str:
        """A quoted template."""
        return f'"{self.template(depth, TEXTS)}"'

    def heredoc(self, depth: int) -> str:
        """A heredoc, with the newline that ends it."""
        pick = self.random.choice
        marker = pick(("EOT", "E", "X_1", "a-b"))
        content = pick(("  ", "    ", "")) + self.template(depth, LINES)
        return f"<<{pick(('', '-', '-'))}{marker}\n{content}\n{pick(('', '  '))}{marker}\n"

    def template(self, depth: int, texts: tuple[str, ...]) -> str:
        """Texts, interpolations and directives."""
        pick = self.random.choice
        written = ""
        for _ in range(self.random.randrange(5)):
            kind = self.random.randrange(7)
            begin, end = pick(("", "", "~")), pick(("", "", "~"))
            inner = self.expression(depth - 2, False)
            if kind <= 2:
                written += pick(texts)
            elif kind <= 4 or depth <= 0:
                written += f"${{{begin}{pick(GAPS)}{inner}{pick(GAPS)}{end}}}"
            elif kind == 5:
                chosen, other = self.template(depth - 1, texts), self.template(depth - 1, texts)
                otherwise = pick(("", f"%{{ else {end}}}{other}"))
                written += f"%{{{begin} if {inner} {end}}}{chosen}{otherwise}%{{ endif {end}}}"
            else:
                each = self.template(depth - 1, texts)
                names = pick(("v", "k, v"))
                written += f"%{{{begin}for {names} in {inner} {end}}}{each}%{{endfor}}"
        return written

    def body(self, depth: int, indent: str = "") -> str:
        """Arguments and blocks."""
        pick = self.random.choice
        names = ["a", "b", "type", "default", "x-y", "é1", "_z", "for", "if", "null"]
        self.random.shuffle(names)
        written = ""
        for name in names[: self.random.randrange(5)]:
            kind = self.random.randrange(8)
            if kind == 0:
                written += f"{indent}{name} = {self.heredoc(2)}"
            elif kind <= 4:
                written += f"{indent}{name} = {self.expression(2)}{pick(('', ' # c', ' // c'))}\n"
            elif kind == 5:
                written += f"{indent}blk {{ {name} = {self.expression(1)} }}\n"
            elif depth:
                head = pick(('variable "x" {', "blk {", 'blk "l" lab "é" {', 'e "a\\"b" {'))
                inner = self.body(depth - 1, f"{indent}  ")
                written += f"{indent}{head}\n{inner}{indent}}}\n"
            else:
                written += pick(("\n", "# hi\n", "/* x */\n", "  \n"))
        return written

    def damaged(self, text: str) -> str:
        """A text with one or two small changes."""
        for _ in range(self.random.randrange(1, 3)):
            at = self.random.randrange(len(text) + 1)
            end = at + self.random.choice((0, 0, 1, 1, 3, 7))
            text = text[:at] + self.random.choice(("", *DAMAGE)) + text[end:]
        return text

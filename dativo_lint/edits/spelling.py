"""Spellings of values in YAML and JSON, so that they are read back as they are."""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final

from dativo_lint.documents.yaml_values import NotAValue, Unusual, plain

_PLAIN: Final = r"[^\W\d][\w./@+-]*(?: [\w./@+-]+)*|[./][\w./@+-]+"
"""Strings without any character that means something in YAML; plain only if not read as another
type, now or in YAML 1.2."""
_PLAIN_WITH_COLONS: Final = r"[^\W\d](?:[\w./@+-]|:(?=[\w./:@+-]))*"
"""Such as an ARN, outside of brackets."""
_NOT_PRINTABLE: Final = "[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]"
_LONGEST_KEY: Final = 100


class Unspeakable(ValueError):
    """A value that cannot be written as the kind of text that it is for."""


def spelled(value: Any, like: str = "", *, is_json: bool = False, in_flow: bool = True) -> str:
    """A value on one line; a string in the quotes of the scalar that it is `like`, if it can be.

    `in_flow` is a value inside of brackets. Raises Unspeakable.
    """
    if isinstance(value, str):
        if re.search("[\ud800-\udfff]", value):
            raise Unspeakable("it holds half of a surrogate pair")
        if is_json:
            return json.dumps(value, ensure_ascii=False)
        return _string(value, like[:1], in_flow=in_flow)
    if value is None or isinstance(value, (bool, int)):
        return json.dumps(value)
    if isinstance(value, float) and math.isfinite(value):
        number = repr(value)
        # YAML 1.1 knows no exponent without a point.
        return number if "." in number or is_json else number.replace("e", ".0e")
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(spelled(item, like, is_json=is_json) for item in value)}]"
    if isinstance(value, dict):
        pairs = (
            f"{spelled_key(key, is_json=is_json)}: {spelled(item, like, is_json=is_json)}"
            for key, item in value.items()
        )
        return f"{{{', '.join(pairs)}}}"
    raise Unspeakable(f"a {type(value).__name__} has no spelling")


def spelled_key(key: str, like: str = "", *, is_json: bool = False) -> str:
    """A key of a mapping. Raises Unspeakable for one that is too long to be written as one."""
    spelling = spelled(key, like, is_json=is_json)
    if len(spelling) > _LONGEST_KEY:
        raise Unspeakable("the key is too long")
    return spelling


def _string(text: str, quote: str, *, in_flow: bool) -> str:
    if quote not in ("'", '"') and _is_plain(text, in_flow=in_flow):
        return text
    if quote == "'" and not re.search(r"[\x00-\x1f]", text) and not re.search(_NOT_PRINTABLE, text):
        return "'" + text.replace("'", "''") + "'"
    quoted = json.dumps(text, ensure_ascii=False)
    return re.sub(_NOT_PRINTABLE, lambda odd: f"\\u{ord(odd.group()):04x}", quoted)


def _is_plain(text: str, *, in_flow: bool) -> bool:
    if not (re.fullmatch(_PLAIN, text) or (not in_flow and re.fullmatch(_PLAIN_WITH_COLONS, text))):
        return False
    try:
        return bool(plain(text) == text)
    except (Unusual, NotAValue):
        return False

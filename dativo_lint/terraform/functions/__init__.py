"""The functions of Terraform's language, by name.

https://developer.hashicorp.com/terraform/language/functions lists them; what they do with odd
arguments is Terraform's own, and held against it in the tests. A function that is not here, such as
those that read files, look at the clock or belong to a provider, comes to an unknown value.
"""

from __future__ import annotations

from typing import Final

from dativo_lint.terraform.functions import (
    counting,
    encoding,
    formatting,
    maps,
    matching,
    networks,
    rows,
    sets,
    texts,
)
from dativo_lint.terraform.signature import Function

FUNCTIONS: Final[dict[str, Function]] = {
    function.name: function
    for group in (counting, encoding, formatting, maps, matching, networks, rows, sets, texts)
    for function in group.FUNCTIONS
}

"""Edits that give the resources of a module the tags of the job, in the module and its calls."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from dativo_lint.documents.quoting import shown
from dativo_lint.edits.fix import Edit, Fix, NotExact, fix
from dativo_lint.edits.terraform import (
    Edits,
    add_argument,
    add_inner_block,
    is_reference,
    merge_last,
    replace_literal,
)
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.module_tags import ResourceTags
from dativo_lint.terraform.calls import ModuleTree
from dativo_lint.terraform.declarations import Variable
from dativo_lint.terraform.module import Module
from dativo_lint.terraform.reach import Chain, Site, Tracer
from dativo_lint.terraform.source import Source, Written
from dativo_lint.terraform.tagging import Tagged

_TAGS = "tags"
"""The variable in which the platform passes the tags of the infrastructure block."""
_MAPPING = re.compile(r"(?:map|object)\s*\(|any\b")
_BLOCK = "tag"
"""Where each tag is a block of its own, there is no mapping to merge."""
_MOST_LOCALS = 5


def use_job_tags(resources: Sequence[ResourceTags]) -> tuple[Fix, ...]:
    """The fix that merges the job's tags into those of some resources, if a variable has them."""
    edits: dict[Edit | NotExact, None] = {}
    name = ""
    for resource in resources:
        merged = _merging(resource.tagged, resource.route)
        if merged is None:
            return ()
        name = merged[0]
        edits |= dict.fromkeys(merged[1])
    which = resources[0].address if len(resources) == 1 else f"{len(resources)} resources"
    title = f"Use var.{name} in the tags of {shown(which)}"
    return (fix(title, *edits, is_safe=False),) if edits else ()


@lru_cache(maxsize=1_024)  # many jobs share one module
def _merging(tagged: Tagged, route: tuple[str, ...]) -> tuple[str, Edits] | None:
    """The variable with the job's tags, and the edits that merge it into those of a resource."""
    own = tagged.own or (() if tagged.blocks else tagged.defaults)
    chain = own[-1].chain if own else tagged.chain
    passed = _passed(chain)
    if passed is None:
        return None
    name, calls = passed
    mapping, tree = f"var.{name}", chain[-1]
    if tagged.blocks:
        return name, (NotExact("its tags are written as blocks"),)
    if not own:
        source, place = _source(tree.module, tagged.place.path), tagged.resource.place
        if route[-1] == _BLOCK:
            return name, (*calls, *add_inner_block(source, place, _each_tag(mapping)))
        return name, (*calls, *add_argument(source, place, route[:-1], route[-1], mapping))
    if calls and _uses(own[-1], chain[-1:], name):
        return passed
    return name, (*calls, *_merged(own[-1].written, tree, mapping))


def _each_tag(mapping: str) -> tuple[str, ...]:
    """The lines of a block for each tag of a mapping."""
    arguments = ("key                 = tag.key", "value               = tag.value")
    inner = (*arguments, "propagate_at_launch = true")
    content = (f"  for_each = {mapping}", "  content {", *(f"    {line}" for line in inner), "  }")
    return ('dynamic "tag" {', *content, "}")


def use_variable(job: Job, name: str, written: Written) -> tuple[Fix, ...]:
    """The fix that puts a variable of the platform in place of a constant in the job's module."""
    variable, module = name.replace(".", "_"), job.module
    if module is None or variable not in module.variables or variable not in job.platform_variables:
        return ()
    if written.source not in module.files:
        return ()
    edits = replace_literal(written.source, written.expression, f"var.{variable}")
    return (fix(f"Use var.{variable}", *edits, is_safe=False),)


def _passed(chain: Chain) -> tuple[str, Edits] | None:
    """The variable of the last module that has the job's tags, and the edits of calls after which
    it does; None where none could."""
    tree = chain[-1]
    variables = tree.module.variables
    if tree.call is None or len(chain) == 1:
        return (_TAGS, ()) if _is_mapping(variables.get(_TAGS)) else None
    outer = None if tree.is_installed else _passed(chain[:-1])
    if outer is None:
        return None
    outer_name, calls = outer
    arguments = tree.call.arguments
    passing = [key for key, value in arguments.items() if is_reference(value, "var") == outer_name]
    name = next((key for key in passing if key in variables), _TAGS)
    if not _is_mapping(variables.get(name)):
        return None
    if name not in arguments:
        caller = _source(chain[-2].module, tree.call.place.path)
        added = add_argument(caller, tree.call.place, (), name, f"var.{outer_name}")
        return name, (*calls, *added)
    if _uses(Site(arguments[name], chain[:-1], {}), chain[-2:-1], outer_name):
        return name, calls
    return name, (*calls, *_merged(arguments[name], chain[-2], f"var.{outer_name}"))


def _is_mapping(variable: Variable | None) -> bool:
    """Whether a variable may hold any tags."""
    written = variable.type_expr if variable else None
    return variable is not None and (written is None or bool(_MAPPING.match(str(written))))


def _source(module: Module, path: str) -> Source:
    return next(source for source in module.files if source.path == path)


def _uses(site: Site, chain: Chain, name: str) -> bool:
    """Whether an expression takes its value from a variable of its module."""
    return name in Tracer().reach(Site(site.written, chain, site.names)).variables


def _merged(written: Written, tree: ModuleTree, mapping: str) -> Edits:
    """Merge a mapping into an expression, or into the local value that it is."""
    for _ in range(_MOST_LOCALS):
        local = tree.module.locals.get(is_reference(written, "local"))
        if local is None:
            break
        written = local.value
    return merge_last(written.source, written.expression, mapping)

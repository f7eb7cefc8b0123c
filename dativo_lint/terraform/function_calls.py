"""Evaluates calls of functions."""

from __future__ import annotations

from collections.abc import Sequence

from dativo_lint.terraform.convert import Unsuitable, must_convert
from dativo_lint.terraform.failures import CallFailed, EvaluationError, Failed, NotKnown
from dativo_lint.terraform.functions import Function, Takes, find_function
from dativo_lint.terraform.module_files import Texts, path_in_module
from dativo_lint.terraform.native import parse_template
from dativo_lint.terraform.run import Run
from dativo_lint.terraform.source import references
from dativo_lint.terraform.syntax import Call, Expression, Reference, normal
from dativo_lint.terraform.types import ANY, BOOL, STRING, TooMuch
from dativo_lint.terraform.values import (
    HEAVIEST,
    NULL,
    Value,
    boolean,
    marked,
    set_value,
    text,
    unknown,
)


def function_call(run: Run, node: Call) -> Value:
    """`name(arguments...)`."""
    if run.scope is None:
        raise Failed("Function calls not allowed", "Functions may not be called here.")
    name = node.name.removeprefix("core::")
    special = _SPECIAL.get(name)
    if special is not None and (not node.expand or name in ("can", "try")):
        signature, evaluate = special
        _count(name, signature, len(node.arguments))
        return evaluate(run, node)
    function = find_function(name)
    values, doubt = _arguments(run, node)
    weight, holds_secret = 0, False
    for value in values:
        weight += value.weight
        holds_secret = holds_secret or value.holds_secret
    if function is None or doubt:
        run.met_unknown = True
        return marked(unknown(doubt or f"{name}() is not evaluated"), holds_secret)
    _count(name, function, len(values))
    run.spend(weight * function.cost // 8)
    if weight > HEAVIEST:
        raise TooMuch("the arguments of a function are too large")
    result = _called(run, function, name, values)
    run.met_secret = run.met_secret or name == "sensitive"
    run.met_unknown = run.met_unknown or not result.whole
    if name in ("issensitive", "nonsensitive"):
        return result
    if name in _KEEPING:
        holds_secret = any(value.secret for value in values)
    return marked(result, holds_secret)


def _arguments(run: Run, node: Call) -> tuple[list[Value], str]:
    """The arguments, the last one spread out where that is asked for; why, if it is unknown."""
    if not node.expand:
        return [run.value(argument) for argument in node.arguments], ""
    summary = "Invalid expanding argument value"
    last = run.value(node.arguments[-1])
    if last.data is None:
        raise Failed(summary, "The expanding argument (indicated by ...) must not be null.")
    if last.type is not ANY and not last.type.is_row:
        detail = "The expanding argument (indicated by ...) must be of a tuple, list, or set type."
        raise Failed(summary, detail)
    first = [run.value(argument) for argument in node.arguments[:-1]]
    return ([*first, *last.data], "") if last.is_known else (first, last.reason)


def _count(name: str, function: Function, count: int) -> None:
    expected = len(function.parameters)
    if count < expected:
        least = "" if function.variadic is None else " at least"
        missing = f'Missing value for "{function.parameters[count][0]}".'
        detail = f'Function "{name}" expects{least} {expected} argument(s). {missing}'
        raise Failed("Not enough function arguments", detail)
    if count > expected and function.variadic is None:
        detail = f'Function "{name}" expects only {expected} argument(s).'
        raise Failed("Too many function arguments", detail)


def _as_parameter(run: Run, value: Value, name: str, takes: Takes) -> Value:
    """An argument as the type that the function takes."""
    if value.type != takes.type:
        lead = f'Invalid value for "{name}" parameter'
        value = must_convert(value, takes.type, "Invalid function argument", lead)
    if value.data is None and not takes.null:
        if takes.null_lately:
            run.undecided = True
            if run.semantics.searches_null:
                return value
        raise _invalid(name, "argument must not be null")
    return value


def _invalid(parameter: str, sentence: str) -> Failed:
    detail = f'Invalid value for "{parameter}" parameter: {sentence}.'
    return Failed("Invalid function argument", detail)


def _called(run: Run, function: Function, name: str, values: Sequence[Value]) -> Value:
    parameters = [function.parameter(at) for at in range(len(values))]
    arguments = [
        _as_parameter(run, value, *parameter)
        for value, parameter in zip(values, parameters, strict=True)
    ]
    for value, (_, takes) in zip(arguments, parameters, strict=True):
        if not value.whole and not takes.unknown:
            return unknown(value.reason, function.returns)
    try:
        result = function.body(*arguments)
    except Unsuitable as unsuitable:
        raise _broken(name, unsuitable.sentence) from None
    except NotKnown as not_known:
        run.spend(not_known.steps)
        return unknown(not_known.reason, not_known.type or function.returns)
    except CallFailed as failed:
        run.spend(failed.steps)
        if failed.argument >= 0:
            raise _invalid(parameters[failed.argument][0], failed.detail) from None
        raise _broken(name, failed.detail) from None
    if not isinstance(result, Value):
        result, steps = result
        run.spend(steps)
    run.spend(result.weight // 2)
    return result


def _broken(name: str, sentence: str) -> Failed:
    return Failed("Error in function call", f'Call to function "{name}" failed: {sentence}.')


def _can(run: Run, node: Call) -> Value:
    """Whether an expression can be evaluated; that is unknown if anything in it is."""
    _, failure, doubt = _tried(run, node.arguments[0])
    return unknown(doubt, BOOL) if doubt else boolean(failure is None)


def _try(run: Run, node: Call) -> Value:
    """The first of some expressions that can be evaluated; unknown if anything in it is."""
    if not node.arguments:
        raise _broken("try", "at least one argument is required")
    failures: list[EvaluationError] = []
    for argument in node.arguments:
        value, failure, doubt = _tried(run, argument)
        if doubt:
            return marked(unknown(doubt), value is not None and value.holds_secret)
        if failure is None:
            return value
        failures.append(failure)
    reasons = "; ".join(f"{failure.summary}: {failure.detail}" for failure in failures)
    raise _broken("try", f"no expression succeeded: {reasons}")


def _tried(run: Run, node: Expression) -> tuple[Value, EvaluationError | None, str]:
    """The value of an expression, its failure if any, and what is unknown in it."""
    before, run.met_unknown = run.met_unknown, False
    try:
        value, failure = run.attempt(node)
    finally:
        met_unknown, run.met_unknown = run.met_unknown, before
    doubt = "" if failure is not None or value.whole else value.reason
    if met_unknown or doubt:
        run.met_unknown = True
        doubt = doubt or "something in it is unknown"
    return value, failure, doubt


def _templatestring(run: Run, node: Call) -> Value:
    """A template that something else holds, rendered with the variables that it is given."""
    if not isinstance(node.arguments[0], Reference):
        detail = "must be a direct reference to a single string from elsewhere, containing valid "
        detail = f"invalid template expression: {detail}Terraform template syntax"
        raise _invalid("template", detail)
    template, variables = (run.value(argument) for argument in node.arguments)
    if template.data is None or template.type not in (STRING, ANY):
        raise _invalid("template", "invalid template value: a string is required")
    result = _rendered(run, node.name, template, variables)
    lead = f'Call to function "{node.name}" failed: invalid template result'
    return must_convert(result, STRING, "Error in function call", lead)


def _rendered(run: Run, name: str, template: Value, variables: Value) -> Value:
    if variables.data is None:
        raise _invalid("vars", "argument must not be null")
    if variables.type.kind not in ("map", "object", "any"):
        raise _invalid("vars", "invalid vars value: must be a map")
    for value in (template, variables):
        if not value.whole:
            run.met_unknown = True
            return unknown(value.reason)
    run.spend(template.weight * 4)
    if len(template.data) > _LONGEST_TEMPLATE:
        raise TooMuch("a template is too long")
    expression, faults = parse_template(template.data)
    if expression is None or faults:
        raise _broken(name, faults[0].message)
    for variable in variables.data:
        if not variable.replace("-", "_").isidentifier():
            raise _invalid("vars", f'invalid template variable name "{variable}"')
    for reference in references(expression):
        if reference.name not in variables.data:
            raise _invalid("vars", f'vars map does not contain key "{reference.name}"')
    outside, run.names = run.names, variables.data
    try:
        result = run.value(expression)
    except Failed as failed:
        raise _broken(name, failed.error.message) from None
    finally:
        run.names = outside
    if result.data is None:
        raise _broken(name, "the result of the template is null")
    return marked(result, template.holds_secret or variables.secret)


def _reading(run: Run, node: Call) -> Value:
    """The result of a function on a file in the module."""
    texts = run.scope.texts if run.scope else Texts()
    name, path = node.name.removeprefix("core::"), path_in_module(node.arguments[0])
    rest = [run.value(argument) for argument in node.arguments[1:]]
    if name == "fileset":
        names = texts.sets.get((path or "", rest[0].data if rest[0].type is STRING else ""))
        if names is not None:
            return set_value(STRING, map(text, names))
    elif path is not None and path in texts.files:
        content = texts.files[path]
        if name == "fileexists":
            return boolean(content is not None)
        if content is None:
            raise _invalid("path", f'no file exists at "{path}"')
        value = text(normal(content))
        return value if name == "file" else _rendered(run, name, value, rest[0])
    run.met_unknown = True
    return unknown(f"{name}() is not evaluated for this path")


_KEEPING = frozenset(
    {
        *("chunklist", "coalesce", "coalescelist", "concat", "element", "flatten", "keys"),
        *("length", "lookup", "merge", "one", "reverse", "slice", "tolist", "tomap", "values"),
    }
)
"""Functions of whose results each part is as secret as it was; of others, all is if any was."""
_LONGEST_TEMPLATE = 100_000


def _signature(*parameters: str, variadic: str = "") -> Function:
    rest = (variadic, Takes()) if variadic else None
    return Function(tuple((name, Takes()) for name in parameters), lambda *_: NULL, ANY, rest)


_SPECIAL = {
    "can": (_signature("expression"), _can),
    "file": (_signature("path"), _reading),
    "fileexists": (_signature("path"), _reading),
    "fileset": (_signature("path", "pattern"), _reading),
    "templatefile": (_signature("path", "vars"), _reading),
    "templatestring": (_signature("template", "vars"), _templatestring),
    "try": (_signature(variadic="expressions"), _try),
}
"""Functions that are not called with the values of their arguments only."""

"""Functions of maps and objects, of any collection, and of types."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from dativo_lint.terraform.convert import Unsuitable, convert
from dativo_lint.terraform.failures import CallFailed
from dativo_lint.terraform.functions import UNKNOWN_TOO, WHATEVER, Takes, function
from dativo_lint.terraform.functions.texts import length_of
from dativo_lint.terraform.types import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    CollectionType,
    ObjectType,
    TupleType,
    Type,
    filled_in,
    list_of,
    map_of,
    quoted,
    set_of,
)
from dativo_lint.terraform.unify import converts, unify
from dativo_lint.terraform.values import (
    Value,
    boolean,
    list_value,
    map_value,
    marked,
    numeric,
    parts_of,
    record,
    row,
    text,
    unknown,
)


@function("length", value=UNKNOWN_TOO, returns=NUMBER)
def _length(value: Value) -> Value:
    type_ = value.type
    if type_ is STRING:
        return length_of(value) if value.is_known else unknown(value.reason, NUMBER)
    if isinstance(type_, TupleType):
        return numeric(len(type_.parts))
    if isinstance(type_, ObjectType):
        return numeric(len(type_.attributes))
    if type_ is ANY:
        return unknown(value.reason, NUMBER)
    if not isinstance(type_, CollectionType):
        raise CallFailed("argument must be a string, a collection type, or a structural type")
    return numeric(len(value.data)) if value.is_known else unknown(value.reason, NUMBER)


@function("keys", inputMap=UNKNOWN_TOO)
def _keys(value: Value) -> Value:
    if isinstance(value.type, ObjectType):
        return row([text(name) for name in value.type.attributes])
    if value.type is ANY and not value.is_known:
        return unknown(value.reason)
    if value.type.kind != "map":
        raise CallFailed("must have map or object type", 0)
    if not value.is_known:
        return unknown(value.reason, list_of(STRING))
    return list_value(STRING, [text(name) for name in value.data])


@function("values", mapping=UNKNOWN_TOO)
def _values(value: Value) -> Value:
    if value.type is ANY and not value.is_known:
        return unknown(value.reason)
    if value.type.kind not in ("map", "object"):
        raise CallFailed("values() requires a map as the first argument")
    if not value.is_known:
        return unknown(value.reason)
    parts = [*value.data.values()]
    if isinstance(value.type, ObjectType):
        return row(parts)
    return list_value(value.type.element, parts)


@function(
    "lookup", inputMap=UNKNOWN_TOO, key=Takes(STRING, unknown=True), variadic=("default", WHATEVER)
)
def _lookup(container: Value, key: Value, *defaults: Value) -> Value:
    if len(defaults) > 1:
        detail = f"lookup() takes two or three arguments, got {2 + len(defaults)}"
        raise CallFailed(detail)
    if container.type is ANY:
        return unknown(container.reason)
    of_map = container.type.kind == "map"
    if not of_map and container.type.kind != "object":
        raise CallFailed("lookup() requires a map as the first argument", 0)
    element = container.type.element
    if of_map and defaults:
        try:
            convert(defaults[0], element)
        except Unsuitable:
            detail = "the default value must have the same type as the map elements"
            raise CallFailed(detail, 2) from None
    if not container.is_known or not key.is_known:
        return unknown(container.reason or key.reason, element)
    if key.data in container.data:
        return container.part(key.data)
    if defaults:
        return convert(defaults[0], element)
    spelled = quoted(key.data)
    if of_map:
        raise CallFailed(f"lookup failed to find key {spelled}")
    raise CallFailed(f"the given object has no attribute {spelled}", 0)


@function("merge", variadic=("maps", WHATEVER))
def _merge(*values: Value) -> Value:
    for value in values:
        if value.type.kind not in ("any", "map", "object"):
            raise CallFailed(f'arguments must be maps or objects, got "{value.type.friendly}"')
    for value in values:
        if not value.is_known:
            return unknown(value.reason)
    kept = [value for value in values if value.data is not None]
    types = {value.type for value in values}
    if not kept and len(types) == 1 and ANY not in types:
        return values[0]
    parts = {name: part for value in kept for name, part in value.data.items()}
    if len(types) == 1 and all(it.kind == "map" for it in types):
        return map_value(types.pop().element, parts)
    return record(parts)


@function("zipmap", keys=list_of(STRING), values=ANY)
def _zipmap(keys: Value, values: Value) -> Value:
    is_list = values.type.kind == "list"
    if not values.type.is_sequence:
        raise CallFailed("values argument must be a list or tuple value")
    count = len(keys.data), len(values.data)
    if count[0] != count[1]:
        detail = f"number of keys ({count[0]}) does not match number of values ({count[1]})"
        raise CallFailed(detail)
    for at, key in enumerate(keys.data):
        if key.data is None:
            raise CallFailed(f"keys list has null value at index {at}")
    parts = {key.data: part for key, part in zip(keys.data, values.data, strict=True)}
    return map_value(values.type.element, parts) if is_list else record(parts)


@function("transpose", values=map_of(list_of(STRING)), returns=map_of(list_of(STRING)))
def _transpose(values: Value) -> Value:
    result: dict[str, list[str]] = {}
    for name, row_of_names in values.data.items():
        for part in row_of_names.data or ():
            if part.data is None:
                raise CallFailed("a null string cannot be a key")
            result.setdefault(part.data, []).append(name)
    parts = {key: list_value(STRING, [*map(text, sorted(it))]) for key, it in result.items()}
    return map_value(list_of(STRING), parts)


@function("coalesce", variadic=("vals", WHATEVER))
def _coalesce(*values: Value) -> Value:
    type_ = unify([value.type for value in values])
    if type_ is None:
        raise CallFailed("all arguments must have the same type")
    for value in values:
        if not value.is_known:
            return unknown(value.reason, type_)
        if value.data is None:
            continue
        result = convert(value, type_)
        if result.data != "":
            return result
    raise CallFailed("no non-null, non-empty-string arguments")


def _to(wanted: Type) -> Callable[[Value], Value]:
    """The body of a function that converts to a type."""

    def body(value: Value) -> Value:
        if not value.is_known:
            return unknown(value.reason, filled_in(wanted, value.type))
        try:
            return convert(value, wanted)
        except Unsuitable:
            raise CallFailed(_refusal(value, wanted), 0) from None

    return body


def _refusal(value: Value, wanted: Type) -> str:
    if value.type is not STRING or not converts(STRING, wanted):
        return f"cannot convert {value.type.friendly} to {wanted.required}"
    hint = "given string must be a decimal representation of a number"
    if wanted is BOOL:
        hint = 'only the strings "true" or "false" are allowed'
    return f"cannot convert {quoted(value.data)} to {wanted.required}; {hint}"


@function("sensitive", value=WHATEVER)
def _sensitive(value: Value) -> Value:
    return marked(value)


@function("nonsensitive", value=WHATEVER)
def _nonsensitive(value: Value) -> Value:
    value = replace(value, secret=False, holds_secret=False)
    return replace(value, holds_secret=any(part.secret for part in parts_of(value)))


@function("issensitive", value=WHATEVER, returns=BOOL)
def _issensitive(value: Value) -> Value:
    is_settled = value.secret or value.is_known
    return boolean(value.secret) if is_settled else unknown(value.reason, BOOL)


for _name, _type in {
    "tobool": BOOL,
    "tolist": list_of(ANY),
    "tomap": map_of(ANY),
    "tonumber": NUMBER,
    "toset": set_of(ANY),
    "tostring": STRING,
}.items():
    function(_name, v=WHATEVER, returns=_type if _type.is_exact else ANY)(_to(_type))

"""Functions of maps and objects, of any collection, and of types."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from dativo_lint.terraform.convert import Unsuitable, convert
from dativo_lint.terraform.failures import CallFailed
from dativo_lint.terraform.functions import UNKNOWN_TOO, WHATEVER, Takes, function, known
from dativo_lint.terraform.functions.texts import check_single
from dativo_lint.terraform.types import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    CollectionType,
    ObjectType,
    TupleType,
    Type,
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
)


@function("length", value=UNKNOWN_TOO, returns=NUMBER)
def _length(value: Value) -> Value:
    type_ = value.type
    if isinstance(type_, (TupleType, ObjectType)):
        return numeric(len(type_.parts))
    if type_ not in (STRING, ANY) and not isinstance(type_, CollectionType):
        raise CallFailed("argument must be a string, a collection type, or a structural type")
    data = known(value)
    if isinstance(data, str):
        check_single(data, "length()")
    return numeric(len(data))


@function("keys", inputMap=UNKNOWN_TOO)
def _keys(value: Value) -> Value:
    if isinstance(value.type, ObjectType):
        return row([text(name) for name in value.type.attributes])
    _check_kind(value, "must have map or object type", 0)
    type_ = ANY if value.type is ANY else list_of(STRING)
    return list_value(STRING, [text(name) for name in known(value, type_)])


@function("values", mapping=UNKNOWN_TOO)
def _values(value: Value) -> Value:
    _check_kind(value, "values() requires a map as the first argument")
    parts = [*known(value).values()]
    is_object = isinstance(value.type, ObjectType)
    return row(parts) if is_object else list_value(value.type.element, parts)


def _check_kind(value: Value, detail: str, argument: int = -1) -> None:
    """Raises CallFailed for what cannot be a map or an object."""
    if value.type.kind not in ("any", "map", "object"):
        raise CallFailed(detail, argument)


@function(
    "lookup", inputMap=UNKNOWN_TOO, key=Takes(STRING, unknown=True), variadic=("default", WHATEVER)
)
def _lookup(container: Value, key: Value, *defaults: Value) -> Value:
    if len(defaults) > 1:
        detail = f"lookup() takes two or three arguments, got {2 + len(defaults)}"
        raise CallFailed(detail)
    _check_kind(container, "lookup() requires a map as the first argument", 0)
    of_map, element = container.type.kind == "map", container.type.element
    default = defaults[0] if defaults else None
    if default is not None:
        try:
            default = convert(default, element)
        except Unsuitable:
            detail = "the default value must have the same type as the map elements"
            raise CallFailed(detail, 2) from None
    parts, name = known(container, element), known(key, element)
    result: Value | None = parts.get(name, default)
    if result is not None:
        return result
    if of_map:
        raise CallFailed(f"lookup failed to find key {quoted(name)}")
    raise CallFailed(f"the given object has no attribute {quoted(name)}", 0)


@function("merge", variadic=("maps", WHATEVER))
def _merge(*values: Value) -> Value:
    for value in values:
        _check_kind(value, f'arguments must be maps or objects, got "{value.type.friendly}"')
    for value in values:
        known(value)
    kept = [value for value in values if value.data is not None]
    types = {value.type for value in values}
    if not kept and len(types) == 1 and ANY not in types:
        return values[0]
    parts = {name: part for value in kept for name, part in value.data.items()}
    if len(types) == 1 and all(type_.kind == "map" for type_ in types):
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
    parts = {key: list_value(STRING, [*map(text, sorted(names))]) for key, names in result.items()}
    return map_value(list_of(STRING), parts)


@function("coalesce", variadic=("vals", WHATEVER))
def _coalesce(*values: Value) -> Value:
    type_ = unify([value.type for value in values])
    if type_ is None:
        raise CallFailed("all arguments must have the same type")
    for value in values:
        if known(value, type_) is not None:
            result = convert(value, type_)
            if result.data != "":
                return result
    raise CallFailed("no non-null, non-empty-string arguments")


def _to(wanted: Type) -> Callable[[Value], Value]:
    """The body of a function that converts to a type."""

    def body(value: Value) -> Value:
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
    if not value.secret:
        known(value)
    return boolean(value.secret)


for _name, _type in {
    "tobool": BOOL,
    "tolist": list_of(ANY),
    "tomap": map_of(ANY),
    "tonumber": NUMBER,
    "toset": set_of(ANY),
    "tostring": STRING,
}.items():
    function(_name, v=WHATEVER, returns=_type if _type.is_exact else ANY)(_to(_type))

from __future__ import annotations

import json
from typing import Any

import pytest
from answer_forms import as_json
from hypothesis import given
from hypothesis import strategies as st
from plain_values import plain
from record_functions import RECORD, ask
from record_modules import version_at_hand
from test_evaluate import error, known, read, reason

from dativo_lint.terraform.evaluate import evaluate
from dativo_lint.terraform.failures import EvaluationError
from dativo_lint.terraform.functions import GROUP_OF, Takes, find_function
from dativo_lint.terraform.plain_data import value_of
from dativo_lint.terraform.run import Scope
from dativo_lint.terraform.values import Value

RECORDED: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
SIGNATURES = {name: (parameters, variadic) for name, parameters, variadic in RECORDED["answers"]}

SPECIAL = {"can", "file", "fileexists", "fileset", "templatefile", "templatestring", "try"}
NOT_EVALUATED = {
    # What reads files, looks at a clock, or draws lots.
    *("abspath", "filebase64", "filebase64sha256", "filebase64sha512"),
    *("filemd5", "filesha1", "filesha256", "filesha512"),
    *("plantimestamp", "timestamp", "uuid", "bcrypt"),
    # What hangs on what is ephemeral.
    "ephemeralasnull",
    # What conditions hardly ever call.
    *("base64gzip", "log", "rsadecrypt"),
}


def test_every_function_is_evaluated_or_left_alone_on_purpose() -> None:
    assert {*SIGNATURES} == {*GROUP_OF} | SPECIAL | NOT_EVALUATED
    assert not {*GROUP_OF} & NOT_EVALUATED


def told(parameter: tuple[str, Takes] | None) -> list[Any] | None:
    if parameter is None:
        return None
    name, takes = parameter
    return [name, as_json(takes.type), takes.null]


@pytest.mark.parametrize("name", sorted(GROUP_OF))
def test_a_function_takes_what_it_takes_in_terraform(name: str) -> None:
    parameters, variadic = SIGNATURES[name]
    function = find_function(name)
    assert function is not None
    assert parameters == [told(it) for it in function.parameters]
    assert variadic == told(function.variadic)


def test_the_terraform_at_hand_has_the_functions_that_are_recorded() -> None:
    # Where there is none, or one of another version, the record speaks for it.
    if version_at_hand() == RECORDED["terraform"]:
        assert RECORDED["answers"] == ask()


@pytest.mark.parametrize("name", sorted(NOT_EVALUATED))
def test_what_is_left_alone_is_unknown(name: str) -> None:
    assert f"{name}() is not evaluated" == reason(f'{name}("a", "b")')


ARGUMENTS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 70)
    | st.floats(-3, 3)
    | st.text("a1./:-[(", max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab"), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(GROUP_OF)), st.lists(ARGUMENTS, max_size=4))
def test_no_argument_makes_a_function_raise(name: str, arguments: list[Any]) -> None:
    scope = Scope({f"a{at}": value_of(data) for at, data in enumerate(arguments)})
    call = f"{name}({', '.join(f'var.a{at}' for at in range(len(arguments)))})"
    assert evaluate(read(call), scope) is not None


@pytest.mark.parametrize(
    ("call", "result"),
    [
        ('upper("straße")', "letters"),
        ('length("e\u0308\u0323")', "letters of other scripts"),
        ('substr("👍🏽", 0, 1)', "letters of other scripts"),
        ('yamldecode("a: .inf")', "read differently"),
        ('yamldecode("a: !!int 1")', "tags are not followed"),
        ('yamldecode("a: 2020-01-01")', "read differently"),
        (f'yamldecode("{"[" * 180}{"]" * 180}")', "nests too deeply"),
        ('yamlencode({ "a\\nb" = 1 })', "a key is long"),
        ('textencodebase64("a", "koi8-r")', "this encoding"),
        ('timeadd("9999-12-31T23:59:59Z", "1h")', "beyond 9999"),
        ('pathexpand("~/x")', "home folder"),
        ('element(["a"], -1)', "differs between versions"),
        ('format("%v", null)', "never known"),
        ('format("%e", 5)', "not worked out"),
        ('regex("(?P<a>x)|(?P<a>y)", "y")', "the same name"),
        ('cidrhost("::ffff:1.2.3.4/120", 1)', "inside of IPv6"),
        ("log(8, 2)", "log() is not evaluated"),
    ],
)
def test_what_may_differ_is_unknown(call: str, result: str) -> None:
    assert result in reason(call)


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ('yamldecode("[1, {}]")', [1, {}]),
        ('jsondecode("[1.50, 1e2]") == [1.5, 100]', True),
        ('tostring(jsondecode("12345678901234567890.5"))', "12345678901234567890.5"),
        ('lower("ÀÉ")', "àé"),
        ('length("日本")', 2),
        ('join(",", [1, true])', "1,true"),
    ],
)
def test_what_is_certain_is_known(call: str, value: Any) -> None:
    assert value == known(call)


@pytest.mark.parametrize(
    "call",
    [
        *(
            'join("x", range(1000))',
            'indent(100000, join("\\n", range(1000)))',
            'format("%9999s", 1)',
        ),
        "setproduct(range(1000), range(1000), range(1000))",
        'jsondecode(join("", [for i in range(1000) : "[[[[["]))',
        'replace(join("", [for i in range(1000) : "aaaaaaaa"]), "/(a*)*b/", "")',
        'regexall("(a|b)*c", join("", [for i in range(1000) : "abababab"]))',
        "pow(9, 99999999999)",
        '[for i in range(1000) : tonumber("1e3999")]',
        "chunklist(range(1000), 1)",
        'join(join("", range(1000)), range(1000))',
        'replace(join("", range(900)), "1", join("", range(900)))',
        'replace(join("", range(900)), "/[0-9]/", join("", range(900)))',
        'format(join("", [for i in range(900) : "%[1]s"]), join("", range(900)))',
        'formatlist("%s%s", range(1000), join("", range(900)))',
        "concat([for i in range(900) : range(900)]...)",
        "flatten([for i in range(900) : range(900)])",
        '[for i in range(900) : can(regex("(a|b|ab)*c", "${join("", range(90))}${i}"))]',
    ],
)
def test_no_call_takes_or_makes_too_much(call: str) -> None:
    assert evaluate(read(call), Scope()) is not None


def test_an_error_names_the_parameter() -> None:
    assert 'Invalid value for "list" parameter: ' in error("sum([])").detail


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("a: &x 1\nb: *x", {"a": 1, "b": 1}),
        (
            "a: &x {k: 1, l: 2}\nb:\n  <<: *x\n  l: 3",
            {"a": {"k": 1, "l": 2}, "b": {"k": 1, "l": 3}},
        ),
        ('b:\n  k: 2\n  "<<": {k: 1}', {"b": {"k": 1}}),
        ("<<: {a: 1}\n<<: {b: <<}", {"a": 1, "b": "<<"}),
        ("- &x a\n- *x\n- &x b\n- *x", ["a", "a", "b", "b"]),
        ("a: &x [*x]", 'cannot refer to anchor "x" from inside its own definition.'),
        ("&k a: 1\nb: *k", 'reference to undefined anchor "k".'),
        ("a: &x b\n*x : 2", "only strings are allowed as mapping keys."),
        ("a: &x {k: 1}\nb:\n  <<: [*x]", "cannot merge tuple into mapping."),
        ("<<: null", "cannot merge dynamic into mapping."),
        ("[012, 0o14, 0x1F, 1_000, 1.5e3, +.5, 0b1]", [12, 12, 31, "1_000", 1500, 0.5, "0b1"]),
    ],
)
def test_anchors_merge_keys_and_numbers_of_yaml_are_those_of_terraform(
    source: str, answer: Any
) -> None:
    result = evaluate(read("yamldecode(var.a)"), Scope({"a": value_of(source)}))
    if isinstance(result, EvaluationError):
        assert f'Call to function "yamldecode" failed: {answer}' == result.detail
    else:
        assert answer == plain(result)


def test_aliases_that_stand_for_very_much_are_not_expanded() -> None:
    rows = [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]" for at in range(1, 12)]
    source = "\n".join(["a0: &a0 x", *rows])
    result = evaluate(read("yamldecode(var.a)"), Scope({"a": value_of(source)}))
    assert isinstance(result, Value)
    assert "aliases" in result.reason


@pytest.mark.parametrize(
    ("call", "shown"),
    [
        ("issensitive(sensitive(1))", "true"),
        ("issensitive({ a = sensitive(1) })", "false"),
        ("issensitive(nonsensitive(sensitive([1])))", "false"),
        ("nonsensitive(sensitive(1))", "1"),
        ("jsonencode(nonsensitive({ a = sensitive(1) }))", ""),
    ],
)
def test_what_is_sensitive_is_so_to_terraform(call: str, shown: str) -> None:
    result = evaluate(read(call), Scope())
    assert isinstance(result, Value)
    assert shown == ("" if result.holds_secret else str(result))

from __future__ import annotations

import json

from memory_folder import MemoryFolder

from dativo_lint.documents.document import Limits
from dativo_lint.terraform.calls import (
    MOST_LEVELS,
    MOST_MODULES,
    ModuleTree,
    installed_modules,
    read_tree,
)
from dativo_lint.terraform.module import Module, read_module


def call(name: str, source: str) -> str:
    return f'module "{name}" {{\n  source = "{source}"\n}}\n'


def tree(files: dict[str, str], path: str = "m") -> ModuleTree:
    return read_tree(MemoryFolder(files), path)


def paths(found: ModuleTree) -> dict[str, str]:
    return {chain[-1].key: chain[-1].module.path for chain in found.chains()}


def told(found: ModuleTree) -> list[str]:
    trees = [chain[-1] for chain in found.chains()]
    return [f"{error.place}: {error.message}" for it in trees for error in it.errors]


def test_local_calls_are_followed_from_the_folder_that_calls() -> None:
    found = tree(
        {
            "m/main.tf": call("a", "./inner") + call("b", "../shared"),
            "m/inner/main.tf": call("c", "../../shared"),
            "shared/main.tf": 'variable "x" {}\n',
        }
    )
    assert {"": "m", "a": "m/inner", "a.c": "shared", "b": "shared"} == paths(found)
    assert [] == told(found)


def test_a_module_that_is_fetched_is_absent_unless_it_is_installed() -> None:
    files = {"m/main.tf": call("a", "acme/x/aws") + call("b", "git::https://h/y.git")}
    assert ["a", "b"] == [it.name for it in tree(files).absent]
    entries = [
        {"Key": "", "Source": "", "Dir": "."},
        {"Key": "a", "Source": "acme/x/aws", "Version": "1.0.0", "Dir": ".terraform/modules/a"},
        {"Key": "a.in", "Source": "./in", "Dir": ".terraform\\modules\\a\\in"},
    ]
    files["m/.terraform/modules/modules.json"] = json.dumps({"Modules": entries})
    files["m/.terraform/modules/a/main.tf"] = call("in", "acme/in/aws")
    files["m/.terraform/modules/a/in/main.tf"] = ""
    found = tree(files)
    installed = "m/.terraform/modules/a"
    assert {"": "m", "a": installed, "a.in": f"{installed}/in"} == paths(found)
    assert ["b"] == [it.name for it in found.absent]


def test_what_is_not_understood_of_the_installed_modules_is_left_out() -> None:
    for text in ("", "[]", '{"Modules": 1}', '{"Modules": [1, {"Key": 1}, {"Key": "a"}]}', "\x00"):
        folder = MemoryFolder({"m/.terraform/modules/modules.json": text})
        assert {} == installed_modules(folder, "m", Limits())


def test_a_call_into_nowhere_is_an_error_at_its_source() -> None:
    found = tree({"m/main.tf": call("a", "./nowhere") + call("b", "../../outside")})
    assert [
        'm/main.tf:2:12: module "a": there is no folder m/nowhere',
        'm/main.tf:5:12: module "b": ../outside is outside the repository',
    ] == told(found)


def test_calls_in_a_circle_are_told_once_and_end() -> None:
    found = tree(
        {"m/main.tf": call("a", "./a"), "m/a/main.tf": call("b", "../"), "m/b/main.tf": ""}
    )
    assert ["m/a/main.tf:2:12: module calls form a cycle: m -> m/a -> m"] == told(found)
    assert ["m", "m/a"] == [*paths(found).values()]
    itself = tree({"m/main.tf": call("a", "./")})
    assert ["m/main.tf:2:12: module calls form a cycle: m -> m"] == told(itself)


def test_calls_are_followed_so_deep_and_no_deeper() -> None:
    files = {f"m{number}/main.tf": call("a", f"../m{number + 1}") for number in range(40)}
    found = tree(files, "m0")
    assert MOST_LEVELS == len(paths(found))
    assert [] == told(found)
    assert found.limit is not None
    assert f"module calls are followed {MOST_LEVELS} levels deep" == found.limit.message


def test_calls_that_multiply_have_an_end() -> None:
    files = {
        f"m{number}/main.tf": "".join(call(name, f"../m{number + 1}") for name in "abcd")
        for number in range(15)
    }
    found = tree(files, "m0")
    assert MOST_MODULES + 1 == len([*found.chains()])
    # Said once: what was not followed may be right.
    assert all("there is no folder" in error for error in told(found))
    assert found.limit is not None
    assert f"more than {MOST_MODULES} module calls are not followed" == found.limit.message


def test_a_module_that_is_called_twice_is_read_once() -> None:
    twice = call("a", "./a") + call("b", "./a")
    folder = MemoryFolder({"m/main.tf": twice, "m/a/main.tf": ""})
    asked: list[str] = []

    def read(path: str) -> Module:
        asked.append(path)
        return read_module(folder, path)

    read_tree(folder, "m", read=read)
    assert ["m", "m/a"] == asked

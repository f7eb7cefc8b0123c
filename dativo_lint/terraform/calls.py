"""Follows the module calls of a module, as far as the called modules are at hand."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.documents.document import Fault, Limits
from dativo_lint.documents.folder import Folder, read_content
from dativo_lint.documents.place import Place
from dativo_lint.terraform.address import PUBLIC_REGISTRY
from dativo_lint.terraform.declarations import ModuleCall, ModuleError
from dativo_lint.terraform.module import Module, read_module
from dativo_lint.terraform.source import Written

MOST_LEVELS: Final = 20
"""Calls in calls are followed so deep; Terraform itself has no such bound."""
MOST_MODULES: Final = 500
"""So many modules are read below one: a few calls a level make very many in the end."""


class ModuleTree(Struct, frozen=True, eq=False, dict=True):
    """A module with the modules that it calls.

    `key` is the names of the calls that lead to it from the outermost module, joined by dots, and
    `call` the last of them. `absent` are calls of modules that are fetched and not installed.
    `errors` are calls that cannot be followed: the folder is not there or lies outside, or the
    calls form a cycle. `limit`, of the outermost module, is the first call beyond the limits: it
    and others like it are among the absent. `instance` is the index of one of its instances, such
    as `["a"]`.
    """

    module: Module
    key: str
    call: ModuleCall | None
    called: Mapping[str, ModuleTree]
    absent: tuple[ModuleCall, ...]
    errors: tuple[ModuleError, ...]
    limit: ModuleError | None = None
    instance: str = ""

    @property
    def is_installed(self) -> bool:
        """Whether Terraform has fetched the module, so that its text is not the repository's."""
        return ".terraform" in self.module.path.split("/")

    @property
    def local_folders(self) -> Iterator[str]:
        """The folders that local calls lead to, whether or not they can be followed."""
        folders = (_local_folder(self.module, call) for call in self.module.calls.values())
        return (folder for folder in folders if folder is not None)

    @cached_property
    def secrets(self) -> tuple[tuple[str, Place], ...]:
        """Defaults of secret variables and values of sensitive outputs in all its modules."""
        modules = {chain[-1].module.path: chain[-1].module for chain in self.chains()}
        written: list[tuple[str, Written | None]] = []
        for module in modules.values():
            for variable in module.variables.values():
                if variable.is_secret:
                    written.append((f"var.{variable.name}", variable.default_expr))
            for output in module.outputs.values():
                if output.sensitive:
                    written.append((f"output.{output.name}", output.value))
        return tuple((name, value.place) for name, value in written if value)

    def chains(self, above: tuple[ModuleTree, ...] = ()) -> Iterator[tuple[ModuleTree, ...]]:
        """Every module of the tree behind those that lead to it, outermost first."""
        chain = (*above, self)
        yield chain
        for tree in self.called.values():
            yield from tree.chains(chain)


def read_tree(
    folder: Folder,
    path: str,
    limits: Limits = Limits(),
    read: Callable[[str], Module] | None = None,
) -> ModuleTree:
    """The module in a folder with all that it calls; `read` may give modules read before."""
    follower = _Follower(folder, path, limits, read)
    return replace(follower.tree(path), limit=follower.limit)


def installed_modules(folder: Folder, path: str, limits: Limits = Limits()) -> dict[str, str]:
    """The folders of modules installed by `terraform init`, by the names of their calls."""
    where = posixpath.join(path, ".terraform/modules/modules.json")
    if folder.kind(where) != "file":
        return {}
    content = folder.read(where, limits)
    if isinstance(content, Fault):
        return {}
    reading = read_content(where, content, limits)
    data = reading.documents[0].data if reading.documents else None
    entries = data.get("Modules") if isinstance(data, dict) else None
    installed: dict[str, str] = {}
    for entry in entries if isinstance(entries, list) else ():
        match entry:
            case {"Key": str(key), "Dir": str(place)} if key:
                local = posixpath.join(path, place.replace("\\", "/"))
                installed[key] = posixpath.normpath(local)
    return installed


class _Follower:
    """One tree being read."""

    def __init__(
        self, folder: Folder, path: str, limits: Limits, read: Callable[[str], Module] | None
    ) -> None:
        self._folder = folder
        self._read = read or (lambda where: read_module(folder, where, limits))
        self._modules: dict[str, Module] = {}
        self._installed = installed_modules(folder, path, limits)
        self._left = MOST_MODULES
        self.limit: ModuleError | None = None

    def tree(
        self, path: str, call: ModuleCall | None = None, key: str = "", above: tuple[str, ...] = ()
    ) -> ModuleTree:
        """The module in a folder that is reached through the folders above it."""
        if path not in self._modules:
            self._modules[path] = self._read(path)
        module, here = self._modules[path], (*above, posixpath.normpath(path))
        called: dict[str, ModuleTree] = {}
        absent: list[ModuleCall] = []
        errors: list[ModuleError] = []
        for name, inner in module.calls.items():
            inner_key = f"{key}.{name}" if key else name
            target = _local_folder(module, inner) or self._installed.get(inner_key)
            place = inner.source.place if inner.source else inner.place
            if target is None:
                absent.append(self._seen_locally(module, inner))
            elif problem := self._problem(target, inner, here):
                errors.append(ModuleError(problem, place))
            elif limit := self._limit(here):
                self.limit = self.limit or ModuleError(limit, place)
                absent.append(inner)
            else:
                self._left -= 1
                called[name] = self.tree(target, inner, inner_key, here)
        return ModuleTree(module, key, call, called, tuple(absent), tuple(errors))

    def _seen_locally(self, module: Module, call: ModuleCall) -> ModuleCall:
        """A call whose address `looks_local` if it names a folder, but for the `./` before it."""
        address = call.address
        if address is None or address.kind not in ("invalid", "registry"):
            return call
        path = posixpath.normpath(posixpath.join(module.path, address.written.strip()))
        if address.host not in ("", PUBLIC_REGISTRY) or self._folder.is_outside(path):
            return call
        if self._folder.kind(path) != "folder":
            return call
        suggestion = f"./{address.written.strip()}"
        return replace(call, address=replace(address, looks_local=True, suggestion=suggestion))

    def _limit(self, here: tuple[str, ...]) -> str:
        """Why no more calls are followed, if none are."""
        if len(here) >= MOST_LEVELS:
            return f"module calls are followed {MOST_LEVELS} levels deep"
        return "" if self._left > 0 else f"more than {MOST_MODULES} module calls are not followed"

    def _problem(self, target: str, call: ModuleCall, here: tuple[str, ...]) -> str:
        """Why a call cannot be followed, if it cannot."""
        if target in here:
            way = " -> ".join((*here[here.index(target) :], target))
            return f"module calls form a cycle: {way}"
        if self._folder.is_outside(target):
            return f'module "{call.name}": {target} is outside the repository'
        kind = self._folder.kind(target)
        if kind == "unreadable":
            return f'module "{call.name}": the folder {target} cannot be read'
        if kind != "folder":
            return f'module "{call.name}": there is no folder {target}'
        return ""


def _local_folder(module: Module, call: ModuleCall) -> str | None:
    """The folder that a call names by a path, whether or not it is there."""
    if call.address is None or call.address.kind != "local":
        return None
    return posixpath.normpath(posixpath.join(module.path, call.address.package))

"""Module source addresses, judged as Terraform reads them: a path, a registry address, a URL, a
short form of a known host (https://developer.hashicorp.com/terraform/language/modules/sources).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from typing import Final, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

Kind: TypeAlias = Literal[
    "local", "absolute", "registry", "git", "mercurial", "archive", "s3", "gcs", "invalid", "open"
]
Pin: TypeAlias = Literal["commit", "version", "tag", "branch", "range", "none"]

PUBLIC_REGISTRY: Final = "registry.terraform.io"

_LOCAL = ("./", "../", ".\\", "..\\")
# Compiled on first use: most modules are in the repository, and need none of these.
_NAME = r"[0-9A-Za-z](?:[0-9A-Za-z_-]{0,62}[0-9A-Za-z])?\Z"
_SYSTEM = r"[0-9a-z]{1,64}\Z"
_LABEL = r"(?!xn--)[^\W_](?:[\w-]*[^\W_])?\Z"
_FORCED = r"([A-Za-z0-9]+)::((?s:.+))\Z"
_SCHEME = r"([A-Za-z][A-Za-z0-9+.-]*):"
_SCP = r"git@([^:/]+):/?((?s:.+))\Z"
_COMMIT = r"(?i:[0-9a-f]{40}(?:[0-9a-f]{24})?)\Z"
_BRANCH = r"refs/heads/|(?:main|master|default|develop|development|dev|trunk|HEAD)\Z"
_EXACT = r"\s*=?\s*v?[0-9]+(?:\.[0-9]+)*(?:[-+][0-9A-Za-z.+-]*)?\s*\Z"

_GETTERS: Final[dict[str, Kind]] = {
    "git": "git",
    "hg": "mercurial",
    "http": "archive",
    "https": "archive",
    "s3": "s3",
    "gcs": "gcs",
    "file": "absolute",
}
_VERSION_CONTROL_HOSTS: Final = ("github.com", "bitbucket.org")


class Address(Struct, frozen=True):
    """What Terraform takes a `source` for.

    `package` is what would be fetched, without the folder in it that stands behind `//`, or the
    path of a local module with forward slashes; `host` is the registry of a registry address. An
    invalid address has a `reason`; `suggestion` is an address that may be meant instead.

    `pin` says how firmly the address names its content: by a commit, a tag that can be moved, a
    branch that moves by design
    (https://developer.hashicorp.com/terraform/language/modules/sources#selecting-a-revision), an
    exact version or a range (https://developer.hashicorp.com/terraform/language/modules/syntax).
    """

    written: str
    kind: Kind
    package: str = ""
    host: str = ""
    reason: str = ""
    suggestion: str = ""
    pin: Pin = "none"
    looks_local: bool = False

    @property
    def is_fetched(self) -> bool:
        """Whether the module comes from outside the repository."""
        return self.kind not in ("local", "absolute", "invalid", "open")

    @property
    def is_pinned(self) -> bool:
        """Whether two runs get the same content, unless a tag is moved."""
        return self.pin in ("commit", "version", "tag")


def classify_source(
    source: str, version: str | None = None, is_folder: Callable[[str], bool] | None = None
) -> Address:
    """Judge a module source address, with the `version` beside it if there is one.

    `is_folder` tells whether a path exists beside the module: a registry address without a host may
    be a path without its `./`. A source with `${` is open: Terraform allows some from 1.15 on.
    """
    if "${" in source or "%{" in source:
        return Address(source, "open")
    package, subfolder = _split(source)
    if source.startswith(_LOCAL):
        path = posixpath.normpath(source.replace("\\", "/"))
        address = Address(source, "local", path if path.startswith(".") else f"./{path}")
    elif package and posixpath.normpath(subfolder).split("/")[0] == "..":
        return _invalid(source, f'the folder "{subfolder}" lies outside what is fetched')
    else:
        address = _registry(source, package, version) or _remote(source, package)
    if version is not None and address.kind not in ("registry", "invalid"):
        return _invalid(source, "only registry addresses have a version")
    if address.kind == "registry" and not address.host:
        looks_local = is_folder is not None and is_folder(package)
        suggestion = f"./{source}" if looks_local else ""
        address = replace(
            address, host=PUBLIC_REGISTRY, looks_local=looks_local, suggestion=suggestion
        )
    return address


def _registry(source: str, package: str, version: str | None) -> Address | None:
    """The address of a registry module, `[HOST/]NAMESPACE/NAME/SYSTEM`, or None."""
    host, *parts = package.split("/")
    if len(parts) != 3:
        host, parts = "", [host, *parts]
    elif not _is_host(host) or host.lower() in _VERSION_CONTROL_HOSTS:
        return None
    if len(parts) != 3 or not all(map(re.match, (_NAME, _NAME, _SYSTEM), parts)):
        return None
    pin: Pin = "none"
    if version is not None:
        pin = "version" if re.match(_EXACT, version) else "range"
    return Address(source, "registry", package, host, pin=pin)


def _is_host(host: str) -> bool:
    name, _, port = host.partition(":")
    labels = name.removesuffix(".").split(".")
    if port and not port.isdecimal():
        return False
    # A name before a port would be taken for the scheme of a URL, were it not for its dots.
    return "." in name and all(re.match(_LABEL, label) for label in labels)


def _remote(source: str, package: str) -> Address:
    if not package:
        return _invalid(source, "the address is empty")
    forced = re.match(_FORCED, package)
    getter, target = (forced[1], forced[2]) if forced else ("", package)
    scheme = re.match(_SCHEME, target)
    if scheme:
        address = _by_scheme(source, getter or scheme[1].lower(), target)
    else:
        address = _by_short_form(source, getter, target)
    return replace(address, pin=_git_pin(target)) if address.kind == "git" else address


def _by_scheme(source: str, getter: str, target: str) -> Address:
    """An address with a scheme, or with a getter before a URL."""
    if getter in ("s3", "gcs") and target.startswith(("s3:", "gs:")):
        reason = f"{target.partition(':')[0]}:// is not supported, only the https form is"
        return _invalid(source, reason, _storage_suggestion(target))
    kind = _GETTERS.get(getter)
    if kind is not None:
        suggestion = f"git::{source}" if kind == "archive" and _looks_like_git(target) else ""
        return Address(source, kind, target, suggestion=suggestion)
    reason = f'Terraform cannot fetch "{getter}" addresses'
    if getter == "oci":
        reason += "; OpenTofu can from 1.10"
    suggestion = f"git::{target}" if getter == "ssh" else ""
    return _invalid(source, reason, _storage_suggestion(target) if getter == "gs" else suggestion)


def _storage_suggestion(target: str) -> str:
    bucket = target.partition("://")[2]
    if target.startswith("gs:"):
        return f"gcs::https://www.googleapis.com/storage/v1/{bucket}"
    return f"s3::https://s3.amazonaws.com/{bucket}"


def _looks_like_git(target: str) -> bool:
    place = target.partition("?")[0]
    return place.endswith(".git") or bool(
        re.match(r"https?://(?:github|gitlab)\.com/[^/]+/[^/]+/?\Z", place)
    )


def _by_short_form(source: str, getter: str, target: str) -> Address:
    """The short forms, in the order in which Terraform tries them."""
    place = target.partition("?")[0]
    parts = place.split("/")
    kind: Kind
    reason = suggestion = ""
    if target.startswith("github.com/"):
        kind = "git"
        if len(parts) < 3:
            reason = "expected github.com/OWNER/REPOSITORY"
    elif re.match(_SCP, target) or target.startswith("bitbucket.org/"):
        kind = "git"
    elif "googleapis.com/" in place:
        kind = "gcs"
        if len(parts) < 5:
            reason = "expected www.googleapis.com/storage/v1/BUCKET/OBJECT"
    elif ".amazonaws.com/" in place:
        kind = "s3"
        if len(parts[0].split(".")) not in (3, 4, 5):
            reason = "expected BUCKET.s3.REGION.amazonaws.com/KEY"
    elif target.startswith("/"):
        kind = "absolute"
    else:
        kind = "invalid"
        reason = "neither a path, a registry address nor a supported URL"
        path = source.strip()
        suggestion = path if path.startswith(_LOCAL) else f"./{path}"
        if target.startswith("gitlab.") and target.partition("/")[2]:
            suggestion = f"git::https://{target}"
    if reason:
        return _invalid(source, reason, suggestion)
    return Address(source, _GETTERS.get(getter, kind), target)


def _git_pin(package: str) -> Pin:
    settings = (pair.partition("=") for pair in package.partition("?")[2].split("&"))
    ref = next((value for name, _, value in settings if name == "ref"), "")
    if not ref:
        return "none"
    if re.match(_COMMIT, ref):
        return "commit"
    return "branch" if re.match(_BRANCH, ref) else "tag"


def _split(source: str) -> tuple[str, str]:
    """The package and the folder in it, behind `//`; a query stays with the package."""
    stop = source.find("?")
    stop = len(source) if stop < 0 else stop
    scheme = source.find("://", 0, stop)
    at = source.find("//", scheme + 3 if scheme >= 0 else 0, stop)
    if at < 0:
        return source, ""
    return source[:at] + source[stop:], source[at + 2 : stop]


def _invalid(source: str, reason: str, suggestion: str = "") -> Address:
    return Address(source, "invalid", reason=reason, suggestion=suggestion)

"""Asks `terraform get` what it makes of module source addresses, and records its answers.

    python tests/terraform/record_addresses.py

writes `data/addresses.json`. Terraform tries to fetch what it takes for an address elsewhere, so
this is the one recorder that asks for other machines; a proxy that is not there keeps it from them.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

RECORD = Path(__file__).parent / "data" / "addresses.json"

ADDRESSES = (
    # What is no address at all.
    *("", "foo", "modules", "modules/dativo-job", "modules/dativo-job/", "a/b", "~/x", ".", ".."),
    *("Modules/Dativo-Job/AWS", "a/b/c/d", "a/b/c-d", "a/b/c_d", "a/b/cD", "a-/b/c", "a/b-/c"),
    *("-a/b/c", "a b/c/d", " a/b/c", "a/b/c ", " ./x", "a/b/c?ref=1", "a/b/c/", "a//b/c"),
    *("gitlab.com/o/r", "GitHub.com/o/r", "GITHUB.com/a/b/c", "user@h:o/r", "git@h/o/r", "a/b:c"),
    *("github.com/o", "github.com//o/r", "a..b/b/c/d", "-a.b/b/c/d", "xn--9ca.com/a/b/c", "//"),
    *(
        "//x",
        "a/b/c//../d",
        "a/b/c//d/../../e",
        "git::https://h.invalid/x//../y",
        "localhost/a/b/c",
    ),
    *("git::foo", "git::./x", "foo::bar", "oci::x", "hg::x", "gcs::x", "mercurial::x"),
    "a.b.s3.eu-west-1.amazonaws.com/k",
    # Paths.
    *(
        "./x",
        "../x",
        "../../x",
        "./x//y",
        "./x ",
        "./",
        "../",
        "./../x",
        "./x?ref=v1",
        ".\\x",
        "..\\x",
    ),
    *("/abs/x", "/abs/x//sub"),
    # Registries.
    *("modules/dativo-job/aws", "acme/dativo_job/aws", "a_b/c/d", "a--b/c/d", "1/2/3"),
    *("TERRAFORM/VPC/aws", "terraform-aws-modules/vpc/aws//modules/x", "a/b/c//"),
    *("app.invalid/a/b/c", "app.invalid:8080/a/b/c", "registry.terraform.io/a/b/c", "a./b/c/d"),
    *("gitlab.com/a/b/c", "gitlab.com/o/r/x", "www.googleapis.com/storage/v1/b"),
    # Version control.
    *(
        "github.com/o/r",
        "github.com/o/r.git//s?ref=v1",
        "github.com/o/r?ref=v1",
        "github.com/o/r/s",
    ),
    *(
        "github.com/o/r/s/t",
        "github.com/org/dativo-job/aws",
        "github.com/a/b/c",
        "bitbucket.org/o/r",
    ),
    *(
        "bitbucket.org/o/r/x",
        "bitbucket.org/a/b/c",
        "git@h.invalid:o/r.git",
        "git@h.invalid:80/o/r",
    ),
    *("git::https://h.invalid/x", "git::https://h.invalid/x//sub?ref=v1&depth=1", "git::/abs"),
    *("git::ssh://git@h.invalid/x", "git::git@h.invalid:o/r", "git::github.com/o/r"),
    *("git://h.invalid/r", "hg::https://h.invalid/x"),
    # Archives and buckets.
    *("https://h.invalid/m.zip", "https://h.invalid/m.zip//sub", "http://h.invalid/m"),
    *("HTTPS://h.invalid/x", "https://h.invalid/x.git", "https://h.invalid/x?archive=zip"),
    *("s3::https://s3.amazonaws.com/b/k", "s3.amazonaws.com/b/k", "b.s3.amazonaws.com/m.zip"),
    *("s3-eu-west-1.amazonaws.com/b/k", "b.s3.eu-west-1.amazonaws.com/k", "s3.amazonaws.com/b"),
    *("gcs::https://www.googleapis.com/storage/v1/b/m.zip", "www.googleapis.com/storage/v1/b/m"),
    "x.googleapis.com/storage/v1/b/o",
    *("file:///abs/x", "file::/abs/x"),
    # Schemes that nothing fetches.
    *("ssh://git@h.invalid/x", "ftp://h.invalid/x", "gs://b/k", "oci://x/y", "h:o/r", "C:\\x"),
    *("localhost:8080/a/b/c", "foo::https://h.invalid/x", "s3://b/k", "s3::s3://b/k"),
)
_UNSUPPORTED = re.compile(r"download not supported for scheme|is not a valid \S+ (compliant )?URL")
_NOWHERE = "http://127.0.0.1:9"


def ask(address: str) -> str:
    """`local`, `registry`, `invalid`, or the getter that would fetch it, as in `git`."""
    with TemporaryDirectory() as folder:
        call = f'module "m" {{\n  source = {json.dumps(address)}\n}}\n'
        Path(folder, "main.tf").write_text(call, encoding="utf-8")
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": folder,
            "TF_CLI_CONFIG_FILE": os.devnull,
            "CHECKPOINT_DISABLE": "1",
            "HTTPS_PROXY": _NOWHERE,
            "HTTP_PROXY": _NOWHERE,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_SSH_COMMAND": "false",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        command = ["terraform", "get", "-no-color"]
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        said = " ".join(re.sub("[│╷╵]", "", done.stdout + done.stderr).split())
    if _UNSUPPORTED.search(said):
        return "invalid"
    fetched = re.search(r"Downloading (?:(\w+)::)?(\w+):", said)
    if fetched:
        return (fetched[1] or fetched[2]).lower()
    if "module registry" in said:
        return "registry"
    return "local" if "- m in" in said else "invalid"


if __name__ == "__main__":
    answers = {address: ask(address) for address in ADDRESSES}
    RECORD.write_text(json.dumps(answers, indent=0) + "\n", encoding="utf-8")

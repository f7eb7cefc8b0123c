"""Asks `terraform validate` what is wrong with the modules of the corpus, and records its answers.

    python tests/terraform/record_modules.py

writes `data/modules.json`. Terraform needs neither providers nor a network for these modules.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from module_corpus import MODULES

RECORD = Path(__file__).parent / "data" / "modules.json"


def _run(folder: str, *arguments: str) -> str:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": folder,
        "TF_CLI_CONFIG_FILE": os.devnull,
        "CHECKPOINT_DISABLE": "1",
    }
    command = ["terraform", *arguments, "-json"]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout


def version_at_hand() -> str | None:
    """The version of the terraform on the path, if there is one."""
    if shutil.which("terraform") is None:
        return None
    with TemporaryDirectory() as folder:
        return str(json.loads(_run(folder, "version"))["terraform_version"])


def ask(files: dict[str, str]) -> list[list[str | int]]:
    """File, line, column and summary of each error that Terraform places."""
    with TemporaryDirectory() as folder:
        for name, text in files.items():
            Path(folder, name).write_text(text, encoding="utf-8")
        said = json.loads(_run(folder, "validate"))
    told = [it for it in said["diagnostics"] if it["severity"] == "error"]
    places = [(it["range"], it["summary"]) for it in told if it.get("range")]
    return sorted(
        [at["filename"], at["start"]["line"], at["start"]["column"], summary]
        for at, summary in places
    )


if __name__ == "__main__":
    answers = {name: ask(files) for name, files in MODULES.items()}
    lines = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(answer)}" for name, answer in answers.items()
    )
    version = json.dumps(version_at_hand())
    RECORD.write_text(f'{{"terraform": {version}, "answers": {{\n{lines}\n}}}}\n', encoding="utf-8")

"""Write the files of dativo-lint-pre-commit, whose hooks install a version from the index.

python .github/release/mirror.py 0.2.0 FOLDER
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]

PROJECT_FILE = """\
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "dativo-lint-pre-commit"
version = "{version}"
description = "The hooks of dativo-lint, which install it from the index"
requires-python = ">=3.10"
dependencies = ["dativo-lint=={version}"]

# There is nothing in it but the dependency.
[tool.hatch.build.targets.wheel]
bypass-selection = true
"""

README = """\
# dativo-lint-pre-commit

The hooks of [dativo-lint](https://github.com/dativo-io/dativo-lint) for
[pre-commit](https://pre-commit.com) and prek, which install its wheel:

```yaml
repos:
  - repo: https://github.com/dativo-io/dativo-lint-pre-commit
    rev: v{version}
    hooks:
      - id: dativo-lint
```

Each release of dativo-lint writes this repository; report problems and propose changes there.
"""


def mirror(version: str, folder: Path) -> None:
    """Write the files for a version into a folder."""
    for name, text in {"pyproject.toml": PROJECT_FILE, "README.md": README}.items():
        (folder / name).write_text(text.format(version=version), encoding="utf-8")
    for name in (".pre-commit-hooks.yaml", "LICENSE"):
        shutil.copy(PROJECT / name, folder)


if __name__ == "__main__":
    mirror(sys.argv[1], Path(sys.argv[2]))

"""Links inside the repository: what lies behind one concerns the jobs that use it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dativo_lint.api import lint
from dativo_lint.engine.means import Means
from dativo_lint.settings.files import find_settings

FILES = {
    "jobs/orders.yaml": "asset_path: assets/orders.yaml\n"
    "source_connector_path: linked/source.yaml\n"
    "infrastructure: {provider: aws, terraform_module: modules/job}\n",
    "real/orders.yaml": "asset: {name: orders, schema: [{name: a}]}\n",
    "real/connectors/source.yaml": "{name: postgres, type: postgres, default_engine: {}}\n",
    "real/settings.yaml": "preset: minimal\n",
    "real/module/main.tf": 'module "inner" {\n  source = "../inner"\n}\n'
    'locals {\n  text = file("${path.module}/text.txt")\n}\n',
    "real/more.tf": 'variable "a" {\n  default = 1\n}\n',
    "real/text.txt": "a",
    "real/deep/main.tf": "",
}
LINKS = {
    "assets/orders.yaml": "../real/orders.yaml",
    "linked": "real/connectors",
    ".dativo-lint.yml": "real/settings.yaml",
    "modules/job": "../real/module",
    "modules/inner": "../real/deep",
    "real/inner": "deep",
    "real/module/more.tf": "../more.tf",
    "real/module/text.txt": "../text.txt",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository whose one job reaches everything through links."""
    (tmp_path / ".git").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    for name, target in LINKS.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).symlink_to(target)
    return tmp_path


@pytest.mark.parametrize(
    "changed",
    [
        "real/orders.yaml",
        "assets/orders.yaml",
        "real/connectors/source.yaml",
        "linked/source.yaml",
        "real/settings.yaml",
        ".dativo-lint.yml",
        "real/module/main.tf",
        "modules/job/main.tf",
        "real/more.tf",
        "modules/job/more.tf",
        "real/text.txt",
        "real/deep/main.tf",
        "modules/inner/main.tf",
    ],
)
def test_both_names_of_what_is_behind_a_link_lead_to_the_job(
    root: Path, tmp_path_factory: pytest.TempPathFactory, changed: str
) -> None:
    settings = find_settings(str(root))
    means = Means(cache=tmp_path_factory.mktemp("cache"))
    for _ in range(2):
        assert 1 == lint([root / changed], settings, changed=True, means=means).jobs


@pytest.mark.parametrize("is_full", [False, True])
def test_a_link_that_leads_elsewhere_now_is_followed_there(
    root: Path, tmp_path_factory: pytest.TempPathFactory, is_full: bool
) -> None:
    settings, means = find_settings(str(root)), Means(cache=tmp_path_factory.mktemp("cache"))
    lint([root if is_full else root / "real/orders.yaml"], settings, changed=True, means=means)
    (root / "other.yaml").write_bytes((root / "real/orders.yaml").read_bytes())
    (root / "assets/orders.yaml").unlink()
    (root / "assets/orders.yaml").symlink_to("../other.yaml")

    assert 1 == lint([root / "other.yaml"], settings, changed=True, means=means).jobs
    assert 0 == lint([root / "real/orders.yaml"], settings, changed=True, means=means).jobs


@pytest.mark.parametrize("changed", ["modules/job", "modules/inner", "linked"])
def test_a_link_to_a_folder_is_a_file_that_changes(root: Path, changed: str) -> None:
    assert 1 == lint([root / changed], find_settings(str(root)), changed=True).jobs

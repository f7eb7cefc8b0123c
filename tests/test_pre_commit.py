"""The hooks as their users meet them: the real pre-commit, in a repository of its own."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from dativo_lint.version import __version__

CHECKOUT = Path(__file__).resolve().parent.parent
NO_PART_OF_A_CLONE = shutil.ignore_patterns(".git", ".venv*", "__pycache__", ".*_cache", "dist")

ASSET = """\
name: customers
version: "1.0"
source_type: stripe
object: customers
team: {owner: data-platform@example.com}
compliance: {classification: [internal], retention_days: 365}
finops:
  cost_center: FIN-001
  project: stripe-ingestion
  environment: production
  business_tags: [payments]
schema:
  - {name: id, type: string}
"""

JOB = """\
tenant_id: acme
environment: production
source_connector: stripe
source_connector_path: connectors/stripe.yaml
target_connector: iceberg
target_connector_path: connectors/iceberg.yaml
asset: customers
asset_path: assets/customers.yaml
infrastructure:
  provider: aws
  compute_type: fargate
  memory_mb: 2048
  vcpu: 1.0
  tags: {Environment: production, CostCenter: FIN-001}
"""


class Repository:
    """A git repository whose commits run one of the hooks of this checkout."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = environment
        folder.mkdir()
        self.run("git", "init", "--quiet")

    def run(self, *command: str) -> tuple[int, str]:
        """Exit code and output of a command in the repository."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    def commit(self, files: Mapping[str, str], *options: str) -> tuple[int, str]:
        """Write files and commit them; exit code and output."""
        for path, text in files.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_text(text, encoding="utf-8")
        self.run("git", "add", "--all")
        return self.run("git", "commit", "--message", "change", *options)


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A repository with all of this checkout that git would keep, and its only commit."""
    folder = tmp_path_factory.mktemp("hooks") / "dativo-lint"
    shutil.copytree(CHECKOUT, folder, ignore=NO_PART_OF_A_CLONE)
    return folder, committed(folder)


def committed(folder: Path) -> str:
    """The only commit of a folder that becomes a repository."""
    git = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run([*git, "init", "--quiet"], check=True)
    subprocess.run([*git, "add", "--all"], check=True)
    subprocess.run([*git, "commit", "--quiet", "--message", "checkout"], check=True)
    head = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    return head.stdout.strip()


@pytest.fixture(scope="module")
def hook_environments(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps what it installs, once for all tests."""
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture(params=["pre-commit", "prek"])
def runner(request: pytest.FixtureRequest) -> str:
    """Each of the programs that run hooks."""
    return str(Path(sys.executable).with_name(request.param))


@pytest.fixture
def environment(offline: Mapping[str, str], hook_environments: Path) -> Mapping[str, str]:
    """The environment of somebody who commits."""
    who = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com"}
    who |= {"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com"}
    cache = {name: str(hook_environments / name) for name in ("PRE_COMMIT_HOME", "PREK_HOME")}
    return {**offline, **who, **cache}


@pytest.fixture
def repository(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    environment: Mapping[str, str],
    hooks: tuple[Path, str],
    runner: str,
) -> Repository:
    """A repository with one good job committed, and the hook installed."""
    config = f"""\
default_language_version: {{python: python{sys.version_info[0]}.{sys.version_info[1]}}}
repos:
  - repo: {hooks[0]}
    rev: {hooks[1]}
    hooks: [{{id: {getattr(request, "param", "dativo-lint")}, verbose: true}}]
"""
    return with_hook(tmp_path / "jobs-repository", environment, config, runner)


def with_hook(folder: Path, environment: Mapping[str, str], config: str, runner: str) -> Repository:
    """A new repository with one good job committed, and its hook installed."""
    repository = Repository(folder, environment)
    files = {
        ".pre-commit-config.yaml": config,
        "assets/customers.yaml": ASSET,
        "connectors/stripe.yaml": "{name: stripe, type: stripe, default_engine: {}}\n",
        "connectors/iceberg.yaml": "{name: iceberg, type: iceberg, default_engine: {}}\n",
        "jobs/customers.yaml": JOB,
    }
    code, said = repository.commit(files)
    assert 0 == code, said
    code, said = repository.run(runner, "install")
    assert 0 == code, said
    return repository


BOTH_HOOKS = pytest.mark.parametrize(
    "repository", ["dativo-lint", "dativo-lint-all"], indirect=True
)


@BOTH_HOOKS
def test_a_good_job_is_committed(repository: Repository) -> None:
    code, said = repository.commit({"jobs/again.yaml": JOB})
    assert "Passed" in said
    assert 0 == code, said


@BOTH_HOOKS
def test_a_bad_job_is_refused_with_its_finding(repository: Repository) -> None:
    bad = JOB.replace("provider: aws", "provider: azure")
    code, said = repository.commit({"jobs/bad.yaml": bad})
    assert "unknown-provider" in said
    assert "jobs/bad.yaml" in said
    assert 1 == code, said


@BOTH_HOOKS
def test_an_edited_asset_is_refused_for_the_job_that_uses_it(repository: Repository) -> None:
    poorer = ASSET.replace("  cost_center: FIN-001\n", "")
    code, said = repository.commit({"assets/customers.yaml": poorer})
    assert "missing-cost-center" in said
    assert "jobs/customers.yaml" in said
    assert 1 == code, said


MODULE = 'variable "tags" {\n  type = map(string)\n}\n'
ODD = "assets/of our\ncustomers.yaml"
USED = {
    "jobs/customers.yaml": f"{JOB}  terraform_module: modules/job\n".replace(
        "assets/customers.yaml", '"assets/of our\\ncustomers.yaml"'
    ),
    "modules/job/main.tf": MODULE,
    ODD: ASSET,
}


@BOTH_HOOKS
@pytest.mark.parametrize(
    "command",
    [
        ("git", "rm", "-q", ODD),
        ("git", "mv", ODD, "assets/renamed.yaml"),
        ("git", "mv", "connectors/stripe.yaml", "connectors/renamed.yaml"),
        ("git", "mv", "modules/job", "modules/renamed"),
    ],
    ids=["remove", "rename", "connector", "module"],
)
def test_what_a_job_uses_is_neither_deleted_nor_renamed_without_it(
    repository: Repository, command: tuple[str, ...], runner: str
) -> None:
    code, said = repository.commit(USED)
    assert 0 == code, said
    head = repository.run("git", "rev-parse", "HEAD")[1].strip()
    assert (0, "") == repository.run(*command)

    code, said = repository.run("git", "commit", "--message", "taken away")

    assert 1 == code, said
    assert "jobs/customers.yaml" in said
    repository.run("git", "commit", "--no-verify", "--message", "taken away")
    run = (runner, "run")
    assert 1 == repository.run(*run, "--from-ref", head, "--to-ref", "HEAD")[0]
    assert 1 == repository.run(*run, "--all-files")[0]


def test_what_a_commit_takes_away_is_gone_though_it_is_still_on_the_disk(
    repository: Repository,
) -> None:
    repository.run("git", "rm", "-q", "--cached", "assets/customers.yaml")

    code, said = repository.run("git", "commit", "--message", "untracked")

    assert "missing-file" in said
    assert 1 == code, said


def test_a_deletion_that_is_committed_without_being_staged_is_seen(repository: Repository) -> None:
    (repository.folder / "assets/customers.yaml").unlink()

    code, said = repository.run("git", "commit", "--all", "--message", "deleted")
    assert "missing-file" in said
    assert 1 == code, said
    code, said = repository.run("git", "commit", "assets/customers.yaml", "--message", "deleted")
    assert "missing-file" in said
    assert 1 == code, said


def test_what_is_deleted_but_not_committed_blocks_nothing(repository: Repository) -> None:
    (repository.folder / "notes.txt").write_text("a note\n")
    repository.run("git", "add", "notes.txt")
    (repository.folder / "assets/customers.yaml").unlink()

    code, said = repository.run("git", "commit", "--message", "notes")

    assert "Passed" in said
    assert 0 == code, said


def test_a_draft_that_git_does_not_track_blocks_no_commit(repository: Repository) -> None:
    bad = JOB.replace("provider: aws", "provider: azure")
    (repository.folder / "jobs/draft.yaml").write_text(bad)
    (repository.folder / "assets/customers.yaml").write_text(f"{ASSET}# edited\n")

    code, said = repository.run("git", "commit", "--all", "--message", "edited")

    assert "Passed" in said
    assert 0 == code, said


@BOTH_HOOKS
def test_a_file_that_concerns_no_job_is_committed(repository: Repository) -> None:
    code, said = repository.commit({"mkdocs.yaml": "site_name: notes\n"})
    assert "Passed" in said
    assert 0 == code, said


@pytest.mark.parametrize("repository", ["dativo-lint-fix"], indirect=True)
def test_what_a_hook_fixes_stops_the_commit_once_and_is_there_to_be_added(
    repository: Repository,
) -> None:
    number = JOB.replace("{Environment:", "{Build: 0123, Environment:")
    code, said = repository.commit({"jobs/again.yaml": number})
    assert "fixed 1" in said
    assert "files were modified by this hook" in said.lower()
    assert 1 == code, said
    mended = (repository.folder / "jobs/again.yaml").read_text()
    assert mended == number.replace("0123", '"0123"')
    assert number == repository.run("git", "show", ":jobs/again.yaml")[1]

    code, said = repository.commit({})
    assert "Passed" in said
    assert 0 == code, said


@pytest.mark.parametrize("repository", ["dativo-lint-fix"], indirect=True)
def test_a_hook_that_fixes_leaves_what_is_not_staged_as_it_is(repository: Repository) -> None:
    number = JOB.replace("{Environment:", "{Build: 0123, Environment:")
    (repository.folder / "jobs/again.yaml").write_text(number)
    repository.run("git", "add", "--all")
    (repository.folder / "jobs/again.yaml").write_text(f"# draft\n{number}")
    (repository.folder / "jobs/customers.yaml").write_text(number)

    code, said = repository.run("git", "commit", "--message", "part")

    assert 1 == code, said
    assert (repository.folder / "jobs/customers.yaml").read_text() == number
    assert "# draft" in (repository.folder / "jobs/again.yaml").read_text()


MIRROR = "https://github.com/dativo-io/dativo-lint-pre-commit"
DOCUMENTED = re.findall(
    r"^```yaml\n(repos:\n.*?)^```$",
    (CHECKOUT / "docs" / "pre-commit.md").read_text(encoding="utf-8"),
    re.DOTALL | re.MULTILINE,
)


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The repository of the hooks, tagged with this version, and the wheel that they install."""
    folder, wheels = tmp_path_factory.mktemp("mirror"), tmp_path_factory.mktemp("wheels")
    tool = CHECKOUT / ".github" / "release" / "mirror.py"
    subprocess.run([sys.executable, tool, __version__, folder], check=True)
    committed(folder)
    subprocess.run(["git", "-C", folder, "tag", f"v{__version__}"], check=True)
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", wheels]
    subprocess.run(build, cwd=CHECKOUT, capture_output=True, check=True)
    return folder, wheels


@pytest.mark.parametrize(
    ("text", "program"),
    [(MIRROR, "pre-commit"), ("args: [--fail-on", "prek"), ("repo: local", "prek")],
    ids=["mirror", "arguments", "system"],
)
def test_a_hook_in_the_documentation_refuses_a_bad_job(
    text: str,
    program: str,
    tmp_path: Path,
    environment: Mapping[str, str],
    mirror: tuple[Path, Path],
) -> None:
    folder, wheels = mirror
    runner = str(Path(sys.executable).with_name(program))
    index = {
        "PIP_FIND_LINKS": f"{environment['PIP_FIND_LINKS']} {wheels}",
        "UV_FIND_LINKS": f"{environment['UV_FIND_LINKS']},{wheels}",
    }
    config = next(block for block in DOCUMENTED if text in block).replace(MIRROR, str(folder))
    repository = with_hook(tmp_path / "jobs", {**environment, **index}, config, runner)

    good = repository.commit({"jobs/again.yaml": JOB})
    bad = repository.commit({"jobs/bad.yaml": JOB.replace("provider: aws", "provider: azure")})

    assert 0 == good[0], good[1]
    assert "Passed" in good[1]
    assert 1 == bad[0], bad[1]
    assert "unknown-provider" in bad[1]

"""The commands beside check: rules, explain, schema, config and tags."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cli_samples import Repository
from jsonschema import Draft202012Validator
from repository_samples import ASSET, JOB, OWN_RULE

from dativo_lint.checks import CHECKS
from dativo_lint.rulebook.load import builtin_rules
from dativo_lint.schemas import SCHEMAS

RED = "\x1b[31m"
SHOP = """\
preset: strict
rule_folders: [policy]
ignore: [destinations]
rules:
  own-rule: {severity: error}
  malformed-cost-center:
    params: {pattern: "FIN-[0-9]{3}"}
overrides:
  - when: {environment: [dev, test]}
    rules: {missing-owner: {severity: note}}
limits: {nesting: 50}
"""


@pytest.fixture
def shop(repository: Repository) -> Repository:
    """A repository with settings and a rule of its own."""
    repository.write({".dativo-lint.yml": SHOP, "policy/own-rule.yaml": OWN_RULE})
    return repository


def test_a_rule_of_a_shops_own_runs_beside_the_others(shop: Repository) -> None:
    code, out, _ = shop.run()

    assert 1 == code
    assert "error: infrastructure.tags.Wanted is not set in the job [own-rule]" in out
    assert "fix: Set the tag." in out


def test_rules_lists_every_rule_with_the_severity_that_holds_here(shop: Repository) -> None:
    code, out, _ = shop.run("rules", "--format", "json")
    rules = {it["id"]: it for it in json.loads(out)["rules"]}

    assert 0 == code
    assert {"own-rule", *(rule.id for rule in builtin_rules())} == set(rules)
    assert ("error", "warning") == (
        rules["own-rule"]["severity"], rules["own-rule"]["default_severity"],
    )  # fmt: skip
    assert "off" == rules["invalid-aws-tag"]["severity"]
    assert rules["malformed-cost-center"]["runs"]
    assert not rules["invalid-aws-tag"]["runs"]


def test_rules_tells_what_a_silent_rule_awaits(repository: Repository) -> None:
    _, out, _ = repository.run("rules")

    (line,) = [line for line in out.splitlines() if line.startswith("malformed-cost-center ")]
    assert "off" in line.split()
    assert "(off: needs params.pattern)" in " ".join(out.split())
    assert f"{len(builtin_rules())} of {len(builtin_rules())} rules, " in out.splitlines()[-1]


@pytest.mark.parametrize("rule", [rule.id for rule in builtin_rules()][::8])
def test_explain_tells_all_of_a_rule_under_fixed_headings(
    repository: Repository, rule: str
) -> None:
    code, out, _ = repository.run("explain", rule)

    assert 0 == code
    headings = [line for line in out.splitlines() if line.isupper() and line[0].isalpha()]
    assert ["WHAT IT FINDS", "WHY IT MATTERS", "WHAT TO DO", "PARAMETERS"] == headings[:4]
    assert ["HOW TO CHANGE IT", "EXAMPLES", "SOURCES", "PAGE"] == headings[4:]
    assert f"docs/rules/{rule}.md" in out
    assert not [mark for mark in ("## ", "```", "](http") if mark in out]


def test_explain_tells_effective_values_and_where_they_come_from(shop: Repository) -> None:
    def told(rule: str) -> str:
        return " ".join(shop.run("explain", rule)[1].split())

    assert '- pattern = "FIN-[0-9]{3}" (.dativo-lint.yml:7:14): ' in told("malformed-cost-center")
    assert "- severity = error (default)" in told("malformed-cost-center")
    assert "- severity = error (preset strict)" in told("missing-cost-center")
    assert '- keys = ["finops.cost_center"] (default)' in told("missing-cost-center")
    assert "- severity = error (.dativo-lint.yml:5:14)" in told("own-rule")
    assert "set otherwise: .dativo-lint.yml:10:13" in told("missing-owner")
    assert "- severity = off (.dativo-lint.yml:3:1)" in told("invalid-aws-tag")
    assert "- keys is not set, and the rule is off without it" in told("missing-cloud-tag")
    assert "never = " in told("placeholder-value")
    (rule,) = json.loads(shop.run("explain", "missing-owner", "--format", "json")[1])["rules"]
    assert ("error", "preset strict") == (rule["severity"], rule["from"])
    assert "default" == rule["params"][0]["from"]
    assert rule["page"].endswith("/missing-owner.md")


@pytest.mark.parametrize("name", ["missing-Owner", "FINOPS"])
def test_explain_takes_rules_and_families_in_any_case(repository: Repository, name: str) -> None:
    assert 0 == repository.run("explain", name)[0]


@pytest.mark.parametrize(
    ("arguments", "first", "count"),
    [
        (["missing-*", "--family", "governance"], "missing-classification", 4),
        (["FINOPS", "--severity", "off"], "malformed-cost-center", 3),
        (["--check", "supported_plan"], "unsupported-plan", 1),
        (["missing-owner,missing-project"], "missing-project", 2),
    ],
)
def test_rules_are_filtered(
    repository: Repository, arguments: list[str], first: str, count: int
) -> None:
    _, text, _ = repository.run("rules", *arguments, "--format", "json")
    ids = [rule["id"] for rule in json.loads(text)["rules"]]
    _, out, _ = repository.run("rules", *arguments)

    assert (first, count) == (ids[0], len(ids))
    assert all(id in out for id in ids)
    assert f"{count} of {len(builtin_rules())} rules, " in out


def test_checks_are_told_with_their_parameters(repository: Repository) -> None:
    checks = json.loads(repository.run("checks", "--format", "json")[1])["checks"]
    code, out, _ = repository.run("checks", "required_tag")

    assert sorted(CHECKS) == [check["name"] for check in checks]
    assert all(param["meaning"] and param["type"] for it in checks for param in it["params"])
    assert {rule.id for rule in builtin_rules()} == {id for it in checks for id in it["rules"]}
    assert 0 == code
    assert ["keys", "list(string)", "required"] == out.partition("\nkeys")[1:][0].split() + (
        out.partition("\nkeys")[2].split()[:2]
    )
    assert "[]" in out
    assert "missing-owner" in out


def test_schema_lists_what_there_is(repository: Repository) -> None:
    code, out, _ = repository.run("schema")

    assert 0 == code
    assert {*SCHEMAS, "report"} == {line.split()[0] for line in out.splitlines()[2:-2]}


def test_explain_knows_the_rules_of_a_shop(shop: Repository) -> None:
    assert "Because this shop says so." in shop.run("explain", "own-rule")[1]


@pytest.mark.parametrize("setting", ["params: {instead: [finops.team]}", "severity: off"])
def test_the_setting_that_turns_a_rule_off_is_named(repository: Repository, setting: str) -> None:
    settings = f"preset: minimal\nrules:\n  missing-owner:\n    {setting}\n"
    repository.write({".dativo-lint.yml": settings})
    origin = "preset minimal" if "params" in setting else ".dativo-lint.yml:3:3"

    told = repository.run("explain", "missing-owner")[1]
    config = json.loads(repository.run("config", "--format", "json")[1])["rules"]["missing-owner"]

    assert f"- severity = off ({origin})" in told
    assert ("off", origin) == (config["severity"], config["from"])


def test_explain_lists_the_rules_of_a_glob(repository: Repository) -> None:
    code, out, _ = repository.run("explain", "Missing-*")

    assert 0 == code
    assert {"missing-owner", "missing-project"} <= {line.split(" ")[0] for line in out.splitlines()}


@pytest.mark.parametrize("id", ["malformed-owner", "placeholder-value", "cross-cloud-reference"])
def test_explain_shows_each_parameter_where_it_can_be_changed(
    repository: Repository, id: str
) -> None:
    change = repository.run("explain", id)[1].partition("HOW TO CHANGE IT")[2]
    (rule,) = (rule for rule in builtin_rules() if rule.id == id)

    for name, value in rule.params.items():
        assert name in change.partition("EXAMPLES")[0]
        assert not isinstance(value, str) or json.dumps(value, ensure_ascii=False) in change


def test_explain_names_the_nearest_rule(repository: Repository) -> None:
    code, out, err = repository.run("explain", "mising-owner")

    assert (2, "") == (code, out)
    assert 'unknown rule or family "mising-owner"; did you mean "missing-owner"?' in err


@pytest.mark.parametrize("name", [*SCHEMAS, "report"])
def test_every_schema_is_printed_and_is_one(repository: Repository, name: str) -> None:
    code, out, _ = repository.run("schema", name)

    assert 0 == code
    Draft202012Validator.check_schema(json.loads(out))


def test_the_schema_of_settings_takes_the_settings_and_that_of_rules_the_rules(
    shop: Repository,
) -> None:
    assert 0 == shop.run("config")[0]
    schema = json.loads(shop.run("schema", "settings")[1])

    assert Draft202012Validator(schema).is_valid({"preset": "strict", "ignore": ["destinations"]})
    assert not Draft202012Validator(schema).is_valid({"presets": "strict"})


def test_config_tells_every_setting_and_where_it_comes_from(shop: Repository) -> None:
    code, out, _ = shop.run("config", "--format", "json")
    told = json.loads(out)["settings"]

    assert 0 == code
    assert {"value": str(shop.folder), "from": "repository"} == told["root"]
    assert {"value": "strict", "from": ".dativo-lint.yml:1:1"} == told["preset"]
    assert {"value": [str(shop.folder / "policy")], "from": ".dativo-lint.yml:2:1"} == (
        told["rule_folders"]
    )
    assert {"value": 50, "from": ".dativo-lint.yml:11:10"} == told["limits.nesting"]
    assert {"value": 1000, "from": "default"} == told["limits.documents"]
    assert {"value": {"severity": "error"}, "from": ".dativo-lint.yml:5:3"} == (
        told["rules.own-rule"]
    )
    assert "preset strict" == told["rules.missing-owner"]["from"]
    assert [
        {"when": {"environment": ["dev", "test"]}, "rules": {"missing-owner": {"severity": "note"}}}
    ] == (told["overrides"]["value"])


def test_config_tells_what_can_be_told_of_any_value(repository: Repository) -> None:
    params = "{pattern: 2024-01-01, more: .nan, bytes: !!binary aGk=}"
    repository.write(
        {".dativo-lint.yml": f"rules: {{malformed-cost-center: {{params: {params}}}}}"}
    )

    for form in ("table", "json"):
        code, out, _ = repository.run("config", "--format", form)
        assert 0 == code
        assert "2024-01-01" in out


def test_a_table_in_pyproject_is_told_with_its_lines(repository: Repository) -> None:
    table = "[tool.dativo-lint]\nselect = ['finops']\n[tool.dativo-lint.limits]\nnesting = 5\n"
    repository.write({"pyproject.toml": table})

    _, out, _ = repository.run("config", "--format", "json")

    assert "pyproject.toml:2:1" == json.loads(out)["settings"]["select"]["from"]
    assert "pyproject.toml:4:1" == json.loads(out)["settings"]["limits.nesting"]["from"]


def test_a_hostile_rule_of_a_shop_makes_no_terminal_do_anything(repository: Repository) -> None:
    rule = (
        OWN_RULE.replace("this shop says so", "a")
        .replace("why: Because a.", 'why: "\\e[31mred\\n\\n::error::x ##[error]y"')
        .replace("summary: A job", 'summary: "\\e[31mA job')
        .replace("shop wants", 'shop wants"')
    )
    repository.write({".dativo-lint.yml": "rule_folders: [policy]", "policy/own-rule.yaml": rule})

    for arguments in (["rules"], ["rules", "--format", "json"], ["explain", "own-rule"], []):
        code, out, err = repository.run(*arguments)
        assert code in (0, 1)
        assert "own-rule" in out
        assert RED not in out + err
        assert "##[error]" not in out


def test_misuse_of_the_settings_is_told_by_every_command(repository: Repository) -> None:
    repository.write({".dativo-lint.yml": 'selct: 1\n"\\e[31m": 2\n'})

    for arguments in (["check"], ["rules"], ["config"], ["explain", "x"], ["tags", "x"]):
        code, out, err = repository.run(*arguments)
        assert (2, "") == (code, out)
        assert 'dativo-lint: .dativo-lint.yml:1:1: unknown setting "selct"' in err
        assert RED not in err
    assert 0 == repository.run("rules", "--isolated")[0]


def test_settings_can_be_named(repository: Repository) -> None:
    repository.write({"elsewhere/a.yml": "select: [compute]\n"})

    _, out, _ = repository.run("config", "--config", "elsewhere/a.yml", "--format", "json")

    assert ["compute"] == json.loads(out)["settings"]["select"]["value"]


def test_tags_tells_who_said_what(repository: Repository) -> None:
    job = JOB + "finops:\n  cost_center: FIN-002\n  project: ''\n"
    repository.write({"jobs/orders.yaml": job})

    code, out, _ = repository.run("tags", "jobs/orders.yaml")

    assert 0 == code
    lines = {line.split()[0]: line for line in out.splitlines() if line}
    assert "FIN-002" in lines["finops.cost_center"]
    assert "job jobs/orders.yaml:20:16 (overrides 1)" in " ".join(out.split())
    assert "finops.project is erased (jobs/orders.yaml:21:12)" in out


def test_tags_explains_one_key(repository: Repository) -> None:
    repository.write({"jobs/orders.yaml": JOB + "finops:\n  cost_center: FIN-002\n"})

    _, out, _ = repository.run("tags", "jobs/orders.yaml", "--key", "finops.cost_center")

    assert [
        'finops.cost_center is "FIN-002"',
        '  assets/orders.yaml:16:16: finops.cost_center = "FIN-001" (set in the asset)',
        '  jobs/orders.yaml:20:16: finops.cost_center = "FIN-002" (set in the job)',
    ] == out.splitlines()


def test_tags_as_json_holds_every_trail(repository: Repository) -> None:
    repository.write({"jobs/orders.yaml": f"{JOB}---\n{JOB}"})

    _, out, _ = repository.run("tags", "jobs/orders.yaml", "--format", "json")

    first, second = json.loads(out)["jobs"]
    assert (1, 2) == (first["document"], second["document"])
    tag = next(it for it in first["tags"] if it["key"] == "finops.cost_center")
    assert ("FIN-001", False) == (tag["value"], tag["unresolved"])
    assert ["asset"] == [word["layer"] for word in tag["trail"]]
    assert ("assets/orders.yaml", 16, 16) == tuple(
        tag["trail"][0][name] for name in ("path", "line", "column")
    )


@pytest.mark.parametrize("sink", ["dagster", "dagster-metadata", "iceberg", "aws"])
def test_tags_shows_what_a_sink_receives(repository: Repository, sink: str) -> None:
    code, table, _ = repository.run("tags", "jobs/orders.yaml", "--sink", sink)
    _, text, _ = repository.run("tags", "jobs/orders.yaml", "--sink", sink, "--format", "json")

    assert 0 == code
    (job,) = json.loads(text)["jobs"]
    assert job["tags"]
    assert all(it["key"] in table for it in job["tags"])


def test_tags_marks_what_is_open_and_what_is_unknown(repository: Repository) -> None:
    job = JOB.replace("4096", "${MEMORY}").replace("assets/orders.yaml", "none.yaml")
    repository.write({"jobs/orders.yaml": job})

    _, out, _ = repository.run("tags", "jobs/orders.yaml")

    assert "${MEMORY} (unresolved)" in out
    assert "the asset could not be read" in out
    assert "jobs/orders.yaml:8:13" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["none.yaml"], "no such file"),
        (["connectors"], "nothing to check"),
        (["connectors/iceberg.yaml"], "contains no job"),
        (["../orders.yaml"], "is outside the repository"),
        (["jobs/broken.yaml"], "jobs/broken.yaml:2:1: "),
        (["jobs/orders.yaml", "--key", "finops.costcenter"], 'did you mean "finops.cost_center"?'),
        (["jobs/orders.yaml", "--sink", "nowhere"], '--sink is "nowhere"; expected one of'),
    ],
)
def test_tags_of_what_is_no_job_is_misuse(
    repository: Repository, arguments: list[str], told: str
) -> None:
    repository.write({"jobs/broken.yaml": "infrastructure: [\n"})

    code, out, err = repository.run("tags", *arguments)

    assert (2, "") == (code, out)
    assert told in err


def test_tags_tells_hostile_values_as_they_are_and_harmless(repository: Repository) -> None:
    tags = '    "\\e[31m": [2024-01-01, .inf, {1: 2}]\n    Cost: !!binary aGk=\n    N: .nan\n'
    refs = "  resource_refs: {when: 2024-01-01, deep: [[1.5, .inf, ~]], 5: true}\n"
    repository.write(
        {
            "jobs/orders.yaml": JOB + tags + refs,
            "assets/orders.yaml": ASSET.replace('version: "1.0"', "version: 2024-01-01"),
        }
    )

    for sink in ([], ["--sink", "dagster"], ["--sink", "dagster-metadata"], ["--sink", "aws"]):
        for form in ("table", "json"):
            code, out, err = repository.run("tags", "jobs/orders.yaml", *sink, "--format", form)
            assert (0, "") == (code, err)
            assert "\x1b" not in out
            if form == "json":
                json.loads(out, parse_constant=pytest.fail)


def test_the_rules_of_a_file_are_told_with_what_decides_about_them(repository: Repository) -> None:
    repository.write(
        {
            ".dativo-lint.yml": "rules: {missing-project: note}\n"
            "overrides:\n- when: {path: jobs, tenant_id: acme}\n  rules: {missing-owner: off}\n"
        }
    )

    def rules(*arguments: str) -> dict[str, Any]:
        code, out, _ = repository.run("config", "--format", "json", *arguments)
        assert 0 == code
        told: dict[str, Any] = json.loads(out)["rules"]
        return told

    usual, of_job, of_asset = (
        rules(*arguments)
        for arguments in ((), ("--for", "jobs/orders.yaml"), ("--for", "assets/orders.yaml"))
    )
    assert ("note", ".dativo-lint.yml:1:9") == tuple(
        usual["missing-project"][name] for name in ("severity", "from")
    )
    assert ["governance.owner"] == usual["missing-owner"]["params"]["keys"]
    assert "off" == usual["malformed-cost-center"]["severity"]
    assert "needs pattern" in usual["malformed-cost-center"]["from"]
    assert ("off", ".dativo-lint.yml:4:11") == tuple(
        of_job["missing-owner"][name] for name in ("severity", "from")
    )
    assert usual == of_asset
    assert "off" in repository.run("config", "--for", "jobs/orders.yaml")[1]
    repository.write({"jobs/.dativo-lint.yml": "root: true\n"})
    layers = repository.run("config", "--for", "jobs/orders.yaml")[1].partition("\n\n")[0]
    assert ["root: true", "jobs/.dativo-lint.yml"] == [
        line.partition("  ")[0] for line in layers.splitlines()[2:]
    ]
    assert 2 == repository.run("config", "--for", "nowhere.yaml")[0]

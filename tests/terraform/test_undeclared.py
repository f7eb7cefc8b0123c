"""What a module refers to and declares nowhere."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from memory_folder import MemoryFolder

from dativo_lint.terraform.module import read_module
from dativo_lint.terraform.module_errors import undeclared


def told(text: str, **more: str) -> list[str]:
    """What is said of the module in a text, each with its line."""
    files = {"m/main.tf": text, **{f"m/{name}.tf.json": it for name, it in more.items()}}
    module = read_module(MemoryFolder(files), "m")
    assert () == module.errors
    return [f"{error.place.line}: {error.message}" for error in undeclared(module)]


def test_every_kind_of_name_is_looked_up() -> None:
    found = told("""
output "all" {
  value = [var.a, local.b, module.c.d, aws_e.f.g, data.aws_h.i, resource.aws_j.k]
}
""")
    assert [it.partition(" is")[0] for it in found] == [
        '3: reference to undeclared input variable: "a"',
        '3: reference to undeclared local value: "b"',
        '3: reference to undeclared module: "c"',
        '3: reference to undeclared resource: "aws_e.f"',
        '3: reference to undeclared resource: "data.aws_h.i"',
        '3: reference to undeclared resource: "aws_j.k"',
    ]


def test_names_that_an_expression_or_terraform_itself_gives_are_declared() -> None:
    text = """
variable "tags" {}
resource "aws_e" "f" {
  for_each = { for key, value in var.tags : key => value if value != key }
  name     = "${each.key}-${each.value}-${path.module}-${terraform.workspace}"
  list     = [for it in var.tags : it.name]
  text     = "%{ for it in var.tags }${it.name}%{ endfor }"
  provider = aws.east
  lifecycle {
    ignore_changes = [tags]
  }
  dynamic "setting" {
    for_each = var.tags
    content {
      name = setting.value.name
      dynamic "deeper" {
        for_each = setting.value.parts
        iterator = part
        content {
          name = "${part.value.name}${setting.key}"
        }
      }
    }
  }
}
output "f" {
  value = aws_e.f["a"].name
}
"""
    assert [] == told(text)


def test_a_bound_name_is_bound_only_where_terraform_binds_it() -> None:
    text = """
variable "tags" {}
resource "aws_e" "f" {
  list = [for it in it.names : it.name]
  name = it.name
  dynamic "setting" {
    for_each = setting.value
    content {}
  }
}
"""
    assert ["4", "5", "7"] == [it.partition(":")[0] for it in told(text)]


def test_json_is_looked_through_as_well() -> None:
    text = """{
  "locals": {"a": "${var.gone}", "b": {"${local.a}": "${[for v in local.a : v.name]}"}},
  "resource": {"aws_e": {"f": {"provider": "aws.east", "tags": "${local.none}",
    "lifecycle": {"ignore_changes": ["tags"]}}}}
}"""
    assert told("", more=text) == [
        '2: reference to undeclared input variable: "gone"',
        '3: reference to undeclared local value: "none"',
    ]


def test_terraform_s_own_names_are_used_where_it_gives_them() -> None:
    text = """
variable "v" {}
resource "a_b" "plain" {
  name  = each.key
  other = [for each in var.v : each.key]
  inner {
    count = count.index
  }
  lifecycle {
    precondition {
      condition     = self.id == var.gone
      error_message = each.value
    }
    postcondition {
      condition     = self.id == var.v
      error_message = "x"
    }
  }
  provisioner "local-exec" {
    command = self.id
  }
}
resource "a_b" "each" {
  for_each = var.v
  name     = each.value
  inner {
    count = "${each.key}${count.index}"
  }
}
data "a_b" "count" {
  count = 2
  name  = "${count.index}${each.key}"
  dynamic "each" {
    for_each = [self.x]
    content {
      name = "${each.key}${count.index}"
    }
  }
}
module "m" {
  source   = "./m"
  for_each = { a = count.index, b = each.key }
  a        = "${each.key}${self.x}"
}
output "o" {
  value = path.module
  precondition {
    condition     = output.o == count.index
    error_message = "x"
  }
}
"""
    each, count = (
        f'reference to "{name}" in a block without "{argument}"'
        for name, argument in (("each", "for_each"), ("count", "count"))
    )
    own = 'invalid "self" reference: it can be used in provisioner, connection and postcondition'
    own += " blocks of resources only"
    assert told(text) == [
        f"4: {each}",
        f"7: {count}",
        f"11: {own}",
        '11: reference to undeclared input variable: "gone"',
        f"12: {each}",
        f"27: {count}",
        f"32: {each}",
        f"34: {own}",
        f"42: {count}",
        f"42: {each}",
        f"43: {own}",
        '48: reference to undeclared resource: "output.o"',
        f"48: {count}",
    ]


def test_attributes_that_terraform_s_own_names_do_not_have() -> None:
    text = """\
output "o" {
  value = [path.modul, path.root, terraform.env, terraform.workspace]
}
"""
    assert told(text) == [
        '2: invalid "path" attribute: "modul"; did you mean "module"?',
        '2: invalid "terraform" attribute: "env"',
    ]


def test_a_resource_refers_to_itself_in_no_argument() -> None:
    text = """
resource "a_b" "c" {
  count = length(a_b.c)
  name  = a_b.c[count.index].id
  other = a_b.c[0].id
  inner {
    name = a_b.c[*].id
  }
  depends_on = [a_b.c]
}
data "a_b" "c" {
  name = [a_b.c, [for a_b in [] : a_b.c]]
}
data "a_b" "d" {
  for_each = data.a_b.d
}
"""
    of_resource = "self-referential block: a_b.c may not refer to itself"
    assert told(text) == [
        f"3: {of_resource}",
        f"4: {of_resource}",
        f"7: {of_resource}",
        "15: self-referential block: data.a_b.d may not refer to itself",
    ]


def test_nothing_is_undeclared_in_a_module_that_was_not_read_whole() -> None:
    files = {"m/a.tf": "locals {\n  a = var.b\n}\n", "m/b.tf": 'variable "b" {'}
    module = read_module(MemoryFolder(files), "m")
    assert module.errors
    assert () == undeclared(module)


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.sets(st.sampled_from("abcdefgh")), min_size=1)
)
def test_local_values_hang_on_themselves_where_a_way_leads_back(needs: dict[str, set[str]]) -> None:
    def reached(name: str) -> set[str]:
        found: set[str] = set()
        pending = [*needs[name]]
        while pending:
            step = pending.pop()
            if step not in found:
                found.add(step)
                pending += needs.get(step, ())
        return found

    lines = [
        f"{name} = [{', '.join(f'local.{it}' for it in sorted(needs[name]))}]" for name in needs
    ]
    found = [it for it in told("locals {\n" + "\n".join(lines) + "\n}\n") if "cycle" in it]
    assert bool(found) == any(name in reached(name) for name in needs)

"""Names that were probably meant."""

from dativo_lint.edits.names import Meant, meant
from dativo_lint.names import close_names, nearest

FIELDS = ("source_connector", "source_connector_path", "target_connector")


def test_the_same_name_in_another_case_was_meant_though_others_are_near() -> None:
    assert close_names("SOURCE_CONNECTOR", FIELDS, most=2) == ["source_connector"]
    assert meant("Source_Connector", FIELDS) == Meant("source_connector", is_plain=True)


def test_nothing_is_meant_plainly_where_two_known_names_are_near() -> None:
    assert meant("surce_connector_pth", ("source_connector_path", "source_connector_paths")) is None


def test_letters_in_another_order_are_near() -> None:
    assert nearest("ecruos", ("source", "target")) == '; did you mean "source"?'


def test_the_same_name_in_another_namespace_is_nearer_than_another_name() -> None:
    tags = ("finops.cost_center", "governance.owner", "governance.retention_days", "asset.owner")
    assert nearest("governance.cost-center", tags) == '; did you mean "finops.cost_center"?'
    assert nearest("governnce.owner", tags) == '; did you mean "governance.owner"?'


def test_the_beginning_of_only_one_name_is_near_to_it() -> None:
    assert nearest("env", ("environment", "owner")) == '; did you mean "environment"?'
    assert nearest("sou", FIELDS) == ""


def test_nothing_is_near_to_a_name_of_its_own() -> None:
    assert nearest("zzz", FIELDS) == ""

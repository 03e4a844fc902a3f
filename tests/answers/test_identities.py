"""Who may decide which records are one, what they are told of, and what becomes of what they say."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from analytics.access import NotAllowed, Viewer
from analytics.identity_decisions import APART, SAME
from answers import Snapshot, identities
from answers.identities import DecisionRefused, with_partings, with_verdicts
from data_access.home import firm_home
from data_access.journal import Journal
from tests.analytics.firm import Row, firm
from tests.answers.served import served_tables
from tests.answers.test_health import run

OWNER = Viewer(user="ada", role="owner")
SALES = Viewer(user="sam", role="sales")
MANAGER = Viewer(user="mo", role="manager")
LATER = datetime.now(UTC) + timedelta(days=1)


def member(entity: str, record: str, group: str, state: str = "joined") -> Row:
    key = f"{entity}/{record}/{group}/{state}"
    said = {"identity_id": key, "entity": entity, "record_id": record, "group_id": group, "state": state}
    return said | {"evidence": "name and town", "certainty": 0.9 if state == "suggested" else 1, "company_id": "*"}


def customer(key: str, name: str, **fields: Any) -> Row:
    return {"customer_id": key, "name": name, "source": key.partition(":")[0], "company_id": "*"} | fields


CUSTOMERS = [
    customer("erp:1", "Meyer GmbH", email="a@meyer.example", region="DE", is_company=True),
    customer("crm:9", "Meyer", region="DE", is_company=True),
    customer("crm:8", "Ida Falk", region="DE", is_company=False),
    customer("erp:2", "Falk, Ida", region="FR", is_company=False),
]
PRODUCTS = [{"product_id": key, "name": "Bolt", "sku": key, "source": key[:3]} for key in ("erp:P", "crm:P")]
SUPPLIERS = [{"supplier_id": key, "name": "Ore", "source": key[:3]} for key in ("erp:S", "crm:S")]
DOUBTFUL = [
    member("customer", "erp:1", "crm:9", "suggested"),
    member("customer", "erp:2", "crm:8", "suggested"),
    member("product", "erp:P", "crm:P", "suggested"),
    member("supplier", "erp:S", "crm:S", "suggested"),
]
JOINED = [member("customer", "erp:1", "crm:9"), member("customer", "crm:9", "crm:9")]


def serve(*members: Row, started_at: datetime = LATER) -> Snapshot:
    """The firm with these memberships, refreshed at an instant."""
    runs = [run(1, "customers", started_at=started_at)]
    return served_tables(
        firm(customers=CUSTOMERS, products=PRODUCTS, suppliers=SUPPLIERS, identities=list(members), sync_runs=runs)
    )


def before_now() -> datetime:
    return datetime.now(UTC) - timedelta(days=1)


@pytest.mark.parametrize("role", ["executive", "administrator"])
@pytest.mark.parametrize("ask", [identities.doubtful, identities.joined, identities.decisions])
def test_who_may_not_decide_is_told_nothing(ask: Any, role: str) -> None:
    serve(*DOUBTFUL)
    with pytest.raises(NotAllowed):
        ask(Viewer(user="x", role=role))
    with pytest.raises(NotAllowed):
        identities.decide(Viewer(user="x", role=role), SAME, "customer", "erp:1", "crm:9")


@pytest.mark.parametrize(
    ("viewer", "kinds"),
    [
        (OWNER, {"customer", "supplier", "product"}),
        (SALES, {"customer", "product"}),
        (MANAGER, {"supplier", "product"}),
    ],
    ids=["owner", "sales", "manager"],
)
def test_each_role_decides_on_what_it_may_read(viewer: Viewer, kinds: set[str]) -> None:
    serve(*DOUBTFUL)
    assert kinds <= set(identities.doubtful(viewer)["entity"])
    assert viewer is not SALES or "supplier" not in identities.doubtful(viewer)["entity"]


def test_both_records_stand_side_by_side_with_evidence_and_certainty() -> None:
    serve(*DOUBTFUL)
    row = identities.doubtful(OWNER).row(1, named=True)
    told = ("name", "source", "other_name", "other_source", "email", "evidence", "certainty")
    assert [row[name] for name in told] == [
        *("Meyer GmbH", "erp", "Meyer", "crm", "a@meyer.example", "name and town", 0.9)
    ]


def test_personal_data_is_hidden_and_a_pair_is_shown_only_where_both_records_may_be_seen() -> None:
    serve(*DOUBTFUL)
    hidden = identities.doubtful(MANAGER)
    assert hidden.filter(hidden["record_id"] == "erp:2").select("name", "other_name").row(0) == (None, None)
    assert hidden["email"].null_count() == hidden.height
    german = Viewer(user="sam", role="sales", regions=frozenset({"DE"}))
    shown = identities.doubtful(german)
    assert shown.filter(shown["entity"] == "customer")["record_id"].to_list() == ["erp:1"]
    with pytest.raises(DecisionRefused, match="no_pair"):
        identities.decide(german, SAME, "customer", "erp:2", "crm:8")


def test_a_decision_waits_for_the_next_refresh_and_is_then_applied() -> None:
    serve(*DOUBTFUL, started_at=before_now())
    identities.decide(SALES, SAME, "customer", "erp:1", "crm:9")
    waiting = with_verdicts(identities.doubtful(OWNER)).row(-1, named=True)
    assert (waiting["record_id"], waiting["verdict"], waiting["decision"]) == ("erp:1", SAME, 1)
    told = identities.decisions(OWNER).row(0, named=True)
    assert (told["decided_by"], told["name"], told["others"], told["state"]) == (
        "sam",
        "Meyer GmbH",
        "Meyer",
        "waiting",
    )
    serve(*JOINED)
    assert identities.decisions(OWNER)["state"].to_list() == ["applied"]


def test_undo_leaves_what_held_before_and_says_that_it_waits() -> None:
    serve(*DOUBTFUL, started_at=before_now())
    identities.decide(OWNER, APART, "customer", "erp:1", "crm:9")
    identities.undo(OWNER, 1)
    assert identities.decisions(OWNER).is_empty()
    assert with_verdicts(identities.doubtful(OWNER))["verdict"].null_count() == 4
    with pytest.raises(DecisionRefused, match="not_standing"):
        identities.undo(OWNER, 1)


def test_what_was_applied_and_is_taken_back_is_listed_until_the_refresh() -> None:
    what = {"entity": "customer", "verdict": SAME, "record": "erp:1", "others": ["crm:9"]}
    Journal(firm_home(), "identities").append("ada", before_now() - timedelta(days=1), what)
    serve(*JOINED, started_at=before_now())
    identities.undo(OWNER, 1)
    assert identities.decisions(OWNER)["state"].to_list() == ["taken_back"]


def test_a_joined_record_is_parted_from_all_others_of_its_group() -> None:
    serve(*JOINED, started_at=before_now())
    identities.part(OWNER, "customer", "erp:1")
    assert identities.decisions(OWNER).select("verdict", "record_id", "other_ids").row(0) == (
        *(APART, "erp:1", ["crm:9"]),
    )
    assert with_partings(identities.joined(OWNER)).select("record_id", "decision").rows() == [
        ("crm:9", 1),
        ("erp:1", 1),
    ]
    with pytest.raises(DecisionRefused, match="not_joined"):
        identities.part(OWNER, "customer", "crm:8")


def test_a_record_that_is_gone_makes_a_decision_idle_and_one_that_others_contradict_says_so() -> None:
    for other in ("crm:9", "crm:77"):
        what = {"entity": "customer", "verdict": SAME, "record": "erp:1", "others": [other]}
        Journal(firm_home(), "identities").append("ada", before_now(), what)
    serve(*DOUBTFUL)
    assert identities.decisions(OWNER)["state"].to_list() == ["idle", "contradicted"]
    german = Viewer(user="sam", role="sales", regions=frozenset({"DE"}))
    assert identities.decisions(german)["number"].to_list() == [1]


def test_of_a_group_who_sees_one_record_sees_none() -> None:
    serve(member("customer", "erp:2", "crm:8"), member("customer", "crm:8", "crm:8"))
    assert identities.joined(OWNER).height == 2
    assert identities.joined(Viewer(user="sam", role="sales", regions=frozenset({"FR"}))).is_empty()


def test_records_of_other_kinds_with_the_same_keys_are_no_part_of_a_decision() -> None:
    customers = [customer("erp:1", "North Ltd", region="DE"), customer("erp:2", "South Ltd", region="FR")]
    products = [{"product_id": key, "name": "Bolt", "sku": key, "source": "erp"} for key in ("erp:1", "erp:2")]
    joined = [member("product", "erp:1", "erp:1"), member("product", "erp:2", "erp:1")]
    runs = [run(1, "customers", started_at=LATER)]
    served_tables(firm(customers=customers, products=products, identities=joined, sync_runs=runs))
    identities.decide(OWNER, APART, "customer", "erp:1", "erp:2")
    (told,) = identities.decisions(OWNER).rows(named=True)
    assert (told["name"], told["others"], told["state"]) == ("North Ltd", "South Ltd", "applied")
    limited = Viewer(user="di", role="sales", regions=frozenset({"DE"}))
    assert identities.decisions(limited).is_empty()

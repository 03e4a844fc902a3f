"""What a viewer is told of customers: rights first, then segments among those that are left, then the scope."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics import segments
from analytics.access import NotAllowed, Viewer
from analytics.scope import Scope
from analytics.segments import LOSING
from answers import Snapshot, customers, inventory
from answers.asked import Member
from answers.customers import CUSTOMERS
from answers.metrics import value
from tests.analytics.firm import COMPANIES, DAY, RATES, Firm, Row, firm, merged, noon, order, random_firm
from tests.answers.served import served

OWNER = Viewer(user="ada", role="owner")
EVERYTHING = Scope()
ANSWERS: dict[str, Callable[[Any], Any]] = {
    "customers": lambda viewer: customers.customers(viewer, EVERYTHING),
    "contacts": lambda viewer: customers.contacts(viewer, EVERYTHING, "k1"),
    "events": lambda viewer: customers.events(viewer, EVERYTHING, "k1"),
    "next_step": lambda viewer: customers.next_step(viewer, EVERYTHING, "k1"),
    "numbers": lambda viewer: customers.numbers(viewer, EVERYTHING, "k1"),
}


def viewer(role: str = "owner", **fields: Any) -> Viewer:
    return Viewer(user="ada", role=role, **fields)


def keyed(rows: pl.DataFrame, *columns: str) -> dict[str, Any]:
    return {row[0]: row[1] if len(row) == 2 else row[1:] for row in rows.select("customer_id", *columns).iter_rows()}


PEOPLE: list[Row] = [
    {"customer_id": "k1", "name": "Smith", "number": "C1", "is_company": True, "region": "N"},
    {"customer_id": "k2", "name": "Ada", "number": "C2", "is_company": False, "region": "S"},
    {"customer_id": "k3", "name": "Gone", "is_active": False},
]


def invoiced(
    key: str, customer: str, amount: float, *, currency: str = "EUR", cost: float | None = 1
) -> dict[str, Any]:
    head = {"invoice_id": key, "number": key, "customer_id": customer, "status": "posted", "kind": "invoice",
            "invoiced_on": DAY - timedelta(days=9), "due_on": DAY - timedelta(days=2), "currency": currency,
            "amount_untaxed": amount, "amount_total": amount, "amount_open": amount}  # fmt: skip
    line = {"invoice_line_id": key, "invoice_id": key, "amount_untaxed": amount, "quantity": 1, "cost_amount": cost,
            "currency": currency}  # fmt: skip
    return {"invoices": [head], "invoice_lines": [line]}


def small(*parts: Any, **tables: Any) -> Firm:
    """Three customers; the first ordered today and was invoiced 8 EUR at a cost of 1, the second 6 CHF."""
    ordered = [order("S1", "bolt", 1), order("S2", "bolt", 1, customer_id="k2", ordered_at=noon(DAY))]
    sold = [invoiced("I1", "k1", 8), invoiced("I2", "k2", 6, currency="CHF")]
    level = {"product_id": "bolt", "site_id": "south", "as_of_on": DAY, "on_hand": 1}
    base: dict[str, Any] = {"companies": COMPANIES, "exchange_rates": RATES, "customers": PEOPLE,
                            "products": [{"product_id": "bolt", "kind": "storable", "company_id": "*"}],
                            "inventory_levels": [level]}  # fmt: skip
    return firm(**merged(base | tables, *ordered, *sold, *parts))


@pytest.mark.parametrize("ask", ANSWERS.values(), ids=ANSWERS)
@pytest.mark.parametrize(
    "who",
    [
        None,
        viewer("administrator"),
        viewer(without=frozenset({"sales.read"})),
        viewer(expires_at=datetime(2026, 1, 1, tzinfo=UTC)),
    ],
)
def test_who_may_not_see_sales_is_told_nothing(ask: Callable[[Any], Any], who: object) -> None:
    served(random_firm(1))
    with pytest.raises(NotAllowed):
        ask(who)


def test_customers_are_those_that_are_active_or_ever_ordered_the_most_revenue_first() -> None:
    served(small())
    rows = customers.customers(OWNER, EVERYTHING)
    assert rows.select("customer_id", "revenue", "margin").rows() == [("k1", 8, 7), ("k2", 3, 2.5)]
    served(small(order("S9", "bolt", 1, customer_id="k3", ordered_at=noon(DAY - timedelta(days=900)))))
    assert keyed(customers.customers(OWNER, EVERYTHING), "segment")["k3"] == "lost"


def test_margins_and_what_is_overdue_need_their_rights() -> None:
    served(small())
    seen = {role: customers.customers(viewer(role), EVERYTHING) for role in ("owner", "manager", "sales")}
    assert [bool(seen[role]["margin"].is_not_null().any()) for role in seen] == [True, False, False]
    assert [bool(seen[role]["overdue"].is_not_null().any()) for role in seen] == [True, False, True]
    assert keyed(seen["manager"], "monetary") == {"k1": 8, "k2": 3}


def test_a_private_person_without_the_right_is_called_by_number() -> None:
    served(small())
    assert keyed(customers.customers(viewer("manager"), EVERYTHING), "customer") == {"k1": "Smith", "k2": "C2"}
    assert keyed(customers.customers(viewer("sales"), EVERYTHING), "customer") == {"k1": "Smith", "k2": "Ada"}


def test_a_region_right_leaves_its_customers_as_if_there_were_no_others() -> None:
    published = small()
    regions = pl.DataFrame({"customer_id": ["k1", "k2", "k3"], "region": ["N", "S", None]})
    for name in ("sales_orders", "invoices"):
        published[name] = published[name].join(regions, on="customer_id", how="left")
    served(published)
    south = viewer(regions=frozenset({"S"}))
    rows = customers.customers(south, EVERYTHING)
    assert rows["customer_id"].to_list() == ["k2"]
    assert keyed(rows, "r", "f", "m") == {"k2": (3, 3, 3)}
    assert customers.events(south, EVERYTHING, "k1").is_empty()
    assert customers.numbers(south, EVERYTHING, "k1").values["revenue"] is None


def test_a_region_of_the_scope_chooses_customers_and_changes_none() -> None:
    served(small())
    whole, chosen = (customers.customers(OWNER, scope) for scope in (EVERYTHING, Scope(regions=("S",))))
    assert_frame_equal(chosen, whole.filter(pl.col("region") == "S"))


def test_a_company_of_the_scope_counts_only_what_it_sold() -> None:
    served(small(order("S3", "bolt", 1, customer_id="k3", company_id="c2")))
    assert customers.customers(OWNER, Scope(companies=("c2",)))["customer_id"].to_list() == ["k3"]


def same(*keys: str) -> list[Row]:
    """The records of one customer, as ``identities`` says it."""
    return [
        {"identity_id": key, "entity": "customer", "group_id": min(keys), "record_id": key, "evidence": "tax number",
         "certainty": 1, "state": "joined"}
        for key in keys
    ]  # fmt: skip


def test_records_of_one_customer_are_one_customer() -> None:
    ticket = {"ticket_id": "t", "customer_id": "k2", "opened_at": noon(DAY), "status": "open"}
    served(small(identities=same("k1", "k2"), tickets=[ticket]))
    rows = customers.customers(OWNER, EVERYTHING)
    assert keyed(rows, "revenue", "order_days", "overdue") == {"k1": (11, 1, 11)}
    for key in ("k1", "k2"):
        events = customers.events(OWNER, EVERYTHING, key)
        assert set(events["record_id"]) == {"S1", "S2", "I1", "I2", "t"}
        assert customers.numbers(OWNER, EVERYTHING, key).values["revenue"] == 11


def test_each_kind_of_event_needs_its_right_and_texts_need_personal_data() -> None:
    talk = {"interaction_id": "i", "customer_id": "k1", "channel": "mail", "occurred_at": noon(DAY), "body": "Hello"}
    told = {"feedback_id": "f", "kind": "review", "customer_id": "k1", "given_at": noon(DAY), "text": "Fine"}
    served(small(interactions=[talk], feedback=[told]))
    whole = {"order", "invoice", "conversation", "feedback"}
    for lacking, kinds in (
        ("none", whole),
        ("receivables.read", whole - {"invoice"}),
        ("service.read", whole - {"feedback"}),
    ):
        rows = customers.events(viewer(without=frozenset({lacking})), EVERYTHING, "k1")
        assert set(rows["kind"]) == kinds
    texts = [
        customers.events(viewer(role), EVERYTHING, "k1")["text"].drop_nulls().len() for role in ("sales", "manager")
    ]
    assert texts == [2, 0]


def test_the_deal_of_a_private_person_names_nobody_without_the_right() -> None:
    deal = {
        "opportunity_id": "d",
        "name": "Pump for Ada",
        "customer_id": "k2",
        "status": "open",
        "created_at": noon(DAY),
    }
    served(small(opportunities=[deal]))
    named = [
        keyed(customers.events(viewer(role), EVERYTHING, "k2").filter(pl.col("kind") == "deal"), "document")
        for role in ("sales", "manager")
    ]
    assert named == [{"k2": "Pump for Ada"}, {"k2": None}]


def test_the_next_step_is_of_what_the_viewer_may_see() -> None:
    late = order("S4", "bolt", 1, first_promised_on=DAY - timedelta(days=3))
    served(small(late))
    steps = [customers.next_step(viewer(role), EVERYTHING, "k1").step for role in ("owner", "manager")]
    assert steps == ["overdue_invoice", "late_order"]


def test_people_are_told_by_role_and_archived_ones_are_not() -> None:
    people = [
        {"contact_id": "b", "customer_id": "k1", "name": "Bo", "role": "Buyer"},
        {"contact_id": "a", "customer_id": "k1", "name": "Al", "role": None},
        {"contact_id": "c", "customer_id": "k1", "name": "Cy", "role": "Boss", "is_active": False},
        {"contact_id": "d", "customer_id": "k2", "name": "Di", "role": "Boss"},
    ]
    served(small(contacts=people))
    assert customers.contacts(OWNER, EVERYTHING, "k1")["name"].to_list() == ["Bo", "Al"]
    assert customers.contacts(viewer("manager"), EVERYTHING, "k1")["name"].to_list() == [None, None]


def test_a_firm_without_customers_has_none() -> None:
    served(firm())
    rows = customers.customers(OWNER, EVERYTHING)
    assert rows.is_empty()
    assert rows.columns == list(CUSTOMERS)
    assert segments.summary(rows).is_empty()
    assert customers.events(OWNER, EVERYTHING, "k1").is_empty()
    assert customers.next_step(OWNER, EVERYTHING, "k1").step == "nothing"


def test_a_customer_that_nobody_describes_is_told_by_its_key() -> None:
    served(small(customers=[]))
    assert keyed(customers.customers(OWNER, EVERYTHING), "customer", "revenue") == {"k1": (None, 8), "k2": (None, 3)}


# The sample company


def test_revenue_margin_and_what_is_overdue_are_those_of_the_registry(sample: Snapshot) -> None:
    rows = customers.customers(OWNER, EVERYTHING, version=sample)
    year = Scope(period="days_365", as_of=inventory.day(OWNER, version=sample))
    for column, metric in (("revenue", "revenue"), ("margin", "gross_margin"), ("overdue", "overdue_receivables")):
        whole = value(OWNER, year, metric, version=sample)
        assert rows[column].sum() == pytest.approx(whole.value)
        for row in rows.drop_nulls(column)[::20].iter_rows(named=True):
            member = Member(dimension="customer", key=row["customer_id"])
            one = value(OWNER, year, metric, member=member, version=sample).value
            assert row[column] == pytest.approx(one, abs=0.01)
            told = customers.numbers(OWNER, EVERYTHING, row["customer_id"], version=sample)
            assert told.values[metric] == pytest.approx(one)


def test_segments_tell_who_comes_back(sample: Snapshot) -> None:
    as_of = inventory.day(OWNER, version=sample)
    before = customers.customers(OWNER, Scope(as_of=as_of - timedelta(days=60)), version=sample)
    later = customers.customers(OWNER, EVERYTHING, version=sample)
    came = later.filter(pl.col("last_order_on") > as_of - timedelta(days=60))["customer_id"].implode()
    coming = before.with_columns(comes=pl.col("customer_id").is_in(came), is_losing=pl.col("segment").is_in(LOSING))
    shares = dict(coming.group_by("is_losing").agg(pl.col("comes").mean()).iter_rows())
    assert shares[False] > shares[True] + 0.2

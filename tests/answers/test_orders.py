"""What a viewer is told of orders: rights first, then the scope; and stages, lines and counts add up."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from analytics.access import NotAllowed, Viewer
from analytics.order_flow import OPEN, TO_DELIVER, WAITS_FOR_SUPPLY
from analytics.scope import Scope
from answers import Snapshot, orders
from tests.analytics.firm import Row, merged
from tests.analytics.test_order_flow import ARRIVED, ago, bought, flow_firm, invoiced, ordered, small
from tests.answers.canaries import with_regions
from tests.answers.served import served

OWNER = Viewer(user="ada", role="owner")
SCOPE = Scope()
ANSWERS: dict[str, Callable[[Any], pl.DataFrame]] = {
    "orders": lambda viewer: orders.orders(viewer, SCOPE),
    "steps": lambda viewer: orders.steps(viewer, SCOPE),
    "months": lambda viewer: orders.months(viewer, SCOPE),
    "spread": lambda viewer: orders.spread(viewer, SCOPE),
    "lines": lambda viewer: orders.lines(viewer, SCOPE, "S1"),
}


def viewer(role: str = "owner", **fields: Any) -> Viewer:
    return Viewer(user="ada", role=role, **fields)


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
    served(flow_firm(1))
    with pytest.raises(NotAllowed):
        ask(who)


def test_late_orders_come_first_the_earliest_promise_before() -> None:
    late, later = ordered("S1", first_promised_on=ago(3)), ordered("S2", first_promised_on=ago(9))
    served(small(late, later, ordered("S3"), ARRIVED_ORDER))
    rows = orders.orders(OWNER, SCOPE)
    assert rows["document"].to_list() == ["S2", "S1", "S3", "S4"]
    assert rows["days_late"].to_list() == [9, 3, 0, 5]
    assert rows["is_late"].to_list() == [True, True, False, False]


ARRIVED_ORDER: dict[str, list[Row]] = {
    name: [
        {key: value.replace("S1", "S4") if isinstance(value, str) else value for key, value in row.items()}
        for row in rows
    ]
    for name, rows in merged(
        ARRIVED | {"sales_orders": [{**ARRIVED["sales_orders"][0], "first_promised_on": ago(5)}]}, invoiced(ago(5), 40)
    ).items()
}


def test_an_order_will_be_late_when_what_it_waits_for_comes_after_the_promise() -> None:
    served(small(ordered(first_promised_on=ago(-5)), bought(4, ago(-9))))
    (row,) = orders.orders(OWNER, SCOPE).to_dicts()
    assert (row["is_late"], row["will_be_late"], row["supply_number"]) == (False, True, "P1")
    served(small(ordered(first_promised_on=ago(-30)), bought(4, ago(-9))))
    assert not orders.orders(OWNER, SCOPE)["will_be_late"].any()


@pytest.mark.parametrize("seed", range(3))
def test_every_open_order_is_in_one_stage_and_the_counts_add_up(seed: int) -> None:
    served(flow_firm(seed))
    rows = orders.orders(OWNER, SCOPE)
    stages = orders.stages(rows)
    assert stages["stage"].unique(maintain_order=True).to_list() == list(OPEN)
    assert stages["orders"].sum() == rows.height == rows["sales_order_id"].n_unique()
    assert stages["value"].sum() == pytest.approx(rows["value"].sum())
    assert stages["late"].sum() == rows["is_late"].sum()


@pytest.mark.parametrize("seed", range(3))
def test_the_lines_of_an_order_lack_what_the_order_lacks(seed: int) -> None:
    served(flow_firm(seed))
    for row in orders.orders(OWNER, SCOPE).to_dicts():
        lines = orders.lines(OWNER, SCOPE, row["sales_order_id"])
        assert lines.height == row["lines"]
        assert lines["open_amount"].sum() == row["open_amount"]
        if row["stage"] in TO_DELIVER:
            assert row["reason"] in lines["reason"]


@pytest.mark.parametrize(
    "fields", [{"companies": ("c1",)}, {"sites": ("north",)}, {"search": "l"}, {"regions": ("N",)}], ids=str
)
def test_a_scope_leaves_some_of_the_orders_as_they_are(fields: dict[str, Any]) -> None:
    version = served(with_regions(flow_firm(2)))
    whole = orders.orders(OWNER, SCOPE, version=version)
    part = orders.orders(OWNER, Scope(**fields), version=version)
    assert 0 < part.height <= whole.height
    wanted = pl.col("sales_order_id").is_in(part["sales_order_id"].implode())
    assert whole.filter(wanted).drop("value", "currency").equals(part.drop("value", "currency"), null_equal=True)


def test_an_order_outside_the_scope_has_no_lines() -> None:
    served(small(ordered()))
    assert orders.lines(OWNER, SCOPE, "S1").height == 1
    assert orders.lines(OWNER, Scope(companies=("c2",)), "S1").is_empty()


def test_who_owes_money_is_told_to_who_may_see_receivables() -> None:
    served(small(ARRIVED, invoiced(ago(5), 40)))
    manager = viewer("manager")
    assert orders.orders(OWNER, SCOPE)["stage"].to_list() == ["invoiced"]
    assert orders.orders(manager, SCOPE).is_empty()
    assert "to_paid" in orders.steps(OWNER, SCOPE)["step"]
    assert "to_paid" not in orders.steps(manager, SCOPE)["step"]


def test_what_is_in_stock_is_told_to_who_may_see_stock() -> None:
    version = served(flow_firm(3))
    blind = viewer(without=frozenset({"inventory.read"}))
    rows = orders.orders(blind, SCOPE, version=version)
    assert not set(rows["reason"].drop_nulls()) & set(WAITS_FOR_SUPPLY)
    assert rows.select(orders.OF_STOCK).null_count().row(0) == (rows.height,) * len(orders.OF_STOCK)


def test_whose_order_brings_it_is_told_to_who_may_see_the_stock_of_that_region() -> None:
    customer: dict[str, list[Row]] = {"customers": [{"customer_id": "k1", "name": "Smith", "region": "E"}]}
    version = served(with_regions(small(ordered(), bought(9, ago(-5)), customer)))
    of_customer = viewer(regions=frozenset({"E"}))
    of_both = viewer(regions=frozenset({"E", "N"}))
    told = [orders.orders(who, SCOPE, version=version)["supply_number"].to_list() for who in (of_customer, of_both)]
    assert told == [[None], ["P1"]]


def test_a_number_in_the_past_does_not_change_with_who_asks_later(sample: Snapshot) -> None:
    asked = Scope(period="2026-03", comparison="before")
    steps = {who: orders.steps(viewer(who), asked, version=sample) for who in ("owner", "sales")}
    assert steps["owner"].equals(steps["sales"])
    assert steps["owner"].filter(pl.col("orders") > 0).height >= 4


def test_the_sample_company_delivers_in_order(sample: Snapshot) -> None:
    rows = orders.orders(OWNER, SCOPE, version=sample)
    assert set(TO_DELIVER) <= set(rows["stage"])
    assert rows["ordered_at"].max() <= datetime(2026, 6, 23, tzinfo=UTC)  # type: ignore[operator]
    assert rows.filter(pl.col("is_late"))["days_late"].min() >= 1  # type: ignore[operator]
    months = orders.months(OWNER, SCOPE, version=sample)
    assert (months["median_days"].drop_nulls() <= months["p90_days"].drop_nulls()).all()

"""What a viewer is told of stock-outs: rights first, then the scope; all parts add up, the most loss first."""

from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics.access import NotAllowed, Viewer
from analytics.scope import Scope
from answers import stock_outs
from tests.analytics.firm import random_firm
from tests.answers.served import served

OWNER, EVERYTHING = Viewer(user="ada", role="owner"), Scope()
DETAILS = (stock_outs.course, stock_outs.grounds, stock_outs.receipts, stock_outs.orders)


def viewer(role: str = "owner", **fields: Any) -> Viewer:
    return Viewer(user="ada", role=role, **fields)


def first() -> tuple[str, ...]:
    """The item at a site with the most expected loss."""
    return tuple(stock_outs.risks(OWNER, EVERYTHING).select(stock_outs.KEYS).row(0))


def test_the_most_expected_loss_comes_first_and_what_has_no_price_last() -> None:
    served(random_firm(1))
    stakes = stock_outs.risks(OWNER, EVERYTHING)["at_stake"].to_list()
    known = [stake for stake in stakes if stake is not None]
    assert stakes == sorted(known, reverse=True) + [None] * (len(stakes) - len(known))


def test_who_may_not_see_margins_is_told_of_revenue() -> None:
    served(random_firm(1))
    kinds = {role: set(stock_outs.risks(viewer(role), EVERYTHING)["at_stake_is"]) for role in ("owner", "sales")}
    assert "margin" in kinds["owner"]
    assert "margin" not in kinds["sales"]


def test_who_may_not_see_inventory_is_told_nothing() -> None:
    served(random_firm(1))
    for ask in (stock_outs.risks, stock_outs.without_opinion, stock_outs.hit):
        with pytest.raises(NotAllowed):
            ask(viewer("administrator"), EVERYTHING)


@pytest.mark.parametrize("fields", [{"sites": ("south",)}, {"companies": ("c1",)}, {"search": "bolt"}], ids=str)
@pytest.mark.parametrize("seed", range(2))
def test_a_scope_chooses_rows_and_changes_none(seed: int, fields: dict[str, Any]) -> None:
    served(random_firm(seed))
    chosen = stock_outs.risks(OWNER, Scope(**fields)).drop("at_stake", "at_stake_is", "currency")
    whole = stock_outs.risks(OWNER, EVERYTHING).join(chosen, on=stock_outs.KEYS, how="semi").select(chosen.columns)
    assert chosen.height > 0
    assert_frame_equal(chosen, whole, check_row_order=False)


@pytest.mark.parametrize("grouping", ["none", "category", "site", "region", "supplier"])
def test_the_parts_by_any_grouping_add_up_to_the_whole(grouping: str) -> None:
    served(random_firm(2))
    rows = stock_outs.risks(OWNER, EVERYTHING)
    groups = stock_outs.grouped(rows, grouping)
    assert groups["judged"].sum() == rows.height
    assert groups["at_stake"].sum() == pytest.approx(rows["at_stake"].sum())
    assert groups["likely_out"].sum() == rows.filter(pl.col("p_28") >= 0.5).height


def test_the_list_is_what_may_run_out_soon_or_has_to_be_ordered_now() -> None:
    rows = pl.DataFrame({"p_28": [0.09, 0.1, 0.0, 0.0], "when_to_order": ["later", "later", "now", "too_late"]})
    assert stock_outs.listed(rows).rows() == rows.rows()[1:]


def test_the_course_of_an_item_ends_with_the_chance_of_84_days() -> None:
    served(random_firm(1))
    days = stock_outs.course(OWNER, EVERYTHING, *first())
    assert days.height == 85
    assert days["probability"].is_sorted()
    assert days["probability"][-1] == pytest.approx(stock_outs.risks(OWNER, EVERYTHING)["p_84"][0])


@pytest.mark.parametrize("ask", DETAILS)
def test_an_item_out_of_scope_is_not_told(ask: Any) -> None:
    served(random_firm(1))
    assert ask(OWNER, Scope(search="no such item"), *first()).is_empty()


@pytest.mark.parametrize("seed", range(3))
def test_what_lies_in_stock_is_judged_or_named_as_without_opinion(seed: int) -> None:
    version = served(random_firm(seed))
    held = version.aggregate("stock_by_item", OWNER).filter(pl.col("on_hand") != 0).collect().drop_nulls("site_id")
    judged = stock_outs.risks(OWNER, EVERYTHING).select(stock_outs.KEYS)
    silent = stock_outs.without_opinion(OWNER, EVERYTHING)
    items = version.aggregate("items", OWNER).filter(pl.col("kind") == "storable").collect()
    stored = held.join(items, on="product_id", how="semi")
    assert silent.join(judged, on=stock_outs.KEYS, how="semi").is_empty()
    assert stored.join(judged, on=stock_outs.KEYS, how="anti").height == silent.height


def test_who_orders_from_another_region_has_no_name() -> None:
    served(random_firm(0))
    product, site, company = first()
    told = stock_outs.orders(
        viewer("sales", regions=frozenset({"S"})), EVERYTHING, product_id=product, site_id=site, company_id=company
    )
    assert told.filter(pl.col("kind") == "order")["party"].drop_nulls().is_empty()


@pytest.mark.parametrize("seed", range(3))
def test_as_many_orders_are_hit_as_have_a_line_that_is_likely_late(seed: int) -> None:
    version = served(random_firm(seed))
    late = version.aggregate("orders_at_risk", OWNER).filter((pl.col("p_late") >= 0.5) & (pl.col("kind") == "order"))
    numbers = late.select("company_id", "number").unique().collect()
    assert stock_outs.hit(OWNER, EVERYTHING)["orders"].to_list() == [numbers.height]


def test_late_receipts_are_those_that_were_due_before_the_day_of_the_data_the_latest_first() -> None:
    served(random_firm(1))
    late = stock_outs.late_receipts(OWNER, EVERYTHING)
    assert late.height > 0
    due = late["due_on"].to_list()
    assert due == sorted(due)
    keys = stock_outs.risks(OWNER, EVERYTHING).select(stock_outs.KEYS).rows()
    of_items = pl.concat(stock_outs.receipts(OWNER, EVERYTHING, *key).filter("is_overdue") for key in keys)
    known = late.join(pl.DataFrame(keys, schema=list(stock_outs.KEYS), orient="row"), on=stock_outs.KEYS, how="semi")
    assert sorted(known["quantity"]) == sorted(of_items["quantity"])
    masked = stock_outs.late_receipts(viewer(regions=frozenset({"nowhere"})), EVERYTHING)
    assert masked.height == 0

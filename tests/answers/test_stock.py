"""What a viewer is told about stock: rights first, then what is judged of the firm, then the scope; and all adds up."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics.access import NotAllowed, Viewer
from analytics.ageing import BUCKETS
from analytics.scope import Scope
from analytics.valuation import BASES
from answers import inventory, stock
from tests.analytics.firm import COMPANIES, DAY, RATES, SITES, firm, merged, noon, order, random_firm
from tests.answers.served import served
from tests.answers.test_inventory import with_shared_places

OWNER = Viewer(user="ada", role="owner")
EVERYTHING = Scope()
ANSWERS: dict[str, Callable[[Any], pl.DataFrame]] = {
    "positions": lambda viewer: stock.positions(viewer, EVERYTHING),
    "ages": lambda viewer: stock.ages(viewer, EVERYTHING),
}
SCOPES: tuple[dict[str, Any], ...] = (
    {},
    {"companies": ("c1",)},
    {"companies": ("c2",)},
    {"sites": ("north",)},
    {"regions": ("S",)},
    {"search": "bolt"},
    {"suppliers": ("v1",)},
)
AMOUNTS = ("stock_value", "dead_value", "excess_value", "excess_on_order_value")
MONEY = (*AMOUNTS, "unit_cost", *(f"{basis}_value" for basis in BASES))


def viewer(role: str = "owner", **fields: Any) -> Viewer:
    return Viewer(user="ada", role=role, **fields)


def summed(rows: pl.DataFrame, column: str) -> dict[str, float]:
    known = rows.filter(pl.col(column).is_not_null() & (pl.col(column) != 0))
    return dict(known.group_by("currency").agg(pl.col(column).sum()).sort("currency").iter_rows())


@pytest.mark.parametrize("ask", ANSWERS.values(), ids=ANSWERS)
@pytest.mark.parametrize("who", [None, viewer("administrator"), viewer(without=frozenset({"inventory.read"})),
                                 viewer(expires_at=datetime(2026, 1, 1, tzinfo=UTC))])  # fmt: skip
def test_who_may_not_see_inventory_is_told_nothing(ask: Callable[[Any], Any], who: object) -> None:
    served(random_firm(1))
    with pytest.raises(NotAllowed):
        ask(who)


@pytest.mark.parametrize("role", ["owner", "executive", "manager", "sales"])
def test_amounts_are_for_who_may_see_costs(role: str) -> None:
    served(random_firm(1))
    rows = stock.positions(viewer(role), EVERYTHING)
    is_known = [rows[name].drop_nulls().len() > 0 for name in MONEY]
    assert set(is_known) == {viewer(role).may("costs")}
    assert (stock.ages(viewer(role), EVERYTHING)["value"].drop_nulls().len() > 0) == viewer(role).may("costs")


@pytest.mark.parametrize("fields", SCOPES, ids=str)
@pytest.mark.parametrize("seed", range(3))
def test_the_value_of_all_positions_and_of_all_ages_is_that_of_the_outlook(seed: int, fields: dict[str, Any]) -> None:
    served(random_firm(seed))
    scope = Scope(**fields)
    rows, whole = stock.positions(OWNER, scope), inventory.outlook(OWNER, scope)
    valued = whole.filter(~pl.col("is_unvalued"))["product_id"].implode()
    of_valued = rows.filter(pl.col("product_id").is_in(valued))
    assert summed(of_valued, "stock_value") == pytest.approx(summed(whole, "stock_value"))
    ages = stock.ages(OWNER, scope)
    assert summed(ages, "value") == pytest.approx(summed(rows, "stock_value"))
    assert set(ages["bucket"]) <= set(BUCKETS)


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("grouping", ["none", "category", "site", "region", "supplier"])
def test_the_parts_by_any_grouping_add_up_to_the_whole(basis: str, grouping: str) -> None:
    served(random_firm(2))
    rows, aged = stock.positions(OWNER, EVERYTHING, basis=basis), stock.ages(OWNER, EVERYTHING, basis=basis)
    groups = stock.holdings(rows, aged, grouping)
    for name in AMOUNTS:
        assert summed(groups, name) == pytest.approx(summed(rows, name))
    old = aged.filter(pl.col("bucket").is_in(["over_365", "unrecorded"]))
    assert summed(groups, "old_value") == pytest.approx(summed(old, "value"))


@pytest.mark.parametrize("fields", [{"sites": ("north",)}, {"regions": ("S",)}, {"search": "desk"}], ids=str)
@pytest.mark.parametrize("seed", range(3))
def test_a_scope_chooses_rows_and_changes_none(seed: int, fields: dict[str, Any]) -> None:
    served(random_firm(seed))
    keys = ("product_id", "site_id", "company_id")
    narrow = stock.positions(OWNER, Scope(**fields))
    of_whole = stock.positions(OWNER, EVERYTHING).join(narrow.select(keys), on=keys, how="semi", nulls_equal=True)
    assert narrow.height > 0
    assert_frame_equal(narrow, of_whole)


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("company", ["c1", "c2"])
@pytest.mark.parametrize("seed", range(3))
def test_companies_that_were_cut_away_are_as_if_they_did_not_exist(seed: int, company: str, name: str) -> None:
    tables = with_shared_places(random_firm(seed))
    who = viewer(companies=frozenset({company}))
    served(tables)
    cut = ANSWERS[name](who)
    served({table: rows.filter(pl.col("company_id").is_in([company, "*"])) for table, rows in tables.items()})
    assert_frame_equal(ANSWERS[name](who), cut)


@pytest.mark.parametrize("seed", range(3))
def test_a_region_right_leaves_only_the_stock_of_its_sites_with_the_value_that_it_has_for_everybody(seed: int) -> None:
    served(random_firm(seed))
    south = stock.positions(viewer(regions=frozenset({"S"})), EVERYTHING)
    everybody = stock.positions(OWNER, EVERYTHING).filter(pl.col("region") == "S")
    columns = ("product_id", "site_id", "company_id", "on_hand", "stock_value")
    assert_frame_equal(south.select(columns), everybody.select(columns))


BASE: dict[str, Any] = {
    "companies": COMPANIES,
    "sites": SITES,
    "exchange_rates": RATES,
    "products": [
        {"product_id": name, "sku": name, "kind": "storable", "company_id": "*", "cost": 5, "list_price": 9,
         "currency": "EUR"}
        for name in ("bolt", "nut")
    ],
    "customers": [{"customer_id": "k1", "name": "Smith"}],
}  # fmt: skip


def level(product: str, on_hand: float, days: int = 0) -> dict[str, Any]:
    day = DAY - timedelta(days=days)
    return {"product_id": product, "site_id": "south", "as_of_on": day, "on_hand": on_hand}


def invoiced(product: str, amount: float, cost: float | None, currency: str = "EUR", days: int = 9) -> dict[str, Any]:
    key = f"{product}/{days}"
    day = DAY - timedelta(days=days)
    head = {"invoice_id": key, "customer_id": "k1", "status": "posted", "kind": "invoice", "invoiced_on": day,
            "currency": currency, "amount_untaxed": amount}  # fmt: skip
    line = {"invoice_line_id": key, "invoice_id": key, "product_id": product, "amount_untaxed": amount, "quantity": 1,
            "cost_amount": cost, "currency": currency}  # fmt: skip
    return {"invoices": [head], "invoice_lines": [line]}


def classes(role: str, *parts: Any) -> dict[str, tuple[str, float]]:
    levels = {"inventory_levels": [level("bolt", 1), level("nut", 1)]}
    served(firm(**merged(BASE, levels, *parts)))
    rows = stock.positions(viewer(role), EVERYTHING)
    return {product: (abc, worth) for product, abc, worth in rows.select("product_id", "abc", "worth").iter_rows()}


def test_classes_are_by_margin_for_who_may_see_margins_and_by_revenue_for_others() -> None:
    sold = (invoiced("bolt", 900, 899), invoiced("nut", 100, 1))
    assert classes("owner", *sold) == {"bolt": ("C", 1), "nut": ("A", 99)}
    assert classes("manager", *sold) == {"bolt": ("A", 900), "nut": ("B", 100)}


def test_sales_count_in_the_reporting_currency_for_365_days() -> None:
    sold = (invoiced("bolt", 300, 200, "CHF"), invoiced("nut", 100, 1, days=365), invoiced("nut", 7, 1, days=364))
    assert classes("manager", *sold) == {"bolt": ("A", 150), "nut": ("C", 7)}


def test_the_need_does_not_depend_on_the_right_to_margins() -> None:
    sold = (invoiced("bolt", 900, 899), invoiced("nut", 100, 1))
    served(firm(**merged(BASE, {"inventory_levels": [level("bolt", 1), level("nut", 1)]}, *sold)))
    spans = [stock.positions(viewer(role), EVERYTHING)["need_days"].to_list() for role in ("owner", "manager")]
    assert spans[0] == spans[1]


def test_what_ties_up_money_is_ranked_by_it_and_says_why() -> None:
    levels = {"inventory_levels": [level("bolt", 9, 800), level("bolt", 9), level("nut", 7, 800), level("nut", 7)]}
    sold = order("S", "nut", 1, status="done", ordered_at=noon(DAY - timedelta(days=300)), site_id="south")
    served(firm(**merged(BASE, levels, sold)))
    tied = stock.tied_up(stock.positions(OWNER, EVERYTHING))
    assert tied.select("product_id", "verdict", "tied_value").rows() == [
        ("bolt", "dead", 45.0),
        ("nut", "excess", 35.0),
    ]


@pytest.mark.parametrize("seed", range(3))
def test_every_item_with_stock_is_in_one_class_and_the_matrix_holds_all_of_it(seed: int) -> None:
    served(random_firm(seed))
    rows = stock.positions(OWNER, EVERYTHING)
    cells, items = stock.matrix(rows.filter(pl.col("on_hand") != 0)), stock.by_class(rows)
    assert cells["products"].sum() == items.height == rows.filter(pl.col("on_hand") != 0)["product_id"].n_unique()
    assert summed(cells, "stock_value") == pytest.approx(summed(rows, "stock_value"))


def test_each_basis_is_told_with_its_difference_to_standard_cost() -> None:
    served(random_firm(1))
    rows = stock.positions(OWNER, EVERYTHING)
    for basis, value, difference, currency in stock.bases(rows).iter_rows():
        own = rows.filter(pl.col("currency") == currency)
        assert value == pytest.approx(own[f"{basis}_value"].sum())
        assert difference == pytest.approx(value - own["standard_value"].sum())


def test_an_empty_firm_has_no_positions_and_no_ages() -> None:
    served(firm())
    rows, aged = stock.positions(OWNER, EVERYTHING), stock.ages(OWNER, EVERYTHING)
    assert rows.is_empty()
    assert aged.is_empty()
    assert stock.holdings(rows, aged, "site").is_empty()
    assert stock.matrix(rows).is_empty()
    assert stock.bases(rows).is_empty()
    assert stock.tied_up(rows).is_empty()

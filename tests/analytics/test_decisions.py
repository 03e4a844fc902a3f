"""What needs a decision: what is planted in a calm firm is found, with what it is worth; in a calm firm nothing is."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from analytics.deciding import market, supply
from analytics.deciding.known import Known
from analytics.decisions import DECISIONS, KINDS, MATERIAL, found
from analytics.excess import POSITIONS
from analytics.inventory import OUTLOOK
from analytics.money import Rates
from tests.analytics.calm import calm_firm, columns, known_of
from tests.analytics.firm import DAY, Firm, firm, noon, order

SEEDS = range(3)


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


def raised(known: Known, kind: str) -> pl.DataFrame:
    return found(known, {kind: KINDS[kind]})


def subjects(known: Known, kind: str) -> list[str]:
    return raised(known, kind)["subject_id"].to_list()


def first(known: Known, kind: str) -> dict[str, Any]:
    """The first decision of the kind, its evidence beside its columns."""
    row = raised(known, kind).row(0, named=True)
    return {**row["evidence"], **row}


def changed(tables: Firm, name: str, which: pl.Expr, **values: pl.Expr) -> Firm:
    """The firm with some values in the chosen rows of a table changed."""
    schema = tables[name].schema
    changes = {column: pl.when(which).then(value.cast(schema[column])).otherwise(column) for column, value in
               values.items()}  # fmt: skip
    return tables | {name: tables[name].with_columns(**changes)}


def within(column: str, days: int) -> pl.Expr:
    return pl.col(column) > DAY - timedelta(days=days)


@pytest.mark.parametrize("seed", range(12))
def test_in_a_calm_firm_chance_raises_nothing(seed: int) -> None:
    assert found(known_of(calm_firm(seed, orders=6_000))).select("kind", "subject").rows() == []


def test_an_empty_firm_has_nothing_to_decide_and_says_it_in_the_same_columns() -> None:
    empty = found(known_of(firm()))
    assert empty.is_empty()
    assert dict(empty.schema) == DECISIONS


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_it_in_the_same_columns_when_there_is_nothing(kind: str) -> None:
    assert dict(raised(known_of(firm()), kind).schema) == DECISIONS


# Items


def outlook(*rows: dict[str, Any]) -> pl.DataFrame:
    item = {"product_id": "p1", "name": "Part", "company_id": "c1", "currency": "EUR", "short_quantity": 4.0}
    short = {"state": "runs_out", "runs_out_on": DAY + timedelta(days=9), "at_stake": 100.0, "at_stake_is": "margin"}
    return pl.DataFrame([item | short | row for row in rows], schema={**OUTLOOK, "company_id": pl.String})


def test_an_item_that_runs_out_is_worth_what_is_at_stake_and_asks_its_buyer_in_time() -> None:
    known = known_of(firm(), outlook=outlook({"lead_time_days": 5.5, "supplier": "Vendor"}))
    row = first(known, "item_runs_out")
    assert (row["money"], row["money_is"], row["quantity"], row["company_id"]) == (100, "margin", 4, "c1")
    assert (row["act_by_on"], row["owner_kind"]) == (DAY + timedelta(days=3), "buyer")
    assert row["parameters"] == [{"name": "item", "value": "p1"}, {"name": "company", "value": "c1"}]


@pytest.mark.parametrize("lead", [None, 30.0])
def test_an_item_that_no_order_can_save_any_more_is_to_be_acted_on_today(lead: float | None) -> None:
    row = first(known_of(firm(), outlook=outlook({"lead_time_days": lead})), "item_runs_out")
    assert (row["act_by_on"], row["owner_kind"]) == (DAY, "planner")


@pytest.mark.parametrize("row", [{"short_quantity": 0.0}, {"state": "low"}, {"state": "healthy"}])
def test_an_item_that_is_served_in_time_needs_no_decision(row: dict[str, Any]) -> None:
    assert subjects(known_of(firm(), outlook=outlook(row)), "item_runs_out") == []


def test_money_that_cannot_be_converted_keeps_its_currency_and_comes_after_all_that_can() -> None:
    rows = outlook({"at_stake": 9e6, "currency": "XXX", "product_id": "far"}, {"at_stake": None, "product_id": "free"},
                   {"product_id": "near"})  # fmt: skip
    told = raised(known_of(firm(), outlook=rows), "item_runs_out")
    ranked = told.select("rank", "subject_id", "money", "currency").rows()
    assert ranked == [(1, "near", 100, "EUR"), (2, "far", 9e6, "XXX"), (3, "free", None, "EUR")]


# Suppliers


def slipping(seed: int, supplier: str = "v3", *, days: int = 14) -> Firm:
    tables = calm_firm(seed)
    of = tables["purchase_orders"].filter(pl.col("supplier_id") == supplier)["purchase_order_id"].implode()
    which = pl.col("purchase_order_id").is_in(of) & within("first_due_on", 60) & pl.col("received_on").is_not_null()
    later = pl.col("received_on") + timedelta(days=days)
    has_come = later <= DAY
    moved = changed(
        tables,
        "purchase_order_lines",
        which,
        received_on=pl.when(has_come).then(later),
        received_quantity=pl.when(has_come).then("quantity").otherwise(0),
    )
    return changed(moved, "purchase_orders", pl.col("purchase_order_id").is_in(of), status=pl.lit("confirmed"))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_supplier_that_is_two_weeks_later_is_told_with_how_late_it_is_and_was(seed: int) -> None:
    known = known_of(slipping(seed))
    assert subjects(known, "supplier_slipping") == ["v3"]
    row = first(known, "supplier_slipping")
    assert row["days_now"] - row["days_before"] == pytest.approx(14, abs=5)
    assert {"name": "member", "value": "v3"} in row["parameters"]


def test_a_supplier_that_delivers_nothing_at_all_is_late_until_today() -> None:
    row = first(known_of(slipping(1, days=1_000)), "supplier_slipping")
    assert row["subject_id"] == "v3"
    assert row["days_now"] == pytest.approx(30, abs=6)


def test_a_late_supplier_is_worth_what_is_at_stake_of_the_items_on_order_there_each_once() -> None:
    tables = slipping(1)
    lines = known_of(tables).aggregates["supplier_lines"].filter("is_open", pl.col("supplier_id") == "v3")
    items = lines["product_id"].unique().sort().to_list()
    short = outlook(*({"product_id": name, "at_stake": 10.0} for name in (*items, "p999")))
    row = first(known_of(tables, outlook=short), "supplier_slipping")
    assert (row["money"], row["money_is"], row["items"]) == (10 * len(items), "margin", len(items))
    alone = first(known_of(tables), "supplier_slipping")
    assert (alone["money"], alone["money_is"]) == (pytest.approx(float(lines["amount"].sum())), "orders")


def test_lateness_needs_five_orders_now_and_ten_before() -> None:
    tables = slipping(1)
    lines = known_of(tables).aggregates["supplier_lines"]
    recent = (pl.col("supplier_id") == "v3") & within("first_due_on", 60)
    few = pl.concat([lines.filter(~recent), lines.filter(recent, pl.col("in_full_on").is_not_null()).head(4)])
    known = known_of(tables)
    assert subjects(replace(known, aggregates={**known.aggregates, "supplier_lines": few}), "supplier_slipping") == []


def dearer(seed: int, by: float) -> Known:
    tables = calm_firm(seed)
    orders = tables["purchase_orders"]
    of = orders.filter((pl.col("supplier_id") == "v5") & (pl.col("ordered_at") > noon(ago(100))))["purchase_order_id"]
    which = pl.col("purchase_order_id").is_in(of.implode())
    return known_of(changed(tables, "purchase_order_lines", which, amount_untaxed=pl.col("amount_untaxed") * by))


def test_a_supplier_that_asks_a_tenth_more_is_worth_that_tenth_of_a_year() -> None:
    known = dearer(1, 1.10)
    row = first(known, "supplier_dearer")
    assert (row["subject_id"], row["owner_kind"], row["money_is"]) == ("v5", "buyer", "cost")
    assert row["change"] == pytest.approx(0.10, abs=0.015)
    now = float(supply.dearer_products(known).filter(pl.col("supplier_id") == "v5")["amount"].sum())
    assert row["money"] == pytest.approx(now * (1 - 1 / 1.10) * 4, rel=0.15)


def test_a_supplier_that_asks_a_little_more_is_none() -> None:
    assert subjects(dearer(1, 1.03), "supplier_dearer") == []


# Stock


def position(**fields: Any) -> dict[str, Any]:
    usual = {"product_id": "p", "site_id": "north", "site": "North", "company_id": "c1", "currency": "EUR"}
    return usual | {"stock_value": 100.0, "excess_value": 0.0, "dead_value": 0.0, "name": "Part"} | fields


def positions(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema={**POSITIONS, "site": pl.String})


def test_a_site_with_a_quarter_of_its_stock_too_much_is_worth_that_stock_dead_and_excess() -> None:
    rows = positions(
        position(excess_value=20.0, name="Much"),
        position(product_id="q", dead_value=30.0, name="Dead"),
        position(product_id="r", site_id="south", site="South", excess_value=24.0),
    )
    told = raised(known_of(firm(), stock=rows), "stock_too_much")
    assert told.select("subject", "money", "rows").rows() == [("North", 50, 2)]
    row = first(known_of(firm(), stock=rows), "stock_too_much")
    assert (row["dead"], row["change"], row["top"][:2]) == (30, 0.25, ["Dead", "Much"])


# Customers


def late(name: str, promised: int, **fields: Any) -> dict[str, Any]:
    both = order(name, "bolt", 4, ordered_at=noon(ago(40)), **fields)
    both["sales_orders"][0] |= {"first_promised_on": ago(promised), "salesperson_id": "e1"}  # type: ignore[operator]
    both["sales_order_lines"][0] |= {"amount_untaxed": 80}  # type: ignore[operator]
    return both


def of_orders(*orders: dict[str, Any]) -> Known:
    rows = {name: [row for part in orders for row in part[name]] for name in ("sales_orders", "sales_order_lines")}
    people = [{"customer_id": name, "name": name.upper(), "owner_id": "e9"} for name in ("k1", "k2")]
    return known_of(firm(products=[{"product_id": "bolt", "kind": "storable"}], customers=people, **rows))


def test_late_orders_are_those_past_the_first_promise_by_more_than_three_days_by_customer() -> None:
    known = of_orders(
        late("S1", 9), late("S2", 4, delivered_quantity=3), late("S3", 3), late("S4", 5, customer_id="k2"),
        late("S5", 30, customer_id="k2", status="done"),
    )  # fmt: skip
    told = raised(known, "late_orders").select("subject", "money", "money_is", "owner_id", "since_on", "rows").rows()
    assert told == [("K1", 100, "revenue", "e1", ago(9), 2), ("K2", 80, "revenue", "e1", ago(5), 1)]
    assert first(known, "late_orders")["orders"] == 2


def owed(number: int, days: int, amount: float, **fields: Any) -> dict[str, Any]:
    usual = {"invoice_id": str(number), "customer_id": "k1", "kind": "invoice", "status": "posted"}
    return usual | {"due_on": ago(days), "amount_open": amount, "amount_untaxed": amount} | fields


def test_who_has_an_invoice_overdue_for_more_than_30_days_owes_all_that_is_overdue_less_credit_notes() -> None:
    invoices = [
        owed(1, 31, 100),
        owed(2, 1, 50),
        owed(3, -5, 1000),
        owed(4, 2, -20, kind="credit_note"),
        owed(5, 30, 70, customer_id="k2"),
    ]
    people = [{"customer_id": name, "name": name.upper(), "owner_id": "e9"} for name in ("k1", "k2")]
    known = known_of(firm(invoices=invoices, customers=people))
    told = raised(known, "overdue_receivables").select("subject", "money", "money_is", "owner_id", "since_on").rows()
    assert told == [("K1", 130, "cash", "e9", ago(31))]
    row = first(known, "overdue_receivables")
    assert (row["invoices"], row["days_now"], row["rows"]) == (2, 31, 3)


def test_who_has_as_much_credit_owes_nothing() -> None:
    invoices = [owed(1, 40, 100), owed(2, 40, -100, kind="credit_note")]
    known = known_of(firm(invoices=invoices, customers=[{"customer_id": "k1", "name": "K1"}]))
    assert subjects(known, "overdue_receivables") == []


def without_some(tables: Firm, gone: pl.DataFrame, share: float, days: int) -> Firm:
    """The firm without some of the orders of these customers in the last days."""
    recent = (
        tables["sales_orders"].filter(pl.col("ordered_at") > noon(ago(days))).join(gone, on="customer_id", how="semi")
    )
    lost = recent.sample(fraction=share, seed=1).select("sales_order_id")
    return tables | {
        name: tables[name].join(lost, on="sales_order_id", how="anti") for name in ("sales_orders", "sales_order_lines")
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_a_segment_of_a_country_that_leaves_is_told_once_and_not_its_customers(seed: int) -> None:
    tables = calm_firm(seed)
    gone = tables["customers"].filter((pl.col("segment") == "OEM") & (pl.col("country") == "DE"))
    known = known_of(without_some(tables, gone.select("customer_id"), 0.75, 150))
    assert subjects(known, "customers_leaving") == ["OEM/DE"]
    row = first(known, "customers_leaving")
    assert row["change"] == pytest.approx(-0.75, abs=0.12)
    assert (row["country"], row["state"], row["customers"]) == ("DE", "segment", pytest.approx(gone.height, abs=4))
    assert [p["value"] for p in row["parameters"] if p["name"] == "region"] in ([], ["DE"])


def test_what_a_segment_leaves_is_worth_its_missing_orders_of_a_year_as_margin() -> None:
    tables = calm_firm(1)
    gone = tables["customers"].filter((pl.col("segment") == "OEM") & (pl.col("country") == "DE")).select("customer_id")
    less = without_some(tables, gone, 0.75, 150)
    sums = [
        float(known_of(one).aggregates["sales_by_customer"].filter(pl.col("weeks_ago") < 17)["amount"].sum())
        for one in (tables, less)
    ]
    row, plain = first(known_of(less), "customers_leaving"), known_of(less, may=frozenset())
    lost = (sums[0] - sums[1]) * 52 / 17
    assert first(plain, "customers_leaving")["money"] == pytest.approx(lost, rel=0.25)
    assert (first(plain, "customers_leaving")["money_is"], row["money_is"]) == ("revenue", "margin")
    assert 0.2 * lost < row["money"] < 0.6 * lost


def test_a_large_customer_that_stops_is_told_by_name() -> None:
    tables = calm_firm(2)
    german = tables["customers"].filter(pl.col("country") == "DE").select("customer_id")
    buyer = tables["sales_orders"].join(german, on="customer_id", how="semi")["customer_id"].mode().first()
    known = known_of(without_some(tables, pl.DataFrame({"customer_id": [buyer]}), 1.0, 125))
    assert subjects(known, "customers_leaving") == [buyer]
    assert first(known, "customers_leaving")["now"] == 0


# Demand, complaints, margins, campaigns


def with_orders(tables: Firm, buyers: list[str], product: str, days: list[int]) -> Firm:
    """The firm with one more order of two of the product for each buyer, so many days ago."""
    keys, count = [f"{product}/{n}" for n in range(len(buyers))], len(buyers)
    when = pl.Series([noon(ago(day)) for day in days], dtype=pl.Datetime("us", "UTC"))
    heads = columns("sales_orders", count, sales_order_id=keys, number=keys, customer_id=buyers, ordered_at=when)
    lines = {"sales_order_line_id": keys, "sales_order_id": keys, "product_id": product}
    amounts = {"quantity": [2] * count, "amount_untaxed": [150] * count}
    more = {"sales_orders": heads, "sales_order_lines": columns("sales_order_lines", count, **lines, **amounts)}
    return tables | {name: pl.concat([tables[name], rows]) for name, rows in more.items()}


def more_orders(tables: Firm, country: str, product: str, count: int, days: int) -> Firm:
    """The firm with so many more orders of a product from a country, spread over the last days."""
    known = tables["customers"].filter(pl.col("country") == country)["customer_id"].to_list()
    buyers = [known[n % len(known)] for n in range(count)]
    return with_orders(tables, buyers, product, [n % days for n in range(count)])


def usual_product(tables: Firm) -> str:
    """A product that sells neither much nor little."""
    sold = tables["sales_order_lines"].group_by("product_id").len().sort("len", "product_id")
    return str(sold["product_id"][sold.height // 2])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_product_that_surges_in_one_country_is_told_with_that_country(seed: int) -> None:
    product = usual_product(calm_firm(seed))
    known = known_of(more_orders(calm_firm(seed), "AT", product, 60, 42))
    assert subjects(known, "demand_surging") == [product]
    row = first(known, "demand_surging")
    assert (row["country"], row["state"], row["now"] - row["usual"]) == ("AT", "served", pytest.approx(55, abs=10))
    assert {"name": "period", "value": f"{ago(41)}..{DAY}"} in row["parameters"]


def test_a_surge_that_stock_cannot_serve_is_worth_what_it_cannot_and_no_more_than_the_surge_asks_for() -> None:
    tables = more_orders(calm_firm(1), "AT", "p7", 40, 42)
    served = first(known_of(tables), "demand_surging")
    some = outlook({"product_id": "p7", "short_quantity": 8.0})
    much = outlook({"product_id": "p7", "short_quantity": 1e6})
    short = [first(known_of(tables, outlook=one), "demand_surging") for one in (some, much)]
    assert [row["state"] for row in short] == ["short", "short"]
    assert short[0]["quantity"] == 8
    assert 2 * 40 * 2 < short[1]["quantity"] < 4 * 40 * 2
    assert short[1]["money"] == pytest.approx(2 * served["money"], rel=1e-9)


def test_what_sells_much_more_every_spring_is_no_surge() -> None:
    tables = more_orders(calm_firm(1), "AT", "p7", 40, 42)
    sales = known_of(tables).aggregates["sales_by_product"]
    year_ago = sales.filter(pl.col("weeks_ago") < 6, product_id="p7").with_columns(pl.col("weeks_ago") + 52)
    known = known_of(tables)
    seasonal = {**known.aggregates, "sales_by_product": pl.concat([sales, year_ago])}
    assert subjects(replace(known, aggregates=seasonal), "demand_surging") == []


def more_complaints(tables: Firm, product: str, count: int) -> Firm:
    keys = [f"X{n}" for n in range(count)]
    rows = columns(
        "tickets", count, ticket_id=keys, customer_id=[f"k{n}" for n in range(count)], product_id=product,
        opened_at=[noon(ago(n % 60)) for n in range(count)], status="closed",
    )  # fmt: skip
    return tables | {"tickets": pl.concat([tables["tickets"], rows])}


@pytest.mark.parametrize("seed", SEEDS)
def test_complaints_about_one_product_are_told_by_its_category_with_the_product_or_by_the_product(seed: int) -> None:
    known = known_of(more_complaints(calm_firm(seed), "p11", 24))
    row = first(known, "complaints_rising")
    assert row["subject_id"] in ("g3", "p11")
    assert row["top"][0] == "Part 11"
    assert raised(known, "complaints_rising").height == 1
    assert row["now"] >= 24


def test_complaints_that_grow_as_sales_do_are_none() -> None:
    tables = more_complaints(more_orders(calm_firm(1), "DE", "p11", 600, 119), "p11", 12)
    assert subjects(known_of(tables), "complaints_rising") == []


def squeezed(price: float, cost: float = 1.12, *, margins: bool = True) -> Known:
    tables = calm_firm(1)
    recent = tables["invoices"].filter(within("invoiced_on", 100))["invoice_id"].implode()
    group = tables["products"].filter(pl.col("category_id") == "g2")["product_id"].implode()
    which = pl.col("invoice_id").is_in(recent) & pl.col("product_id").is_in(group)
    dear = changed(tables, "invoice_lines", which, cost_amount=pl.col("cost_amount") * cost,
                   amount_untaxed=pl.col("amount_untaxed") * price)  # fmt: skip
    return known_of(dear) if margins else known_of(dear, may=frozenset())


def test_a_category_that_costs_more_at_the_same_price_is_worth_the_margin_of_a_year() -> None:
    known = squeezed(1.0)
    row = first(known, "margin_squeezed")
    assert (subjects(known, "margin_squeezed"), row["money_is"]) == (["g2"], "margin")
    assert (row["cost_change"], row["price_change"]) == (pytest.approx(0.12, abs=0.01), pytest.approx(0, abs=0.03))
    products = market.squeezed_products(known).join(known.products, on="product_id").filter(category_id="g2")
    lost = (products["cost_rise"] - products["price_rise"]).sum()
    assert row["money"] == pytest.approx(lost * 4)


def test_a_rise_that_is_passed_on_squeezes_nothing_nor_does_one_that_may_not_be_seen() -> None:
    assert subjects(squeezed(1.12), "margin_squeezed") == []
    assert subjects(squeezed(1.0, margins=False), "margin_squeezed") == []


def with_campaign(tables: Firm, lift: int) -> Firm:
    """A campaign of six weeks to half of the customers, with so many more orders by them."""
    members = [f"k{n}" for n in range(0, 160, 2)]
    rows = columns("campaign_members", 80, campaign_member_id=members, campaign_id="a", customer_id=members)
    days = {"starts_on": [ago(60)], "ends_on": [ago(19)]}
    head = columns("campaigns", 1, campaign_id="a", name="Spring", cost=[500], is_active=[True], **days)
    buyers = [members[n % len(members)] for n in range(lift)]
    lifted = with_orders(tables, buyers, "p1", [20 + n % 40 for n in range(lift)])
    return lifted | {"campaigns": head, "campaign_members": rows}


@pytest.mark.parametrize(("seed", "lift", "told"), [(1, 0, ["a"]), (1, 400, []), (2, 400, []), (3, 400, [])])
def test_a_campaign_is_told_when_the_addressed_bought_no_more_than_the_others(
    seed: int, lift: int, told: list[str]
) -> None:
    known = known_of(with_campaign(calm_firm(seed), lift))
    assert subjects(known, "campaign_without_effect") == told
    if told:
        row = first(known, "campaign_without_effect")
        assert (row["money"], row["money_is"], row["customers"], row["since_on"]) == (500, "cost", 80, ago(60))
        assert row["change"] <= market.EFFECT_NONE


def test_a_campaign_too_small_to_tell_is_not_accused() -> None:
    known = known_of(with_campaign(calm_firm(1, orders=300), 0))
    assert subjects(known, "campaign_without_effect") == []


# All of them


def everything() -> Known:
    tables = with_campaign(more_complaints(more_orders(slipping(1), "AT", "p7", 40, 42), "p11", 24), 0)
    rows = positions(position(excess_value=50.0))
    return known_of(tables, outlook=outlook({}, {"product_id": "p2", "at_stake": None}), stock=rows)


def test_decisions_are_ranked_by_their_money_and_what_has_none_comes_last() -> None:
    told = found(everything())
    assert set(told["kind"]) >= {"item_runs_out", "supplier_slipping", "stock_too_much", "demand_surging",
                                 "complaints_rising", "campaign_without_effect"}  # fmt: skip
    assert told["rank"].to_list() == list(range(1, told.height + 1))
    known = told["money"].drop_nulls().to_list()
    assert known == sorted(known, reverse=True)
    assert told["money"][-1] is None


def test_what_is_worth_next_to_nothing_beside_the_sales_of_a_year_is_nobodys_decision() -> None:
    known = everything()
    year = 60 / MATERIAL
    kept = found(known, year=year)
    assert all(money >= 60 for money in kept["money"].drop_nulls())
    assert kept.height == found(known).filter((pl.col("money") >= 60) | pl.col("money").is_null()).height


def test_only_products_of_the_scope_are_told_but_judged_beside_all_others() -> None:
    known = everything()
    chosen = pl.DataFrame({"product_id": ["p7"]})
    assert subjects(replace(known, chosen=chosen), "demand_surging") == ["p7"]
    assert first(replace(known, chosen=chosen), "demand_surging") == first(known, "demand_surging")
    assert subjects(replace(known, chosen=pl.DataFrame({"product_id": ["p8"]})), "demand_surging") == []


def test_without_a_reporting_currency_the_money_is_not_known() -> None:
    known = everything()
    nowhere = replace(known, rates=Rates(None, known.rates.factors.clear()))
    assert found(nowhere, {"campaign_without_effect": KINDS["campaign_without_effect"]})["money"].to_list() == [None]


def test_whoever_may_not_see_margins_is_told_sales() -> None:
    known = replace(everything(), may=frozenset())
    told = found(known).filter(pl.col("kind").is_in(["demand_surging", "complaints_rising"]))
    assert set(told["money_is"]) == {"revenue"}

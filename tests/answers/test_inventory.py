"""What a viewer is told about inventory: rights first, then scope, then sums."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics import inventory as reckoned
from analytics.access import NotAllowed, Viewer
from analytics.scope import GROUPINGS, Scope
from answers import NoSnapshot, inventory, snapshot
from tests.analytics.firm import DAY, PRODUCTS, SITES, Firm, firm, merged, noon, order, random_firm, situation_of
from tests.answers.served import MADE_AT, served

OWNER = Viewer(user="ada", role="owner")
SCOPE = Scope(history_days=30, horizon_days=40)
ANSWERS: dict[str, Callable[[Any], Any]] = {
    "day": inventory.day,
    "outlook": lambda viewer: inventory.outlook(viewer, SCOPE),
    "groups": lambda viewer: inventory.groups(viewer, Scope(grouping="site")),
    "projection": lambda viewer: inventory.projection(viewer, SCOPE, "bolt"),
    "history": lambda viewer: inventory.history(viewer, SCOPE, "bolt"),
    "events": lambda viewer: inventory.events(viewer, SCOPE, "bolt"),
}
FRAMES = ("outlook", "groups", "projection", "history", "events")


def scoped(**fields: Any) -> Scope:
    return Scope(history_days=30, horizon_days=40, **fields)


def viewer(role: str = "owner", **fields: Any) -> Viewer:
    return Viewer(user="ada", role=role, **fields)


@pytest.mark.parametrize("ask", ANSWERS.values(), ids=ANSWERS)
@pytest.mark.parametrize("who", [None, "owner", viewer("administrator"), viewer(without=frozenset({"inventory.read"}))])
def test_who_may_not_see_inventory_is_told_nothing(ask: Callable[[Any], Any], who: object) -> None:
    served(random_firm(1))
    with pytest.raises(NotAllowed):
        ask(who)


@pytest.mark.parametrize("ask", ANSWERS.values(), ids=ANSWERS)
def test_a_session_that_has_expired_is_told_nothing(ask: Callable[[Any], Any]) -> None:
    served(random_firm(1))
    with pytest.raises(NotAllowed):
        ask(viewer(expires_at=datetime(2026, 1, 1, tzinfo=UTC)))


def test_without_any_data_the_answer_says_so() -> None:
    with pytest.raises(NoSnapshot, match="No data has been loaded yet"):
        inventory.outlook(OWNER, SCOPE)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("history", [30, 28, 182])
def test_the_owner_is_told_the_outlook_of_everything(seed: int, history: int) -> None:
    tables = random_firm(seed)
    served(tables)
    whole = reckoned.outlook(situation_of(tables, history_days=history, horizon_days=40))
    assert_frame_equal(inventory.outlook(OWNER, Scope(history_days=history, horizon_days=40)), whole)


@pytest.mark.parametrize("seed", range(5))
def test_who_sees_only_sites_that_were_counted_earlier_is_told_weeks_that_end_on_that_day(seed: int) -> None:
    tables = random_firm(seed)
    levels = tables["inventory_levels"]
    is_old = (pl.col("company_id") != "c2") | (pl.col("as_of_on") < DAY)
    served(tables | {"inventory_levels": levels.filter(is_old)})
    told = inventory.outlook(viewer(companies=("c2",)), Scope())
    day = inventory.day(viewer(companies=("c2",)))
    assert day < DAY
    asked = weeks_of("c2", day)
    assert dict(told.select("product_id", "recent_demand").iter_rows()) == {
        product: asked.get(product, [0.0] * 13) for product in told["product_id"]
    }


def weeks_of(company: str, until: date) -> dict[str, list[float]]:
    """What was asked for by item in the thirteen weeks that end on the day, row by row."""
    sums: dict[str, list[float]] = {}
    rows = snapshot().aggregate("demand_by_item_day", viewer(companies=(company,))).collect()
    for row in rows.iter_rows(named=True):
        back = (until - row["day_on"]).days // 7
        if 0 <= back < 13:
            weeks = sums.setdefault(row["product_id"], [0.0] * 13)
            weeks[12 - back] += float(row["quantity"])
    return sums


def louder(tables: Firm, hidden: pl.Expr) -> Firm:
    """The firm with every quantity seven times as high in the rows that are hidden, where they name a site."""
    changed = dict(tables)
    for name, column in (("inventory_levels", "on_hand"), ("reorder_rules", "minimum_quantity")):
        seven = (pl.col(column) * 7).cast(tables[name].schema[column])
        changed[name] = tables[name].with_columns(pl.when(hidden).then(seven).otherwise(column).alias(column))
    return changed


@pytest.mark.parametrize("name", FRAMES)
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("who", "hidden"),
    [
        (viewer(companies=frozenset({"c1"})), pl.col("company_id") == "c2"),
        (viewer(regions=frozenset({"S"})), pl.col("site_id").is_in(["north", "north/a", "north/b", "road"])),
    ],
)
def test_what_a_viewer_may_not_see_changes_no_answer(name: str, seed: int, who: Viewer, hidden: pl.Expr) -> None:
    tables = random_firm(seed)
    served(tables)
    before = ANSWERS[name](who)
    served(louder(tables, hidden))
    assert_frame_equal(ANSWERS[name](who), before)


def with_shared_places(tables: Firm) -> Firm:
    """The firm with what rows of several companies refer to shared among them."""
    shared = ("sites", "customers", "suppliers", "boms", "bom_lines", "exchange_rates")
    everyones = pl.lit("*").alias("company_id")
    places = {name: rows.with_columns(everyones) for name, rows in tables.items() if name in shared}
    serves_an_order = pl.col("sales_order_line_id").is_not_null()
    moves = tables["stock_moves"].with_columns(pl.when(serves_an_order).then(everyones).otherwise("company_id"))
    return tables | places | {"stock_moves": moves}


@pytest.mark.parametrize("company", ["c1", "c2"])
@pytest.mark.parametrize("seed", range(3))
def test_companies_that_were_cut_away_are_as_if_they_did_not_exist(seed: int, company: str) -> None:
    tables = with_shared_places(random_firm(seed))
    who = viewer(companies=frozenset({company}))
    served(tables)
    cut = [ANSWERS[name](who) for name in FRAMES]
    served({name: rows.filter(pl.col("company_id").is_in([company, "*"])) for name, rows in tables.items()})
    alone = [ANSWERS[name](who) for name in FRAMES]
    for mine, theirs in zip(cut, alone, strict=True):
        assert_frame_equal(mine, theirs)


def test_a_region_right_cuts_what_no_site_is_known_for() -> None:
    served(firm(**merged(BASE, order("S1", "bolt", 5), order("S2", "bolt", 7, site_id="south"))))
    everything, south = viewer(), viewer(regions=frozenset({"S"}))
    assert inventory.outlook(everything, SCOPE)["open_demand"].sum() == 12
    assert inventory.outlook(south, SCOPE)["open_demand"].sum() == 7


@pytest.mark.parametrize("role", ["manager", "sales"])
def test_who_may_not_see_margins_is_told_the_revenue_at_stake(role: str) -> None:
    served(random_firm(1))
    kinds = set(inventory.outlook(viewer(role), SCOPE)["at_stake_is"].drop_nulls())
    assert kinds == {"revenue"}
    assert "margin" in set(inventory.outlook(viewer("executive"), SCOPE)["at_stake_is"])


def test_who_may_not_see_costs_is_told_no_value_and_no_margin() -> None:
    served(random_firm(1))
    seller = viewer("sales")
    assert inventory.outlook(seller, SCOPE)["stock_value"].null_count() == inventory.outlook(seller, SCOPE).height
    assert inventory.groups(seller, scoped(grouping="site"))["on_hand_value"].drop_nulls().is_empty()
    costless = viewer(without=frozenset({"costs"}))
    assert "margin" not in set(inventory.outlook(costless, SCOPE)["at_stake_is"])
    assert inventory.outlook(viewer("manager"), SCOPE)["stock_value"].drop_nulls().len() > 0


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "scope", [{"sites": ("north",)}, {"regions": ("N",)}, {"sites": ("north",), "regions": ("N", "S")}]
)
def test_a_scope_of_sites_or_regions_is_the_outlook_of_them_alone(seed: int, scope: dict[str, Any]) -> None:
    tables = random_firm(seed)
    served(tables)
    chosen = pl.col("site_id") == "north"
    alone = situation_of(tables, chosen, history_days=30, horizon_days=40, everywhere=False)
    first = situation_of(tables).first_demand_on
    expected = reckoned.outlook(situation_of(tables, chosen, **{**_fields(alone), "first_demand_on": first}))
    assert_frame_equal(inventory.outlook(OWNER, scoped(**scope)), expected)


def _fields(situation: reckoned.Situation) -> dict[str, Any]:
    return {name: getattr(situation, name) for name in ("history_days", "horizon_days", "everywhere")}


@pytest.mark.parametrize("seed", range(3))
def test_a_scope_of_a_company_is_the_outlook_of_its_rows_in_its_currency(seed: int) -> None:
    tables = random_firm(seed)
    served(tables)
    chosen = pl.col("company_id") == "c2"
    expected = situation_of(tables, chosen, history_days=30, horizon_days=40, everywhere=False)
    told = inventory.outlook(OWNER, scoped(companies=("c2",)))
    counted = ("product_id", "on_hand", "on_order", "open_demand", "reserved", "recent_demand", "minimum_quantity")
    same = reckoned.outlook(expected).select(counted).sort("product_id")
    assert_frame_equal(told.select(counted).sort("product_id"), same)
    assert "CHF" in set(told["currency"])
    assert "EUR" not in set(told["currency"])


def test_an_item_without_a_trace_is_shown_only_to_who_sees_every_site() -> None:
    limited = (viewer(regions=frozenset({"S"})), viewer(companies=frozenset({"c1"})))
    shared = firm(**merged(BASE, order("S1", "bolt", 5, site_id="south")))
    served(shared | {"products": shared["products"].with_columns(company_id=pl.lit("*"))})
    assert sorted(inventory.outlook(OWNER, SCOPE)["product_id"]) == ["bolt", "lamp"]
    assert [inventory.outlook(who, SCOPE)["product_id"].to_list() for who in limited] == [["bolt"], ["bolt"]]


@pytest.mark.parametrize("seed", range(3))
def test_a_scope_of_all_companies_is_everything_that_has_a_trace(seed: int) -> None:
    served(random_firm(seed))
    chosen = inventory.outlook(OWNER, scoped(companies=("c1", "c2"))).drop("rank")
    everything = inventory.outlook(OWNER, SCOPE).drop("rank")
    assert_frame_equal(chosen, everything.filter(pl.col("product_id").is_in(chosen["product_id"].implode())))


def test_a_scope_of_categories_takes_those_below_them_too() -> None:
    served(firm(**BASE))
    told = {
        name: inventory.outlook(OWNER, scoped(categories=(name,)))["product_id"].to_list() for name in ("all", "metal")
    }
    assert {name: sorted(found) for name, found in told.items()} == {"all": ["bolt", "lamp"], "metal": ["bolt"]}


def test_a_scope_of_suppliers_takes_their_items_as_main_supplier() -> None:
    served(firm(**BASE))
    assert inventory.outlook(OWNER, scoped(suppliers=("v1",)))["product_id"].to_list() == ["bolt"]
    assert inventory.outlook(OWNER, scoped(suppliers=("v2",)))["product_id"].to_list() == []


@pytest.mark.parametrize(
    ("text", "found"), [("BOL", ["bolt"]), (" b-1 ", ["bolt"]), ("螺栓", ["bolt"]), (".*", []), ("", ["bolt", "lamp"])]
)
def test_a_search_looks_for_the_text_as_written_in_number_and_names(text: str, found: list[str]) -> None:
    served(firm(**BASE))
    assert sorted(inventory.outlook(OWNER, scoped(search=text))["product_id"]) == found


BASE: dict[str, Any] = {
    "companies": [{"company_id": "c1", "name": "One", "currency": "EUR"}],
    "sites": SITES,
    "product_categories": [
        {"category_id": "all", "name": "All"},
        {"category_id": "metal", "name": "Metal", "parent_category_id": "all"},
    ],
    "products": [
        {
            "product_id": "bolt",
            "sku": "B-1",
            "name": "Bolt",
            "name_zh": "螺栓",
            "kind": "storable",
            "category_id": "metal",
        },
        {"product_id": "lamp", "sku": None, "name": "Lamp", "kind": "storable", "category_id": "all"},
    ],
    "customers": [
        {"customer_id": "k1", "name": "Smith", "region": "N", "is_company": False},
        {"customer_id": "k2", "name": "Works", "region": "S", "is_company": True},
    ],
    "suppliers": [{"supplier_id": "v1", "name": "Vendor"}, {"supplier_id": "v2", "name": "Other"}],
    "supplier_products": [
        {"supplier_product_id": "1", "supplier_id": "v1", "product_id": "bolt", "priority": 1},
        {"supplier_product_id": "2", "supplier_id": "v2", "product_id": "bolt", "priority": 2},
    ],
}


@pytest.mark.parametrize("grouping", GROUPINGS)
@pytest.mark.parametrize("seed", range(3))
def test_the_value_on_hand_of_all_groups_is_that_of_the_outlook(seed: int, grouping: str) -> None:
    served(random_firm(seed))
    rows = inventory.outlook(OWNER, SCOPE)
    found = inventory.groups(OWNER, scoped(grouping=grouping))
    valued = rows.filter(~pl.col("is_unvalued"))["product_id"].to_list()
    if len(valued) == rows.height:
        assert found["on_hand_value"].sum() == pytest.approx(rows["stock_value"].sum())
    if grouping not in ("site", "region"):
        assert found["products"].sum() == rows.height
        assert found["at_stake"].sum() == pytest.approx(rows["at_stake"].sum())


def test_groups_of_sites_are_named_as_people_name_them() -> None:
    served(random_firm(2))
    names = (
        inventory.groups(OWNER, scoped(grouping="site")).select("group_key", "group").unique().sort("group_key").rows()
    )
    assert names == [("north", "North"), ("shop", "Shop"), ("south", "South")]
    assert set(inventory.groups(OWNER, scoped(grouping="region"))["group"]) == {"N", "S"}


@pytest.mark.parametrize("product", PRODUCTS)
@pytest.mark.parametrize("seed", range(3))
def test_the_events_of_an_item_are_what_the_outlook_sums(seed: int, product: str) -> None:
    served(random_firm(seed))
    rows = inventory.outlook(OWNER, SCOPE).filter(pl.col("product_id") == product)
    events = inventory.events(OWNER, SCOPE, product)
    incoming, outgoing = (events.filter(pl.col("direction") == way) for way in ("in", "out"))
    if rows.height:
        assert incoming["quantity"].sum() == pytest.approx(rows["on_order"].item())
        assert incoming.filter("is_overdue")["quantity"].sum() == pytest.approx(rows["overdue_receipts"].item())
        assert outgoing["quantity"].sum() == pytest.approx(rows["open_demand"].item())
    assert set(events["kind"]) <= set(inventory.EVENT_KINDS)


@pytest.mark.parametrize("seed", range(3))
def test_the_projection_starts_from_the_stock_and_ends_where_its_parts_lead(seed: int) -> None:
    served(random_firm(seed))
    for row in inventory.outlook(OWNER, SCOPE).iter_rows(named=True):
        days = inventory.projection(OWNER, SCOPE, row["product_id"])
        change = days.select(pl.col("receipts") - pl.col("reservations") - pl.col("expected_demand")).sum().item()
        assert days["projected"][-1] == pytest.approx(row["on_hand"] + change)
        assert (days.height, days["day_on"][0], days["day_on"][-1]) == (41, DAY, DAY + timedelta(days=40))
        empty = days.filter(pl.col("projected") <= 1e-9)["day_on"]
        wanted = row["daily_demand"] is not None or row["open_demand"] > 0 or (row["reserved"] or 0) > 0
        assert row["runs_out_on"] == (empty[0] if wanted and empty.len() else None)


def test_an_item_that_is_not_in_scope_has_no_projection_no_events_and_no_history() -> None:
    served(firm(**merged(BASE, order("S1", "bolt", 5, site_id="south"))))
    elsewhere = scoped(categories=("metal",))
    assert inventory.projection(OWNER, elsewhere, "lamp").is_empty()
    assert inventory.events(OWNER, scoped(suppliers=("v2",)), "bolt").is_empty()
    assert inventory.history(OWNER, scoped(suppliers=("v2",)), "bolt")["demand"].sum() == 0


def test_history_is_that_of_the_scopes_sites() -> None:
    levels = [
        {"product_id": "bolt", "site_id": site, "as_of_on": day, "on_hand": on_hand}
        for site, day, on_hand in (("north/a", DAY - timedelta(days=2), 5), ("north/a", DAY, 3), ("south", DAY, 40))
    ]
    served(firm(**merged(BASE, {"inventory_levels": levels}, order("S1", "bolt", 2, site_id="north"))))
    past = inventory.history(OWNER, Scope(history_days=3, sites=("north",)), "bolt")
    assert past["on_hand"].to_list() == [5, 5, 3]
    assert past["demand"].to_list() == [0, 0, 2]


def orders_of_two() -> Firm:
    person = order("S1", "bolt", 5, site_id="south")
    company = order("S2", "bolt", 7, site_id="south", customer_id="k2")
    return firm(**merged(BASE, person, company))


def parties(who: Viewer) -> list[tuple[Any, ...]]:
    return inventory.events(who, SCOPE, "bolt").select("number", "party", "quantity").sort("quantity").rows()


def test_the_name_of_a_person_needs_personal_data_that_of_a_company_does_not() -> None:
    served(orders_of_two())
    assert parties(OWNER) == [("S1", "Smith", 5), ("S2", "Works", 7)]
    assert parties(viewer("manager")) == [("S1", None, 5), ("S2", "Works", 7)]


def test_an_order_of_a_customer_of_another_region_draws_on_stock_without_saying_whose_it_is() -> None:
    served(orders_of_two())
    assert parties(viewer(regions=frozenset({"S"}))) == [(None, None, 5), ("S2", "Works", 7)]


def test_a_work_order_that_takes_a_component_is_no_customers_and_keeps_its_number() -> None:
    work = {"work_order_id": "W1", "number": "W1", "product_id": "lamp", "quantity": 1, "site_id": "south"}
    takes = {"stock_move_id": "M1", "product_id": "bolt", "kind": "consumption", "status": "planned", "quantity": 3}
    move = takes | {"from_site_id": "south", "work_order_id": "W1"}
    served(firm(**merged(BASE, {"work_orders": [work], "stock_moves": [move]})))
    assert parties(viewer(regions=frozenset({"S"}))) == [("W1", None, 3)]


def test_the_day_is_that_of_the_latest_count_else_that_of_the_snapshot() -> None:
    counted = {"product_id": "bolt", "site_id": "south", "as_of_on": date(2026, 2, 2), "on_hand": 1}
    served(firm(**merged(BASE, {"inventory_levels": [counted]})))
    assert inventory.day(OWNER) == date(2026, 2, 2)
    assert inventory.day(viewer(regions=frozenset({"N"}))) == MADE_AT.date()


def test_another_day_than_that_of_the_data_is_refused_and_not_answered_wrongly() -> None:
    served(firm(**BASE))
    assert inventory.outlook(OWNER, scoped(as_of=MADE_AT.date())).height == 2
    with pytest.raises(inventory.NotKept, match="2026-04-01"):
        inventory.outlook(OWNER, scoped(as_of=DAY))


def test_an_answer_reads_the_version_it_is_given() -> None:
    first = served(firm(**merged(BASE, order("S1", "bolt", 5))))
    served(firm(**merged(BASE, order("S1", "bolt", 9))))
    assert inventory.outlook(OWNER, SCOPE, version=first)["open_demand"].sum() == 5
    assert inventory.outlook(OWNER, SCOPE)["open_demand"].sum() == 9


def test_a_history_longer_than_thirteen_weeks_is_counted_whole() -> None:
    old = order("S1", "bolt", 300, status="done", ordered_at=noon(DAY - timedelta(days=298)))
    counted = {"product_id": "bolt", "site_id": "south", "as_of_on": DAY, "on_hand": 1}
    served(firm(**merged(BASE, old, {"inventory_levels": [counted]})))
    told = inventory.outlook(OWNER, Scope(history_days=299)).filter(pl.col("product_id") == "bolt")
    assert told["daily_demand"].item() == pytest.approx(300 / 299)
    assert inventory.outlook(OWNER, Scope(history_days=298))["daily_demand"].drop_nulls().is_empty()

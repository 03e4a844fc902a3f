"""What a viewer is told of demand to come: rights first, then the scope; parts add up to the whole."""

from datetime import UTC, datetime, timedelta
from functools import cache

import polars as pl
import pytest

from analytics.access import NotAllowed, Viewer
from analytics.crm_gains import TESTS
from analytics.demand_outlook import Frames, outlooks
from analytics.scope import Scope
from answers import Snapshot, accuracy, demand
from data_access import studies
from data_access.home import firm_home
from tests.analytics import demand_firm
from tests.analytics.demand_firm import AS_OF
from tests.analytics.firm import firm
from tests.answers.served import served

OWNER, EVERYTHING = Viewer(user="ada", role="owner"), Scope()
NORTH = Viewer(user="ada", role="owner", regions=frozenset({"N"}))
AT = datetime(2026, 4, 1, tzinfo=UTC)
CHANCES = [("p0", "sN", "c", "N", AS_OF, 7, 0.1, False), ("p1", "sS", "c", "S", AS_OF, 7, 0.9, True)]


@cache
def told() -> Frames:
    """The study of both regions, worked out once."""
    return outlooks(demand_firm.firm("N", "S"))


def published(categories: str | tuple[str | None, ...] = "ab") -> Snapshot:
    """The firm of the study, without it."""
    products = [
        {"product_id": f"p{number}", "sku": f"P{number}", "name": f"Item {number}", "kind": "storable", "unit": "pcs",
         "category_id": categories[number % len(categories)], "list_price": 2, "currency": "EUR", "company_id": "*"}
        for number in range(12)
    ]  # fmt: skip
    sites = [
        {"site_id": f"s{name}", "main_site_id": f"s{name}", "name": name, "region": name, "kind": "warehouse"}
        for name in "NS"
    ]
    return served(
        firm(
            companies=[{"company_id": "c", "currency": "EUR", "is_active": True}],
            products=products,
            product_categories=[{"category_id": name, "name": name, "company_id": "*"} for name in "ab"],
            sites=[site | {"company_id": "c"} for site in sites],
            inventory_levels=[
                {"product_id": "p0", "site_id": "sN", "as_of_on": AS_OF, "on_hand": 1, "company_id": "c"}
            ],
        )
    )


@pytest.fixture
def version(home: object) -> Snapshot:
    """The firm with its studies."""
    snapshot = published()
    studies.save(firm_home(), demand.STUDY, snapshot, told(), as_of_on=AS_OF, at=AT)
    names = ["product_id", "site_id", "company_id", "region", "as_of_on", "days", "chance", "came"]
    rows = pl.DataFrame(CHANCES, schema=names, orient="row").with_columns(pl.col("days").cast(pl.Int64))
    frames = {"chances": rows, "kept": rows.clear(), "said": rows.drop("came")}
    studies.save(firm_home(), accuracy.STUDY, snapshot, frames, as_of_on=AS_OF, at=AT)
    return snapshot


def test_while_there_is_no_study_nothing_is_told_and_nothing_fails() -> None:
    published()
    assert demand.as_of(OWNER) is None
    asked = (
        demand.history,
        demand.weeks,
        demand.days,
        demand.spans,
        demand.parts,
        demand.odd,
        demand.foretold,
        demand.signs,
    )
    assert all(ask(OWNER, EVERYTHING).is_empty() for ask in asked)
    assert demand.items(OWNER, EVERYTHING).is_empty()
    assert accuracy.skill(OWNER, EVERYTHING, "chances").is_empty()


def test_who_may_not_see_inventory_is_told_nothing(version: Snapshot) -> None:
    nobody = Viewer(user="ada", role="administrator")
    for ask in (demand.history, demand.weeks, demand.spans, demand.items, demand.foretold, demand.signs):
        with pytest.raises(NotAllowed):
            ask(nobody, EVERYTHING)
    with pytest.raises(NotAllowed):
        accuracy.chances(nobody, EVERYTHING, "chances")


def test_items_and_regions_add_up_to_the_whole(version: Snapshot) -> None:
    whole = demand.spans(OWNER, EVERYTHING).filter(pl.col("days") == 91)["mean"].item()
    assert demand.items(OWNER, EVERYTHING)["value"].sum() == pytest.approx(whole, rel=1e-9)
    parts = [demand.spans(OWNER, Scope(regions=(name,))).filter(pl.col("days") == 91)["mean"].item() for name in "NS"]
    assert sum(parts) == pytest.approx(whole, rel=1e-9)
    categories = [demand.spans(OWNER, Scope(categories=(name,)))["mean"][2] for name in "ab"]
    assert sum(categories) == pytest.approx(whole, rel=1e-9)


def test_weeks_and_days_add_up_to_their_spans(version: Snapshot) -> None:
    spans = dict(demand.spans(OWNER, EVERYTHING).select("days", "mean").iter_rows())
    assert demand.weeks(OWNER, EVERYTHING)["mean"].sum() == pytest.approx(spans[91], rel=1e-9)
    assert demand.days(OWNER, EVERYTHING)["mean"].sum() == pytest.approx(spans[28], rel=1e-9)


def test_who_sees_one_region_is_told_as_if_there_were_no_other(version: Snapshot) -> None:
    mine = demand.weeks(NORTH, EVERYTHING)
    assert mine.equals(demand.weeks(OWNER, Scope(regions=("N",))))
    assert set(demand.sites(NORTH, EVERYTHING, "p3")["site_id"]) == {"sN"}
    assert accuracy.chances(NORTH, EVERYTHING, "chances")["site_id"].to_list() == ["sN"]


def test_several_items_count_at_list_prices_and_one_in_its_unit(version: Snapshot) -> None:
    assert demand.measure(OWNER, EVERYTHING).currency == "EUR"
    assert demand.measure(OWNER, EVERYTHING, "p3") == demand.Measure(None, "pcs", 0)
    history = demand.history(OWNER, EVERYTHING, "p3")
    recorded = told()["demand_weeks"].filter(pl.col("product_id") == "p3")["recorded"].sum()
    assert history["recorded"].sum() == recorded
    assert (history["week_on"].diff().drop_nulls() == timedelta(days=7)).all()


def test_one_item_at_one_site_has_the_quantiles_of_the_study(version: Snapshot) -> None:
    mine = demand.weeks(NORTH, EVERYTHING, "p3")
    own = told()["weeks"].filter((pl.col("product_id") == "p3") & (pl.col("region") == "N")).sort("week_on")
    assert mine["q90"].to_list() == own["q90"].to_list()


def test_bands_of_a_sum_are_narrower_in_ratio_than_those_of_its_items(version: Snapshot) -> None:
    whole = demand.spans(OWNER, EVERYTHING).filter(pl.col("days") == 28).row(0, named=True)
    items = demand.items(OWNER, EVERYTHING)
    assert whole["q10"] < whole["mean"] < whole["q90"]
    of_items = ((items["high_28"] - items["low_28"]) / items["mean_28"]).median()
    assert (whole["q90"] - whole["q10"]) / whole["mean"] < of_items


def test_hindcasts_of_the_whole_stand_beside_what_came_and_what_anybody_could_say(version: Snapshot) -> None:
    rows = demand.foretold(OWNER, EVERYTHING)
    history = demand.history(OWNER, EVERYTHING)
    week = rows.filter(pl.col("weeks") == 1).row(0, named=True)
    assert week["came"] == pytest.approx(history.filter(pl.col("week_on") == week["week_on"])["recorded"].item())
    missed = demand.missed(rows)
    assert missed["weeks"].to_list() == [1, 4, 13]
    assert missed["missed"].is_between(0.0, 1.0).all()
    assert demand.foretold(OWNER, Scope(sites=("sN",))).is_empty()


def test_what_nobody_could_have_said_and_what_never_came_has_no_error() -> None:
    case = {**dict.fromkeys(demand.QUANTILES, 0.0), "weeks": 4, "mean": 5.0, "came": 4.0, "average": 2.0}
    known = pl.DataFrame([{**case, "last_year": 3.0}, {**case, "last_year": None}])
    assert demand.missed(known).select("missed", "missed_last_year", "missed_average").rows() == [(0.25, None, 0.5)]
    nothing = demand.missed(known.with_columns(came=pl.lit(0.0)))
    assert nothing.select("cases", "missed", "missed_average", "bias").rows() == [(2, None, None, None)]


def test_without_prices_demand_counts_in_the_unit_that_most_items_have(version: Snapshot) -> None:
    unpriced = told() | {"leaves": told()["leaves"].with_columns(price=pl.lit(0.0), worth=pl.lit(0.0))}
    studies.save(firm_home(), demand.STUDY, version, unpriced, as_of_on=AS_OF, at=AT + timedelta(hours=1))
    measure = demand.measure(OWNER, EVERYTHING)
    assert (measure.currency, measure.unit, measure.left_out) == (None, "pcs", 0)
    expected = demand.spans(OWNER, EVERYTHING).filter(pl.col("days") == 91)["mean"].item()
    assert expected == pytest.approx(demand.items(OWNER, EVERYTHING)["mean_91"].sum())
    assert demand.how_far(OWNER, EVERYTHING).is_empty()
    assert demand.parts(OWNER, EVERYTHING).is_empty()


def test_errors_are_told_by_horizon_and_class(version: Snapshot) -> None:
    assert demand.accuracy(OWNER, EVERYTHING).height == 5
    by_class = demand.accuracy(OWNER, EVERYTHING, "abc")
    assert set(by_class["abc"]) <= {"A", "B", "C"}
    assert by_class["cases"].sum() == demand.accuracy(OWNER, EVERYTHING)["cases"].sum()


def test_parts_of_categories_add_up_to_what_counted(version: Snapshot) -> None:
    rows = demand.parts(OWNER, EVERYTHING)
    together = rows.select(pl.sum_horizontal("level", "season", "events", "rest")).to_series()
    assert together.to_list() == pytest.approx(rows["asked"].to_list(), abs=1e-6)
    assert (rows["low"] <= rows["high"]).all()


def test_what_signs_add_is_told_of_all_categories_first(version: Snapshot) -> None:
    """Half of what is missed of category a in region N; nothing elsewhere."""
    rows = [
        ("c", region, name, "EUR", AS_OF - timedelta(days=28 * at), 10.0, 2.0, 1.0 if region + name == "Na" else 2.0,
         [2.0] * 19)
        for region in "NS" for name in "ab" for at in range(1, 10)
    ]  # fmt: skip
    tests = pl.DataFrame(rows, schema=TESTS, orient="row")
    studies.save(firm_home(), demand.STUDY, version, told() | {"crm_tests": tests}, as_of_on=AS_OF, at=AT)
    found = demand.signs(OWNER, EVERYTHING)
    assert found["category_id"].to_list() == [None, "a", "b"]
    assert found["gained"].to_list() == pytest.approx([1 / 8, 1 / 4, 0.0])
    assert found.select("tests", "used", "places").rows() == [(9, 0, 4), (9, 0, 2), (9, 0, 2)]
    mine = demand.signs(NORTH, EVERYTHING)
    assert mine["gained"].to_list() == pytest.approx([1 / 4, 1 / 2, 0.0])
    assert demand.signs(OWNER, Scope(sites=("sN",))).is_empty()


def test_signs_are_told_also_of_a_firm_whose_items_are_not_all_in_a_category() -> None:
    version = published(("a", None))
    rows = [
        ("c", "N", name, "EUR", AS_OF - timedelta(days=28 * at), 10.0, 2.0, 1.0, [2.0] * 19)
        for name in ("a", None) for at in range(1, 10)
    ]  # fmt: skip
    tests = pl.DataFrame(rows, schema=TESTS, orient="row")
    effects = told()["crm_effects"]
    both = pl.concat([effects, effects.with_columns(category_id=pl.lit(None, dtype=pl.String))])
    frames = told() | {"crm_tests": tests, "crm_effects": both}
    studies.save(firm_home(), demand.STUDY, version, frames, as_of_on=AS_OF, at=AT)
    found = demand.signs(OWNER, EVERYTHING)
    assert found.select("category_id", "tests").rows() == [(None, 9), ("a", 9)]

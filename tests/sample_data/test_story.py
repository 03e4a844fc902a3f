"""What the story says was planted can be seen in the tables, and only there where it says."""

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl
import pytest

from sample_data import Fact, company, truth

LAST = date(2026, 6, 30)
SCALE = 0.5


@pytest.fixture(scope="module")
def told() -> Mapping[str, pl.DataFrame]:
    """A sample that is large enough for the story to stand out from chance."""
    return company(scale=SCALE)


@pytest.fixture(scope="module")
def facts() -> tuple[Fact, ...]:
    return truth(scale=SCALE)


def of(facts: tuple[Fact, ...], kind: str) -> tuple[Fact, ...]:
    found = tuple(fact for fact in facts if fact.kind == kind)
    assert found, kind
    return found


def days_late(told: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Per purchase line: days after the first agreed day, for what is missing counted until today."""
    orders = told["purchase_orders"].filter(pl.col("status").is_in(["confirmed", "done"]))
    lines = told["purchase_order_lines"].join(orders.select("purchase_order_id", "supplier_id"), on="purchase_order_id")
    due = lines.filter(pl.col("first_due_on") <= LAST)
    late = (pl.col("received_on").fill_null(LAST) - pl.col("first_due_on")).dt.total_days()
    return due.select("supplier_id", "first_due_on", late=late)


def test_the_slipping_supplier_gets_later_and_no_other_does(
    told: Mapping[str, pl.DataFrame], facts: tuple[Fact, ...]
) -> None:
    (fact,) = of(facts, "supplier_slips")
    since = fact.from_on
    late = days_late(told).with_columns(
        recent=pl.col("first_due_on") >= since, its=pl.col("supplier_id") == fact.supplier_id
    )
    rows = late.group_by("its", "recent").agg(pl.col("late").mean()).iter_rows()
    mean = {(its, recent): days for its, recent, days in rows}
    assert mean[True, True] - mean[True, False] > 5
    assert abs(mean[False, True] - mean[False, False]) < 2


def lines_a_day(told: Mapping[str, pl.DataFrame], country: str, first: date, last: date) -> pl.DataFrame:
    """Per product: order lines a day from customers of a country, first and last day included."""
    buyers = told["customers"].filter(pl.col("country") == country).select("customer_id")
    orders = told["sales_orders"].filter(pl.col("ordered_at").dt.date().is_between(first, last))
    lines = told["sales_order_lines"].join(
        orders.join(buyers, on="customer_id", how="semi"), on="sales_order_id", how="semi"
    )
    return lines.group_by("product_id").agg(rate=pl.len() / ((last - first).days + 1))


def test_one_product_surges_in_one_country(told: Mapping[str, pl.DataFrame], facts: tuple[Fact, ...]) -> None:
    (fact,) = of(facts, "product_surges")
    since = fact.from_on
    assert fact.country is not None
    now = lines_a_day(told, fact.country, since, LAST)
    before = lines_a_day(told, fact.country, since - timedelta(days=200), since - timedelta(days=1))
    both = now.join(before, on="product_id", suffix="_before").with_columns(gain=pl.col("rate") - pl.col("rate_before"))
    assert both.sort("gain")["product_id"][-1] == fact.product_id
    surge = both.filter(pl.col("product_id") == fact.product_id)
    assert (surge["rate"] / surge["rate_before"]).item() > fact.size / 2


def at_hand(told: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Per product and main site: on hand less reserved today."""
    sites = told["sites"].select("site_id", "main_site_id")
    today = told["inventory_levels"].filter(pl.col("as_of_on") == LAST).join(sites, on="site_id", validate="m:1")
    return today.group_by("product_id", "main_site_id").agg(
        free=(pl.col("on_hand") - pl.col("reserved")).sum().cast(pl.Float64)
    )


def drawn_a_day(told: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Per product and main site: what left for customers, production and other sites on a day of the last half year."""
    sites = told["sites"].select("main_site_id", from_site_id="site_id")
    kinds = ["delivery", "consumption", "transfer"]
    gone = told["stock_moves"].filter((pl.col("status") == "done") & pl.col("kind").is_in(kinds))
    recent = gone.filter(pl.col("moved_at").dt.date() > LAST - timedelta(days=180)).join(sites, on="from_site_id")
    return recent.group_by("product_id", "main_site_id").agg(rate=pl.col("quantity").sum().cast(pl.Float64) / 180)


def test_what_runs_out_is_not_on_order_and_does_not_last_until_it_could_come(
    told: Mapping[str, pl.DataFrame], facts: tuple[Fact, ...]
) -> None:
    offers = (
        told["supplier_products"].filter(pl.col("priority") == 0).select("company_id", "product_id", "lead_time_days")
    )
    orders = told["purchase_orders"].filter(pl.col("status") == "confirmed").select("purchase_order_id", "site_id")
    awaited = told["purchase_order_lines"].join(orders, on="purchase_order_id")
    awaited = awaited.filter(pl.col("received_quantity") < pl.col("quantity"))
    for fact in of(facts, "product_runs_out"):
        here = (pl.col("product_id") == fact.product_id) & (pl.col("main_site_id") == fact.site_id)
        lead = offers.filter((pl.col("product_id") == fact.product_id) & (pl.col("company_id") == fact.company_id))
        assert awaited.filter(
            (pl.col("product_id") == fact.product_id) & (pl.col("site_id") == fact.site_id)
        ).is_empty()
        free = at_hand(told).filter(here)["free"].item()
        needed = float(drawn_a_day(told).filter(here)["rate"].sum()) * float(lead["lead_time_days"].item())
        assert free <= max(needed, 1.0)


def test_the_overstocked_site_covers_several_times_what_the_others_do(
    told: Mapping[str, pl.DataFrame], facts: tuple[Fact, ...]
) -> None:
    (fact,) = of(facts, "site_overstocked")
    cover = at_hand(told).join(drawn_a_day(told), on=["product_id", "main_site_id"], validate="1:1")
    cover = cover.group_by("main_site_id").agg(days=pl.col("free").sum() / pl.col("rate").sum())
    days = dict(cover.iter_rows())
    others = [days[site] for site in ("HAM", "CAN", "ULM", "AUG", "SUZ")]
    assert days[fact.site_id] > 2 * sum(others) / len(others)


def test_what_fades_sold_in_the_first_quarter_and_hardly_in_the_last(
    told: Mapping[str, pl.DataFrame], facts: tuple[Fact, ...]
) -> None:
    faded = [fact.product_id for fact in of(facts, "product_fades")]
    first = told["sales_orders"]["ordered_at"].dt.date().min()
    assert isinstance(first, date)
    spans = ((first, first + timedelta(days=90)), (LAST - timedelta(days=90), LAST))
    early, late = (
        sum(
            lines_a_day(told, country, *span).filter(pl.col("product_id").is_in(faded))["rate"].sum()
            for country in ("DE", "AT", "CN")
        )
        for span in spans
    )
    assert late < early / 2


def test_one_level_is_below_zero_today_because_somebody_booked_it(told: Mapping[str, pl.DataFrame]) -> None:
    below = told["inventory_levels"].filter((pl.col("as_of_on") == LAST) & (pl.col("on_hand") < 0))
    booked = told["stock_moves"].filter((pl.col("kind") == "adjustment") & (pl.col("moved_at").dt.date() == LAST))
    assert below.height == 1
    assert below.join(
        booked, left_on=["product_id", "site_id"], right_on=["product_id", "from_site_id"], how="anti"
    ).is_empty()

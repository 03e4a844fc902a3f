"""Numbers: the rows behind each add up to it, whatever the scope and whoever looks; and what it is compared with."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import polars as pl
import pytest

from analytics.access import RIGHTS, NotAllowed, Viewer
from analytics.metrics import DIMENSIONS, METRICS
from analytics.scope import Scope
from analytics.tables.own import TARGETED
from answers import Snapshot, changes
from answers.asked import Member, knows
from answers.evidence import evidence
from answers.metrics import Reading, series, value
from tests.answers.conftest import UNTIL

OWNER = Viewer(user="o", role="owner")
ROLES = {role: Viewer(user="u", role=role) for role in RIGHTS}
LIMITED = {
    "one company": Viewer(user="u", role="executive", companies=frozenset({"files:TQ-CN"})),
    "one region": Viewer(user="u", role="executive", regions=frozenset({"Germany South"})),
}
VIEWERS = ROLES | LIMITED
FOR_EVERYBODY = ("last quarter", "a region")


def _first(sample: Snapshot, table: str, column: str) -> str:
    keys = sample.table(table, OWNER).select(column).drop_nulls().unique().sort(column).collect()
    return str(keys.item(0, 0))


def scopes(sample: Snapshot) -> dict[str, Scope]:
    """A spread of what can be asked."""
    return {
        "this month": Scope(),
        "last quarter": Scope(period="last_quarter", comparison="before"),
        "two odd days": Scope(period="2026-02-28..2026-03-01"),
        "a company": Scope(period="days_91", companies=(_first(sample, "companies", "company_id"),)),
        "a region": Scope(period="year", regions=("Germany South",)),
        "a category": Scope(period="days_365", categories=(_first(sample, "product_categories", "category_id"),)),
        "a site": Scope(period="days_365", sites=(_first(sample, "sites", "main_site_id"),)),
        "a supplier": Scope(period="days_365", suppliers=(_first(sample, "suppliers", "supplier_id"),)),
        "before all data": Scope(period="2001"),
        "after all data": Scope(period="2040-Q1"),
    }


def total(reading: Reading, rows: pl.DataFrame) -> float | None:
    """What the rows add up to."""
    numerator = rows["numerator"].drop_nulls()
    if not reading.metric.is_ratio:
        return float(numerator.sum()) if numerator.len() else None
    denominator = float(rows["denominator"].drop_nulls().sum())
    return float(numerator.sum()) / denominator * reading.metric.factor if denominator and numerator.len() else None


def agrees(found: float | None, expected: float | None) -> bool:
    if found is None or expected is None:
        return (found or 0.0) == (expected or 0.0)
    return found == pytest.approx(expected, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("name", METRICS)
def test_the_rows_behind_a_number_add_up_to_it_whatever_the_scope_and_whoever_looks(
    name: str, sample: Snapshot
) -> None:
    spread = scopes(sample)
    pairs = [(OWNER, asked) for asked in spread] + [*product(VIEWERS.values(), FOR_EVERYBODY)]
    for viewer, asked in pairs:
        if not METRICS[name].capabilities <= viewer.capabilities:
            continue
        scope = spread[asked]
        reading = value(viewer, scope, name, version=sample)
        rows = evidence(viewer, scope, name, version=sample)
        assert agrees(reading.value, total(reading, rows)), (viewer, asked)


@pytest.mark.parametrize("name", METRICS)
def test_a_number_opens_only_to_those_who_have_all_its_rights(name: str, sample: Snapshot) -> None:
    for role, viewer in ROLES.items():
        if METRICS[name].capabilities <= RIGHTS[role]:
            assert value(viewer, Scope(), name, version=sample).metric.name == name
        else:
            for answer in (value, series, evidence, changes.effects):
                with pytest.raises(NotAllowed):
                    answer(viewer, Scope(), name, version=sample)


@pytest.mark.parametrize("name", METRICS)
def test_the_members_of_every_dimension_add_up_to_the_sums_and_so_do_their_rows(name: str, sample: Snapshot) -> None:
    scope = Scope(period="days_91", comparison="before")
    reading = value(OWNER, scope, name, version=sample)
    for dimension in knows(METRICS[name]):
        column = {"product": "product_id", "customer": "customer_id", "region": "region"}.get(dimension)
        if column is None or reading.value is None:
            continue
        rows = evidence(OWNER, scope, name, version=sample)
        for key in rows[column].unique().sort().to_list()[:3]:
            member = Member(dimension=dimension, key=key)
            part = evidence(OWNER, scope, name, member=member, version=sample)
            assert part.sort("record_id").equals(rows.filter(pl.col(column).eq_missing(key)).sort("record_id"))
            own = value(OWNER, scope, name, member=member, version=sample)
            assert agrees(own.value, total(own, part))


@pytest.mark.parametrize("name", [m.name for m in METRICS.values() if m.time != "now"])
def test_contributions_add_up_to_the_change_for_sums_and_ratios_alike(name: str, sample: Snapshot) -> None:
    for asked in (Scope(), Scope(period="last_quarter", comparison="before"), Scope(period="days_365")):
        reading = value(OWNER, asked, name, version=sample)
        for dimension in knows(METRICS[name]):
            parts = changes.contributions(OWNER, asked, name, dimension, version=sample)
            if reading.change is None:
                assert parts["contribution"].is_null().all() or reading.compared_period is not None
                continue
            each = [float(part) for part in parts["contribution"].to_list()]
            size = sum(map(abs, each), start=abs(reading.value or 0.0) + abs(reading.adjusted or 0.0))
            assert abs(sum(each) - reading.change) <= 1e-9 * size


@pytest.mark.parametrize("name", changes.EXPLAINED)
def test_effects_add_up_to_the_change_against_what_it_was(name: str, sample: Snapshot) -> None:
    for asked in (Scope(), Scope(period="last_quarter", comparison="before"), Scope(period="days_365")):
        reading = value(OWNER, asked, name, version=sample)
        if reading.compared is None or reading.value is None:
            continue
        effects = changes.effects(OWNER, asked, name, version=sample)
        assert effects["amount"].sum() == pytest.approx(reading.value - reading.compared, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", [m.name for m in METRICS.values() if m.time != "now"])
def test_the_months_of_the_trend_are_what_one_reads_when_asking_for_the_month(name: str, sample: Snapshot) -> None:
    months = series(OWNER, Scope(), name, version=sample)
    for row in months.tail(3).iter_rows(named=True):
        asked = Scope(period=f"{row['month_on']:%Y-%m}")
        reading = value(OWNER, asked, name, version=sample)
        assert agrees(row["value"], reading.value)
        assert (row["target"] is None) == (reading.target is None)
        assert row["is_partial"] is reading.period.is_partial
    assert months["is_partial"].to_list() == [False] * 12 + [True]


def test_revenue_is_the_slow_sum_of_posted_invoice_lines(sample: Snapshot) -> None:
    first, last = date(2026, 5, 1), date(2026, 5, 31)
    invoices = sample.table("invoices", OWNER).collect()
    posted = {
        row["invoice_id"]
        for row in invoices.iter_rows(named=True)
        if row["status"] == "posted" and first <= row["invoiced_on"] <= last and row["company_id"] == "files:TQ-DE"
    }
    lines = sample.table("invoice_lines", OWNER).collect().iter_rows(named=True)
    slow = sum(row["amount_untaxed"] for row in lines if row["invoice_id"] in posted)
    asked = Scope(period="2026-05", companies=("files:TQ-DE",))
    assert value(OWNER, asked, "revenue", version=sample).value == pytest.approx(float(slow), rel=1e-12)
    assert slow > 0


def test_overdue_receivables_are_the_slow_sum_of_what_is_open_after_its_day(sample: Snapshot) -> None:
    invoices = sample.table("invoices", OWNER).collect().iter_rows(named=True)
    slow = sum(
        row["amount_open"]
        for row in invoices
        if row["status"] == "posted" and row["due_on"] < UNTIL and row["company_id"] == "files:TQ-DE"
    )
    reading = value(OWNER, Scope(companies=("files:TQ-DE",)), "overdue_receivables", version=sample)
    assert reading.value == pytest.approx(float(slow), rel=1e-9)
    assert slow > 0


def test_stock_value_is_what_the_outlook_on_inventory_shows(sample: Snapshot) -> None:
    both = [value(OWNER, Scope(), name, version=sample).value for name in ("stock_value", "stock_in_scope")]
    assert both[0] == pytest.approx(both[1], rel=1e-9)


def test_a_period_that_is_not_over_is_said_to_be_so_and_compared_with_as_many_days(sample: Snapshot) -> None:
    reading = value(OWNER, Scope(), "revenue", version=sample)
    assert reading.period.is_partial
    assert reading.compared_period is not None
    assert (reading.compared_period.first, reading.compared_period.until) == (date(2025, 6, 1), date(2025, 6, 22))


def test_what_no_data_reaches_back_to_is_compared_with_nothing(sample: Snapshot) -> None:
    reading = value(OWNER, Scope(period="2023", comparison="last_year"), "revenue", version=sample)
    assert (reading.compared_period, reading.compared, reading.adjusted) == (None, None, None)


def test_a_period_before_all_data_has_no_value_and_not_zero(sample: Snapshot) -> None:
    for name in ("revenue", "on_time_in_full", "stock_value", "complaints"):
        reading = value(OWNER, Scope(period="2001"), name, version=sample)
        assert (reading.value, reading.reason) == (None, "no_rows")


def test_a_number_that_is_not_known_by_a_filter_says_so(sample: Snapshot) -> None:
    reading = value(OWNER, Scope(sites=("files:AUG",)), "overdue_receivables", version=sample)
    assert (reading.value, reading.reason) == (None, "not_by_site")


def test_last_year_counts_for_as_many_working_days(sample: Snapshot) -> None:
    reading = value(OWNER, Scope(companies=("files:TQ-DE",)), "revenue", version=sample)
    days = sample.aggregate("working_days", OWNER).filter(pl.col("company_id") == "files:TQ-DE").collect()
    assert reading.compared_period is not None

    def worked(first: date, last: date) -> float:
        return float(days.filter(pl.col("day_on").is_between(first, last))["share"].sum())

    now = worked(reading.period.first, reading.period.until)
    then = worked(reading.compared_period.first, reading.compared_period.until)
    assert reading.adjusted == pytest.approx((reading.compared or 0) * now / then)


def test_converting_happens_at_the_rate_of_the_day(sample: Snapshot) -> None:
    orders = sample.table("sales_orders", OWNER).filter(pl.col("currency") == "CNY", pl.col("status") == "done")
    day = orders.select(pl.col("ordered_at").dt.date().max()).collect().item()
    asked = Scope(period=f"{day}..{day}")
    rows = evidence(OWNER, asked, "orders_taken", version=sample).filter(pl.col("currency") == "CNY")
    rates = sample.table("exchange_rates", OWNER).filter(pl.col("currency") == "CNY", pl.col("valid_from_on") <= day)
    rate = float(rates.sort("valid_from_on").collect()["rate"][-1])
    assert rows.height
    for row in rows.iter_rows(named=True):
        assert row["numerator"] == pytest.approx(row["amount"] / rate)


def test_every_metric_that_may_have_a_target_is_in_the_registry() -> None:
    assert set(TARGETED) <= set(METRICS)
    assert not [name for name in TARGETED if METRICS[name].time == "now" and name != "margin_at_risk"]


def test_a_target_of_a_month_counts_by_its_working_days_so_far(sample: Snapshot) -> None:
    scope = Scope(companies=("files:TQ-DE",))
    targets = sample.table("targets", OWNER).collect()
    plan = targets.filter(
        (pl.col("metric") == "revenue")
        & (pl.col("company_id") == "files:TQ-DE")
        & (pl.col("period_starts_on") == date(2026, 6, 1))
        & pl.col("region").is_null()
        & pl.col("category_id").is_null()
    )
    days = sample.aggregate("working_days", OWNER).filter(pl.col("company_id") == "files:TQ-DE").collect()
    june = days.filter(pl.col("day_on").is_between(date(2026, 6, 1), date(2026, 6, 30)))
    share = float(june.filter(pl.col("day_on") <= UNTIL)["share"].sum()) / float(june["share"].sum())
    reading = value(OWNER, scope, "revenue", version=sample)
    assert reading.target == pytest.approx(float(plan["value"].item()) * share)
    whole = value(OWNER, replace(scope, period="2026-05"), "revenue", version=sample)
    assert whole.target is not None


def test_there_is_no_target_where_none_is_kept_for_exactly_what_is_asked(sample: Snapshot) -> None:
    for asked in (Scope(sites=("files:AUG",)), Scope(suppliers=("files:S-01",)), Scope(period="2001")):
        assert value(OWNER, asked, "revenue", version=sample).target is None


def test_dimensions_are_those_of_the_registry() -> None:
    assert all(set(knows(metric)) <= set(DIMENSIONS) for metric in METRICS.values())
    with pytest.raises(ValueError, match="no dimension"):
        Member(dimension="planet", key="mars")


def test_levels_are_those_of_the_periods_last_day(sample: Snapshot) -> None:
    day = UNTIL - timedelta(days=40)
    levels = sample.table("inventory_levels", OWNER).filter(pl.col("as_of_on") <= day).collect()
    latest = levels.sort("as_of_on").unique(("product_id", "site_id"), keep="last")
    rows = evidence(OWNER, Scope(period=f"{day}..{day}"), "stock_value", version=sample)
    mains = sample.table("sites", OWNER).filter(pl.col("kind") != "transit").select("site_id").collect()
    storable = sample.table("products", OWNER).filter(pl.col("kind") == "storable").select("product_id").collect()
    held = latest.join(mains, on="site_id", how="semi").join(storable, on="product_id", how="semi")
    assert rows["quantity"].sum() == pytest.approx(float(held["on_hand"].sum()))

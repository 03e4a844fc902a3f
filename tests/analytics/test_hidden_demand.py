"""Empty shelves hide demand: where less than usual was ordered, not where customers wait."""

from datetime import date, timedelta

import polars as pl

from analytics.hidden_demand import HIDDEN, hidden_demand

AS_OF = date(2026, 3, 31)
DAYS = 360
PLACE = {"product_id": "p", "site_id": "s", "company_id": "c", "region": "N"}


def days(first: int, last: int) -> list[date]:
    """From so many days before the last day to so many."""
    return [AS_OF - timedelta(days=back) for back in range(first, last - 1, -1)]


def orders(quiet: tuple[int, int] | None, others: int = 4) -> pl.DataFrame:
    """One order of two units every day, none from quiet[0] to quiet[1] days ago; and other products, every day."""
    still = set(days(*quiet)) if quiet else set()
    rows = [{**PLACE, "day_on": day, "quantity": 2.0} for day in days(DAYS, 0) if day not in still]
    rows += [
        {**PLACE, "product_id": f"o{number}", "day_on": day, "quantity": 1.0}
        for number in range(others)
        for day in days(DAYS, 0)
    ]
    return pl.DataFrame(rows)


def stock(*levels: tuple[int, float]) -> pl.DataFrame:
    """Changes of stock, from levels at so many days ago."""
    before, rows = 0.0, []
    for back, level in levels:
        rows.append({**PLACE, "day_on": AS_OF - timedelta(days=back), "change": level - before})
        before = level
    return pl.DataFrame(rows)


EMPTY_FOR_TWO_WEEKS = stock((400, 100.0), (60, 0.0), (45, 80.0))


def test_what_an_empty_shelf_cost_is_most_of_what_is_usually_ordered() -> None:
    found = hidden_demand(orders((59, 46)), EMPTY_FOR_TWO_WEEKS, AS_OF)
    assert found["day_on"].min() == AS_OF - timedelta(days=59)
    assert found["day_on"].max() == AS_OF - timedelta(days=46)
    assert 0.7 * 14 * 2 <= float(found["lost"].sum()) <= 14 * 2
    assert (found["chance"] > 0.9).all()


def test_where_customers_order_all_the_same_nothing_was_hidden() -> None:
    assert hidden_demand(orders(None), EMPTY_FOR_TWO_WEEKS, AS_OF).is_empty()


def test_a_quiet_time_with_stock_is_little_demand_and_no_secret() -> None:
    assert hidden_demand(orders((59, 46)), stock((400, 100.0)), AS_OF).is_empty()


def test_the_day_on_which_the_shelf_became_empty_still_sold() -> None:
    found = hidden_demand(orders((59, 46)), EMPTY_FOR_TWO_WEEKS, AS_OF)
    assert AS_OF - timedelta(days=60) not in found["day_on"].to_list()


def test_another_region_changes_nothing() -> None:
    alone = hidden_demand(orders((59, 46)), EMPTY_FOR_TWO_WEEKS, AS_OF)
    south = [rows.with_columns(region=pl.lit("S")) for rows in (orders((90, 10)), EMPTY_FOR_TWO_WEEKS)]
    both = hidden_demand(pl.concat([orders((59, 46)), south[0]]), pl.concat([EMPTY_FOR_TWO_WEEKS, south[1]]), AS_OF)
    assert both.filter(pl.col("region") == "N").equals(alone)


def test_a_firm_without_orders_or_stock_hides_nothing() -> None:
    nothing = orders(None).clear()
    assert hidden_demand(nothing, EMPTY_FOR_TWO_WEEKS, AS_OF).equals(pl.DataFrame(schema=HIDDEN))
    assert hidden_demand(orders(None), EMPTY_FOR_TWO_WEEKS.clear(), AS_OF).is_empty()

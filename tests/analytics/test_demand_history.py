"""Weekly demand: single large orders count with their usual part, empty shelves with what they cost."""

from datetime import date, timedelta

import polars as pl

from analytics.demand_classes import leaves
from analytics.demand_history import ONE_OFFS, one_offs, week_of, weekly
from analytics.hidden_demand import HIDDEN

AS_OF = date(2026, 3, 29)
PLACE = {"product_id": "p", "site_id": "s", "company_id": "c", "region": "N"}


def order(number: int, back: int, quantity: float) -> dict[str, object]:
    return {**PLACE, "number": f"o{number}", "day_on": AS_OF - timedelta(days=back), "quantity": quantity}


def orders(*sizes: float) -> pl.DataFrame:
    return pl.DataFrame([order(number, 7 * number, size) for number, size in enumerate(sizes)])


def daily(*days: tuple[int, float]) -> pl.DataFrame:
    return pl.DataFrame([{**PLACE, "day_on": AS_OF - timedelta(days=back), "quantity": size} for back, size in days])


NO_ODD, NO_HIDDEN = pl.DataFrame(schema=ONE_OFFS), pl.DataFrame(schema=HIDDEN)


def test_a_week_is_the_seven_days_that_end_on_the_last_known_day() -> None:
    told = pl.DataFrame({"day_on": [AS_OF - timedelta(days=back) for back in (0, 6, 7)]})
    ends = told.select(week_of(pl.col("day_on"), AS_OF)).to_series().to_list()
    assert ends == [AS_OF, AS_OF, AS_OF - timedelta(days=7)]


def test_one_order_of_fifty_among_orders_of_two_counts_as_two() -> None:
    large = one_offs(orders(2, 2, 2, 3, 2, 1, 2, 50))
    assert large.select("quantity", "usual").rows() == [(50.0, 2.0)]


def test_seven_orders_are_too_few_to_call_one_large() -> None:
    assert one_offs(orders(2, 2, 2, 2, 2, 2, 50)).is_empty()


def test_orders_that_are_always_uneven_have_no_large_one() -> None:
    assert one_offs(orders(1, 40, 2, 30, 1, 50, 3, 20, 1, 60)).is_empty()


def test_the_usual_part_of_a_large_order_and_what_was_lost_count() -> None:
    large = pl.DataFrame([{**order(1, 0, 50.0), "usual": 2.0}], schema=ONE_OFFS)
    lost = pl.DataFrame([{**PLACE, "day_on": AS_OF, "lost_lines": 1.0, "lost": 2.6, "chance": 0.9}], schema=HIDDEN)
    row = weekly(daily((0, 50.0), (1, 4.0)), large, lost, AS_OF).row(0, named=True)
    assert (row["recorded"], row["one_off"], row["lost"], row["counted"]) == (54.0, 48.0, 3.0, 9.0)


def test_weeks_in_which_more_came_back_than_was_asked_for_are_idle() -> None:
    assert weekly(daily((0, -5.0)), NO_ODD, NO_HIDDEN, AS_OF).is_empty()


def test_what_lies_after_the_last_day_or_three_years_back_is_not_looked_at() -> None:
    told = weekly(daily((-1, 5.0), (3 * 364 + 7, 5.0), (0, 1.0)), NO_ODD, NO_HIDDEN, AS_OF)
    assert told["recorded"].to_list() == [1.0]


def test_items_are_steady_lumpy_new_or_asleep() -> None:
    rows = []
    for product, weeks, sizes in (
        ("steady", range(52), [5.0]),
        ("lumpy", range(0, 52, 4), [1.0, 20.0]),
        ("new", range(10), [5.0]),
        ("asleep", [60], [5.0]),
    ):
        for number, week in enumerate(weeks):
            size = sizes[number % len(sizes)]
            rows.append({**PLACE, "product_id": product, "day_on": AS_OF - timedelta(days=7 * week), "quantity": size})
    told = weekly(pl.DataFrame(rows), NO_ODD, NO_HIDDEN, AS_OF)
    items = pl.DataFrame({"product_id": ["steady", "lumpy", "new", "asleep"], "category_id": "k", "list_price": 2.0})
    sold = pl.DataFrame(rows).filter(pl.col("product_id") == "steady").head(26)
    found = leaves(told, sold, items.with_columns(currency=pl.lit("EUR")), AS_OF)
    patterns = {"steady": "smooth", "lumpy": "lumpy", "new": "new", "asleep": "asleep"}
    assert dict(found.select("product_id", "pattern").iter_rows()) == patterns
    steady = found.filter(pl.col("product_id") == "steady").row(0, named=True)
    assert (steady["sold_share"], steady["worth"], steady["price"]) == (0.5, 1.0, 2.0)

"""Usual demand: how often, how much at a time, and how sure."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from analytics.demand import order_lines
from analytics.usual_demand import DRAWS, HALF_LIFE_DAYS, HISTORY_DAYS, LEAST_DAYS, draws, drift, sizes, usual_demand
from tests.analytics.firm import DAY, SITES, firm, merged, noon, order

Row = dict[str, Any]


def on(number: int) -> date:
    """So many days after today."""
    return DAY + timedelta(days=number)


def asked(*demands: tuple[int, float], known: int | None = None) -> pl.DataFrame:
    """Bolts at the north site: how many days ago, how many; known: how many days ago the bolt was created."""
    rows = [
        {"product_id": "bolt", "site_id": "north", "company_id": "c1", "day_on": on(-ago), "quantity": quantity}
        | {"known_on": None if known is None else on(-known)}
        for ago, quantity in demands
    ]
    return pl.DataFrame(rows, schema=DRAWS)


def usual(*demands: tuple[int, float], known: int | None = None) -> Row:
    return usual_demand(asked(*demands, known=known), DAY).row(0, named=True)


def moved(number: str, kind: str, left: str, reached: str | None, **fields: Any) -> Row:
    places = {"from_place": "internal", "to_place": "internal", "from_site_id": left, "to_site_id": reached}
    done = {"status": "done", "moved_at": noon(DAY), "product_id": "bolt", "quantity": 2}
    return {"stock_move_id": number, "kind": kind} | places | done | fields


def test_a_demand_a_day_is_a_rate_of_one() -> None:
    row = usual(*((ago, 3.0) for ago in range(30)))
    assert (row["rate"], row["mean_size"], row["square_size"]) == pytest.approx((1.0, 3.0, 9.0))


def test_a_demand_half_a_year_ago_weighs_half_and_a_quarter_of_a_year_ago_its_root() -> None:
    row = usual((0, 1.0), (HALF_LIFE_DAYS, 6.0))
    assert HALF_LIFE_DAYS == 182
    assert row["mean_size"] == pytest.approx((1.0 + 6.0 / 2) / 1.5)
    assert usual((0, 1.0), (91, 6.0))["mean_size"] == pytest.approx((1.0 + 6.0 * 0.5**0.5) / (1.0 + 0.5**0.5))


def test_idle_days_count() -> None:
    assert usual((0, 1.0), (1, 1.0), (60, 1.0))["rate"] < 0.1


def test_a_new_product_is_known_since_it_was_created() -> None:
    old = {"product_id": "nut", "site_id": "north", "company_id": "c1", "day_on": on(-300), "quantity": 1.0}
    daily = asked(*((ago, 1.0) for ago in range(20)), known=19)
    both = pl.concat([daily, pl.DataFrame([old | {"known_on": None}], schema=DRAWS)])
    rates = dict(usual_demand(both, DAY).select("product_id", "rate").iter_rows())
    assert rates["bolt"] == pytest.approx(1.0)
    assert rates["nut"] < 0.01


def test_what_began_yesterday_is_no_habit() -> None:
    assert usual((0, 1.0), (1, 1.0))["rate"] < 2 / (LEAST_DAYS - 1)


def test_what_is_older_than_a_year_or_lies_ahead_does_not_count() -> None:
    assert usual_demand(asked((HISTORY_DAYS, 5.0), (-1, 5.0)), DAY).is_empty()


def test_few_demands_leave_the_rate_unsure() -> None:
    assert usual((0, 4.0))["unsure"] == pytest.approx(1.0)
    assert usual(*[(0, 4.0)] * 10)["unsure"] == pytest.approx(0.1)


def test_sizes_keep_their_share_of_the_demands() -> None:
    rows = sizes(asked((0, 1.0), (0, 1.0), (0, 1.0), (0, 9.0)), DAY).select("quantity", "share").rows()
    assert rows == [(1.0, pytest.approx(0.75)), (9.0, pytest.approx(0.25))]


def test_orders_use_and_what_other_sites_are_sent_draw_on_a_site() -> None:
    moves = [
        moved("1", "consumption", "north/a", None, to_place="production"),
        moved("2", "transfer", "north/a", "road", quantity=3),
        moved("3", "transfer", "road", "south"),
        moved("4", "transfer", "north/a", "north/b", quantity=5),
        moved("5", "transfer", "north/a", "south", status="planned"),
    ]
    tables = firm(
        **merged(
            {"products": [{"product_id": "bolt", "kind": "storable"}], "sites": SITES, "stock_moves": moves},
            order("S1", "bolt", 7, site_id="north"),
        )
    )
    rows = draws(tables, order_lines(tables)).select("site_id", "quantity").sort("quantity").rows()
    assert rows == [("north", 2.0), ("north", 3.0), ("north", 7.0)]


def test_steady_demand_does_not_drift_and_demand_that_halves_and_doubles_does() -> None:
    steady = asked(*((ago, 1.0) for ago in range(200)))
    waves = asked(*((ago, 1.0) for ago in range(200) for _ in range(6 if ago // 28 % 2 else 1)))
    assert drift(steady, DAY) == 0.0
    assert drift(waves, DAY) > 0.1


def test_nothing_asked_for_has_no_usual_demand_and_no_drift() -> None:
    nothing = asked()
    assert usual_demand(nothing, DAY).is_empty()
    assert sizes(nothing, DAY).is_empty()
    assert drift(nothing, DAY) == 0.0

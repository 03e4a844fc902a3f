"""Cells: parts of months of which periods are made; and cubes, which hold what the facts hold."""

from datetime import date, timedelta

import polars as pl
import pytest

from analytics.aggregates import AGGREGATES
from analytics.cubes import CHUNK, Known, covering, cube_name, cubes, cubes_of, known_of, opening, starts, summed
from analytics.facts import FACTS
from analytics.periods import CODES, compared, period
from tests.analytics.firm import random_firm

DAYS = [date(2024, 1, 31), date(2024, 2, 29), date(2025, 2, 28), date(2026, 4, 30), date(2026, 6, 22), date(2026, 7, 1)]


def days(first: date, until: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((until - first).days + 1)]


def test_a_month_is_cut_after_the_day_that_the_data_stands_for() -> None:
    assert starts(date(2026, 6, 22), date(2026, 3, 22)) == (date(2026, 3, 1), date(2026, 3, 22))
    assert starts(date(2026, 6, 22), date(2026, 3, 23)) == (date(2026, 3, 23), date(2026, 3, 31))
    assert starts(date(2026, 3, 31), date(2026, 2, 3)) == (date(2026, 2, 1), date(2026, 2, 28))


@pytest.mark.parametrize("as_of", DAYS)
def test_whole_cells_and_the_days_at_the_ends_are_all_days_of_a_span_once(as_of: date) -> None:
    for first in days(date(2025, 12, 28), date(2026, 2, 3)):
        for length in range(70):
            until = first + timedelta(days=length)
            found = covering(as_of, first, until)
            inside = days(*found.cells) if found.cells else []
            assert sorted([*inside, *(day for edge in found.edges for day in days(*edge))]) == days(first, until)
            assert all(starts(as_of, day)[0] >= first and starts(as_of, day)[1] <= until for day in inside)


@pytest.mark.parametrize("as_of", DAYS)
@pytest.mark.parametrize("code", [code for code in CODES if not code.startswith("days_")])
def test_a_period_to_date_and_what_it_is_compared_with_are_made_of_whole_cells(as_of: date, code: str) -> None:
    now = period(code, as_of)
    for span in (now, compared(now, "last_year"), compared(now, "before")):
        assert covering(as_of, span.first, span.until).edges == ()


def test_changes_of_levels_older_than_two_years_and_a_bit_are_one_cell() -> None:
    assert opening(date(2026, 6, 22)) == date(2024, 2, 29)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("fact", FACTS)
def test_every_cube_of_cells_holds_each_row_and_each_value_once(fact: str, seed: int) -> None:
    tables = random_firm(seed)
    made = AGGREGATES[f"fact_{fact}"].make(tables)
    whole = made[cube_name(fact, "day")]
    for name in cubes_of(fact):
        cube = made[cube_name(fact, name)]
        first = pl.col("into") == pl.col("into").min()
        one = cube.filter(first) if "into" in cube.columns else cube
        assert one["rows"].sum() == whole["rows"].sum()
        if "into" not in cube.columns:
            for measure in summed(fact):
                assert cube[known_of(measure)].sum() == whole[known_of(measure)].sum()
                assert cube[measure].sum() == pytest.approx(whole[measure].sum())


def test_made_some_months_at_a_time_a_cube_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = random_firm(2)
    rows = FACTS["order_lines"].make(tables)
    members = tables["products"].select("product_id", "category_id", supplier_id=pl.lit("v1"))
    given = Known(date(2026, 3, 3), members, tables["customers"], tables["exchange_rates"], ("EUR",))
    at_once = cubes("order_lines", rows.lazy(), given)
    assert rows.height < CHUNK
    monkeypatch.setattr("analytics.cubes.CHUNK", 5)
    for name, cube in cubes("order_lines", rows.lazy(), given).items():
        assert cube.select(pl.exclude("amount")).equals(at_once[name].select(pl.exclude("amount")))
        assert cube["amount"].to_list() == pytest.approx(at_once[name]["amount"].to_list())

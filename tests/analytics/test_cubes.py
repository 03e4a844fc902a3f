"""Cells: parts of months of which periods are made; and cubes, which hold what the facts hold."""

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics.aggregates import AGGREGATES
from analytics.cubes import (
    CHUNK,
    DAY,
    RIGHTS,
    Known,
    covering,
    cube_name,
    cubes,
    cubes_of,
    is_converted,
    keys_of,
    known_of,
    opening,
    starts,
    summed,
)
from analytics.facts import FACTS
from analytics.metrics import MONEY_COLUMNS
from analytics.periods import CODES, compared, period
from tests.analytics.firm import firm, random_firm, table

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


AS_OF = date(2026, 6, 22)
PRODUCTS = {"p1": ("tools", "v1"), "p2": (None, "v2"), "p3": ("paint", None)}
SEGMENTS = {"k1": "loyal", "k2": None, "k3": "new"}


def known_to(currencies: tuple[str, ...]) -> Known:
    """A dollar is worth half a euro, from June 2025 on a quarter; a pound twice a euro; of the yen nothing is known."""
    rates = [("USD", date(2024, 1, 1), 2), ("USD", date(2025, 6, 1), 4), ("GBP", date(2025, 1, 1), 0.5)]
    told = [
        {"exchange_rate_id": f"x{at}", "base_currency": "EUR", "currency": currency, "valid_from_on": day, "rate": rate}
        for at, (currency, day, rate) in enumerate(rates)
    ]
    members = pl.DataFrame([(key, *told) for key, told in PRODUCTS.items()], orient="row", schema={
        "product_id": pl.String, "category_id": pl.String, "supplier_id": pl.String
    })  # fmt: skip
    customers = pl.DataFrame({"customer_id": list(SEGMENTS), "segment": list(SEGMENTS.values())})
    return Known(AS_OF, members, customers, table("exchange_rates", *told), currencies)


def random_rows(fact: str, seed: int, height: int = 120) -> pl.DataFrame:
    """Rows of two companies and four currencies, of three years; any key and any value may be null, and a day."""
    chance = random.Random(seed)  # noqa: S311
    schema = FACTS[fact].make(firm()).schema
    some: dict[str, list[Any]] = {
        "company_id": ["c1", "c2"], "region": ["DE", "CN", None], "currency": ["EUR", "USD", "GBP", "JPY", None],
        "customer_id": [*SEGMENTS, "k9", None], "product_id": [*PRODUCTS, "p9", None], "site_id": ["s1", "s2", None],
        "supplier_id": ["v1", None], "salesperson_id": ["e1", "e2", None], "kept": [Decimal(0), Decimal(1)],
        "due_on": [date(2026, 6, 1), date(2026, 7, 1), None],
    }  # fmt: skip
    days = sorted(AS_OF - timedelta(days=chance.randrange(-40, 1100)) for _ in range(height - 2))
    values = [None, *(Decimal(chance.randrange(-10_000, 10_000)) / 1000 for _ in range(20))]
    return pl.DataFrame(
        {
            name: pl.Series(
                [*days, None, None]
                if name == "day_on"
                else [chance.choice(some.get(name, values)) for _ in range(height)],
                dtype=kind,
            )
            if name in {*some, *FACTS[fact].measures, "day_on"}
            else pl.Series([None] * height, dtype=kind)
            for name, kind in schema.items()
        }
    )


def euros(currency: str | None, day: date) -> float | None:
    """What one unit is worth on a day, as ``known_to`` says."""
    if currency == "USD" and day >= date(2024, 1, 1):
        return 0.5 if day < date(2025, 6, 1) else 0.25
    return {"EUR": 1.0, "GBP": 2.0 if day >= date(2025, 1, 1) else None}.get(str(currency))


def worth(currency: str | None, into: str, day: date | None) -> float | None:
    """What one unit of a currency is worth in another one on a day."""
    if currency is None or day is None:
        return None
    own, other = euros(currency, day), euros(into, day)
    return 1.0 if currency == into else None if own is None or other is None else own / other


def cell_of(day: date | None, *, is_level: bool) -> dict[str, date | None]:
    """The cell of a day, as it is defined."""
    if day is None:
        return {"first_on": None, "until_on": None}
    if is_level and day <= opening(AS_OF):
        return {"first_on": opening(AS_OF), "until_on": opening(AS_OF)}
    return dict(zip(("first_on", "until_on"), starts(AS_OF, day), strict=True))


def slowly(fact: str, name: str, rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """A cube, row by row."""
    sums: dict[tuple[Any, ...], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    into_all = (known.currencies or ("",)) if is_converted(fact) and name != DAY else (None,)
    keys: list[str] = []
    for row in rows.iter_rows(named=True):
        day = row["day_on"]
        if "kept" in row and not (row["kept"] == 1 or (day is not None and day < AS_OF)):
            continue
        category, supplier = PRODUCTS.get(row["product_id"], (None, None))
        told = {"category_id": category, "supplier_id": supplier, "segment": SEGMENTS.get(row["customer_id"])}
        own = {**told, **{key: row[key] for key in FACTS[fact].knows}}
        for into in into_all:
            when = {"day_on": day} if name == DAY else cell_of(day, is_level=FACTS[fact].is_event)
            which = when | ({"into": into} if into is not None else {}) | {key: row[key] for key in RIGHTS}
            which |= {"due_on": row["due_on"]} if name == DAY and "due_on" in row else {}
            which |= {key: own[key] for key in (() if name == DAY else keys_of(fact, name))}
            keys, one = list(which), sums[tuple(which.values())]
            one["rows"] += 1
            for measure in summed(fact):
                is_money = into is not None and measure in MONEY_COLUMNS
                factor = worth(row["currency"], str(into), day) if is_money else 1.0
                value = None if row[measure] is None or factor is None else float(row[measure]) * factor
                one[measure] += value or 0.0
                one[known_of(measure)] += value is not None
    return pl.DataFrame(
        [dict(zip(keys, which, strict=True)) | one for which, one in sums.items()], infer_schema_length=None
    )


@pytest.mark.parametrize("currencies", [(), ("EUR",), ("EUR", "USD")])
@pytest.mark.parametrize("chunk", [CHUNK, 9])
@pytest.mark.parametrize("fact", FACTS)
def test_every_cube_is_what_adding_up_row_by_row_gives(
    fact: str, chunk: int, currencies: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analytics.cubes.CHUNK", chunk)
    known = known_to(currencies)
    rows = random_rows(fact, seed=len(currencies))
    for name, cube in cubes(fact, rows.lazy(), known).items():
        expected = slowly(fact, name, rows, known)
        keys = [key for key, kind in cube.schema.items() if not kind.is_numeric()]
        assert_frame_equal(
            cube.sort(keys), expected.sort(keys), check_column_order=False, check_dtypes=False, abs_tol=1e-9
        )


@pytest.mark.parametrize("fact", FACTS)
def test_cubes_are_the_same_to_the_last_bit_however_many_rows_come_at_once(
    fact: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, known = random_rows(fact, 3), known_to(("EUR", "USD"))
    at_once, again = (cubes(fact, rows.lazy(), known) for _ in range(2))
    monkeypatch.setattr("analytics.cubes.CHUNK", 9)
    in_parts = cubes(fact, rows.lazy(), known)
    for name, cube in at_once.items():
        assert cube.equals(again[name])
        assert_frame_equal(cube, in_parts[name])


def test_cells_of_flows_come_one_after_the_other_and_those_of_one_product_of_levels() -> None:
    flows = cubes("order_lines", random_rows("order_lines", 1).lazy(), known_to(("EUR", "USD")))
    assert all(flows[name]["first_on"].drop_nulls().is_sorted() for name in flows if name != DAY)
    levels = cubes("stock", random_rows("stock", 1).lazy(), known_to(("EUR",)))
    assert levels["items"]["product_id"].is_sorted()
    assert levels["products"]["product_id"].is_sorted()

"""The same plan gives the same sample, byte for byte; another seed another; what cannot be built is refused."""

from collections.abc import Mapping
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

from sample_data import Plan, company, write


def digests(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_the_same_plan_gives_the_same_bytes(small: Mapping[str, pl.DataFrame], tmp_path: Path) -> None:
    write(tmp_path / "once", small)
    write(tmp_path / "twice", company(scale=0.05))
    assert digests(tmp_path / "once") == digests(tmp_path / "twice")
    assert set(digests(tmp_path / "once")) == {f"{name}.parquet" for name in small}


def test_what_is_written_comes_back_equal(small: Mapping[str, pl.DataFrame], tmp_path: Path) -> None:
    write(tmp_path, small)
    for name, rows in small.items():
        assert pl.read_parquet(tmp_path / f"{name}.parquet").equals(rows), name


def test_another_seed_gives_another_sample(small: Mapping[str, pl.DataFrame]) -> None:
    other = company(scale=0.05, seed=8)
    for name in ("customers", "sales_order_lines", "purchase_orders", "stock_moves", "tickets"):
        assert not other[name].equals(small[name]), name


def test_a_larger_scale_has_more_customers_and_orders_and_some_more_products(small: Mapping[str, pl.DataFrame]) -> None:
    large = company(scale=0.15)
    grown = {name: large[name].height / small[name].height for name in ("customers", "sales_order_lines", "products")}
    assert grown["customers"] == pytest.approx(3, rel=0.1)
    assert grown["sales_order_lines"] == pytest.approx(3, rel=0.1)
    assert 1.1 < grown["products"] < 2


def test_the_story_has_three_years_and_ends_today(small: Mapping[str, pl.DataFrame]) -> None:
    days = small["sales_orders"]["ordered_at"].dt.date()
    assert Plan(until=date(2026, 6, 30)).start == date(2023, 7, 1)
    assert days.min() == date(2023, 7, 3)
    assert days.max() == date(2026, 6, 30)


def test_the_story_moves_with_its_last_day() -> None:
    for until in (date(2024, 2, 29), date(2026, 11, 22)):
        days = company(scale=0.02, until=until)["inventory_levels"]["as_of_on"]
        first, last = days.min(), days.max()
        assert last == until
        assert isinstance(first, date)
        assert (first + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        ({"scale": 0.0}, "scale of a sample is a number above 0"),
        ({"scale": float("nan")}, "scale of a sample is a number above 0"),
        ({"seed": -1}, "seed of a sample is a whole number from 0 up, not -1"),
        ({"until": date(1999, 12, 31)}, "ends between 2000 and 2090, not on 1999-12-31"),
        ({"months": 5}, "covers 6 to 120 months, not 5"),
    ],
)
def test_a_plan_that_cannot_be_built_is_refused_in_a_sentence(plan: dict[str, float], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Plan(**plan)  # type: ignore[arg-type]


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(ValueError, match=r"scale.*seed"):
        Plan(scale=-1, seed=-1)


def test_subjects_draw_their_own_numbers() -> None:
    plan = Plan()
    assert plan.random("orders").integers(1000) == plan.random("orders").integers(1000)
    assert plan.random("orders").random(4).tolist() != plan.random("stock").random(4).tolist()
    assert Plan(seed=8).random("orders").random(4).tolist() != plan.random("orders").random(4).tolist()

"""What is said of signs of sales and service, and of what a wave of complaints cost."""

from datetime import date

import polars as pl
import pytest

from answers.demand import NOTHING
from answers.service import WAVES
from display.messages import accuracy, service
from display.tables import accuracy as accuracy_tables
from display.tables import service as service_tables

DAY = date(2026, 8, 24)
WHOLE = {
    "category_id": None, "category": None, "tests": 20, "missed": 0.2, "gained": 0.1, "low": 0.02, "high": 0.15,
    "placebo": -0.03, "placebo_most": 0.01, "used": 3, "places": 9,
}  # fmt: skip
WAVE = {
    "topic": "leak", "group_key": "g", "group": "Pump", "fell_on": DAY, "eased_on": date(2026, 10, 19), "fell": 0.4,
    "fell_low": 0.31, "fell_high": 0.48, "still": 0.2399, "orders_lost": 535.2, "orders_low": 421.0,
    "orders_high": 648.0, "units_lost": 1268.0, "units_low": 1000.0, "units_high": 1536.0,
}  # fmt: skip


def signs(**changed: float) -> pl.DataFrame:
    return pl.DataFrame([WHOLE | changed], schema=NOTHING["signs"])


def waves(**changed: object) -> pl.DataFrame:
    return pl.DataFrame([WAVE | changed], schema=WAVES)


def test_signs_help_only_beyond_their_bounds_and_beyond_the_best_placebo() -> None:
    assert accuracy.signs(signs(), "en").startswith("They help: four weeks of categories are missed by 10.0% less")
    for changed in ({"low": -0.01}, {"placebo_most": 0.11}):
        told = accuracy.signs(signs(**changed), "en")
        assert told.startswith("On the whole they add nothing beyond chance: the gain is 10.0%")
        assert "Used in 3 of 9 categories and regions" in told
    assert accuracy.signs(signs().clear(), "en") == ""


def test_all_categories_together_have_a_name_in_the_table() -> None:
    rows = pl.concat([signs(), signs().with_columns(category_id=pl.lit("b"), category=pl.lit(None, dtype=pl.String))])
    table = accuracy_tables.signs(rows, "en").frame
    assert table["category"].to_list() == ["All together", "b"]
    assert table.select("gained", "range", "used").row(0) == (10.0, "2.0 to 15.0 %", "3 / 9")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_a_wave_cost_is_told_with_its_bounds(language: str) -> None:
    told = service.cost(waves(), language)
    assert all(number in told for number in ("40%", "31%", "48%", "535", "421", "648", "24%"))
    assert service.cost(waves(eased_on=None), "en").endswith("It still lasts.")


def test_a_wave_without_a_fall_and_no_wave_are_not_the_same() -> None:
    assert service.cost(waves(fell=None), "en") == "No clear fall of orders followed what rose."
    assert service.cost(waves().clear(), "en") == ""
    assert service_tables.wave_costs(waves(fell=None), "en").frame.is_empty()


def test_the_wave_that_cost_most_comes_first() -> None:
    both = pl.concat([waves(), waves(topic="noise", orders_lost=600.0)])
    table = service_tables.wave_costs(both, "en").frame
    assert table["lost"].to_list() == ["600 (421 – 648)", "535 (421 – 648)"]
    assert service.cost(both, "en").startswith("Noise")

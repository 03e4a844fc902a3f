"""Leads: the older without a deal the less likely, few data are drawn to what all say, and sources are compared at the
same age."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from analytics.leads import LEADS, by_source, chances, check

TODAY = date(2026, 3, 31)


def lead(key: str, entered: int, lived: int | None = None, **told: Any) -> dict[str, Any]:
    """A lead that came in so many days ago and was closed so many days later."""
    created = TODAY - timedelta(days=entered)
    closed = None if lived is None else created + timedelta(days=lived)
    return {"lead_id": key, "origin": "Web", "created_on": created, "closed_on": closed} | told


def frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=LEADS)


def closed(many: int, *, lived: int, is_converted: bool, origin: str = "Web", ago: int = 60) -> list[dict[str, Any]]:
    return [
        lead(f"{origin}{lived}{number}", ago + lived, lived, is_converted=is_converted, origin=origin)
        for number in range(many)
    ]


QUICK = closed(60, lived=2, is_converted=True) + closed(140, lived=20, is_converted=False)


def said(rows: list[dict[str, Any]]) -> dict[str, float]:
    return dict(chances(frame(rows), TODAY).iter_rows())


def test_a_new_lead_has_the_share_of_all_and_an_old_one_that_of_those_that_grew_old() -> None:
    told = said([*QUICK, lead("new", 0), lead("old", 10), lead("future", -5)])
    assert told["new"] == pytest.approx(0.30, abs=0.01)
    assert told["future"] == told["new"]
    assert told["old"] < 0.01


def test_a_source_moves_the_chance_as_far_as_it_carries_leads() -> None:
    good = closed(40, lived=2, is_converted=True, origin="Fair")
    one = closed(1, lived=2, is_converted=True, origin="Once")
    told = said([*QUICK, *good, *one, *(lead(origin, 0, origin=origin) for origin in ("Web", "Fair", "Once", "New"))])
    assert told["Web"] < told["New"] < told["Once"] < told["Fair"] < 1
    assert told["Once"] - told["New"] < 0.05


@pytest.mark.parametrize("many", [0, 1, 19])
def test_fewer_than_twenty_closed_leads_teach_nothing(many: int) -> None:
    rows = [*closed(many, lived=2, is_converted=True), lead("new", 0)]
    assert said(rows) == {"new": None}
    assert by_source(frame(rows), TODAY).height <= 1
    assert check(frame(rows), TODAY).error is None


def test_no_leads_at_all_are_an_empty_answer() -> None:
    assert chances(frame([]), TODAY).is_empty()
    assert by_source(frame([]), TODAY).is_empty()


def test_chances_of_an_earlier_quarter_are_checked_without_knowing_it() -> None:
    dice = np.random.default_rng(7)
    rows = [
        lead(f"{number}", int(entered), 3, is_converted=bool(dice.random() < (0.6 if origin == "Fair" else 0.2)))
        | {"origin": origin}
        for number, entered in enumerate(dice.integers(4, 500, 900))
        for origin in ("Fair" if number % 2 else "Web",)
    ]
    found = check(frame(rows), TODAY)
    assert found.leads > 100
    assert found.error is not None
    assert found.error < 0.12
    assert found.brier is not None
    assert found.brier_rate is not None
    assert found.brier < found.brier_rate
    changed = [row | {"is_converted": True} if row["closed_on"] > TODAY - timedelta(days=80) else row for row in rows]
    assert check(frame(changed), TODAY) == found, "what came after the quarter is not looked at"


def test_sources_are_compared_by_what_became_of_a_lead_in_its_first_ninety_days() -> None:
    rows = [
        lead("a", 100, 10, is_converted=True, is_won=True, won_amount=80.0),
        lead("b", 100, 10, is_converted=False),
        lead("late", 200, 95, is_converted=True),
        lead("open", 100),
        lead("young", 20, 1, is_converted=True, is_won=True, won_amount=999.0),
        lead("before", 500, 10, is_converted=True),
        lead("other", 100, 10, is_converted=False, origin=None),
    ]
    table = by_source(frame(rows), TODAY)
    assert table.select("origin", "leads", "converted", "converted_before", "won", "amount_per_lead").rows() == [
        ("Web", 4, 0.25, 1.0, 0.25, 20.0),
        (None, 1, 0.0, None, 0.0, 0.0),
    ]
    assert (
        table.select((pl.col("low") <= pl.col("converted")) & (pl.col("converted") <= pl.col("high"))).to_series().all()
    )
    assert table.row(0, named=True)["high"] == pytest.approx(0.699, abs=0.001)


def test_what_no_rate_converts_is_not_counted_as_nothing() -> None:
    won = {"is_converted": True, "is_won": True}
    rows = [lead("a", 100, 10, **won, won_amount=80.0), lead("b", 100, 10, **won)]
    assert by_source(frame(rows), TODAY).select("won", "amount_per_lead").rows() == [(1.0, None)]

"""The cases by which planning models are judged, each small enough to be summed in the head; and a linear program."""

from typing import Any

import pytest

from analytics.promising import promise
from tests.analytics.firm import DAY
from tests.analytics.test_making import day, plant, supply_of, told, wishes
from tests.analytics.test_promising import days_of, random_firm
from tests.analytics.test_promising import told as promised
from tests.oracles.promised_program import best_day

TWO_A_DAY: dict[str, Any] = {"pump": ([("motor", 1)], [("bench", 0, 2)])}
ONE_A_DAY: dict[str, Any] = {"pump": ([("motor", 1)], [("bench", 0, 4)])}
OF_WIRE: dict[str, Any] = ONE_A_DAY | {"motor": ([("wire", 1)], [("bench", 0, 4)])}
BENCH_THEN_MILL: dict[str, Any] = {"pump": ([("motor", 1)], [("bench", 0, 4), ("mill", 0, 4)])}
BOTH = {name: [0, *[4] * 40] for name in ("bench", "mill")}
CASES: dict[str, tuple[dict[str, Any], list[tuple[str, float]], list[int | None]]] = {
    "material, in stock": ({"stock": {"motor": 1}}, [("pump", 1)], [1]),
    "material, to come": ({"receipts": {"motor": [(4, 1)]}}, [("pump", 1)], [5]),
    "material, half of it to come": (
        {"stock": {"motor": 1}, "receipts": {"motor": [(4, 1)]}},
        [("pump", 2)],
        [5],
    ),
    "material, promised to others later": (
        {"stock": {"motor": 1}, "promised": {"motor": [(9, 1)]}},
        [("pump", 1)],
        [None],
    ),
    "material, shared by two demands": ({"stock": {"motor": 1}, "offers": {"motor": 6}}, [("pump", 1)] * 2, [1, 7]),
    "work in progress": ({"receipts": {"pump": [(3, 1)]}}, [("pump", 1)], [3]),
    "supplier": ({"offers": {"motor": 6}}, [("pump", 1)], [7]),
    "two flows, the part bought or the whole": ({"offers": {"motor": 6, "pump": 4}}, [("pump", 1)], [4]),
    "two flows, the whole made sooner": ({"stock": {"motor": 1}, "offers": {"pump": 4}}, [("pump", 1)], [1]),
    "routing": ({"stock": {"motor": 1}, "recipes": BENCH_THEN_MILL, "hours": BOTH}, [("pump", 1)], [2]),
    "lead time, part of a part": ({"offers": {"wire": 3}, "recipes": OF_WIRE}, [("pump", 1)], [5]),
    "resource, two a day": ({"stock": {"motor": 3}}, [("pump", 1)] * 3, [1, 1, 2]),
    "resource, one lot over days": ({"stock": {"motor": 4}, "recipes": ONE_A_DAY}, [("pump", 4)], [4]),
    "calendar, no time on two days": (
        {"stock": {"motor": 1}, "hours": {"bench": [0, 0, 0, *[4] * 38]}},
        [("pump", 1)],
        [3],
    ),
    "combined, the part decides": ({"offers": {"motor": 9}}, [("pump", 1)], [10]),
    "combined, the bench decides": (
        {"offers": {"motor": 1}, "recipes": ONE_A_DAY},
        [("pump", 5)],
        [6],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_kind_of_case_has_the_day_that_one_sums_in_the_head(case: str) -> None:
    known, asked, days = CASES[case]
    assert told(plant(**({"recipes": TWO_A_DAY} | known)), *asked) == days


def test_whole_or_in_parts_is_the_customers_choice() -> None:
    known = supply_of(plant(stock={"pump": 1}, receipts={"pump": [(5, 1)]}))
    whole, parts = (promise(known, wishes(("pump", 2)), in_parts=each) for each in (False, True))
    assert (whole.first_on, whole.last_on) == (day(5), day(5))
    assert (parts.first_on, parts.last_on) == (DAY, day(5))


@pytest.mark.parametrize("block", range(4))
def test_a_promise_is_what_a_linear_program_gives(block: int) -> None:
    for seed in range(5000 + block * 25, 5025 + block * 25):
        firm, quantity, site = random_firm(seed)
        assert days_of(promised(firm, quantity, site=site)) == [best_day(firm, quantity, site)], seed

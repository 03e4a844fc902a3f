"""Large bills: planned once from the whole down, never earlier than what can be kept, however deep they are."""

from dataclasses import replace

import polars as pl
import pytest

from analytics import making, making_deep, promising
from analytics.bills import Bills
from analytics.making import Workshop
from analytics.promising import Supply, promise
from tests.analytics.firm import DAY
from tests.analytics.test_making import asked, days_of, plant, supply_of, told

LEVELS = 12


def bills(**parts: str) -> Bills:
    return Bills(
        {name: list(of) for name, of in parts.items()},
        {"p": ["bench"], "m": ["bench"], "s": ["mill"]},
        {"p": 1, "m": 1},
    )


def test_lots_are_counted_along_every_way_into_a_product() -> None:
    assert bills(p="mn", m="w").lots("p") == 2
    assert Bills({"p": ["m", "n"], "m": ["n"]}, {}, {"p": 1, "m": 2, "n": 1}).lots("p") == 1 + 2 * (1 + 1) + 1
    assert bills(p="mn", m="w").lots("w") == 0


def test_what_is_in_a_product_is_known_at_whatever_depth() -> None:
    assert bills(p="mn", m="w").within("p") == {"p", "m", "n", "w"}
    assert list(bills(p="mn", m="w").parts_first(["p"]))[-1] == "p"


def test_products_that_share_a_part_or_a_work_center_compete() -> None:
    assert not bills(p="w", m="v").share_nothing(["p", "m"])
    assert bills(p="w", m="v").share_nothing(["p", "s"])
    assert not bills(p="w", s="w").share_nothing(["p", "s"])


def test_what_contains_itself_is_endless_and_so_is_all_that_takes_it() -> None:
    assert bills(p="m", m="m").in_themselves == {"m"}
    assert bills(p="m", m="m").is_endless("p")
    assert not bills(p="m", m="w").is_endless("p")


# Plans


@pytest.fixture
def _every_bill_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making_deep, "MOST_SEARCHED", -1.0)


@pytest.mark.usefixtures("_every_bill_is_large")
def test_a_part_waits_for_what_comes_as_long_as_its_whole_waits_anyway() -> None:
    recipes = {"pump": ([("motor", 1), ("shaft", 1)], []), "motor": ([("wire", 1)], [("bench", 0, 4)])}
    firm = plant(recipes=recipes, offers={"shaft": 9, "wire": 2}, receipts={"motor": [(5, 1)]})
    quick = supply_of(firm)
    ways = quick.workshop.ways.with_columns(lead_time_days=pl.lit(0.0))
    answer = asked(replace(quick, workshop=replace(quick.workshop, ways=ways)), ("pump", 1))
    assert days_of(answer) == [9]
    assert answer.worked == ()


@pytest.mark.usefixtures("_every_bill_is_large")
def test_a_way_that_leads_nowhere_is_left_for_another() -> None:
    recipes = {"pump": ([("motor", 1)], [("bench", 0, 1)]), "motor": ([("wire", 1)], [("mill", 0, 1)])}
    firm = plant(
        recipes=recipes, stock={"wire": 1}, offers={"motor": 8}, hours={"bench": [0, *[4] * 40], "mill": [0] * 41}
    )
    assert told(firm, ("pump", 1)) == [9]


def deep(levels: int) -> Supply:
    """Three products on each level, each made of all three below in one unit of time; the lowest are bought."""
    names = [[f"{level}.{number}" for number in range(3)] for level in range(levels + 1)]
    pairs = [(whole, part) for level in range(1, levels + 1) for whole in names[level] for part in names[level - 1]]
    made = [name for level in names[1:] for name in level]
    shifts = [("bench", day * 1440 + 480, day * 1440 + 960) for day in range(1, 200)]
    workshop = Workshop(
        ways=pl.DataFrame([(name, "north", name, "make", None) for name in made], making.WAYS, orient="row"),
        parts=pl.DataFrame([(whole, part, 1.0, None, None) for whole, part in pairs], making.PARTS, orient="row"),
        steps=pl.DataFrame([(name, "north", 1, "bench", 0.0, 0.001, 1.0) for name in made], making.STEPS, orient="row"),
        shifts=pl.DataFrame(shifts, making.SHIFTS, orient="row"),
    )
    new = pl.DataFrame([(name, None, "Vendor", DAY) for name in names[0]], promising.NEW, orient="row")
    known = supply_of(plant())
    later = new.with_columns(pl.col("arrives_on") + pl.duration(days=4))
    return replace(known, products=[*names[0], *made], new=later, workshop=workshop, stock=known.stock.clear())


def test_of_each_part_one_lot_is_made_for_all_that_takes_it() -> None:
    wish = pl.DataFrame([(1, f"{LEVELS}.0", 1.0, "north")], promising.WISHES, orient="row")
    answer = promise(deep(LEVELS), wish)
    assert len(answer.worked) == 3 * (LEVELS - 1) + 1
    assert days_of(answer)[0] is not None
    assert sum(ends - starts for _, starts, ends in answer.worked) >= 3 ** (LEVELS - 1) * 3 * 0.001

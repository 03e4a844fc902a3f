"""Capable to promise: the earliest day by stock, parts, purchase and the time of work centers, and what decides it."""

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import making, making_deep, promising
from analytics.certainty import Likely
from analytics.making import Workshop, finished, without
from analytics.promising import Answer, Supply, promise
from analytics.sooner import Change, changed_by, changes, sooner
from tests.analytics.firm import DAY
from tests.oracles.making import BEGINS, Plant, first_day

Row = dict[str, Any]
PRODUCTS = ("pump", "motor", "shaft", "rotor", "wire")
FULL = [0, *[4] * 40]


def day(number: int) -> date:
    """So many days after today."""
    return DAY + timedelta(days=number)


def plant(**fields: Any) -> Plant:
    """A plant that makes a pump of two motors in three units of time at the bench, four of which it has a day."""
    usual: dict[str, Any] = {
        "stock": {},
        "receipts": {},
        "promised": {},
        "recipes": {"pump": ([("motor", 2)], [("bench", 1, 2)])},
        "offers": {},
        "hours": {"bench": FULL},
    }
    return Plant(**(usual | fields))


def workshop_of(made: Plant) -> Workshop:
    ways = [{"product_id": product, "site_id": "north", "bom_id": product, "kind": "make"} for product in made.recipes]
    parts = [
        {"bom_id": product, "component_id": part, "quantity_per": float(per)}
        for product, (parts, _) in made.recipes.items()
        for part, per in parts
    ]
    steps = [
        {"product_id": product, "site_id": "north", "sequence": at, "work_center_id": center}
        | {"setup_minutes": float(setup), "minutes_per_unit": float(each), "capacity": 1.0}
        for product, (_, steps) in made.recipes.items()
        for at, (center, setup, each) in enumerate(steps)
    ]
    shifts = [
        {"work_center_id": center, "starts_at": at * 1440 + BEGINS, "ends_at": at * 1440 + BEGINS + units}
        for center, hours in made.hours.items()
        for at, units in enumerate(hours)
    ]
    return Workshop(
        ways=pl.DataFrame(ways, schema=making.WAYS),
        parts=pl.DataFrame(parts, schema=making.PARTS),
        steps=pl.DataFrame(steps, schema=making.STEPS),
        shifts=pl.DataFrame(shifts, schema=making.SHIFTS),
    )


def supply_of(made: Plant) -> Supply:
    here = {"site_id": "north"}
    receipts = [
        here
        | {"product_id": product, "number": f"P{at}", "party": "Vendor", "due_on": day(on), "arrives_on": day(on)}
        | {"quantity": quantity}
        for product, rows in made.receipts.items()
        for at, (on, quantity) in enumerate(rows)
    ]
    promised = [
        here | {"product_id": product, "due_on": day(on), "quantity": quantity}
        for product, rows in made.promised.items()
        for on, quantity in rows
    ]
    new = [{"product_id": product, "party": "Vendor", "arrives_on": day(on)} for product, on in made.offers.items()]
    stock = [here | {"product_id": product, "on_hand": held} for product, held in made.stock.items()]
    return Supply(
        today=DAY,
        confidence=0.9,
        products=PRODUCTS,
        stock=pl.DataFrame(stock, schema=promising.STOCK),
        receipts=pl.DataFrame(receipts, schema=promising.RECEIPTS),
        promised=pl.DataFrame(promised, schema=promising.PROMISED),
        new=pl.DataFrame(new, schema=promising.NEW),
        transfers=pl.DataFrame(schema=promising.TRANSFERS),
        workshop=workshop_of(made),
    )


def wishes(*asked: tuple[str, float], site: str | None = "north") -> pl.DataFrame:
    rows = [
        {"line": at, "product_id": product, "quantity": quantity, "site_id": site}
        for at, (product, quantity) in enumerate(asked, start=1)
    ]
    return pl.DataFrame(rows, schema=promising.WISHES)


def asked(supply: Supply, *products: tuple[str, float]) -> Answer:
    return promise(supply, wishes(*products))


def days_of(answer: Answer) -> list[int | None]:
    return [None if on is None else (on - DAY).days for on in answer.lines["promised_on"]]


def told(made: Plant, *products: tuple[str, float]) -> list[int | None]:
    return days_of(asked(supply_of(made), *products))


# What a promise says


def test_what_is_not_in_stock_is_made_from_tomorrow_on() -> None:
    assert told(plant(stock={"motor": 9}), ("pump", 1)) == [1]
    assert told(plant(stock={"motor": 9}), ("pump", 3)) == [2]


def test_only_what_stock_does_not_cover_is_made() -> None:
    answer = asked(supply_of(plant(stock={"pump": 2, "motor": 2})), ("pump", 3))
    assert answer.deliveries.select("source", "quantity").rows() == [("stock", 2.0), ("new_order", 1.0)]
    assert days_of(answer) == [1]


def test_a_part_that_comes_is_worked_on_the_morning_after_and_decides_the_day() -> None:
    answer = asked(supply_of(plant(receipts={"motor": [(5, 2)]})), ("pump", 1))
    assert days_of(answer) == [6]
    binding = answer.waits.filter("is_binding").row(0, named=True)
    assert (binding["kind"], binding["product_id"], binding["number"]) == ("receipt", "motor", "P0")


def test_a_part_that_nobody_has_is_ordered_today() -> None:
    answer = asked(supply_of(plant(offers={"motor": 8})), ("pump", 1))
    assert days_of(answer) == [9]
    assert answer.waits.filter("is_binding").select("kind", "party").rows() == [("buy", "Vendor")]


def test_a_part_of_a_part_is_made_first() -> None:
    recipes = {"pump": ([("motor", 1)], [("bench", 0, 4)]), "motor": ([("wire", 3)], [("bench", 0, 4)])}
    assert told(plant(recipes=recipes, stock={"wire": 3}), ("pump", 1)) == [2]


def test_parts_that_were_promised_to_others_are_not_used() -> None:
    firm = plant(stock={"motor": 2}, promised={"motor": [(3, 1)]}, receipts={"motor": [(7, 1)]})
    assert told(firm, ("pump", 1)) == [8]


def test_a_second_line_finds_neither_the_parts_nor_the_time_of_the_first() -> None:
    assert told(plant(stock={"motor": 9}), ("pump", 1), ("pump", 1)) == [1, 2]
    assert told(plant(stock={"motor": 2}), ("pump", 1), ("motor", 1)) == [1, None]


def test_work_orders_that_are_already_there_keep_their_time() -> None:
    supply = supply_of(plant(stock={"motor": 9}))
    taken = pl.DataFrame(
        {"work_center_id": ["bench"], "starts_at": [1440], "ends_at": [3 * 1440 + BEGINS + 4]}, schema=making.SHIFTS
    )
    busy = replace(supply, workshop=replace(supply.workshop, loads=taken))
    answer = asked(busy, ("pump", 1))
    assert days_of(answer) == [4]
    assert answer.waits.filter("is_binding").select("kind", "work_center_id").rows() == [("work_center", "bench")]


def test_a_work_center_that_works_on_several_at_once_needs_fewer_runs() -> None:
    supply = supply_of(plant(stock={"motor": 18}))
    wide = replace(supply.workshop, steps=supply.workshop.steps.with_columns(capacity=pl.lit(4.0)))
    assert days_of(asked(supply, ("pump", 4))) == [3]
    assert days_of(asked(replace(supply, workshop=wide), ("pump", 4))) == [1]


def without_steps(days: float | None, late_days: int = 0) -> Supply:
    supply = supply_of(plant(stock={"motor": 9}))
    bare = replace(
        supply.workshop,
        steps=supply.workshop.steps.clear(),
        ways=supply.workshop.ways.with_columns(lead_time_days=pl.lit(days, dtype=pl.Float64)),
        late_days=late_days,
    )
    return replace(supply, workshop=bare)


def test_without_steps_making_takes_its_lead_time() -> None:
    assert days_of(asked(without_steps(2.5), ("pump", 1))) == [3]


def test_what_we_make_is_as_late_as_it_usually_is() -> None:
    assert days_of(asked(without_steps(2.5, late_days=4), ("pump", 1))) == [7]


@pytest.mark.parametrize(
    ("supply", "problem"),
    [
        (supply_of(plant()), ("no_source", ["motor"])),
        (without_steps(None), ("no_time", ["pump"])),
        (supply_of(plant(stock={"motor": 9}, hours={"bench": [0] * 40})), ("no_hours", ["pump"])),
        (
            supply_of(plant(recipes={"pump": ([("motor", 1)], []), "motor": ([("pump", 1)], [])})),
            ("no_time", ["pump"]),
        ),
    ],
)
def test_without_parts_time_or_hours_there_is_no_day_and_the_answer_says_why(
    supply: Supply, problem: tuple[str, list[str]]
) -> None:
    answer = asked(supply, ("pump", 1))
    assert days_of(answer) == [None]
    assert answer.lines["status"].to_list() == ["no_supply"]
    assert answer.problems.select("kind", "product_ids").row(0) == problem


def test_bills_that_contain_each_other_are_named_and_do_not_go_on_for_ever() -> None:
    recipes = {"pump": ([("motor", 1)], [("bench", 0, 1)]), "motor": ([("pump", 1)], [("bench", 0, 1)])}
    answer = asked(supply_of(plant(recipes=recipes)), ("pump", 1))
    assert ("cycle", ["pump", "motor", "pump"]) in answer.problems.select("kind", "product_ids").rows()
    assert told(plant(recipes=recipes, stock={"motor": 1}), ("pump", 1)) == [1]


def test_a_bill_counts_on_the_days_on_which_it_holds() -> None:
    supply = supply_of(plant(stock={"rotor": 9}))
    parts = pl.DataFrame(
        [
            {"bom_id": "pump", "component_id": "motor", "quantity_per": 1.0, "valid_to_on": day(9)},
            {"bom_id": "pump", "component_id": "rotor", "quantity_per": 1.0, "valid_from_on": day(10)},
        ],
        schema=making.PARTS,
    )
    dated = replace(supply, workshop=replace(supply.workshop, parts=parts))
    assert days_of(asked(dated, ("pump", 1))) == [10]


def two_sites() -> Supply:
    supply = supply_of(plant(stock={"motor": 9}))
    sent = pl.DataFrame({"from_site_id": ["north"], "to_site_id": ["south"], "days": [3]}, schema=promising.TRANSFERS)
    return replace(supply, transfers=sent)


def test_what_is_made_elsewhere_comes_after_the_days_of_the_transfer() -> None:
    answer = promise(two_sites(), wishes(("pump", 1), site="south"))
    assert days_of(answer) == [4]
    assert answer.waits["kind"].to_list()[-1] == "transfer"
    assert days_of(promise(two_sites(), wishes(("pump", 1), site="west"))) == [None]


def test_a_supplier_of_another_company_delivers_nothing_to_ours() -> None:
    supply = supply_of(plant(offers={"motor": 8}))
    theirs = replace(supply, new=supply.new.with_columns(company_id=pl.lit("c2")), owners={"north": "c1"})
    assert days_of(asked(theirs, ("pump", 1))) == [None]
    assert days_of(asked(replace(theirs, owners={"north": "c2"}), ("pump", 1))) == [9]


# What would be sooner


def test_each_change_is_answered_again_and_only_what_helps_is_told() -> None:
    supply = supply_of(plant(offers={"motor": 20}))
    answer = asked(supply, ("pump", 1))
    (found,) = sooner(supply, wishes(("pump", 1)), answer, in_parts=False)
    assert (found.change, days_of(found.answer)) == (Change("expedite", "motor"), [14])


def test_overtime_is_counted_in_the_minutes_that_are_worked() -> None:
    supply = supply_of(plant(stock={"motor": 9}))
    answer = asked(supply, ("pump", 4))
    assert days_of(answer) == [3]
    (found,) = sooner(supply, wishes(("pump", 4)), answer, in_parts=False)
    assert (found.change.work_center_id, found.overtime, days_of(found.answer)) == ("bench", 5, [1])


def test_goods_are_never_expedited_into_the_past() -> None:
    supply = supply_of(plant(offers={"motor": 3}))
    assert days_of(asked(changed_by(supply, Change("expedite", "motor")), ("pump", 1))) == [2]


def test_what_is_in_stock_needs_no_change() -> None:
    assert changes(asked(supply_of(plant(stock={"pump": 1})), ("pump", 1))) == []


# How sure


def test_two_parts_that_may_be_late_need_more_days_than_one() -> None:
    one = supply_of(plant(recipes={"pump": ([("motor", 1)], [])}, offers={"motor": 5, "wire": 5}))
    steady = [0.0] * 5 + [0.9, 0.95, 1.0] + [1.0] * 600
    likely = Likely({("buy", name, "Vendor"): pl.Series(steady).to_numpy() for name in ("motor", "wire")})
    quick = replace(one.workshop, ways=one.workshop.ways.with_columns(lead_time_days=pl.lit(0.0)))
    alone = replace(one, likely=likely, workshop=quick)
    both = replace(
        alone,
        workshop=replace(
            quick,
            parts=pl.DataFrame(
                [{"bom_id": "pump", "component_id": name, "quantity_per": 1.0} for name in ("motor", "wire")],
                schema=making.PARTS,
            ),
        ),
    )
    assert days_of(asked(alone, ("pump", 1))) == [5]
    assert days_of(asked(both, ("pump", 1))) == [6]


def test_what_may_never_come_has_no_day() -> None:
    supply = supply_of(plant(offers={"pump": 5}))
    likely = Likely({("buy", "pump", "Vendor"): pl.Series([0.5] * 600).to_numpy()})
    answer = asked(replace(supply, likely=likely), ("pump", 1))
    assert days_of(answer) == [None]
    assert answer.problems["kind"].to_list() == ["never_sure"]


# The time of work centers


def test_work_pauses_while_there_is_no_time() -> None:
    free = ((10, 30), (15, 40))
    assert finished(free, 0, 5) == 15
    assert finished(free, 12, 5) == 32
    assert finished(free, 0, 16) is None
    assert without(free, 12, 33) == ((10, 33), (12, 40))
    assert without(free, 0, 50) == ((), ())
    assert without(free, 16, 20) == free


# The slow oracle


def random_plant(seed: int) -> tuple[Plant, int]:
    """A tiny plant, whose pumps take motors and perhaps a shaft, each made or bought, and how many to ask for."""
    dice = random.Random(seed)  # noqa: S311 - firms for tests, no secrets

    def steps(count: int) -> list[tuple[str, int, int]]:
        return [(dice.choice(("bench", "mill")), dice.randint(0, 2), dice.randint(0, 2)) for _ in range(count)]

    shafts = [("shaft", 1)] if dice.random() < 0.7 else []
    recipes = {"pump": ([("motor", dice.randint(1, 2)), *shafts], steps(dice.randint(1, 2)))}
    if dice.random() < 0.7:
        recipes["motor"] = ([("wire", 1)], steps(1))
    if dice.random() < 0.4:
        recipes["shaft"] = ([("rotor", 1)], steps(1))
    made = Plant(
        {name: dice.randint(0, 3) for name in PRODUCTS if dice.random() < 0.6},
        {name: [(dice.randint(1, 8), dice.randint(1, 3)) for _ in range(dice.randint(0, 2))] for name in PRODUCTS},
        {name: [(dice.randint(0, 9), dice.randint(1, 2)) for _ in range(dice.randint(0, 1))] for name in PRODUCTS},
        recipes,
        {name: dice.randint(1, 12) for name in PRODUCTS[1:] if dice.random() < 0.65},
        {name: [0, *(dice.choice((0, 2, 4, 4, 4)) for _ in range(31))] for name in ("bench", "mill")},
    )
    return made, dice.randint(1, 2)


def within(made: Plant, quantity: int) -> int | None:
    """The promised day, as far as the oracle looks."""
    (found,) = told(made, ("pump", quantity))
    return None if found is None or found > made.horizon else found


@pytest.mark.parametrize("block", range(6))
def test_a_promise_can_be_kept_and_is_at_most_a_day_later_than_the_best(
    block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    bests = {}
    for seed in range(block * 20, block * 20 + 20):
        made, quantity = random_plant(seed)
        best, found = first_day(made, "pump", quantity), within(made, quantity)
        assert (found is None) == (best is None), seed
        assert best is None or found is None or best <= found <= best + 1, seed
        bests[seed] = best
    monkeypatch.setattr(making_deep, "MOST_SEARCHED", -1.0)
    pairs = [(within(*random_plant(seed)), best) for seed, best in bests.items()]
    assert all(plan is None or (best is not None and best <= plan) for plan, best in pairs)
    assert sum(plan == best for plan, best in pairs) >= 18


# Laws

PLANTS = st.integers(0, 10**6).map(random_plant)


def first(made: Plant, quantity: int) -> float:
    (found,) = told(made, ("pump", quantity))
    return float("inf") if found is None else found


@given(PLANTS)
def test_a_smaller_quantity_is_never_later(case: tuple[Plant, int]) -> None:
    made, quantity = case
    assert first(made, quantity) <= first(made, quantity + 1)


@given(PLANTS, st.sampled_from(PRODUCTS), st.integers(1, 8), st.integers(1, 3))
def test_more_stock_and_receipts_never_make_a_day_later(case: tuple[Plant, int], name: str, on: int, more: int) -> None:
    made, quantity = case
    richer = replace(made, receipts={**made.receipts, name: [*made.receipts[name], (on, more)]})
    fuller = replace(made, stock={**made.stock, name: made.stock.get(name, 0) + more})
    assert first(richer, quantity) <= first(made, quantity)
    assert first(fuller, quantity) <= first(richer, quantity)


@given(PLANTS, st.sampled_from(("bench", "mill")), st.integers(1, 30))
def test_more_capacity_never_makes_a_day_later(case: tuple[Plant, int], center: str, on: int) -> None:
    made, quantity = case
    longer = [units + 2 * (at == on) for at, units in enumerate(made.hours[center])]
    assert first(replace(made, hours={**made.hours, center: longer}), quantity) <= first(made, quantity)


@given(PLANTS, st.sampled_from(PRODUCTS[1:]))
def test_a_shorter_lead_time_never_makes_a_day_later(case: tuple[Plant, int], name: str) -> None:
    made, quantity = case
    sooner_offers = {**made.offers, name: max(1, made.offers.get(name, 9) - 1)}
    assert first(replace(made, offers=sooner_offers), quantity) <= first(made, quantity)


@given(PLANTS, st.sampled_from(PRODUCTS))
def test_asking_for_one_product_changes_nothing_of_what_was_promised_before(
    case: tuple[Plant, int], other: str
) -> None:
    made, quantity = case
    supply = supply_of(made)
    alone = asked(supply, ("pump", quantity))
    followed = asked(supply, ("pump", quantity), (other, 2))
    assert followed.lines["promised_on"].to_list()[0] == alone.lines["promised_on"].to_list()[0]
    assert asked(supply, ("pump", quantity)).lines.equals(alone.lines)

"""How old stock is: by examples, by laws, and against counting unit by unit, day by day."""

import random
from collections import deque
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest

from analytics.ageing import BUCKETS, bucket, stock_ages, stock_uses, transfers_by_item_day
from tests.analytics.firm import COMPANY_OF, DAY, SITES, Firm, Row, firm, noon

FIRST = DAY - timedelta(days=400)


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


def move(kind: str, quantity: float, days: int, source: str | None, to: str | None, **fields: object) -> Row:
    """A done movement of bolts, so many days ago; a site in transit is on the road."""
    outside = {
        "receipt": ("supplier", "internal"),
        "production": ("production", "internal"),
        "customer_return": ("customer", "internal"),
        "delivery": ("internal", "customer"),
        "consumption": ("internal", "production"),
        "scrap": ("internal", "scrap"),
    }
    places = {None: "adjustment", "road": "transit"}
    usual = (places.get(source, "internal"), places.get(to, "internal"))
    from_place, to_place = outside.get(kind, usual)
    named = {"stock_move_id": f"{kind}/{quantity}/{days}/{source}/{to}", "product_id": "bolt", "kind": kind}
    where = {"from_place": from_place, "to_place": to_place, "from_site_id": source, "to_site_id": to}
    done = {"status": "done", "quantity": quantity, "moved_at": noon(ago(days))}
    return named | where | done | {"company_id": COMPANY_OF[to or source or "south"]} | fields


def level(site: str, on_hand: float, days: int = 0, **fields: object) -> Row:
    held = {"product_id": "bolt", "site_id": site, "as_of_on": ago(days), "on_hand": on_hand}
    return held | {"company_id": COMPANY_OF[site]} | fields


def found(levels: Sequence[Row], moves: Sequence[Row]) -> Firm:
    return firm(sites=SITES, inventory_levels=levels, stock_moves=moves)


def layers(levels: Sequence[Row], moves: Sequence[Row]) -> dict[tuple[str, date | None], Decimal]:
    rows = stock_ages(found(levels, moves)).select("site_id", "came_on", "quantity")
    return {(site, came_on): quantity for site, came_on, quantity in rows.iter_rows()}


OPENING = move("adjustment", 1, 400, None, "south")
BOUGHT_EARLY, BOUGHT_LATE = move("receipt", 10, 200, None, "south"), move("receipt", 10, 20, None, "south")


def test_the_oldest_leave_first() -> None:
    left = layers([level("south", 12)], [BOUGHT_EARLY, BOUGHT_LATE, move("delivery", 8, 5, "south", None)])
    assert left == {("south", ago(200)): 2, ("south", ago(20)): 10}


@pytest.mark.parametrize("kind", ["receipt", "production", "customer_return"])
def test_what_comes_in_from_outside_is_as_old_as_the_day_it_came(kind: str) -> None:
    assert layers([level("south", 3)], [OPENING, move(kind, 3, 9, None, "south")]) == {("south", ago(9)): 3}


def test_what_a_count_found_later_is_as_old_as_the_count_and_on_the_first_day_older_than_the_records() -> None:
    counted = move("adjustment", 3, 9, None, "south")
    assert layers([level("south", 4)], [OPENING, counted]) == {("south", ago(9)): 3, ("south", None): 1}


def test_a_transfer_between_own_sites_makes_nothing_younger() -> None:
    moved = [move("transfer", 10, 3, "south", "road"), move("transfer", 10, 1, "road", "north/a")]
    assert layers([level("north/a", 10), level("south", 0), level("road", 0)], [BOUGHT_EARLY, *moved]) == {
        ("north", ago(200)): 10
    }


def test_a_transfer_straight_to_another_shelf_or_site_makes_nothing_younger() -> None:
    moved = [move("transfer", 10, 3, "south", "north/a"), move("transfer", 10, 1, "north/a", "north/b")]
    assert layers([level("north/b", 10)], [BOUGHT_EARLY, *moved]) == {("north", ago(200)): 10}


def test_each_site_holds_of_each_layer_what_it_holds_of_the_pile() -> None:
    shares = layers([level("south", 15), level("north/a", 5)], [BOUGHT_EARLY, BOUGHT_LATE])
    assert shares == {
        ("south", ago(200)): Decimal("7.5"),
        ("south", ago(20)): Decimal("7.5"),
        ("north", ago(200)): Decimal("2.5"),
        ("north", ago(20)): Decimal("2.5"),
    }


def test_what_is_on_the_road_belongs_to_the_pile_and_to_no_site() -> None:
    assert layers([level("south", 10), level("road", 10)], [BOUGHT_EARLY, BOUGHT_LATE]) == {
        ("south", ago(200)): 5,
        ("south", ago(20)): 5,
    }


def test_another_company_has_a_pile_of_its_own() -> None:
    rows = layers([level("south", 10), level("shop", 4)], [BOUGHT_EARLY, move("receipt", 4, 2, None, "shop")])
    assert rows == {("south", ago(200)): 10, ("shop", ago(2)): 4}


def test_what_no_movement_explains_is_older_than_the_records() -> None:
    assert layers([level("south", 12)], [BOUGHT_LATE]) == {("south", None): 2, ("south", ago(20)): 10}
    assert layers([level("south", 12)], []) == {("south", None): 12}


def test_a_level_below_zero_has_no_age_and_takes_nothing_from_another_site() -> None:
    assert layers([level("south", -3), level("north/a", 10)], [BOUGHT_LATE]) == {
        ("south", None): -3,
        ("north", ago(20)): 10,
    }


def test_what_is_planned_or_cancelled_never_came() -> None:
    planned = {**BOUGHT_LATE, "status": "planned"}
    assert layers([level("south", 10)], [BOUGHT_EARLY, planned]) == {("south", ago(200)): 10}


@pytest.mark.parametrize(
    ("days", "name"),
    [(0, "to_30"), (30, "to_30"), (31, "to_90"), (90, "to_90"), (91, "to_180"), (180, "to_180"), (181, "to_365"),
     (365, "to_365"), (366, "over_365"), (-1, "to_30")],
)  # fmt: skip
def test_ages_end_on_their_last_day(days: int, name: str) -> None:
    row = pl.DataFrame({"came_on": [ago(days)], "quantity": [1.0]})
    assert row.select(bucket(pl.col("came_on"), pl.col("quantity"), DAY)).item() == name
    assert name in BUCKETS


def test_without_a_day_it_is_unrecorded_and_below_zero_it_is_neither() -> None:
    rows = pl.DataFrame({"came_on": [None, None], "quantity": [1.0, -1.0]}, schema_overrides={"came_on": pl.Date})
    named = rows.select(bucket(pl.col("came_on"), pl.col("quantity"), DAY)).to_series().to_list()
    assert named == ["unrecorded", "below_zero"]


class Pile:
    """A company's stock of a product, unit by unit: a queue of days, and what has left it, in order."""

    def __init__(self) -> None:
        self.queue: deque[date | None] = deque()
        self.gone: list[date | None] = []
        self.owed = 0

    def put(self, day: date | None) -> None:
        if self.owed:
            self.owed -= 1
            self.gone.append(day)
        else:
            self.queue.append(day)

    def take(self) -> None:
        if self.queue:
            self.gone.append(self.queue.popleft())
        else:
            self.owed += 1

    def back(self) -> None:
        """The unit that left last is still there: what was booked out below zero never left."""
        if self.owed:
            self.owed -= 1
        else:
            self.queue.appendleft(self.gone.pop())


def random_moves(seed: int) -> list[Row]:
    """A year of receipts, returns, transfers, deliveries and counts between two sites, a shelf and the road."""
    dice = random.Random(seed)  # noqa: S311 - movements for tests, no secrets
    places = ("north/a", "north/b", "south")
    rows: list[Row] = [
        {**move("adjustment", dice.randint(1, 9), 400, None, place), "stock_move_id": place} for place in places
    ]
    for n in range(60):
        kind = dice.choice(["receipt", "receipt", "production", "customer_return", "transfer", "transfer", "delivery",
                            "delivery", "delivery", "consumption", "adjustment", "scrap"])  # fmt: skip
        here, there = dice.sample(places, 2)
        came, left = (None, here), (here, None)
        ways: dict[str, list[tuple[str | None, str | None]]] = {
            "transfer": [(here, there), (here, "road"), ("road", there)],
            "adjustment": [came, left],
        }
        ways |= {"delivery": [left], "consumption": [left], "scrap": [left]}
        source, to = dice.choice(ways.get(kind, [came]))
        rows.append({**move(kind, dice.randint(1, 9), dice.randint(0, 399), source, to), "stock_move_id": str(n)})
    return rows


def levels_after(moves: Sequence[Row]) -> dict[str, int]:
    held: dict[str, int] = {}
    for row in moves:
        for site, sign in ((row["from_site_id"], -1), (row["to_site_id"], 1)):
            if site is not None:
                held[site] = held.get(site, 0) + sign * row["quantity"]
    return held


def counted_by_hand(moves: Sequence[Row]) -> dict[date | None, int]:
    """The days of the units that are left, counted one by one in the order of days."""
    pile = Pile()
    inside = ("internal", "transit")
    for row in sorted(moves, key=lambda row: row["moved_at"]):
        day = row["moved_at"].date()
        came, left = row["to_place"] in inside, row["from_place"] in inside
        for _ in range(row["quantity"]):
            if came and not left:
                pile.put(None if row["from_place"] == "adjustment" and day == FIRST else day)
            if left and not came:
                pile.take()
    mains: dict[str, int] = {}
    for site, held in levels_after(moves).items():
        main = site.partition("/")[0]
        mains[main] = mains.get(main, 0) + held
    for held in mains.values():
        for _ in range(max(0, -held)):
            pile.back()
    return {day: pile.queue.count(day) for day in pile.queue}


@pytest.mark.parametrize("seed", range(30))
def test_what_is_left_is_what_counting_unit_by_unit_gives(seed: int) -> None:
    moves = random_moves(seed)
    held = levels_after(moves)
    rows = stock_ages(found([level(site, on_hand) for site, on_hand in held.items()], moves))
    expected = counted_by_hand(moves)
    mains = {name: sum(held.get(site, 0) for site in held if site.partition("/")[0] == name)
             for name in ("north", "south", "road")}  # fmt: skip
    pile = sum(max(stock, 0) for stock in mains.values())
    assert sum(expected.values()) == pile
    told = {(site, day): float(quantity) for site, day, quantity in
            rows.filter(pl.col("quantity") > 0).select("site_id", "came_on", "quantity").iter_rows()}  # fmt: skip
    shares = {(site, day): mains[site] * units / pile for site in ("north", "south") if mains[site] > 0
              for day, units in expected.items()}  # fmt: skip
    assert told == pytest.approx(shares, abs=2e-6)


@pytest.mark.parametrize("seed", range(10))
def test_the_layers_of_a_site_make_up_its_stock_to_the_last_digit(seed: int) -> None:
    moves = random_moves(seed)
    held = levels_after(moves)
    rows = stock_ages(found([level(site, on_hand) for site, on_hand in held.items()], moves))
    for site in ("north", "south"):
        stock = sum(on_hand for place, on_hand in held.items() if place.partition("/")[0] == site)
        assert rows.filter(pl.col("site_id") == site)["quantity"].sum() == Decimal(stock)


def used(levels: Sequence[Row], moves: Sequence[Row]) -> dict[str, tuple[date | None, date | None, date | None]]:
    rows = stock_uses(found(levels, moves)).select("site_id", "last_used_on", "came_on", "recorded_from")
    return {site: (last, came, first) for site, last, came, first in rows.iter_rows()}


@pytest.mark.parametrize(("kind", "is_use"), [("delivery", True), ("consumption", True), ("scrap", False),
                                              ("adjustment", False)])  # fmt: skip
def test_stock_is_used_by_customers_and_production_and_by_nothing_else(kind: str, is_use: bool) -> None:
    moves = [OPENING, BOUGHT_EARLY, move(kind, 1, 7, "south", None)]
    assert used([level("south", 9)], moves)["south"] == (ago(7) if is_use else None, ago(200), ago(400))


def test_a_transfer_is_no_use_and_a_use_at_one_site_is_one_for_the_whole_company() -> None:
    moved = [OPENING, BOUGHT_EARLY, move("transfer", 5, 3, "south", "north/a")]
    stock = [level("south", 5), level("north/a", 5)]
    assert {last for last, _, _ in used(stock, moved).values()} == {None}
    sold = [*moved, move("delivery", 1, 2, "north/a", None)]
    assert {last for last, _, _ in used(stock, sold).values()} == {ago(2)}


def test_an_item_that_was_there_on_the_first_day_of_the_records_came_before_them() -> None:
    there = [level("south", 4, days=400), level("south", 9)]
    assert used(there, [BOUGHT_EARLY])["south"] == (None, None, ago(400))


def test_what_leaves_for_another_main_site_is_sent_and_what_changes_shelves_is_not() -> None:
    moves = [
        move("transfer", 3, 5, "south", "north/a"),
        move("transfer", 4, 5, "south", "road"),
        move("transfer", 4, 4, "road", "north/a"),
        move("transfer", 9, 3, "north/a", "north/b"),
    ]
    sent = transfers_by_item_day(found([], moves)).select("site_id", "region", "day_on", "quantity")
    assert sent.rows() == [("south", "S", ago(5), Decimal(7))]

"""What moved a number: in a firm where all cells are alike but for one cause, and in simulated firms full of chance."""

from itertools import product as pairs

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from analytics.contributions import by_member, change
from analytics.drivers import BY_CHANCE, DRIVERS, drivers, money_drivers
from analytics.effects import BOTH_PERIODS, effects, rate_effects
from tests.analytics import changed_firms

PLACES = ("customer", "region", "segment")
DIMENSIONS = ("product", "supplier", *PLACES, "currency")
SIMULATED, CALM = 100, 20
NOTHING = pl.lit(False)


def market() -> pl.DataFrame:
    """One row per customer and product of a firm that does not move.

    Twelve customers in three regions and two segments buy ten products of two suppliers. Each buys 20 pieces of each
    product in five orders, at 10 to 55 euros a piece, of which half is cost; the South pays in dollars at par.
    """
    rows = [
        {
            "customer": f"customer {buyer}",
            "region": ("North", "South", "West")[buyer % 3],
            "segment": ("Trade", "Industry")[buyer % 2],
            "product": f"product {item}",
            "supplier": f"supplier {item // 5}",
            "price": 10.0 + 5 * item,
        }
        for buyer, item in pairs(range(12), range(10))
    ]
    currency = pl.when(pl.col("region") == "South").then(pl.lit("USD")).otherwise(pl.lit("EUR"))
    keys = {"product_id": pl.col("product"), "company_id": pl.lit("us"), "unit": pl.lit("piece"), "currency": currency}
    return pl.DataFrame(rows).with_columns(**keys)


def moved(
    *,
    demand: tuple[pl.Expr, float] = (NOTHING, 1),
    price: tuple[pl.Expr, float] = (NOTHING, 1),
    cost: tuple[pl.Expr, float] = (NOTHING, 1),
    dollar: float = 1,
) -> pl.DataFrame:
    """The market, where some cells buy so many times as much, or have so many times the price or the unit cost."""
    quantity, paid, spent = (pl.when(where).then(factor).otherwise(1.0) for where, factor in (demand, price, cost))
    rate = pl.when(pl.col("currency") == "USD").then(dollar).otherwise(1.0)
    amount = 20 * pl.col("price")
    return market().with_columns(
        quantity_before=20.0,
        quantity_after=20 * quantity,
        amount_before=amount,
        amount_after=amount * quantity * paid,
        converted_before=amount,
        converted_after=amount * quantity * paid * rate,
        cost_before=amount / 2,
        cost_after=amount / 2 * quantity * spent,
        lines_before=5.0,
        lines_after=5 * quantity,
    )


def revenue(cells: pl.DataFrame) -> pl.DataFrame:
    return cells.with_columns(pl.lit(None, dtype=pl.Float64).alias(name) for name in ("cost_before", "cost_after"))


def first(answer: pl.DataFrame) -> tuple[str | None, ...]:
    return answer.select("kind", "dimension", "member").row(0)


def is_(dimension: str, member: str) -> pl.Expr:
    return pl.col(dimension) == member


dearer_half = pl.col("price") > 32
CAUSES = {
    "a region that buys less beats its largest customer": (
        moved(demand=(is_("region", "West"), 0.6)),
        ("region", "region", "West"),
    ),
    "a customer that left beats its region": (
        moved(demand=(is_("customer", "customer 4"), 0)),
        ("customer", "customer", "customer 4"),
    ),
    "a segment that buys more beats the regions": (
        moved(demand=(is_("segment", "Trade"), 1.5)),
        ("segment", "segment", "Trade"),
    ),
    "a product that sells more is that product": (
        moved(demand=(is_("product", "product 7"), 2)),
        ("product", "product", "product 7"),
    ),
    "a product that is no longer sold is a lost product": (
        moved(demand=(is_("product", "product 7"), 0)),
        ("lost_products", "product", "product 7"),
    ),
    "a price rise of one product beats the product that sold more": (
        moved(price=(is_("product", "product 7"), 1.2)),
        ("price", "product", "product 7"),
    ),
    "a price rise of all products of a supplier beats each of them": (
        moved(price=(is_("supplier", "supplier 1"), 1.1)),
        ("price", "supplier", "supplier 1"),
    ),
    "a price rise of everything has no member": (moved(price=(pl.lit(True), 1.1)), ("price", None, None)),
    "a currency that fell beats the region that pays in it": (moved(dollar=0.8), ("currency", "currency", "USD")),
    "a market that shrinks alike has no member": (moved(demand=(pl.lit(True), 0.7)), ("volume", None, None)),
}


@pytest.mark.parametrize(("cells", "expected"), CAUSES.values(), ids=CAUSES)
def test_what_moved_revenue_comes_first(cells: pl.DataFrame, expected: tuple[str | None, ...]) -> None:
    assert first(money_drivers(revenue(cells), DIMENSIONS)) == expected


@pytest.mark.parametrize(("cells", "expected"), CAUSES.values(), ids=CAUSES)
def test_what_moved_the_margin_comes_first(cells: pl.DataFrame, expected: tuple[str | None, ...]) -> None:
    assert first(money_drivers(cells, DIMENSIONS)) == expected


def turned() -> pl.DataFrame:
    """A third of the dearer half of the pieces turn to the cheaper half."""
    quantity = pl.when(dearer_half).then(2 / 3).otherwise(4 / 3)
    after = [name for name in (*BOTH_PERIODS, "lines_after") if name.endswith("after")]
    return moved().with_columns(pl.col(after) * quantity)


def test_a_turn_to_cheaper_products_is_mix() -> None:
    assert first(money_drivers(revenue(turned()), DIMENSIONS)) == ("mix", None, None)


@pytest.mark.parametrize("is_rate", [False, True], ids=["margin", "margin rate"])
def test_a_dearer_supplier_is_a_cost_of_that_supplier(is_rate: bool) -> None:
    dearer = moved(cost=(is_("supplier", "supplier 0"), 1.15))
    assert first(money_drivers(dearer, DIMENSIONS, is_rate=is_rate)) == ("cost", "supplier", "supplier 0")


def plain(cells: pl.DataFrame) -> pl.DataFrame:
    measures = {f"numerator_{period}": pl.col(f"converted_{period}") for period in ("before", "after")}
    return cells.select("product_id", *PLACES, "lines_before", "lines_after", **measures)


def test_a_number_without_prices_has_drivers_too() -> None:
    cells = plain(moved(demand=(is_("region", "West"), 0.6)))
    assert first(drivers(cells, PLACES, is_ratio=False)) == ("region", "region", "West")


def test_where_nobody_counted_lines_each_cell_is_one() -> None:
    cells = plain(moved(demand=(is_("region", "West"), 0.3))).drop("lines_before", "lines_after", "product_id")
    assert first(drivers(cells, PLACES, is_ratio=False)) == ("region", "region", "West")


def late(where: pl.Expr) -> pl.DataFrame:
    """On time in full: 18 of 20 lines of every cell, and now only 10 where it got worse."""
    after = pl.when(where).then(10.0).otherwise(18.0)
    lines = {"denominator_before": pl.lit(20.0), "denominator_after": pl.lit(20.0)}
    return market().with_columns(numerator_before=18.0, numerator_after=after, **lines)


def test_a_rate_has_drivers_too() -> None:
    answer = drivers(late(is_("supplier", "supplier 1")), ("customer", "region", "supplier"), is_ratio=True)
    assert first(answer) == ("supplier", "supplier", "supplier 1")
    assert answer["contribution"][0] == pytest.approx(-0.2)


def test_two_causes_are_both_told_and_the_larger_comes_first() -> None:
    cells = moved(demand=(is_("customer", "customer 4"), 0), price=(is_("supplier", "supplier 1"), 1.4))
    told = money_drivers(revenue(cells), DIMENSIONS, most=2).select("kind", "member").rows()
    assert told == [("price", "supplier 1"), ("customer", "customer 4")]


def test_what_is_explained_is_not_told_again() -> None:
    """West fell; its customers and the segments fell only with it."""
    answer = money_drivers(revenue(moved(demand=(is_("region", "West"), 0.6))), DIMENSIONS)
    assert answer["member"].to_list() == ["West"]


def test_the_contribution_of_a_member_is_the_one_of_its_dimension() -> None:
    cells = moved(demand=(is_("region", "West"), 0.6), price=(pl.lit(True), 1.01))
    measures = {f"numerator_{p}": pl.col(f"converted_{p}") for p in ("before", "after")}
    expected = by_member(cells.with_columns(**measures), "region", is_ratio=False).filter(member="West")
    (west,) = money_drivers(revenue(cells), DIMENSIONS).filter(member="West").iter_rows(named=True)
    total = change(cells.with_columns(**measures), is_ratio=False)["change"].item()
    assert west["contribution"] == pytest.approx(expected["contribution"].item())
    assert west["share"] == pytest.approx(expected["contribution"].item() / total)


@pytest.mark.parametrize("is_rate", [False, True], ids=["margin", "margin rate"])
def test_the_contribution_of_an_effect_is_the_effect(is_rate: bool) -> None:
    cells = moved(cost=(pl.lit(True), 1.2))
    told = (rate_effects if is_rate else effects)(cells).filter(effect="cost")
    answer = money_drivers(cells, DIMENSIONS, is_rate=is_rate)
    assert answer["contribution"][0] == pytest.approx(told["amount"].item())


def test_what_did_not_move_has_no_drivers() -> None:
    still = moved()
    assert money_drivers(still, DIMENSIONS).schema == DRIVERS
    assert money_drivers(still, DIMENSIONS).is_empty()
    assert money_drivers(still.clear(), DIMENSIONS).is_empty()
    assert money_drivers(still.clear(), DIMENSIONS, is_rate=True).is_empty()
    assert drivers(plain(still), PLACES, is_ratio=False).is_empty()
    assert drivers(plain(still).clear(), PLACES, is_ratio=False).is_empty()


def test_a_firm_of_one_cell_moved_as_a_whole() -> None:
    one = moved(demand=(pl.lit(True), 3)).filter(is_("customer", "customer 1"), is_("product", "product 1"))
    assert first(money_drivers(revenue(one), DIMENSIONS)) == ("volume", None, None)


def test_what_rounding_left_of_a_level_moves_nothing() -> None:
    """Changes that cancel out leave next to nothing: no member is restless for that."""
    names = [f"customer {buyer:02}" for buyer in range(40)]
    pays = pl.when(pl.col("customer") < "customer 06").then(100.0).otherwise(0.0)
    lines = {"lines_before": pl.lit(100), "lines_after": pl.lit(100)}
    cells = pl.DataFrame({"customer": names}).with_columns(numerator_before=pays, **lines)
    exact = cells.with_columns(
        numerator_after=pl.when(pl.col("customer") != names[3]).then("numerator_before").otherwise(0.0)
    )
    left = pl.Series("left", [(-1) ** buyer * (buyer + 1) * 1e-14 for buyer in range(40)])
    rounded = exact.with_columns(pl.col("numerator_before") + left, pl.col("numerator_after") - left)
    expected, answer = (drivers(each, ("customer",), is_ratio=False) for each in (exact, rounded))
    assert first(expected) == ("customer", "customer", names[3])
    assert_frame_equal(answer, expected)


def test_an_unknown_member_is_a_member() -> None:
    west = pl.when(pl.col("region") != "West").then("region")
    cells = moved(demand=(is_("region", "West"), 0.6)).with_columns(region=west)
    answer = money_drivers(revenue(cells), DIMENSIONS)
    assert answer.select("kind", "member").rows() == [("region", None)]


# Laws


@settings(max_examples=15)
@given(name=st.sampled_from(sorted(CAUSES)), seed=st.integers(0, 99))
def test_the_order_of_cells_does_not_matter(name: str, seed: int) -> None:
    cells, expected = CAUSES[name]
    shuffled = cells.sample(fraction=1, shuffle=True, seed=seed)
    assert first(money_drivers(shuffled, DIMENSIONS)) == expected


@settings(max_examples=15)
@given(seed=st.integers(0, 99))
def test_of_those_that_moved_alike_the_first_by_name_is_told(seed: int) -> None:
    """Two customers of one region and segment left."""
    left = pl.col("customer").is_in(["customer 4", "customer 10"])
    cells = revenue(moved(demand=(left, 0))).sample(fraction=1, shuffle=True, seed=seed)
    assert first(money_drivers(cells, DIMENSIONS)) == ("customer", "customer", "customer 10")


@settings(max_examples=15)
@given(name=st.sampled_from(sorted(CAUSES)), size=st.sampled_from([0.001, 10.0, 1e6]))
def test_the_size_of_the_currency_does_not_matter(name: str, size: float) -> None:
    cells, expected = CAUSES[name]
    money = [column for column in BOTH_PERIODS if not column.startswith("quantity")]
    answer = money_drivers(cells.with_columns(pl.col(money) * size), DIMENSIONS)
    usual = money_drivers(cells, DIMENSIONS)
    assert first(answer) == expected
    assert answer["contribution"].to_list() == pytest.approx([size * amount for amount in usual["contribution"]])
    assert answer["surprise"].to_list() == pytest.approx(usual["surprise"].to_list())


# Simulated firms


def test_the_planted_driver_comes_first_in_95_of_100_simulated_changes() -> None:
    """``benchmarks/drivers.py`` does so with a thousand, and prints the figure for each kind."""
    found = [changed_firms.is_found(changed_firms.change(seed)) for seed in range(SIMULATED)]
    assert sum(found) >= 0.95 * SIMULATED


def test_chance_alone_hardly_ever_surprises() -> None:
    """Of 20 firms in which nothing happened, at most one names a member or a mix that is beyond chance."""
    loud = [pl.col("surprise") > BY_CHANCE, ~pl.col("kind").is_in(["price", "currency"])]
    calm = [changed_firms.calm(seed).filter(loud) for seed in range(CALM)]
    assert sum(answer.height > 0 for answer in calm) <= 1
